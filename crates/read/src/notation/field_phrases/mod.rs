//! Fields in sentences and labelled lines: "Attributes: id, name", "An Order has a number and a total".

mod list;
mod sentence;
mod vocabulary;

use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use underpin_base::parallel;

use crate::document::{BlockKind, Document, Inline, List};
use crate::entity_name::{is_structural, read_title};
use crate::modifier::says_choice;
use crate::notation::entity_list::is_out_of_scope;
use crate::notation::state_chain::ARROWS;
use crate::notation::{Mark, Output, bullet_fields};
use crate::prose::singular;
use crate::words::{
    fold, lower_words, parenthesized, split_once_any, strip_prefix_ignoring_case, unquote,
};
use crate::{Fact, FieldFact};
pub(super) use list::{Part, labelled_part, parts};
use list::{Trust, fields, only_code};
pub(crate) use list::{item_fields, limits};
pub(super) use vocabulary::{is_action, is_prose};

pub(super) const DOC: &str = "A labelled line or a sentence about an entity that lists its fields: \"Attributes: id, name\", \"stores the name, slug and plan\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    // The entities whose fields a more exact notation lists: sentences about them paraphrase.
    let exact = out.described_by(|notation| notation != "field-phrases");
    let stated: BTreeSet<(usize, &str)> = out
        .stated()
        .filter(|statement| statement.span.document == document.id)
        .filter_map(|statement| {
            let Fact::Entity(entity) = &statement.fact else { return None };
            Some((statement.span.range().start, entity.name.as_str()))
        })
        .collect();
    let mut units: Vec<Unit<'_>> = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if is_out_of_scope(document, block.section) {
            continue;
        }
        let owner = block.section.and_then(|section| owner(document, section, out));
        match &block.kind {
            BlockKind::Paragraph(inline) => {
                paragraph_units(document, inline, owner.as_ref(), out, &mut units);
            }
            BlockKind::List(list) => {
                let lead = document.lead(index).map(str::to_owned);
                let owner = owner.as_ref();
                list_units(document, list, lead.as_deref(), owner, &stated, out, &mut units);
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
    // A field that a unit states makes no entity known, on which what others say would depend.
    let known = &*out;
    let found = parallel::map(&units, UNITS_OF_A_THREAD, |unit| unit.fields(&exact, known));
    for (unit, found) in units.iter().zip(found) {
        let is_listed = !found.is_empty();
        state_all(document, &unit.range, found, out);
        if let Some(owner) = unit.owner.as_ref().filter(|_| unit.place == Place::Described) {
            if is_listed {
                state_limits(document, unit, owner, out);
            }
        }
    }
}

/// So many units are read before another thread has begun.
const UNITS_OF_A_THREAD: usize = 64;

/// The fields that a list names where its label says that it names fields.
pub(super) fn label_fields(text: &str, out: &Output) -> Vec<FieldFact> {
    fields(text, Trust::Label, out)
}

/// The entity that a block is about, and the words of the heading that says so.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    pub(super) entity: String,
    pub(super) heading: String,
}

/// The entity of the nearest heading; headings such as "Attributes" or "Key Characteristics" only
/// divide what is said of the thing above them.
fn owner(document: &Document<'_>, section: usize, out: &Output) -> Option<Owner> {
    for section in document.path_of(Some(section)) {
        let heading = document.title(section);
        if let Some(entity) = out.named_by(section) {
            return Some(Owner { entity, heading: heading.to_owned() });
        }
        let words = lower_words(heading);
        let divides = is_structural(heading)
            || bullet_fields::label(heading) == bullet_fields::Label::Fields
            || words.last().is_some_and(|word| {
                matches!(
                    word.as_str(),
                    "characteristics"
                        | "description"
                        | "overview"
                        | "purpose"
                        | "rules"
                        | "invariants"
                        | "responsibilities"
                        | "responsibility"
                        | "information"
                )
            });
        if !divides || words.len() > 3 {
            return None;
        }
    }
    None
}

/// A field of an entity, and why it is taken for one.
type Found = (String, FieldFact, Trust);

/// A text that may list fields: a run of lines that a label begins, or that has none, or an item.
struct Unit<'d> {
    text: Cow<'d, str>,
    range: Range<usize>,
    owner: Option<Owner>,
    place: Place,
}

