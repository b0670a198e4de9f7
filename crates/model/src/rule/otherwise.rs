//! What holds of the other rows: "set when it is paid, otherwise null", "only for hazardous goods, empty otherwise".

use crate::{Expression, FieldId};

/// What is said of a value in the rows that the rest of a sentence does not speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// There is none.
    Absent,
    /// There is one.
    Present,
    /// There may be one.
    Either,
}

/// The sentence without its last part, and what that says of the other rows.
pub(super) fn split(text: &str) -> Option<(&str, Elsewhere)> {
    const ELSE: &[&str] = &[
        " otherwise",
        " in every other status",
        " in every other state",
        " in any other status",
        " in any other state",
        " in all other states",
        " in all other statuses",
        " in every other case",
        " in all other cases",
    ];
    const BE: &[&str] = &[
        "it must be ",
        "must be ",
        "it is ",
        "is ",
        "it stays ",
        "it remains ",
        "they stay ",
        "they are ",
        "they remain ",
        "stays ",
        "remains ",
    ];
    let after_comma = || text.rsplit_once([',', ';']);
    // "Required when it is done and empty in every other status".
    let (head, tail) = match text.rsplit_once(" and ") {
        Some(both @ (_, tail)) if ELSE.iter().any(|end| tail.ends_with(end)) => both,
        Some(both @ (_, tail)) if is_of_others(tail) => both,
        Some(_) | None => after_comma()?,
    };
    if is_of_others(tail) {
        return Some((head.trim(), Elsewhere::Absent));
    }
    let tail = tail.trim().trim_end_matches('.').to_lowercase();
    let tail = tail.strip_prefix("and ").unwrap_or(&tail);
    let said = ["otherwise ", "else "]
        .iter()
        .find_map(|lead| tail.strip_prefix(lead))
        .or_else(|| ELSE.iter().find_map(|end| tail.strip_suffix(end)))?;
    let said = BE.iter().find_map(|lead| said.strip_prefix(lead)).unwrap_or(said);
    let elsewhere = match said {
        "null" | "empty" | "blank" | "unset" | "absent" | "none" | "not set" | "left empty" => {
            Elsewhere::Absent
        }
        "required" | "set" | "present" | "mandatory" | "not null" => Elsewhere::Present,
        "optional" | "nullable" => Elsewhere::Either,
        _ => return None,
    };
    Some((head.trim(), elsewhere))
}

/// Whether a text says that the rows that the one before it does not speak of have no such value: "other bookings have
/// none", "vehicles in any other state have none", "others must not".
pub(crate) fn is_of_others(text: &str) -> bool {
    const NONE: &[&str] = &[
        " have none",
        " has none",
        " must have none",
        " must not have one",
        " do not have one",
        " does not have one",
        " must not",
        " do not",
        " does not",
    ];
    const OTHERS: &[&str] = &[
        "other ",
        "others",
        "all other ",
        "all others",
        "any other ",
        "every other ",
        "the other ",
    ];
    let text = text.trim().trim_end_matches('.').to_lowercase();
    // "No other permit has one."
    let one = [" must have one", " shall have one", " may have one", " can have one", " has one"];
    let is_no_other = one.iter().any(|end| {
        text.strip_suffix(end)
            .is_some_and(|it| it.starts_with("no other ") && it.split(' ').count() <= 4)
    });
    if is_no_other || matches!(&*text, "for no other" | "and for no other") {
        return true;
    }
    let Some(subject) = NONE.iter().find_map(|end| text.strip_suffix(end)) else { return false };
    OTHERS.iter().any(|lead| format!("{subject} ").starts_with(lead))
        || [" in any other ", " in all other ", " in every other ", " in other "]
            .iter()
            .any(|place| subject.contains(place))
}

