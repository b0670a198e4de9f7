//! P015: tables that are split: as documents state, else by time, because so many rows are stated, or because so many are
//! dropped.
//!
//! What a table is split by is part of each of its keys (manual, section 5.11.2.3). A key that documents state is never
//! made weaker for that: then the table stays whole, and the decision says what could be done instead.

mod hot;
mod moment;
mod obstacle;
mod values;

use underpin_logical::{Decision, LogicalDesign, Relation, RelationId};
use underpin_model::{FieldKind, Model, OnDelete, SplitMethod, SplitPeriod, StatedPartitioning};
use underpin_pg::{
    Ident, Partition, PartitionBound, PartitionInterval, PartitionMethod, PartitionUpkeep,
    Partitioning, QualifiedName, naming,
};

use super::plans::grouped;
use crate::{Growth, PartitionDesign, PartitionScheme, PhysicalDesign, retention};
use moment::Moment;
use obstacle::Obstacle;

const RULE: &str = "P015";

/// Rows from which a table is worth splitting by time, so that vacuum and index builds stay short. The manual's rule of
/// thumb (section 5.11.1) is a table that exceeds the memory of the server: at some 200 bytes a row with its indexes
/// these are 10 GB, and below it one table is simpler in every way.
const ROWS_WORTH_SPLITTING: f64 = 50_000_000.0;
/// Rows to be deleted in a day from which a table is worth splitting, so that they go with their partition: DROP TABLE
/// takes no longer for more rows, and leaves nothing for vacuum, while DELETE touches each row and its entry in each
/// index (ibid.). In batches of 5,000 these are 20 a day, which nobody feels.
const ROWS_WORTH_DROPPING: f64 = 100_000.0;
/// A table of fewer rows is small enough to delete from at any rate.
const ROWS_WORTH_BOTH: f64 = 10_000_000.0;
/// So many rows at most in one partition: few enough to vacuum it, or to build an index of it anew, within minutes.
const ROWS_OF_A_PARTITION: f64 = 20_000_000.0;
/// A row stays until the youngest of its partition may go: at most so much of the stated period longer.
const LONGEST_DELAY: f64 = 1.0 / 12.0;
/// Months ahead that the design looks.
const HORIZON_MONTHS: f64 = 36.0;
const DAYS_OF_A_MONTH: f64 = 365.25 / 12.0;

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    for (id, relation) in logical.relations() {
        let stated = relation
            .entity
            .and_then(|entity| model.partitionings.iter().find(|stated| stated.entity == entity));
        if let Some(stated) = stated.filter(|it| it.method != SplitMethod::Range) {
            let why = format!("\"{}\" asks for it", stated.text.trim().trim_end_matches('.'));
            values::apply((model, logical), design, id, (stated, &why));
            continue;
        }
        let demand = match stated {
            Some(stated) => Some(Demand::stated(logical, design, id, stated)),
            None => Demand::of(logical, design, id),
        };
        let Some(demand) = demand else { continue };
        match split(model, logical, design, id, (&demand, stated)) {
            Ok(partitions) => build(model, relation, design, id, &demand, partitions),
            Err(obstacle) => {
                let hot = hot::of(model, logical, design, id).filter(|_| stated.is_none());
                match hot {
                    Some((split, why)) => {
                        values::apply((model, logical), design, id, (&split, &why));
                    }
                    None => {
                        let say = |decision: Decision| match demand.days {
                            Some(_) => decision.so_that("Old rows are deleted one by one."),
                            None => decision,
                        };
                        leave((model, relation), design, id, (&demand.reason, &obstacle), say);
                    }
                }
            }
        }
    }
}

/// Why a table should be split.
struct Demand {
    /// How many come in a day, where that is known.
    per_day: Option<f64>,
    /// For how many days a row is kept by a statement on the table itself.
    days: Option<u32>,
    /// In words.
    reason: String,
}

