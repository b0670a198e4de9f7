//! The model to the model file.

use std::collections::BTreeMap;

use underpin_base::{Diagnostic, Sources, Span, parallel};
use underpin_model as model;
use underpin_model::{DefaultValue, EntityId, Expression, FieldId, FieldKind, Model, OnDelete};
use underpin_read::{Coverage, FilterOperator};

use super::model as wire;
use super::model::ModelFile;

/// What the model file of a model holds.
pub(crate) fn model_file(
    model: &Model,
    coverage: &[Coverage],
    diagnostics: &[Diagnostic],
    sources: &Sources,
) -> ModelFile {
    let from = From { model, sources };
    ModelFile {
        project: model.project.clone(),
        answers: BTreeMap::new(),
        entities: from.entities(),
        enums: model
            .enums
            .iter()
            .map(|list| wire::Enumeration { name: list.name.clone(), values: list.values.clone() })
            .collect(),
        external_entities: model.externals.iter().map(|it| from.external(it)).collect(),
        relationships: model
            .relationships
            .iter()
            .map(|it| from.relationship(it))
            .chain(model.external_relationships.iter().map(|it| from.external_relationship(it)))
            .collect(),
        lifecycles: model.lifecycles.iter().map(|it| from.lifecycle(it)).collect(),
        aggregates: model
            .aggregates
            .iter()
            .map(|it| wire::Aggregate {
                root: from.name(it.root),
                members: from.names(&it.members),
            })
            .collect(),
        contexts: model
            .contexts
            .iter()
            .map(|it| wire::Context {
                name: it.name.clone(),
                backend: it.backend.clone(),
                entities: from.names(&it.entities),
            })
            .collect(),
        rules: model.rules.iter().map(|it| from.rule(it)).collect(),
        access_patterns: model.patterns.iter().map(|it| from.pattern(it)).collect(),
        indexes: model.indexes.iter().map(|it| from.index(it)).collect(),
        volumes: model
            .volumes
            .iter()
            .map(|it| wire::Volume {
                entity: from.name(it.entity),
                rows: it.rows,
                growth_per_month: it.growth_per_month,
                text: it.text.clone(),
                source: from.source(it.source),
            })
            .collect(),
        load: model
            .load
            .iter()
            .map(|it| wire::Load {
                measure: it.measure.as_str().to_owned(),
                value: it.value,
                text: it.text.clone(),
                source: from.source(it.source),
            })
            .collect(),
        shares: model
            .shares
            .iter()
            .map(|it| wire::Share {
                entity: from.name(it.entity),
                field: model.field(it.field).name.clone(),
                value: it.value.clone(),
                percent: it.percent,
                text: it.text.clone(),
                source: from.source(it.source),
            })
            .collect(),
        retention: model
            .retentions
            .iter()
            .map(|it| wire::Retention {
                entity: from.name(it.entity),
                days: it.days,
                text: it.text.clone(),
                source: from.source(it.source),
            })
            .collect(),
        partitionings: model.partitionings.iter().map(|it| from.partitioning(it)).collect(),
        recovery: model
            .recovery
            .iter()
            .map(|it| wire::Recovery {
                objective: objective(it.objective),
                seconds: it.seconds,
                text: it.text.clone(),
                source: from.source(it.source),
            })
            .collect(),
        tenant: model.tenant.as_ref().map(|it| wire::Tenant {
            entity: from.name(it.entity),
            text: it.text.clone(),
            source: from.source(it.source),
        }),
        questions: model
            .questions
            .iter()
            .map(|it| wire::Question {
                id: it.id.clone(),
                subject: it.subject.clone(),
                text: it.text.clone(),
                assumed: it.assumed.clone(),
                takes: model::takes(it).to_owned(),
                source: it.source.map(|span| from.source(span)),
            })
            .collect(),
        assumptions: model
            .assumptions
            .iter()
            .map(|it| wire::Assumption {
                id: it.id.clone(),
                subject: it.subject.clone(),
                text: it.text.clone(),
                reason: it.reason.clone(),
            })
            .collect(),
        diagnostics: diagnostics.iter().map(|it| diagnostic(it, sources)).collect(),
        coverage: coverage
            .iter()
            .map(|it| wire::Coverage {
                document: it.document.clone(),
                fact_lines: it.fact_lines,
                understood: it.understood,
            })
            .collect(),
        written: BTreeMap::new(),
    }
}

