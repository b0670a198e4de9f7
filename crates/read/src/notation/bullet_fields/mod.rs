//! Lists whose items are the fields of an entity.

mod commas;
mod form;
mod in_words;
mod item;
mod label;
mod lead;
mod run;
mod said_below;
mod shape;

pub(super) use commas::names_a_field;
pub(super) use item::field;
pub(crate) use item::key_item;
pub(super) use label::{Label, is_other_label, label};
pub(super) use lead::leads_several;

use std::collections::BTreeMap;

use crate::EntityKind;
use crate::document::{Block, BlockKind, Document, Item, List};
use crate::entity_name::{EntityTitle, is_structural, read_title};
use crate::lifecycle::is_strict_state_topic;
use crate::notation::common_fields::speaks_of_all;
use crate::notation::entity_headings::lists_entities;
use crate::notation::index_list::lists_indexes;
use crate::notation::state_chain::Chain;
use crate::notation::{Mark, Output, field_owner};
use crate::words::{is_identifier, lower_words, unquote};
use crate::{Fact, FieldFact, IndexFact, ReferenceFact};

pub(super) use form::identity;
use form::{
    has_field_form, in_code_first, is_bare_name, is_described, is_identifier_like, is_inside_field,
    lists_plainly, read_identity, stateful,
};
pub(crate) use form::{has_field_marks, typed_field};
use item::thing_in_type;
use lead::{introduced, led_thing};
use shape::{are_bare_names, holds_things, holds_typed_things, lists_things};

pub(super) const DOC: &str =
    "A list under an entity's heading whose items name a field, with its type and modifiers.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        // "`email`: Unique index" under "Indexes" lists no field.
        let path = document.path_of(block.section).take(3);
        let of_indexes =
            |section| lists_indexes(document.title(section)) && !document.is_thing(section);
        if let BlockKind::List(list) = &block.kind
            && !path.into_iter().any(of_indexes)
        {
            read_list(document, (index, block, list), out);
        }
    }
}

