//! Types that the comments of JavaScript describe: `@typedef`, `@property`.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::modifier;
use crate::notation::Output;
use crate::notation::code::{Declared, Found, Member, blocks, comment_into, settle};
use crate::notation::typescript::{navigation_of, union_values};
use crate::words::is_identifier;
use crate::{EntityKind, FieldFact, ReferenceFact};

pub(super) const DOC: &str = "Types in the comments of JavaScript: `@typedef {Object} Order`, `@property {string} [note] - what is said`.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let mut found = Found::default();
    let is_meant = |code: &Code| {
        matches!(code.language.as_str(), "js" | "javascript" | "jsx" | "mjs" | "jsdoc" | "")
            && code.text.contains("@typedef")
    };
    for (block, code) in blocks(document, is_meant) {
        read_block(block, code, &mut found);
    }
    settle(document, found, out);
}

fn read_block(block: usize, code: &Code, found: &mut Found) {
    let mut current: Option<Declared> = None;
    let mut is_embedded = false;
    for (line, at) in code.lines() {
        let text = line.trim();
        if text.starts_with("/**") {
            found.types.extend(current.take());
            is_embedded = false;
        }
        let text = text.trim_start_matches("/**").trim_start_matches('*').trim();
        let text = text.trim_end_matches("*/").trim();
        is_embedded |= current.is_none() && text.to_lowercase().contains("(embedded");
        if let Some((kind, name)) = tag(text, "@typedef").filter(|(_, name)| is_identifier(name)) {
            let values = union_values(kind);
            if values.len() > 1 {
                found.enumeration(block, name, values, at);
            } else if matches!(kind, "Object" | "object") {
                let mut declared = Declared::new(name, block, at.clone(), at);
                if is_embedded {
                    declared.kind = EntityKind::ValueObject;
                }
                current = Some(declared);
            }
        } else if let (Some(declared), Some((kind, rest))) = (&mut current, tag(text, "@property"))
        {
            declared.range.end = at.end;
            declared.members.extend(property(kind, rest, at));
        }
    }
    found.types.extend(current);
}

/// The type in braces behind a tag, and what follows it: "@property {string} name - what is said".
fn tag<'t>(text: &'t str, tag: &str) -> Option<(&'t str, &'t str)> {
    let rest = text.strip_prefix(tag)?.trim_start().strip_prefix('{')?;
    let (kind, rest) = rest.split_once('}')?;
    Some((kind.trim(), rest.trim()))
}

/// `{string} [note] - what is said`; what lies inside another property is no field of its own.
fn property(kind: &str, rest: &str, at: Range<usize>) -> Option<Member> {
    let (name, said) = rest.split_once(' ').unwrap_or((rest, ""));
    let bracketed = name.strip_prefix('[').map(|name| name.trim_end_matches(']'));
    let (name, default) = match bracketed.unwrap_or(name).split_once('=') {
        Some((name, default)) => (name, Some(default.to_owned())),
        None => (bracketed.unwrap_or(name), None),
    };
    if !is_identifier(name) || name.contains('.') {
        return None;
    }
    let mut field = FieldFact {
        name: name.to_owned(),
        required: Some(bracketed.is_none()),
        default,
        ..FieldFact::default()
    };
    let values = union_values(kind);
    let mut navigation = None;
    if values.len() > 1 {
        field.type_text = Some("enum".to_owned());
        field.enum_values = values;
    } else {
        let kind = kind.trim_start_matches('?');
        modifier::set_type(if kind == "Date" { "timestamptz" } else { kind }, &mut field);
        navigation = navigation_of(kind).filter(|it| it.target != "ObjectId");
    }
    let said = said.trim_start_matches(['-', '–', '—', ' ']);
    if let Some(target) = said.split_once("ref: ").map(|(_, rest)| rest) {
        let target = target.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
        field.references =
            Some(ReferenceFact { entity: target.to_owned(), field: None, on_delete: None });
        field.description = Some(said.to_owned());
    } else {
        comment_into(said, &mut field);
    }
    Some(Member { field, at, navigation })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn types_with_their_properties() {
        check(
            "# Data Model\n\n## Entities\n\n### Crate\n\n```javascript\n/**\n * Crate Schema\n * @typedef {Object} Crate\n * @property {ObjectId} _id\n * @property {string} code - unique, indexed\n * @property {ObjectId} [yardId] - ref: Yard (null for lost ones)\n * @property {'packed'|'sent'} state - default: 'packed'\n * @property {Label[]} labels\n * @property {Object} size\n * @property {number} size.width - in mm\n * @property {Mood} mood\n * @property {Date} packedAt\n */\n\n/**\n * Label (embedded)\n * @typedef {Object} Label\n * @property {string} text\n */\n\n/**\n * @typedef {'calm'|'loud'} Mood\n */\n\n/** @type {Object} nothing */\n```\n\n### Yard\n\n```javascript\n/**\n * Adds a crate.\n * @param {string} code\n */\n```\n",
            &expect![[r#"
                5 entity-headings  entity Crate
                10 doc-comment  entity Crate
                11 doc-comment  field Crate._id ObjectId required
                12 doc-comment  field Crate.code string required unique -- unique, indexed
                13 doc-comment  field Crate.yardId ObjectId optional -> Yard -- ref: Yard (null for lost ones)
                14 doc-comment  field Crate.state enum required default 'packed' [packed | sent] -- default: 'packed'
                15 doc-comment  field Crate.labels Label[] required
                16 doc-comment  field Crate.size Object required
                18 doc-comment  field Crate.mood Mood required
                19 doc-comment  field Crate.packedAt timestamptz required
                24 doc-comment  value object Label
                25 doc-comment  field Label.text string required
                29 doc-comment  enumeration Mood: calm | loud
                35 entity-headings  entity Yard
            "#]],
        );
    }
}
