//! Regular expressions of the simple forms that documents state: `^[A-Z]{3}$`, `^[^@\s]+@[^@\s]+$`,
//! `^(a|b)-\d+$`. They are matched here to judge rows, and read backwards to make texts that match.

/// A parsed pattern; whole texts are matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPattern {
    alternatives: Vec<Vec<Piece>>,
    open_start: bool,
    open_end: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    atom: Atom,
    least: u32,
    most: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Atom {
    Set { ranges: Vec<(char, char)>, negated: bool },
    Group(Vec<Vec<Piece>>),
}

impl TextPattern {
    /// The pattern that a text spells; `None` for a form that is not understood.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, open_start) = text.strip_prefix('^').map_or((text, true), |rest| (rest, false));
        let (text, open_end) = match text.strip_suffix('$') {
            Some(rest) if !rest.ends_with('\\') => (rest, false),
            _ => (text, true),
        };
        let characters: Vec<char> = text.chars().collect();
        let mut reader = Reader { characters: &characters, at: 0 };
        let alternatives = reader.alternatives()?;
        // `^a|b$` anchors only its ends; nobody who writes it means that, so it is not understood.
        let is_clear = alternatives.len() == 1 || (open_start && open_end);
        (reader.at == characters.len() && is_clear).then_some(Self {
            alternatives,
            open_start,
            open_end,
        })
    }

    /// Whether a text matches.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let starts = if self.open_start { 0..=text.len() } else { 0..=0 };
        starts.into_iter().any(|start| {
            self.alternatives.iter().any(|pieces| {
                run(pieces, &text, start, &mut |end| self.open_end || end == text.len())
            })
        })
    }

    /// A text that matches.
    pub fn example(&self, choose: &mut dyn FnMut(usize) -> usize) -> String {
        let mut text = String::new();
        write_alternatives(&self.alternatives, choose, &mut text);
        text
    }
}

impl TextPattern {
    /// For each place of a text that matches, the characters that may stand there, so that every choice of one for
    /// each gives another text that matches; what may be repeated without end is, up to so often. Nothing where a
    /// part is a choice between words. Of letters whose case does not matter, those in lower case.
    pub fn places(&self, often: u32) -> Option<Vec<Vec<char>>> {
        let [pieces] = &self.alternatives[..] else { return None };
        let mut places = Vec::new();
        lay_out(pieces, often, &mut places)?;
        Some(places)
    }
}

fn lay_out(pieces: &[Piece], often: u32, places: &mut Vec<Vec<char>>) -> Option<()> {
    for piece in pieces {
        let times = match (&piece.atom, piece.most) {
            // What may be left out is, where it is more than a character.
            (Atom::Group(_), _) => piece.least,
            (Atom::Set { .. }, most) => often.clamp(piece.least, most.unwrap_or(u32::MAX)),
        };
        for _ in 0..times {
            match &piece.atom {
                Atom::Set { ranges, negated } => {
                    let members = members(ranges, *negated);
                    places.push(if members.is_empty() { vec![other(ranges)] } else { members });
                }
                Atom::Group(inner) => {
                    let [only] = &inner[..] else { return None };
                    lay_out(only, often, places)?;
                }
            }
        }
    }
    Some(())
}

fn run(pieces: &[Piece], text: &[char], at: usize, then: &mut dyn FnMut(usize) -> bool) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return then(at) };
    repeat(first, 0, text, at, &mut |end| run(rest, text, end, then))
}

fn repeat(
    piece: &Piece,
    done: u32,
    text: &[char],
    at: usize,
    then: &mut dyn FnMut(usize) -> bool,
) -> bool {
    if piece.most.is_none_or(|most| done < most) {
        let more = match &piece.atom {
            Atom::Set { ranges, negated } => {
                text.get(at).is_some_and(|&c| contains(ranges, c) != *negated)
                    && repeat(piece, done + 1, text, at + 1, then)
            }
            Atom::Group(alternatives) => alternatives.iter().any(|pieces| {
                run(pieces, text, at, &mut |end| {
                    // A round that takes nothing would be repeated for ever.
                    end > at && repeat(piece, done + 1, text, end, then)
                })
            }),
        };
        if more {
            return true;
        }
    }
    done >= piece.least && then(at)
}

fn contains(ranges: &[(char, char)], c: char) -> bool {
    ranges.iter().any(|&(low, high)| (low..=high).contains(&c))
}

