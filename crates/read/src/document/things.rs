//! Headings that are topics by their words and things by what stands below them.
//!
//! "Performance" and "Storage" are chapters of many documents and tables of some. The words of a heading cannot tell;
//! a list of typed fields, or a table of them, right below it does.

use std::collections::{BTreeMap, BTreeSet};

use super::{BlockKind, Document, List, Table};
use crate::entity_name::{
    EntityTitle, ends_as_topic, is_structural, read_title, read_title_over_fields,
};
use crate::notation::{is_field_table, key_item, typed_field};
use crate::words::{first_word, lower_words};

/// The sections whose heading names a thing only because of the fields below it.
pub(super) fn of(document: &Document<'_>) -> BTreeMap<usize, EntityTitle> {
    let mut things = BTreeMap::new();
    let mut owners: Vec<Option<usize>> = Vec::with_capacity(document.sections.len());
    for (at, section) in document.sections.iter().enumerate() {
        let of_parent = section.parent.and_then(|parent| owners[parent]);
        owners.push(if document.divides(at) { of_parent } else { Some(at) });
    }
    let mut described: BTreeMap<usize, Described> = BTreeMap::new();
    for block in &document.blocks {
        let Some(section) = block.section else { continue };
        // What every document has is looked at only below the headings that need it.
        let of_structural = is_lone_name(document, section).then_some(section);
        let of_topic = owners[section].filter(|&owner| may_be_thing(document.title(owner)));
        for at in [of_structural, of_topic].into_iter().flatten() {
            if let Some(found) = Described::of(&block.kind) {
                let known = described.entry(at).or_default();
                // Two lists with a key of their own describe two things, whose names stand right before them.
                known.is_several |= known.is_keyed && found.is_keyed;
                known.is_keyed |= found.is_keyed;
                known.names.extend(found.names);
            }
        }
    }
    let needs_others = |at: &usize| is_structural(document.title(*at));
    let over = described.keys().any(needs_others).then(|| over_things(document));
    for (at, found) in described.into_iter().filter(|(_, found)| !found.is_several) {
        let is_beside = over.as_ref().is_some_and(|it| it.contains(&document.sections[at].parent));
        if let Some(title) = title(document.title(at), &found, is_beside) {
            things.insert(at, title);
        }
    }
    things
}

/// What lists fields in a section.
#[derive(Debug, Default)]
struct Described {
    /// Whether one of the fields is a key of the thing.
    is_keyed: bool,
    /// Whether there are several lists with a key.
    is_several: bool,
    names: Vec<String>,
}

impl Described {
    fn of(block: &BlockKind) -> Option<Self> {
        match block {
            BlockKind::List(list) => Self::of_list(list),
            BlockKind::Table(table) => Self::of_table(table),
            BlockKind::Paragraph(_) | BlockKind::Code(_) => None,
        }
    }

    /// Two items with a type, and hardly any without: "**Latency**: p95 < 200 ms" and "**Cache**: Redis" have none.
    fn of_list(list: &List) -> Option<Self> {
        let leaves = || list.items.iter().filter(|item| !item.has_children);
        let mut found = Self::default();
        for item in leaves() {
            let text = item.content.text.trim();
            if let Some(field) = typed_field(text) {
                let is_key = field.name.eq_ignore_ascii_case("id");
                found.is_keyed |= is_key || field.primary_key == Some(true);
                found.names.push(field.name);
            } else if key_item("", text).is_some() {
                found.names.push(String::new());
            }
        }
        (found.names.len() >= 2 && found.names.len() * 10 >= leaves().count() * 6).then_some(found)
    }

    fn of_table(table: &Table) -> Option<Self> {
        let first = table.rows.first().filter(|_| is_field_table(table))?;
        let is_id = |word: &str| matches!(word, "id" | "uuid" | "pk");
        let is_keyed =
            first.cells.iter().any(|it| first_word(&it.text).is_some_and(|word| is_id(&word)));
        Some(Self { is_keyed, ..Self::default() })
    }
}

