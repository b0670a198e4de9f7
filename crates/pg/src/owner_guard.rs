//! Trigger functions for what may be done to rows only beside an owner in some state.

use std::fmt::Write as _;

use crate::expr::quote_literal;
use crate::plpgsql::{refusal, trigger_function};
use crate::{Expr, Function, Ident, QualifiedName};

/// What may be done to rows only while the row that they belong to is in some state.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnerGuard<'a> {
    /// The table of the row that they belong to.
    pub owner: &'a QualifiedName,
    /// The columns by which they refer to it, and those that they refer to.
    pub reference: Vec<(&'a Ident, &'a Ident)>,
    /// Those of the columns that may be empty: without an owner there is nothing to ask.
    pub optional: Vec<&'a Ident>,
    /// What is true of an owner beside which it may be done; what is unknown is refused.
    pub allowed: &'a Expr,
    /// Whether rows are added, or brought over, only so.
    pub inserts: bool,
    /// What an UPDATE changes only so; nothing where it is `None`.
    pub updates: Option<Changes<'a>>,
    /// Whether rows are deleted only so.
    pub deletes: bool,
    /// Whether another trigger writes the owner: then its lock is taken at once. Two sessions that share a lock and both
    /// want the other wait for each other for ever.
    pub is_written: bool,
}

/// What counts as a change of a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes<'a> {
    /// Columns that change all the same: a state of its own, the time of the last change.
    pub free: Vec<&'a Ident>,
    /// Columns that a deletion elsewhere may clear (`ON DELETE SET NULL`).
    pub clearable: Vec<&'a Ident>,
}

impl OwnerGuard<'_> {
    /// The guard as a trigger function. It holds the owner (`FOR SHARE`) until the transaction ends: whoever takes it to
    /// another state waits, or has this one wait and then see that state; at REPEATABLE READ it is refused (40001)
    /// where its snapshot is older. The lock of a foreign key (`FOR KEY SHARE`) lets such a change pass.
    pub fn function(&self, name: QualifiedName) -> Function {
        let mut body = String::from("\nDECLARE\n  is_allowed boolean;\nBEGIN\n");
        if self.deletes || self.updates.is_some() {
            self.of_old(&mut body, &name.name);
        }
        if self.inserts || self.updates.is_some() {
            self.of_new(&mut body, &name.name);
        }
        body.push_str("  RETURN NULL;\nEND\n");
        trigger_function(name, body)
    }

    /// What is there is changed or taken away. Where its owner goes at the same time, it goes with it.
    fn of_old(&self, body: &mut String, rule: &Ident) {
        let mut when = Vec::new();
        if self.deletes {
            when.push("TG_OP = 'DELETE'".to_owned());
        }
        if let Some(changes) = &self.updates {
            when.push(format!("TG_OP = 'UPDATE' AND ({})", changes.differs()));
        }
        line(body, &format!("  IF {} THEN", when.join("\n    OR ")));
        self.look(body, "    ", "OLD");
        line(body, "    IF FOUND AND is_allowed IS NOT TRUE THEN");
        body.push_str(&refusal("      ", &self.refused(), rule));
        line(body, "    END IF;\n  END IF;");
    }

    /// A row is added, or given to another owner.
    fn of_new(&self, body: &mut String, rule: &Ident) {
        let moved = self
            .reference
            .iter()
            .map(|(own, _)| format!("NEW.{own} IS DISTINCT FROM OLD.{own}"))
            .collect::<Vec<_>>()
            .join(" OR ");
        let came = if self.inserts {
            format!("TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND ({moved})")
        } else {
            format!("TG_OP = 'UPDATE' AND ({moved})")
        };
        let there = self.optional.iter().map(|column| format!("NEW.{column} IS NOT NULL"));
        let when = std::iter::once(format!("({came})")).chain(there);
        line(body, &format!("  IF {} THEN", when.collect::<Vec<_>>().join(" AND ")));
        self.look(body, "    ", "NEW");
        line(body, "    IF is_allowed IS NOT TRUE THEN");
        body.push_str(&refusal("      ", &self.refused(), rule));
        line(body, "    END IF;\n  END IF;");
    }

    fn look(&self, body: &mut String, indent: &str, row: &str) {
        let owner = Ident::new("owner").expect("a fixed name");
        let is_owner =
            self.reference.iter().map(|(own, there)| format!("owner.{there} = {row}.{own}"));
        let lock = if self.is_written { "NO KEY UPDATE" } else { "SHARE" };
        line(
            body,
            &format!(
                "{indent}-- Held until the end: nobody changes it meanwhile, and what somebody is changing is waited for.\n\
                 {indent}SELECT ({}) INTO is_allowed FROM {} AS owner WHERE {}\n{indent}  FOR {lock};",
                self.allowed.qualified(&owner),
                self.owner,
                is_owner.collect::<Vec<_>>().join(" AND ")
            ),
        );
    }

    fn refused(&self) -> String {
        format!("the row of {} that it belongs to does not allow it", self.owner.name.as_str())
    }
}

