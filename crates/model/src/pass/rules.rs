//! Rules: sentences, formulas and CHECK texts, understood where that is certain, and taken down in the order of the
//! documents.

use std::collections::{BTreeMap, BTreeSet};

use underpin_base::Span;

use super::lost_rules::Lost;
use super::rule_questions;
use super::rule_subjects::Subjects;
use super::rule_texts::{self, Found, Part, Text};
use crate::draft::Draft;
use crate::rule::{self, Meaning};
use crate::unit_words;
use crate::{Expression, FieldId, FieldKind, ManagedValues, OnDelete, Rule, RuleId};

/// Collects the rules, and what the constraints of fields say.
pub(crate) fn run(draft: &mut Draft<'_>) {
    draft.learn_short_names();
    let said = super::units::run(draft);
    let statements = rule_texts::parts(draft);
    let texts = statements.iter().flatten().filter_map(|part| match part {
        Part::Text(text) => Some(text),
        _ => None,
    });
    let mut found = rule_texts::understood(draft, &texts.collect::<Vec<_>>()).into_iter();
    let mut book = Book::default();
    let mut lost = Lost::default();
    for (statement, parts) in draft.statements.iter().zip(&statements) {
        let span = statement.span;
        let (mut is_taken, mut is_lost, mut is_unkept) = (false, false, false);
        for part in parts {
            match part {
                Part::Text(text) => {
                    let found = found.next().expect("invariant: one for each text");
                    is_taken |= book.take_text(draft, text, found);
                }
                Part::UnknownEntity(name) => draft.report_unknown_subject("a rule", name, span),
                Part::UnknownField(owner, name) => {
                    draft.report_unknown_field("a rule", *owner, name, span);
                }
                Part::OfAllMoney(text) => {
                    super::units::give_to_all_money(draft, text, span);
                    book.gave_unit = true;
                }
                Part::End => is_lost |= !std::mem::take(&mut is_taken),
                Part::EndOfSuggestion => is_unkept |= !std::mem::take(&mut is_taken),
            }
        }
        lost.of_none.extend(is_lost.then_some(statement));
        lost.unkept.extend(is_unkept.then_some(statement));
    }
    lost.report(draft);
    for id in draft.field_ids() {
        if rule::managed::is_described(draft, id) {
            let field = draft.model.field(id);
            let (text, source) = (field.description.clone().unwrap_or_default(), field.source);
            book.manage(draft, id, &text, source);
        }
    }
    // Only what no rule says: "percentage" beside "0 to 50" adds nothing.
    for (owner, said) in super::units::rules(draft, said) {
        let text = Text::of_field(owner, said.field, said.words, said.source);
        let found = text.understand(draft, &Subjects::default());
        book.take_text(draft, &text, found);
    }
}

/// What taking down one rule changes for others.
#[derive(Debug, Default)]
struct Book {
    /// Whether a field was given a unit, and perhaps a type.
    gave_unit: bool,
    /// The fields of which it is noted that people maintain their values.
    managed: BTreeSet<FieldId>,
    /// The relationships that a field carries, by their places.
    relationships: Option<BTreeMap<FieldId, Vec<usize>>>,
}

impl Book {
    /// Takes down what a text means; `false` where it is no rule.
    fn take_text(&mut self, draft: &mut Draft<'_>, text: &Text<'_>, found: Option<Found>) -> bool {
        let rests_on_rules = found.as_ref().is_some_and(|it| it.understood.rests_on_rules);
        let is_stale = self.gave_unit || rests_on_rules;
        let found = if is_stale { text.understand(draft, &Subjects::default()) } else { found };
        let is_rule = found.is_some();
        if let Some(found) = found {
            self.take(draft, found, &text.written, text.span);
        }
        is_rule
    }

    /// Notes that people maintain the values of a field, whoever says it first.
    fn manage(&mut self, draft: &mut Draft<'_>, field: FieldId, text: &str, source: Span) {
        if self.managed.insert(field) {
            draft.model.managed.push(ManagedValues { field, text: text.to_owned(), source });
        }
    }

