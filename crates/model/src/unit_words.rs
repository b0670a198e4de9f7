//! The words for what a number is counted in ("in cents", "percentage", "minutes"), and for the
//! standards that a text follows ("E.164", "ISO 4217").

use std::collections::BTreeMap;
use std::sync::LazyLock;

use underpin_base::Phrases;

use crate::names::words;

/// What is counted, or followed, and what that says of the values.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// The name under which the model keeps it.
    pub(crate) name: &'static str,
    /// The words that documents use for it, in lower case.
    words: &'static [&'static str],
    /// Its abbreviations at the end of a field's name.
    endings: &'static [&'static str],
    /// What it says of the values.
    pub(crate) says: Says,
}

/// What a unit says of the values that are counted in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// They are whole numbers of so many bits, where no type says otherwise.
    Whole(u8),
    /// They are parts of a hundred.
    Percent,
    /// They are texts that match this pattern.
    Form(&'static str),
    /// Nothing but that they are numbers.
    Number,
}

const fn count(
    name: &'static str,
    words: &'static [&'static str],
    endings: &'static [&'static str],
    says: Says,
) -> Unit {
    Unit { name, words, endings, says }
}

const fn standard(
    name: &'static str,
    words: &'static [&'static str],
    pattern: &'static str,
) -> Unit {
    Unit { name, words, endings: &[], says: Says::Form(pattern) }
}

/// A country's three letters for its money.
pub(crate) const CURRENCY_CODE: &str = "^[A-Z]{3}$";
/// A country's two letters.
pub(crate) const COUNTRY_CODE: &str = "^[A-Z]{2}$";
/// ITU-T E.164: a plus sign, a digit that is no zero, and up to fourteen more.
pub(crate) const PHONE_NUMBER: &str = "^\\+[1-9][0-9]{1,14}$";

const UNITS: &[Unit] = &[
    count("cents", &["cents", "cent", "euro cents", "us cents"], &["cents"], Says::Whole(64)),
    count(
        "minor units",
        &["minor units", "minor currency units", "minor unit", "pence", "pennies"],
        &["pence"],
        Says::Whole(64),
    ),
    count("basis points", &["basis points", "bps"], &["bps", "basis points"], Says::Whole(32)),
    count(
        "percent",
        &["percent", "percentage", "per cent", "%"],
        &["percent", "percentage", "pct"],
        Says::Percent,
    ),
    count(
        "milliseconds",
        &["milliseconds", "ms", "millis"],
        &["ms", "millis", "milliseconds"],
        Says::Whole(64),
    ),
    count("seconds", &["seconds", "secs"], &["seconds", "secs"], Says::Whole(32)),
    count("minutes", &["minutes", "mins"], &["minutes", "mins"], Says::Whole(32)),
    // Half an hour and two and a half kilometres are common, so that nothing is said of the type.
    count("hours", &["hours", "hrs"], &["hours", "hrs"], Says::Number),
    count("days", &["days", "calendar days", "business days"], &["days"], Says::Whole(32)),
    count("weeks", &["weeks"], &["weeks"], Says::Whole(32)),
    count("months", &["months"], &["months"], Says::Whole(32)),
    count("years", &["years"], &["years"], Says::Whole(32)),
    count("bytes", &["bytes"], &["bytes"], Says::Whole(64)),
    count("kilobytes", &["kilobytes", "kb", "kib"], &["kb"], Says::Number),
    count("megabytes", &["megabytes", "mb", "mib"], &["mb"], Says::Number),
    count("gigabytes", &["gigabytes", "gb", "gib"], &["gb"], Says::Number),
    count("grams", &["grams", "gram"], &["grams", "g"], Says::Number),
    count("kilograms", &["kilograms", "kg"], &["kg"], Says::Number),
    count("milligrams", &["milligrams", "mg"], &["mg"], Says::Number),
    count("metres", &["meters", "metres"], &["meters", "metres"], Says::Number),
    count("centimetres", &["centimeters", "centimetres", "cm"], &["cm"], Says::Number),
    count("millimetres", &["millimeters", "millimetres", "mm"], &["mm"], Says::Number),
    count("feet", &["feet", "ft"], &["ft", "feet"], Says::Number),
    count("kilometres", &["kilometers", "kilometres", "km"], &["km"], Says::Number),
    count(
        "square metres",
        &["square meters", "square metres", "m²", "sqm"],
        &["sqm"],
        Says::Number,
    ),
    count("litres", &["liters", "litres"], &["liters", "litres"], Says::Number),
    count("millilitres", &["milliliters", "millilitres", "ml"], &["ml"], Says::Number),
    count("kilowatt hours", &["kilowatt hours", "kwh"], &["kwh"], Says::Number),
    count("degrees Celsius", &["degrees celsius", "°c", "celsius"], &["celsius"], Says::Number),
    standard("E.164", &["e.164", "e164"], PHONE_NUMBER),
    standard("ISO 4217", &["iso 4217", "iso-4217", "iso4217"], CURRENCY_CODE),
    standard(
        "ISO 3166-1 alpha-2",
        &["iso 3166-1 alpha-2", "iso 3166-1 alpha 2", "iso 3166 alpha-2"],
        COUNTRY_CODE,
    ),
    standard("ISO 639-1", &["iso 639-1"], "^[a-z]{2}$"),
];

/// The unit that goes by a name of the model, or by one of its words.
pub(crate) fn named(name: &str) -> Option<&'static Unit> {
    let lower = name.trim().to_lowercase();
    UNITS
        .iter()
        .find(|unit| unit.name.eq_ignore_ascii_case(&lower) || unit.words.contains(&lower.as_str()))
}

