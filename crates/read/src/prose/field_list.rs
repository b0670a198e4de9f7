//! Lists of fields that a sentence leads: "Each order shall include:", "The system shall store, for
//! each user:".

use std::collections::BTreeSet;

use crate::document::{BlockKind, Document, Item};
use crate::notation::{End, Mark, Output, relationship};
use crate::words::{first_word, lower_words};
use crate::{Fact, FieldFact, ReferenceFact};

use super::field_sentence::{Lead, lead};
use super::list_item::item_fields;
use super::noun::{is_attribute, is_generic, phrase_at};
use super::tag::tag;
use super::{Evidence, resolve};
use super::{field_lead, heading_run, inline_fields, leaning_lead};

pub(crate) const DOC: &str =
    "A list of fields under a sentence such as \"Each order shall include:\".";

/// A list and the sentence that leads it.
#[derive(Debug)]
pub(super) struct Led {
    pub(super) lead: Lead,
    /// The place of the leading sentence.
    pub(super) range: std::ops::Range<usize>,
    /// Names and properties with the place of each item.
    pub(super) fields: Vec<(std::ops::Range<usize>, FieldFact)>,
    /// Places of items inside the fields, which explain them.
    pub(super) inner: Vec<std::ops::Range<usize>>,
}

/// All lists of fields of a document.
pub(super) fn find(document: &Document<'_>) -> Vec<Led> {
    let mut found = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let BlockKind::List(list) = &block.kind else { continue };
        if let Some(text) = document.lead(index) {
            let range = document.blocks[index - 1].range.clone();
            let items = children(&list.items, None);
            let plain = lead(text);
            let leaning = leaning_lead::find(document, index).filter(|_| plain.is_none());
            // The sentence before says something else.
            let range = if leaning.is_some() {
                leaning_lead::last_sentence(document, range)
            } else {
                range
            };
            let lead = plain
                .or(leaning)
                .or_else(|| left_open(document, index, text))
                .or_else(|| qualified(document, index, text));
            found.extend(lead.and_then(|lead| led(lead, range, &list.items, &items)));
        } else if let Some((lead, range)) = headed(document, index) {
            let items = children(&list.items, None);
            let led = led(lead, range, &list.items, &items);
            found.extend(led.filter(|led| led.fields.len() > 1 && !explains_titles(led)));
        }
        for (at, item) in list.items.iter().enumerate() {
            let text = item.content.text.trim();
            if item.has_children && text.ends_with(':') {
                let items = children(&list.items, Some(at));
                let range = item.content.range();
                let of_heading =
                    || left_open(document, index, text).filter(|_| field_lead::keeps(text));
                let lead = lead(text).or_else(of_heading);
                found.extend(lead.and_then(|lead| led(lead, range, &list.items, &items)));
            }
        }
    }
    found.extend(heading_run::find(document));
    found
}

/// Whether most items explain something that has a title: "**Late Arrivals**: kept until the next morning".
fn explains_titles(led: &Led) -> bool {
    let is_title = |name: &str| {
        name.contains(' ') && name.split(' ').all(|word| word.starts_with(char::is_uppercase))
    };
    let is_told = |field: &FieldFact| {
        field.description.as_deref().is_some_and(|text| lower_words(text).len() > 3)
    };
    let titles =
        led.fields.iter().filter(|(_, field)| is_title(&field.name) && is_told(field)).count();
    titles * 2 >= led.fields.len()
}

/// A list right under a heading that is a noun: "#### Product" in "Data Shapes".
fn headed(document: &Document<'_>, block: usize) -> Option<(Lead, std::ops::Range<usize>)> {
    let section = document.blocks[block].section?;
    let is_first = block == 0 || document.blocks[block - 1].section != Some(section);
    if is_first {
        if let Some(lead) = under_heading(document, section) {
            return Some((lead, document.sections[section].title.range()));
        }
    }
    let title = document.entity_title(section)?;
    let parent = document.sections[section].parent?;
    let is_data = lower_words(document.title(parent)).iter().any(|word| {
        matches!(
            word.as_str(),
            "data" | "model" | "models" | "schema" | "shapes" | "entities" | "database" | "domain"
        )
    });
    if !is_first || !is_data || title.not_stored.is_some() || is_generic(&title.name) {
        return None;
    }
    let lead = Lead { owner: title.name, required: None, is_sure: true, is_label: false };
    Some((lead, document.sections[section].title.range()))
}

