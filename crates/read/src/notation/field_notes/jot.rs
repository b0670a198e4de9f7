//! One field as it is jotted down: its name, and short marks behind it in any order, with whatever stands between
//! them: "lane number 1-8", "email - unique per club", "prio (low/med/high, default med)".

use crate::notation::field_phrases::is_prose;
use crate::prose::{is_person_noun, singular};
use crate::words::{fold, lower_words, split_top, strip_prefix_ignoring_case};
use crate::{FieldFact, ReferenceFact};

use super::mark::{Mark, mark, type_word};

/// What a text says of fields.
#[derive(Debug, Default)]
pub(in crate::notation) struct Jot {
    pub(in crate::notation) fields: Vec<FieldFact>,
    /// How many of the fields have a mark that only fields have.
    pub(in crate::notation) signs: usize,
    /// The words that are no part of a field.
    pub(in crate::notation) unread: Vec<String>,
    /// What is said of the thing as a whole: "one per sensor and day".
    pub(in crate::notation) rules: Vec<String>,
    /// From state to state, with the field.
    pub(in crate::notation) moves: Vec<(String, String, String)>,
    /// Names of fields that an index is asked for.
    pub(in crate::notation) indexed: Vec<String>,
}

/// Reads a text as one field or several: "`started_at`, `ended_at` (optional)". `None` where it does not begin with one.
pub(in crate::notation) fn jot(text: &str) -> Option<Jot> {
    let text = text.trim().trim_end_matches(['.', ',', ';']);
    if text.len() > 300 || text.ends_with(['!', ':']) {
        return None;
    }
    let mut jot = Jot::default();
    // "timestamps" behind the last of several is said of all that have no type: "from / to timestamps".
    for part in split_top(text, &[',', ';']) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        if jot.fields.last().is_some_and(|last| says_of_all(part) || counts_people(part, last)) {
            jot.rules.push(part.to_owned());
            continue;
        }
        let first = jot.fields.is_empty();
        // "state: new -> done; new -> gone" goes on with the steps of the same field.
        let goes_on = jot
            .moves
            .last()
            .is_some_and(|(field, ..)| jot.fields.last().is_some_and(|last| last.name == *field));
        let behind =
            if first || begins_field(part, &jot.fields) { None } else { Marks::all(part, goes_on) };
        if let Some(marks) = behind {
            let last = jot.fields.len() - 1;
            jot.signs += usize::from(!is_marked(&jot.fields[last]) && marks.signs > 0);
            marks.write(last, &mut jot);
            continue;
        }
        match field(part) {
            Some((names, marks)) => {
                jot.signs += usize::from(marks.signs > 0) * names.len();
                let from = jot.fields.len();
                jot.fields.extend(
                    names.into_iter().map(|name| FieldFact { name, ..FieldFact::default() }),
                );
                for at in from..jot.fields.len() {
                    marks.write(at, &mut jot);
                }
                for said in marks.unread {
                    match compared(&said, &jot.fields) {
                        Some(rule) => {
                            let last = jot.fields.last_mut().expect("invariant: it was just added");
                            jot.signs += usize::from(!is_marked(last));
                            last.constraints.push(rule);
                        }
                        None => jot.unread.push(said),
                    }
                }
            }
            None if first => return None,
            None => match compared(part, &jot.fields) {
                Some(rule) => {
                    let last = jot.fields.last_mut().expect("invariant: a field stands before it");
                    jot.signs += usize::from(!is_marked(last));
                    last.constraints.push(rule);
                }
                None => jot.unread.push(part.to_owned()),
            },
        }
    }
    (!jot.fields.is_empty()).then_some(jot)
}

/// Whether a part with its mark in front is a field of its own: "FK bike, FK customer", but "`customer_id`, FK customers".
fn begins_field(part: &str, before: &[FieldFact]) -> bool {
    let Some(name) = strip_prefix_ignoring_case(part, "FK ") else { return false };
    let last = before.last().map(|field| fold(&field.name)).unwrap_or_default();
    name.split(' ').count() == 1 && !last.contains(&fold(name))
}

