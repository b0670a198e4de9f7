//! Finding a quotation in documents: its words in their order, whatever the white space, the case
//! and the Markdown around them.

use std::ops::Range;

use indexmap::IndexMap;

/// One word or sign of a text, with its place there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// In lower case; a sign is a token of its own.
    pub(super) text: String,
    pub(super) range: Range<usize>,
}

impl Token {
    pub(super) fn is_word(&self) -> bool {
        self.text.chars().all(|c| c.is_alphanumeric() || c == '_')
    }
}

/// A document's tokens, with the places of each: a quotation is looked for where the rarest two of its
/// words stand beside each other, so that many quotations in a long document take no longer than
/// reading it.
#[derive(Debug)]
pub(super) struct Index {
    /// The places of the tokens in the text.
    ranges: Vec<Range<usize>>,
    /// The token at each place, by its number.
    numbers: Vec<u32>,
    /// The number of each text that a token has.
    known: IndexMap<String, u32>,
    /// All places, in the order of the two tokens that begin there, then of the text.
    by_pair: Vec<u32>,
}

impl Index {
    pub(super) fn new(text: &str) -> Self {
        let tokens = tokens(text);
        let mut known = IndexMap::new();
        let (mut numbers, mut ranges) = (Vec::new(), Vec::new());
        for token in tokens {
            let next =
                u32::try_from(known.len()).expect("invariant: a document has less than 4 GiB");
            numbers.push(*known.entry(token.text).or_insert(next));
            ranges.push(token.range);
        }
        let count =
            u32::try_from(numbers.len()).expect("invariant: a document has less than 4 GiB");
        let mut by_pair: Vec<u32> = (0..count).collect();
        by_pair.sort_unstable_by_key(|&at| (pair_at(&numbers, at), at));
        Self { ranges, numbers, known, by_pair }
    }

    /// The first place where the tokens of a quotation stand one after the other.
    pub(super) fn find(&self, quote: &[Token]) -> Option<Range<usize>> {
        let quote: Vec<u32> = quote
            .iter()
            .map(|token| self.known.get(&token.text).copied())
            .collect::<Option<_>>()?;
        let first = match quote[..] {
            [] => return None,
            [only] => *self.places((only, None), (only, Some(u32::MAX))).iter().min()? as usize,
            _ => {
                let places = quote.windows(2).enumerate().map(|(offset, pair)| {
                    let pair = (pair[0], Some(pair[1]));
                    (offset, self.places(pair, pair))
                });
                let (offset, rarest) = places.min_by_key(|(_, places)| places.len())?;
                rarest
                    .iter()
                    .filter_map(|&at| (at as usize).checked_sub(offset))
                    .find(|&first| self.stands_at(first, &quote))?
            }
        };
        let last = first + quote.len() - 1;
        Some(self.ranges[first].start..self.ranges[last].end)
    }

    /// The places where one of the pairs between two begins.
    fn places(&self, least: Pair, most: Pair) -> &[u32] {
        let pair = |at: &u32| pair_at(&self.numbers, *at);
        let from = self.by_pair.partition_point(|at| pair(at) < least);
        let length = self.by_pair[from..].partition_point(|at| pair(at) <= most);
        &self.by_pair[from..from + length]
    }

    fn stands_at(&self, first: usize, quote: &[u32]) -> bool {
        self.numbers.get(first..first + quote.len()).is_some_and(|there| there == quote)
    }

    /// Whether nothing but marks stands on the lines of a range beside it.
    pub(super) fn fills_its_lines(&self, text: &str, range: &Range<usize>) -> bool {
        let before = self.ranges.partition_point(|token| token.end <= range.start);
        let after = self.ranges.partition_point(|token| token.start < range.end);
        let apart = |from: usize, to: usize| text[from..to].contains('\n');
        before.checked_sub(1).is_none_or(|at| apart(self.ranges[at].end, range.start))
            && self.ranges.get(after).is_none_or(|it| apart(range.end, it.start))
    }
}

/// A token and the one behind it, by their numbers; the last token has none.
type Pair = (u32, Option<u32>);

fn pair_at(numbers: &[u32], at: u32) -> Pair {
    let at = at as usize;
    (numbers[at], numbers.get(at + 1).copied())
}

/// The tokens of a quotation, without the full stops and commas around it that a writer adds.
pub(super) fn quoted(text: &str) -> Vec<Token> {
    let mut tokens = tokens(text);
    let is_edge = |token: &Token| matches!(&*token.text, "." | "," | ";" | ":" | "\"" | "'" | "…");
    while tokens.last().is_some_and(is_edge) {
        tokens.pop();
    }
    let edge = tokens.iter().take_while(|token| is_edge(token)).count();
    tokens.drain(..edge);
    tokens
}

/// Divides a text into words and signs. The marks of Markdown and HTML are none.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut line_begins = true;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        let next = at + character.len_utf8();
        if character == '\n' {
            line_begins = true;
            at = next;
            continue;
        }
        if line_begins && !character.is_whitespace() {
            if let Some(length) = line_mark(rest) {
                at += length;
                continue;
            }
            line_begins = false;
        }
        if let Some(length) = hidden(text, at) {
            at += length;
            continue;
        }
        if is_part_of_word(text, at, character) {
            let length = rest
                .char_indices()
                .find(|&(offset, c)| !is_part_of_word(text, at + offset, c))
                .map_or(rest.len(), |(offset, _)| offset);
            let word = rest[..length].chars().filter(|c| !is_invisible(*c));
            let word: String = word.flat_map(char::to_lowercase).collect();
            tokens.push(Token { text: word, range: at..at + length });
            at += length;
            continue;
        }
        if !character.is_whitespace() && !is_invisible(character) && !is_mark(character) {
            tokens.push(Token { text: plain(character).to_owned(), range: at..next });
            if tokens.last().is_some_and(|token| token.text.is_empty()) {
                let sign = character.to_string();
                tokens.last_mut().expect("invariant: just pushed").text = sign;
            }
        }
        at = next;
    }
    tokens
}