fn read_list(
    document: &Document<'_>,
    (index, block, list): (usize, &Block, &List),
    out: &mut Output,
) {
    let lead = document.lead(index);
    let outer = match lead.map(label) {
        Some(Label::Unknown) | None => match nearest_title(document, block) {
            Some(_) if block.section.is_some_and(|it| document.is_thing(it)) => Label::Unknown,
            Some(title) if is_strict_state_topic(title) && is_structural(title) => Label::Other,
            Some(title) if is_structural(title) => Label::Fields,
            Some(title) if read_title(title).is_none() => label(title),
            _ => Label::Unknown,
        },
        Some(known) => known,
    };
    if lead.is_some_and(|lead| speaks_of_all(lead).is_some()) || lists_things(list) {
        return;
    }
    let introduced = lead
        .and_then(|lead| introduced(lead, out).or_else(|| led_thing(document, block, lead, list)));
    // "Each pet has:" under "Data": a sentence says whose they are.
    let is_under_thing = block.section.is_some_and(|it| document.is_thing(it));
    let is_open = introduced.is_none() && !is_under_thing;
    if lead.is_some_and(|lead| is_open && crate::prose::leads_fields(lead)) {
        return;
    }
    let outer = if introduced.is_some() { Label::Fields } else { outer };
    let owner = match introduced {
        Some(title) => Some((None, title, document.blocks[index - 1].range.clone())),
        None => field_owner(document, index),
    };
    let mut labels: Vec<(Label, Option<EntityTitle>)> = Vec::with_capacity(list.items.len());
    let mut stated = false;
    // Where most items of a list have a field's form, the others are fields too.
    let alike = alike_by_parent(list);
    let count = alike.get(&None).map_or(0, |&(count, _)| count);
    // Under an entity, identifiers with a word on each are its fields: "**capacity**: seats".
    let named = list.items.iter().filter(|item| item.depth == 0 && is_described(item)).count();
    // Under "Entities" the items that have items are entities.
    let of_entities = nearest_title(document, block).is_some_and(lists_entities);
    let plainly =
        outer == Label::Unknown && lists_plainly(document, index, list, owner.as_ref(), out);
    // Items over items of their own, where no heading names a thing, are things.
    let are_things = !is_under_thing && lead.is_none() && holds_things(list);
    let of_entities =
        of_entities || are_things || !is_under_thing && lead.is_none() && holds_typed_things(list);
    let is_marked = lead.is_none() && document.is_marked_list(index);
    let are_names = are_bare_names(list);
    let in_commas = commas::are_form_of(list);
    // "- id;", "- name.": the items of some lists end as parts of one sentence.
    let ends = list.items.iter().filter(|item| item.content.text.trim_end().ends_with(';'));
    let is_sentence = ends.count() * 2 >= list.items.len();
    let all_named = lead.is_none() && named >= 2 && named * 10 >= count * 8;
    // The fields that items of the list were read as.
    let mut read: BTreeMap<usize, String> = BTreeMap::new();
    for (at, item) in list.items.iter().enumerate() {
        let (context, owner_item) = match item.parent {
            Some(parent) => labels[parent].clone(),
            None => (outer, None),
        };
        let text = item.content.text.trim();
        let text = if is_sentence { text.trim_end_matches([';', '.', ',']) } else { text };
        let text = form::without_comment(text);
        let with_colon = in_commas.then(|| commas::with_colon(text)).flatten();
        let text = with_colon.as_deref().unwrap_or(text);
        let own = own_label(item, text, context, of_entities, are_things);
        // Where nothing says whose the inner items are, the outer ones tell.
        let among = item.parent.filter(|_| owner_item.is_some());
        let mostly =
            alike.get(&among).is_some_and(|&(count, alike)| alike >= 2 && alike * 10 >= count * 6);
        labels.push(own.clone().unwrap_or((context, owner_item.clone())));
        let Some(line) = item.content.lines.first() else { continue };
        if own.is_some() || context == Label::Other || !out.is_open(document, line.range.start) {
            continue;
        }
        let title = match (&owner_item, &owner) {
            (Some(title), _) => title.clone(),
            (None, Some((_, title, _))) => title.clone(),
            (None, None) => continue,
        };
        if let Some(name) = item.parent.and_then(|parent| read.get(&parent))
            && let Some(field) = said_below::of(text, name)
        {
            said_below::state(document, &title.name, field, line.range.clone(), out);
            continue;
        }
        let known = out.known.get(&title.name).is_some();
        if is_inside_field(text, &title.name, out) {
            continue;
        }
        // A heading in the form of code, or an `id` with its type, leaves no doubt.
        let in_code = || {
            typed_field(text).is_some_and(|field| {
                field.name.eq_ignore_ascii_case("id")
                    || is_identifier(&title.name) && title.name.contains('_')
            })
        };
        let stands_for_one = known || title.explicit || title.table.is_some() || in_code();
        let identity = identity(text);
        let life = stateful(text);
        let sure = context == Label::Fields
            || (plainly || is_marked) && item.depth == 0
            || of_entities && owner_item.is_some() && (are_things || in_code_first(text))
            || all_named && stands_for_one && item.depth == 0 && is_described(item)
            || mostly && (text.starts_with('`') || stands_for_one && is_bare_name(text))
            || stands_for_one
                && thing_in_type(text)
                    .is_some_and(|thing| document.titles(thing) || out.known.get(thing).is_some());
        let run = run::fields(text).or_else(|| commas::several(text));
        let is_meant = sure
            || mostly
            || identity.is_some()
            || stands_for_one && (run.is_some() || has_field_form(text) || life.is_some());
        if !is_meant {
            continue;
        }
        let span = document.span(line.range.clone());
        if let Some((name, rest)) = identity {
            if title.not_stored.is_none() {
                let mut field = FieldFact { name, ..FieldFact::default() };
                read_identity(rest, &mut field);
                field.primary_key = Some(true);
                out.state(document, span, Fact::Field { entity: title.name.clone(), field });
            }
            continue;
        }
        if let Some(fact) = key_item(&title.name, text) {
            if title.not_stored.is_none() {
                out.state(document, span, fact);
            }
            continue;
        }
        let (fields, life) = match life {
            Some((field, chain)) => (vec![(vec![field.name.clone()], field)], Some(chain)),
            // "*birth date*" is a name as it stands, and no birth of type date.
            None if (are_names || is_marked && !text.contains([':', '(', ','])) && sure => {
                (vec![(vec![text.to_owned()], FieldFact::default())], None)
            }
            None => match run.or_else(|| field(text, sure).map(|one| vec![one])) {
                Some(fields) => (fields, None),
                None => continue,
            },
        };
        if title.not_stored.is_some() {
            out.leave_out(document, &title, span);
            continue;
        }
        if owner_item.is_some() {
            if out.known.get(&title.name).is_none() {
                out.state_entity(document, None, &title, span);
            }
        } else if !stated {
            if let Some((section, title, place)) = &owner {
                out.state_entity(document, *section, title, document.span(place.clone()));
            }
            stated = true;
        }
        let named = fields.into_iter().flat_map(|(names, fact)| {
            names.into_iter().map(move |name| FieldFact { name, ..fact.clone() })
        });
        for mut field in named {
            // "*customer*" in the list of an order, where "Customer" heads another.
            if is_marked && field.type_text.is_none() && field.references.is_none() {
                let target = document.over_marked_list(&field.name);
                field.references = target.map(|target| ReferenceFact {
                    entity: target.to_owned(),
                    field: None,
                    on_delete: None,
                });
            }
            if field.constraints.iter().any(|text| text == "indexed") {
                field.constraints.retain(|text| text != "indexed");
                let index = IndexFact {
                    entity: title.name.clone(),
                    name: None,
                    columns: vec![field.name.clone()],
                    unique: false,
                    method: None,
                    purpose: None,
                };
                out.state(document, span, Fact::Index(index));
            }
            let name = field.name.clone();
            read.entry(at).or_insert_with(|| name.clone());
            out.state(document, span, Fact::Field { entity: title.name.clone(), field });
            for (from, to) in life.iter().flat_map(Chain::pairs) {
                let fact = Fact::Transition {
                    entity: title.name.clone(),
                    field: Some(name.clone()),
                    from: from.to_owned(),
                    to: to.to_owned(),
                    on: None,
                };
                out.state(document, span, fact);
            }
        }
    }
    if stated {
        if let Some(lead) = lead.filter(|_| index > 0) {
            let _ = lead;
            out.mark(document, document.blocks[index - 1].range.clone(), Mark::Understood);
        }
    }
}

