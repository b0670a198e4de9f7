//! Calls as Ruby and Elixir write them in models and migrations: `t.string :name, null: false`, `field :name, :string`.

use std::ops::Range;

use super::{Kind, Tokens};
use crate::document::Code;
use crate::words::unquote;

/// The places of the statements: lines, put together where one ends with what goes on.
pub(crate) fn statements(code: &Code, goes_on_behind: &[char]) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut goes_on = false;
    for (line, range) in code.lines() {
        match places.last_mut().filter(|_| goes_on) {
            Some(last) => last.end = range.end,
            None => places.push(range),
        }
        goes_on = line.trim_end().ends_with(goes_on_behind);
    }
    places
}

impl Tokens<'_> {
    /// What stands between the commas of a call from its first argument on, without the block that follows.
    pub(crate) fn arguments(&self, start: usize) -> Vec<Range<usize>> {
        let end = (start..self.len()).find(|&at| self.text(at) == "do");
        let mut end = end.unwrap_or(self.len());
        if start > 0 && self.text(start - 1) == "(" {
            end = end.min(self.close(start - 1));
        }
        self.split(start..end, &[","])
    }

    /// A symbol or text without its marks.
    pub(crate) fn symbol(&self, part: &Range<usize>) -> Option<String> {
        let at = part.start + usize::from(self.text(part.start) == ":");
        let is_alone = at + 1 == part.end;
        (is_alone && matches!(self.kind(at), Some(Kind::Word | Kind::Text)))
            .then(|| unquote(self.text(at)).to_owned())
    }

    /// The value of `null: false` or `:null => false`.
    pub(crate) fn option(&self, arguments: &[Range<usize>], key: &str) -> Option<Range<usize>> {
        arguments.iter().find_map(|part| {
            let at = part.start + usize::from(self.text(part.start) == ":");
            let is_key = self.text(at) == key && matches!(self.text(at + 1), ":" | "=>");
            is_key.then(|| at + 2..part.end)
        })
    }

    /// The same as text.
    pub(crate) fn option_text(&self, arguments: &[Range<usize>], key: &str) -> Option<String> {
        let value = self.option(arguments, key)?;
        self.symbol(&value).or_else(|| Some(self.source(&value)))
    }
}
