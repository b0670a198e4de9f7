//! The first phase: which nouns there are, and what speaks for each.

use std::collections::BTreeMap;

use super::clause::{Clause, clauses, is_outside, topic};
use super::noun::{Phrase, coordinated, entity_name, is_attribute, is_generic, phrase_at};
use super::tag::{Tag, Token};
use super::{
    Evidence, cardinality, field_list, inline_fields, lexicon, over_clauses, role, titled,
};
use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::entity_name::read_title;
use crate::lifecycle::is_strict_state_topic;
use crate::notation::Output;
use crate::words::{fold, is_identifier, lower_words, split_once_any};

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
    out.statements.iter().filter(|statement| is_typed(&statement.fact)).take(TYPED).count()
}

/// How often a noun is used before that speaks for it.
const REPEATED: usize = 3;

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    if index == 0 {
        out.prose.is_anchored = out.known.count() >= ANCHORING || typed_fields(out) >= TYPED;
        out.prose.described = out.described();
    }
    let prepared = out.prose.prepared.get_mut(index).map(std::mem::take);
    let mut sentences = prepared.unwrap_or_else(|| clauses(document));
    sentences.retain(|clause| out.is_open(document, clause.range.start));
    out.prose.clauses.resize_with(index + 1, Vec::new);
    out.prose.clauses[index] = sentences;
    field_list::collect(document, out);
    headings(document, out);
    definitions(document, out);
    glossary(document, out);
    role::collect(document, out);
    over_clauses(out, |clauses, out| {
        let mut coded: BTreeMap<String, usize> = BTreeMap::new();
        for clause in clauses {
            let noted = &mut Notes { document, clause, out, index };
            managed(noted);
            crud(noted);
            signs_in(noted);
            each(noted);
            routed(noted);
            listed(noted);
            counted(noted);
            states(noted);
            properties(noted);
            names(noted, &mut coded);
        }
        let mut uses: BTreeMap<String, usize> = BTreeMap::new();
        for clause in clauses {
            for phrase in &clause.phrases {
                *uses.entry(fold(&entity_name(core(&phrase.noun)))).or_default() += 1;
            }
        }
        for (key, times) in uses {
            let Some(noun) = out.prose.nouns.get_mut(&key) else { continue };
            noun.uses += times;
            if noun.uses >= REPEATED && !noun.evidence.contains(&Evidence::Repeated) {
                noun.evidence.push(Evidence::Repeated);
            }
        }
    });
}

/// A sentence whose nouns are being noted.
struct Notes<'a, 'd> {
    document: &'a Document<'d>,
    clause: &'a Clause,
    out: &'a mut Output,
    index: usize,
}

impl<'n> Notes<'n, '_> {
    fn note(&mut self, noun: &str, evidence: Evidence) {
        let span = self.document.span(self.clause.range.clone());
        self.out.prose.note(core(noun), evidence, self.index, span, &self.clause.text);
    }

    fn tokens(&self) -> &'n [Token] {
        &self.clause.tokens
    }
}

