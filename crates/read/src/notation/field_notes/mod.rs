//! Short notes about an entity: "Horse: name, breed, chip number (unique)", or a list of such words
//! under its heading.
//!
//! Nothing but its shape says what such a note is. So it is taken only where its parts are mostly
//! properties, and more easily where several notes of the document have that shape.

mod around;
mod jot;
mod list;
mod mark;
mod name;
mod part;
mod rows;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::document::{BlockKind, Document, Inline, Item, List};
use crate::notation::endpoint_list::names_endpoint;
use crate::notation::entity_list::is_out_of_scope;
use crate::notation::field_table::mark_header;
use crate::notation::relationship_lines::{read_line, relates_owner};
use crate::notation::{Output, entity_fact};
use crate::words::{
    fold, is_identifier, lower_words, parenthesized, split_once_any, strip_prefix_ignoring_case,
};
use crate::{Fact, FieldFact, IndexFact, ReferenceFact};
use around::Around;
pub(in crate::notation) use name::{name_of, several};
use part::{Noted, noted, says_rule};
use rows::{enumerations, rows};

pub(super) const DOC: &str = "Short notes of an entity's fields: a line \"Horse: name, breed, chip number (unique)\", a row of a table \"Thing | What we keep\", or a list of such words under its heading.";

/// Whether a list holds endpoints, or the values of enumerations: "**Enums**".
fn is_of_others(document: &Document<'_>, index: usize, list: &List) -> bool {
    let is_call = |item: &Item| names_endpoint(item.content.text.trim());
    let calls = list.items.iter().filter(|item| is_call(item)).count();
    let of_values = document.lead(index).is_some_and(|lead| {
        let words = lower_words(lead);
        words.last().is_some_and(|word| matches!(word.as_str(), "enums" | "enumerations"))
    });
    calls > 0 || of_values
}

/// What may be the fields of a thing.
struct Note {
    name: String,
    /// The heading that names it, where it is not the line itself.
    section: Option<usize>,
    /// Where its name stands, where that is neither a heading nor the line itself.
    head: Option<Range<usize>>,
    lines: Vec<(Noted, Range<usize>)>,
    /// The sentence before it on the same line.
    before: Option<String>,
    /// How sure its place makes it.
    place: Place,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The header of a table says that it lists fields.
    Table,
    /// A line of its own.
    Line,
    /// A list under a heading.
    List,
    /// A list with marks that only fields have.
    Jotted,
}

impl Note {
    /// "`goals`: `id` (PK), `targetAmount`": what begins with its key has columns.
    fn is_keyed(&self) -> bool {
        self.lines.first().is_some_and(|(noted, _)| {
            let is_key = |field: &FieldFact| {
                // "User: id, email, name" are columns, too.
                field.primary_key == Some(true) || field.name == "id" && noted.fields.len() >= 3
            };
            noted.fields.len() > 1 && noted.others == 0 && is_key(&noted.fields[0])
        })
    }

    /// Whether one of its lines is the key that each row has: "id: UUID (PK)".
    fn has_key(&self) -> bool {
        let mut fields = self.lines.iter().flat_map(|(noted, _)| &noted.fields);
        fields.any(|field| field.name.eq_ignore_ascii_case("id"))
    }

    /// How many lines it takes, with its name.
    fn height(&self) -> usize {
        self.lines.len() + usize::from(self.head.is_some())
    }