/// For the items of each item, and of the list itself: how many there are, and how many have a field's form.
fn alike_by_parent(list: &List) -> BTreeMap<Option<usize>, (usize, usize)> {
    let mut found = BTreeMap::new();
    for item in list.items.iter().filter(|item| !item.has_children) {
        let (count, alike): &mut (usize, usize) = found.entry(item.parent).or_default();
        *count += 1;
        *alike += usize::from(field(&item.content.text, false).is_some());
    }
    found
}

fn nearest_title<'d>(document: &'d Document<'_>, block: &Block) -> Option<&'d str> {
    block.section.map(|section| document.title(section))
}

/// Whether an item introduces the items inside it: "**Fields**:", or an entity's name.
fn own_label(
    item: &Item,
    text: &str,
    context: Label,
    of_entities: bool,
    are_things: bool,
) -> Option<(Label, Option<EntityTitle>)> {
    // "**User**: who signs in" over its fields, in a list of entities.
    let is_entity = of_entities && item.depth == 0 && item.has_children;
    let head = item.content.label.trim_end_matches(':').trim();
    let head = if are_things && head.is_empty() && lower_words(text).len() <= 3 {
        text.trim_end_matches(':')
    } else {
        head
    };
    let named = || {
        are_things.then(|| EntityTitle {
            name: unquote(head).to_owned(),
            table: None,
            kind: EntityKind::Entity,
            not_stored: None,
            explicit: false,
        })
    };
    let titled = || read_title(head).or_else(named);
    if let Some(title) = (is_entity && !head.is_empty()).then(titled).flatten() {
        return title.not_stored.is_none().then_some((Label::Unknown, Some(title)));
    }
    let is_label = item.has_children && (text.ends_with(':') || item.content.strong);
    if !is_label {
        // "**Indexes**: on a, b" is no field either.
        let head = item.content.label.trim_end_matches(':');
        if !head.is_empty()
            && text.contains(':')
            && label(head) == Label::Other
            && !is_identifier_like(head)
        {
            return Some((Label::Other, None));
        }
        return None;
    }
    let name = text.trim_end_matches(':').trim();
    let known = label(name);
    if known != Label::Unknown {
        return Some((known, None));
    }
    if context == Label::Fields && !is_entity {
        return None;
    }
    let title = read_title(name)?;
    (title.not_stored.is_none()).then_some((Label::Unknown, Some(title)))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn the_usual_forms() {
        check(
            "### Customer\n\nFields:\n\n- `id` (PK, string/UUID) – unique identifier.\n- **email**: string, required, unique\n- name (string, optional)\n- `createdAt` / `updatedAt` (timestamps)\n- `role_id` UUID → `roles.id` (ON DELETE RESTRICT)\n- status (active, invited, removed)\n- Unique (`email`, `role_id`) to be sure\n- nickname\n",
            &expect![[r#"
                1 bullet-fields  entity Customer
                5 bullet-fields  field Customer.id string/UUID primary key -- unique identifier.
                6 bullet-fields  field Customer.email string required unique
                7 bullet-fields  field Customer.name string optional
                8 bullet-fields  field Customer.createdAt timestamp
                8 bullet-fields  field Customer.updatedAt timestamp
                9 bullet-fields  field Customer.role_id UUID -> roles.id on delete restrict
                10 bullet-fields  field Customer.status [active | invited | removed]
                11 bullet-fields  unique Customer (email, role_id)
                12 bullet-fields  field Customer.nickname
            "#]],
        );
    }

    #[test]
    fn a_sentence_about_an_object_is_no_field_of_that_type() {
        check(
            "### `shops`\n\n- Every object belongs to one shop\n- payload object\n- id uuid\n",
            &expect![[r#"
                1 bullet-fields  entity shops
                4 bullet-fields  field shops.payload object
                5 bullet-fields  field shops.id uuid
                3 R003 `Every object belongs to one shop` looks like a field and was not understood
            "#]],
        );
    }

    #[test]
    fn values_behind_the_name_of_a_choice() {
        check(
            "### Order\n\n- **id**: uuid\n- **status**: draft, placed, paid\n- **priority**: low or high\n- **note**: short, polite\n- **type**: see below, it varies\n",
            &expect![[r#"
                1 bullet-fields  entity Order
                3 bullet-fields  field Order.id uuid
                4 bullet-fields  field Order.status [draft | placed | paid]
                5 bullet-fields  field Order.priority [low | high]
                6 bullet-fields  field Order.note short {polite}
                7 bullet-fields  field Order.type -- see below, it varies
            "#]],
        );
    }

    #[test]
    fn types_make_fields_without_a_label() {
        check(
            "## 5. Country (`countries`)\n- `Id`: Guid (Primary Key)\n- `Code`: string (Unique, MaxLength: 3, Required, e.g. `USA`)\n- `AvatarUrl`: string? (MaxLength: 500)\n- **Validation**:\n  - Unique Name and Code.\n",
            &expect![[r#"
                1 bullet-fields  entity Country table countries
                2 bullet-fields  field Country.Id Guid primary key
                3 bullet-fields  field Country.Code string required unique {MaxLength: 3} -- e.g. `USA`
                4 bullet-fields  field Country.AvatarUrl string optional {MaxLength: 500}
                6 rule-bullets  rule Country: Unique Name and Code
            "#]],
        );
        check(
            "### `cust.customer`\n- `id` UUID PK\n- `tags` text[] not null default '{}'  — marketing\n- `state` enum: `active | merged` (default `active`)\n- `merged_into` UUID nullable → `cust.customer.id`  — tombstone\n- PK `(id, state)`\n",
            &expect![[r#"
                1 bullet-fields  entity cust.customer
                2 bullet-fields  field cust.customer.id UUID primary key
                3 bullet-fields  field cust.customer.tags text[] required default '{}' -- marketing
                4 bullet-fields  field cust.customer.state enum default active [active | merged]
                5 bullet-fields  field cust.customer.merged_into UUID optional -> cust.customer.id -- tombstone
                6 bullet-fields  primary key cust.customer (id, state)
            "#]],
        );
    }

    #[test]
    fn identifiers_with_words_on_each_under_an_entity() {
        check(
            "### Entity: Reservation\n* **id**: the number\n* **guestName**: who comes\n* **status**: one of these (Pending, Confirmed)\n\n### Rule: Nothing\n* **never**: eat\n* **always**: smile\n",
            &expect![[r#"
                1 bullet-fields  entity Reservation
                2 bullet-fields  field Reservation.id -- the number
                3 bullet-fields  field Reservation.guestName -- who comes
                4 bullet-fields  field Reservation.status -- one of these (Pending, Confirmed)
                7 rule-bullets  rule *: never: eat
                8 rule-bullets  rule *: always: smile
            "#]],
        );
        check(
            "### `events`\n\n**Key fields (high-level):**\n- `status` (`open`, `closed`)\n- `created_at`, `updated_at` (Standard audit fields)\n- `tier` (LoyaltyTier Value Object)\n\nStatuses:\n\n- `open`: still there\n- `closed`: gone\n",
            &expect![[r#"
                1 bullet-fields  entity events
                4 bullet-fields  field events.status [open | closed]
                5 bullet-fields  field events.created_at -- Standard audit fields
                5 bullet-fields  field events.updated_at -- Standard audit fields
                6 bullet-fields  field events.tier LoyaltyTier Value Object
            "#]],
        );
    }

    #[test]
    fn a_sentence_before_a_list_names_whose_fields_they_are() {
        check(
            "## Tables\n\n- `rules`: what is covered\n\n## Representation\n\nRules are rows in the `rules` table with the following fields:\n- `kind` (ENUM): e.g., A, B.\n- `is_covered` (BOOLEAN): hard.\n\nAll tables have these common fields:\n- `a` (int)\n- `b` (int)\n",
            &expect![[r#"
                7 bullet-fields  entity rules
                8 bullet-fields  field rules.kind ENUM -- e.g., A, B.
                9 bullet-fields  field rules.is_covered BOOLEAN -- hard.
                12 common-fields  field rules.a int [inferred: said once of all entities]
                13 common-fields  field rules.b int [inferred: said once of all entities]
            "#]],
        );
    }

    #[test]
    fn tables_in_code_with_their_columns() {
        check(
            "# Schema notes\n\n- **`clients`**: `id` (PK), `name`.\n- **`accounts`**: `id` (PK), `balance`.\n\n## Card\n\n- `id`: uuid, the key\n- `kind`: `gold`, `blue`\n",
            &expect![[r#"
                3 field-notes  entity clients
                3 field-notes  field clients.id primary key
                3 field-notes  field clients.name
                4 field-notes  entity accounts
                4 field-notes  field accounts.id primary key
                4 field-notes  field accounts.balance
                6 bullet-fields  entity Card
                8 bullet-fields  field Card.id uuid {the key}
                9 bullet-fields  field Card.kind [gold | blue]
            "#]],
        );
    }

    #[test]
    fn an_identity_is_a_key() {
        check(
            "## 1. Guest Entity\n- **Purpose**: Stays.\n- **Identity**: `guest_id` (Unique UUID string).\n- **Attributes**:\n  - `email` (String)\n",
            &expect![[r#"
                1 bullet-fields  entity Guest
                3 bullet-fields  field Guest.guest_id uuid primary key
                5 bullet-fields  field Guest.email String
            "#]],
        );
    }

    #[test]
    fn a_remark_after_a_key_in_code_is_no_part_of_its_condition() {
        check(
            "### Message\n- `id` UUID PK\n- `code` text\n- `tenant_id` UUID\n- `UNIQUE (tenant_id, code) WHERE code IS NOT NULL` (R10).\n- `UNIQUE (tenant_id, id)` WHERE `code` IS NULL\n",
            &expect![[r#"
                1 bullet-fields  entity Message
                2 bullet-fields  field Message.id UUID primary key
                3 bullet-fields  field Message.code text
                4 bullet-fields  field Message.tenant_id UUID
                5 bullet-fields  unique Message (tenant_id, code) where code IS NOT NULL
                6 bullet-fields  unique Message (tenant_id, id) where code IS NULL
            "#]],
        );
    }

    #[test]
    fn policies_and_validation_bullets_are_no_fields() {
        check(
            "### Country\n\n**RLS policies**:\n- `SELECT`: public\n\n**Validation**:\n- **Email**: must be unique\n\n### Hours\n- Monday is free\n- We open at nine\n",
            &expect![[r#"
                7 rule-bullets  rule *: Email: must be unique
                4 R014 a line asks for row-level security, which this design does not have: nothing in the database keeps one reader from the rows of another
            "#]],
        );
    }

    #[test]
    fn one_word_before_a_list_names_the_thing_under_the_title_only() {
        check(
            "# Zoo\n\ncats:\n- name: text, required\n- chip: text, unique\n\nOptions:\n- fast: the quick one\n- slow\n\n## Keeper\n\n- name: text\n- phone: text\n\nShifts:\n- starts_at: timestamp\n- ends_at: timestamp\n",
            &expect![[r#"
                3 bullet-fields  entity cats
                4 bullet-fields  field cats.name text required
                5 bullet-fields  field cats.chip text unique
                11 bullet-fields  entity Keeper
                13 bullet-fields  field Keeper.name text
                14 bullet-fields  field Keeper.phone text
                17 bullet-fields  field Keeper.starts_at timestamp
                18 bullet-fields  field Keeper.ends_at timestamp
            "#]],
        );
    }

    #[test]
    fn what_a_field_refers_to_may_be_all_that_is_said_of_its_type() {
        check(
            "## Loan\n\n- id: uuid\n- member: references Member, required\n- copy_id: references `copies`\n- note: references the old paper form\n",
            &expect![[r#"
                1 bullet-fields  entity Loan
                3 bullet-fields  field Loan.id uuid
                4 bullet-fields  field Loan.member required -> Member
                5 bullet-fields  field Loan.copy_id -> copies
                6 R003 `note: references the old paper form` looks like a field and was not understood
            "#]],
        );
    }

    #[test]
    fn a_type_may_be_the_name_of_another_thing() {
        check(
            "## Order\n\n- id: uuid\n- customer: Customer, required\n- rider: Rider?\n- lines: OrderLine[]\n- Role: Manager\n\n## Customer\n\n- id uuid pk\n- home: Zone\n- name: text\n\n## Rider\n\n- id: uuid\n\n## OrderLine\n\n- id: uuid\n",
            &expect![[r#"
                1 bullet-fields  entity Order
                3 bullet-fields  field Order.id uuid
                4 bullet-fields  field Order.customer Customer required
                5 bullet-fields  field Order.rider Rider optional
                6 bullet-fields  field Order.lines OrderLine[]
                9 bullet-fields  entity Customer
                11 bullet-fields  field Customer.id uuid primary key
                12 bullet-fields  field Customer.home Zone
                13 bullet-fields  field Customer.name text
                15 bullet-fields  entity Rider
                17 bullet-fields  field Rider.id uuid
                19 bullet-fields  entity OrderLine
                21 bullet-fields  field OrderLine.id uuid
                7 R003 `Role: Manager` looks like a field and was not understood
            "#]],
        );
    }

    #[test]
    fn states_and_sentences_among_fields() {
        check(
            "# Trip\n\n- id: uuid\n- state: planned → running → done, or planned → cancelled\n- note: text\n\n# Letter\n\n| Field | Type |\n|-|-|\n| text | text |\n\n- Letter text is at most 400 characters.\n",
            &expect![[r#"
                1 bullet-fields  entity Trip
                3 bullet-fields  field Trip.id uuid
                4 bullet-fields  field Trip.state [planned | running | done | cancelled]
                4 bullet-fields  transition Trip.state: planned -> running
                4 bullet-fields  transition Trip.state: running -> done
                4 bullet-fields  transition Trip.state: planned -> cancelled
                5 bullet-fields  field Trip.note text
                7 field-table  entity Letter
                11 field-table  field Letter.text text
                13 prose-rule-sentence  rule Letter: Letter text is at most 400 characters
            "#]],
        );
    }

    #[test]
    fn a_plain_list_right_under_an_entity() {
        check(
            "# Vet\n\n- name\n- licence number (unique)\n- email (optional)\n- born: date\n\n# Visit\n\n- id: uuid\n- vet -> Vet\n- starts at: timestamp\n- status: booked → done, or booked → cancelled\n\n# Features\n\n- Login\n- Search (optional)\n- Reports: monthly\n\n# Goals\n\n- the vet sees all visits\n- visits are short\n",
            &expect![[r#"
                1 bullet-fields  entity Vet
                3 bullet-fields  field Vet.name
                4 bullet-fields  field Vet.licence number unique
                5 bullet-fields  field Vet.email optional
                6 bullet-fields  field Vet.born date
                8 bullet-fields  entity Visit
                10 bullet-fields  field Visit.id uuid
                11 bullet-fields  field Visit.vet -> Vet
                12 bullet-fields  field Visit.starts at timestamp
                13 bullet-fields  field Visit.status [booked | done | cancelled]
                13 bullet-fields  transition Visit.status: booked -> done
                13 bullet-fields  transition Visit.status: booked -> cancelled
            "#]],
        );
    }
}
