//! Reading what the advisor knows of a database before it asks for a plan.

use std::collections::BTreeMap;

use underpin_advise::{
    ColumnFacts, ExistingIndex, Facts, ForeignKeyFacts, Settings, TableFacts, common_values,
};
use underpin_pg::{Ident, QualifiedName, WhatIfStatement};
use underpin_server::{Session, SessionError};

/// A row as text.
struct Row(Vec<Option<String>>);

impl Row {
    fn text(&self, at: usize) -> &str {
        self.0.get(at).and_then(Option::as_deref).unwrap_or_default()
    }

    fn number(&self, at: usize) -> f64 {
        self.text(at).parse().unwrap_or(0.0)
    }

    fn count(&self, at: usize) -> u64 {
        self.text(at).parse().unwrap_or(0)
    }

    fn flag(&self, at: usize) -> bool {
        self.text(at) == "t"
    }

    fn ident(&self, at: usize) -> Option<Ident> {
        Ident::new(self.text(at)).ok()
    }
}

fn rows(session: &mut Session, query: &WhatIfStatement<'_>) -> Result<Vec<Row>, SessionError> {
    Ok(session.text(&query.to_string())?.rows.into_iter().map(Row).collect())
}

/// Tables, columns, statistics, indexes, foreign keys and the planner's constants of a database.
pub fn facts(session: &mut Session) -> Result<Facts, SessionError> {
    let mut facts = Facts { settings: settings(session)?, ..Facts::default() };
    let mut numbers: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in rows(session, &WhatIfStatement::Tables)? {
        let (Some(namespace), Some(name)) = (row.ident(0), row.ident(1)) else { continue };
        numbers.insert((row.text(0).to_owned(), row.text(1).to_owned()), facts.tables.len());
        facts.tables.push(TableFacts {
            name: QualifiedName::new(namespace, name),
            rows: row.number(2),
            pages: row.number(3),
            has_statistics: row.flag(4),
            columns: Vec::new(),
            indexes: Vec::new(),
        });
    }
    let find = |row: &Row, at: usize| {
        numbers.get(&(row.text(at).to_owned(), row.text(at + 1).to_owned())).copied()
    };
    for row in rows(session, &WhatIfStatement::Columns)? {
        let (Some(table), Some(name)) = (find(&row, 0), row.ident(2)) else { continue };
        facts.tables[table].columns.push(ColumnFacts {
            name,
            kind: row.text(10).to_owned(),
            is_sortable: row.flag(3),
            distinct: row.number(4),
            nulls: row.number(5),
            width: row.number(6),
            correlation: row.number(7),
            common: common_values(row.text(8), row.text(9)),
        });
    }
    for row in rows(session, &WhatIfStatement::Indexes)? {
        let (Some(table), Some(name)) = (find(&row, 0), row.ident(2)) else { continue };
        let indexes = &mut facts.tables[table].indexes;
        if indexes.last().is_none_or(|index| index.name != name) {
            indexes.push(ExistingIndex {
                name,
                is_unique: row.flag(3),
                is_constraint: row.flag(4),
                method: row.text(5).to_owned(),
                bytes: row.count(6),
                scans: row.count(7),
                columns: Vec::new(),
                keys: usize::try_from(row.count(8)).unwrap_or(0),
                predicate: row.0.get(9).cloned().flatten(),
            });
        }
        if let Some(index) = indexes.last_mut() {
            index.columns.push((row.text(11).to_owned(), row.flag(12)));
        }
    }
    let mut last = String::new();
    for row in rows(session, &WhatIfStatement::ForeignKeys)? {
        let (Some(from), Some(to)) = (find(&row, 0), find(&row, 2)) else { continue };
        if row.text(6) != last {
            row.text(6).clone_into(&mut last);
            let key = ForeignKeyFacts { from, columns: Vec::new(), to, referenced: Vec::new() };
            facts.foreign_keys.push(key);
        }
        let numbers =
            (facts.tables[from].column(row.text(4)), facts.tables[to].column(row.text(5)));
        if let (Some(key), (Some(mine), Some(theirs))) = (facts.foreign_keys.last_mut(), numbers) {
            key.columns.push(mine);
            key.referenced.push(theirs);
        }
    }
    Ok(facts)
}

fn settings(session: &mut Session) -> Result<Settings, SessionError> {
    let mut settings = Settings::default();
    for row in rows(session, &WhatIfStatement::Settings)? {
        match row.text(0) {
            "random_page_cost" => settings.random_page_cost = row.number(1),
            "cpu_index_tuple_cost" => settings.cpu_index_tuple_cost = row.number(1),
            "cpu_operator_cost" => settings.cpu_operator_cost = row.number(1),
            "pg_trgm" => settings.has_trigrams = true,
            "block_size" => settings.block_size = row.number(1),
            _ => row.text(1).clone_into(&mut settings.version),
        }
    }
    Ok(settings)
}
