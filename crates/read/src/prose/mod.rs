//! Sentences, and lists that sentences lead: a grammar over tagged words, one file per pattern.
//!
//! It works in two phases over all documents. First every pattern collects the nouns that it finds
//! with what speaks for each ([`evidence`]); then the nouns with enough of it become entities
//! ([`entities`]), and the patterns state what they say of entities that are known by then.

// Its table would stand one word a line.
#[rustfmt::skip]
mod acting_part;
mod bare_list;
pub(crate) mod cardinality;
mod clause;
pub(crate) mod coded_fields;
mod column_name;
mod criteria;
mod deeds;
pub(crate) mod definition;
mod description;
mod details;
pub(crate) mod entities;
pub(crate) mod evidence;
pub(crate) mod field_facts;
mod field_filter;
mod field_lead;
pub(crate) mod field_list;
pub(crate) mod field_name;
mod field_phrase;
mod field_sentence;
mod forms;
mod given;
mod heading_run;
mod holding;
mod identity;
pub(crate) mod inline_fields;
// Its tables would stand one word a line.
#[rustfmt::skip]
mod lexicon;
mod lead_in;
mod leaning_lead;
pub(crate) mod lifecycle;
pub(crate) mod list_item;
pub(crate) mod load;
pub(crate) mod managed_values;
mod named_list;
mod nesting;
mod noun;
mod occasion;
mod openers;
mod outside;
pub(crate) mod partitions;
mod plain_form;
pub(crate) mod possession;
mod property_list;
mod property_phrase;
mod rewrite;
pub(crate) mod role;
mod role_deeds;
mod role_sections;
mod row_rule;
pub(crate) mod rule_fields;
mod rule_remarks;
pub(crate) mod rule_sentence;
mod section_label;
mod sentence;
mod short_name;
mod shown;
mod slashed;
mod state_chains;
pub(crate) mod state_drawings;
mod state_marks;
mod state_pairs;
mod state_steps;
mod state_tells;
mod state_verbs;
mod state_words;
mod tag;
mod ties;
pub(crate) mod titled;
pub(crate) mod unsaid;
pub(crate) mod upkeep;
// Its tables would stand one word a line.
#[rustfmt::skip]
mod usual;
mod value_lists;
pub(crate) mod value_tells;
pub(crate) mod values;
mod values_told;
pub(crate) mod volumes;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use underpin_base::Span;

use crate::document::Document;
use crate::notation::Output;
use crate::words::fold;
pub(crate) use clause::{Clause, placed as placed_sentences, sentence_column};
pub(crate) use field_filter::is_number as is_requirement_number;
pub(crate) use list_item::says_deed;
pub(crate) use named_list::without_field_word;
pub use noun::singular;
pub(crate) use noun::{
    entity_name as entity_noun, is_attribute as is_property_noun, is_generic as is_generic_noun,
};
pub use state_verbs::ONE_STEP_AMONG_OTHERS;
pub(crate) use state_words::sounds_like_state;
pub(crate) use usual::{is_person as is_person_noun, is_usual as is_usual_noun};

/// Whether the words before a list say of which thing it lists the fields: "Each pet has:", "We store of every pet:".
pub(crate) fn leads_fields(lead: &str) -> bool {
    field_sentence::lead(lead).is_some_and(|lead| !lead.is_label)
}

/// The nouns to which a text says that something is done: "Guest" of "the contract bound to a Guest".
pub(crate) fn done_to(text: &str) -> Vec<String> {
    const IRREGULAR: &[&str] = &[
        "bound", "made", "sent", "given", "held", "left", "paid", "written", "taken", "sold",
        "kept",
    ];
    const LINKS: &[&str] =
        &["to", "by", "against", "for", "on", "in", "from", "within", "during", "under", "at"];
    let tokens = tag::tag(text);
    let is_done = |at: usize| {
        let token = &tokens[at];
        token.is_any(IRREGULAR) || token.lower.ends_with("ed") && token.lower.len() > 4
    };
    let links = (1..tokens.len()).filter(|&at| tokens[at].is_any(LINKS) && is_done(at - 1));
    let nouns = links.filter_map(|at| {
        let article = tokens.get(at + 1)?;
        let is_one = article.is_any(&["a", "an", "the", "one", "each", "its"]);
        is_one.then(|| noun::phrase_at(&tokens, at + 1)).flatten()
    });
    nouns.filter(|phrase| !phrase.is_plural).map(|phrase| phrase.noun).collect()
}

