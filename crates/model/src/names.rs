//! How names are compared: documents spell one thing as `OrderItem`, `order_items` and "Order item".

use std::borrow::Cow;
use std::mem;

use smol_str::{SmolStr, SmolStrBuilder};

/// The words of a name in lower case: split at separators and at changes of case.
pub(crate) fn words(name: &str) -> Vec<SmolStr> {
    let mut words = Vec::new();
    let mut word = SmolStrBuilder::new();
    let mut is_begun = false;
    let mut before: Option<char> = None;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let is_between = is_separator(character);
        let starts_word = character.is_uppercase()
            && (before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
                || before.is_some_and(char::is_uppercase)
                    && characters.peek().is_some_and(|c| c.is_lowercase()));
        if is_begun && (is_between || starts_word) {
            words.push(mem::take(&mut word).finish());
            is_begun = false;
        }
        if !is_between {
            character.to_lowercase().for_each(|lower| word.push(lower));
            is_begun = true;
        }
        before = Some(character);
    }
    words.extend(is_begun.then(|| word.finish()));
    words
}

/// Whether the first words of two names may be the same: they begin with one letter, whatever its case.
pub(crate) fn begin_alike(one: &str, other: &str) -> bool {
    let first = |name: &str| {
        let letter = name.chars().find(|&it| !is_separator(it))?;
        letter.to_lowercase().next()
    };
    first(one) == first(other)
}

fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '_' | '-' | '.' | '/' | '`' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '\u{200b}'
        )
}

/// `snake_case`, for names that we make.
pub(crate) fn snake(name: &str) -> String {
    words(name).join("_")
}

/// The words for one of the things that a name stands for: "order item" of `order_items`.
pub(crate) fn singular_words(name: &str) -> String {
    let mut words = words(name);
    if let Some(last) = words.last_mut() {
        *last = underpin_read::singular(last).into();
    }
    words.join(" ")
}

/// Letters and digits in lower case joined by `-`, for stable identifiers.
pub(crate) fn slug(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect::<String>();
    words(&plain).join("-")
}

/// The key under which the spellings of one field meet.
pub(crate) fn fold_field(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for character in name.chars().filter(|&c| !is_separator(c)) {
        if character.is_ascii() {
            folded.push(character.to_ascii_lowercase());
        } else {
            folded.extend(character.to_lowercase());
        }
    }
    if folded.is_empty() { name.to_lowercase() } else { folded }
}

/// The key under which the spellings of one entity meet: case, separators, a `tbl_` in front and
/// English plural endings folded away. A key is for comparing only, so that "purchas" may stand
/// for both "purchase" and "purchases".
pub(crate) fn fold_entity(name: &str) -> String {
    let name = name.trim().trim_matches(|c| matches!(c, '`' | '"' | '[' | ']' | '*'));
    // The last letter of a Greek word has a form of its own, which only the whole word tells.
    let name = if name.is_ascii() { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) };
    let without = |prefix: &str| {
        let head = name.get(..prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| &name[prefix.len()..])
    };
    let name = without("tbl_").or_else(|| without("public.")).unwrap_or(&name);
    singular_key(fold_field(name))
}

fn singular_key(mut word: String) -> String {
    for (plural, singular) in [("people", "person"), ("children", "child")] {
        if word.ends_with(plural) {
            word.truncate(word.len() - plural.len());
            return word + singular;
        }
    }
    if let Some(singular) = underpin_read::greek_singular(&word) {
        return singular;
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    let plural = if ends(&["ses", "xes", "zes", "ches", "shes"]) && word.len() > 4 {
        2
    } else {
        usize::from(word.ends_with('s') && !ends(&["ss", "us", "is"]) && word.len() > 3)
    };
    word.truncate(word.len() - plural);
    // "quizzes" double the last letter of a quiz.
    if plural == 2 && word.ends_with("izz") {
        word.pop();
    }
    // "not" is no Note: what would be a word of grammar keeps its last letter.
    let is_grammar = ["note", "here", "fore", "cane", "bute"].contains(&word.as_str());
    if word.ends_with('e') && word.len() > 3 && !is_grammar {
        word.pop();
    }
    if word.ends_with('y') {
        word.pop();
        word.push('i');
    }
    word
}

/// The known name that looks most like `name`, if one is near enough to be what was meant.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold_field(name);
    let letters = Letters::of(&wanted);
    // Each name that is nearer than all before it narrows down what is worth a closer look.
    let mut most = 1 + letters.count / 4;
    let mut found = None;
    for candidate in known {
        let folded = fold_field(candidate);
        if Letters::of(&folded).least_distance(letters) > most {
            continue;
        }
        let distance = edits(&wanted, &folded);
        if distance <= most {
            found = Some(candidate);
            match distance.checked_sub(1) {
                Some(nearer) => most = nearer,
                None => break,
            }
        }
    }
    found
}