/// The runs of lines that labels begin, with their places.
fn runs(inline: &Inline) -> Vec<(Cow<'_, str>, Range<usize>)> {
    let mut runs: Vec<(Cow<'_, str>, Range<usize>)> = Vec::new();
    for line in &inline.lines {
        let begins = split_label(&line.text).is_some();
        match runs.last_mut() {
            Some((text, range)) if !begins => {
                *text += " ";
                *text += line.text.as_str();
                range.end = line.range.end;
            }
            _ => runs.push((Cow::Borrowed(&line.text), line.range.clone())),
        }
    }
    runs
}

/// "Key columns: …" as its label and what follows.
fn split_label(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = split_once_any(text, &[":"])?;
    let label = unquote(label.trim());
    let words = label.split_whitespace().count();
    let is_label = (1..=4).contains(&words)
        && !label.contains(['`', '.', ',', '|'])
        && label.starts_with(char::is_alphabetic);
    is_label.then(|| (label, rest.trim_start_matches(['*', ' '])))
}

fn paragraph_units<'d>(
    document: &Document<'_>,
    inline: &'d Inline,
    owner: Option<&Owner>,
    out: &Output,
    units: &mut Vec<Unit<'d>>,
) {
    for (text, range) in runs(inline) {
        if text.len() <= 3000 && out.is_open(document, range.start) {
            let (owner, place) = (owner.cloned(), Place::Paragraph);
            units.push(Unit { text, range, owner, place });
        }
    }
}

/// Where a text stands: what it can be differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Paragraph,
    Item,
    /// The words after an entity's name in an item of its own.
    Described,
}

fn list_units<'d>(
    document: &Document<'_>,
    list: &'d List,
    lead: Option<&str>,
    owner: Option<&Owner>,
    stated: &BTreeSet<(usize, &str)>,
    out: &Output,
    units: &mut Vec<Unit<'d>>,
) {
    // Under "Relationships:" or "Statuses:" the items are no fields.
    let is_other = lead.is_some_and(|lead| {
        bullet_fields::label(lead) == bullet_fields::Label::Other
            && !lower_words(lead).iter().any(|word| matches!(word.as_str(), "invariants" | "rules"))
    });
    let mut owners: Vec<Option<Owner>> = Vec::with_capacity(list.items.len());
    for item in &list.items {
        let text = item.content.text.trim();
        let outer = match item.parent {
            Some(parent) => owners[parent].clone(),
            None => owner.cloned(),
        };
        let Some((name, rest)) = described(text, &item.content.label, out) else {
            owners.push(outer.clone());
            if !is_other && text.len() <= 1500 && out.is_open(document, item.content.range().start)
            {
                let (text, range) = (Cow::Borrowed(text), item.content.range());
                units.push(Unit { text, range, owner: outer, place: Place::Item });
            }
            continue;
        };
        let owner = Owner { entity: name.clone(), heading: name };
        // The item that states the entity is taken already, and what it lists is still to be read.
        let states_it = stated.contains(&(item.content.range().start, owner.entity.as_str()));
        if (states_it || !is_other && out.is_open(document, item.content.range().start))
            && text.len() <= 1500
        {
            let (text, range) = (Cow::Borrowed(rest), item.content.range());
            units.push(Unit { text, range, owner: Some(owner.clone()), place: Place::Described });
        }
        owners.push(Some(owner));
    }
}

/// The known entity that an item begins with, and what is said of it.
fn described<'t>(text: &'t str, label: &str, out: &Output) -> Option<(String, &'t str)> {
    let (head, rest) = if let Some(inside) = text.strip_prefix('`') {
        let (code, rest) = inside.split_once('`')?;
        (code, rest)
    } else if !label.is_empty() && text.starts_with(label) {
        (label.trim_end_matches(':'), &text[label.len()..])
    } else {
        let (head, _) = split_once_any(text, &[":", " — ", " – ", " - ", " ("])?;
        (head, &text[head.len()..])
    };
    let rest = rest.trim_start();
    let goes_on = rest.is_empty() || rest.starts_with([':', '(', '—', '–', '-']);
    let title = read_title(head.trim())?;
    let known = out.known.get(&title.name).filter(|_| goes_on)?;
    Some((known.to_owned(), rest))
}

