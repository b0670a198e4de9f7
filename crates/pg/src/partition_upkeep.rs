//! The function that makes the partitions of a table ahead of its rows, and drops those whose rows are older than is
//! kept. It may be run at any time and from several sessions.

use std::fmt::Write as _;

use crate::expr::quote_literal;
use crate::ident::list;
use crate::{
    Ddl, Function, Ident, Partition, PartitionBound, PartitionValue, QualifiedName, Type, naming,
};

/// How long a time one partition covers. All begin at midnight UTC, weeks on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartitionInterval {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
}

impl PartitionInterval {
    /// The longest first.
    pub const LONGEST_FIRST: [Self; 5] =
        [Self::Year, Self::Quarter, Self::Month, Self::Week, Self::Day];

    /// The word, as `date_trunc` takes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// As a value of type `interval`.
    pub const fn interval(self) -> &'static str {
        match self {
            Self::Day => "1 day",
            Self::Week => "7 days",
            Self::Month => "1 month",
            Self::Quarter => "3 months",
            Self::Year => "1 year",
        }
    }

    /// About so many days.
    pub const fn days(self) -> f64 {
        match self {
            Self::Day => 1.0,
            Self::Week => 7.0,
            Self::Month => 365.25 / 12.0,
            Self::Quarter => 365.25 / 4.0,
            Self::Year => 365.25,
        }
    }
}

/// What the partitions of a table are kept by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionUpkeep {
    /// The function's name.
    pub function: QualifiedName,
    /// The partitioned table.
    pub table: QualifiedName,
    /// The partition key: one column.
    pub column: Ident,
    /// Whether the column is a day, and not a moment.
    pub is_day: bool,
    /// The partition of the rows that no other takes.
    pub default: QualifiedName,
    /// The columns that a row is copied by: all that are not computed.
    pub copied: Vec<Ident>,
    /// How long a time one partition covers.
    pub interval: PartitionInterval,
    /// How many are made ahead of the present one.
    pub ahead: u32,
    /// For how long rows are kept, as an `interval`; for ever where it is `None`. What is older goes with its partition.
    pub kept: Option<String>,
}

impl PartitionUpkeep {
    /// The function. It returns how many partitions it made and dropped.
    pub fn function(&self) -> Function {
        let unit = quote_literal(self.interval.as_str());
        let now = "now() AT TIME ZONE 'UTC'";
        let first = match &self.kept {
            // Rows that come late have their place, and a history that is loaded has it too.
            Some(kept) => {
                format!("date_trunc({unit}, {now} - interval {})", quote_literal(kept))
            }
            None => format!("date_trunc({unit}, {now} - interval '{}')", self.interval.interval()),
        };
        let last = format!(
            "date_trunc({unit}, {now}) + {} * interval '{}'",
            self.ahead,
            self.interval.interval()
        );
        Function {
            name: self.function.clone(),
            returns: Type::Integer,
            language: Ident::new("plpgsql").expect("a fixed name"),
            body: self.body(&first, &last, "RETURN changes;", "RETURN 0;", self.kept.as_deref()),
            search_path: Some("\"\"".to_owned()),
            comment: None,
        }
    }

    /// A `DO` block that makes the partitions between two moments, as the function does with those of its own: for
    /// a history that is loaded.
    pub fn covering(&self, from: &str, to: &str) -> String {
        let unit = quote_literal(self.interval.as_str());
        let begin = |at: &str| {
            let at = quote_literal(at);
            format!("date_trunc({unit}, {at}::timestamptz AT TIME ZONE 'UTC')")
        };
        let body = self.body(&begin(from), &begin(to), "", "RETURN;", None);
        format!("DO $partitions${body}$partitions$")
    }

    /// The statement that runs the function.
    pub fn call(&self) -> String {
        Ddl::Upkeep(self.function.clone()).to_string()
    }

    /// The statement that gathers the statistics of the whole table.
    pub fn analyze(&self) -> String {
        format!("ANALYZE {}", self.table)
    }

    /// A query for the rows that no partition but the default takes: there are to be none.
    pub fn watch(&self) -> String {
        let Self { default, column, .. } = self;
        format!("SELECT count(*), min({column}), max({column})\nFROM {default}")
    }

    /// A query for how far ahead there are partitions.
    pub fn horizon(&self) -> String {
        format!(
            "SELECT max(substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)')::timestamptz) - now() AS ahead\n\
             FROM pg_inherits AS i\nJOIN pg_class AS c ON c.oid = i.inhrelid\nWHERE i.inhparent = {}::regclass",
            quote_literal(&self.table.to_string())
        )
    }

