//! Names and words as people write them in documents: folding, splitting, unquoting.

use std::borrow::Cow;

use smol_str::{SmolStr, StrExt};
use underpin_base::Phrases;

/// A name without case, separators and an English plural ending, to compare spellings with.
pub(crate) fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    if name.is_ascii() {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
        folded.extend(letters.map(|letter| char::from(letter.to_ascii_lowercase())));
    } else {
        folded.extend(name.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase));
    }
    if folded.ends_with('s') && folded.len() > 3 {
        if let Some(singular) = greek_singular(&folded) {
            return singular;
        }
        let is_plural = |end: &&str| folded.ends_with(*end);
        if ["ses", "xes", "zes", "ches", "shes"].iter().any(is_plural) && folded.len() > 4 {
            folded.truncate(folded.len() - 2);
            // A quiz doubles its last letter among others.
            if folded.ends_with("izz") {
                folded.pop();
            }
        } else if !["ss", "us", "is"].iter().any(is_plural) {
            folded.pop();
        }
    }
    // "not" is no Note: what would be a word of grammar keeps its last letter.
    let is_grammar = || matches!(folded.as_str(), "note" | "here" | "fore" | "cane" | "bute");
    if folded.ends_with('e') && folded.len() > 3 && !is_grammar() {
        folded.pop();
    }
    if folded.ends_with('y') {
        folded.pop();
        folded.push('i');
    }
    folded
}

/// "Analyses" are several of an analysis: the singular of a word that ends in such a plural.
pub fn greek_singular(word: &str) -> Option<String> {
    const STEMS: &[&str] = &["analys", "diagnos", "prognos", "hypothes", "synthes", "cris"];
    let stem = word.strip_suffix("es")?;
    STEMS.iter().any(|it| stem.ends_with(it)).then(|| format!("{stem}is"))
}

/// The text in lower case; most words are.
pub(crate) fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        Cow::Owned(text.to_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// The text without the quotation marks or backticks around it.
pub(crate) fn unquote(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let mut letters = text.chars();
        let closing = match letters.next() {
            Some('“') => '”',
            Some('‘') => '’',
            Some(quote @ ('`' | '"' | '\'' | '*' | '”' | '’')) => quote,
            Some(_) | None => return text.trim_end_matches(['*', ' ']),
        };
        let rest = letters.as_str();
        text = rest.strip_suffix(closing).unwrap_or(rest).trim();
    }
}

/// The text without the check box or the picture that stands before it.
pub(crate) fn without_mark(text: &str) -> &str {
    let text = text.trim();
    let text =
        ["[x]", "[X]", "[ ]"].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text);
    let is_picture = |c: char| {
        !c.is_alphanumeric()
            && !c.is_ascii()
            && !matches!(c, '“' | '‘' | '→' | '─' | '│' | '├' | '└')
    };
    text.trim_start().trim_start_matches(|c: char| is_picture(c) || c == ' ')
}

/// The code spans in a text, without their backticks.
pub(crate) fn code_spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).map(str::trim).filter(|code| !code.is_empty()).collect()
}

/// The text outside code spans.
pub(crate) fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// Splits at any of `separators` that stand outside brackets, quotation marks, code spans and numbers such as
/// `30,000`.
pub fn split_top<'t>(text: &'t str, separators: &[char]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    // Most texts hold none, and then brackets do not matter. A bit for each byte that one may begin with.
    let mut beginnings = [0, 0, u64::MAX, u64::MAX];
    for &separator in separators.iter().filter(|it| it.is_ascii()) {
        let byte = separator as usize;
        beginnings[byte >> 6] |= 1 << (byte & 63);
    }
    if !text.bytes().any(|it| beginnings[usize::from(it >> 6)] & (1 << (it & 63)) != 0) {
        return vec![text];
    }
    let (mut depth, mut quote, mut start) = (0_usize, None, 0);
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) => {
                if character == open {
                    quote = None;
                }
            }
            None => match character {
                '`' | '"' => quote = Some(character),
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                ',' if groups_digits(text, at) => {}
                _ if depth == 0 && separators.contains(&character) => {
                    parts.push(&text[start..at]);
                    start = at + character.len_utf8();
                }
                _ => {}
            },
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Whether the comma at this place stands within a number: one to three digits before it and three behind it.
fn groups_digits(text: &str, comma: usize) -> bool {
    let digits = |bytes: &mut dyn Iterator<Item = &u8>| {
        bytes.take_while(|byte| byte.is_ascii_digit()).count()
    };
    let (before, behind) = text.as_bytes().split_at(comma);
    (1..=3).contains(&digits(&mut before.iter().rev())) && digits(&mut behind[1..].iter()) == 3
}

