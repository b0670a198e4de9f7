//! The parameters of a script of pgbench: rows of a table, made of rows that are there. What is written is tried first,
//! all of it in one transaction that is taken back, so that a statement that PostgreSQL refuses under load is no fault of
//! its parameters.

use std::collections::BTreeSet;

use underpin_model::AccessKind;
use underpin_operate::copy_in;
use underpin_pg::{Command, Control, Draw, Ident, PGBENCH_KEYS, Statement};
use underpin_physical::{LoadScript, ParameterRole};
use underpin_server::{Session, SessionError};

use crate::generate::Data;
use crate::value::Value;
use crate::workload::{Arguments, arguments};

/// So many writes are tried in one go.
const AT_ONCE: usize = 100;
/// After so many refusals no more writes are tried.
const MOST_REFUSALS: usize = 2_000;

/// Makes the table of a script's parameters and fills it; how many rows it has, or why there are none. `wanted` is the
/// number of calls for which a script that takes each row once needs one.
pub(super) fn fill(
    data: &mut Data<'_>,
    script: &LoadScript<'_>,
    wanted: usize,
) -> Result<Result<usize, String>, SessionError> {
    for statement in script.script.ddl() {
        data.session().batch(&statement)?;
    }
    if !script.script.has_parameters() {
        return Ok(Ok(0));
    }
    let is_once = script.script.draw() == Draw::Once;
    let count = if is_once { wanted } else { PGBENCH_KEYS };
    let (query, statement) = match &script.query.statement {
        Some(statement) => (script.query, statement),
        None => return Ok(Err("it became no statement".to_owned())),
    };
    let mut calls = match arguments(data, query, count) {
        Ok(calls) => calls,
        Err(reason) => return Ok(Err(reason)),
    };
    if query.kind == AccessKind::Write {
        if is_once && !matches!(statement, Statement::Insert(_)) {
            // The row that was changed or removed is not there a second time.
            let found_by = |call: &Arguments| -> Vec<Value> {
                let parameters = query.parameters.iter().zip(call);
                let equals = parameters.filter(|(it, _)| it.role == ParameterRole::Equals);
                equals.map(|(_, value)| value.clone()).collect()
            };
            let mut taken = BTreeSet::new();
            calls.retain(|call| taken.insert(found_by(call)));
        }
        let (accepted, refused) = accepted(data.session(), statement, calls)?;
        calls = accepted;
        if let (true, Some(refused)) = (calls.is_empty(), refused) {
            return Ok(Err(format!("no values were found that PostgreSQL takes: {refused}")));
        }
    } else {
        // pgbench has no NULL.
        calls.retain(|call| call.iter().all(Value::is_present));
    }
    if calls.is_empty() {
        return Ok(Err("no values for its parameters were found".to_owned()));
    }
    let rows = if is_once { calls.len() } else { PGBENCH_KEYS };
    let table = script.script.table();
    let columns: Vec<Ident> = table.columns.iter().map(|column| column.name.clone()).collect();
    let rows_of = (0..rows).map(|at| {
        let values = calls[at % calls.len()].iter().map(Value::text);
        std::iter::once(Some((at + 1).to_string())).chain(values).collect::<Vec<Option<String>>>()
    });
    match copy_in(data.session(), &table.name, &columns, rows_of) {
        Ok(_) => {}
        Err(SessionError::Refused(error)) => return Ok(Err(error.to_string())),
        Err(error) => return Err(error),
    }
    data.session().batch(&Command::VacuumAnalyze(table.name).to_string())?;
    Ok(Ok(rows))
}

/// The calls that PostgreSQL takes, one after the other, and what it said of one that it does not.
fn accepted(
    session: &mut Session,
    statement: &Statement,
    calls: Vec<Arguments>,
) -> Result<(Vec<Arguments>, Option<String>), SessionError> {
    let name = Ident::new("tried").expect("invariant: a plain name");
    let savepoint = Ident::new("some").expect("invariant: a plain name");
    session.batch(&Command::Prepare(name.clone(), Box::new(statement.clone())).to_string())?;
    session.batch(&Control::Begin.to_string())?;
    let mut kept = vec![false; calls.len()];
    let mut refused = None;
    let mut refusals = 0;
    let mut waiting: Vec<std::ops::Range<usize>> = Vec::new();
    let mut next = 0;
    while refusals < MOST_REFUSALS {
        let some = match waiting.pop() {
            Some(some) => some,
            None if next < calls.len() => {
                let some = next..(next + AT_ONCE).min(calls.len());
                next = some.end;
                some
            }
            None => break,
        };
        let mut batch = vec![Command::Savepoint(savepoint.clone()).to_string()];
        batch.extend(calls[some.clone()].iter().map(|call| {
            Command::Execute(name.clone(), call.iter().map(Value::expr).collect()).to_string()
        }));
        batch.push(Command::ConstraintsImmediate.to_string());
        batch.push(Command::ConstraintsDeferred.to_string());
        batch.push(Command::Release(savepoint.clone()).to_string());
        match session.batch(&batch.join(";\n")) {
            Ok(()) => kept[some].fill(true),
            Err(SessionError::Refused(error)) => {
                refusals += 1;
                session.batch(&Command::RollbackTo(savepoint.clone()).to_string())?;
                if some.len() > 1 {
                    let middle = some.start + some.len() / 2;
                    waiting.extend([middle..some.end, some.start..middle]);
                } else {
                    refused = Some(error.to_string());
                }
            }
            Err(error) => return Err(error),
        }
    }
    session.batch(&Control::Rollback.to_string())?;
    session.batch(&Command::Deallocate(name).to_string())?;
    let calls = calls.into_iter().zip(kept).filter_map(|(call, kept)| kept.then_some(call));
    Ok((calls.collect(), refused))
}