fn is_part_of_word(text: &str, at: usize, character: char) -> bool {
    if character.is_alphanumeric() {
        return true;
    }
    if is_invisible(character) {
        return text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    }
    // `_` joins words; elsewhere it is emphasis.
    character == '_' && {
        let before = text[..at].chars().next_back();
        let after = text[at + 1..].chars().next();
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        joins(before) && joins(after)
    }
}

/// Soft hyphens and characters without width.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// What sets text off and says nothing.
fn is_mark(character: char) -> bool {
    matches!(character, '*' | '_' | '`' | '|' | '#' | '~' | '[' | ']' | '\\')
}

/// The same sign on every keyboard; empty where a character has no other form.
fn plain(character: char) -> &'static str {
    match character {
        '‘' | '’' | '‚' | '′' => "'",
        '“' | '”' | '„' | '″' | '«' | '»' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '⇒' | '⟶' | '➔' | '➜' => "→",
        _ => "",
    }
}

/// The length of a mark that begins a line: a quotation's bar, a heading's signs, a list's bullet or
/// number, a table's line of dashes.
fn line_mark(rest: &str) -> Option<usize> {
    let first = rest.chars().next()?;
    if first == '>' {
        return Some(1);
    }
    let line = rest.split('\n').next().unwrap_or(rest);
    if line.contains("--") && line.chars().all(|c| c.is_whitespace() || "|:-".contains(c)) {
        return Some(line.len());
    }
    let number = rest.chars().take_while(char::is_ascii_digit).count();
    let length = match first {
        '-' | '*' | '+' | '•' => first.len_utf8(),
        _ if (1..=9).contains(&number) && rest[number..].starts_with(['.', ')']) => number + 1,
        _ => return None,
    };
    rest[length..].starts_with(char::is_whitespace).then_some(length)
}

/// The length of what stands in the text and is not shown: the target of a link, a line break, a
/// comment.
fn hidden(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with("](") {
        let line = rest.split('\n').next().unwrap_or(rest);
        return line.find(')').map(|end| end + 1);
    }
    for mark in ["&nbsp;", "<br>", "<br/>", "<br />", "<b>", "</b>", "<i>", "</i>"] {
        if rest.get(..mark.len()).is_some_and(|there| there.eq_ignore_ascii_case(mark)) {
            return Some(mark.len());
        }
    }
    if rest.starts_with("<!--") {
        return rest.find("-->").map(|end| end + 3);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn found<'t>(text: &'t str, quote: &str) -> Option<&'t str> {
        Index::new(text).find(&quoted(quote)).map(|range| &text[range])
    }

    #[test]
    fn white_space_case_and_marks_make_no_difference() {
        let text =
            "Intro.\r\n\r\n> **Each** [order](x.md#a) has\r\n> one\u{a0}`total`, _always_.\r\n";
        let shown = "Each** [order](x.md#a) has\r\n> one\u{a0}`total`, _always";
        assert_eq!(found(text, "each order has one total, always."), Some(shown));
        assert_eq!(found(text, "Each  order\nhas one *total*, always"), Some(shown));
        assert_eq!(found(text, "each order has a total"), None);
    }

    #[test]
    fn rows_of_tables_and_lists_are_quoted_with_or_without_their_marks() {
        let text = "| Field | Type |\n|---|---|\n| `total` | decimal(12,2) |\n| id | uuid |\n\n1. user_id - who\n2. **name**: text\n";
        let row = Some("total` | decimal(12,2) |\n| id");
        assert_eq!(found(text, "| total | decimal(12,2) |\n| id"), row);
        assert_eq!(found(text, "total decimal(12,2) id"), row);
        assert_eq!(found(text, "Field | Type |\n|---|---|\n| total").map(str::len), Some(33));
        assert_eq!(found(text, "- user_id – who\n- name: text").map(str::len), Some(31));
        assert_eq!(found(text, "user id - who"), None);
    }

    #[test]
    fn words_are_whole_and_signs_count() {
        assert_eq!(found("Reorders are kept", "orders are kept"), None);
        assert_eq!(found("total >= 0 always", "total <= 0 always"), None);
        assert_eq!(
            found("the customer’s e\u{ad}mail", "the customer's email").map(str::len),
            Some(24)
        );
    }

    #[test]
    fn the_first_of_several_places_is_taken() {
        let text = "an order is paid\nan order is paid\n";
        assert_eq!(Index::new(text).find(&quoted("order is paid")), Some(3..16));
        assert_eq!(Index::new(text).find(&quoted("paid an order")), Some(12..25));
        assert_eq!(Index::new(text).find(&quoted("order")), Some(3..8));
        assert_eq!(Index::new(text).find(&quoted("paid")), Some(12..16));
        assert_eq!(Index::new(text).find(&quoted("is paid is")), None);
        assert_eq!(Index::new("").find(&quoted("a")), None);
        assert_eq!(Index::new("a b").find(&quoted("...")), None);
    }
}
