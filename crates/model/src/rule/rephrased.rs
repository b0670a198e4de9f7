//! The same rule in other words: "a room has 12 beds at most" is "a room has at most 12 beds". What the patterns of rules
//! leave alone is tried once more in the words that they know, so that each of them knows one way to say it.

mod parts;
mod phrases;
#[cfg(test)]
mod tests;

use parts::{Part, TABLE, Word};
use phrases::NUMBERS;

/// The most words that stand for one part of a sentence.
const LONGEST: usize = 9;
/// A sentence with more words says more than one thing.
const MOST_WORDS: usize = 60;

/// What a sentence says, in the words of other sentences; nothing where no other words are known.
pub(crate) fn rephrased(text: &str) -> Vec<String> {
    let words = tokens(text);
    if words.len() > MOST_WORDS {
        return Vec::new();
    }
    let words: Vec<Word<'_>> = words.into_iter().map(|word| TABLE.word(word)).collect();
    let mut found: Vec<String> = Vec::new();
    for phrase in TABLE.of(&words) {
        let mut slots = Vec::new();
        if fits(&phrase.parts, &words, 0, &mut slots) {
            let said = filled(phrase.to, &slots, &words);
            if !found.contains(&said) {
                found.push(said);
            }
        }
    }
    found
}

/// What stands for a part of a phrase: its name, and from where to where.
type Slot = (&'static str, usize, usize);

/// Whether the words from a place on are those of the parts.
fn fits(parts: &[Part], words: &[Word<'_>], at: usize, slots: &mut Vec<Slot>) -> bool {
    let Some((part, rest)) = parts.split_first() else { return at == words.len() };
    let name = match part {
        Part::Slot(name) => *name,
        Part::Words(_) => {
            let Some(word) = words.get(at) else { return false };
            if let [next, rest @ ..] = rest
                && TABLE.is_both(word, part, next)
            {
                return fits(rest, words, at + 1, slots);
            }
            return part.is(word) && fits(rest, words, at + 1, slots);
        }
    };
    let (least, most) = match name.as_bytes() {
        [b'n' | b'w', ..] => (1, 1),
        [b'*', ..] => (1, words.len()),
        _ => (1, LONGEST),
    };
    for end in at + least..=(at + most).min(words.len()) {
        let inside = &words[at..end];
        let may_be = match name.as_bytes() {
            [b'n', ..] => is_number(&inside[0].lower),
            [b'*', ..] => true,
            _ => !inside.iter().any(|it| matches!(it.lower.as_str(), "," | ";" | ":" | ".")),
        };
        if !may_be {
            return false;
        }
        slots.push((name, at, end));
        if fits(rest, words, end, slots) {
            return true;
        }
        slots.pop();
    }
    false
}

fn is_number(word: &str) -> bool {
    let is_digits = word.bytes().all(|it| it.is_ascii_digit() || it == b',');
    NUMBERS.contains(&word) || is_digits && word.starts_with(|it: char| it.is_ascii_digit())
}

/// The other words, with what stood in the sentence in their places.
fn filled(to: &str, slots: &[Slot], words: &[Word<'_>]) -> String {
    let mut said = String::new();
    for part in to.split(' ') {
        let slot = part.strip_prefix('{').and_then(|it| it.split_once('}'));
        let text = match slot {
            Some((name, behind)) => {
                let (bare, name) = match name.strip_prefix('-') {
                    Some(name) => (true, name),
                    None => (false, name),
                };
                let found = slots.iter().find(|slot| slot.0 == name);
                let &(_, from, end) = found.expect("invariant: a phrase repeats its own parts");
                let text = joined(&words[from..end]);
                let text = if bare { without_article(&text).to_owned() } else { text };
                format!("{text}{behind}")
            }
            None => part.to_owned(),
        };
        push(&mut said, &text);
    }
    said
}

/// Words without the article, or the owner, before them.
fn without_article(text: &str) -> &str {
    const ARTICLES: &[&str] = &["a ", "an ", "the ", "each ", "every ", "its ", "their ", "one "];
    let article = ARTICLES
        .iter()
        .find(|it| text.get(..it.len()).is_some_and(|front| front.eq_ignore_ascii_case(it)));
    article.map_or(text, |it| &text[it.len()..])
}

fn joined(words: &[Word<'_>]) -> String {
    let mut text = String::new();
    for word in words {
        push(&mut text, word.text);
    }
    // "Its show and its number" are the show and the number.
    [" and its ", " and their ", " or its ", " or their "].iter().fold(text, |text, it| {
        text.replace(it, if it.starts_with(" and") { " and " } else { " or " })
    })
}

/// Adds a word; no space stands before a mark, or behind a bracket that opens.
fn push(text: &mut String, word: &str) {
    if !text.is_empty() && !text.ends_with('(') && !matches!(word, "," | ";" | ":" | "." | ")") {
        text.push(' ');
    }
    text.push_str(word);
}

/// The words of a text, with the marks between them apart.
fn tokens(text: &str) -> Vec<&str> {
    let text = text.trim().trim_end_matches(['.', ';', '!']);
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let (word, opens) = match word.strip_prefix('(') {
            Some(rest) if !rest.is_empty() => (rest, true),
            Some(_) | None => (word, false),
        };
        let (core, marks) = word.split_at(word.trim_end_matches([',', ';', ':', '.']).len());
        // "f(x)" is one word.
        let closed = core.strip_suffix(')').filter(|it| !it.contains('('));
        words.extend(opens.then_some("("));
        let inner = closed.unwrap_or(core);
        match CONTRACTIONS.iter().find(|(short, _)| inner.eq_ignore_ascii_case(short)) {
            Some((_, long)) => words.extend(long.split(' ')),
            None => words.extend((!inner.is_empty()).then_some(inner)),
        }
        words.extend(closed.map(|_| ")"));
        words.extend(marks.get(..1));
    }
    words
}

/// Words that stand for two.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("can't", "cannot"),
    ("don't", "do not"),
    ("doesn't", "does not"),
    ("isn't", "is not"),
    ("aren't", "are not"),
    ("mustn't", "must not"),
];

#[cfg(test)]
mod words_tests {
    use super::parts::{TABLE, Word};
    use super::phrases::PHRASES;
    use super::{fits, rephrased};

    #[test]
    fn other_words_for_the_same() {
        for (text, said) in [
            ("A room has 12 beds at most", "A room has at most 12 beds"),
            ("Rooms are limited to 12 per floor", "at most 12 Rooms per floor"),
            ("A room cannot have more than one lamp", "A room has at most one lamp"),
            ("A room can not have more than one lamp", "A room has at most one lamp"),
            ("At most one of mail and phone may be given", "at most one of mail and phone is set"),
            ("Only one of mail and phone can be set", "at most one of mail and phone is set"),
            (
                "A slot keeps its room and its number for ever",
                "the room and number of A slot never changes",
            ),
            ("A guest sends the same key only once", "the key is unique per guest"),
            ("A guest can't use the same key twice", "the key is unique per guest"),
            ("Every guest uses a key only once", "the key is unique per guest"),
            (
                "Lines can only be added to or removed from a bill while it is a draft",
                "Lines can only be added or removed while the bill is a draft",
            ),
            ("Visits are numbered per guest", "the number of Visits is unique per guest"),
            ("A key may be used once per guest", "the key is unique per guest"),
            (
                "A bed has at most 3 guests (broken ones do not count)",
                "A bed has at most 3 guests; broken ones do not count",
            ),
            (
                "A bed has at most 3 guests, not counting cancelled ones",
                "A bed has at most 3 guests; cancelled ones do not count",
            ),
        ] {
            assert!(rephrased(text).iter().any(|it| it == said), "{:?}", rephrased(text));
        }
    }

    #[test]
    fn what_says_anything_else_has_no_other_words() {
        for text in [
            "A room has about 12 beds at most times",
            "A room has beds",
            "The limit of 12 was raised, and rooms keep warm",
            "",
        ] {
            assert_eq!(rephrased(text), Vec::<String>::new(), "{text}");
        }
    }

    /// A phrase repeats only what it found, and leads to words that it does not itself take up again.
    #[test]
    fn each_phrase_leads_somewhere_else() {
        for ((from, to), phrase) in PHRASES.iter().zip(&TABLE.phrases) {
            let of = |text: &str| -> Vec<String> {
                let parts = text.split('{').skip(1).filter_map(|it| it.split('}').next());
                parts.map(|it| it.trim_start_matches('-').to_owned()).collect()
            };
            let known = of(from);
            assert!(of(to).iter().all(|it| known.contains(it)), "{from} → {to}");
            let said = to.split(' ').map(|part| if part.starts_with('{') { "3" } else { part });
            let said: Vec<Word<'_>> = said.map(|word| TABLE.word(word)).collect();
            assert!(!fits(&phrase.parts, &said, 0, &mut Vec::new()), "{from} → {to}");
        }
    }
}
