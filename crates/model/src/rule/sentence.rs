//! A rule's sentence, made plain, and the phrases in it that name fields, numbers and values.

use std::cell::Cell;

use smol_str::SmolStr;
use underpin_base::{Lowered, Phrases};

use super::moment;
use super::wording::Plain;
use crate::default_words::literal_number;
use crate::draft::Draft;
use crate::names::{begin_alike, words};
use crate::unit_words;
use crate::{Comparison, EntityId, Expression, FieldId, FieldKind, Literal, Model};

/// A sentence about an entity.
pub(crate) struct Sentence<'a> {
    draft: &'a Draft<'a>,
    entity: EntityId,
    field: Option<FieldId>,
    /// Whether anybody asked for more than the words.
    asked: Cell<bool>,
    /// Whether anybody asked for what rules may change.
    rests_on_rules: &'a Cell<bool>,
    /// The sentence without marks and with plain signs.
    pub(crate) text: &'a str,
    /// The same in lower case.
    pub(crate) lower: &'a Lowered,
}

/// Words that make a sentence more than its pattern says, or less than a rule.
const VAGUE: &[&str] = &[
    "unless",
    "except",
    "excluding",
    "otherwise",
    "however",
    "usually",
    "typically",
    "generally",
    "ideally",
    "preferably",
    "recommended",
    "approximately",
    "roughly",
    "e.g",
    "etc",
    "optionally",
    "might",
    "normally",
    "configurable",
    "but",
    "should",
    "may",
    "can",
    "never",
    "sometimes",
    "often",
    "depending",
    "about",
];

