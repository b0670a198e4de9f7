//! Code as a sequence of words, texts and signs with their places; comments stand apart.

use std::ops::Range;

use crate::words::unquote;

/// What marks comments and texts in a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `// …`, `/* … */`; texts in `"`, `'` and backticks.
    Slash,
    /// As `Slash`, but `'a` may also be a lifetime.
    Rust,
    /// `# …`; texts also in triple quotation marks.
    Hash,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Word,
    Number,
    /// A quoted text, with its quotation marks.
    Text,
    Sign,
    /// The end of a line.
    Line,
}

#[derive(Debug, Clone)]
pub(crate) struct Token<'c> {
    pub(crate) kind: Kind,
    pub(crate) text: &'c str,
    pub(crate) at: Range<usize>,
}

#[derive(Debug, Clone)]
struct Comment<'c> {
    text: &'c str,
    at: Range<usize>,
    /// Whether nothing but white space stands before it on its line.
    alone: bool,
}

/// The tokens of a code block.
#[derive(Debug)]
pub(crate) struct Tokens<'c> {
    pub(crate) code: &'c str,
    list: Vec<Token<'c>>,
    comments: Vec<Comment<'c>>,
    /// For each opening bracket the place of the one that closes it.
    closes: Vec<usize>,
}

/// Brackets within brackets, beyond which code is not read.
const DEEPEST: usize = 100;

const SIGNS: &[&str] = &["=>", "->", "::", "?.", "??", "==", "!=", "<=", ">=", "&&", "||", "..."];

impl<'c> Tokens<'c> {
    pub(crate) fn scan(code: &'c str, style: Style) -> Self {
        let mut scanned = Self { code, list: Vec::new(), comments: Vec::new(), closes: Vec::new() };
        let mut at = 0;
        let mut line_has_token = false;
        while let Some(character) = code[at..].chars().next() {
            let rest = &code[at..];
            let start = at;
            if character == '\n' {
                at += 1;
                scanned.push(Kind::Line, start..at);
                line_has_token = false;
                continue;
            }
            if character.is_whitespace() {
                at += character.len_utf8();
                continue;
            }
            if let Some((length, text)) = comment(rest, style) {
                at += length;
                let alone = !line_has_token;
                scanned.comments.push(Comment { text, at: start..at, alone });
                continue;
            }
            line_has_token = true;
            if character.is_alphabetic() || matches!(character, '_' | '$') {
                at += rest
                    .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')))
                    .unwrap_or(rest.len());
                scanned.push(Kind::Word, start..at);
            } else if character.is_ascii_digit() {
                at += rest
                    .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
                    .unwrap_or(rest.len());
                scanned.push(Kind::Number, start..at);
            } else if let Some(length) = text_length(rest, style) {
                at += length;
                scanned.push(Kind::Text, start..at);
            } else {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                at += sign.map_or(character.len_utf8(), |sign| sign.len());
                scanned.push(Kind::Sign, start..at);
            }
        }
        scanned.pair();
        scanned
    }

    fn push(&mut self, kind: Kind, at: Range<usize>) {
        self.list.push(Token { kind, text: &self.code[at.clone()], at });
    }