impl Demand {
    /// Why a table is split of which a document says so, however many rows it has.
    fn stated(
        logical: &LogicalDesign,
        design: &PhysicalDesign,
        id: RelationId,
        stated: &StatedPartitioning,
    ) -> Self {
        let reason = format!("\"{}\" asks for it", stated.text.trim().trim_end_matches('.'));
        let growth = design.tables[id.index()].growth;
        let (per_day, days) = rates(&growth);
        match Self::of(logical, design, id) {
            Some(demand) => {
                Self { reason: format!("{reason}, and so do {}", demand.reason), ..demand }
            }
            None => Self { per_day, days, reason },
        }
    }

    fn of(logical: &LogicalDesign, design: &PhysicalDesign, id: RelationId) -> Option<Self> {
        let growth = design.tables[id.index()].growth;
        let (per_day, days) = rates(&growth);
        let now = growth.rows.unwrap_or_default();
        let future = now + per_day.unwrap_or_default() * DAYS_OF_A_MONTH * HORIZON_MONTHS;
        let kept = days.or_else(|| days_of_parents(logical, design, id));
        // As much goes then as comes.
        let rows = kept.map_or(future, |kept| {
            future.min(now.max(per_day.unwrap_or_default() * f64::from(kept)))
        });
        let reason = if rows >= ROWS_WORTH_SPLITTING {
            let by = if kept.is_some() {
                "at a time".to_owned()
            } else {
                format!("in {HORIZON_MONTHS:.0} months")
            };
            format!("{} rows {by}, above {}", grouped(rows), grouped(ROWS_WORTH_SPLITTING))
        } else if let (Some(days), Some(going)) = (days, per_day)
            && going >= ROWS_WORTH_DROPPING
            && rows >= ROWS_WORTH_BOTH
        {
            format!(
                "{} rows go each day once they are {days} days old, above {}, of {} in all",
                grouped(going),
                grouped(ROWS_WORTH_DROPPING),
                grouped(rows)
            )
        } else {
            return None;
        };
        Some(Self { per_day, days, reason })
    }
}

/// How many rows come in a day, and for how many days they are kept, as far as that is known.
fn rates(growth: &Growth) -> (Option<f64>, Option<u32>) {
    let days = growth.retention_days.filter(|&days| days > 0);
    let per_month = growth.per_month.filter(|&it| it > 0.0);
    // Where as much goes as comes, what is there tells how much comes.
    let per_day = per_month.map(|it| it / DAYS_OF_A_MONTH).or_else(|| {
        let (rows, days) = (growth.rows.filter(|&it| it > 0.0)?, days?);
        Some(rows / f64::from(days))
    });
    (per_day, days)
}

/// For how many days a row is there that goes with another.
fn days_of_parents(
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    id: RelationId,
) -> Option<u32> {
    let references = logical.relation(id).references.iter();
    references
        .filter(|reference| reference.on_delete == OnDelete::Cascade)
        .filter_map(|reference| design.tables[reference.target.index()].growth.retention_days)
        .min()
}

