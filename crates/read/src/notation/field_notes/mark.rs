//! The short marks behind a field's name, each at the beginning of what is left of a text.

use crate::modifier;
use crate::notation::state_chain::{self, Chain};
use crate::words::{is_identifier, lower_words, split_top, strip_prefix_ignoring_case};

/// One thing that is said of a field.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    Required(bool),
    Unique,
    PrimaryKey,
    ForeignKey,
    Indexed,
    Default(String),
    Type(String),
    /// What bounds the value, as written.
    Limit(String),
    /// What holds no fact by itself: an example, a unit.
    Said(String),
    Values(Vec<String>),
    /// The thing that it refers to.
    Target(String),
    Moves(Chain),
}

impl Mark {
    /// Whether only fields have it.
    pub(super) fn is_sign(&self) -> bool {
        match self {
            Self::Said(_) => false,
            Self::Required(_)
            | Self::Unique
            | Self::PrimaryKey
            | Self::ForeignKey
            | Self::Indexed
            | Self::Default(_)
            | Self::Type(_)
            | Self::Limit(_)
            | Self::Values(_)
            | Self::Target(_)
            | Self::Moves(_) => true,
        }
    }
}

/// Words that are a mark by themselves; longer ones first. Abbreviations stand with and without their point.
const WORDS: &[(&str, Mark)] = &[
    ("not null", Mark::Required(true)),
    ("not empty", Mark::Required(true)),
    ("not optional", Mark::Required(true)),
    ("not required", Mark::Required(false)),
    ("may be empty", Mark::Required(false)),
    ("can be empty", Mark::Required(false)),
    ("may be null", Mark::Required(false)),
    ("can be null", Mark::Required(false)),
    ("if known", Mark::Required(false)),
    ("if any", Mark::Required(false)),
    ("required", Mark::Required(true)),
    ("mandatory", Mark::Required(true)),
    ("obligatory", Mark::Required(true)),
    ("mand.", Mark::Required(true)),
    ("req.", Mark::Required(true)),
    ("req", Mark::Required(true)),
    ("pflichtfeld", Mark::Required(true)),
    ("pflicht", Mark::Required(true)),
    ("nullable", Mark::Required(false)),
    ("optional", Mark::Required(false)),
    ("opt.", Mark::Required(false)),
    ("opt", Mark::Required(false)),
    ("null", Mark::Required(false)),
    ("primary key", Mark::PrimaryKey),
    ("pk", Mark::PrimaryKey),
    ("indexed", Mark::Indexed),
    ("unique", Mark::Unique),
    ("uniq.", Mark::Unique),
    ("uniq", Mark::Unique),
    ("eindeutig", Mark::Unique),
];

/// The mark at the beginning of a text, and what follows it.
pub(super) fn mark(text: &str, is_apart: bool) -> Option<(Mark, &str)> {
    let text = text.trim_start();
    required_when(text)
        .or_else(|| unique_within(text))
        .or_else(|| key_of_another(text))
        .or_else(|| word(text))
        .or_else(|| default(text))
        .or_else(|| moves(text, is_apart))
        .or_else(|| target(text))
        .or_else(|| limit(text))
        .or_else(|| values(text, is_apart))
        .or_else(|| type_of(text, is_apart))
        .or_else(|| remark(text))
}

/// Where a mark ends that is as long as its author made it.
fn chunk(text: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => return text.split_at(at),
            ')' => depth -= 1,
            ',' | ';' if depth == 0 => return text.split_at(at),
            _ => {}
        }
    }
    (text, "")
}

/// What follows a word that ends where it does.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = strip_prefix_ignoring_case(text, word)?;
    let goes_on = rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'));
    (!goes_on).then_some(rest)
}

fn word(text: &str) -> Option<(Mark, &str)> {
    WORDS.iter().find_map(|(word, mark)| Some((mark.clone(), strip_word(text, word)?)))
}

