//! Sentences that list fields and leave it to their section whose they are: "Required fields: title, price", "Optional:
//! notes", "Must include a name and a phone number", "The user must enter a title, a price and a date", "The form asks for
//! a name and a phone number".

use super::clause::Clause;
use super::inline_fields::Named;
use super::named_list::is_sort;
use super::noun::{phrase_at, singular};
use super::property_list::{Part, parts};
use super::tag::{Tag, Token, behind};
use super::usual::is_usual;
use crate::FieldFact;
use crate::document::Document;
use crate::notation::Output;

/// Words for the fields of whatever a section is about.
const FIELD_WORDS: &[&str] = &[
    "field",
    "attribute",
    "property",
    "column",
    "input",
    "data",
    "information",
    "info",
    "detail",
    "parameter",
];

/// Words that say by themselves that fields follow, before a colon.
const SAYING: &[&str] = &["required", "mandatory", "optional", "editable", "captured", "recorded"];

/// Words between the others of a label.
const BETWEEN: &[&str] = &["the", "following", "are", "to", "be", "for", "each", "and"];

/// Words by which a form or a record has fields.
const HAVING: &[&str] =
    &["include", "contain", "require", "collect", "capture", "ask", "have", "has"];

/// Words by which somebody gives a thing its fields.
const GIVING: &[&str] = &["enter", "provide", "specify", "fill", "supply", "input", "state"];

/// The fields of a sentence that names no owner.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    let (from, required) = label(tokens).or_else(|| lead(tokens))?;
    let is_label = tokens[from - 1].is(":");
    let mut fields = listed(behind(text, tokens, from), is_label)?;
    for field in &mut fields {
        field.required = field.required.or(required);
    }
    Some(Named { owner: None, fields })
}

/// Whether a sentence begins with a label that only says that fields follow.
pub(super) fn is_labelled(tokens: &[Token]) -> bool {
    label(tokens).is_some()
}

/// Whether words only say that fields follow, or which, and name no thing: "Required fields", "Optional", "Key attributes".
pub(super) fn is_label(words: &[Token]) -> bool {
    let is_field = |it: &Token| FIELD_WORDS.contains(&singular(&it.lower).as_str());
    let says = |it: &Token| is_field(it) || it.is_any(SAYING);
    let passes = |it: &Token| says(it) || sorts(it) || it.is_any(BETWEEN);
    // "Displays", "Shows": what a page does with the fields.
    if let [only] = words
        && only.is_any(&["displays", "shows", "includes", "contains", "lists", "fields"])
    {
        return true;
    }
    (1..=5).contains(&words.len()) && words.iter().any(says) && words.iter().all(passes)
}

/// Whether a word says which fields, and names no thing: "functional", "editable", "stored".
fn sorts(word: &Token) -> bool {
    is_sort(&word.lower)
        || word.tag == Tag::Adjective
        || word.lower.ends_with("ed") && word.tag != Tag::Noun
}

/// Where the list behind a label begins, and whether its fields must be there.
fn label(tokens: &[Token]) -> Option<(usize, Option<bool>)> {
    let colon = tokens.iter().take(6).position(|it| it.is(":"))?;
    let label = &tokens[..colon];
    let is = |words: &[&str]| label.iter().any(|it| it.is_any(words));
    let required = match (is(&["required", "mandatory"]), is(&["optional"])) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        (true, true) | (false, false) => None,
    };
    is_label(label).then_some((colon + 1, required))
}

/// "Must include", "The form asks for", "The user must enter": where the list begins behind a verb whose subject is nothing
/// of the domain.
fn lead(tokens: &[Token]) -> Option<(usize, Option<bool>)> {
    let subject = phrase_at(tokens, 0);
    let start = subject.as_ref().map_or(0, |it| it.end);
    let verb = start
        + tokens.get(start..)?.iter().take_while(|it| it.tag == Tag::Modal || it.is("be")).count();
    let modal = tokens[start..verb].first();
    let word = tokens.get(verb)?;
    let is_form = subject.as_ref().is_some_and(|it| is_container(&it.noun));
    let is_actor = subject
        .as_ref()
        .is_some_and(|it| super::is_person_noun(&it.noun) || it.noun.eq_ignore_ascii_case("user"));
    let leads = match &subject {
        None => word.is_verb_of(HAVING) || word.is_verb_of(GIVING),
        Some(_) if is_form => word.is_verb_of(HAVING) || word.is_any(&["with"]),
        Some(_) => is_actor && modal.is_some() && word.is_verb_of(GIVING),
    };
    // "includes" may be a whole sentence's beginning, and "Provide clear messages" is an order to who builds it.
    let is_order = subject.is_none()
        && modal.is_none()
        && word.is_verb_of(GIVING)
        && !word.lower.ends_with('s');
    let mut from = verb + 1;
    while tokens.get(from).is_some_and(|it| {
        it.is_any(&[
            "for",
            "in",
            "the",
            "following",
            ":",
            "fields",
            "at",
            "least",
            "all",
            "required",
        ])
    }) {
        from += 1;
    }
    let must =
        modal.is_some_and(|it| it.is_any(&["must", "shall"])) || word.is_verb_of(&["require"]);
    (leads && !is_order && from < tokens.len()).then_some((from, must.then_some(true)))
}

/// Whether a noun is what holds the fields of a thing and no thing itself.
fn is_container(noun: &str) -> bool {
    matches!(noun.to_lowercase().as_str(), "form" | "entry" | "record" | "request" | "submission")
}

