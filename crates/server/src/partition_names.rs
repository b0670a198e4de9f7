//! Which tables and indexes are parts of others, so that what a partition refuses is told as refused by its table.
//!
//! Rows of a partitioned table lie in its partitions, and a violated constraint is reported under their names
//! (`readings_p202611_pkey` of `readings_p202611`), which nobody designed and which change with the calendar.

use std::collections::BTreeMap;

use crate::ServerError;

type Name = (String, String);

/// For each part, by namespace and name, what it is a part of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PartitionNames(BTreeMap<Name, Name>);

impl PartitionNames {
    /// From the rows of [`underpin_pg::introspect::PARTS`].
    pub(crate) fn of(rows: Vec<Vec<Option<String>>>) -> Self {
        let pair = |row: Vec<Option<String>>| -> Option<(Name, Name)> {
            let mut row = row.into_iter();
            let part = (row.next()??, row.next()??);
            Some((part, (row.next()??, row.next()??)))
        };
        Self(rows.into_iter().filter_map(pair).collect())
    }

    /// The name of what a table or an index is a part of, else its own.
    pub(crate) fn whole_of<'n>(&'n self, namespace: Option<&str>, name: &'n str) -> &'n str {
        let found = self.0.iter().find(|((space, part), _)| {
            part == name && namespace.is_none_or(|namespace| namespace == space)
        });
        found.map_or(name, |(_, (_, whole))| whole)
    }

    /// Names table and constraint of an error as they were designed.
    pub(crate) fn tell(&self, error: &mut ServerError) {
        if self.0.is_empty() {
            return;
        }
        let space = error.schema.as_deref();
        let whole =
            |name: &Option<String>| name.as_deref().map(|it| self.whole_of(space, it).to_owned());
        (error.table, error.constraint) = (whole(&error.table), whole(&error.constraint));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_told_as_its_whole() {
        let text = |text: &str| Some(text.to_owned());
        let names = PartitionNames::of(vec![
            vec![text("public"), text("rows_1_pkey"), text("public"), text("rows_pkey")],
            vec![text("other"), text("rows_1"), text("other"), text("rows")],
        ]);
        assert_eq!(names.whole_of(Some("public"), "rows_1_pkey"), "rows_pkey");
        assert_eq!(names.whole_of(Some("public"), "rows_1"), "rows_1");
        assert_eq!(names.whole_of(None, "rows_1"), "rows");
    }
}
