//! Cardinalities and arrows: `1:N`, `1 ──── N`, "One-to-Many", `A → B (1:N)`.

use crate::RelationshipFact;
use crate::notation::Output;
use crate::notation::mermaid_er::{End, relationship};
use crate::notation::relationship_verbs::{MANY, ONE, SOME, ZERO_OR_ONE};
use crate::words::parenthesized;

use super::name::{entity, on_delete, through};

/// One end of a cardinality: `1`, `N`, `*`, `0..*`, `1..N`.
fn end(text: &str) -> Option<End> {
    Some(match text.trim_matches(['(', ')', '[', ']', '"']).to_lowercase().as_str() {
        "1" | "one" | "1..1" => ONE,
        "0..1" | "0|1" | "zero or one" | "?" => ZERO_OR_ONE,
        "n" | "m" | "*" | "many" | "∞" | "0..*" | "0..n" | "0..m" | "0+" => MANY,
        "1..*" | "1..n" | "1..m" | "1+" => SOME,
        _ => return None,
    })
}

/// The two ends that a word such as `1:N`, `M:N`, `1:1..N`, "One-to-Many" states.
pub(in crate::notation) fn pair(text: &str) -> Option<(End, End)> {
    let text = text.trim().trim_matches(['(', ')', '[', ']', '`', '*', ' ']);
    if let Some((left, right)) = text.split_once(':') {
        return Some((end(left.trim())?, end(right.trim())?));
    }
    let lower = text.to_lowercase().replace(['-', ' '], "");
    Some(match lower.as_str() {
        "onetomany"
        | "1ton"
        | "1tomany"
        | "oneton"
        | "unoamuchos"
        | "umparamuitos"
        | "unàplusieurs"
        | "einszuviele"
        | "одинкомногим" => (ONE, MANY),
        "manytoone"
        | "nto1"
        | "manyto1"
        | "muchosauno"
        | "muitosparaum"
        | "plusieursàun"
        | "vielezueins"
        | "многиекодному" => (MANY, ONE),
        "manytomany"
        | "nton"
        | "mton"
        | "ntom"
        | "muchosamuchos"
        | "muitosparamuitos"
        | "plusieursàplusieurs"
        | "vielezuviele"
        | "многиекомногим" => (MANY, MANY),
        "onetoone" | "1to1" | "unoauno" | "umparaum" | "unàun" | "einszueins" | "одинкодному" => {
            (ONE, ONE)
        }
        _ => return None,
    })
}

/// `User 1:N Order`, `User 1 ──── N Order`, `User ──1:N── Order`, `A → B (1:N)`.
pub(super) fn cardinality_line(text: &str, out: &Output) -> Option<RelationshipFact> {
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
    // "Order → Invoice = 1 : 0..1"
    if let Some((names, count)) = text.rsplit_once(" = ")
        && let (Some((left, right)), Some((a, b))) = (pair(count), arrow_ends(names))
    {
        return Some(relationship(entity(a, out)?, left, entity(b, out)?, right, None));
    }
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
        } else if word.contains("..") && at + 2 == words.len() {
            // "Order 1..* OrderLine": only the other end is counted.
            (end(word).map(|there| (ONE, there)), 1)
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

/// "Owner to Pet: one-to-many", "Owner - Pet: 1:N", "Many-to-many between Vet and Pet", "Owner (1) — (N) Pet".
pub(in crate::notation) fn worded_line(text: &str, out: &Output) -> Option<RelationshipFact> {
    let text = text.trim().trim_end_matches('.');
    let two = |names: &str| {
        let marks = [" to ", " and ", " - ", " – ", " — ", " → ", " ↔ ", "/"];
        let (a, b) = marks.iter().find_map(|mark| names.split_once(mark))?;
        let bare = |name: &'_ str| {
            let name = name.trim();
            let articles = ["a ", "an ", "the ", "each "];
            let rest = articles.iter().find_map(|article| name.strip_prefix(article));
            entity(rest.unwrap_or(name), out)
        };
        Some((bare(a)?, bare(b)?))
    };
    if let Some((names, count)) = text.rsplit_once(": ")
        && let Some((left, right)) = pair(count)
    {
        let (a, b) = two(names)?;
        return Some(relationship(a, left, b, right, None));
    }
    if let Some((count, names)) = text.split_once(" between ")
        // "There is a `1:N` relationship between a guest and stays".
        && let Some((left, right)) = pair(
            ["There is a ", "There is an ", "a "]
                .iter()
                .find_map(|lead| count.strip_prefix(lead))
                .unwrap_or(count)
                .trim_end_matches(" relationship"),
        )
    {
        let (a, b) = two(names)?;
        return Some(relationship(a, left, b, right, None));
    }
    // Counts in brackets on either side of a line.
    let is_count =
        |word: &&str| word.starts_with('(') && word.ends_with(')') && end(word).is_some();
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.iter().filter(|word| is_count(word)).count() != 2 {
        return None;
    }
    let bare: Vec<&str> = words
        .iter()
        .map(|word| if is_count(word) { word.trim_matches(['(', ')']) } else { word })
        .collect();
    cardinality_line(&bare.join(" "), out)
}

