//! The stable text form of statements: one line each, `line  notation  fact`.

use std::fmt::Write as _;

use underpin_base::Sources;

use crate::{
    AccessKind, EntityKind, Fact, FieldFact, FilterFact, FilterOperator, IndexFact,
    PartitioningFact, PatternFact, Reading, RecoveryObjective, ReferenceFact, RelationshipFact,
    Statement, WriteForm,
};

/// All statements, grouped by document, with the coverage of each.
pub fn statements_text(reading: &Reading, sources: &Sources) -> String {
    let mut text = String::new();
    let mut statements: Vec<&Statement> = reading.statements.iter().collect();
    statements.sort_by_key(|statement| (statement.span.document, statement.span.start));
    let mut statements = statements.into_iter().peekable();
    for (id, document) in sources.iter() {
        let coverage = reading.coverage.iter().find(|c| c.document == document.path());
        let (understood, lines) = coverage.map_or((0, 0), |c| (c.understood, c.fact_lines));
        let _ = writeln!(text, "{}: {understood} of {lines} fact lines", document.path());
        while let Some(statement) = statements.next_if(|s| s.span.document == id) {
            let line = sources.location(statement.span).line;
            let _ = writeln!(text, "{line:>6}  {}", statement_text(statement));
        }
    }
    text
}