/// A diagnostic in its JSON form.
pub(crate) fn diagnostic(diagnostic: &Diagnostic, sources: &Sources) -> wire::Diagnostic {
    let place = diagnostic.primary().map(|span| sources.location(span));
    wire::Diagnostic {
        code: diagnostic.code.to_string(),
        severity: diagnostic.severity.as_str().to_owned(),
        message: diagnostic.message.clone(),
        document: place.as_ref().map(|place| place.document.clone()),
        line: place.as_ref().map(|place| place.line),
        column: place.as_ref().map(|place| place.column),
        help: diagnostic.help.clone(),
    }
}

/// Whether a relationship asked for the field and no document names it: its name is our choice.
fn is_ours(field: &model::Field) -> bool {
    !field.named && (field.references.is_some() || field.external.is_some())
}

/// The name of a reference's column without the key's.
fn role(name: &str) -> Option<&str> {
    let role = ["_id", "_ID", "Id", "ID", " id"].iter().find_map(|key| name.strip_suffix(key))?;
    (!role.is_empty()).then_some(role)
}

struct From<'a> {
    model: &'a Model,
    sources: &'a Sources,
}

/// How many entities one thread is given at least: fewer are done before another has begun.
const ENTITIES_OF_A_THREAD: usize = 500;

impl From<'_> {
    /// All entities in their order, in parts side by side where there are many.
    fn entities(&self) -> Vec<wire::Entity> {
        let ids: Vec<EntityId> = self.model.entities().map(|(id, _)| id).collect();
        parallel::map(&ids, ENTITIES_OF_A_THREAD, |&id| self.entity(id))
    }

    fn source(&self, span: Span) -> wire::Source {
        wire::Source::of(span, self.sources)
    }

    fn name(&self, entity: EntityId) -> String {
        self.model.entity(entity).name.clone()
    }

    fn names(&self, entities: &[EntityId]) -> Vec<String> {
        entities.iter().map(|&id| self.name(id)).collect()
    }

    fn field_name(&self, field: FieldId) -> String {
        self.model.field(field).name.clone()
    }

    /// What rows are asked for by: the field, or the role of a reference whose column no document
    /// names: "filter by courier" is not about a name that we chose.
    fn criterion(&self, id: FieldId) -> String {
        let field = self.model.field(id);
        match role(&field.name) {
            Some(role) if is_ours(field) => role.to_owned(),
            _ => field.name.clone(),
        }
    }

    fn field_names(&self, fields: &[FieldId]) -> Vec<String> {
        fields.iter().map(|&id| self.field_name(id)).collect()
    }

    fn sort(&self, sort: model::Sort) -> String {
        let name = self.field_name(sort.field);
        if sort.descending { format!("{name} desc") } else { name }
    }

    fn expression(&self, expression: &Expression<FieldId>) -> String {
        expression
            .try_map(&mut |&field| Some(self.field_name(field)))
            .map(|named| named.to_string())
            .expect("invariant: every field has a name")
    }

    fn entity(&self, id: EntityId) -> wire::Entity {
        let entity = self.model.entity(id);
        let (origin, reason) = origin(&entity.origin);
        wire::Entity {
            name: entity.name.clone(),
            kind: match entity.kind {
                model::EntityKind::Entity => wire::EntityKind::Entity,
                model::EntityKind::ValueObject => wire::EntityKind::ValueObject,
                model::EntityKind::Join => wire::EntityKind::Join,
            },
            aliases: entity.aliases.clone(),
            table: entity.table.clone(),
            description: entity.description.clone(),
            fields: self.model.fields_of(id).map(|(id, field)| self.field(id, field)).collect(),
            primary_key: self.field_names(&entity.primary_key),
            unique: entity
                .unique
                .iter()
                .map(|key| wire::UniqueKey {
                    fields: self.field_names(&key.fields),
                    condition: key.condition.as_ref().map(|it| self.expression(it)),
                    text: key.text.clone(),
                    source: self.source(key.source),
                })
                .collect(),
            origin,
            reason,
            source: self.source(entity.source),
        }
    }

    fn field(&self, id: FieldId, field: &model::Field) -> wire::Field {
        let (origin, reason) = origin(&field.origin);
        let is_key = self.model.entity(field.entity).primary_key.contains(&id);
        wire::Field {
            name: field.name.clone(),
            kind: self.kind(&field.kind),
            type_text: field.type_text.clone(),
            required: field.required,
            marked: (field.required.is_some() && !field.marked && !is_key).then_some(false),
            unique: field.unique,
            primary_key: is_key,
            enum_values: self.model.values_of(field).map(<[String]>::to_vec),
            references: field
                .references
                .as_ref()
                .map(|it| self.reference(it))
                .or_else(|| field.external.as_ref().map(|it| self.external_reference(it))),
            default: field.default.as_ref().map(default),
            rules: field.rules.iter().map(|&id| self.model.rule(id).text.clone()).collect(),
            sensitivity: field.sensitivity.clone(),
            unit: field.unit.clone(),
            description: field.description.clone(),
            assumed: origin == wire::Origin::Assumed || is_ours(field),
            origin,
            reason,
            source: self.source(field.source),
        }
    }

    /// `Entity.field`; the entity alone where its key is not known, or is more than one field.
    fn reference(&self, reference: &model::Reference) -> String {
        let target = self.model.entity(reference.entity);
        let key = match target.primary_key[..] {
            [only] => Some(only),
            _ => None,
        };
        reference.field.or(key).map_or_else(|| target.name.clone(), |id| self.model.field_path(id))
    }

    fn kind(&self, kind: &FieldKind) -> String {
        let digits =
            |word: &str, precision: Option<u16>, scale: Option<u16>| match (precision, scale) {
                (Some(precision), Some(scale)) => format!("{word}({precision},{scale})"),
                (Some(precision), None) => format!("{word}({precision})"),
                (None, _) => word.to_owned(),
            };
        match kind {
            FieldKind::Uuid => "uuid".to_owned(),
            FieldKind::Integer { bits, counted } => {
                let word = if *counted { "counter" } else { "integer" };
                format!("{word}({bits})")
            }
            FieldKind::Decimal { precision, scale } => digits("decimal", *precision, *scale),
            FieldKind::Money { precision, scale } => digits("money", *precision, *scale),
            FieldKind::Float => "float".to_owned(),
            FieldKind::Text { max: Some(max) } => format!("text({max})"),
            FieldKind::Text { max: None } => "text".to_owned(),
            FieldKind::Boolean => "boolean".to_owned(),
            FieldKind::Date => "date".to_owned(),
            FieldKind::Time => "time".to_owned(),
            FieldKind::Timestamp => "timestamp".to_owned(),
            FieldKind::Duration => "duration".to_owned(),
            FieldKind::Json => "json".to_owned(),
            FieldKind::Binary => "binary".to_owned(),
            FieldKind::IpAddress => "ip_address".to_owned(),
            FieldKind::Enumeration(id) => {
                let list = self.model.enumeration(*id);
                if list.named { format!("enum({})", list.name) } else { "enum".to_owned() }
            }
            FieldKind::List(inner) => format!("list of {}", self.kind(inner)),
            FieldKind::Unknown => "unknown".to_owned(),
        }
    }

    fn relationship(&self, it: &model::Relationship) -> wire::Relationship {
        let (origin, reason) = origin(&it.origin);
        wire::Relationship {
            from: self.name(it.from),
            to: self.name(it.to),
            cardinality: it.cardinality.as_str().to_owned(),
            from_required: it.from_required,
            on_delete: it.on_delete.map(|action| on_delete(action).to_owned()),
            through: it.through.map(|id| self.name(id)),
            field: it.field.map(|id| self.model.field_path(id)),
            label: it.label.clone(),
            origin,
            reason,
            source: self.source(it.source),
        }
    }

    fn external(&self, it: &model::External) -> wire::ExternalEntity {
        let (origin, reason) = origin(&it.origin);
        wire::ExternalEntity {
            name: it.name.clone(),
            aliases: it.aliases.clone(),
            origin,
            reason,
            source: self.source(it.source),
        }
    }

    fn external_reference(&self, it: &model::ExternalReference) -> String {
        let name = &self.model.external(it.external).name;
        it.field.as_ref().map_or_else(|| name.clone(), |field| format!("{name}.{field}"))
    }

    fn external_relationship(&self, it: &model::ExternalRelationship) -> wire::Relationship {
        let (origin, reason) = origin(&it.origin);
        let (entity, external) =
            (self.name(it.entity), self.model.external(it.external).name.clone());
        let (from, to) = match it.outside {
            model::End::From => (external, entity),
            model::End::To => (entity, external),
        };
        wire::Relationship {
            from,
            to,
            cardinality: it.cardinality.as_str().to_owned(),
            from_required: it.from_required,
            on_delete: it.on_delete.map(|action| on_delete(action).to_owned()),
            through: None,
            field: it.field.map(|id| self.model.field_path(id)),
            label: it.label.clone(),
            origin,
            reason,
            source: self.source(it.source),
        }
    }

    fn lifecycle(&self, it: &model::Lifecycle) -> wire::Lifecycle {
        wire::Lifecycle {
            entity: self.name(it.entity),
            field: self.field_name(it.field),
            states: it.states.clone(),
            initial: it.initial.clone(),
            transitions: it
                .transitions
                .iter()
                .map(|step| self.transition(step, None))
                .chain(
                    it.told.iter().map(|step| self.transition(step, Some(wire::Origin::Inferred))),
                )
                .collect(),
            source: self.source(it.source),
        }
    }

    fn transition(
        &self,
        step: &model::Transition,
        origin: Option<wire::Origin>,
    ) -> wire::Transition {
        wire::Transition {
            from: step.from.clone(),
            to: step.to.clone(),
            on: step.on.clone(),
            origin,
            source: self.source(step.source),
        }
    }

    fn rule(&self, it: &model::Rule) -> wire::Rule {
        wire::Rule {
            entity: self.name(it.entity),
            field: it.field.map(|id| self.field_name(id)),
            text: it.text.clone(),
            expression: it
                .expression
                .as_ref()
                .map(|expression| self.expression(expression))
                .or_else(|| it.sql.clone()),
            became: it.became.clone(),
            source: self.source(it.source),
        }
    }

    fn pattern(&self, it: &model::Pattern) -> wire::AccessPattern {
        wire::AccessPattern {
            name: it.name.clone(),
            text: it.text.clone(),
            kind: match it.kind {
                model::AccessKind::Read => wire::AccessKind::Read,
                model::AccessKind::Write => wire::AccessKind::Write,
            },
            entity: self.name(it.entity),
            joins: self.names(&it.joins),
            filter: it
                .filter
                .iter()
                .map(|filter| filter.said.clone().unwrap_or_else(|| self.criterion(filter.field)))
                .chain(it.groups.iter().map(|group| self.criterion(group.field)))
                .chain(it.unresolved.iter().cloned())
                .collect(),
            conditions: it
                .filter
                .iter()
                .map(|filter| {
                    let (operator, value, values) = operator(&filter.operator);
                    wire::Condition {
                        field: self.model.field_path(filter.field),
                        operator,
                        value,
                        values,
                        optional: filter.optional,
                    }
                })
                .collect(),
            unread: it.unread.clone(),
            measures: it.measures.iter().map(|it| self.model.measure_text(it)).collect(),
            groups: it.groups.iter().map(|it| self.model.group_text(it)).collect(),
            sort: it.sort.iter().map(|&sort| self.sort(sort)).collect(),
            limit: it.limit,
            pick: it.pick.map(|pick| pick.as_str().to_owned()),
            form: it.form.map(|form| form.as_str().to_owned()),
            frequency: it.frequency.clone(),
            per_second: it.per_second,
            latency_ms: it.latency_ms,
            staleness_s: it.staleness_s,
            sql: it.sql.clone(),
            source: self.source(it.source),
        }
    }

    fn partitioning(&self, it: &model::StatedPartitioning) -> wire::Partitioning {
        let field = |&id: &FieldId| self.model.field(id).name.clone();
        let part = |part: &model::ListedPart| wire::ListedPartition {
            name: part.name.clone(),
            values: part.values.clone(),
        };
        wire::Partitioning {
            entity: self.name(it.entity),
            method: it.method.as_str().to_owned(),
            fields: it.fields.iter().map(field).collect(),
            period: it.period.map(|period| period.as_str().to_owned()),
            count: it.count,
            partitions: it.lists.iter().map(part).collect(),
            others: it.others.map(|others| others.as_str().to_owned()),
            widens_key: it.widens_key,
            text: it.text.clone(),
            source: self.source(it.source),
        }
    }

    fn index(&self, it: &model::StatedIndex) -> wire::Index {
        wire::Index {
            entity: self.name(it.entity),
            name: it.name.clone(),
            columns: it.columns.iter().map(|&sort| self.sort(sort)).collect(),
            unique: it.unique,
            purpose: it.purpose.clone(),
            source: self.source(it.source),
        }
    }
}

