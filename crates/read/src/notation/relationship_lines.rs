//! Lines that relate two entities: `User 1 ──── N Order`, "has many", `A → B (1:N)`.

use std::ops::Range;

use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::notation::mermaid_er::{End, relationship};
use crate::notation::relationship_verbs::{MANY, ONE, SOME, VERBS, ZERO_OR_ONE};
use crate::words::{
    code_spans, fold, lower_words, parenthesized, strip_prefix_ignoring_case, unquote,
};
use crate::{Fact, RelationshipFact};

pub(super) const DOC: &str = "A line, item or heading that relates two entities with a cardinality or a verb such as \"has many\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, section) in document.sections.iter().enumerate() {
        let owner = section.parent.and_then(|parent| out.entity_of(document, Some(parent)));
        let _ = index;
        if out.is_open(document, section.range.start) {
            read_line(
                document,
                &section.title.text,
                section.range.clone(),
                owner.as_deref(),
                true,
                out,
            );
        }
    }
    for (index, block) in document.blocks.iter().enumerate() {
        match &block.kind {
            BlockKind::List(list) => {
                let owner = out.entity_of(document, block.section);
                let topic = is_relationship_topic(document, index);
                let mut under: Vec<bool> = Vec::with_capacity(list.items.len());
                for item in &list.items {
                    let text = &item.content.text;
                    let inside = item.parent.map_or(topic, |parent| under[parent]);
                    let is_label = text.trim_end().ends_with(':') || item.content.strong;
                    under.push(inside || is_label && says_relationship(text));
                    let Some(first) = item.content.lines.first() else { continue };
                    if out.is_open(document, first.range.start) {
                        read_line(
                            document,
                            text,
                            item.content.range(),
                            owner.as_deref(),
                            inside,
                            out,
                        );
                    }
                }
            }
            BlockKind::Paragraph(inline) => {
                let owner = out.entity_of(document, block.section);
                let label = inline.label.trim_end_matches(':');
                let topic = says_relationship(label) || is_relationship_topic(document, index);
                for line in &inline.lines {
                    if !out.is_open(document, line.range.start) {
                        continue;
                    }
                    let text = line.text.strip_prefix(label).map_or(line.text.as_str(), |rest| {
                        if says_relationship(label) {
                            rest.trim_start_matches([':', ' '])
                        } else {
                            &line.text
                        }
                    });
                    read_line(document, text, line.range.clone(), owner.as_deref(), topic, out);
                }
            }
            BlockKind::Code(code)
                if matches!(
                    code.language.as_str(),
                    "" | "text" | "txt" | "ascii" | "plaintext"
                ) =>
            {
                for (line, at) in code.lines() {
                    let span = document.code_span(code, at);
                    if out.is_open(document, span.range().start) && line.len() < 300 {
                        if let Some(fact) = cardinality_line(line, out) {
                            state(document, span.range(), fact, out);
                        }
                    }
                }
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

fn is_relationship_topic(document: &Document<'_>, block: usize) -> bool {
    let lead = document.lead(block).is_some_and(says_relationship);
    lead || document
        .path_of(document.blocks[block].section)
        .take(2)
        .any(|section| says_relationship(document.title(section)))
}

fn says_relationship(text: &str) -> bool {
    lower_words(text).iter().any(|word| {
        matches!(
            word.as_str(),
            "relationship"
                | "relationships"
                | "relations"
                | "relation"
                | "associations"
                | "cardinality"
                | "cardinalities"
        )
    })
}

fn state(document: &Document<'_>, range: Range<usize>, fact: RelationshipFact, out: &mut Output) {
    out.state(document, document.span(range), Fact::Relationship(fact));
}

fn read_line(
    document: &Document<'_>,
    text: &str,
    range: Range<usize>,
    owner: Option<&str>,
    topic: bool,
    out: &mut Output,
) {
    if text.len() > 600 {
        return;
    }
    if let Some(fact) = cardinality_line(text, out) {
        state(document, range, fact, out);
        return;
    }
    if let Some(fact) = labelled_arrow(text, out) {
        state(document, range, fact, out);
        return;
    }
    if let Some(fact) = many_to_many(text, owner, out) {
        state(document, range, fact, out);
        return;
    }
    let facts = verb_phrases(text, owner, topic, out);
    for fact in facts {
        state(document, range.clone(), fact, out);
    }
}

/// One end of a cardinality: `1`, `N`, `*`, `0..*`, `1..N`.
fn end(text: &str) -> Option<End> {
    Some(match text.trim_matches(['(', ')', '[', ']', '"']).to_lowercase().as_str() {
        "1" | "one" | "1..1" => ONE,
        "0..1" | "0|1" | "zero or one" => ZERO_OR_ONE,
        "n" | "m" | "*" | "many" | "∞" | "0..*" | "0..n" | "0..m" | "0+" => MANY,
        "1..*" | "1..n" | "1..m" | "1+" => SOME,
        _ => return None,
    })
}

/// The two ends that a word such as `1:N`, `M:N`, `1:1..N`, "One-to-Many" states.
fn pair(text: &str) -> Option<(End, End)> {
    let text = text.trim().trim_matches(['(', ')', '[', ']', '`', '*', ' ']);
    if let Some((left, right)) = text.split_once(':') {
        return Some((end(left.trim())?, end(right.trim())?));
    }
    let lower = text.to_lowercase().replace(['-', ' '], "");
    Some(match lower.as_str() {
        "onetomany" | "1ton" | "1tomany" | "oneton" => (ONE, MANY),
        "manytoone" | "nto1" | "manyto1" => (MANY, ONE),
        "manytomany" | "nton" | "mton" | "ntom" => (MANY, MANY),
        "onetoone" | "1to1" => (ONE, ONE),
        _ => return None,
    })
}

/// `User 1:N Order`, `User 1 ──── N Order`, `User ──1:N── Order`, `A → B (1:N)`.
fn cardinality_line(text: &str, out: &Output) -> Option<RelationshipFact> {
    // A whole line set as code, with a remark after it.
    if let Some((code, remark)) =
        text.trim().strip_prefix('`').and_then(|rest| rest.split_once('`'))
    {
        if code.contains(' ') {
            let mut fact = cardinality_line(code, out)?;
            if remark.starts_with(" through") && fact.from != fact.to {
                fact.through = fact.through.or_else(|| through(remark));
            }
            return Some(fact);
        }
    }
    let text = text.trim().trim_start_matches(['│', '├', '└', '─', '|', ' ']);
    let (head, inside, after) = match parenthesized(text) {
        Some((head, inside, after)) => (head.trim(), inside, after),
        None => (text, "", ""),
    };
    let through = through(&format!("{inside} {after}"));
    // A → B (1:N)
    let bracket = parenthesized(text)
        .and_then(|(_, inside, _)| pair(inside.split([',', ';']).next().unwrap_or_default()));
    if let Some((left, right)) = bracket {
        if let Some((a, b)) = arrow_ends(head) {
            let (a, b) = (entity(a, out)?, entity(b, out)?);
            let mut fact = relationship(a, left, b, right, None);
            fact.through = through;
            fact.on_delete = on_delete(inside);
            return Some(fact);
        }
    }
    let words: Vec<&str> = head.split_whitespace().collect();
    if words.len() > 14 {
        return None;
    }
    for (at, word) in words.iter().enumerate().skip(1) {
        let (ends, width) = if let Some(ends) = joined_ends(word) {
            (Some(ends), 1)
        } else if at + 2 < words.len() && is_line(words[at + 1]) {
            (end(word).zip(end(words[at + 2])), 3)
        } else {
            (None, 1)
        };
        let Some((left, right)) = ends else { continue };
        if at + width >= words.len() {
            continue;
        }
        let a = entity(&words[..at].join(" "), out)?;
        let rest = words[at + width..].join(" ");
        let b = entity(&rest, out).or_else(|| entity(words[at + width], out))?;
        let mut fact = relationship(a, left, b, right, None);
        fact.through = through;
        return Some(fact);
    }
    None
}

/// Ends joined by a line in one word: `1:N`, `1──N`, `──1:N──`, `1--*`.
fn joined_ends(word: &str) -> Option<(End, End)> {
    let inner = word
        .trim_matches(|c: char| matches!(c, '─' | '-' | '—' | '>' | '<' | '━' | '→' | '◄' | '►'));
    if let Some(ends) = pair(inner) {
        return Some(ends);
    }
    let is_stroke = |c: char| matches!(c, '─' | '-' | '—' | '━' | '>' | '<' | '→' | '↔');
    let at = inner.find(is_stroke)?;
    let (left, rest) = inner.split_at(at);
    let right = rest.trim_start_matches(is_stroke);
    Some((end(left)?, end(right)?))
}

fn is_line(word: &str) -> bool {
    !word.is_empty()
        && word.chars().all(|c| matches!(c, '─' | '-' | '—' | '━' | '>' | '<' | '→' | '↔' | ':'))
}

/// The two sides of an arrow.
fn arrow_ends(text: &str) -> Option<(&str, &str)> {
    ["↔", "<->", "←→", "⟷", "→", "->", "—>", "⟶", "=>"]
        .iter()
        .find_map(|arrow| text.split_once(arrow))
}

/// `**One-to-Many**: User → Requisitions (as requestor)`, `A --hasMany--> B`.
fn labelled_arrow(text: &str, out: &Output) -> Option<RelationshipFact> {
    if let Some((label, rest)) = text.split_once(':') {
        if let Some((left, right)) = pair(label) {
            let (head, inside) =
                parenthesized(rest).map_or((rest, ""), |(head, inside, _)| (head, inside));
            let (a, b) = arrow_ends(head)?;
            let mut fact = relationship(entity(a, out)?, left, entity(b, out)?, right, None);
            if inside.eq_ignore_ascii_case("optional") {
                fact.from_required = Some(false);
            } else if inside.to_lowercase().starts_with("as ") || is_word(inside) {
                fact.label = Some(inside.trim_start_matches("as ").to_owned());
            }
            return Some(fact);
        }
    }
    let (a, rest) = text.split_once(" --")?;
    let (verb, b) = rest.split_once("-->")?;
    let lower = verb.trim().to_lowercase();
    let (left, right) = match lower.as_str() {
        "hasmany" | "has many" => (ONE, MANY),
        "hasone" | "has one" => (ONE, ONE),
        "belongsto" | "belongs to" => (MANY, ONE),
        "manytomany" | "belongstomany" | "hasandbelongstomany" => (MANY, MANY),
        _ => return None,
    };
    Some(relationship(entity(a, out)?, left, entity(b, out)?, right, None))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}

/// The name of a known entity, however it is spelled.
fn entity(text: &str, out: &Output) -> Option<String> {
    let text = text.trim().trim_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | '-' | '│' | '├' | '└' | '─' | '▶' | '*' | ' ')
    });
    let text = ["One ", "A ", "An ", "Each ", "Every ", "The ", "Existing "]
        .iter()
        .find_map(|lead| strip_prefix_ignoring_case(text, lead))
        .unwrap_or(text);
    let code = code_spans(text);
    if let [one] = code.as_slice() {
        return Some(out.known.get(one).map_or_else(|| (*one).to_owned(), str::to_owned));
    }
    let name = unquote(parenthesized(text).map_or(text, |(before, _, _)| before));
    out.known.get(name).map(str::to_owned)
}