/// One statement without its place.
pub(crate) fn statement_text(statement: &Statement) -> String {
    let mut text = format!("{}  {}", statement.notation, fact_text(&statement.fact));
    if let Some(reason) = &statement.inferred {
        let _ = write!(text, " [inferred: {}]", one_line(reason));
    }
    if let Some(reason) = &statement.assumed {
        let _ = write!(text, " [assumed: {}]", one_line(reason));
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a fact is about, such as `Order.total`.
pub fn fact_subject(fact: &Fact) -> String {
    let of = |entity: &str, field: Option<&str>| owner(entity, field);
    match fact {
        Fact::Project { name } | Fact::Enumeration { name, .. } | Fact::Context { name, .. } => {
            name.clone()
        }
        Fact::Entity(entity) => entity.name.clone(),
        Fact::External { name } => name.clone(),
        Fact::Field { entity, field } => of(entity, Some(&field.name)),
        Fact::Sensitivity { entity, field, .. } | Fact::Unit { entity, field, .. } => {
            of(entity, Some(field))
        }
        Fact::Relationship(it) => format!("{} to {}", it.from, it.to),
        Fact::PrimaryKey { entity, fields } | Fact::Unique { entity, fields, .. } => {
            format!("{entity} ({})", fields.join(", "))
        }
        Fact::Lifecycle { entity, field, .. } => of(entity, field.as_deref()),
        Fact::Transition { entity, field, from, to, .. } => {
            format!("{} from {from} to {to}", of(entity, field.as_deref()))
        }
        Fact::Rule { entity, field, .. } => {
            of(entity.as_deref().unwrap_or("a rule"), field.as_deref())
        }
        Fact::Aggregate { root, .. } => root.clone(),
        Fact::AccessPattern(pattern) => one_line(&pattern.name),
        Fact::Index(index) => format!("{} ({})", index.entity, index.columns.join(", ")),
        Fact::Partitioning(fact) => fact.entity.clone(),
        Fact::Volume { entity, .. }
        | Fact::Share { entity, .. }
        | Fact::Retention { entity, .. } => entity.clone(),
        Fact::Tenancy { tenant, .. } => tenant.clone(),
        Fact::Load { measure, .. } => format!("load {}", measure.as_str()),
        Fact::Recovery { objective, .. } => format!("recovery {}", objective_text(*objective)),
        Fact::Candidate { noun, .. } => noun.clone(),
    }
}

const fn objective_text(objective: RecoveryObjective) -> &'static str {
    match objective {
        RecoveryObjective::PointObjective => "point",
        RecoveryObjective::TimeObjective => "time",
        RecoveryObjective::BackupInterval => "backup interval",
        RecoveryObjective::BackupRetention => "backup retention",
        RecoveryObjective::PointInTime => "to any moment",
        RecoveryObjective::OtherRegion => "copy in another region",
        RecoveryObjective::RestoreTest => "restore test",
    }
}

/// A fact in the words of the statements' text form.
pub fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::Project { name } => format!("project {name}"),
        Fact::Entity(entity) => {
            let kind = match entity.kind {
                EntityKind::Entity => "entity",
                EntityKind::ValueObject => "value object",
                EntityKind::Join => "join",
            };
            let mut text = format!("{kind} {}", entity.name);
            if let Some(table) = &entity.table {
                let _ = write!(text, " table {table}");
            }
            if let Some(description) = &entity.description {
                let _ = write!(text, " -- {}", one_line(description));
            }
            text
        }
        Fact::External { name } => format!("external {name}"),
        Fact::Field { entity, field } => {
            format!("field {entity}.{} {}", field.name, field_text(field)).trim_end().to_owned()
        }
        Fact::Enumeration { name, values } => format!("enumeration {name}: {}", values.join(" | ")),
        Fact::Relationship(relationship) => relationship_text(relationship),
        Fact::PrimaryKey { entity, fields } => {
            format!("primary key {entity} ({})", fields.join(", "))
        }
        Fact::Unique { entity, fields, condition, text: _ } => {
            let mut text = format!("unique {entity} ({})", fields.join(", "));
            if let Some(condition) = condition {
                let _ = write!(text, " where {}", one_line(condition));
            }
            text
        }
        Fact::Lifecycle { entity, field, states, initial } => {
            let mut text = format!("life cycle {}", owner(entity, field.as_deref()));
            if !states.is_empty() {
                let _ = write!(text, ": {}", states.join(" | "));
            }
            if let Some(initial) = initial {
                let _ = write!(text, " from {initial}");
            }
            text
        }
        Fact::Transition { entity, field, from, to, on } => {
            let mut text =
                format!("transition {}: {from} -> {to}", owner(entity, field.as_deref()));
            if let Some(on) = on {
                let _ = write!(text, " on {}", one_line(on));
            }
            text
        }
        Fact::Rule { entity, field, text } => {
            let owner = owner(entity.as_deref().unwrap_or("*"), field.as_deref());
            format!("rule {owner}: {}", one_line(text))
        }
        Fact::Aggregate { root, members } => {
            format!("aggregate {root}: {}", members.join(", ")).trim_end().to_owned()
        }
        Fact::Context { name, backend, entities } => {
            let mut text = format!("context {name}");
            if let Some(backend) = backend {
                let _ = write!(text, " on {backend}");
            }
            let _ = write!(text, ": {}", entities.join(", "));
            text.trim_end().to_owned()
        }
        Fact::AccessPattern(pattern) => pattern_text(pattern),
        Fact::Index(index) => index_text(index),
        Fact::Volume { entity, rows, growth_per_month, text } => {
            let mut line = format!("volume {entity}:");
            if let Some(rows) = rows {
                let _ = write!(line, " {rows} rows");
            }
            if let Some(growth) = growth_per_month {
                let _ = write!(line, " +{growth} a month");
            }
            let _ = write!(line, " -- {}", one_line(text));
            line
        }
        Fact::Load { measure, value, text } => {
            format!("load {}: {value} -- {}", measure.as_str(), one_line(text))
        }
        Fact::Share { entity, field, value, percent, text } => {
            let of = field.as_deref().map_or_else(|| entity.clone(), |it| format!("{entity}.{it}"));
            let value =
                value.as_deref().map_or_else(|| "missing".to_owned(), |it| format!("{it:?}"));
            format!("share {of}: {percent} % {value} -- {}", one_line(text))
        }
        Fact::Retention { entity, days, text } => match days {
            Some(days) => format!("retention {entity}: {days} days -- {}", one_line(text)),
            None => format!("retention {entity} -- {}", one_line(text)),
        },
        Fact::Sensitivity { entity, field, category } => {
            format!("sensitivity {entity}.{field}: {category}")
        }
        Fact::Partitioning(fact) => partitioning_text(fact),
        Fact::Unit { entity, field, unit } => format!("unit {entity}.{field}: {unit}"),
        Fact::Tenancy { tenant, text } => format!("tenant {tenant} -- {}", one_line(text)),
        Fact::Candidate { noun, text } => format!("candidate {noun} -- {}", one_line(text)),
        Fact::Recovery { objective, seconds, text } => {
            let objective = objective_text(*objective);
            match seconds {
                Some(seconds) => format!("recovery {objective}: {seconds} s -- {}", one_line(text)),
                None => format!("recovery {objective} -- {}", one_line(text)),
            }
        }
    }
}

