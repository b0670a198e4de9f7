//! Rules that stand in free text: "No overlapping visits for one vet", "The price must be between 0
//! and 99", "end > start". Only where the sentence names a field, or rows, that are known.

use super::clause::Clause;
use super::noun::singular;
use super::tag::{Tag, Token};
use super::{
    field_phrase, in_each, is_free, lexicon, over_clauses, row_rule, rule_remarks, short_name,
};
use crate::Fact;
use crate::document::Document;
use crate::notation::{Mark, Output, is_rule_topic, mentioned};
use crate::words::{code_spans, lower_words, split_once_any};

pub(crate) const DOC: &str =
    "Rules in free text: \"The price must be at least 0\", \"no overlapping visits for one vet\".";

/// Words between a field and what must hold of it.
const VERBS: &[&str] = &[
    " must ",
    " cannot ",
    " can not ",
    " can't ",
    " may not ",
    " shall ",
    " has to be ",
    " have to be ",
    " is required when ",
    " is required if ",
    " required when ",
    " required if ",
    " is mandatory when ",
    " is mandatory for ",
    "` is required for ",
    " is only set ",
    " is set only ",
    " is set if and only if ",
    " is stored in ",
    " are stored in ",
    " is counted in ",
    " is never ",
    " never exceeds ",
    " never changes",
    " never change",
    " does not change",
    " do not change",
    " contains only ",
    " contain only ",
    " consists of ",
    " consist of ",
    " consists only of ",
    " consist only of ",
    " holds only ",
    " has at most ",
    " has at least ",
    " is always at least ",
    " is always at most ",
    " is at least ",
    " is at most ",
    " is between ",
    " is unique",
    " are unique",
];

/// What becomes of a value once its row is deleted.
const KEPT_OR_FREED: &[&str] = &[
    " can be used again",
    " can be reused",
    " may be used again",
    " may be reused",
    " is free again",
    " are free again",
    " are never reused",
    " is never used again",
    " are never used again",
    " stays reserved",
    " stay reserved",
    " remains reserved",
    " remain reserved",
    " stays taken",
    " stay taken",
];

/// What bounds a value, whatever the value is.
const BOUNDS: &[&str] = &[
    "be between ",
    "be at least ",
    "be at most ",
    "be greater ",
    "be less ",
    "be positive",
    "be unique",
    "be one of ",
    "be before ",
    "be after ",
    "be negative",
    "not be negative",
    "not exceed ",
    "exceed ",
];

/// What is done with a field by those who show or carry it says nothing of its values.
const DONE_WITH: &[&str] = &[
    "able",
    "displayed",
    "shown",
    "show",
    "visible",
    "hidden",
    "editable",
    "configurable",
    "logged",
    "sent",
    "searchable",
    "validated",
    "encrypted",
    "hashed",
    "indexed",
    "updated",
    "refreshed",
    "clickable",
    "available",
    "computed",
    "calculated",
    "changed",
    "edited",
    "modified",
    "allow",
    "support",
    "provide",
    "include",
    "appear",
    "trigger",
    "notify",
];

