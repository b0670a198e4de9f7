//! Fences with a pair of braces around lines that each name a field with its type and what else holds: `email: String, required,
//! unique   // work address`. No language has this form, and documents about stores of records are full of it.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::entity_name::read_title;
use crate::modifier;
use crate::notation::code::blocks;
use crate::notation::{Output, field_owner};
use crate::words::{first_word, is_identifier, lower_words, unquote};
use crate::{Fact, FieldFact};

pub(super) const DOC: &str = "A fence of `{ name: Type, required, unique // remark }` with one field on each line, below the heading of what has them.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, code) in blocks(document, |code| code.text.contains('{')) {
        let block = &document.blocks[index];
        if !out.is_open(document, block.range.start) {
            continue;
        }
        let Some(braced) = braced(code) else { continue };
        let span = document.span(block.range.clone());
        let named =
            braced.name.and_then(read_title).map(|title| (None, title, block.range.clone()));
        let Some((section, title, place)) = named.or_else(|| field_owner(document, index)) else {
            continue;
        };
        if title.not_stored.is_some() {
            out.leave_out(document, &title, span);
            continue;
        }
        out.state_entity(document, section, &title, document.span(place));
        for (field, at) in braced.fields {
            let span = document.code_span(code, at);
            out.state(document, span, Fact::Field { entity: title.name.clone(), field });
        }
    }
}

/// What stands between a pair of braces.
struct Braced<'c> {
    /// The name before the first brace.
    name: Option<&'c str>,
    fields: Vec<(FieldFact, Range<usize>)>,
}

/// Reads a fence; `None` where a line is no field, or none has words behind its type as no language writes them.
fn braced(code: &Code) -> Option<Braced<'_>> {
    let mut lines = code.lines().filter(|(line, _)| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with("//") && !line.starts_with('#')
    });
    let (first, _) = lines.next()?;
    let name = first.trim().strip_suffix('{')?.trim().trim_end_matches([':', '=']).trim();
    let name = Some(name).filter(|name| !name.is_empty());
    if name.is_some_and(|name| !is_identifier(name)) {
        return None;
    }
    let mut fields = Vec::new();
    let mut is_loose = false;
    let mut is_closed = false;
    for (line, at) in lines {
        if is_closed {
            return None;
        }
        let text = line.trim();
        if matches!(text, "}" | "};" | "},") {
            is_closed = true;
            continue;
        }
        let (field, says_more) = field(text)?;
        is_loose |= says_more;
        fields.push((field, at));
    }
    (is_closed && is_loose && fields.len() > 1).then_some(Braced { name, fields })
}

/// The field of a line, and whether it says in plain words what no language would take.
fn field(line: &str) -> Option<(FieldFact, bool)> {
    let (declared, remark) = match line.split_once("//") {
        Some((declared, remark)) => (declared.trim(), remark.trim()),
        None => (line, ""),
    };
    let (name, said) = declared.trim_end_matches([',', ';']).split_once(':')?;
    let (name, is_optional) = match name.trim().strip_suffix('?') {
        Some(name) => (name, true),
        None => (name.trim(), false),
    };
    let name = unquote(name);
    let said = said.trim();
    let kind = first_word(said)?;
    let is_type = modifier::is_scalar(&kind) || modifier::is_enumeration_type(&kind);
    if !is_identifier(name) || !is_type || said.ends_with('{') || said.contains(": {") {
        return None;
    }
    let mut field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
    modifier::read_into(said, true, &mut field);
    take_options(&mut field);
    if is_optional {
        field.required.get_or_insert(false);
    }
    if !remark.is_empty() {
        modifier::read_description(remark, &mut field);
    }
    let marks = [
        "required", "unique", "optional", "auto", "ref", "enum", "default", "pk", "fk", "nullable",
    ];
    let says_more = lower_words(said).iter().skip(1).any(|word| marks.contains(&word.as_str()))
        && !said.contains('(')
        || said.contains(", ");
    Some((field, says_more))
}

/// Takes the options of document stores from among the constraints: what the store fills in by itself, and the pattern of a value.
fn take_options(field: &mut FieldFact) {
    for said in std::mem::take(&mut field.constraints) {
        match said
            .split_once(':')
            .map_or((said.as_str(), ""), |(name, value)| (name.trim(), value.trim()))
        {
            ("trim" | "auto" | "autopopulate", _) => {}
            ("timestamps", _) => {
                field.default = field.default.take().or_else(|| Some("now()".to_owned()));
            }
            ("match", pattern) => field.constraints.push(format!("matches {pattern}")),
            _ => field.constraints.push(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn fields_between_braces() {
        check(
            "# Library\n\n## Reader (`readers` collection)\n\n```js\n{\n  _id:     ObjectId (auto)\n  email:   String, required, unique, lowercase\n  role:    String, enum: ['adult', 'child'], default: 'adult'\n  homeId:  ObjectId, ref: 'Branch'            // null until assigned\n  age:     Number, required, min: 0, max: 120\n  code:    String, trim, match: /^[A-Z]{3}$/\n  madeAt:  Date (timestamps: true)\n}\n```\n\n## Branch\n\n```\nBranch {\n  name: String, required\n  open: Boolean, default: true\n}\n```\n\n## Sent\n\n```js\n{\n  name: value,\n  open: true\n}\n```\n\n```ts\n{\n  name: string;\n  open: boolean;\n}\n```\n",
            &expect![[r#"
                3 braced-fields  entity Reader table readers
                7 braced-fields  field Reader._id ObjectId
                8 braced-fields  field Reader.email String required unique {lowercase}
                9 braced-fields  field Reader.role String default 'adult' [adult | child]
                10 braced-fields  field Reader.homeId ObjectId optional -> Branch -- null until assigned
                11 braced-fields  field Reader.age Number required {min: 0} {max: 120}
                12 braced-fields  field Reader.code String {matches /^[A-Z]{3}$/}
                13 braced-fields  field Reader.madeAt Date default now()
                19 braced-fields  entity Branch
                21 braced-fields  field Branch.name String required
                22 braced-fields  field Branch.open Boolean default true
            "#]],
        );
    }
}
