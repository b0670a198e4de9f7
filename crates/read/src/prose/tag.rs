//! Words of a sentence with the part that each plays: by the lexicon, by endings, by neighbours.
//! A requirement is short and plain; where this goes wrong, the patterns find nothing.

use std::ops::Range;
use std::sync::LazyLock;

use indexmap::IndexMap;
use smol_str::{SmolStr, StrExt};

use super::lexicon;

/// What a word does in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Determiner,
    /// "many", "several": how many, without a number.
    Many,
    Number,
    Noun,
    Adjective,
    Adverb,
    Verb,
    Modal,
    Auxiliary,
    Preposition,
    Conjunction,
    Subordinator,
    Pronoun,
    Punctuation,
}

/// One word or mark.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// As written, a code span without its backticks.
    pub(crate) text: SmolStr,
    pub(crate) lower: SmolStr,
    pub(crate) tag: Tag,
    pub(crate) is_code: bool,
    /// In the sentence.
    pub(crate) range: Range<usize>,
}

impl Token {
    pub(crate) fn is(&self, word: &str) -> bool {
        self.lower == word
    }

    /// Whether it is one of these words. Patterns ask so of each word of each sentence, mostly of words that stand in
    /// their code: put into the place that asks, no call compares them.
    #[inline]
    pub(crate) fn is_any(&self, words: &[&str]) -> bool {
        let own = self.lower.as_bytes();
        words.iter().any(|word| own == word.as_bytes())
    }

    /// Whether it is a form of one of these verbs.
    #[inline]
    pub(crate) fn is_verb_of(&self, verbs: &[&str]) -> bool {
        // Most words are ruled out by their first letter.
        let Some(first) = self.lower.as_bytes().first() else { return false };
        let may_be = |verb: &&&str| verb.as_bytes().first() == Some(first);
        verbs.iter().filter(may_be).any(|verb| is_form_of(&self.lower, verb))
    }

    pub(crate) fn is_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// The words of a sentence.
pub(crate) fn tag(text: &str) -> Vec<Token> {
    let mut tokens = split(text);
    for token in &mut tokens {
        token.tag = lexical(token).unwrap_or(Tag::Noun);
    }
    // Verbs double as nouns ("order", "report"): the word before decides.
    for at in 0..tokens.len() {
        if tokens[at].tag == Tag::Verb && !may_be_verb(&tokens, at) {
            // "a called ticket": a participle before its noun.
            let leads = tokens[at].lower.ends_with("ed")
                && tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Noun);
            tokens[at].tag = if leads { Tag::Adjective } else { Tag::Noun };
        }
    }
    // "a tracking number", "opening hours": which one it is, and nobody opens anything.
    for at in 1..tokens.len() {
        if tokens[at].is_any(NAMED) && tokens[at - 1].is_any(NAMING) {
            tokens[at - 1].tag = Tag::Noun;
        }
    }
    // "manage assets, work orders and parts": orders for work, and nobody works.
    for at in 1..tokens.len() {
        let is_sort = tokens[at].is_any(&["order", "orders", "item", "items", "shift", "shifts"]);
        if is_sort && tokens[at - 1].is("work") {
            tokens[at - 1].tag = Tag::Noun;
            tokens[at].tag = Tag::Noun;
        }
    }
    // "logged in customers".
    for at in 1..tokens.len() {
        if tokens[at].is("in") && tokens[at - 1].is_any(&["logged", "signed"]) {
            let leads = tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Noun);
            if leads {
                tokens[at - 1].tag = Tag::Adjective;
                tokens[at].tag = Tag::Adjective;
            }
        }
    }
    tokens
}

/// Participles that tell properties apart, and the properties.
const NAMING: &[&str] = &[
    "tracking",
    "billing",
    "shipping",
    "mailing",
    "opening",
    "closing",
    "starting",
    "ending",
    "beginning",
    "booking",
    "posting",
    "filing",
    "meeting",
    "parking",
    "pricing",
    "working",
    "operating",
    "selling",
    "purchasing",
    "buying",
    "serving",
    "cooking",
    "remaining",
    "running",
    "landing",
    "loading",
    "boarding",
    "routing",
    "sorting",
    "training",
    "reading",
    "marketing",
    "building",
    "viewing",
    "listing",
    "renting",
    "licensing",
];
const NAMED: &[&str] = &[
    "number",
    "numbers",
    "code",
    "codes",
    "id",
    "ids",
    "address",
    "addresses",
    "date",
    "dates",
    "time",
    "times",
    "hours",
    "price",
    "prices",
    "fee",
    "fees",
    "cost",
    "costs",
    "rate",
    "rates",
    "balance",
    "mileage",
    "amount",
    "amounts",
    "reference",
    "method",
    "city",
    "zip",
    "postcode",
    "phone",
];

