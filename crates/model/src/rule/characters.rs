//! Of which characters a text consists, and of how many: "only lower-case letters, digits and
//! hyphens", "6 digits", "three-letter code in upper case", "hexadecimal".

use smol_str::SmolStr;
use underpin_base::Phrases;

use super::Meaning;
use super::range::bounds;
use super::sentence::{Sentence, after, number, strip_end, strip_word, values};
use crate::names::words;
use crate::{Expression, FieldId, FieldKind, Literal};

/// A text of certain characters.
pub(crate) fn predicate(sentence: &Sentence<'_>, field: FieldId, said: &str) -> Option<Meaning> {
    // What no document gives a type becomes a text.
    if !sentence.is_text(field) && *sentence.kind(field) != FieldKind::Unknown {
        return None;
    }
    let said = classes_named(said);
    let pattern = only(&said)
        .or_else(|| counted(&said))
        .or_else(|| code(&said, &words(&sentence.draft().model.field(field).name)))?;
    let value = Box::new(Expression::Field(field));
    Some(Meaning::Expression(Expression::Matches(value, pattern)))
}

/// Whether a text is a list of kinds of characters and nothing else: "lower-case letters", "digits and hyphens".
pub(crate) fn are_characters(text: &str) -> bool {
    set(&values(&classes_named(text))).is_some()
}

/// A text with one name for each kind of letters.
fn classes_named(text: &str) -> String {
    let said = text.to_ascii_lowercase().replace("lower-case", "lowercase");
    let said = said.replace("lower case", "lowercase").replace("upper-case", "uppercase");
    said.replace("upper case", "uppercase").replace("hexadecimal", "hex")
}

/// "holds only a, b and c", "must consist of a and b".
fn only(said: &str) -> Option<String> {
    let list = after(
        said,
        &[
            "consist only of ",
            "consists only of ",
            "consist of ",
            "consists of ",
            "holds only ",
            "hold only ",
            "contains only ",
            "contain only ",
            "only contain ",
            "only contains ",
            "have only ",
            "has only ",
            "made of ",
            "only ",
        ],
    )
    .or_else(|| (said == "hex" || said == "in hex").then_some("hex digits"))?;
    Some(format!("^{}*$", set(&values(list))?))
}

/// "6 digits", "exactly 6 digits", "4 to 6 digits", "40 hex characters".
fn counted(said: &str) -> Option<String> {
    let said = strip_word(strip_word(strip_word(said, "have"), "be"), "exactly");
    let (count, class) = split_class(said)?;
    // "uppercase letters or digits", "digits and hyphens"
    let listed = values(class);
    let classes: Vec<String> = listed
        .iter()
        .flat_map(|class| class.split(" or "))
        .flat_map(|class| class.split(" and "))
        .map(|class| class.trim().to_owned())
        .collect();
    let class = set(&classes)?;
    if let Some((Literal::Integer(low), Literal::Integer(high))) = bounds(count) {
        return (0 <= low && low < high && high <= 255)
            .then(|| format!("^{class}{{{low},{high}}}$"));
    }
    Some(format!("^{class}{{{}}}$", size(count)?))
}

/// "6 hex" and "digits": where the name of the class begins.
fn split_class(said: &str) -> Option<(&str, &str)> {
    let at = said.find(|c: char| c.is_alphabetic())?;
    let spelled = SIZES.iter().find(|(word, _)| said.starts_with(word));
    let at = match spelled {
        Some((word, _)) => word.len(),
        // "4 to 6 digits"
        None => said.place_of(" to ").map_or(Some(at), |to| {
            said[to + 4..].find(|c: char| c.is_alphabetic()).map(|more| to + 4 + more)
        })?,
    };
    Some((said.get(..at)?.trim(), said.get(at..)?.trim()))
}

