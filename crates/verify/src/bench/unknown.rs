//! What can be done all the same where a rule is not understood: PostgreSQL is asked.

use underpin_claim::Claim;
use underpin_server::SessionError;

use super::Bench;
use crate::advice::{held, open_columns};
use crate::foreign::Ground;
use crate::row::{Row, Shape};
use crate::solve::Plight;
use crate::value::{Value, read};

impl Bench<'_> {
    /// Why the generated rows of a table say nothing of how it is searched, where a rule that is not understood left too
    /// few of them, or few values in the columns that it reads. What a mutant does is told all the same.
    pub(crate) fn is_unlike(&self, claim: &Claim) -> Option<String> {
        let shape = self.table(claim).ok().filter(|_| self.mutation.is_none())?;
        let data = self.data.as_ref()?.tables.get(&shape.table.name)?;
        let mut unclear = shape.rules.iter().filter(|rule| rule.term.is_none()).peekable();
        unclear.peek()?;
        if data.rows.len() * 2 < data.wanted {
            let reason = data.reason.as_deref().unwrap_or_default();
            return Some(format!(
                "{} of {} rows could be made: {reason}",
                data.rows.len(),
                data.wanted
            ));
        }
        let is_advised =
            |at: &&usize| self.planner.fresh.advised(&shape.table.name, **at).is_some();
        let column = unclear.find_map(|rule| rule.columns.iter().find(is_advised).copied())?;
        let name = shape.name(column).as_str();
        Some(format!("of `{name}`, only a few values are known that its rules let in"))
    }

    /// Other values for a row with which it breaks one rule and keeps the others; none where PostgreSQL knows none.
    pub(crate) fn breaking(
        &mut self,
        shape: &Shape<'_>,
        rule: usize,
        row: &Row,
    ) -> Result<Vec<(usize, Value)>, SessionError> {
        let ground = Ground::of_design(shape.table);
        let mut free = open_columns(shape);
        free.push(shape.machines.iter().map(|machine| machine.column).collect());
        let plight = Plight {
            ground: &ground,
            table: shape.table,
            row: row.iter().map(held).collect(),
            reads: shape.rules[rule].columns.clone(),
            broken: Some(rule),
            free,
        };
        let arena = self.arena.as_mut().expect("probes ask whether the table is ready first");
        let session = &mut arena.installed.session;
        let found = plight.solutions(session, &mut self.planner.dice, 1)?;
        let values = found.into_iter().flatten().filter_map(|(at, text)| match text {
            None => Some((at, Value::Null)),
            Some(text) => Some((at, read(&shape.table.columns[at].data_type, &text)?)),
        });
        Ok(values.collect())
    }
}
