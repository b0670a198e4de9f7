//! Names joined by strokes that branch, with a crow's foot at each side of which there are many:
//! `User ─┬─< Post`, and below the branch `├─< Comment`.

use std::ops::Range;

use crate::RelationshipFact;
use crate::document::{BlockKind, Document};
use crate::entity_name::{EntityTitle, read_title};
use crate::notation::drawn_relationships::{is_verb, state};
use crate::notation::{Mark, Output};

pub(super) const DOC: &str = "Lines in a plain code block that join names by strokes that branch, with a crow's foot at the side of the many: `User ─┬─< Post`.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        let is_plain = code.is_plain() || code.language == "erd";
        if !is_plain || !out.is_open(document, block.range.start) {
            continue;
        }
        let lines: Vec<(&str, Range<usize>)> = code.lines().collect();
        // "<AREA>-<NUMBER>" says how something is written.
        if lines.iter().any(|(line, _)| has_placeholder(line)) {
            continue;
        }
        let drawing = Drawing(lines.iter().map(|(line, _)| line.chars().collect()).collect());
        let joints = drawing.joints();
        // A single foot may be an example of something else; what only stands below each other is a tree.
        if joints.len() < 2 || !joints.iter().any(|joint| joint.is_level) {
            continue;
        }
        for joint in joints {
            let span = document.code_span(code, lines[joint.row].1.clone());
            let names = [&joint.one, &joint.many].map(|name| entity(name));
            let [Some(one), Some(many)] = names else { continue };
            let fact = RelationshipFact {
                from: one,
                to: many,
                cardinality: Some(if joint.is_many_to_many { "N:M" } else { "1:N" }),
                from_required: None,
                to_required: None,
                on_delete: None,
                through: None,
                label: None,
            };
            state(document, span, fact, out);
        }
        for (_, at) in lines {
            let span = document.code_span(code, at);
            out.mark(document, span.range(), Mark::Understood);
        }
    }
}

/// Whether a line holds a word in angle brackets, for which another stands: "<AREA>-<NUMBER>".
fn has_placeholder(line: &str) -> bool {
    let inside =
        line.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(inside, _)| inside);
    let is_word = |inside: &str| {
        inside.starts_with(char::is_alphabetic)
            && inside.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-'))
            && inside.ends_with(char::is_alphanumeric)
    };
    inside.filter(|it| is_word(it)).count() >= 1
}

fn entity(name: &str) -> Option<String> {
    let is_thing = |title: &EntityTitle| title.not_stored.is_none() && !is_verb(name);
    read_title(name).filter(is_thing).map(|title| title.name)
}

/// Two names that strokes join, and the row in which the second one stands.
struct Joint {
    one: String,
    many: String,
    is_many_to_many: bool,
    row: usize,
    /// Whether both stand in that row.
    is_level: bool,
}

/// The characters of a drawing by row and column.
struct Drawing(Vec<Vec<char>>);

impl Drawing {
    fn at(&self, row: usize, column: usize) -> Option<char> {
        self.0.get(row)?.get(column).copied()
    }

    /// All pairs of names that are joined with a crow's foot, each found from its right or lower name.
    fn joints(&self) -> Vec<Joint> {
        let mut found = Vec::new();
        for (row, line) in self.0.iter().enumerate() {
            let mut depth = 0_usize;
            let mut column = 0;
            while column < line.len() {
                let start = column;
                match line[column] {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    c if c.is_alphabetic() => {
                        while line.get(column).copied().is_some_and(is_of_name) {
                            column += 1;
                        }
                        let name: String = line[start..column].iter().collect();
                        if depth == 0
                            && let Some(joint) = self.joint(row, start, name)
                        {
                            found.push(joint);
                        }
                        continue;
                    }
                    _ => {}
                }
                column += 1;
            }
        }
        found
    }

    /// Follows the strokes from the left of a name to the name that they come from.
    fn joint(&self, row: usize, start: usize, name: String) -> Option<Joint> {
        let (mut row_now, mut column) = (row, start.checked_sub(1)?);
        let (mut feet, mut strokes, mut blanks) = (String::new(), 0, 0);
        loop {
            match self.at(row_now, column)? {
                ' ' => {
                    blanks += 1;
                    if blanks > 1 {
                        return None;
                    }
                }
                // A foot opens towards its name; an arrow's head points at it.
                '<' if strokes == 0 => feet.push('<'),
                '>' if strokes > 0 => feet.push('>'),
                '─' | '-' | '—' | '━' | '┬' | '┴' | '┼' => {
                    (strokes, blanks) = (strokes + 1, 0);
                }
                '├' | '└' | '╰' | '+' | '|' if strokes > 0 => {
                    (row_now, column) = self.root(row_now, column)?;
                    if self.at(row_now, column).is_some_and(is_of_name) {
                        return self.told(row, name, &feet, row_now, column);
                    }
                    blanks = 0;
                }
                c if is_of_name(c) && strokes > 0 => {
                    return self.told(row, name, &feet, row_now, column);
                }
                _ => return None,
            }
            column = column.checked_sub(1)?;
        }
    }

