//! The first phase: which nouns there are, and what speaks for each.

mod any_one;
mod asked;
mod modules;
mod names;
mod people;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use underpin_base::parallel;

pub(super) use names::{COMMANDS, is_deed};

use crate::document::Document;
use crate::lifecycle::is_strict_state_topic;
use crate::notation::Output;
use crate::prose::clause::{Clause, clauses};
use crate::prose::noun::{
    Phrase, coordinated, entity_name, is_attribute, is_generic, phrase_at, singular,
};
use crate::prose::tag::{Tag, Token};
use crate::prose::usual::{is_compound_thing, is_person, is_usual};
use crate::prose::{
    Evidence, NounName, cardinality, description, field_list, in_each, inline_fields, lexicon,
    named_list, over_clauses, property_phrase, role, section_label, titled, values_told,
};
use crate::words::fold;
use crate::{Fact, FieldFact};

pub(crate) const DOC: &str =
    "The nouns of sentences with what speaks for their being stored; states nothing by itself.";

/// How many entities other notations must have found before sentences only add to them: one or two
/// may be no more than a heading that happened to have a list.
const ANCHORING: usize = 3;

/// How many fields with types make sure that somebody listed them as fields.
const TYPED: usize = 4;

fn typed_fields(out: &Output) -> usize {
    let is_typed =
        |fact: &Fact| matches!(fact, Fact::Field { field, .. } if field.type_text.is_some());
    out.stated().filter(|statement| is_typed(&statement.fact)).take(TYPED).count()
}

/// How often a noun is used before that speaks for it, and more.
const REPEATED: usize = 3;
const FREQUENT: usize = 6;

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    if index == 0 {
        out.prose.is_anchored = out.known.count() >= ANCHORING || typed_fields(out) >= TYPED;
        out.prose.is_bare = out.described_by(|_| true).is_empty();
        // What phrases say in passing, "must have a name", is no list of all fields.
        out.prose.described = out.described_by(|notation| notation != "field-phrases");
        out.prose.jotted = jotted(out);
        out.prose.counters = counters(out);
        out.known.shorten_records();
    }
    let known = &*out;
    let terms = terms::compound(document);
    let sentences = parallel::map_uneven(&document.parts, |part| {
        clauses(document, part.blocks.clone(), &terms, &|at| known.is_open(document, at))
    });
    out.prose.keep_clauses(index, sentences);
    field_list::collect(document, out);
    terms::headings(document, out);
    terms::definitions(document, out);
    terms::tables(document, out);
    role::collect(document, out);
    modules::introduced(document, out);
    let properties = out.prose.properties.clone();
    over_clauses(out, |clauses, out| {
        let found = in_each(clauses, |clause| found_in(document, clause, &properties));
        let mut coded: BTreeMap<String, usize> = BTreeMap::new();
        for (clause, found) in clauses.iter().zip(&found) {
            let span = document.span(clause.range.clone());
            for (noun, evidence) in &found.notes {
                // What a number counts is no thing of its own for that.
                if *evidence == Evidence::Counted && out.prose.is_counter(&noun.name) {
                    continue;
                }
                out.prose.note_named(noun, *evidence, index, span, &clause.text);
            }
            out.prose.is_listed |= found.is_listed;
            for (noun, evidence) in names::names(clause, &mut coded) {
                out.prose.note(core(&noun), evidence, index, span, &clause.text);
            }
        }
        count_uses(document, clauses, &found, index, out);
    });
}

/// The folded names of the entities whose fields only short notes list, none with a type or as a key.
fn jotted(out: &Output) -> BTreeSet<String> {
    let mut found = out.described_by(|notation| notation == "field-notes");
    for statement in out.stated() {
        if let Fact::Field { entity, field } = &statement.fact {
            let is_exact = statement.notation != "field-notes"
                || field.type_text.is_some()
                || field.primary_key.is_some()
                || field.name.to_lowercase().ends_with("_id");
            if is_exact {
                found.remove(&fold(entity));
            }
        }
    }
    found
}

/// The folded names in the plural of fields that hold whole numbers: they count what they name.
fn counters(out: &Output) -> BTreeSet<String> {
    let counts = out.stated().filter_map(|statement| match &statement.fact {
        Fact::Field { field, .. } => {
            let kind = field.type_text.as_deref()?.to_lowercase();
            let is_whole = ["int", "integer", "smallint", "bigint", "int4", "int8", "number"]
                .contains(&kind.as_str());
            let is_plural = singular(&field.name) != field.name && field.references.is_none();
            (is_whole && is_plural).then(|| fold(&field.name))
        }
        _ => None,
    });
    counts.collect()
}

