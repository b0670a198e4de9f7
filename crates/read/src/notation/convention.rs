//! What is said once of all things, clause by clause: "General: all ids are uuids, everything has a
//! version".

use std::ops::Range;

use crate::document::Inline;
use crate::prose::placed_sentences;
use crate::words::lower_words;

/// What such a clause begins with.
const BEGINS: &[&str] = &["all ", "every ", "each ", "everything ", "ids ", "primary keys "];

/// The clauses of a text, each with the lines that it may stand in, without a label before the first.
pub(super) fn clauses(inline: &Inline) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    for (sentence, range) in placed_sentences(inline) {
        let parts = parts(unlabelled(&sentence));
        found.extend(parts.into_iter().map(|part| (part.to_owned(), range.clone())));
    }
    found
}

/// A sentence without the words before a colon that say what it is about, where it then speaks of all.
fn unlabelled(sentence: &str) -> &str {
    let label = sentence.split_once(": ").filter(|(label, _)| lower_words(label).len() <= 3);
    label.map(|(_, rest)| rest.trim_start()).filter(|rest| begins(rest)).unwrap_or(sentence)
}

fn begins(text: &str) -> bool {
    let lower = text.trim_start().to_lowercase();
    BEGINS.iter().any(|word| lower.starts_with(word))
}

/// Splits a sentence that speaks of all things where it does so anew.
fn parts(sentence: &str) -> Vec<&str> {
    if !begins(sentence) {
        return vec![sentence];
    }
    let mut parts = Vec::new();
    let mut rest = sentence;
    loop {
        let marks = [", and ", " and ", "; ", ", "];
        let cut = marks
            .iter()
            .flat_map(|mark| rest.match_indices(mark).map(|(at, mark)| (at, mark.len())))
            .filter(|&(at, length)| begins(&rest[at + length..]))
            .min();
        let Some((at, length)) = cut else {
            parts.push(rest.trim());
            return parts;
        };
        parts.push(rest[..at].trim());
        rest = &rest[at + length..];
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn several_conventions_in_one_sentence() {
        check(
            "General: all ids are uuids, everything has created_at. Every table belongs to a club.\n\nclubs - name, city?, email (unique)\nmembers - name, phone, email (unique)\n",
            &expect![[r#"
                1 tenancy  tenant clubs -- General: all ids are uuids, everything has created_at. Every table belongs to a club.
                1 key-conventions  field clubs.id uuid primary key [inferred: said once of all keys]
                3 field-notes  entity clubs
                3 field-notes  field clubs.name
                3 field-notes  field clubs.city optional
                3 field-notes  field clubs.email unique
                1 key-conventions  field members.id uuid primary key [inferred: said once of all keys]
                4 field-notes  entity members
                4 field-notes  field members.name
                4 field-notes  field members.phone
                4 field-notes  field members.email unique
                1 common-fields  field clubs.created_at [inferred: said once of all entities]
                1 common-fields  field members.created_at [inferred: said once of all entities]
            "#]],
        );
    }

    #[test]
    fn what_is_said_of_every_one_of_a_thing_is_no_convention() {
        check(
            "Every guest has a name, a phone and an email. Every table has a number, a name and a price.\n",
            &expect![[r#"
                1 prose-entities  entity Guest
                1 prose-entities  entity Table
                1 prose-inline-fields  field Guest.name
                1 prose-inline-fields  field Guest.phone
                1 prose-inline-fields  field Guest.email
                1 prose-inline-fields  field Table.number
                1 prose-inline-fields  field Table.name
                1 prose-inline-fields  field Table.price
            "#]],
        );
    }
}
