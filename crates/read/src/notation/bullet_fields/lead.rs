//! The thing whose fields a list holds, by the words before it.

use crate::EntityKind;
use crate::document::{Block, BlockKind, Document, Item, List};
use crate::entity_name::{EntityTitle, is_structural};
use crate::notation::{Output, field_notes, mentioned};
use crate::prose::is_property_noun;
use crate::words::{code_spans, is_identifier, lower_words};

use super::form::typed_field;
use super::item::field;

/// The entity in a sentence such as "Rules are rows of the `rules` table with these fields:".
pub(super) fn introduced(lead: &str, out: &Output) -> Option<EntityTitle> {
    let words = lower_words(lead);
    let names_fields =
        words.iter().rev().take(3).any(|word| {
            matches!(word.as_str(), "fields" | "columns" | "attributes" | "properties")
        });
    let is_other = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "index"
                | "indexes"
                | "unique"
                | "computed"
                | "search"
                | "filter"
                | "response"
                | "request"
                | "api"
                | "payload"
                | "event"
                | "events"
                | "not"
                | "never"
                | "removed"
                | "encrypted"
                | "all"
                | "every"
                | "each"
                | "tables"
                | "common"
                | "shared"
                | "sensitive"
                | "personal"
        )
    });
    if !names_fields || is_other || words.len() < 3 || words.len() > 30 {
        return None;
    }
    let known: Vec<String> = code_spans(lead)
        .into_iter()
        .filter_map(|code| out.known.get(code).map(str::to_owned))
        .collect();
    let name = match (known.as_slice(), code_spans(lead).as_slice()) {
        ([one], _) => one.clone(),
        ([], [code]) if is_identifier(code) && names_table(lead) => (*code).to_owned(),
        ([], []) => match mentioned(lead, out).as_slice() {
            [one] => one.clone(),
            _ => return None,
        },
        _ => return None,
    };
    Some(EntityTitle {
        name,
        table: None,
        kind: EntityKind::Entity,
        not_stored: None,
        explicit: true,
    })
}

/// Whether the word behind the code, or the one after that, says that it is a table: "`rules` table", "`rules` database table".
fn names_table(lead: &str) -> bool {
    let behind = lead.rsplit('`').next().unwrap_or_default();
    let words = lower_words(behind);
    words.iter().take(2).any(|word| matches!(word.as_str(), "table" | "collection"))
}

/// The thing that a word or two before a list name, "cats:", under the title of the document or "Data", where the items behind
/// it are typed or marked fields, or name properties. Under a heading of its own such a word names a part of what the heading is about.
pub(super) fn led_thing(
    document: &Document<'_>,
    block: &Block,
    lead: &str,
    list: &List,
) -> Option<EntityTitle> {
    if lower_words(lead).len() > 2 {
        return None;
    }
    let is_below_title = block.section.is_none_or(|section| {
        document.sections[section].level == 1
            || !document.is_thing(section)
                && (is_structural(document.title(section)) || leads_several(document, section))
    });
    if !is_below_title {
        return None;
    }
    let name = field_notes::name_of(lead)?;
    // What several labels stand over is judged together where one list alone does not tell, see `field_notes`.
    let is_among_others = || {
        let mut others = block.section.into_iter().flat_map(|it| led_lists(document, it));
        others.any(|other| !names_properties(other))
    };
    let are_fields = are_typed(list) || names_properties(list) && !is_among_others();
    are_fields.then_some(EntityTitle {
        name,
        table: None,
        kind: EntityKind::Entity,
        not_stored: None,
        explicit: false,
    })
}

fn outer(list: &List) -> impl Iterator<Item = &Item> {
    list.items.iter().filter(|item| item.depth == 0)
}

/// Whether all items have the form of fields, some with a type.
fn are_typed(list: &List) -> bool {
    let fields = outer(list).filter(|item| field(&item.content.text, false).is_some()).count();
    let typed = outer(list).filter(|item| typed_field(item.content.text.trim()).is_some()).count();
    typed >= 1 && fields >= 2 && fields == outer(list).count()
}

