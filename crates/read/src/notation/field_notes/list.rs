//! Lists of fields that are jotted down under the name of a thing: its heading, a line before the list, or the item that
//! they stand in.

use std::ops::Range;

use crate::document::{BlockKind, Document, Item, List};
use crate::entity_name::{is_structural, read_title};
use crate::notation::Output;
use crate::notation::bullet_fields::{Label, label, leads_several};
use crate::notation::state_chain::{Chain, chain};
use crate::prose::is_property_noun;
use crate::words::{lower_words, split_top};

use super::jot::{Jot, jot};
use super::name::name_of;
use super::part::{Noted, noted, says_rule};
use super::{Note, Place};

/// Items of more words are sentences.
const LONGEST: usize = 16;

/// The notes that a list holds, each under its name.
pub(super) fn notes(document: &Document<'_>, index: usize, list: &List, out: &Output) -> Vec<Note> {
    // "Indexes: `by_owner`" among the fields lists none.
    let is_other = |item: &Item| {
        let head = item.content.text.split_once(':').map(|(head, _)| head.trim());
        head.is_some_and(|it| !it.contains(' ') && it.starts_with(char::is_uppercase))
            && head.is_some_and(|it| label(it) == Label::Other)
    };
    let tops: Vec<&Item> =
        list.items.iter().filter(|item| item.depth == 0 && !is_other(item)).collect();
    if tops.iter().all(|item| !item.has_children) {
        let head = line_before(document, index).or_else(|| heading(document, index, out));
        return head.and_then(|head| note(document, head, &tops, out)).into_iter().collect();
    }
    let of_thing = |at: usize, is_sure: bool| {
        let item = &list.items[at];
        let name = name_of(item.content.text.trim().trim_end_matches(':'))
            .filter(|_| item.depth == 0 && item.has_children)?;
        let parts: Vec<&Item> = list.items.iter().filter(|it| it.parent == Some(at)).collect();
        let is_flat = parts.iter().all(|it| !it.has_children);
        let head =
            Head { name, section: None, place: item.content.range(), is_sure, is_anywhere: false };
        if is_flat { note(document, head, &parts, out) } else { None }
    };
    let notes: Vec<Option<Note>> = (0..list.items.len()).map(|at| of_thing(at, false)).collect();
    // Beside two things with their fields, an item with a list like theirs is one as well; beside one, where nothing else
    // stands among them.
    let are_all_things = tops.len() > 1 && tops.iter().all(|item| item.has_children);
    let is_among = notes.iter().flatten().count() >= if are_all_things { 1 } else { 2 };
    let notes = notes.into_iter().enumerate();
    notes
        .filter_map(|(at, note)| note.or_else(|| of_thing(at, true).filter(|_| is_among)))
        .collect()
}

/// What names the thing whose fields a list holds.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) section: Option<usize>,
    pub(super) place: Range<usize>,
    /// Whether it is known that it names one.
    is_sure: bool,
    /// Whether the heading above may be about anything, such as alerts.
    is_anywhere: bool,
}

/// One or two words on the line before a list, where no heading says what it is of.
pub(super) fn line_before(document: &Document<'_>, index: usize) -> Option<Head> {
    let block = &document.blocks[index];
    let before = &document.blocks[index.checked_sub(1)?];
    let is_below_title = block.section.is_none_or(|section| {
        document.sections[section].level == 1 || is_structural(document.title(section))
    });
    let is_among_labels = block
        .section
        .is_some_and(|section| !document.is_thing(section) && leads_several(document, section));
    let BlockKind::Paragraph(inline) = &before.kind else { return None };
    let line = inline.lines.last().filter(|_| before.section == block.section)?;
    let text = line.text.trim().trim_end_matches(':');
    let is_name = lower_words(text).len() <= 2 && inline.lines.len() == 1;
    let name = name_of(text).filter(|_| is_name && (is_below_title || is_among_labels))?;
    let place = line.range.clone();
    Some(Head { name, section: None, place, is_sure: false, is_anywhere: !is_below_title })
}

/// The heading of the section in which the list stands first.
fn heading(document: &Document<'_>, index: usize, out: &Output) -> Option<Head> {
    let section = document.blocks[index].section?;
    let is_first = index == 0 || document.blocks[index - 1].section != Some(section);
    let text = document.title(section);
    let title = read_title(text).filter(|it| is_first && it.not_stored.is_none())?;
    let name = name_of(&title.name)?;
    let is_sure = out.known.get(&name).is_some() || title.explicit;
    let is_below = document.sections[section].level > 1
        || document.sections.iter().filter(|it| it.level == 1).count() > 1;
    let place = document.sections[section].range.clone();
    (is_below && !is_structural(text) && (is_sure || !names_measures(text))).then_some(Head {
        name,
        section: Some(section),
        place,
        is_sure,
        is_anywhere: false,
    })
}

