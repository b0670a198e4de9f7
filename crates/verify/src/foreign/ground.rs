//! What must be known of somebody else's tables to write rows into them.

use std::collections::BTreeMap;

use underpin_pg::introspect::MadeType;
use underpin_pg::{Column, ForeignKey, Ident, QualifiedName, Schema, Table, Type};

use crate::row::is_text;
use crate::rule::TextPattern;
use crate::value::Decimal;

/// The tables of a schema, with the types that its author made.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) schema: Schema,
    pub(crate) types: BTreeMap<QualifiedName, MadeType>,
    /// Namespaces of which nothing is their author's: a platform's own.
    pub(crate) lent: Vec<Ident>,
    /// The bodies of functions, by their names.
    pub(crate) bodies: BTreeMap<QualifiedName, String>,
}

/// What a column holds, as far as a value for it must fit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Text {
        max: Option<usize>,
    },
    Integer,
    Number {
        scale: Option<u16>,
    },
    Boolean,
    Date,
    Time,
    Moment {
        zone: bool,
    },
    Interval,
    Uuid,
    Json,
    Labels(Vec<String>),
    /// A range over dates (`true`) or moments.
    Range {
        of_dates: bool,
    },
    Array,
    Other(Type),
}

impl Ground {
    /// What must be known of a table of our own design: its types are the server's.
    pub(crate) fn of_design(table: &Table) -> Self {
        let mut schema = Schema::default();
        schema.add_table(table.clone());
        Self { schema, types: BTreeMap::new(), lent: Vec::new(), bodies: BTreeMap::new() }
    }

    /// The tables that their author made.
    pub(super) fn own_tables(&self) -> impl Iterator<Item = &Table> {
        self.schema.tables.values().filter(|it| !self.lent.contains(&it.name.namespace))
    }

    pub(super) fn table(&self, name: &QualifiedName) -> &Table {
        &self.schema.tables[name]
    }

    /// What a column holds: behind domains, which type.
    pub(crate) fn kind(&self, column: &Column) -> Kind {
        self.kind_of(&column.data_type)
    }

    fn kind_of(&self, data_type: &Type) -> Kind {
        match data_type {
            Type::Named(name) => match self.types.get(name) {
                Some(MadeType::Enumeration(labels)) => Kind::Labels(labels.clone()),
                Some(MadeType::Domain { base, .. }) => self.kind_of(base),
                None if name.name.as_str() == "citext" => Kind::Text { max: None },
                None => Kind::Other(data_type.clone()),
            },
            Type::SmallInt | Type::Integer | Type::BigInt => Kind::Integer,
            Type::Numeric(digits) => Kind::Number { scale: digits.map(|(_, scale)| scale) },
            Type::DoublePrecision => Kind::Number { scale: None },
            Type::Boolean => Kind::Boolean,
            Type::Date => Kind::Date,
            Type::Time => Kind::Time,
            Type::TimestampTz => Kind::Moment { zone: true },
            Type::Interval => Kind::Interval,
            Type::Uuid => Kind::Uuid,
            Type::Jsonb => Kind::Json,
            Type::Array(_) => Kind::Array,
            Type::Other(name) if is_text(data_type) => Kind::Text { max: modifier(name) },
            Type::Text => Kind::Text { max: None },
            Type::Other(name) => match name.as_str() {
                "json" => Kind::Json,
                "real" => Kind::Number { scale: None },
                "daterange" => Kind::Range { of_dates: true },
                "tstzrange" | "tsrange" => Kind::Range { of_dates: false },
                "timestamp without time zone" => Kind::Moment { zone: false },
                name if name.starts_with("timestamp") => {
                    Kind::Moment { zone: name.contains("with time zone") }
                }
                name if name.starts_with("numeric") => Kind::Number { scale: None },
                // A made type with a modifier, such as a domain, prints so too.
                _ => match self.types.iter().find(|(made, _)| made.to_string() == *name) {
                    Some((made, _)) => self.kind_of(&Type::Named(made.clone())),
                    None => Kind::Other(data_type.clone()),
                },
            },
            Type::Bytea | Type::Inet | Type::TsVector | Type::Trigger => {
                Kind::Other(data_type.clone())
            }
        }
    }

    /// The type of a column, where its author made it.
    fn made(&self, column: &Column) -> Option<&MadeType> {
        if let Type::Named(name) = &column.data_type { self.types.get(name) } else { None }
    }

    /// Whether the type of a column is the domain of this name.
    pub(super) fn is_of_domain(&self, column: &Column, name: &str) -> bool {
        matches!(self.made(column), Some(MadeType::Domain { .. }))
            && matches!(&column.data_type, Type::Named(made) if made.name.as_str() == name)
    }

