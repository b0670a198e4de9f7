//! What somebody else's tables ask for besides what the documents say, learned from the server's refusals.

use std::collections::{BTreeMap, BTreeSet};

use underpin_pg::QualifiedName;
use underpin_server::{ServerError, SessionError};

use super::arena::{Arena, Came, Cell};
use super::encode::{Future, Spelling};
use super::ground::Kind;
use super::world::{Want, World};
use crate::rule::{candidates, truth};
use crate::value::{Decimal, Value};

/// What a table was found to ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct Learned {
    /// Whether what may be left out is given.
    pub(super) full: bool,
    pub(super) future: Future,
    /// Tables that need a row beside each row of this one.
    pub(super) children: Vec<QualifiedName>,
    /// How texts of which the documents say no form must be written, by column.
    pub(super) spelling: BTreeMap<usize, Spelling>,
    /// Values that conditions which are not understood let in.
    pub(super) cells: BTreeMap<usize, Cell>,
    /// For columns of which the documents say no rule, values that the table's own conditions let in.
    pub(super) pools: BTreeMap<usize, Vec<Cell>>,
    /// For such columns another column whose value they take, and how many steps beside it.
    pub(super) ties: BTreeMap<usize, (usize, i64)>,
    /// What the server was asked for, and holds whatever else is tried.
    pub(super) solved: BTreeMap<usize, Vec<Cell>>,
    /// The state of an owner beside which rows are let in: a column of our own design, and its value.
    pub(super) owners: BTreeMap<QualifiedName, (usize, String)>,
}

