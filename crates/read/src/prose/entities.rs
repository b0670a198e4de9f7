//! The second phase begins: nouns with enough evidence are entities, and the best of the others are
//! asked about.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::is_deed;
use super::noun::{entity_name, is_generic};
use super::usual::{self, is_usual};
use super::{Evidence, Noun, lexicon};
use crate::document::Document;
use crate::notation::Output;
use crate::words::fold;
use crate::{EntityFact, EntityKind, Fact};

pub(crate) const DOC: &str =
    "Nouns that sentences, headings and lists together establish as things that are stored.";

/// Points from which a noun is an entity.
pub(super) const ENOUGH: u32 = 4;

/// Points for being what software usually keeps.
const USUAL: u32 = 2;

/// Points that a doubtful noun needs.
const ENOUGH_FOR_DOUBTFUL: u32 = 6;

/// Points that a noun needs of which nobody says that it is made or kept.
const ENOUGH_FOR_SOFT: u32 = 5;

/// Points that a noun needs which seldom names something stored.
const ENOUGH_FOR_SELDOM: u32 = 7;

/// Points from which there is no doubt that a noun is what the documents are about, and how many such nouns make
/// one that is said but once a word in passing.
const SURE: u32 = 7;
const SUBJECTS: usize = 3;

/// Points from which a noun is asked about.
const SUGGESTIVE: u32 = 3;

/// Points from which it is asked about where documents describe their entities otherwise.
const SUGGESTIVE_BESIDE_OTHERS: u32 = 6;

/// Questions about nouns in one reading; more would not be answered.
const QUESTIONS: usize = 12;

/// Points for being a thing that software usually keeps. A name of two words needs that somebody makes,
/// keeps or describes it; one of more is only a sort of what its last word names.
fn usual_points(noun: &Noun, name: &str) -> u32 {
    let words = name.split(' ').count();
    let is_done = noun.evidence.iter().any(|evidence| !evidence.is_soft());
    // "FIFO order".
    let is_short =
        noun.name.split(' ').next().is_some_and(|it| it.len() > 1 && it == it.to_uppercase());
    let is_name = words == 1 || words == 2 && is_done && !is_short && !name.contains('-');
    if is_name && is_usual(name) { USUAL } else { 0 }
}

/// Gives what speaks for "unit-level rental payments" to payments, where such a name is used but once:
/// it is a sort of them.
fn gather(out: &mut Output) {
    let prose = &mut out.prose;
    let known: BTreeSet<String> = prose.nouns.keys().cloned().collect();
    let mut sorts = Vec::new();
    for noun in prose.nouns.values_mut() {
        // "bed records" hold beds, where beds are spoken of.
        let whole = noun.name.strip_suffix(" Record").map(str::to_owned);
        if let Some(whole) = whole.filter(|it| known.contains(&fold(it)) && !is_generic(it)) {
            let place = (noun.document, noun.span, noun.quote.clone());
            sorts.push((whole, std::mem::take(&mut noun.evidence), place));
            continue;
        }
        let Some(head) = usual::head(&noun.name) else { continue };
        // "auto-generated work orders" are work orders, where those are spoken of.
        let whole = ends(&noun.name).find(|end| end.contains(' ') && known.contains(&fold(end)));
        let head = whole.map_or(head, str::to_owned);
        let is_long = noun.name.split(' ').count() > 2 || noun.name.contains('-');
        // "customer prescription": whose it is makes no other thing of it.
        let is_owned = is_owned(&noun.name) && !noun.evidence.iter().any(|it| it.is_outright());
        let is_sort = noun.uses <= 1 && (is_long || is_owned || known.contains(&fold(&head)));
        if is_sort && noun.points() < ENOUGH {
            let place = (noun.document, noun.span, noun.quote.clone());
            sorts.push((head, noun.evidence.clone(), place));
            if is_owned {
                noun.evidence.clear();
            }
        }
    }
    for (head, evidence, (document, span, quote)) in sorts {
        for evidence in evidence.into_iter().filter(|evidence| !evidence.is_soft()) {
            prose.note(&head, evidence, document, span, &quote);
        }
    }
}

