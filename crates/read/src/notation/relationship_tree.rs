//! Entities under each other: trees drawn with characters, and names with arrows between them.

use std::ops::Range;

use super::relationship_lines::{is_relationship_topic, pair};
use super::relationship_verbs::{MANY, ONE};
use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::notation::mermaid_er::{End, relationship};
use crate::words::{lower_words, parenthesized, unquote};

pub(super) const DOC: &str = "A tree of entities drawn with `├──`, or entities that stand under each other with arrows between.";

/// What a cardinality says of the one above and of the one below.
type Ends = (End, End);

/// A line of a drawing with its place in the document.
struct Line<'t> {
    text: &'t str,
    at: Range<usize>,
}

/// One entity that hangs below another.
struct Branch {
    parent: String,
    child: String,
    /// What is written beside the child.
    said: Option<Ends>,
    /// Whether the child is written in the plural, where its name is not.
    plural: bool,
    at: Range<usize>,
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let BlockKind::Code(code) = &block.kind else { continue };
        if !code.is_plain() {
            continue;
        }
        let place = |at| document.code_span(code, at).range();
        let lines: Vec<Line<'_>> =
            code.lines().map(|(text, at)| Line { text, at: place(at) }).collect();
        if lines.iter().any(|line| is_path(line.text)) {
            continue;
        }
        let topic = is_relationship_topic(document, index);
        let mut branches = tree(&lines, topic, out);
        if topic {
            branches.extend(downwards(&lines, out));
        }
        state(document, branches, out);
    }
    // Names and arrows as paragraphs of their own, in a section about relationships.
    let mut open: Vec<Line<'_>> = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if let BlockKind::Paragraph(inline) = &block.kind
            && is_relationship_topic(document, index)
        {
            open.extend(
                inline.lines.iter().map(|it| Line { text: &it.text, at: it.range.clone() }),
            );
        }
    }
    if open.iter().any(|line| is_down(line.text)) {
        let branches = downwards(&open, out);
        state(document, branches, out);
    }
}

/// Trees of folders and files name paths.
fn is_path(line: &str) -> bool {
    let name = line.trim_start_matches(is_branch);
    let name = name.split(['#', '(']).next().unwrap_or_default().trim();
    name.ends_with('/')
        || name.rsplit_once('.').is_some_and(|(stem, end)| {
            !stem.is_empty()
                && (1..=5).contains(&end.len())
                && end.chars().all(char::is_alphanumeric)
        })
}

fn is_branch(c: char) -> bool {
    matches!(c, '│' | '├' | '└' | '─' | '┬' | '┃' | '|' | '`' | '+' | '-' | '\\' | ' ' | '\t' | '*')
}

