//! Trigger functions for values of rows that are held against one of the row that they belong to.

use std::fmt::Write as _;

use crate::plpgsql::{refusal, trigger_function};
use crate::{BinaryOperator, Expr, Function, Ident, QualifiedName};

/// A value of rows, held against one of the row that they belong to; where either has none, there is no bound.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundGuard<'a> {
    /// The table of the rows.
    pub rows: &'a QualifiedName,
    /// The table of the row that they belong to.
    pub owner: &'a QualifiedName,
    /// The columns by which they refer to it, and those that they refer to.
    pub reference: Vec<(&'a Ident, &'a Ident)>,
    /// A column of the owner that can be written as it is.
    pub written: &'a Ident,
    /// The value of the rows.
    pub own: &'a Ident,
    /// How it is held against the other.
    pub comparison: BinaryOperator,
    /// The owner's value.
    pub theirs: &'a Ident,
}

impl BoundGuard<'_> {
    /// The guard of the rows. It writes the owner as it is before it compares: whoever changes the owner's value waits there
    /// and then sees this row, or is refused (40001) where its snapshot is older. A mere lock leaves nothing that a
    /// snapshot could be compared with, so that at REPEATABLE READ the change would look past the row.
    pub fn on_rows(&self, function: QualifiedName) -> Function {
        let is_owner =
            self.reference.iter().map(|(own, there)| format!("owner.{there} = NEW.{own}"));
        let mut body = String::from("\nDECLARE\n  is_kept boolean;\nBEGIN\n");
        writeln!(
            body,
            "  IF NEW.{own} IS NULL THEN\n    RETURN NULL;\n  END IF;\n  \
             -- Written as it is: whoever changes it waits here, and then sees this row.\n  \
             UPDATE {owner} AS owner SET {written} = owner.{written} WHERE {}\n    RETURNING {} INTO is_kept;\n  \
             IF is_kept IS FALSE THEN",
            is_owner.collect::<Vec<_>>().join(" AND "),
            self.kept("new", "owner"),
            own = self.own,
            owner = self.owner,
            written = self.written,
        )
        .expect("writing to a String cannot fail");
        body.push_str(&refusal("    ", &self.refused(), &function.name));
        body.push_str("  END IF;\n  RETURN NULL;\nEND\n");
        trigger_function(function, body)
    }

    /// The guard of the owner: the rows that are there must keep a new value. An UPDATE holds the row, so that nobody adds
    /// one meanwhile.
    pub fn on_owner(&self, function: QualifiedName) -> Function {
        let is_own = self.reference.iter().map(|(own, there)| format!("own.{own} = NEW.{there}"));
        let mut body = String::from("\nBEGIN\n");
        writeln!(
            body,
            "  IF EXISTS (SELECT FROM {} AS own WHERE {} AND NOT ({})) THEN",
            self.rows,
            is_own.collect::<Vec<_>>().join(" AND "),
            self.kept("own", "new"),
        )
        .expect("writing to a String cannot fail");
        body.push_str(&refusal("    ", &self.refused(), &function.name));
        body.push_str("  END IF;\n  RETURN NULL;\nEND\n");
        trigger_function(function, body)
    }

    /// When the guard of the owner looks: where its value becomes another.
    pub fn owner_condition(&self) -> Expr {
        let of = |row: &str| Expr::Qualified(alias(row), self.theirs.clone());
        Expr::binary(of("new"), BinaryOperator::IsDistinctFrom, of("old"))
    }

    fn kept(&self, rows: &str, owner: &str) -> Expr {
        let own = Expr::Qualified(alias(rows), self.own.clone());
        Expr::binary(own, self.comparison, Expr::Qualified(alias(owner), self.theirs.clone()))
    }

    fn refused(&self) -> String {
        let order = match self.comparison {
            BinaryOperator::GreaterOrEqual | BinaryOperator::Greater => "below",
            _ => "beyond",
        };
        let (own, theirs) = (self.own.as_str(), self.theirs.as_str());
        format!("{own} would be {order} {theirs} of the row of {}", self.owner.name.as_str())
    }
}

fn alias(name: &str) -> Ident {
    Ident::new(name).expect("a fixed name")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ident(name: &str) -> Ident {
        Ident::new(name).unwrap()
    }

    #[test]
    fn both_sides_are_looked_at() {
        let of = |name: &str| QualifiedName::new(ident("public"), ident(name));
        let (rows, owner) = (of("runs"), of("tanks"));
        let (by, key, label) = (ident("tank_id"), ident("id"), ident("label"));
        let (load, capacity) = (ident("load_kg"), ident("capacity_kg"));
        let guard = BoundGuard {
            rows: &rows,
            owner: &owner,
            reference: vec![(&by, &key)],
            written: &label,
            own: &load,
            comparison: BinaryOperator::LessOrEqual,
            theirs: &capacity,
        };
        let rows = guard.on_rows(of("runs_load_kg_bound")).body;
        let writes = "UPDATE public.tanks AS owner SET label = owner.label WHERE owner.id = NEW.tank_id\n    \
                      RETURNING new.load_kg <= owner.capacity_kg INTO is_kept;";
        assert!(rows.contains(writes), "{rows}");
        let owner = guard.on_owner(of("tanks_capacity_kg_bound")).body;
        let looks = "IF EXISTS (SELECT FROM public.runs AS own WHERE own.tank_id = NEW.id AND NOT \
                     (own.load_kg <= new.capacity_kg)) THEN";
        assert!(owner.contains(looks), "{owner}");
        assert!(owner.contains("CONSTRAINT = 'tanks_capacity_kg_bound'"), "{owner}");
    }
}
