//! The rows that tests of a table stand on: those that its rows refer to are made once, where keys allow it.

use std::collections::BTreeMap;

use underpin_pg::{Assertion, TestFile};
use underpin_rows::row::{Fresh, PlannedRow, Planner, Shape, Shapes, Wish};
use underpin_rows::value::Value;

/// The same seed makes the same rows.
const SEED: u64 = 1;

/// A table, and the rows that are there already.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) shapes: &'a Shapes<'a>,
    pub(super) shape: &'a Shape<'a>,
    pub(super) planner: Planner<'a>,
    /// In the order in which they are inserted.
    pub(super) known: Vec<PlannedRow>,
    /// All rows that were added, also those that only one test refers to.
    added: Vec<PlannedRow>,
    /// The values by which a row refers to them.
    links: BTreeMap<usize, Value>,
    /// Whether several rows may refer to them: else the reference alone is a key.
    is_shared: bool,
}

impl<'a> Scene<'a> {
    /// Nothing where no valid row of the table is found.
    pub(super) fn new(shapes: &'a Shapes<'a>, shape: &'a Shape<'a>, fresh: &Fresh) -> Option<Self> {
        let purpose = shape.table.name.to_string();
        let mut planner = Planner::with(shapes, SEED, &purpose, fresh.clone());
        let mut known = planner.plan(&shape.table.name, &Wish::default(), &[]).ok()?.rows;
        let row = known.pop()?.values;
        let columns = shape.links.iter().flat_map(|link| &link.columns);
        let links: BTreeMap<usize, Value> =
            columns.filter(|&&at| row[at].is_present()).map(|&at| (at, row[at].clone())).collect();
        // Nor may rows pile up that a limit counts together.
        let is_shared = shape.limits.is_empty()
            && !shape.keys.iter().any(|key| key.columns.iter().all(|at| links.contains_key(at)));
        let added = known.clone();
        Some(Self { shapes, shape, planner, known, added, links, is_shared })
    }

    /// Inserts what rows refer to, and tests that a row is let in.
    pub(super) fn open(&mut self, file: &mut TestFile) {
        if !self.known.is_empty() {
            file.heading("The rows that the rows below refer to.");
            let known = self.known.clone();
            self.insert(&known, file);
        }
        file.heading("What it accepts and refuses.");
        if let Some(rows) = self.plan_to_stay(Wish::default()) {
            let description = format!("a valid row of {} is accepted", self.shape.table.name);
            self.accepted(&rows, description, file);
        }
    }

    /// A row as wished that will be there from then on.
    pub(super) fn plan_to_stay(&mut self, wish: Wish<'_>) -> Option<Vec<PlannedRow>> {
        if self.is_shared { self.plan(wish) } else { self.plan_anew(&wish) }
    }

    /// A row as wished that refers to those that are there. It may have a key of another, which is told only
    /// after all else: to stay, it needs rows of its own to refer to.
    pub(super) fn plan(&mut self, mut wish: Wish<'_>) -> Option<Vec<PlannedRow>> {
        for (column, value) in &self.links {
            wish.values.entry(*column).or_insert_with(|| value.clone());
        }
        self.plan_anew(&wish)
    }

    /// A row as wished, which may refer to others than those that are there.
    pub(super) fn plan_anew(&mut self, wish: &Wish<'_>) -> Option<Vec<PlannedRow>> {
        let rows = self.planner.plan(&self.shape.table.name, wish, &self.known).ok()?.rows;
        // A trigger that guards a life cycle would speak before anything else.
        self.is_born(rows.last()?).then_some(rows)
    }

    /// Whether a row begins as the life cycles of its table ask.
    pub(super) fn is_born(&self, row: &PlannedRow) -> bool {
        self.shapes[&row.table].machines.iter().all(|machine| {
            let initial = machine.design.initial.as_deref();
            initial.is_none() || row.born()[machine.column].text().as_deref() == initial
        })
    }

    /// Inserts rows that must be let in for the tests to make sense.
    pub(super) fn insert(&self, rows: &[PlannedRow], file: &mut TestFile) {
        for statement in rows.iter().flat_map(|row| row.statements(&self.shapes[&row.table])) {
            file.statement(statement);
        }
    }

    fn statement(&self, row: &PlannedRow) -> String {
        row.insert(&self.shapes[&row.table]).to_string()
    }

    /// Tests that the last of some rows is let in after the others.
    pub(super) fn accepted(
        &mut self,
        rows: &[PlannedRow],
        description: String,
        file: &mut TestFile,
    ) {
        let Some((last, before)) = rows.split_last() else { return };
        self.insert(before, file);
        file.assert(Assertion::Accepted { statement: self.statement(last), description });
        // Later rows must not take its keys; what it refers to is made of new values each time.
        self.remember(before);
        self.known.push(last.clone());
        self.added.extend(rows.iter().cloned());
    }

    /// Tests that the last of some rows is refused after the others.
    pub(super) fn refused(
        &mut self,
        rows: &[PlannedRow],
        (sqlstate, message): (&'static str, Option<String>),
        description: String,
        file: &mut TestFile,
    ) {
        let Some((last, before)) = rows.split_last() else { return };
        self.insert(before, file);
        let statement = self.statement(last);
        // A partition refuses in its own name, which changes with the calendar.
        let message = message.filter(|_| self.shapes[&last.table].table.partitioning.is_none());
        file.assert(Assertion::Refused { statement, sqlstate, message, description });
        self.remember(before);
        self.added.extend(before.iter().cloned());
    }

    /// Where new values may run out, the rows that were referred to are kept in mind: none of their keys is tried again,
    /// and where none is left, they are referred to once more.
    fn remember(&mut self, rows: &[PlannedRow]) {
        let shapes = self.shapes;
        let is_narrow = |row: &&PlannedRow| shapes[&row.table].has_narrow_key();
        self.known.extend(rows.iter().filter(is_narrow).cloned());
    }

    /// A row as wished that will be there from then on, and that none of those that are there stands in the way of: what
    /// was wished for at a limit may be the very values of a row before.
    pub(super) fn plan_beside<'w>(
        &mut self,
        wish: impl Fn() -> Wish<'w>,
    ) -> Option<Vec<PlannedRow>> {
        let is_free =
            |scene: &Self, rows: &Vec<PlannedRow>| !rows.iter().any(|it| scene.is_there(it));
        let rows = self.plan_to_stay(wish()).filter(|rows| is_free(self, rows));
        rows.or_else(|| self.plan_anew(&wish()).filter(|rows| is_free(self, rows)))
    }

    /// Whether a row was added that has a key of this one, or a span that this one may not touch: a limit may ask for the
    /// very values of another row.
    pub(super) fn is_there(&self, row: &PlannedRow) -> bool {
        let shape = &self.shapes[&row.table];
        let added = || self.added.iter().filter(|it| it.table == row.table);
        let has_key = shape.keys.iter().any(|key| {
            let same = |it: &PlannedRow, at: usize| {
                row.values[at].is_present() && it.values[at] == row.values[at]
            };
            let may_count = |row: &PlannedRow| key.covers(&row.values) != Some(false);
            may_count(row)
                && added().any(|it| may_count(it) && key.columns.iter().all(|&at| same(it, at)))
        });
        let has_span = shape
            .aparts
            .iter()
            .any(|apart| added().any(|it| apart.may_refuse(&row.values, &it.values)));
        has_key || has_span
    }
}
