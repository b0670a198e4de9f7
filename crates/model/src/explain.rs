//! Where a thing of the model comes from: the statements that it was merged from with the words of
//! each, which of them was followed and why, and what was inferred or assumed.

use std::fmt::Write as _;

use underpin_base::{Diagnostic, Sources, Span};
use underpin_read::{Fact, FieldFact, Reading, Statement, fact_text};

use crate::names::{fold_entity, fold_field, slug, words};
use crate::pass::weight::{reason, weighed};
use crate::render::{Page, origin};
use crate::{EntityId, FieldId, LifecycleId, Model};

/// What a name may mean.
enum Subject {
    Entity(EntityId),
    Field(FieldId),
    Lifecycle(LifecycleId),
    Relationship(EntityId, EntityId),
    Pattern(usize),
    Enumeration(usize),
    Question(usize),
    Assumption(usize),
}

/// Explains an entity (`Order`), a field or life cycle (`Order.status`), a relationship (`User Order`),
/// an access pattern, a list of values, a question or an assumption by its name.
///
/// # Errors
/// The names of the model that look most like an unknown one, nearest first.
pub fn explain(
    model: &Model,
    reading: &Reading,
    sources: &Sources,
    name: &str,
) -> Result<String, Vec<String>> {
    let subjects = find(model, name);
    if subjects.is_empty() {
        return Err(nearest(model, name));
    }
    let mut page = Explanation { model, reading, sources, page: Page::new(model, sources) };
    for subject in subjects {
        page.subject(&subject);
    }
    Ok(page.page.into_text())
}

/// Everything that a name means, most exact first.
fn find(model: &Model, name: &str) -> Vec<Subject> {
    let name = name.trim().trim_matches('`');
    if let Some(at) = model.questions.iter().position(|it| it.id == name) {
        return vec![Subject::Question(at)];
    }
    if let Some(at) = model.assumptions.iter().position(|it| it.id == name) {
        return vec![Subject::Assumption(at)];
    }
    if let Some(id) = entity(model, name) {
        return vec![Subject::Entity(id)];
    }
    if let Some((owner, rest)) = name.rsplit_once('.')
        && let Some(owner) = entity(model, owner)
    {
        let key = fold_field(rest);
        let field = model.fields_of(owner).find(|(_, field)| fold_field(&field.name) == key);
        if let Some((id, _)) = field {
            let lifecycle = model.lifecycles.iter().position(|it| it.field == id);
            let lifecycle = lifecycle.map(|at| Subject::Lifecycle(LifecycleId::from_index(at)));
            return std::iter::once(Subject::Field(id)).chain(lifecycle).collect();
        }
    }
    let pattern = |it: &crate::Pattern| it.name == name || slug(&it.text) == slug(name);
    if let Some(at) = model.patterns.iter().position(pattern) {
        return vec![Subject::Pattern(at)];
    }
    let key = fold_entity(name);
    if let Some(at) = model.enums.iter().position(|it| fold_entity(&it.name) == key) {
        return vec![Subject::Enumeration(at)];
    }
    let words: Vec<&str> = name
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '>' | '→' | '—' | '<' | '/'))
        .filter(|word| !word.is_empty() && !matches!(*word, "to" | "1:1" | "1:N" | "N:M" | "1:n"))
        .collect();
    (1..words.len())
        .find_map(|at| {
            let from = entity(model, &words[..at].join(" "))?;
            let to = entity(model, &words[at..].join(" "))?;
            let related =
                model.relationships.iter().any(|it| pair(it.from, it.to) == pair(from, to));
            related.then_some(Subject::Relationship(from, to))
        })
        .into_iter()
        .collect()
}

fn pair(one: EntityId, other: EntityId) -> (EntityId, EntityId) {
    (one.min(other), one.max(other))
}

fn entity(model: &Model, name: &str) -> Option<EntityId> {
    let key = fold_entity(name);
    let is_called = |entity: &crate::Entity| {
        let others = entity.aliases.iter().chain(&entity.table);
        std::iter::once(&entity.name).chain(others).any(|name| fold_entity(name) == key)
    };
    let exact = model.entities().find(|(_, entity)| entity.name == name);
    exact.or_else(|| model.entities().find(|(_, entity)| is_called(entity))).map(|(id, _)| id)
}

