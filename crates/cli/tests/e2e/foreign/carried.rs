//! Keys and references that carry the tenant, and values that are held against those of the row that they belong to.

use super::{flaw, judge};

#[test]
fn flaws_of_rows_whose_keys_carry_the_tenant() {
    judge(
        include_str!("reels.md"),
        include_str!("reels.sql"),
        &[
            flaw(
                "BEFORE INSERT OR UPDATE ON reels",
                "BEFORE INSERT ON reels",
                "check/reels/length_m/across/reel_m",
            ),
            flaw(
                "AND print_id = NEW.id AND length_m > NEW.reel_m",
                "AND print_id = NEW.id AND false",
                "check/reels/length_m/across/reel_m",
            ),
            flaw(
                "IF NEW.length_m > (SELECT reel_m",
                "IF NEW.length_m > 1 + (SELECT reel_m",
                "check/reels/length_m/across/reel_m",
            ),
            flaw(
                "IF NEW.accession_no <> OLD.accession_no AND EXISTS",
                "IF NEW.accession_no <> OLD.accession_no AND NOT EXISTS",
                "check/prints/accession_no/settled",
            ),
            flaw(
                "lower(contact_email)) WHERE deleted_at IS NULL;",
                "lower(contact_email));",
                "unique/borrowers/archive_id,contact_email",
            ),
            flaw(
                "IF TG_OP = 'UPDATE' AND NEW.print_id = OLD.print_id THEN",
                "IF TG_OP = 'UPDATE' THEN",
                "check/loans/print_id/beside/insert",
            ),
            flaw(
                "CONSTRAINT reels_place UNIQUE (archive_id, print_id, position)",
                "CONSTRAINT reels_place UNIQUE (archive_id, print_id, position, length_m)",
                "unique/reels/print_id,position",
            ),
            flaw(
                "FOREIGN KEY (archive_id, print_id) REFERENCES prints (archive_id, id) ON DELETE CASCADE,",
                "CHECK (print_id IS NOT NULL),",
                "foreign_key/reels/print_id",
            ),
        ],
    );
}