/// Whether a part speaks of the rows and not of a field: "one per sensor and day", "never updated".
fn says_of_all(part: &str) -> bool {
    const LEADS: &[&str] = &[
        "no two ",
        "never updated",
        "never changed",
        "never deleted",
        "append-only",
        "append only",
    ];
    let lower = part.to_lowercase();
    let is_shared = ["one per ", "unique per ", "only one per "]
        .iter()
        .find_map(|lead| lower.strip_prefix(lead))
        .is_some_and(|things| things.contains(" and ") || things.contains(" + "));
    is_shared || LEADS.iter().any(|lead| lower.starts_with(lead))
}

/// "to after from", "ends > starts": a comparison of a field that is listed with another.
fn compared(part: &str, fields: &[FieldFact]) -> Option<String> {
    const LINKS: &[&str] = &[
        " >= ",
        " > ",
        " <= ",
        " < ",
        " ≥ ",
        " ≤ ",
        " on or after ",
        " after ",
        " before ",
        " later than ",
        " earlier than ",
        " not before ",
    ];
    let (left, right) = crate::words::split_once_any(part, LINKS)?;
    let left = left.strip_suffix(" must be").or_else(|| left.strip_suffix(" is")).unwrap_or(left);
    let (left, right) = (name(left)?, name(right)?);
    // "ends" is short for "ends at".
    let listed = |name: &str| {
        let short = format!("{} ", name.to_lowercase());
        let mut names = fields.iter().map(|field| field.name.as_str());
        names.find(|it| fold(it) == fold(name) || it.to_lowercase().starts_with(&short))
    };
    match (listed(&left), listed(&right)) {
        (Some(left), Some(right)) if part.contains(" after ") => {
            Some(format!("{left} after {right}"))
        }
        (None, None) => None,
        (Some(_), _) | (None, Some(_)) => Some(part.to_owned()),
    }
}

fn is_marked(field: &FieldFact) -> bool {
    *field != FieldFact { name: field.name.clone(), ..FieldFact::default() }
}

/// The marks that stand in a text one behind the other.
#[derive(Debug, Default)]
struct Marks {
    found: Vec<Mark>,
    signs: usize,
    unread: Vec<String>,
}

impl Marks {
    /// All marks of a text; `None` where it holds anything else. Words that also end names ("date", "text") are types
    /// only behind a separator.
    fn all(text: &str, is_apart: bool) -> Option<Self> {
        let marks = Self::read(text, is_apart);
        (marks.unread.is_empty() && !marks.found.is_empty()).then_some(marks)
    }

    fn read(text: &str, mut is_apart: bool) -> Self {
        let mut marks = Self::default();
        let mut rest = text;
        loop {
            let trimmed = separated(rest);
            is_apart |=
                trimmed.len() < rest.trim_start().len() && !rest.trim_start().starts_with(',');
            rest = trimmed;
            if rest.is_empty() {
                return marks;
            }
            if let Some((inside, after)) = bracketed(rest) {
                // In brackets a list of words are the values of a choice, or marks.
                let inner = match mark(inside, true).or_else(|| thing(inside)) {
                    Some((one, "")) => Self {
                        signs: usize::from(one.is_sign()),
                        found: vec![one],
                        unread: Vec::new(),
                    },
                    _ => split_top(inside, &[',', ';'])
                        .into_iter()
                        .fold(Self::default(), |so_far, part| so_far.and(Self::read(part, true))),
                };
                marks = marks.and(inner);
                rest = after;
                continue;
            }
            match mark(rest, is_apart) {
                Some((one, after)) => {
                    marks.signs += usize::from(one.is_sign());
                    marks.found.push(one);
                    rest = after;
                }
                None => {
                    marks.unread.push(rest.trim_end_matches([')', ' ']).to_owned());
                    return marks;
                }
            }
        }
    }