/// `User (1) ──< Link (N)  via link.userId`, `Link >──< Tag`: the foot of a crow stands at the many.
pub(super) fn crow_line(text: &str, out: &Output) -> Option<RelationshipFact> {
    let text = text.trim().trim_matches('`');
    let is_foot = |c: char| matches!(c, '<' | '>' | '{' | '}');
    let is_stroke = |c: char| matches!(c, '─' | '-' | '—' | '━');
    let word = text.split_whitespace().find(|word| {
        word.chars().all(|c| is_foot(c) || is_stroke(c) || matches!(c, 'o' | '|'))
            && word.contains(is_stroke)
            && (word.ends_with(['<', '{']) || word.starts_with(['>', '}']))
    })?;
    let (left, right) = text.split_once(word)?;
    let side = |text: &str, foot: bool| {
        let (name, inside, rest) = parenthesized(text).unwrap_or((text, "", ""));
        let counted = end(inside.trim());
        let name = if inside.is_empty() || counted.is_none() { text } else { name };
        let name = name.split(" via ").next().unwrap_or(name).trim();
        // "(N) Link": the count stands first.
        let name = if name.is_empty() { rest.trim() } else { name };
        let known = entity(name, out)?;
        Some((known, counted.unwrap_or(if foot { MANY } else { ONE })))
    };
    let (a, left) = side(left, word.starts_with(['>', '}']))?;
    let (b, right_end) = side(right, word.ends_with(['<', '{']))?;
    let mut fact = relationship(a, left, b, right_end, None);
    fact.through = through(right).filter(|_| left.many && right_end.many);
    Some(fact)
}

/// "**Author**: Many-to-One relationship with User" of the entity that the heading names.
pub(super) fn with_other(
    text: &str,
    owner: Option<&str>,
    out: &Output,
) -> Option<RelationshipFact> {
    let said = text.split_once(':').map_or(text, |(_, said)| said).trim();
    let (word, rest) = said.split_once(' ')?;
    let (left, right) = pair(word)?;
    let rest =
        ["relationship with ", "relation with ", "relationship to ", "relation to ", "with "]
            .iter()
            .find_map(|lead| rest.strip_prefix(lead))?;
    let (name, _, after) = parenthesized(rest).unwrap_or((rest, "", ""));
    // What goes on, and what needs a join, is read with more care.
    let goes_on = name.contains([',', ';']) || after.contains(char::is_alphanumeric);
    if goes_on || left.many && right.many {
        return None;
    }
    let name = name.trim().trim_end_matches('.');
    Some(relationship(owner?.to_owned(), left, entity(name, out)?, right, None))
}

/// Ends joined by a line in one word: `1:N`, `1──N`, `──1:N──`, `1--*`.
pub(in crate::notation) fn joined_ends(word: &str) -> Option<(End, End)> {
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
pub(in crate::notation) fn arrow_ends(text: &str) -> Option<(&str, &str)> {
    ["↔", "<->", "←→", "⟷", "→", "->", "—>", "⟶", "=>"]
        .iter()
        .find_map(|arrow| text.split_once(arrow))
}

/// `**One-to-Many**: User → Requisitions (as requestor)`, `A --hasMany--> B`.
pub(super) fn labelled_arrow(text: &str, out: &Output) -> Option<RelationshipFact> {
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
    let (a, rest) = text.split_once(" --").or_else(|| text.split_once(" ──"))?;
    let (verb, b) = ["-->", "──>", "──►", "──▶", "──→", "─>", "─►"]
        .iter()
        .find_map(|arrow| rest.split_once(arrow))?;
    let b = b.trim().split(['.', ' ']).next()?;
    let lower = verb.trim_matches(|c: char| matches!(c, '-' | '─' | ' ')).to_lowercase();
    let (left, right) = match lower.as_str() {
        "hasmany" | "has many" | "referenced by" | "owns" | "contains" | "creates" | "has" => {
            (ONE, MANY)
        }
        "hasone" | "has one" => (ONE, ONE),
        "belongsto" | "belongs to" | "references" | "owned by" | "created by" => (MANY, ONE),
        "manytomany" | "belongstomany" | "hasandbelongstomany" => (MANY, MANY),
        _ => return None,
    };
    Some(relationship(entity(a, out)?, left, entity(b, out)?, right, None))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}
