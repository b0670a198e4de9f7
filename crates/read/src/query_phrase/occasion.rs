//! Requirements that say when the system does what: "WHEN a clerk filters boats by harbour THEN the system SHALL display the
//! boats that match". Where the occasion narrows what is shown, it asks; else what the system does.

use super::phrase;
use crate::notation::Output;
use crate::prose::{is_person_noun, singular};

/// What happens, and what the system does then, behind its modal.
struct Occasion<'t> {
    when: &'t str,
    then: &'t str,
}

/// What a requirement with an occasion asks for, as sentences without one, of which the first that asks for anything counts;
/// and its occasion.
pub(super) fn requests(text: &str, out: &Output) -> (Vec<String>, String) {
    let Some(Occasion { when, then }) = parted(text) else { return Default::default() };
    let (when, then) = in_full(when, then, out);
    let mut requests: Vec<String> = narrowing(&when, &then, out).into_iter().collect();
    requests.extend(chosen_filter(&when, &then, out));
    requests.push(format!("The system shall {then}"));
    (requests, when)
}

fn parted(text: &str) -> Option<Occasion<'_>> {
    /// The system is named in so many letters.
    const LONGEST_NAME: usize = 50;
    let lower = text.to_ascii_lowercase();
    let leads = ["when ", "whenever ", "while ", "where ", "if ", "once "];
    let from = leads.iter().find(|lead| lower.starts_with(**lead))?.len();
    let marks = [", then the ", " then the ", ", the ", ", then ", " then "];
    let places = marks.iter().filter_map(|mark| Some((lower.find(mark)?, mark.len())));
    let (at, length) = places.min()?;
    let rest = at + length;
    let modals = [" shall ", " must ", " should ", " will "];
    let modal = modals.iter().filter_map(|modal| Some((lower[rest..].find(modal)?, modal.len())));
    let (modal, width) = modal.min().filter(|(at, _)| *at < LONGEST_NAME)?;
    let then = &text[rest + modal + width..];
    (from < at && !lower[rest + modal..].starts_with(" shall not "))
        .then(|| Occasion { when: &text[from..at], then })
}

/// Both parts with the names of entities in full where each has a half: "views purchase history", "display all
/// transactions" of Purchase Transactions.
fn in_full(when: &str, then: &str, out: &Output) -> (String, String) {
    let said = phrase::words(then);
    for noun in said.iter().filter(|noun| noun.lower.len() > 3) {
        let one = singular(&noun.lower);
        if out.known.get(&one).is_some() {
            continue;
        }
        for word in phrase::words(when).iter().filter(|word| word.lower != noun.lower) {
            let is_whole = out.known.get(&format!("{} {one}", word.lower)).is_some();
            if !is_whole || then.contains(&format!("{} {}", word.text, noun.text)) {
                continue;
            }
            let whole = format!("{} {}", word.text, noun.text);
            // "filters consumption by date" is about these; what stands before another noun is only their kind.
            let by = format!("{} by ", word.text);
            let when = when.replacen(&by, &format!("{whole} by "), 1);
            return (when, then.replacen(noun.text, &whole, 1));
        }
    }
    (when.to_owned(), then.to_owned())
}

/// "a manager filters boats by harbour" as what somebody can do; "searching for boats" over "allow search by name" as well.
fn narrowing(when: &str, then: &str, out: &Output) -> Option<String> {
    let words: Vec<&str> = when.split_whitespace().collect();
    let at = words.iter().take(6).position(|word| verb(word).is_some())?;
    let rest = words[at + 1..].join(" ");
    // "filters by region" over "show only boats in that region".
    let bare = || {
        let said = phrase::words(then);
        let shown = phrase::mentions(&said, out).into_iter().find(|it| it.plural)?;
        let is_shown = !is_person_noun(&shown.name);
        is_shown.then(|| format!("{}s {rest}", shown.name))
    };
    let rest = if rest.starts_with("by ") {
        bare().unwrap_or(rest)
    } else if rest.contains(" by ") {
        rest
    } else {
        let marks = ["search by ", "searching by ", "filter by ", "filtering by "];
        let fields =
            marks.iter().find_map(|mark| then.split_once(mark)).map(|(_, fields)| fields)?;
        format!("{} by {fields}", rest.strip_prefix("for ").unwrap_or(&rest))
    };
    // How fast it must be is said of what is shown.
    let rest = match then.find(" within ") {
        Some(at) if !rest.contains(" within ") => format!("{rest}{}", &then[at..]),
        _ => rest,
    };
    let who = words[..at].join(" ");
    (!rest.is_empty()).then(|| match who.as_str() {
        "" => format!("Users can {} {rest}", verb(words[at]).unwrap_or_default()),
        who => format!("{who} can {} {rest}", verb(words[at]).unwrap_or_default()),
    })
}