/// The separate clauses of a text: "Name max 100; Email max 255" are two. A text with an exception
/// stays whole, since the exception may be about all of it.
pub(crate) fn clauses(text: &str) -> Vec<&str> {
    let lower = text.to_ascii_lowercase();
    let exception = [
        "unless",
        "except",
        "otherwise",
        "however",
        " but ",
        "only if",
        " not count",
        " not taken into account",
        " ignored",
        " exempt",
        " not apply",
        "; that of ",
        "; those of ",
        " may repeat them",
    ];
    let has_sql = lower.trim_start().starts_with("check");
    // "…; one may start when the other ends" is about the rows that must not overlap.
    let lets_touch = lower.contains("overlap") && super::ends::lets_touch(&lower);
    if has_sql || lets_touch || exception.iter().any(|word| lower.contains(word)) {
        return match uncounted_end(&lower).filter(|_| !lets_touch && !has_sql) {
            Some(end) => {
                let rest = text[end..].trim_start_matches(['.', ';', ' ']);
                let mut all = vec![text[..end].trim()];
                all.extend(clauses(rest).into_iter().filter(|it| !it.is_empty()));
                all
            }
            None => vec![text.trim()],
        };
    }
    text.split("; ")
        .flat_map(|part| part.split(". "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// "…; void tickets do not count. The quota may be lowered …": where the first rule ends, in lower case.
fn uncounted_end(lower: &str) -> Option<usize> {
    let end = |words: &str| lower.find(words).map(|at| at + words.len());
    let at = end(" not count").or_else(|| end(" not taken into account"))?;
    let at = at + lower[at..].bytes().take_while(u8::is_ascii_alphabetic).count();
    (lower[at..].starts_with(". ") || lower[at..].starts_with("; ")).then_some(at)
}

impl<'a> Sentence<'a> {
    /// The words as said of an entity, in the row of a field where they stand in one.
    pub(crate) fn new(
        draft: &'a Draft<'a>,
        entity: EntityId,
        field: Option<FieldId>,
        words: &'a Plain,
        rests_on_rules: &'a Cell<bool>,
    ) -> Self {
        let Plain { text, lower } = words;
        Self { draft, entity, field, asked: Cell::new(false), rests_on_rules, text, lower }
    }

    /// The same sentence, said of another entity; with the field in whose row it stands, if it still does.
    pub(crate) fn of(&self, entity: EntityId, field: Option<FieldId>) -> Self {
        let Self { rests_on_rules, text, lower, .. } = *self;
        let draft = self.draft();
        Self { draft, entity, field, asked: Cell::new(true), rests_on_rules, text, lower }
    }

    /// Some of its words, said of an entity.
    pub(crate) fn saying<'p>(
        &'p self,
        words: &'p Plain,
        entity: EntityId,
        field: Option<FieldId>,
    ) -> Sentence<'p> {
        Sentence::new(self.draft(), entity, field, words, self.rests_on_rules)
    }

    /// The model with what the rules before this one made of it: unique keys, required fields, other rules.
    pub(crate) fn model_so_far(&self) -> &'a Model {
        self.rests_on_rules.set(true);
        &self.draft().model
    }

    /// The model that it is said of.
    pub(crate) fn draft(&self) -> &'a Draft<'a> {
        self.asked.set(true);
        self.draft
    }

    /// The entity that it is said of.
    pub(crate) fn entity(&self) -> EntityId {
        self.asked.set(true);
        self.entity
    }

    /// The field in whose row it stands.
    pub(crate) fn field(&self) -> Option<FieldId> {
        self.asked.set(true);
        self.field
    }

    /// What is made of the sentence, and whether its words alone decided that.
    pub(super) fn by_words<T>(&self, make: impl FnOnce(&Self) -> T) -> (T, bool) {
        self.asked.set(false);
        let made = make(self);
        (made, !self.asked.get())
    }

    /// The ways to read it as something said of the fields that it names: the fields and what is said.
    pub(crate) fn readings(&self) -> Vec<(Vec<FieldId>, &str)> {
        let mut readings = Vec::new();
        let lower = self.lower;
        for (verb, keep) in [
            (" must be ", 9),
            (" must not ", 6),
            (" must have ", 6),
            (" must ", 6),
            (" has to be ", 11),
            (" shall be ", 10),
            (" cannot ", 1),
            (" equals ", 1),
            (" differs ", 1),
            (" holds ", 1),
            (" contains ", 1),
            (" consists ", 1),
            (" ranges ", 8),
            (" range ", 7),
            (" does not ", 6),
            (" do not ", 4),
            (" is ", 4),
            (" are ", 5),
            (" has ", 1),
            (": ", 2),
            (" max ", 1),
            (" min ", 1),
            (" maximum ", 1),
            (" minimum ", 1),
            (" >", 1),
            (" <", 1),
            (" in ", 1),
        ] {
            let Some(at) = lower.place_of(verb) else { continue };
            let subject = &self.text[..at];
            if let Some(fields) = self.fields(subject) {
                readings.push((fields, self.text[at + keep..].trim()));
            }
        }
        // "rating 1-5", where nothing stands between.
        for (at, _) in self.text.match_indices(' ').take(2) {
            if let Some(field) = self.field_phrase(&self.text[..at]) {
                readings.push((vec![field], self.text[at..].trim()));
            }
        }
        readings
    }

    /// What the sentence says where it stands in the row of the field that it is said of.
    pub(crate) fn beside_field(&self) -> &str {
        let said = ["must be ", "must ", "should be ", "is ", "be "]
            .iter()
            .find_map(|verb| self.lower.starts_with(verb).then(|| &self.text[verb.len()..]))
            .unwrap_or(self.text);
        said.trim()
    }

    /// The fields of "start and end", "a, b and c" or of one phrase.
    pub(crate) fn fields(&self, phrase: &str) -> Option<Vec<FieldId>> {
        if let Some(field) = self.field_phrase(phrase) {
            return Some(vec![field]);
        }
        let phrase = strip_word(phrase, "both");
        let parts: Vec<&str> =
            phrase.split(", ").flat_map(|part| part.split(" and ")).map(str::trim).collect();
        if parts.len() < 2 {
            return None;
        }
        // "First and last name": the noun stands at the end, for all.
        let noun = parts.last().and_then(|last| last.rsplit_once(' ')).map(|(_, noun)| noun);
        let found = |part: &str| {
            self.field_phrase(part).or_else(|| self.field_phrase(&format!("{part} {}", noun?)))
        };
        parts.into_iter().map(found).collect()
    }

    /// The field that a phrase names: "the order's total", "Order total", `total`, "its total".
    pub(crate) fn field_phrase(&self, phrase: &str) -> Option<FieldId> {
        let phrase = phrase.trim().trim_matches(|c| c == '"' || c == '\'');
        // Names are compared without their separators, and the sign of a value is none.
        if phrase.starts_with('-') {
            return None;
        }
        let lower = phrase.to_ascii_lowercase();
        if matches!(lower.as_str(), "it" | "value" | "the value" | "this field" | "field" | "this")
        {
            return self.field();
        }
        if let Some(found) = self.field_named(phrase) {
            return Some(found);
        }
        let mut rest = phrase;
        for lead in ["the ", "a ", "an ", "each ", "every ", "all ", "its ", "any "] {
            if lower.starts_with(lead) {
                rest = &phrase[lead.len()..];
                break;
            }
        }
        if let Some(found) = (rest.len() < phrase.len()).then(|| self.field_named(rest)).flatten() {
            return Some(found);
        }
        if let Some((owner, name)) = rest.cut_at("'s ") {
            return (self.draft().noun(owner) == Some(self.entity()))
                .then(|| self.field_named(name))
                .flatten();
        }
        if let Some((name, owner)) = rest.cut_at(" of ") {
            let owner = strip_word(strip_word(strip_word(owner, "the"), "a"), "an");
            return (self.draft().noun(owner) == Some(self.entity()))
                .then(|| self.field_named(name))
                .flatten();
        }
        // "Order total" is the total of Order.
        let name = &self.draft().model.entity(self.entity()).name;
        if !begin_alike(name, rest) {
            return None;
        }
        let (own, said) = (words(name), words(rest));
        let shorter = said.strip_prefix(own.as_slice()).filter(|rest| !rest.is_empty())?;
        let name = shorter.join(" ");
        // "Product prices must be positive" is about the price of each product.
        self.field_named(&name).or_else(|| self.field_named(name.strip_suffix('s')?))
    }

    fn field_named(&self, name: &str) -> Option<FieldId> {
        let name = match name.rsplit_once('.') {
            Some((owner, name)) if self.draft().noun(owner) == Some(self.entity()) => name,
            Some(_) => return None,
            None => name,
        };
        if let Some(found) = self.draft().field(self.entity(), name) {
            return Some(found);
        }
        let mut names = Vec::new();
        // "end > start" may be about `ends_at` and `starts_at`.
        if matches!(name, "start" | "end" | "begin" | "Start" | "End" | "Begin") {
            let endings = ["at", "on", "date", "time", "timestamp"];
            names.extend(endings.map(|end| format!("{name} {end}")));
            names.extend(endings.map(|end| format!("{name}s {end}")));
            let mut known = names.iter().filter_map(|name| self.draft().field(self.entity(), name));
            // Two dates and times could be meant.
            let only = known.next()?;
            return known.next().is_none().then_some(only);
        }
        // "end time" may be the field `end_at`, "paid time" `paid_at`.
        if let Some(front) = name.strip_suffix(" time").or_else(|| name.strip_suffix(" date")) {
            names.extend(["at", "on", "date", "time"].map(|end| format!("{front} {end}")));
            names.push(front.to_owned());
            names.extend(["at", "on"].map(|end| format!("{front}s {end}")));
        }
        // "capture time" may be `captured_at`.
        for end in [" time", " date", " moment"] {
            if let Some(front) = name.strip_suffix(end) {
                names.extend(["d at", "ed at", "d on", "ed on"].map(|end| format!("{front}{end}")));
            }
        }
        // "email address" may be `email`.
        names.extend(name.strip_suffix(" address").map(str::to_owned));
        // "line number" may be `line_no`.
        if let Some(front) = name.strip_suffix(" number") {
            names.extend(["no", "nr", "num"].map(|end| format!("{front} {end}")));
        }
        // "Ratings" are the values of `rating`.
        names.extend(name.strip_suffix("ies").map(|front| format!("{front}y")));
        names.extend(name.strip_suffix('s').map(str::to_owned));
        let named = names.into_iter().find_map(|name| self.draft().field(self.entity(), &name));
        named.or_else(|| self.counted_in(name)).or_else(|| moment::named(self, name))
    }

    /// "The reward must be at most 500 cents" is about `reward_cents`; so is "the reward must not exceed the
    /// budget", which names no number whose unit one had to guess.
    fn counted_in(&self, name: &str) -> Option<FieldId> {
        let all = self.draft().counted_fields(self.entity());
        let begins_alike = |(id, _): &&(FieldId, Vec<SmolStr>)| {
            begin_alike(&self.draft().model.field(*id).name, name)
        };
        let mut counted = all.iter().filter(begins_alike).peekable();
        counted.peek()?;
        let name = words(name);
        let one = name.split_last().map(|(last, front)| {
            [front, &[last.strip_suffix('s').unwrap_or(last).into()]].concat()
        });
        let units = counted.filter_map(|(id, all)| {
            let (unit, all) = all.split_last()?;
            let is_named = !all.is_empty() && (all == name || one.as_deref() == Some(all));
            is_named.then_some((*id, unit))
        });
        let units: Vec<(FieldId, &SmolStr)> = units.collect();
        if units.is_empty() {
            return None;
        }
        let mut said = words(self.text);
        let is_number = |word: &SmolStr| word.bytes().any(|it| it.is_ascii_digit()) && word != "0";
        let has_number = said.iter().any(is_number);
        if self.text.contains('%') {
            said.push("percent".into());
        }
        let is_meant = |unit: &SmolStr| said.contains(unit) || !has_number;
        let mut meant = units.iter().filter(|(_, unit)| is_meant(unit)).map(|(id, _)| *id);
        let only = meant.next()?;
        meant.next().is_none().then_some(only)
    }

    /// A phrase without the unit that the field is counted in: "500 cents".
    pub(crate) fn without_unit<'p>(&self, field: FieldId, phrase: &'p str) -> &'p str {
        let Some((front, unit)) = phrase.rsplit_once(' ') else { return phrase };
        let of_field = self.draft().model.field(field).unit.as_deref();
        let same = unit_words::named(unit).is_some_and(|unit| of_field == Some(unit.name));
        // "50 euros" of an amount that is not counted in cents.
        let whole = of_field.is_none()
            && matches!(self.kind(field), FieldKind::Money { .. } | FieldKind::Decimal { .. })
            && matches!(
                unit.to_ascii_lowercase().as_str(),
                "euro" | "euros" | "dollar" | "dollars" | "pounds" | "eur" | "usd" | "gbp" | "chf"
            );
        if same || whole { front } else { phrase }
    }

    /// The field for a part of a key: "merchant" is the reference to the Merchant.
    pub(crate) fn key_phrase(&self, entity: EntityId, phrase: &str) -> Option<FieldId> {
        let phrase = strip_word(strip_word(phrase.trim(), "each"), "every");
        let phrase = strip_word(strip_word(strip_word(phrase, "the"), "a"), "an").trim();
        if phrase.is_empty() || phrase.starts_with('-') {
            return None;
        }
        if let Some(found) = self.draft().field(entity, phrase) {
            return Some(found);
        }
        if let Some(found) = self.draft().field(entity, &format!("{phrase} id")) {
            return Some(found);
        }
        let Some(target) = self.draft().noun(phrase) else {
            return self.numbered(entity, phrase);
        };
        let mut leading = self.draft().model.fields_of(entity).filter(|(_, field)| {
            field.references.as_ref().is_some_and(|reference| reference.entity == target)
        });
        let (only, _) = leading.next()?;
        leading.next().is_none().then_some(only)
    }

    /// "one lane" where lanes are no rows and have a number: the field "lane number".
    fn numbered(&self, entity: EntityId, phrase: &str) -> Option<FieldId> {
        const ENDS: &[&str] = &["number", "no", "nr", "code", "name"];
        let mut found =
            ENDS.iter().filter_map(|end| self.draft().field(entity, &format!("{phrase} {end}")));
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    /// The kind of a field.
    pub(crate) fn kind(&self, field: FieldId) -> &FieldKind {
        &self.draft().model.field(field).kind
    }

    /// Whether a field holds numbers.
    pub(crate) fn is_number(&self, field: FieldId) -> bool {
        matches!(
            self.kind(field),
            FieldKind::Integer { .. }
                | FieldKind::Decimal { .. }
                | FieldKind::Money { .. }
                | FieldKind::Float
        )
    }

    /// Whether a field holds text.
    pub(crate) fn is_text(&self, field: FieldId) -> bool {
        matches!(self.kind(field), FieldKind::Text { .. })
    }
}

