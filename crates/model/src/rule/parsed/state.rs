//! Which rows a phrase means: "cancelled bookings", "a loan with status returned", "when it is paid", "unless it is
//! anonymous".

use smol_str::SmolStr;

use super::super::clause::{Clause, is_participle, parse, root, roots};
use super::scope::{Scope, Want, bare};
use crate::names::{fold_field, words};
use crate::{Comparison, Expression, FieldId, FieldKind, Literal};

/// Words around a state that say nothing of it.
const IDLE: &[&str] = &[
    "been",
    "being",
    "already",
    "still",
    "currently",
    "now",
    "again",
    "marked",
    "as",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "status",
    "state",
    "gets",
    "get",
    "becomes",
    "become",
];

impl Scope<'_> {
    /// The rows that a subject means: all of them, or those for which something holds; nothing where it
    /// means anything else.
    #[expect(
        clippy::option_option,
        reason = "other things, all rows, and some rows are three answers"
    )]
    pub(super) fn rows(&self, phrase: &str) -> Option<Option<Expression<FieldId>>> {
        let phrase = bare(phrase);
        if self.is_own(phrase) {
            return Some(None);
        }
        for relative in [" that ", " which ", " who ", " whose ", " with ", " without ", " in "] {
            let Some((noun, said)) = phrase.split_once(relative) else { continue };
            let Some(before) = self.rows(noun) else { continue };
            let said = match relative {
                " with " => self.state(said).or_else(|| self.has(said)),
                " without " => self.has(said).map(negation),
                " in " => self.state(&format!("in {said}")).or_else(|| self.state(said)),
                " whose " => self.condition(said),
                _ => self.condition(&format!("it {said}")),
            }?;
            return Some(Some(match before {
                Some(before) => Expression::All(vec![before, said]),
                None => said,
            }));
        }
        // "Drafts", where that is a state.
        let Some((kind, noun)) = phrase.rsplit_once(' ') else {
            return self.state_named(&crate::names::singular_words(phrase)).map(Some);
        };
        // "leave requests" have two words, of which the last may stand for both.
        if let Some((kind, first)) = kind.rsplit_once(' ')
            && self.is_own(&format!("{first} {noun}"))
            && let Some(state) = self.state(kind)
        {
            return Some(Some(state));
        }
        // "in transit shipments", "not yet paid invoices"
        self.is_own(noun).then(|| self.state(kind))?.map(Some)
    }

    /// "paid", "not yet paid", "sold or unsold", "in state open".
    pub(super) fn state(&self, phrase: &str) -> Option<Expression<FieldId>> {
        let mut negated = false;
        let mut kept: Vec<&str> = Vec::new();
        let said = phrase.replace("no longer ", "not ").replace("not yet ", "not ");
        for word in said.split(' ').map(|it| it.trim_matches(['`', '"', '\''])) {
            match word {
                "not" if kept.is_empty() && !negated => negated = true,
                "the" | "a" | "an" => {}
                "in" if kept.is_empty()
                    && (said.contains("in state")
                        || said.contains("in status")
                        || said.contains("in the stat")) => {}
                word if IDLE.contains(&word) => {}
                word => kept.push(word),
            }
        }
        let text = kept.join(" ");
        let found = self.state_named(&text).or_else(|| {
            let parts: Vec<&str> = text
                .split(", ")
                .flat_map(|it| it.split(" or "))
                .flat_map(|it| it.split(" and "))
                .map(|it| it.trim_start_matches("or ").trim())
                .collect();
            if parts.len() < 2 {
                return None;
            }
            one_of(parts.iter().map(|it| self.state_named(it)).collect::<Option<_>>()?)
        })?;
        Some(if negated { negation(found) } else { found })
    }

    /// The one value of an enumeration, the one flag, or the one moment of something done, of this name.
    fn state_named(&self, name: &str) -> Option<Expression<FieldId>> {
        if name.is_empty() {
            return None;
        }
        let key = fold_field(name);
        let by_key = self.values(|value| fold_field(value) == key);
        if by_key.len() == 1 {
            return by_key.into_iter().next();
        }
        let said = roots(name);
        let said: Vec<String> = said.into_iter().filter(|it| it != "in" && it != "on").collect();
        let same = |value: &str| {
            let own: Vec<String> =
                roots(value).into_iter().filter(|it| it != "in" && it != "on").collect();
            !said.is_empty() && own == said
        };
        let by_root = if by_key.is_empty() { self.values(same) } else { by_key };
        match by_root.len() {
            1 => return by_root.into_iter().next(),
            0 => {}
            // "paid" of two fields: that of the life cycle is meant.
            _ => {
                let life = self.model.lifecycles.iter().find(|it| it.entity == self.entity)?;
                return by_root
                    .into_iter()
                    .find(|it| value_of(it).is_some_and(|(field, _)| field == life.field));
            }
        }
        self.flag(name).or_else(|| self.done(name))
    }

    /// The values of enumerations that are meant.
    fn values(&self, is_meant: impl Fn(&str) -> bool) -> Vec<Expression<FieldId>> {
        let mut found = Vec::new();
        for (id, field) in self.model.fields_of(self.entity) {
            if !matches!(field.kind, FieldKind::Enumeration(_)) {
                continue;
            }
            let values = self.model.values_of(field).unwrap_or_default();
            found.extend(values.iter().filter(|it| is_meant(it)).map(|value| {
                Expression::compare(
                    Expression::Field(id),
                    Comparison::Equal,
                    Expression::Literal(Literal::Text(value.clone())),
                )
            }));
        }
        found
    }

    /// "hidden", "inactive", "hazardous".
    fn flag(&self, name: &str) -> Option<Expression<FieldId>> {
        let flag = |said: &[SmolStr]| {
            let said: Vec<String> = said.iter().map(|it| root(it)).collect();
            let mut meant = self.model.fields_of(self.entity).filter(|(_, it)| {
                let name = words(&it.name);
                let name = name.strip_prefix(&["is".into()]).unwrap_or(&name);
                it.kind == FieldKind::Boolean
                    && name.iter().map(|it| root(it)).collect::<Vec<_>>() == said
            });
            let (id, _) = meant.next()?;
            meant.next().is_none().then_some(Expression::Field(id))
        };
        let said = words(name);
        flag(&said).or_else(|| {
            let [one] = said.as_slice() else { return None };
            let opposite = ["in", "un", "non"].iter().find_map(|it| one.strip_prefix(it))?;
            (opposite.len() > 3).then(|| flag(&[opposite.into()]))?.map(negation)
        })
    }

    /// "signed" is told by `signed_at`, which is there once it is done.
    fn done(&self, name: &str) -> Option<Expression<FieldId>> {
        // "Given up" is `given_up_at`.
        let said = words(name);
        if !said.first().is_some_and(|it| is_participle(it)) || said.len() > 2 {
            return None;
        }
        let mut meant = self.model.fields_of(self.entity).filter(|(id, it)| {
            let own: Vec<SmolStr> = words(&it.name);
            let is_named = matches!(own.as_slice(), [done @ .., sort] if *done == *said
                && matches!(sort.as_str(), "at" | "on" | "date" | "time"));
            self.is_moment(*id) && it.required != Some(true) && is_named
        });
        let (id, _) = meant.next()?;
        meant.next().is_none().then_some(Expression::IsPresent(id))
    }

    /// "a sale price", "an end date": that there is one.
    pub(super) fn has(&self, phrase: &str) -> Option<Expression<FieldId>> {
        let id = self.field_of(phrase, Want::Any)?;
        (self.model.field(id).required != Some(true)).then_some(Expression::IsPresent(id))
    }

    /// What a condition says of a row: "it is paid", "a booking is confirmed", "there is a seat limit", "trialing".
    pub(super) fn condition(&self, text: &str) -> Option<Expression<FieldId>> {
        let text = text.trim();
        if let Some(state) = self.state(text) {
            return Some(state);
        }
        if let Some(noun) =
            ["there is ", "it has ", "they have "].iter().find_map(|it| text.strip_prefix(it))
        {
            let (noun, negated) = match noun.strip_prefix("no ") {
                Some(noun) => (noun, true),
                None => (noun, false),
            };
            // "It has been paid" has a verb there.
            if let Some(has) = self.has(noun) {
                return Some(if negated { negation(has) } else { has });
            }
        }
        if let Some(Some(rows)) = self.rows(text) {
            return Some(rows);
        }
        // "it was paid", "the loan has been returned"
        for verb in
            [" is ", " are ", " was ", " were ", " has been ", " have been ", " gets ", " becomes "]
        {
            let Some((subject, said)) = text.split_once(verb) else { continue };
            if let Some(found) = self.said_of(subject, said) {
                return Some(found);
            }
        }
        let clause = parse(text)?;
        self.holds(&clause)
    }

    /// "the method is card", "the tool is returned", "a sale price is present".
    fn said_of(&self, subject: &str, said: &str) -> Option<Expression<FieldId>> {
        if let Some(rows) = self.rows(subject) {
            let state = self.state(said)?;
            return Some(match rows {
                Some(rows) => Expression::All(vec![rows, state]),
                None => state,
            });
        }
        let id = self.field_of(subject, Want::Any)?;
        let (said, negated) = match said.strip_prefix("not ") {
            Some(said) => (said, true),
            None => (said, false),
        };
        let field = self.model.field(id);
        let found = match said {
            "set" | "present" | "given" | "there" | "known" | "provided" | "recorded"
            | "filled in" => Expression::IsPresent(id),
            "empty" | "missing" | "absent" | "null" | "blank" => {
                negation(Expression::IsPresent(id))
            }
            "true" if field.kind == FieldKind::Boolean => Expression::Field(id),
            "false" if field.kind == FieldKind::Boolean => negation(Expression::Field(id)),
            said => {
                let key = fold_field(bare(said));
                let values = self.model.values_of(field)?;
                let value = values.iter().find(|it| fold_field(it) == key)?;
                Expression::compare(
                    Expression::Field(id),
                    Comparison::Equal,
                    Expression::Literal(Literal::Text(value.clone())),
                )
            }
        };
        Some(if negated { negation(found) } else { found })
    }

    /// A clause as a condition on a row: a comparison, or that something is there.
    fn holds(&self, clause: &Clause) -> Option<Expression<FieldId>> {
        clause.conditions.is_empty().then_some(())?;
        super::bound::comparison(self, clause)
    }
}

