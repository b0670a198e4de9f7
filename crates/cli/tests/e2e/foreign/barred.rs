//! Steps that rows beside a row bar, lives that sentences tell, days up to the last, and what is said once of all tables.

use super::{flaw, judge};

const PRINTS: &str = include_str!("prints.md");
const PRINT_STUDIOS: &str = include_str!("prints.sql");

#[test]
fn flaws_of_steps_that_rows_beside_a_row_bar() {
    judge(
        PRINTS,
        PRINT_STUDIOS,
        &[
            flaw("UNIQUE (studio_id, code)", "UNIQUE (code)", "unique/presses/studio_id,code"),
            flaw(
                "print_job_id = NEW.id AND state = 'open'",
                "print_job_id = NEW.id AND state = 'refused'",
                "check/print_jobs/status/barred/printed",
            ),
            flaw(
                "press_id = NEW.id AND status = 'queued'",
                "press_id = NEW.id AND status = 'draft'",
                "check/presses/retired_at/barred/set",
            ),
            flaw(
                "IF gone IS NOT NULL THEN",
                "IF gone > now() THEN",
                "check/print_jobs/press_id/beside/insert",
            ),
            flaw(
                "OR NEW.press_id <> OLD.press_id THEN",
                "THEN",
                "check/print_jobs/press_id/beside/insert",
            ),
            flaw("last_day, '[]')", "last_day, '[)')", "exclusion/shifts/first_day,last_day"),
            flaw(
                "'[]') WITH &&)",
                "'[]') WITH &&) WHERE (last_day IS NOT NULL)",
                "exclusion/shifts/first_day,last_day",
            ),
            flaw(
                "(NEW.press_id, NEW.price) IS DISTINCT FROM (OLD.press_id, OLD.price)",
                "NEW.press_id <> OLD.press_id",
                "check/print_jobs/price/unchanged",
            ),
            flaw(
                "('queued', 'dropped'))",
                "('queued', 'dropped'), ('dropped', 'queued'))",
                "lifecycle/print_jobs/status/steps",
            ),
            flaw(", ('queued', 'dropped'))", ")", "lifecycle/print_jobs/status/lives"),
        ],
    );
}
