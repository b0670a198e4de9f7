//! What a thing is responsible for, where that says what it keeps: "Store monetary values", "Record the amount".

use crate::document::{BlockKind, Document, Item};
use crate::notation::field_notes::several;
use crate::notation::relationship_verbs::{MANY, ONE};
use crate::notation::{Output, relationship};
use crate::prose::{is_property_noun, singular};
use crate::words::lower_words;
use crate::{Fact, FieldFact};

pub(super) const DOC: &str = "A list under \"Responsibilities\" of an entity that no other list describes, whose items say what it stores, records or defines.";

/// What stands behind these verbs is kept.
const KEEPS: &[&str] =
    &["store", "stores", "record", "records", "hold", "holds", "track", "tracks"];
/// What stands behind these is kept where it is a property; else it is looked after.
const TENDS: &[&str] = &["define", "defines", "maintain", "maintains", "keep", "keeps"];
const JOINS: &[&str] = &["associate", "associates", "reference", "references", "link", "links"];

/// Nouns for what happens to a thing, or for all that is known of it.
const NO_PROPERTIES: &[&str] = &[
    "activity",
    "behavior",
    "behaviour",
    "change",
    "configuration",
    "creation",
    "data",
    "detail",
    "event",
    "history",
    "identity",
    "information",
    "integrity",
    "lifecycle",
    "metadata",
    "movement",
    "operation",
    "permission",
    "policy",
    "record",
    "relationship",
    "rule",
    "state",
    "transition",
];

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let BlockKind::List(list) = &block.kind else { continue };
        let lead = document.lead(index);
        let title = block.section.map(|section| document.title(section));
        let is_duties = lead.or(title).is_some_and(|label| {
            matches!(
                lower_words(label).join(" ").as_str(),
                "responsibilities" | "responsible for" | "it is responsible for" | "responsibility"
            )
        });
        let Some(entity) = out.entity_of(document, block.section).filter(|_| is_duties) else {
            continue;
        };
        // Where its fields are listed, the same is only said once more.
        if out.has_fields(&entity) {
            continue;
        }
        let facts: Vec<(&Item, Fact)> = list
            .items
            .iter()
            .filter(|item| out.is_open(document, item.content.range().start))
            .filter_map(|item| Some((item, duty(&entity, &item.content.text, out)?)))
            .collect();
        for (item, fact) in facts {
            let span = document.span(item.content.range());
            out.infer(document, span, fact, "it is responsible for keeping it");
        }
    }
}

/// The field or the relationship that one duty implies.
fn duty(entity: &str, text: &str, out: &Output) -> Option<Fact> {
    let text = text.trim().trim_end_matches(['.', ';', ',']);
    let (verb, object) = text.split_once(' ')?;
    let verb = verb.to_lowercase();
    let object = ["the ", "a ", "an ", "its ", "their "]
        .iter()
        .find_map(|lead| object.strip_prefix(lead))
        .unwrap_or(object);
    let words = lower_words(object);
    let last = singular(words.last()?);
    let is_phrase = words.len() <= 3
        && object.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'))
        && !words.iter().any(|word| matches!(word.as_str(), "and" | "or" | "of" | "for" | "with"));
    if !is_phrase {
        return None;
    }
    if JOINS.contains(&verb.as_str()) {
        let target = out.known.get(object).filter(|target| *target != entity)?.to_owned();
        return Some(Fact::Relationship(relationship(target, ONE, entity.to_owned(), MANY, None)));
    }
    let is_kept = KEEPS.contains(&verb.as_str());
    let is_tended = TENDS.contains(&verb.as_str());
    let field = FieldFact { name: object.to_owned(), ..FieldFact::default() };
    if is_kept || is_tended {
        if let Some(fact) = several(entity, &field, out) {
            return Some(fact);
        }
    }
    let is_property = !NO_PROPERTIES.contains(&last.as_ref()) && out.known.get(object).is_none();
    (is_property && (is_kept || is_tended && is_property_noun(&last)))
        .then(|| Fact::Field { entity: entity.to_owned(), field })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_a_thing_keeps_for_others() {
        check(
            "# Entities\n\n## Tariff\n\nWhat is paid.\n\n### Responsibilities\n\n- Store monetary values.\n- Define validity period.\n- Define how prices are made.\n- Maintain tariff identity.\n- Maintain slots.\n- Associate Zone.\n- Validate payments.\n\n## Zone\n\nA place.\n\n### Responsibilities\n\n- Report availability.\n- Record the opening time.\n- Track all changes and their authors.\n\n## Slot\n\n- id: uuid\n- begins: time\n\n### Responsibilities\n\n- Store prices.\n",
            &expect![[r#"
                3 entity-headings  entity Tariff -- What is paid.
                9 duty-list  field Tariff.monetary values [inferred: it is responsible for keeping it]
                13 duty-list  relationship Tariff 1:N Slot [inferred: it is responsible for keeping it]
                14 duty-list  relationship Zone 1:N Tariff [inferred: it is responsible for keeping it]
                17 entity-headings  entity Zone -- A place.
                24 duty-list  field Zone.opening time [inferred: it is responsible for keeping it]
                27 entity-headings  entity Slot
                29 bullet-fields  field Slot.id uuid
                30 bullet-fields  field Slot.begins time
            "#]],
        );
    }
}
