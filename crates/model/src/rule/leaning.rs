//! Sentences that lean on the one before, made to stand alone: "A hall with shows cannot be deleted. Its seats are deleted
//! together with it" says of the second that seats are deleted with their hall.

use super::clause::{Voice, parse};
use crate::draft::Draft;
use crate::names::words;

/// What a sentence says of "it", with the noun of the one before it in its place; `None` where it leans on nothing.
pub(crate) fn upright(draft: &Draft<'_>, before: &str, text: &str) -> Option<String> {
    const OWN: &[&str] = &["its ", "their ", "it ", "they "];
    let text = text.trim_end_matches('.');
    if let Some(whole) = with_what_others_have(before, text) {
        return Some(whole);
    }
    if let Some(whole) = so_do(before, text).or_else(|| one_that_has_none(before, text)) {
        return Some(whole);
    }
    let rest = super::sentence::after(text, OWN)?;
    let is_owner = text.to_ascii_lowercase().starts_with("its ")
        || text.to_ascii_lowercase().starts_with("their ");
    if let Some(lead) = lead(before) {
        // "When an instrument is deleted, its slots are deleted with it; its measurements stay."
        return Some(format!("{lead}, {}", lowered(text)));
    }
    let noun = subject(draft, before)?;
    let with = [" with it", " with them"].iter().find_map(|end| rest.strip_suffix(end));
    match (is_owner, with) {
        (true, Some(said)) => Some(format!("{said} with their {noun}")),
        (true, None) => {
            let (field, said) = predicate(rest)?;
            Some(format!("the {field} of a {noun} {said}"))
        }
        (false, _) => Some(format!("a {noun} {rest}")),
    }
}

/// "A run and its tank belong to the same company. So do a test and its run", "The number of a print never changes. Neither
/// does its title": what is said of the first.
fn so_do(before: &str, text: &str) -> Option<String> {
    if let Some(rest) = super::sentence::after(text, &["so do ", "so does "]) {
        let at =
            before.find(" belong to the same ").or_else(|| before.find(" belongs to the same "))?;
        return Some(format!("{rest}{}", before[at..].trim_end_matches('.')));
    }
    let rest =
        super::sentence::after(text, &["neither does ", "neither do ", "nor does ", "nor do "])?;
    let at = before.find(" never change")?;
    Some(format!("{rest}{}", before[at..].trim_end_matches('.')))
}

/// "A loan that is returned has a `returned_at`; one that is reserved or out has none": such loans have no `returned_at`.
fn one_that_has_none(before: &str, text: &str) -> Option<String> {
    let said = super::sentence::after(text, &["one that is ", "one who is ", "ones that are "])?;
    let said = said.strip_suffix(" has none").or_else(|| said.strip_suffix(" have none"))?;
    let (noun, rest) = before.split_once(" that is ").or_else(|| before.split_once(" who is "))?;
    let had = [" must have ", " has ", " shall have "].iter().find_map(|it| rest.split_once(it))?.1;
    let had = had.trim_end_matches(['.', ';']);
    let had = super::sentence::after(had, &["a ", "an ", "the ", "its "]).unwrap_or(had);
    Some(format!("{noun} that is {said} has no {had}"))
}

/// "A closed account has a closing date; open accounts have none": no closing date.
fn with_what_others_have(before: &str, text: &str) -> Option<String> {
    const NONE: &[&str] = &[
        " have none",
        " has none",
        " must have none",
        " must not have one",
        " must not have any",
        " does not have one",
        " do not have one",
        " does not have any",
        " do not have any",
        " cannot have one",
        " needs none",
        " need none",
    ];
    let lower = text.to_ascii_lowercase();
    // The longest first: "must have none" is no subject of "have none".
    let subject =
        NONE.iter().filter_map(|end| lower.strip_suffix(end)).min_by_key(|it| it.len())?;
    let others = ["other", "all", "the other", "any", "no"];
    let first = subject.split(' ').next().unwrap_or_default();
    let is_noun =
        !subject.contains(['.', ';', ',']) && (2..=4).contains(&subject.split(' ').count());
    (!others.contains(&first) && is_noun && !subject.contains(" has ")).then_some(())?;
    let at = [" must have ", " has ", " have ", " needs ", " shows ", " carries "]
        .iter()
        .find_map(|verb| before.find(verb).map(|at| at + verb.len()))?;
    let had = before[at..].trim_end_matches('.');
    let had = super::sentence::after(had, &["a ", "an ", "the ", "its ", "their "]).unwrap_or(had);
    Some(format!("{} have no {had}", &text[..subject.len()]))
}

/// "A submitted order has `submitted_at`, a paid one also `paid_at`" as two sentences.
pub(crate) fn and_one_also(text: &str) -> Option<[String; 2]> {
    let (front, behind) = text.split_once(", a ").or_else(|| text.split_once(", an "))?;
    let (state, had) = behind.split_once(" one ")?;
    let had =
        ["also has ", "also ", "has also ", "has "].iter().find_map(|it| had.strip_prefix(it))?;
    let at = front.find(" has ")?;
    let noun = front[..at].rsplit(' ').next()?;
    state.chars().all(char::is_alphanumeric).then_some(())?;
    Some([front.to_owned(), format!("A {state} {noun} has {had}")])
}