/// How many letters must be added, taken, changed or swapped to make one name of another. What both begin and end
/// with costs nothing, and the search through the rest is what takes long.
pub(crate) fn edits(one: &str, other: &str) -> usize {
    let same = |(a, b): &(char, char)| a == b;
    let front = one.chars().zip(other.chars()).take_while(same).map(|(a, _)| a.len_utf8()).sum();
    let (one, other) = (&one[front..], &other[front..]);
    let back: usize = one
        .chars()
        .rev()
        .zip(other.chars().rev())
        .take_while(same)
        .map(|(a, _)| a.len_utf8())
        .sum();
    strsim::damerau_levenshtein(&one[..one.len() - back], &other[..other.len() - back])
}

/// How many letters a name has and which, by which most names are told to be far apart without a look
/// at their order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Letters {
    count: usize,
    /// One bit for each letter that occurs; several letters share one.
    which: u64,
}

impl Letters {
    pub(crate) fn of(name: &str) -> Self {
        name.chars().fold(Self { count: 0, which: 0 }, |all, letter| Self {
            count: all.count + 1,
            which: all.which | 1 << (u32::from(letter) % 64),
        })
    }

    /// A number of edits that is never more than those between the two names: one edit brings or takes
    /// one letter.
    pub(crate) fn least_distance(self, other: Self) -> usize {
        let only = |one: u64, two: u64| (one & !two).count_ones() as usize;
        let letters = only(self.which, other.which).max(only(other.which, self.which));
        letters.max(self.count.abs_diff(other.count))
    }
}

/// Prefers the spelling that reads best as an entity's name: `OrderItem` over "Order item" over
/// `order_items` over `ORDER_ITEM`.
pub(crate) fn spelling_rank(name: &str) -> u8 {
    let capital = name.chars().next().is_some_and(char::is_uppercase);
    let separated = name.chars().any(is_separator);
    let shouting = !name.chars().any(char::is_lowercase);
    match (shouting, capital, separated) {
        (true, ..) => 0,
        (_, true, false) => 3,
        (_, true, true) => 2,
        (_, false, _) => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_entity_meet() {
        for same in [
            ["OrderItem", "order_items"],
            ["Category", "categories"],
            ["Address", "tbl_addresses"],
            ["Purchase", "PURCHASES"],
            ["Note", "notes"],
            ["Movie", "movies"],
            ["Shoe", "shoes"],
            ["Person", "people"],
            ["User Role", "user-roles"],
            ["Status", "statuses"],
            ["users", "public.users"],
        ] {
            assert_eq!(fold_entity(same[0]), fold_entity(same[1]), "{same:?}");
        }
        assert_ne!(fold_entity("User"), fold_entity("UserRole"));
        assert_ne!(fold_entity("Notes"), fold_entity("not"));
        assert_ne!(fold_entity("a;b"), fold_entity("a\"b"));
    }

    #[test]
    fn words_follow_case_and_separators() {
        assert_eq!(words("HTTPServerId2").join(" "), "http server id2");
        assert_eq!(snake("shippingAddressId"), "shipping_address_id");
        assert_eq!(slug("Order.Total (€)"), "order-total");
        assert!(begin_alike("OrderItem", "`order` total") && !begin_alike("Order", "total"));
    }

    #[test]
    fn the_nearest_name_is_near() {
        let known = ["Customer", "Order"];
        assert_eq!(nearest("Custmer", known.into_iter()), Some("Customer"));
        assert_eq!(nearest("Invoice", known.into_iter()), None);
    }

    #[test]
    fn edits_are_those_of_the_whole_names() {
        let names =
            ["customer", "custmer", "cutsomer", "ca", "abc", "aaa", "aa", "", "\u{e4}a", "a\u{e4}"];
        for one in names {
            for other in names {
                assert_eq!(
                    edits(one, other),
                    strsim::damerau_levenshtein(one, other),
                    "{one} {other}"
                );
            }
        }
    }

    #[test]
    fn letters_never_say_more_than_the_distance() {
        let names = ["customer", "custmer", "order", "orders", "", "aaa", "\u{e4}\u{f6}", "redro"];
        for one in names {
            for other in names {
                let least = Letters::of(one).least_distance(Letters::of(other));
                assert!(least <= strsim::damerau_levenshtein(one, other), "{one} {other}");
            }
        }
    }
}