/// The names of the model that could have been meant.
fn nearest(model: &Model, name: &str) -> Vec<String> {
    let mut known: Vec<String> = model.entities.iter().map(|it| it.name.clone()).collect();
    known.extend((0..model.fields.len()).map(|at| model.field_path(FieldId::from_index(at))));
    known.extend(model.patterns.iter().map(|it| it.name.clone()));
    known.extend(model.enums.iter().filter(|it| it.named).map(|it| it.name.clone()));
    known.extend(model.questions.iter().map(|it| it.id.clone()));
    nearest_names(known, name)
}

/// Up to three of the known names that could have been meant, nearest first: those that differ least,
/// or hold the same words.
pub fn nearest_names(known: impl IntoIterator<Item = String>, name: &str) -> Vec<String> {
    let wanted = fold_field(name);
    let own = words(name);
    let mut near: Vec<(usize, String)> = known
        .into_iter()
        .filter_map(|candidate| {
            let distance = strsim::damerau_levenshtein(&wanted, &fold_field(&candidate));
            let shared = words(&candidate).iter().any(|word| word.len() > 2 && own.contains(word));
            let near = distance <= 2 + wanted.chars().count() / 4;
            (near || shared).then_some((distance, candidate))
        })
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

struct Explanation<'a> {
    model: &'a Model,
    reading: &'a Reading,
    sources: &'a Sources,
    page: Page<'a>,
}