    fn and(mut self, other: Self) -> Self {
        self.found.extend(other.found);
        self.signs += other.signs;
        self.unread.extend(other.unread);
        self
    }

    fn write(&self, at: usize, jot: &mut Jot) {
        let field = &mut jot.fields[at];
        for mark in &self.found {
            match mark {
                Mark::Required(required) => field.required = field.required.or(Some(*required)),
                Mark::Unique => field.unique = Some(true),
                Mark::PrimaryKey => field.primary_key = Some(true),
                Mark::ForeignKey => field.constraints.push("foreign key".to_owned()),
                Mark::Indexed => jot.indexed.push(field.name.clone()),
                Mark::Default(value) => {
                    field.default.get_or_insert_with(|| value.clone());
                }
                Mark::Type(text) => {
                    field.type_text.get_or_insert_with(|| text.clone());
                }
                Mark::Limit(text) => field.constraints.push(text.clone()),
                Mark::Said(text) => {
                    field.description.get_or_insert_with(|| text.clone());
                }
                Mark::Values(values) if field.enum_values.is_empty() => {
                    field.enum_values.clone_from(values);
                }
                Mark::Values(_) => {}
                Mark::Target(name) => {
                    field.references.get_or_insert_with(|| ReferenceFact {
                        entity: name.clone(),
                        field: None,
                        on_delete: None,
                    });
                }
                Mark::Moves(chain) => {
                    let pairs = chain.pairs();
                    jot.moves
                        .extend(pairs.map(|(from, to)| {
                            (field.name.clone(), from.to_owned(), to.to_owned())
                        }));
                }
            }
        }
    }
}

/// What stands in the brackets that a text begins with, and what follows them.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (before, inside, after) = crate::words::parenthesized(text)?;
    before.is_empty().then_some((inside, after))
}

/// One word in brackets behind a name, which may be that of a thing: "head (employee)".
fn thing(inside: &str) -> Option<(Mark, &'static str)> {
    let is_one = crate::words::is_identifier(inside) && !inside.contains('.');
    is_one.then(|| (Mark::Said(inside.to_owned()), ""))
}

/// The text behind what only sets two marks apart. A sign before a number is no dash.
fn separated(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let before = rest.len();
        rest = rest.trim_start_matches([',', ';', ':']).trim_start();
        for dash in ["- ", "– ", "— ", "= "] {
            rest = rest.strip_prefix(dash).unwrap_or(rest).trim_start();
        }
        for word in ["and ", "but ", "must be ", "is ", "of type "] {
            rest = strip_prefix_ignoring_case(rest, word).unwrap_or(rest).trim_start();
        }
        if rest.len() == before {
            return rest.trim_end();
        }
    }
}

/// One field, or several with one mark: its names, and what stands behind them.
fn field(part: &str) -> Option<(Vec<String>, Marks)> {
    let mut text = part.trim();
    let mut lead = Marks::default();
    // "unique code", "FK bike": the mark stands before the name.
    for (word, mark) in [
        ("optional ", Mark::Required(false)),
        ("opt. ", Mark::Required(false)),
        ("required ", Mark::Required(true)),
        ("mandatory ", Mark::Required(true)),
        ("unique ", Mark::Unique),
        ("FK ", Mark::ForeignKey),
        ("PK ", Mark::PrimaryKey),
    ] {
        if let Some(rest) = strip_prefix_ignoring_case(text, word) {
            text = rest.trim_start();
            lead.signs += 1;
            lead.found.push(mark);
        }
    }
    let text = text.strip_prefix("a ").or_else(|| text.strip_prefix("an ")).unwrap_or(text);
    let ends: Vec<usize> = word_ends(text).take(5).collect();
    for &end in &ends {
        let (head, rest) = text.split_at(end);
        let (head, marked) = name_mark(head);
        let Some(found) = names(head) else { continue };
        let is_apart = rest.trim_start().starts_with([':', '(', '='])
            || rest.starts_with(" - ")
            || rest.starts_with(" – ")
            || rest.starts_with(" — ");
        let marks = if separated(rest).is_empty() {
            Some(Marks::default())
        } else {
            Marks::all(rest, is_apart)
        };
        if let Some(marks) = marks {
            return Some((found, lead.and(marked).and(marks)));
        }
    }
    // A name and a separator, with words behind it that say no more than they do.
    let (head, rest) = crate::words::split_once_any(text, &[": ", " - ", " – ", " — ", " ("])?;
    let (head, marked) = name_mark(head.trim());
    let found = names(head)?;
    let rest = &text[text.len()
        - rest.len()
        - usize::from(text.as_bytes()[text.len() - rest.len() - 1] == b'(')..];
    Some((found, lead.and(marked).and(Marks::read(rest, true))))
}