fn through(text: &str) -> Option<String> {
    for mark in ["through ", "via ", "using "] {
        if let Some((_, rest)) = text.split_once(mark) {
            let name = match code_spans(rest).first() {
                Some(code) if rest.trim_start().starts_with('`') => (*code).to_owned(),
                _ => rest
                    .trim_start()
                    .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            };
            if !name.is_empty() {
                return Some(name);
            }
        }
    }
    None
}

fn on_delete(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    ["cascade", "restrict", "set null", "no action"]
        .iter()
        .find(|&&action| {
            lower.contains(&format!("{action} delete"))
                || lower.contains(&format!("on delete {action}"))
                || lower.contains("delete") && lower.contains(action)
        })
        .map(|&action| action.to_owned())
}

/// "User has many Orders", and under an entity's heading "Has many Orders, Notes".
fn verb_phrases(
    text: &str,
    owner: Option<&str>,
    topic: bool,
    out: &Output,
) -> Vec<RelationshipFact> {
    let mut facts = Vec::new();
    // `Country` (Many-to-One, Restrict delete), under an entity's heading.
    if let (Some(owner), Some((head, inside, _)), true) = (owner, parenthesized(text), topic) {
        if let (Some((left, right)), Some(target)) =
            (inside.split([',', ';']).next().and_then(pair), entity(head, out))
        {
            let mut fact = relationship(owner.to_owned(), left, target, right, None);
            fact.on_delete = on_delete(inside);
            fact.through = through(inside);
            return vec![fact];
        }
    }
    // "Has many A, has many B": each part that a verb begins stands for itself.
    let mut parts: Vec<&str> = Vec::new();
    for sentence in text.split(['.', ';']) {
        parts.push(sentence);
    }
    for part in parts {
        if facts.len() > 40 {
            break;
        }
        part_facts(part, owner, topic, out, &mut facts);
    }
    facts
}