fn origin(origin: &model::Origin) -> (wire::Origin, Option<String>) {
    match origin {
        model::Origin::Stated => (wire::Origin::Stated, None),
        model::Origin::Inferred(reason) => (wire::Origin::Inferred, Some(reason.clone())),
        model::Origin::Assumed(reason) => (wire::Origin::Assumed, Some(reason.clone())),
    }
}

fn default(default: &DefaultValue) -> String {
    match default {
        DefaultValue::Literal(literal) => literal.to_string(),
        DefaultValue::NewIdentifier => "new identifier".to_owned(),
        DefaultValue::NewOrderedIdentifier => "uuidv7()".to_owned(),
        DefaultValue::EmptyObject => "{}".to_owned(),
        DefaultValue::EmptyList => "[]".to_owned(),
        DefaultValue::Sql(sql) => sql.clone(),
    }
}

const fn on_delete(action: OnDelete) -> &'static str {
    match action {
        OnDelete::Cascade => "cascade",
        OnDelete::Restrict => "restrict",
        OnDelete::SetNull => "set null",
    }
}

const fn objective(objective: model::RecoveryObjective) -> wire::Objective {
    match objective {
        model::RecoveryObjective::PointObjective => wire::Objective::RecoveryPoint,
        model::RecoveryObjective::TimeObjective => wire::Objective::RecoveryTime,
        model::RecoveryObjective::BackupInterval => wire::Objective::BackupInterval,
        model::RecoveryObjective::BackupRetention => wire::Objective::BackupRetention,
        model::RecoveryObjective::PointInTime => wire::Objective::PointInTime,
        model::RecoveryObjective::OtherRegion => wire::Objective::OtherRegion,
        model::RecoveryObjective::RestoreTest => wire::Objective::RestoreTest,
    }
}

