//! Sentences that lean on the one before, made to stand alone: "It has a start date" after "A loan is
//! for one member" says "The loan has a start date"; ", each with a barcode" is a sentence of its own.

use underpin_base::Phrases;

use super::noun::{Phrase, is_generic, phrase_at, singular};
use super::tag::{Tag, Token, tag};

/// What begins a sentence about what the one before introduced.
const HAVING: &[&str] =
    &[", each with ", ", each having ", ", each has ", "; each with ", "; each has "];

/// What a comma joins that could be a sentence of its own.
const JOINED: &[(&str, &str)] = &[
    (", and it has ", "It has "),
    (", it has ", "It has "),
    (", which has ", "It has "),
    (", and they have ", "They have "),
    (", they have ", "They have "),
    (", which have ", "They have "),
];

/// The sentences of one paragraph or item, each with a subject of its own where it is known, and with
/// the index of the one that it was made of.
pub(super) fn standing_alone<'t>(sentences: impl Iterator<Item = &'t str>) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut about: Option<Subject> = None;
    for (index, sentence) in sentences.enumerate() {
        let sentence = super::acting_part::named_plainly(sentence);
        let sentence = super::plain_form::of(&sentence);
        for part in parts(&sentence) {
            // Most sentences have none behind them that could lean on them.
            if let Some((_, before)) = found.last() {
                about = Subject::of(&tag(before)).or(about);
            }
            let text = about.as_ref().and_then(|about| named(&part, about)).unwrap_or(part);
            found.push((index, text));
        }
    }
    found
}

/// A sentence without what could stand beside it.
fn parts(sentence: &str) -> Vec<String> {
    if let Some((front, rest)) = sentence.cut_at_any(HAVING) {
        if let Some(noun) = introduced(&tag(front)) {
            return vec![front.to_owned(), format!("Each {noun} has {rest}")];
        }
    }
    if let Some(tied) = tied(sentence).or_else(|| tied_in_list(sentence)) {
        return tied.into();
    }
    let joined = JOINED.iter().find_map(|(mark, lead)| {
        let (front, rest) = sentence.cut_at(mark)?;
        Some(vec![front.to_owned(), format!("{lead}{rest}")])
    });
    joined.unwrap_or_else(|| vec![sentence.to_owned()])
}

/// "**Pet**: name, species, belongs to an owner": what a thing has, and what it belongs to.
fn tied_in_list(sentence: &str) -> Option<[String; 2]> {
    const TIES: &[&str] = &["belongs to ", "is part of ", "is linked to ", "is assigned to "];
    let (label, list) = sentence.split_once(": ")?;
    let name = label.trim_matches('*').trim();
    let list = list.trim_end_matches(['.', ';']);
    let is_tie = |part: &&str| TIES.iter().any(|tie| part.trim().starts_with(tie));
    let parts = || crate::words::split_top(list, &[',']).into_iter();
    let (ties, others): (Vec<&str>, Vec<&str>) = parts().partition(is_tie);
    let [tie] = *ties else { return None };
    let is_name = name.starts_with(char::is_uppercase) && name.split(' ').count() <= 3;
    let is_list =
        is_name && others.len() >= 2 && others.iter().all(|it| it.split_whitespace().count() <= 6);
    is_list.then(|| [format!("{label}: {}", others.join(",")), format!("A {name} {}", tie.trim())])
}

/// "A bed belongs to a ward and has a number", "A stay links a patient to a bed, with a note": the tie, and what it has.
fn tied(sentence: &str) -> Option<[String; 2]> {
    const TIES: &[&str] = &[
        " belongs to ",
        " belong to ",
        " is part of ",
        " are part of ",
        " is for ",
        " are for ",
        " refers to ",
        " refer to ",
        " stands in ",
        " stand in ",
        " sits in ",
        " lies in ",
        " is in ",
        " are in ",
        " is linked to ",
        " are linked to ",
        " is assigned to ",
        " are assigned to ",
    ];
    const LINKS: &[&str] = &[" links ", " connects ", " joins ", " ties "];
    const HAS: &[&str] = &[" and has ", ", and has ", ", has ", " and have ", ", and have "];
    let (front, rest, is_one) = if let Some((front, rest)) = sentence.cut_at_any(HAS) {
        let is_one = sentence[front.len()..]
            .trim_start_matches([',', ' '])
            .trim_start_matches("and ")
            .starts_with("has");
        front.cut_at_any(TIES).map(|_| (front, rest, is_one))?
    } else {
        let (front, rest) = sentence.cut_at_any(&[", with ", ", having "])?;
        front.cut_at_any(LINKS).map(|_| (front, rest, true))?
    };
    let subject = Subject::of(&tag(front))?;
    let is_simple = !front.contains([',', ';', ':']) && subject.is_plural != is_one;
    let (pronoun, verb) = if is_one { ("It", "has") } else { ("They", "have") };
    is_simple.then(|| [front.to_owned(), format!("{pronoun} {verb} {rest}")])
}

