//! Ranges of pages of BRIN indexes on generated rows. There are fewer than the documents state, so that a range of 128 pages
//! would hold as much of the table as hundreds do at the stated rows: ranges get shorter as rows get fewer.

use underpin_pg::{Command, Method, QualifiedName};
use underpin_physical::PhysicalDesign;
use underpin_server::{Session, SessionError};

/// So many pages a range has (manual, section 71.1).
const PAGES: f64 = 128.0;

/// Makes the ranges of all BRIN indexes as much shorter as their tables have fewer rows than stated.
///
/// # Errors
/// Where the connection is lost, or the server refuses it.
pub(crate) fn shorten(
    session: &mut Session,
    physical: &PhysicalDesign,
    rows: impl Fn(&QualifiedName) -> usize,
) -> Result<(), SessionError> {
    for index in physical.schema.indexes.values().filter(|it| it.method == Method::Brin) {
        let stated = physical.tables.of(&index.table).and_then(|it| it.growth.usual_rows());
        let there = u32::try_from(rows(&index.table)).map_or(f64::MAX, f64::from);
        let pages = pages(there, stated.unwrap_or_default());
        if pages < 128 {
            session.batch(&Command::PagesPerRange(index.name.clone(), pages).to_string())?;
        }
    }
    Ok(())
}

/// The pages of a range among so many of the stated rows.
fn pages(there: f64, stated: f64) -> u32 {
    let share = PAGES * there / stated.max(1.0);
    (2..=128).rev().find(|pages| f64::from(*pages) <= share).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::pages;

    #[test]
    fn ranges_are_as_long_as_the_part_of_the_rows_that_is_there() {
        for (there, stated, expected) in [
            (8_000.0, 20_000_000.0, 1),
            (2_000_000.0, 40_000_000.0, 6),
            (20_000_000.0, 20_000_000.0, 128),
            (9.0, 0.0, 128),
        ] {
            assert_eq!(pages(there, stated), expected, "{there} of {stated}");
        }
    }
}
