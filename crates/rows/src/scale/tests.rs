//! Rows of a design as a whole: the same for the same seed, and referring to rows that are there.

use std::collections::BTreeSet;

use underpin_base::Sources;
use underpin_physical::PhysicalDesign;

use super::{Scale, Wanted};
use crate::row::{Fresh, NOW, Row, Shape};
use crate::value::Value;

const DOCUMENT: &str = "\
# Schools

## School

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| name | string | required |

## Pupil

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| school_id | uuid | required, references School |
| email | string | required, unique |

## Course

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| school_id | uuid | required, references School |
| title | string | required |

## Enrolment

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| course_id | uuid | required, references Course |
| pupil_id | uuid | required, references Pupil |
| mark | integer | optional |

### Rules

- The pair of `course_id` and `pupil_id` must be unique.
- `mark` must be between 1 and 6.
";

fn design() -> PhysicalDesign {
    design_of(DOCUMENT)
}

fn design_of(document: &str) -> PhysicalDesign {
    let mut sources = Sources::default();
    sources.add("docs/a.md", document);
    let model = underpin_model::build(&underpin_read::read(&sources), &sources);
    let logical = underpin_logical::design(&model);
    underpin_physical::design(&model, &logical)
}

fn rows(scale: &Scale<'_>, table: &str) -> Vec<Row> {
    let table = scale.tables().find(|it| it.shape().table.name.name.as_str() == table).unwrap();
    let number = scale.number_of(&table.shape().table.name).unwrap();
    (0..table.rows()).filter_map(|place| scale.row(number, place).ok()).collect()
}

#[test]
fn the_same_seed_makes_the_same_rows() {
    let physical = design();
    let shapes = Shape::all(&physical);
    let made = |seed| {
        let wanted = Wanted { rows: 600, seed, now: NOW };
        rows(&Scale::new(&physical, &shapes, wanted, &Fresh::default()), "enrolments")
    };
    assert_eq!(made(1), made(1));
    assert_ne!(made(1), made(2));
}

#[test]
fn rows_refer_to_rows_that_are_there_and_pairs_differ() {
    let physical = design();
    let shapes = Shape::all(&physical);
    let wanted = Wanted { rows: 5_000, seed: 3, now: NOW };
    let scale = Scale::new(&physical, &shapes, wanted, &Fresh::default());
    let ids = |table: &str, column: usize| -> BTreeSet<Value> {
        rows(&scale, table).into_iter().map(|row| row[column].clone()).collect()
    };
    let (courses, pupils) = (ids("courses", 0), ids("pupils", 0));
    let enrolments = rows(&scale, "enrolments");
    assert!(enrolments.len() > 1_000, "{}", enrolments.len());
    let mut pairs = BTreeSet::new();
    for row in &enrolments {
        assert!(courses.contains(&row[1]) && pupils.contains(&row[2]), "{row:?}");
        assert!(pairs.insert((row[1].clone(), row[2].clone())), "{row:?} is there twice");
        assert!(
            row[3] == Value::Null || (Value::integer(1) <= row[3] && row[3] <= Value::integer(6))
        );
    }
    assert_eq!(ids("pupils", 2).len(), rows(&scale, "pupils").len(), "e-mail addresses differ");
}

const TICKETS: &str = "\
## Ticket

| Field | Type | Constraints |
|---|---|---|
| id | uuid | primary key |
| status | string | required |
| priority | enum(low, high, urgent) | required |
| phone | string | optional |
| closed_at | timestamp | optional |

### Life cycle

- open → waiting → closed

### Rules

- `closed_at` is required when status is closed.

## Volumes

- 90 % of tickets are closed, 4 % are waiting.
- 1 % of tickets are urgent.
- Phone is missing for 30 % of tickets.
";

#[test]
fn stated_shares_are_kept_and_do_not_go_together() {
    let physical = design_of(TICKETS);
    let shapes = Shape::all(&physical);
    let wanted = Wanted { rows: 20_000, seed: 5, now: NOW };
    let scale = Scale::new(&physical, &shapes, wanted, &Fresh::default());
    let tickets = rows(&scale, "tickets");
    assert_eq!(tickets.len(), 20_000);
    let percent = |is_it: &dyn Fn(&Row) -> bool| {
        let count = tickets.iter().filter(|row| is_it(row)).count();
        count * 1_000 / tickets.len()
    };
    let text = |row: &Row, at: usize| row[at].text().unwrap_or_default();
    let near = |found: usize, wanted: usize| {
        assert!(found.abs_diff(wanted) <= 12, "{found} of 1000, not {wanted}");
    };
    near(percent(&|row| text(row, 1) == "closed"), 900);
    near(percent(&|row| text(row, 1) == "waiting"), 40);
    near(percent(&|row| text(row, 1) == "open"), 60);
    near(percent(&|row| text(row, 2) == "urgent"), 10);
    near(percent(&|row| row[3] == Value::Null), 300);
    near(percent(&|row| row[3] == Value::Null && text(row, 1) == "closed"), 270);
    assert!(tickets.iter().all(|row| text(row, 1) != "closed" || row[4].is_present()));
}