/// The values of a list of states; nothing where one is no text.
pub(super) fn texts(list: &[Literal]) -> Option<Vec<String>> {
    list.iter()
        .map(|it| match it {
            Literal::Text(text) => Some(text.clone()),
            Literal::Integer(_)
            | Literal::Decimal(_)
            | Literal::Boolean(_)
            | Literal::Now
            | Literal::Today
            | Literal::Duration(_) => None,
        })
        .collect()
}

/// The field and the value of `field = 'value'`.
pub(in crate::rule) fn value_of(state: &Expression<FieldId>) -> Option<(FieldId, &str)> {
    match state {
        Expression::Compare(left, Comparison::Equal, right) => match (&**left, &**right) {
            (Expression::Field(field), Expression::Literal(Literal::Text(value))) => {
                Some((*field, value))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Several states of one field as one.
fn one_of(states: Vec<Expression<FieldId>>) -> Option<Expression<FieldId>> {
    let mut of = None;
    let mut list = Vec::new();
    for state in &states {
        let Some((field, value)) = value_of(state) else {
            return Some(Expression::Any(states));
        };
        if *of.get_or_insert(field) != field {
            return Some(Expression::Any(states));
        }
        list.push(Literal::Text(value.to_owned()));
    }
    Some(Expression::OneOf(Box::new(Expression::Field(of?)), list))
}

/// The contrary.
pub(super) fn negation(expression: Expression<FieldId>) -> Expression<FieldId> {
    match expression {
        Expression::Not(inner) => *inner,
        other => Expression::Not(Box::new(other)),
    }
}
