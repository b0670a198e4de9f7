//! What the words of a clause may name: the rows of one entity and its fields.

use smol_str::SmolStr;

use super::super::clause::{root, roots};
use crate::names::{fold_entity, fold_field, singular_words, words};
use crate::spans::spans;
use crate::{EntityId, FieldId, FieldKind, Model};

/// The entity that a sentence is said of, and the field in whose row it stands.
#[derive(Clone, Copy)]
pub(super) struct Scope<'m> {
    pub(super) model: &'m Model,
    pub(super) entity: EntityId,
    pub(super) field: Option<FieldId>,
}

/// What a phrase must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    Any,
    Number,
    Moment,
    Reference,
}

impl Want {
    fn takes(self, scope: &Scope<'_>, id: FieldId) -> bool {
        let field = scope.model.field(id);
        match self {
            Self::Any => true,
            // A reference may be a number, and counts nothing.
            Self::Number => scope.is_number(id) && field.references.is_none(),
            Self::Moment => scope.is_moment(id),
            Self::Reference => field.references.is_some(),
        }
    }
}

/// Words before a noun that single out no row.
const DETERMINERS: &[&str] = &[
    "the",
    "a",
    "an",
    "each",
    "every",
    "any",
    "all",
    "its",
    "their",
    "his",
    "her",
    "both",
    "this",
    "that",
    "these",
    "those",
    "such",
    "given",
    "particular",
    "existing",
    "single",
    "own",
];

/// Words that say of what sort a field is, and not which.
const SORTS: &[&str] = &[
    "date",
    "time",
    "day",
    "moment",
    "timestamp",
    "at",
    "on",
    "of",
    "by",
    "id",
    "the",
    "is",
    "has",
    "number",
    "no",
    "nr",
    "amount",
    "value",
    "address",
    "cents",
    "percent",
    "percentage",
    "count",
    "quantity",
    "eur",
    "usd",
    "mg",
    "kg",
    "minutes",
    "days",
    "hours",
    "seconds",
    "for",
    "per",
    "years",
    "months",
    "weeks",
    "a",
    "an",
    "text",
    "rate",
    "field",
    "figure",
];
const MOMENTS: &[&str] = &["date", "time", "day", "moment", "timestamp", "when"];
const NUMBERS: &[&str] = &["amount", "amounts", "quantity", "quantities", "percentage", "rate"];
/// Words of a beginning and of an end, by their roots' own forms.
const FIRST: &[&str] = &["start", "begin", "first", "from", "beginn", "open"];
const LAST: &[&str] = &["end", "last", "until", "to", "finish", "clos"];

/// Words around something that happens which say nothing of it.
const AROUND: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "been", "being", "it", "they", "the", "day", "date",
    "time", "moment", "on", "which", "when", "at", "he", "she", "its", "their", "a", "an", "every",
    "each",
];

/// Whether words name both ends of a span at once.
fn names_span(phrase: &str) -> bool {
    matches!(phrase, "dates" | "times" | "period" | "date range" | "time range")
}

/// A phrase without the words before it that single out no row.
pub(super) fn bare(phrase: &str) -> &str {
    let mut rest = phrase.trim();
    while let Some((word, behind)) = rest.split_once(' ') {
        if !DETERMINERS.contains(&word) {
            break;
        }
        rest = behind.trim_start();
    }
    rest
}

