//! Rows that are let in only beside much else: owners with room and in a late state, rows beside the rows beside them, and
//! references that documents tell in words alone. How long rows last, and rows that are taken elsewhere.

use super::{flaw, judge};

const KILNS: &str = include_str!("kilns.md");
const KILN_HIRE: &str = include_str!("kilns.sql");

#[test]
fn flaws_behind_rows_that_ask_for_much() {
    judge(
        KILNS,
        KILN_HIRE,
        &[
            flaw(
                "<= interval '60 hours'",
                "< interval '60 hours'",
                "check/kiln_firing/heated_at,opened_at/duration/most",
            ),
            flaw(
                "interval '60 hours'",
                "interval '3 days'",
                "check/kiln_firing/heated_at,opened_at/duration/most",
            ),
            flaw(
                "tstzrange(heated_at, opened_at)",
                "tstzrange(heated_at, heated_at)",
                "exclusion/kiln_firing/heated_at,opened_at",
            ),
            flaw(
                "FOREIGN KEY (guild_id, signed_by) REFERENCES potter (guild_id, id)",
                "FOREIGN KEY (signed_by) REFERENCES potter (id)",
                "foreign_key/kiln_firing/signed_by/tenant",
            ),
            flaw(
                "IN ('approved', 'fired') THEN",
                "= 'approved' THEN",
                "check/kiln_firing/status,signed_by/rule",
            ),
            flaw("id <> NEW.id) >= 3", "id <> NEW.id) > 3", "check/firing_load/firing_id/limit"),
            flaw(
                "id IN (OLD.firing_id, NEW.firing_id)",
                "id = coalesce(NEW.firing_id, OLD.firing_id)",
                "check/firing_load/firing_id/beside/update",
            ),
            flaw(
                "numeric(6,1) NOT NULL CHECK (litres > 0)",
                "numeric(6,1) NOT NULL CHECK (litres >= 0)",
                "check/firing_load/litres/rule",
            ),
            flaw(
                "grade BETWEEN 1 AND 5",
                "grade BETWEEN 1 AND 6",
                "check/load_inspection/grade/rule",
            ),
            flaw(
                "UNIQUE (firing_id, sheet_no)",
                "UNIQUE (guild_id, firing_id, id)",
                "unique/firing_sheet/firing_id,sheet_no",
            ),
            flaw(
                "(TG_OP = 'INSERT' OR NEW.firing_id <> OLD.firing_id)",
                "TG_OP = 'INSERT'",
                "check/firing_sheet/firing_id/beside/insert",
            ),
            flaw(
                "('approved', 'scrapped'))",
                "('approved', 'scrapped'), ('fired', 'scrapped'))",
                "lifecycle/kiln_firing/status/steps",
            ),
        ],
    );
}
