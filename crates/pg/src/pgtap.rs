//! Tests for pgTAP (its documentation, sections "Tests for schemas" and "The test's worst error"): what a table
//! has, and what it refuses and accepts. Descriptions and statements are constants, whatever they hold.

use std::fmt;

use crate::expr::quote_literal;
use crate::{Column, ForeignKey, Ident, Key, QualifiedName};

/// One assertion. `Display` writes it as a statement without a semicolon.
#[derive(Debug, Clone, PartialEq)]
pub enum Assertion {
    /// The table is there.
    HasTable(QualifiedName),
    /// The table is split among partitions.
    Partitioned(QualifiedName),
    /// The first is a partition of the second.
    PartitionOf(QualifiedName, QualifiedName),
    /// The table has these columns and no others.
    Columns(QualifiedName, Vec<Ident>),
    /// The column's type.
    Type(QualifiedName, Column),
    /// Whether the column refuses NULL.
    NotNull(QualifiedName, Column),
    /// Whether the column has a default.
    Default(QualifiedName, Column),
    /// The primary key's columns.
    PrimaryKey(QualifiedName, Key),
    /// A UNIQUE constraint's columns.
    Unique(QualifiedName, Key),
    /// A foreign key's columns and those that they refer to.
    ForeignKey(QualifiedName, ForeignKey),
    /// The index is there.
    HasIndex(QualifiedName, Ident),
    /// The trigger is there.
    HasTrigger(QualifiedName, Ident),
    /// The statement is refused.
    Refused {
        /// The statement.
        statement: String,
        /// The SQLSTATE.
        sqlstate: &'static str,
        /// The message, in English; any where it is `None`.
        message: Option<String>,
        /// What is tested.
        description: String,
    },
    /// The statement is refused with a message that names the constraint, whatever its SQLSTATE: that of a
    /// refused deletion changed with PostgreSQL 18.
    RefusedBy {
        /// The statement.
        statement: String,
        /// The constraint.
        constraint: Ident,
        /// What is tested.
        description: String,
    },
    /// The statement is accepted.
    Accepted {
        /// The statement.
        statement: String,
        /// What is tested.
        description: String,
    },
}

impl fmt::Display for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = |name: &QualifiedName| {
            let [namespace, name] =
                [&name.namespace, &name.name].map(|it| quote_literal(it.as_str()));
            format!("{namespace}, {name}")
        };
        let word = |is: bool, yes: &'static str, no: &'static str| if is { yes } else { no };
        match self {
            Self::HasTable(name) => write!(
                f,
                "SELECT has_table({}, {})",
                table(name),
                quote_literal(&format!("{name} is there"))
            ),
            Self::Partitioned(name) => write!(
                f,
                "SELECT is_partitioned({}, {})",
                table(name),
                quote_literal(&format!("{name} is split among partitions"))
            ),
            Self::PartitionOf(part, name) => write!(
                f,
                "SELECT is_partition_of({}, {}, {})",
                table(part),
                table(name),
                quote_literal(&format!("{part} is a partition of {name}"))
            ),
            Self::Columns(name, columns) => {
                write!(
                    f,
                    "SELECT columns_are({}, {}, 'it has these columns and no others')",
                    table(name),
                    names(columns)
                )
            }
            Self::Type(name, column) => write!(
                f,
                "SELECT col_type_is({}, {}, {}, {})",
                table(name),
                quote_literal(column.name.as_str()),
                quote_literal(&column.data_type.to_string()),
                quote_literal(&format!("{} is {}", column.name.as_str(), column.data_type))
            ),
            Self::NotNull(name, column) => write!(
                f,
                "SELECT {}({}, {}, {})",
                word(column.not_null, "col_not_null", "col_is_null"),
                table(name),
                quote_literal(column.name.as_str()),
                quote_literal(&format!(
                    "{} {}",
                    column.name.as_str(),
                    word(column.not_null, "refuses NULL", "may be NULL")
                ))
            ),
            Self::Default(name, column) => write!(
                f,
                "SELECT {}({}, {}, {})",
                word(column.default.is_some(), "col_has_default", "col_hasnt_default"),
                table(name),
                quote_literal(column.name.as_str()),
                quote_literal(&format!(
                    "{} has {} default",
                    column.name.as_str(),
                    word(column.default.is_some(), "a", "no")
                ))
            ),
            Self::PrimaryKey(name, key) => write!(
                f,
                "SELECT col_is_pk({}, {}, {})",
                table(name),
                names(&key.columns),
                quote_literal(key.name.as_str())
            ),
            Self::Unique(name, key) => write!(
                f,
                "SELECT col_is_unique({}, {}, {})",
                table(name),
                names(&key.columns),
                quote_literal(key.name.as_str())
            ),
            Self::ForeignKey(name, key) => write!(
                f,
                "SELECT fk_ok({}, {}, {}, {}, {})",
                table(name),
                names(&key.columns),
                table(&key.references),
                names(&key.referenced_columns),
                quote_literal(key.name.as_str())
            ),
            Self::HasIndex(name, index) => write!(
                f,
                "SELECT has_index({0}, {1}, {1})",
                table(name),
                quote_literal(index.as_str())
            ),
            Self::HasTrigger(name, trigger) => write!(
                f,
                "SELECT has_trigger({0}, {1}, {1})",
                table(name),
                quote_literal(trigger.as_str())
            ),
            Self::RefusedBy { statement, constraint, description } => write!(
                f,
                "SELECT throws_like(
  {},
  {},
  {}
)",
                body(statement),
                quote_literal(&format!(
                    "%{}%",
                    constraint
                        .as_str()
                        .replace('\\', r"\\")
                        .replace('_', r"\_")
                        .replace('%', r"\%")
                )),
                quote_literal(description)
            ),
            Self::Refused { statement, sqlstate, message, description } => write!(
                f,
                "SELECT throws_ok(\n  {},\n  {}, {},\n  {}\n)",
                body(statement),
                quote_literal(sqlstate),
                message.as_deref().map_or_else(|| "NULL".to_owned(), quote_literal),
                quote_literal(description)
            ),
            Self::Accepted { statement, description } => write!(
                f,
                "SELECT lives_ok(\n  {},\n  {}\n)",
                body(statement),
                quote_literal(description)
            ),
        }
    }
}