/// Both halves, where the first says in which rows a value is there or is not.
pub(super) fn both(said: Expression<FieldId>, elsewhere: Elsewhere) -> Option<Expression<FieldId>> {
    let Expression::Implies(when, then) = &said else { return None };
    let is_absent =
        |one: &Expression<FieldId>| matches!(one, Expression::Not(inner) if is_presence(inner));
    let turned = || Expression::Implies(then.clone(), when.clone());
    match elsewhere {
        Elsewhere::Either => (is_presence(then) || is_absent(then)).then_some(said),
        // "Only for these" says so already.
        Elsewhere::Absent if is_presence(when) => Some(said),
        Elsewhere::Absent if is_presence(then) => {
            Some(Expression::All(vec![said.clone(), turned()]))
        }
        Elsewhere::Present if is_absent(then) => {
            Some(Expression::All(vec![said.clone(), turned()]))
        }
        Elsewhere::Absent | Elsewhere::Present => None,
    }
}

fn is_presence(one: &Expression<FieldId>) -> bool {
    matches!(one, Expression::IsPresent(_))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use expect_test::expect;

    #[test]
    fn both_halves() {
        check(
            &[
                ("Order.note", "set when status is paid, otherwise null"),
                ("Order.note", "only when status is paid, empty otherwise"),
                ("Order.note", "null when status is draft; otherwise required"),
                ("Order.note", "required when status is paid, optional otherwise"),
                ("Order.paid_at", "set for paid orders; null otherwise"),
                ("Order.paid_at", "null for draft orders"),
                ("Order.paid_at", "null unless status is paid"),
                ("Order.paid_at", "required when status is paid and empty in every other status"),
            ],
            &expect![[r#"
                rule "set when status is paid, otherwise null": (if status = 'paid' then note is present) and (if note is present then status = 'paid')
                rule "only when status is paid, empty otherwise": if note is present then status = 'paid'
                rule "null when status is draft; otherwise required": (if status = 'draft' then not (note is present)) and (if not (note is present) then status = 'draft')
                rule "required when status is paid, optional otherwise": if status = 'paid' then note is present
                rule "set for paid orders; null otherwise": (if status = 'paid' then paid_at is present) and (if paid_at is present then status = 'paid')
                rule "null for draft orders": if status = 'draft' then not (paid_at is present)
                rule "null unless status is paid": if not (status = 'paid') then not (paid_at is present)
                rule "required when status is paid and empty in every other status": (if status = 'paid' then paid_at is present) and (if paid_at is present then status = 'paid')
            "#]],
        );
    }

    #[test]
    fn what_other_rows_have() {
        check(
            &[
                ("Order", "A paid order has a note; other orders have none"),
                ("Order", "A shipped order must have a note. Orders in any other state have none"),
                ("Order", "A paid order has its paid_at; draft orders have none"),
                ("Order.note", "set when status is paid; otherwise it stays empty"),
                ("Order", "A paid order has `paid_at`, a shipped one also `note`"),
                ("Order", "A paid order has a note; other orders have two"),
                ("Order", "A paid order is blue; other orders have none"),
                ("Order", "A paid order has `paid_at`, a shipped one is blue"),
            ],
            &expect![[r#"
                rule "A paid order has a note; other orders have none": (if status = 'paid' then note is present) and (if note is present then status = 'paid')
                rule "A shipped order must have a note; Orders in any other state have none": (if status = 'shipped' then note is present) and (if note is present then status = 'shipped')
                rule "A paid order has its paid_at": if status = 'paid' then paid_at is present
                rule "draft orders have no paid_at": if status = 'draft' then not (paid_at is present)
                rule "set when status is paid; otherwise it stays empty": (if status = 'paid' then note is present) and (if note is present then status = 'paid')
                rule "A paid order has `paid_at`": if status = 'paid' then paid_at is present
                rule "A shipped order has `note`": if status = 'shipped' then note is present
                rule "A paid order has a note": if status = 'paid' then note is present
                rule "other orders have two" as text only
                rule "A paid order is blue" as text only
                rule "other orders have none" as text only
                rule "A paid order has `paid_at`, a shipped one is blue" as text only
            "#]],
        );
    }

    #[test]
    fn neither_where_one_is_not_understood() {
        check(
            &[
                ("Order.note", "set when the clerk likes it, otherwise null"),
                ("Order.note", "set when status is paid, otherwise copied"),
                ("Order.quantity", "at least 1, otherwise null"),
            ],
            &expect![[r#"
                rule "set when the clerk likes it, otherwise null" as text only
                rule "set when status is paid, otherwise copied" as text only
                rule "at least 1, otherwise null" as text only
            "#]],
        );
    }
}