fn find_verb(lower: &str) -> Option<(usize, &'static (&'static str, End, End))> {
    VERBS
        .iter()
        .filter_map(|verb| {
            let at = lower.find(verb.0)?;
            let before = lower[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let after = lower[at + verb.0.len()..].starts_with([' ', ':', '`']);
            (before && after).then_some((at, verb))
        })
        .min_by_key(|&(at, verb)| (at, usize::MAX - verb.0.len()))
}

fn part_facts(
    part: &str,
    owner: Option<&str>,
    topic: bool,
    out: &Output,
    facts: &mut Vec<RelationshipFact>,
) {
    let lower = part.to_ascii_lowercase();
    if lower.contains(" not ") || lower.contains("no foreign key") || lower.contains("cannot") {
        return;
    }
    let Some((at, &(verb, left, right))) = find_verb(&lower) else { return };
    let subject = part[..at].trim().trim_start_matches(['-', '*', ' ']);
    let subject = match subject {
        "" => owner.map(str::to_owned),
        text => entity(text, out).or_else(|| last_known(text, out)),
    };
    let Some(subject) = subject else { return };
    // "at most one cart with status active" is a rule about some rows, no cardinality.
    if verb.contains("one")
        && [" with ", " whose ", " where ", " per ", " active "]
            .iter()
            .any(|mark| lower[at..].contains(mark))
    {
        return;
    }
    let mut rest = &part[at + verb.len()..];
    let mut next = None;
    // "has many Notes and Files, many-to-many with Tags" goes on with another verb.
    let lower_rest = rest.to_ascii_lowercase();
    if let Some((at, _)) = find_verb(&lower_rest) {
        let cut = lower_rest[..at].rfind([',', ';']).unwrap_or(at);
        if lower_rest[cut..at].trim_matches([',', ' ']).is_empty() {
            next = Some(&rest[at..]);
            rest = &rest[..cut];
        }
    }
    // "through `parent_id`" names the field of the reference, no join entity.
    let through = through(rest).filter(|name| !name.ends_with("_id") && !name.ends_with("Id"));
    let delete = on_delete(rest);
    let objects = objects(rest, topic, out);
    for object in objects {
        let mut fact = relationship(subject.clone(), left, object, right, None);
        fact.through.clone_from(&through);
        fact.on_delete.clone_from(&delete);
        facts.push(fact);
    }
    if let Some(next) = next {
        let before = facts.len();
        part_facts(next, Some(&subject), topic, out, facts);
        let _ = before;
    }
}

/// "Join table for many-to-many User ↔ Role", "Many–many between profiles and skills".
fn many_to_many(text: &str, owner: Option<&str>, out: &Output) -> Option<RelationshipFact> {
    let plain = text.replace(['–', '—'], "-");
    let lower = plain.to_ascii_lowercase();
    let at = ["many-to-many", "many-many", "many to many"]
        .iter()
        .find_map(|mark| lower.find(mark).map(|at| at + mark.len()))?;
    let rest = plain.get(at..)?.split(['.', ',', ';']).next()?;
    let (a, b) = match arrow_ends(rest) {
        Some(ends) => ends,
        None => rest.split_once(" between ")?.1.split_once(" and ")?,
    };
    let (a, b) = (last_known(a, out)?, first_known(b, out)?);
    let mut fact = relationship(a, MANY, b, MANY, None);
    // The entity that is described so joins the two.
    fact.through = owner
        .filter(|owner| fold(owner) != fold(&fact.from) && fold(owner) != fold(&fact.to))
        .map(str::to_owned);
    Some(fact)
}

/// The known entities in a list such as "Notes, Authors and `Tag` rows through `x`".
fn objects(text: &str, topic: bool, out: &Output) -> Vec<String> {
    let end = ["through ", " via ", "(", " by ", " for ", " with ", " when ", " in ", " at "]
        .iter()
        .filter_map(|mark| text.find(mark))
        .min()
        .unwrap_or(text.len());
    let mut found: Vec<String> = Vec::new();
    let list = text[..end].replace(" and ", ",").replace(" or ", ",").replace(" & ", ",");
    for part in list.split(',') {
        let name = entity(part, out).filter(|name| {
            // A name set as code that no document describes is taken only where relationships are listed.
            topic || out.known.get(name).is_some()
        });
        if let Some(name) = name.or_else(|| first_known(part, out)) {
            if !found.iter().any(|other| fold(other) == fold(&name)) {
                found.push(name);
            }
        }
    }
    found
}

/// The longest run of words that names a known entity and begins the text.
fn first_known(text: &str, out: &Output) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().take(6).collect();
    for start in 0..words.len().min(3) {
        for end in (start + 1..=words.len().min(start + 3)).rev() {
            let name = words[start..end].join(" ");
            if let Some(name) = out.known.get(unquote(&name)) {
                return Some(name.to_owned());
            }
        }
    }
    None
}