/// Verbs that are no nouns as well.
const NEVER_NOUNS: &[&str] = &[
    "add", "allow", "assign", "choose", "create", "delete", "enable", "find", "generate", "manage",
    "modify", "provide", "reject", "remove", "select", "submit",
];

fn may_be_verb(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else {
        // "Orders are deleted", but "Orders the items" in a list of steps.
        // "Book shall have a title": nobody is asked to do anything.
        if tokens.get(1).is_some_and(|next| next.tag == Tag::Modal) {
            return false;
        }
        let has_object = tokens
            .get(1)
            .is_none_or(|next| !matches!(next.tag, Tag::Auxiliary | Tag::Modal | Tag::Preposition));
        return has_object || !tokens[at].lower.ends_with('s');
    };
    // A capital letter inside a sentence begins a name.
    if tokens[at].is_capital() && !before.is_any(&[":", "-", "–", "—", "."]) {
        return false;
    }
    match before.tag {
        Tag::Modal | Tag::Pronoun | Tag::Adverb | Tag::Subordinator | Tag::Punctuation => true,
        Tag::Auxiliary => {
            let lower = &tokens[at].lower;
            lower.ends_with("ed") || lower.ends_with("ing") || before.is_any(&["do", "does", "not"])
        }
        // "allow for managing carriers", "by creating orders".
        Tag::Preposition => {
            before.is("to")
                || before.is_any(&["for", "by", "of"])
                    && tokens[at].lower.ends_with("ing")
                    && tokens.get(at + 1).is_some_and(|next| {
                        matches!(next.tag, Tag::Noun | Tag::Determiner | Tag::Adjective | Tag::Many)
                    })
        }
        Tag::Determiner | Tag::Many | Tag::Number | Tag::Adjective => false,
        // "create and manage", "staff and customers report".
        // "select a category and provide a description".
        Tag::Conjunction => {
            let leads = tokens.get(at + 1).is_some_and(|next| next.tag == Tag::Determiner);
            // "view, edit, and remove orders".
            let goes_on = at >= 3 && tokens[at - 2].is(",") && tokens[at - 3].tag == Tag::Verb;
            // "An issue reduces the stock and creates a movement".
            let is_deed = |it: &Token| it.tag == Tag::Verb && it.lower.ends_with('s');
            at >= 2
                && (tokens[at - 2].tag == Tag::Verb
                    || goes_on
                    // "Create orders and delete orders".
                    || tokens[at].is_any(NEVER_NOUNS)
                    || is_next_deed(tokens, at)
                    || leads
                        && (!tokens[at].lower.ends_with('s') || tokens[..at].iter().any(is_deed)))
        }
        // "a supplier offers", but "the ticket status": the ending of the third person tells.
        Tag::Noun => {
            let lower = &tokens[at].lower;
            // "display audit logs with a date": the sentence has its verb, and this has no object.
            let has_verb = tokens[..at]
                .iter()
                .rev()
                .take_while(|token| !matches!(token.tag, Tag::Subordinator | Tag::Punctuation))
                .any(|token| token.tag == Tag::Verb);
            let has_object = tokens.get(at + 1).is_some_and(|next| {
                matches!(next.tag, Tag::Determiner | Tag::Noun | Tag::Many | Tag::Number)
            });
            if has_verb && !has_object && lower.ends_with('s') {
                return false;
            }
            // "an order containing items".
            let is_relative = ["containing", "belonging", "including", "requiring", "showing"];
            lower.ends_with('s') && !before.lower.ends_with('s')
                || is_relative.contains(&lower.as_str())
                || lower.ends_with("ed")
                || before.lower.ends_with('s') && !lower.ends_with('s')
        }
        // "publish listing drafts": what is listed, and nobody lists.
        Tag::Verb => {
            tokens[at].lower.ends_with("ing") && !tokens[at].is("listing")
                || tokens[at].lower.ends_with("ed")
        }
    }
}

/// Words that are verbs where a deed stands before them and an object behind: "shall count stock and send alerts".
const SELDOM_NOUNS: &[&str] = &[
    "send",
    "display",
    "show",
    "notify",
    "calculate",
    "save",
    "capture",
    "maintain",
    "edit",
    "receive",
    "validate",
    "verify",
    "register",
    "update",
    "view",
    "track",
    "store",
    "record",
    "invite",
    "download",
    "ensure",
    "export",
];