    /// A query for the partitions but the default one, the oldest first: for each its name, and its bound.
    pub fn parts(&self) -> String {
        format!(
            "SELECT c.oid::regclass, pg_get_expr(c.relpartbound, c.oid)\nFROM pg_inherits AS i\nJOIN pg_class AS c ON c.oid = \
             i.inhrelid\nWHERE i.inhparent = {}::regclass\n  AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'\nORDER BY \
             substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)')::timestamptz",
            quote_literal(&self.table.to_string())
        )
    }

    /// The statement that drops a partition that [`Self::parts`] has named.
    pub fn drop_part(name: &str) -> String {
        format!("DROP TABLE {name}")
    }

    /// A query for the locks that the transaction holds on the table.
    pub fn locks(&self) -> String {
        format!(
            "SELECT mode FROM pg_locks\nWHERE relation = {}::regclass AND pid = pg_backend_pid() AND granted\nORDER BY mode",
            quote_literal(&self.table.to_string())
        )
    }

    /// A partition of a time long ago, when nothing was kept yet that is kept now.
    pub fn ancient(&self) -> (Ddl, QualifiedName) {
        let value = |text: &str| vec![PartitionValue::Value(text.to_owned())];
        let (from, to) = if self.is_day {
            ("1990-01-01", "1990-01-02")
        } else {
            ("1990-01-01 00:00:00+00", "1990-01-02 00:00:00+00")
        };
        let name = QualifiedName::new(
            self.table.namespace.clone(),
            naming::fit(self.table.name.as_str(), "ancient"),
        );
        let bound = PartitionBound::Range { from: value(from), to: value(to) };
        let partition = Partition { name: name.clone(), bound, comment: None };
        (Ddl::CreatePartition(self.table.clone(), partition), name)
    }

    /// A query for whether there is no table of that name.
    pub fn is_gone(name: &QualifiedName) -> String {
        format!("SELECT to_regclass({}) IS NULL", quote_literal(&name.to_string()))
    }

    /// Statements that have extension `pg_partman` (version 5) do what the function does, in its stead.
    pub fn partman(&self) -> Vec<String> {
        let text = |text: &str| quote_literal(text);
        let table = text(&self.table.to_string());
        let mut statements = vec![
            "CREATE SCHEMA partman".to_owned(),
            "CREATE EXTENSION pg_partman SCHEMA partman".to_owned(),
            format!(
                "SELECT partman.create_parent(\n  p_parent_table := {table},\n  p_control := {},\n  p_interval := {},\n  \
                 p_premake := {},\n  p_default_table := false\n)",
                text(self.column.as_str()),
                text(self.interval.interval()),
                self.ahead
            ),
        ];
        if let Some(kept) = &self.kept {
            statements.push(format!(
                "UPDATE partman.part_config\nSET retention = {}, retention_keep_table = false, infinite_time_partitions = true\n\
                 WHERE parent_table = {table}",
                text(kept)
            ));
        }
        statements.push(format!("DROP FUNCTION {}()", self.function));
        statements
    }

    /// Statements that attach a table of rows that are there already: what it holds is proven first, while it is read
    /// and written, so that the table is locked for no longer than it takes to note it.
    pub fn attach(&self, part: &QualifiedName, from: &str, to: &str) -> Vec<String> {
        let column = &self.column;
        let check = naming::object_name(&part.name, &[column], "bounds");
        let (from, to) = (quote_literal(from), quote_literal(to));
        vec![
            format!(
                "ALTER TABLE {part} ADD CONSTRAINT {check}\n  CHECK ({column} IS NOT NULL AND {column} >= {from} AND {column} < \
                 {to}) NOT VALID"
            ),
            format!("ALTER TABLE {part} VALIDATE CONSTRAINT {check}"),
            format!(
                "ALTER TABLE {} ATTACH PARTITION {part}\n  FOR VALUES FROM ({from}) TO ({to})",
                self.table
            ),
            format!("ALTER TABLE {part} DROP CONSTRAINT {check}"),
        ]
    }