/// The unit that the name of a field ends with: `price_cents`, `durationMinutes`.
pub(crate) fn of_name(name: &str) -> Option<&'static Unit> {
    /// The endings of all units by their last word, each with its unit.
    static BY_LAST: LazyLock<BTreeMap<&str, Vec<(&Unit, &str)>>> = LazyLock::new(|| {
        let mut by_last: BTreeMap<&str, Vec<(&Unit, &str)>> = BTreeMap::new();
        for unit in UNITS {
            for ending in unit.endings {
                let last = ending.rsplit(' ').next().unwrap_or(ending);
                by_last.entry(last).or_default().push((unit, ending));
            }
        }
        by_last
    });
    let words = words(name);
    let endings = BY_LAST.get(words.last()?.as_str())?;
    endings.iter().find_map(|(unit, ending)| {
        let ends_so = words.len() > ending.split(' ').count()
            && ending.rsplit(' ').zip(words.iter().rev()).all(|(a, b)| a == b);
        ends_so.then_some(*unit)
    })
}

/// The name of the unit that the name of a field ends with.
pub fn unit_of_name(name: &str) -> Option<&'static str> {
    of_name(name).map(|unit| unit.name)
}

/// The unit that the words of a type hold: `integer (cents)`, `decimal percentage`.
pub(crate) fn of_type(text: &str) -> Option<&'static Unit> {
    let lower = text.to_lowercase();
    units_in(&lower).find(|unit| unit.words.iter().any(|word| holds(&lower, word)))
}

/// The unit that a description tells: "Price in cents", "Duration (minutes)", "Number of days".
pub(crate) fn of_text(text: &str) -> Option<&'static Unit> {
    let lower = text.to_lowercase();
    let lower = lower.trim().trim_end_matches('.');
    units_in(lower).find(|unit| {
        unit.words.iter().any(|word| match unit.says {
            Says::Form(_) => holds(lower, word),
            Says::Percent if *word != "%" => holds(lower, word),
            Says::Percent | Says::Whole(_) | Says::Number => counts(lower, word),
        })
    })
}

/// The units of which a word may stand in a text, in their order: found in one walk through the words of
/// the text.
fn units_in(text: &str) -> impl Iterator<Item = &'static Unit> {
    /// The words of all units: most texts hold none.
    static WORDS: LazyLock<Vec<&str>> =
        LazyLock::new(|| UNITS.iter().flat_map(|unit| unit.words).copied().collect());
    /// The words of all units by the letter that each begins with, each with its unit.
    static BY_FIRST: LazyLock<BTreeMap<char, Vec<(usize, &'static str)>>> = LazyLock::new(|| {
        let mut by_first: BTreeMap<char, Vec<(usize, &'static str)>> = BTreeMap::new();
        for (at, unit) in UNITS.iter().enumerate() {
            for word in unit.words {
                by_first.entry(word.chars().next().unwrap_or(' ')).or_default().push((at, word));
            }
        }
        by_first
    });
    let mut found = [false; UNITS.len()];
    let text = if text.first_of(&WORDS).is_some() { text } else { "" };
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        let is_start = !(before.is_alphanumeric() || before == '_') || !letter.is_alphanumeric();
        if let Some(words) = BY_FIRST.get(&letter).filter(|_| is_start) {
            for (unit, word) in words {
                found[*unit] |= text[at..].starts_with(word);
            }
        }
        before = letter;
    }
    UNITS.iter().zip(found).filter_map(|(unit, found)| found.then_some(unit))
}

/// Whether a text says that something is counted in this.
fn counts(text: &str, word: &str) -> bool {
    if text == word {
        return true;
    }
    let leads = ["in ", "in whole ", "(", "number of ", "in us ", "in euro ", "amount of "];
    let follows = ["", " since ", " until ", " between ", " before ", " after ", " spent "];
    leads.iter().any(|lead| holds(text, &format!("{lead}{word}")))
        || follows[1..].iter().any(|next| text.starts_with(&format!("{word}{next}")))
}

/// Whether a text holds a phrase as whole words.
fn holds(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let opens = phrase.starts_with(|c: char| !c.is_alphanumeric());
        (opens || !inside(before)) && !inside(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(unit: Option<&'static Unit>) -> &'static str {
        unit.map_or("-", |unit| unit.name)
    }

    #[test]
    fn what_descriptions_say() {
        for (text, unit) in [
            ("Price in cents", "cents"),
            ("Amount (cents)", "cents"),
            ("Total, stored in minor units", "minor units"),
            ("Discount percentage", "percent"),
            ("Share in %", "percent"),
            ("Length in seconds", "seconds"),
            ("Number of days", "days"),
            ("Seconds since the epoch", "seconds"),
            ("File size in bytes", "bytes"),
            ("Fee in basis points", "basis points"),
            ("Phone number in E.164 format", "E.164"),
            ("Currency code (ISO 4217)", "ISO 4217"),
            ("Kept for 30 days", "-"),
            ("Minutes of the meeting", "-"),
            ("Recent centsible purchases", "-"),
        ] {
            assert_eq!(name(of_text(text)), unit, "{text}");
        }
    }

    #[test]
    fn what_names_and_types_say() {
        assert_eq!(name(of_name("price_cents")), "cents");
        assert_eq!(name(of_name("durationMinutes")), "minutes");
        assert_eq!(name(of_name("fee_basis_points")), "basis points");
        assert_eq!(name(of_name("days")), "-");
        assert_eq!(name(of_type("integer (cents)")), "cents");
        assert_eq!(name(of_type("decimal percentage")), "percent");
        assert_eq!(name(of_type("varchar(20)")), "-");
        assert_eq!(name(named("e.164")), "E.164");
    }
}
