//! Parameters for the queries of a design, taken from rows that are there.

use std::collections::BTreeMap;

use underpin_model::{AccessKind, Window};
use underpin_pg::{Expr, QualifiedName, Select, Statement};
use underpin_physical::{Parameter, ParameterRole, Query};

use crate::dice::Dice;
use crate::generate::Data;
use crate::row::{Row, Shape, moments};
use crate::rule::{Term, translate, truth};
use crate::value::Value;

/// The farthest that anybody turns pages by their number, in rows.
const FARTHEST_PAGE: i64 = 2_000;

/// The parameters of one call.
pub(crate) type Arguments = Vec<Value>;

/// Parameters for so many calls of a query.
pub(crate) fn arguments(
    data: &mut Data<'_>,
    query: &Query,
    calls: usize,
) -> Result<Vec<Arguments>, String> {
    let Some(statement) = &query.statement else {
        return Err("the pattern became no statement".to_owned());
    };
    // The same calls whatever was asked before, so that a claim that is judged alone is judged as it was among all.
    data.dice = Dice::new(data.seed, &query.name);
    if let (Statement::Verbatim(sql), true) = (statement, query.parameters.is_empty()) {
        return if sql.contains('$') {
            Err("what its parameters mean is not known".to_owned())
        } else {
            Ok(vec![Vec::new(); calls])
        };
    }
    let shape = data
        .shapes
        .get(&query.table)
        .ok_or_else(|| format!("the schema has no table {}", query.table))?;
    let mut found = Vec::with_capacity(calls);
    let conditions = conditions(statement, shape);
    let mut ranges = BTreeMap::new();
    // Who asks for the last days asks for what has rows in them.
    let recent = recent(data, query, shape);
    if recent.as_ref().is_some_and(Vec::is_empty) {
        return Err(format!(
            "no row of {} was generated in the time that it asks for",
            query.table
        ));
    }
    let tries = calls * 40;
    for _ in 0..tries {
        if found.len() == calls {
            break;
        }
        if is_of_many(query) {
            found.extend(of_many(data, query, shape));
            continue;
        }
        let row = if matches!(statement, Statement::Insert(_)) {
            data.row(shape).ok()
        } else {
            let rows = &data.tables[&query.table].rows;
            if rows.is_empty() {
                return Err(none_generated(data, &query.table));
            }
            let at = match &recent {
                Some(recent) => recent[data.dice.index(recent.len())],
                None => data.dice.index(rows.len()),
            };
            let row = data.tables[&query.table].rows[at].clone();
            conditions.iter().all(|rule| truth(rule, &row) == Some(true)).then_some(row)
        };
        let Some(row) = row else { continue };
        if let Some(values) = call(data, query, shape, &row, &mut ranges) {
            found.push(values);
        }
    }
    if found.is_empty() {
        return Err(format!("no row of {} was generated that it applies to", query.table));
    }
    let few = found.len();
    while found.len() < calls {
        found.push(found[found.len() % few].clone());
    }
    Ok(found)
}

/// The rows that lie in the stretches of time which a query asks the clock for; `None` where it asks for none.
fn recent(data: &Data<'_>, query: &Query, shape: &Shape<'_>) -> Option<Vec<usize>> {
    let asked: Vec<(usize, Window)> = query
        .windows
        .iter()
        .filter(|it| it.table == query.table)
        .filter_map(|it| Some((shape.column(&it.column)?, it.window)))
        .collect();
    if asked.is_empty() {
        return None;
    }
    let lies_in = |row: &Row, (column, window): &(usize, Window)| {
        let (from, to) = moments::bounds(*window, data.now);
        moments::seconds(&row[*column]).is_some_and(|moment| from <= moment && moment <= to)
    };
    let rows = data.tables[&query.table].rows.iter().enumerate();
    Some(rows.filter(|(_, row)| asked.iter().all(|it| lies_in(row, it))).map(|it| it.0).collect())
}

/// Whether many rows are added at once.
fn is_of_many(query: &Query) -> bool {
    query.parameters.iter().any(|parameter| parameter.role == ParameterRole::Rows)
}

/// The lists of one call that adds many rows.
fn of_many<'a>(data: &mut Data<'a>, query: &Query, shape: &'a Shape<'a>) -> Option<Arguments> {
    const ROWS: usize = 20;
    let rows: Vec<Row> = (0..ROWS).filter_map(|_| data.row(shape).ok()).collect();
    if rows.is_empty() {
        return None;
    }
    let list = |parameter: &Parameter| {
        let column = shape.column(&parameter.column.as_ref()?.1)?;
        Some(Value::List(rows.iter().map(|row| row[column].clone()).collect()))
    };
    query.parameters.iter().map(list).collect()
}

