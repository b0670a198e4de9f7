//! Names of fields in one run under the heading of what has them: "VIN (unique), make, model, year"
//! under "Vehicles".

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::clause::{topic, without_number};
use super::field_list::Led;
use super::field_sentence::Lead;
use super::list_item::says_deed;
use super::noun::{is_generic, is_program};
use super::outside::is_outside;
use super::property_list::parts;
use super::tag::{Tag, tag};
use super::titled;
use crate::FieldFact;
use crate::document::{BlockKind, Document, Line};
use crate::words::split_top;

/// All such runs of a document.
pub(super) fn find(document: &Document<'_>) -> Vec<Led> {
    let mut found: Vec<(usize, Led)> = document.find_in_blocks(|index, found| {
        let block = &document.blocks[index];
        let Some(section) = block.section else { return };
        let lines: Vec<&Line> = match &block.kind {
            BlockKind::Paragraph(inline) if inline.lines.len() == 1 => {
                inline.lines.iter().collect()
            }
            BlockKind::List(list) => {
                let outer = list.items.iter().filter(|item| item.depth == 0 && !item.has_children);
                outer.filter_map(|item| item.content.lines.first()).collect()
            }
            BlockKind::Paragraph(_) | BlockKind::Table(_) | BlockKind::Code(_) => return,
        };
        // Few lines are such a run, whatever their heading is.
        let owner = OnceCell::new();
        for line in lines {
            let Some(fields) = run(line) else { continue };
            let owner = owner.get_or_init(|| self::owner(document, section));
            let Some(owner) = owner.clone() else { break };
            let lead = Lead { owner, required: None, is_sure: true, is_label: false };
            let range = line.range.clone();
            found.push((section, Led { lead, range, fields, inner: Vec::new() }));
        }
    });
    // A noun that names a part of a program elsewhere names a thing among headings of such things.
    let mut below: BTreeMap<Option<usize>, BTreeSet<usize>> = BTreeMap::new();
    for (section, _) in &found {
        below.entry(document.sections[*section].parent).or_default().insert(*section);
    }
    let is_kin = |section: usize| {
        let beside = &below[&document.sections[section].parent];
        beside.iter().any(|other| *other != section)
    };
    found.retain(|(section, led)| !is_generic(&led.lead.owner) || is_kin(*section));
    found.into_iter().map(|(_, led)| led).collect()
}

/// The thing that a heading names.
fn owner(document: &Document<'_>, section: usize) -> Option<String> {
    if document.sections[section].level <= 1 || is_outside(document, section) {
        return None;
    }
    let topic = topic(document.title(section));
    let tokens = tag(topic);
    let is_name = (1..=3).contains(&tokens.len())
        && tokens.iter().all(|it| matches!(it.tag, Tag::Noun | Tag::Verb | Tag::Adjective));
    let name = titled::noun(topic).unwrap_or_else(|| topic.to_owned());
    (is_name && !is_program(&name)).then_some(name)
}

/// The fields of a line that holds nothing but their names.
fn run(line: &Line) -> Option<Vec<(Range<usize>, FieldFact)>> {
    let text = without_number(&line.text).trim_end_matches('.').trim();
    let pieces = split_top(text, &[',']);
    if pieces.len() < 2 || text.contains(':') || says_deed(text) {
        return None;
    }
    let is_spoken = tag(text)
        .iter()
        .any(|it| matches!(it.tag, Tag::Modal | Tag::Auxiliary | Tag::Pronoun | Tag::Subordinator));
    if is_spoken {
        return None;
    }
    let listed = parts(text);
    let properties = listed.iter().filter(|part| part.is_property).count();
    let least = if pieces.len() == 2 { 2 } else { listed.len().div_ceil(3) };
    if listed.len() < pieces.len() || properties < least {
        return None;
    }
    Some(listed.into_iter().map(|part| (line.range.clone(), part.field)).collect())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn names_under_headings() {
        check(
            "# Repair\n\n## Data\n\n### Vehicles\n\n- VIN (unique), make, model, year\n- Each vehicle belongs to one customer\n\n### Parts\n\n- Part number, description, unit cost\n\n### Customers\n\nName, phone, address\n",
            &expect![[r#"
                7 prose-entities  entity Vehicle
                7 prose-field-list  field Vehicle.VIN unique
                7 prose-field-list  field Vehicle.make
                7 prose-field-list  field Vehicle.model
                7 prose-field-list  field Vehicle.year
                8 prose-rule-fields  field Vehicle.customer required -> Customer [inferred: a rule about it names the field]
                8 relationship-lines  relationship Customer 1:N Vehicle
                12 prose-entities  entity Part
                12 prose-field-list  field Part.Part number
                12 prose-field-list  field Part.description
                12 prose-field-list  field Part.unit cost
                16 prose-entities  entity Customer
                16 prose-field-list  field Customer.Name
                16 prose-field-list  field Customer.phone
                16 prose-field-list  field Customer.address
            "#]],
        );
    }

    #[test]
    fn runs_of_something_else() {
        check(
            "# Shop\n\n## Filters\n\n- name, price, category\n\n## Tech stack\n\n- name, version, license\n\n## Guests\n\n- Browse, search, compare\n- they have name, phone, address\n",
            &expect![[r#"
                11 prose-entities  candidate Guest -- Guests
            "#]],
        );
    }
}
