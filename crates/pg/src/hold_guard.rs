//! Trigger functions for what rows keep the row that they belong to from, while they are there or while none is.

use std::fmt::Write as _;

use crate::plpgsql::{refusal, trigger_function};
use crate::{BinaryOperator, Expr, Function, Ident, QualifiedName};

/// What rows keep the row that they belong to from.
#[derive(Debug, Clone, PartialEq)]
pub struct HoldGuard<'a> {
    /// The table of the rows.
    pub rows: &'a QualifiedName,
    /// The table of the row that they belong to.
    pub owner: &'a QualifiedName,
    /// The columns by which they refer to it, and those that they refer to.
    pub reference: Vec<(&'a Ident, &'a Ident)>,
    /// A column of the owner that can be written as it is.
    pub written: &'a Ident,
    /// All that they keep it from.
    pub holds: Vec<Hold<'a>>,
}

/// What a row does not do while rows belong to it, or while none does.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold<'a> {
    /// Which of the rows; all where it is `None`.
    pub which: Option<Expr>,
    /// Whether it is held while there is such a row; otherwise, while there is none.
    pub while_there: bool,
    /// What it does not do.
    pub held: Held<'a>,
}

/// What a row is kept from.
#[derive(Debug, Clone, PartialEq)]
pub enum Held<'a> {
    /// To change these columns.
    Values(Vec<&'a Ident>),
    /// To come to these values; to any at all where none is said.
    Steps(Vec<(&'a Ident, Option<Expr>)>),
}

impl HoldGuard<'_> {
    /// The guard of the rows. Where one comes that holds its owner, or where it is held while there is none and one goes,
    /// it writes the owner as it is: whoever changes the owner waits there and then sees that, or is refused (40001)
    /// where its snapshot is older. A mere lock leaves nothing that a snapshot could be compared with.
    pub fn on_rows(&self, function: QualifiedName) -> Function {
        let mut body = String::from("\nBEGIN\n");
        for (while_there, row, without) in [(true, "NEW", "DELETE"), (false, "OLD", "INSERT")] {
            let mut matters: Vec<String> = Vec::new();
            for hold in self.holds.iter().filter(|it| it.while_there == while_there) {
                let matter = self.matter(hold);
                if !matters.contains(&matter) {
                    matters.push(matter);
                }
            }
            if matters.is_empty() {
                continue;
            }
            let is_owner =
                self.reference.iter().map(|(own, there)| format!("owner.{there} = {row}.{own}"));
            writeln!(
                body,
                "  IF TG_OP <> '{without}' AND ({}) THEN\n    \
                 -- Written as it is: whoever changes it waits here, and then sees this.\n    \
                 UPDATE {owner} AS owner SET {written} = owner.{written} WHERE {};\n  END IF;",
                matters.join("\n    OR "),
                is_owner.collect::<Vec<_>>().join(" AND "),
                owner = self.owner,
                written = self.written,
            )
            .expect("writing to a String cannot fail");
        }
        body.push_str("  RETURN NULL;\nEND\n");
        trigger_function(function, body)
    }

    /// Whether a write of a row says anything new of its owner.
    fn matter(&self, hold: &Hold<'_>) -> String {
        let moved = self
            .reference
            .iter()
            .map(|(own, _)| format!("NEW.{own} IS DISTINCT FROM OLD.{own}"))
            .collect::<Vec<_>>()
            .join(" OR ");
        let counts =
            |row: &str| hold.which.as_ref().map(|it| format!("({})", it.qualified(&alias(row))));
        let (event, here, there) = if hold.while_there {
            ("INSERT", counts("new"), counts("old"))
        } else {
            ("DELETE", counts("old"), counts("new"))
        };
        // What is no longer so, or not yet.
        let other = there.map_or_else(String::new, |it| format!(" OR {it} IS NOT TRUE"));
        let comes = format!("TG_OP = '{event}' OR {moved}{other}");
        match here {
            Some(here) => format!("{here} AND ({comes})"),
            None => comes,
        }
    }

    /// The guard of the owner, which looks at the rows when it changes. Its UPDATE holds the row, so that whoever writes a
    /// row beside it waits.
    pub fn on_owner(&self, hold: &Hold<'_>, function: QualifiedName) -> Function {
        let own = self.reference.iter().map(|(own, there)| format!("own.{own} = NEW.{there}"));
        let which = hold.which.as_ref().map(|it| format!("({})", it.qualified(&alias("own"))));
        let all = own.chain(which).collect::<Vec<_>>().join(" AND ");
        let not = if hold.while_there { "" } else { "NOT " };
        let mut body = String::from("\nBEGIN\n");
        writeln!(body, "  IF {not}EXISTS (SELECT FROM {} AS own WHERE {all}) THEN", self.rows)
            .expect("writing to a String cannot fail");
        body.push_str(&refusal("    ", &self.refused(hold), &function.name));
        body.push_str("  END IF;\n  RETURN NULL;\nEND\n");
        trigger_function(function, body)
    }

    fn refused(&self, hold: &Hold<'_>) -> String {
        let rows = self.rows.name.as_str();
        let there = if hold.while_there { "a row" } else { "no row" };
        match &hold.held {
            Held::Values(columns) => {
                let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
                format!("{} cannot be changed while there is {there} of {rows}", names.join(", "))
            }
            Held::Steps(_) => {
                format!("the step cannot be taken while there is {there} of {rows}")
            }
        }
    }
}

impl Hold<'_> {
    /// When the guard of the owner looks: where it does what it may be kept from.
    pub fn owner_condition(&self) -> Expr {
        let of = |row: &str, column: &Ident| Expr::Qualified(alias(row), column.clone());
        let differs = |column: &Ident, other: Expr| {
            Expr::binary(of("old", column), BinaryOperator::IsDistinctFrom, other)
        };
        let mut parts: Vec<Expr> = match &self.held {
            Held::Values(columns) => {
                columns.iter().map(|column| differs(column, of("new", column))).collect()
            }
            Held::Steps(steps) => steps
                .iter()
                .map(|(column, value)| match value {
                    Some(value) => Expr::And(vec![
                        Expr::equals(of("new", column), value.clone()),
                        differs(column, value.clone()),
                    ]),
                    None => Expr::And(vec![
                        Expr::IsNotNull(Box::new(of("new", column))),
                        Expr::IsNull(Box::new(of("old", column))),
                    ]),
                })
                .collect(),
        };
        if parts.len() == 1 { parts.remove(0) } else { Expr::Or(parts) }
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

    /// The bodies on the rows and on the owner, and when the latter looks.
    fn bodies(while_there: bool, held: Held<'_>) -> [String; 3] {
        let of = |name: &str| QualifiedName::new(ident("public"), ident(name));
        let (rows, owner) = (of("tasks"), of("projects"));
        let (by, key, title) = (ident("project_id"), ident("id"), ident("title"));
        let which = Expr::equals(Expr::column(&ident("state")), Expr::text("open"));
        let guard = HoldGuard {
            rows: &rows,
            owner: &owner,
            reference: vec![(&by, &key)],
            written: &title,
            holds: vec![Hold { which: Some(which), while_there, held }],
        };
        [
            guard.on_rows(of("tasks_project_id_hold")).body,
            guard.on_owner(&guard.holds[0], of("projects_status_held")).body,
            guard.holds[0].owner_condition().to_string(),
        ]
    }

    #[test]
    fn what_is_there_holds_its_owner() {
        let status = ident("status");
        let steps = Held::Steps(vec![(&status, Some(Expr::text("archived")))]);
        let [rows, owner, when] = bodies(true, steps);
        let comes = "IF TG_OP <> 'DELETE' AND ((new.state = 'open') AND (TG_OP = 'INSERT' OR NEW.project_id IS DISTINCT FROM \
                     OLD.project_id OR (old.state = 'open') IS NOT TRUE)) THEN";
        assert!(rows.contains(comes), "{rows}");
        let writes = "UPDATE public.projects AS owner SET title = owner.title WHERE owner.id = NEW.project_id;";
        assert!(rows.contains(writes), "{rows}");
        let looks = "IF EXISTS (SELECT FROM public.tasks AS own WHERE own.project_id = NEW.id AND (own.state = 'open')) THEN";
        assert!(owner.contains(looks), "{owner}");
        assert!(owner.contains("CONSTRAINT = 'projects_status_held'"), "{owner}");
        assert_eq!(when, "new.status = 'archived' AND old.status IS DISTINCT FROM 'archived'");
    }

    #[test]
    fn what_is_not_there_holds_it_too() {
        let closed = ident("closed_at");
        let [rows, owner, when] = bodies(false, Held::Steps(vec![(&closed, None)]));
        let goes = "IF TG_OP <> 'INSERT' AND ((old.state = 'open') AND (TG_OP = 'DELETE' OR NEW.project_id IS DISTINCT FROM \
                    OLD.project_id OR (new.state = 'open') IS NOT TRUE)) THEN";
        assert!(rows.contains(goes), "{rows}");
        assert!(rows.contains("WHERE owner.id = OLD.project_id;"), "{rows}");
        assert!(owner.contains("IF NOT EXISTS (SELECT FROM public.tasks"), "{owner}");
        assert_eq!(when, "new.closed_at IS NOT NULL AND old.closed_at IS NULL");
    }

    #[test]
    fn values_stay() {
        let (top, bottom) = (ident("top_mm"), ident("bottom_mm"));
        let [_, owner, when] = bodies(true, Held::Values(vec![&top, &bottom]));
        assert_eq!(
            when,
            "old.top_mm IS DISTINCT FROM new.top_mm OR old.bottom_mm IS DISTINCT FROM new.bottom_mm"
        );
        assert!(
            owner.contains("top_mm, bottom_mm cannot be changed while there is a row of tasks"),
            "{owner}"
        );
    }
}
