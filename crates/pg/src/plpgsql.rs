//! Trigger functions, written from data. Their bodies run with `search_path = ''`: only
//! `pg_catalog` is found without a name, so nobody's path changes what they mean.

use std::fmt::Write as _;

use crate::expr::quote_literal;
use crate::{Function, Ident, QualifiedName, Type};

/// What a life cycle's guard enforces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransitionGuard<'a> {
    /// The function's name.
    pub function: QualifiedName,
    /// The table that it guards.
    pub table: &'a QualifiedName,
    /// The column that holds the state.
    pub column: &'a Ident,
    /// The state that a row must be born in; any where it is `None`.
    pub initial: Option<&'a str>,
    /// The allowed transitions, grouped by the state before.
    pub transitions: Vec<(&'a str, Vec<&'a str>)>,
    /// The name that a refused INSERT reports as its constraint.
    pub initial_rule: Ident,
    /// The name that a refused UPDATE reports as its constraint.
    pub transition_rule: Ident,
}

impl TransitionGuard<'_> {
    /// The guard as a trigger function. It refuses with SQLSTATE 23514 (`check_violation`) and the
    /// rule's name in the error's constraint field, as a CHECK would.
    pub fn function(&self) -> Function {
        let column = self.column;
        let mut body = String::from("\nBEGIN\n");
        let mut line = |text: String| {
            body.push_str(&text);
            body.push('\n');
        };
        if let Some(initial) = self.initial {
            line("  IF TG_OP = 'INSERT' THEN".to_owned());
            line(format!("    IF NEW.{column} IS DISTINCT FROM {} THEN", quote_literal(initial)));
            line(format!(
                "      RAISE EXCEPTION USING\n        ERRCODE = 'check_violation',\n        \
                 MESSAGE = format('a row of %I.%I begins with {} = %L, not %L', TG_TABLE_SCHEMA, \
                 TG_TABLE_NAME, {}, NEW.{column}),\n        SCHEMA = TG_TABLE_SCHEMA,\n        \
                 TABLE = TG_TABLE_NAME,\n        CONSTRAINT = {};",
                in_format(column.as_str()),
                quote_literal(initial),
                quote_literal(self.initial_rule.as_str()),
            ));
            line("    END IF;".to_owned());
            line("    RETURN NEW;".to_owned());
            line("  END IF;".to_owned());
        }
        line(format!("  IF NEW.{column} IS NOT DISTINCT FROM OLD.{column} THEN"));
        line("    RETURN NEW;".to_owned());
        line("  END IF;".to_owned());
        // Neither a CASE without WHEN nor an empty list is SQL: a state that nothing follows is left out.
        let followed: Vec<_> = self.transitions.iter().filter(|(_, to)| !to.is_empty()).collect();
        if !followed.is_empty() {
            line(format!("  IF NOT (CASE OLD.{column}"));
            for (from, to) in &followed {
                let to: Vec<String> = to.iter().map(|state| quote_literal(state)).collect();
                line(format!(
                    "    WHEN {} THEN coalesce(NEW.{column} IN ({}), false)",
                    quote_literal(from),
                    to.join(", ")
                ));
            }
            line("    ELSE false".to_owned());
            line("  END) THEN".to_owned());
        } else {
            line("  IF true THEN".to_owned());
        }
        line(format!(
            "    RAISE EXCEPTION USING\n      ERRCODE = 'check_violation',\n      \
             MESSAGE = format('%I.%I: {} cannot go from %L to %L', TG_TABLE_SCHEMA, TG_TABLE_NAME, \
             OLD.{column}, NEW.{column}),\n      SCHEMA = TG_TABLE_SCHEMA,\n      \
             TABLE = TG_TABLE_NAME,\n      CONSTRAINT = {};",
            in_format(column.as_str()),
            quote_literal(self.transition_rule.as_str()),
        ));
        line("  END IF;".to_owned());
        line("  RETURN NEW;".to_owned());
        body.push_str("END\n");
        trigger_function(self.function.clone(), body)
    }
}

impl TransitionGuard<'_> {
    /// What an INSERT is told that begins in another state.
    pub fn refused_birth(&self, state: &str) -> String {
        let initial = quote_literal(self.initial.unwrap_or_default());
        let (table, column) = (self.table, self.column.as_str());
        format!("a row of {table} begins with {column} = {initial}, not {}", quote_literal(state))
    }

    /// What an UPDATE is told that takes a step which is not allowed.
    pub fn refused_step(&self, from: &str, to: &str) -> String {
        let (table, column) = (self.table, self.column.as_str());
        format!("{table}: {column} cannot go from {} to {}", quote_literal(from), quote_literal(to))
    }
}

