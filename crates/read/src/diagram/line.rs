//! A line between two boxes of a class or entity diagram.

use std::ops::Range;

use crate::notation::{End, feet};
use crate::words::{lower_words, unquote};
use smol_str::SmolStr;

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Association,
    /// `from` is the whole, `to` its part.
    Whole,
    /// `from` extends `to`.
    Extends,
    /// A dotted arrow: one uses the other and keeps nothing of it.
    Uses,
}

/// A line.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) from: String,
    pub(crate) from_end: End,
    pub(crate) to: String,
    pub(crate) to_end: End,
    /// Whether both ends have numbers, or one has and the other follows.
    pub(crate) is_counted: bool,
    pub(crate) shape: Shape,
    pub(crate) label: Option<String>,
    pub(crate) at: Range<usize>,
}

impl Line {
    /// `Order "1" *-- "1..*" Line : has`, `User ||--o{ Order`.
    pub(crate) fn read(text: &str, at: &Range<usize>) -> Option<Self> {
        let shaft = shaft(text)?;
        let (left, arrow, right) = (&text[..shaft.start], &text[shaft.clone()], &text[shaft.end..]);
        let (right, label) = match split_label(right) {
            Some((right, label)) => (right, Some(unquote(label.trim()).to_owned())),
            None => (right, None),
        };
        let (from, from_count) = end_of(left, false)?;
        let (to, to_count) = end_of(right, true)?;
        let (left_mark, right_mark) = marks(arrow);
        let is_dotted = arrow.contains("..");
        let mut line = Self {
            from,
            from_end: End { many: false, required: None },
            to,
            to_end: End { many: false, required: None },
            is_counted: false,
            shape: Shape::Association,
            label: label.filter(|label| !label.trim_matches(['<', '>', ' ']).is_empty()),
            at: at.clone(),
        };
        let mut ends = [from_count.and_then(count), to_count.and_then(count)];
        if let (Some(left), Some(right)) = (feet_of(left_mark), feet_of(right_mark)) {
            ends = [Some(left), Some(right)];
        }
        let is_extension = |mark: &str| matches!(mark, "<|" | "|>" | "^");
        if is_extension(left_mark) || is_extension(right_mark) {
            line.shape = Shape::Extends;
            if is_extension(left_mark) {
                line.swap();
            }
            return Some(line);
        }
        if is_dotted && ends == [None, None] {
            line.shape = Shape::Uses;
            return Some(line);
        }
        let whole = |mark: &str| matches!(mark, "*" | "o" | "+");
        if whole(left_mark) || whole(right_mark) {
            line.shape = Shape::Whole;
            if whole(right_mark) && !whole(left_mark) {
                line.swap();
                ends.swap(0, 1);
            }
            let owns = left_mark == "*" || right_mark == "*";
            line.from_end = ends[0].unwrap_or(End { many: false, required: owns.then_some(true) });
            line.to_end = ends[1].unwrap_or(End { many: true, required: None });
            line.is_counted = true;
            return Some(line);
        }
        line.is_counted = ends != [None, None];
        // One number says the other where that is "many"; an arrow to "one" comes from many.
        let (many, one) = (End { many: true, required: None }, End { many: false, required: None });
        let points = |mark: &str| mark.contains(['<', '>']);
        (line.from_end, line.to_end) = match ends {
            [Some(left), Some(right)] => (left, right),
            [Some(left), None] if !left.many && points(left_mark) => (left, many),
            [Some(left), None] => (left, if left.many { one } else { many }),
            [None, Some(right)] if !right.many && points(right_mark) => (many, right),
            [None, Some(right)] => (if right.many { one } else { many }, right),
            [None, None] => (one, one),
        };
        // An arrow leads from what knows the other to what it knows, and so does a reference: "Order --> User : placed by".
        let leads_right = points(right_mark) && !points(left_mark);
        if !line.is_counted && leads_right && !line.label.as_deref().is_some_and(is_deed) {
            line.swap();
        }
        Some(line)
    }

    fn swap(&mut self) {
        std::mem::swap(&mut self.from, &mut self.to);
        std::mem::swap(&mut self.from_end, &mut self.to_end);
    }
}

/// Whether a label tells what the first does with the second, or that it has it: "Customer --> Order : places". Then the
/// arrow is that of the verb, and the second is the first's.
fn is_deed(label: &str) -> bool {
    const REFERRING: &[&str] =
        &["belongs", "refers", "references", "points", "uses", "knows", "is", "was", "needs"];
    // "depends on", "belongs to": what the verb leads to is what the first refers to.
    const LEADING: &[&str] = &["to", "by", "on", "for", "of", "in", "from", "at"];
    let words = lower_words(label);
    let Some(first) = words.first().map(SmolStr::as_str) else { return false };
    let is_verb = first.ends_with('s') && !first.ends_with("ss")
        || matches!(first, "has" | "have" | "own" | "contain");
    let leads = words.last().is_some_and(|last| LEADING.contains(&last.as_str()));
    is_verb && !leads && !REFERRING.contains(&first)
}

