//! Lists of fields that a sentence leads: "Each order shall include:", "The system shall store, for
//! each user:".

use std::collections::BTreeSet;

use crate::document::{BlockKind, Document, Item};
use crate::notation::{End, Mark, Output, relationship};
use crate::words::{code_spans, first_word, lower_words, parenthesized, split_once_any, split_top};
use crate::{Fact, FieldFact, ReferenceFact, modifier};
use smol_str::SmolStr;

use super::clause::without_number;
use super::field_name::field_name;
use super::field_sentence::{Lead, lead};
use super::noun::{is_attribute, is_generic, phrase_at};
use super::tag::tag;
use super::{Evidence, resolve};
use super::{field_lead, heading_run, inline_fields};

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
            let lead = lead(text)
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
                found.extend(lead(text).and_then(|lead| led(lead, range, &list.items, &items)));
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

/// The field, or the several fields, of an item.
fn item_fields(text: &str, lead: &Lead) -> Option<Vec<FieldFact>> {
    let text = without_number(text).trim_end_matches([',', ';', '.']).trim();
    if says_deed(text) {
        return None;
    }
    // "Associated supplier(s)".
    let plural = text.strip_suffix("(s)").map(|text| format!("{text}s"));
    let text = plural.as_deref().unwrap_or(text);
    let (optional, text) = match first_word(text).as_ref().map(SmolStr::as_str) {
        Some("optional" | "optionally") => (true, text.split_once(' ')?.1.trim()),
        Some("required" | "mandatory") if text.starts_with('[') => {
            (false, text.split_once(' ')?.1.trim())
        }
        _ => (false, text),
    };
    let (head, rest) = split_once_any(text, &[" – ", " — ", " - ", ": ", " ("]).map_or(
        (text, String::new()),
        |(head, rest)| {
            let bracket = text[head.len()..].starts_with(" (");
            (head, if bracket { format!("({rest}") } else { rest.to_owned() })
        },
    );
    let parts: Vec<&str> = if code_spans(head).len() > 1 {
        split_top(head, &['/', ','])
    } else {
        together(head, &rest)
    };
    let mut fields = Vec::new();
    for part in parts {
        // "- The product."
        let part = ["The ", "the ", "A ", "An "]
            .iter()
            .find_map(|it| part.strip_prefix(it))
            .unwrap_or(part);
        let mut name = field_name(part)?;
        // "status of order" in a list about orders.
        let is_own = |of: &str| crate::words::fold(of) == crate::words::fold(&lead.owner);
        if let Some(at) = name.find(" of ").filter(|at| is_own(&name[at + " of ".len()..])) {
            name.truncate(at);
        }
        let mut field = FieldFact { name, ..FieldFact::default() };
        describe(&rest, &mut field);
        if optional {
            field.required = Some(false);
        }
        field.required = field.required.or(lead.required);
        fields.push(field);
    }
    (!fields.is_empty()).then_some(fields)
}

/// Whether an item tells what something does: "Shows name and rating".
pub(crate) fn says_deed(text: &str) -> bool {
    const DEEDS: &[&str] = &[
        "displays",
        "shows",
        "lists",
        "renders",
        "supports",
        "allows",
        "provides",
        "sends",
        "generates",
        "calculates",
        "handles",
        "manages",
        "links",
        "enables",
        "lets",
        "includes",
    ];
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    DEEDS.contains(&first.to_lowercase().as_str()) && !rest.starts_with(['(', ':', '-', '–', '—'])
}

/// The parts of "Name, price, description" and "Delivery date & time" in one item.
fn together<'t>(head: &'t str, rest: &str) -> Vec<&'t str> {
    let parts: Vec<&str> = split_top(head, &[',', '&']).into_iter().map(str::trim).collect();
    let are_short = parts.iter().all(|part| (1..=3).contains(&part.split(' ').count()));
    if rest.is_empty() && are_short { parts } else { vec![head] }
}

/// What the words behind a field's name say of it.
pub(crate) fn describe(rest: &str, field: &mut FieldFact) {
    let rest = rest.trim().trim_end_matches(['.', ',']);
    if rest.is_empty() {
        return;
    }
    let lower = rest.to_lowercase();
    let is_nullable = [
        "may be `null`",
        "may be null",
        "can be null",
        "may be empty",
        "if any",
        "if applicable",
        "(optional",
    ]
    .iter()
    .any(|words| lower.contains(words));
    if is_nullable {
        field.required = Some(false);
    }
    let words = lower_words(rest);
    if typed(rest, field) {
        return;
    }
    if let Some((before, inside, after)) = parenthesized(rest) {
        if before.trim().is_empty() && after.trim().is_empty() {
            modifier::read_if_only_modifiers(inside, field);
            let values = modifier::enum_values(inside);
            let is_open =
                words.iter().any(|word| matches!(word.as_str(), "eg" | "etc" | "g" | "e"));
            if values.len() > 1
                && !is_open
                && field.required.is_none()
                && (inside.contains(['/', '|', '`'])
                    || inside.contains(" or ")
                    || super::values::is_list_of_states(&field.name, &values))
            {
                field.enum_values = values;
            }
        }
    }
    modifier::read_description(rest, field);
    // Text in brackets gives examples and defaults; it leads no reference and no list of values.
    if words.iter().any(|word| word == "unique") {
        field.unique = Some(true);
    }
    if field.type_text.is_none() {
        let first =
            words.iter().find(|word| !matches!(word.as_str(), "optional" | "required" | "unique"));
        field.type_text = first
            .filter(|word| {
                modifier::is_scalar(word)
                    && !matches!(word.as_str(), "date" | "time" | "number" | "text")
                    || matches!(word.as_str(), "free-text" | "free")
            })
            .map(|word| if word == "free" { "text".to_owned() } else { word.to_string() });
    }
}

/// Reads brackets that hold a type and what else a column is declared with: "(numeric(18,2), required, > 0)".
fn typed(rest: &str, field: &mut FieldFact) -> bool {
    let Some(("", inside, "")) = parenthesized(rest) else { return false };
    let parts = split_top(inside, &[',']);
    let [first, others @ ..] = parts.as_slice() else { return false };
    if others.is_empty() || !modifier::is_plain_type(first) {
        return false;
    }
    let mut declared = field.clone();
    modifier::read_into(first, true, &mut declared);
    for said in others {
        if modifier::says_bound(said) {
            declared.constraints.push(said.trim().to_owned());
        } else {
            modifier::read_into(said, false, &mut declared);
        }
    }
    // Words that are no declaration are a remark, and its first word is no type then.
    let is_whole = declared.constraints.iter().all(|said| modifier::says_bound(said));
    if is_whole {
        *field = declared;
    }
    is_whole
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
}