/// Whether a text in lower case says more or less than a rule that always holds.
pub(super) fn is_vague(lower: &str) -> bool {
    let mut words = lower.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '\''));
    // "can only have one" and "may have at most one" are firm.
    let firm = ["only one", "at most one", "only once", "at most once"]
        .iter()
        .any(|phrase| lower.contains(phrase));
    words.any(|word| {
        let word = word.trim_end_matches('.');
        VAGUE.contains(&word) && !(firm && matches!(word, "can" | "may"))
    })
}

/// Takes a word off the front of a phrase.
pub(crate) fn strip_word<'p>(phrase: &'p str, word: &str) -> &'p str {
    match phrase.get(..word.len()) {
        Some(front)
            if front.eq_ignore_ascii_case(word) && phrase[word.len()..].starts_with(' ') =>
        {
            phrase[word.len()..].trim_start()
        }
        _ => phrase,
    }
}

/// Takes one of several endings off a phrase.
pub(crate) fn strip_end<'p>(phrase: &'p str, ends: &[&str]) -> &'p str {
    let bytes = phrase.as_bytes();
    let ends_so = |end: &&&str| {
        let at = bytes.len().checked_sub(end.len());
        at.is_some_and(|at| bytes[at..].eq_ignore_ascii_case(end.as_bytes()))
    };
    ends.iter().find(ends_so).map_or(phrase, |end| phrase[..phrase.len() - end.len()].trim_end())
}