    fn pair(&mut self) {
        self.closes = vec![self.list.len(); self.list.len()];
        let mut open: Vec<usize> = Vec::new();
        let mut deepest = 0;
        for (index, token) in self.list.iter().enumerate() {
            match token.text {
                "(" | "[" | "{" => {
                    open.push(index);
                    deepest = deepest.max(open.len());
                }
                ")" | "]" | "}" => {
                    // A bracket that nothing closes ends where the one around it ends.
                    let wanted = match token.text {
                        ")" => "(",
                        "]" => "[",
                        _ => "{",
                    };
                    if let Some(depth) = open.iter().rposition(|&at| self.list[at].text == wanted) {
                        for at in open.drain(depth..) {
                            self.closes[at] = index;
                        }
                    }
                }
                _ => {}
            }
        }
        // Nobody writes such code; readers that follow its brackets would run out of stack.
        if deepest > DEEPEST {
            self.list.clear();
            self.closes.clear();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The text of a token; empty behind the last one.
    pub(crate) fn text(&self, index: usize) -> &'c str {
        self.list.get(index).map_or("", |token| token.text)
    }

    pub(crate) fn kind(&self, index: usize) -> Option<Kind> {
        self.list.get(index).map(|token| token.kind)
    }

    pub(crate) fn is_word(&self, index: usize) -> bool {
        self.kind(index) == Some(Kind::Word)
    }

    /// Behind the next sign that ends a statement, or the next body in braces.
    pub(in crate::notation) fn statement_end(&self, at: usize, end: usize, ends: &[&str]) -> usize {
        let mut at = at;
        while at < end {
            match self.text(at) {
                "{" => return self.close(at) + 1,
                "(" | "[" => at = self.close(at),
                text if ends.contains(&text) => return at + 1,
                _ => {}
            }
            at += 1;
        }
        end
    }

    /// The bracket that closes the one at `open`, or the end of the code.
    pub(crate) fn close(&self, open: usize) -> usize {
        self.closes.get(open).copied().unwrap_or(self.list.len())
    }

    /// The next token from `index` on that is no line's end.
    pub(crate) fn skip_lines(&self, mut index: usize) -> usize {
        while self.kind(index) == Some(Kind::Line) {
            index += 1;
        }
        index
    }

    /// The place in the code of some tokens, without line ends around them.
    pub(crate) fn place(&self, range: &Range<usize>) -> Range<usize> {
        let inside = || {
            self.list[range.start.min(self.len())..range.end.min(self.len())]
                .iter()
                .filter(|token| token.kind != Kind::Line)
        };
        match (inside().next(), inside().next_back()) {
            (Some(first), Some(last)) => first.at.start..last.at.end,
            _ => {
                let at = self.list.get(range.start).map_or(self.code.len(), |token| token.at.start);
                at..at
            }
        }
    }

    /// The code of some tokens, on one line, without the comments between them.
    pub(crate) fn source(&self, range: &Range<usize>) -> String {
        let place = self.place(range);
        let first = self.comments.partition_point(|comment| comment.at.start < place.start);
        let inside = self.comments[first..].iter().take_while(|it| it.at.end <= place.end);
        let (mut words, mut from) = (Vec::new(), place.start);
        for comment in inside {
            words.extend(self.code[from..comment.at.start].split_whitespace());
            from = comment.at.end;
        }
        words.extend(self.code[from..place.end].split_whitespace());
        words.join(" ")
    }

    /// Divides tokens at `separators` that stand in no brackets. A line's end is written `\n`; it
    /// divides nothing beside a sign that needs a neighbour.
    pub(crate) fn split(&self, range: Range<usize>, separators: &[&str]) -> Vec<Range<usize>> {
        let end = range.end.min(self.len());
        let mut parts = Vec::new();
        let mut start = range.start;
        while start < end {
            let until = self.divide(start..end, separators);
            let first = self.skip_lines(start).min(until);
            let mut last = until;
            while last > first && self.kind(last - 1) == Some(Kind::Line) {
                last -= 1;
            }
            if last > first {
                parts.push(first..last);
            }
            start = until + 1;
        }
        parts
    }

    /// Where the first of `separators` stands that stands in no brackets, or the end.
    pub(crate) fn divide(&self, range: Range<usize>, separators: &[&str]) -> usize {
        let (mut at, mut angles) = (range.start, 0_usize);
        while at < range.end {
            let text = self.text(at);
            match text {
                "(" | "[" | "{" => {
                    at = self.close(at).min(range.end) + 1;
                    continue;
                }
                "<" if at > range.start && self.is_word(at - 1) => angles += 1,
                ">" => angles = angles.saturating_sub(1),
                _ => {}
            }
            let divides = separators.contains(&text)
                && (angles == 0 || text == ";")
                && (text != "\n" || !self.goes_on(at, range.start));
            if divides {
                return at;
            }
            at += 1;
        }
        range.end
    }

    /// Whether what stands before a line's end needs what stands after it.
    fn goes_on(&self, line: usize, start: usize) -> bool {
        let before = (start..line).rev().find(|&at| self.kind(at) != Some(Kind::Line));
        let needs = |text: &str| matches!(text, "|" | "=" | "." | "&" | "->" | "=>" | "+");
        before.is_some_and(|at| needs(self.text(at)))
            || matches!(self.text(self.skip_lines(line)), "|" | "." | "?." | "&")
    }

    /// The value of a named argument: `key: value`, `key = value`, in brackets or braces.
    pub(crate) fn argument(&self, arguments: &Range<usize>, key: &str) -> Option<Range<usize>> {
        for part in self.split(arguments.clone(), &[","]) {
            if self.text(part.start) == "{" {
                let inside = part.start + 1..self.close(part.start).min(part.end);
                // Options in a bracket of their own hold no further such brackets.
                if self.text(inside.start) == "{" {
                    continue;
                }
                if let Some(found) = self.argument(&inside, key) {
                    return Some(found);
                }
            }
            let name = self.text(part.start).trim_matches(['"', '\'']);
            if name == key && matches!(self.text(part.start + 1), ":" | "=") {
                return Some(part.start + 2..part.end);
            }
        }
        None
    }

    /// The text of a named argument without quotation marks.
    pub(crate) fn argument_text(&self, arguments: &Range<usize>, key: &str) -> Option<String> {
        let value = self.argument(arguments, key)?;
        Some(unquote(&self.source(&value)).to_owned())
    }

    /// The arguments that have no name.
    pub(crate) fn positional(&self, arguments: &Range<usize>) -> Vec<Range<usize>> {
        let mut parts = self.split(arguments.clone(), &[","]);
        parts.retain(|part| {
            self.text(part.start) != "{"
                && !(part.len() > 1 && matches!(self.text(part.start + 1), ":" | "="))
        });
        parts
    }

    /// The first unnamed argument, where it is a quoted text.
    pub(crate) fn first_text(&self, arguments: &Range<usize>) -> Option<String> {
        let first = self.positional(arguments).into_iter().next()?;
        (self.kind(first.start) == Some(Kind::Text))
            .then(|| unquote(self.text(first.start)).to_owned())
    }

    /// All quoted texts among some tokens.
    pub(crate) fn texts(&self, range: &Range<usize>) -> Vec<String> {
        range
            .clone()
            .filter(|&at| self.kind(at) == Some(Kind::Text))
            .map(|at| unquote(self.text(at)).to_owned())
            .collect()
    }

    /// The calls of an expression such as `z.string().min(1)`: names with their arguments.
    pub(crate) fn calls(&self, range: &Range<usize>) -> Vec<(&'c str, Option<Range<usize>>)> {
        let mut calls = Vec::new();
        let mut at = range.start;
        while at < range.end {
            if self.is_word(at) {
                let name = self.text(at);
                at += 1;
                if self.text(at) == "<" {
                    while at < range.end && self.text(at) != "(" {
                        at += 1;
                    }
                }
                if self.text(at) == "(" && at < range.end {
                    let close = self.close(at).min(range.end);
                    calls.push((name, Some(at + 1..close)));
                    at = close + 1;
                } else {
                    calls.push((name, None));
                }
                continue;
            }
            if !matches!(self.text(at), "." | "?." | "\n" | "!" | "::") {
                break;
            }
            at += 1;
        }
        calls
    }

    /// The comment behind some tokens on their last line.
    pub(crate) fn comment_behind(&self, range: &Range<usize>) -> &'c str {
        let end = self.place(range).end;
        let first = self.comments.partition_point(|comment| comment.at.start < end);
        self.comments
            .get(first)
            .filter(|comment| !self.code[end..comment.at.start].contains('\n'))
            .map_or("", |comment| comment.text)
    }