/// "needed when cancelled", "required if paid", "optional until fired".
fn required_when(text: &str) -> Option<(Mark, &str)> {
    const NEEDED: &[&str] = &["required", "needed", "mandatory", "necessary"];
    const FREE: &[&str] = &["optional", "empty", "not required", "not needed"];
    let behind = |words: &'static [&'static str], cases: &'static [&'static str]| {
        let rest = words.iter().find_map(|it| strip_word(text, it))?.trim_start();
        cases.iter().find_map(|it| strip_prefix_ignoring_case(rest, it))
    };
    let case =
        behind(NEEDED, &["when ", "if ", "once "]).or_else(|| behind(FREE, &["until ", "unless "]));
    let (case, after) = chunk(case?);
    (!case.trim().is_empty())
        .then(|| (Mark::Limit(format!("required when {}", case.trim())), after))
}

/// "unique per club", "uniq in workspace".
fn unique_within(text: &str) -> Option<(Mark, &str)> {
    let rest = ["unique", "uniq.", "uniq"].iter().find_map(|it| strip_word(text, it))?;
    let link = ["per ", "within ", "in ", "for each ", "for every "];
    let behind = rest.trim_start();
    let within = link.iter().find_map(|it| strip_prefix_ignoring_case(behind, it))?;
    let (thing, after) = chunk(within);
    let thing = thing.trim();
    let is_short = (1..=4).contains(&lower_words(thing).len());
    is_short.then(|| (Mark::Limit(format!("unique per {thing}")), after))
}

/// "FK to site", "FK customers", "fk→books", and "FK" alone.
fn key_of_another(text: &str) -> Option<(Mark, &str)> {
    let rest = ["foreign key", "fk"].iter().find_map(|it| strip_word(text, it))?;
    let (said, after) = chunk(rest);
    let said = said.trim();
    if said.is_empty() {
        return Some((Mark::ForeignKey, after));
    }
    let (target, "") = modifier::reference_target(said)? else { return None };
    Some((Mark::Target(target.entity), after))
}

/// "default med", "defaults to no", "starts as active", "initially open".
fn default(text: &str) -> Option<(Mark, &str)> {
    const LEADS: &[&str] = &[
        "defaults to ",
        "default is ",
        "default: ",
        "default = ",
        "default=",
        "default ",
        "starts as ",
        "starts with ",
        "starts out as ",
        "initially ",
        "initial: ",
        "initial ",
    ];
    let rest = LEADS.iter().find_map(|it| strip_prefix_ignoring_case(text, it))?;
    let (value, after) = chunk(rest);
    let value = value.trim().trim_matches(['`', '"', '\'']);
    (!value.is_empty() && value.split(' ').count() <= 2)
        .then(|| (Mark::Default(value.to_owned()), after))
}

/// "reserved -> paid -> used; reserved -> expired".
fn moves(text: &str, is_apart: bool) -> Option<(Mark, &str)> {
    let (said, after) = match text.find(')') {
        Some(at) if !text[..at].contains('(') => text.split_at(at),
        _ => (text, ""),
    };
    let begins = said.starts_with("->") || said.starts_with(['→', '⟶']);
    let chain = state_chain::chain(said).filter(|chain| !begins && chain.on.is_none())?;
    // "author -> User" between commas refers to a user.
    if !is_apart && chain.steps.len() < 3 {
        return None;
    }
    Some((Mark::Moves(chain), after))
}

/// "-> Swimmers", "→ user", "another employee".
fn target(text: &str) -> Option<(Mark, &str)> {
    let rest = [
        "->",
        "→",
        "=>",
        "⟶",
        "references ",
        "ref to ",
        "refers to ",
        "ref: ",
        "ref ",
        "refs ",
        "another ",
    ]
    .iter()
    .find_map(|it| strip_prefix_ignoring_case(text, it))?;
    let end = rest.trim_start().find(['(', ',', ';', ')']).unwrap_or(rest.trim_start().len());
    let (said, after) = rest.trim_start().split_at(end);
    let said = said.trim().trim_end_matches('?');
    let said = ["a ", "an ", "the "].iter().find_map(|it| said.strip_prefix(it)).unwrap_or(said);
    let is_name = (1..=3).contains(&lower_words(said).len())
        && said.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '`' | '.'));
    is_name.then(|| (Mark::Target(said.trim_matches('`').to_owned()), after))
}