/// "Its condition is one of new, good and worn" as what the thing has: "has a condition (new, good, worn)".
fn own_values(rest: &str) -> Option<String> {
    const SURE: &[&str] = &[
        " is one of ",
        " can be one of ",
        " must be one of ",
        " may be one of ",
        " is either ",
        " can be either ",
    ];
    const BEING: &[&str] = &[" can be ", " may be ", " is "];
    const LEAST: usize = 3;
    let (name, list) = rest.cut_at_any(SURE).or_else(|| rest.cut_at_any(BEING))?;
    let is_sure = rest.cut_at_any(SURE).is_some();
    let list = list.trim_start_matches([':', ' ']).trim_end_matches(['.', ';']);
    let parts: Vec<&str> = list
        .split(',')
        .flat_map(|part| part.split(" or "))
        .flat_map(|part| part.split(" and "))
        .map(|part| {
            part.trim()
                .trim_start_matches("or ")
                .trim_start_matches("and ")
                .trim_matches(['`', '"', '“', '”'])
        })
        .filter(|part| !part.is_empty())
        .collect();
    let is_value = |part: &&str| {
        part.split(' ').count() <= 2
            && part.starts_with(char::is_alphabetic)
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
    };
    let is_name =
        name.split(' ').count() <= 2 && name.chars().all(|c| c.is_alphabetic() || c == ' ');
    let says_list = is_sure || list.contains(" or ") && list.contains(',');
    let are_values = parts.len() >= LEAST && parts.iter().all(is_value);
    (is_name && says_list && are_values).then(|| format!("has a {name} ({})", parts.join(", ")))
}

/// The thing of which a sentence says that there are several: "copy" of "There are several copies of
/// each book", "bed" of "A room has two beds".
fn introduced(tokens: &[Token]) -> Option<String> {
    // "We sell to breweries. 80 companies, each with 40 tanks": of a sentence before, nothing is said.
    let from = tokens.iter().rposition(|it| it.is(".")).map_or(0, |at| at + 1);
    let all = super::noun::phrases(&tokens[from..]);
    let plural = all.into_iter().find(|phrase| phrase.is_plural)?;
    let (front, last) = plural.noun.rsplit_once(' ').unwrap_or(("", &plural.noun));
    Some(format!("{front} {}", singular(&last.to_lowercase())).trim().to_owned())
}

/// What a sentence is about.
struct Subject {
    noun: String,
    is_plural: bool,
}

impl Subject {
    /// The noun phrase that a sentence begins with, where a verb follows; a general noun is none.
    fn of(tokens: &[Token]) -> Option<Self> {
        let lead = match tokens {
            [there, is, ..] if there.is("there") && is.is_any(&["are", "is"]) => 2,
            _ => 0,
        };
        let phrase: Phrase = phrase_at(tokens, lead)?;
        let next = tokens.get(phrase.end)?;
        // "Information about each student": it is about the student.
        if phrase.noun.eq_ignore_ascii_case("information") && next.is_any(&["about", "on", "for"]) {
            let about =
                phrase_at(tokens, phrase.end + 1).filter(|about| !is_generic(&about.noun))?;
            return Some(Self { noun: about.noun, is_plural: about.is_plural });
        }
        let has_verb = matches!(next.tag, Tag::Verb | Tag::Auxiliary | Tag::Modal | Tag::Adverb);
        (lead > 0 || has_verb)
            .then_some(Self { noun: phrase.noun, is_plural: phrase.is_plural })
            .filter(|subject| !is_generic(&subject.noun))
    }
}

