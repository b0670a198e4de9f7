//! "three-letter ISO 4217 code", "lowercase", "a valid email address", "matches `^[A-Z]+$`".

use super::Meaning;
use super::sentence::{Sentence, after, strip_word};
use crate::names::words;
use crate::unit_words::{COUNTRY_CODE, CURRENCY_CODE, PHONE_NUMBER};
use crate::{Expression, FieldId};

/// The pattern that a format's words stand for.
const FORMATS: &[(&[&str], &str)] = &[
    (
        &[
            "three-letter iso 4217 code",
            "iso 4217 code",
            "iso 4217",
            "iso 4217 currency code",
            "three-letter iso 4217 currency code",
            "iso-4217",
            "three-letter currency code",
            "3-letter iso 4217 code",
            "3-letter iso currency code",
            "three-letter uppercase code",
            "three-letter iso currency code",
            "3-letter iso code",
            "valid iso 4217 code",
            "valid iso 4217 currency code",
            "three uppercase letters",
            "iso currency code",
        ],
        CURRENCY_CODE,
    ),
    (
        &[
            "iso 3166-1 alpha-2",
            "two-letter country code",
            "iso 3166-1 alpha-2 code",
            "two-letter iso 3166-1 code",
            "two-letter iso 3166 code",
            "iso 3166-1 alpha-2 country code",
            "two-letter iso country code",
            "2-letter iso country code",
            "two uppercase letters",
            "2-letter country code",
            "two-letter iso 3166-1 country code",
        ],
        COUNTRY_CODE,
    ),
    (&["lowercase", "in lowercase", "all lowercase", "lowercased"], "^[^[:upper:]]*$"),
    (&["uppercase", "in uppercase", "all uppercase"], "^[^[:lower:]]*$"),
    (
        &[
            "valid email",
            "valid email address",
            "valid email format",
            "email format",
            "in email format",
            "valid e-mail address",
            "well-formed email address",
            "valid format email",
            "rfc 5322 compliant",
        ],
        "^[^@[:space:]]+@[^@[:space:]]+$",
    ),
    (&["digits only", "only digits", "numeric string"], "^[0-9]*$"),
    (&["e.164", "e.164 format", "in e.164 format"], PHONE_NUMBER),
    (
        &["hex color", "valid hex color", "hex color code", "valid hex color code"],
        "^#[0-9A-Fa-f]{6}$",
    ),
    (
        &[
            "url-safe",
            "url-safe slug",
            "lowercase letters, digits and hyphens",
            "lowercase letters, numbers and hyphens",
            "lowercase alphanumeric with hyphens",
        ],
        "^[a-z0-9-]*$",
    ),
];

/// A text has a form.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    if !sentence.is_text(field) {
        return None;
    }
    let matches = |pattern: &str| {
        let value = Box::new(Expression::Field(field));
        Some(Meaning::Expression(Expression::Matches(value, pattern.to_owned())))
    };
    if let Some(pattern) =
        after(said, &["match ", "matches ", "matching ", "match regex ", "regex: ", "pattern: "])
    {
        let pattern = strip_word(strip_word(pattern, "regex"), "the pattern");
        let pattern = pattern.trim_matches('/');
        return is_portable(pattern).then(|| matches(pattern)).flatten();
    }
    let said = strip_word(strip_word(strip_word(said, "a"), "an"), "the").to_ascii_lowercase();
    let said = said.replace("lower-case", "lowercase").replace("lower case", "lowercase");
    let said = said.replace("upper-case", "uppercase").replace("upper case", "uppercase");
    let said = ["always", "stored", "written", "given", "as", "a", "an"]
        .iter()
        .fold(&*said, |it, word| strip_word(it, word));
    // Of an email field, "valid format" can only mean that of an email.
    let email = words(&sentence.draft().model.field(field).name).iter().any(|word| word == "email");
    let said = match said {
        "valid" | "valid format" | "in valid format" | "in a valid format" if email => {
            "valid email"
        }
        said => said,
    };
    let (_, pattern) = FORMATS.iter().find(|(words, _)| words.contains(&said))?;
    matches(pattern)
}

/// Whether a regular expression means the same to PostgreSQL as to the one who wrote it: anchored,
/// and of characters, classes and counts only.
fn is_portable(pattern: &str) -> bool {
    let Some(inner) = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')) else {
        return false;
    };
    let balanced =
        |open: char, close: char| inner.matches(open).count() == inner.matches(close).count();
    balanced('[', ']')
        && balanced('(', ')')
        && balanced('{', '}')
        && !inner.contains("(?")
        && !inner.is_empty()
        && !inner.starts_with(['*', '+', '?', '{'])
        && inner.chars().all(|c| c.is_ascii_alphanumeric() || "[](){}-_.,+*?@#:/".contains(c))
}
