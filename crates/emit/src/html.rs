//! Escaping for HTML and SVG: the one place where text becomes markup.

use std::fmt;

/// A text as the content of an element or of a quoted attribute, in HTML and in XML. Characters that
/// XML 1.0 cannot hold (section 2.2) become U+FFFD; marks that reorder text for the eye are named,
/// so that a name cannot pose as another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What stands for itself is written in one piece.
        let mut rest = self.0;
        while let Some(at) = rest.find(is_special) {
            let (plain, special) = rest.split_at(at);
            f.write_str(plain)?;
            let mut behind = special.chars();
            match behind.next() {
                Some('&') => f.write_str("&amp;")?,
                Some('<') => f.write_str("&lt;")?,
                Some('>') => f.write_str("&gt;")?,
                Some('"') => f.write_str("&quot;")?,
                Some('\'') => f.write_str("&#39;")?,
                Some(c) if reorders(c) => write!(f, "[U+{:04X}]", u32::from(c))?,
                Some(_) => f.write_str("\u{fffd}")?,
                None => {}
            }
            rest = behind.as_str();
        }
        f.write_str(rest)
    }
}

/// Whether a character does not stand for itself.
fn is_special(character: char) -> bool {
    match character {
        '&' | '<' | '>' | '"' | '\'' | '\u{fffe}' | '\u{ffff}' => true,
        '\t' | '\n' | ' '..='~' => false,
        c => c.is_control() || reorders(c),
    }
}

/// A sentence as the content of an element in HTML: what stands between two backticks is code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prose<'a>(pub &'a str);

impl fmt::Display for Prose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.matches('`').count().is_multiple_of(2) {
            return write!(f, "{}", Escaped(self.0));
        }
        for (at, part) in self.0.split('`').enumerate() {
            if at.is_multiple_of(2) {
                write!(f, "{}", Escaped(part))?;
            } else {
                write!(f, "<code>{}</code>", Escaped(part))?;
            }
        }
        Ok(())
    }
}

/// Whether it is one of Unicode's explicit directional formatting characters (UAX 9, section 2).
pub(crate) fn reorders(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_a_sentence() {
        assert_eq!(Prose("`a<b` is 'x'").to_string(), "<code>a&lt;b</code> is &#39;x&#39;");
        assert_eq!(Prose("a ` b").to_string(), "a ` b");
    }

    #[test]
    fn nothing_stays_markup() {
        assert_eq!(
            Escaped("<script>\"a\" & 'b'\0\u{202e}]]>").to_string(),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;\u{fffd}[U+202E]]]&gt;"
        );
    }
}
