//! Rules about rows in free sentences: "A member may have at most 5 open loans", "An invoice must not be
//! changed after it is paid". What cannot become an expression stays in its words, with a question.

use super::clause::Clause;
use super::noun::{Phrase, entity_name, phrases};
use super::tag::{Tag, Token};
use super::{resolve, state_verbs};
use crate::notation::Output;
use crate::words::{code_spans, split_once_any};

/// What counts or forbids, as it stands behind the subject.
const BOUNDS: &[&[&str]] = &[
    &["at", "most"],
    &["no", "more", "than"],
    &["not", "more", "than"],
    &["more", "than", "one"],
    &["at", "the", "same", "time"],
    &["at", "a", "time"],
    &["only", "one"],
    &["only", "once"],
    &["never", "more"],
];

/// Words by which something must not happen, or only under a condition.
const FORBIDDING: &[&str] = &["cannot", "can't", "never", "mustn't"];

/// What happens to rows.
const HAPPENING: &[&str] = &[
    "change",
    "delete",
    "edit",
    "modify",
    "update",
    "cancel",
    "remove",
    "close",
    "reopen",
    "reuse",
    "reassign",
    "transfer",
    "book",
    "reserve",
    "overlap",
    "exceed",
    "alter",
    "revoke",
    "void",
    "renew",
    "refund",
    "return",
    "pay",
    "approve",
    "archive",
    "restore",
    "reactivate",
    "withdraw",
    "assign",
];

/// The entity that a sentence is a rule of, where it is one.
pub(super) fn subject(clause: &Clause, out: &Output) -> Option<String> {
    let tokens = &clause.tokens;
    let text = clause.text.trim();
    if text.ends_with(['?', ':']) || tokens.len() < 4 {
        return None;
    }
    let first = usize::from(tokens[0].is("only"));
    let subject: &Phrase = clause.phrases.iter().find(|phrase| phrase.start == first)?;
    let verb = tokens.get(subject.end)?;
    if !matches!(verb.tag, Tag::Modal | Tag::Auxiliary | Tag::Verb | Tag::Adverb) {
        return None;
    }
    let behind = &tokens[subject.end..];
    // "never has more bookings than its capacity".
    let is_more = behind.iter().position(|token| token.is("more")).is_some_and(|more| {
        behind[..more].iter().any(|token| token.is_any(FORBIDDING) || token.is("not"))
            && behind[more..].iter().any(|token| token.is("than"))
    });
    let counts =
        is_more || is_of_same(behind, out) || BOUNDS.iter().any(|words| contains(behind, words));
    let forbids = || is_forbidden(tokens, subject) || has_deadline(tokens, subject);
    // What a role may do to the rows of others is a permission, and no rule about rows.
    let is_role = || out.prose.is_role(&subject.noun) || entity_name(&subject.noun) == "User";
    if !(counts || forbids() && !is_role()) {
        return None;
    }
    // What verbs say of states is a life cycle.
    if !state_verbs::find(clause, None, out).is_empty() {
        return None;
    }
    let known = out.known.get(&entity_name(&subject.noun)).map(str::to_owned);
    // "A room can't have two classes at the same time": the room is no entity, the class is.
    known.or_else(|| {
        let others = phrases(&tokens[subject.end..]);
        let others = others.iter().filter(|_| counts);
        others
            .filter(|other| out.known.get(&entity_name(&other.noun)).is_some())
            .find_map(|other| resolve(&other.noun, out))
    })
}

/// "A rejected batch must have a `rejection_reason`": the entity whose rows in some state have a field, also where the field
/// was taken down from the same words.
pub(super) fn asked_in_state(text: &str, out: &Output) -> Option<String> {
    let lower = text.to_lowercase();
    let (subject, said) = split_once_any(&lower, &[" must have ", " shall have "])?;
    let subject =
        ["a ", "an ", "each ", "every "].iter().find_map(|it| subject.strip_prefix(it))?;
    let (_, noun) = subject.rsplit_once(' ')?;
    let fields = code_spans(said);
    (!fields.is_empty() && fields.iter().all(|name| out.is_field(name))).then_some(())?;
    let entity = out.known.get(noun).filter(|_| out.known.get(subject).is_none())?;
    Some(entity.to_owned())
}

/// "belongs to the same club as its member": two references of a row lead to one row.
fn is_of_same(behind: &[Token], out: &Output) -> bool {
    let Some(same) = behind.iter().position(|token| token.is("same")) else { return false };
    let of = phrases(behind).into_iter().find(|phrase| (phrase.start..phrase.end).contains(&same));
    let noun = of.as_ref().map(|it| it.noun.trim_start_matches("same "));
    behind[same..].iter().any(|token| token.is("as"))
        && noun.is_some_and(|noun| out.known.get(&entity_name(noun)).is_some())
}