/// The rest of a phrase after one of several beginnings, whatever their case.
pub(crate) fn after<'p>(phrase: &'p str, leads: &[&str]) -> Option<&'p str> {
    let bytes = phrase.as_bytes();
    let begins_so = |lead: &&&str| {
        bytes.get(..lead.len()).is_some_and(|front| front.eq_ignore_ascii_case(lead.as_bytes()))
    };
    leads.iter().find(begins_so).map(|lead| phrase[lead.len()..].trim())
}

/// A number, also with a sign of money or percent around it.
pub(crate) fn number(phrase: &str) -> Option<Literal> {
    let phrase = phrase.trim().trim_start_matches(['$', '€', '£']);
    match phrase.to_ascii_lowercase().as_str() {
        "zero" => Some(Literal::Integer(0)),
        "one" => Some(Literal::Integer(1)),
        _ => literal_number(phrase).or_else(|| literal_number(&ungrouped(phrase)?)),
    }
}

/// `1 000 000`, with its groups of three put together.
fn ungrouped(phrase: &str) -> Option<String> {
    let mut groups = phrase.split([' ', '\u{a0}', '\u{202f}', '\'']);
    let first = groups.next()?.trim_start_matches('-');
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = (1..=3).contains(&first.len())
        && digits(first)
        && groups.all(|group| group.len() == 3 && digits(group));
    grouped.then(|| phrase.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect())
}

/// `field comparison literal`.
pub(crate) fn compared(
    field: FieldId,
    comparison: Comparison,
    literal: Literal,
) -> Expression<FieldId> {
    Expression::compare(Expression::Field(field), comparison, Expression::Literal(literal))
}

/// The values of "a, b or c", "a | b", `'a', 'b'`.
pub(crate) fn values(phrase: &str) -> Vec<String> {
    let phrase = phrase.trim().trim_matches(|c| matches!(c, '(' | ')' | '[' | ']' | '{' | '}'));
    phrase
        .split([',', '|'])
        .flat_map(|part| part.split(" or "))
        .flat_map(|part| part.split(" and "))
        .map(|part| strip_word(strip_word(part.trim(), "or"), "and"))
        .map(|part| part.trim().trim_matches(|c| matches!(c, '\'' | '"')).trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}
