//! Tables that documents want split by the values of a list, or by a hash.

use underpin_logical::{AttributeId, Decision, LogicalDesign, Relation, RelationId};
use underpin_model::{FieldKind, ListedPart, Model, OtherRows, SplitMethod, StatedPartitioning};
use underpin_pg::{
    Partition, PartitionBound, PartitionMethod, PartitionValue, Partitioning, QualifiedName, naming,
};

use super::obstacle::{self, Obstacle};
use super::{DAYS_OF_A_MONTH, HORIZON_MONTHS, ROWS_OF_A_PARTITION, RULE, leave, moment};
use crate::names::snake;
use crate::rule::plans::grouped;
use crate::{DefaultPartition, PartitionDesign, PartitionScheme, PhysicalDesign};

/// So many partitions of a hash where neither a number is stated nor a volume from which one follows.
const USUAL_COUNT: u32 = 8;
/// More are made for no table: each is a table with indexes of its own, and a plan that names no value opens them all
/// (manual, section 5.11.6).
const MOST: u32 = 1_024;

/// Splits a table as is stated, or says why not.
pub(super) fn apply(
    (model, logical): (&Model, &LogicalDesign),
    design: &mut PhysicalDesign,
    id: RelationId,
    (stated, asks): (&StatedPartitioning, &str),
) {
    let relation = logical.relation(id);
    match planned(model, logical, design, id, stated) {
        Ok(plan) => build(model, relation, design, id, (asks, plan)),
        Err(obstacle) => {
            let say = |it: Decision| it.significant(format!("{} stays whole", relation.name));
            leave((model, relation), design, id, (asks, &obstacle), say);
        }
    }
}

/// The partitions of a table.
struct Plan {
    method: PartitionMethod,
    partitions: Vec<Partition>,
    design: PartitionDesign,
    /// How many there are and why, in words.
    why: String,
}

