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
            let short = || (count == 1 && at > 0).then(|| in_short(words, at, out))?;
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

/// The one entity whose name a noun ends: "materials" where raw materials are kept, "the latest reading" of a meter
/// reading, and "price of a zone" where zones have no price of their own and zone prices are kept.
fn in_short<'o>(words: &[Word<'_>], at: usize, out: &'o Output) -> Option<&'o str> {
    let word = words[at].lower.as_str();
    // "Menu items" are no inventory items.
    let is_any = matches!(word, "items" | "types" | "records" | "entries");
    if is_any || word.len() < 5 || super::vocabulary::is_many(word) {
        return None;
    }
    let entity = out.known.ending_with(words[at].text)?;
    let parts = crate::words::name_words(entity);
    let (last, front) = parts.split_last().filter(|(_, front)| !front.is_empty())?;
    if crate::words::fold(last) != crate::words::fold(word) {
        return None;
    }
    let front = front.join(" ");
    let is_plural = word.ends_with('s') && !word.ends_with("ss");
    let newest = || super::vocabulary::is_newest(&words[at - 1].lower);
    let is_of_front = || {
        let next = words.get(at + 1).is_some_and(|next| next.lower == "of");
        let owner = out.known.get(&front).filter(|owner| out.field(owner, word).is_none());
        let is_named = |owner: &str| {
            let folded = crate::words::fold(owner);
            words[at + 1..].iter().take(4).any(|it| crate::words::fold(&it.lower) == folded)
        };
        words[at].mark == ' ' && next && owner.is_some_and(is_named)
    };
    let is_noun = (is_plural || newest()) && !crate::prose::is_property_noun(word);
    (is_noun || is_of_front()).then_some(entity)
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

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn the_last_word_of_a_name_stands_for_it_where_it_can_mean_nothing_else() {
        check(
            "# Zone\n| Field | Type |\n|-|-|\n| code | text |\n# Zone price\n| Field | Type |\n|-|-|\n| zone_id | uuid |\n| price | int |\n# Meter\n| Field | Type |\n|-|-|\n| reading | int |\n# Meter reading\n| Field | Type |\n|-|-|\n| meter_id | uuid |\n\n## Queries\n\n- Price of a zone, 5/s\n- Price of a meter, 5/s\n- Latest reading of a meter, 5/s\n- Reading of a meter, 5/s\n- The 5 most recent readings of a meter, 5/s\n",
            &expect![[r#"
                1 field-table  entity Zone
                4 field-table  field Zone.code text
                5 field-table  entity Zone price
                8 field-table  field Zone price.zone_id uuid
                9 field-table  field Zone price.price int
                10 field-table  entity Meter
                13 field-table  field Meter.reading int
                14 field-table  entity Meter reading
                17 field-table  field Meter reading.meter_id uuid
                21 query-list  read "Price of a zone" of Zone price by zone = ? at 5/s (5/s) [inferred: a list of queries names it]
                23 query-list  read "Latest reading of a meter" of Meter reading by meter = ? sorted time desc at 5/s (5/s) [inferred: a list of queries names it]
                24 query-list  read "Reading of a meter" of Meter by id = ? at 5/s (5/s) [inferred: a list of queries names it]
                25 query-list  read "The 5 most recent readings of a meter" of Meter reading by meter = ? sorted time desc limit 5 at 5/s (5/s) [inferred: a list of queries names it]
                22 R011 `Price of a meter, 5/s` stands among queries and was not understood as one; nothing is built for it
            "#]],
        );
    }
}