/// Whether a name of two words says who has the thing.
fn is_owned(name: &str) -> bool {
    let owner = name.split_once(' ').filter(|(_, thing)| !thing.contains(' '));
    owner.is_some_and(|(owner, _)| {
        let owner = owner.to_lowercase();
        matches!(
            owner.as_str(),
            "customer"
                | "patient"
                | "client"
                | "student"
                | "member"
                | "hospital"
                | "clinic"
                | "company"
                | "school"
                | "library"
                | "restaurant"
                | "hotel"
                | "gym"
                | "business"
                | "organization"
                | "organisation"
        )
    })
}

/// What becomes of a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Entity,
    Question,
    Nothing,
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    if index == 0 {
        gather(out);
    }
    let verdicts = verdicts(out);
    let mut facts = Vec::new();
    for (noun, verdict) in out.prose.nouns.values().zip(&verdicts) {
        if noun.document != index {
            continue;
        }
        match verdict {
            Verdict::Entity => facts.push((
                noun.span,
                Fact::Entity(EntityFact {
                    name: noun.name.clone(),
                    kind: EntityKind::Entity,
                    table: None,
                    description: noun.description.clone(),
                }),
            )),
            Verdict::Question => facts.push((
                noun.span,
                Fact::Candidate { noun: noun.name.clone(), text: noun.quote.clone() },
            )),
            Verdict::Nothing => {}
        }
    }
    for (span, fact) in facts {
        match fact {
            Fact::Candidate { .. } => out.suggest(span, fact),
            other => out.state(document, span, other),
        }
    }
}

/// The names of fields that no word of a sentence has: "`paid_at`" in one is that field, and nothing else.
fn written_as_columns(out: &Output) -> BTreeSet<&str> {
    let fields = out.stated().filter_map(|statement| match &statement.fact {
        Fact::Field { field, .. } => Some(field.name.as_str()),
        _ => None,
    });
    fields.filter(|name| name.contains('_')).collect()
}

/// The folded names in several words of the fields that other notations than sentences state: "PDF File" in a table of what a book
/// has is no thing of its own.
fn listed_as_fields(out: &Output) -> BTreeSet<String> {
    let fields = out.stated().filter(|statement| !statement.notation.starts_with("prose-"));
    let names = fields.filter_map(|statement| match &statement.fact {
        Fact::Field { field, .. } if field.name.trim().contains(' ') => Some(fold(&field.name)),
        _ => None,
    });
    names.collect()
}