fn write_alternatives(
    alternatives: &[Vec<Piece>],
    choose: &mut dyn FnMut(usize) -> usize,
    text: &mut String,
) {
    for piece in &alternatives[choose(alternatives.len())] {
        let spread = match piece.most {
            Some(most) => (most - piece.least).min(6),
            None => 6,
        };
        // Many rather than few, so that texts of a unique column differ.
        let least = piece.least.max(spread.min(4));
        let most = piece.least + spread;
        let further = usize::try_from(most.saturating_sub(least)).unwrap_or_default();
        let count = usize::try_from(least).unwrap_or_default() + choose(further + 1);
        for _ in 0..count {
            match &piece.atom {
                Atom::Set { ranges, negated } => text.push(member(ranges, *negated, choose)),
                Atom::Group(inner) => write_alternatives(inner, choose, text),
            }
        }
    }
}

fn member(ranges: &[(char, char)], negated: bool, choose: &mut dyn FnMut(usize) -> usize) -> char {
    let members = members(ranges, negated);
    if members.is_empty() { other(ranges) } else { members[choose(members.len())] }
}

/// A character of a set that has no plain one.
fn other(ranges: &[(char, char)]) -> char {
    ranges.first().map_or('~', |(low, _)| *low)
}

/// The plain characters of a set; letters and digits in lower case where there are any, which the fewest other
/// rules mind.
fn members(ranges: &[(char, char)], negated: bool) -> Vec<char> {
    const PLAIN: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-._ @!";
    let wanted: Vec<char> = PLAIN.chars().filter(|&c| contains(ranges, c) != negated).collect();
    let plain: Vec<char> =
        wanted.iter().copied().filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit()).collect();
    if plain.is_empty() { wanted } else { plain }
}

struct Reader<'a> {
    characters: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += 1;
        Some(next)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn alternatives(&mut self) -> Option<Vec<Vec<Piece>>> {
        let mut all = vec![Vec::new()];
        loop {
            match self.peek() {
                None | Some(')') => return Some(all),
                Some('|') => {
                    self.at += 1;
                    all.push(Vec::new());
                }
                Some(_) => {
                    let piece = self.piece()?;
                    all.last_mut()?.push(piece);
                }
            }
        }
    }

    fn piece(&mut self) -> Option<Piece> {
        let atom = self.atom()?;
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.counted(atom),
            _ => return Some(Piece { atom, least: 1, most: Some(1) }),
        };
        self.at += 1;
        self.lazy_is_not_understood()?;
        Some(Piece { atom, least, most })
    }

    fn lazy_is_not_understood(&self) -> Option<()> {
        (!matches!(self.peek(), Some('?' | '*' | '+' | '{'))).then_some(())
    }

    fn counted(&mut self, atom: Atom) -> Option<Piece> {
        self.at += 1;
        let least = self.number()?;
        let most = if self.eat(',') {
            if self.peek() == Some('}') { None } else { Some(self.number()?) }
        } else {
            Some(least)
        };
        (self.eat('}') && most.is_none_or(|most| most >= least)).then_some(())?;
        self.lazy_is_not_understood()?;
        Some(Piece { atom, least, most })
    }

    fn number(&mut self) -> Option<u32> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.characters[from..self.at].iter().collect::<String>().parse().ok()
    }

    fn atom(&mut self) -> Option<Atom> {
        match self.next()? {
            '(' => {
                if self.eat('?') {
                    // `(?:` groups without counting; every other `(?` means something else.
                    self.eat(':').then_some(())?;
                }
                let inner = self.alternatives()?;
                self.eat(')').then_some(Atom::Group(inner))
            }
            '[' => self.bracket(),
            '.' => Some(Atom::Set { ranges: vec![('\n', '\n')], negated: true }),
            '\\' => {
                let (ranges, negated) = escape(self.next()?)?;
                Some(Atom::Set { ranges, negated })
            }
            '^' | '$' | '*' | '+' | '?' | '{' => None,
            other => Some(Atom::Set { ranges: vec![(other, other)], negated: false }),
        }
    }

    /// `:space:]` after the bracket: those of its members that are ASCII, which all rows made here are.
    fn class(&mut self) -> Option<Vec<(char, char)>> {
        let rest: String = self.characters[self.at..].iter().collect();
        let (name, _) = rest.strip_prefix(':')?.split_once(":]")?;
        self.at += name.chars().count() + 3;
        Some(match name {
            "space" => vec![(' ', ' '), ('\t', '\r')],
            "digit" => vec![('0', '9')],
            "upper" => vec![('A', 'Z')],
            "lower" => vec![('a', 'z')],
            "alpha" => vec![('A', 'Z'), ('a', 'z')],
            "alnum" => vec![('A', 'Z'), ('a', 'z'), ('0', '9')],
            "xdigit" => vec![('0', '9'), ('A', 'F'), ('a', 'f')],
            _ => return None,
        })
    }

    fn bracket(&mut self) -> Option<Atom> {
        let negated = self.eat('^');
        let mut ranges = Vec::new();
        let mut is_first = true;
        loop {
            match self.next()? {
                ']' if !is_first => return Some(Atom::Set { ranges, negated }),
                '[' if self.peek() == Some(':') => ranges.extend(self.class()?),
                '\\' => {
                    let (mut inner, inner_negated) = escape(self.next()?)?;
                    (!inner_negated).then_some(())?;
                    ranges.append(&mut inner);
                }
                low => {
                    let is_range = self.peek() == Some('-')
                        && self.characters.get(self.at + 1).is_some_and(|&c| c != ']');
                    let high = if is_range {
                        self.at += 1;
                        let high = self.next()?;
                        if high == '\\' { self.next()? } else { high }
                    } else {
                        low
                    };
                    ranges.push((low, high));
                }
            }
            is_first = false;
        }
    }
}

