//! The two halves of a remark that says in which rows a value is there: "set for members; null for guests", "only when
//! paid, empty otherwise". One half alone would let in what the other forbids.

use smol_str::SmolStr;

use crate::words::lower_words;

/// A half in more words than these tells a story.
const LONGEST: usize = 12;

/// The rules of two parts of a remark that belong together; one where the second only says what holds otherwise.
pub(super) fn rules(first: &str, second: &str) -> Option<Vec<String>> {
    let (one, other) = (lower_words(first), lower_words(second));
    if one.len() > LONGEST || other.len() > LONGEST {
        return None;
    }
    if says_when(&one, PRESENT) && is_otherwise(&other, ABSENT)
        || says_when(&one, ABSENT) && is_otherwise(&other, PRESENT)
    {
        return Some(vec![format!("{first}; {second}")]);
    }
    let are_halves = says_when(&one, PRESENT) && says_when(&other, ABSENT)
        || says_when(&one, ABSENT) && says_when(&other, PRESENT);
    are_halves.then(|| vec![first.to_owned(), second.to_owned()])
}

/// What is said of a value that is there.
const PRESENT: &[&str] =
    &["set", "required", "present", "mandatory", "only", "given", "filled", "populated"];
/// What is said of a value that is not.
pub(super) const ABSENT: &[&str] = &["null", "empty", "blank", "unset", "absent"];

/// "set for members", "null when it is open"
fn says_when(words: &[SmolStr], said: &[&str]) -> bool {
    let [first, link, _, ..] = words else { return false };
    said.contains(&first.as_str())
        && matches!(link.as_str(), "for" | "when" | "if" | "once" | "unless" | "only")
}

/// "empty otherwise", "otherwise null", "else null"
fn is_otherwise(words: &[SmolStr], said: &[&str]) -> bool {
    let [first, second] = words else { return false };
    first == "otherwise" && said.contains(&second.as_str())
        || first == "else" && said.contains(&second.as_str())
        || second == "otherwise" && said.contains(&first.as_str())
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn both_halves_are_kept() {
        check(
            "## Cards\n\n| Field | Type | Notes |\n|-|-|-|\n| id | int | PK |\n| kind | enum(member, guest) | |\n| member_id | int | Set for members; null for guests |\n| guest_name | text | Only for guests, empty otherwise |\n| until | date | Null unless kind is guest |\n| desk | text | The desk. Required for guests; otherwise null |\n",
            &expect![[r#"
                1 field-table  entity Cards
                5 field-table  field Cards.id int primary key -- PK
                6 field-table  field Cards.kind enum [member | guest]
                7 field-table  field Cards.member_id int optional {Set for members} {null for guests} -- Set for members; null for guests
                8 field-table  field Cards.guest_name text optional {Only for guests; empty otherwise} -- Only for guests, empty otherwise
                9 field-table  field Cards.until date optional {Null unless kind is guest} -- Null unless kind is guest
                10 field-table  field Cards.desk text optional {Required for guests; otherwise null} -- The desk. Required for guests; otherwise null
            "#]],
        );
    }

    #[test]
    fn a_story_is_no_half() {
        check(
            "## Cards\n\n| Field | Type | Notes |\n|-|-|-|\n| id | int | PK |\n| a | text | Given by hand; null means no card |\n| b | text | Set of letters, empty for now |\n| c | text | Null means unknown |\n",
            &expect![[r#"
                1 field-table  entity Cards
                5 field-table  field Cards.id int primary key -- PK
                6 field-table  field Cards.a text -- Given by hand; null means no card
                7 field-table  field Cards.b text -- Set of letters, empty for now
                8 field-table  field Cards.c text optional -- Null means unknown
            "#]],
        );
    }
}
