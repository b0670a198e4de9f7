//! YAML as a tree that knows where each of its parts stands, so that a part can be pointed at and changed while the
//! rest of the text stays as it is.
//!
//! It takes the YAML that a model file needs. What it refuses (anchors, aliases, tags, several documents in one file,
//! one key twice) would make "the place of this value" ambiguous.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// Deeper nesting than any model has; a deeper file is refused before the parser recurses into it.
const DEEPEST: usize = 64;

/// A part of a YAML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it holds.
    pub value: Value,
    /// Where it stands: its own bytes, without indentation before and line breaks after it. Empty, behind the colon,
    /// for a value that is not written.
    pub range: Range<usize>,
    /// Whether it is written with brackets (`[a, b]`, `{a: b}`).
    pub flow: bool,
}

/// What a part holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A single value.
    Scalar {
        /// The text, without quotes and escapes.
        text: String,
        /// Whether it stands there without quotes, so that it may be a number, a truth value or nothing.
        plain: bool,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys with their values, in order.
    Mapping(Vec<(Node, Node)>),
}

/// Why a text is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with it.
    pub message: String,
    /// The byte at which that shows.
    pub at: usize,
    /// The byte at which the first of two stands, where one is too many.
    pub first: Option<usize>,
}

impl Node {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.pairs().iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// The keys and values; none where it is no mapping.
    pub fn pairs(&self) -> &[(Self, Self)] {
        if let Value::Mapping(pairs) = &self.value { pairs } else { &[] }
    }

    /// The items; none where it is no list.
    pub fn items(&self) -> &[Self] {
        if let Value::Sequence(items) = &self.value { items } else { &[] }
    }

    /// The text of a single value; none where it says that there is nothing (`null`, `~`, or no word at all).
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, plain: true }
                if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL") =>
            {
                None
            }
            Value::Scalar { text, .. } => Some(text),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// Whether it says that there is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Scalar { .. }) && self.text().is_none()
    }

    /// One form for all ways of writing the same: equal for two parts that mean the same. Empty for nothing.
    pub fn canonical(&self) -> String {
        match &self.value {
            Value::Scalar { .. } => self.text().map(|text| format!("{text:?}")).unwrap_or_default(),
            Value::Sequence(items) if items.is_empty() => String::new(),
            Value::Sequence(items) => {
                format!("[{}]", items.iter().map(Self::canonical).collect::<Vec<_>>().join(","))
            }
            Value::Mapping(pairs) => {
                // The order of keys says nothing, and a key without a value no more than a missing one.
                let sorted: BTreeMap<String, String> = pairs
                    .iter()
                    .map(|(key, value)| (key.canonical(), value.canonical()))
                    .filter(|(_, value)| !value.is_empty())
                    .collect();
                if sorted.is_empty() {
                    return String::new();
                }
                let parts: Vec<String> =
                    sorted.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
                format!("{{{}}}", parts.join(","))
            }
        }
    }
}

/// Parses a text; an empty one is an empty mapping.
pub fn parse(text: &str) -> Result<Node, Refusal> {
    parse_with(text, false)
}

/// Parses a text of others, in which the first of two values of a key counts.
pub(crate) fn parse_foreign(text: &str) -> Result<Node, Refusal> {
    parse_with(text, true)
}

fn parse_with(text: &str, keys_repeat: bool) -> Result<Node, Refusal> {
    if let Some(at) = too_deep(text) {
        return Err(refusal("it is nested too deeply", at));
    }
    let mut reader = Reader {
        text,
        offsets: Offsets::of(text),
        parser: Parser::new_from_str(text),
        keys_repeat,
    };
    let mut root = None;
    loop {
        let (event, range) = reader.next()?;
        match event {
            Event::StreamStart | Event::Nothing | Event::DocumentEnd => {}
            Event::DocumentStart(_) if root.is_some() => {
                return Err(refusal("a second document begins here (`---`)", range.start));
            }
            Event::DocumentStart(_) => {
                let (event, range) = reader.next()?;
                root = Some(reader.node(event, range)?);
            }
            Event::StreamEnd => break,
            Event::Alias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::SequenceEnd
            | Event::MappingStart(..)
            | Event::MappingEnd => return Err(refusal("a value was not expected", range.start)),
        }
    }
    Ok(root.unwrap_or(Node {
        value: Value::Mapping(Vec::new()),
        range: text.len()..text.len(),
        flow: false,
    }))
}

fn refusal(message: impl Into<String>, at: usize) -> Refusal {
    Refusal { message: message.into(), at, first: None }
}