/// The thing in "ticket status", "user accounts" and "client profiles": what stands before the words
/// for its properties.
pub(super) fn core(noun: &str) -> &str {
    let mut noun = noun;
    while let Some((before, last)) = noun.rsplit_once(' ') {
        let lower = last.to_lowercase();
        let is_tail = is_attribute(&lower)
            || matches!(
                super::noun::singular(&lower).as_str(),
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
            );
        if !is_tail {
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
    for (at, token) in tokens.iter().enumerate() {
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
        for object in objects {
            let is_property = is_attribute(object.noun.rsplit(' ').next().unwrap_or_default())
                && core(&object.noun) == object.noun;
            if !is_property {
                notes.note(&object.noun, evidence);
            }
        }
    }
    // "A booking can be created", "tasks are assigned".
    for phrase in &notes.clause.phrases {
        let rest = &tokens[phrase.end..];
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
    // "client database", "property management", "visit scheduling": what a module is for.
    if notes.clause.is_item {
        if let Some(phrase) = phrase_at(tokens, 0) {
            if let Some(noun) = module_of(&phrase, tokens) {
                notes.note(&noun, Evidence::Headed);
                if notes.clause.lead.as_deref().is_some_and(is_module_lead) {
                    notes.note(&noun, Evidence::Managed);
                }
            }
        }
    }
}

/// "CRUD operations" under a heading: somebody manages what the heading names.
fn crud(notes: &mut Notes<'_, '_>) {
    let clause = notes.clause;
    if clause.tokens.len() > 4 || !clause.tokens.iter().any(|token| token.is("crud")) {
        return;
    }
    let Some(section) = clause.section else { return };
    let noun = titled::noun(topic(notes.document.title(section)));
    if let Some(noun) = noun {
        notes.note(&noun, Evidence::Managed);
    }
}

/// "Users can register and log in", "allow a guest to create an account": who does so.
fn signs_in(notes: &mut Notes<'_, '_>) {
    let tokens = notes.tokens();
    let verb = (1..tokens.len()).find(|&at| {
        let next = tokens.get(at + 1);
        let second = tokens.get(at + 2);
        let is_account = |token: &Token| token.is_any(&["account", "accounts"]);
        (tokens[at].is_any(&["log", "sign"])
            && next.is_some_and(|it| it.is_any(&["in", "up", "out", "into"])))
            || tokens[at].is_any(&["login", "authenticate"])
            || tokens[at].is("register")
                && next
                    .is_none_or(|it| it.is_any(&["and", "with", "for", "using", ".", ",", "via"]))
            || tokens[at].is_any(&["create", "register"])
                && (second.is_some_and(is_account) || next.is_some_and(is_account))
    });
    let Some(subject) = verb.and_then(|verb| cardinality::subject_before(tokens, verb)) else {
        return;
    };
    let noun = core(&subject.noun).to_lowercase();
    // Whoever comes without an account, or runs the system, is a user of it.
    let is_stranger = matches!(
        super::noun::singular(&noun).as_str(),
        "visitor" | "admin" | "administrator" | "anyone" | "person" | "i" | "super admin"
    );
    let noun = if is_stranger { "user".to_owned() } else { subject.noun };
    notes.note(&noun, Evidence::SignsIn);
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

/// "GET /orders/{id}", "Route: /delivery-areas": the things that paths hold.
fn routed(notes: &mut Notes<'_, '_>) {
    if !notes.clause.text.contains('/') {
        return;
    }
    let text = notes.clause.text.clone();
    for word in text.split([' ', '`', '(', ')', ',', '"']) {
        let Some(path) = word.strip_prefix('/') else { continue };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        for part in path.split('/') {
            let plural = part.replace(['-', '_'], " ").to_lowercase();
            let is_word = plural.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
            if is_word && plural.len() > 3 && super::noun::singular(&plural) != plural {
                notes.note(&plural, Evidence::Routed);
            }
        }
    }
}

fn is_module_lead(lead: &str) -> bool {
    lower_words(lead).iter().any(|word| {
        matches!(word.as_str(), "modules" | "features" | "functions" | "functionalities" | "module")
    })
}

/// The noun before "management", "database", "tracking" and the like at the start of an item.
pub(super) fn module_of(phrase: &Phrase, tokens: &[Token]) -> Option<String> {
    let words: Vec<&str> = phrase.noun.split(' ').collect();
    let topic = words.iter().position(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "management"
                | "database"
                | "tracking"
                | "scheduling"
                | "records"
                | "directory"
                | "registry"
                | "catalog"
                | "catalogue"
                | "profiles"
                | "profile"
                | "handling"
                | "crud"
                | "inventory"
                | "administration"
                | "transaction"
                | "transactions"
                | "creation"
                | "submission"
        )
    });
    let after = tokens.get(phrase.end).filter(|token| {
        token.tag == Tag::Verb && token.is_any(&["tracking", "scheduling", "handling", "booking"])
    });
    let end = topic.or(after.map(|_| words.len()))?;
    (end > 0 && end <= 3).then(|| words[..end].join(" "))
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
                "(",
            ])
        });
        let Some(lead) = lead else { continue };
        let (things, end) = coordinated(tokens, at + lead + 2);
        let is_open = tokens[at..].iter().any(|token| token.is_any(&["etc", "e.g"]));
        let good: Vec<&Phrase> = things
            .iter()
            .filter(|thing| {
                !is_generic(&thing.noun) || thing.is_name() && !is_technical(&thing.noun)
            })
            .collect();
        let ends = tokens.get(end).is_none_or(|token| token.tag == Tag::Punctuation);
        if good.len() >= 3 && good.len() == things.len() && !is_open && ends {
            for thing in good {
                notes.note(&thing.noun, Evidence::Listed);
            }
            notes.out.prose.is_listed = true;
        }
    }
}

