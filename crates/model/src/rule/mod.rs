//! What a rule's text means. SQL is parsed; sentences are matched by patterns, one file each, that
//! understand a sentence to its last word or leave it alone.

mod above;
pub(crate) mod allowed;
mod among;
mod at_a_time;
mod at_least_one;
pub(crate) mod at_least_rows;
mod belongs;
mod beyond;
mod binding;
mod bound;
mod called_span;
mod characters;
mod clause;
mod counted_changes;
mod deletion;
pub(crate) mod ends;
mod equal;
mod format;
mod formula;
pub(crate) mod is_a;
mod itself;
pub(crate) mod joined;
mod json;
mod kept;
pub(crate) mod kept_apart;
pub(crate) mod leaning;
mod length;
pub(crate) mod letter_case;
pub(crate) mod managed;
mod moment;
mod negative;
mod number_of_rows;
pub(crate) mod of_tenants;
mod once;
mod one_of;
mod one_per;
mod only_when;
pub(crate) mod otherwise;
pub(crate) mod overlap;
mod parsed;
pub(crate) mod permanence;
pub(crate) mod plain_sql;
mod plain_words;
mod presence;
pub(crate) mod range;
mod rephrased;
pub(crate) mod requirement;
mod reuse;
mod rows_of;
mod sentence;
mod sound;
mod span_order;
mod sql;
mod sum_of_rows;
mod times;
pub(crate) mod uncounted;
mod unique;
mod unit;
mod when;
mod wording;

use std::cell::Cell;

use crate::draft::Draft;
use crate::{EntityId, Expression, FieldId, OnDelete};
use sentence::Sentence;
use wording::Plain;

pub use above::Above;
pub use binding::binding_parts;
pub(crate) use characters::are_characters;
pub use counted_changes::counts_changes;
pub use kept::compares_with_past;
pub use kept_apart::KeptApart;
pub(crate) use length::shorter_than;
pub use parsed::across::Across;
pub use parsed::barring::{Arrival, Barring};
pub use parsed::beside::{Beside, Holding, NamedEntities};
pub use parsed::lasting::Lasting;
pub use parsed::settled::Settled;
pub(crate) use sentence::clauses;
pub(crate) use wording::Wording;