fn planned(
    model: &Model,
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    id: RelationId,
    stated: &StatedPartitioning,
) -> Result<Plan, Obstacle> {
    let relation = logical.relation(id);
    let table = &design.tables[id.index()];
    let by = attributes(model, relation, stated)?;
    for &attribute in &by {
        let name = table.column(attribute).as_str();
        if !relation.attribute(attribute).required && !relation.key.contains(&attribute) {
            return Err(Obstacle::new(
                format!(
                    "`{name}` may be missing, and what a table is split by is part of its primary key"
                ),
                format!("a `{name}` that each row has"),
            ));
        }
        if relation.machines.iter().any(|machine| machine.attribute == attribute) {
            return Err(Obstacle::new(
                format!(
                    "`{name}` changes in the life of a row, which would then be deleted from one partition and inserted into \
                     another, and a row may only be inserted in its first state"
                ),
                "a partial index for each state that queries ask for",
            ));
        }
    }
    let added_to_key = obstacle::free((logical, design), id, &by, stated.widens_key)?;
    let columns = by.iter().map(|&it| table.column(it).clone()).collect();
    let now = table.growth.rows.unwrap_or_default();
    let per_month = table.growth.per_month.unwrap_or_default();
    let rows = now + per_month * HORIZON_MONTHS;
    let rows = table
        .growth
        .retention_days
        .map_or(rows, |days| rows.min(now.max(per_month / DAYS_OF_A_MONTH * f64::from(days))));
    let names = Names { design, table: &table.table };
    let (method, partitions, scheme, why) = match stated.method {
        SplitMethod::Hash => {
            let count = match stated.count {
                Some(count) if count > MOST => {
                    return Err(Obstacle::new(
                        format!(
                            "each of {count} partitions is a table with indexes of its own, and a plan that names no value \
                             opens them all"
                        ),
                        format!("{MOST} partitions at most"),
                    ));
                }
                Some(count) => count,
                None => fitting(rows),
            };
            let width = (count - 1).to_string().len();
            let partitions: Vec<Partition> = (0..count)
                .map(|remainder| Partition {
                    name: names.of(&format!("p{remainder:0width$}"), &[]),
                    bound: PartitionBound::Hash { modulus: count, remainder },
                    comment: None,
                })
                .collect();
            let why = match stated.count {
                Some(_) => String::new(),
                None if rows > 0.0 => format!(
                    "; {count} are the fewest whose partitions get at most {} rows each in {HORIZON_MONTHS:.0} months, in \
                     a power of two, which can be doubled one by one",
                    grouped(ROWS_OF_A_PARTITION)
                ),
                None => format!(
                    "; no document says how many rows come, and {count} can be doubled one by one"
                ),
            };
            (PartitionMethod::Hash, partitions, PartitionScheme::Hash, why)
        }
        SplitMethod::List => {
            let [attribute] = by.as_slice() else {
                return Err(Obstacle::new(
                    "PostgreSQL splits by a list of the values of one column",
                    "a list of the first, whose partitions are split by the second",
                ));
            };
            let (parts, other) = listed(model, relation, *attribute, stated)?;
            let is_whole = other.is_none();
            let column = table.column(*attribute).as_str();
            let mut partitions: Vec<Partition> = Vec::new();
            for part in &parts {
                let wanted = part.name.clone().unwrap_or_else(|| part.values.join("_"));
                let is_named = part.name.is_some();
                partitions.push(Partition {
                    name: names.wanted(&snake(&wanted), is_named, &partitions),
                    bound: PartitionBound::List(
                        part.values.iter().map(|it| PartitionValue::Value(it.clone())).collect(),
                    ),
                    comment: Some(format!("Rows whose {column} is {}.", part.values.join(" or "))),
                });
            }
            let default = (stated.others != Some(OtherRows::Refused)).then(|| DefaultPartition {
                name: names.of("default", &partitions),
                example: other,
            });
            if let Some(default) = &default {
                partitions.push(Partition {
                    name: default.name.clone(),
                    bound: PartitionBound::Default,
                    comment: Some(format!("Rows whose {column} has no partition of its own.")),
                });
            }
            let why = match (&default, is_whole) {
                (Some(_), false) => {
                    format!("; rows of any other `{column}` are kept in the default partition")
                }
                (Some(_), true) => format!(
                    "; each value that `{column}` may have has its partition, and the default one is empty until there is one \
                     more. Without it a row of a wrong value would be refused for want of a partition, and no constraint be named"
                ),
                (None, _) => format!("; rows of any other `{column}` are refused, as stated"),
            };
            (PartitionMethod::List, partitions, PartitionScheme::List(default), why)
        }
        SplitMethod::Range => unreachable!("tables split by time are planned apart"),
    };
    let count = f64::from(u32::try_from(partitions.len()).unwrap_or(u32::MAX));
    let design = PartitionDesign {
        columns,
        scheme,
        rows: (rows > 0.0).then_some(rows / count),
        count,
        added_to_key,
        is_stated: stated.count.is_some() || !stated.lists.is_empty(),
    };
    Ok(Plan { method, partitions, design, why })
}

/// What the statement names; the primary key where it says by hash and nothing else.
fn attributes(
    model: &Model,
    relation: &Relation,
    stated: &StatedPartitioning,
) -> Result<Vec<AttributeId>, Obstacle> {
    if stated.fields.is_empty() {
        return match stated.method {
            SplitMethod::Hash => Ok(relation.key.clone()),
            SplitMethod::List | SplitMethod::Range => Err(Obstacle::new(
                "no document says by the values of which field of its own rows",
                "a statement that names the field and its values; what another row says, such as the class of a tenant, is first \
                 to be held by each row that is split by it",
            )),
        };
    }
    let found = stated.fields.iter().map(|&field| {
        let found = relation.attributes().find(|(_, it)| it.field == Some(field));
        found.map(|(id, _)| id).ok_or_else(|| {
            Obstacle::new(
                format!("`{}` is stored elsewhere", model.field(field).name),
                "a field that each row has itself",
            )
        })
    });
    found.collect()
}