/// The operator, with the value or the values that the document fixes.
fn operator(operator: &FilterOperator) -> (wire::Operator, Option<String>, Vec<String>) {
    let plain = match operator {
        FilterOperator::Constant(value) => {
            return (wire::Operator::Constant, Some(value.clone()), Vec::new());
        }
        FilterOperator::Window(window) => {
            return (wire::Operator::Within, Some(window.to_string()), Vec::new());
        }
        FilterOperator::OneOf(values) => return (wire::Operator::OneOf, None, values.clone()),
        FilterOperator::NoneOf(values) => return (wire::Operator::NoneOf, None, values.clone()),
        FilterOperator::Equals => wire::Operator::Equals,
        FilterOperator::Range => wire::Operator::Range,
        FilterOperator::Bound(model::Bound::AtLeast) => wire::Operator::AtLeast,
        FilterOperator::Bound(model::Bound::MoreThan) => wire::Operator::MoreThan,
        FilterOperator::Bound(model::Bound::AtMost) => wire::Operator::AtMost,
        FilterOperator::Bound(model::Bound::LessThan) => wire::Operator::LessThan,
        FilterOperator::Bound(model::Bound::NotSince) => wire::Operator::NotSince,
        FilterOperator::In => wire::Operator::In,
        FilterOperator::IsNull => wire::Operator::IsNull,
        FilterOperator::IsPresent => wire::Operator::IsPresent,
        FilterOperator::Search => wire::Operator::Search,
        FilterOperator::Begins => wire::Operator::Begins,
        FilterOperator::Part => wire::Operator::Part,
        FilterOperator::Contains => wire::Operator::Contains,
    };
    (plain, None, Vec::new())
}
