//! Lines of names with cardinalities between them: `Hotel 1───* RoomType 1───* Room`.
//!
//! A line that counts both of its ends names two entities, whether or not anything else describes them.

use underpin_base::Span;

use crate::document::{BlockKind, Document};
use crate::entity_name::read_title;
use crate::notation::mermaid_er::{End, footed, relationship};
use crate::notation::relationship_lines::joined_ends;
use crate::notation::{Mark, Output, entity_fact};
use crate::words::{is_identifier, parenthesized};
use crate::{Fact, RelationshipFact};

pub(super) const DOC: &str = "Lines in a plain code block that join names by strokes with a cardinality at both ends: `Order 1───* Line`.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        let is_plain = code.is_plain() || code.language == "erd";
        if !is_plain || !out.is_open(document, block.range.start) {
            continue;
        }
        let lines = || code.lines().filter(|(line, _)| !line.trim().is_empty());
        // A single line may be an example of something else.
        let counted = lines().filter(|(line, _)| !chains(line).is_empty()).count();
        if counted < 2 || counted * 10 < lines().count() * 6 {
            continue;
        }
        for (line, at) in lines() {
            let span = document.code_span(code, at);
            for (from, left, to, right) in chains(line) {
                state(document, span, relationship(from, left, to, right, None), out);
            }
            out.mark(document, span.range(), Mark::Understood);
        }
    }
}

/// States a relationship of a drawing, and its ends where nothing else describes them.
pub(super) fn state(document: &Document<'_>, span: Span, fact: RelationshipFact, out: &mut Output) {
    for name in [&fact.from, &fact.to] {
        if out.known.get(name).is_none() {
            let reason = "an end of a relationship in a drawing";
            out.infer(document, span, entity_fact(name), reason);
        }
    }
    out.state(document, span, Fact::Relationship(fact));
}

/// The pairs in a line that may hold several chains with a wide gap between them, without remarks such as "(volunteer)".
fn chains(line: &str) -> Vec<(String, End, String, End)> {
    let mut plain = line.to_owned();
    while let Some((before, inside, after)) = parenthesized(&plain)
        && inside.chars().filter(|c| c.is_alphabetic()).count() > 2
    {
        plain = format!("{before}{after}");
    }
    let parts: Vec<_> =
        plain.split("   ").filter(|part| !part.trim().is_empty()).map(chain).collect();
    if parts.len() > 1 && parts.iter().all(|part| !part.is_empty()) {
        return parts.into_iter().flatten().collect();
    }
    chain(&plain)
}

/// The pairs of neighbours in a line; none where a part of it is neither a name nor a counted line.
fn chain(line: &str) -> Vec<(String, End, String, End)> {
    // `users ||--o{ orders : "places"`, as in a diagram whose first line was left out.
    if let Some((from, left, right, to)) = footed(line) {
        let names = entity(from.trim()).zip(entity(to.trim()));
        return names.map(|(from, to)| (from, left, to, right)).into_iter().collect();
    }
    let mut names: Vec<String> = Vec::new();
    let mut ends: Vec<(End, End)> = Vec::new();
    let mut words = line.split_whitespace().peekable();
    while words.peek().is_some() {
        let mut name: Vec<&str> = Vec::new();
        while let Some(word) = words.next_if(|word| is_name(word) && !is_joint(word)) {
            name.push(word);
        }
        let mut joint = String::new();
        while let Some(word) = words.next_if(|word| is_joint(word)) {
            joint.push_str(word.trim_matches(['(', ')', '[', ']']));
        }
        let Some(name) = entity(&name.join(" ")) else { return Vec::new() };
        names.push(name);
        if joint.is_empty() {
            // What is left may only be a remark in brackets.
            if words.peek().is_some_and(|word| !word.starts_with(['(', '#', '%'])) {
                return Vec::new();
            }
            break;
        }
        let Some(counted) = joined_ends(&joint).filter(|_| joint.contains(is_stroke)) else {
            return Vec::new();
        };
        ends.push(counted);
    }
    if ends.is_empty() || names.len() != ends.len() + 1 {
        return Vec::new();
    }
    let pairs = names.windows(2).zip(ends);
    pairs.map(|(pair, (left, right))| (pair[0].clone(), left, pair[1].clone(), right)).collect()
}

/// The entity that the words between two lines name.
fn entity(name: &str) -> Option<String> {
    let is_short = name.split(' ').count() <= 3 && name.split(' ').all(is_identifier);
    let is_thing = is_short && !is_verb(name);
    read_title(name).filter(|title| is_thing && title.not_stored.is_none()).map(|title| title.name)
}