/// The parts of a list, where enough of them sound like properties.
fn listed(text: &str, is_label: bool) -> Option<Vec<FieldFact>> {
    let parts: Vec<Part> = parts(text.trim_start_matches([':', ' ']));
    let sure = parts.iter().filter(|part| part.is_property).count();
    let least = if is_label { 1 } else { 2 };
    let of = if is_label { 3 } else { 2 };
    let is_list = (parts.len() >= 2 || is_label) && sure >= least && sure * of >= parts.len();
    is_list.then(|| parts.into_iter().map(|part| part.field).collect())
}

/// What a section is about by its nearest heading that is no part of a template ("Acceptance Criteria"): "workshop" of "Create
/// a workshop" and of "3.1 Workshops". The title of a whole document is no such heading.
pub(super) fn owner(document: &Document<'_>, section: Option<usize>) -> Option<String> {
    let titles = document.path_of(section).filter(|&it| document.sections[it].level > 1);
    titles.map(|section| super::clause::topic(document.title(section))).find_map(thing)
}

/// The thing that a heading names so plainly that fields below it are its own: one word, one that software usually keeps, or
/// the object of what somebody does.
fn thing(title: &str) -> Option<String> {
    let noun = super::titled::noun(title)?;
    let is_plain =
        !noun.contains([' ', '-']) || is_usual(&noun) || super::titled::step(title).is_some();
    let is_program = noun.split(' ').any(super::noun::is_program);
    (is_plain && !is_program && !crate::entity_name::ends_as_topic(title)).then_some(noun)
}

/// Users, where a label stands in a section about how they sign up or what they tell of themselves.
pub(super) fn account(clause: &Clause, document: &Document<'_>, out: &Output) -> Option<String> {
    const ABOUT: &[&str] =
        &["registration", "signup", "profiles", "identity", "authentication", "onboarding"];
    if !is_labelled(&clause.tokens) {
        return None;
    }
    let section = clause.section.filter(|&it| document.sections[it].level > 1)?;
    let words = crate::words::lower_words(document.title(section));
    let is_account = words.iter().any(|word| ABOUT.contains(&word.as_str()));
    is_account.then(|| out.known.get("User").map(str::to_owned)).flatten()
}

/// The entity that the sentences around one make: "assign a ticket ID" after "capture name, phone".
pub(super) fn made_nearby(clauses: &[Clause], at: usize, out: &Output) -> Option<String> {
    let after = clauses.iter().skip(at + 1).take(2);
    let before = clauses[..at].iter().rev().take(2);
    after.chain(before).find_map(|clause| {
        let tokens = &clause.tokens;
        tokens.iter().enumerate().find_map(|(at, token)| {
            let makes = token.tag == Tag::Verb
                && token.is_verb_of(&["create", "assign", "issue", "generate", "register", "book"]);
            let object = makes.then(|| phrase_at(tokens, at + 1)).flatten()?;
            super::resolve(super::evidence::core(&object.noun), out)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::notation::check;
    use crate::prose::tag::tag;
    use expect_test::expect;

    fn found(text: &str) -> String {
        find(text, &tag(text)).map_or_else(String::new, |named| {
            let names: Vec<String> = named.fields.into_iter().map(|field| field.name).collect();
            names.join("; ")
        })
    }

    #[test]
    fn words_before_fields_that_name_no_thing() {
        for (text, fields) in [
            ("Required fields: title, price (net), weight.", "title; price; weight"),
            ("Optional: notes, picture", "notes; picture"),
            ("Editable: display name, bio, address.", "display name; bio; address"),
            ("Functional fields: status, summary, priority", "status; summary; priority"),
            ("Data captured: name, address", "name; address"),
            ("Must include a name, an address and a phone number.", "name; address; phone number"),
            ("The user must enter a title, a price and a weight.", "title; price; weight"),
            ("The form asks for a title, a price and a weight.", "title; price; weight"),
        ] {
            assert_eq!(found(text), fields, "{text}");
        }
    }

    #[test]
    fn words_before_something_else() {
        for text in [
            "Required: Node 18, a compiler and patience",
            "Optional: dark mode, notifications, offline use",
            "The form has a save button and a cancel button.",
            "Must include search, filters and exports.",
            "Provide clear messages and a short text.",
            "Roles: admin, member",
            "Members: name, email",
        ] {
            assert_eq!(found(text), "", "{text}");
        }
    }

    #[test]
    fn the_section_says_whose_fields_they_are() {
        check(
            "# Fair\n\n## 2. Stalls\n\n- FR-1: Required fields: title, price, size. Optional: notes.\n\n### Register a company\n\n#### Acceptance Criteria\n\n- The company name is required\n- Phone number is mandatory\n- Login is required\n",
            &expect![[r#"
                5 prose-entities  entity Stall
                5 prose-inline-fields  field Stall.title required [inferred: the heading or a sentence beside it names what has it]
                5 prose-inline-fields  field Stall.price required [inferred: the heading or a sentence beside it names what has it]
                5 prose-inline-fields  field Stall.size required [inferred: the heading or a sentence beside it names what has it]
                5 prose-inline-fields  field Stall.notes optional [inferred: the heading or a sentence beside it names what has it]
                11 prose-entities  entity Company
                11 prose-inline-fields  field Company.name required [inferred: the heading or a sentence beside it names what has it]
                11 prose-field-facts  field Company.name required
                12 prose-inline-fields  field Company.Phone number required [inferred: the heading or a sentence beside it names what has it]
                12 prose-field-facts  field Company.Phone number required
                13 R015 `Login is required` seems to state something and was not understood
            "#]],
        );
    }
}