/// Notations that take the rules of their lines themselves.
const WITH_RULES: &[&str] = &["rule-bullets", "bullet-fields", "field-table", "field-notes"];

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    over_clauses(out, |clauses, out| {
        // A rule tells of no entity that was not known before it.
        let known = &*out;
        let found = in_each(clauses, |clause| {
            // What somebody else understood stays theirs.
            let at = clause.range.start;
            let is_understood = known.mark_at(document, at) == Mark::Understood;
            if is_understood && WITH_RULES.contains(&known.reader_at(document, at)) {
                return None;
            }
            let owner = known.entity_of(document, clause.section);
            let may_be =
                || is_free(document, clause, known) && may_be_rule(document, clause, known);
            rule_of(clause.text.trim(), owner.as_deref(), known)
                .or_else(|| row_rule::subject(clause, known).map(About::Entity))
                .or_else(|| short_name::subject(clause.text.trim(), known).map(About::Entity))
                .or_else(|| may_be().then_some(About::Perhaps))
                .or_else(|| row_rule::asked_in_state(clause.text.trim(), known).map(About::Entity))
        });
        for ((at, clause), about) in clauses.iter().enumerate().zip(found) {
            let text = clause.text.trim();
            let Some(about) = about else { continue };
            let reader = out.reader_at(document, clause.range.start);
            if WITH_RULES.contains(&reader) {
                continue;
            }
            let span = document.span(clause.range.clone());
            let mut text = text.trim_end_matches('.').to_owned();
            for more in rule_remarks::behind(clause, &clauses[at + 1..]) {
                let more = more.trim().trim_end_matches(['.', ';']);
                text = format!("{}; {more}", text.trim_end_matches(';'));
            }
            let rule = |entity| Fact::Rule { entity, field: None, text };
            match about {
                About::Entity(name) => out.state(document, span, rule(Some(name))),
                About::Words => out.state(document, span, rule(None)),
                About::Perhaps => out.infer_beside(span, rule(None), MAY_BE_RULE),
            }
        }
    });
}

/// What a sentence is a rule of.
enum About {
    /// This entity.
    Entity(String),
    /// What its own words name.
    Words,
    /// It binds somebody to something: whether that is seen in the values of rows, who knows all fields tells.
    Perhaps,
}

/// Why a sentence is handed on that no pattern here knows.
const MAY_BE_RULE: &str = "its words bind, and it is a rule where fields give it a meaning";

/// Whether a sentence binds, and speaks of what is stored.
fn may_be_rule(document: &Document<'_>, clause: &Clause, out: &Output) -> bool {
    const LONGEST: usize = 30;
    let tokens = &clause.tokens;
    if tokens.len() > LONGEST || clause.text.trim().ends_with(['?', ':']) {
        return false;
    }
    // "IF a customer is blocked, THEN the system shall reject new orders of that customer."
    let refuses = tokens.windows(2).any(|pair| {
        pair[0].is_any(&["shall", "must", "will"])
            && pair[1]
                .is_any(&["reject", "refuse", "deny", "decline", "prevent", "prohibit", "not"])
    });
    // "An ended show has its `ended_on`."
    let names_field = || code_spans(&clause.text).iter().any(|name| out.is_field(name));
    let tells = || tokens.iter().any(|token| token.is_any(lexicon::TELLING)) || names_field();
    // A name alone tells nothing.
    let is_sentence = || {
        tokens.len() > 3
            && tokens
                .iter()
                .any(|token| matches!(token.tag, Tag::Verb | Tag::Auxiliary | Tag::Modal))
    };
    let binds = refuses
        || tokens.iter().any(|token| token.is_any(lexicon::BINDING))
        || is_sentence() && tells();
    // "Payment references" are kept in `payment_reference`.
    let is_field = |words: &[Token]| {
        let name: Vec<&str> = words.iter().map(|token| token.lower.as_str()).collect();
        out.is_field(&singular(&name.join(" ")))
    };
    let is_stored = || (1..=2).any(|count| tokens.windows(count).any(is_field));
    let heads_rules =
        || clause.section.is_some_and(|section| is_rule_topic(document.title(section)));
    // "The embargo must not be later than …" below the heading of what has one.
    let obliges = |token: &Token| {
        token.is_any(&["must", "cannot", "can't", "may", "never", "always", "shall"])
    };
    // "Only drafts can be deleted" below "Orders".
    let heads_rows = || {
        let title = clause.section.map(|section| document.title(section));
        title.is_some_and(|title| out.known.get(&singular(title)).is_some())
    };
    let is_described = || {
        tokens.iter().any(|it| obliges(it) || it.is("can"))
            && (out.entity_of(document, clause.section).is_some() || heads_rows())
    };
    binds
        && (heads_rules()
            || is_stored()
            || !mentioned(&clause.text, out).is_empty()
            || is_described())
}