/// Whether most items are names of properties, and nothing else.
fn names_properties(list: &List) -> bool {
    let is_property = |item: &&Item| {
        let words = lower_words(&item.content.text);
        words.len() <= 3 && words.last().is_some_and(|word| is_property_noun(word))
    };
    let plain = outer(list).filter(is_property).count();
    plain >= 2 && plain * 2 > outer(list).count()
}

/// Whether a section has several lists that one or two words lead: "Pets:" over one, "Owners:" over the next.
pub(in crate::notation) fn leads_several(document: &Document<'_>, section: usize) -> bool {
    led_lists(document, section).nth(1).is_some()
}

/// The lists of a section that one or two words lead which may name a thing.
fn led_lists<'d>(document: &'d Document<'_>, section: usize) -> impl Iterator<Item = &'d List> {
    document.blocks_of(section).filter_map(|(index, block)| {
        let BlockKind::List(list) = &block.kind else { return None };
        let lead = document.lead(index)?;
        let is_name = lower_words(lead).len() <= 2 && field_notes::name_of(lead).is_some();
        is_name.then_some(list)
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn a_sentence_that_names_the_table() {
        check(
            "## Prices\n\nRules are rows of the `price_rules` database table with the following crucial fields:\n\n- `kind` (text): what it is of\n- `amount` (decimal): how much\n\nRules are kept in `price_rules` with these fields in the cache:\n\n- `ttl` (integer): seconds\n- `key` (text): name\n",
            &expect![[r#"
                3 bullet-fields  entity price_rules
                5 bullet-fields  field price_rules.kind text -- what it is of
                6 bullet-fields  field price_rules.amount decimal -- how much
                10 R003 ``ttl` (integer): seconds` looks like a field and was not understood
                11 R003 ``key` (text): name` looks like a field and was not understood
            "#]],
        );
    }

    #[test]
    fn things_in_bold_over_their_fields() {
        check(
            "# Gardens\n\n## Things\n\n- **Bench** – where one sits\n  - `name` (text): unique\n  - `seats` (integer): from 1 to 9\n- **Visit**\n  - of one Bench\n  - `begun_at` (timestamp)\n  - `mood`: one of `glad`, `tired`\n",
            &expect![[r#"
                6 bullet-fields  entity Bench
                6 bullet-fields  field Bench.name text unique -- unique
                7 bullet-fields  field Bench.seats integer -- from 1 to 9
                9 relationship-lines  relationship Bench 1:N Visit
                10 bullet-fields  entity Visit
                10 bullet-fields  field Visit.begun_at timestamp
                11 bullet-fields  field Visit.mood enum [glad | tired]
            "#]],
        );
        // What is said of things in bold names no fields.
        check(
            "# Gardens\n\n## Thoughts\n\n- **Bench** – where one sits\n  - keep it dry\n  - paint it\n- **Visit**\n  - `begun_at` is told by the guest\n  - count them\n",
            &expect![""],
        );
    }

    #[test]
    fn entities_of_a_list_with_their_fields() {
        check(
            "## Entities\n\n- **Bench**\n  - id: uuid\n  - status: string (`open`, `shut`), default `open`\n  - kind: enum: open | done\n  - role: one of open, done\n- **Path**: where one walks\n  - id: uuid, PK\n  - name: text\n  - width\n- **Notes**\n  - write them down\n  - read them\n\n```\nGate\n  id: uuid\n  email?: string\n  owner\n```\n",
            &expect![[r#"
                3 entity-list  entity Bench
                4 bullet-fields  entity Bench
                4 bullet-fields  field Bench.id uuid
                5 bullet-fields  field Bench.status string default open [open | shut]
                6 bullet-fields  field Bench.kind enum [open | done]
                7 bullet-fields  field Bench.role enum [open | done]
                8 entity-list  entity Path -- where one walks
                9 bullet-fields  entity Path
                9 bullet-fields  field Path.id uuid primary key
                10 bullet-fields  field Path.name text
                11 bullet-fields  field Path.width
                17 outline-fields  entity Gate
                18 outline-fields  field Gate.id uuid
                19 outline-fields  field Gate.email string optional
                20 outline-fields  field Gate.owner
            "#]],
        );
    }
}