fn split(
    model: &Model,
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    id: RelationId,
    (demand, asked): (&Demand, Option<&StatedPartitioning>),
) -> Result<(PartitionDesign, Moment), Obstacle> {
    let relation = logical.relation(id);
    let table = &design.tables[id.index()];
    let asked_moment = asked
        .filter(|it| !it.fields.is_empty())
        .map(|asked| moment::stated(model, relation, asked))
        .transpose()?;
    let period = asked.and_then(|it| it.period).map(interval_of);
    if demand.per_day.is_none() && period.is_none() {
        return Err(Obstacle::new(
            "no document says how many rows come in a month, so that no interval can be chosen",
            "a stated growth",
        ));
    }
    let moment = match asked_moment {
        Some(moment) => moment,
        None => moment::of(model, logical, id)?,
    };
    let column = table.column(moment.attribute);
    let widens = asked.is_some_and(|it| it.widens_key);
    let added_to_key = obstacle::free((logical, design), id, &[moment.attribute], widens)?;
    let drops = demand.days.filter(|_| moment.is_of_retention);
    let stated =
        period.or_else(|| moment::stated_interval(&moment.text).filter(|_| drops.is_some()));
    let per_day = demand.per_day;
    let interval = stated.unwrap_or_else(|| interval(per_day.unwrap_or_default(), drops));
    let ahead = ahead(interval);
    let span = drops.map_or(HORIZON_MONTHS * DAYS_OF_A_MONTH, f64::from);
    let name = &table.table;
    let named = |stem: &str, suffix: &str| {
        QualifiedName::new(name.namespace.clone(), naming::fit(stem, suffix))
    };
    let kept = drops.map(|days| retention::period(&moment.text, days));
    let upkeep = PartitionUpkeep {
        function: named(&format!("maintain_{}", name.name.as_str()), "partitions"),
        table: name.clone(),
        column: column.clone(),
        is_day: relation.attribute(moment.attribute).kind == FieldKind::Date,
        default: named(name.name.as_str(), "default"),
        copied: design.schema.tables[name]
            .columns
            .iter()
            .filter(|column| column.generated.is_none())
            .map(|column| column.name.clone())
            .collect(),
        interval,
        ahead,
        kept,
    };
    let partitions = PartitionDesign {
        columns: vec![column.clone()],
        scheme: PartitionScheme::Time(Box::new(upkeep)),
        rows: per_day.map(|it| it * interval.days()),
        is_stated: stated.is_some(),
        count: (span / interval.days()).ceil() + f64::from(ahead) + 2.0,
        added_to_key,
    };
    Ok((partitions, moment))
}

/// The longest whose partitions are not too large and do not keep rows too long.
fn interval(per_day: f64, days: Option<u32>) -> PartitionInterval {
    let fits = |interval: &PartitionInterval| {
        interval.days() * per_day <= ROWS_OF_A_PARTITION
            && days.is_none_or(|days| interval.days() <= f64::from(days) * LONGEST_DELAY + 0.5)
    };
    PartitionInterval::LONGEST_FIRST.into_iter().find(fits).unwrap_or(PartitionInterval::Day)
}

/// How many are made ahead: those of two weeks at least, so that a schedule that fails is noticed before it is missed.
const fn ahead(interval: PartitionInterval) -> u32 {
    match interval {
        PartitionInterval::Day => 14,
        // What pg_partman makes ahead where nobody says otherwise.
        PartitionInterval::Week | PartitionInterval::Month => 4,
        PartitionInterval::Quarter => 2,
        PartitionInterval::Year => 1,
    }
}

const fn interval_of(period: SplitPeriod) -> PartitionInterval {
    match period {
        SplitPeriod::Day => PartitionInterval::Day,
        SplitPeriod::Week => PartitionInterval::Week,
        SplitPeriod::Month => PartitionInterval::Month,
        SplitPeriod::Quarter => PartitionInterval::Quarter,
        SplitPeriod::Year => PartitionInterval::Year,
    }
}

