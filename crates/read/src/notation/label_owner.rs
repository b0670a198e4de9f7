//! Whose fields a block lists: of what a label before it names, or of what the heading above it names.

use std::ops::Range;

use smol_str::SmolStr;

use crate::EntityKind;
use crate::document::{BlockKind, Document};
use crate::entity_name::{EntityTitle, is_structural, read_title, strip_numbering};
use crate::prose::singular;
use crate::words::{
    code_spans, fold, is_identifier, lower_words, strip_prefix_ignoring_case, unquote,
};

/// The entity whose fields a block lists, by the headings above it, or by the words before it.
pub(crate) fn field_owner(
    document: &Document<'_>,
    block: usize,
) -> Option<(Option<usize>, EntityTitle, Range<usize>)> {
    let section = document.blocks[block].section;
    if let Some(lead) = document.lead(block) {
        // "Data (Collection: `users`)" names what is stored, whatever the heading is about.
        let is_heading = |title: &EntityTitle| {
            let heading = section.and_then(|section| document.entity_title(section));
            heading.is_some_and(|heading| fold(&heading.name) == fold(&title.name))
        };
        if let Some(title) = collection_of(lead).filter(|title| !is_heading(title)) {
            return Some((None, title, document.blocks[block - 1].range.clone()));
        }
        // "**Entity: Line**" names it under whatever heading, be it that of its aggregate.
        if let Some(title) = announced_entity(lead).filter(|title| !is_heading(title)) {
            return Some((None, title, document.blocks[block - 1].range.clone()));
        }
        // "**`Stop`** (embedded):" names a part of what the heading names.
        if let Some(title) = part_of_entity(document, block, lead) {
            return Some((None, title, document.blocks[block - 1].range.clone()));
        }
        // "**Users**" or "`orders` table:" before a table names its entity.
        if !is_structural(lead) && lead.split_whitespace().count() <= 4 {
            if let Some(title) = read_title(lead) {
                // Under a heading that names nothing, one word set in bold is a table's name.
                let is_bold_name = document.is_strong_before(block)
                    && is_identifier(lead)
                    && section.is_some_and(|section| document.entity_title(section).is_none());
                let is_marked = (title.explicit || is_bold_name) && !ends_as_label(lead);
                if is_marked && section.is_none_or(|section| !names_entity(document, section)) {
                    let range = document.blocks[block - 1].range.clone();
                    return Some((None, title, range));
                }
            }
        }
    }
    if section.is_none_or(|section| !names_entity(document, section))
        && let Some((title, range)) = numbered_before(document, block)
    {
        return Some((None, title, range));
    }
    for section in document.path_of(section) {
        if document.divides(section) {
            continue;
        }
        let is_table = matches!(document.blocks[block].kind, BlockKind::Table(_));
        let deed = || deed_or_part(document.title(section)).filter(|_| is_table);
        let title = document.entity_title(section).or_else(deed)?;
        return Some((Some(section), title, document.sections[section].range.clone()));
    }
    None
}

/// The thing in a heading of two over a table of fields: a sale in "Sale of Products", a supplier payment in "Payment for
/// Suppliers", a customer in "Details of the Customer".
fn deed_or_part(title: &str) -> Option<EntityTitle> {
    const PARTS: &[&str] =
        &["details", "fields", "attributes", "columns", "information", "data", "structure"];
    let title = strip_numbering(title.trim());
    let (link, (first, second)) = [" of ", " for "]
        .iter()
        .find_map(|link| title.split_once(link).map(|parts| (link.trim(), parts)))?;
    let second = second.trim_start_matches("the ").trim_start_matches("a ");
    let is_name = |text: &str| {
        text.split(' ').count() <= 2
            && text.split(' ').all(|word| {
                word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphanumeric)
            })
    };
    if !is_name(first) || !is_name(second) {
        return None;
    }
    let is_part = PARTS.contains(&first.to_lowercase().as_str());
    let name = match link {
        _ if is_part => singular(second),
        "of" => first.to_owned(),
        _ => format!("{} {first}", singular(second)),
    };
    read_title(&name).filter(|_| !is_structural(&name))
}