impl Scope<'_> {
    /// Whether a noun means a row of the entity.
    pub(super) fn is_own(&self, noun: &str) -> bool {
        let noun = bare(noun);
        if matches!(
            noun,
            "it" | "they" | "row" | "rows" | "record" | "records" | "entry" | "entries"
        ) {
            return true;
        }
        let this = self.model.entity(self.entity);
        let said = fold_entity(noun);
        let names = || std::iter::once(&this.name).chain(&this.aliases).chain(&this.table);
        if names().any(|name| fold_entity(name) == said) {
            return true;
        }
        // "The request" of a Leave Request, "a line" of an InvoiceLine; an Invoice is not one.
        let own = singular_words(&this.name);
        let said = singular_words(noun);
        let (own, said): (Vec<&str>, Vec<&str>) =
            (own.split(' ').collect(), said.split(' ').collect());
        let is_part = own.len() > said.len()
            && !noun.is_empty()
            && (own.ends_with(&said) || own.starts_with(&said));
        is_part && self.reference_target(noun).is_none()
    }

    /// Whether a noun means a row of the entity and is no other's whole name: "a ferry" is no ferry crossing.
    pub(super) fn is_called(&self, noun: &str) -> bool {
        let noun = bare(noun);
        let is_other = self.names_entity(noun) && !self.is_name_of(self.entity, noun);
        self.is_own(noun) && !is_other
    }

    /// Whether any entity has this name.
    pub(super) fn names_entity(&self, noun: &str) -> bool {
        let key = fold_entity(noun);
        self.model.entities().any(|(_, it)| fold_entity(&it.name) == key)
    }

    pub(super) fn is_number(&self, id: FieldId) -> bool {
        matches!(
            self.model.field(id).kind,
            FieldKind::Integer { .. }
                | FieldKind::Decimal { .. }
                | FieldKind::Money { .. }
                | FieldKind::Float
        )
    }

    pub(super) fn is_moment(&self, id: FieldId) -> bool {
        matches!(
            self.model.field(id).kind,
            FieldKind::Date | FieldKind::Timestamp | FieldKind::Time
        )
    }

    /// The field that is spelled so.
    pub(super) fn field_spelled(&self, name: &str) -> Option<FieldId> {
        let key = fold_field(name);
        self.model.fields_of(self.entity).find(|(_, it)| fold_field(&it.name) == key).map(|it| it.0)
    }

    /// The fields of "a, b and c" or of one phrase.
    pub(super) fn fields(&self, phrase: &str, want: Want) -> Option<Vec<FieldId>> {
        if let Some(one) = self.field_of(phrase, want) {
            return Some(vec![one]);
        }
        let phrase = bare(phrase);
        // "The borrower and the dates of a loan": of the row itself.
        if let Some((front, owner)) = phrase.rsplit_once(" of ")
            && self.is_own(owner)
            && front.split([' ', ',']).any(names_span)
        {
            return self.fields(front, want);
        }
        if names_span(phrase) {
            return self.span();
        }
        let parts: Vec<&str> = phrase
            .split(", ")
            .flat_map(|part| part.split(" and "))
            .map(|part| bare(part.trim_start_matches("and ")))
            .collect();
        if parts.len() < 2 {
            return None;
        }
        // "Starting and reserve price": the noun stands at the end, for all; so does their owner.
        let last = *parts.last()?;
        let noun = last.rsplit_once(' ').map_or(last, |(_, noun)| noun);
        let of = last.split_once(" of ").map(|(_, owner)| owner);
        let found = |part: &&str| {
            self.field_of(part, want)
                .or_else(|| self.field_of(&format!("{part} {noun}"), want))
                .or_else(|| self.field_of(&format!("{part} of {}", of?), want))
                .or_else(|| {
                    // "A contract's start and end": the owner stands before the first.
                    let owner = parts[0].split_once("'s ")?.0;
                    self.field_of(&format!("{owner}'s {part}"), want)
                })
        };
        let several = parts.iter().map(|part| match found(part) {
            Some(one) => Some(vec![one]),
            None => self.span().filter(|_| names_span(part)),
        });
        several.collect::<Option<Vec<_>>>().map(|several| several.concat())
    }

    /// The first and the last moment of the only span that the entity has.
    fn span(&self) -> Option<Vec<FieldId>> {
        let times = |kind: &FieldKind| {
            matches!(kind, FieldKind::Date | FieldKind::Timestamp | FieldKind::Time)
        };
        match spans(self.model, self.entity, times).as_slice() {
            [(from, to)] => Some(vec![*from, *to]),
            _ => None,
        }
    }

    /// "The price" where each price has a word of its own: all of them.
    pub(super) fn each(&self, phrase: &str) -> Option<Vec<FieldId>> {
        let said = words(bare(phrase));
        let [noun] = said.as_slice() else { return None };
        let noun = root(noun);
        let found: Vec<FieldId> = self
            .model
            .fields_of(self.entity)
            .filter(|(_, it)| {
                telling(&words(&it.name)).last().is_some_and(|last| root(last) == noun)
            })
            .map(|(id, _)| id)
            .collect();
        (found.len() > 1).then_some(found)
    }

    /// The one field that a phrase names, with or without the row that it belongs to.
    pub(super) fn field_of(&self, phrase: &str, want: Want) -> Option<FieldId> {
        let phrase = phrase.replace(['`', '"'], "");
        let phrase = bare(&phrase);
        // Names are compared without their separators, and the sign of a value is none.
        if phrase.starts_with('-') {
            return None;
        }
        if phrase.is_empty() || matches!(phrase, "it" | "value" | "field" | "they") {
            return self.field.filter(|&id| want.takes(self, id));
        }
        // "The dates of a loan" are no `loan_number`.
        if phrase
            .split_once(" of ")
            .is_some_and(|(front, owner)| names_span(front) && self.is_own(owner))
        {
            return None;
        }
        // "medical record number (mrn)"
        if let Some((front, name)) = phrase.strip_suffix(')').and_then(|it| it.split_once(" (")) {
            return self.field_of(name, want).or_else(|| self.field_of(front, want));
        }
        if let Some((owner, name)) = phrase.split_once("'s ").or_else(|| phrase.split_once("s' ")) {
            if self.is_own(owner) {
                return self.named(bare(name), want);
            }
        }
        // "The amount of a fine" is its `amount`, and no number of fines.
        let of_own = phrase.rsplit_once(" of ").filter(|(_, owner)| self.is_own(owner));
        let spelled = of_own.and_then(|(name, _)| self.field_spelled(bare(name)));
        if let Some(found) = spelled.filter(|&id| want.takes(self, id)) {
            return Some(found);
        }
        if let Some(found) = self.named(phrase, want) {
            return Some(found);
        }
        for between in [" of ", " on ", " in ", " for "] {
            if let Some((name, owner)) = phrase.rsplit_once(between) {
                if self.is_own(owner) {
                    return self.named(bare(name), want);
                }
            }
        }
        // "doctor who revoked it", "who approved it"
        let relative =
            phrase.split_once("who ").filter(|(front, _)| front.is_empty() || front.ends_with(' '));
        if let Some((_, done)) = relative {
            let done = done.strip_suffix(" it").or_else(|| done.strip_suffix(" them"))?;
            return self.named(done, Want::Reference);
        }
        if let Some(id) = self.counter(phrase, want) {
            return Some(id);
        }
        // "Line positions" are the positions of lines.
        let own = words(&self.model.entity(self.entity).name);
        let said = words(phrase);
        let names = [own.as_slice(), own.get(own.len().saturating_sub(1)..).unwrap_or_default()];
        names.iter().find_map(|own| {
            let first: Vec<SmolStr> = said.iter().take(own.len()).cloned().collect();
            let is_same = !own.is_empty()
                && singular_words(&first.join(" ")) == singular_words(&own.join(" "));
            (is_same && said.len() > own.len())
                .then(|| self.named(&said[own.len()..].join(" "), want))?
        })
    }

    /// "The number of germinated seeds" is `germinated`: the one number all of whose words are said.
    fn counter(&self, phrase: &str, want: Want) -> Option<FieldId> {
        let counted = phrase.strip_prefix("number of ").or(phrase.strip_prefix("count of "))?;
        let said = roots(counted);
        only(self.model.fields_of(self.entity).filter(|(id, it)| {
            let told = telling(&words(&it.name));
            self.is_number(*id)
                && want.takes(self, *id)
                && it.references.is_none()
                && told.iter().all(|word| said.contains(&root(word)))
        }))
    }

    /// The field of a name: the whole name first, then the words that tell it, then some of them.
    fn named(&self, name: &str, want: Want) -> Option<FieldId> {
        let all = || self.model.fields_of(self.entity).filter(|(id, _)| want.takes(self, *id));
        let key = fold_field(&name.replace("'s ", " "));
        let with_id = format!("{key}id");
        let spelled = |key: &str| all().find(|(_, it)| fold_field(&it.name) == *key);
        if let Some((id, _)) = spelled(&key).or_else(|| spelled(&with_id)) {
            return Some(id);
        }
        if let Some(id) = self.reference_to(name).filter(|&id| want.takes(self, id)) {
            return Some(id);
        }
        // "An invoice's amounts" beside the lines of an invoice are not its own.
        let owner = name.split_once("'s ").map(|(owner, _)| bare(owner));
        if owner.is_some_and(|owner| self.reference_target(owner).is_some()) {
            return None;
        }
        let said = words(&name.replace("'s ", " "));
        let want = match want {
            Want::Any if said.iter().any(|it| MOMENTS.contains(&it.as_str())) => Want::Moment,
            Want::Any if said.iter().any(|it| NUMBERS.contains(&it.as_str())) => Want::Number,
            want => want,
        };
        if let Some(id) = self.of_span(&said, want) {
            return Some(id);
        }
        let all = || self.model.fields_of(self.entity).filter(|(id, _)| want.takes(self, *id));
        if let Some(id) = self.of_way(&said, want) {
            return Some(id);
        }
        let told = telling(&said);
        let is_telling = said.iter().any(|it| !is_sort(it));
        let exact = || only(all().filter(|(_, it)| telling(&words(&it.name)) == told));
        let mut told_roots: Vec<String> = told.iter().map(|it| root(it)).collect();
        told_roots.sort();
        let of = |name: &str| {
            let mut roots: Vec<String> = telling(&words(name)).iter().map(|it| root(it)).collect();
            roots.sort();
            roots
        };
        let same = || only(all().filter(|(_, it)| of(&it.name) == told_roots));
        // "The goal" is `goal_amount`, "the reason" `cancel_reason`, where it can be no other.
        let part = || {
            let is_told = is_telling && told_roots.iter().all(|it| it.len() >= 3);
            let holds = |it: &str| {
                let name = roots(it);
                told_roots.iter().all(|root| name.contains(root))
            };
            is_told.then(|| only(all().filter(|(_, it)| holds(&it.name))))?
        };
        exact().or_else(same).or_else(part)
    }

    /// "The tool" is the field that refers to the Tool, where it can be no other.
    pub(super) fn reference_to(&self, noun: &str) -> Option<FieldId> {
        only(self.model.fields_of(self.entity).filter(|(_, it)| {
            it.references.as_ref().is_some_and(|to| self.is_name_of(to.entity, noun))
        }))
    }

    /// "The origin" of what goes from one to another is `from_warehouse_id`.
    fn of_way(&self, said: &[SmolStr], want: Want) -> Option<FieldId> {
        let edge = match said.iter().map(SmolStr::as_str).collect::<Vec<_>>().as_slice() {
            ["origin" | "source"] => "from",
            ["destination" | "target"] => "to",
            _ => return None,
        };
        only(self.model.fields_of(self.entity).filter(|(id, it)| {
            want.takes(self, *id)
                && it.references.is_some()
                && words(&it.name).first().is_some_and(|first| first == edge)
        }))
    }

    /// The entity of a name to which any field refers.
    pub(super) fn reference_target(&self, noun: &str) -> Option<EntityId> {
        let mut targets = self
            .model
            .fields_of(self.entity)
            .filter_map(|(_, it)| it.references.as_ref().map(|to| to.entity));
        targets.find(|&target| self.is_name_of(target, noun))
    }

    /// Whether a noun is the name of an entity.
    pub(super) fn is_name_of(&self, entity: EntityId, noun: &str) -> bool {
        let of = self.model.entity(entity);
        let key = fold_entity(noun);
        std::iter::once(&of.name).chain(&of.aliases).any(|name| fold_entity(name) == key)
    }

    /// "Its start", "the last day", "the end of the sale".
    fn of_span(&self, said: &[SmolStr], want: Want) -> Option<FieldId> {
        if !matches!(want, Want::Any | Want::Moment) {
            return None;
        }
        let is_in = |list: &[&str], word: &SmolStr| list.contains(&root(word).as_str());
        let (edge, rest): (Vec<&SmolStr>, Vec<&SmolStr>) = said
            .iter()
            .filter(|word| !is_sort(word))
            .partition(|word| is_in(FIRST, word) || is_in(LAST, word));
        let [edge] = edge.as_slice() else { return None };
        let times = |kind: &FieldKind| {
            matches!(kind, FieldKind::Date | FieldKind::Timestamp | FieldKind::Time)
        };
        let pairs = spans(self.model, self.entity, times);
        let names = |id: FieldId| roots(&self.model.field(id).name);
        let told: Vec<String> = rest.iter().map(|it| root(it)).collect();
        let own = roots(&self.model.entity(self.entity).name);
        let mut meant = pairs.iter().filter(|(from, _)| {
            let name = names(*from);
            told.iter().all(|it| name.contains(it) || own.contains(it))
        });
        let (from, to) = meant.next()?;
        if meant.next().is_some() {
            return None;
        }
        Some(if is_in(FIRST, edge) { *from } else { *to })
    }

    /// The moment at which something happens: "it starts", "they are issued", "dispatch", "being hired".
    pub(super) fn moment(&self, phrase: &str) -> Option<FieldId> {
        if let Some(found) = self.field_of(phrase, Want::Moment) {
            return Some(found);
        }
        let own = singular_words(&self.model.entity(self.entity).name);
        let own: Vec<&str> = own.split(' ').collect();
        let left: Vec<&str> = phrase
            .split(' ')
            .filter(|it| !AROUND.contains(it) && !own.contains(&singular_words(it).as_str()))
            .collect();
        match left.as_slice() {
            [done] => self.field_of(done, Want::Moment),
            _ => None,
        }
    }
}

fn is_sort(word: &str) -> bool {
    SORTS.contains(&word) || SORTS.contains(&underpin_read::singular(word).as_str())
}

/// The words of a name that tell it from others; all of them where none does.
fn telling(said: &[SmolStr]) -> Vec<SmolStr> {
    let told: Vec<SmolStr> = said.iter().filter(|it| !is_sort(it)).cloned().collect();
    if told.is_empty() { said.to_vec() } else { told }
}

/// The only one.
fn only<'m>(mut found: impl Iterator<Item = (FieldId, &'m crate::Field)>) -> Option<FieldId> {
    let (id, _) = found.next()?;
    found.next().is_none().then_some(id)
}