/// Words for what the length of a text is counted in, with the word that rules know.
const LETTERS: &[(&str, &str)] = &[
    ("characters", "characters"),
    ("character", "characters"),
    ("chars", "characters"),
    ("char", "characters"),
    ("letters", "letters"),
    ("digits", "digits"),
    ("zeichen", "characters"),
    ("buchstaben", "letters"),
    ("ziffern", "digits"),
    ("stellen", "digits"),
];

/// "1-8", "0..100 EUR", "> 0", "max 120 chars", "8 chars", and what rules say in so many words.
fn limit(text: &str) -> Option<(Mark, &str)> {
    if let Some(rest) = text.strip_prefix(['>', '<', '≥', '≤']) {
        let rest = rest.trim_start_matches('=').trim_start();
        let end = number_end(rest)?;
        let behind = without_unit(&rest[end..]);
        let sign = text[..text.len() - rest.len()].trim();
        return Some((Mark::Limit(format!("{sign} {}", &rest[..end])), behind));
    }
    let most = ["maximum ", "max. ", "max ", "up to ", "at most ", "höchstens ", "maximal "];
    let least = ["minimum ", "min. ", "min ", "at least ", "mindestens ", "minimal "];
    let lead = |words: &[&str]| words.iter().find_map(|it| strip_prefix_ignoring_case(text, it));
    let (bound, rest) = match (lead(&most), lead(&least)) {
        (Some(rest), _) => ("at most ", rest),
        (None, Some(rest)) => ("at least ", rest),
        (None, None) => ("", text),
    };
    let rest = rest.trim_start();
    if let Some(end) = number_end(rest) {
        let number = &rest[..end];
        let behind = rest[end..].trim_start();
        if let Some((unit, after)) =
            LETTERS.iter().find_map(|(word, unit)| Some((*unit, strip_word(behind, word)?)))
        {
            return Some((Mark::Limit(format!("{bound}{number} {unit}")), after));
        }
        if !bound.is_empty() {
            return Some((Mark::Limit(format!("{bound}{number}")), without_unit(&rest[end..])));
        }
        let to = ["...", "..", "…", "–", "-", "to ", "bis "];
        let (high, link) =
            to.iter().find_map(|it| Some((behind.strip_prefix(it)?.trim_start(), *it)))?;
        let high_end = number_end(high)?;
        let _ = link;
        let behind = high[high_end..].trim_start();
        let letters =
            LETTERS.iter().find_map(|(word, unit)| Some((*unit, strip_word(behind, word)?)));
        let range = format!("{number} to {}", &high[..high_end]);
        return Some(match letters {
            Some((unit, after)) => (Mark::Limit(format!("{range} {unit}")), after),
            None => (Mark::Limit(range), without_unit(&high[high_end..])),
        });
    }
    let (said, after) = chunk(text);
    let words = lower_words(said);
    // "only when executed" says in which rows there is a value.
    let is_conditional = words.iter().any(|word| matches!(word.as_str(), "when" | "if" | "once"));
    let is_rule = !is_conditional && modifier::says_bound(said)
        || matches!(
            words.join(" ").as_str(),
            "positive" | "non negative" | "not negative" | "not blank" | "immutable"
        );
    is_rule.then(|| (Mark::Limit(said.trim().to_owned()), after))
}

/// Where a number ends that a text begins with.
fn number_end(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let sign = text.len() - digits.len();
    let mut end = 0;
    for (at, character) in digits.bytes().map(char::from).enumerate() {
        let next = digits.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
        if !(character.is_ascii_digit() || matches!(character, '.' | ',' | '_') && next && at > 0) {
            break;
        }
        end = at + 1;
    }
    (end > 0).then_some(sign + end)
}

