//! Fields that stand bare below the heading of what has them: "batch, measured at, temperature, ph (optional)".

use super::inline_fields::Named;
use super::property_list::list;
use super::tag::{Tag, Token};

/// "batch, measured at, temperature, ph (optional)" below the heading of what has them.
pub(super) fn find(text: &str, tokens: &[Token]) -> Option<Named> {
    const LEAST: usize = 3;
    let is_said = |it: &Token| {
        matches!(it.tag, Tag::Modal | Tag::Auxiliary | Tag::Subordinator)
            || it.is_any(&[":", ";", "is", "are", "has", "have", "the", "with", "we", "not", "no"])
    };
    if text.matches(',').count() < LEAST - 1 || tokens.iter().any(is_said) || text.contains(". ") {
        return None;
    }
    let listed = crate::words::split_top(text.trim_end_matches('.'), &[',']);
    let is_short =
        |part: &&str| part.split(" (").next().is_some_and(|it| it.split_whitespace().count() <= 3);
    let fields = list(text, LEAST - 1, LEAST);
    let are_all = listed.iter().all(is_short) && fields.len() >= listed.len();
    are_all.then_some(Named { owner: None, fields })
}
