//! The model as text: one fact a line with its place, for `--emit model`, goldens and reviews.

use std::fmt::Write as _;

use underpin_base::{Sources, Span};

use crate::name_words::describe;
use crate::{
    AccessKind, End, Entity, EntityId, EntityKind, Expression, Field, FieldId, FieldKind,
    Lifecycle, Model, OnDelete, Origin, Pattern, Question, RecoveryObjective, Relationship, Sort,
    UniqueKey,
};

/// The whole model in its stable text form.
pub fn model_text(model: &Model, sources: &Sources) -> String {
    let mut page = Page::new(model, sources);
    if let Some(project) = &model.project {
        page.line(0, &format!("project {project}"), None);
    }
    for (id, _) in model.entities() {
        page.entity(id);
    }
    page.rest();
    page.text
}

/// A text in the making.
pub(crate) struct Page<'a> {
    model: &'a Model,
    sources: &'a Sources,
    text: String,
}

impl<'a> Page<'a> {
    pub(crate) const fn new(model: &'a Model, sources: &'a Sources) -> Self {
        Self { model, sources, text: String::new() }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// One line, indented, with its place.
    pub(crate) fn line(&mut self, depth: usize, text: &str, source: Option<Span>) {
        let text = text.replace(['\n', '\r'], " ");
        let place = source.map_or_else(String::new, |span| {
            let location = self.sources.location(span);
            format!("  # {}:{}", location.document, location.line)
        });
        writeln!(self.text, "{:indent$}{text}{place}", "", indent = depth * 2)
            .expect("a string takes all text");
    }

    pub(crate) fn entity(&mut self, id: EntityId) {
        let model = self.model;
        let entity: &Entity = model.entity(id);
        let word = match entity.kind {
            EntityKind::Entity => "entity",
            EntityKind::ValueObject => "value object",
            EntityKind::Join => "join",
        };
        let mut text = format!("{word} {}", entity.name);
        if let Some(table) = &entity.table {
            let _ = write!(text, " (table {table})");
        }
        if !entity.aliases.is_empty() {
            let _ = write!(text, " also {}", entity.aliases.join(", "));
        }
        self.line(0, &format!("{text}{}", origin(&entity.origin)), Some(entity.source));
        for &field in &entity.fields {
            self.field(field);
        }
        if !entity.primary_key.is_empty() {
            let text = format!("key {}", self.names(&entity.primary_key));
            self.line(1, &text, None);
        }
        for unique in &entity.unique {
            let text = self.unique(unique);
            self.line(1, &text, Some(unique.source));
        }
        for (at, _) in model.rules.iter().enumerate().filter(|(_, rule)| rule.entity == id) {
            self.rule(at);
        }
    }

    fn field(&mut self, id: FieldId) {
        let text = self.field_text(id);
        self.line(1, &text, Some(self.model.field(id).source));
    }

    /// A field with the entity before its name.
    pub(crate) fn path_and_field(&mut self, id: FieldId) {
        let field = self.model.field(id);
        let text = format!("{}.{}", self.model.entity(field.entity).name, self.field_text(id));
        self.line(0, &text, Some(field.source));
    }

    fn field_text(&self, id: FieldId) -> String {
        let model = self.model;
        let field: &Field = model.field(id);
        let mut text = format!("{}: {}", field.name, self.kind(&field.kind));
        match field.required {
            Some(true) => text.push_str(", required"),
            Some(false) => text.push_str(", optional"),
            None => {}
        }
        if field.unique {
            text.push_str(", unique");
        }
        if let Some(default) = &field.default {
            let _ = write!(text, ", default {default}");
        }
        if let Some(reference) = &field.references {
            let _ = write!(text, ", refers to {}", model.entity(reference.entity).name);
            if let Some(at) = reference.field {
                let _ = write!(text, ".{}", model.field(at).name);
            }
            if let Some(on_delete) = reference.on_delete {
                let _ = write!(text, " ({})", on_delete_text(on_delete));
            }
            if reference.origin != field.origin {
                text.push_str(&origin(&reference.origin));
            }
        }
        if let Some(reference) = &field.external {
            let _ = write!(text, ", refers to {} outside", model.external(reference.external).name);
            if reference.origin != field.origin {
                text.push_str(&origin(&reference.origin));
            }
        }
        if field.ignores_case {
            text.push_str(", whatever its case");
        }
        if let Some(unit) = &field.unit {
            let _ = write!(text, ", in {unit}");
        }
        if let Some(sensitivity) = &field.sensitivity {
            let _ = write!(text, ", {sensitivity}");
        }
        text.push_str(&origin(&field.origin));
        text
    }

    fn kind(&self, kind: &FieldKind) -> String {
        match kind {
            FieldKind::Enumeration(id) => {
                let enumeration = self.model.enumeration(*id);
                let values = enumeration.values.join(" | ");
                if enumeration.named {
                    format!("{} ({values})", enumeration.name)
                } else {
                    format!("one of {values}")
                }
            }
            FieldKind::List(inner) => format!("list of {}", self.kind(inner)),
            kind => describe(kind),
        }
    }

    fn names(&self, fields: &[FieldId]) -> String {
        fields.iter().map(|&id| self.model.field(id).name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn expression(&self, expression: &Expression<FieldId>) -> String {
        let named = expression.try_map(&mut |&id| Some(self.model.field(id).name.as_str()));
        named.map_or_else(String::new, |named| named.to_string())
    }

    fn unique(&self, unique: &UniqueKey) -> String {
        let fields = self.names(&unique.fields);
        match &unique.condition {
            None => format!("unique {fields}"),
            Some(condition) => format!("unique {fields} where {}", self.expression(condition)),
        }
    }

    pub(crate) fn rule(&mut self, at: usize) {
        let rule = &self.model.rules[at];
        let mut text = format!("rule \"{}\"", rule.text);
        if let Some(expression) = &rule.expression {
            let _ = write!(text, ": {}", self.expression(expression));
        } else if let Some(became) = &rule.became {
            let _ = write!(text, " became {became}");
        } else if let Some(sql) = &rule.sql {
            let _ = write!(text, " as SQL {sql}");
        } else {
            text.push_str(" as text only");
        }
        self.line(1, &text, Some(rule.source));
    }

    fn sorts(&self, sorts: &[Sort]) -> String {
        let part = |sort: &Sort| {
            let name = &self.model.field(sort.field).name;
            if sort.descending { format!("{name} desc") } else { name.clone() }
        };
        sorts.iter().map(part).collect::<Vec<_>>().join(", ")
    }

    fn rest(&mut self) {
        let model = self.model;
        let name = |id: EntityId| model.entity(id).name.as_str();
        let list = |ids: &[EntityId]| ids.iter().map(|&id| name(id)).collect::<Vec<_>>().join(", ");
        for enumeration in model.enums.iter().filter(|enumeration| enumeration.named) {
            let text = format!("values {}: {}", enumeration.name, enumeration.values.join(" | "));
            self.line(0, &text, Some(enumeration.source));
        }
        for relationship in &model.relationships {
            self.relationship(relationship);
        }
        self.outside();
        for lifecycle in &model.lifecycles {
            self.lifecycle(lifecycle);
        }
        for aggregate in &model.aggregates {
            let text = format!("aggregate {}: {}", name(aggregate.root), list(&aggregate.members));
            self.line(0, &text, None);
        }
        for context in &model.contexts {
            let text = format!("context {}: {}", context.name, list(&context.entities));
            self.line(0, &text, None);
        }
        self.patterns();
        for index in &model.indexes {
            let unique = if index.unique { "unique " } else { "" };
            let text =
                format!("{unique}index {} ({})", name(index.entity), self.sorts(&index.columns));
            self.line(0, &text, Some(index.source));
        }
        for volume in &model.volumes {
            let mut text = format!("volume {}", name(volume.entity));
            if let Some(rows) = volume.rows {
                let _ = write!(text, " {rows} rows");
            }
            if let Some(growth) = volume.growth_per_month {
                let _ = write!(text, " and {growth} a month");
            }
            self.line(0, &text, Some(volume.source));
        }
        for load in &model.load {
            let text = format!("load {} {}", load.measure.as_str(), load.value);
            self.line(0, &text, Some(load.source));
        }
        for share in &model.shares {
            let value = share.value.as_deref().map_or("missing".to_owned(), |it| format!("{it:?}"));
            let text =
                format!("share {}: {} % {value}", model.field_path(share.field), share.percent);
            self.line(0, &text, Some(share.source));
        }
        for retention in &model.retentions {
            let days = retention.days.map_or_else(String::new, |days| format!(" {days} days"));
            let text = format!("retention {}{days} \"{}\"", name(retention.entity), retention.text);
            self.line(0, &text, Some(retention.source));
        }
        for it in &model.partitionings {
            let mut text = format!("partitions {} by {}", name(it.entity), it.method.as_str());
            if !it.fields.is_empty() {
                let fields: Vec<&str> =
                    it.fields.iter().map(|&id| model.field(id).name.as_str()).collect();
                let _ = write!(text, " of {}", fields.join(", "));
            }
            if let Some(period) = it.period {
                let _ = write!(text, ", a {} each", period.as_str());
            }
            if let Some(count) = it.count {
                let _ = write!(text, ", {count} of them");
            }
            for part in &it.lists {
                let _ = write!(text, ", [{}]", part.values.join(" | "));
            }
            if let Some(others) = it.others {
                let _ = write!(text, ", others {}", others.as_str());
            }
            if it.widens_key {
                text.push_str(", in the primary key");
            }
            self.line(0, &text, Some(it.source));
        }
        if let Some(tenant) = &model.tenant {
            self.line(0, &format!("tenant {}", name(tenant.entity)), Some(tenant.source));
        }
        for recovery in &model.recovery {
            let what = match recovery.objective {
                RecoveryObjective::PointObjective => "point objective",
                RecoveryObjective::TimeObjective => "time objective",
                RecoveryObjective::BackupInterval => "backup interval",
                RecoveryObjective::BackupRetention => "backup retention",
                RecoveryObjective::PointInTime => "point in time",
                RecoveryObjective::OtherRegion => "other region",
                RecoveryObjective::RestoreTest => "restore test",
            };
            let text = format!("recovery {what} \"{}\"", recovery.text);
            self.line(0, &text, Some(recovery.source));
        }
        for question in &model.questions {
            self.question(question);
        }
        for assumption in &model.assumptions {
            let text =
                format!("assumption {}: {}, {}", assumption.id, assumption.text, assumption.reason);
            self.line(0, &text, None);
        }
    }

    fn outside(&mut self) {
        let model = self.model;
        for external in &model.externals {
            let mut text = format!("outside {}", external.name);
            if !external.aliases.is_empty() {
                let _ = write!(text, " also {}", external.aliases.join(", "));
            }
            self.line(0, &format!("{text}{}", origin(&external.origin)), Some(external.source));
        }
        for relationship in &model.external_relationships {
            let entity = model.entity(relationship.entity).name.as_str();
            let external = model.external(relationship.external).name.as_str();
            let (from, to) = match relationship.outside {
                End::From => (external, entity),
                End::To => (entity, external),
            };
            let cardinality = relationship.cardinality.as_str();
            let mut text = format!("relationship {from} {cardinality} {to}");
            if let Some(field) = relationship.field {
                let _ = write!(text, " by {}", model.field_path(field));
            }
            if let Some(label) = &relationship.label {
                let _ = write!(text, " \"{label}\"");
            }
            text.push_str(&origin(&relationship.origin));
            self.line(0, &text, Some(relationship.source));
        }
    }

    pub(crate) fn relationship(&mut self, relationship: &Relationship) {
        let model = self.model;
        let name = |id: EntityId| model.entity(id).name.as_str();
        let mut text = format!(
            "relationship {} {} {}",
            name(relationship.from),
            relationship.cardinality.as_str(),
            name(relationship.to)
        );
        if let Some(field) = relationship.field {
            let _ = write!(text, " by {}", model.field_path(field));
        }
        if let Some(through) = relationship.through {
            let _ = write!(text, " through {}", name(through));
        }
        if let Some(label) = &relationship.label {
            let _ = write!(text, " \"{label}\"");
        }
        match relationship.from_required {
            Some(true) => text.push_str(", required"),
            Some(false) => text.push_str(", optional"),
            None => {}
        }
        text.push_str(&origin(&relationship.origin));
        self.line(0, &text, Some(relationship.source));
    }

    pub(crate) fn lifecycle(&mut self, lifecycle: &Lifecycle) {
        let model = self.model;
        let text = format!(
            "life cycle {}: {}",
            model.field_path(lifecycle.field),
            lifecycle.states.join(" | ")
        );
        self.line(0, &text, Some(lifecycle.source));
        if let Some(initial) = &lifecycle.initial {
            self.line(1, &format!("starts as {initial}"), None);
        }
        for transition in &lifecycle.transitions {
            let on = transition.on.as_ref().map_or_else(String::new, |on| format!(" on {on}"));
            let text = format!("{} → {}{on}", transition.from, transition.to);
            self.line(1, &text, Some(transition.source));
        }
        for step in &lifecycle.told {
            let text = format!("{} → {}, among others", step.from, step.to);
            self.line(1, &text, Some(step.source));
        }
    }

    fn patterns(&mut self) {
        for pattern in &self.model.patterns {
            self.pattern(pattern);
        }
    }

    pub(crate) fn pattern(&mut self, pattern: &Pattern) {
        let model = self.model;
        let kind = match pattern.kind {
            AccessKind::Read => "read",
            AccessKind::Write => "write",
        };
        let mut text = format!("{kind} {} of {}", pattern.name, model.entity(pattern.entity).name);
        for &join in &pattern.joins {
            let _ = write!(text, " with {}", model.entity(join).name);
        }
        let filter = pattern.filter.iter().map(|filter| {
            let field = model.field(filter.field);
            let name = if field.entity == pattern.entity {
                field.name.clone()
            } else {
                model.field_path(filter.field)
            };
            let optional = if filter.optional { " if given" } else { "" };
            if let crate::FilterOperator::Window(window) = filter.operator {
                return format!("{name} in {window}{optional}").to_lowercase();
            }
            format!("{name} {:?}{optional}", filter.operator).to_lowercase()
        });
        let words = pattern.unresolved.iter().map(|words| format!("\"{words}\" (not known)"));
        let filter: Vec<String> = filter.chain(words).collect();
        if !filter.is_empty() {
            let _ = write!(text, " by {}", filter.join(", "));
        }
        let measures = pattern.measures.iter().map(|it| model.measure_text(it));
        let measures: Vec<String> = measures.collect();
        if !measures.is_empty() {
            let _ = write!(text, " computes {}", measures.join(", "));
        }
        let groups: Vec<String> = pattern.groups.iter().map(|it| model.group_text(it)).collect();
        if !groups.is_empty() {
            let _ = write!(text, " per {}", groups.join(", "));
        }
        if !pattern.sort.is_empty() {
            let _ = write!(text, " sorted {}", self.sorts(&pattern.sort));
        }
        if let Some(limit) = pattern.limit {
            let _ = write!(text, " limit {limit}");
        }
        if let Some(pick) = pattern.pick {
            let _ = write!(text, " picks {}", pick.as_str());
        }
        if !pattern.unread.is_empty() {
            let _ = write!(text, ", without \"{}\"", pattern.unread.join("\", \""));
        }
        if let Some(rate) = pattern.per_second {
            let _ = write!(text, ", {rate} a second");
        }
        if let Some(latency) = pattern.latency_ms {
            let _ = write!(text, ", within {latency} ms");
        }
        self.line(0, &text, Some(pattern.source));
    }

    pub(crate) fn question(&mut self, question: &Question) {
        let text =
            format!("question {}: {} (assumed: {})", question.id, question.text, question.assumed);
        self.line(0, &text, question.source);
    }
}

pub(crate) fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Stated => String::new(),
        Origin::Inferred(reason) => format!(" [inferred: {reason}]"),
        Origin::Assumed(reason) => format!(" [assumed: {reason}]"),
    }
}

pub(crate) fn on_delete_text(on_delete: OnDelete) -> &'static str {
    match on_delete {
        OnDelete::Cascade => "on delete cascade",
        OnDelete::Restrict => "on delete restrict",
        OnDelete::SetNull => "on delete set null",
    }
}