/// Whether a heading says that numbers follow which something is held against: "Performance targets".
fn names_measures(heading: &str) -> bool {
    lower_words(heading).last().is_some_and(|word| {
        matches!(
            word.as_str(),
            "targets"
                | "metrics"
                | "goals"
                | "kpis"
                | "limits"
                | "benchmarks"
                | "slas"
                | "slos"
                | "budgets"
                | "objectives"
        )
    })
}

/// The fields in the items of a list, where their marks leave no doubt that they are fields.
fn note(document: &Document<'_>, head: Head, items: &[&Item], out: &Output) -> Option<Note> {
    if !items.iter().all(|item| out.is_open(document, item.content.range().start)) {
        return None;
    }
    let read: Vec<(Option<Jot>, &Item)> = items
        .iter()
        .map(|item| {
            let text = item.content.text.trim();
            let is_short = lower_words(text).len() <= LONGEST;
            (is_short.then(|| steps(text).or_else(|| jot(text))).flatten(), *item)
        })
        .collect();
    let jots = || read.iter().filter_map(|(jot, _)| jot.as_ref());
    let whole = jots().filter(|jot| jot.unread.is_empty()).count();
    let signs: usize = jots().map(|jot| jot.signs).sum();
    let fields: usize = jots().map(|jot| jot.fields.len()).sum();
    let is_property =
        |name: &str| lower_words(name).last().is_some_and(|word| is_property_noun(word));
    let has_life = jots().any(|jot| jot.fields.is_empty() && !jot.moves.is_empty());
    let of_fields = has_life
        || jots().flat_map(|jot| &jot.fields).any(|field| {
            is_property(&field.name)
                || field.type_text.is_some()
                || field.references.is_some()
                || !field.enum_values.is_empty()
        });
    // What else is said of the thing stands among them: "no two at once".
    let others =
        read.iter().filter(|(jot, item)| jot.is_none() && !says_rule(&item.content.text)).count();
    let count = jots().count() + others;
    let properties = jots().flat_map(|jot| &jot.fields).filter(|it| is_property(&it.name)).count();
    // Beside others with their fields, words for properties are as good as marks.
    let is_plain = properties * 2 >= fields && items.len() >= 3;
    let enough = signs >= 2 && signs * 3 >= fields
        || head.is_sure && (signs >= 1 || is_plain && !head.is_anywhere);
    if items.len() < 2 || !enough || !of_fields || whole * 10 < count * 6 || count * 2 < items.len()
    {
        return None;
    }
    let lines = read.into_iter().map(|(jot, item)| {
        let text = item.content.text.trim();
        let other = || Some(noted(text, out)).filter(|it| !it.fields.is_empty());
        let noted = match jot.filter(|jot| jot.unread.is_empty()).map(Noted::jotted).or_else(other)
        {
            Some(noted) => noted,
            None => Noted { said: vec![text.trim_end_matches('.').to_owned()], ..Noted::default() },
        };
        (noted, item.content.range())
    });
    Some(Note {
        lines: lines.collect(),
        name: head.name,
        section: head.section,
        head: Some(head.place),
        before: None,
        place: if head.is_anywhere { Place::List } else { Place::Jotted },
    })
}