/// What a sentence is a rule of; `None` where it is none.
fn rule_of(text: &str, owner: Option<&str>, out: &Output) -> Option<About> {
    let lower = text.to_lowercase();
    if text.ends_with('?') || text.ends_with(':') {
        return None;
    }
    if denies_overlap(&lower) {
        return (!mentioned(text, out).is_empty()).then_some(About::Words);
    }
    if is_of_all_money(&lower) || (tells_deletion(&lower) && mentioned(text, out).len() > 1) {
        return Some(About::Words);
    }
    let runs_forward =
        [" ends after it starts", " ends after it begins", " ends after it has started"];
    if runs_forward.iter().any(|it| lower.contains(it)) && !mentioned(text, out).is_empty() {
        return Some(About::Words);
    }
    let is_inside = [" lies within ", " lie within ", " falls within ", " fall within "];
    if says_kind(&lower, out) || is_inside.iter().any(|it| lower.contains(it)) {
        return Some(About::Words);
    }
    if bounds_sum(&lower) && !mentioned(text, out).is_empty() {
        return Some(About::Words);
    }
    if keeps_together(&lower) {
        return mentioned(text, out).into_iter().next().map(About::Entity);
    }
    // "Append-only." below a heading is said of its rows.
    if matches!(lower.trim_end_matches('.'), "append-only" | "append only" | "insert-only") {
        return owner.map(|owner| About::Entity(owner.to_owned()));
    }
    if let Some(owner) = owner.filter(|owner| stays(&lower, owner)) {
        return Some(About::Entity(owner.to_owned()));
    }
    if says_permanence(&lower) {
        if let [entity] = &mentioned(text, out)[..] {
            return Some(About::Entity(entity.clone()));
        }
    }
    if let Some((subject, _)) = split_once_any(&lower, KEPT_OR_FREED) {
        let named = field_of(subject, owner, out);
        return named.or_else(|| with_deleted_rows(subject, out)).map(About::Entity);
    }
    let mut bounds = false;
    let subject = match split_once_any(&lower, VERBS) {
        Some((subject, said)) => {
            bounds = BOUNDS.iter().any(|word| said.starts_with(word));
            let first = lower_words(said).into_iter().take(3).collect::<Vec<_>>();
            if first.iter().any(|word| DONE_WITH.contains(&word.as_str())) {
                return None;
            }
            subject.to_owned()
        }
        None => compared(&lower)?,
    };
    // "The fee must be at least 5" under an entity that has no fee: who reads the rule asks.
    let bound_here = owner.filter(|owner| bounds && out.has_fields(owner)).map(str::to_owned);
    let named = field_of(&subject, owner, out).or(bound_here);
    named.or_else(|| sole_owner(&subject, out)).map(About::Entity)
}

/// "`ended_on` must not be before `started_on`": the only entity with a field of that name, which no prose word
/// is spelled like.
fn sole_owner(subject: &str, out: &Output) -> Option<String> {
    let name = subject.trim().trim_matches('`');
    if !name.contains('_') || name.contains(' ') {
        return None;
    }
    out.only_entity_with(name, |_| true).map(str::to_owned)
}

/// "A reservation always belongs to a room and a company of the same operator", "no row refers to a row of another
/// tenant".
fn keeps_together(lower: &str) -> bool {
    let owners = [" of the same ", " to the same ", " from the same ", " of another ", " across "];
    let ties = [
        " belong to ",
        " belongs to ",
        " must be of the same ",
        " refer to ",
        " refers to ",
        " reference ",
        " references ",
        " point to ",
    ];
    let bounds = [" must ", " always ", " only ", " never ", " cannot ", " may not ", "no "];
    let said = |list: &[&str]| list.iter().any(|phrase| lower.contains(phrase));
    // "A run and its tank belong to the same company."
    if lower.contains(" belong to the same ") && said(&[" and its ", " and their "]) {
        return true;
    }
    said(&owners) && said(&ties) && (said(&bounds[..6]) || lower.starts_with(bounds[6]))
}