    /// Where the branch that a stroke comes from begins: the corner further up, or the name above it.
    fn root(&self, row: usize, column: usize) -> Option<(usize, usize)> {
        let mut row = row;
        loop {
            row = row.checked_sub(1)?;
            match self.at(row, column)? {
                '│' | '├' | '|' => {}
                '┬' | '┐' | '+' => return Some((row, column)),
                c if is_of_name(c) => return Some((row, column)),
                _ => return None,
            }
        }
    }

    /// The pair, where a foot says on which side there are many.
    fn told(
        &self,
        row: usize,
        name: String,
        feet: &str,
        at: usize,
        column: usize,
    ) -> Option<Joint> {
        let line = &self.0[at];
        let from = line[..column].iter().rposition(|&c| !is_of_name(c)).map_or(0, |it| it + 1);
        let to = line[column..]
            .iter()
            .position(|&c| !is_of_name(c))
            .map_or(line.len(), |it| column + it);
        let other: String = line[from..to].iter().collect();
        if !other.starts_with(char::is_alphabetic) {
            return None;
        }
        let is_many_to_many = feet.contains('<') && feet.contains('>');
        let (one, many) = match feet.chars().next()? {
            '<' => (other, name),
            _ => (name, other),
        };
        Some(Joint { one, many, is_many_to_many, row, is_level: at == row })
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn branches_with_feet() {
        check(
            "# Domain\n\n```\nUser ─┬─< Seat >─ Club ─┬─< Court ─┬─< Game ──< Score\n      │                 │          └─< Closing (per day)\n      │                 └─< Fee\n      └─< Message\n```\n",
            &expect![[r#"
                4 drawn-branches  entity User [inferred: an end of a relationship in a drawing]
                4 drawn-branches  entity Seat [inferred: an end of a relationship in a drawing]
                4 drawn-branches  relationship User 1:N Seat
                4 drawn-branches  entity Club [inferred: an end of a relationship in a drawing]
                4 drawn-branches  relationship Club 1:N Seat
                4 drawn-branches  entity Court [inferred: an end of a relationship in a drawing]
                4 drawn-branches  relationship Club 1:N Court
                4 drawn-branches  entity Game [inferred: an end of a relationship in a drawing]
                4 drawn-branches  relationship Court 1:N Game
                4 drawn-branches  entity Score [inferred: an end of a relationship in a drawing]
                4 drawn-branches  relationship Game 1:N Score
                5 drawn-branches  entity Closing [inferred: an end of a relationship in a drawing]
                5 drawn-branches  relationship Court 1:N Closing
                6 drawn-branches  entity Fee [inferred: an end of a relationship in a drawing]
                6 drawn-branches  relationship Club 1:N Fee
                7 drawn-branches  entity Message [inferred: an end of a relationship in a drawing]
                7 drawn-branches  relationship User 1:N Message
            "#]],
        );
        check(
            "# Domain\n\n```\nShop\n├──< Stall\n└──< Vendor >──< Permit\n```\n",
            &expect![[r#"
            5 drawn-branches  entity Shop [inferred: an end of a relationship in a drawing]
            5 drawn-branches  entity Stall [inferred: an end of a relationship in a drawing]
            5 drawn-branches  relationship Shop 1:N Stall
            6 drawn-branches  entity Vendor [inferred: an end of a relationship in a drawing]
            6 drawn-branches  relationship Shop 1:N Vendor
            6 drawn-branches  entity Permit [inferred: an end of a relationship in a drawing]
            6 drawn-branches  relationship Vendor N:M Permit
        "#]],
        );
    }

    #[test]
    fn trees_without_feet_are_none() {
        check(
            "# Files\n\n```\nsrc\n├── main\n│   └── lib\n└── tests\n```\n\n```\nA ──> B\n```\n",
            &expect![[r""]],
        );
    }

    #[test]
    fn words_for_which_others_stand_are_no_drawing() {
        check(
            "# Numbers\n\n```\n<YARD>-<BERTH>-<NUMBER>\n<YARD>-<BERTH>\n```\n",
            &expect_test::expect![[""]],
        );
    }
}
