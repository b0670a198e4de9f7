//! What the notations for code share: a scanner, and the decision which of the declared types are
//! stored.

mod declared;
mod macro_call;
mod place;
mod settle;
mod token;

pub(crate) use declared::{Declared, Found, Member, Navigation, comment_into, listed_values};
pub(crate) use macro_call::statements;
pub(crate) use settle::settle;
pub(crate) use token::{Kind, Style, Tokens};

use crate::document::{BlockKind, Code, Document};
use crate::entity_name::EntityTitle;
use crate::notation::{Output, field_owner};
pub(crate) use place::{Passing, Place, is_passing_name, place_of};

/// The code blocks of a document that a test of their language and text lets pass.
pub(crate) fn blocks<'d>(
    document: &'d Document<'_>,
    is_meant: impl Fn(&Code) -> bool,
) -> Vec<(usize, &'d Code)> {
    document
        .blocks
        .iter()
        .enumerate()
        .filter_map(|(index, block)| match &block.kind {
            BlockKind::Code(code) if is_meant(code) => Some((index, code)),
            _ => None,
        })
        .collect()
}

/// Whether a fence without a language has a line that begins like one of these.
pub(crate) fn untagged_with(code: &Code, starts: &[&str]) -> bool {
    matches!(code.language.as_str(), "" | "text" | "txt" | "plaintext" | "code")
        && code.lines().any(|(line, _)| {
            let line = line.trim_start();
            starts.iter().any(|start| line.starts_with(start))
        })
}

/// The entity whose fields an object without a name lists: its heading names it, and says or stands
/// among headings that say that it is stored.
pub(crate) fn object_owner(
    document: &Document<'_>,
    block: usize,
    out: &Output,
) -> Option<EntityTitle> {
    let (_, title, _) = field_owner(document, block)?;
    let is_stored = match place_of(document, block) {
        Place::Stored => true,
        Place::Unknown => title.explicit || out.known.get(&title.name).is_some(),
        Place::Passing => false,
    };
    (is_stored && title.not_stored.is_none()).then_some(title)
}