/// Whether a text tells what somebody or something does; participles only describe.
pub(crate) fn has_verb(text: &str) -> bool {
    let is_finite = |token: &tag::Token| {
        token.tag == tag::Tag::Verb && !token.lower.ends_with("ed") && !token.lower.ends_with("ing")
    };
    tag::tag(text).iter().skip(1).any(is_finite)
}

/// Whether the first word of a name in code tells to do something: `get_pets`, and no `order_items`.
pub(crate) fn begins_with_verb(name: &str) -> bool {
    let first = name.split('_').next().unwrap_or_default();
    let calls = [
        "get", "set", "list", "find", "fetch", "is", "has", "on", "to", "make", "run", "check",
        "can",
    ];
    calls.contains(&first) || evidence::COMMANDS.contains(&first)
}

/// What the patterns of sentences share: the sentences themselves, and the nouns in them.
#[derive(Debug, Default)]
pub(crate) struct Prose {
    /// While a part of a document is read beside others: all, to which parts add nothing.
    whole: Option<Arc<Self>>,
    /// For each document.
    clauses: Vec<Arc<Sentences>>,
    /// Lists of fields, for each document.
    lists: Vec<Vec<field_list::Led>>,
    /// By folded name, in order of first mention.
    nouns: IndexMap<String, Noun>,
    /// The roles that a user may have, by folded name, with the spelling.
    roles: IndexMap<String, String>,
    /// What definitions say to be parts of the program, by folded name.
    programs: BTreeSet<String>,
    /// Other names for a noun, folded, as headings and terms give them in brackets.
    aliases: BTreeMap<String, String>,
    /// What definitions say to be values of something else, by folded name: a "Reorder Level" reorders nothing.
    properties: BTreeSet<String>,
    /// The last word of a name that a definition gives in full, folded, with that name: "materials" are Raw Materials where
    /// nothing else is called so.
    shorts: BTreeMap<String, String>,
    /// Whether other notations had found entities before the first sentence was read.
    is_anchored: bool,
    /// Whether of those entities nothing but their names was known: a list of names is no description.
    is_bare: bool,
    /// The folded names of entities whose fields other notations had found by then.
    described: BTreeSet<String>,
    /// Those of which only short notes list the fields, "Order: quote, status", without types or keys: what belongs to what,
    /// sentences say.
    jotted: BTreeSet<String>,
    /// Whether a sentence lists the entities by name.
    is_listed: bool,
    /// The folded names of fields that count things: "guests", a number.
    counters: BTreeSet<String>,
}

/// The sentences of a document.
#[derive(Debug, Default)]
struct Sentences {
    all: Vec<Clause>,
}

/// A noun, and what speaks for its being stored.
#[derive(Debug)]
struct Noun {
    name: String,
    evidence: Vec<Evidence>,
    uses: usize,
    /// How many sentences say that somebody manages it.
    managed: usize,
    /// Where the strongest evidence stands, and its words.
    document: usize,
    span: Span,
    quote: String,
    description: Option<String>,
}

