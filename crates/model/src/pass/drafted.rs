//! What a draft says without quoting a document: taken as assumed, and asked.

use underpin_read::{Fact, fact_subject, fact_text};

use crate::draft::Draft;

/// Asks about each drafted statement that no document bears out.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for statement in draft.statements {
        let (Some(place), Some(reason)) = (statement.drafted, &statement.assumed) else { continue };
        let fact = fact_text(&statement.fact);
        let subject = fact_subject(&statement.fact);
        // The id must last while the details change; only a rule is told from others by its text.
        let words = match &statement.fact {
            Fact::Rule { text, .. } => format!("{subject} {text}"),
            _ => subject.clone(),
        };
        let kind = format!("drafted-{}", fact.split(' ').next().unwrap_or("fact"));
        let text = format!("Is it so: {}?", fact.split(" -- ").next().unwrap_or(&fact));
        draft.ask_about(&kind, &words, &subject, text, format!("yes: {reason}"), Some(place));
    }
}