    /// Whether the column or its domain refuses NULL.
    pub(crate) fn refuses_null(&self, column: &Column) -> bool {
        column.not_null || self.domains(&column.data_type).any(|(not_null, _)| not_null)
    }

    /// The domains of a type, each with what it rests on: whether they refuse NULL, and their conditions as the server
    /// prints them.
    fn domains<'t>(&'t self, data_type: &'t Type) -> impl Iterator<Item = (bool, &'t str)> + 't {
        let mut of = Some(data_type);
        std::iter::from_fn(move || {
            let Some(Type::Named(name)) = of else { return None };
            match self.types.get(name) {
                Some(MadeType::Domain { base, not_null, conditions }) => {
                    of = Some(base);
                    Some((*not_null, conditions.as_str()))
                }
                Some(MadeType::Enumeration(_)) | None => None,
            }
        })
    }

    /// The conditions of a type and of what it rests on, and the bodies of the functions that they call.
    pub(crate) fn conditions_of(&self, data_type: &Type) -> Vec<String> {
        self.domains(data_type).map(|(_, conditions)| conditions.to_owned()).collect()
    }

    /// The bodies of the author's functions that a condition calls.
    pub(crate) fn called_by(&self, condition: &str) -> impl Iterator<Item = &str> {
        let is_called = |name: &str| {
            condition.match_indices(name).any(|(at, _)| {
                let behind = condition[at + name.len()..].trim_start_matches('"');
                behind.starts_with('(')
            })
        };
        self.bodies
            .iter()
            .filter(move |(name, _)| is_called(name.name.as_str()))
            .map(|(_, body)| body.as_str())
    }

    /// The words in quotes in the conditions on a column: the labels that a CHECK lists, and more.
    pub(super) fn quoted(&self, table: &Table, column: usize) -> Vec<String> {
        let mut found = Vec::new();
        let checks = table
            .checks
            .iter()
            .filter(|check| crate::rule::mentioned(table, &check.expression).contains(&column))
            .map(|check| check.expression.to_string());
        for text in checks.chain(self.domain_conditions(&table.columns[column])) {
            for label in literals(&without_patterns(&text)) {
                // `VALUE <> 'x'` lists no value.
                let is_other = text.contains(&format!("<> '{label}'"));
                if !is_other && !found.contains(&label) {
                    found.push(label);
                }
            }
        }
        found
    }

    /// The regular expressions that the conditions on a column alone ask it to match.
    pub(super) fn forms(&self, table: &Table, column: usize) -> Vec<TextPattern> {
        let checks = table
            .checks
            .iter()
            .filter(|check| crate::rule::mentioned(table, &check.expression) == [column])
            .map(|check| check.expression.to_string());
        let conditions = checks.chain(self.domain_conditions(&table.columns[column]));
        conditions.flat_map(|text| patterns(&text)).collect()
    }

    /// The numbers in the conditions on a column.
    pub(super) fn limits(&self, table: &Table, column: usize) -> Vec<Decimal> {
        let checks = table
            .checks
            .iter()
            .filter(|check| crate::rule::mentioned(table, &check.expression).contains(&column))
            .map(|check| check.expression.to_string());
        let conditions = checks.chain(self.domain_conditions(&table.columns[column]));
        conditions
            .flat_map(|text| {
                text.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))
                    .filter_map(Decimal::parse)
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// The conditions of a column's domain, as the server prints them.
    fn domain_conditions(&self, column: &Column) -> Option<String> {
        let all = self.conditions_of(&column.data_type);
        (!all.is_empty()).then(|| all.join(" "))
    }
}

/// The foreign key that is made of this column alone.
pub(super) fn single_key(table: &Table, column: usize) -> Option<&ForeignKey> {
    let name = &table.columns[column].name;
    table.foreign_keys.iter().find(|key| key.columns.len() == 1 && key.columns[0] == *name)
}

/// The foreign keys that a column is part of.
pub(super) fn keys_of(table: &Table, column: usize) -> impl Iterator<Item = &ForeignKey> {
    let name = &table.columns[column].name;
    table.foreign_keys.iter().filter(move |key| key.columns.contains(name))
}

/// Where a column stands in its table.
pub(super) fn position(table: &Table, name: &Ident) -> Option<usize> {
    table.columns.iter().position(|column| column.name == *name)
}

/// Where columns stand in their table.
pub(super) fn columns(table: &Table, names: &[Ident]) -> Vec<usize> {
    names.iter().filter_map(|name| position(table, name)).collect()
}

