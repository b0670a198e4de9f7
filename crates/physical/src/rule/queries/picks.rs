//! Reads that give some of the rows that they find: the first of each, the nearest in time, those below one in a tree, the page
//! of a number, the groups of which most was computed.

use underpin_logical::{Reference, RelationId};
use underpin_model::{FieldId, Pattern, Pick};
use underpin_pg::{
    BinaryOperator, Column, Each, Expr, FirstOfEach, FirstOfGroup, Ident, Nearest, OrderBy,
    QualifiedName, Select, Statement, TreeQuery, Type,
};

use super::build::Builder;
use crate::{Parameter, ParameterRole};

/// A page where no document says how many rows it has.
const PAGE: i64 = 20;

/// The statement that gives what the pattern picks of the rows that `found` gives. What cannot be picked is left out with a
/// remark.
pub(super) fn of(
    builder: &mut Builder<'_>,
    pattern: &Pattern,
    found: Select,
    reachable: &[RelationId],
) -> Statement {
    let picked = match pattern.pick {
        None => return Statement::Select(found),
        Some(Pick::FirstOfEach) => first_of_each(builder, pattern, &found, reachable),
        Some(Pick::Nearest) => nearest(builder, pattern, &found),
        Some(pick @ (Pick::Below | Pick::Above)) => tree(builder, pick, &found),
        Some(Pick::PageNumber) => return Statement::Select(page(builder, found)),
        Some(pick @ (Pick::Most | Pick::Fewest)) => {
            return Statement::Select(ranked(pick, pattern, found));
        }
    };
    if picked.is_none() {
        builder.remarks.push("all rows are given, and not the ones that are picked".to_owned());
    }
    picked.map_or(Statement::Select(found), Statement::Verbatim)
}

/// The groups in the order of what was computed of them; those that tie in an order of their own.
fn ranked(pick: Pick, pattern: &Pattern, found: Select) -> Select {
    let measures = pattern.measures.len().min(found.output.len());
    let by = found
        .output
        .iter()
        .rev()
        .take(measures)
        .map(|output| OrderBy { value: output.value.clone(), descending: pick == Pick::Most });
    let ties =
        found.group_by.iter().map(|group| OrderBy { value: group.clone(), descending: false });
    let order_by = by.chain(ties).collect();
    Select { order_by, ..found }
}

/// The page of a number: what stands before it is read as well.
fn page(builder: &mut Builder<'_>, mut found: Select) -> Select {
    // Rows that tie would come in any order, and two pages could show the same one.
    let descending = found.order_by.last().is_some_and(|by| by.descending);
    for id in &builder.logical.relation(builder.main).key {
        let column = &builder.columns(builder.main)[id.index()];
        let value = builder.reference(builder.main, &column.name);
        if found.order_by.iter().all(|by| by.value != value) {
            found.order_by.push(OrderBy { value, descending });
        }
    }
    if found.limit.is_none() {
        found.limit = Some(Expr::integer(PAGE));
        builder.remarks.push(format!("a page has {PAGE} rows, since no document says how many"));
    }
    builder.parameters.push(Parameter {
        name: "rows_before".to_owned(),
        data_type: Type::BigInt,
        column: None,
        role: ParameterRole::Skipped,
    });
    let number = u16::try_from(builder.parameters.len()).unwrap_or(u16::MAX);
    found.offset = Some(Expr::Parameter(number));
    builder.remarks.push(format!(
        "all rows before the page (${number} of them) are read and thrown away, and a row that is added meanwhile shifts each page \
         behind it"
    ));
    found
}

/// The rows below one, or it and those above it.
fn tree(builder: &mut Builder<'_>, pick: Pick, found: &Select) -> Option<String> {
    let main = builder.main;
    let relation = builder.logical.relation(main);
    let [key] = relation.key[..] else { return None };
    let parent = relation.references.iter().find(|it| it.target == main)?;
    let parent = *parent.attributes.last()?;
    let columns = builder.columns(main);
    let (key, parent) = (&columns[key.index()], &columns[parent.index()]);
    let table = builder.design.tables[main.index()].table.clone();
    let shown: Vec<&Ident> = found
        .output
        .iter()
        .filter_map(|output| match &output.value {
            Expr::Column(name) => Some(name),
            _ => None,
        })
        .collect();
    let tree = TreeQuery { table: &table, key: &key.name, parent: &parent.name, columns: shown };
    let (sql, given) = match pick {
        Pick::Below => (tree.below(), parent),
        _ => (tree.above(), key),
    };
    builder.parameters.clear();
    builder.parameter(main, given, ParameterRole::Equals);
    if let Some(parameter) = builder.parameters.last_mut() {
        key.name.as_str().clone_into(&mut parameter.name);
    }
    Some(sql)
}

