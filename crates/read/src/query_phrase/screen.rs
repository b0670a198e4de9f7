//! Sentences whose subject is what shows or fetches rows: "The floor list shows the batches of a company", "The dashboard counts
//! orders per status", "Every night a job picks all loans that are due".

use std::borrow::Cow;

use super::phrase;
use super::vocabulary;
use crate::notation::Output;

/// So many words may stand before the verb.
const LONGEST_SUBJECT: usize = 5;

/// The sentence as a request for what its subject shows; none where no screen is the subject, or where it is itself stored.
pub(crate) fn request(text: &str, out: &Output) -> Option<String> {
    let text = without_time(text.trim());
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let word = |at: usize| lower.get(at).map_or("", String::as_str);
    let mut whose = None;
    let (noun, behind, verb) = (0..words.len().min(LONGEST_SUBJECT)).find_map(|noun| {
        let is_old = vocabulary::is_screen(word(noun));
        if !(is_old || is_place(word(noun))) {
            return None;
        }
        let modal = usize::from(super::is_modal(word(noun + 1)));
        let at = noun + 1 + modal;
        let (verb, width) = plain_verb(word(at), word(at + 1), modal > 0)?;
        whose = of_whom(&words.get(at + width..)?.join(" "), out);
        // What a page shows is read with the page.
        let is_elsewhere = is_old && matches!(verb, "show" | "list") && whose.is_none();
        (!is_elsewhere).then_some((noun, at + width, verb))
    })?;
    let is_article = |word: &str| {
        matches!(word, "the" | "a" | "an" | "our" | "each" | "every" | "this" | "their" | "my")
    };
    let from = usize::from(is_article(word(0)));
    let subject = &words[from..=noun];
    let is_marked = subject.iter().any(|word| word.ends_with([',', ';', ':', '.']));
    let tells = lower[from..noun].iter().any(|word| {
        vocabulary::reads(word) || matches!(word.as_str(), "is" | "are" | "that" | "which" | "has")
    });
    // "The price list shows …" where price lists are kept.
    let is_stored = (0..subject.len()).any(|at| out.known.get(&subject[at..].join(" ")).is_some());
    if is_marked || tells || is_stored || behind >= words.len() {
        return None;
    }
    let rest = whose.unwrap_or_else(|| words[behind..].join(" "));
    let names = !phrase::mentions(&phrase::words(&rest), out).is_empty();
    let rest = rest.strip_prefix("how many ").unwrap_or(&rest);
    names.then(|| match verb {
        "count" => {
            let rest = ["the number of ", "the ", "all "]
                .iter()
                .fold(rest, |rest, lead| rest.strip_prefix(lead).unwrap_or(rest));
            format!("show the number of {rest}")
        }
        verb => format!("{verb} {rest}"),
    })
}

/// "I want a list of parcels" as "I want to list parcels".
pub(super) fn wished(text: &str) -> Cow<'_, str> {
    const WISHES: &[(&str, &str)] = &[
        (" want a list of ", " want to list "),
        (" want the list of ", " want to list "),
        (" want an overview of ", " want to see "),
        (" need a list of ", " need to list "),
        (" need an overview of ", " need to see "),
        (" wants a list of ", " wants to list "),
        (" needs a list of ", " needs to list "),
    ];
    match WISHES.iter().find(|(wish, _)| text.contains(wish)) {
        Some((wish, plain)) => Cow::Owned(text.replacen(wish, plain, 1)),
        None => Cow::Borrowed(text),
    }
}

/// "shows a member the check-ins of the last 30 days": the check-ins of a member.
fn of_whom(rest: &str, out: &Output) -> Option<String> {
    let (article, behind) = rest.split_once(' ')?;
    if !matches!(article, "a" | "an" | "the" | "each" | "every") {
        return None;
    }
    let (whom, shown) = [" the ", " all ", " their ", " his ", " her "]
        .iter()
        .filter_map(|mark| behind.split_once(mark))
        .min_by_key(|(whom, _)| whom.len())?;
    let is_one = whom.split(' ').count() <= 2
        && !whom.ends_with('s')
        && (out.known.get(whom).is_some() || crate::prose::is_person_noun(whom));
    let words = phrase::words(shown);
    let first =
        phrase::mentions(&words, out).into_iter().next().filter(|it| it.start == 0 && it.plural)?;
    let text = shown.split_whitespace().collect::<Vec<_>>();
    let (head, tail) = text.split_at_checked(first.end)?;
    is_one.then(|| format!("{} of a {whom} {}", head.join(" "), tail.join(" ")))
}

