//! What the words of a name say.

use underpin_pg::Ident;

/// The words of a name: `phoneNumber2` and `phone_number_2` are `phone`, `number`, `2`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let begins = !before.is_alphanumeric()
            || (c.is_uppercase() && !before.is_uppercase())
            || (c.is_ascii_digit() != before.is_ascii_digit());
        if c.is_alphanumeric() {
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        before = c;
    }
    words
}

/// Whether the last word of a name is one of these.
pub(crate) fn ends_with(name: &Ident, endings: &[&str]) -> bool {
    words(name.as_str()).last().is_some_and(|last| endings.contains(&&**last))
}

/// Whether a word of a name is one of these.
pub(crate) fn holds_word(name: &Ident, wanted: &[&str]) -> bool {
    words(name.as_str()).iter().any(|word| wanted.contains(&&**word))
}

/// Names with commas between them.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a Ident>) -> String {
    names.into_iter().map(Ident::as_str).collect::<Vec<_>>().join(", ")
}

/// The words of an expression, as written: what stands in quotes as a text is none.
pub(crate) fn sql_words(text: &str) -> Vec<&str> {
    text.split('\'')
        .step_by(2)
        .flat_map(|outside| outside.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_names() {
        assert_eq!(words("phoneNumber2"), ["phone", "number", "2"]);
        assert_eq!(words("phone_number_2"), ["phone", "number", "2"]);
        assert_eq!(words("ID"), ["id"]);
    }
}