/// The partitions of a list, and a value that none of them is for, where the field may have one.
fn listed(
    model: &Model,
    relation: &Relation,
    attribute: AttributeId,
    stated: &StatedPartitioning,
) -> Result<(Vec<ListedPart>, Option<String>), Obstacle> {
    let it = relation.attribute(attribute);
    let flags = ["false".to_owned(), "true".to_owned()];
    let known: &[String] = match &it.kind {
        FieldKind::Enumeration(list) => &model.enumeration(*list).values,
        FieldKind::Boolean => &flags,
        FieldKind::Uuid
        | FieldKind::Integer { .. }
        | FieldKind::Decimal { .. }
        | FieldKind::Money { .. }
        | FieldKind::Float
        | FieldKind::Text { .. }
        | FieldKind::Date
        | FieldKind::Time
        | FieldKind::Timestamp
        | FieldKind::Duration
        | FieldKind::Json
        | FieldKind::Binary
        | FieldKind::IpAddress
        | FieldKind::List(_)
        | FieldKind::Unknown => &[],
    };
    if stated.lists.is_empty() {
        if known.is_empty() {
            return Err(Obstacle::new(
                format!("no document lists the values of `{}`", it.name),
                "a list of the values that have a partition of their own",
            ));
        }
        let own = known.iter().map(|it| ListedPart { name: None, values: vec![it.clone()] });
        return Ok((own.collect(), None));
    }
    let mut parts = stated.lists.clone();
    if known.is_empty() {
        let other = unlisted(&it.kind, &parts);
        return Ok((parts, Some(other)));
    }
    for value in parts.iter_mut().flat_map(|part| &mut part.values) {
        let Some(known) = known.iter().find(|known| snake(known) == snake(value)) else {
            return Err(Obstacle::new(
                format!("`{value}` is none of the values of `{}` ({})", it.name, known.join(", ")),
                format!("`{value}` among the values of `{}`", it.name),
            ));
        };
        value.clone_from(known);
    }
    let is_listed = |it: &&String| parts.iter().any(|part| part.values.contains(it));
    let other = known.iter().find(|it| !is_listed(it)).cloned();
    Ok((parts, other))
}

/// A value of a kind that no partition is for.
fn unlisted(kind: &FieldKind, parts: &[ListedPart]) -> String {
    let values = || parts.iter().flat_map(|part| &part.values);
    match kind {
        FieldKind::Integer { .. } | FieldKind::Decimal { .. } | FieldKind::Money { .. } => {
            let numbers = values().filter_map(|it| it.parse::<i64>().ok());
            (numbers.max().unwrap_or_default() + 1).to_string()
        }
        FieldKind::Uuid => "00000000-0000-4000-8000-000000000000".to_owned(),
        FieldKind::Text { max } => {
            let longest = max.map_or(usize::MAX, |it| usize::try_from(it).unwrap_or(usize::MAX));
            let mut text: String = "elsewhere".chars().take(longest).collect();
            while values().any(|it| *it == text) {
                text = text.chars().map(|c| if c == 'z' { 'a' } else { 'z' }).collect();
            }
            text
        }
        FieldKind::Enumeration(_)
        | FieldKind::Boolean
        | FieldKind::Float
        | FieldKind::Date
        | FieldKind::Time
        | FieldKind::Timestamp
        | FieldKind::Duration
        | FieldKind::Json
        | FieldKind::Binary
        | FieldKind::IpAddress
        | FieldKind::List(_)
        | FieldKind::Unknown => "elsewhere".to_owned(),
    }
}

/// The fewest partitions, in a power of two, that do not get too large.
fn fitting(rows: f64) -> u32 {
    if rows <= 0.0 {
        return USUAL_COUNT;
    }
    let powers = (1..=10).map(|power| 1_u32 << power);
    powers.into_iter().find(|&it| rows / f64::from(it) <= ROWS_OF_A_PARTITION).unwrap_or(MOST)
}