/// A sentence behind words for when: "Every night", "Once a day,".
fn without_time(text: &str) -> &str {
    const UNITS: &[&str] =
        &["night", "day", "hour", "minute", "morning", "evening", "week", "month", "second"];
    let leads = ["Every ", "Each ", "Once a ", "Once an ", "Once per "];
    let rest = leads.iter().find_map(|lead| text.strip_prefix(lead));
    let unit = rest.and_then(|rest| {
        let (unit, rest) = rest.split_once(' ')?;
        UNITS.contains(&unit.trim_end_matches(',')).then_some(rest)
    });
    unit.or_else(|| {
        ["Nightly, ", "Daily, ", "At night, "].iter().find_map(|it| text.strip_prefix(it))
    })
    .unwrap_or(text)
}

/// "Quickly find books by title": how it is done says nothing of the rows.
pub(super) fn without_adverb(text: &str) -> &str {
    ["Quickly ", "Easily ", "Efficiently ", "Instantly "]
        .iter()
        .find_map(|adverb| text.strip_prefix(adverb))
        .unwrap_or(text)
}

/// A listing that is the subject of its sentence as a phrase: "The list of episodes of a show must load
/// in 100 ms".
pub(super) fn plain_listing(text: &str) -> Cow<'_, str> {
    let listing = ["The list of ", "The listing of "].iter().find_map(|it| text.strip_prefix(it));
    // "The list of categories is configurable" says what the list is, and asks for no rows.
    let is_told = |rest: &&str| [" is ", " are "].iter().all(|verb| !rest.contains(verb));
    if let Some(rest) = listing.filter(is_told) {
        return Cow::Owned(format!("list {rest}"));
    }
    Cow::Borrowed(text)
}

/// Nouns for what shows rows, or takes them to work with, beside the screens.
fn is_place(word: &str) -> bool {
    matches!(
        word,
        "list"
            | "report"
            | "board"
            | "view"
            | "overview"
            | "catalogue"
            | "catalog"
            | "table"
            | "feed"
            | "desk"
            | "reception"
            | "job"
            | "worker"
            | "timeline"
            | "inbox"
            | "map"
            | "grid"
            | "card"
            | "chart"
            | "widget"
            | "kiosk"
            | "terminal"
            | "digest"
            | "newsletter"
            | "export"
            | "scheduler"
            | "planner"
            | "query"
    )
}

/// A verb of showing or fetching in its plain form, with how many words it takes.
fn plain_verb(word: &str, next: &str, is_plain: bool) -> Option<(&'static str, usize)> {
    let plain = if is_plain { word } else { word.strip_suffix('s')? };
    Some(match plain {
        "show" | "display" | "present" | "give" | "print" => ("show", 1),
        "list" | "load" | "select" | "pull" | "read" | "pick" | "get" | "return" | "collect" => {
            ("list", 1)
        }
        "fetche" | "fetch" | "retrieve" => ("list", 1),
        "count" => ("count", 1),
        "find" => ("find", 1),
        "searche" | "search" => ("search", 1),
        "look" if next == "up" => ("find", 2),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Option<String> {
        let mut out = Output::default();
        for name in ["Order", "Customer", "Price List"] {
            out.known.add(name);
        }
        request(text, &out)
    }

    #[test]
    fn what_screens_show() {
        for (text, phrase) in [
            (
                "The floor list shows the orders of a customer with a given status, oldest first.",
                "show the orders of a customer with a given status, oldest first.",
            ),
            ("The dashboard counts orders per status.", "show the number of orders per status."),
            ("The front desk looks up a customer by phone", "find a customer by phone"),
            ("Every night a job picks all orders that are due", "list all orders that are due"),
            ("The overdue report must list open orders", "list open orders"),
            ("Our catalogue lists orders sorted by name", "list orders sorted by name"),
            (
                "The app shows a customer the orders of the last 30 days",
                "show orders of a customer of the last 30 days",
            ),
        ] {
            assert_eq!(asked(text).as_deref(), Some(phrase), "{text}");
        }
    }

    #[test]
    fn sentences_that_only_speak_of_screens() {
        for text in [
            "The floor list shows an error.",
            "The floor list is sorted by order date.",
            "The price list shows the orders of a customer.",
            "The customer list, which shows orders, is long.",
            "A customer lists the orders of the week.",
            "The report that lists orders is printed.",
            "The page shows the orders of a customer.",
        ] {
            assert_eq!(asked(text), None, "{text}");
        }
    }
}