/// Whether the fields below a heading could make a thing of what it names.
fn may_be_thing(title: &str) -> bool {
    ends_as_topic(title) || of_people(title).is_some() || managed(title).is_some()
}

/// "Property" and "Model" mostly say that fields follow, and are the names of a house and a car.
fn is_lone_name(document: &Document<'_>, section: usize) -> bool {
    let title = document.title(section);
    let words = lower_words(title);
    words.len() == 1
        && is_structural(title)
        && !words[0].ends_with('s')
        && title.starts_with(char::is_uppercase)
}

/// The entity that a heading names because of what is described below it, and whether things stand beside it.
fn title(text: &str, found: &Described, is_beside: bool) -> Option<EntityTitle> {
    if is_structural(text) {
        return (found.is_keyed && is_beside).then(|| read_title_over_fields(text, true)).flatten();
    }
    if let Some((first, second)) = of_people(text) {
        // "Users & Roles" over the fields of a user, who has a role.
        let singular = crate::prose::singular(&second.to_lowercase());
        let has_second = found.names.iter().any(|name| name.eq_ignore_ascii_case(&singular));
        return read_title(first).filter(|_| has_second);
    }
    if let Some(thing) = managed(text) {
        return read_title(thing).filter(|_| found.is_keyed || found.names.len() > 2);
    }
    read_title_over_fields(text, found.is_keyed)
}

/// The sections with a section inside that has a name of its own and fields below it, and none right below themselves;
/// `None` is the document.
fn over_things(document: &Document<'_>) -> BTreeSet<Option<usize>> {
    let is_one = |at: &usize| {
        let title = document.title(*at);
        !is_structural(title) && read_title(title).is_some() && holds_fields(document, *at)
    };
    let parents =
        (0..document.sections.len()).filter(is_one).map(|it| document.sections[it].parent);
    let mut over: BTreeSet<Option<usize>> = parents.collect();
    over.retain(|it| it.is_none_or(|parent| !holds_fields(document, parent)));
    over
}

fn holds_fields(document: &Document<'_>, section: usize) -> bool {
    document.blocks_of(section).any(|(_, block)| Described::of(&block.kind).is_some())
}

/// The two names in "Users & Roles".
fn of_people(title: &str) -> Option<(&str, &str)> {
    let title = crate::entity_name::strip_numbering(title.trim());
    let (first, second) = title.split_once(" & ").or_else(|| title.split_once(" and "))?;
    let is_name = |text: &str| {
        text.starts_with(char::is_uppercase) && text.chars().all(char::is_alphanumeric)
    };
    (is_name(first) && is_name(second)).then_some((first, second))
}

