//! A query that finds values for columns with which conditions hold together: the server tries all combinations of
//! the values that are offered, and takes those that were offered first.

use std::fmt;

use crate::{Expr, Ident, Type};

/// The values that a column may be given.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The column.
    pub column: Ident,
    /// Its type.
    pub data_type: Type,
    /// The values, the dearest first, each with its place among all that were thought of.
    pub values: Vec<(usize, Expr)>,
}

/// A column that the server computes from others.
#[derive(Debug, Clone, PartialEq)]
pub struct Computed {
    /// The column.
    pub column: Ident,
    /// Its type.
    pub data_type: Type,
    /// What it is computed from.
    pub expression: Expr,
}

/// What is asked: a row for each answer, in which each column takes two places, its value and that value's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The columns that are given values.
    pub choices: Vec<Choice>,
    /// Columns that are computed from them.
    pub computed: Vec<Computed>,
    /// What must not be false, as of a CHECK.
    pub conditions: Vec<Expr>,
    /// What must be false; nothing where all must hold.
    pub broken: Option<Expr>,
    /// How many answers at most.
    pub most: usize,
}

impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sources: Vec<(Ident, Ident)> = (0..self.choices.len())
            .map(|at| {
                let name = |text: String| Ident::new(text).expect("a short name");
                (name(format!("choice {at}")), name(format!("place of choice {at}")))
            })
            .collect();
        f.write_str("SELECT ")?;
        for (at, (choice, (source, place))) in self.choices.iter().zip(&sources).enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}CAST({source}.{} AS text), {place}", choice.column)?;
        }
        for (at, (choice, (source, place))) in self.choices.iter().zip(&sources).enumerate() {
            f.write_str(if at == 0 { "\nFROM (VALUES " } else { "\nCROSS JOIN (VALUES " })?;
            for (index, (rank, value)) in choice.values.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                write!(f, "{comma}(CAST({value} AS {}), {rank})", choice.data_type)?;
            }
            write!(f, ") AS {source} ({}, {place})", choice.column)?;
        }
        for (at, computed) in self.computed.iter().enumerate() {
            let Computed { column, data_type, expression } = computed;
            let name = Ident::new(format!("computed {at}")).expect("a short name");
            write!(
                f,
                "\nCROSS JOIN LATERAL (SELECT CAST({expression} AS {data_type}) AS {column}) AS {name}"
            )?;
        }
        for (at, condition) in self.conditions.iter().enumerate() {
            let word = if at == 0 { "\nWHERE" } else { "\n  AND" };
            write!(f, "{word} ({condition}) IS NOT FALSE")?;
        }
        if let Some(broken) = &self.broken {
            let word = if self.conditions.is_empty() { "\nWHERE" } else { "\n  AND" };
            write!(f, "{word} ({broken}) IS FALSE")?;
        }
        let places: Vec<String> = sources.iter().map(|(_, place)| place.to_string()).collect();
        write!(f, "\nORDER BY {}, {}\nLIMIT {}", places.join(" + "), places.join(", "), self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_has_its_list_and_all_conditions_are_asked_at_once() {
        let name = |text: &str| Ident::new(text).unwrap();
        let number = |at: usize, text: &str| (at, Expr::text(text));
        let choice = |column: &str, values: &[&str]| Choice {
            column: name(column),
            data_type: Type::Integer,
            values: values.iter().enumerate().map(|(at, text)| number(at, text)).collect(),
        };
        let assignment = Assignment {
            choices: vec![choice("net", &["0", "1"]), choice("Total", &["1"])],
            computed: vec![Computed {
                column: name("rest"),
                data_type: Type::Integer,
                expression: Expr::Verbatim("\"Total\" - net".to_owned()),
            }],
            conditions: vec![
                Expr::Verbatim("net > 0".to_owned()),
                Expr::Verbatim("rest = 0".to_owned()),
            ],
            broken: Some(Expr::Verbatim("net > 5".to_owned())),
            most: 1,
        };
        assert_eq!(
            assignment.to_string(),
            "SELECT CAST(\"choice 0\".net AS text), \"place of choice 0\", \
             CAST(\"choice 1\".\"Total\" AS text), \"place of choice 1\"\n\
             FROM (VALUES (CAST('0' AS integer), 0), (CAST('1' AS integer), 1)) \
             AS \"choice 0\" (net, \"place of choice 0\")\n\
             CROSS JOIN (VALUES (CAST('1' AS integer), 0)) \
             AS \"choice 1\" (\"Total\", \"place of choice 1\")\n\
             CROSS JOIN LATERAL (SELECT CAST((\"Total\" - net) AS integer) AS rest) AS \"computed 0\"\n\
             WHERE ((net > 0)) IS NOT FALSE\n  AND ((rest = 0)) IS NOT FALSE\n  AND ((net > 5)) IS FALSE\n\
             ORDER BY \"place of choice 0\" + \"place of choice 1\", \
             \"place of choice 0\", \"place of choice 1\"\nLIMIT 1"
        );
    }
}