/// What a guard of rows that stay as they were written enforces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnchangedGuard<'a> {
    /// The function's name.
    pub function: QualifiedName,
    /// The columns whose values stay; `None` for the whole row, also for columns that it gets later.
    pub columns: Option<Vec<&'a Ident>>,
    /// Columns that a deletion elsewhere may clear (`ON DELETE SET NULL`).
    pub clearable: Vec<&'a Ident>,
    /// Columns of a whole row that change all the same.
    pub free: Vec<&'a Ident>,
    /// Columns of a whole row that change together with another one, the state that asks for them, and only so.
    pub with_step: Vec<(&'a Ident, &'a Ident)>,
    /// The column of a state and the states in which values stay; always where it is `None`.
    pub states: Option<(&'a Ident, Vec<&'a str>)>,
    /// Which statements its trigger runs on: UPDATE, DELETE.
    pub refuses: (bool, bool),
    /// The name that a refusal reports as its constraint.
    pub rule: Ident,
    /// Whether the row is also written as it is, by the limits of rows that belong to it.
    pub is_written: bool,
}

impl UnchangedGuard<'_> {
    /// The guard as a trigger function. It refuses as [`TransitionGuard::function`] does.
    pub fn function(&self) -> Function {
        let mut body = String::from("\nBEGIN\n");
        let kept = |indent| {
            let what = match &self.states {
                None => "a row is never deleted".to_owned(),
                Some((column, states)) => {
                    format!(
                        "a row is not deleted once {} is {}",
                        column.as_str(),
                        states.join(" or ")
                    )
                }
            };
            refusal(indent, &what, &self.rule)
        };
        match (self.refuses, self.in_states()) {
            ((false, true), None) => {
                body.push_str(&kept("  "));
                body.push_str("END\n");
                return trigger_function(self.function.clone(), body);
            }
            ((false, true), Some(states)) => {
                writeln!(body, "  IF {states} THEN").expect("writing to a String cannot fail");
                body.push_str(&kept("    "));
                body.push_str("  END IF;\n  RETURN OLD;\nEND\n");
                return trigger_function(self.function.clone(), body);
            }
            ((true, true), None) => {
                body.push_str("  IF TG_OP = 'DELETE' THEN\n");
                body.push_str(&kept("    "));
                body.push_str("  END IF;\n");
            }
            ((true, true), Some(states)) => {
                body.push_str("  IF TG_OP = 'DELETE' THEN\n");
                writeln!(body, "    IF {states} THEN").expect("writing to a String cannot fail");
                body.push_str(&kept("      "));
                body.push_str("    END IF;\n    RETURN OLD;\n  END IF;\n");
            }
            ((_, false), _) => {}
        }
        let never = match &self.states {
            None => "never changed".to_owned(),
            Some((column, states)) => {
                format!("not changed once {} is {}", column.as_str(), states.join(" or "))
            }
        };
        let what = match &self.columns {
            None => format!("a row is {never}"),
            Some(columns) => {
                let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
                format!("{never}: {}", names.join(", "))
            }
        };
        match self.changed() {
            None => body.push_str(&refusal("  ", &what, &self.rule)),
            Some(changed) => {
                writeln!(body, "  IF {changed} THEN").expect("writing to a String cannot fail");
                body.push_str(&refusal("    ", &what, &self.rule));
                body.push_str("  END IF;\n  RETURN NEW;\n");
            }
        }
        body.push_str("END\n");
        trigger_function(self.function.clone(), body)
    }

    /// Whether the row is in one of the states; `None` where it does not matter.
    fn in_states(&self) -> Option<String> {
        self.states.as_ref().map(|(column, states)| {
            let states: Vec<String> = states.iter().map(|state| quote_literal(state)).collect();
            match states.as_slice() {
                [state] => format!("OLD.{column} = {state}"),
                several => format!("OLD.{column} IN ({})", several.join(", ")),
            }
        })
    }

    /// When an UPDATE is refused; always where it is `None`.
    fn changed(&self) -> Option<String> {
        let differs = |column: &Ident| format!("NEW.{column} IS DISTINCT FROM OLD.{column}");
        let set = |column: &Ident| format!("({} AND NEW.{column} IS NOT NULL)", differs(column));
        let alone = |(column, state): &(&Ident, &Ident)| {
            let is_set =
                if self.clearable.contains(column) { set(column) } else { differs(column) };
            format!("({is_set} AND NEW.{state} IS NOT DISTINCT FROM OLD.{state})")
        };
        let is_stepped = |column: &Ident| self.with_step.iter().any(|(own, _)| *own == column);
        let clearable = || self.clearable.iter().copied().filter(|it| !is_stepped(it));
        let stepped = self.with_step.iter().map(|(own, _)| *own);
        let exempt: Vec<&Ident> =
            clearable().chain(self.free.iter().copied()).chain(stepped).collect();
        let changes = match &self.columns {
            None if exempt.is_empty() && !self.is_written => None,
            None if exempt.is_empty() => Some(vec!["to_jsonb(NEW) <> to_jsonb(OLD)".to_owned()]),
            None => {
                // By name, so that a column that is added later stays as well.
                let names: Vec<String> =
                    exempt.iter().map(|column| quote_literal(column.as_str())).collect();
                let rest = |row: &str| format!("to_jsonb({row}) - ARRAY[{}]", names.join(", "));
                let parts = std::iter::once(format!("{} <> {}", rest("NEW"), rest("OLD")));
                let parts = parts.chain(clearable().map(set));
                Some(parts.chain(self.with_step.iter().map(alone)).collect::<Vec<_>>())
            }
            Some(columns) => Some(
                columns
                    .iter()
                    .map(|it| if self.clearable.contains(it) { set(it) } else { differs(it) })
                    .collect(),
            ),
        };
        match (changes.map(|parts| parts.join("\n    OR ")), self.in_states()) {
            (Some(changes), Some(states)) => Some(format!("{states} AND ({changes})")),
            (Some(changes), None) => Some(changes),
            (None, states) => states,
        }
    }
}