impl Unit<'_> {
    /// The fields that it lists, and whose they are.
    fn fields(&self, exact: &BTreeSet<String>, out: &Output) -> Vec<(String, FieldFact)> {
        let mut found: Vec<Found> = Vec::new();
        let mut text = self.text.trim();
        let owner = self.owner.as_ref();
        // Navigation properties are the other end of a reference and no columns.
        if lower_words(text).iter().take(3).any(|word| word == "navigation") {
            return Vec::new();
        }
        if self.place == Place::Described {
            // `users (id, email)`: the brackets behind the name hold the fields.
            if let (Some(owner), Some((before, inside, after))) = (owner, parenthesized(text)) {
                if before.trim().is_empty() {
                    let trust =
                        if looks_like_columns(inside) { Trust::Label } else { Trust::Shape };
                    let listed = fields(inside, trust, out);
                    found.extend(
                        listed.into_iter().map(|field| (owner.entity.clone(), field, Trust::Label)),
                    );
                    text = after;
                }
            }
            text = text.trim_start_matches([':', '—', '–', '-', ' ']);
        }
        sentence::read(text, owner, self.place, out, &mut found);
        // "`returned`, `lost` and `cancelled` are final" names values of a field that is known.
        if let Some(owner) = owner.filter(|_| found.len() > 1) {
            let names: Vec<&str> = found.iter().map(|(_, field, _)| field.name.as_str()).collect();
            if !out.values_with(&owner.entity, &names).is_empty() {
                return Vec::new();
            }
        }
        // Of an entity that is described exactly, only what a label introduces adds anything.
        found.retain(|(entity, _, trust)| *trust == Trust::Label || !exact.contains(&fold(entity)));
        found.into_iter().map(|(entity, field, _)| (entity, field)).collect()
    }
}

/// `id, email, created_at`: single words, the most of them as columns are written.
fn looks_like_columns(text: &str) -> bool {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let is_word = |part: &&str| {
        let head = unquote(part.split(['(', ':']).next().unwrap_or(part));
        head.split_whitespace().count() == 1 && head.starts_with(|c: char| c.is_lowercase())
    };
    parts.len() >= 2
        && parts.iter().all(is_word)
        && parts.iter().any(|part| *part == "id" || part.contains('_'))
        || only_code(text) && parts.len() >= 2
}

/// Reads what a label begins; `false` where the label says nothing of fields.
fn labelled(label: &str, rest: &str, owner: &Owner, found: &mut Vec<Found>, out: &Output) -> bool {
    let label = strip_prefix_ignoring_case(label, "its ").unwrap_or(label);
    let words = lower_words(label);
    let Some(last) = words.last().map(SmolStr::as_str) else { return false };
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let names_fields = matches!(
        last,
        "fields"
            | "attributes"
            | "columns"
            | "properties"
            | "field"
            | "attribute"
            | "stores"
            | "captures"
            | "timestamps"
            | "params"
            | "parameters"
            | "fks"
            | "data"
            | "holds"
            | "tracks"
            | "records"
    ) || has(&["foreign"]) && last == "keys";
    let is_derived = has(&[
        "computed",
        "derived",
        "allowed",
        "search",
        "indexed",
        "sortable",
        "filterable",
        "api",
        "response",
        "request",
        "calculated",
        "query",
        "output",
        "unique",
        "removed",
        "sample",
        "example",
        "test",
    ]);
    let push = |found: &mut Vec<Found>, fields: Vec<FieldFact>| {
        found.extend(fields.into_iter().map(|field| (owner.entity.clone(), field, Trust::Label)));
    };
    if names_fields && !is_derived {
        let sentence = sentence::first_list(rest);
        let mut listed = fields(sentence, Trust::Label, out);
        for field in &mut listed {
            if has(&["required", "mandatory"]) {
                field.required = field.required.or(Some(true));
            } else if has(&["optional", "nullable"]) {
                field.required = field.required.or(Some(false));
            }
        }
        push(found, listed);
        let more = rest[sentence.len()..].trim_start_matches(['.', ';', ' ']);
        sentence::read(more, Some(owner), Place::Item, out, found);
        return true;
    }
    if let Some((name, _)) = bullet_fields::identity(&format!("{label}: {rest}")) {
        // `OrderId` is what the key is called, `order_id` the field.
        if name.starts_with(char::is_lowercase) {
            push(found, vec![FieldFact { name, primary_key: Some(true), ..FieldFact::default() }]);
            return true;
        }
    }
    if let Some(name) = enumerated(&words, owner) {
        let values = crate::modifier::enum_values(sentence::first_sentence(rest));
        // "States: new → open, open → closed" are steps.
        let is_step = |value: &String| ARROWS.iter().any(|arrow| value.contains(arrow));
        if values.len() > 1
            && values.iter().all(|value| value.split_whitespace().count() <= 3)
            && !values.iter().any(is_step)
        {
            let field = FieldFact { name, enum_values: values, ..FieldFact::default() };
            push(found, vec![field]);
            return true;
        }
    }
    let is_open = bullet_fields::label(label) == bullet_fields::Label::Unknown
        && !has(&[
            "key", "keys", "unique", "statuses", "status", "type", "types", "see", "note",
            "example", "examples", "related", "entities", "enum", "values", "flow", "tables",
            "used", "by", "uses",
        ])
        // "Roles seeded at startup: `clerk`, `guard`" lists values of a role.
        && !words.iter().any(|word| says_choice(&singular(word)));
    let rest = sentence::first_sentence(rest);
    if is_open && only_code(rest) {
        let listed = fields(rest, Trust::Label, out);
        if listed.len() > 1 && listed.iter().all(|field| out.known.get(&field.name).is_none()) {
            push(found, listed);
            return true;
        }
    }
    false
}