fn names(columns: &[Ident]) -> String {
    let names: Vec<String> = columns.iter().map(|it| quote_literal(it.as_str())).collect();
    format!("ARRAY[{}]::name[]", names.join(", "))
}

/// A statement as a constant that reads like one.
fn body(statement: &str) -> String {
    let mut tag = String::from("$$");
    // The statement's last character must not become part of the tag.
    while format!("{statement}{tag}").find(&tag) != Some(statement.len()) {
        tag.insert(tag.len() - 1, 't');
    }
    format!("{tag}{statement}{tag}")
}

/// A file of tests: assertions with what they need before them, in a transaction that is taken back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TestFile {
    items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Heading(String),
    Statement(String),
    Assertion(Box<Assertion>),
}

impl TestFile {
    /// A line of words before what follows.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.items.push(Item::Heading(text.into()));
    }

    /// A statement that must succeed for the tests to make sense, without a semicolon.
    pub fn statement(&mut self, statement: impl Into<String>) {
        self.items.push(Item::Statement(statement.into()));
    }

    /// A test.
    pub fn assert(&mut self, assertion: Assertion) {
        self.items.push(Item::Assertion(Box::new(assertion)));
    }

    /// How many tests there are.
    pub fn count(&self) -> usize {
        self.items.iter().filter(|item| matches!(item, Item::Assertion(_))).count()
    }
}

impl fmt::Display for TestFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "BEGIN;")?;
        // Messages are compared in English; who may not choose the language has it or sees the difference.
        writeln!(f, "DO $$ BEGIN\n  IF has_parameter_privilege('lc_messages', 'SET') THEN")?;
        writeln!(f, "    SET LOCAL lc_messages = 'C';\n  END IF;\nEND $$;")?;
        writeln!(f, "SELECT plan({});", self.count())?;
        for item in &self.items {
            match item {
                Item::Heading(text) => write!(f, "\n{}", crate::LineComment(text))?,
                Item::Statement(statement) => writeln!(f, "{statement};")?,
                Item::Assertion(assertion) => writeln!(f, "{assertion};")?,
            }
        }
        writeln!(f, "\nSELECT * FROM finish();\nROLLBACK;")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_its_quotes() {
        let mut file = TestFile::default();
        file.heading("a\nDROP TABLE b");
        file.assert(Assertion::Refused {
            statement: "SELECT '$$' || $$x$".to_owned(),
            sqlstate: "23505",
            message: Some("it's".to_owned()),
            description: "it's refused".to_owned(),
        });
        let text = file.to_string();
        assert!(text.contains("SELECT plan(1);"), "{text}");
        assert!(text.contains("$t$SELECT '$$' || $$x$$t$"), "{text}");
        assert!(text.contains("'it''s'"), "{text}");
        assert!(!text.contains("\nDROP"), "{text}");
    }
}