/// What follows the unit behind a number: "EUR", "%", "people".
fn without_unit(text: &str) -> &str {
    let trimmed = text.trim_start();
    if let Some(rest) = trimmed.strip_prefix(['%', '€', '$', '°']) {
        return rest;
    }
    let end = trimmed.find(|c: char| !c.is_alphanumeric()).unwrap_or(trimmed.len());
    let is_mark = word(trimmed).is_some() || type_word(&trimmed[..end].to_lowercase(), true);
    if end == 0 || is_mark { text } else { &trimmed[end..] }
}

/// "active/paused/left", "admin|agent", "one of a, b", "enum(car, van)", and in brackets "cash, card or transfer".
fn values(text: &str, is_apart: bool) -> Option<(Mark, &str)> {
    let lead = ["one of:", "one of ", "either ", "enum:", "enum "]
        .iter()
        .find_map(|it| strip_prefix_ignoring_case(text, it));
    if let Some(inside) =
        strip_prefix_ignoring_case(text, "enum").and_then(|it| it.strip_prefix('('))
    {
        let (inside, after) = inside.split_once(')')?;
        let values: Vec<String> = split_top(inside, &[',', '|', '/'])
            .into_iter()
            .map(|it| crate::words::unquote(it).to_owned())
            .collect();
        return is_list(&values, 1).then_some((Mark::Values(values), after));
    }
    if let Some(rest) = lead {
        let (said, after) = rest.split_at(rest.find(')').unwrap_or(rest.len()));
        let values = modifier::enum_values(said);
        return is_list(&values, 2).then_some((Mark::Values(values), after));
    }
    let end = text.find(['(', ')', ',', ';']).unwrap_or(text.len());
    let (said, after) = text.split_at(end);
    let strokes: &[char] = if said.contains('|') { &['|'] } else { &['/'] };
    let values: Vec<String> =
        said.split(strokes).map(|it| crate::words::unquote(it.trim()).to_owned()).collect();
    let is_one_word = |value: &String| is_value(value) && !value.contains(' ');
    if values.len() > 1 {
        if values.iter().map(|it| it.to_lowercase()).eq(["yes".to_owned(), "no".to_owned()])
            || values.iter().map(|it| it.to_lowercase()).eq(["y".to_owned(), "n".to_owned()])
            || values.iter().map(|it| it.to_lowercase()).eq(["ja".to_owned(), "nein".to_owned()])
            || values.iter().map(|it| it.to_lowercase()).eq(["true".to_owned(), "false".to_owned()])
        {
            return Some((Mark::Type("boolean".to_owned()), after));
        }
        // "low/high default low": the last value ends with its word.
        // "active|in the yard|sold": bars part words, too.
        let is_mark = |word: &str| {
            matches!(
                word,
                "default" | "required" | "optional" | "not" | "unique" | "null" | "defaults"
            )
        };
        let are_words = strokes == ['|']
            && values.iter().all(|it| is_value(it) && it.split(' ').count() <= 3)
            && !values.iter().any(|it| it.split(' ').any(is_mark));
        if !values.iter().all(is_one_word) && !are_words {
            let (tight, _) = said.split_once(' ')?;
            let values: Vec<String> = tight.split(strokes).map(str::to_owned).collect();
            return (is_list(&values, 2) && values.iter().all(is_one_word))
                .then(|| (Mark::Values(values), &text[tight.len()..]));
        }
        let are_types = values.iter().all(|value| modifier::is_scalar(value));
        return (!are_types).then_some((Mark::Values(values), after));
    }
    // "cash, card or transfer" stands alone: the last comma or word says that it is a list of alternatives.
    let is_alternative = is_apart && text.contains(" or ") && !text.contains([';', '(']);
    let said = text.trim_end_matches(')');
    let values = if is_alternative { modifier::enum_values(said) } else { Vec::new() };
    (is_list(&values, 2) && values.iter().all(is_one_word)).then_some((Mark::Values(values), ""))
}