/// The steps of a life whose field is not named, as an item of its own among the fields: "loading -> running -> cooled, running ->
/// failed". One arrow between two words may lead from a field to what it refers to.
fn steps(text: &str) -> Option<Jot> {
    let text = text.trim_end_matches('.');
    if text.contains([':', '_', '.', '(']) {
        return None;
    }
    let chains: Option<Vec<_>> = split_top(text, &[',', ';']).into_iter().map(chain).collect();
    let chains = chains?;
    let pairs = || chains.iter().flat_map(Chain::pairs);
    let states = || pairs().flat_map(|(from, to)| [from, to]);
    // "Runs scrape -> parse -> rank" is a sentence.
    let capitals = states().filter(|it| it.starts_with(char::is_uppercase)).count();
    let is_alike = capitals == 0 || capitals == states().count();
    let are_words = is_alike && states().all(|it| it.split(' ').count() < 3);
    let moves = || pairs().map(|(from, to)| (String::new(), from.to_owned(), to.to_owned()));
    (are_words && pairs().count() > 1).then(|| Jot {
        moves: moves().collect(),
        signs: 2,
        ..Jot::default()
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn lists_under_labels_are_judged_together() {
        check(
            "## Stuff we keep\n\n**Customer**\n- full name (required)\n- phone, must be unique\n- email optional\n- marketing opt-in yes/no, default no\n\n**Dog**\n- belongs to a customer\n- name\n- birthday\n- weight in kg (up to 120)\n\n**Groomer**: name, hourly rate (EUR), active flag\n\n**Visit**\n- dog, groomer\n- starts at / ends at – ends must be after starts\n- price in cents\n- cancellation reason needed when cancelled\n\n## Who does what\n\n**Admin**\n- create users\n- see reports\n- email\n\n**Owner**\n- view visits\n- phone\n- pay\n",
            &expect![[r#"
                3 field-notes  entity Customer
                4 field-notes  field Customer.full name required
                5 field-notes  field Customer.phone unique
                6 field-notes  field Customer.email optional
                7 field-notes  field Customer.marketing opt-in boolean default no
                9 field-notes  entity Dog
                10 field-notes  relationship Customer 1:N Dog
                11 field-notes  field Dog.name
                12 field-notes  field Dog.birthday
                13 field-notes  field Dog.weight {up to 120} -- in kg
                15 field-notes  entity Groomer
                15 field-notes  field Groomer.name
                15 field-notes  field Groomer.hourly rate -- EUR
                15 field-notes  field Groomer.active flag
                17 field-notes  entity Visit
                18 field-notes  field Visit.dog -> Dog
                18 field-notes  field Visit.groomer -> Groomer
                19 field-notes  field Visit.starts at
                19 field-notes  field Visit.ends at {ends at after starts at}
                20 field-notes  field Visit.price -- in cents
                21 field-notes  field Visit.cancellation reason {required when cancelled}
                31 query-sentence  read "view visits" of Visit [inferred: a sentence asks for it]
            "#]],
        );
    }

    #[test]
    fn steps_among_the_fields() {
        check(
            "# Pottery\n\n## Things\n\n**Kiln**\n- name\n- broken yes/no\n\n**Firing**\n- kiln\n- fired at\n- loading -> running -> cooled, running -> failed\n\n**Pot**\n- firing - optional until fired\n- weight in grams\n- glaze -> glazes\n",
            &expect![[r#"
                9 field-notes  entity Firing
                10 field-notes  field Firing.kiln
                11 field-notes  field Firing.fired at
                12 field-notes  transition Firing: loading -> running
                12 field-notes  transition Firing: running -> cooled
                12 field-notes  transition Firing: running -> failed
                14 field-notes  entity Pot
                15 field-notes  field Pot.firing -> Firing {required when fired}
                16 field-notes  field Pot.weight -- in grams
                17 field-notes  field Pot.glaze -> glazes
            "#]],
        );
    }

    #[test]
    fn stars_under_headings() {
        check(
            "# Pool notes\n\n## Swimmers\n* name (required)\n* email - unique per club\n* birthday\n* status: active/paused/left (starts as active)\n\n## Lane booking\n- swimmer -> Swimmers\n- lane number 1-8\n- from / to timestamps, to after from\n- no two bookings of one lane may overlap\n",
            &expect![[r#"
                3 field-notes  entity Swimmers
                4 field-notes  field Swimmers.name required
                5 field-notes  field Swimmers.email {unique per club}
                6 field-notes  field Swimmers.birthday
                7 field-notes  field Swimmers.status default active [active | paused | left]
                9 field-notes  entity Lane booking
                10 field-notes  field Lane booking.swimmer -> Swimmers
                11 field-notes  field Lane booking.lane number {1 to 8}
                12 field-notes  field Lane booking.from timestamp
                12 field-notes  field Lane booking.to timestamp {to after from}
                13 field-notes  rule Lane booking: no two bookings of one lane may overlap
            "#]],
        );
    }

    #[test]
    fn names_on_a_line_before_and_items_inside() {
        check(
            "# bikes\n\nbike\n- frame no - string, unique\n- status (free|rented)\n- price per hour 0..100 EUR\n\nrental\n- FK bike, FK customer\n- started_at, ended_at (optional)\n- deposit > 0\n- max 3 open rentals per customer\n\n# Shows\n\n- Event\n  - title*\n  - starts, ends (ends > starts)\n  - seats: int, 1 to 5000\n  - state: planned -> held; planned -> cancelled\n- Venue\n  - name, unique\n  - address text req.\n",
            &expect![[r#"
                3 field-notes  entity bike
                4 field-notes  field bike.frame no string unique
                5 field-notes  field bike.status [free | rented]
                6 field-notes  field bike.price per hour {0 to 100}
                8 field-notes  entity rental
                9 field-notes  field rental.bike -> bike {foreign key}
                9 field-notes  field rental.customer {foreign key}
                10 field-notes  field rental.started_at
                10 field-notes  field rental.ended_at optional
                11 field-notes  field rental.deposit {> 0}
                12 field-notes  rule rental: max 3 open rentals per customer
                16 field-notes  entity Event
                17 field-notes  field Event.title
                18 field-notes  field Event.starts
                18 field-notes  field Event.ends {ends > starts}
                19 field-notes  field Event.seats int {1 to 5000}
                20 field-notes  field Event.state
                20 field-notes  transition Event.state: planned -> held
                20 field-notes  transition Event.state: planned -> cancelled
                21 field-notes  entity Venue
                22 field-notes  field Venue.name unique
                23 field-notes  field Venue.address text required
            "#]],
        );
    }

    #[test]
    fn headings_in_two_languages_and_as_wikis_write_them() {
        check(
            "== Mitglied / Member ==\n* Name (Pflicht)\n* E-Mail, eindeutig\n* Beitrag: 0..500 EUR\n* Status: aktiv | ruhend\n\n== Loan ==\n* copy (FK)\n* due date, required\n* text, max. 200 Zeichen\n* tax 1 = 1 per cent\n",
            &expect![[r#"
                1 field-notes  entity Mitglied
                2 field-notes  field Mitglied.Name required
                3 field-notes  field Mitglied.E-Mail unique
                4 field-notes  field Mitglied.Beitrag {0 to 500}
                5 field-notes  field Mitglied.Status [aktiv | ruhend]
                7 field-notes  entity Loan
                8 field-notes  field Loan.copy {foreign key}
                9 field-notes  field Loan.due date required
                10 field-notes  field Loan.text {at most 200 characters}
                11 field-notes  rule Loan: tax 1 = 1 per cent
            "#]],
        );
    }

    #[test]
    fn lists_of_other_things() {
        check(
            "# App\n\n## Checkout\n- fast (optional)\n- guest mode (optional)\n- gift wrap (required)\n\nshopping\n- milk\n- bread, 2 loaves\n\n- Monday\n  - clean up\n  - call Anna (optional)\n\n## Build\n- run make, then test\n- open -> close\n- see the wiki\n",
            &expect![""],
        );
    }

    #[test]
    fn headings_beside_one_with_fields() {
        check(
            "# Yard\n\n## Berth\n\n- id: uuid\n- code: text\n\n## Sailor\n\n- belongs to a club\n- name, email (unique!!), phone optional\n- state active|at sea|retired\n\n## Goals\n\n- fast pages, few clicks, no ads\n- stay simple\n",
            &expect![[r#"
                3 bullet-fields  entity Berth
                5 bullet-fields  field Berth.id uuid
                6 bullet-fields  field Berth.code text
                8 field-notes  entity Sailor
                11 field-notes  field Sailor.name
                11 field-notes  field Sailor.email unique
                11 field-notes  field Sailor.phone optional
                12 field-notes  field Sailor.state [active | at sea | retired]
            "#]],
        );
    }

    #[test]
    fn plain_words_beside_jotted_fields() {
        check(
            "# Assignment 3 - Requirements\n#### Of a student\n\n3.) Relevant data and limits for each activity:\n- Boat\n  - name, must be unique\n  - title\n  - colour(red, blue)\n  - phone(optional)\n- Trip\n  - title\n  - description\n  - start date\n  - skipper, must be a member\n  - CONSTRAINT - check the weather before it starts\n",
            &expect_test::expect![[r#"
                4 prose-entities  candidate Activity -- 3.) Relevant data and limits for each activity:
                5 field-notes  entity Boat
                6 field-notes  field Boat.name unique
                7 field-notes  field Boat.title
                8 field-notes  field Boat.colour [red | blue]
                9 field-notes  field Boat.phone optional
                10 field-notes  entity Trip
                11 field-notes  field Trip.title
                12 field-notes  field Trip.description
                13 field-notes  field Trip.start date
                14 field-notes  field Trip.skipper {must be a member}
                15 field-notes  rule Trip: CONSTRAINT - check the weather before it starts
            "#]],
        );
        check(
            "# Assignment 3 - Requirements\n#### Of a student\n\n- Boat\n  - name, must be unique\n  - title\n  - colour(red, blue)\n  - phone(optional)\n- Skippers\n  - steer boats\n  - write the log\n  - pay the fees\n",
            &expect_test::expect![[r#"
                4 field-notes  entity Boat
                5 field-notes  field Boat.name unique
                6 field-notes  field Boat.title
                7 field-notes  field Boat.colour [red | blue]
                8 field-notes  field Boat.phone optional
            "#]],
        );
    }

    #[test]
    fn numbers_to_reach_are_no_fields() {
        check(
            "# Yard\n\n### Performance Targets\n- Load of the board: < 1 second\n- Check of a trip: < 200ms\n- Update latency: < 500ms\n",
            &expect_test::expect![[""]],
        );
    }
}