/// Refuses TRUNCATE, which no row trigger sees, of a table whose rows are never deleted; where they stay in some states
/// only, as long as a row is in one of them. The lock that TRUNCATE takes lets nobody add such a row meanwhile.
pub fn truncation_guard(
    function: QualifiedName,
    table: &QualifiedName,
    states: &[(Ident, Vec<String>)],
) -> Function {
    let mut body = String::from("\nBEGIN\n");
    let rule = &function.name;
    if states.is_empty() {
        body.push_str(&refusal("  ", "rows are never deleted, nor taken by TRUNCATE", rule));
    } else {
        let stays = states.iter().map(|(column, states)| {
            let states: Vec<String> = states.iter().map(|state| quote_literal(state)).collect();
            format!("own.{column} IN ({})", states.join(", "))
        });
        let stays = stays.collect::<Vec<_>>().join(" OR ");
        writeln!(body, "  IF EXISTS (SELECT FROM {table} AS own WHERE {stays}) THEN")
            .expect("writing to a String cannot fail");
        let what = "some rows are in a state in which they are not deleted, nor taken by TRUNCATE";
        body.push_str(&refusal("    ", what, rule));
        body.push_str("  END IF;\n  RETURN NULL;\n");
    }
    body.push_str("END\n");
    trigger_function(function, body)
}

/// Refuses an UPDATE that does not raise a row's version by one: SQLSTATE 40001, with the rule's name in
/// the error's constraint field. Columns that a deletion elsewhere clears (`ON DELETE SET NULL`) may change
/// alone; the guard then raises the version itself. `touched` columns change with everything. A row that is also
/// written as it is, by the limits of rows that belong to it, keeps its version then.
pub fn version_guard(
    function: QualifiedName,
    column: &Ident,
    clearable: &[Ident],
    touched: &[Ident],
    is_written: bool,
) -> Function {
    let rule = quote_literal(function.name.as_str());
    let mut body = String::from("\nBEGIN\n");
    let mut line = |text: String| {
        body.push_str(&text);
        body.push('\n');
    };
    if is_written {
        line("  IF to_jsonb(NEW) = to_jsonb(OLD) THEN".to_owned());
        line("    RETURN NEW;".to_owned());
        line("  END IF;".to_owned());
    }
    if !clearable.is_empty() {
        let names: Vec<String> =
            clearable.iter().chain(touched).map(|it| quote_literal(it.as_str())).collect();
        let rest = |row: &str| format!("to_jsonb({row}) - ARRAY[{}]", names.join(", "));
        let same = std::iter::once(format!("{} = {}", rest("NEW"), rest("OLD")));
        let cleared = clearable
            .iter()
            .map(|it| format!("(NEW.{it} IS NOT DISTINCT FROM OLD.{it} OR NEW.{it} IS NULL)"));
        let differs = clearable.iter().map(|it| format!("NEW.{it} IS DISTINCT FROM OLD.{it}"));
        let differs = format!("({})", differs.collect::<Vec<_>>().join(" OR "));
        let all: Vec<String> = same.chain(cleared).chain([differs]).collect();
        line(format!("  IF {} THEN", all.join("\n    AND ")));
        line(format!("    NEW.{column} := OLD.{column} + 1;"));
        line("    RETURN NEW;".to_owned());
        line("  END IF;".to_owned());
    }
    line(format!("  IF NEW.{column} IS DISTINCT FROM OLD.{column} + 1 THEN"));
    line(format!(
        "    RAISE EXCEPTION USING\n      ERRCODE = 'serialization_failure',\n      MESSAGE = format('%I.%I: \
         {} goes from %s to %s, not to %s', TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.{column}, OLD.{column} + 1, \
         coalesce(NEW.{column}::text, 'NULL')),\n      HINT = 'Read the row again: somebody else may have \
         changed it.',\n      SCHEMA = TG_TABLE_SCHEMA,\n      TABLE = TG_TABLE_NAME,\n      CONSTRAINT = \
         {rule};",
        in_format(column.as_str())
    ));
    line("  END IF;".to_owned());
    line("  RETURN NEW;".to_owned());
    body.push_str("END\n");
    trigger_function(function, body)
}