/// A sentence that begins with a pronoun, with the noun that it stands for.
fn named(sentence: &str, about: &Subject) -> Option<String> {
    if let Some(rest) = ["This includes ", "These include ", "This information includes "]
        .iter()
        .find_map(|lead| sentence.strip_prefix(lead))
    {
        let noun = if about.is_plural { singular(&about.noun) } else { about.noun.clone() };
        return Some(format!("Each {noun} has {rest}"));
    }
    let (first, rest) = sentence.split_once(' ')?;
    if matches!(first, "Its" | "Their") && (first == "Their") == about.is_plural {
        let has = own_values(rest)?;
        let noun =
            if about.is_plural { singular(&about.noun.to_lowercase()) } else { about.noun.clone() };
        return Some(format!("The {noun} {has}."));
    }
    let is_meant = match first {
        "It" | "it" => !about.is_plural,
        "They" | "they" => about.is_plural,
        _ => false,
    };
    let verb = rest.split(' ').next().unwrap_or_default();
    // "It is possible to": what stands there is no thing.
    let is_verb = matches!(
        verb,
        "has"
            | "have"
            | "is"
            | "are"
            | "can"
            | "may"
            | "must"
            | "shall"
            | "should"
            | "will"
            | "belongs"
            | "belong"
            | "contains"
            | "contain"
            | "consists"
            | "includes"
            | "include"
            | "starts"
            | "start"
            | "begins"
            | "stores"
            | "records"
            | "becomes"
            | "needs"
            | "carries"
            | "carry"
            | "gets"
            | "get"
            | "holds"
            | "lists"
            | "comes"
            | "refers"
            | "goes"
            | "never"
            | "cannot"
            | "always"
    );
    let is_empty = [
        "is possible",
        "is important",
        "is necessary",
        "must be possible",
        "should be possible",
        "is required to",
    ]
    .iter()
    .any(|words| rest.starts_with(words));
    if !is_meant || !is_verb || is_empty {
        return None;
    }
    let noun = &about.noun;
    if !about.is_plural {
        return Some(format!("The {noun} {rest}"));
    }
    let mut letters = noun.chars();
    let first = letters.next()?;
    Some(format!("{}{} {rest}", first.to_uppercase(), letters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_stand_alone() {
        for (sentences, alone) in [
            (
                vec!["A loan is for one member;", "it has a start date."],
                vec!["A loan is for one member;", "The loan has a start date."],
            ),
            (
                vec!["There are several copies of each book, each with a barcode."],
                vec!["There are several copies of each book", "Each copy has a barcode."],
            ),
            (
                vec!["A bed belongs to a ward and has a number and a state."],
                vec!["A bed belongs to a ward", "The bed has a number and a state."],
            ),
            (
                vec!["A stay links a guest to a bed, with a note."],
                vec!["A stay links a guest to a bed", "The stay has a note."],
            ),
            (
                vec!["A saw has a name.", "Its condition is one of new, good and worn."],
                vec!["A saw has a name.", "The saw has a condition (new, good, worn)."],
            ),
            (
                vec!["A saw has a name.", "Its price is high or low."],
                vec!["A saw has a name.", "Its price is high or low."],
            ),
            (
                vec!["A bed shows a light and has a guest."],
                vec!["A bed shows a light and has a guest."],
            ),
            (
                vec!["Members have a name.", "They have a card number."],
                vec!["Members have a name.", "Members have a card number."],
            ),
            (
                vec!["An order has a number, and it has a total."],
                vec!["An order has a number", "The order has a total."],
            ),
            (
                vec![
                    "Information about each pupil is kept.",
                    "This includes the name and the age.",
                ],
                vec![
                    "Information about each pupil is kept.",
                    "Each pupil has the name and the age.",
                ],
            ),
            // Nothing is known of what these stand for.
            (
                vec!["Members have a name.", "It is open."],
                vec!["Members have a name.", "It is open."],
            ),
            (
                vec!["The system is fast.", "It has a menu."],
                vec!["The system is fast.", "It has a menu."],
            ),
            (
                vec!["An order is paid.", "It is possible to pay."],
                vec!["An order is paid.", "It is possible to pay."],
            ),
        ] {
            let found = standing_alone(sentences.into_iter());
            let found: Vec<String> = found.into_iter().map(|(_, text)| text).collect();
            assert_eq!(found, alone);
        }
    }
}