/// "Required" or "Optional" over a part of the list that a sentence further up leads.
fn qualified(document: &Document<'_>, block: usize, text: &str) -> Option<Lead> {
    let is_required = match text.to_lowercase().as_str() {
        "required" | "mandatory" => true,
        "optional" => false,
        _ => return None,
    };
    let section = document.blocks[block].section;
    let above = document.blocks[..block.checked_sub(1)?].iter().rev().take(4);
    let sentence = above.take_while(|it| it.section == section).find_map(|it| match &it.kind {
        BlockKind::Paragraph(inline) => inline.text.trim().strip_suffix(':').and_then(lead),
        BlockKind::List(_) | BlockKind::Table(_) | BlockKind::Code(_) => None,
    })?;
    Some(Lead { required: Some(is_required), is_sure: true, ..sentence })
}

/// A label that leaves it to the heading whose fields follow.
fn left_open(document: &Document<'_>, block: usize, text: &str) -> Option<Lead> {
    if !field_lead::is_bare(text) {
        return None;
    }
    let owner = field_lead::section_owner(document, document.blocks[block].section)?;
    let first = first_word(text);
    Some(Lead {
        owner,
        required: match first.as_deref() {
            Some("required" | "mandatory") => Some(true),
            Some("optional") => Some(false),
            Some(_) | None => None,
        },
        is_sure: false,
        is_label: true,
    })
}

/// A heading that says that fields follow: "List of Patients"; "Input" leaves it to the one above.
fn under_heading(document: &Document<'_>, section: usize) -> Option<Lead> {
    let title = document.title(section);
    let (owner, is_sure) = if field_lead::is_bare(title) {
        let parent = document.sections[section].parent;
        (field_lead::section_owner(document, parent)?, false)
    } else {
        field_lead::headed(title)?
    };
    Some(Lead { owner, required: None, is_sure, is_label: true })
}

fn children(items: &[Item], parent: Option<usize>) -> Vec<usize> {
    (0..items.len()).filter(|&at| items[at].parent == parent).collect()
}

fn led(lead: Lead, range: std::ops::Range<usize>, all: &[Item], items: &[usize]) -> Option<Led> {
    let read: Vec<(usize, Option<Vec<FieldFact>>)> =
        items.iter().map(|&at| (at, item_fields(&all[at].content.text, &lead))).collect();
    let good = read.iter().filter(|(_, fields)| fields.is_some()).count();
    // Most items have a field's form, or the list is about something else.
    if good == 0 || good * 10 < read.len() * 6 {
        return None;
    }
    let mut fields = Vec::new();
    let mut inner = Vec::new();
    for (at, found) in read {
        let place = all[at].content.range();
        for field in found.into_iter().flatten() {
            fields.push((place.clone(), field));
        }
        inner.extend(children(all, Some(at)).into_iter().map(|child| all[child].content.range()));
    }
    // Code spans are names. Plain words need one that every reader takes for a property.
    let is_code = fields.iter().filter(|(_, field)| field.name.contains('_')).count() > 0
        || items.iter().any(|&at| all[at].content.text.trim_start().starts_with('`'));
    let attributes = fields
        .iter()
        .filter(|(_, field)| is_attribute(field.name.rsplit(' ').next().unwrap_or_default()))
        .count();
    (is_code || lead.is_sure && attributes > 0 || attributes * 2 >= fields.len()).then_some(Led {
        lead,
        range,
        fields,
        inner,
    })
}

