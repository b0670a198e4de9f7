//! Values of a field that stand below the words for them, in a fence, in lines or in a list: "Possible order statuses are:" over
//! `OPEN` and `PAID`, "`kind` could be:", "Statuses:" behind a table of fields.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use smol_str::SmolStr;

use crate::Fact;
use crate::document::{BlockKind, Document, Line};
use crate::notation::Output;
use crate::notation::enumeration_list::value;
use crate::notation::state_chain::ARROWS;
use crate::prose::singular;
use crate::words::{fold, is_identifier, lower_words, unquote};

pub(super) const DOC: &str = "Values in a plain code block, in lines or in a list below the words for the field that takes them: \"Possible order statuses are:\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let tables = OnceCell::new();
    for (index, block) in out.blocks(document) {
        if !out.is_open(document, block.range.start) {
            continue;
        }
        let Some((lead, lines, is_code)) = lines(document, index) else { continue };
        let Some(values) = values(&lines, is_code) else { continue };
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { continue };
        let above = || above(document, index, tables.get_or_init(|| described(document, out)));
        let Some(name) = field(document, index, (lead, &values), above, out) else { continue };
        if out.is_open(document, first.1.start) {
            let span = document.span(first.1.start..last.1.end);
            out.state(document, span, Fact::Enumeration { name, values });
        }
    }
}

type Lines<'d> = Vec<(&'d str, Range<usize>)>;

/// The words over a block, the lines of the block with their places, and whether they are code.
fn lines<'d>(document: &'d Document<'_>, index: usize) -> Option<(&'d str, Lines<'d>, bool)> {
    match &document.blocks[index].kind {
        BlockKind::Code(code) if code.is_plain() => {
            let place = |at| document.code_span(code, at).range();
            let said = code.lines().filter(|(line, _)| !line.trim().is_empty());
            Some((document.lead(index)?, said.map(|(line, at)| (line, place(at))).collect(), true))
        }
        BlockKind::Paragraph(inline) => {
            let line = |line: &'d Line| (line.text.as_str(), line.range.clone());
            let all = || inline.lines.iter().map(line);
            match inline.lines.first().and_then(|first| first.text.trim().strip_suffix(':')) {
                Some(lead) => Some((lead, all().skip(1).collect(), true)),
                None => Some((document.lead(index)?, all().collect(), true)),
            }
        }
        BlockKind::List(list) => {
            let is_flat = list.items.iter().all(|item| !item.has_children);
            let items = list.items.iter().filter(|_| is_flat);
            let lines = items.map(|it| (it.content.text.as_str(), it.content.range()));
            Some((document.lead(index)?, lines.collect(), false))
        }
        BlockKind::Table(_) | BlockKind::Code(_) => None,
    }
}

/// The values in lines, where all of them are nothing else. Code and lines hold names as code has them, a list words, too.
fn values(lines: &Lines<'_>, is_code: bool) -> Option<Vec<String>> {
    let one = |text: &str| {
        let name = value(text).filter(|_| !ARROWS.iter().any(|arrow| text.contains(arrow)))?;
        let is_name = is_identifier(&name) || name.split(['-', ' ']).all(is_identifier);
        let is_told = !is_code || !name.contains(' ') && !text.contains([':', '=']);
        (is_name && is_told && name.split(' ').count() <= 3).then_some(name)
    };
    let parted = |text: &str| -> Option<Vec<String>> {
        let parts = text.trim().trim_end_matches('.').split([',', '|', '/']);
        parts.map(|part| one(unquote(part.trim()))).collect()
    };
    let found: Vec<String> = match lines.as_slice() {
        [(only, _)] if is_code => parted(only)?,
        _ => lines.iter().map(|(line, _)| one(line)).collect::<Option<_>>()?,
    };
    let is_new = |(at, value): (usize, &String)| !found[..at].contains(value);
    (found.len() > 1 && found.iter().enumerate().all(is_new)).then_some(found)
}

/// The field of an entity, as `Entity.field`, whose values the words over a block announce.
fn field(
    document: &Document<'_>,
    index: usize,
    (lead, values): (&str, &[String]),
    above: impl Fn() -> Option<String>,
    out: &Output,
) -> Option<String> {
    let words = lower_words(lead);
    if words.len() > 12 {
        return None;
    }
    let entity = above().or_else(|| out.entity_of(document, document.blocks[index].section))?;
    let runs = (1..=4.min(words.len())).rev();
    let mut runs = runs.flat_map(|count| (0..=words.len() - count).map(move |at| at..at + count));
    let (field, run) = runs.find_map(|run| {
        let (last, front) = words[run.clone()].split_last()?;
        let spelled = |last: &str| format!("{}{last}", front.concat());
        let field = out
            .field(&entity, &spelled(last))
            .or_else(|| out.field(&entity, &spelled(&singular(last))))?;
        Some((field.to_owned(), run))
    })?;
    let of_entity = lower_words(&entity.replace('_', " "));
    let is_of_entity = |word: &SmolStr| of_entity.iter().any(|it| fold(it) == fold(word));
    let others = words[..run.start].iter().chain(&words[run.end..]);
    let said: Vec<&SmolStr> = others.filter(|word| !is_of_entity(word)).collect();
    let announces = said.iter().all(|word| ANNOUNCING.contains(&word.as_str()));
    // "Notes:" alone may be over anything, over `OPEN` and `PAID` over nothing else.
    let are_codes = || values.iter().all(|it| !it.contains(|c: char| c.is_lowercase() || c == ' '));
    let is_free = out.choices_of(&entity).all(|(known, _)| fold(known) != fold(&field));
    (announces && is_free && (!said.is_empty() || are_codes())).then(|| format!("{entity}.{field}"))
}