/// "The sum of the refunds of a payment must not exceed its amount".
fn bounds_sum(lower: &str) -> bool {
    let sums =
        ["the sum of ", "sum of ", "the total of "].iter().any(|lead| lower.starts_with(lead));
    sums && ["exceed", " at most ", " more than ", " equal"].iter().any(|it| lower.contains(it))
}

/// "Until then its email stays taken": the only entity with such a field whose rows are marked as deleted.
fn with_deleted_rows(subject: &str, out: &Output) -> Option<String> {
    let (_, name) = subject.rsplit_once("its ").or_else(|| subject.rsplit_once("their "))?;
    let is_marked = |owner: &str| out.field(owner, "deleted_at").is_some();
    out.only_entity_with(&singular(name), is_marked).map(str::to_owned)
}

/// "Trucks and vans are vehicles", "A truck is a kind of vehicle": what is known is something else that is known.
fn says_kind(lower: &str, out: &Output) -> bool {
    const VERBS: &[&str] = &[
        " is a kind of ",
        " is a type of ",
        " is a subtype of ",
        " is a special kind of ",
        " are kinds of ",
        " are types of ",
        " inherits from ",
        " extends ",
        " is a ",
        " is an ",
        " are ",
    ];
    let known = |phrase: &str| {
        let phrase = strip_prefix_any(phrase.trim(), &["a ", "an ", "each ", "every ", "all "]);
        out.known.get(phrase).map(str::to_owned)
    };
    let Some((special, base)) = split_once_any(lower.trim_end_matches('.'), VERBS) else {
        return false;
    };
    let Some(base) = known(base) else { return false };
    special
        .split(", ")
        .flat_map(|part| part.split(" and "))
        .any(|it| known(it).is_some_and(|it| it != base))
}

fn strip_prefix_any<'t>(text: &'t str, leads: &[&str]) -> &'t str {
    leads.iter().find_map(|lead| text.strip_prefix(lead)).unwrap_or(text)
}

/// "Payments are append-only", "The payment table is immutable": all of a row stays.
fn says_permanence(lower: &str) -> bool {
    let said = lower.trim_end_matches('.');
    ["append-only", "append only", "insert-only", "immutable", "write-once"].iter().any(|word| {
        let subject = said.strip_suffix(word).map(str::trim_end);
        let subject = subject.and_then(|it| it.strip_suffix(" are").or(it.strip_suffix(" is")));
        subject.is_some_and(|subject| subject.split_whitespace().count() <= 4)
    })
}

/// "Never deleted.", "Log entries are immutable": below a heading it is said of its rows.
fn stays(lower: &str, owner: &str) -> bool {
    const STAYING: &[&str] = &[
        "append-only",
        "append only",
        "insert-only",
        "immutable",
        "write-once",
        "never deleted",
        "never changed",
        "never updated",
        "never modified",
        "never edited",
        "no update / delete",
        "no update/delete",
        "no updates / deletes",
        "no update or delete",
        "no updates or deletes",
    ];
    const ROWS: &[&str] = &["row", "rows", "record", "records", "entry", "entries", "they", "it"];
    const VERBS: &[&str] = &[" is", " are", " must be"];
    let said = lower.trim_end_matches('.');
    // "unless an admin does": whatever else is said, somebody else reads.
    if said.len() > 100 || said.contains("unless") || said.contains("except") {
        return false;
    }
    let Some(at) = STAYING.iter().filter_map(|it| said.find(it)).min() else { return false };
    let lead = said[..at].trim_end();
    if lead.is_empty() {
        return true;
    }
    let subject = VERBS.iter().find_map(|verb| lead.strip_suffix(verb)).unwrap_or_default();
    let last = subject.rsplit(' ').next().unwrap_or_default();
    let own = lower_words(owner).pop().unwrap_or_default();
    subject.split_whitespace().count() <= 3
        && (ROWS.contains(&last)
            || !last.is_empty() && last.trim_end_matches('s') == own.trim_end_matches('s'))
}