fn build(
    model: &Model,
    relation: &Relation,
    design: &mut PhysicalDesign,
    id: RelationId,
    demand: &Demand,
    (partitions, moment): (PartitionDesign, Moment),
) {
    let name = design.tables[id.index()].table.clone();
    let upkeep = partitions.upkeep().expect("a table that is split by time has one").clone();
    let interval = upkeep.interval.as_str();
    let column = upkeep.column.as_str();
    let of = if partitions.is_stated {
        ", as stated,".to_owned()
    } else {
        format!(
            " (the longest that {}gets at most {})",
            if upkeep.kept.is_some() {
                "keeps rows by a twelfth of the period longer at most and "
            } else {
                ""
            },
            grouped(ROWS_OF_A_PARTITION)
        )
    };
    let rows = partitions
        .rows
        .map_or_else(String::new, |rows| format!(" gets about {} rows", grouped(rows)));
    let reason = format!(
        "{}. One partition for each {interval}{}; about {:.0} are there at a time",
        demand.reason,
        format!("{of}{rows}").trim_end_matches(','),
        partitions.count
    );
    let (how, dropped) = match (&upkeep.kept, demand.days) {
        (Some(kept), _) => (
            format!(
                "; whole partitions go once their youngest row is older than {kept}, so that a row stays at most a {interval} \
                 longer"
            ),
            format!(" Rows older than {kept} are dropped with their partition."),
        ),
        (None, Some(_)) => (
            format!(
                "; the period of retention does not count from `{column}`, so that old rows are deleted one by one"
            ),
            " Old rows are deleted one by one.".to_owned(),
        ),
        (None, None) => (String::new(), String::new()),
    };
    let reason = format!("{reason}{how}");
    let mut decision = Decision::new(
        RULE,
        &relation.name,
        format!("`{}` is split by `{column}`, a {interval} in each partition", name.name.as_str()),
        format!("{reason}; {}", moment.why),
    )
    .instead_of("one table, whose old rows are deleted and vacuumed away one by one")
    .instead_of("a split by hash, which spreads the writes and lets no old row go at once")
    .changes_when("a query that must be fast does not say a time, or another table refers to its rows")
    .so_that(format!(
        "A row outside of all partitions stays in `{}`, which is to be empty: what is there was too early or too late.",
        upkeep.default.name.as_str()
    ))
    .so_that(format!("`{}()` is run once a day.", upkeep.function.name.as_str()));
    if !partitions.added_to_key.is_empty() {
        decision = decision.so_that(obstacle::widened(relation, column));
    }
    for place in moment::statements(model, relation) {
        decision = decision.from_statement(place);
    }
    design.decisions.push(decision.significant(format!("{} by time", relation.name)));
    design.plans.partitioning.push((
        name.clone(),
        format!("Split by {interval} of `{column}`.{dropped}"),
        reason,
    ));
    let partition = Partition {
        name: upkeep.default.clone(),
        bound: PartitionBound::Default,
        comment: Some("Rows that no other partition takes. It is to be empty.".to_owned()),
    };
    let mut function = upkeep.function();
    function.comment = Some(format!(
        "Makes the partitions of {} ahead{}. Run it once a day.",
        name.name.as_str(),
        upkeep.kept.as_ref().map_or_else(String::new, |kept| format!(
            ", and drops those whose rows are all older than {kept}"
        ))
    ));
    let columns: Vec<Ident> = vec![upkeep.column.clone()];
    let table = design.schema.tables.get_mut(&name).expect("made by rule P010");
    table.partitioning = Some(Partitioning {
        method: PartitionMethod::Range,
        columns,
        partitions: vec![partition],
        upkeep: Some(upkeep.function.clone()),
    });
    design.schema.add_function(function);
    design.tables[id.index()].partitions = Some(partitions);
}

/// Leaves a table whole that something asks to be split, with the reason; `say` adds to the decision.
fn leave(
    (model, relation): (&Model, &Relation),
    design: &mut PhysicalDesign,
    id: RelationId,
    (asks, obstacle): (&str, &Obstacle),
    say: impl FnOnce(Decision) -> Decision,
) {
    let name = design.tables[id.index()].table.clone();
    let reason = format!("{asks}; but {}", obstacle.reason);
    let mut decision = Decision::new(
        RULE,
        &relation.name,
        format!("`{}` stays one table", name.name.as_str()),
        &reason,
    )
    .instead_of(&obstacle.instead)
    .changes_when("what stands in the way is stated otherwise");
    for place in moment::statements(model, relation) {
        decision = decision.from_statement(place);
    }
    design.decisions.push(say(decision));
    let why = format!("{reason}. Instead: {}.", obstacle.instead);
    design.plans.partitioning.push((name, "Stays one table".to_owned(), why));
}
