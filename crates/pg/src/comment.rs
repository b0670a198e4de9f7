//! Comments in a script: lines that nothing in their text can leave.

use std::fmt;

/// A text as `--` lines of at most about a hundred characters, each ended by a line break. A line
/// comment ends at a line feed or a carriage return only (manual, section 4.1.5), so these become
/// new comment lines; other control characters become spaces, since psql and pagers act on some.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineComment<'a>(pub &'a str);

/// The greatest number of characters on a line, as far as words allow.
const WIDTH: usize = 98;

impl fmt::Display for LineComment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.split(['\n', '\r']).filter(|line| !line.is_empty()) {
            let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let indent = " ".repeat(line.len() - line.trim_start().len());
            let mut written = 0;
            for word in line.split_whitespace() {
                let length = word.chars().count();
                if written == 0 {
                    write!(f, "-- {indent}{word}")?;
                    written = indent.len() + length;
                } else if written + 1 + length > WIDTH {
                    write!(f, "\n--   {indent}{word}")?;
                    written = indent.len() + 2 + length;
                } else {
                    write!(f, " {word}")?;
                    written += 1 + length;
                }
            }
            if written > 0 {
                f.write_str("\n")?;
            }
        }
        Ok(())
    }
}

/// A heading over a part of a script: a ruled line with a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section<'a>(pub &'a str);

impl fmt::Display for Section<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "-- {}", "-".repeat(WIDTH - 1))?;
        write!(f, "{}", LineComment(self.0))?;
        writeln!(f, "-- {}", "-".repeat(WIDTH - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_comment() {
        let text = "one\n'; DROP TABLE x; --\r*/ two\t\u{b}three";
        assert_eq!(
            LineComment(text).to_string(),
            "-- one\n-- '; DROP TABLE x; --\n-- */ two three\n"
        );
    }

    #[test]
    fn long_lines_are_folded_between_words() {
        let text = format!("  {}", "word ".repeat(40));
        for line in LineComment(&text).to_string().lines() {
            assert!(line.starts_with("--   ") && line.len() <= 105, "{line}");
        }
    }
}