/// Splits once at the first of `separators`, outside code spans and brackets; longer ones first.
pub(crate) fn split_once_any<'t>(text: &'t str, separators: &[&str]) -> Option<(&'t str, &'t str)> {
    // Most texts hold none.
    text.first_of(separators)?;
    let mut in_code = false;
    let mut depth = 0_usize;
    // All marks but the separators are ASCII, and no other character holds one of their bytes.
    let bytes = text.as_bytes();
    // A bit for each byte that a separator begins with, so that most bytes need one look.
    let mut beginnings = [0_u64; 4];
    for first in separators.iter().filter_map(|separator| separator.as_bytes().first()) {
        beginnings[usize::from(first >> 6)] |= 1 << (first & 63);
    }
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'`' {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > 0 || beginnings[usize::from(byte >> 6)] & (1 << (byte & 63)) == 0 {
            continue;
        }
        let begins = |separator: &&&str| {
            separator.as_bytes().first() == Some(&byte)
                && bytes[at..].starts_with(separator.as_bytes())
        };
        if let Some(separator) = separators.iter().find(begins) {
            return Some((&text[..at], &text[at + separator.len()..]));
        }
    }
    None
}

/// Whether the text could be the name of a field or table: a letter first, then letters, digits,
/// underscores, dots and hyphens.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '$'))
}

/// Whether a name is that of a key, `id`, `order_id`, `orderId`: "paid" and "void" are words.
pub(crate) fn is_key_name(name: &str) -> bool {
    let name = unquote(name);
    name.eq_ignore_ascii_case("id")
        || ["_id", "_ID", "Id", "ID"].iter().any(|end| name.ends_with(end))
}

/// Whether an ASCII character stands inside a word: a look at a table for each letter of all documents, many times.
const INSIDE: [bool; 256] = {
    let mut inside = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        inside[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\'');
        byte += 1;
    }
    inside
};

/// The words of a text in lower case, without punctuation around them; camel case is one word.
pub(crate) fn lower_words(text: &str) -> Vec<SmolStr> {
    if text.is_ascii() {
        let is_inside = |byte: &u8| INSIDE[usize::from(*byte)];
        let mut words = Vec::with_capacity(text.len() / 6 + 1);
        let (bytes, mut at) = (text.as_bytes(), 0);
        while let Some(begin) = bytes[at..].iter().position(is_inside).map(|it| at + it) {
            let length = bytes[begin..].iter().position(|byte| !is_inside(byte));
            at = length.map_or(bytes.len(), |it| begin + it);
            words.push(text[begin..at].to_ascii_lowercase_smolstr());
        }
        return words;
    }
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '\''))
        .filter(|word| !word.is_empty())
        .map(StrExt::to_lowercase_smolstr)
        .collect()
}

/// The words of a name as code writes it, in lower case: `due_on`, `dueOn` and `DueOn` have two.
pub(crate) fn name_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() {
            was_lower = false;
            words.push(String::new());
            continue;
        }
        let begins = words.is_empty() || was_lower && character.is_uppercase();
        if begins {
            words.push(String::new());
        }
        was_lower = character.is_lowercase() || character.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The first of the words that [`lower_words`] finds.