fn escape(letter: char) -> Option<(Vec<(char, char)>, bool)> {
    let word = vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')];
    let space = vec![(' ', ' '), ('\t', '\r')];
    Some(match letter {
        'd' => (vec![('0', '9')], false),
        'D' => (vec![('0', '9')], true),
        'w' => (word, false),
        'W' => (word, true),
        's' => (space, false),
        'S' => (space, true),
        other if !other.is_alphanumeric() => (vec![(other, other)], false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_match_their_pattern() {
        let mut at = 7_usize;
        let mut choose = |length: usize| {
            at = at.wrapping_mul(31).wrapping_add(11);
            (at >> 3) % length
        };
        for text in [
            "^[A-Z]{3}$",
            r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
            "^[a-z0-9]+(-[a-z0-9]+)*$",
            "^[^@[:space:]]+@[^@[:space:]]+$",
            "^[^[:upper:]]*$",
            r"^\+?[0-9]{7,15}$",
            "^(red|green)$",
            r"\d",
        ] {
            let pattern = TextPattern::parse(text).unwrap_or_else(|| panic!("{text}"));
            for _ in 0..50 {
                let example = pattern.example(&mut choose);
                assert!(pattern.matches(&example), "{text}: {example}");
            }
        }
    }

    #[test]
    fn every_choice_of_places_matches() {
        for (text, often, room) in [("^[A-Z]{3}$", 9, 17_576), ("^SKU-[0-9]{2,}$", 4, 10_000)] {
            let pattern = TextPattern::parse(text).unwrap();
            let places = pattern.places(often).unwrap();
            assert_eq!(places.iter().map(Vec::len).product::<usize>(), room, "{text}");
            let first: String = places.iter().map(|place| place[0]).collect();
            let last: String = places.iter().map(|place| place[place.len() - 1]).collect();
            assert!(pattern.matches(&first) && pattern.matches(&last), "{first} {last}");
        }
        assert_eq!(TextPattern::parse("^(red|green)$").unwrap().places(1), None);
    }

    #[test]
    fn what_breaks_a_pattern_does_not_match() {
        let pattern = TextPattern::parse("^[A-Z]{3}$").unwrap();
        assert!(pattern.matches("EUR"));
        for text in ["", "EU", "EURO", "eur", "E R"] {
            assert!(!pattern.matches(text), "{text}");
        }
        assert!(!TextPattern::parse("^(a|b)+$").unwrap().matches("abc"));
        assert!(TextPattern::parse("b").unwrap().matches("abc"));
    }

    #[test]
    fn other_forms_are_left_to_the_server() {
        for text in [r"^(?=x)", r"\1", "[[:punct:]]", "a++", "^a|b$"] {
            assert_eq!(TextPattern::parse(text), None, "{text}");
        }
    }
}
