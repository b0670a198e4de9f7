//! P042: what a caller may ask for or leave out, as in `GET /orders?status=&from=`. The pattern's own statement is the
//! call that leaves all of it out; a second one takes it.
//!
//! One filter that may be left out gives two statements, each with the best plan that there is. Several would give one for
//! each set of them, which doubles with every filter; they share one in which a parameter that is NULL lets all rows pass.

use underpin_logical::{Decision, RelationId};
use underpin_model::{AccessKind, Filter, FilterOperator, Pattern};
use underpin_pg::Expr;

use super::build::Builder;
use crate::PhysicalDesign;

const RULE: &str = "P042";

/// What is said of a statement whose parameters may be NULL.
const NULL_PASSES: &str = "a parameter that is NULL lets all rows pass. Let each call be planned for its values \
                           (plan_cache_mode = force_custom_plan): the planner drops what is not asked for, where a plan for \
                           all calls enters no index by these conditions";

/// The pattern of those who ask for what may be left out; `None` where there is nothing to ask for.
///
/// Where that is a single condition, the pattern has it for good, so that an index can be built for it.
pub(crate) fn asked_for(pattern: &Pattern) -> Option<Pattern> {
    let is_designed = pattern.kind == AccessKind::Read && pattern.sql.is_none();
    let left_out: Vec<usize> =
        (0..pattern.filter.len()).filter(|&at| pattern.filter[at].optional).collect();
    let (&[first, ..], true) = (&left_out[..], is_designed) else { return None };
    let mut asked = pattern.clone();
    // Either end of a range may be left out by itself.
    if left_out.len() == 1 && pattern.filter[first].operator != FilterOperator::Range {
        asked.filter[first].optional = false;
    }
    Some(asked)
}

/// What its statement is called: `list_orders_by_status`, or `list_orders_filtered` where several may be asked for.
pub(super) fn name(builder: &Builder<'_>, pattern: &Pattern, asked: &Pattern) -> String {
    let is_for_good = |(left_out, kept): &(&Filter, &Filter)| left_out.optional && !kept.optional;
    let one = pattern.filter.iter().zip(&asked.filter).find(is_for_good);
    match one.and_then(|(_, filter)| builder.locate(filter.field)) {
        Some((_, column)) => format!("{}_by_{}", pattern.name, column.name.as_str()),
        None => format!("{}_filtered", pattern.name),
    }
}

/// The condition of a filter that a call may leave out: each comparison passes where its parameter is NULL. The cast says the
/// type before the parameter is compared, without which PostgreSQL refuses to prepare the statement.
pub(super) fn condition(
    builder: &mut Builder<'_>,
    filter: &Filter,
    reachable: &[RelationId],
) -> Option<Expr> {
    let known = builder.parameters.len();
    let compared = builder.condition(filter, reachable)?;
    let parts = match compared {
        // Two comparisons with one parameter are there, or are not, together.
        Expr::And(parts) if builder.parameters.len() - known != 1 => parts,
        one => vec![one],
    };
    if parts.len() != builder.parameters.len() - known {
        builder.remarks.push(format!(
            "the condition on {} is left out: it compares with no parameter that could be NULL",
            builder.model.field_path(filter.field)
        ));
        return None;
    }
    let guarded = parts.into_iter().enumerate().map(|(at, part)| {
        let data_type = builder.parameters[known + at].data_type.clone();
        let number = u16::try_from(known + at + 1).unwrap_or(u16::MAX);
        let is_absent =
            Expr::IsNull(Box::new(Expr::Cast(Box::new(Expr::Parameter(number)), data_type)));
        Expr::Or(vec![is_absent, part])
    });
    Some(Expr::And(guarded.collect()))
}

/// Whether a parameter of its statement may be NULL.
fn may_be_null(asked: &Pattern) -> bool {
    asked.filter.iter().any(|filter| filter.optional)
}

/// What is said of the statement of such a pattern.
pub(super) fn remark(asked: &Pattern) -> Option<&'static str> {
    may_be_null(asked).then_some(NULL_PASSES)
}

/// Why there are two statements. Each pattern comes with the name of the call that leaves out its filters.
pub(super) fn decide(design: &mut PhysicalDesign, asked: &[(String, Pattern)]) {
    let (together, alone): (Vec<_>, Vec<_>) =
        asked.iter().partition(|(_, pattern)| may_be_null(pattern));
    let reasons = [
        (
            alone,
            "each has a plan of its own: a condition that is always there can enter an index",
            "one statement with `$1 IS NULL OR`: it enters no index by that condition once one plan serves all calls",
            "every call asks for it: then the other statement is not needed",
        ),
        (
            together,
            "one for each set of filters would be one for each combination; planned for its values, a condition whose \
             parameter is NULL is gone before the plan is chosen",
            "SQL that the application puts together: as good a plan, for statements that nobody tried before",
            "one set of filters is asked for much more often than the others: then it is a pattern of its own, with an index",
        ),
    ];
    for (patterns, reason, instead, change) in reasons {
        let Some(((plain, first), others)) = patterns.split_first() else { continue };
        let mut decision = Decision::new(
            RULE,
            &first.name,
            format!(
                "`{}` is asked beside `{plain}`, the call without its optional filters",
                first.name
            ),
            reason,
        )
        .covering(others.iter().map(|(_, pattern)| pattern.name.clone()))
        .instead_of(instead)
        .changes_when(change)
        .from_statement(first.source);
        decision.inputs.extend(others.iter().map(|(_, pattern)| pattern.source));
        design.decisions.push(decision);
    }
}