fn verb(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "filters" | "filtering" | "filter" => "filter",
        "searches" | "searching" | "search" => "search",
        "sorts" | "sorting" | "sort" => "sort",
        "browses" | "browsing" | "browse" => "browse",
        _ => return None,
    })
}

/// "a clerk selects a harbour filter" over "display only boats of that harbour": the boats, by their harbour.
fn chosen_filter(when: &str, then: &str, out: &Output) -> Option<String> {
    let front = when.trim_end().strip_suffix(" filter")?;
    let verbs =
        [" selects a ", " selects an ", " applies a ", " applies an ", " chooses a ", " sets a "];
    let verbs =
        verbs.iter().chain(&[" selects the ", " applies the ", " chooses an ", " sets the "]);
    let field = verbs.filter_map(|verb| front.split_once(verb)).map(|(_, field)| field).next()?;
    let words = phrase::words(then);
    let shown = phrase::mentions(&words, out).into_iter().find(|it| it.plural)?;
    let is_field = field.split(' ').count() <= 3 && !is_person_noun(&shown.name);
    is_field.then(|| format!("Users can filter {}s by {field}", shown.name))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const BOATS: &str = "# Boat\n\n| Field | Type |\n|-|-|\n| id | int |\n| name | text |\n| harbour | text |\n| status | text |\n| built_on | date |\n\n# Repair Job\n\n| Field | Type |\n|-|-|\n| id | int |\n| kind | text |\n| done_on | date |\n\n";

    #[test]
    fn occasions_that_ask() {
        check(
            &format!(
                "{BOATS}# Requirements\n\n1. WHEN a clerk filters boats by harbour THEN the system SHALL display only the boats that match within 2 seconds\n2. WHEN a clerk selects a status filter, THE Boat_System SHALL display only boats with that status\n3. WHEN a clerk views repair history THEN the system SHALL display all jobs sorted by done_on in descending order\n4. WHEN a clerk opens the page THEN the system SHALL list all boats in ascending name order\n5. WHEN a clerk filters by status THEN the system SHALL show only boats in that state\n"
            ),
            &expect![[r#"
                1 field-table  entity Boat
                5 field-table  field Boat.id int
                6 field-table  field Boat.name text
                7 field-table  field Boat.harbour text
                8 field-table  field Boat.status text
                9 field-table  field Boat.built_on date
                11 field-table  entity Repair Job
                15 field-table  field Repair Job.id int
                16 field-table  field Repair Job.kind text
                17 field-table  field Repair Job.done_on date
                21 query-sentence  read "filter boats by harbour within 2 seconds" of Boat by harbour = ? if given within 2000 ms [inferred: a sentence asks for it]
                21 prose-rule-sentence  rule *: WHEN a clerk filters boats by harbour THEN the system SHALL display only the boats that match within 2 seconds [inferred: its words bind, and it is a rule where fields give it a meaning]
                22 query-sentence  read "filter Boats by status" of Boat by status = ? if given [inferred: a sentence asks for it]
                22 prose-rule-sentence  rule *: WHEN a clerk selects a status filter, THE system SHALL display only boats with that status [inferred: its words bind, and it is a rule where fields give it a meaning]
                23 query-sentence  read "display all repair jobs sorted by done_on descending" of Repair Job sorted done_on desc [inferred: a sentence asks for it]
                24 query-sentence  read "list all boats, sorted by name ascending" of Boat sorted name [inferred: a sentence asks for it]
                25 query-sentence  read "filter Boats by status" of Boat by status = ? if given [inferred: a sentence asks for it]
                25 prose-rule-sentence  rule *: WHEN a clerk filters by status THEN the system SHALL show only boats in that state [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn occasions_that_ask_for_nothing() {
        check(
            &format!(
                "{BOATS}# Requirements\n\n1. WHEN a clerk filters nothing THEN the system SHALL show a hint\n2. WHEN a clerk selects a colour filter, THE Boat_System SHALL reload\n3. WHEN a boat is saved, THE system SHALL NOT display the form\n"
            ),
            &expect![[r#"
                1 field-table  entity Boat
                5 field-table  field Boat.id int
                6 field-table  field Boat.name text
                7 field-table  field Boat.harbour text
                8 field-table  field Boat.status text
                9 field-table  field Boat.built_on date
                11 field-table  entity Repair Job
                15 field-table  field Repair Job.id int
                16 field-table  field Repair Job.kind text
                17 field-table  field Repair Job.done_on date
                23 prose-rule-sentence  rule *: WHEN a boat is saved, THE system SHALL NOT display the form [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }
}