/// The first byte at which the text is nested deeper than a model can be.
fn too_deep(text: &str) -> Option<usize> {
    let mut brackets = 0_usize;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - content.len();
        let dashes = content.split(' ').take_while(|word| matches!(*word, "-" | "?")).count();
        for character in content.chars() {
            match character {
                '[' | '{' => brackets += 1,
                ']' | '}' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
        }
        if indent > DEEPEST * 8 || dashes > DEEPEST || brackets > DEEPEST {
            return Some(start);
        }
        start += line.len();
    }
    None
}

/// From the parser's characters to bytes.
struct Offsets {
    bytes: Option<Vec<usize>>,
    len: usize,
}

impl Offsets {
    fn of(text: &str) -> Self {
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Self { bytes, len: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        match &self.bytes {
            Some(bytes) => bytes.get(character).copied().unwrap_or(self.len),
            None => character.min(self.len),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    offsets: Offsets,
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    /// Whether a key may stand in a mapping again.
    keys_repeat: bool,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Range<usize>), Refusal> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let start = self.offsets.byte(span.start.index());
                Ok((event, start..self.offsets.byte(span.end.index()).max(start)))
            }
            Some(Err(error)) => {
                // The parser names the place in characters of the line, which is what its marker's index counts.
                Err(refusal(error.info(), self.offsets.byte(error.marker().index())))
            }
            None => Ok((Event::StreamEnd, self.text.len()..self.text.len())),
        }
    }

    fn node(&mut self, event: Event<'t>, range: Range<usize>) -> Result<Node, Refusal> {
        let flow = matches!(self.text.as_bytes().get(range.start), Some(b'[' | b'{'));
        let (anchor, tagged) = match &event {
            Event::Scalar(_, _, anchor, tag) => (*anchor, tag.is_some()),
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor, tag.is_some())
            }
            Event::Alias(_)
            | Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => (0, false),
        };
        if anchor != 0 {
            return Err(refusal("an anchor (`&`) stands here: write the value out", range.start));
        }
        if tagged {
            return Err(refusal("a tag (`!`) stands here: write the value alone", range.start));
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let range = written(self.text, &range, style, text.is_empty());
                let plain = style == ScalarStyle::Plain;
                Ok(Node {
                    value: Value::Scalar { text: text.into_owned(), plain },
                    range,
                    flow: false,
                })
            }
            Event::SequenceStart(..) => self.sequence(range.start, flow),
            Event::MappingStart(..) => self.mapping(range.start, flow),
            Event::Alias(_) => {
                Err(refusal("an alias (`*`) stands here: write the value out", range.start))
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => Err(refusal("a value is missing", range.start)),
        }
    }

    fn sequence(&mut self, start: usize, flow: bool) -> Result<Node, Refusal> {
        let mut items: Vec<Node> = Vec::new();
        let end = loop {
            let (event, range) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                break if flow {
                    range.start + 1
                } else {
                    items.last().map_or(start, |it| it.range.end)
                };
            }
            let mut item = self.node(event, range)?;
            if item.range.is_empty() && !flow {
                let after = items.last().map_or(start, |it| it.range.end);
                let at = dash(self.text, after).map_or(after, |dash| dash + 1);
                item.range = at..at;
            }
            items.push(item);
        };
        Ok(Node { value: Value::Sequence(items), range: start..end.max(start), flow })
    }

    fn mapping(&mut self, start: usize, flow: bool) -> Result<Node, Refusal> {
        let mut pairs: Vec<(Node, Node)> = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let end = loop {
            let (event, range) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let last = pairs.last().map_or(start, |(_, value)| value.range.end);
                break if flow { range.start + 1 } else { last };
            }
            let key = self.node(event, range)?;
            let Value::Scalar { text, .. } = &key.value else {
                return Err(refusal("a key is a list or a mapping", key.range.start));
            };
            let first = seen.insert(text.clone(), key.range.start);
            if let Some(first) = first.filter(|_| !self.keys_repeat) {
                return Err(Refusal {
                    message: format!("the key `{text}` stands here for the second time"),
                    at: key.range.start,
                    first: Some(first),
                });
            }
            let (event, range) = self.next()?;
            let mut value = self.node(event, range)?;
            if value.range.is_empty() {
                let at = colon(self.text, key.range.end);
                value.range = at..at;
            }
            pairs.push((key, value));
        };
        let start = pairs.first().map_or(start, |(key, _)| start.min(key.range.start));
        Ok(Node { value: Value::Mapping(pairs), range: start..end.max(start), flow })
    }
}

