//! Rows that are let in only beside owners in some state.

use super::{flaw, judge};

const AUCTION: &str = include_str!("auction.md");
const AUCTION_HOUSE: &str = include_str!("auction.sql");

#[test]
fn flaws_of_rows_beside_owners_in_some_state() {
    judge(
        AUCTION,
        AUCTION_HOUSE,
        &[
            flaw(
                "IF lot_status <> 'listed' AND",
                "IF lot_status = 'withdrawn' AND",
                "check/bids/lot_id/beside/insert",
            ),
            flaw(
                "(TG_OP = 'INSERT' OR NEW.lot_id <> OLD.lot_id)",
                "TG_OP = 'INSERT'",
                "check/bids/lot_id/beside/insert",
            ),
            flaw(
                "WHERE id = NEW.bidder_id AND blocked",
                "WHERE id = NEW.bidder_id AND blocked IS NULL",
                "check/bids/bidder_id/beside/insert",
            ),
            flaw(
                "OR UPDATE OR DELETE ON bids",
                "OR UPDATE ON bids",
                "check/bids/lot_id/beside/delete",
            ),
            // Who only looks sees the state before.
            flaw(
                "INTO lot_status FROM lots WHERE id = NEW.lot_id FOR UPDATE",
                "INTO lot_status FROM lots WHERE id = NEW.lot_id",
                "check/bids/lot_id/beside/insert",
            ),
            // A column that holds no 40, and the rows of its table are there all the same.
            flaw(
                "amount numeric(10,2) NOT NULL CHECK (amount > 0 AND amount <= 40)",
                "amount numeric(3,2) NOT NULL CHECK (amount > 0 AND amount <= 40)",
                "check/bids/amount/rule",
            ),
            flaw("UNIQUE (bidder_id, token)", "UNIQUE (bidder_id, lot_id, token)", "unique/bids/"),
            flaw(
                "(seller_id WITH =, tstzrange(opens_at, closes_at) WITH &&)",
                "(seller_id WITH =, tstzrange(opens_at, closes_at, '[]') WITH &&)",
                "exclusion/lots/opens_at,closes_at",
            ),
            flaw(
                "WITH &&) WHERE (status <> 'withdrawn'),",
                "WITH &&),",
                "exclusion/lots/opens_at,closes_at",
            ),
            flaw(
                "CREATE TRIGGER bill_covers BEFORE UPDATE ON bills FOR EACH ROW EXECUTE FUNCTION bill_covers();\n",
                "",
                "check/payments/bill_id/sum",
            ),
            flaw("+ NEW.amount > 100 THEN", "> 100 THEN", "check/bids/lot_id/sum"),
            flaw(
                "bidder_id integer NOT NULL REFERENCES bidders,\n    amount",
                "bidder_id integer NOT NULL,\n    amount",
                "foreign_key/bids/bidder_id",
            ),
        ],
    );
}

const REPAIRS: &str = include_str!("repairs.md");
const REPAIR_SHOP: &str = include_str!("repairs.sql");

/// A row asks for the state of what its owner belongs to, of which no document tells how it lives, and for a flag of another
/// owner; and some rows do not count.
#[test]
fn flaws_of_rows_that_ask_for_several_things() {
    judge(
        REPAIRS,
        REPAIR_SHOP,
        &[
            flaw(
                "minutes BETWEEN 1 AND 480",
                "minutes BETWEEN 1 AND 481",
                "check/steps/minutes/rule",
            ),
            flaw("note varchar(200)", "note varchar(199)", "check/steps/note/length"),
            flaw("tool_id) WHERE NOT is_undone", "tool_id)", "unique/steps/"),
            flaw(
                "BEFORE INSERT OR UPDATE OF piece_id, tool_id ON steps",
                "BEFORE INSERT ON steps",
                "check/steps/tool_id/beside/insert",
            ),
        ],
    );
}

const TOURS: &str = include_str!("tours.md");
const TOUR_CLUB: &str = include_str!("tours.sql");

/// A row's owner comes to the state that it asks for by a step of which no document tells, and only with another row beside it;
/// a moment of the row lies between two of its owner's; and a reference is held only later in the row's life.
#[test]
fn flaws_of_rows_whose_owner_needs_company() {
    judge(
        TOURS,
        TOUR_CLUB,
        &[
            flaw(
                "kilometres BETWEEN 1 AND 60",
                "kilometres BETWEEN 1 AND 61",
                "check/stages/kilometres/rule",
            ),
            flaw("remark varchar(120)", "remark varchar(119)", "check/stages/remark/length"),
            flaw(
                "NEW.tour_id <> OLD.tour_id) AND tour.status",
                "FALSE) AND tour.status",
                "check/stages/tour_id/beside/insert",
            ),
            flaw(
                "REFERENCES huts (club_id, id),",
                "REFERENCES huts (club_id, id) ON DELETE CASCADE,",
                "on_delete/stages/hut_id",
            ),
        ],
    );
}