impl Changes<'_> {
    /// Whether an UPDATE changes the row.
    fn differs(&self) -> String {
        let names = |list: &mut dyn Iterator<Item = &&Ident>| -> Vec<String> {
            list.map(|column| quote_literal(column.as_str())).collect()
        };
        let exempt = names(&mut self.free.iter().chain(&self.clearable));
        // By name, so that a column that is added later counts as well.
        let rest = |row: &str| match exempt.as_slice() {
            [] => format!("to_jsonb({row})"),
            names => format!("to_jsonb({row}) - ARRAY[{}]", names.join(", ")),
        };
        let rest = format!("{} <> {}", rest("NEW"), rest("OLD"));
        let cleared = self.clearable.iter().map(|column| {
            format!("NEW.{column} IS DISTINCT FROM OLD.{column} AND NEW.{column} IS NOT NULL")
        });
        std::iter::once(rest).chain(cleared).collect::<Vec<_>>().join(" OR ")
    }
}

fn line(body: &mut String, text: &str) {
    writeln!(body, "{text}").expect("writing to a String cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ident(name: &str) -> Ident {
        Ident::new(name).unwrap()
    }

    /// The body for bids on listed lots.
    fn body(
        (inserts, deletes): (bool, bool),
        updates: Option<Changes<'_>>,
        is_written: bool,
    ) -> String {
        let (owner, rule) = (ident("lots"), ident("bids_lot_id_state"));
        let owner = QualifiedName::new(ident("public"), owner);
        let (by, key) = (ident("lot_id"), ident("id"));
        let allowed = Expr::equals(Expr::column(&ident("status")), Expr::text("listed"));
        let guard = OwnerGuard {
            owner: &owner,
            reference: vec![(&by, &key)],
            optional: vec![&by],
            allowed: &allowed,
            inserts,
            updates,
            deletes,
            is_written,
        };
        guard.function(QualifiedName::new(ident("public"), rule)).body
    }

    #[test]
    fn a_row_comes_beside_an_owner() {
        let sql = body((true, false), None, false);
        let looks = "  IF (TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND (NEW.lot_id IS DISTINCT FROM OLD.lot_id)) AND NEW.lot_id \
                     IS NOT NULL THEN\n    -- Held until the end: nobody changes it meanwhile, and what somebody is \
                     changing is waited for.\n    SELECT (owner.status = 'listed') INTO is_allowed FROM public.lots AS \
                     owner WHERE owner.id = NEW.lot_id\n      FOR SHARE;\n    IF is_allowed IS NOT TRUE THEN\n";
        assert!(sql.contains(looks), "{sql}");
        assert!(sql.contains("CONSTRAINT = 'bids_lot_id_state'"), "{sql}");
        assert!(!sql.contains("DELETE"), "{sql}");
    }

    #[test]
    fn what_counts_as_a_change_leaves_out_what_deletions_clear() {
        let (state, note) = (ident("state"), ident("note_id"));
        let changes = Changes { free: vec![&state], clearable: vec![&note] };
        let sql = body((false, true), Some(changes), true);
        let looks = "IF TG_OP = 'DELETE'\n    OR TG_OP = 'UPDATE' AND (to_jsonb(NEW) - ARRAY['state', 'note_id'] <> \
                     to_jsonb(OLD) - ARRAY['state', 'note_id'] OR NEW.note_id IS DISTINCT FROM OLD.note_id AND \
                     NEW.note_id IS NOT NULL) THEN";
        assert!(sql.contains(looks), "{sql}");
        assert!(sql.contains("IF FOUND AND is_allowed IS NOT TRUE THEN"), "{sql}");
        assert!(sql.contains("IF (TG_OP = 'UPDATE' AND (NEW.lot_id"), "{sql}");
        assert!(sql.contains("FOR NO KEY UPDATE"), "{sql}");
    }
}