/// The verdict on each noun, the same for every document.
fn verdicts(out: &Output) -> Vec<Verdict> {
    let prose = &out.prose;
    let nouns: Vec<&Noun> = prose.nouns.values().collect();
    let owners = nouns.iter().filter(|noun| noun.evidence.contains(&Evidence::OwnsFields)).count();
    let is_sure = |noun: &&&Noun| {
        noun.points() + usual_points(noun, &entity_name(&noun.name).to_lowercase()) >= SURE
    };
    let sure = nouns.iter().filter(is_sure).count();
    let has_subjects = sure >= SUBJECTS;
    // Documents that describe their entities exactly need no guesses beside them. A few names in a table describe none where
    // sentences speak as surely of as many others.
    let is_outweighed = prose.is_bare && {
        let others = |noun: &&&Noun| is_sure(noun) && out.known.get(&noun.name).is_none();
        nouns.iter().filter(others).count() >= out.known.count()
    };
    let is_anchored = prose.is_anchored && !is_outweighed;
    let is_described = is_anchored || prose.is_listed || owners >= 3;
    let parts = Parts::of(&nouns, is_described);
    let fields = written_as_columns(out);
    let listed = listed_as_fields(out);
    let mut within: BTreeMap<String, usize> = BTreeMap::new();
    for noun in nouns.iter().filter(|noun| noun.points() >= ENOUGH) {
        for end in ends(&noun.name) {
            let uses = within.entry(fold(end)).or_default();
            *uses = noun.uses.max(*uses);
        }
    }
    let mut asked = 0;
    let mut verdicts: Vec<Verdict> = nouns
        .iter()
        .map(|noun| {
            if out.known.get(&noun.name).is_some() || fields.contains(noun.name.as_str()) {
                return Verdict::Nothing;
            }
            // "dueAt" in a sentence is a field.
            let is_camel = noun.name.starts_with(char::is_lowercase)
                && noun.name.contains(char::is_uppercase)
                && !noun.name.contains(' ');
            if is_camel {
                return Verdict::Nothing;
            }
            let is_certain = noun.evidence.iter().any(|evidence| {
                matches!(evidence, Evidence::OwnsFields)
                    || matches!(evidence, Evidence::Described | Evidence::Listed) && !is_anchored
            });
            if is_certain {
                return Verdict::Entity;
            }
            let key = fold(&entity_name(&noun.name));
            if listed.contains(&key) {
                return Verdict::Nothing;
            }
            // "Work orders" are all the orders that there are: nothing is said of any other.
            let is_only_used =
                noun.evidence.iter().all(|it| it.is_soft() || *it == Evidence::Frequent);
            if is_only_used && within.get(&key).is_some_and(|uses| *uses >= noun.uses) {
                return Verdict::Nothing;
            }
            if prose.programs.contains(&key)
                || parts.contain(&noun.name)
                || prose.is_role(&noun.name)
            {
                return Verdict::Nothing;
            }
            // "List overdue instalments": some of those that are known.
            let is_asked_only =
                noun.evidence.iter().all(|it| *it == Evidence::Asked || it.is_soft());
            if is_asked_only && ends(&noun.name).any(|end| out.known.get(end).is_some()) {
                return Verdict::Nothing;
            }
            // "Order Item" next to "Order".
            let is_part_of = noun.name.rsplit_once(' ').is_some_and(|(whole, part)| {
                super::possession::is_part(&part.to_lowercase())
                    && (out.known.get(whole).is_some()
                        || prose.nouns.get(&fold(whole)).is_some_and(|it| it.points() >= ENOUGH))
            });
            let name = entity_name(&noun.name).to_lowercase();
            // What two sentences say of any one of it is what the document is about, whatever its name means elsewhere.
            let has = |it: Evidence| noun.evidence.contains(&it);
            let is_subject = has(Evidence::AnyOneAgain)
                || has(Evidence::Described)
                || has(Evidence::HasProperties) && (has(Evidence::Managed) || has(Evidence::Kept));
            let is_seldom = !is_subject && lexicon::SELDOM.contains(&name.as_str());
            // Beside entities that are described exactly, a usual thing is as good as any other.
            let usual = if is_seldom || is_described { 0 } else { usual_points(noun, &name) };
            // What is told apart by "each" and spoken of all along is what the document is about.
            let is_followed = has(Evidence::Each) && has(Evidence::Frequent);
            let points = noun.points() + u32::from(is_part_of) + usual + 2 * u32::from(is_followed);
            let is_soft = noun.evidence.iter().all(|evidence| evidence.is_soft());
            // "Manage staff and equipment" among pages about staff: what is said once and of which nothing is told.
            // Users of whom roles are told are spoken of wherever a role is.
            let has_roles = name == "user" && !prose.roles.is_empty();
            let is_passing = has_subjects
                && !has_roles
                && noun.uses <= 1
                && !noun.evidence.iter().any(|it| {
                    it.is_outright() && *it != Evidence::HasProperties
                        || *it == Evidence::HasSeveral
                });
            let enough = if is_seldom || is_passing {
                ENOUGH_FOR_SELDOM
            } else if is_soft && (usual == 0 || noun.uses == 0) {
                ENOUGH_FOR_SOFT
            } else if !is_subject
                && (lexicon::DOUBTFUL.contains(&name.as_str())
                    // "conflict detection" is done, as nothing that software usually keeps is.
                    || is_deed(&name) && !is_usual(&name))
            {
                ENOUGH_FOR_DOUBTFUL
            } else {
                ENOUGH
            };
            let suggestive =
                if is_described || is_seldom { SUGGESTIVE_BESIDE_OTHERS } else { SUGGESTIVE };
            // Whoever comes without an account is nobody that is kept, unless somebody keeps them.
            if name == "visitor" && !is_subject && !has(Evidence::Managed) && !has(Evidence::Kept) {
                return Verdict::Nothing;
            }
            let is_said = !is_seldom || noun.evidence.iter().any(|it| it.is_outright());
            // "A barn belongs to a farm" beside a list of what barns have.
            let is_owner = has(Evidence::Counted) && !is_anchored && !prose.is_listed;
            if points >= enough && is_said && (!is_described || is_owner) {
                Verdict::Entity
            } else if points >= suggestive {
                Verdict::Question
            } else {
                Verdict::Nothing
            }
        })
        .collect();
    for verdict in &mut verdicts {
        if *verdict == Verdict::Question {
            asked += 1;
            if asked > QUESTIONS {
                *verdict = Verdict::Nothing;
            }
        }
    }
    verdicts
}