/// What may speak for a noun. Each counts once, however often it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Evidence {
    /// A list of its fields stands under a sentence about it.
    OwnsFields,
    /// A sentence says of any one of it what it has: two properties or more.
    Described,
    /// A sentence lists the entities, and it is one of them.
    Listed,
    /// It is one end of a sentence that says how many belong to how many.
    Counted,
    /// It is defined under a heading about concepts or terms.
    Defined,
    /// It is written as a name in code, more than once.
    Coded,
    /// A sentence in which it has properties.
    HasProperties,
    /// It signs in: what has an account is stored.
    SignsIn,
    /// The system keeps it.
    Kept,
    /// Somebody creates, changes or removes it.
    Managed,
    /// It has states.
    HasStates,
    /// A heading or the label of a list names it.
    Headed,
    /// A requirement has it for its title.
    Titled,
    /// The path of an endpoint or a page holds it in the plural.
    Routed,
    /// Somebody looks for some of many of it: "browse listings", "search for members".
    Asked,
    /// It is written with capital letters inside sentences.
    Capital,
    /// A sentence speaks of each one of it.
    Each,
    /// It is used again and again.
    Repeated,
    /// Several sentences say that somebody creates, changes or removes it.
    ManagedOften,
    /// A sentence gives it three properties or more.
    HasSeveral,
    /// It is used in many sentences.
    Frequent,
    /// A sentence says of any one of it what it has, is or belongs to: "A copy belongs to a branch".
    AnyOne,
    /// Another sentence does.
    AnyOneAgain,
    /// What somebody does makes one: "comment on articles".
    Done,
    /// People of whom a sentence says that they make something: "Users can create playlists".
    Makes,
}

impl Evidence {
    /// Points; [`entities::ENOUGH`] of them make an entity.
    const fn weight(self) -> u32 {
        match self {
            Self::OwnsFields | Self::Listed => 6,
            Self::Described | Self::Counted | Self::SignsIn | Self::Coded | Self::Done => 4,
            Self::Defined | Self::HasProperties | Self::Managed => 3,
            Self::Kept
            | Self::HasStates
            | Self::Headed
            | Self::Titled
            | Self::Routed
            | Self::Asked
            | Self::AnyOne
            | Self::AnyOneAgain
            | Self::Makes => 2,
            Self::Capital
            | Self::Each
            | Self::Repeated
            | Self::ManagedOften
            | Self::HasSeveral
            | Self::Frequent => 1,
        }
    }

    /// Whether it only shows that a noun stands out, and not that it is kept.
    const fn is_soft(self) -> bool {
        matches!(
            self,
            Self::Headed
                | Self::Titled
                | Self::Routed
                | Self::Capital
                | Self::Each
                | Self::Repeated
        )
    }

    /// Whether it says of the noun what only a thing that is stored can have.
    const fn is_outright(self) -> bool {
        matches!(
            self,
            Self::OwnsFields
                | Self::Described
                | Self::Listed
                | Self::Counted
                | Self::Defined
                | Self::HasProperties
        )
    }

    /// Whether it outvotes what its noun means in most documents.
    const fn outvotes_usage(self) -> bool {
        matches!(self, Self::OwnsFields | Self::Described | Self::Listed)
    }
}

/// In how many sentences a noun is managed before that speaks for it once more.
const OFTEN: usize = 3;

impl Noun {
    fn points(&self) -> u32 {
        self.evidence.iter().map(|evidence| evidence.weight()).sum()
    }
}

/// A noun as entities are named, and the key under which its spellings meet.
struct NounName {
    name: String,
    key: String,
}

impl NounName {
    /// That of a noun for which something may speak; general nouns have none.
    fn of(noun: &str, evidence: Evidence) -> Option<Self> {
        if noun::is_generic(noun) && !evidence.outvotes_usage() {
            return None;
        }
        let name = noun::entity_name(noun);
        let key = fold(&name);
        (key.len() >= 2).then_some(Self { name, key })
    }
}

impl Prose {
    /// What is known of nouns while a part of a document is read beside others.
    pub(crate) fn of_part(whole: Arc<Self>) -> Self {
        Self { whole: Some(whole), ..Self::default() }
    }

    /// Keeps the sentences of a document, as its parts have them.
    fn keep_clauses(&mut self, document: usize, parts: Vec<Vec<Clause>>) {
        let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for mut part in parts {
            all.append(&mut part);
        }
        self.clauses.resize_with(document + 1, Default::default);
        self.clauses[document] = Arc::new(Sentences { all });
    }