/// The field whose values a label announces: "Statuses:", "Order status:", "Alert Types:".
fn enumerated(words: &[SmolStr], owner: &Owner) -> Option<String> {
    let last = words.last()?;
    let name = match last.as_str() {
        "status" | "statuses" => "status",
        "state" | "states" => "state",
        "type" | "types" => "type",
        "severity" | "severities" => "severity",
        "priority" | "priorities" => "priority",
        "role" | "roles" => "role",
        _ => return None,
    };
    let heading = lower_words(&owner.heading);
    let rest = &words[..words.len() - 1];
    let is_own = rest.iter().all(|word| {
        heading.contains(word)
            || matches!(
                word.as_str(),
                "possible" | "allowed" | "valid" | "available" | "supported" | "the"
            )
    });
    (is_own && words.len() <= 3).then(|| name.to_owned())
}

/// What stands among the fields of an item and says how many there may be.
fn state_limits(document: &Document<'_>, unit: &Unit<'_>, owner: &Owner, out: &mut Output) {
    for limit in limits(unit.text.trim_start_matches([':', '—', '–', '-', ' '])) {
        let (entity, text) = (Some(owner.entity.clone()), limit.to_owned());
        let rule = Fact::Rule { entity, field: None, text };
        out.state(document, document.span(unit.range.clone()), rule);
    }
}