/// The arrow: two dashes or dots outside quotation marks, with its heads; in PlantUML also one dash
/// with a head, and a direction in it.
fn shaft(text: &str) -> Option<Range<usize>> {
    let mut quoted = false;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => quoted = !quoted,
            b':' if !quoted => return None,
            mark @ (b'-' | b'.') if !quoted => {
                let rest = &text[at..];
                let length = rest.len() - rest.trim_start_matches(char::from(mark)).len();
                let tail = &rest[length..];
                // `-up->`, `-[#red]->`
                let inner = tail
                    .find(|c: char| !(c.is_alphanumeric() || matches!(c, '[' | ']' | '#' | ',')))
                    .filter(|&end| end > 0 && tail[end..].starts_with(char::from(mark)));
                let end = match inner {
                    Some(end) => {
                        let after = &tail[end..];
                        let more = after.len() - after.trim_start_matches(char::from(mark)).len();
                        at + length + end + more
                    }
                    None => at + length,
                };
                let start = at - head_before(&text[..at]);
                let end = end + head_after(&text[end..]);
                let has_head = start < at || end > at + length;
                if length > 1 || inner.is_some() || has_head && mark == b'-' {
                    return Some(start..end);
                }
                at += length;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

const HEADS: &[&str] = &[
    "<|", "|>", "||", "|o", "o|", "}o", "o{", "}|", "|{", "<", ">", "*", "o", "+", "^", "#", "x",
    "}", "{",
];

fn head_before(text: &str) -> usize {
    let found = HEADS.iter().find(|head| text.ends_with(**head));
    found
        .filter(|head| {
            apart(
                head,
                text.len().checked_sub(head.len()).and_then(|at| text[..at].chars().next_back()),
            )
        })
        .map_or(0, |head| head.len())
}

fn head_after(text: &str) -> usize {
    let found = HEADS.iter().find(|head| text.starts_with(**head));
    found.filter(|head| apart(head, text[head.len()..].chars().next())).map_or(0, |head| head.len())
}

/// A letter is a head only where it is no part of a name.
fn apart(head: &str, beside: Option<char>) -> bool {
    !matches!(head, "o" | "x") || beside.is_none_or(|c| !c.is_alphanumeric() && c != '_')
}

fn marks(arrow: &str) -> (&str, &str) {
    let first = arrow.find(['-', '.']).unwrap_or(0);
    let last = arrow.rfind(['-', '.']).map_or(arrow.len(), |at| at + 1);
    (&arrow[..first], &arrow[last..])
}

fn feet_of(mark: &str) -> Option<End> {
    match mark {
        "}" | "{" => Some(End { many: true, required: None }),
        mark => feet(mark),
    }
}

/// The name and the number at one end.
fn end_of(text: &str, is_right: bool) -> Option<(String, Option<&str>)> {
    let text = text.trim();
    let (name, count) = if is_right {
        match text.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
            Some((count, name)) if !name.trim().is_empty() => (name.trim(), Some(count)),
            _ => (text, None),
        }
    } else {
        match text.strip_suffix('"').and_then(|rest| rest.rsplit_once('"')) {
            Some((name, count)) if !name.trim().is_empty() => (name.trim(), Some(count)),
            _ => (text, None),
        }
    };
    let name = name.split(":::").next().unwrap_or(name);
    let name = name.split(['~', '<']).next().unwrap_or(name);
    let name = unquote(name.trim());
    // `User::id` names a member.
    let name = name.split("::").next().unwrap_or(name).trim_matches('`').trim();
    let is_name = !name.is_empty()
        && name.split_whitespace().count() <= 3
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ' ' | '$'))
        && name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    is_name.then(|| (name.to_owned(), count))
}

fn count(text: &str) -> Option<End> {
    let text = text.trim().to_lowercase();
    let text = text.split_whitespace().next().unwrap_or_default();
    let end = |many, required| Some(End { many, required });
    match text {
        "1" | "one" | "1..1" => end(false, Some(true)),
        "0..1" | "0,1" | "zero..one" => end(false, Some(false)),
        "*" | "0..*" | "0..n" | "0..m" | "0,n" => end(true, Some(false)),
        "1..*" | "1..n" | "1..m" | "1,n" | "1+" => end(true, Some(true)),
        "many" | "n" | "m" => end(true, None),
        _ => {
            let (low, high) = text.split_once("..").unwrap_or((text, text));
            let (low, high) = (low.parse::<u32>().ok()?, high.parse::<u32>().ok()?);
            end(high > 1, Some(low > 0))
        }
    }
}

fn split_label(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ':' if !quoted && !text[at..].starts_with("::") && !text[..at].ends_with(':') => {
                return Some((&text[..at], &text[at + 1..]));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let Some(line) = Line::read(text, &(0..1)) else { return "-".to_owned() };
        let end = |end: End| {
            let many = if end.many { "N" } else { "1" };
            match end.required {
                Some(true) => format!("{many}!"),
                Some(false) => format!("{many}?"),
                None => many.to_owned(),
            }
        };
        format!(
            "{} {} {:?} {} {} {}",
            line.from,
            end(line.from_end),
            line.shape,
            end(line.to_end),
            line.to,
            line.label.unwrap_or_default()
        )
        .trim()
        .to_owned()
    }

    #[test]
    fn lines_in_all_forms() {
        for (text, expected) in [
            ("A \"1\" --> \"0..*\" B : has", "A 1! Association N? B has"),
            ("A *-- B", "A 1! Whole N B"),
            ("B --o A", "A 1 Whole N B"),
            ("Dog --|> Animal", "Dog 1 Extends 1 Animal"),
            ("Animal<|--Dog", "Dog 1 Extends 1 Animal"),
            ("A ..> B : uses", "A 1 Uses 1 B uses"),
            ("A --> \"1\" B", "A N Association 1! B"),
            ("A \"1\" o-up- \"many\" B", "A 1! Whole N B"),
            ("A ||--o{ B", "A 1! Association N? B"),
            ("A }o..|| B", "A N? Association 1! B"),
            ("Foo -[#red]-> \"*\" Bar", "Foo 1 Association N? Bar"),
            ("Audio--Video", "Audio 1 Association 1 Video"),
            ("A -> B", "B 1 Association 1 A"),
            ("A -> B : has", "A 1 Association 1 B has"),
            ("name: a--b", "-"),
            ("well-known words", "-"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