fn none_generated(data: &Data<'_>, table: &QualifiedName) -> String {
    let reason = data.tables[table].reason.clone().unwrap_or_default();
    format!("no rows of {table} could be generated: {reason}")
}

/// What the statement asks of its main table besides parameters.
pub(crate) fn conditions(statement: &Statement, shape: &Shape<'_>) -> Vec<Term> {
    let filter = match statement {
        Statement::Select(Select { filter, .. }) => filter.as_ref(),
        Statement::Update(update) => update.filter.as_ref(),
        Statement::Delete(delete) => delete.filter.as_ref(),
        Statement::Insert(_) | Statement::Verbatim(_) => None,
    };
    let parts: &[Expr] = match filter {
        Some(Expr::And(parts)) => parts,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    // Generated rows lie before a moment of their own, and not before now.
    let is_fixed = |part: &&Expr| !part.asks_the_clock();
    parts.iter().filter(is_fixed).filter_map(|part| translate(shape.table, part)).collect()
}

fn call<'a>(
    data: &mut Data<'a>,
    query: &Query,
    shape: &'a Shape<'a>,
    row: &Row,
    ranges: &mut BTreeMap<(QualifiedName, usize), Vec<Value>>,
) -> Option<Arguments> {
    let after = match (query.kind, &query.statement) {
        (AccessKind::Write, Some(Statement::Update(_))) => changed(data, query, shape, row)?,
        // Whichever rows a queue gives, they wait in the state that they were born in.
        (AccessKind::Write, Some(Statement::Verbatim(_))) if moves_on(query, shape, row)? => {
            changed(data, query, shape, row)?
        }
        _ => row.clone(),
    };
    let mut values = Vec::with_capacity(query.parameters.len());
    for (at, parameter) in query.parameters.iter().enumerate() {
        let Some((table, column)) = &parameter.column else {
            values.push(without_column(parameter, data));
            continue;
        };
        let of = data.shapes.get(table)?;
        let column = of.column(column)?;
        let own = if *table == query.table {
            row[column].clone()
        } else {
            match data.parent_of(shape, row, table) {
                Some(parent) => parent[column].clone(),
                None => {
                    let rows = &data.tables.get(table)?.rows;
                    if rows.is_empty() {
                        return None;
                    }
                    let at = data.dice.index(rows.len());
                    data.tables[table].rows[at][column].clone()
                }
            }
        };
        let value = match parameter.role {
            ParameterRole::Value | ParameterRole::Rows => after[column].clone(),
            ParameterRole::IfGiven if after[column] == own => Value::Null,
            ParameterRole::IfGiven => after[column].clone(),
            ParameterRole::Equals | ParameterRole::After | ParameterRole::Near
                if !own.is_present() =>
            {
                return None;
            }
            ParameterRole::Equals | ParameterRole::After | ParameterRole::Near => own,
            ParameterRole::Lower | ParameterRole::Upper => {
                bound(data, query, at, table, column, &own, ranges)?
            }
            ParameterRole::AnyOf => {
                let rows = &data.tables.get(table)?.rows;
                let mut list = vec![own];
                for _ in 0..2 {
                    list.push(rows[data.dice.index(rows.len())][column].clone());
                }
                list.retain(Value::is_present);
                Value::List(list)
            }
            ParameterRole::Search => {
                const ASKED: usize = 50;
                let rows = &data.tables.get(table)?.rows;
                let step = rows.len().div_ceil(ASKED).max(1);
                let others: Vec<String> =
                    rows.iter().step_by(step).filter_map(|row| row[column].text()).collect();
                Value::Text(rarest_word(&own.text()?, &others)?.to_owned())
            }
            // Generated texts begin alike, so that all but a letter is what tells rows apart, as a few letters do elsewhere.
            ParameterRole::Beginning => {
                let text = own.text()?;
                let typed = text.chars().count().saturating_sub(1).max(1);
                Value::Text(text.chars().take(typed).collect())
            }
            ParameterRole::Part => Value::Text(own.text()?.chars().skip(1).collect()),
            ParameterRole::Contained => Value::Raw(member(&own.text()?)?),
            ParameterRole::Skipped => without_column(parameter, data),
        };
        values.push(value);
    }
    Some(values)
}

/// The word of a text that the fewest of some rows' texts have, since nobody looks for what most of them say; the first of
/// several. Nothing in a text without words.
fn rarest_word<'t>(text: &'t str, others: &[String]) -> Option<&'t str> {
    let holders =
        |word: &str| others.iter().filter(|it| words_of(it).any(|other| other == word)).count();
    words_of(text).min_by_key(|word| holders(word))
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether a statement takes rows to another state; nothing where it does, and the row is not where they begin.
fn moves_on(query: &Query, shape: &Shape<'_>, row: &Row) -> Option<bool> {
    let values = query.parameters.iter().filter(|it| it.role == ParameterRole::Value);
    let columns = values.filter_map(|it| shape.column(&it.column.as_ref()?.1));
    for column in columns {
        if let Some(machine) = shape.machine(column) {
            // Where no document says in which state rows begin, the one that it names first.
            let first = machine.initial.as_ref().or(machine.states.first());
            return (row[column].text().as_ref() == first).then_some(true);
        }
    }
    Some(false)
}