    fn count(&self, of: impl Fn(&Noted) -> usize) -> usize {
        self.lines.iter().map(|(noted, _)| of(noted)).sum()
    }
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let known = &*out;
    let found = document.find_in_blocks(|index, found| {
        let mut notes = Vec::new();
        let block = &document.blocks[index];
        if is_out_of_scope(document, block.section) {
            return;
        }
        match &block.kind {
            BlockKind::Paragraph(inline) => {
                let named = under_name(document, inline, known);
                if named.is_none() {
                    for line in &inline.lines {
                        notes.extend(note(document, &line.text, line.range.clone(), known));
                    }
                }
                notes.extend(named);
            }
            BlockKind::List(list) if is_of_others(document, index, list) => {}
            BlockKind::List(list) => {
                let mut under = list::notes(document, index, list, known);
                if under.is_empty() {
                    under.extend(under_heading(document, index, list, known));
                }
                if under.is_empty() {
                    for item in list.items.iter().filter(|it| it.depth == 0) {
                        let range = item.content.range();
                        notes.extend(note(document, &item.content.text, range, known));
                    }
                }
                notes.extend(under);
            }
            BlockKind::Table(table) => notes.extend(rows(document, table, &block.range, known)),
            BlockKind::Code(_) => {}
        }
        if !notes.is_empty() {
            found.push((block, notes));
        }
    });
    let mut notes = Vec::new();
    for (block, of_block) in found {
        if let BlockKind::Table(table) = &block.kind {
            mark_header(document, table, &block.range, out);
            for (name, values, range) in enumerations(table) {
                out.state(document, document.span(range), Fact::Enumeration { name, values });
            }
        }
        notes.extend(of_block);
    }
    let notes = accepted(document, notes, out);
    for note in &notes {
        if out.known.get(&note.name).is_none() {
            let range = match (note.section, &note.head) {
                (Some(section), _) => document.sections[section].range.clone(),
                (None, Some(head)) => head.clone(),
                (None, None) => note.lines[0].1.clone(),
            };
            out.state(document, document.span(range), entity_fact(&note.name));
        }
        if let Some(section) = note.section {
            out.set_subject(section, &note.name);
        }
    }
    for note in notes {
        state(document, note, out);
    }
}

/// The note that a line holds, in its last sentence: "Dogs belong to an owner. Dog: name, breed".
fn note(document: &Document<'_>, text: &str, range: Range<usize>, out: &Output) -> Option<Note> {
    if text.len() > 600 || !text.contains(',') || !out.is_open(document, range.start) {
        return None;
    }
    let (head, rest) =
        split_once_any(text, &[": ", " - ", " – ", " — ", " = "]).or_else(|| signature(text))?;
    let (before, head) = match head.rsplit_once(". ") {
        Some((before, head)) => (Some(before.to_owned()), head),
        None => (None, head),
    };
    let name = name_of(head.trim())?;
    let noted = noted(rest, out);
    let is_list = noted.fields.len() >= 2;
    let lines = vec![(noted, range)];
    is_list.then_some(Note { name, section: None, head: None, lines, before, place: Place::Line })
}

/// A name on a line of its own, and its fields between commas on the next.
fn under_name(document: &Document<'_>, inline: &Inline, out: &Output) -> Option<Note> {
    let [head, fields] = &*inline.lines else { return None };
    let name = name_of(head.text.trim()).filter(|_| lower_words(&head.text).len() <= 2)?;
    if !fields.text.contains(',') || !out.is_open(document, fields.range.start) {
        return None;
    }
    let noted = noted(&fields.text, out);
    let lines = vec![(noted, fields.range.clone())];
    (lines[0].0.fields.len() >= 3).then_some(Note {
        name,
        section: None,
        head: Some(head.range.clone()),
        lines,
        before: None,
        place: Place::Line,
    })
}

/// "device(id uuid, label text)": a name with its columns in brackets, as a function has its parameters.
fn signature(text: &str) -> Option<(&str, &str)> {
    let (head, inside, after) = parenthesized(text.trim())?;
    let is_whole = after.trim_end_matches([';', '.']).trim().is_empty();
    (is_whole && is_identifier(head.trim())).then_some((head, inside))
}