fn counted(notes: &mut Notes<'_, '_>) {
    for related in cardinality::find(notes.tokens()) {
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
    for phrase in &notes.clause.phrases {
        let lower = phrase.noun.to_lowercase();
        if let Some((before, "status" | "statuses")) = lower.rsplit_once(' ') {
            notes.note(before, Evidence::HasStates);
        }
    }
}

fn properties(notes: &mut Notes<'_, '_>) {
    if let Some(found) = inline_fields::in_clause(notes.clause) {
        let heading = notes.clause.section.map(|section| topic(notes.document.title(section)));
        let owner = found.owner.or_else(|| heading.and_then(titled::step));
        if let Some(owner) = owner {
            notes.note(&owner, Evidence::HasProperties);
            // "A dose log records a timestamp, ...": the sentence is about it.
            let first = phrase_at(notes.tokens(), 0).map(|first| first.noun);
            if found.fields.len() >= 3 && first.as_deref() == Some(owner.as_str()) {
                notes.note(&owner, Evidence::HasSeveral);
            }
        }
    }
    if let Some(title) = notes.clause.title.as_deref() {
        if let Some(noun) = titled::noun(title) {
            notes.note(&noun, Evidence::Titled);
            if is_strict_state_topic(title) {
                notes.note(&noun, Evidence::HasStates);
            }
        }
    }
}

/// Names in code and with capital letters.
fn names(notes: &mut Notes<'_, '_>, coded: &mut BTreeMap<String, usize>) {
    let tokens = notes.tokens();
    for phrase in &notes.clause.phrases {
        if phrase.is_code() {
            let next = tokens.get(phrase.end);
            let name = entity_name(&phrase.noun);
            let is_name = is_identifier(&phrase.noun)
                && !phrase.noun.contains('.')
                && phrase.noun.starts_with(char::is_uppercase)
                && phrase.noun.chars().any(char::is_lowercase)
                && !is_technical(&phrase.noun);
            let is_part = next.is_some_and(|token| {
                token.is_any(&[
                    "class",
                    "component",
                    "hook",
                    "function",
                    "library",
                    "package",
                    "(",
                    "interface",
                    "prop",
                ])
            });
            if is_name && !is_part {
                let count = coded.entry(fold(&name)).or_default();
                *count += 1;
                if *count == 2 {
                    notes.note(&phrase.noun, Evidence::Coded);
                }
            }
            let is_table =
                next.is_some_and(|token| token.is_any(&["table", "collection", "entity"]));
            if is_table && is_identifier(&phrase.noun) && !phrase.noun.contains('.') {
                notes.note(&phrase.noun, Evidence::Coded);
            }
        } else if is_camel(&phrase.noun) && !is_technical(&phrase.noun) {
            // "stored as SymptomIntake": a name of code that is written without its marks.
            let count = coded.entry(fold(&phrase.noun)).or_default();
            *count += 1;
            if *count == 2 {
                notes.note(&phrase.noun, Evidence::Coded);
            }
            let first = tokens[..phrase.end].iter().rev().find(|it| it.tag == Tag::Preposition);
            if first.is_some_and(|link| link.is_any(&["as", "via"])) {
                notes.note(&phrase.noun, Evidence::Kept);
            }
        } else if phrase.is_name() && phrase.start > 0 && phrase.noun.contains(' ') {
            notes.note(&phrase.noun, Evidence::Capital);
        }
    }
}

/// "QueueTicket": words of at least three letters that capital letters join.
fn is_camel(noun: &str) -> bool {
    let humps: Vec<&str> = noun
        .match_indices(char::is_uppercase)
        .map(|(at, _)| at)
        .zip(noun.match_indices(char::is_uppercase).map(|(at, _)| at).skip(1).chain([noun.len()]))
        .map(|(from, to)| &noun[from..to])
        .collect();
    noun.starts_with(char::is_uppercase)
        && noun.chars().all(char::is_alphabetic)
        && humps.len() >= 2
        && humps.iter().all(|hump| hump.len() >= 3)
}

/// Names of parts of a program.
fn is_technical(name: &str) -> bool {
    let ends = [
        "Provider",
        "Context",
        "Page",
        "Component",
        "Service",
        "Controller",
        "Hook",
        "Handler",
        "Button",
        "Form",
        "View",
        "Layout",
        "Repository",
        "Manager2",
        "Api",
        "API",
        "Modal",
        "Route",
        "Router",
        "Factory",
        "Store",
        "Reducer",
        "Middleware",
        "Module",
        "Screen",
        "Widget",
        "Props",
        "Exception",
        "Error",
        "Client",
        "Dialog",
        "Panel",
        "Bar",
        "List",
        "Card",
        "Scanner",
        "Dto",
    ];
    ends.iter().any(|end| name.ends_with(end) && name.len() > end.len())
        || matches!(
            name,
            "Django"
                | "React"
                | "Next"
                | "Vue"
                | "Node"
                | "Python"
                | "Java"
                | "Docker"
                | "Redis"
                | "PostgreSQL"
                | "MySQL"
                | "MongoDB"
                | "Firebase"
                | "Supabase"
                | "Prisma"
                | "Scanner"
                | "True"
                | "False"
                | "None"
                | "Authorization"
                | "Bearer"
                | "README"
                | "Readme"
                | "Dockerfile"
                | "Makefile"
                | "String"
                | "Integer"
                | "Boolean"
                | "Date"
        )
}

/// Headings that name a thing, its management, or a step that makes one.
fn headings(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    for (at, section) in document.sections.iter().enumerate() {
        if section.level <= 1 {
            continue;
        }
        other_name(
            super::clause::without_number(crate::entity_name::strip_numbering(&section.title.text)),
            out,
        );
        let topic = topic(&section.title.text);
        let span = document.span(section.title.range());
        // "Report Issue": what the step is about.
        if let Some(noun) = titled::step(topic) {
            out.prose.note(&noun, Evidence::Titled, index, span, &section.title.text);
            continue;
        }
        let Some(title) = read_title(topic) else { continue };
        let noun = core(&title.name);
        let is_thing = noun.split(' ').all(|word| word.chars().all(char::is_alphanumeric));
        if !is_thing || title.not_stored.is_some() {
            continue;
        }
        out.prose.note(noun, Evidence::Headed, index, span, &section.title.text);
        // "Room Management" promises that somebody creates and changes rooms.
        let rest = title.name[noun.len()..].to_lowercase();
        let is_management = matches!(rest.trim(), "management" | "administration" | "crud");
        if is_management && !is_outside(document, at) {
            out.prose.note(noun, Evidence::Managed, index, span, &section.title.text);
        }
    }
}

/// "**Slot** – a bookable time interval" under a heading or sentence about concepts.
fn definitions(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    for (at, block) in document.blocks.iter().enumerate() {
        let BlockKind::List(list) = &block.kind else { continue };
        let heading = block.section.map(|section| document.title(section));
        let is_topic = [document.lead(at), heading].into_iter().flatten().any(|text| {
            lower_words(text).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "concept"
                        | "concepts"
                        | "terms"
                        | "terminology"
                        | "definitions"
                        | "glossary"
                        | "entities"
                        | "model"
                        | "domain"
                )
            })
        });
        if !is_topic {
            continue;
        }
        for item in list.items.iter().filter(|item| item.depth == 0) {
            let text = super::clause::without_number(&item.content.text);
            let Some((term, meaning)) = split_once_any(text, &[" – ", " — ", " - ", ": "])
            else {
                continue;
            };
            other_name(term.trim(), out);
            let term = term.split(" (").next().unwrap_or(term).trim();
            let tokens = super::tag::tag(term);
            let phrase = titled::of_words(&tokens, 0);
            let is_name = !phrase.noun.is_empty() && phrase.end == tokens.len();
            if !is_name || !out.is_open(document, item.content.range().start) {
                continue;
            }
            let span = document.span(item.content.range());
            out.prose.note(&phrase.noun, Evidence::Defined, index, span, text);
            if let Some(noun) = out.prose.nouns.get_mut(&fold(&entity_name(&phrase.noun))) {
                noun.description.get_or_insert_with(|| meaning.trim().to_owned());
            }
        }
    }
}