/// The bytes of a scalar. The parser's own range ends late after quotes, and begins behind the sign of a block.
fn written(text: &str, range: &Range<usize>, style: ScalarStyle, empty: bool) -> Range<usize> {
    let bytes = text.as_bytes();
    let trimmed = range.start + text[range.clone()].trim_end().len();
    match style {
        ScalarStyle::Plain if empty => range.start..range.start,
        ScalarStyle::Plain => range.start..trimmed,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            let quote = bytes[range.start];
            let mut at = range.start + 1;
            while at < bytes.len() && bytes[at] != quote
                || quote == b'\'' && bytes.get(at + 1) == Some(&quote)
            {
                // Two single quotes are one inside, and a backslash escapes what follows.
                at += if matches!(bytes[at], b'\'' | b'\\') && bytes[at] == quote
                    || quote == b'"' && bytes[at] == b'\\'
                {
                    2
                } else {
                    1
                };
            }
            range.start..(at + 1).min(text.len())
        }
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let mut before = range.start.min(text.len());
            while let Some(at) = text[..before].rfind(['|', '>']) {
                let line = text[at + 1..].split('\n').next().unwrap_or_default();
                let rest =
                    line.trim_start_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
                if rest.trim().is_empty() || rest.trim_start().starts_with('#') {
                    return at..trimmed.max(at + 1);
                }
                before = at;
            }
            range.start..trimmed
        }
    }
}

/// The byte behind the colon of the key that ends at `from`.
pub fn colon(text: &str, from: usize) -> usize {
    text[from..].find(':').map_or(from, |at| from + at + 1)
}

/// The dash of the next item of a list written in lines, passing over comments.
pub fn dash(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        let content = line.trim_start();
        if content.starts_with('-') {
            return Some(at + line.len() - content.len());
        }
        let is_first = at == from;
        if !(content.is_empty() || content.starts_with('#') || is_first) {
            return None;
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each scalar with the text that its range holds.
    fn places(text: &str) -> Vec<(String, String)> {
        fn walk(node: &Node, text: &str, found: &mut Vec<(String, String)>) {
            match &node.value {
                Value::Scalar { text: value, .. } => {
                    found.push((value.clone(), text[node.range.clone()].to_owned()));
                }
                Value::Sequence(items) => items.iter().for_each(|it| walk(it, text, found)),
                Value::Mapping(pairs) => {
                    for (key, value) in pairs {
                        walk(key, text, found);
                        walk(value, text, found);
                    }
                }
            }
        }
        let mut found = Vec::new();
        walk(&parse(text).unwrap(), text, &mut found);
        found
    }

    #[test]
    fn every_part_knows_its_bytes() {
        let text = "# ä\na: 'ü x' # why\nb:\nc:\n- d\n-   \"e\\n\"\n- |\n  one\n  two\n\nf: [g, {h: i}] # x\r\nj: plain # c\n";
        let found = places(text);
        let expected = [
            ("a", "a"),
            ("ü x", "'ü x'"),
            ("b", "b"),
            ("", ""),
            ("c", "c"),
            ("d", "d"),
            ("e\n", "\"e\\n\""),
            ("one\ntwo\n", "|\n  one\n  two"),
            ("f", "f"),
            ("g", "g"),
            ("h", "h"),
            ("i", "i"),
            ("j", "j"),
            ("plain", "plain"),
        ];
        let expected: Vec<_> =
            expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(found, expected);
        let root = parse(text).unwrap();
        assert_eq!(&text[root.get("f").unwrap().range.clone()], "[g, {h: i}]");
    }

    #[test]
    fn what_has_no_single_place_is_refused() {
        let said = |text: &str| parse(text).unwrap_err();
        assert_eq!(said("a: 1\nb: 2\na: 3\n").first, Some(0));
        assert_eq!(said("a: 1\nb: 2\na: 3\n").at, 10);
        assert!(said("a: &x 1\nb: *x\n").message.contains("anchor"));
        assert!(said("a: !!str 1\n").message.contains("tag"));
        assert!(said("a: 1\n---\nb: 2\n").message.contains("second document"));
        assert!(said("a:\n\t- b\n").message.len() > 3);
        assert!(said(&"[".repeat(100_000)).message.contains("deeply"));
        assert_eq!(parse("").unwrap().pairs(), []);
        assert_eq!(parse("# only a comment\n").unwrap().canonical(), "");
    }

    #[test]
    fn the_same_in_other_words_is_the_same() {
        let same = |one: &str, other: &str| {
            assert_eq!(parse(one).unwrap().canonical(), parse(other).unwrap().canonical());
        };
        same("a: 'x'\nb: [1, 2]\n", "# c\nb:\n- 1\n- 2\nd: ~\na: x\n");
        assert_ne!(parse("a: x").unwrap().canonical(), parse("a: ''").unwrap().canonical());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-a:#\\[\\]{},'\"| \n\tä&*!?>]{0,60}") {
            if let Ok(root) = parse(&text) {
                prop_assert!(root.range.end <= text.len());
                let _ = places(&text);
            }
        }
    }
}