    fn body(
        &self,
        first: &str,
        last: &str,
        end: &str,
        not_now: &str,
        kept: Option<&str>,
    ) -> String {
        let table = &self.table;
        let namespace = &table.namespace;
        // The longest mark of a period must fit behind the name.
        let stem = naming::fit(&format!("{}_p", table.name.as_str()), "00000000");
        let stem = stem.as_str().trim_end_matches("_00000000");
        let bound = if self.is_day { "YYYY-MM-DD" } else { "YYYY-MM-DD 00:00:00+00" };
        let columns = list(&self.copied);
        let (default, column) = (&self.default, &self.column);
        let mut out = format!(
            "
DECLARE
  patience text := current_setting('lock_timeout');
  beginning timestamp := {first};
  finish timestamp := {last};
  following timestamp;
  part text;
  lower text;
  upper text;
  changes integer := 0;
BEGIN
  -- Another session is at it, and does the same.
  IF NOT pg_try_advisory_xact_lock(hashtextextended({key}, 0)) THEN
    {not_now}
  END IF;
  -- Whoever waits for a lock has all others wait behind it: rather the next run tries again.
  PERFORM set_config('lock_timeout', '3s', true);
  WHILE beginning <= finish LOOP
    following := beginning + interval '{interval}';
    part := {prefix} || quote_ident({stem} || to_char(beginning, '{pattern}'));
    lower := quote_literal(to_char(beginning, '{bound}'));
    upper := quote_literal(to_char(following, '{bound}'));
    IF to_regclass(part) IS NULL THEN
      BEGIN
        -- Made apart and attached, since CREATE TABLE ... PARTITION OF locks out all who read the table.
        EXECUTE 'CREATE TABLE ' || part || {like};
        -- Rows that came before their partition did.
        EXECUTE {delete} || lower || {below} || upper || {insert} || part || {select};
        EXECUTE {attach} || part || ' FOR VALUES FROM (' || lower || ') TO (' || upper || ')';
        changes := changes + 1;
      EXCEPTION WHEN check_violation OR lock_not_available OR deadlock_detected THEN
        RAISE WARNING '% was not made: %', part, SQLERRM;
      END;
    END IF;
    beginning := following;
  END LOOP;
",
            key = quote_literal(&table.to_string()),
            interval = self.interval.interval(),
            prefix = quote_literal(&format!("{namespace}.")),
            stem = quote_literal(stem),
            // As pg_partman names them, so that it can take over.
            pattern = "YYYYMMDD",
            like = quote_literal(&format!(
                " (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE)"
            )),
            delete =
                quote_literal(&format!("WITH moved AS (DELETE FROM {default} WHERE {column} >= ")),
            below = quote_literal(&format!(" AND {column} < ")),
            insert = quote_literal(&format!(" RETURNING {columns}) INSERT INTO ")),
            select = quote_literal(&format!(" ({columns}) SELECT {columns} FROM moved")),
            attach = quote_literal(&format!("ALTER TABLE {table} ATTACH PARTITION ")),
        );
        if let Some(kept) = kept {
            let cast =
                if self.is_day { "date::timestamp" } else { "timestamptz AT TIME ZONE 'UTC'" };
            write!(
                out,
                "  FOR part IN
    SELECT c.oid::regclass::text
    FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = {parent}::regclass
      AND substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \\(''([^'']+)''\\)')::{cast}
        <= now() AT TIME ZONE 'UTC' - interval {kept}
    ORDER BY 1
  LOOP
    BEGIN
      EXECUTE {detach} || part;
      EXECUTE 'DROP TABLE ' || part;
      changes := changes + 1;
    EXCEPTION WHEN lock_not_available OR deadlock_detected OR dependent_objects_still_exist THEN
      RAISE WARNING '% was not dropped: %', part, SQLERRM;
    END;
  END LOOP;
",
                parent = quote_literal(&table.to_string()),
                kept = quote_literal(kept),
                detach = quote_literal(&format!("ALTER TABLE {table} DETACH PARTITION ")),
            )
            .expect("writing to a String");
        }
        out.push_str("  PERFORM set_config('lock_timeout', patience, true);\n");
        if !end.is_empty() {
            writeln!(out, "  {end}").expect("writing to a String");
        }
        out.push_str("END\n");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upkeep(table: &str) -> PartitionUpkeep {
        let name = |name: &str| {
            QualifiedName::new(Ident::new("public").unwrap(), Ident::new(name).unwrap())
        };
        PartitionUpkeep {
            function: name("maintain"),
            table: name(table),
            column: Ident::new("read_at").unwrap(),
            is_day: false,
            default: name("rest"),
            copied: vec![Ident::new("read_at").unwrap()],
            interval: PartitionInterval::Month,
            ahead: 4,
            kept: None,
        }
    }

    #[test]
    fn names_of_partitions_leave_room_for_the_period() {
        let body = upkeep("readings").function().body;
        assert!(
            body.contains("quote_ident('readings_p' || to_char(beginning, 'YYYYMMDD'))"),
            "{body}"
        );
        let long = upkeep(&"r".repeat(63)).function().body;
        let (_, stem) = long.split_once("quote_ident('").unwrap();
        let (stem, _) = stem.split_once('\'').unwrap();
        assert!(stem.len() + "00000000".len() <= Ident::MAX_BYTES, "{stem}");
    }

    #[test]
    fn what_is_kept_for_ever_is_never_dropped() {
        let for_ever = upkeep("readings");
        assert!(!for_ever.function().body.contains("DROP TABLE"));
        let limited = PartitionUpkeep { kept: Some("90 days".to_owned()), ..for_ever };
        assert!(limited.function().body.contains("DROP TABLE"));
        assert!(!limited.covering("2020-01-01", "2020-02-01").contains("DROP TABLE"));
    }
}
