//! Requirements in the form that EARS gives them, said plainly: "WHEN an order is paid, the system shall require `paid_at`" is
//! "when an order is paid, `paid_at` is required". What a system shall do to rows is what may or must not become of them.
//!
//! The patterns of rules know only rows and their values, and no system that looks after them.

use super::clause::is_participle;

/// Who it is of whom such sentences speak.
const SYSTEMS: &[&str] = &[
    "the system ",
    "the application ",
    "the platform ",
    "the service ",
    "the backend ",
    "the back end ",
    "the database ",
    "the software ",
    "the api ",
    "the server ",
];

const MODALS: &[&str] = &["shall ", "must ", "will ", "should "];

/// What begins a condition in front.
const LEADS: &[&str] = &[
    "when ",
    "whenever ",
    "if ",
    "while ",
    "where ",
    "once ",
    "after ",
    "as long as ",
    "as soon as ",
];

/// Verbs after which the rule stands as a sentence of its own.
const ENSURING: &[&str] = &[
    "ensure that ",
    "ensure ",
    "make sure that ",
    "make sure ",
    "guarantee that ",
    "guarantee ",
    "enforce that ",
    "assure that ",
    "see to it that ",
];

const ALLOWING: &[&str] = &["allow ", "permit ", "let ", "accept "];

const PREVENTING: &[&str] =
    &["prevent ", "prohibit ", "forbid ", "disallow ", "block ", "stop ", "bar ", "keep "];

const REFUSING: &[&str] = &["reject ", "refuse ", "deny ", "decline "];

/// What is refused where only the condition says what is tried.
const ATTEMPT: &[&str] = &[
    "",
    "it",
    "this",
    "the deletion",
    "the change",
    "the attempt",
    "the request",
    "the operation",
    "the action",
    "to do so",
];

/// Verbs of what a system does to rows, with what is then done to them.
const DOING: &[(&str, &str)] = &[
    ("delete", "deleted"),
    ("remove", "removed"),
    ("sell", "sold"),
    ("create", "created"),
    ("add", "added"),
    ("issue", "issued"),
    ("accept", "accepted"),
    ("record", "recorded"),
    ("book", "booked"),
    ("place", "placed"),
    ("make", "made"),
    ("assign", "assigned"),
    ("change", "changed"),
    ("update", "updated"),
    ("charge", "charged"),
];

/// Where what is done to rows goes on behind them.
const BEHIND: &[&str] = &[
    " only ",
    " with ",
    " when ",
    " while ",
    " if ",
    " unless ",
    " to ",
    " on ",
    " for ",
    " after ",
    " before ",
    " once ",
    " together ",
    " along ",
    " as long as ",
    " whose ",
    " from ",
];