fn tree(lines: &[Line<'_>], topic: bool, out: &Output) -> Vec<Branch> {
    let mut above: Vec<(usize, Option<String>)> = Vec::new();
    let mut branches = Vec::new();
    for line in lines {
        let name = line.text.trim_start_matches(is_branch);
        // "└─< orders" has the foot of many.
        let name = name.strip_prefix('<').map_or(name, str::trim_start);
        if name.is_empty() {
            continue;
        }
        let drawn = &line.text[..line.text.len() - name.len()];
        let foot = drawn.contains('<').then_some((ONE, MANY));
        let column = drawn.chars().count();
        let hangs = drawn.contains(['├', '└']) || drawn.contains("--") || topic && column > 0;
        above.truncate(above.iter().take_while(|(at, _)| *at < column).count());
        let node = node(name, out);
        if let (Some((child, said, plural)), Some((_, Some(parent))), true) =
            (&node, above.last(), hangs)
        {
            let (parent, child) = (parent.clone(), child.clone());
            let (said, plural) = (said.or(foot), *plural);
            branches.push(Branch { parent, child, said, plural, at: line.at.clone() });
        }
        above.push((column, node.map(|(name, _, _)| name)));
    }
    branches
}

/// An entity, the cardinality beside it, and whether it is written in the plural.
type Node = (String, Option<Ends>, bool);

/// The entity in a line of a tree, the cardinality beside it, and whether it is written in the plural:
/// "Orders (1:N)", "1:n ──── Animal", "has many Lines".
fn node(text: &str, out: &Output) -> Option<Node> {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (before, text) = match pair(first) {
        Some(ends) => {
            (Some(ends), rest.trim_start_matches(|c| is_branch(c) || c == '>' || c == '▶'))
        }
        None => (None, text),
    };
    let (head, inside) = parenthesized(text).map_or((text, ""), |(head, inside, _)| (head, inside));
    let beside = pair(inside).or_else(|| count(inside));
    let (verb, name) = VERBS
        .iter()
        .find_map(|(verb, ends)| Some((Some(*ends), head.trim().strip_prefix(verb)?)))
        .unwrap_or((None, head));
    let name = name.split([':', '—', '–', '#', '←', '→', '[']).next()?.trim();
    let words = name.split_whitespace().count();
    let known = out.known.get(unquote(name)).filter(|_| (1..=3).contains(&words))?;
    let plural = name.ends_with('s') && !known.eq_ignore_ascii_case(name) && !known.ends_with('s');
    Some((known.to_owned(), before.or(beside).or(verb), plural))
}

/// The verbs that stand before a name in a tree.
const VERBS: &[(&str, Ends)] = &[
    ("has many ", (ONE, MANY)),
    ("hasMany ", (ONE, MANY)),
    ("has one ", (ONE, ONE)),
    ("hasOne ", (ONE, ONE)),
    ("owns ", (ONE, MANY)),
    ("contains ", (ONE, MANY)),
    ("creates ", (ONE, MANY)),
];

/// "many", "0..*", "one": how many hang below the one above.
fn count(text: &str) -> Option<Ends> {
    match lower_words(text).join(" ").as_str() {
        "many" | "multiple" | "n" => Some((ONE, MANY)),
        "one" | "single" | "1" => Some((ONE, ONE)),
        _ if text.trim_end().ends_with('*') => Some((ONE, MANY)),
        _ => None,
    }
}

fn is_down(line: &str) -> bool {
    let shaft = line.trim();
    shaft.contains(['↓', '▼', '⬇', 'v'])
        && shaft.chars().all(|c| matches!(c, '↓' | '▼' | '⬇' | '│' | '|' | 'v' | ' '))
}

/// The pairs in names with arrows between them: "User ↓ creates ↓ Order". Names that follow the last
/// arrow without one of their own all hang on it.
fn downwards(lines: &[Line<'_>], out: &Output) -> Vec<Branch> {
    let lines: Vec<&Line<'_>> = lines
        .iter()
        .filter(|line| line.text.contains(|c: char| c.is_alphanumeric()) || is_down(line.text))
        .collect();
    let mut branches = Vec::new();
    let mut parent: Option<String> = None;
    let mut arrow = false;
    for (at, line) in lines.iter().enumerate() {
        if is_down(line.text) {
            arrow = true;
            continue;
        }
        let Some((name, said, plural)) = node(line.text.trim(), out) else {
            // One or two words between two arrows say how; anything else ends the chain.
            let is_verb = arrow && line.text.split_whitespace().count() <= 2;
            parent = parent.filter(|_| is_verb);
            continue;
        };
        let goes_on = lines.get(at + 1).is_some_and(|next| is_down(next.text));
        let hangs = arrow || !goes_on;
        if let Some(parent) = parent.as_ref().filter(|_| hangs) {
            let (parent, child, at) = (parent.clone(), name.clone(), line.at.clone());
            branches.push(Branch { parent, child, said, plural, at });
        }
        if goes_on {
            parent = Some(name);
        }
        arrow = false;
    }
    branches
}

/// Where others are written in the plural, a single one is one.
fn state(document: &Document<'_>, branches: Vec<Branch>, out: &mut Output) {
    let tells = branches.iter().filter(|branch| branch.plural).count() > 1;
    for Branch { parent, child, said, plural, at } in branches {
        if !out.is_open(document, at.start) {
            continue;
        }
        let one = tells && !plural;
        let (left, right) = said.unwrap_or((ONE, if one { ONE } else { MANY }));
        let fact = relationship(parent, left, child, right, None);
        let why = "one stands under the other in a drawing";
        out.infer(document, document.span(at), Fact::Relationship(fact), why);
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const ENTITIES: &str = "# Tables\n\n- `User`\n- `Order`\n- `Line`\n- `Address`\n- `Cart`\n\n";

    #[test]
    fn trees_with_and_without_cardinalities() {
        check(
            &format!(
                "{ENTITIES}# Shape\n\n```\nUser\n ├── Orders\n │    ├── Lines\n │    └── Address (1:1)\n └── Cart\n```\n\n```text\nCart\n │\n └──── 1:n ──── Line\n```\n\n```\nuser/\n├── order.rs\n└── cart\n```\n"
            ),
            &expect![[r#"
                3 entity-list  entity User
                4 entity-list  entity Order
                5 entity-list  entity Line
                6 entity-list  entity Address
                7 entity-list  entity Cart
                13 relationship-tree  relationship User 1:N Order [inferred: one stands under the other in a drawing]
                14 relationship-tree  relationship Order 1:N Line [inferred: one stands under the other in a drawing]
                15 relationship-tree  relationship Order 1:1 Address [inferred: one stands under the other in a drawing]
                16 relationship-tree  relationship User 1:1 Cart [inferred: one stands under the other in a drawing]
                22 relationship-tree  relationship Cart 1:N Line [inferred: one stands under the other in a drawing]
            "#]],
        );
    }

    #[test]
    fn arrows_between_names_in_a_section_of_relationships() {
        check(
            &format!(
                "{ENTITIES}# Relationships\n\nUser\n\n↓\n\ncreates\n\n↓\n\nOrder\n\n---\n\nCart\n\n↓\n\nLine\n\nAddress\n\n```\nOrder\n  ↓\nLine\n```\n\n# Order flow\n\n```\nCart\n  ↓\nOrder\n```\n"
            ),
            &expect![[r#"
                3 entity-list  entity User
                4 entity-list  entity Order
                5 entity-list  entity Line
                6 entity-list  entity Address
                7 entity-list  entity Cart
                19 relationship-tree  relationship User 1:N Order [inferred: one stands under the other in a drawing]
                27 relationship-tree  relationship Cart 1:N Line [inferred: one stands under the other in a drawing]
                29 relationship-tree  relationship Cart 1:N Address [inferred: one stands under the other in a drawing]
                34 relationship-tree  relationship Order 1:N Line [inferred: one stands under the other in a drawing]
            "#]],
        );
    }
}
