//! Headings that all end in one word for what they are: "Customer Schema", "Invoice Schema", "Payslip Document".
//!
//! Alone such a word may belong to the name, since a "Medical Record" is a thing. Where the headings beside it end in
//! the same word, it says what all of them are.

use std::collections::BTreeMap;

use super::Document;
use crate::entity_name::{EntityTitle, read_title, strip_numbering};

/// The sections whose heading is a name and such a word, with that name.
pub(super) fn of(document: &Document<'_>) -> BTreeMap<usize, EntityTitle> {
    let mut groups: BTreeMap<(Option<usize>, u8), Vec<usize>> = BTreeMap::new();
    for (at, section) in document.sections.iter().enumerate() {
        groups.entry((section.parent, section.level)).or_default().push(at);
    }
    let mut found = BTreeMap::new();
    for sections in groups.values() {
        let titles = sections.iter().map(|&at| (at, document.title(at)));
        let named: Vec<(usize, &str)> =
            titles.filter(|(_, title)| read_title(title).is_some()).collect();
        for (word, least) in WORDS {
            let alike: Vec<(usize, String)> =
                named.iter().filter_map(|&(at, title)| Some((at, without(title, word)?))).collect();
            if alike.len() < *least || alike.len() * 4 < named.len() * 3 {
                continue;
            }
            for (at, title) in alike {
                found.extend(read_title(&title).map(|title| (at, title)));
            }
        }
    }
    found
}

/// Words for what holds the fields of a thing, and how many headings must end in one.
const WORDS: &[(&str, usize)] = &[
    ("schema", 2),
    ("document", 3),
    ("record", 3),
    ("object", 3),
    ("data", 3),
    ("details", 3),
    ("info", 3),
    ("information", 3),
    ("resource", 3),
    ("node", 3),
    ("interface", 3),
];

/// A heading without its last word, where that is this one and something stands before it.
fn without(title: &str, word: &str) -> Option<String> {
    let plain = strip_numbering(title);
    let (front, behind) = match plain.split_once(" (") {
        Some((front, behind)) => (front, format!(" ({behind}")),
        None => (plain, String::new()),
    };
    let (name, last) = front.trim_end_matches(':').rsplit_once(' ')?;
    last.eq_ignore_ascii_case(word).then(|| format!("{name}{behind}"))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_all_headings_end_in_is_no_part_of_a_name() {
        check(
            "# Data\n\n## 1. Customer Schema\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## 2. Line Item Schema (nested)\n\n| Field | Type |\n|-|-|\n| id | uuid |\n",
            &expect![[r#"
                3 field-table  entity Customer
                7 field-table  field Customer.id uuid
                9 field-table  entity Line Item
                13 field-table  field Line Item.id uuid
            "#]],
        );
    }

    #[test]
    fn one_heading_keeps_its_word() {
        check(
            "# Data\n\n## Customer\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Medical Record\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Visit\n\n| Field | Type |\n|-|-|\n| id | uuid |\n",
            &expect![[r#"
                3 field-table  entity Customer
                7 field-table  field Customer.id uuid
                9 field-table  entity Medical Record
                13 field-table  field Medical Record.id uuid
                15 field-table  entity Visit
                19 field-table  field Visit.id uuid
            "#]],
        );
    }
}