/// The name on a numbered line above a table, as headings become where text is pasted: "4. users", at most a few lines of words
/// or of a drawing between. The line may have run into a paragraph before it.
fn numbered_before(document: &Document<'_>, block: usize) -> Option<(EntityTitle, Range<usize>)> {
    /// Lines that may stand between, empty ones too.
    const BETWEEN: usize = 12;
    let table = &document.blocks[block];
    if !matches!(table.kind, BlockKind::Table(_)) {
        return None;
    }
    let mut end = table.range.start;
    for line in document.text_of(0..end).rsplit('\n').take(BETWEEN) {
        let start = end - line.len();
        let plain = line.trim();
        if plain.starts_with(['#', '|', '`', '-', '*', '>']) {
            return None;
        }
        let number = plain.find(|c: char| !c.is_ascii_digit()).filter(|&digits| digits > 0);
        if let Some(rest) = number.and_then(|at| plain[at..].strip_prefix(". ")) {
            // "2. Check the stock" is a step.
            let name = unquote(rest.trim().trim_end_matches(':'));
            let title = read_title(name).filter(|_| is_identifier(name) && !is_structural(name))?;
            return Some((EntityTitle { explicit: true, ..title }, start..end));
        }
        end = start.saturating_sub(1);
    }
    None
}

/// The entity that a line of its own announces: "Entity: Line", "Value object: Money".
pub(crate) fn announced_entity(lead: &str) -> Option<EntityTitle> {
    const MARKS: &[&str] = &[
        "entity:",
        "table:",
        "value object:",
        "class:",
        "child entity:",
        "local entity:",
        "member entity:",
        "root entity:",
        "aggregate root:",
    ];
    let mark = MARKS.iter().find(|mark| strip_prefix_ignoring_case(lead.trim(), mark).is_some())?;
    let name = lead.trim().get(mark.len()..)?.trim();
    let kind = if *mark == "value object:" { EntityKind::ValueObject } else { EntityKind::Entity };
    let title = read_title(name).filter(|_| name.split_whitespace().count() <= 3)?;
    Some(EntityTitle { kind, explicit: true, ..title })
}

/// What a bold label over fields names where the remark behind it says what that is: "**`Stop`** (embedded):".
fn part_of_entity(document: &Document<'_>, block: usize, lead: &str) -> Option<EntityTitle> {
    let remark = document.lead_remark(block)?;
    let words = lower_words(remark);
    let is_kind = |word: &SmolStr| PART_KINDS.contains(&word.as_str());
    let says_kind = words.iter().any(is_kind);
    let is_only = words.iter().all(|word| is_kind(word) || PART_WORDS.contains(&word.as_str()));
    let name = unquote(lead.trim());
    let is_name = is_identifier(name) && name.starts_with(char::is_uppercase);
    (says_kind && is_only && is_name && !is_structural(name)).then(|| EntityTitle {
        name: name.to_owned(),
        table: None,
        kind: EntityKind::ValueObject,
        not_stored: None,
        explicit: true,
    })
}

/// Words that say of fields that they are a part of something else.
const PART_KINDS: &[&str] =
    &["embedded", "nested", "subdocument", "inline", "embeddable", "inlined"];

/// Words that stand beside them.
const PART_WORDS: &[&str] =
    &["document", "object", "sub", "type", "value", "struct", "array", "json", "jsonb", "in", "as"];

/// The name in code behind "Collection:" or "Table:".
fn collection_of(lead: &str) -> Option<EntityTitle> {
    let lower = lead.to_lowercase();
    let at = ["collection: `", "table: `", "collection `", "table `"]
        .iter()
        .find_map(|mark| lower.find(mark).map(|at| at + mark.len()))?;
    let name = lead.get(at..)?.split('`').next()?;
    let is_one = code_spans(lead).len() == 1 && is_identifier(name);
    is_one.then(|| read_title(&format!("`{name}` table"))).flatten()
}

fn ends_as_label(lead: &str) -> bool {
    lower_words(lead).last().is_some_and(|word| {
        matches!(word.as_str(), "fields" | "columns" | "attributes" | "properties")
    }) && lead.split_whitespace().count() <= 2
}

