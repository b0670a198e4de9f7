//! Names of values that a row does not have yet when it is added, or may do without for ever, where no document says
//! whether they must be there. All names that count stand here.

use smol_str::SmolStr;

use crate::names::words;

/// How a row ends, and what can only come upon one that is there already: whoever marks other fields as optional
/// has not thought of these, as a new row that had them would be over, locked or withdrawn.
const AFTERWARDS: [&str; 20] = [
    "abandoned",
    "archived",
    "banned",
    "blocked",
    "cancelled",
    "canceled",
    "deactivated",
    "deleted",
    "disabled",
    "ended",
    "last",
    "locked",
    "reactivated",
    "removed",
    "revoked",
    "snoozed",
    "suspended",
    "terminated",
    "voided",
    "withdrawn",
];
/// What may happen to a row some time after it was added, or is what the row tells of.
const HAPPENS: [&str; 26] = [
    "accepted",
    "acknowledged",
    "anonymized",
    "approved",
    "closed",
    "completed",
    "confirmed",
    "declined",
    "delivered",
    "dispatched",
    "finished",
    "merged",
    "paid",
    "processed",
    "published",
    "read",
    "redeemed",
    "refunded",
    "rejected",
    "released",
    "resolved",
    "returned",
    "seen",
    "settled",
    "shipped",
    "verified",
];
/// What else becomes true of a row only later, as a flag.
const FLAGS: [&str; 8] =
    ["dismissed", "expired", "flagged", "notified", "opened", "sent", "used", "viewed"];
/// Last words of what people leave empty.
const LEFT_EMPTY: [&str; 16] = [
    "about",
    "avatar",
    "bio",
    "biography",
    "caption",
    "comment",
    "comments",
    "description",
    "nickname",
    "note",
    "notes",
    "remark",
    "remarks",
    "suffix",
    "website",
    "memo",
];
/// Pairs of words of the like.
const LEFT_EMPTY_PAIRS: [(&str, &str); 13] = [
    ("avatar", "key"),
    ("avatar", "url"),
    ("cancellation", "reason"),
    ("decline", "reason"),
    ("error", "message"),
    ("failure", "reason"),
    ("home", "location"),
    ("middle", "name"),
    ("photo", "url"),
    ("picture", "url"),
    ("profile", "picture"),
    ("rejection", "reason"),
    ("website", "url"),
];
/// What comes upon a row again and again, and has not when it is added.
const COUNTED: [&str; 28] = [
    "attempt",
    "click",
    "comment",
    "dislike",
    "download",
    "error",
    "failed",
    "failure",
    "follower",
    "hit",
    "impression",
    "like",
    "login",
    "open",
    "play",
    "reply",
    "report",
    "retry",
    "review",
    "share",
    "upvote",
    "downvote",
    "usage",
    "use",
    "view",
    "visit",
    "vote",
    "strike",
];

/// Whether the moment of this name comes after the row was added. Where an entity marks other fields as optional, only
/// what a new row cannot have is meant.
pub(crate) fn is_later_moment(name: &str, others_are_marked: bool) -> bool {
    let words = words(name);
    any(&words, &AFTERWARDS) || !others_are_marked && any(&words, &HAPPENS)
}

/// Whether an ordinary row may do without the text of this name. What an entity is there for, as the `comment` of a
/// Comment, it has.
pub(crate) fn may_be_left_empty(name: &str, entity: &str) -> bool {
    let (name, entity) = (words(name), words(entity));
    let Some(last) = name.last() else { return false };
    let is_the_point = entity.last().is_some_and(|it| *it == underpin_read::singular(last));
    let pair = name.len().checked_sub(2).map(|at| (name[at].as_str(), last.as_str()));
    let is_of_others = name.first().is_some_and(|it| it == "external")
        && matches!(last.as_str(), "id" | "key" | "ref" | "reference" | "url");
    !is_the_point
        && (LEFT_EMPTY.contains(&last.as_str())
            || pair.is_some_and(|pair| LEFT_EMPTY_PAIRS.contains(&pair))
            || is_of_others && name.len() > 1)
}

/// Whether a flag of this name is false of every new row: it tells of what happens to a row later.
pub fn is_flag_of_later(name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.last().map(SmolStr::as_str) else { return false };
    let is_past = AFTERWARDS.contains(&last) || HAPPENS.contains(&last) || FLAGS.contains(&last);
    // "last" alone says nothing of what became of the row.
    is_past && last != "last"
}

/// Whether a whole number of this name counts something, so that it is never below zero.
pub fn is_counter(name: &str) -> bool {
    let words = words(name);
    let last = words.last().map(SmolStr::as_str);
    words.len() > 1 && last == Some("count") || counts_from_zero(name)
}

/// Whether a whole number of this name counts what happens to a row after it was added, so that it begins at zero.
pub fn counts_from_zero(name: &str) -> bool {
    let words = words(name);
    let is_counted = |word: &SmolStr| COUNTED.contains(&underpin_read::singular(word).as_str());
    let is_plural = |word: &SmolStr| underpin_read::singular(word) != word.as_str();
    match words.as_slice() {
        // "failed_login_count", "view_count", but not the `guest_count` that somebody states.
        [front @ .., last] if last == "count" => front.last().is_some_and(is_counted),
        [only] => is_counted(only) && is_plural(only),
        // "max_attempts" is a bound, "failed_attempts" what came of it.
        [front @ .., last] => {
            let is_bound = ["max", "maximum", "min", "minimum", "allowed", "remaining"];
            is_counted(last) && is_plural(last) && !any(front, &is_bound)
        }
        [] => false,
    }
}

fn any(words: &[SmolStr], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_that_a_new_row_does_not_have() {
        assert!(is_later_moment("lockedUntil", true));
        assert!(is_later_moment("last_login_at", true));
        assert!(is_later_moment("ended_at", false));
        assert!(is_later_moment("paid_at", false));
        assert!(!is_later_moment("paid_at", true));
        assert!(!is_later_moment("expires_at", false));
        assert!(!is_later_moment("end_date", false));
    }

    #[test]
    fn texts_that_people_leave_empty() {
        assert!(may_be_left_empty("avatarUrl", "Member"));
        assert!(may_be_left_empty("external_provider_ref", "Place"));
        assert!(may_be_left_empty("middle_name", "Person"));
        assert!(may_be_left_empty("comment", "Rating"));
        assert!(!may_be_left_empty("comment", "Comment"));
        assert!(!may_be_left_empty("notes", "DeliveryNote"));
        assert!(!may_be_left_empty("last_name", "Person"));
        assert!(!may_be_left_empty("external", "Partner"));
    }

    #[test]
    fn flags_and_counters_of_what_comes_later() {
        assert!(is_flag_of_later("email_verified"));
        assert!(is_flag_of_later("isLocked"));
        assert!(!is_flag_of_later("is_active"));
        assert!(!is_flag_of_later("is_last"));
        assert!(counts_from_zero("failedLoginCount"));
        assert!(counts_from_zero("attempts"));
        assert!(!counts_from_zero("max_attempts"));
        assert!(!counts_from_zero("guest_count"));
        assert!(is_counter("guest_count"));
        assert!(!is_counter("count"));
    }
}