    /// Takes down what a rule means, once.
    fn take(&mut self, draft: &mut Draft<'_>, found: Found, text: &str, span: Span) {
        let Found { entity, field, understood, says_case, question } = found;
        let meaning = understood.meaning;
        let text = text.trim();
        if text.is_empty() || !draft.rules.insert((entity, field, text.to_owned())) {
            return;
        }
        let ignores_case = says_case && meaning != Meaning::Unclear;
        if let Some(id) = field.filter(|_| ignores_case) {
            ignore_case(draft, id);
        }
        let mut rule = Rule {
            entity,
            field,
            text: text.to_owned(),
            expression: None,
            became: None,
            sql: None,
            source: span,
        };
        match meaning {
            Meaning::Expression(expression) => {
                // "A room cannot have overlapping bookings" may stand with Room; it is about bookings.
                if let Some(&first) = expression.fields().first() {
                    rule.entity = draft.model.field(first).entity;
                }
                rule.expression = Some(expression);
            }
            Meaning::Unique { fields, condition } => {
                let names: Vec<String> =
                    fields.iter().map(|&id| draft.model.field(id).name.clone()).collect();
                let among = condition.as_ref().and_then(|condition| {
                    condition.try_map(&mut |&id| Some(draft.model.field(id).name.as_str()))
                });
                let among = among.map_or_else(String::new, |among| format!(" where {among}"));
                let ignoring = if ignores_case { " whatever its case" } else { "" };
                rule.became = Some(format!("unique ({}){ignoring}{among}", names.join(", ")));
                for &id in fields.iter().filter(|_| ignores_case) {
                    ignore_case(draft, id);
                }
                // "one active cart per user" may stand with User, but it is Cart that has the key.
                let owner = fields.first().map_or(entity, |&id| draft.model.field(id).entity);
                super::uniques::add(draft, owner, fields, condition, text.to_owned(), span);
            }
            Meaning::Deletion { fields, on_delete } => {
                let said: Vec<String> =
                    fields.iter().filter_map(|&id| self.deleted(draft, id, on_delete)).collect();
                // Where another document says otherwise, its word stands and this one is asked about.
                if said.len() == fields.len() {
                    rule.became = Some(said.join(" and "));
                } else {
                    draft
                        .ask_question(rule_questions::of_unclear(draft, entity, field, text, span));
                }
            }
            Meaning::Required(ids) => {
                let mut paths = Vec::new();
                for id in ids {
                    let field = draft.field_mut(id);
                    field.required.get_or_insert(true);
                    field.marked = true;
                    paths.push(format!("`{}`", draft.model.field_path(id)));
                }
                let verb = if paths.len() == 1 { "is" } else { "are" };
                rule.became = Some(format!("{} {verb} required", paths.join(" and ")));
            }
            Meaning::MaximumLength(id, max) => match &mut draft.field_mut(id).kind {
                FieldKind::Text { max: known @ None } => {
                    *known = Some(max);
                    rule.became = Some(format!("at most {max} characters"));
                }
                FieldKind::Text { max: Some(known) } if *known <= max => {
                    rule.became = Some("the type says so already".to_owned());
                }
                _ => rule.expression = Some(rule::shorter_than(id, max)),
            },
            Meaning::IgnoresCase(fields) => {
                let mut said = Vec::with_capacity(fields.len());
                for id in fields {
                    ignore_case(draft, id);
                    said.push(format!(
                        "`{}` is compared whatever its case",
                        draft.model.field_path(id)
                    ));
                }
                rule.became = Some(said.join("; "));
            }
            Meaning::DeletedValues { free, fields } => {
                // The first word stands; a document that says otherwise is asked about.
                let it = &mut draft.entity_mut(entity).deleted_values;
                let stands = if fields.is_empty() {
                    *it.all.get_or_insert(free) == free
                } else {
                    let of = |field| it.of.iter().find(|(of, _)| *of == field);
                    let is_other =
                        fields.iter().filter_map(|&field| of(field)).any(|it| it.1 != free);
                    if !is_other {
                        it.of.extend(fields.iter().map(|&field| (field, free)));
                    }
                    !is_other
                };
                if stands {
                    let said = if free { "are free again" } else { "stay taken" };
                    rule.became = Some(format!("values of deleted rows {said}"));
                } else {
                    draft
                        .ask_question(rule_questions::of_unclear(draft, entity, field, text, span));
                }
            }
            Meaning::Managed(id) => {
                rule.became = Some(format!(
                    "the values of `{}` are rows that people maintain",
                    draft.model.field_path(id)
                ));
                self.manage(draft, id, text, span);
            }
            Meaning::Unit(id, unit) => {
                rule.became =
                    Some(format!("`{}` is counted in {unit}", draft.model.field_path(id)));
                let unit = unit_words::named(unit).expect("invariant: a rule names a known unit");
                super::units::give(draft, id, unit, span);
                self.gave_unit = true;
            }
            Meaning::Known(what) => rule.became = Some(what),
            Meaning::Sql(sql) if rule::plain_sql::keeps(draft, entity, &sql) => {
                rule.sql = Some(sql);
            }
            Meaning::Sql(_) | Meaning::Kept(_) | Meaning::Unclear => draft.ask_question(question),
        }
        let id = RuleId::from_index(draft.model.rules.len());
        if let Some(field) = rule.field {
            draft.field_mut(field).rules.push(id);
        }
        for other in rule.expression.as_ref().map(Expression::fields).unwrap_or_default() {
            let rules = &mut draft.field_mut(other).rules;
            if !rules.contains(&id) {
                rules.push(id);
            }
        }
        draft.model.rules.push(rule);
    }