/// What a sentence says of nouns by its words alone.
struct Found<'c> {
    notes: Vec<(NounName, Evidence)>,
    /// Whether it lists the entities by name.
    is_listed: bool,
    /// The nouns that it uses, by folded name.
    uses: &'c [(String, String)],
}

fn found_in<'c>(
    document: &Document<'_>,
    clause: &'c Clause,
    defined: &BTreeSet<String>,
) -> Found<'c> {
    let notes =
        &mut Notes { document, clause, properties: defined, found: Vec::new(), is_listed: false };
    if clause.denies || states_aim(clause) {
        return Found { notes: Vec::new(), is_listed: false, uses: &[] };
    }
    managed(notes);
    people::makers(notes);
    people::deeds(notes);
    people::kinds(notes);
    modules::crud(notes);
    people::signs_in(notes);
    each(notes);
    asked::routed(notes);
    asked::asked(notes);
    listed(notes);
    names::stored(notes);
    counted(notes);
    states(notes);
    any_one::any_one(notes);
    properties(notes);
    let uses = clause.uses.get_or_init(|| uses(&clause.phrases));
    Found { notes: std::mem::take(&mut notes.found), is_listed: notes.is_listed, uses }
}

/// The nouns of phrases, by folded name.
fn uses(phrases: &[Phrase]) -> Vec<(String, String)> {
    let named = |noun: &str| (fold(&entity_name(noun)), noun.to_owned());
    let mut uses = Vec::with_capacity(phrases.len());
    for phrase in phrases {
        let noun = core(&phrase.noun);
        uses.push(named(noun));
        // "student needs" speaks of students too.
        // "hospital staff member" speaks of neither hospitals nor members.
        let is_compound = noun.contains(' ') && !is_person(noun);
        let parts = noun.split(' ').filter(|word| is_compound && is_usual(word));
        uses.extend(parts.map(named));
    }
    uses
}

/// Whether words before a sentence say that it tells what a project is good for: "**Goal**: Manage the life cycle
/// of tenants". What is kept, its requirements say.
fn states_aim(clause: &Clause) -> bool {
    const AIMS: &[&str] = &[
        "goal",
        "goals",
        "objective",
        "objectives",
        "vision",
        "mission",
        "aim",
        "benefit",
        "benefits",
        "rationale",
        "success criteria",
    ];
    let title = clause.title.as_deref().map(|title| title.trim().to_lowercase());
    title.is_some_and(|title| AIMS.contains(&title.as_str()))
}

/// Counts in how many places each noun stands. One that software usually keeps needs nothing else to
/// be noted.
fn count_uses(
    document: &Document<'_>,
    clauses: &[Clause],
    found: &[Found<'_>],
    index: usize,
    out: &mut Output,
) {
    let mut uses: IndexMap<&str, (usize, &str, &Clause)> = IndexMap::new();
    for (clause, found) in clauses.iter().zip(found) {
        for (key, noun) in found.uses {
            uses.entry(key).or_insert((0, noun, clause)).0 += 1;
        }
    }
    for (key, (times, noun, clause)) in uses {
        if times >= REPEATED && is_usual(noun) && !is_attribute(noun) {
            let span = document.span(clause.range.clone());
            out.prose.note(noun, Evidence::Repeated, index, span, &clause.text);
        }
        let Some(noun) = out.prose.nouns.get_mut(key) else { continue };
        noun.uses += times;
        for (enough, evidence) in [(REPEATED, Evidence::Repeated), (FREQUENT, Evidence::Frequent)] {
            if noun.uses >= enough && !noun.evidence.contains(&evidence) {
                noun.evidence.push(evidence);
            }
        }
    }
}

/// A sentence whose nouns are being noted.
struct Notes<'a, 'd> {
    document: &'a Document<'d>,
    clause: &'a Clause,
    /// What is defined as a value of something else, by folded name.
    properties: &'a BTreeSet<String>,
    found: Vec<(NounName, Evidence)>,
    is_listed: bool,
}

impl<'n> Notes<'n, '_> {
    fn note(&mut self, noun: &str, evidence: Evidence) {
        if names::is_message(noun) || self.properties.contains(&fold(&entity_name(noun))) {
            return;
        }
        // "a `pending` request", "status `paid`": a value in code.
        let is_value = |it: &Phrase| it.is_code() && !it.is_plural && it.noun == noun;
        if noun.starts_with(char::is_lowercase) && self.clause.phrases.iter().any(is_value) {
            return;
        }
        let name = NounName::of(core(noun), evidence);
        self.found.extend(name.map(|name| (name, evidence)));
    }

    fn tokens(&self) -> &'n [Token] {
        &self.clause.tokens
    }
}