impl Explanation<'_> {
    fn subject(&mut self, subject: &Subject) {
        let model = self.model;
        match *subject {
            Subject::Entity(id) => {
                self.page.entity(id);
                let about = |it: &&Statement| self.is_about_entity(id, &it.fact);
                let statements: Vec<_> = self.reading.statements.iter().filter(about).collect();
                self.statements(&statements);
                let name = model.entity(id).name.clone();
                self.open(&name, &statements, true);
            }
            Subject::Field(id) => {
                self.page.path_and_field(id);
                for &rule in &model.field(id).rules {
                    self.page.rule(rule.index());
                }
                let about = |it: &&Statement| self.is_about_field(id, &it.fact);
                let statements: Vec<_> = self.reading.statements.iter().filter(about).collect();
                self.statements(&statements);
                self.choices(id, &statements);
                self.open(&model.field_path(id), &statements, false);
            }
            Subject::Lifecycle(id) => {
                self.page.lifecycle(model.lifecycle(id));
                let owner = model.lifecycle(id).entity;
                let about = |it: &&Statement| match &it.fact {
                    Fact::Lifecycle { entity, .. } | Fact::Transition { entity, .. } => {
                        self.means(entity, owner)
                    }
                    _ => false,
                };
                let statements: Vec<_> = self.reading.statements.iter().filter(about).collect();
                self.statements(&statements);
            }
            Subject::Relationship(from, to) => {
                let related = |it: &&crate::Relationship| pair(it.from, it.to) == pair(from, to);
                for relationship in model.relationships.iter().filter(related) {
                    self.page.relationship(relationship);
                }
                let about = |it: &&Statement| match &it.fact {
                    Fact::Relationship(it) => {
                        self.means(&it.from, from) && self.means(&it.to, to)
                            || self.means(&it.from, to) && self.means(&it.to, from)
                    }
                    Fact::Field { entity, field } => {
                        field.references.as_ref().is_some_and(|target| {
                            self.means(entity, to) && self.means(&target.entity, from)
                                || self.means(entity, from) && self.means(&target.entity, to)
                        })
                    }
                    _ => false,
                };
                let statements: Vec<_> = self.reading.statements.iter().filter(about).collect();
                self.statements(&statements);
                self.reports(&statements, &[]);
            }
            Subject::Pattern(at) => {
                let pattern = &model.patterns[at];
                self.page.pattern(pattern);
                let about = |it: &&Statement| {
                    matches!(&it.fact, Fact::AccessPattern(fact) if fact.name == pattern.text)
                        && it.span == pattern.source
                };
                let statements: Vec<_> = self.reading.statements.iter().filter(about).collect();
                self.statements(&statements);
                self.open(&pattern.name, &statements, false);
            }
            Subject::Enumeration(at) => {
                let list = &model.enums[at];
                let text = format!("values {}: {}", list.name, list.values.join(" | "));
                self.page.line(0, &text, Some(list.source));
                let key = fold_entity(&list.name);
                let about = |it: &&Statement| match &it.fact {
                    Fact::Enumeration { name, .. } => fold_entity(name) == key,
                    _ => it.span == list.source && matches!(it.fact, Fact::Field { .. }),
                };
                let statements: Vec<_> = self.reading.statements.iter().filter(about).collect();
                self.statements(&statements);
            }
            Subject::Question(at) => {
                let question = &model.questions[at];
                self.page.question(question);
                self.page.line(1, &format!("about {}", question.subject), None);
                self.page.line(1, &format!("assumed meanwhile: {}", question.assumed), None);
                if let Some(source) = question.source {
                    let there = |it: &&Statement| it.span == source || it.drafted == Some(source);
                    let statements: Vec<_> = self.reading.statements.iter().filter(there).collect();
                    self.statements(&statements);
                }
            }
            Subject::Assumption(at) => {
                let known = &model.assumptions[at];
                self.page.line(0, &format!("assumption {}: {}", known.id, known.text), None);
                self.page.line(1, &format!("about {}", known.subject), None);
                self.page.line(1, &format!("because {}", known.reason), None);
            }
        }
    }

    fn means(&self, name: &str, id: EntityId) -> bool {
        entity(self.model, name) == Some(id)
    }

    fn is_about_entity(&self, id: EntityId, fact: &Fact) -> bool {
        let means = |name: &str| self.means(name, id);
        match fact {
            Fact::Entity(fact) => means(&fact.name),
            Fact::PrimaryKey { entity, .. }
            | Fact::Unique { entity, .. }
            | Fact::Lifecycle { entity, .. }
            | Fact::Volume { entity, .. }
            | Fact::Share { entity, .. }
            | Fact::Retention { entity, .. } => means(entity),
            Fact::Rule { entity, field: None, .. } => entity.as_deref().is_some_and(means),
            Fact::Aggregate { root, members } => means(root) || members.iter().any(|it| means(it)),
            Fact::Context { entities, .. } => entities.iter().any(|it| means(it)),
            Fact::Tenancy { tenant, .. } => means(tenant),
            Fact::Partitioning(fact) => means(&fact.entity),
            _ => false,
        }
    }

    fn is_about_field(&self, id: FieldId, fact: &Fact) -> bool {
        let field = self.model.field(id);
        let is = |entity: &str, name: &str| {
            fold_field(name) == fold_field(&field.name) && self.means(entity, field.entity)
        };
        match fact {
            Fact::Field { entity, field } => is(entity, &field.name),
            Fact::Sensitivity { entity, field, .. }
            | Fact::Rule { entity: Some(entity), field: Some(field), .. }
            | Fact::Lifecycle { entity, field: Some(field), .. } => is(entity, field),
            Fact::PrimaryKey { entity, fields } | Fact::Unique { entity, fields, .. } => {
                fields.iter().any(|name| is(entity, name))
            }
            _ => false,
        }
    }

    /// Each statement with its place, the notation that read it and the words that it stands on.
    fn statements(&mut self, statements: &[&Statement]) {
        if statements.is_empty() {
            self.page.line(1, "no statement of a document", None);
        }
        for statement in statements {
            let origin = match (&statement.assumed, &statement.inferred) {
                (Some(reason), _) => format!("assumed ({reason})"),
                (None, Some(reason)) => format!("inferred ({reason})"),
                (None, None) => "stated".to_owned(),
            };
            let place = self.sources.location(statement.span);
            let mut text = format!(
                "{origin} at {place} by {}: {}",
                statement.notation,
                fact_text(&statement.fact)
            );
            if let Some(drafted) = statement.drafted.filter(|it| *it != statement.span) {
                let _ = write!(text, " (drafted at {})", self.sources.location(drafted));
            }
            self.page.line(1, &text, None);
            let quoted = one_line(self.sources.text(statement.span));
            self.page.line(3, &format!("\"{quoted}\""), None);
        }
    }

    /// Which of several statements was followed for each property of a field.
    fn choices(&mut self, id: FieldId, statements: &[&Statement]) {
        let field = self.model.field(id);
        // As the passes weigh them: the first of these is followed where nothing else decides.
        let typed = said(statements, |fact| fact.type_text.as_ref());
        let listed = said(statements, |fact| Some(&fact.enum_values).filter(|it| !it.is_empty()));
        let chosen = typed.iter().position(|(text, _)| Some(*text) == field.type_text.as_ref());
        if let Some(at) = chosen {
            let why = match at {
                0 => why(&typed, 0),
                _ => format!("the most precise type of {} places", typed.len()),
            };
            self.followed("type", typed[at].0, typed[at].1.span, &why);
        } else if let Some((values, place)) = listed.first() {
            self.followed("values", &values.join(", "), place.span, &why(&listed, 0));
        } else {
            self.page.line(1, "type: no place gives one", None);
        }
        let needed = said(statements, |fact| fact.required);
        if let Some(at) = needed.iter().position(|(it, _)| Some(*it) == field.required) {
            let word = if field.required == Some(true) { "required" } else { "optional" };
            self.followed("required", word, needed[at].1.span, &why(&needed, at));
        }
        let defaults = said(statements, |fact| fact.default.as_ref());
        if field.default.is_some()
            && let Some((text, place)) = defaults.first()
        {
            self.followed("default", text, place.span, &why(&defaults, 0));
        }
        if let Some(reference) = &field.references {
            let target = &self.model.entity(reference.entity).name;
            let text = format!("refers to {target}{}", origin(&reference.origin));
            self.page.line(1, &text, None);
        }
        let used = self.model.patterns.iter().filter(|pattern| {
            pattern.filter.iter().any(|it| it.field == id)
                || pattern.sort.iter().any(|it| it.field == id)
        });
        let used: Vec<&str> = used.map(|pattern| pattern.name.as_str()).collect();
        if !used.is_empty() {
            self.page.line(1, &format!("read by {}", used.join(", ")), None);
        }
    }

    fn followed(&mut self, what: &str, value: &str, span: Span, why: &str) {
        let text = format!("{what}: `{value}` from {}, {why}", self.sources.location(span));
        self.page.line(1, &text, None);
    }

    /// What is reported, asked and assumed about a subject.
    fn open(&mut self, subject: &str, statements: &[&Statement], parts_too: bool) {
        self.reports(statements, &[subject]);
        let inside = format!("{subject}.");
        let about = |other: &str| other == subject || parts_too && other.starts_with(&inside);
        let model = self.model;
        for question in model.questions.iter().filter(|it| about(&it.subject)) {
            self.page.question(question);
        }
        for known in model.assumptions.iter().filter(|it| about(&it.subject)) {
            let text = format!("assumption {}: {}, {}", known.id, known.text, known.reason);
            self.page.line(1, &text, None);
        }
    }

    fn reports(&mut self, statements: &[&Statement], names: &[&str]) {
        let reports = self.reading.diagnostics.iter().chain(&self.model.diagnostics);
        let concerns = |it: &&Diagnostic| {
            let named = names.iter().any(|name| it.message.contains(&format!("`{name}`")));
            let placed = it
                .labels
                .iter()
                .any(|label| statements.iter().any(|statement| statement.span == label.span));
            placed && (named || names.is_empty())
        };
        let found: Vec<&Diagnostic> = reports.filter(concerns).collect();
        for diagnostic in found {
            let text = format!("{}: {}", diagnostic.code, diagnostic.message);
            self.page.line(1, &text, diagnostic.primary());
        }
    }
}

/// What the places say of one property of a field, in the order in which they are followed.
fn said<'a, T>(
    statements: &[&'a Statement],
    says: impl Fn(&'a FieldFact) -> Option<T>,
) -> Vec<(T, &'a Statement)> {
    weighed(statements.iter().copied(), |statement| match &statement.fact {
        Fact::Field { field, .. } => says(field),
        _ => None,
    })
}

/// Why one of several places is followed.
fn why<T>(said: &[(T, &Statement)], at: usize) -> String {
    match said.iter().enumerate().find(|(other, _)| *other != at) {
        None => "the only place that says so".to_owned(),
        Some((_, (_, other))) => {
            format!("followed among {} places, since {}", said.len(), reason(said[at].1, other))
        }
    }
}

/// The words of a place on one line, cut where they are many.
fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= 200 {
        return words;
    }
    words.chars().take(200).chain(['…']).collect()
}