    /// Takes down what becomes of the rows that refer by a field; `None` where something else is known.
    fn deleted(
        &mut self,
        draft: &mut Draft<'_>,
        id: FieldId,
        on_delete: OnDelete,
    ) -> Option<String> {
        let reference = draft.field_mut(id).references.as_mut()?;
        if reference.on_delete.is_some_and(|known| known != on_delete) {
            return None;
        }
        reference.on_delete = Some(on_delete);
        let relationships = self.relationships.get_or_insert_with(|| by_field(draft));
        for &at in relationships.get(&id).into_iter().flatten() {
            draft.model.relationships[at].on_delete.get_or_insert(on_delete);
        }
        let path = draft.model.field_path(id);
        Some(format!("`{path}` is {}", crate::render::on_delete_text(on_delete)))
    }
}

/// Takes down that upper and lower case make no difference. Only texts have letters.
fn ignore_case(draft: &mut Draft<'_>, id: FieldId) {
    let field = draft.field_mut(id);
    if matches!(field.kind, FieldKind::Text { .. }) && field.references.is_none() {
        field.ignores_case = true;
    }
}

/// The places of the relationships that each field carries.
fn by_field(draft: &Draft<'_>) -> BTreeMap<FieldId, Vec<usize>> {
    let mut by_field: BTreeMap<FieldId, Vec<usize>> = BTreeMap::new();
    for (at, relationship) in draft.model.relationships.iter().enumerate() {
        if let Some(field) = relationship.field {
            by_field.entry(field).or_default().push(at);
        }
    }
    by_field
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    /// What became of the last of the rules.
    fn last(rules: &[&str]) -> Option<String> {
        let facts = Facts::default()
            .entity("Album")
            .field("Album", "id: uuid*")
            .entity("Track")
            .field("Track", "id: uuid*")
            .field("Track", "album_id: uuid -> Album")
            .field("Track", "starts_on: date!")
            .field("Track", "ends_on: date!");
        let facts = rules.iter().fold(facts, |facts, rule| facts.rule("Track", rule));
        facts.build().0.rules.pop().and_then(|rule| rule.became)
    }

    /// All are understood at once, before the first of them is taken down.
    #[test]
    fn a_rule_counts_for_those_behind_it() {
        let early = "A track may end before it begins";
        assert!(last(&[early]).is_some());
        assert_eq!(last(&["ends_on must be after starts_on", early]), None);
        assert!(last(&["ends_on must be after 2000-01-01", early]).is_some());
        let stay = "When an album is deleted, its tracks stay";
        assert!(last(&[stay]).is_some());
        assert_eq!(last(&["album_id is required", stay]), None);
    }
}