/// The row whose moment is nearest to the one that is given.
fn nearest(builder: &mut Builder<'_>, pattern: &Pattern, found: &Select) -> Option<String> {
    let (relation, column) = builder.locate(pattern.sort.first()?.field)?;
    let is_moment = matches!(column.data_type, Type::TimestampTz | Type::Date);
    if relation != builder.main || !is_moment {
        return None;
    }
    let value = builder.reference(relation, &column.name);
    let given = builder.parameter(relation, column, ParameterRole::Near);
    let side = |operator: BinaryOperator, descending: bool| {
        let bound = Expr::binary(value.clone(), operator, given.clone());
        Select {
            filter: Some(with(found.filter.clone(), bound)),
            order_by: vec![OrderBy { value: value.clone(), descending }],
            limit: Some(Expr::integer(1)),
            ..found.clone()
        }
    };
    let before = side(BinaryOperator::LessOrEqual, true);
    let after = side(BinaryOperator::Greater, false);
    let is_day = column.data_type == Type::Date;
    let moment = &column.name;
    let near = Nearest { before: &before, after: &after, moment, is_day, given: &given };
    Some(near.to_string())
}

fn with(filter: Option<Expr>, part: Expr) -> Expr {
    match filter {
        None => part,
        Some(Expr::And(mut parts)) => {
            parts.push(part);
            Expr::And(parts)
        }
        Some(one) => Expr::And(vec![one, part]),
    }
}

/// The first rows of each of what the pattern gathers by: found one by one where that is known beforehand.
fn first_of_each(
    builder: &mut Builder<'_>,
    pattern: &Pattern,
    found: &Select,
    reachable: &[RelationId],
) -> Option<String> {
    if found.order_by.is_empty() {
        return None;
    }
    let limit = pattern.limit.unwrap_or(1);
    if let [group] = pattern.groups[..]
        && group.unit.is_none()
        && let Some((each, is_its)) = known(builder, group.field)
    {
        let (found, which) = match &each {
            Each::Row(table) => of_owner(builder, table, found),
            Each::Value { .. } => (found.clone(), None),
        };
        let filter = found.filter.clone();
        let first = Select {
            filter: Some(is_its.into_iter().fold(filter, |all, part| Some(with(all, part)))?),
            limit: Some(Expr::integer(i64::from(limit))),
            ..found
        };
        return Some(FirstOfEach { first: &first, each: &each, which: which.as_ref() }.to_string());
    }
    let groups: Vec<Expr> = pattern
        .groups
        .iter()
        .filter(|group| group.unit.is_none())
        .filter_map(|group| builder.locate(group.field))
        .filter(|(relation, _)| reachable.contains(relation))
        .map(|(relation, column)| builder.reference(relation, &column.name))
        .collect();
    if groups.len() != pattern.groups.len() {
        return None;
    }
    builder.remarks.push(
        "all rows that the condition leaves are read, since no table says which groups there are"
            .to_owned(),
    );
    let rows = Select { limit: None, ..found.clone() };
    Some(FirstOfGroup { rows: &rows, groups: &groups, limit }.to_string())
}