/// Names that nothing else has.
struct Names<'a> {
    design: &'a PhysicalDesign,
    table: &'a QualifiedName,
}

impl Names<'_> {
    fn of(&self, suffix: &str, taken: &[Partition]) -> QualifiedName {
        self.free(naming::fit(self.table.name.as_str(), suffix).as_str(), taken)
    }

    /// A name as a document gives it, else one behind that of the table.
    fn wanted(&self, name: &str, is_named: bool, taken: &[Partition]) -> QualifiedName {
        if is_named { self.free(name, taken) } else { self.of(name, taken) }
    }

    fn free(&self, name: &str, taken: &[Partition]) -> QualifiedName {
        let named =
            |name: &str| QualifiedName::new(self.table.namespace.clone(), naming::fit(name, ""));
        let is_taken = |name: &QualifiedName| {
            self.design.schema.tables.keys().any(|table| table == name)
                || taken.iter().any(|it| it.name == *name)
        };
        let mut found = named(name);
        let mut number = 1;
        while is_taken(&found) {
            number += 1;
            found = named(&format!("{name}_{number}"));
        }
        found
    }
}

fn build(
    model: &Model,
    relation: &Relation,
    design: &mut PhysicalDesign,
    id: RelationId,
    (asks, plan): (&str, Plan),
) {
    let name = design.tables[id.index()].table.clone();
    let columns: Vec<&str> = plan.design.columns.iter().map(underpin_pg::Ident::as_str).collect();
    let column = columns.join(", ");
    let rows = plan
        .design
        .rows
        .map_or_else(String::new, |rows| format!(", of about {} rows each", grouped(rows)));
    let count = plan.partitions.len();
    let reason = format!("{asks}: {count} partitions{rows}{}", plan.why);
    let way = match plan.method {
        PartitionMethod::List => format!("the values of `{column}`"),
        PartitionMethod::Hash => format!("a hash of `{column}`"),
        PartitionMethod::Range => format!("ranges of `{column}`"),
    };
    let mut decision = Decision::new(
        RULE,
        &relation.name,
        format!("`{}` is split by {way} among {count} partitions", name.name.as_str()),
        &reason,
    )
    .instead_of("one table, which is simpler in every way while it fits into memory")
    .changes_when(format!("most queries do not say `{column}`, or rows go by their age"))
    .so_that(format!(
        "A query that says `{column}` reads one partition; any other looks into all {count}."
    ));
    decision = match plan.method {
        PartitionMethod::Hash => decision
            .instead_of("a split by time, where old rows go at once with their partition")
            .so_that("No partition can be dropped for the age of its rows: old rows are deleted one by one."),
        PartitionMethod::List | PartitionMethod::Range => decision
            .instead_of(format!("an index that begins with `{column}`"))
            .so_that(format!("A new value of `{column}` gets its partition before its rows come.")),
    };
    if !plan.design.added_to_key.is_empty() {
        decision = decision.so_that(obstacle::widened(relation, &column));
    }
    for place in moment::statements(model, relation) {
        decision = decision.from_statement(place);
    }
    design.decisions.push(decision.significant(format!(
        "{} by {}",
        relation.name,
        match plan.method {
            PartitionMethod::List => "list",
            PartitionMethod::Hash => "hash",
            PartitionMethod::Range => "range",
        }
    )));
    design.plans.partitioning.push((name.clone(), format!("Split by {way}."), reason));
    let table = design.schema.tables.get_mut(&name).expect("made by rule P010");
    table.partitioning = Some(Partitioning {
        method: plan.method,
        columns: plan.design.columns.clone(),
        partitions: plan.partitions,
        upkeep: None,
    });
    design.tables[id.index()].partitions = Some(plan.design);
}