    fn whole(&self) -> &Self {
        self.whole.as_deref().unwrap_or(self)
    }

    fn alias(&self, name: &str) -> Option<&String> {
        let aliases = &self.whole().aliases;
        if aliases.is_empty() { None } else { aliases.get(&fold(name)) }
    }

    /// Notes what speaks for a noun.
    pub(crate) fn note(
        &mut self,
        noun: &str,
        evidence: Evidence,
        document: usize,
        span: Span,
        quote: &str,
    ) {
        if let Some(noun) = NounName::of(noun, evidence) {
            self.note_named(&noun, evidence, document, span, quote);
        }
    }

    fn note_named(
        &mut self,
        noun: &NounName,
        evidence: Evidence,
        document: usize,
        span: Span,
        quote: &str,
    ) {
        let NounName { name, key } = noun;
        let whole = self.shorts.get(key).cloned();
        let (name, key) = match &whole {
            Some(whole) => (whole, &fold(whole)),
            None => (name, key),
        };
        let known = self.nouns.entry(key.clone()).or_insert_with(|| Noun {
            name: name.clone(),
            evidence: Vec::new(),
            uses: 0,
            managed: 0,
            document,
            span,
            quote: quote.to_owned(),
            description: None,
        });
        if evidence == Evidence::Managed {
            known.managed += 1;
            if known.managed == OFTEN {
                known.evidence.push(Evidence::ManagedOften);
            }
        }
        if known.evidence.contains(&evidence) {
            if evidence == Evidence::AnyOne
                && fold(&known.quote) != fold(quote)
                && !known.evidence.contains(&Evidence::AnyOneAgain)
            {
                known.evidence.push(Evidence::AnyOneAgain);
            }
            return;
        }
        let is_strongest = known.evidence.iter().all(|other| evidence < *other);
        known.evidence.push(evidence);
        if is_strongest {
            (known.document, known.span, known.quote) = (document, span, quote.to_owned());
            known.name.clone_from(name);
        }
    }

    /// Whether a field of this name holds how many of something there are.
    fn is_counter(&self, name: &str) -> bool {
        self.whole().counters.contains(&fold(name))
    }

    /// Whether a list of its own says what fields an entity has: sentences then add none.
    pub(crate) fn is_described(&self, entity: &str) -> bool {
        self.whole().described.contains(&fold(entity))
    }

    /// Whether lists of their own say of two entities what fields they have, and which refer to others.
    pub(crate) fn are_exact(&self, one: &str, other: &str) -> bool {
        let is_exact =
            |name: &str| self.is_described(name) && !self.whole().jotted.contains(&fold(name));
        is_exact(one) && is_exact(other)
    }

    /// Whether a noun is a role that users have, and no entity of its own.
    pub(crate) fn is_role(&self, noun: &str) -> bool {
        let Self { roles, nouns, .. } = self.whole();
        if roles.is_empty() {
            return false;
        }
        let key = fold(&noun::entity_name(noun));
        roles.contains_key(&key)
            && !nouns.get(&key).is_some_and(|noun| {
                noun.evidence.iter().any(|evidence| {
                    matches!(
                        evidence,
                        Evidence::OwnsFields
                            | Evidence::Described
                            | Evidence::Listed
                            | Evidence::HasProperties
                            | Evidence::ManagedOften
                    )
                })
            })
    }
}

