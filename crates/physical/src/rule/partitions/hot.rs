//! Tables that are split by a hash of their key although no document asks for it: so large and changed so often that one
//! vacuum at a time does not keep up, and asked for by nothing but their key.

use underpin_logical::{LogicalDesign, RelationId};
use underpin_model::{AccessKind, FilterOperator, Model, Pattern, SplitMethod, StatedPartitioning};

use super::{Demand, grouped};
use crate::PhysicalDesign;

/// Changes in a second from which a large table is hot. Each leaves a dead row: 100 in a second are 8,640,000 a day, and a
/// table of 50,000,000 rows is not vacuumed before it has 10,000,000 of them (`autovacuum_vacuum_scale_factor`, manual,
/// section 20.10), then by one worker and as a whole. Partitions are vacuumed each in its turn, and several at a time.
const CHANGES_OF_A_HOT_TABLE: f64 = 100.0;
const SECONDS_OF_A_DAY: f64 = 86_400.0;

/// The split that a table earns, with the reason. Only where each pattern says the key, so that none has to look into all
/// partitions, and no row goes by its age.
pub(super) fn of(
    model: &Model,
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    id: RelationId,
) -> Option<(StatedPartitioning, String)> {
    let relation = logical.relation(id);
    let entity = relation.entity?;
    let demand = Demand::of(logical, design, id)?;
    let [key] = relation.key.as_slice() else { return None };
    let field = relation.attribute(*key).field?;
    if demand.days.is_some() {
        return None;
    }
    let says_key = |pattern: &Pattern| {
        pattern.conditions().any(|it| it.field == field && it.operator == FilterOperator::Equals)
    };
    let own = || model.patterns.iter().filter(|it| it.entity == entity);
    let also = || model.patterns.iter().filter(|it| it.joins.contains(&entity));
    let mut reads = own().filter(|it| it.kind == AccessKind::Read).peekable();
    reads.peek()?;
    if !reads.all(says_key) || also().next().is_some() {
        return None;
    }
    let changes: f64 = own()
        .filter(|it| it.kind == AccessKind::Write && says_key(it))
        .filter_map(|it| it.per_second)
        .fold(0.0, |all, rate| all + rate);
    if changes < CHANGES_OF_A_HOT_TABLE {
        return None;
    }
    let source = own().next()?.source;
    let reason = format!(
        "{}; {changes:.0} changes in a second leave {} dead rows a day, and one table is vacuumed as a whole by one worker \
         once a fifth of it is dead; each query says the key, so that none looks into more than one partition",
        demand.reason,
        grouped(changes * SECONDS_OF_A_DAY)
    );
    let split = StatedPartitioning {
        entity,
        method: SplitMethod::Hash,
        fields: vec![field],
        period: None,
        count: None,
        lists: Vec::new(),
        others: None,
        widens_key: false,
        text: String::new(),
        source,
    };
    Some((split, reason))
}
