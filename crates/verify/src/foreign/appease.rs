//! Other values beside those that were asked for, where a condition refuses the first, and those that a schema gives itself.

use underpin_model::{Comparison, Expression, FieldId, FieldKind};
use underpin_pg::QualifiedName;
use underpin_server::{ServerError, SessionError};

use super::arena::{Arena, Came, Stored};
use super::ground::literals;
use super::mapping::{Place, attribute};
use super::names::bare;
use super::world::{Want, World};
use crate::value::Value;

impl Arena<'_> {
    /// A row that was refused by a condition of the schema's own, with other values in what else the condition
    /// reads: a code may be given to what is public alone.
    pub(super) fn eased(
        &mut self,
        table: &QualifiedName,
        want: &Want,
        world: &mut World,
        error: &ServerError,
    ) -> Result<Option<Stored>, SessionError> {
        // A row that is given whole means what it says.
        let Some(ours) = self.mapping.ours(table).filter(|_| want.row.is_none()).cloned() else {
            return Ok(None);
        };
        let there = self.sides.ground.table(table);
        let is_named = |name: &str| error.constraint.as_deref() == Some(name);
        let Some(check) = there.checks.iter().find(|it| is_named(it.name.as_str())) else {
            return Ok(None);
        };
        let read = crate::rule::mentioned(there, &check.expression);
        let places = self.mapping.homes[&ours].places.clone();
        let asked = |at: usize| want.values.contains_key(&at) || want.filled.contains(&at);
        for (at, place) in places {
            let column = place.column();
            let shape = &self.sides.shapes[&ours];
            if !read.contains(&column)
                || asked(at)
                || want.cells.contains_key(&column)
                || shape.is_in_link(at)
                || shape.is_in_key(at)
                || shape.machine(at).is_some()
            {
                continue;
            }
            for value in self.others(&ours, at) {
                let mut eased = want.clone();
                eased.values.insert(at, value);
                if let Ok(Came::Row(row)) = self.write(table, &eased, world, 0)? {
                    return Ok(Some(row));
                }
            }
        }
        Ok(None)
    }

    /// Values that a column of our own design could have as well.
    pub(super) fn others(&mut self, ours: &QualifiedName, at: usize) -> Vec<Value> {
        let shape = &self.sides.shapes[ours];
        let kind = attribute(self.sides, ours, at).map(|it| &it.kind);
        if matches!(kind, Some(FieldKind::Boolean)) {
            return vec![Value::Boolean(true), Value::Boolean(false)];
        }
        if let Some(FieldKind::Enumeration(list)) = kind {
            let values = &self.sides.model.enumeration(*list).values;
            return values.iter().map(|value| Value::Text(value.clone())).collect();
        }
        let given = self.planner.fresh.value(shape, at, &mut self.planner.dice);
        let may_be_missing = !shape.table.columns[at].not_null;
        std::iter::once(given).chain(may_be_missing.then_some(Value::Null)).collect()
    }

    /// Columns of listed values and flags are written with their defaults where no document says in which state a
    /// row is born: an author's trigger may let in no other.
    pub(super) fn prefer_defaults(&mut self) {
        for (ours, at) in self.flags(None) {
            let home = &self.mapping.homes[&ours];
            let Some(Place::Column(column)) = home.places.get(&at) else { continue };
            let column = &self.sides.ground.table(&home.table).columns[*column];
            let given = column.default.as_ref().map(ToString::to_string);
            // The server prints `false` in parentheses where its author wrote them.
            let value = match given.as_deref().map(|it| it.trim_matches(['(', ')'])) {
                Some("true") => true,
                Some("false") => false,
                _ => continue,
            };
            self.planner.fresh.advise(&ours, at, Value::Boolean(value));
        }
        self.begin_totals();
        for (ours, at, values) in self.open_lists(None) {
            let home = &self.mapping.homes[&ours];
            let Some(Place::Column(column)) = home.places.get(&at) else { continue };
            let column = &self.sides.ground.table(&home.table).columns[*column];
            let given = column.default.as_ref().map(|it| literals(&it.to_string()));
            let Some(given) = given.and_then(|it| Some(bare(it.first()?))) else { continue };
            if let Some(value) = values.into_iter().find(|value| bare(value) == given) {
                self.planner.fresh.advise(&ours, at, Value::Text(value));
            }
        }
    }

    /// What is always the number or the sum of rows is nothing before there are any: an author's trigger may let in no other
    /// number.
    fn begin_totals(&mut self) {
        let sides = self.sides;
        let is_total = |field: FieldId| {
            sides.model.rules.iter().any(|rule| match &rule.expression {
                Some(Expression::Together { comparison: Comparison::Equal, bound, .. }) => {
                    matches!(&**bound, Expression::Field(total) if *total == field)
                }
                Some(_) | None => false,
            })
        };
        let mut found = Vec::new();
        for (ours, home) in &self.mapping.homes {
            let fields = home.places.keys().filter(|&&at| {
                attribute(sides, ours, at).and_then(|it| it.field).is_some_and(is_total)
            });
            found.extend(fields.map(|&at| (ours.clone(), at)));
        }
        for (ours, at) in found {
            self.planner.fresh.advise(&ours, at, Value::integer(0));
        }
    }

    /// The columns of listed values, of one table or all, of which no document says with which value a row
    /// is born.
    pub(super) fn open_lists(
        &self,
        of: Option<&QualifiedName>,
    ) -> Vec<(QualifiedName, usize, Vec<String>)> {
        let mut found = Vec::new();
        for ours in self.mapping.homes.keys().filter(|ours| of.is_none_or(|of| of == *ours)) {
            let shape = &self.sides.shapes[ours];
            for at in 0..shape.table.columns.len() {
                let kind = attribute(self.sides, ours, at).map(|it| &it.kind);
                let Some(FieldKind::Enumeration(list)) = kind else { continue };
                if shape.machine(at).is_some_and(|machine| machine.initial.is_some()) {
                    continue;
                }
                let values = self.sides.model.enumeration(*list).values.clone();
                found.push((ours.clone(), at, values));
            }
        }
        found
    }
}