fn state_all(
    document: &Document<'_>,
    range: &Range<usize>,
    found: Vec<(String, FieldFact)>,
    out: &mut Output,
) {
    let span = document.span(range.clone());
    for (entity, field) in found {
        // What a table or a bullet says of a field is more exact than a sentence.
        let adds = field.enum_values.len() > 1
            || field.references.is_some()
            || field.required.is_some()
            || field.unique.is_some();
        if out.field(&entity, &field.name).is_some() && !adds {
            out.mark(document, range.clone(), Mark::Understood);
            continue;
        }
        out.state(document, span, Fact::Field { entity, field });
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn labelled_lines_and_lists_of_code() {
        check(
            "## Tables\n\n### coffees\nCoffee profiles. Key columns: `name` (required), `brand`, scores `acidity_score` / `body_score`, `owner_id → users(id)` (required), `created_at`.\n\n### users\nAccounts. `id`, `email` (unique), `created_at`. Seeded later.\n\n### recipes\n**Required fields**: coffee, method\n**Statuses:** Draft, Ready\n**Indexes**: name, owner\n",
            &expect![[r#"
                3 entity-headings  entity coffees -- Coffee profiles. Key columns: `name` (required), `brand`, scores `acidity_score` / `body_score`, `owner_id → users(id)` (required), `created_at`.
                4 field-phrases  field coffees.name required
                4 field-phrases  field coffees.brand
                4 field-phrases  field coffees.acidity_score
                4 field-phrases  field coffees.body_score
                4 field-phrases  field coffees.owner_id required -> users.id
                4 field-phrases  field coffees.created_at
                6 entity-headings  entity users -- Accounts. `id`, `email` (unique), `created_at`. Seeded later.
                7 field-phrases  field users.id
                7 field-phrases  field users.email unique
                7 field-phrases  field users.created_at
                9 entity-headings  entity recipes
                10 field-phrases  field recipes.coffee required
                10 field-phrases  field recipes.method required
                11 field-phrases  field recipes.status [Draft | Ready]
            "#]],
        );
    }

    #[test]
    fn sentences_about_an_entity() {
        check(
            "# Domain Model\n\n## Organization\n\nAn Organization has a name, a slug and a billing plan. It owns reports, users and API keys.\n\n## Report\n\n- tracks template, format, progress, and terminal errors\n- Tracks `lastUsedAt` (from events)\n- stores only hashed secret material\n- has reports, members\n\n## Receiver\n\nResolved identity: receiver ID, bank code, account hash, and timestamp. It is fast, simple, and small. A receiver has at most one letter whose `status` is `open`, `sent` or `read`.\n\n## Offer\n\nCreate, update, and delete offers.\n",
            &expect![[r#"
                3 entity-headings  entity Organization -- An Organization has a name, a slug and a billing plan. It owns reports, users and API keys.
                5 field-phrases  field Organization.name
                5 field-phrases  field Organization.slug
                5 field-phrases  field Organization.billing plan
                7 entity-headings  entity Report
                9 field-phrases  field Report.template
                9 field-phrases  field Report.format
                9 field-phrases  field Report.progress
                9 field-phrases  field Report.terminal errors
                10 field-phrases  field Report.lastUsedAt -- from events
                14 entity-headings  entity Receiver -- Resolved identity: receiver ID, bank code, account hash, and timestamp. It is fast, simple, and small. A receiver has at most one letter whose `status` is `open`, `sent` or `read`.
                16 field-phrases  field Receiver.receiver ID
                16 field-phrases  field Receiver.bank code
                16 field-phrases  field Receiver.account hash
                16 field-phrases  field Receiver.timestamp
                18 entity-headings  entity Offer -- Create, update, and delete offers.
                11 R015 `stores only hashed secret material` seems to state something and was not understood
                16 R015 `A receiver has at most one letter whose `status` is `open`, `sent` or `read`.` seems to state something and was not understood
            "#]],
        );
    }

    #[test]
    fn the_items_of_a_list_of_tables() {
        check(
            "## Core tables\n\n- `transfers`: transfer state, request hash, fraud decision, and timestamps.\n- `users` (id, email, created_at)\n- `jobs` (append only, never read)\n- `logs`: immutable evidence for decisions, actions, and callbacks.\n",
            &expect![[r#"
                3 entity-list  entity transfers -- transfer state, request hash, fraud decision, and timestamps.
                3 field-phrases  field transfers.transfer state
                3 field-phrases  field transfers.request hash
                3 field-phrases  field transfers.fraud decision
                3 field-phrases  field transfers.timestamps
                4 entity-list  entity users -- (id, email, created_at)
                4 field-phrases  field users.id
                4 field-phrases  field users.email
                4 field-phrases  field users.created_at
                5 entity-list  entity jobs -- (append only, never read)
                6 entity-list  entity logs -- immutable evidence for decisions, actions, and callbacks.
                5 R015 ``jobs` (append only, never read)` seems to state something and was not understood
            "#]],
        );
    }

    #[test]
    fn what_a_table_lists_exactly_is_not_paraphrased() {
        check(
            "## Budget\n\nStores budget information, status and details. Holds `closed_at`.\n\nOptional fields: `note`.\n\n| Field | Type |\n|-|-|\n| id | int |\n",
            &expect![[r#"
                1 field-table  entity Budget -- Stores budget information, status and details. Holds `closed_at`.
                5 field-phrases  field Budget.note optional
                9 field-table  field Budget.id int
            "#]],
        );
    }

    #[test]
    fn the_key_that_an_item_calls_its_identity() {
        check(
            "## Entities\n\n- `Order`\n  - Identity: `order_no`\n  - Attributes: `total`, `note`\n- `Guest`\n  - Identity: `GuestId`\n  - Attributes: `name`, `phone`\n",
            &expect![[r#"
                3 entity-list  entity Order
                4 field-phrases  field Order.order_no primary key
                5 field-phrases  field Order.total
                5 field-phrases  field Order.note
                6 entity-list  entity Guest
                8 field-phrases  field Guest.name
                8 field-phrases  field Guest.phone
            "#]],
        );
    }

    #[test]
    fn values_behind_a_label_are_no_fields() {
        check(
            "## Tables\n\n### guests\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\nRoles seeded at startup: `Clerk`, `Guard`.\n\nKept too: `first_name`, `last_name`.\n",
            &expect![[r#"
                3 field-table  entity guests
                7 field-table  field guests.id uuid
                9 prose-entities  entity User
                9 prose-role  field User.role enum [Clerk | Guard]
                11 field-phrases  field guests.first_name
                11 field-phrases  field guests.last_name
            "#]],
        );
    }
}