/// Refuses a row that stands above itself, as [`TransitionGuard::function`] refuses. It walks up from the parent and
/// locks each row that it passes (`FOR SHARE`): of two sessions that move two rows below each other at once, one waits
/// and then sees what the other wrote, or is refused (40001) where its snapshot is older, or both wait and PostgreSQL ends
/// one (40P01). Without the locks, each would look before the other has written.
pub fn acyclic_guard(
    function: QualifiedName,
    table: &QualifiedName,
    parent: &Ident,
    key: &Ident,
    key_type: &Type,
) -> Function {
    let mut body = String::from("\nDECLARE\n");
    let kind = key_type.short();
    writeln!(body, "  row_above {kind} := NEW.{parent};").expect("writing to a String cannot fail");
    writeln!(body, "  rows_passed {kind}[] := '{{}}';").expect("writing to a String cannot fail");
    body.push_str("BEGIN\n  WHILE row_above IS NOT NULL LOOP\n");
    writeln!(body, "    IF row_above = NEW.{key} THEN").expect("writing to a String cannot fail");
    body.push_str(&refusal("      ", "a row does not stand above itself", &function.name));
    body.push_str("    END IF;\n");
    body.push_str("    -- A circle that was there before this trigger was is not this row's.\n");
    body.push_str("    EXIT WHEN row_above = ANY (rows_passed);\n    rows_passed := rows_passed || row_above;\n");
    writeln!(body, "    SELECT own.{parent} INTO row_above FROM {table} AS own WHERE own.{key} = row_above FOR SHARE;")
        .expect("writing to a String cannot fail");
    body.push_str("  END LOOP;\n  RETURN NULL;\nEND\n");
    trigger_function(function, body)
}

/// The statement that refuses a row as a CHECK would: SQLSTATE 23514, with the rule's name in the
/// error's constraint field.
pub(crate) fn refusal(indent: &str, what: &str, rule: &Ident) -> String {
    let message = format!("'%I.%I: {}'", in_format(what));
    format!(
        "{indent}RAISE EXCEPTION USING\n{indent}  ERRCODE = 'check_violation',\n{indent}  MESSAGE = \
         format({message}, TG_TABLE_SCHEMA, TG_TABLE_NAME),\n{indent}  SCHEMA = TG_TABLE_SCHEMA,\n\
         {indent}  TABLE = TG_TABLE_NAME,\n{indent}  CONSTRAINT = {};\n",
        quote_literal(rule.as_str())
    )
}

/// Sets a column to the time of the transaction whenever a row is updated.
pub fn touch_timestamp(function: QualifiedName, column: &Ident) -> Function {
    let mut body = String::from("\nBEGIN\n");
    writeln!(body, "  NEW.{column} := now();").expect("writing to a String cannot fail");
    body.push_str("  RETURN NEW;\nEND\n");
    trigger_function(function, body)
}

pub(crate) fn trigger_function(name: QualifiedName, body: String) -> Function {
    Function {
        name,
        returns: Type::Trigger,
        language: Ident::new("plpgsql").expect("a fixed name"),
        body,
        search_path: Some("\"\"".to_owned()),
        comment: None,
    }
}

/// A text inside the quotes of a `format` template: quotes doubled for the constant, per cent signs
/// for `format`.
fn in_format(text: &str) -> String {
    text.replace('\'', "''").replace('%', "%%")
}
