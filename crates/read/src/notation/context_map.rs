//! How contexts work together: context maps and integration patterns. They connect parts of the
//! software, not rows, so their arrows and tables are taken out of the way of what relates entities.

use underpin_base::{Diagnostic, Phrases};

use crate::document::{BlockKind, Document};
use crate::notation::{Mark, Output};
use crate::words::{find_ignoring_case, fold, lower_words, strip_prefix_ignoring_case};

const ARROWS: &[&str] = &["<-->", "<->", "-->", "->", "=>", "→", "↔", "⇒", "⟶", "<--", "<-", "←"];

/// Sets the lines of a document aside that say how the given contexts work together.
pub(super) fn set_aside(document: &Document<'_>, contexts: &[String], out: &mut Output) {
    let known = &*out;
    let found = document.find_in_blocks(|index, found| {
        let block = &document.blocks[index];
        let is_map = document.path_of(block.section).any(|it| is_context_map(document.title(it)));
        let is_meant =
            |text: &str| is_map && names_pattern(text) || joins_contexts(text, contexts, known);
        let mut places = Vec::new();
        match &block.kind {
            BlockKind::Table(table) => {
                let has = |word: &str| {
                    table.header.iter().any(|cell| {
                        find_ignoring_case(&cell.text, word).is_some()
                            && lower_words(&cell.text).iter().any(|it| it == word)
                    })
                };
                if is_map && has("pattern") || has("upstream") && has("downstream") {
                    places.push(block.range.clone());
                }
            }
            BlockKind::Paragraph(inline) => {
                for line in &inline.lines {
                    if is_meant(&line.text) {
                        places.push(line.range.clone());
                    }
                }
            }
            BlockKind::List(list) => {
                for item in &list.items {
                    if is_meant(&item.content.text) {
                        places.push(item.content.range());
                    }
                }
            }
            BlockKind::Code(code) => {
                for (line, range) in code.lines() {
                    if is_meant(line) {
                        places.push(document.code_span(code, range).range());
                    }
                }
            }
        }
        places.retain(|place| known.is_open(document, place.start));
        if !places.is_empty() {
            found.push(places);
        }
    });
    for places in found {
        let Some(first) = places.first() else { continue };
        let span = document.span(first.clone());
        out.diagnostics.push(
            Diagnostic::note(
                crate::code::CONTEXT_INTEGRATION,
                "this says how contexts are integrated: it relates no entities".to_owned(),
            )
            .at(span, "")
            .help("a reference between rows of two contexts is stated of their entities"),
        );
        for place in places {
            out.mark(document, place, Mark::SetAside);
        }
    }
}

fn is_context_map(title: &str) -> bool {
    let words = lower_words(title);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let of_contexts = has(&["context", "contexts"]);
    has(&["integration", "integrations"]) && (has(&["pattern", "patterns"]) || of_contexts)
        || of_contexts && has(&["map", "mapping", "relationships", "between", "communication"])
}

/// The patterns of Evans' "Domain-Driven Design", chapter 14.
fn names_pattern(text: &str) -> bool {
    let words = lower_words(text).join(" ");
    [
        "customer supplier",
        "supplier customer",
        "conformist",
        "anti corruption",
        "anticorruption",
        "published language",
        "open host",
        "shared kernel",
        "partnership",
        "separate ways",
        "domain event",
        "domain events",
        "via events",
        "event bus",
    ]
    .iter()
    .any(|pattern| words.contains(pattern))
        || words.split(' ').any(|word| matches!(word, "acl" | "ohs"))
}

/// Whether an arrow leads from one context to another: "Orders -> Billing via events". Where both are
/// entities as well, it may relate those.
fn joins_contexts(text: &str, contexts: &[String], out: &Output) -> bool {
    if contexts.is_empty() {
        return false;
    }
    let Some((before, after)) = text.cut_at_any(ARROWS) else {
        return false;
    };
    let named = |text: &str, at_end: bool| -> Option<bool> {
        let text = text.trim().trim_start_matches(['-', '>', '*', ' ']).trim_matches('`').trim();
        contexts.iter().find_map(|context| {
            let is_there = if at_end {
                fold(text) == fold(context) || fold(text) == fold(&format!("{context} Context"))
            } else {
                strip_prefix_ignoring_case(text, context)
                    .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            };
            is_there.then(|| out.known.get(context).is_some())
        })
    };
    match (named(before, true), named(after, false)) {
        (Some(first), Some(second)) => !(first && second),
        _ => false,
    }
}