/// The note that a list under a heading or a label is, if each of its items is short.
fn under_heading(document: &Document<'_>, index: usize, list: &List, out: &Output) -> Option<Note> {
    let (name, section, head) = match list::line_before(document, index) {
        Some(head) => (head.name, None, Some(head.place)),
        None => {
            let section = document.blocks[index].section?;
            (name_of(document.title(section))?, Some(section), None)
        }
    };
    let is_flat = list.items.iter().all(|item| item.depth == 0);
    let is_short = |text: &str| text.len() <= 120 && lower_words(text).len() <= 14;
    let is_open = |range: Range<usize>| out.is_open(document, range.start);
    let are_notes = list.items.len() >= 2
        && list
            .items
            .iter()
            .all(|item| is_short(&item.content.text) && is_open(item.content.range()));
    // Words before the list say what it is; only "has", "fields" and the like leave it to the heading.
    let is_led = document.lead(index).is_some_and(|lead| lower_words(lead).len() > 1);
    if !is_flat || !are_notes || is_led && head.is_none() {
        return None;
    }
    let lines: Vec<(Noted, Range<usize>)> = list
        .items
        .iter()
        .map(|item| (noted(&item.content.text, out), item.content.range()))
        .collect();
    let is_list = lines.iter().filter(|(noted, _)| !noted.fields.is_empty()).count() >= 2;
    // "accepted: the request was stored" explains a word; a list of those may be of anything.
    let explains = |text: &str| {
        text.split_once(": ")
            .is_some_and(|(_, more)| !more.contains([',', '/', '|']) && lower_words(more).len() > 1)
    };
    let explained = list.items.iter().filter(|item| explains(&item.content.text)).count();
    let is_list = is_list && explained * 2 < list.items.len();
    is_list.then_some(Note { name, section, head, lines, before: None, place: Place::List })
}

/// The notes that list fields, as far as their shapes and their number tell.
fn accepted(document: &Document<'_>, notes: Vec<Note>, out: &Output) -> Vec<Note> {
    let names: BTreeSet<String> = notes.iter().map(|note| fold(&note.name)).collect();
    let is_thing = |name: &str| names.contains(&fold(name)) || out.known.get(name).is_some();
    let strength = |note: &Note| {
        let of_thing = |noted: &Noted| {
            noted.fields.iter().filter(|field| is_thing(&field.name)).count() + noted.properties
        };
        note.count(of_thing)
    };
    let looks_right = |note: &Note| {
        let properties = note.count(|noted| noted.properties);
        let (strength, others) = (strength(note), note.count(|noted| noted.others));
        let parts = note.count(|noted| noted.fields.len()) + others;
        let enough = match note.place {
            Place::Table | Place::Line => strength >= 2 || strength * 2 >= parts,
            Place::List => strength >= 3 && strength * 2 >= parts,
            Place::Jotted => true,
        };
        note.is_keyed() || properties > 0 && enough && others * 2 <= parts
    };
    let alike = notes.iter().filter(|note| looks_right(note)).count();
    // Among headings of one level, where fields stand under one, the others hold theirs.
    let has_fields =
        |section: &usize| out.named_by(*section).is_some_and(|entity| out.has_fields(&entity));
    let beside: BTreeSet<Option<usize>> = (0..document.sections.len())
        .filter(has_fields)
        .map(|section| document.sections[section].parent)
        .collect();
    let is_beside = |note: &Note| {
        let parent = note.section.map(|section| document.sections[section].parent);
        let fields = note.count(|noted| noted.fields.len());
        parent.is_some_and(|parent| beside.contains(&parent))
            && strength(note) >= 3
            && note.count(|noted| noted.others) < fields
    };
    let around = Around::of(document, notes.iter().filter(|note| looks_right(note)));
    // A document that describes its entities otherwise needs no guesses.
    let is_described_otherwise = out.has_any_field();
    notes
        .into_iter()
        .filter(|note| {
            let known = out.known.get(&note.name);
            // What a more exact notation describes is only paraphrased here.
            let is_described = known.is_some_and(|entity| out.has_fields(entity));
            let is_sure = !is_described_otherwise || note.is_keyed();
            let is_new = alike >= 2 && is_sure && (note.is_keyed() || around.is_jotted(note));
            let is_wanted = known.is_some() || is_new;
            let by_place = matches!(note.place, Place::Table | Place::Jotted);
            // A list that begins with its key is exact itself, and adds to what others say.
            let is_exact = matches!(note.place, Place::Jotted) && note.has_key();
            (!is_described || is_exact)
                && (by_place || is_beside(note) || is_wanted && looks_right(note))
        })
        .collect()
}

