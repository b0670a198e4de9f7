//! Reads that say more than one clause: the first rows of each of many, and the row nearest to a moment.

use std::fmt;

use crate::{Expr, Ident, QualifiedName, Select, Type};

/// What each of which the first rows are asked for is.
#[derive(Debug, Clone)]
pub enum Each {
    /// A row of another table.
    Row(QualifiedName),
    /// One of a few values, known by the name of a column.
    Value {
        /// The column.
        name: Ident,
        /// Its type.
        data_type: Type,
        /// The values.
        values: Vec<String>,
    },
}

/// The first rows of each of many: one look into an index for each, however many rows it has (manual, section 7.2.1.5,
/// `LATERAL`).
#[derive(Debug, Clone)]
pub struct FirstOfEach<'a> {
    /// The first rows of one, which is known as [`FirstOfEach::EACH`].
    pub first: &'a Select,
    /// What it is one of.
    pub each: &'a Each,
    /// Which of them are asked for; all where it is `None`.
    pub which: Option<&'a Expr>,
}

impl FirstOfEach<'_> {
    /// The alias of what each is.
    pub const EACH: &'static str = "each_one";
}

impl fmt::Display for FirstOfEach<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = Self::EACH;
        let columns: Vec<String> =
            names(self.first).iter().map(|name| format!("picked.{name}")).collect();
        write!(f, "SELECT {}\nFROM ", columns.join(", "))?;
        match self.each {
            Each::Row(table) => write!(f, "{table} AS {each}")?,
            Each::Value { name, data_type, values } => {
                let values: Vec<String> =
                    values.iter().map(|value| Expr::text(value).to_string()).collect();
                write!(
                    f,
                    "unnest(ARRAY[{}]::{data_type}[]) AS {each} ({name})",
                    values.join(", ")
                )?;
            }
        }
        write!(f, "\nCROSS JOIN LATERAL (\n  {}\n) AS picked", indented(self.first))?;
        match self.which {
            Some(which) => write!(f, "\nWHERE {which}"),
            None => Ok(()),
        }
    }
}

/// The first rows of each group, where what the groups are is not known beforehand: all rows are read in order (manual,
/// section 7.3.3 for `DISTINCT ON`, section 3.5 for window functions).
#[derive(Debug, Clone)]
pub struct FirstOfGroup<'a> {
    /// The rows in their order, without a limit.
    pub rows: &'a Select,
    /// What they are gathered by.
    pub groups: &'a [Expr],
    /// How many of each group.
    pub limit: u32,
}

impl fmt::Display for FirstOfGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<String> = self.groups.iter().map(ToString::to_string).collect();
        let groups = groups.join(", ");
        let order: Vec<String> = self
            .rows
            .order_by
            .iter()
            .map(|by| format!("{}{}", by.value, if by.descending { " DESC" } else { "" }))
            .collect();
        let order = order.join(", ");
        let plain = Select { order_by: Vec::new(), ..self.rows.clone() }.to_string();
        let plain = plain.strip_prefix("SELECT ").unwrap_or(&plain);
        if self.limit == 1 {
            return write!(f, "SELECT DISTINCT ON ({groups}) {plain}\nORDER BY {groups}, {order}");
        }
        let (output, rest) = plain.split_once('\n').unwrap_or((plain, ""));
        let names: Vec<String> = names(self.rows).iter().map(ToString::to_string).collect();
        write!(
            f,
            "SELECT {}\nFROM (\n  SELECT {output}, row_number() OVER (PARTITION BY {groups} ORDER BY {order}) AS place\n  \
             {}\n) AS placed\nWHERE place <= {}",
            names.join(", "),
            rest.replace('\n', "\n  "),
            self.limit
        )
    }
}