fn names_entity(document: &Document<'_>, section: usize) -> bool {
    document.entity_title(section).is_some()
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn parts_of_a_row_under_labels_of_their_own() {
        check(
            "## Tour\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| halts | Halt[] |\n\n**Halt** (embedded):\n| Field | Type | Required |\n|-|-|-|\n| place | text | yes |\n| at | time | no |\n\n**Notes** (see below):\n\n| Field | Type |\n|-|-|\n| remark | text |\n",
            &expect![[r#"
                1 field-table  entity Tour
                5 field-table  field Tour.id uuid
                6 field-table  field Tour.halts Halt[]
                8 field-table  value object Halt
                11 field-table  field Halt.place text required
                12 field-table  field Halt.at time optional
                18 field-table  field Tour.remark text
            "#]],
        );
    }

    #[test]
    fn a_line_that_names_the_table() {
        check(
            "## Orders\n\nTable: `Orders`\n\n| Field | Type |\n|-|-|\n| Id | Guid |\n\nTable: `OrderLines` (one for each item)\n\n| Field | Type |\n|-|-|\n| Id | Guid |\n\nTable of prices\n\n| Field | Type |\n|-|-|\n| Price | int |\n\n## 2. `rooms/{roomId}`\n\n| Field | Type |\n|-|-|\n| name | string |\n\n### Below it: `rooms/{roomId}/letters/{letterId}`\n\n| Field | Type |\n|-|-|\n| text | string |\n\n### `/rooms/{roomId}`\n\n| Field | Type |\n|-|-|\n| q | string |\n",
            &expect![[r#"
                1 field-table  entity Orders
                7 field-table  field Orders.Id Guid
                9 field-table  entity OrderLines
                13 field-table  field OrderLines.Id Guid
                19 field-table  field Orders.Price int
                21 field-table  entity rooms
                25 field-table  field rooms.name string
                27 field-table  entity letters
                31 field-table  field letters.text string
                35 R001 the table `Field | Type` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn numbered_lines_that_were_headings() {
        check(
            "## Core Entities\n\n1. barns\n\nWhere hay lies.\n\n| Column | Type |\n|-|-|\n| id | BIGINT |\n| name | VARCHAR |\n\nExample:\n\n1 | North\n2. hay_bales\n\n| Column | Type |\n|-|-|\n| id | BIGINT |\n| barn_id | FK |\n\n1. Count the bales\n\n| Column | Type |\n|-|-|\n| weight | INT |\n\n## Mows\n\n1. first\n\n| Column | Type |\n|-|-|\n| id | INT |\n",
            &expect![[r#"
                3 field-table  entity barns
                9 field-table  field barns.id BIGINT
                10 field-table  field barns.name VARCHAR
                15 field-table  entity hay_bales
                19 field-table  field hay_bales.id BIGINT
                20 field-table  field hay_bales.barn_id {foreign key}
                28 field-table  entity Mows
                34 field-table  field Mows.id INT
                24 R001 the table `Column | Type` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn headings_in_other_languages_below_each_table() {
        check(
            "## 1. `stays`\n\n### 字段说明\n\n| 字段 | 类型 | 说明 |\n|-|-|-|\n| id | uuid | 主键 |\n| kind | ENUM | 类型（HIGH/LOW） |\n\n## 2. rooms 表\n\n### 字段说明\n\n| 字段 | 类型 | 说明 |\n|-|-|-|\n| id | uuid | 主键 |\n\n## 客房\n\n| 字段 | 类型 |\n|-|-|\n| id | uuid |\n",
            &expect![[r#"
                1 field-table  entity stays
                7 field-table  field stays.id uuid -- 主键
                8 field-table  field stays.kind ENUM [HIGH | LOW] -- 类型（HIGH/LOW）
                10 field-table  entity rooms
                16 field-table  field rooms.id uuid -- 主键
                18 field-table  entity 客房
                22 field-table  field 客房.id uuid
            "#]],
        );
    }

    #[test]
    fn headings_of_two_things() {
        check(
            "# Mill\n\n## 3.1 Sale of Flour\n\n| Field | Description |\n|-|-|\n| Quantity | in kilograms |\n| Amount Paid | so far |\n\n## Payment for Millers\n\n| Field | Description |\n|-|-|\n| Amount Paid | so far |\n| Date of Payment | the day |\n\n## Overview of the Rules\n\n| Field | Description |\n|-|-|\n| Rules | kept |\n",
            &expect![[r#"
                3 field-table  entity Sale
                7 field-table  field Sale.Quantity -- in kilograms
                8 field-table  field Sale.Amount Paid -- so far
                10 field-table  entity Miller Payment
                14 field-table  field Miller Payment.Amount Paid -- so far
                15 field-table  field Miller Payment.Date of Payment -- the day
                19 R001 the table `Field | Description` was not understood, so nothing in it reached the model
            "#]],
        );
    }
}