    /// The comment that stands alone directly above some tokens, where it is a documenting one
    /// (`///`, `/** */`).
    pub(crate) fn comment_above(&self, range: &Range<usize>) -> String {
        let mut start = self.place(range).start;
        let mut lines: Vec<&str> = Vec::new();
        let first = self.comments.partition_point(|comment| comment.at.start < start);
        for comment in self.comments[..first].iter().rev().take(20) {
            let between = &self.code[comment.at.end..start];
            let raw = &self.code[comment.at.clone()];
            let documents = raw.starts_with("///") || raw.starts_with("/**");
            if !comment.alone
                || !documents
                || !between.trim().is_empty()
                || between.matches('\n').count() > 1
            {
                break;
            }
            lines.push(comment.text);
            start = comment.at.start;
        }
        lines.reverse();
        let text = lines.join(" ");
        let text = text.replace("<summary>", " ").replace("</summary>", " ");
        text.split_whitespace().filter(|word| *word != "*").collect::<Vec<_>>().join(" ")
    }
}

/// The length of the comment at the start of `rest`, and its words.
fn comment(rest: &str, style: Style) -> Option<(usize, &str)> {
    let to_line_end = || rest.find('\n').unwrap_or(rest.len());
    match style {
        Style::Hash => rest.starts_with('#').then(|| {
            let end = to_line_end();
            (end, rest[..end].trim_matches(['#', ' ', '\r']))
        }),
        Style::Slash | Style::Rust => {
            if rest.starts_with("//") {
                let end = to_line_end();
                return Some((end, rest[..end].trim_start_matches(['/', '!']).trim()));
            }
            let inside = rest.strip_prefix("/*")?;
            let end = inside.find("*/").map_or(rest.len(), |at| at + 4);
            Some((end, rest[..end].trim_matches(['/', '*', ' ', '\n', '\r'])))
        }
    }
}