fn contains(tokens: &[Token], words: &[&str]) -> bool {
    tokens
        .windows(words.len())
        .any(|window| window.iter().zip(words).all(|(token, word)| token.is(word)))
}

/// "must not be changed", "are never deleted", "only an open account can be closed".
fn is_forbidden(tokens: &[Token], subject: &Phrase) -> bool {
    let behind = &tokens[subject.end..];
    let end = behind.iter().position(|token| {
        token.tag == Tag::Verb || token.is_any(&["when", "if", "after", "before"])
    });
    let lead = &behind[..end.unwrap_or(behind.len())];
    let is_denied = lead.iter().any(|token| token.is_any(FORBIDDING))
        || lead.windows(2).any(|pair| {
            pair[0].tag == Tag::Modal && pair[1].is_any(&["not", "only"])
                || pair[0].is_any(&["be", "is", "are"]) && pair[1].is_any(&["not", "only"])
        })
        || tokens[0].is("only") && lead.iter().any(|token| token.tag == Tag::Modal);
    // "cannot be deleted while any row belongs to it": references see to that, and no rule of its rows.
    let is_of_references = behind.iter().any(|token| token.is_verb_of(&["delete", "remove"]))
        && behind.iter().any(|token| token.is_any(&["while", "if"]));
    is_denied && !is_of_references && behind.iter().any(|token| token.is_verb_of(HAPPENING))
}

/// "may cancel until 2 hours before".
fn has_deadline(tokens: &[Token], subject: &Phrase) -> bool {
    let behind = &tokens[subject.end..];
    behind.first().is_some_and(|token| token.tag == Tag::Modal)
        && behind.iter().any(|token| token.is_verb_of(HAPPENING))
        && behind.windows(3).any(|three| {
            three[0].is_any(&["until", "within"])
                && three[1].tag == Tag::Number
                && three[2].is_any(&["minutes", "hours", "hour", "days", "day", "weeks", "months"])
        })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn sentences_about_the_rows_of_a_section() {
        check(
            "# Model\n\n## Club\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## Member\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| club_id | uuid |\n\n## Booking\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\nA booking belongs to the same club as its member. Bookings have the same colour as their club.\n\n## AuditLog\n\nTrail of all attempts. Never deleted.\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\nLog entries are immutable. Members are never deleted. Entries are immutable unless an admin says so. The text is never changed.\n",
            &expect![[r#"
                3 field-table  entity Club
                7 field-table  field Club.id uuid
                9 field-table  entity Member
                13 field-table  field Member.id uuid
                14 field-table  field Member.club_id uuid
                16 field-table  entity Booking
                20 field-table  field Booking.id uuid
                22 prose-cardinality  relationship Club 1:N Booking
                22 prose-rule-sentence  rule Booking: A booking belongs to the same club as its member
                22 prose-rule-sentence  rule *: Bookings have the same colour as their club [inferred: its words bind, and it is a rule where fields give it a meaning]
                24 field-table  entity AuditLog -- Trail of all attempts. Never deleted.
                26 prose-rule-sentence  rule AuditLog: Never deleted
                30 field-table  field AuditLog.id uuid
                32 prose-rule-sentence  rule AuditLog: Log entries are immutable
                32 prose-rule-sentence  rule Member: Members are never deleted
                32 prose-rule-sentence  rule *: The text is never changed [inferred: its words bind, and it is a rule where fields give it a meaning]
                32 R015 `Entries are immutable unless an admin says so.` seems to state something and was not understood
            "#]],
        );
    }

    #[test]
    fn sentences_about_rows() {
        check(
            "| Entity | Purpose |\n|-|-|\n| Copy | a |\n| Loan | b |\n| Member | c |\n| User | d |\n\n# More\n\nA copy can only be on one loan at a time. A member may have at most 5 loans.\n\nLoans are never deleted or changed once returned. Members may cancel until 2 hours before. A room can't have two loans at the same time.\n\nUsers can only edit their own loans. A loan shows its dates. Members must not shout. The system must not be changed.\n",
            &expect![[r#"
                3 entity-list  entity Copy -- a
                4 entity-list  entity Loan -- b
                5 entity-list  entity Member -- c
                6 entity-list  entity User -- d
                10 prose-cardinality  relationship Member 1:N Loan
                10 prose-rule-sentence  rule Copy: A copy can only be on one loan at a time
                10 prose-rule-sentence  rule Member: A member may have at most 5 loans
                12 prose-rule-sentence  rule Loan: Loans are never deleted or changed once returned
                12 prose-rule-sentence  rule Member: Members may cancel until 2 hours before
                12 prose-rule-sentence  rule Loan: A room can't have two loans at the same time
                14 prose-possession  relationship User 1:N Loan [inferred: the sentence calls them its own]
                14 prose-rule-sentence  rule *: Users can only edit their own loans [inferred: its words bind, and it is a rule where fields give it a meaning]
                14 prose-rule-sentence  rule *: Members must not shout [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }
}
