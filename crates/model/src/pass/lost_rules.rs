//! Rules that nothing in the database enforces, since they name no entity or were not understood.

use std::collections::BTreeSet;

use underpin_base::{Code, Diagnostic, DocumentId, Span};
use underpin_read::{Fact, Statement};

use crate::codes;
use crate::draft::Draft;
use crate::names::words;
use crate::rule;
use crate::types::UnkeptSentence;

/// How many places a diagnostic shows; it counts the others.
const SHOWN_PLACES: usize = 20;

/// What was lost, in the order of the documents.
#[derive(Default)]
pub(super) struct Lost<'s> {
    /// Rules whose words name no entity.
    pub(super) of_none: Vec<&'s Statement>,
    /// Sentences that may have been rules of an entity that they name.
    pub(super) unkept: Vec<&'s Statement>,
}

impl Lost<'_> {
    /// Says it once for each document, and keeps the sentences for whoever relies on the design.
    pub(super) fn report(self, draft: &mut Draft<'_>) {
        let of_none = |count| match count {
            1 => "a rule names no entity of the model; nothing in the database enforces it"
                .to_owned(),
            _ => format!(
                "{count} rules name no entity of the model; nothing in the database enforces them"
            ),
        };
        let help = "name the entity that it is about";
        let code = codes::RULE_WITHOUT_ENTITY;
        let nameless = self.nameless();
        let places: Vec<Span> = nameless.iter().map(|it| it.source).collect();
        report_each(draft, code, &places, of_none, "this rule", help);
        let mut unkept = self.sentences(draft);
        let not_understood = |count| match count {
            1 => "a sentence that binds was not understood; nothing in the database enforces it"
                .to_owned(),
            _ => format!(
                "{count} sentences that bind were not understood; nothing in the database enforces them"
            ),
        };
        let help = "say it of fields and states by their names, or let the application keep it";
        let mut places: Vec<Span> = unkept.iter().map(|it| it.source).collect();
        places.dedup();
        let code = codes::UNENFORCED_SENTENCE;
        report_each(draft, code, &places, not_understood, "this sentence", help);
        unkept.extend(nameless);
        unkept.sort_by_key(|it| it.source);
        draft.model.unkept = unkept;
    }

    /// The rules that name no entity, without those that only allow something.
    fn nameless(&self) -> Vec<UnkeptSentence> {
        let texts = self.of_none.iter().filter_map(|it| {
            let Fact::Rule { text, .. } = &it.fact else { return None };
            Some(UnkeptSentence { text: text.clone(), source: it.span })
        });
        texts.filter(|it| !rule::allowed::only_permits(&it.text)).collect()
    }

    /// The sentences of which nothing else was read: "view all bookings, and filter by date" is an access pattern.
    fn sentences(&self, draft: &Draft<'_>) -> Vec<UnkeptSentence> {
        if self.unkept.is_empty() {
            return Vec::new();
        }
        let others: BTreeSet<(DocumentId, u32)> = draft
            .statements
            .iter()
            .filter(|it| !matches!(it.fact, Fact::Rule { .. }))
            .map(|it| (it.span.document, it.span.start))
            .collect();
        let is_read = |span: Span| {
            let inside = (span.document, span.start)..(span.document, span.end);
            others.range(inside).next().is_some()
        };
        let lost = self.unkept.iter().filter(|it| !is_read(it.span));
        let sentences = lost.filter_map(|it| {
            let Fact::Rule { text, .. } = &it.fact else { return None };
            (binds(text) && !rule::allowed::only_permits(text))
                .then(|| UnkeptSentence { text: text.clone(), source: it.span })
        });
        sentences.collect()
    }
}

/// Words that bind. What only tells how things are, "a draft is a plain copy", asks nothing of a database.
const BINDING: &[&str] = &[
    "must",
    "cannot",
    "can't",
    "shall",
    "never",
    "only",
    "always",
    "unless",
    "no",
    "required",
    "mandatory",
    "forbidden",
    "prohibited",
];

/// Words that bind together.
const BINDING_PAIRS: &[[&str; 2]] = &[
    ["may", "not"],
    ["can", "not"],
    ["should", "not"],
    ["at", "most"],
    ["at", "least"],
    ["more", "than"],
    ["fewer", "than"],
    ["less", "than"],
];

/// Whether a sentence says what has to be.
fn binds(text: &str) -> bool {
    let words = words(text);
    let mut pairs = words.windows(2).map(|pair| [pair[0].as_str(), pair[1].as_str()]);
    words.iter().any(|word| BINDING.contains(&word.as_str()))
        || pairs.any(|pair| BINDING_PAIRS.contains(&pair))
}

/// Says once for all such places of a document what is to be said of each.
fn report_each(
    draft: &mut Draft<'_>,
    code: Code,
    places: &[Span],
    message: impl Fn(usize) -> String,
    label: &str,
    help: &str,
) {
    for of_document in places.chunk_by(|one, other| one.document == other.document) {
        let mut diagnostic = Diagnostic::note(code, message(of_document.len()));
        for &span in of_document.iter().take(SHOWN_PLACES) {
            diagnostic = diagnostic.at(span, label);
        }
        draft.report(diagnostic.help(help));
    }
}

#[cfg(test)]
mod tests {
    use crate::codes;
    use underpin_base::Sources;

    /// The sentences of a document that nothing keeps, and how many notes say so.
    fn unkept(document: &str) -> (Vec<String>, usize) {
        let mut sources = Sources::default();
        sources.add("notes.md", document);
        let model = crate::build(&underpin_read::read(&sources), &sources);
        let notes = model.diagnostics.iter().filter(|it| it.code == codes::UNENFORCED_SENTENCE);
        (model.unkept.iter().map(|it| it.text.clone()).collect(), notes.count())
    }

    const TRACK: &str =
        "## Track\n\n- id: uuid, primary key\n- length: int, required\n- title: text, required\n\n";

    #[test]
    fn what_binds_and_is_not_understood_is_said() {
        let (texts, notes) = unkept(&format!(
            "{TRACK}The length of a track must be at least 1. A track must never sound dull.\n\nTracks may not be played at night.\n"
        ));
        let expected = ["A track must never sound dull", "Tracks may not be played at night"];
        assert_eq!((texts, notes), (expected.map(str::to_owned).to_vec(), 1));
    }

    #[test]
    fn what_is_understood_or_read_otherwise_is_not() {
        let read = format!(
            "{TRACK}The length of a track must be at least 1.\n\nA track sounds as it was recorded.\n\nTracks must be kept for 5 years.\n"
        );
        assert_eq!(unkept(&read), (Vec::new(), 0));
    }
}