/// By what names are told to be parts of others.
struct Parts<'n> {
    /// What longer names end with, where they make their ends no entities of their own.
    ends: BTreeSet<&'n str>,
    /// Names that stand on their own.
    strong: BTreeSet<&'n str>,
}

impl<'n> Parts<'n> {
    fn of(nouns: &[&'n Noun], is_described: bool) -> Self {
        // "Leave Request" is the thing where both it and "Request" are spoken of.
        let is_whole = |it: &Noun| {
            let last = it.name.rsplit_once(' ').map(|(_, last)| last.to_lowercase());
            it.points() >= ENOUGH && last.is_some_and(|last| usual::is_only_compound(&last))
        };
        let strong = |name: &str| {
            nouns.iter().any(|it| it.points() >= ENOUGH && it.name.eq_ignore_ascii_case(name))
        };
        // "Order Item" is what items are where orders are kept.
        let is_item = |it: &Noun| {
            let Some(part) = ends(&it.name).last() else { return false };
            let whole = it.name[..it.name.len() - part.len()].trim_end_matches([' ', '_']);
            matches!(part, "Item" | "Comment" | "Line")
                && it.points() >= ENOUGH - 1
                && strong(whole)
        };
        // "Work Item" is defined, so that items are those.
        let defined = |it: &&&Noun| it.evidence.contains(&Evidence::Defined);
        // "Purchase Transaction" and "Consumption Transaction" are, so that transactions are either.
        let sorts = |end: &Noun| {
            let is_sort = |it: &&&Noun| ends(&it.name).any(|it| it == end.name);
            nouns.iter().filter(defined).filter(is_sort).count()
        };
        let is_defined = |it: &Noun| {
            let end = ends(&it.name).last().and_then(|end| nouns.iter().find(|it| it.name == end));
            it.evidence.contains(&Evidence::Defined)
                && end.is_some_and(|end| {
                    !end.evidence.contains(&Evidence::Defined)
                        && (end.uses <= it.uses || sorts(end) > 1)
                })
        };
        let longer = nouns.iter().filter(|it| {
            is_described
                || it.evidence.contains(&Evidence::OwnsFields)
                || is_whole(it)
                || is_item(it)
                || is_defined(it)
        });
        let ends: BTreeSet<&str> = longer.flat_map(|it| ends(&it.name)).collect();
        let strong = nouns.iter().filter(|it| it.points() >= ENOUGH).map(|it| it.name.as_str());
        let strong = strong
            .filter(|it| !usual::is_only_compound(&it.to_lowercase()))
            .filter(|it| !ends.contains(it) || is_described);
        let strong = strong.collect();
        Self { ends, strong }
    }

    /// Whether a name is only the end of a longer one ("Occurrence" of "Event Occurrence"), or adds
    /// words to a shorter one that stands on its own ("FIFO Queue").
    fn contain(&self, name: &str) -> bool {
        self.ends.contains(name) || ends(name).any(|end| self.strong.contains(end))
    }
}

/// What a name ends with after each of its words but the last, where that is another name: marks alone
/// make no difference.
fn ends(name: &str) -> impl Iterator<Item = &str> {
    // "OrderItem" ends with "Item", too.
    let humps = name
        .char_indices()
        .zip(name.chars().skip(1))
        .filter(|((_, one), next)| one.is_lowercase() && next.is_uppercase())
        .map(|((at, one), _)| &name[at + one.len_utf8()..]);
    let ends = name.match_indices([' ', '_']).map(|(at, _)| &name[at + 1..]).chain(humps);
    ends.filter(move |end| fold(end) != fold(name))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn aims_and_later_chapters_make_no_things() {
        check(
            "# Requirements\n\n- **Goal**: Manage the fleets and harbours of the north.\n- **Boats**: Manage boats (name, length).\n\n# Deployment\n\n- Create and delete wagons.\n\n# Functional deployment\n\n- Create and delete trains.\n",
            &expect![[r#"
                4 prose-entities  entity Boat
                4 prose-inline-fields  field Boat.name
                4 prose-inline-fields  field Boat.length
                12 prose-entities  entity Train
            "#]],
        );
    }

    #[test]
    fn defined_terms_are_whole() {
        check(
            "# Yard\n\n## Glossary\n\n- **Raw Timber**: A log that was felled\n- **Reorder Limit**: The threshold below which timber is bought\n- **Weighing Check**: Verification step before a sale\n\n## Requirements\n\n1. WHEN a clerk records a raw timber, THE system SHALL store the timber name, weight and price\n2. WHEN a clerk updates a reorder limit, THE system SHALL store it\n3. WHEN a clerk deletes a timber, THE system SHALL ask first\n4. A clerk records a weighing check\n",
            &expect![[r#"
                5 prose-entities  entity Raw Timber -- A log that was felled
                11 prose-inline-fields  field Raw Timber.name required
                11 prose-inline-fields  field Raw Timber.weight required
                11 prose-inline-fields  field Raw Timber.price required
                14 prose-entities  candidate Clerk -- A clerk records a weighing check
            "#]],
        );
    }

    #[test]
    fn tables_that_a_list_names() {
        check(
            "# Yard\n\n- The schema of the yard:\n  - `boats` table with policies\n  - `boat_oars` table for their oars\n  - triggers\n\n## Future extensions\n\n- `sails` table\n- `masts` table\n\n## Notes\n\n- `ropes` table\n- nothing else\n",
            &expect![[r#"
                4 prose-entities  entity Boat
                5 prose-entities  entity boat_oar
                15 prose-entities  entity Rope
            "#]],
        );
    }

    #[test]
    fn records_items_and_what_is_said_in_passing() {
        check(
            "# Yard\n\n## Boats\n\n- Create and edit boats (name, length).\n- Maintain boat records with a number and a colour.\n- Search boats by name.\n- Delete boats.\n\n## Sails\n\n- Create and edit sails (name, area).\n- Search sails by name.\n- Delete sails.\n\n## Trips\n\n- Create and edit trips (start date, end date).\n- Search trips by date.\n- Cancel trips.\n- Manage the equipment of the yard.\n- Update `dueAt` when a trip ends, as dueAt must hold.\n",
            &expect![[r#"
                5 prose-inline-fields  field Boat.name
                5 prose-inline-fields  field Boat.length
                6 prose-entities  entity Boat
                6 prose-inline-fields  field Boat.number
                6 prose-inline-fields  field Boat.colour
                7 query-list  read "Search boats by name" of Boat by name = ? if given [inferred: a list of queries names it]
                8 query-list  delete "Delete boats" of Boat by id = ? [inferred: a list of queries names it]
                12 prose-entities  entity Sail
                12 prose-inline-fields  field Sail.name
                12 prose-inline-fields  field Sail.area
                13 query-list  read "Search sails by name" of Sail by name = ? if given [inferred: a list of queries names it]
                14 query-list  delete "Delete sails" of Sail by id = ? [inferred: a list of queries names it]
                18 prose-entities  entity Trip
                18 prose-inline-fields  field Trip.start date
                18 prose-inline-fields  field Trip.end date
                19 query-sentence  read "Search trips by date" of Trip by date range if given [inferred: a sentence asks for it]
                21 prose-entities  candidate Equipment -- Manage the equipment of the yard.
                22 prose-coded-fields  field Trip.dueAt [inferred: the heading or a sentence beside it names what has it]
            "#]],
        );
        // In a short document a sentence is all there is.
        check(
            "# Yard\n\n- Manage equipment.\n- Maintain logbook records with a number and a date.\n",
            &expect![[r#"
                3 prose-entities  entity Equipment
                4 prose-entities  entity Logbook Record
                4 prose-inline-fields  field Logbook Record.number
                4 prose-inline-fields  field Logbook Record.date
            "#]],
        );
    }

    #[test]
    fn a_few_names_do_not_outweigh_sentences() {
        check(
            "# Yard\n\n### Product Name\nYards and more, the product for yards.\n\n### Products\n\n## Berths\n\nA berth shall contain:\n\n| Entity | Description |\n|-|-|\n| Pole | What boats are tied to |\n| Plank | Where people walk |\n| Rope | What ties |\n\n## Boats\n\n- Members create, edit and delete boats.\n- A boat has a name, a length and a price.\n- Members create, edit and delete trips.\n- A trip has a date, a title and a price.\n- Members create, edit and delete crews.\n- A crew has a name, a size and a title.\n",
            &expect_test::expect![[r#"
                6 prose-entities  candidate Product -- Products
                14 entity-list  entity Pole -- What boats are tied to
                15 entity-list  entity Plank -- Where people walk
                16 entity-list  entity Rope -- What ties
                20 prose-entities  candidate Member -- Members create, edit and delete boats.
                21 prose-entities  entity Boat
                21 prose-inline-fields  field Boat.name
                21 prose-inline-fields  field Boat.length
                21 prose-inline-fields  field Boat.price
                23 prose-entities  entity Trip
                23 prose-inline-fields  field Trip.date
                23 prose-inline-fields  field Trip.title
                23 prose-inline-fields  field Trip.price
                25 prose-entities  entity Crew
                25 prose-inline-fields  field Crew.name
                25 prose-inline-fields  field Crew.size
                25 prose-inline-fields  field Crew.title
            "#]],
        );
        check(
            "# Yard\n\n| Entity | Fields |\n|-|-|\n| Pole | id, height, weight |\n| Plank | id, length, width |\n| Rope | id, length, colour |\n\n## Boats\n\n- Members create, edit and delete boats.\n- A boat has a name, a length and a price.\n- Members create, edit and delete trips.\n- A trip has a date, a title and a price.\n- Members create, edit and delete crews.\n- A crew has a name, a size and a title.\n",
            &expect_test::expect![[r#"
                5 entity-list  entity Pole
                5 entity-list  field Pole.id
                5 entity-list  field Pole.height
                5 entity-list  field Pole.weight
                6 entity-list  entity Plank
                6 entity-list  field Plank.id
                6 entity-list  field Plank.length
                6 entity-list  field Plank.width
                7 entity-list  entity Rope
                7 entity-list  field Rope.id
                7 entity-list  field Rope.length
                7 entity-list  field Rope.colour
                12 prose-entities  candidate Boat -- A boat has a name, a length and a price.
                14 prose-entities  candidate Trip -- A trip has a date, a title and a price.
                16 prose-entities  candidate Crew -- A crew has a name, a size and a title.
            "#]],
        );
    }

    #[test]
    fn what_a_table_lists_as_a_field_is_no_thing() {
        check(
            "# Library\n\n## Book\n\n| Field | Required |\n|-|-|\n| Title | Yes |\n| PDF File | Yes |\n\n## Wishes\n\n- Admins must be able to upload a PDF file for a book.\n- Admins must be able to replace a PDF file.\n- Admins must be able to delete a PDF file.\n",
            &expect_test::expect![[r#"
                3 field-table  entity Book
                7 field-table  field Book.Title required
                8 field-table  field Book.PDF File required
                12 prose-rule-sentence  rule *: Admins must be able to upload a PDF file for a book [inferred: its words bind, and it is a rule where fields give it a meaning]
                13 prose-rule-sentence  rule *: Admins must be able to replace a PDF file [inferred: its words bind, and it is a rule where fields give it a meaning]
                14 prose-rule-sentence  rule *: Admins must be able to delete a PDF file [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn work_orders_are_no_orders() {
        check(
            "# Yard\n\n- Yards manage assets, preventive repairs, work orders, and stock.\n- Members create, edit and delete work orders.\n- WHEN a member adds a boat THEN the API SHALL save the boat and return success\n",
            &expect![[r#"
                3 prose-entities  entity Asset
                3 prose-entities  entity Preventive Repair
                3 prose-entities  entity Work Order
                4 prose-possession  relationship Member 1:N Work Order [inferred: the sentence calls them its own]
                5 prose-entities  entity Boat
                5 prose-entities  entity Member
                5 prose-possession  relationship Member 1:N Boat [inferred: the sentence calls them its own]
            "#]],
        );
        check(
            "# Yard\n\n- Members create, edit and delete orders.\n- People who work order parts.\n",
            &expect![[r#"
                3 prose-entities  entity Order
            "#]],
        );
    }
}