pub(crate) fn first_word(text: &str) -> Option<SmolStr> {
    let is_inside = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
    let rest = &text[text.find(is_inside)?..];
    let word = &rest[..rest.find(|c| !is_inside(c)).unwrap_or(rest.len())];
    Some(if word.is_ascii() {
        word.to_ascii_lowercase_smolstr()
    } else {
        word.to_lowercase_smolstr()
    })
}

/// Whether `text` begins with `prefix`, ignoring ASCII case, and what follows it.
pub(crate) fn strip_prefix_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    // Most texts are told apart by their first letter.
    let first = |text: &str| text.as_bytes().first().map(u8::to_ascii_lowercase);
    if !prefix.is_empty() && first(text) != first(prefix) {
        return None;
    }
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// Splits at the brackets that open first: the text before, inside and after them.
pub(crate) fn parenthesized(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('(')?;
    let mut depth = 0_usize;
    for (at, character) in text[open..].char_indices() {
        match character {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    let close = open + at;
                    return Some((&text[..open], &text[open + 1..close], &text[close + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a text holds a phrase of ASCII letters and signs, whatever the case of the text.
pub(crate) fn find_ignoring_case(text: &str, phrase: &str) -> Option<usize> {
    let (text, phrase) = (text.as_bytes(), phrase.as_bytes());
    let first = phrase.first()?.to_ascii_lowercase();
    let last = text.len().checked_sub(phrase.len())?;
    (0..=last).find(|&at| {
        text[at].to_ascii_lowercase() == first
            && text[at..at + phrase.len()].eq_ignore_ascii_case(phrase)
    })
}

/// A path such as `public.users` without all but its last part, and without brackets and quotes.
pub(crate) fn last_part(name: &str) -> &str {
    let name = unquote(name);
    unquote(name.rsplit('.').next().unwrap_or(name))
}

/// A word with a capital first.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_is_the_first_of_all() {
        for text in [
            "",
            "- ",
            "Order",
            " `Order_item's` x",
            "\u{dc}ber's 2",
            "a\u{e9}\u{c9}b C",
            "(\u{3a3}) \u{3a3}\u{3a3}",
        ] {
            assert_eq!(first_word(text), lower_words(text).into_iter().next(), "{text}");
        }
    }

    #[test]
    fn folding_joins_the_spellings_of_one_name() {
        assert_eq!(fold("Blood Analyses"), fold("blood_analysis"));
        assert_eq!(fold("Crises"), fold("crisis"));
        for spelling in
            ["UserCredential", "user_credentials", "USER_CREDENTIAL", "User Credentials"]
        {
            assert_eq!(fold(spelling), "usercredential");
        }
        assert_eq!(fold("categories"), fold("Category"));
        assert_eq!(fold("addresses"), fold("Address"));
        assert_ne!(fold("status"), fold("stat"));
    }

    #[test]
    fn a_phrase_is_found_in_any_case() {
        assert_eq!(find_ignoring_case("é: ONE of a, one of b", "one of"), Some(4));
        assert_eq!(find_ignoring_case("one o", "one of"), None);
        assert_eq!(find_ignoring_case("phone office", "one of"), Some(2));
        assert_eq!(split_once_any("a (b: c) → d: e", &["→", ":"]), Some(("a (b: c) ", " d: e")));
    }

    #[test]
    fn numbers_in_groups_stay_whole() {
        let parts = |text| split_top(text, &[',']);
        assert_eq!(parts("required, 1 to 30,000, unique"), ["required", " 1 to 30,000", " unique"]);
        assert_eq!(parts("1,2,3"), ["1", "2", "3"]);
        assert_eq!(parts("up to 1,000,000"), ["up to 1,000,000"]);
        assert_eq!(parts("ids 1234,567"), ["ids 1234", "567"]);
    }

    #[test]
    fn splitting_leaves_brackets_and_code_whole() {
        assert_eq!(
            split_top("a, decimal(18,2), `x, y`", &[',']),
            ["a", " decimal(18,2)", " `x, y`"]
        );
        assert_eq!(parenthesized("a (b (c)) d"), Some(("a ", "b (c)", " d")));
        assert_eq!(parenthesized("a (b"), None);
    }
}