/// The thing in "ticket status", "user accounts" and "client profiles": what stands before the words
/// for its properties.
pub(crate) fn core(noun: &str) -> &str {
    let mut noun = noun;
    while let Some((before, last)) = noun.rsplit_once(' ') {
        let lower = last.to_lowercase();
        let is_tail = is_attribute(&lower)
            || matches!(
                singular(&lower).as_str(),
                "account"
                    | "profile"
                    | "record"
                    | "entry"
                    | "database"
                    | "list"
                    | "directory"
                    | "registry"
                    | "catalog"
                    | "catalogue"
                    | "management"
                    | "information"
                    | "data"
                    | "inventory"
                    | "entity"
                    | "creation"
                    | "registration"
                    | "draft"
                    | "transition"
            )
            // "product listings" are products.
            || singular(&lower) == "listing" && is_usual(before);
        // "PriceList record": rows of what code calls so.
        let is_coded = !before.contains(' ')
            && before.chars().skip(1).any(char::is_uppercase)
            && matches!(
                &*singular(&lower),
                "record" | "document" | "entry" | "row" | "entity" | "object"
            );
        if is_coded {
            return before;
        }
        // "support messages" are things, "order messages" belong to orders.
        let last = singular(&lower);
        if !is_tail || is_compound_thing(&last) && !is_usual(before) {
            break;
        }
        noun = before;
    }
    noun
}

/// Objects of verbs such as "create", "manage" and "store".
fn managed(notes: &mut Notes<'_, '_>) {
    let tokens = notes.tokens();
    // What a title asks for is noted as such: "Booking Ingestion" books nothing.
    let title = notes.clause.title.as_deref();
    let title = title.filter(|title| notes.clause.text.starts_with(title)).map_or(0, str::len);
    // What it is good for makes nothing: "so that I can organize my follow-up actions".
    let aim = tokens.windows(2).position(|pair| pair[0].is("so") && pair[1].is_any(&["that", "i"]));
    for (at, token) in tokens.iter().enumerate().take(aim.unwrap_or(tokens.len())) {
        if token.tag != Tag::Verb
            || token.range.start < title
            || token.lower.ends_with("ed") && at > 0 && tokens[at - 1].tag == Tag::Noun
        {
            continue;
        }
        let evidence = if token.is_verb_of(lexicon::KEEP) {
            Evidence::Kept
        } else if token.is_verb_of(lexicon::MANAGE) {
            Evidence::Managed
        } else {
            continue;
        };
        let (objects, _) = coordinated(tokens, at + 1);
        // "Store berth number, depth and price": the first of them says whose the others are.
        let is_first = objects.iter().skip(1).all(|it| !it.noun.contains(' '))
            && !tokens.iter().any(|it| it.is_any(lexicon::CONDITION));
        let is_property_of = |tail: &str| {
            let last = tail.rsplit(' ').next().unwrap_or_default();
            objects.len() > 1
                && is_attribute(last)
                && !matches!(last, "information" | "details" | "info" | "data")
        };
        for object in &objects {
            // "manage categories" makes things of what elsewhere is a property.
            let is_made = evidence == Evidence::Managed
                && object.is_plural
                && (is_usual(&object.noun) || modules::is_whole_life(tokens, at));
            let is_property = is_attribute(object.noun.rsplit(' ').next().unwrap_or_default())
                && core(&object.noun) == object.noun
                && !is_made;
            // "update meeting times" changes a property, and makes no meetings.
            let tail = object.noun[core(&object.noun).len()..].trim().to_lowercase();
            let is_change = !tail.is_empty()
                && is_attribute(tail.rsplit(' ').next().unwrap_or_default())
                && !is_usual(&object.noun);
            // "record the delivery time and the courier name" keeps neither deliveries nor couriers.
            let is_listed = evidence == Evidence::Kept
                && !(at + 1 >= object.start && is_first)
                && is_property_of(&tail);
            if is_listed {
                continue;
            }
            let evidence =
                if is_change && evidence == Evidence::Managed { Evidence::Kept } else { evidence };
            if let Some(thing) = modules::behind_data(object, tokens) {
                notes.note(&thing, evidence);
            }
            if !is_property {
                notes.note(&object.noun, evidence);
                // "Package Management: Create and manage fitness packages".
                if let Some(named) = modules::named_by_title(notes.clause, &object.noun) {
                    notes.note(&named, evidence);
                }
                // "manage vehicles", "create, update and close an event": all of its life.
                let chain = tokens[..at].iter().rev().take_while(|it| {
                    it.tag == Tag::Verb || it.tag == Tag::Conjunction || it.is(",")
                });
                let others = chain.filter(|it| it.is_verb_of(lexicon::MANAGE)).count();
                let is_plain = core(&object.noun) == object.noun
                    // "manage data retention" and "online presence" manage no rows.
                    && (object.is_plural || is_usual(&object.noun))
                    && (is_usual(&object.noun) || !is_deed(&object.noun))
                    && !object.noun.contains('-')
                    && !object.noun.chars().skip(1).any(char::is_uppercase);
                let is_whole = token.is_verb_of(&["manage"]) || others > 0;
                if evidence == Evidence::Managed && is_whole && is_plain {
                    notes.note(&object.noun, Evidence::ManagedOften);
                }
            }
        }
    }
    // "A booking can be created", "tasks are assigned".
    for phrase in &notes.clause.phrases {
        let rest = &tokens[phrase.end..];
        // "`AuditLog` entry is created": the entry is one of those.
        if phrase.start > 0 && tokens[phrase.start - 1].is_code {
            continue;
        }
        let is_passive = rest.iter().take(3).any(|token| token.is_any(&["be", "are", "is"]));
        let verb = rest.iter().take(4).find(|token| token.tag == Tag::Verb);
        let is_made =
            verb.is_some_and(|verb| verb.lower.ends_with("ed") && verb.is_verb_of(lexicon::MANAGE));
        let tail = phrase.noun[core(&phrase.noun).len()..].to_lowercase();
        let is_whole = matches!(tail.trim(), "" | "record" | "entry" | "account" | "profile");
        if is_passive && is_made && is_whole {
            notes.note(&phrase.noun, Evidence::Managed);
        }
    }
    // "persistent cart management", "supports member administration".
    for phrase in &notes.clause.phrases {
        let managed =
            [" management", " administration"].iter().find_map(|end| phrase.noun.strip_suffix(end));
        if let Some(managed) = managed.filter(|it| is_usual(it) && !notes.clause.is_item) {
            notes.note(managed, Evidence::Managed);
        }
    }
    // "client database", "property management", "visit scheduling": what a module is for.
    if notes.clause.is_item {
        if let Some(phrase) = phrase_at(tokens, 0) {
            if let Some(noun) = modules::module_of(&phrase, tokens) {
                notes.note(&noun, Evidence::Headed);
                if notes.clause.lead.as_deref().is_some_and(modules::is_module_lead) {
                    notes.note(&noun, Evidence::Managed);
                }
            }
        }
    }
}

