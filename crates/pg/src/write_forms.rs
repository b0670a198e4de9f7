//! Writes that say more than one clause: rows that are added or changed, many rows at once, and rows that one of several
//! workers takes.

use std::fmt;

use crate::{Expr, Ident, Insert, QualifiedName, Select, Type};

/// What becomes of the row that has the key of one that is added.
#[derive(Debug, Clone, Copy)]
pub struct OnConflict<'a> {
    /// The columns of the key.
    pub key: &'a [Ident],
    /// Among which rows the key tells apart; all where it is `None`.
    pub among: Option<&'a Expr>,
    /// The columns that become what was given.
    pub set: &'a [Ident],
    /// The column that is raised by one with each change.
    pub version: Option<&'a Ident>,
}

impl OnConflict<'_> {
    fn write(&self, table: &QualifiedName, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\nON CONFLICT ({})", list(self.key))?;
        if let Some(among) = self.among {
            write!(f, " WHERE {among}")?;
        }
        let set = self.set.iter().map(|column| format!("{column} = excluded.{column}"));
        let table = &table.name;
        let raised = self.version.map(|column| format!("{column} = {table}.{column} + 1"));
        let set: Vec<String> = set.chain(raised).collect();
        if set.is_empty() {
            f.write_str(" DO NOTHING")
        } else {
            write!(f, "\nDO UPDATE SET {}", set.join(", "))
        }
    }
}

/// Adds a row, or changes the one that has its key.
#[derive(Debug, Clone)]
pub struct Upsert<'a> {
    /// The row.
    pub insert: &'a Insert,
    /// What becomes of the row that is there.
    pub conflict: OnConflict<'a>,
}

impl fmt::Display for Upsert<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut insert = self.insert.clone();
        let returning = std::mem::take(&mut insert.returning);
        write!(f, "{insert}")?;
        self.conflict.write(&insert.table, f)?;
        given_back(&returning, f)
    }
}

/// Adds as many rows as its lists are long: each parameter is the list of a column's values (manual, section 9.19, `unnest`).
#[derive(Debug, Clone)]
pub struct BulkInsert<'a> {
    /// The table.
    pub table: &'a QualifiedName,
    /// Its columns, the first one's values in `$1`.
    pub columns: &'a [(Ident, Type)],
    /// What becomes of a row that is there. One call may not give a key twice (SQLSTATE 21000).
    pub conflict: Option<OnConflict<'a>>,
    /// What comes back of each row.
    pub returning: &'a [Ident],
}

impl fmt::Display for BulkInsert<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<Ident> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        let lists = (1..).zip(self.columns);
        let lists: Vec<String> =
            lists.map(|(number, (_, data_type))| format!("${number}::{data_type}[]")).collect();
        write!(
            f,
            "INSERT INTO {} ({})\nSELECT *\nFROM unnest({})",
            self.table,
            list(&names),
            lists.join(", ")
        )?;
        if let Some(conflict) = self.conflict {
            conflict.write(self.table, f)?;
        }
        given_back(self.returning, f)
    }
}

/// Changes the first rows of a queue and gives them back. What another session holds is passed over, so that workers neither
/// wait for each other nor take the same row (manual, `SELECT`, "The Locking Clause").
#[derive(Debug, Clone)]
pub struct QueueTake<'a> {
    /// The table.
    pub table: &'a QualifiedName,
    /// The column that says which row it is.
    pub key: &'a Ident,
    /// Gives the keys of the rows that are next.
    pub next: &'a Select,
    /// What they become.
    pub set: &'a [(Ident, Expr)],
    /// What comes back of each row.
    pub returning: &'a [Ident],
}

impl fmt::Display for QueueTake<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set: Vec<String> =
            self.set.iter().map(|(column, value)| format!("{column} = {value}")).collect();
        let next = self.next.to_string().replace('\n', "\n  ");
        // Of an array, since a join with the query could run it more than once and take more rows than its limit.
        write!(
            f,
            "UPDATE {}\nSET {}\nWHERE {} = ANY (ARRAY(\n  {next}\n  FOR UPDATE SKIP LOCKED\n))\nRETURNING {}",
            self.table,
            set.join(", "),
            self.key,
            list(self.returning)
        )
    }
}

fn given_back(columns: &[Ident], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if columns.is_empty() { Ok(()) } else { write!(f, "\nRETURNING {}", list(columns)) }
}

fn list(columns: &[Ident]) -> String {
    columns.iter().map(ToString::to_string).collect::<Vec<String>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OrderBy, Output, TableRef};

    fn id(name: &str) -> Ident {
        Ident::new(name).unwrap()
    }

    fn table() -> QualifiedName {
        QualifiedName::new(id("public"), id("jobs"))
    }

    #[test]
    fn a_row_is_added_or_changed() {
        let insert = Insert {
            table: table(),
            columns: vec![id("a"), id("b")],
            rows: vec![vec![Some(Expr::Parameter(1)), Some(Expr::Parameter(2))]],
            overriding: false,
            returning: vec![id("id")],
        };
        let (key, set, version) = ([id("a")], [id("b")], id("version"));
        let conflict = OnConflict { key: &key, among: None, set: &set, version: Some(&version) };
        let upsert = Upsert { insert: &insert, conflict };
        assert_eq!(
            upsert.to_string(),
            "INSERT INTO public.jobs (a, b)\nVALUES ($1, $2)\nON CONFLICT (a)\n\
             DO UPDATE SET b = excluded.b, version = jobs.version + 1\nRETURNING id"
        );
        let nothing =
            Upsert { conflict: OnConflict { set: &[], version: None, ..conflict }, ..upsert };
        assert!(nothing.to_string().contains("ON CONFLICT (a) DO NOTHING"));
    }

    #[test]
    fn many_rows_come_in_lists() {
        let columns = [(id("a"), Type::Uuid), (id("b"), Type::Text)];
        let table = table();
        let bulk = BulkInsert { table: &table, columns: &columns, conflict: None, returning: &[] };
        assert_eq!(
            bulk.to_string(),
            "INSERT INTO public.jobs (a, b)\nSELECT *\nFROM unnest($1::uuid[], $2::text[])"
        );
        let (key, set) = ([id("a")], [id("b")]);
        let conflict = OnConflict { key: &key, among: None, set: &set, version: None };
        let replacing = BulkInsert { conflict: Some(conflict), returning: &key, ..bulk };
        assert!(
            replacing.to_string().ends_with(
                "$2::text[])\nON CONFLICT (a)\nDO UPDATE SET b = excluded.b\nRETURNING a"
            )
        );
    }

    #[test]
    fn a_worker_takes_what_no_other_has() {
        let mut next = Select::new(
            vec![Output { value: Expr::column(&id("id")), name: None }],
            Some(TableRef { table: table(), alias: None }),
        );
        next.order_by = vec![OrderBy { value: Expr::column(&id("at")), descending: false }];
        next.limit = Some(Expr::integer(5));
        let (key, set) = (id("id"), [(id("state"), Expr::Parameter(1))]);
        let returning = [id("id")];
        let take =
            QueueTake { table: &table(), key: &key, next: &next, set: &set, returning: &returning };
        assert_eq!(
            take.to_string(),
            "UPDATE public.jobs\nSET state = $1\nWHERE id = ANY (ARRAY(\n  SELECT id\n  FROM public.jobs\n  ORDER BY at\n  \
             LIMIT 5\n  FOR UPDATE SKIP LOCKED\n))\nRETURNING id"
        );
    }
}