fn text_length(rest: &str, style: Style) -> Option<usize> {
    for triple in ["\"\"\"", "'''"] {
        if let Some(inside) = rest.strip_prefix(triple) {
            return Some(inside.find(triple).map_or(rest.len(), |at| at + 6));
        }
    }
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            // Only backticks go over lines; a quotation mark alone is an apostrophe.
            '\n' if quote != '`' => return None,
            c if c == quote => {
                let length = at + c.len_utf8();
                let is_lifetime = style == Style::Rust && quote == '\'' && length > 4;
                return (!is_lifetime).then_some(length);
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_comments_and_texts() {
        let code = "interface A {\n  /** The key. */\n  a: Map<string, number>; // it's\n  b: 'x'\n    | 'y'\n}";
        let tokens = Tokens::scan(code, Style::Slash);
        assert_eq!(tokens.text(2), "{");
        assert_eq!(tokens.close(2), tokens.len() - 1);
        let parts = tokens.split(3..tokens.close(2), &[";", ",", "\n"]);
        let texts: Vec<String> = parts.iter().map(|part| tokens.source(part)).collect();
        assert_eq!(texts, ["a: Map<string, number>", "b: 'x' | 'y'"]);
        assert_eq!(tokens.comment_behind(&parts[0]), "it's");
        assert_eq!(tokens.comment_above(&parts[0]), "The key.");
        assert_eq!(tokens.comment_behind(&parts[1]), "");
    }

    #[test]
    fn brackets_that_nothing_closes_end_with_the_code() {
        let tokens = Tokens::scan("class A { ( } x", Style::Slash);
        assert_eq!(tokens.close(2), 4);
        assert_eq!(tokens.close(3), 4);
        assert_eq!(Tokens::scan(&"[".repeat(200), Style::Slash).len(), 0);
        let tokens = Tokens::scan("a = \"b", Style::Hash);
        assert_eq!(tokens.len(), 4);
        assert_eq!(tokens.close(0), tokens.len());
    }
}