/// States the fields, now that all things are known by name: a part that names one refers to it.
fn state(document: &Document<'_>, note: Note, out: &mut Output) {
    let Some(entity) = out.known.get(&note.name).map(str::to_owned) else { return };
    for (noted, range) in note.lines {
        let span = document.span(range.clone());
        let transitions = noted.transitions(&entity);
        for mut field in noted.fields {
            if let Some(fact) = several(&entity, &field, out) {
                out.state(document, span, fact);
                continue;
            }
            if field.references.is_none() && field.type_text.is_none() {
                let said = field.description.as_deref().and_then(|said| out.known.get(said));
                field.references = said.or_else(|| target(&field.name, out)).map(|target| {
                    ReferenceFact { entity: target.to_owned(), field: None, on_delete: None }
                });
            }
            out.state(document, span, Fact::Field { entity: entity.clone(), field });
        }
        for fact in transitions {
            out.state(document, span, fact);
        }
        for column in noted.indexed {
            let fact = Fact::Index(IndexFact {
                entity: entity.clone(),
                name: None,
                columns: vec![column],
                unique: false,
                method: None,
                purpose: None,
            });
            out.state(document, span, fact);
        }
        let (related, rules): (Vec<_>, Vec<_>) =
            noted.rules.into_iter().partition(|text| relates_owner(text));
        for text in related {
            read_line(document, &text, range.clone(), Some(&entity), true, out);
        }
        for text in rules {
            let fact = Fact::Rule { entity: Some(entity.clone()), field: None, text };
            out.state(document, span, fact);
        }
        for text in noted.said {
            if says_rule(&text) {
                let fact = Fact::Rule { entity: Some(entity.clone()), field: None, text };
                out.state(document, span, fact);
            } else {
                read_line(document, &text, range.clone(), Some(&entity), false, out);
            }
        }
        // "Dogs belong to an owner. Dog: name, breed": this notation takes the whole line.
        if let Some(before) = &note.before {
            read_line(document, before, range, Some(&entity), false, out);
        }
    }
}