/// "two-letter code in upper case", "6-digit code", "three-letter ISO 4217 code".
fn code(said: &str, of: &[SmolStr]) -> Option<String> {
    let said = ["be", "given", "written", "stored", "as", "a", "an", "valid"]
        .iter()
        .fold(said, |said, word| strip_word(said, word));
    let (shown, case) =
        match (strip_end(said, &[" in uppercase"]), strip_end(said, &[" in lowercase"])) {
            (upper, _) if upper.len() < said.len() => (upper, Some("uppercase")),
            (_, lower) if lower.len() < said.len() => (lower, Some("lowercase")),
            _ => (said, None),
        };
    let mut parts: Vec<&str> = shown.split(' ').collect();
    if !matches!(parts.pop()?, "code" | "number" | "identifier" | "string" | "abbreviation") {
        return None;
    }
    let (count, class) = parts.first()?.split_once('-')?;
    let count = size(count)?;
    parts.remove(0);
    let own_case = ["uppercase", "lowercase"].into_iter().find(|case| parts.contains(case));
    parts.retain(|word| !matches!(*word, "uppercase" | "lowercase"));
    // The standards write their codes of letters in upper case; a language's is in lower case.
    let standard = match parts.join(" ").replace("3166-1", "3166").as_str() {
        "" => None,
        // Which standard of ISO is meant, the field says.
        "iso" if of.iter().any(|it| matches!(it.as_str(), "language" | "locale" | "lang")) => {
            Some("lowercase")
        }
        "iso"
            if of
                .iter()
                .any(|it| matches!(it.as_str(), "country" | "currency" | "nationality")) =>
        {
            Some("uppercase")
        }
        "country"
        | "currency"
        | "iso country"
        | "iso currency"
        | "iso 4217"
        | "iso 4217 currency"
        | "iso 3166"
        | "iso 3166 country"
        | "iso 3166 alpha-2"
        | "iso 3166 alpha-2 country"
        | "iso 3166 alpha-3"
        | "iso 3166 alpha-3 country" => Some("uppercase"),
        "language" | "iso language" | "iso 639" | "iso 639-1" | "iso 639-1 language" => {
            Some("lowercase")
        }
        _ => return None,
    };
    let class = match (class, case.or(own_case).or(standard)) {
        ("digit", None) => "[0-9]",
        ("letter", Some("uppercase")) => "[A-Z]",
        ("letter", Some("lowercase")) => "[a-z]",
        ("letter", None) => "[A-Za-z]",
        _ => return None,
    };
    Some(format!("^{class}{{{count}}}$"))
}

const SIZES: &[(&str, u32)] = &[
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
];

fn size(text: &str) -> Option<u32> {
    if let Some((_, size)) = SIZES.iter().find(|(word, _)| *word == text) {
        return Some(*size);
    }
    match number(text)? {
        Literal::Integer(size) => u32::try_from(size).ok().filter(|size| (1..=255).contains(size)),
        _ => None,
    }
}