/// "for each completed shipment", "per branch": things that are told apart.
fn each(notes: &mut Notes<'_, '_>) {
    let tokens = notes.tokens();
    let found: Vec<String> = (0..tokens.len())
        .filter(|&at| tokens[at].is_any(&["each", "every", "per"]))
        .filter_map(|at| phrase_at(tokens, at + 1))
        .filter(|phrase| !phrase.is_plural && core(&phrase.noun) == phrase.noun)
        .map(|phrase| phrase.noun)
        .collect();
    for noun in found {
        notes.note(&noun, Evidence::Each);
    }
}

/// "The main entities are A, B and C", "relationships between A, B, and C", "tables for A, B, C".
fn listed(notes: &mut Notes<'_, '_>) {
    let tokens = notes.tokens();
    let names: &[&str] =
        &["entities", "tables", "models", "aggregates", "collections", "relationships", "objects"];
    for at in 0..tokens.len() {
        if !tokens[at].is_any(names) {
            continue;
        }
        let lead = tokens[at + 1..].iter().take(4).position(|token| {
            token.is_any(&[
                "between",
                "among",
                "are",
                "include",
                "for",
                ":",
                "including",
                "namely",
                "like",
                "as",
                "(",
            ])
        });
        let Some(lead) = lead else { continue };
        let (things, end) = coordinated(tokens, at + lead + 2);
        let is_open = tokens[at..].iter().any(|token| token.is_any(&["etc", "e.g"]));
        let good: Vec<&Phrase> = things
            .iter()
            .filter(|thing| {
                !is_generic(&thing.noun) || thing.is_name() && !names::is_technical(&thing.noun)
            })
            .collect();
        let ends = tokens.get(end).is_none_or(|token| token.tag == Tag::Punctuation);
        if good.len() >= 3 && good.len() == things.len() && !is_open && ends {
            for thing in good {
                notes.note(&thing.noun, Evidence::Listed);
            }
            notes.is_listed = true;
        }
    }
}

