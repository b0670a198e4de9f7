//! Reads: filters, joins along references, an order that no two rows tie in, a limit.

use underpin_logical::RelationId;
use underpin_model::Pattern;
use underpin_pg::{Column, Expr, Ident, Join, JoinKind, OrderBy, Output, Select, TableRef};

use super::build::{Builder, not_deleted};
use super::{computed, optional};

/// The statement, and the relations that it reads, the main one first. Filters that a call may leave out are in it where it
/// `asks` for them.
pub(super) fn statement(
    builder: &mut Builder<'_>,
    pattern: &Pattern,
    asks: bool,
) -> (Select, Vec<RelationId>) {
    let wanted: Vec<RelationId> = pattern
        .joins
        .iter()
        .filter_map(|&entity| builder.logical.relation_of(entity))
        .filter(|&relation| relation != builder.main)
        .collect();
    builder.qualified = !wanted.is_empty();
    let main = builder.main;
    let mut reachable = vec![main];
    let mut joins = Vec::new();
    for target in wanted {
        if reachable.contains(&target) {
            continue;
        }
        match join(builder, &reachable, target, pattern.is_computed()) {
            Some(found) => {
                builder.tables.push(found.table.table.clone());
                joins.push(found);
                reachable.push(target);
            }
            None => {
                let remark = not_joined(builder, target);
                builder.remarks.push(remark);
            }
        }
    }
    builder.qualified = reachable.len() > 1;
    let mut output = Vec::new();
    let is_list = pattern.limit.is_some_and(|limit| limit > 1);
    for &relation in &reachable {
        let shows_secrets = relation == main && !is_list;
        outputs(builder, relation, shows_secrets, &mut output);
    }
    let mut conditions: Vec<Expr> = Vec::new();
    // What every call has comes first, so that parameters are numbered alike with and without the rest.
    for filter in pattern.conditions() {
        if let Some(condition) = builder.condition(filter, &reachable) {
            // Two bounds of one field are one condition with both.
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
    }
    if asks {
        for filter in pattern.filter.iter().filter(|filter| filter.optional) {
            conditions.extend(optional::condition(builder, filter, &reachable));
        }
    }
    let mark = builder.mark_of_deletion(pattern);
    conditions.extend(mark.map(|column| {
        let value = builder.reference(main, &column.name);
        not_deleted(value, &column.data_type)
    }));
    let conditions: Vec<Expr> = conditions
        .into_iter()
        .flat_map(|condition| match condition {
            Expr::And(parts) => parts,
            other => vec![other],
        })
        .collect();
    let order_by = ordered(builder, pattern, &reachable)
        .into_iter()
        .map(|(relation, column, descending)| OrderBy {
            value: builder.reference(relation, &column.name),
            descending,
        })
        .collect();
    let table = builder.design.tables[main.index()].table.clone();
    let mut select = Select::new(output, Some(TableRef { table, alias: None }));
    select.joins = joins;
    select.filter = match conditions.len() {
        0 => None,
        1 => conditions.into_iter().next(),
        _ => Some(Expr::And(conditions)),
    };
    select.order_by = order_by;
    select.limit = pattern.limit.map(|limit| Expr::integer(i64::from(limit)));
    if pattern.is_computed() {
        computed::compute(builder, pattern, &reachable, &mut select);
    }
    (select, reachable)
}

/// Why a table is left out.
fn not_joined(builder: &Builder<'_>, target: RelationId) -> String {
    let name = &builder.logical.relation(target).name;
    let refers = |from: RelationId, to: RelationId| {
        builder.logical.relation(from).references.iter().any(|it| it.target == to)
    };
    if refers(target, builder.main) {
        return format!(
            "{name} is not joined: each row would be computed once for each of its {name}"
        );
    }
    match builder.logical.boundary(builder.main, target) {
        Some((_, there)) => format!(
            "{name} is not joined: it belongs to {}, which is asked for it by id",
            builder.logical.context(there).name
        ),
        None => format!("{name} is not joined: no reference leads there"),
    }
}

/// A join along the one reference, or the first of several, between a table that is there and the
/// one that is wanted.
///
/// Where something is computed, no row may come more than once.
fn join(
    builder: &mut Builder<'_>,
    there: &[RelationId],
    target: RelationId,
    computes: bool,
) -> Option<Join> {
    let logical = builder.logical;
    for &from in there {
        // The row referred to: at most one, so no row is multiplied.
        let outward = logical.relation(from).references.iter().find(|r| r.target == target);
        if let Some(reference) = outward {
            let required = reference
                .attributes
                .iter()
                .all(|&id| logical.relation(from).attribute(id).required);
            let on =
                pairs(builder, from, &reference.attributes, target, &reference.target_attributes);
            return Some(joined(builder, target, on, required));
        }
        let inward = logical.relation(target).references.iter().find(|r| r.target == from);
        if let Some(reference) = inward {
            let to = logical.relation(target);
            let single = to.key.iter().all(|id| reference.attributes.contains(id))
                || to.uniques.iter().any(|key| {
                    key.condition.is_none()
                        && key.attributes.iter().all(|id| reference.attributes.contains(id))
                });
            if !single && computes {
                continue;
            }
            if !single {
                builder.remarks.push(format!(
                    "each row comes once for each of its {}",
                    builder.design.tables[target.index()].table.name.as_str()
                ));
            }
            let on =
                pairs(builder, target, &reference.attributes, from, &reference.target_attributes);
            // A parent without children is still an answer.
            return Some(joined(builder, target, on, false));
        }
    }
    None
}

fn joined(builder: &Builder<'_>, target: RelationId, on: Expr, required: bool) -> Join {
    Join {
        kind: if required { JoinKind::Inner } else { JoinKind::Left },
        table: TableRef { table: builder.design.tables[target.index()].table.clone(), alias: None },
        on,
    }
}

fn pairs(
    builder: &Builder<'_>,
    from: RelationId,
    attributes: &[underpin_logical::AttributeId],
    to: RelationId,
    target_attributes: &[underpin_logical::AttributeId],
) -> Expr {
    let column = |relation: RelationId, id: underpin_logical::AttributeId| {
        builder.reference(relation, builder.design.tables[relation.index()].column(id))
    };
    let mut parts: Vec<Expr> = attributes
        .iter()
        .zip(target_attributes)
        .map(|(&mine, &theirs)| Expr::equals(column(to, theirs), column(from, mine)))
        .collect();
    if parts.len() == 1 { parts.remove(0) } else { Expr::And(parts) }
}

/// All columns of the main table; of a joined one those that say something of their own. Secrets are given to whoever asks
/// for the one row that they belong to, as a login does.
fn outputs(
    builder: &Builder<'_>,
    relation: RelationId,
    shows_secrets: bool,
    output: &mut Vec<Output>,
) {
    let design = &builder.design.tables[relation.index()];
    let logical = builder.logical.relation(relation);
    for (id, attribute) in logical.attributes() {
        let column = design.column(id);
        if !shows_secrets && is_secret(column, attribute.sensitivity.as_deref()) {
            continue;
        }
        let value = builder.reference(relation, column);
        if relation == builder.main {
            output.push(Output { value, name: None });
            continue;
        }
        let plumbing = logical.key.contains(&id)
            || logical.references.iter().any(|reference| reference.attributes.contains(&id));
        if plumbing {
            continue;
        }
        let name = format!("{}_{}", design.table.name.as_str(), column.as_str());
        output.push(Output { value, name: Ident::new(name).ok() });
    }
}

/// Whether a column holds what proves who somebody is, by its mark or by its name.
fn is_secret(column: &Ident, mark: Option<&str>) -> bool {
    const MARKS: &[&str] = &["secret", "credential", "password"];
    const NAMES: &[&str] = &["password", "passwd", "secret", "pin_hash", "private_key"];
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    has(column.as_str(), NAMES) || mark.is_some_and(|mark| has(&mark.to_lowercase(), MARKS))
}

/// The columns that the rows are ordered by, and whether the greatest comes first.
pub(super) fn ordered<'a>(
    builder: &Builder<'a>,
    pattern: &Pattern,
    reachable: &[RelationId],
) -> Vec<(RelationId, &'a Column, bool)> {
    let mut order: Vec<(RelationId, &Column, bool)> = Vec::new();
    let mut descending = false;
    for sort in &pattern.sort {
        let Some((relation, column)) = builder.locate(sort.field) else { continue };
        if reachable.contains(&relation) {
            descending = sort.descending;
            order.push((relation, column, descending));
        }
    }
    // Rows that tie would come in any order, and a page could show one twice and lose another.
    if !order.is_empty() && pattern.limit.is_some_and(|limit| limit > 1) {
        let main = builder.main;
        for &id in &builder.logical.relation(main).key {
            let column = &builder.columns(main)[id.index()];
            let is_there =
                order.iter().any(|(relation, it, _)| *relation == main && it.name == column.name);
            if !is_there {
                order.push((main, column, descending));
            }
        }
    }
    order
}
