//! A phrase as words with the marks after them, and the entities that it mentions.

use crate::notation::Output;

/// A word of a phrase.
#[derive(Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) lower: String,
    /// "customer's", "users'".
    pub(super) possessive: bool,
    /// Whether brackets open before it.
    pub(super) opens: bool,
    /// The mark after it: `,`, `/`, `)`, `:`, `-`, `.`; a space where there is none.
    pub(super) mark: char,
}

/// An entity in a phrase.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) name: String,
    pub(super) possessive: bool,
    pub(super) plural: bool,
}

pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut found: Vec<Word<'_>> = Vec::new();
    let mut at = 0;
    let mut opens = false;
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    while let Some(start) = text[at..].find(is_part).map(|offset| at + offset) {
        let between = &text[at..start];
        if let Some(last) = found.last_mut() {
            last.mark = mark(between);
        }
        opens |= between.contains('(');
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |offset| start + offset);
        let rest = &text[end..];
        let possessive = ["'s", "’s"].iter().find(|ending| {
            rest.strip_prefix(**ending).is_some_and(|after| !after.starts_with(is_part))
        });
        let word = &text[start..end];
        let plural_possessive =
            word.ends_with('s') && (rest.starts_with("' ") || rest.starts_with("’ "));
        found.push(Word {
            text: word,
            lower: word.to_lowercase(),
            possessive: possessive.is_some() || plural_possessive,
            opens,
            mark: ' ',
        });
        opens = false;
        at = end + possessive.map_or(0, |ending| ending.len());
    }
    if let Some(last) = found.last_mut() {
        last.mark = mark(&text[at..]);
    }
    found
}

fn mark(between: &str) -> char {
    if between.contains(')') {
        return ')';
    }
    if between.contains(['—', '–', '→']) || between.contains(" - ") {
        return '-';
    }
    between
        .chars()
        .find(|c| matches!(c, ',' | '/' | ':' | '.' | ';' | '&' | '+' | '-'))
        .unwrap_or(' ')
}

/// The entities in order; "order by" and "in order to" mention no order.
pub(super) fn mentions(words: &[Word<'_>], out: &Output) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let hit = (1..=3.min(words.len() - at)).rev().find_map(|count| {
            let run = &words[at..at + count];
            let broken = run[..count - 1]
                .iter()
                .any(|word| word.mark != ' ' && word.mark != '-' || word.possessive);
            let is_verb = count == 1 && is_idiom(words, at);
            if broken || is_verb {
                return None;
            }
            let text: Vec<&str> = run.iter().map(|word| word.text).collect();
            let text = text.join(" ");
            // "processing logs" are those of a TaskProcessingLog.
            let longer = || out.known.ending_with(&text).filter(|_| count > 1);
            // "the members", who are users.
            let role = || out.known.get("User").filter(|_| out.prose.is_role(&text));
            let short = || in_short(&text, out).filter(|_| count == 1 && at > 0);
            out.known
                .get(&text)
                .or_else(longer)
                .or_else(role)
                .or_else(short)
                .map(|name| (name.to_owned(), count))
        });
        match hit {
            Some((name, count)) => {
                let last = &words[at + count - 1];
                // "The order history" is of many.
                let is_many = words.get(at + count).is_some_and(|next| {
                    last.mark == ' ' && super::vocabulary::is_many(&next.lower)
                });
                let plural = !last.possessive
                    && (last.lower.ends_with('s') && !last.lower.ends_with("ss") || is_many);
                found.push(Mention {
                    start: at,
                    end: at + count,
                    name,
                    possessive: last.possessive,
                    plural,
                });
                at += count;
            }
            None => at += 1,
        }
    }
    found
}

/// The one entity whose name a noun in the plural ends: "materials" where raw materials are kept.
fn in_short<'o>(word: &str, out: &'o Output) -> Option<&'o str> {
    let is_plural = word.len() > 4 && word.ends_with('s') && !word.ends_with("ss");
    // "Menu items" are no inventory items.
    let is_any = matches!(word.to_lowercase().as_str(), "items" | "types" | "records" | "entries");
    let is_noun = is_plural && !is_any && !crate::prose::is_property_noun(&word.to_lowercase());
    let entity = out.known.ending_with(word).filter(|_| is_noun)?;
    let last = entity.rsplit([' ', '_']).next().filter(|last| last.len() < entity.len())?;
    let is_collection = super::vocabulary::is_many(&word.to_lowercase());
    (!is_collection && crate::words::fold(last) == crate::words::fold(word)).then_some(entity)
}

/// Whether the word is what a verb asks for, though it begins an idiom elsewhere: "get order by id", "find an order by
/// its number".
pub(super) fn is_asked_for(words: &[Word<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| words[before].lower.as_str());
    words[at].lower == "order"
        && (super::vocabulary::reads(before)
            || matches!(before, "a" | "an" | "the" | "one" | "single" | "my"))
}

fn is_idiom(words: &[Word<'_>], at: usize) -> bool {
    let word = words[at].lower.as_str();
    let next = words.get(at + 1).map_or("", |word| word.lower.as_str());
    let before = at.checked_sub(1).map_or("", |before| words[before].lower.as_str());
    match word {
        "order" | "sort" | "group" => next == "by" && !is_asked_for(words, at) || before == "in",
        // What begins a phrase is its verb.
        _ => at == 0 && words.len() > 1 && super::vocabulary::reads(word),
    }
}
