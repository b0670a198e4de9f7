//! A statement of which some part is in no dialect: the part is left out, the rest is read.

use std::ops::Range;

use sqlparser::ast::Statement;

/// What was left out of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Omission {
    /// Its place in the statement.
    pub(crate) range: Range<usize>,
    /// What the parser said.
    pub(crate) complaint: String,
}

/// Words of storage that change nothing of the data; some dialects lack them.
const STORAGE_WORDS: &[&str] = &[
    "clustered",
    "nonclustered",
    "zerofill",
    "rowguidcol",
    "sparse",
    "only",
    "fulltext",
    "spatial",
];

/// Longer elements are taken or left as a whole: each cut of one costs a parse.
const LONGEST_ELEMENT: usize = 2000;

/// Parses a statement; where no dialect accepts it, parses what remains without the parts that are
/// wrong. Each part is blanked out, so that all places stay what they are.
pub(crate) fn parse_leniently(text: &str) -> Result<(Statement, Vec<Omission>), String> {
    let complaint = match super::parse(text) {
        Ok(statement) => return Ok((statement, Vec::new())),
        Err(complaint) => complaint,
    };
    let mut text = text.to_owned();
    for range in storage_words(&text) {
        blank(&mut text, range);
    }
    if let Ok(statement) = super::parse(&text) {
        return Ok((statement, Vec::new()));
    }
    let words: Vec<String> = text.split_whitespace().take(4).map(str::to_ascii_lowercase).collect();
    let is_table = words.first().is_some_and(|word| word == "create")
        && words.iter().any(|word| word.split('(').next() == Some("table"));
    let Some((open, close)) = is_table.then(|| body(&text)).flatten() else {
        return Err(complaint);
    };
    let mut omissions = Vec::new();
    let mut kept = 0;
    // Commas that separate nothing any more go with what they separated.
    let elements = elements(&text, open + 1, close);
    let mut last_comma = None;
    for element in &elements {
        let content = &text[element.clone()];
        let words = without_comments(content);
        let left_out = if words.chars().all(|c| matches!(c, '.' | '…' | ' ')) {
            Some(element.clone())
        } else if let Err(complaint) = parse_element(content) {
            let cut = cut_of(content);
            let range = element.start + cut.unwrap_or(0)..element.end;
            let start =
                range.start + (text[range.clone()].len() - text[range.clone()].trim_start().len());
            omissions.push(Omission { range: start..element.end, complaint });
            blank(&mut text, start..element.end);
            cut.is_none().then(|| element.clone())
        } else {
            None
        };
        match left_out {
            Some(range) => {
                blank(&mut text, range.clone());
                // The comma after it, or at the end the one before it.
                if text.as_bytes().get(range.end) == Some(&b',') {
                    blank(&mut text, range.end..range.end + 1);
                } else if let Some(comma) = last_comma {
                    blank(&mut text, comma..comma + 1);
                }
            }
            None => {
                kept += 1;
                last_comma = Some(element.end);
            }
        }
    }
    if kept == 0 {
        return Err(complaint);
    }
    let tail = close + 1..text.len();
    match super::parse(&text) {
        Ok(statement) => Ok((statement, omissions)),
        Err(complaint) => {
            // What follows the columns is about storage.
            if !text[tail.clone()].trim().is_empty() {
                blank(&mut text, tail);
                if let Ok(statement) = super::parse(&text) {
                    return Ok((statement, omissions));
                }
            }
            Err(complaint)
        }
    }
}

/// Replaces every character but line breaks by spaces of the same length.
fn blank(text: &mut String, range: Range<usize>) {
    let spaces: String =
        text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &spaces);
}

/// The places of words that say nothing of the data: those of [`STORAGE_WORDS`], `FOREIGN KEY` before
/// `REFERENCES` in a column, `ON CONFLICT` with its answer.
fn storage_words(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    for_each_token(text, 0..text.len(), |range| {
        tokens.push(range);
        true
    });
    let is = |index: usize, word: &str| {
        tokens.get(index).is_some_and(|it| text[it.clone()].eq_ignore_ascii_case(word))
    };
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let count = if STORAGE_WORDS.iter().any(|word| is(index, word)) {
            1
        } else if is(index, "foreign") && is(index + 1, "key") && is(index + 2, "references") {
            2
        } else if is(index, "on") && is(index + 1, "conflict") {
            3
        } else {
            continue;
        };
        let last = tokens.get(index + count - 1).unwrap_or(token);
        found.push(token.start..last.end);
    }
    found
}