fn is_list(values: &[String], least: usize) -> bool {
    values.len() >= least && values.iter().all(|value| is_value(value))
}

fn is_value(value: &str) -> bool {
    value.starts_with(char::is_alphabetic)
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.'))
        && word(value).is_none_or(|(_, rest)| !rest.is_empty())
}

/// Whether a word is a type. Those that also end names count where a separator stands before them.
pub(super) fn type_word(word: &str, is_apart: bool) -> bool {
    const ALSO_NAMES: &[&str] = &[
        "any",
        "binary",
        "bit",
        "bytes",
        "byte",
        "char",
        "character",
        "currency",
        "date",
        "double",
        "duration",
        "email",
        "file",
        "geometry",
        "html",
        "id",
        "image",
        "instant",
        "interval",
        "ip",
        "list",
        "long",
        "map",
        "markdown",
        "money",
        "number",
        "object",
        "password",
        "percentage",
        "phone",
        "point",
        "real",
        "record",
        "seconds",
        "serial",
        "set",
        "short",
        "text",
        "time",
        "unsigned",
        "uri",
        "url",
        "vector",
        "year",
        "array",
        "dec",
        "fk",
        "enum",
        "geography",
        "dict",
        "timestamps",
        "timestamp",
        "str",
        "xml",
        "json",
        "double",
    ];
    let base = word.split(['(', '[']).next().unwrap_or_default();
    let is_type = |it: &str| modifier::is_scalar(it) && is_identifier(it);
    let single =
        base.strip_suffix('s').filter(|_| is_apart || base == "timestamps").unwrap_or(base);
    (is_type(base) || is_type(single))
        && (is_apart
            || !ALSO_NAMES.contains(&base)
            || matches!(base, "timestamp" | "timestamps" | "json"))
}

/// "uuid", "varchar(32)", "decimal(10,2)", "list of strings", "yes/no".
fn type_of(text: &str, is_apart: bool) -> Option<(Mark, &str)> {
    let text = ["a ", "an "].iter().find_map(|it| text.strip_prefix(it)).unwrap_or(text);
    if is_apart && let Some(rest) = strip_prefix_ignoring_case(text, "list of ") {
        let (what, after) = chunk(rest);
        let is_short = lower_words(what).len() == 1;
        return is_short.then(|| (Mark::Type(format!("list of {}", what.trim())), after));
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, mut after) = text.split_at(end);
    let mut whole = name.len();
    if let Some(inside) = after.strip_prefix('(') {
        let (size, rest) = inside.split_once(')')?;
        let is_size = size.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | ' '));
        if is_size {
            whole += size.len() + 2;
            after = rest;
        }
    }
    if let Some(rest) = after.strip_prefix("[]") {
        whole += 2;
        after = rest;
    }
    if after.starts_with(['-', '/'])
        || !type_word(&name.to_lowercase(), is_apart || whole > name.len())
    {
        return None;
    }
    let plural = name.to_lowercase();
    let text = if plural == "timestamps" { "timestamp" } else { &text[..whole] };
    Some((Mark::Type(text.to_owned()), after))
}

/// "in cents", "e.g. 4b", "like \"4b\"": what says more of the value and binds nothing.
fn remark(text: &str) -> Option<(Mark, &str)> {
    let lead = ["in ", "e.g. ", "e.g.", "eg ", "for example ", "like ", "such as ", "z.b. ", "etc"];
    let is_led = lead.iter().any(|it| strip_prefix_ignoring_case(text, it).is_some());
    let (said, after) = chunk(text);
    let words = lower_words(said);
    let is_unit = strip_prefix_ignoring_case(text, "in ").is_none() || words.len() <= 3;
    (is_led && is_unit).then(|| (Mark::Said(said.trim().to_owned()), after))
}