/// Whether a word behind "and" tells the next thing that the system shall do, or somebody can.
fn is_next_deed(tokens: &[Token], at: usize) -> bool {
    let has_object = tokens.get(at + 1).is_some_and(|it| {
        matches!(it.tag, Tag::Noun | Tag::Adjective | Tag::Determiner | Tag::Many | Tag::Number)
            || it.tag == Tag::Verb && tokens.get(at + 2).is_some_and(|it| it.tag == Tag::Noun)
    });
    // Its clause has a deed already: "shall update", "to view", "can enter".
    let deed = tokens[..at]
        .iter()
        .rposition(|it| matches!(it.tag, Tag::Modal) || it.is_any(&["to", "can", "."]));
    let is_deed = deed.is_some_and(|deed| {
        tokens.get(deed + 1).is_some_and(|it| it.tag == Tag::Verb)
            && !tokens[deed..at].iter().any(|it| it.is_any(&["(", ":", "with"]))
    });
    has_object && is_deed && tokens[at].is_any(SELDOM_NOUNS)
}

fn lexical(token: &Token) -> Option<Tag> {
    let lower = token.lower.as_str();
    if token.is_code {
        return Some(Tag::Noun);
    }
    if !lower.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return Some(if lower == "&" || lower == "/" {
            Tag::Conjunction
        } else {
            Tag::Punctuation
        });
    }
    if lower.starts_with(|c: char| c.is_ascii_digit())
        || matches!(
            lower,
            "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "ten" | "zero"
        )
    {
        return Some(Tag::Number);
    }
    if let Some(&tag) = KNOWN_WORDS.get(lower) {
        return Some(tag);
    }
    if lower.len() > 4 && lower.ends_with("ly") && lower != "family" && lower != "reply" {
        return Some(Tag::Adverb);
    }
    if ends(lower, &["tion", "ment", "ness", "ity", "ship", "ance", "ence"]) {
        return Some(Tag::Noun);
    }
    let adjective_endings = [
        "able",
        "ible",
        "ous",
        "ful",
        "less",
        "-based",
        "ical",
        "ional",
        "-specific",
        "-first",
        "-level",
        "-wide",
    ];
    if lower.len() > 5 && ends(lower, &adjective_endings) {
        return Some(Tag::Adjective);
    }
    if lower.len() > 5 && lower.ends_with("ed") && !token.is_capital() {
        return Some(Tag::Verb);
    }
    None
}

/// Whether a word has one of these endings; most are ruled out by their last letter.
fn ends(word: &str, endings: &[&str]) -> bool {
    let last = word.as_bytes().last();
    endings.iter().any(|ending| ending.as_bytes().last() == last && word.ends_with(ending))
}

/// The words of the lexicon, and all forms of its verbs.
static KNOWN_WORDS: LazyLock<IndexMap<String, Tag>> = LazyLock::new(|| {
    // Order matters: "that" leads a noun more often than a clause here.
    let tables: &[(&[&str], Tag)] = &[
        (lexicon::DETERMINERS, Tag::Determiner),
        (lexicon::MANY, Tag::Many),
        (lexicon::MODALS, Tag::Modal),
        (lexicon::AUXILIARIES, Tag::Auxiliary),
        (lexicon::CONJUNCTIONS, Tag::Conjunction),
        (lexicon::PREPOSITIONS, Tag::Preposition),
        (lexicon::SUBORDINATORS, Tag::Subordinator),
        (lexicon::PRONOUNS, Tag::Pronoun),
        (lexicon::ADVERBS, Tag::Adverb),
        (lexicon::ADJECTIVES, Tag::Adjective),
    ];
    let mut known = IndexMap::new();
    for (words, tag) in tables {
        for word in *words {
            known.entry((*word).to_owned()).or_insert(*tag);
        }
    }
    for verb in [lexicon::MANAGE, lexicon::KEEP, lexicon::VERBS].concat() {
        for form in forms(verb) {
            known.entry(form).or_insert(Tag::Verb);
        }
    }
    known
});

/// What [`is_form_of`] takes for forms of a verb.
fn forms(verb: &str) -> Vec<String> {
    let last = verb.chars().next_back().map(String::from).unwrap_or_default();
    let stems: [(Option<&str>, &str, &[&str]); 4] = [
        (Some(verb), "", &["", "s", "es", "ed", "ing"]),
        (verb.strip_suffix('e'), "", &["ed", "ing"]),
        (verb.strip_suffix('y'), "", &["ies", "ied"]),
        (Some(verb), &last, &["ed", "ing", "s", "es"]),
    ];
    let joined = stems.iter().flat_map(|(stem, more, endings)| {
        stem.iter()
            .flat_map(move |stem| endings.iter().map(move |end| format!("{stem}{more}{end}")))
    });
    joined.collect()
}