/// "Deleting an order deletes its lines", "A room with bookings cannot be deleted".
fn tells_deletion(lower: &str) -> bool {
    // What only marks a row deletes nothing, and says nothing of the rows that refer to it.
    if lower.contains("soft delet") || lower.contains("soft-delet") {
        return false;
    }
    let said = lower.rsplit_once(": ").map_or(lower, |(_, said)| said);
    ["deleting ", "removing ", "deletion of ", "when deleting "]
        .iter()
        .any(|it| said.starts_with(it))
        || [
            " cannot be deleted",
            " cannot be removed",
            " must not be deleted",
            " are deleted with ",
            " is deleted with ",
            " are deleted together with ",
            " deleted along with ",
        ]
        .iter()
        .any(|it| said.contains(it))
        || (said.starts_with("when ") && said.contains(" is deleted, "))
}

/// "All amounts are stored in cents".
fn is_of_all_money(lower: &str) -> bool {
    let lower = lower.strip_prefix("all ").unwrap_or(lower);
    let subject = [
        "amounts ",
        "prices ",
        "monetary amounts ",
        "monetary values ",
        "money ",
        "currency amounts ",
    ]
    .iter()
    .find_map(|subject| lower.strip_prefix(subject));
    subject.is_some_and(|said| {
        let verbs =
            ["are in ", "is in ", "are stored ", "is stored ", "are kept ", "must be stored "];
        verbs.iter().any(|verb| said.starts_with(verb))
            && ["cent", "minor unit", "pence"].iter().any(|unit| said.contains(unit))
    })
}

/// Whether a sentence says that some rows must not last at the same time.
fn denies_overlap(lower: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let overlaps = has(&["overlap", "double-book", "double book"]);
    overlaps
        && has(&[
            "no ", "not ", "cannot", "can't", "never", "without", "prevent", "avoid", "reject",
            "forbid", "refuse", "disallow", "prohibit",
        ])
}

/// The left side of "end > start", where there is nothing but names and a sign.
fn compared(lower: &str) -> Option<String> {
    let plain = lower.trim_end_matches('.').replace('`', "");
    let (left, right) = split_once_any(&plain, &[" >= ", " <= ", " > ", " < ", " ≥ ", " ≤ "])?;
    let is_name = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ','))
    };
    (is_name(left.trim()) && is_name(right.trim())).then(|| left.trim().to_owned())
}