/// Words that announce values, and those around them.
const ANNOUNCING: &[&str] = &[
    "a",
    "an",
    "the",
    "possible",
    "allowed",
    "valid",
    "supported",
    "available",
    "permitted",
    "can",
    "could",
    "may",
    "be",
    "is",
    "are",
    "one",
    "of",
    "following",
    "value",
    "values",
    "has",
    "have",
    "include",
    "includes",
    "such",
    "as",
    "these",
    "current",
    "different",
    "option",
    "options",
    "each",
    "every",
    "its",
    "their",
    "any",
    "exactly",
    "take",
    "takes",
    "for",
    "accepted",
    "predefined",
    "various",
    "several",
];

/// Where tables state fields of entities, by their places.
fn described(document: &Document<'_>, out: &Output) -> BTreeMap<usize, String> {
    let fields = out.stated().filter_map(|statement| match &statement.fact {
        Fact::Field { entity, .. }
            if statement.notation == "field-table" && statement.span.document == document.id =>
        {
            Some((statement.span.range().start, entity.clone()))
        }
        _ => None,
    });
    fields.collect()
}

/// The entity whose fields the table above a block in its section lists.
fn above(
    document: &Document<'_>,
    index: usize,
    tables: &BTreeMap<usize, String>,
) -> Option<String> {
    /// So many blocks may stand between: examples, and what they show.
    const BETWEEN: usize = 6;
    let section = document.blocks[index].section;
    let before = document.blocks[..index].iter().rev().take_while(|it| it.section == section);
    let table = before.take(BETWEEN).find(|it| matches!(it.kind, BlockKind::Table(_)))?;
    tables.range(table.range.clone()).next().map(|(_, entity)| entity.clone())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const SLOT: &str = "## Slot\n\n| Field | Type |\n|-|-|\n| id | int |\n| status | varchar |\n| slot_type | varchar |\n| notes | text |\n\n";

    #[test]
    fn values_below_the_words_for_them() {
        check(
            &format!(
                "{SLOT}A slot can have a status such as:\n\n```text\nFREE\nTAKEN\n```\n\nslot_type could be:\n\nSMALL\nLARGE\n\n## Wagon\n\n| Field | Type |\n|-|-|\n| id | int |\n| wagon_status | varchar |\n| kind | varchar |\n\nPossible wagon statuses are:\n\n- ready\n- on the road\n\nKind:\nOPEN\nCLOSED\n"
            ),
            &expect![[r#"
                1 field-table  entity Slot
                5 field-table  field Slot.id int
                6 field-table  field Slot.status varchar
                7 field-table  field Slot.slot_type varchar
                8 field-table  field Slot.notes text
                13 value-lines  enumeration Slot.status: FREE | TAKEN
                19 value-lines  enumeration Slot.slot_type: SMALL | LARGE
                22 field-table  entity Wagon
                26 field-table  field Wagon.id int
                27 field-table  field Wagon.wagon_status varchar
                28 field-table  field Wagon.kind varchar
                32 value-lines  enumeration Wagon.wagon_status: ready | on the road
                36 value-lines  enumeration Wagon.kind: OPEN | CLOSED
            "#]],
        );
    }

    #[test]
    fn other_lines_are_no_values() {
        check(
            &format!(
                "{SLOT}After it is left, the status returns to:\n\n```text\nFREE\nTAKEN\n```\n\nNotes:\n\nclean\nlock\n\nExample:\n\n```text\nA03\nA04\n```\n\nPossible colours are:\n\n```text\nRED\nBLUE\n```\n\nThe status is:\n\n```text\nFREE → TAKEN\nTAKEN → FREE\n```\n"
            ),
            &expect![[r#"
                1 field-table  entity Slot
                5 field-table  field Slot.id int
                6 field-table  field Slot.status varchar
                7 field-table  field Slot.slot_type varchar
                8 field-table  field Slot.notes text
                39 transition-list  transition Slot: FREE -> TAKEN
                40 transition-list  transition Slot: TAKEN -> FREE
            "#]],
        );
    }
}