/// Reads what is said of the row that each one is from that row itself, and not once more beside each of its own: which of
/// them are asked for is known before the first is looked for.
fn of_owner(
    builder: &Builder<'_>,
    owner: &QualifiedName,
    found: &Select,
) -> (Select, Option<Expr>) {
    let Ok(each) = Ident::new(FirstOfEach::EACH) else { return (found.clone(), None) };
    let references = &builder.logical.relation(builder.main).references;
    let leads = |it: &&Reference| builder.design.tables[it.target.index()].table == *owner;
    let is_joined = found.joins.iter().any(|join| join.table.table == *owner);
    // Through another reference, the joined row is another one.
    if !is_joined || references.iter().filter(leads).count() != 1 {
        return (found.clone(), None);
    }
    let is_owners = |it: &Expr| matches!(it, Expr::Qualified(table, _) if *table == owner.name);
    let renamed = |expr: &Expr| {
        expr.with_columns(&mut |it| match it {
            Expr::Qualified(_, column) if is_owners(it) => {
                Expr::Qualified(each.clone(), column.clone())
            }
            other => other.clone(),
        })
    };
    let is_of_owner_alone = |part: &Expr| {
        let mut is_alone = true;
        let _ = part.with_columns(&mut |it| {
            is_alone &= is_owners(it);
            it.clone()
        });
        is_alone
    };
    let mut select = found.clone();
    // What else is joined may hang on the owner.
    select.joins.retain(|join| join.table.table != *owner);
    for join in &mut select.joins {
        join.on = renamed(&join.on);
    }
    for output in &mut select.output {
        output.value = renamed(&output.value);
    }
    for by in &mut select.order_by {
        by.value = renamed(&by.value);
    }
    let parts = match select.filter.take() {
        None => Vec::new(),
        Some(Expr::And(parts)) => parts,
        Some(one) => vec![one],
    };
    let (which, rest): (Vec<Expr>, Vec<Expr>) = parts.into_iter().partition(is_of_owner_alone);
    let joined =
        |parts: Vec<Expr>| parts.into_iter().fold(None, |all, it| Some(with(all, renamed(&it))));
    select.filter = joined(rest);
    (select, joined(which))
}

/// What a field's values are of, and that a row is of one of them: the rows that it refers to, or the values of its list.
fn known(builder: &Builder<'_>, field: FieldId) -> Option<(Each, Vec<Expr>)> {
    let (relation, column) = builder.locate(field)?;
    if relation != builder.main {
        return None;
    }
    let each = Ident::new(FirstOfEach::EACH).ok()?;
    let of_main = builder.logical.relation(relation);
    let attribute = of_main.attribute_of(field)?;
    let refers = |it: &&Reference| it.attributes.last() == Some(&attribute);
    if let Some(reference) = of_main.references.iter().find(refers) {
        let columns = builder.columns(relation);
        let theirs = builder.columns(reference.target);
        let pairs = reference.attributes.iter().zip(&reference.target_attributes);
        let is_its = pairs.map(|(mine, its)| {
            let own = builder.reference(relation, &columns[mine.index()].name);
            Expr::equals(own, Expr::Qualified(each.clone(), theirs[its.index()].name.clone()))
        });
        let table = builder.design.tables[reference.target.index()].table.clone();
        return Some((Each::Row(table), is_its.collect()));
    }
    let values = builder.model.values_of(builder.model.field(field))?.to_vec();
    let Column { name, data_type, .. } = column;
    let own = builder.reference(relation, name);
    let is_its = Expr::equals(own, Expr::Qualified(each, name.clone()));
    let each = Each::Value { name: name.clone(), data_type: data_type.clone(), values };
    Some((each, vec![is_its]))
}

#[cfg(test)]
mod tests {
    /// What finds the readings of a device in the order of their times, from either end.
    const OF_DEVICE: &str = "CREATE INDEX readings_device_id_recorded_at_idx ON public.readings (device_id, recorded_at)";

    /// The statements and the indexes of queries on readings of devices.
    fn designed(queries: &str) -> (Vec<String>, Vec<String>) {
        let document = format!(
            "## Device\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | serial | string(20) | unique | yes |\n| parent_id | uuid | FK → Device | no |\n\n\
             ## Reading\n\n| Field | Type | Key | Required |\n|---|---|---|---|\n| id | uuid | PK | yes |\n\
             | device_id | uuid | FK → Device | yes |\n| metric | enum(heat, damp) | | yes |\n| place | string(20) | | yes |\n\
             | recorded_at | timestamp | | yes |\n\n## Access patterns\n\n{queries}\n\n\
             ## Volumes\n\n- Device: 10,000 rows\n- Reading: 1,000,000 rows\n"
        );
        let mut sources = underpin_base::Sources::default();
        sources.add("model.md", document);
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model, &underpin_logical::design(&model));
        let statements = design.queries.iter().filter_map(|query| query.statement.as_ref());
        let indexes = design.schema.indexes.values();
        let shown =
            |index: &underpin_pg::Index| underpin_pg::Ddl::CreateIndex(index.clone()).to_string();
        (
            statements
                .map(|it| it.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
                .collect(),
            indexes.map(shown).collect(),
        )
    }