/// The longest run of words that names a known entity and ends the text.
fn last_known(text: &str, out: &Output) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = &words[words.len().saturating_sub(6)..];
    for end in (words.len().saturating_sub(2)..=words.len()).rev() {
        for start in end.saturating_sub(3)..end {
            let name = words[start..end].join(" ");
            if let Some(name) = out.known.get(unquote(&name)) {
                return Some(name.to_owned());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const ENTITIES: &str = "# User\n| Field | Type |\n|-|-|\n| id | int |\n# Order\n| Field | Type |\n|-|-|\n| id | int |\n# Tag\n| Field | Type |\n|-|-|\n| id | int |\n";

    #[test]
    fn cardinalities_and_verbs() {
        check(
            &format!(
                "{ENTITIES}# Relationships\n\n- User 1 ──── N Order\n- `User` 1:N `Order`\n- User has many Orders and Tags\n- Each order belongs to exactly one user\n- Order N:M Tag (through OrderTag)\n- **One-to-Many**: User → Orders (as buyer)\n\n### User ↔ Tag (Many-to-Many)\n"
            ),
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  entity Order
                8 field-table  field Order.id int
                9 field-table  entity Tag
                12 field-table  field Tag.id int
                15 relationship-lines  relationship User 1:N Order
                16 relationship-lines  relationship User 1:N Order
                17 relationship-lines  relationship User 1:N Order
                17 relationship-lines  relationship User 1:N Tag
                18 relationship-lines  relationship User 1:N Order from:required
                19 relationship-lines  relationship Order N:M Tag through OrderTag
                20 relationship-lines  relationship User 1:N Order "buyer"
                22 relationship-lines  relationship User N:M Tag
            "#]],
        );
    }

    #[test]
    fn verbs_under_an_entity() {
        check(
            &format!(
                "# A\n{ENTITIES}\n**Relationships:** Many-to-many with Orders (via `order_tags`), has many Users.\n"
            ),
            &expect![[r#"
                2 field-table  entity User
                5 field-table  field User.id int
                6 field-table  entity Order
                9 field-table  field Order.id int
                10 field-table  entity Tag
                13 field-table  field Tag.id int
                15 relationship-lines  relationship Tag N:M Order through order_tags
                15 relationship-lines  relationship Tag 1:N User
            "#]],
        );
    }
}