/// "The number of valid tickets …. A ticket is valid until it is voided": the first sentence with what its adjective stands
/// for, "tickets that are not voided".
pub(crate) fn defined(text: &str, definition: &str) -> Option<String> {
    const UNTIL: &[&str] =
        &["until it is ", "unless it is ", "until it has been ", "unless ", "until "];
    const WHILE: &[&str] = &["while it is ", "as long as it is ", "when it is ", "if it is "];
    let definition = super::sentence::after(definition, &["a ", "an ", "the "])?;
    let (noun, said) = definition.split_once(" is ")?;
    let (adjective, condition) = said.split_once(' ')?;
    let condition = condition.trim_end_matches('.');
    let relative = match super::sentence::after(condition, UNTIL) {
        Some(state) => format!("that are not {state}"),
        None => match super::sentence::after(condition, WHILE) {
            Some(state) => format!("that are {state}"),
            None => format!("whose {}", field_is(condition)?),
        },
    };
    let called = |word: &str| underpin_read::singular(&word.to_lowercase()) == noun.to_lowercase();
    let words: Vec<&str> = text.split(' ').collect();
    let at =
        words.windows(2).position(|it| it[0].eq_ignore_ascii_case(adjective) && called(it[1]))?;
    let mut all: Vec<&str> = words[..at].to_vec();
    all.extend([words[at + 1], &relative]);
    all.extend(&words[at + 2..]);
    Some(all.join(" "))
}

/// "while `returned_on` is empty", "as long as its `returned_on` is not set".
fn field_is(condition: &str) -> Option<&str> {
    const LEADS: &[&str] = &["while ", "as long as ", "when ", "if "];
    let said = super::sentence::after(condition, LEADS)?;
    let said = super::sentence::after(said, &["its ", "the ", "their "]).unwrap_or(said);
    let is_field =
        said.starts_with('`') || said.split(' ').next().is_some_and(|it| it.contains('_'));
    (is_field && said.contains(" is ")).then_some(said)
}

/// "Readings are only added while the sample is open, and never with a retired method" as two sentences.
pub(crate) fn and_never(text: &str) -> Option<[String; 2]> {
    let (front, rest) = [", and never ", " and never ", ", and not "]
        .iter()
        .find_map(|and| text.split_once(and))?;
    let clause = parse(front)?;
    let is_behind = BEHIND.iter().any(|it| rest.starts_with(it));
    (is_behind && clause.voice == Voice::Passive).then_some(())?;
    let second = format!("{} must not be {} {rest}", clause.subject, clause.verb);
    Some([front.to_owned(), second])
}

/// What begins something that is done in other circumstances.
const BEHIND: &[&str] =
    &["with ", "for ", "to ", "on ", "by ", "from ", "in ", "while ", "when ", "after "];

/// "When an instrument is deleted" of a sentence that begins so.
fn lead(before: &str) -> Option<&str> {
    let (lead, _) = before.split_once(", ")?;
    super::sentence::after(lead, &["when ", "whenever ", "if ", "once "]).map(|_| lead)
}

/// The entity that a sentence is about, as it is named there.
fn subject(draft: &Draft<'_>, before: &str) -> Option<String> {
    let clause = parse(before)?;
    let ends = [" with ", " that ", " which ", " who ", " while ", " whose "];
    let subject = ends
        .iter()
        .fold(clause.subject.as_str(), |it, end| it.split_once(end).map_or(it, |(front, _)| front));
    // "The refunds of a payment": of the two it is the first that goes on.
    let subject = subject.split_once(" of ").map_or(subject, |(front, _)| front);
    let words = words(subject);
    (0..words.len()).find_map(|from| {
        let noun = words[from..].join(" ");
        let entity = draft.entity(&noun)?;
        Some(draft.model.entity(entity).name.to_lowercase())
    })
}

/// The noun that stands before a verb, and what follows it.
fn predicate(rest: &str) -> Option<(&str, &str)> {
    const VERBS: &[&str] = &[
        " is ", " are ", " must ", " may ", " can ", " cannot ", " never ", " stay", " remain",
        " has ", " have ", " shall ",
    ];
    let at = VERBS.iter().filter_map(|verb| rest.find(verb)).min()?;
    Some((&rest[..at], rest[at..].trim_start()))
}

fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{defined, one_that_has_none, so_do, with_what_others_have};

    #[test]
    fn what_others_have_and_these_have_not() {
        let said = |text| with_what_others_have("A stored core must have a `box_id`", text);
        for text in ["A melted core must not have one", "A melted core has none"] {
            assert_eq!(said(text).as_deref(), Some("A melted core have no `box_id`"), "{text}");
        }
        for text in ["Other cores have none", "A melted core must not have one more"] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn what_one_in_another_state_lacks() {
        assert_eq!(
            one_that_has_none(
                "A loan that is returned has a `returned_at`",
                "one that is reserved, out or cancelled has none"
            )
            .as_deref(),
            Some("A loan that is reserved, out or cancelled has no `returned_at`")
        );
        assert_eq!(one_that_has_none("A loan has a date", "one that is out has none"), None);
    }

    #[test]
    fn what_is_said_of_others_too() {
        let same = "A run and its tank belong to the same company.";
        assert_eq!(
            so_do(same, "So do a test and its run, and a sale and its run").as_deref(),
            Some("a test and its run, and a sale and its run belong to the same company")
        );
        let fixed = "The number of a print never changes.";
        assert_eq!(
            so_do(fixed, "Neither does the title of a print").as_deref(),
            Some("the title of a print never changes")
        );
        assert_eq!(so_do("A run has a tank", "So do tests"), None);
        assert_eq!(so_do("The number of a print is 5", "Neither does its title"), None);
    }

    #[test]
    fn words_that_the_next_sentence_defines() {
        let text = "A reader has at most 5 open loans at a time";
        assert_eq!(
            defined(text, "A loan is open while `returned_on` is empty").as_deref(),
            Some("A reader has at most 5 loans whose `returned_on` is empty at a time")
        );
        for other in
            ["A loan is open while the shop is", "A desk is open while `returned_on` is empty"]
        {
            assert_eq!(defined(text, other), None, "{other}");
        }
    }
}