impl Arena<'_> {
    /// Whether valid rows of a table can be made; learns what it asks for.
    pub(super) fn is_ready(
        &mut self,
        table: &QualifiedName,
    ) -> Result<Result<(), String>, SessionError> {
        if let Some(known) = self.ready.get(table) {
            return Ok(known.clone());
        }
        // A table in a circle of references is in work already.
        self.ready.insert(table.clone(), Err("it refers to itself by way of others".to_owned()));
        let outcome = self.learn(table)?;
        if outcome.is_ok() {
            // What refers to it was looked at while nothing was known of it: it is looked at again.
            let schema = &self.sides.ground.schema;
            self.ready.retain(|other, known| {
                let refers =
                    schema.tables[other].foreign_keys.iter().any(|key| key.references == *table);
                known.is_ok() || !refers
            });
        }
        self.ready.insert(table.clone(), outcome.clone());
        Ok(outcome)
    }

    fn learn(&mut self, table: &QualifiedName) -> Result<Result<(), String>, SessionError> {
        let there = self.sides.ground.table(table);
        for key in &there.foreign_keys {
            if key.references != *table {
                let _ = self.is_ready(&key.references)?;
            }
        }
        let children: Vec<QualifiedName> = self
            .sides
            .ground
            .schema
            .tables
            .values()
            .filter(|other| {
                other.name != *table
                    && other.foreign_keys.iter().any(|key| key.references == *table)
            })
            .map(|other| other.name.clone())
            .collect();
        let mut first = None;
        for with_children in [false, true] {
            if with_children && children.is_empty() {
                break;
            }
            for future in [Future::None, Future::Planned, Future::All] {
                for full in [false, true] {
                    let children = if with_children { children.clone() } else { Vec::new() };
                    let before = self.learned.remove(table).unwrap_or_default();
                    let solved = before.solved;
                    let pools = solved.clone();
                    let learned =
                        Learned { full, future, children, pools, solved, ..Learned::default() };
                    self.learned.insert(table.clone(), learned);
                    match self.try_out(table)? {
                        Ok(()) => return Ok(Ok(())),
                        Err(reason) => {
                            first.get_or_insert(reason);
                        }
                    }
                }
            }
        }
        self.learned.remove(table);
        Ok(Err(format!("no valid row of {table} could be made: {}", first.unwrap_or_default())))
    }

    /// Tries to make a row, and follows what the server says against it.
    fn try_out(&mut self, table: &QualifiedName) -> Result<Result<(), String>, SessionError> {
        const TRIES: usize = 12;
        // One row may keep by chance what the next breaks.
        const IN_A_ROW: usize = 4;
        let mut reason = String::new();
        let (mut made, mut ever) = (0, false);
        for _ in 0..TRIES {
            let came = self.within(|arena| {
                let came = arena.write(table, &Want::default(), &mut World::default(), 0)?;
                Ok(match came {
                    Ok(Came::Row(_)) => match arena.check()? {
                        None => Ok(Came::Row(Vec::new())),
                        Some(error) => Ok(Came::Refused(error)),
                    },
                    other => other,
                })
            })?;
            match came {
                Ok(Came::Row(_)) => {
                    (made, ever) = (made + 1, true);
                    if made == IN_A_ROW {
                        return Ok(Ok(()));
                    }
                }
                Ok(Came::Nothing) => return Ok(Err("a trigger wrote nothing".to_owned())),
                Err(why) => return Ok(Err(why)),
                Ok(Came::Refused(error)) => {
                    reason = error.to_string();
                    if !self.follow(table, &error)? {
                        break;
                    }
                    made = 0;
                }
            }
        }
        // What is refused at times can be drawn once more.
        Ok(if ever { Ok(()) } else { Err(reason) })
    }

    /// Learns from a refusal; `false` where nothing can be learned.
    pub(super) fn follow(
        &mut self,
        table: &QualifiedName,
        error: &ServerError,
    ) -> Result<bool, SessionError> {
        let there = self.sides.ground.table(table);
        if is_raised(error) {
            return self.appease(table);
        }
        let is_own = error.table.as_deref().is_none_or(|name| name == table.name.as_str());
        match error.sqlstate.as_str() {
            "23502" if is_own => {
                let named =
                    error.column.as_deref().and_then(|name| super::mapping::named(there, name));
                let Some(column) = named else { return Ok(false) };
                let cell = self.fill(there, column);
                Ok(self.teach(table, column, cell))
            }
            "23505" | "23P01" if is_own => Ok(true),
            "23514" if is_own => {
                let Some(read) = self.refused_by(table, error) else { return Ok(false) };
                let Some(name) = error.constraint.as_deref() else { return Ok(false) };
                // What helped before and is refused again takes more than one condition at a time.
                let is_again = self.asked.contains(&(table.clone(), name.to_owned()))
                    || !self.refused.insert((table.clone(), name.to_owned()));
                if is_again && self.solve(table, error)? {
                    return Ok(true);
                }
                Ok(self.spell(table, name, &read)?
                    || self.list(table, name, &read)?
                    || self.solve(table, error)?
                    || self.adjust(table, name, &read)?
                    || self.search(table, name, &read)?
                    || self.narrow(table, name, &read)?)
            }
            "42704" => {
                // `unrecognized configuration parameter "app.tenant_id"`
                let Some(parameter) = error.message.split('"').nth(1) else { return Ok(false) };
                if !error.message.contains("configuration parameter") {
                    return Ok(false);
                }
                let parameter = parameter.to_owned();
                let value = self.planner.dice.uuid();
                self.set_parameter(&parameter, &value)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Ways to write the texts that a condition reads, until it is content.
    fn spell(
        &mut self,
        table: &QualifiedName,
        check: &str,
        read: &[usize],
    ) -> Result<bool, SessionError> {
        let there = self.sides.ground.table(table);
        // What is listed is spelled as the schema lists it.
        let labels = self.label_columns(table);
        for &column in read {
            let is_text =
                matches!(self.sides.ground.kind(&there.columns[column]), Kind::Text { .. });
            if !is_text || labels.contains(&column) {
                continue;
            }
            for spelling in Spelling::ALL {
                let learned = self.learned.entry(table.clone()).or_default();
                learned.spelling.insert(column, spelling);
                if !self.is_refused_by(table, check)? {
                    return Ok(true);
                }
            }
            self.learned.entry(table.clone()).or_default().spelling.remove(&column);
        }
        Ok(false)
    }

    /// Lists of all lengths up to a dozen for the arrays that a condition reads, until it is content.
    fn list(
        &mut self,
        table: &QualifiedName,
        check: &str,
        read: &[usize],
    ) -> Result<bool, SessionError> {
        const LONGEST: usize = 12;
        let there = self.sides.ground.table(table);
        for &column in read {
            if self.sides.ground.kind(&there.columns[column]) != Kind::Array {
                continue;
            }
            let mut fits = Vec::new();
            for length in 0..=LONGEST {
                let items: Vec<String> = (1..=length).map(|item| item.to_string()).collect();
                let cell = Cell::Text(format!("{{{}}}", items.join(",")));
                let learned = self.learned.entry(table.clone()).or_default();
                learned.pools.insert(column, vec![cell.clone()]);
                if !self.is_refused_by(table, check)? {
                    fits.push(cell);
                }
            }
            let learned = self.learned.entry(table.clone()).or_default();
            if !fits.is_empty() {
                learned.pools.insert(column, fits);
                return Ok(true);
            }
            learned.pools.remove(&column);
        }
        Ok(false)
    }

    /// Values for the columns that a condition reads and of which the documents say no rule: numbers at its
    /// limits, or what stands beside the value of another column.
    fn adjust(
        &mut self,
        table: &QualifiedName,
        check: &str,
        read: &[usize],
    ) -> Result<bool, SessionError> {
        let there = self.sides.ground.table(table);
        let kind = |at: usize| self.sides.ground.kind(&there.columns[at]);
        let kinds: Vec<Kind> = (0..there.columns.len()).map(kind).collect();
        let is_number = |at: usize| matches!(kinds[at], Kind::Integer | Kind::Number { .. });
        let free: Vec<usize> = read.iter().copied().filter(|&at| self.is_free(table, at)).collect();
        for &column in free.iter().filter(|&&at| is_number(at)) {
            let limits = self.sides.ground.limits(there, column);
            let beside = limits.iter().flat_map(|limit| {
                [0, 1, -1].map(|step| limit.plus(Decimal::from(step)).unwrap_or(*limit))
            });
            let mut fits: Vec<Cell> = Vec::new();
            for number in beside {
                let cell = Cell::Text(number.to_string());
                let learned = self.learned.entry(table.clone()).or_default();
                learned.pools.insert(column, vec![cell.clone()]);
                if !fits.contains(&cell) && !self.is_refused_by(table, check)? {
                    fits.push(cell);
                }
            }
            let learned = self.learned.entry(table.clone()).or_default();
            if !fits.is_empty() {
                learned.pools.insert(column, fits);
                return Ok(true);
            }
            learned.pools.remove(&column);
        }
        for &column in &free {
            for &other in read.iter().filter(|&&at| at != column && kinds[at] == kinds[column]) {
                for steps in [0, 1, -1] {
                    let learned = self.learned.entry(table.clone()).or_default();
                    learned.ties.insert(column, (other, steps));
                    if !self.is_refused_by(table, check)? {
                        return Ok(true);
                    }
                }
            }
            self.learned.entry(table.clone()).or_default().ties.remove(&column);
        }
        Ok(false)
    }

    /// Whether the documents have no rule for the value of a column, and it refers to nothing.
    pub(super) fn is_free(&self, table: &QualifiedName, column: usize) -> bool {
        let there = self.sides.ground.table(table);
        let is_own = there.columns[column].generated.is_none()
            && super::ground::keys_of(there, column).next().is_none()
            && !super::ground::primary_key(there).contains(&column);
        let Some(ours) = self.mapping.ours(table) else { return is_own };
        let mut held = self.mapping.homes[ours].places.iter();
        is_own && held.all(|(&at, place)| place.column() != column || !self.has_own_rule(ours, at))
    }

    /// Whether a condition refuses a row still, or the row has not the form for it. Of several rows, since one may be let
    /// in by chance.
    pub(super) fn is_refused_by(
        &mut self,
        table: &QualifiedName,
        check: &str,
    ) -> Result<bool, SessionError> {
        const ROWS: usize = 4;
        for _ in 0..ROWS {
            if self.is_row_refused_by(table, check)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_row_refused_by(
        &mut self,
        table: &QualifiedName,
        check: &str,
    ) -> Result<bool, SessionError> {
        self.within(|arena| {
            let came = arena.write(table, &Want::default(), &mut World::default(), 0)?;
            Ok(match came {
                Ok(Came::Refused(error)) => {
                    error.constraint.as_deref() == Some(check)
                        || ["22", "23502"].iter().any(|it| error.sqlstate.starts_with(it))
                        || is_raised(&error) && arena.is_met_before(table, &error)
                }
                Ok(Came::Row(_) | Came::Nothing) => false,
                Err(_) => true,
            })
        })
    }

    fn teach(&mut self, table: &QualifiedName, column: usize, cell: Cell) -> bool {
        let learned = self.learned.entry(table.clone()).or_default();
        learned.cells.insert(column, cell.clone()) != Some(cell)
    }

    /// Values for the columns of a condition, of which the documents say nothing, until it is content.
    fn search(
        &mut self,
        table: &QualifiedName,
        check: &str,
        read: &[usize],
    ) -> Result<bool, SessionError> {
        let there = self.sides.ground.table(table);
        let ours = self.mapping.ours(table).cloned();
        let stated: BTreeSet<usize> = ours
            .and_then(|ours| self.mapping.home(&ours))
            .map(|home| home.places.values().map(|place| place.column()).collect())
            .unwrap_or_default();
        for &column in read.iter().filter(|at| !stated.contains(at)) {
            let mut pool: Vec<Cell> =
                self.sides.ground.quoted(there, column).into_iter().map(Cell::Text).collect();
            pool.extend(
                [
                    "1",
                    "0",
                    "true",
                    "2030-01-01 10:00+00",
                    "X",
                    "x@example.com",
                    "ABC",
                    "abc",
                    "12345678",
                    "EUR",
                    "{}",
                    "DE",
                ]
                .map(|text| Cell::Text(text.to_owned())),
            );
            pool.push(Cell::Null);
            for cell in pool {
                if !self.teach(table, column, cell) {
                    continue;
                }
                if !self.is_refused_by(table, check)? {
                    return Ok(true);
                }
            }
            self.learned.entry(table.clone()).or_default().cells.remove(&column);
        }
        Ok(false)
    }

    /// A condition that lets in less than the documents do: one of the values that they allow and it does
    /// serves from now on, so that the rest can be judged. What it refuses besides is told elsewhere.
    fn narrow(
        &mut self,
        table: &QualifiedName,
        check: &str,
        read: &[usize],
    ) -> Result<bool, SessionError> {
        let Some(ours) = self.mapping.ours(table).cloned() else { return Ok(false) };
        let shape = &self.sides.shapes[&ours];
        let places = self.mapping.homes[&ours].places.clone();
        let stated = places.iter().filter(|(_, place)| read.contains(&place.column()));
        for (&at, _) in stated {
            if shape.is_in_link(at) || shape.is_in_key(at) || shape.machine(at).is_some() {
                continue;
            }
            for value in self.allowed(&ours, at) {
                self.planner.fresh.advise(&ours, at, value);
                let refused = self.within(|arena| {
                    let came = arena.write(table, &Want::default(), &mut World::default(), 0)?;
                    Ok(match came {
                        Ok(Came::Refused(error)) => error.constraint.as_deref() == Some(check),
                        Ok(Came::Row(_) | Came::Nothing) => false,
                        Err(_) => true,
                    })
                })?;
                if !refused {
                    return Ok(true);
                }
            }
            self.planner.fresh.forget(&ours, at);
        }
        Ok(false)
    }

    /// Values of a column of our own design that its rules allow, at their limits and listed.
    fn allowed(&mut self, ours: &QualifiedName, at: usize) -> Vec<Value> {
        let shape = &self.sides.shapes[ours];
        let mut found: Vec<Value> = Vec::new();
        for rule in shape.rules.iter().filter(|rule| rule.columns == [at]) {
            let Some(term) = &rule.term else { continue };
            for candidate in candidates(&mut self.planner, shape, term) {
                let Some(value) = candidate.values.get(&at) else { continue };
                let mut row = vec![Value::Null; shape.table.columns.len()];
                row[at] = value.clone();
                let is_kept = shape
                    .rules
                    .iter()
                    .filter_map(|rule| rule.term.as_ref())
                    .all(|term| truth(term, &row) != Some(false));
                if is_kept && value.is_present() && !found.contains(value) {
                    found.push(value.clone());
                }
            }
        }
        found
    }
}

/// Whether code of a trigger refused, by whichever name for its rule.
fn is_raised(error: &ServerError) -> bool {
    let is_code = error.context.as_deref().is_some_and(|it| it.contains("PL/pgSQL function"));
    is_code && error.table.is_none() || super::attack::is_of_trigger(error)
}