/// Notes the owners of lists that no other notation has read.
pub(super) fn collect(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    let mut lists = find(document);
    lists.retain(|led| {
        out.is_open(document, led.range.start)
            && led.fields.iter().all(|(place, _)| out.is_open(document, place.start))
    });
    // "Store: Users, Loans, Notes" lists what others describe.
    lists.retain(|led| {
        let known = led.fields.iter().filter(|(_, field)| out.known.get(&field.name).is_some());
        known.count() * 2 <= led.fields.len()
    });
    for led in &lists {
        let span = document.span(led.range.clone());
        let quote = format!("{} …", led.lead.owner);
        let evidence: &[Evidence] = if led.lead.is_label {
            &[Evidence::HasProperties, Evidence::Headed]
        } else if led.fields.len() > 1 {
            &[Evidence::OwnsFields]
        } else {
            &[Evidence::HasProperties]
        };
        for &evidence in evidence {
            out.prose.note(&led.lead.owner, evidence, index, span, &quote);
        }
    }
    out.prose.lists.resize_with(index + 1, Vec::new);
    out.prose.lists[index] = lists;
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    let lists = out.prose.lists.get_mut(index).map(std::mem::take);
    let mut many: Vec<(String, String, std::ops::Range<usize>)> = Vec::new();
    for led in lists.unwrap_or_default() {
        let Some(owner) = resolve(&led.lead.owner, out) else { continue };
        if led.lead.is_label && out.prose.is_described(&owner) {
            continue;
        }
        for (place, mut field) in led.fields {
            if let Some(others) = associated(&field.name, &owner, out) {
                many.push((owner.clone(), others, place));
                continue;
            }
            point(&mut field, &owner, out);
            let span = document.span(place);
            out.state(document, span, Fact::Field { entity: owner.clone(), field });
        }
        for place in led.inner {
            out.mark(document, place, Mark::SetAside);
        }
        out.mark(document, led.range, Mark::Understood);
    }
    let pairs: BTreeSet<(&str, &str)> = many.iter().map(|(a, b, _)| (&**a, &**b)).collect();
    for (owner, other, place) in &many {
        // Where each lists the other, there are many on both sides.
        let is_mutual = pairs.contains(&(other, owner));
        let end = |many: bool| End { many, required: None };
        let fact = relationship(owner.clone(), end(is_mutual), other.clone(), end(true), None);
        out.state(document, document.span(place.clone()), Fact::Relationship(fact));
    }
}

/// The other entity in "Associated products", "Linked supplier(s)" among the fields of one: rows of it, and
/// no value.
fn associated(name: &str, owner: &str, out: &Output) -> Option<String> {
    let (lead, noun) = name.split_once(' ')?;
    let is_lead = matches!(lead.to_lowercase().as_str(), "associated" | "related" | "linked");
    let is_plural = super::noun::singular(&noun.to_lowercase()) != noun.to_lowercase();
    let other = resolve(noun, out).filter(|_| is_lead && is_plural)?;
    (other != owner).then_some(other)
}

/// Lets a field point at the entity that its words mean: "reference to a Host user", "vehicle" of a
/// repair.
fn point(field: &mut FieldFact, owner: &str, out: &Output) {
    let text = field.description.clone().unwrap_or_default();
    let lower = text.to_lowercase();
    let stated = ["reference to ", "references ", "refers to ", "link to ", "id of "]
        .iter()
        .find_map(|lead| lower.find(lead).map(|at| at + lead.len()));
    let by_words = stated.and_then(|at| text.get(at..)).and_then(|rest| {
        let tokens = tag(rest);
        let phrase = phrase_at(&tokens, 0)?;
        resolve(&phrase.noun, out)
            .or_else(|| phrase.noun.split(' ').find_map(|word| resolve(word, out)))
    });
    let stem = field.name.to_lowercase();
    let by_name = stem
        .strip_suffix("_id")
        .or_else(|| field.name.strip_suffix("Id"))
        .and_then(|stem| resolve(&stem.replace('_', " "), out));
    let by_noun = inline_fields::meant(&field.name, out).filter(|known| known != owner);
    field.references = by_words.or(by_name).or(by_noun).map(|entity| ReferenceFact {
        entity,
        field: None,
        on_delete: None,
    });
}