fn without_column(parameter: &Parameter, data: &mut Data<'_>) -> Value {
    if parameter.role == ParameterRole::Skipped {
        // The first pages more often than deep ones, as people turn them.
        let deepest = data.dice.between(0, FARTHEST_PAGE);
        return Value::integer(data.dice.between(0, deepest));
    }
    match parameter.data_type {
        underpin_pg::Type::SmallInt | underpin_pg::Type::Integer | underpin_pg::Type::BigInt => {
            Value::integer(data.dice.between(1, 10))
        }
        _ => Value::Null,
    }
}

/// A bound near the value of the row where both bounds are parameters, so that the row lies between;
/// else one that leaves a few rows in a hundred.
fn bound(
    data: &Data<'_>,
    query: &Query,
    at: usize,
    table: &QualifiedName,
    column: usize,
    own: &Value,
    ranges: &mut BTreeMap<(QualifiedName, usize), Vec<Value>>,
) -> Option<Value> {
    let values = ranges.entry((table.clone(), column)).or_insert_with(|| {
        let rows = data.tables[table].rows.iter();
        let mut values: Vec<Value> =
            rows.map(|row| row[column].clone()).filter(Value::is_present).collect();
        values.sort();
        values
    });
    let last = values.len().checked_sub(1)?;
    let role = query.parameters[at].role;
    let has_other = query.parameters.iter().enumerate().any(|(other, parameter)| {
        other != at
            && parameter.column == query.parameters[at].column
            && matches!(parameter.role, ParameterRole::Lower | ParameterRole::Upper)
    });
    let few = last * 3 / 100;
    let place = if has_other {
        let place = values.partition_point(|value| value < own).min(last);
        if role == ParameterRole::Lower {
            place.saturating_sub(few / 2)
        } else {
            (place + few / 2 + 1).min(last)
        }
    } else if role == ParameterRole::Lower {
        last - few
    } else {
        few
    };
    values.get(place).cloned()
}

/// The last member of a JSON object, as an object of its own.
fn member(text: &str) -> Option<String> {
    let serde_json::Value::Object(members) = serde_json::from_str(text).ok()? else { return None };
    let (name, value) = members.into_iter().next_back()?;
    let mut one = serde_json::Map::new();
    one.insert(name, value);
    Some(serde_json::Value::Object(one).to_string())
}

/// The row after an UPDATE sets new values: the next state of a life cycle, the value of another row
/// elsewhere. Nothing where that would break a rule.
fn changed<'a>(data: &mut Data<'a>, query: &Query, shape: &'a Shape<'a>, row: &Row) -> Option<Row> {
    let mut after = row.clone();
    for parameter in query.parameters.iter().filter(|it| it.role == ParameterRole::Value) {
        let (_, column) = parameter.column.as_ref()?;
        let column = shape.column(column)?;
        after[column] = match shape.machine(column) {
            Some(machine) => {
                let now = row[column].text()?;
                let (_, next) = machine.transitions.iter().find(|(from, _)| *from == now)?;
                Value::Text(data.dice.pick(next).clone())
            }
            None => {
                let rows = &data.tables[&shape.table.name].rows;
                let other = &rows[data.dice.index(rows.len())];
                other[column].clone()
            }
        };
    }
    // What the new values ask for is given with them, where the statement has a place for it.
    let is_free = |at: usize| {
        query.parameters.iter().any(|parameter| {
            let column = parameter.column.as_ref().and_then(|(_, name)| shape.column(name));
            parameter.role == ParameterRole::IfGiven && column == Some(at)
        })
    };
    let fixed: Vec<bool> = (0..after.len()).map(|at| !is_free(at)).collect();
    data.repaired(shape, after, &fixed)
}

#[cfg(test)]
mod tests {
    use super::rarest_word;

    #[test]
    fn nobody_looks_for_what_most_texts_say() {
        let others = ["The quick fox", "the lazy dog", "the dog, the fox"].map(str::to_owned);
        assert_eq!(rarest_word("the dog (quick)", &others), Some("quick"));
        assert_eq!(rarest_word("the zebra", &others), Some("zebra"));
        // Parts of words are no words, and none is rarer than another where there is nothing to ask.
        assert_eq!(rarest_word("the do", &others), Some("do"));
        assert_eq!(rarest_word("the dog", &[]), Some("the"));
        assert_eq!(rarest_word("... !", &others), None);
    }
}