/// The entity whose field a phrase names: "the price", "`Visit.price`", "a visit's price", "the price
/// of a visit", "visit price".
fn field_of(phrase: &str, owner: Option<&str>, out: &Output) -> Option<String> {
    field_phrase::named(phrase, owner, out).map(|(entity, _)| entity)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const CLINIC: &str = "## Vet\n- id: uuid\n\n## Visit\n- id: uuid\n- price: integer\n- start: timestamp\n- end: timestamp\n\n";

    #[test]
    fn sentences_about_known_fields_and_rows() {
        check(
            &[CLINIC, "No overlapping visits for one vet.\n\nThe price must be between 0 and 99. A visit's price cannot be negative.\n\n- end > start\n- visit price must be even\n\n## Notes\n\nThe price of a visit is stored in cents. Visits must not overlap.\n\nVet and Visit are soft deleted: deleting sets a mark, and the row stays.\n\nVisits are append-only.\n\nThe visit table is immutable.\n"].concat(),
            &expect![[r#"
                1 bullet-fields  entity Vet
                2 bullet-fields  field Vet.id uuid
                4 bullet-fields  entity Visit
                5 bullet-fields  field Visit.id uuid
                6 bullet-fields  field Visit.price integer
                7 bullet-fields  field Visit.start timestamp
                8 bullet-fields  field Visit.end timestamp
                10 prose-rule-sentence  rule *: No overlapping visits for one vet
                12 prose-rule-sentence  rule Visit: The price must be between 0 and 99
                12 prose-rule-sentence  rule Visit: A visit's price cannot be negative
                14 prose-rule-sentence  rule Visit: end > start
                15 prose-rule-sentence  rule Visit: visit price must be even
                19 prose-rule-sentence  rule Visit: The price of a visit is stored in cents
                19 prose-rule-sentence  rule *: Visits must not overlap
                21 prose-rule-sentence  rule *: Vet and Visit are soft deleted: deleting sets a mark, and the row stays [inferred: its words bind, and it is a rule where fields give it a meaning]
                23 prose-rule-sentence  rule Visit: Visits are append-only
                25 prose-rule-sentence  rule Visit: The visit table is immutable
            "#]],
        );
    }

    #[test]
    fn what_values_consist_of_and_whether_they_come_again() {
        check(
            &[CLINIC, "The price of a deleted visit can be used again. The price contains only digits. The start of a visit is always at least noon.\n\nThe weight contains only digits. The vet can be used again. Its price stays taken.\n\n## Cart\n\n- code: text\n- deleted_at: timestamp\n\n## Ends\n\nUntil then its code stays taken.\n\n## Sums\n\n1. The sum of the visits of a vet must not exceed its price.\n2. The sum of all is shown.\n"].concat(),
            &expect![[r#"
                1 bullet-fields  entity Vet
                2 bullet-fields  field Vet.id uuid
                4 bullet-fields  entity Visit
                5 bullet-fields  field Visit.id uuid
                6 bullet-fields  field Visit.price integer
                7 bullet-fields  field Visit.start timestamp
                8 bullet-fields  field Visit.end timestamp
                10 prose-rule-sentence  rule Visit: The price of a deleted visit can be used again
                10 prose-rule-sentence  rule Visit: The price contains only digits
                10 prose-rule-sentence  rule Visit: The start of a visit is always at least noon
                12 prose-rule-sentence  rule Visit: Its price stays taken
                14 bullet-fields  entity Cart
                16 bullet-fields  field Cart.code text
                17 bullet-fields  field Cart.deleted_at timestamp
                21 prose-rule-sentence  rule Cart: Until then its code stays taken
                25 prose-rule-sentence  rule *: The sum of the visits of a vet must not exceed its price
                12 R015 `The weight contains only digits.` seems to state something and was not understood
            "#]],
        );
    }

    #[test]
    fn sentences_about_anything_else() {
        check(
            &[CLINIC, "The price must be displayed in bold. The vet must call the owner. Boxes must not overlap. The system must log the price. What must the price be?\n\n- weight > 5\n"].concat(),
            &expect![[r#"
                1 bullet-fields  entity Vet
                2 bullet-fields  field Vet.id uuid
                4 bullet-fields  entity Visit
                5 bullet-fields  field Visit.id uuid
                6 bullet-fields  field Visit.price integer
                7 bullet-fields  field Visit.start timestamp
                8 bullet-fields  field Visit.end timestamp
                10 prose-rule-sentence  rule *: The price must be displayed in bold [inferred: its words bind, and it is a rule where fields give it a meaning]
                10 prose-rule-sentence  rule *: The vet must call the owner [inferred: its words bind, and it is a rule where fields give it a meaning]
                10 prose-rule-sentence  rule *: Boxes must not overlap [inferred: its words bind, and it is a rule where fields give it a meaning]
                10 prose-rule-sentence  rule *: The system must log the price [inferred: its words bind, and it is a rule where fields give it a meaning]
                12 R015 `weight > 5` seems to state something and was not understood
            "#]],
        );
    }
}