#[cfg(test)]
mod tests {
    use crate::notation::check as check_text;
    use expect_test::expect;

    #[test]
    fn lists_whose_sentence_leans_on_the_one_before() {
        check_text(
            "# Records\n\nA **barn** belongs to a farm. It has:\n\n- a code, unique within the farm\n- a size in feet (`size_ft`), more than 0\n- a kind: `hay`, `cow` or `both`\n- `burnt_at`, empty while it stands\n\nA visit is made by a person and has:\n\n- a start date\n- `came_at` and `left_at`, both required\n- a note\n\nA **stall** is what one cow stands in. It belongs to a barn and has:\n\n- the cow and the milker\n- the place it stands at\n- an optional `note`\n- `washed`, yes or no, no to begin with\n- `came_at` and the count of flies (`flies`, an integer of 0 or more), both optional\n- the mood, which is `good` or `bad`\n- first and last name\n\nThe gate is closed at night. It has:\n\n- two wings of oak\n- hinges that nobody oils\n\nBarns are old. They burn:\n\n- a name\n- a date\n",
            &expect![[r#"
                3 prose-entities  entity Farm
                3 prose-cardinality  relationship Farm 1:N Barn
                3 prose-entities  entity Barn
                5 prose-field-list  field Barn.code {unique within the farm} -- unique within the farm
                6 prose-field-list  field Barn.size_ft {more than 0} -- size in feet
                7 prose-field-list  field Barn.kind [hay | cow | both] -- `hay`, `cow` or `both`
                8 prose-field-list  field Barn.burnt_at optional -- empty while it stands
                10 prose-entities  entity Visit
                12 prose-field-list  field Visit.start date
                13 prose-field-list  field Visit.came_at required -- required
                13 prose-field-list  field Visit.left_at required -- required
                14 prose-field-list  field Visit.note
                16 prose-cardinality  relationship Barn 1:N Stall
                16 prose-entities  entity Stall
                18 prose-field-list  field Stall.cow
                18 prose-field-list  field Stall.milker
                20 prose-field-list  field Stall.note optional
                21 prose-field-list  field Stall.washed boolean default no -- yes or no, no to begin with
                22 prose-field-list  field Stall.came_at optional -- optional
                22 prose-field-list  field Stall.flies integer optional {0 or more} -- count of flies
                23 prose-field-list  field Stall.mood [good | bad] -- which is `good` or `bad`
                24 prose-field-list  field Stall.first name
                24 prose-field-list  field Stall.last name
            "#]],
        );
    }

    #[test]
    fn a_list_under_a_heading_about_data() {
        check_text(
            "# API\n\n## Data Shapes\n\n#### Parcel\n- id\n- name\n- [OPTIONAL] category\n- status of parcel (active or complete)\n\n## Pages\n\n### Basket\n- name\n- price\n",
            &expect![[r#"
                5 prose-entities  entity Parcel
                6 prose-field-list  field Parcel.id
                7 prose-field-list  field Parcel.name
                8 prose-field-list  field Parcel.category optional
                9 prose-field-list  field Parcel.status [active | complete] -- (active or complete)
                9 prose-values  field Parcel.status [active | complete]
                13 prose-entities  candidate Basket -- Basket
            "#]],
        );
    }

    #[test]
    fn a_declaration_in_brackets() {
        check_text(
            "# Ledger\n\nEach booking shall include:\n- amount (numeric(18,2), required, > 0)\n- kind (enum(debit, credit), required)\n- code (varchar(10), the one on the label)\n- born (date of birth, required)\n",
            &expect![[r#"
                3 prose-entities  entity Booking
                4 prose-field-list  field Booking.amount numeric(18,2) required {> 0}
                5 prose-field-list  field Booking.kind enum required [debit | credit]
                6 prose-field-list  field Booking.code varchar required -- (varchar(10), the one on the label)
                7 prose-field-list  field Booking.born required -- (date of birth, required)
            "#]],
        );
    }

    #[test]
    fn what_is_associated_are_rows() {
        check_text(
            "# Shop\n\nProduct records shall include:\n- Name\n- Price\n- Associated suppliers\n\nSupplier records shall include:\n- Name\n- Phone\n- Associated products\n- Associated costs\n",
            &expect![[r#"
                3 prose-entities  entity Product
                4 prose-field-list  field Product.Name required
                5 prose-field-list  field Product.Price required
                6 prose-field-list  relationship Product N:M Supplier
                8 prose-entities  entity Supplier
                9 prose-field-list  field Supplier.Name required
                10 prose-field-list  field Supplier.Phone required
                11 prose-field-list  relationship Supplier N:M Product
                12 prose-field-list  field Supplier.Associated costs required
            "#]],
        );
    }

    #[test]
    fn a_list_under_a_sentence() {
        check_text(
            "# Shop\n\n- **R1.1** Each order shall include:\n  - `id` – unique identifier.\n  - `status` – one of: `open`, `paid`.\n  - optional `notes` – free text\n  - `ends` – date (may be `null`)\n",
            &expect![[r#"
                3 prose-entities  entity Order
                4 prose-field-list  field Order.id required unique -- unique identifier
                5 prose-field-list  field Order.status required [open | paid] -- one of: `open`, `paid`
                6 prose-field-list  field Order.notes text optional -- free text
                7 prose-field-list  field Order.ends optional -- date (may be `null`)
            "#]],
        );
    }

    #[test]
    fn a_list_of_what_a_record_is_made_with() {
        check_text(
            "# Stock\n\nWhen goods arrive, the system creates a movement with:\n\n- The product.\n- The quantity added.\n- The reason.\n- The date.\n\nThe manager shall create a report with:\n\n- Charts about all halls\n- Nice colours\n",
            &expect![[r#"
                3 prose-entities  entity Movement
                5 prose-field-list  field Movement.product
                6 prose-field-list  field Movement.quantity added
                7 prose-field-list  field Movement.reason
                8 prose-field-list  field Movement.date
                10 prose-entities  candidate Report -- The manager shall create a report with:
            "#]],
        );
    }

    #[test]
    fn what_something_does_is_no_field() {
        check_text(
            "## Data Shapes\n\n#### Parcel\n- id\n- weight\n- shows\n\n#### Person\n- Displays name, rating and parcels\n- Sends letters\n",
            &expect![[r#"
                3 prose-entities  entity Parcel
                4 prose-field-list  field Parcel.id
                5 prose-field-list  field Parcel.weight
            "#]],
        );
    }

    #[test]
    fn lists_of_what_the_heading_names() {
        crate::notation::check(
            "# Yard\n\n- Members create, edit and delete boats.\n\n### FR-4: Boat Preferences\n- The system shall store:\n  - Preferred colour\n  - Target harbour\n  - Language\n- The system shall show:\n  - Preferred weather\n  - Name of the day\n\n### Boats\n\nCriteria:\n- Required fields: `name`, `status`.\n- Optional fields include model, serial, brand and colour.\n",
            &expect_test::expect![[r#"
                7 prose-field-list  field Boat.Preferred colour
                8 prose-field-list  field Boat.Target harbour
                9 prose-field-list  field Boat.Language
                17 prose-inline-fields  field Boat.name required [inferred: the heading or a sentence beside it names what has it]
                17 prose-inline-fields  field Boat.status required [inferred: the heading or a sentence beside it names what has it]
                18 prose-entities  entity Boat
                18 prose-field-list  field Boat.model optional
                18 prose-field-list  field Boat.serial optional
                18 prose-field-list  field Boat.brand optional
                18 prose-field-list  field Boat.colour optional
            "#]],
        );
    }
}