/// Where each of the words of a text ends that can be part of a name.
fn word_ends(text: &str) -> impl Iterator<Item = usize> {
    let is_end = |(at, c): (usize, char)| match c {
        ' ' | ':' | '(' | ',' => Some(at),
        '=' | '>' | '<' => Some(at),
        _ => None,
    };
    text.char_indices().filter_map(is_end).chain([text.len()]).filter(|&at| at > 0)
}

/// A name without the sign behind it that says whether the value may be absent.
fn name_mark(head: &str) -> (&str, Marks) {
    let head = head.trim();
    let marked = |mark| Marks { found: vec![mark], signs: 1, unread: Vec::new() };
    match head.strip_suffix('?') {
        Some(name) => (name, marked(Mark::Required(false))),
        // What a star means is said elsewhere, if at all.
        None => (
            head.strip_suffix('*').filter(|it| !it.ends_with('*')).unwrap_or(head),
            Marks::default(),
        ),
    }
}

/// The names that stand before the marks: one, or "from / to".
fn names(head: &str) -> Option<Vec<String>> {
    let head = head.trim();
    let parts: Vec<&str> =
        if head.contains(" / ") { head.split(" / ").collect() } else { vec![head] };
    parts.into_iter().map(|part| name(part.trim())).collect()
}

/// A name of a field: up to four words without a word of grammar between them.
pub(in crate::notation) fn name(text: &str) -> Option<String> {
    if crate::prose::is_requirement_number(text) {
        return None;
    }
    let text = text.trim_matches('`').trim_matches('*');
    let words = lower_words(text);
    let is_end =
        |word: &str| matches!(word, "from" | "to" | "on" | "at" | "by" | "until" | "no" | "per");
    // "opt-in" is one word, though "in" is a word of grammar.
    let apart: Vec<String> = text.split([' ', '_']).map(str::to_lowercase).collect();
    let (first, others) = apart.split_first()?;
    let is_name = words.len() <= 4
        && text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '\'' | '.'))
        && !text.ends_with(['-', '\''])
        && !is_determiner(first)
        && (!is_prose(first) || is_end(first) && words.len() == 1)
        && others.iter().all(|word| !is_prose(word) && !is_determiner(word) || is_end(word))
        && !words.iter().any(|word| VERBS.contains(&word.as_str()))
        && !others.iter().any(|word| type_word(word, false))
        && !(words.len() == 1 && type_word(first, false));
    is_name.then(|| text.trim_end_matches('.').to_owned())
}

fn is_determiner(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "each"
            | "every"
            | "all"
            | "any"
            | "no"
            | "one"
            | "two"
            | "some"
            | "this"
            | "these"
            | "only"
            | "never"
            | "always"
            | "not"
            | "max"
            | "min"
            | "we"
            | "i"
            | "you"
            | "it"
            | "they"
    )
}