/// The rows of a table of terms: each is defined, and its brackets hold another name.
fn glossary(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    for block in &document.blocks {
        let BlockKind::Table(table) = &block.kind else { continue };
        let header = |column: usize| {
            table
                .header
                .get(column)
                .map_or_else(String::new, |cell| cell.text.trim().to_lowercase())
        };
        let is_terms = matches!(header(0).as_str(), "term" | "terms" | "concept" | "word")
            && matches!(
                header(1).as_str(),
                "definition" | "meaning" | "description" | "explanation" | "definitions"
            );
        if !is_terms {
            continue;
        }
        for row in &table.rows {
            let (term, meaning) = (row.text(0).trim(), row.text(1).trim());
            let name = term.split(" (").next().unwrap_or(term).trim();
            let tokens = super::tag::tag(name);
            let phrase = titled::of_words(&tokens, 0);
            if phrase.noun.is_empty() || phrase.end != tokens.len() {
                continue;
            }
            other_name(term, out);
            let span = document.span(row.range.clone());
            out.prose.note(&phrase.noun, Evidence::Defined, index, span, meaning);
            if let Some(noun) = out.prose.nouns.get_mut(&fold(&entity_name(&phrase.noun))) {
                noun.description.get_or_insert_with(|| meaning.to_owned());
            }
        }
    }
}

/// Notes that "Customer (client)" has two names.
fn other_name(title: &str, out: &mut Output) {
    let Some((name, rest)) = title.split_once(" (") else { return };
    let Some(other) = rest.trim().strip_suffix(')') else { return };
    let is_name = |text: &str| {
        (1..=3).contains(&text.split(' ').count())
            && text.chars().all(|c| c.is_alphabetic() || c == ' ')
            && !is_generic(text)
    };
    // "Course (modify)" and "Products (admin)" say what is done with it, and by whom.
    let is_remark = other.split(' ').any(|word| {
        matches!(
            word.to_lowercase().as_str(),
            "admin" | "optional" | "future" | "new" | "mvp" | "modify" | "existing" | "required"
        ) || super::tag::tag(word).first().is_some_and(|token| token.tag == Tag::Adverb)
    });
    if is_name(name.trim()) && is_name(other) && !is_remark {
        let key = fold(&entity_name(other));
        out.prose.aliases.entry(key).or_insert_with(|| entity_name(name.trim()));
    }
}