/// The primary key's columns.
pub(super) fn primary_key(table: &Table) -> Vec<usize> {
    table.primary_key.as_ref().map(|key| columns(table, &key.columns)).unwrap_or_default()
}

/// The regular expressions behind `~`, and what is behind LIKE (`~~`), in a condition that the server printed.
fn patterns(text: &str) -> Vec<TextPattern> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("~ ") {
        let before = &text[..at];
        let is_like = before.ends_with('~');
        // `!~` and `!~~` ask for the opposite.
        if before.trim_end_matches('~').ends_with('!') {
            continue;
        }
        let behind = text[at + 2..].trim_start_matches('(');
        if behind.starts_with('\'') {
            let literal = literals(behind).into_iter().next();
            let expression = literal.map(|it| if is_like { of_like(&it) } else { it });
            found.extend(expression.and_then(|it| TextPattern::parse(&it)));
        }
    }
    found
}

/// The regular expression that a pattern of LIKE stands for.
fn of_like(pattern: &str) -> String {
    let mut expression = String::from("^");
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '%' => expression.push_str(".*"),
            '_' => expression.push('.'),
            '\\' => expression.extend(characters.next().map(escaped).into_iter().flatten()),
            other => expression.extend(escaped(other)),
        }
    }
    expression.push('$');
    expression
}

/// A character that a regular expression takes as it is.
fn escaped(c: char) -> impl Iterator<Item = char> {
    let is_plain = c.is_alphanumeric() || " @_-,:;/".contains(c);
    (!is_plain).then_some('\\').into_iter().chain([c])
}

/// A condition that the server printed without the patterns of its comparisons: they are no values.
fn without_patterns(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::new();
    while let Some(at) = rest.find('~') {
        let behind = rest[at..].trim_start_matches(['~', '*', ' ', '(']);
        plain.push_str(&rest[..at]);
        rest = match behind.strip_prefix('\'') {
            Some(literal) => literal.find('\'').map_or("", |end| &literal[end + 1..]),
            None => behind,
        };
    }
    plain + rest
}

/// String constants of an expression that the server printed.
pub(crate) fn literals(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find('\'') {
        let mut literal = String::new();
        let mut tail = &rest[from + 1..];
        loop {
            let Some(to) = tail.find('\'') else { return found };
            literal.push_str(&tail[..to]);
            tail = &tail[to + 1..];
            if let Some(after) = tail.strip_prefix('\'') {
                literal.push('\'');
                tail = after;
            } else {
                break;
            }
        }
        found.push(literal);
        rest = tail;
    }
    found
}

/// The columns in which a condition of their table lets in one text alone, as that of a kind of rows does.
pub(super) fn only_values(table: &Table) -> BTreeMap<usize, String> {
    let only = |check: &underpin_pg::CheckConstraint| {
        let text = check.expression.to_string();
        let &[at] = crate::rule::mentioned(table, &check.expression).as_slice() else {
            return None;
        };
        let (left, right) = text.trim_matches(['(', ')']).split_once(" = ")?;
        let left = left.split("::").next()?.trim_matches(['(', ')', '"']);
        let is_column = left == table.columns[at].name.as_str();
        let mut all = literals(right).into_iter();
        let value = all.next().filter(|_| is_column && all.next().is_none())?;
        // Nothing stands behind the text but its type.
        let quoted = underpin_pg::quote_literal(&value);
        let rest = right.trim_start_matches('(').strip_prefix(&quoted)?;
        (rest.is_empty() || rest.starts_with("::") && !rest.contains(' ')).then_some((at, value))
    };
    table.checks.iter().filter_map(only).collect()
}

/// The number in the parentheses of `character varying(50)`.
fn modifier(name: &str) -> Option<usize> {
    let (_, inside) = name.split_once('(')?;
    inside.split_once(')')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_modifiers_are_found() {
        assert_eq!(literals("(a = ANY (ARRAY['x'::text, 'it''s'::text]))"), ["x", "it's"]);
        assert_eq!(patterns("CHECK ((VALUE ~ '^[A-Z]{3}$'::text))").len(), 1);
        assert_eq!(patterns("(code !~ '^[A-Z]{3}$'::text)").len(), 0);
        let like = patterns("CHECK (((VALUE)::text ~~ '%@%._'::text))");
        assert!(like[0].matches("a@b.c") && !like[0].matches("a.b"));
        assert_eq!(patterns("(code !~~ '%@%'::text)").len(), 0);
        let both = without_patterns("((a ~~* 'x%'::text) OR (a = 'it''s'::text))");
        assert_eq!(literals(&both), ["it's"]);
        assert_eq!(modifier("character varying(50)"), Some(50));
        assert_eq!(modifier("text"), None);
    }
}