fn owner(entity: &str, field: Option<&str>) -> String {
    field.map_or_else(|| entity.to_owned(), |field| format!("{entity}.{field}"))
}

fn partitioning_text(fact: &PartitioningFact) -> String {
    let mut text = format!("partitions {}", fact.entity);
    if let Some(method) = fact.method {
        let _ = write!(text, " by {}", method.as_str());
    }
    if !fact.fields.is_empty() {
        let _ = write!(text, " of {}", fact.fields.join(", "));
    }
    if let Some(period) = fact.period {
        let _ = write!(text, ", a {} each", period.as_str());
    }
    if let Some(count) = fact.count {
        let _ = write!(text, ", {count} of them");
    }
    for part in &fact.lists {
        let name = part.name.as_deref().map_or_else(String::new, |name| format!("{name} "));
        let _ = write!(text, ", {name}[{}]", part.values.join(" | "));
    }
    if let Some(others) = fact.others {
        let _ = write!(text, ", others {}", others.as_str());
    }
    let _ = write!(text, " -- {}", one_line(&fact.text));
    text
}

/// What is said of a field, without its name.
pub(crate) fn field_text(field: &FieldFact) -> String {
    let mut parts = Vec::new();
    if let Some(text) = &field.type_text {
        parts.push(one_line(text));
    }
    match field.primary_key {
        Some(true) => parts.push("primary key".to_owned()),
        Some(false) => parts.push("no key".to_owned()),
        None => {}
    }
    match field.required {
        Some(true) => parts.push("required".to_owned()),
        Some(false) => parts.push("optional".to_owned()),
        None => {}
    }
    match field.unique {
        Some(true) => parts.push("unique".to_owned()),
        Some(false) => parts.push("not unique".to_owned()),
        None => {}
    }
    if let Some(default) = &field.default {
        parts.push(format!("default {}", one_line(default)));
    }
    if !field.enum_values.is_empty() {
        parts.push(format!("[{}]", field.enum_values.join(" | ")));
    }
    if let Some(reference) = &field.references {
        parts.push(reference_text(reference));
    }
    parts.extend(field.constraints.iter().map(|text| format!("{{{}}}", one_line(text))));
    if let Some(description) = &field.description {
        parts.push(format!("-- {}", one_line(description)));
    }
    parts.join(" ")
}

fn reference_text(reference: &ReferenceFact) -> String {
    let mut text = format!("-> {}", reference.entity);
    if let Some(field) = &reference.field {
        let _ = write!(text, ".{field}");
    }
    if let Some(action) = &reference.on_delete {
        let _ = write!(text, " on delete {action}");
    }
    text
}

fn relationship_text(relationship: &RelationshipFact) -> String {
    let mut text = format!(
        "relationship {} {} {}",
        relationship.from,
        relationship.cardinality.unwrap_or("?"),
        relationship.to
    );
    for (end, required) in [("from", relationship.from_required), ("to", relationship.to_required)]
    {
        if let Some(required) = required {
            let _ = write!(text, " {end}:{}", if required { "required" } else { "optional" });
        }
    }
    if let Some(through) = &relationship.through {
        let _ = write!(text, " through {through}");
    }
    if let Some(action) = &relationship.on_delete {
        let _ = write!(text, " on delete {action}");
    }
    if let Some(label) = &relationship.label {
        let _ = write!(text, " \"{}\"", one_line(label));
    }
    text
}