/// "max 12 people" behind a field that holds no number of them: it is said of the thing, and bounds no level or price.
fn counts_people(part: &str, last: &FieldFact) -> bool {
    const HOLDING: &[&str] = &[
        "capacity",
        "size",
        "seats",
        "seat",
        "places",
        "people",
        "persons",
        "guests",
        "party",
        "participants",
        "attendees",
        "members",
        "players",
        "count",
        "number",
        "headcount",
        "limit",
    ];
    let words = lower_words(part);
    let is_limit = words.first().is_some_and(|word| {
        matches!(word.as_str(), "max" | "maximum" | "min" | "minimum" | "up" | "at" | "no")
    });
    let noun = words.last().map_or("", |word| word.as_str());
    let are_people =
        matches!(noun, "people" | "persons") || is_person_noun(noun) && singular(noun) != noun;
    let name = lower_words(&last.name);
    let is_number = part.contains(|c: char| c.is_ascii_digit());
    is_limit
        && is_number
        && are_people
        && words.len() <= 5
        && !name.iter().any(|word| HOLDING.contains(&word.as_str()))
}

/// Words that make a sentence of what stands before them, or ask for something.
const VERBS: &[&str] = &[
    "is", "are", "was", "be", "has", "have", "had", "must", "may", "can", "cannot", "should",
    "shall", "will", "need", "needs", "want", "wants", "get", "gets", "belongs", "contains", "see",
    "sees", "goes", "become", "becomes", "stores", "creates", "allow", "allows", "includes",
    "uses", "required", "optional", "unique",
];

#[cfg(test)]
mod tests {
    use super::jot;
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn marks_stand_behind_names_in_any_order() {
        check(
            "Task: title req, done (default no), due?, prio low/med/high, assignee? -> User, tags (list of strings), slug - unique in project, name - unique\nUser: mail unique, age 18..120, lat -90..90, code 3 letters, head (user), since timestamp null\nstop(id uuid, label text, plate varchar(12) not null, kind enum(tram, bus), km int >= 0)\n",
            &expect![[r#"
                1 field-notes  entity Task
                1 field-notes  field Task.title required
                1 field-notes  field Task.done default no
                1 field-notes  field Task.due optional
                1 field-notes  field Task.prio [low | med | high]
                1 field-notes  field Task.assignee optional -> User
                1 field-notes  field Task.tags list of strings
                1 field-notes  field Task.slug {unique per project}
                1 field-notes  field Task.name unique
                2 field-notes  entity User
                2 field-notes  field User.mail unique
                2 field-notes  field User.age {18 to 120}
                2 field-notes  field User.lat {-90 to 90}
                2 field-notes  field User.code {3 letters}
                2 field-notes  field User.head -> User -- user
                2 field-notes  field User.since timestamp optional
                3 field-notes  entity stop
                3 field-notes  field stop.id uuid
                3 field-notes  field stop.label text
                3 field-notes  field stop.plate varchar(12) required
                3 field-notes  field stop.kind [tram | bus]
                3 field-notes  field stop.km int {>= 0}
            "#]],
        );
    }

    #[test]
    fn a_number_of_people_bounds_what_holds_it_and_nothing_else() {
        let rules = |text| jot(text).map(|it| it.rules).unwrap_or_default();
        assert_eq!(rules("title, level (1-5), max 12 people"), ["max 12 people"]);
        assert_eq!(rules("title, level (1-5), up to 12 guests"), ["up to 12 guests"]);
        assert!(rules("title, capacity, max 12 people").is_empty());
        assert!(rules("title, max 12 chars, level (1-5)").is_empty());
    }

    #[test]
    fn sentences_are_no_fields() {
        for text in [
            "the user pays 1 to 8 EUR",
            "no two bookings may overlap",
            "a user can book",
            "must be unique",
            "max 20 people",
            "every name is unique",
            "→ somewhere",
        ] {
            assert!(jot(text).is_none(), "{text}: {:?}", jot(text));
        }
        let unread = |text| jot(text).map(|it| it.unread).unwrap_or_default();
        assert_eq!(unread("secret (see the wiki)"), ["see the wiki"]);
        assert_eq!(unread("paid at (only when paid)"), ["only when paid"]);
    }
}
