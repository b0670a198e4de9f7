//! Rows of a design as a whole: the same for the same seed, and referring to rows that are there.

use std::collections::BTreeSet;

use underpin_base::Sources;
use underpin_physical::PhysicalDesign;

use super::{Scale, Wanted};
use crate::row::{Fresh, Row, Shape};
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
    let mut sources = Sources::default();
    sources.add("docs/a.md", DOCUMENT);
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
        let wanted = Wanted { rows: 600, seed };
        rows(&Scale::new(&physical, &shapes, wanted, &Fresh::default()), "enrolments")
    };
    assert_eq!(made(1), made(1));
    assert_ne!(made(1), made(2));
}

#[test]
fn rows_refer_to_rows_that_are_there_and_pairs_differ() {
    let physical = design();
    let shapes = Shape::all(&physical);
    let wanted = Wanted { rows: 5_000, seed: 3 };
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