pub(crate) fn filter_text(filter: &FilterFact) -> String {
    let field = &filter.field;
    let text = match &filter.operator {
        FilterOperator::Equals => format!("{field} = ?"),
        FilterOperator::Range => format!("{field} range"),
        FilterOperator::Bound(bound) => format!("{field} {} ?", bound.as_str()),
        FilterOperator::Window(window) => format!("{field} in {window}"),
        FilterOperator::In => format!("{field} in ?"),
        FilterOperator::Constant(value) => format!("{field} = {value}"),
        FilterOperator::OneOf(values) => format!("{field} in ({})", values.join(", ")),
        FilterOperator::NoneOf(values) => format!("{field} not in ({})", values.join(", ")),
        FilterOperator::IsNull => format!("{field} is null"),
        FilterOperator::IsPresent => format!("{field} is present"),
        FilterOperator::Search => format!("{field} search"),
        FilterOperator::Begins => format!("{field} begins with ?"),
        FilterOperator::Part => format!("{field} has part ?"),
        FilterOperator::Contains => format!("{field} contains"),
    };
    if filter.optional { format!("{text} if given") } else { text }
}

fn pattern_text(pattern: &PatternFact) -> String {
    let kind = match pattern.kind {
        AccessKind::Read => "read",
        AccessKind::Write => match pattern.form {
            Some(WriteForm::Add | WriteForm::Change) | None => "write",
            Some(form) => form.as_str(),
        },
    };
    let mut text = format!("{kind} \"{}\"", one_line(&pattern.name));
    if let Some(entity) = &pattern.entity {
        let _ = write!(text, " of {entity}");
    }
    if !pattern.joins.is_empty() {
        let _ = write!(text, " with {}", pattern.joins.join(", "));
    }
    if !pattern.filter.is_empty() {
        let filters: Vec<String> = pattern.filter.iter().map(filter_text).collect();
        let _ = write!(text, " by {}", filters.join(", "));
    }
    if !pattern.measures.is_empty() {
        let _ = write!(text, " computes {}", pattern.measures.join(", "));
    }
    if !pattern.groups.is_empty() {
        let _ = write!(text, " per {}", pattern.groups.join(", "));
    }
    if !pattern.sort.is_empty() {
        let _ = write!(text, " sorted {}", pattern.sort.join(", "));
    }
    if let Some(limit) = pattern.limit {
        let _ = write!(text, " limit {limit}");
    }
    if let Some(pick) = pattern.pick {
        let _ = write!(text, " picks {}", pick.as_str());
    }
    if let Some(frequency) = &pattern.frequency {
        let _ = write!(text, " at {}", one_line(frequency));
    }
    if let Some(rate) = pattern.per_second {
        let _ = write!(text, " ({rate}/s)");
    }
    if let Some(latency) = pattern.latency_ms {
        let _ = write!(text, " within {latency} ms");
    }
    if let Some(staleness) = pattern.staleness_s {
        let _ = write!(text, " stale {staleness} s");
    }
    if let Some(sql) = &pattern.sql {
        let _ = write!(text, " sql {}", one_line(sql));
    }
    text
}

fn index_text(index: &IndexFact) -> String {
    let mut text = if index.unique { "unique index".to_owned() } else { "index".to_owned() };
    if let Some(name) = &index.name {
        let _ = write!(text, " {name}");
    }
    let _ = write!(text, " on {} ({})", index.entity, index.columns.join(", "));
    if let Some(method) = &index.method {
        let _ = write!(text, " using {method}");
    }
    if let Some(purpose) = &index.purpose {
        let _ = write!(text, " -- {}", one_line(purpose));
    }
    text
}