/// What a text turned out to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A condition on the values of a row.
    Expression(Expression<FieldId>),
    /// Fields that are unique together.
    Unique {
        /// The fields.
        fields: Vec<FieldId>,
        /// Among which rows.
        condition: Option<Expression<FieldId>>,
    },
    /// What becomes of the rows that refer by these fields when the row that they refer to is deleted.
    Deletion {
        /// The references.
        fields: Vec<FieldId>,
        /// What becomes of the rows.
        on_delete: OnDelete,
    },
    /// Fields must have a value.
    Required(Vec<FieldId>),
    /// A text has at most so many characters.
    MaximumLength(FieldId, u32),
    /// Upper and lower case make no difference in the values of these fields.
    IgnoresCase(Vec<FieldId>),
    /// Whether the values of keys are free again once a row is marked as deleted.
    DeletedValues {
        /// They are; otherwise they stay taken.
        free: bool,
        /// The fields of whose values it is said; of all where none is named.
        fields: Vec<FieldId>,
    },
    /// People maintain the listed values of a field while the system runs.
    Managed(FieldId),
    /// What the values of a field are counted in.
    Unit(FieldId, &'static str),
    /// Something that the model holds already, in words.
    Known(String),
    /// SQL that is no expression of ours.
    Sql(String),
    /// Understood, but nothing that a condition on one row can keep, for this reason.
    Kept(&'static str),
    /// Not understood.
    Unclear,
}

/// Understands a sentence, or leaves it alone.
type Pattern = fn(&Sentence<'_>) -> Option<Meaning>;

/// Patterns that need the whole sentence.
const SENTENCES: &[Pattern] = &[
    // "required when" must be seen before "required".
    when::sentence,
    one_per::sentence,
    unique::sentence,
    at_least_one::sentence,
    belongs::sentence,
    presence::sentence,
    span_order::sentence,
    formula::sentence,
];

/// Patterns whose own words make a sentence vague elsewhere: "only if", "unless", "never".
const FIRM: &[Pattern] = &[
    managed::sentence,
    of_tenants::sentence,
    deletion::sentence,
    only_when::sentence,
    once::sentence,
    itself::sentence,
    reuse::sentence,
    unique::no_two,
    overlap::sentence,
    is_a::sentence,
    number_of_rows::sentence,
    at_least_rows::sentence,
    sum_of_rows::sentence,
    times::sentence,
    kept::sentence,
    allowed::sentence,
    parsed::lasting::sentence,
];

/// Understands what is said of a field, or leaves it alone.
type Predicate = fn(&Sentence<'_>, FieldId, &str) -> Option<Meaning>;

/// Patterns of what is said of one field, after "must be" or the like.
const PREDICATES: &[Predicate] = &[
    presence::predicate,
    // "1-80 characters" must be seen before "1-80".
    length::predicate,
    range::predicate,
    bound::predicate,
    equal::predicate,
    json::predicate,
    format::predicate,
    // Also the standards that no format has other words for.
    unit::predicate,
    characters::predicate,
    one_of::predicate,
    unique::predicate,
];

/// What a rule means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Understood {
    pub(crate) meaning: Meaning,
    /// Whether it may mean something else once the rules before it are taken down.
    pub(crate) rests_on_rules: bool,
}

/// Understands a rule of an entity, which may stand in the row of one of its fields.
pub(crate) fn understand(
    draft: &Draft<'_>,
    entity: EntityId,
    field: Option<FieldId>,
    words: &Wording,
) -> Understood {
    let rests_on_rules = Cell::new(false);
    let about = About { draft, entity, field, rests_on_rules: &rests_on_rules };
    let meaning = match about.whole(words, MOST_REPHRASED) {
        meaning if negative::is_lost(&words.plain().text, &meaning) => Meaning::Unclear,
        meaning => at_a_time::settled(&draft.model, &words.plain().text, meaning),
    };
    Understood { meaning, rests_on_rules: rests_on_rules.get() }
}

/// What a rule is said of.
#[derive(Clone, Copy)]
struct About<'a> {
    draft: &'a Draft<'a>,
    entity: EntityId,
    field: Option<FieldId>,
    rests_on_rules: &'a Cell<bool>,
}

/// How often a sentence is put in other words: "12 beds at most, not counting broken ones" takes two.
const MOST_REPHRASED: usize = 2;

impl<'a> About<'a> {
    /// What a text means as it stands, without the rows that it leaves out, or in other words.
    fn whole(self, words: &Wording, times: usize) -> Meaning {
        let meaning = self.meaning(words);
        if !matches!(meaning, Meaning::Unclear | Meaning::Kept(_)) {
            return meaning;
        }
        let understood =
            |meaning: &Meaning| !matches!(meaning, Meaning::Unclear | Meaning::Kept(_));
        uncounted::meaning(self, words.written(), times)
            .or_else(|| {
                let others = (times > 0).then(|| words.rephrased())?;
                others.iter().map(|other| self.whole(other, times - 1)).find(understood)
            })
            .unwrap_or(meaning)
    }

    fn sentence(self, words: &'a Plain) -> Sentence<'a> {
        Sentence::new(self.draft, self.entity, self.field, words, self.rests_on_rules)
    }

    fn meaning(self, words: &Wording) -> Meaning {
        // What is said of upper and lower case does not keep the rest from being understood.
        if let Some(rest) = words.whatever_case() {
            let meaning = match self.meaning(rest) {
                Meaning::Unclear => ignores_case(&self.sentence(rest.plain())),
                meaning => Some(meaning),
            };
            if let Some(meaning) = meaning {
                return meaning;
            }
        }
        let Self { draft, entity, field, .. } = self;
        if let Some(inner) = sql::check_text(words.written()) {
            // "CHECK (0–6)" beside a field bounds it, and is no subtraction.
            let bounds = field.and_then(|field| {
                let plain = Plain::new(inner);
                let sentence = self.sentence(&plain);
                range::predicate(&sentence, field, sentence.text)
            });
            if let Some(bounds) = bounds {
                return bounds;
            }
            let parsed = words.condition(inner);
            return match parsed.and_then(|parsed| sql::settled(draft, entity, parsed)) {
                Some(expression) => Meaning::Expression(expression),
                None => Meaning::Sql(inner.to_owned()),
            };
        }
        if let Some(meaning) = self.with_others(words) {
            return meaning;
        }
        let sentence = self.sentence(words.plain());
        let firm = words.first_meaning(&sentence, FIRM, 0);
        if firm.is_none() && words.is_vague() {
            let parsed = self.parsed(words).or_else(|| self.both(sentence.text));
            return parsed.unwrap_or(Meaning::Unclear);
        }
        let whole = firm.or_else(|| words.first_meaning(&sentence, SENTENCES, FIRM.len()));
        let meaning = whole.or_else(|| {
            sentence
                .readings()
                .into_iter()
                .find_map(|(fields, said)| predicate(&sentence, &fields, said))
                .or_else(|| words.first_predicate(&sentence, field?, PREDICATES))
        });
        match meaning {
            Some(Meaning::Expression(expression)) => {
                let settled = sound::settle(draft, expression).map(Meaning::Expression);
                settled.or_else(|| self.both(sentence.text)).unwrap_or(Meaning::Unclear)
            }
            Some(Meaning::Kept(reason)) => self
                .parsed(words)
                .or_else(|| self.both(sentence.text))
                .unwrap_or(Meaning::Kept(reason)),
            Some(meaning) => meaning,
            None => self
                .both(sentence.text)
                .or_else(|| self.parsed(words))
                .or_else(|| self.explained(sentence.text))
                .unwrap_or(Meaning::Unclear),
        }
    }

    /// A sentence that also says what holds of the rows that it does not speak of.
    fn with_others(self, words: &Wording) -> Option<Meaning> {
        let (said, elsewhere) = otherwise::split(&words.plain().text)?;
        let Meaning::Expression(said) = self.meaning(&Wording::new(said)) else { return None };
        otherwise::both(said, elsewhere).map(Meaning::Expression)
    }

    /// What no pattern of the whole text knows may be understood by its parts.
    fn parsed(self, words: &Wording) -> Option<Meaning> {
        let Self { draft, entity, field, .. } = self;
        let meaning = parsed::understand(&draft.model, entity, field, words).or_else(|| {
            // "Department codes consist of capital letters only": what is said of a field has its patterns.
            let (fields, said) = parsed::said_of_fields(&draft.model, entity, field, words)?;
            let plain = Plain::new(&words.plain().text);
            predicate(&self.sentence(&plain), &fields, &said)
        })?;
        match meaning {
            Meaning::Expression(expression) => {
                sound::settle(draft, expression).map(Meaning::Expression)
            }
            meaning => Some(meaning),
        }
    }

    /// "A reference is recorded once only: provider and reference are unique together": what stands behind the colon
    /// says it once more, or says why.
    fn explained(self, text: &str) -> Option<Meaning> {
        // Shorter ones are labels.
        const SHORTEST: usize = 4;
        let (front, again) = text.split_once(": ")?;
        (front.split(' ').count() >= SHORTEST).then_some(())?;
        let rule = |text: &str| match self.meaning(&Wording::new(text)) {
            said @ (Meaning::Expression(_) | Meaning::Unique { .. }) => Some(said),
            Meaning::Deletion { .. }
            | Meaning::Required(_)
            | Meaning::MaximumLength(..)
            | Meaning::IgnoresCase(_)
            | Meaning::DeletedValues { .. }
            | Meaning::Managed(_)
            | Meaning::Unit(..)
            | Meaning::Known(_)
            | Meaning::Sql(_)
            | Meaning::Kept(_)
            | Meaning::Unclear => None,
        };
        rule(again).or_else(|| if joined::only_explains(again) { rule(front) } else { None })
    }

    /// "The rating is between 1 and 5 and may only be given when the state is attended": two rules of one
    /// subject, where both are understood.
    fn both(self, text: &str) -> Option<Meaning> {
        const BEGINS: &[&str] = &[" is ", " must ", " may ", " can ", " cannot ", " has ", " are "];
        let subject =
            BEGINS.iter().filter_map(|verb| text.find(verb)).min().map(|at| &text[..at])?;
        let rule = |text: &str| match self.meaning(&Wording::new(text)) {
            Meaning::Expression(expression) => Some(expression),
            _ => None,
        };
        text.match_indices(" and ").filter(|(at, _)| *at > subject.len()).find_map(|(at, and)| {
            let rest = &text[at + and.len()..];
            let begins = |verb: &&str| rest.starts_with(verb.trim_start());
            BEGINS.iter().any(begins).then_some(())?;
            let first = rule(text[..at].trim_end_matches(','))?;
            let second = rule(&format!("{subject} {rest}"))?;
            Some(Meaning::Expression(Expression::All(vec![first, second])))
        })
    }
}

fn ignores_case(sentence: &Sentence<'_>) -> Option<Meaning> {
    let subjects = letter_case::subjects(sentence)?;
    let all = subjects.iter().all(|&field| sentence.is_text(field));
    all.then_some(Meaning::IgnoresCase(subjects))
}

/// What is said of one field, or of each of several.
fn predicate(sentence: &Sentence<'_>, fields: &[FieldId], said: &str) -> Option<Meaning> {
    let meaning =
        |field: FieldId| PREDICATES.iter().find_map(|pattern| pattern(sentence, field, said));
    if let [only] = fields {
        return meaning(*only);
    }
    let required = |&field: &FieldId| meaning(field) == Some(Meaning::Required(vec![field]));
    if fields.iter().all(required) {
        return Some(Meaning::Required(fields.to_vec()));
    }
    let expressions = fields.iter().map(|&field| match meaning(field)? {
        Meaning::Expression(expression) => Some(expression),
        _ => None,
    });
    expressions.collect::<Option<Vec<_>>>().map(|list| Meaning::Expression(Expression::All(list)))
}

/// Understands the condition of a partial unique key, in SQL or in words.
pub(crate) fn condition(
    draft: &Draft<'_>,
    entity: EntityId,
    text: &str,
) -> Option<Expression<FieldId>> {
    let text = text.trim();
    let inner = text.strip_prefix("WHERE ").or_else(|| text.strip_prefix("where ")).unwrap_or(text);
    sql::expression(draft, entity, inner).or_else(|| {
        let plain = Plain::new(inner);
        let rests_on_rules = Cell::new(false);
        let about = About { draft, entity, field: None, rests_on_rules: &rests_on_rules };
        let sentence = about.sentence(&plain);
        sound::settle(draft, when::condition(&sentence, sentence.text)?)
    })
}

#[cfg(test)]
mod standing_tests;
#[cfg(test)]
mod tests;