fn counted(notes: &mut Notes<'_, '_>) {
    for related in cardinality::in_sentence(notes.clause) {
        let (one, many) = (core(&related.one.noun), core(&related.many.noun));
        // "a user has many options" relates two nouns, of which one is no thing.
        if !is_generic(one) && !is_generic(many) {
            notes.note(one, Evidence::Counted);
            notes.note(many, Evidence::Counted);
        }
    }
    is_a(notes);
}

/// "`Driver` and `Manager` are both our `Users`": the things that names are said to be.
fn is_a(notes: &mut Notes<'_, '_>) {
    let tokens = notes.tokens();
    let (names, end) = coordinated(tokens, 0);
    if names.is_empty() || !names.iter().all(Phrase::is_name) && names.len() < 2 {
        return;
    }
    let mut at = end;
    if !tokens.get(at).is_some_and(|token| token.is_any(&["are", "is"])) {
        return;
    }
    at += 1;
    while tokens.get(at).is_some_and(|token| {
        token.is_any(&["both", "all", "types", "kinds", "of", "special", "our"])
    }) {
        at += 1;
    }
    if let Some(kind) = phrase_at(tokens, at).filter(|kind| kind.end + 1 >= tokens.len()) {
        if kind.is_plural && (kind.is_code() || kind.noun.eq_ignore_ascii_case("users")) {
            notes.note(&kind.noun, Evidence::Counted);
        }
    }
}

/// "mark a ticket as served", "the status of an order".
fn states(notes: &mut Notes<'_, '_>) {
    let tokens = notes.tokens();
    for at in 0..tokens.len() {
        if tokens[at].is_verb_of(&["mark", "flag"]) && tokens[at].tag == Tag::Verb {
            if let Some(phrase) = phrase_at(tokens, at + 1) {
                if tokens.get(phrase.end).is_some_and(|token| token.is("as")) {
                    notes.note(&phrase.noun, Evidence::HasStates);
                }
            }
        }
        if tokens[at].is("status") && tokens.get(at + 1).is_some_and(|token| token.is("of")) {
            if let Some(phrase) = phrase_at(tokens, at + 2) {
                notes.note(&phrase.noun, Evidence::HasStates);
            }
        }
    }
    // "has a number and a payment status" gives an invoice that field, and no payment its states.
    let own: &[FieldFact] = inline_fields::in_clause(notes.clause).map_or(&[], |it| &it.fields);
    for phrase in &notes.clause.phrases {
        let lower = phrase.noun.to_lowercase();
        if own.iter().any(|field| field.name.eq_ignore_ascii_case(&lower)) {
            continue;
        }
        if let Some((before, "status" | "statuses")) = lower.rsplit_once(' ')
            && !values_told::is_sort(before)
        {
            notes.note(before, Evidence::HasStates);
        }
    }
}

fn properties(notes: &mut Notes<'_, '_>) {
    // The words of such a sentence say where its noun ends: "ticket category" is no category of tickets.
    if let Some(thing) = description::thing(notes.clause) {
        let name = NounName::of(thing, Evidence::Described);
        notes.found.extend(name.map(|name| (name, Evidence::Described)));
    }
    // "Pet { name, species, weight }" says of nothing else what it has.
    if let Some(named) = named_list::find(notes.clause).filter(|it| it.fields.len() >= 3)
        && let Some(owner) = named.owner
    {
        let name = NounName::of(&owner, Evidence::Described);
        notes.found.extend(name.map(|name| (name, Evidence::Described)));
    }
    if let Some(found) = inline_fields::in_clause(notes.clause) {
        // "Fields: name, phone", "Name is required": the heading names what has them.
        let heading = || section_label::owner(notes.document, notes.clause.section);
        let left_open = found.owner.is_none().then(heading).flatten();
        if property_phrase::is_labelled(notes.tokens())
            && let Some(owner) = &left_open
        {
            notes.note(owner, Evidence::Described);
        }
        let owner = found.owner.clone().or(left_open);
        if let Some(owner) = owner {
            notes.note(&owner, Evidence::HasProperties);
            // "A dose log records a timestamp, ...": the sentence is about it.
            let first = phrase_at(notes.tokens(), 0).map(|first| first.noun);
            let is_about = first.as_deref() == Some(owner.as_str()) || found.owner.is_none();
            let is_much = found.fields.len() >= 4 && !crate::prose::noun::is_program(&owner);
            if is_much || found.fields.len() >= 3 && is_about {
                notes.note(&owner, Evidence::HasSeveral);
            }
        }
    }
    if let Some(title) = notes.clause.title.as_deref()
        && let Some(noun) = titled::noun(title)
    {
        notes.note(&noun, Evidence::Titled);
        if is_strict_state_topic(title) {
            notes.note(&noun, Evidence::HasStates);
        }
    }
}
