//! Hand-made statements for the tests of the passes: one line of a made-up document each.

use underpin_base::{Sources, Span};
use underpin_read::{
    EntityFact, EntityKind, Fact, FieldFact, Reading, ReferenceFact, RelationshipFact, Statement,
};

use crate::{FieldId, Model, build};

/// A relationship of which nothing is said but who and how many.
pub(crate) fn relationship(from: &str, to: &str, cardinality: &'static str) -> Fact {
    Fact::Relationship(RelationshipFact {
        from: from.to_owned(),
        to: to.to_owned(),
        cardinality: Some(cardinality),
        from_required: None,
        to_required: None,
        on_delete: None,
        through: None,
        label: None,
    })
}

/// The condition that the first rule of a model became, with the names of its fields; empty where it became none.
pub(crate) fn condition(model: &Model) -> String {
    let name = |id: &FieldId| Some(model.field(*id).name.clone());
    let condition =
        model.rules[0].expression.as_ref().and_then(|it| it.try_map(&mut |id| name(id)));
    condition.map_or_else(String::new, |it| it.to_string())
}

/// Statements in the making.
#[derive(Default)]
pub(crate) struct Facts {
    facts: Vec<(Fact, &'static str)>,
}

impl Facts {
    pub(crate) fn add(mut self, fact: Fact) -> Self {
        self.facts.push((fact, "field-table"));
        self
    }

    pub(crate) fn by(mut self, notation: &'static str) -> Self {
        self.facts.last_mut().unwrap().1 = notation;
        self
    }

    pub(crate) fn entity(self, name: &str) -> Self {
        self.add(Fact::Entity(EntityFact {
            name: name.to_owned(),
            kind: EntityKind::Entity,
            table: None,
            description: None,
        }))
    }

    /// `name: type` with `!` for required, `?` for optional, `*` for the key, `-> Entity`,
    /// `= default`.
    pub(crate) fn field(self, entity: &str, text: &str) -> Self {
        let (text, default) = match text.split_once(" = ") {
            Some((text, default)) => (text, Some(default.to_owned())),
            None => (text, None),
        };
        let (text, target) = match text.split_once(" -> ") {
            Some((text, target)) => (text, Some(target)),
            None => (text, None),
        };
        let (name, kind) = text.split_once(": ").unwrap_or((text, ""));
        let marked = |mark: char| kind.ends_with(mark);
        let field = FieldFact {
            name: name.to_owned(),
            type_text: Some(kind.trim_end_matches(['!', '?', '*']).to_owned())
                .filter(|text| !text.is_empty()),
            required: marked('!').then_some(true).or(marked('?').then_some(false)),
            primary_key: marked('*').then_some(true),
            default,
            references: target.map(|entity| ReferenceFact {
                entity: entity.to_owned(),
                field: None,
                on_delete: None,
            }),
            ..FieldFact::default()
        };
        self.add(Fact::Field { entity: entity.to_owned(), field })
    }

    pub(crate) fn rule(self, entity: &str, text: &str) -> Self {
        self.add(Fact::Rule { entity: Some(entity.to_owned()), field: None, text: text.to_owned() })
    }

    pub(crate) fn field_rule(self, entity: &str, field: &str, text: &str) -> Self {
        let (entity, field) = (Some(entity.to_owned()), Some(field.to_owned()));
        self.add(Fact::Rule { entity, field, text: text.to_owned() })
    }

    pub(crate) fn transition(self, entity: &str, from: &str, to: &str) -> Self {
        self.add(Fact::Transition {
            entity: entity.to_owned(),
            field: None,
            from: from.to_owned(),
            to: to.to_owned(),
            on: None,
        })
    }

    /// The model, and the places of its statements.
    pub(crate) fn build(self) -> (Model, Sources) {
        let (reading, sources) = self.reading();
        (build(&reading, &sources), sources)
    }

    /// The statements as if they had been read, and their places.
    pub(crate) fn reading(self) -> (Reading, Sources) {
        let mut sources = Sources::default();
        let lines: Vec<String> = (1..=self.facts.len()).map(|n| format!("line {n:03}\n")).collect();
        let document = sources.add("model.md", lines.concat());
        let statements = self
            .facts
            .into_iter()
            .enumerate()
            .map(|(at, (fact, notation))| Statement {
                fact,
                span: Span::new(document, at * 9..at * 9 + 8),
                notation,
                // Queries in words follow from them by a rule.
                inferred: notation.starts_with("query-").then(|| "words ask for it".to_owned()),
                assumed: None,
                drafted: None,
            })
            .collect();
        (Reading { statements, ..Reading::default() }, sources)
    }

    /// The diagnostics, one a line.
    pub(crate) fn diagnostics(self) -> String {
        let (model, sources) = self.build();
        let lines = model.diagnostics.iter().map(|diagnostic| {
            let line = diagnostic.primary().map_or(0, |span| sources.location(span).line);
            let severity = diagnostic.severity.as_str();
            format!("{severity} {} :{line} {}\n", diagnostic.code, diagnostic.message)
        });
        lines.collect()
    }
}