/// The set of the classes' characters.
fn set(classes: &[String]) -> Option<String> {
    let (mut ranges, mut hyphen): (Vec<&str>, bool) = (Vec::new(), false);
    for class in classes {
        let found: &[&str] = match class.as_str() {
            "lowercase letters" | "lowercase" => &["a-z"],
            "uppercase letters" | "uppercase" | "capital letters" => &["A-Z"],
            "letters" => &["A-Z", "a-z"],
            "digits" | "numbers" | "numeric digits" => &["0-9"],
            "alphanumeric characters" | "alphanumerics" => &["A-Z", "a-z", "0-9"],
            "lowercase alphanumeric characters" => &["a-z", "0-9"],
            "hex digits" | "hex characters" => &["0-9", "A-F", "a-f"],
            "lowercase hex digits" | "lowercase hex characters" => &["0-9", "a-f"],
            "uppercase hex digits" | "uppercase hex characters" => &["0-9", "A-F"],
            "underscores" => &["_"],
            "dots" | "periods" => &["."],
            "spaces" => &[" "],
            "hyphens" | "dashes" => {
                hyphen = true;
                &[]
            }
            _ => return None,
        };
        for range in found {
            if !ranges.contains(range) {
                ranges.push(range);
            }
        }
    }
    // A hyphen stands last, where it is no range.
    let hyphen = if hyphen { "-" } else { "" };
    let ranges = ranges.concat();
    (!ranges.is_empty()).then(|| format!("[{ranges}{hyphen}]"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use crate::test_support::Facts;
    use expect_test::expect;

    #[test]
    fn a_list_of_characters_is_one_rule() {
        let said = |constraints: &str| {
            let mut sources = underpin_base::Sources::default();
            let text =
                format!("## Shop\n\n- `id`: uuid, primary key\n- `slug`: text, {constraints}\n");
            sources.add("model.md", text);
            crate::test_support::condition(&crate::build(&underpin_read::read(&sources), &sources))
        };
        assert_eq!(
            said("lower-case letters, digits and hyphens only"),
            "slug matches /^[a-z0-9-]*$/"
        );
        assert_eq!(said("lower-case letters, colours and hyphens only"), "");
    }

    #[test]
    fn classes_and_counts() {
        check(
            &[
                ("Product", "`sku` holds only lower-case letters, digits and hyphens"),
                ("Product", "`sku` is 3 to 30 lower-case letters, digits and hyphens"),
                ("Product", "sku must contain only letters, digits, underscores and dots"),
                ("Product", "`currency` is a three-letter ISO 4217 code"),
                ("Product", "`currency` is a two-letter ISO 3166-1 code in upper case"),
                ("Product", "sku is a two-letter ISO 639-1 language code"),
                ("Product.sku", "6 digits"),
                ("Product", "sku must have 4 to 6 digits"),
                ("Product", "name must be exactly 40 hexadecimal characters"),
                ("Product", "name is a 6-digit code"),
                ("Product.sku", "8 uppercase letters or digits"),
                ("Product", "name is hexadecimal"),
            ],
            &expect![[r#"
                rule "`sku` holds only lower-case letters, digits and hyphens": sku matches /^[a-z0-9-]*$/
                rule "`sku` is 3 to 30 lower-case letters, digits and hyphens": sku matches /^[a-z0-9-]{3,30}$/
                rule "sku must contain only letters, digits, underscores and dots": sku matches /^[A-Za-z0-9_.]*$/
                rule "`currency` is a three-letter ISO 4217 code": currency matches /^[A-Z]{3}$/
                rule "`currency` is a two-letter ISO 3166-1 code in upper case": currency matches /^[A-Z]{2}$/
                rule "sku is a two-letter ISO 639-1 language code": sku matches /^[a-z]{2}$/
                rule "6 digits": sku matches /^[0-9]{6}$/
                rule "sku must have 4 to 6 digits": sku matches /^[0-9]{4,6}$/
                rule "name must be exactly 40 hexadecimal characters": name matches /^[0-9A-Fa-f]{40}$/
                rule "name is a 6-digit code": name matches /^[0-9]{6}$/
                rule "8 uppercase letters or digits": sku matches /^[A-Z0-9]{8}$/
                rule "name is hexadecimal": name matches /^[0-9A-Fa-f]*$/
            "#]],
        );
    }

    #[test]
    fn other_words_stay_text() {
        check(
            &[
                ("Product", "sku holds only letters that are easy to read"),
                ("Product", "name must be a three-letter word"),
                ("Product", "name is a two-letter code of the carrier"),
                ("Order", "total has 6 digits"),
                ("Order", "note contains only digits and emoji"),
                ("Order.note", "a code"),
            ],
            &expect![[r#"
                rule "sku holds only letters that are easy to read" as text only
                rule "name must be a three-letter word" as text only
                rule "name is a two-letter code of the carrier" as text only
                rule "total has 6 digits" as text only
                rule "note contains only digits and emoji" as text only
                rule "a code" as text only
            "#]],
        );
    }

    #[test]
    fn what_has_no_type_yet_becomes_a_text() {
        for (kind, expected) in [("", 1), (": text", 1), (": integer", 0)] {
            let (model, _) = Facts::default()
                .entity("Lot")
                .field("Lot", "id: uuid*")
                .field("Lot", &format!("mark{kind}"))
                .rule("Lot", "`mark` must be 4 digits")
                .build();
            let understood = model.rules.iter().filter(|rule| rule.expression.is_some());
            assert_eq!(understood.count(), expected, "{kind}");
        }
    }
}
