//! Trigger functions for what the rows of one row come to together: how many there are, or what they add up to.

use std::fmt::Write as _;

use crate::plpgsql::{refusal, trigger_function};
use crate::{BinaryOperator, Expr, Function, Ident, QualifiedName};

/// What a limit over rows enforces.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitGuard<'a> {
    /// The table of the rows.
    pub rows: &'a QualifiedName,
    /// The columns that rows share which count together.
    pub by: Vec<&'a Ident>,
    /// The table of the row that they belong to.
    pub owner: &'a QualifiedName,
    /// The columns by which they refer to it, and those that they refer to.
    pub reference: Vec<(&'a Ident, &'a Ident)>,
    /// A column of the owner that can be written as it is.
    pub written: &'a Ident,
    /// What is added up of each row; rows are counted where it is `None`.
    pub amount: Option<&'a Expr>,
    /// Which rows count; all where it is `None`.
    pub condition: Option<&'a Expr>,
    /// Whether the bound itself is too much.
    pub is_strict: bool,
    /// What they may come to.
    pub bound: LimitBound<'a>,
    /// Whether a row that goes may raise what is left: amounts below zero.
    pub rises_without: bool,
}

/// What rows may come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LimitBound<'a> {
    /// A number.
    Fixed(&'a Expr),
    /// A column of the row that they belong to; without a value there is no limit.
    Column(&'a Ident),
}

impl LimitGuard<'_> {
    /// The guard of the rows. It writes the owner as it is before it looks: whoever adds a row beside it waits there
    /// and then sees this one, or is refused (40001) where its snapshot is older. A mere lock leaves nothing that
    /// a snapshot could be compared with, so that at REPEATABLE READ both would look past each other.
    pub fn on_rows(&self, function: QualifiedName) -> Function {
        let mut body =
            String::from("\nDECLARE\n  bound_of_rows numeric;\n  total_of_rows numeric;\nBEGIN\n");
        if self.rises_without {
            body.push_str("  IF TG_OP <> 'DELETE' THEN\n");
            self.look(&mut body, "    ", "new", &function.name);
            body.push_str("  END IF;\n  IF TG_OP <> 'INSERT' THEN\n");
            self.look(&mut body, "    ", "old", &function.name);
            body.push_str("  END IF;\n");
        } else {
            if let Some(condition) = self.condition {
                let condition = condition.qualified(&alias("new"));
                writeln!(body, "  IF ({condition}) IS NOT TRUE THEN\n    RETURN NULL;\n  END IF;")
                    .expect("writing to a String cannot fail");
            }
            self.look(&mut body, "  ", "new", &function.name);
        }
        body.push_str("  RETURN NULL;\nEND\n");
        trigger_function(function, body)
    }

    /// The guard of the owner, whose bound is a column of it: what is there already must keep a new bound. An UPDATE
    /// holds the row, so that nobody adds to its rows meanwhile.
    pub fn on_owner(&self, function: QualifiedName) -> Function {
        let mut body = String::from("\nDECLARE\n  total_of_rows numeric;\nBEGIN\n");
        let same = self.reference.iter().map(|(own, there)| format!("own.{own} = NEW.{there}"));
        self.total(&mut body, "  ", same.collect());
        if let LimitBound::Column(bound) = self.bound {
            writeln!(body, "  IF total_of_rows {} NEW.{bound} THEN", self.beyond())
                .expect("writing to a String cannot fail");
            body.push_str(&refusal("    ", &self.refused(), &function.name));
            body.push_str("  END IF;\n");
        }
        body.push_str("  RETURN NULL;\nEND\n");
        trigger_function(function, body)
    }

    /// When the guard of the owner looks: where the bound becomes another.
    pub fn owner_condition(&self) -> Option<Expr> {
        match self.bound {
            LimitBound::Fixed(_) => None,
            LimitBound::Column(bound) => {
                let of = |row: &str| Expr::Qualified(alias(row), bound.clone());
                Some(Expr::binary(of("new"), BinaryOperator::IsDistinctFrom, of("old")))
            }
        }
    }

    fn look(&self, body: &mut String, indent: &str, row: &str, rule: &Ident) {
        let owner = self.owner;
        let written = self.written;
        let upper = row.to_uppercase();
        let is_owner: Vec<String> = self
            .reference
            .iter()
            .map(|(own, there)| format!("owner.{there} = {upper}.{own}"))
            .collect();
        let bound = match self.bound {
            LimitBound::Fixed(bound) => bound.to_string(),
            LimitBound::Column(bound) => format!("owner.{bound}"),
        };
        writeln!(
            body,
            "{indent}-- Written as it is: whoever adds a row beside this one waits here, and then sees it.\n\
             {indent}UPDATE {owner} AS owner SET {written} = owner.{written} WHERE {}\n{indent}  RETURNING \
             {bound} INTO bound_of_rows;",
            is_owner.join(" AND ")
        )
        .expect("writing to a String cannot fail");
        let same =
            self.by.iter().map(|column| format!("own.{column} = {upper}.{column}")).collect();
        self.total(body, indent, same);
        writeln!(body, "{indent}IF total_of_rows {} bound_of_rows THEN", self.beyond())
            .expect("writing to a String cannot fail");
        body.push_str(&refusal(&format!("{indent}  "), &self.refused(), rule));
        writeln!(body, "{indent}END IF;").expect("writing to a String cannot fail");
    }

    fn total(&self, body: &mut String, indent: &str, mut same: Vec<String>) {
        let own = alias("own");
        let total = self.amount.map_or_else(
            || "count(*)".to_owned(),
            |amount| format!("coalesce(sum({}), 0)", amount.qualified(&own)),
        );
        same.extend(self.condition.map(|it| format!("({})", it.qualified(&own))));
        writeln!(
            body,
            "{indent}SELECT {total} INTO total_of_rows FROM {} AS own WHERE {};",
            self.rows,
            same.join(" AND ")
        )
        .expect("writing to a String cannot fail");
    }

    const fn beyond(&self) -> &'static str {
        if self.is_strict { ">=" } else { ">" }
    }

    fn refused(&self) -> String {
        match self.amount {
            None => format!("no more rows of {} are allowed", self.rows.name.as_str()),
            Some(_) => format!("rows of {} add up to too much", self.rows.name.as_str()),
        }
    }
}

/// Whether anything of a row changes, as the condition of a trigger: its owner is also written as it is.
pub fn row_changes() -> Expr {
    Expr::Verbatim("old.* IS DISTINCT FROM new.*".to_owned())
}

fn alias(name: &str) -> Ident {
    Ident::new(name).expect("a fixed name")
}