/// The known entity that a noun means: by its name; by the words that another name ends with
/// ("occurrence" for "Event Occurrence"); "User" for a role that users have.
pub(crate) fn resolve(noun: &str, out: &Output) -> Option<String> {
    let name = noun::entity_name(noun.trim());
    if let Some(known) = out.known.get(&name) {
        return Some(known.to_owned());
    }
    // One role by two names.
    let other = match name.to_lowercase().as_str() {
        "administrator" => Some("Admin"),
        "admin" => Some("Administrator"),
        _ => None,
    };
    if let Some(known) = other.and_then(|other| out.known.get(other)) {
        return Some(known.to_owned());
    }
    let short = out.prose.whole().shorts.get(&fold(&name));
    if let Some(known) = short.and_then(|whole| out.known.get(whole)) {
        return Some(known.to_owned());
    }
    if let Some(known) = out.prose.alias(&name).and_then(|name| out.known.get(name)) {
        return Some(known.to_owned());
    }
    if out.prose.is_role(&name) {
        return out.known.get("User").map(str::to_owned);
    }
    // "cash collector" and "user account": the last word may carry it, or the first.
    let mut words = name.split(' ');
    let (first, last) = (words.next()?, words.next());
    if let Some(last) = last {
        let is_filler = matches!(
            last.to_lowercase().as_str(),
            "user" | "account" | "record" | "entity" | "object" | "profile" | "entry" | "member"
        );
        if is_filler {
            // "blood donor record": all before it.
            let front = name.rsplit_once(' ').map_or(first, |(front, _)| front);
            let whole = out.known.get(front).map(str::to_owned);
            return whole.or_else(|| resolve(first, out));
        }
        // "catalog medications" are medications, where nothing is called so.
        if let Some((_, last)) = name.rsplit_once(' ') {
            if !noun::is_attribute(last) {
                return out.known.get(last).map(str::to_owned);
            }
        }
    } else if name.len() > 3 {
        if let Some(known) = out.known.ending_with(&name) {
            return Some(known.to_owned());
        }
    }
    None
}

/// Whether a token stands inside a condition: "whose `status` is", "where the type is", "if its state
/// is". What is named there selects rows, and lists neither fields nor all values of one. A comma ends
/// the condition that a sentence begins with.
fn is_in_condition(tokens: &[tag::Token], at: usize) -> bool {
    let before = &tokens[..at.min(tokens.len())];
    before
        .iter()
        .rposition(|token| token.is_any(lexicon::CONDITION))
        .is_some_and(|from| !before[from..].iter().any(|token| token.is(",")))
}

/// Whether a sentence says how many rows of a condition there may be: "has at most one payment whose
/// `status` is `captured` or `refunded`". It is a rule.
fn counts_under_condition(tokens: &[tag::Token]) -> bool {
    let count = tokens.windows(2).position(|pair| {
        pair[0].is("at") && pair[1].is_any(&["most", "least"])
            || pair[0].is_any(&["exactly", "only"]) && pair[1].is_any(&["one", "1"])
            || pair[0].is("than") && pair[1].is_any(&["one", "1"])
    });
    count.is_some_and(|from| tokens[from..].iter().any(|it| it.is_any(lexicon::CONDITION)))
}

/// So many sentences are looked at before another thread would have begun.
const SENTENCES_OF_A_THREAD: usize = 1_000;

/// What a pattern finds in each sentence by its words alone, whatever else is known.
fn in_each<'c, R: Send>(
    clauses: &'c [Clause],
    find: impl Fn(&'c Clause) -> R + Sync + Send,
) -> Vec<R> {
    underpin_base::parallel::map(clauses, SENTENCES_OF_A_THREAD, find)
}

/// Runs a pattern over the sentences of the document, or the part of it, that is being read.
fn over_clauses(out: &mut Output, read: impl FnOnce(&[Clause], &mut Output)) {
    let index = out.document_index();
    let Some(sentences) = out.prose.whole().clauses.get(index).map(Arc::clone) else { return };
    let clauses = &sentences.all;
    let up_to = |section: usize| match section {
        0 => 0,
        section => clauses.partition_point(|clause| clause.section < Some(section)),
    };
    let part = match out.sections_read() {
        Some(Range { start, end }) => up_to(start)..up_to(end),
        None => 0..clauses.len(),
    };
    read(&clauses[part], out);
}

/// Whether nothing was read of a sentence that says more than how two things relate. Of a line that holds several, one
/// that was read leaves the others free.
fn is_free(document: &Document<'_>, clause: &Clause, out: &Output) -> bool {
    let at = clause.range.start;
    (out.is_open(document, at) || out.reader_at(document, at).starts_with("prose-"))
        && !out.is_said(document, clause.range.clone())
}