/// The thing that a field's name is, perhaps in a role: "owner", "from account".
fn target<'o>(name: &str, out: &'o Output) -> Option<&'o str> {
    let thing = ["from ", "to "].iter().find_map(|lead| strip_prefix_ignoring_case(name, lead));
    out.known.get(name).or_else(|| out.known.get(thing?))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn one_line_for_an_entity() {
        check(
            "# Surgery\n\nowners: name, email (unique), phone?\ndogs belong to an owner. Dog: name, born, sex: male/female\ninvoices - one per visit, total in cents, paid or not\nvisits: dog, starts at, room, never two at once\n",
            &expect![[r#"
                3 field-notes  entity owners
                3 field-notes  field owners.name
                3 field-notes  field owners.email unique
                3 field-notes  field owners.phone optional
                4 field-notes  entity Dog
                4 field-notes  field Dog.name
                4 field-notes  field Dog.born
                4 field-notes  field Dog.sex [male | female]
                4 field-notes  relationship owners 1:N Dog
                5 field-notes  entity invoices
                5 field-notes  field invoices.visit unique -> visits
                5 field-notes  field invoices.total -- in cents
                5 field-notes  field invoices.paid boolean
                6 field-notes  entity visits
                6 field-notes  field visits.dog -> Dog
                6 field-notes  field visits.starts at
                6 field-notes  field visits.room {never two at once}
            "#]],
        );
    }

    #[test]
    fn lines_that_follow_each_other() {
        check(
            "# Kennel\n\nDogs: name, breed?, chip no (unique)\nOwner - name, phone (PII)\n- a dog has one owner\n- **stay**: dog, from, to, price 12.50 EUR, status: booked, in, out\nbooked -> in -> out\nWe look up: stays of a dog; owners by phone\n",
            &expect![[r#"
                3 field-notes  entity Dogs
                3 field-notes  field Dogs.name
                3 field-notes  field Dogs.breed optional
                3 field-notes  field Dogs.chip no unique
                4 field-notes  entity Owner
                4 field-notes  field Owner.name
                4 field-notes  field Owner.phone -- PII
                5 relationship-lines  relationship Owner 1:N Dogs
                6 field-notes  entity stay
                6 field-notes  field stay.dog -> Dogs
                6 field-notes  field stay.from
                6 field-notes  field stay.to
                6 field-notes  field stay.price -- such as 12.50 EUR
                6 field-notes  field stay.status [booked | in | out]
                7 transition-list  transition stay.status: booked -> in
                7 transition-list  transition stay.status: in -> out
                8 query-list  read "stays of a dog" of stay by dog = ? [inferred: a list of queries names it]
                8 query-list  read "owners by phone" of Owner by phone = ? [inferred: a list of queries names it]
            "#]],
        );
        // A line that was wrapped stays a part of its item.
        check(
            "# Kennel\n\nDogs: name, color, phone\nCats: name, color, phone\n\n- what we know of cats is little, and hardly ever do we learn of\nDogs: age, born\n",
            &expect![[r#"
                3 field-notes  entity Dogs
                3 field-notes  field Dogs.name
                3 field-notes  field Dogs.color
                3 field-notes  field Dogs.phone
                4 field-notes  entity Cats
                4 field-notes  field Cats.name
                4 field-notes  field Cats.color
                4 field-notes  field Cats.phone
            "#]],
        );
    }

    #[test]
    fn marks_without_brackets_and_sentences_behind() {
        check(
            "# Gym\n\nMember: name, email (unique, case does not matter), phone optional\nHall: name unique, capacity > 0\nCard: member, code (8 uppercase letters or digits, unique), visits_left (0 to 10)\nPass: member, status (pending -> active -> frozen -> active, active -> ended). A member has at most one active pass. Sold at the desk.\n",
            &expect![[r#"
                3 field-notes  entity Member
                3 field-notes  field Member.name
                3 field-notes  field Member.email unique {case does not matter}
                3 field-notes  field Member.phone optional
                4 field-notes  entity Hall
                4 field-notes  field Hall.name unique
                4 field-notes  field Hall.capacity {> 0}
                5 field-notes  entity Card
                5 field-notes  field Card.member -> Member
                5 field-notes  field Card.code unique {8 uppercase letters or digits}
                5 field-notes  field Card.visits_left {0 to 10}
                6 field-notes  entity Pass
                6 field-notes  field Pass.member -> Member
                6 field-notes  field Pass.status
                6 field-notes  transition Pass.status: pending -> active
                6 field-notes  transition Pass.status: active -> frozen
                6 field-notes  transition Pass.status: frozen -> active
                6 field-notes  transition Pass.status: active -> ended
                6 field-notes  rule Pass: A member has at most one active pass
            "#]],
        );
    }

    #[test]
    fn bold_names_under_a_title() {
        check(
            "# Billing\n\n## Data\n\n- **Customer**: id, email, company name.\n- **Invoice**: id, customer, number, paid at (optional).\n",
            &expect![[r#"
                5 field-notes  entity Customer
                5 field-notes  field Customer.id
                5 field-notes  field Customer.email
                5 field-notes  field Customer.company name
                6 field-notes  entity Invoice
                6 field-notes  field Invoice.id
                6 field-notes  field Invoice.customer -> Customer
                6 field-notes  field Invoice.number
                6 field-notes  field Invoice.paid at optional
            "#]],
        );
        // Values are no fields of things.
        check(
            "# Order\n\n## Fields\n\n- **Status**: draft, open, paid\n- **Kind**: small, large, huge\n",
            &expect![[r#"
                1 bullet-fields  entity Order
                5 bullet-fields  field Order.Status [draft | open | paid]
                6 bullet-fields  field Order.Kind [small | large | huge]
            "#]],
        );
    }

    #[test]
    fn lists_under_headings() {
        check(
            "# Ledger\n\n## Accounts\n- number (IBAN, unique)\n- owner name\n- balance in cents, never negative\n- status: open, frozen\n\n## Transfers\n- from account, to account (must differ)\n- amount in cents, > 0\n- executed at (only when executed)\n- state: asked -> executed or refused\n\n## Benefits\n- fast transfers\n- low price\n",
            &expect![[r#"
                3 field-notes  entity Accounts
                4 field-notes  field Accounts.number unique
                5 field-notes  field Accounts.owner name
                6 field-notes  field Accounts.balance {never negative} -- in cents
                7 field-notes  field Accounts.status [open | frozen]
                9 field-notes  entity Transfers
                10 field-notes  field Transfers.from account -> Accounts
                10 field-notes  field Transfers.to account -> Accounts {must differ}
                11 field-notes  field Transfers.amount {> 0} -- in cents
                12 field-notes  field Transfers.executed at optional {only when executed} -- only when executed
                13 field-notes  field Transfers.state
                13 field-notes  transition Transfers.state: asked -> executed
                13 field-notes  transition Transfers.state: asked -> refused
            "#]],
        );
    }

    #[test]
    fn lists_of_other_things() {
        check(
            "# Service\n\nStack: React, Node, a name server\nInput: name, email\nRoles: admin, user\nThe sign-up: name, email, then confirm by mail\nThemes: light, dark\nContact: ask for the date, call by phone\n",
            &expect![[r#"
                5 prose-entities  entity User
                5 prose-role  field User.role enum [admin | user]
            "#]],
        );
    }

    #[test]
    fn one_line_in_ten_is_a_requirement_as_the_others_are() {
        check(
            "# Club\n\n## Panel\n\n- Managers can suspend members.\n- Clubs are listed by city.\n- Settings — site name, contact email, time zone.\n- Audit of all that is done.\n- Charts of visits.\n- Members can post notices.\n- Exports: member list, name list, email list.\n",
            &expect![[r#"
                5 prose-entities  entity Member
                7 prose-entities  entity Setting
                7 prose-inline-fields  field Setting.site name
                7 prose-inline-fields  field Setting.contact email
                7 prose-inline-fields  field Setting.time zone
                10 prose-entities  candidate Notice -- Members can post notices.
            "#]],
        );
    }

    #[test]
    fn marks_of_keys_behind_names() {
        check(
            "# Tables\n\nbooks: isbn (pk), title\nloans: id pk, book_isbn fk, member_id FK, shelf fk→shelves, due_on\n",
            &expect![[r#"
                3 field-notes  entity books
                3 field-notes  field books.isbn primary key
                3 field-notes  field books.title
                4 field-notes  entity loans
                4 field-notes  field loans.id primary key
                4 field-notes  field loans.book_isbn {foreign key}
                4 field-notes  field loans.member_id {foreign key}
                4 field-notes  field loans.shelf -> shelves
                4 field-notes  field loans.due_on
            "#]],
        );
    }

    #[test]
    fn fields_as_any_list_writes_them() {
        check(
            "# Bench tool\n\nbench:\n- name text\n- status: string (`open`, `shut`), default `open`\n- tone: Enum<low, high>\n- email: string | null\n- lat: number (-90 to 90)\n",
            &expect![[r#"
                3 bullet-fields  entity bench
                4 bullet-fields  field bench.name text
                5 bullet-fields  field bench.status string default open [open | shut]
                6 bullet-fields  field bench.tone enum [low | high]
                7 bullet-fields  field bench.email string optional
                8 bullet-fields  field bench.lat number {-90 to 90}
            "#]],
        );
    }
}