/// Calls `take` with each word, quoted string and single mark outside comments, until it says no.
fn for_each_token(text: &str, within: Range<usize>, mut take: impl FnMut(Range<usize>) -> bool) {
    let mut at = within.start;
    while at < within.end {
        let rest = &text[at..within.end];
        let Some(first) = rest.chars().next() else { return };
        let length = if rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
            continue;
        } else if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if matches!(first, '\'' | '"' | '`') {
            rest[1..].find(first).map_or(rest.len(), |end| end + 2)
        } else if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        if !take(at..at + length) {
            return;
        }
        at += length;
    }
}

/// The brackets around the columns of a table.
fn body(text: &str) -> Option<(usize, usize)> {
    let (mut open, mut close, mut depth) = (None, None, 0_usize);
    for_each_token(text, 0..text.len(), |range| {
        match &text[range.clone()] {
            "(" => {
                open.get_or_insert(range.start);
                depth += 1;
            }
            ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && open.is_some() {
                    close = Some(range.start);
                    return false;
                }
            }
            _ => {}
        }
        true
    });
    open.zip(close)
}

/// What stands between the commas of the body.
fn elements(text: &str, start: usize, end: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut from, mut depth) = (start, 0_usize);
    for_each_token(text, start..end, |range| {
        match &text[range.clone()] {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                found.push(from..range.start);
                from = range.end;
            }
            _ => {}
        }
        true
    });
    found.push(from..end);
    found
}

fn without_comments(text: &str) -> String {
    let mut words = Vec::new();
    for_each_token(text, 0..text.len(), |range| {
        words.push(text[range].to_owned());
        true
    });
    words.join(" ")
}

fn parse_element(element: &str) -> Result<(), String> {
    // The line break ends a comment at the end of the element.
    super::in_any_dialect(&format!("({element}\n)"), |parser| {
        let (columns, constraints) = parser.parse_columns()?;
        Ok((!columns.iter().any(super::is_index) || !constraints.is_empty()).then_some(()))
    })
}

/// Where the longest beginning of a column ends that can be read: at least its name and type.
fn cut_of(element: &str) -> Option<usize> {
    if element.len() > LONGEST_ELEMENT {
        return None;
    }
    let (mut ends, mut depth) = (Vec::new(), 0_usize);
    for_each_token(element, 0..element.len(), |range| {
        match &element[range.clone()] {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            ends.push(range.end);
        }
        true
    });
    let first = element.split_whitespace().next()?.to_ascii_lowercase();
    let is_constraint = matches!(
        first.split('(').next(),
        Some(
            "constraint"
                | "primary"
                | "foreign"
                | "unique"
                | "check"
                | "exclude"
                | "index"
                | "like"
        )
    );
    if is_constraint || ends.len() < 3 {
        return None;
    }
    ends[1..ends.len() - 1]
        .iter()
        .rev()
        .take(40)
        .copied()
        .find(|&end| parse_element(&element[..end]).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, omitted: &[&str]) {
        let (statement, omissions) = parse_leniently(text).unwrap();
        assert_eq!(statement.to_string(), expected);
        let left: Vec<&str> = omissions.iter().map(|it| &text[it.range.clone()]).collect();
        assert_eq!(left, omitted);
    }

    #[test]
    fn what_is_wrong_is_left_out_alone() {
        check(
            "CREATE TABLE a (\n  id int PRIMARY KEY,\n  b !! text,\n  c text, -- last\n)",
            "CREATE TABLE a (id INT PRIMARY KEY, c TEXT)",
            &["b !! text"],
        );
        check("CREATE TABLE a (id int, ...)", "CREATE TABLE a (id INT)", &[]);
        check(
            "CREATE TABLE a (id int WEIRD 5, d int)",
            "CREATE TABLE a (id INT, d INT)",
            &["WEIRD 5"],
        );
        check("CREATE TABLE a (id int, , b int)", "CREATE TABLE a (id INT, b INT)", &[]);
        check("CREATE TABLE a (id int,) TABLET 5", "CREATE TABLE a (id INT)", &[]);
    }

    #[test]
    fn nothing_is_made_of_what_is_no_table() {
        assert!(parse_leniently("CREATE TABLE a (!!)").is_err());
        assert!(parse_leniently("CREATE TABLE a (id int").is_err());
        assert!(parse_leniently("CREATE NONSENSE a").is_err());
    }
}