/// Whether a word on a line says how two things are related: "Room ── creates ──< Invoice".
pub(super) fn is_verb(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "belongs to",
        "contains",
        "creates",
        "generates",
        "has",
        "has many",
        "has one",
        "holds",
        "includes",
        "makes",
        "owns",
        "places",
        "produces",
        "receives",
        "references",
        "uses",
    ];
    WORDS.contains(&word)
}

fn is_name(word: &str) -> bool {
    word.len() > 1 && word.starts_with(char::is_alphabetic) && is_identifier(word)
}

fn is_stroke(c: char) -> bool {
    matches!(c, '─' | '-' | '—' | '━')
}

/// A word of strokes and counts: `1───*`, `(1)`, `----<`, `N`, `0..*`.
fn is_joint(word: &str) -> bool {
    let inner = word.trim_matches(['(', ')', '[', ']']);
    !inner.is_empty()
        && inner.chars().all(|c| {
            is_stroke(c)
                || matches!(c, '<' | '>' | '*' | '.' | ':' | '0' | '1' | 'N' | 'M' | 'n' | 'm')
        })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn names_at_both_ends_are_entities() {
        check(
            "# ERD\n\n```\nHotel 1───* RoomType 1───* Room\nRoom 1───* Task *───1 User (assignee)\nHotel (1) ----< (*) License\nOrder N───M Order Tag\n```\n",
            &expect![[r#"
                4 drawn-relationships  entity Hotel [inferred: an end of a relationship in a drawing]
                4 drawn-relationships  entity RoomType [inferred: an end of a relationship in a drawing]
                4 drawn-relationships  relationship Hotel 1:N RoomType
                4 drawn-relationships  entity Room [inferred: an end of a relationship in a drawing]
                4 drawn-relationships  relationship RoomType 1:N Room
                5 drawn-relationships  entity Task [inferred: an end of a relationship in a drawing]
                5 drawn-relationships  relationship Room 1:N Task
                5 drawn-relationships  entity User [inferred: an end of a relationship in a drawing]
                5 drawn-relationships  relationship User 1:N Task
                6 drawn-relationships  entity License [inferred: an end of a relationship in a drawing]
                6 drawn-relationships  relationship Hotel 1:N License
                7 drawn-relationships  entity Order [inferred: an end of a relationship in a drawing]
                7 drawn-relationships  entity Order Tag [inferred: an end of a relationship in a drawing]
                7 drawn-relationships  relationship Order N:M Order Tag
            "#]],
        );
    }

    #[test]
    fn other_drawings_are_left() {
        check(
            "# Flow\n\n```\nBrowser ---> Server\nServer ---> Database\n```\n\n```\nstep 1 -- 2 done\nA 1---* B\nwait for it\n```\n",
            &expect![[r#"
                4 R005 the states `Browser ---> Server` belong to no entity
                5 R005 the states `Server ---> Database` belong to no entity
            "#]],
        );
    }

    #[test]
    fn lines_with_feet_without_the_line_that_begins_a_diagram() {
        check(
            "# ERD\n\n```\nguests ||--o{ stays : \"makes (guest_id)\"\nstays }o--|| rooms: \"in\"\n```\n\n```\na || b\nc || d\n```\n",
            &expect![[r#"
                4 drawn-relationships  entity guests [inferred: an end of a relationship in a drawing]
                4 drawn-relationships  entity stays [inferred: an end of a relationship in a drawing]
                4 drawn-relationships  relationship guests 1:N stays from:required to:optional
                5 drawn-relationships  entity rooms [inferred: an end of a relationship in a drawing]
                5 drawn-relationships  relationship rooms 1:N stays from:required to:optional
            "#]],
        );
    }

    #[test]
    fn several_chains_in_a_line_and_remarks() {
        check(
            "## Entities\n\n```\nshops 1--n users\nshops 1--n orders 1--n loads n--1 vans\n       orders 1--n tickets      vans 1--n tickets\nusers (driver) 1--n loads\nlogs (append-only)\n```\n",
            &expect![[r#"
                4 drawn-relationships  entity shops [inferred: an end of a relationship in a drawing]
                4 drawn-relationships  entity users [inferred: an end of a relationship in a drawing]
                4 drawn-relationships  relationship shops 1:N users
                5 drawn-relationships  entity orders [inferred: an end of a relationship in a drawing]
                5 drawn-relationships  relationship shops 1:N orders
                5 drawn-relationships  entity loads [inferred: an end of a relationship in a drawing]
                5 drawn-relationships  relationship orders 1:N loads
                5 drawn-relationships  entity vans [inferred: an end of a relationship in a drawing]
                5 drawn-relationships  relationship vans 1:N loads
                6 drawn-relationships  entity tickets [inferred: an end of a relationship in a drawing]
                6 drawn-relationships  relationship orders 1:N tickets
                6 drawn-relationships  relationship vans 1:N tickets
                7 drawn-relationships  relationship users 1:N loads
            "#]],
        );
    }
}