/// Whether a word is a form of a verb: "stores" of "store", "modified" of "modify", "flagged" of "flag".
fn is_form_of(word: &str, verb: &str) -> bool {
    if word == verb {
        return true;
    }
    let ends = |stem: &str, endings: &[&str]| {
        stem.len() > 1 && word.strip_prefix(stem).is_some_and(|ending| endings.contains(&ending))
    };
    let last = verb.chars().next_back();
    let doubled = last.and_then(|last| word.strip_prefix(verb)?.strip_prefix(last));
    ends(verb, &["s", "es", "ed", "ing"])
        || verb.strip_suffix('e').is_some_and(|stem| ends(stem, &["ed", "ing"]))
        || verb.strip_suffix('y').is_some_and(|stem| ends(stem, &["ies", "ied"]))
        || doubled.is_some_and(|ending| matches!(ending, "ed" | "ing" | "s" | "es"))
}

fn split(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, first)) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut end = start + first.len_utf8();
        if first == '`' {
            let close = text[end..].find('`').map(|at| end + at);
            if let Some(close) = close {
                while rest.next_if(|&(at, _)| at <= close).is_some() {}
                tokens.push(token(&text[end..close], true, start..close + 1));
                continue;
            }
        }
        if first.is_alphanumeric() || first == '_' {
            while let Some(&(at, next)) = rest.peek() {
                let joins = matches!(next, '-' | '\'' | '’' | '.')
                    && text[at + next.len_utf8()..].starts_with(char::is_alphanumeric);
                if !(next.is_alphanumeric() || next == '_' || joins) {
                    break;
                }
                end = at + next.len_utf8();
                rest.next();
            }
            // "the customer's info": the owner and its mark are two.
            let word = &text[start..end];
            let owner = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
            if let Some(owner) = owner.filter(|owner| !owner.is_empty()) {
                let middle = start + owner.len();
                tokens.push(token(owner, false, start..middle));
                tokens.push(token(&text[middle..end], false, middle..end));
                continue;
            }
        }
        tokens.push(token(&text[start..end], false, start..end));
    }
    tokens
}

fn token(text: &str, is_code: bool, range: Range<usize>) -> Token {
    let text = text.trim();
    Token {
        lower: text.to_lowercase_smolstr(),
        text: SmolStr::new(text),
        tag: Tag::Noun,
        is_code,
        range,
    }
}

/// The text from a token on.
pub(super) fn behind<'t>(text: &'t str, tokens: &[Token], at: usize) -> &'t str {
    tokens.get(at).and_then(|token| text.get(token.range.start..)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: &Expect) {
        let tagged: Vec<String> =
            tag(text).iter().map(|token| format!("{}/{:?}", token.text, token.tag)).collect();
        expected.assert_eq(&tagged.join(" "));
    }

    #[test]
    fn forms_of_verbs() {
        for (word, verb) in [
            ("stores", "store"),
            ("storing", "store"),
            ("modified", "modify"),
            ("flagged", "flag"),
            ("passes", "pass"),
            ("has", "has"),
        ] {
            assert!(is_form_of(word, verb), "{word} of {verb}");
        }
        for verb in [lexicon::MANAGE, lexicon::KEEP, lexicon::VERBS].concat() {
            assert!(forms(verb).iter().all(|form| is_form_of(form, verb)), "{verb}");
        }
        for (word, verb) in [("store", "stop"), ("stored", "storage"), ("passenger", "pass")] {
            assert!(!is_form_of(word, verb), "{word} of {verb}");
        }
    }

    #[test]
    fn plain_sentences() {
        check(
            "An order contains at least one line.",
            &expect![
                "An/Determiner order/Noun contains/Verb at/Preposition least/Adverb one/Number line/Noun ./Punctuation"
            ],
        );
        check(
            "The system shall allow a business to create and manage multiple branches.",
            &expect![
                "The/Determiner system/Noun shall/Modal allow/Verb a/Determiner business/Noun to/Preposition create/Verb and/Conjunction manage/Verb multiple/Many branches/Noun ./Punctuation"
            ],
        );
        check(
            "indicating the customer's info",
            &expect!["indicating/Verb the/Determiner customer/Noun 's/Punctuation info/Noun"],
        );
        check(
            "mark a called ticket as `no-show`",
            &expect![
                "mark/Verb a/Determiner called/Adjective ticket/Noun as/Preposition no-show/Noun"
            ],
        );
    }

    #[test]
    fn the_next_deed() {
        check(
            "The system shall update boats and send alerts.",
            &expect![
                "The/Determiner system/Noun shall/Modal update/Verb boats/Noun and/Conjunction send/Verb alerts/Noun ./Punctuation"
            ],
        );
        check(
            "a list of boats and view counts",
            &expect![
                "a/Determiner list/Noun of/Preposition boats/Noun and/Conjunction view/Noun counts/Noun"
            ],
        );
    }
}
