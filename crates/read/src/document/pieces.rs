//! Where a long Markdown text may be cut: before headings that end all that stands above them.

use std::ops::Range;

/// The pieces of a range of a text, each but the last of at least `least` bytes. All but the first begin with a heading
/// below an empty line, outside fences and metadata as far as their marks tell; what was open nevertheless only the
/// parser knows.
pub(super) fn of(text: &str, range: Range<usize>, least: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = range.start;
    if range.len() > least {
        let mut state = State::default();
        let mut at = range.start;
        let mut lines = text[range.clone()].split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            if at - start >= least && state.is_after_empty && state.is_outside() && is_heading(line)
            {
                pieces.push(start..at);
                start = at;
            }
            state.line(line, lines.peek().copied().unwrap_or_default());
            at += line.len();
        }
    }
    pieces.push(start..range.end);
    pieces
}

/// What the lines so far leave open.
#[derive(Default)]
struct State {
    /// The mark of a fence and how often it stands there.
    fence: Option<(u8, usize)>,
    in_metadata: bool,
    is_after_empty: bool,
}

impl State {
    fn is_outside(&self) -> bool {
        self.fence.is_none() && !self.in_metadata
    }

    fn line(&mut self, line: &str, next: &str) {
        let is_empty = |line: &str| line.trim().is_empty();
        self.is_after_empty = is_empty(line);
        if line.trim_end() == "---" && !is_empty(next) {
            // Also where it ends other metadata: which of the two it does depends on all lines before.
            self.in_metadata = true;
        } else if matches!(line.trim_end_matches([' ', '\r', '\n']), "---" | "...") {
            self.in_metadata = false;
        }
        let inner = line.trim_start_matches(' ');
        if line.len() - inner.len() > 3 {
            return;
        }
        let Some(&mark @ (b'`' | b'~')) = inner.as_bytes().first() else { return };
        let count = inner.bytes().take_while(|&byte| byte == mark).count();
        let behind = &inner[count..];
        let is_end = |(open, length)| open == mark && count >= length && is_empty(behind);
        let is_begin = count >= 3 && !(mark == b'`' && behind.contains('`'));
        self.fence = match self.fence {
            Some(open) => Some(open).filter(|&open| !is_end(open)),
            None => is_begin.then_some((mark, count)),
        };
    }
}

fn is_heading(line: &str) -> bool {
    let title = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - title.len())) && title.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        of(text, 0..text.len(), 1).into_iter().map(|piece| &text[piece]).collect()
    }

    #[test]
    fn before_headings_below_an_empty_line() {
        assert_eq!(cut("# A\ntext\n# B\n\n## C\n"), ["# A\ntext\n# B\n\n", "## C\n"]);
        assert_eq!(cut(""), [""]);
    }

    #[test]
    fn not_in_code_or_metadata() {
        for whole in [
            "```\n\n# A\n```\n",
            "~~~ sh\n```\n\n# A\n~~\n\n# B\n~~~\n",
            "---\na: b\n\n# A\n---\n",
            "Title\n---\ntext\n---\na: b\n\n# A\n---\n",
        ] {
            assert_eq!(cut(whole), [whole]);
        }
        assert_eq!(cut("```\na\n```\n\n# A\n"), ["```\na\n```\n\n", "# A\n"]);
    }
}
