//! Queries for what is due: nobody finds it by the very moment. "Reminders due" are all whose time has come.

use underpin_read::{Bound, FilterOperator};

use crate::draft::Draft;
use crate::names::words;
use crate::{FieldKind, Filter, Sort};

/// Words for what should have been by now.
const PASSED: &[&str] = &["due", "overdue", "expired", "elapsed", "lapsed"];
/// Words for what waits for its time, as any row of its kind may be called.
const WAITING: &[&str] = &["pending", "reminder", "reminders"];
/// Words for what is still to come.
const TO_COME: &[&str] = &["upcoming", "future", "forthcoming"];

/// Makes a bound of the one moment that such a query compares, and gives the order in which its rows come. Of a query
/// that is only known by its index, the moments are asked for between two others.
pub(super) fn bounded(
    draft: &Draft<'_>,
    text: &str,
    is_of_index: bool,
    filter: &mut [Filter],
) -> Option<Sort> {
    let said = words(text);
    let says = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str()));
    let (passed, to_come) = (says(PASSED), says(TO_COME));
    // "Pending visits on a day" are those of that day.
    let says_day = says(&["date", "day", "days", "today"]);
    let waits = says(WAITING) && !says_day;
    let speaks_of_now = passed || to_come || waits;
    if !(speaks_of_now || is_of_index) {
        return None;
    }
    // "By due date" names the field, and says nothing of now.
    let mut is_named = false;
    let mut moments: Vec<&mut Filter> = Vec::new();
    for it in filter {
        let field = draft.model.field(it.field);
        let is_moment = field.kind == FieldKind::Timestamp;
        // One day is often asked for, but not where it has passed.
        let is_time = is_moment || (passed || to_come) && field.kind == FieldKind::Date;
        let is_range = it.operator == FilterOperator::Range && is_of_index && (passed || to_come);
        let is_open = it.operator == FilterOperator::Equals || is_range;
        if is_time && is_open && !field.unique {
            let name = words(&field.name);
            is_named |= name.len() > 1 && said.windows(name.len()).any(|it| it == name);
            moments.push(it);
        }
    }
    let bound = match (passed || waits, to_come) {
        (true, false) if !is_named => Some(Bound::AtMost),
        (false, true) if !is_named => Some(Bound::AtLeast),
        (_, _) => None,
    };
    if is_named && !is_of_index {
        return None;
    }
    if let (Some(bound), [only]) = (bound, moments.as_mut_slice()) {
        only.operator = FilterOperator::Bound(bound);
        return Some(Sort { field: only.field, descending: false });
    }
    for it in moments {
        it.operator = FilterOperator::Range;
    }
    None
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    use crate::FilterOperator;

    /// The conditions and the order of the queries that indexes of a document ask for.
    fn asked(indexes: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let document = format!(
            "## visits\n\n| Column | Type |\n|-|-|\n| id | uuid |\n| begins | timestamptz |\n| closes | timestamptz |\n| room | int |\n| sent | boolean |\n\n```sql\n{indexes}\n```\n"
        );
        sources.add("visits.md", document);
        let model = crate::build(&underpin_read::read(&sources), &sources);
        let name = |id| model.field(id).name.clone();
        let patterns = model.patterns.iter().map(|pattern| {
            let filter = pattern.filter.iter().map(|it| {
                let operator = match &it.operator {
                    FilterOperator::Bound(bound) => bound.as_str().to_owned(),
                    other => format!("{other:?}"),
                };
                format!("{} {operator}", name(it.field))
            });
            let sort: Vec<String> = pattern.sort.iter().map(|it| name(it.field)).collect();
            format!("{} / {}", filter.collect::<Vec<_>>().join(", "), sort.join(", "))
        });
        patterns.collect()
    }

    #[test]
    fn what_is_due_is_asked_for_up_to_a_moment() {
        assert_eq!(
            asked("-- Nightly job: find reminders due\nCREATE INDEX a ON visits (begins, sent);"),
            ["begins <=, sent Equals / begins"]
        );
        assert_eq!(
            asked("-- List the upcoming visits\nCREATE INDEX a ON visits (begins);"),
            ["begins >= / begins"]
        );
    }

    #[test]
    fn moments_of_an_index_are_asked_for_between_two() {
        assert_eq!(
            asked("-- Visits of a board\nCREATE INDEX a ON visits (begins, room);"),
            ["begins Range, room Equals / "]
        );
        // Which of the two is due is not said.
        assert_eq!(
            asked("-- Find visits that are due\nCREATE INDEX a ON visits (begins, closes);"),
            ["begins Range, closes Range / "]
        );
        assert_eq!(
            asked("-- Find visits of a room\nCREATE INDEX a ON visits (room);"),
            ["room Equals / "]
        );
    }
}