    #[test]
    fn the_last_of_each_is_looked_up_for_each() {
        let (statements, indexes) = designed("- latest reading of each device");
        assert_eq!(
            statements,
            [
                "SELECT picked.id, picked.device_id, picked.metric, picked.place, picked.recorded_at FROM public.devices AS each_one \
              CROSS JOIN LATERAL ( SELECT id, device_id, metric, place, recorded_at FROM public.readings WHERE device_id = \
              each_one.id ORDER BY recorded_at DESC LIMIT 1 ) AS picked"
            ]
        );
        assert!(indexes.contains(&OF_DEVICE.to_owned()), "{indexes:?}");
        let (statements, _) = designed("- latest reading of a device per metric");
        assert!(
            statements[0]
                .contains("FROM unnest(ARRAY['heat', 'damp']::text[]) AS each_one (metric)")
                && statements[0].contains("WHERE device_id = $1 AND metric = each_one.metric"),
            "{statements:?}"
        );
        // Nothing says which places there are.
        let (statements, _) = designed("- latest reading of a device per place");
        assert!(statements[0].starts_with("SELECT DISTINCT ON (place) "), "{statements:?}");
        assert!(statements[0].ends_with("ORDER BY place, recorded_at DESC"), "{statements:?}");
    }

    #[test]
    fn the_nearest_lies_before_or_behind() {
        let (statements, indexes) = designed("- reading of a device nearest to a given time");
        for part in [
            "device_id = $1 AND recorded_at <= $2 ORDER BY recorded_at DESC LIMIT 1",
            "device_id = $1 AND recorded_at > $2 ORDER BY recorded_at LIMIT 1",
        ] {
            assert!(statements[0].contains(part), "{statements:?}");
        }
        assert!(indexes.contains(&OF_DEVICE.to_owned()), "{indexes:?}");
    }

    #[test]
    fn trees_are_walked() {
        let (statements, _) = designed("- all devices below a device\n- ancestors of a device");
        assert!(statements[0].starts_with("WITH RECURSIVE below AS"), "{statements:?}");
        assert!(statements[1].starts_with("WITH RECURSIVE above AS"), "{statements:?}");
        // No reading stands below another.
        let (statements, _) = designed("- all readings below a reading");
        assert!(statements.iter().all(|it| !it.contains("RECURSIVE")), "{statements:?}");
    }

    #[test]
    fn groups_come_by_what_was_computed_of_them() {
        let (statements, _) = designed(
            "- top 10 devices by number of readings\n- the device with the fewest readings",
        );
        assert_eq!(
            statements,
            [
                "SELECT device_id, count(*) AS count FROM public.readings GROUP BY device_id ORDER BY count(*) DESC, device_id LIMIT 10",
                "SELECT device_id, count(*) AS count FROM public.readings GROUP BY device_id ORDER BY count(*), device_id LIMIT 1",
            ]
        );
    }

    #[test]
    fn pages_have_numbers_only_where_somebody_insists() {
        let (statements, _) =
            designed("- list readings of a device by page number, newest first, 50 per page");
        assert!(
            statements[0].ends_with("ORDER BY recorded_at DESC, id DESC LIMIT 50 OFFSET $2"),
            "{statements:?}"
        );
        // A page whose size nobody states has an end to its order as well.
        let (statements, _) = designed("- list readings of a device by page number, newest first");
        assert!(
            statements[0].ends_with("ORDER BY recorded_at DESC, id DESC LIMIT 20 OFFSET $2"),
            "{statements:?}"
        );
        let (statements, _) = designed("- list readings of a device, newest first, 50 per page");
        assert!(statements.iter().all(|it| !it.contains("OFFSET")), "{statements:?}");
    }
}