/// The rule of a requirement in plain words; `None` where the sentence speaks of no system, or says what it does and no
/// rule about rows.
pub(crate) fn plainly(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (at, behind) = SYSTEMS.iter().find_map(|system| {
        let at = lower.find(system).filter(|&at| at == 0 || lower[..at].ends_with([' ', ',']))?;
        let rest = &lower[at + system.len()..];
        let modal = MODALS.iter().find(|modal| rest.starts_with(**modal))?;
        Some((at, at + system.len() + modal.len()))
    })?;
    let lead = lead(&text[..at])?;
    let rest = text[behind..].trim().trim_end_matches('.');
    let (rest, denied) = match begins(rest, &["not ", "never "]) {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let said = if denied { forbidden(rest) } else { demanded(rest, lead.as_deref()) }?;
    Some(match (lead, said) {
        (_, Said::Whole(said)) | (None, Said::Rest(said)) => said,
        (Some(lead), Said::Rest(said)) => format!("{lead}, {said}"),
    })
}

/// A plain sentence, with its condition or to be put behind it.
enum Said {
    Whole(String),
    Rest(String),
}

/// "WHEN an order is paid, THEN" as a condition in front; `None` where something else stands there.
#[expect(clippy::option_option, reason = "no condition and no requirement are two answers")]
fn lead(text: &str) -> Option<Option<String>> {
    let text = text.trim().trim_end_matches(',').trim();
    if text.is_empty() {
        return Some(None);
    }
    let bare = text.len() - "then".len().min(text.len());
    let text = match text.get(bare..) {
        Some(then) if then.eq_ignore_ascii_case("then") => {
            text[..bare].trim().trim_end_matches(',')
        }
        Some(_) | None => text,
    };
    let rest = begins(text, LEADS)?;
    let word = text[..text.len() - rest.len()].to_ascii_lowercase();
    Some(Some(format!("{word}{rest}")))
}

fn demanded(rest: &str, lead: Option<&str>) -> Option<Said> {
    if let Some(said) = begins(rest, ENSURING) {
        return Some(Said::Rest(said.to_owned()));
    }
    // "only allow tickets to be sold for …", "allow tickets to be sold only for …"
    let (rest, only) = match begins(rest, &["only "]) {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    if let Some(said) = begins(rest, ALLOWING) {
        let (rows, done) = said.split_once(" to ")?;
        let binds = only || format!(" {said}").contains(" only ");
        let word = if only { "may only" } else { "may" };
        return binds.then(|| Said::Rest(format!("{rows} {word} {done}")));
    }
    if let Some(said) = begins(rest, &["require that "]) {
        return Some(Said::Rest(said.to_owned()));
    }
    if let Some(said) = begins(rest, &["require "]) {
        return Some(Said::Rest(match said.split_once(" to ") {
            Some((rows, done)) => format!("{rows} must {done}"),
            None => format!("{said} is required"),
        }));
    }
    if let Some(said) = begins(rest, PREVENTING) {
        if let Some((rows, done)) = said.split_once(" from ") {
            let done = match begins(done, &["being "]) {
                Some(done) => format!("be {done}"),
                None => infinitive(done)?,
            };
            return Some(Said::Rest(format!("{rows} must not {done}")));
        }
        if let Some(said) = noun_of_act(said) {
            return Some(Said::Rest(said));
        }
    }
    if let Some(said) = begins(rest, &["keep ", "hold "]) {
        const STATES: &[&str] =
            &[" between ", " unique", " at most ", " at least ", " within ", " below ", " above "];
        let at = STATES.iter().filter_map(|it| said.find(it)).min()?;
        return Some(Said::Rest(format!("{} must be{}", &said[..at], &said[at..])));
    }
    if let Some(said) = begins(&format!("{rest} "), REFUSING) {
        return refused(said.trim(), lead);
    }
    let (verb, object) = rest.split_once(' ')?;
    let (_, done) = DOING.iter().find(|(it, _)| *it == verb)?;
    let at = BEHIND.iter().filter_map(|it| object.find(it)).min().unwrap_or(object.len());
    let (rows, behind) = object.split_at(at);
    let behind = behind.trim();
    // Without "only" it is a rule where a condition says when it is done.
    match begins(behind, &["only "]) {
        Some(behind) => Some(Said::Rest(format!("{rows} may only be {done} {behind}"))),
        None if only => Some(Said::Rest(format!("{rows} may only be {done} {behind}"))),
        None => {
            lead?;
            let is = if is_plural(rows) { "are" } else { "is" };
            Some(Said::Rest(format!("{rows} {is} {done} {behind}").trim_end().to_owned()))
        }
    }
}

fn forbidden(rest: &str) -> Option<Said> {
    if let Some(said) = begins(rest, ALLOWING) {
        let Some((rows, done)) = said.split_once(" to ") else {
            return noun_of_act(said).map(Said::Rest);
        };
        return Some(Said::Rest(format!("{rows} must not {done}")));
    }
    let (verb, object) = rest.split_once(' ')?;
    let (_, done) = DOING.iter().find(|(it, _)| *it == verb)?;
    let at = BEHIND.iter().filter_map(|it| object.find(it)).min().unwrap_or(object.len());
    let (rows, behind) = object.split_at(at);
    Some(Said::Rest(format!("{rows} must not be {done}{behind}")))
}

/// What is refused: an attempt that the condition speaks of, rows in some state, or rows that are so.
fn refused(said: &str, lead: Option<&str>) -> Option<Said> {
    let tried = lead.and_then(|lead| {
        let (link, condition) = lead.split_once(' ')?;
        matches!(link, "when" | "whenever" | "if").then_some(())?;
        let (subject, done) =
            [" is ", " are "].iter().find_map(|verb| condition.split_once(verb))?;
        let (verb, _) = done.split_once(' ').unwrap_or((done, ""));
        is_participle(verb).then(|| (subject.to_owned(), done.to_owned()))
    });
    let is_attempt = ATTEMPT.contains(&said);
    let while_it = begins(said, LEADS).is_some();
    if let (Some((subject, done)), true) = (&tried, is_attempt || while_it) {
        let behind = if is_attempt { "" } else { said };
        return Some(Said::Whole(
            format!("{subject} must not be {done} {behind}").trim_end().to_owned(),
        ));
    }
    if let Some(said) = noun_of_act(said) {
        return Some(Said::Rest(said));
    }
    // "new orders of that customer", while the condition holds
    if let (Some(_), Some(rows)) =
        (lead, begins(said, &["new ", "any new ", "further ", "any further ", "any "]))
    {
        let rows = ["that", "this", "such a"]
            .iter()
            .fold(rows.to_owned(), |rows, word| rows.replace(&format!(" {word} "), " the "));
        let rows = rows.strip_suffix(" of it").or(rows.strip_suffix(" for it")).unwrap_or(&rows);
        return Some(Said::Rest(format!("{rows} must not be added")));
    }
    lead.is_none().then_some(())?;
    // "a performance that ends before it starts"
    let (who, rows, what) = [" that ", " which ", " whose ", " with "]
        .iter()
        .find_map(|who| said.split_once(who).map(|(rows, what)| (*who, rows, what)))?;
    Some(Said::Rest(match who {
        " whose " => {
            let (name, what) = what.split_once(" is ")?;
            format!("the {name} of {rows} must not be {what}")
        }
        " with " => format!("{rows} must not have {what}"),
        _ => {
            let (verb, behind) = what.split_once(' ').unwrap_or((what, ""));
            let verb = match verb {
                "is" | "are" => "be",
                "has" | "have" => "have",
                verb => verb.strip_suffix('s').unwrap_or(verb),
            };
            format!("{rows} must not {verb} {behind}").trim_end().to_owned()
        }
    }))
}

/// "the deletion of X", "changes to X", "duplicate X".
fn noun_of_act(said: &str) -> Option<String> {
    const ACTS: &[(&str, &str)] = &[
        ("the deletion of ", "deleted"),
        ("deletion of ", "deleted"),
        ("deleting ", "deleted"),
        ("the removal of ", "removed"),
        ("changes to ", "changed"),
        ("any change to ", "changed"),
        ("changes of ", "changed"),
        ("updates of ", "changed"),
        ("updates to ", "changed"),
        ("changing ", "changed"),
    ];
    ACTS.iter().find_map(|(act, done)| {
        let rows = begins(said, &[act])?;
        let at = BEHIND.iter().filter_map(|it| rows.find(it)).min().unwrap_or(rows.len());
        // "a venue with performances" is one phrase.
        let at = if rows[at..].starts_with(" with ") || rows[at..].starts_with(" whose ") {
            rows.len()
        } else {
            at
        };
        Some(format!("{} must not be {done}{}", &rows[..at], &rows[at..]))
    })
}

/// "overlapping" of "overlap", "exceeding" of "exceed".
fn infinitive(done: &str) -> Option<String> {
    let (verb, behind) = done.split_once(' ').unwrap_or((done, ""));
    let stem = verb.strip_suffix("ing")?;
    let verb = match stem.as_bytes() {
        [.., one, other] if one == other && !matches!(one, b's' | b'l' | b'e') => {
            stem[..stem.len() - 1].to_owned()
        }
        [.., b'g' | b'v' | b'c' | b'u'] => format!("{stem}e"),
        _ => stem.to_owned(),
    };
    Some(format!("{verb} {behind}").trim_end().to_owned())
}

fn is_plural(rows: &str) -> bool {
    let noun = rows.split(" of ").next().unwrap_or(rows);
    noun.ends_with('s') && !noun.ends_with("ss")
}

/// What follows one of several beginnings, whatever their case.
fn begins<'t>(text: &'t str, leads: &[&str]) -> Option<&'t str> {
    super::sentence::after(text, leads)
}