/// The row whose moment lies nearest to a given one: the last before it or the first after it, each by one look into an index.
#[derive(Debug, Clone)]
pub struct Nearest<'a> {
    /// The last row before the moment, or at it.
    pub before: &'a Select,
    /// The first row after it.
    pub after: &'a Select,
    /// The column of the moment, as the rows give it.
    pub moment: &'a Ident,
    /// Whether it is a day.
    pub is_day: bool,
    /// The given moment.
    pub given: &'a Expr,
}

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { moment, given, .. } = self;
        let names: Vec<String> = names(self.before).iter().map(ToString::to_string).collect();
        let distance = if self.is_day {
            format!("abs({moment} - {given})")
        } else {
            format!("abs(extract(epoch FROM {moment} - {given}))")
        };
        write!(
            f,
            "SELECT {}\nFROM (\n  ({})\n  UNION ALL\n  ({})\n) AS near\nORDER BY {distance}\nLIMIT 1",
            names.join(", "),
            indented(self.before),
            indented(self.after)
        )
    }
}

/// The names that the values of a query go by.
fn names(select: &Select) -> Vec<Ident> {
    let name = |output: &crate::Output| {
        let own = match &output.value {
            Expr::Column(name) | Expr::Qualified(_, name) => Some(name.clone()),
            _ => None,
        };
        output.name.clone().or(own)
    };
    select.output.iter().filter_map(name).collect()
}

fn indented(select: &Select) -> String {
    select.to_string().replace('\n', "\n  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OrderBy, Output, TableRef};

    fn id(name: &str) -> Ident {
        Ident::new(name).unwrap()
    }

    fn readings() -> Select {
        let output = ["device_id", "recorded_at"]
            .map(|name| Output { value: Expr::column(&id(name)), name: None });
        let table = QualifiedName::new(id("public"), id("readings"));
        let mut select = Select::new(output.to_vec(), Some(TableRef { table, alias: None }));
        select.order_by =
            vec![OrderBy { value: Expr::column(&id("recorded_at")), descending: true }];
        select
    }

    #[test]
    fn the_first_rows_of_each() {
        let first = Select { limit: Some(Expr::integer(1)), ..readings() };
        let each = Each::Row(QualifiedName::new(id("public"), id("devices")));
        assert_eq!(
            FirstOfEach { first: &first, each: &each, which: None }.to_string(),
            "SELECT picked.device_id, picked.recorded_at\nFROM public.devices AS each_one\nCROSS JOIN LATERAL (\n  \
             SELECT device_id, recorded_at\n  FROM public.readings\n  ORDER BY recorded_at DESC\n  LIMIT 1\n) AS picked"
        );
        let each = Each::Value {
            name: id("metric"),
            data_type: Type::Text,
            values: vec!["it's".to_owned()],
        };
        let text = FirstOfEach { first: &first, each: &each, which: None }.to_string();
        assert!(
            text.contains("FROM unnest(ARRAY['it''s']::text[]) AS each_one (metric)"),
            "{text}"
        );
    }

    #[test]
    fn the_first_rows_of_groups() {
        let groups = [Expr::column(&id("device_id"))];
        let one = FirstOfGroup { rows: &readings(), groups: &groups, limit: 1 }.to_string();
        assert_eq!(
            one,
            "SELECT DISTINCT ON (device_id) device_id, recorded_at\nFROM public.readings\nORDER BY device_id, recorded_at DESC"
        );
        let three = FirstOfGroup { rows: &readings(), groups: &groups, limit: 3 }.to_string();
        assert_eq!(
            three,
            "SELECT device_id, recorded_at\nFROM (\n  SELECT device_id, recorded_at, row_number() OVER (PARTITION BY \
             device_id ORDER BY recorded_at DESC) AS place\n  FROM public.readings\n) AS placed\nWHERE place <= 3"
        );
    }

    #[test]
    fn the_row_nearest_to_a_moment() {
        let moment = id("recorded_at");
        let (rows, given) = (readings(), Expr::Parameter(1));
        let near =
            Nearest { before: &rows, after: &rows, moment: &moment, is_day: false, given: &given };
        let text = near.to_string();
        assert!(
            text.ends_with("ORDER BY abs(extract(epoch FROM recorded_at - $1))\nLIMIT 1"),
            "{text}"
        );
    }
}