/// What a heading says of its thing: "Customer" in "Customer Management" and "Customer Representation".
fn managed(title: &str) -> Option<&str> {
    const ENDS: &[&str] = &["management", "representation", "structure", "definition"];
    let title = crate::entity_name::strip_numbering(title.trim());
    let (thing, end) = title.rsplit_once(' ')?;
    let is_end = ENDS.contains(&end.to_lowercase().as_str());
    (is_end && thing.chars().all(|c| c.is_alphanumeric() || c == ' ')).then_some(thing)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn topics_over_typed_fields_are_things() {
        check(
            "# Stage\n\n## Performance\n\n- **id**: UUID, required\n- **starts_at**: timestamp, required\n- **hall**: string\n\n### Indexes\n\n- `starts_at`\n\n## 2. Machine\n\nA machine on the stage.\n\n- `id` (integer)\n- `name` (string, required)\n\n## Notification Settings\n\n- id: uuid\n- sound: boolean\n\n## Storage\n\n### Fields\n\n- id: uuid\n- room: string\n\n## Seat Management\n\n- id: uuid\n- row: integer\n\n## Users & Roles\n\n- id: uuid\n- role: string\n\n## Price Rule Representation\n\n- `kind` (text): what it is of\n- `amount` (decimal): how much\n- `active` (boolean): whether it holds\n\n## Rules\n\n- id: uuid\n- text: string\n",
            &expect![[r#"
                3 bullet-fields  entity Performance
                5 bullet-fields  field Performance.id UUID required
                6 bullet-fields  field Performance.starts_at timestamp required
                7 bullet-fields  field Performance.hall string
                11 index-list  read "Performance by starts_at" of Performance by starts_at range [inferred: an index is asked for with its use]
                11 index-list  index on Performance (starts_at)
                13 bullet-fields  entity Machine -- A machine on the stage.
                17 bullet-fields  field Machine.id integer
                18 bullet-fields  field Machine.name string required
                20 bullet-fields  entity Notification Settings
                22 bullet-fields  field Notification Settings.id uuid
                23 bullet-fields  field Notification Settings.sound boolean
                25 bullet-fields  entity Storage
                29 bullet-fields  field Storage.id uuid
                30 bullet-fields  field Storage.room string
                32 bullet-fields  entity Seat
                34 bullet-fields  field Seat.id uuid
                35 bullet-fields  field Seat.row integer
                37 bullet-fields  entity Users
                39 bullet-fields  field Users.id uuid
                40 bullet-fields  field Users.role string
                42 bullet-fields  entity Price Rule
                44 bullet-fields  field Price Rule.kind text -- what it is of
                45 bullet-fields  field Price Rule.amount decimal -- how much
                46 bullet-fields  field Price Rule.active boolean -- whether it holds
                48 bullet-fields  entity Rules
                50 bullet-fields  field Rules.id uuid
                51 bullet-fields  field Rules.text string
            "#]],
        );
    }

    #[test]
    fn a_thing_that_is_called_as_what_is_said_of_others() {
        check(
            "## Index\n\n- id: uuid\n- text: string\n\n## Policies\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Documents\n\n### Constraints\n\n- title: string, required\n- size: integer\n",
            &expect![[r#"
                1 bullet-fields  entity Index
                3 bullet-fields  field Index.id uuid
                4 bullet-fields  field Index.text string
                6 field-table  entity Policies
                10 field-table  field Policies.id uuid
                16 rule-bullets  rule *: title: string, required
                17 rule-bullets  rule *: size: integer
            "#]],
        );
    }

    #[test]
    fn chapters_stay_chapters() {
        check(
            "# Stage\n\n## Ticket\n\n- id: uuid\n- price: decimal\n\n### Validation\n\n- price: integer, above 0\n- id: uuid, required\n\n## Performance\n\n- **Latency**: p95 < 200 ms\n- **Caching**: Redis, 5 minutes\n\n## Security\n\n- **Authentication**: JWT\n- **Database**: PostgreSQL\n\n## Storage\n\n- **Files**: S3, 10 GB\n- **Cache**: text only\n\n## Users & Guests\n\n- id: uuid\n- name: string\n",
            &expect![[r#"
                3 bullet-fields  entity Ticket
                5 bullet-fields  field Ticket.id uuid
                6 bullet-fields  field Ticket.price decimal
                10 rule-bullets  rule Ticket: price: integer, above 0
                11 rule-bullets  rule Ticket: id: uuid, required
                30 R003 `id: uuid` looks like a field and was not understood
                31 R003 `name: string` looks like a field and was not understood
            "#]],
        );
    }

    #[test]
    fn words_for_a_part_of_a_description_among_things() {
        check(
            "# Homes\n\n## Entities\n\n### Owner\n\n- id: uuid\n- name: string\n\n### Property\n\n- id: uuid\n- street: string\n\n### Model\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Visit\n\n### Rules\n\n- Visits end.\n\n### Table\n\n- id: uuid\n- at: date\n",
            &expect![[r#"
                5 entity-headings  entity Owner
                7 bullet-fields  field Owner.id uuid
                8 bullet-fields  field Owner.name string
                10 entity-headings  entity Property
                12 bullet-fields  field Property.id uuid
                13 bullet-fields  field Property.street string
                15 field-table  entity Model
                19 field-table  field Model.id uuid
                21 bullet-fields  entity Visit
                25 rule-bullets  rule Visit: Visits end
                29 bullet-fields  field Visit.id uuid
                30 bullet-fields  field Visit.at date
            "#]],
        );
    }
}