#[cfg(test)]
mod tests {
    use super::plainly;

    #[test]
    fn what_a_system_shall_do_is_what_becomes_of_rows() {
        for (said, plain) in [
            (
                "The system shall keep the capacity of a hall between 1 and 2000.",
                "the capacity of a hall must be between 1 and 2000",
            ),
            (
                "The system shall not allow two shows in the same hall to overlap in time",
                "two shows in the same hall must not overlap in time",
            ),
            (
                "WHEN a show is called off, the system shall require a reason.",
                "when a show is called off, a reason is required",
            ),
            (
                "WHILE a show is played, the system shall not allow its start to be changed.",
                "while a show is played, its start must not be changed",
            ),
            (
                "IF a customer is blocked, THEN the system shall reject new orders of that customer.",
                "if a customer is blocked, orders of the customer must not be added",
            ),
            (
                "IF a play is archived, THEN the system shall reject new shows of it.",
                "if a play is archived, shows must not be added",
            ),
            (
                "WHEN a play is deleted, the system shall refuse while it has shows.",
                "a play must not be deleted while it has shows",
            ),
            (
                "The system shall ensure that no two customers share an email address",
                "no two customers share an email address",
            ),
            (
                "The system shall allow tickets to be added to an order only while the order is open.",
                "tickets may be added to an order only while the order is open",
            ),
            (
                "The system shall sell tickets only for shows that are on sale.",
                "tickets may only be sold for shows that are on sale",
            ),
            (
                "WHEN an order is deleted, the system shall delete its tickets with it.",
                "when an order is deleted, its tickets are deleted with it",
            ),
            (
                "The system shall prevent bookings of one room from overlapping.",
                "bookings of one room must not overlap",
            ),
            (
                "The system shall prevent paid orders from being changed.",
                "paid orders must not be changed",
            ),
            (
                "The system must reject a show that ends before or when it starts.",
                "a show must not end before or when it starts",
            ),
            (
                "The application shall refuse the deletion of a hall with shows",
                "a hall with shows must not be deleted",
            ),
        ] {
            let found = plainly(said);
            assert_eq!(found.as_deref(), Some(plain), "{said}");
        }
    }

    #[test]
    fn what_says_no_rule_of_rows() {
        for said in [
            "The system shall send a reminder to the customer",
            "The system shall allow users to export their orders",
            "The price of a ticket must be positive",
            "Members trust the system shall we say",
            "Reports of the system must be kept",
        ] {
            assert_eq!(plainly(said), None, "{said}");
        }
    }
}
