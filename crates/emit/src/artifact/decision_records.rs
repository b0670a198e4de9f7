//! The `decisions/` artifacts: one record (ADR) for each decision that is costly to change later.

use std::collections::BTreeMap;

use underpin_logical::Decision;

use super::ArtifactKind;
use crate::artifact::persistence_design::source_list;
use crate::context::{Context, RecordName};
use crate::markdown::{Document, Inline, code, raw, text};
use crate::{Artifact, words};

pub(super) const ARTIFACT: ArtifactKind =
    ArtifactKind { path: "decisions/", measured: false, write };

fn write(context: &Context<'_>) -> Vec<Artifact> {
    let mut records: BTreeMap<usize, (RecordName<'_>, Vec<&Decision>)> = BTreeMap::new();
    for it in context.decisions() {
        if let Some(name) = it.record {
            records.entry(name.number).or_insert((name, Vec::new())).1.push(it.decision);
        }
    }
    records
        .into_values()
        .map(|(name, decisions)| {
            Artifact::text(
                format!("decisions/{}", file_name(name)),
                record(context, name, &decisions),
            )
        })
        .collect()
}

/// `NNNN-title.md`: the number alone makes it unique.
pub(crate) fn file_name(record: RecordName<'_>) -> String {
    let mut name = String::new();
    for character in record.title.chars() {
        if character.is_ascii_alphanumeric() {
            name.push(character.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if name.len() >= 60 {
            break;
        }
    }
    let name = name.trim_matches('-');
    let number = record.number;
    if name.is_empty() { format!("{number:04}.md") } else { format!("{number:04}-{name}.md") }
}

/// One record. Several decisions share their reason; what else they say stands once.
fn record(context: &Context<'_>, name: RecordName<'_>, decisions: &[&Decision]) -> String {
    let mut out = Document::default();
    out.heading(1, &raw(format!("{}. ", name.number)).then(&text(name.title)));
    out.title(2, "Context");
    for reason in sentences(decisions.iter().map(|it| it.reason.clone())) {
        out.paragraph(&text(&reason));
    }
    let inputs: Vec<_> = decisions.iter().flat_map(|it| &it.inputs).copied().collect();
    if inputs.is_empty() {
        out.say("It rests on no single statement of the documents.");
    } else {
        out.say("It rests on:");
        out.list(source_list(context, &inputs));
    }
    out.title(2, "Decision");
    match decisions {
        [only] => {
            out.paragraph(&text(&words::sentence(&only.choice)));
            out.paragraph(&made_by(only).then(&raw(".")));
        }
        several => out.list(several.iter().map(|it| {
            text(&words::sentence(&it.choice)).then(&raw(" ")).then(&made_by(it)).then(&raw("."))
        })),
    }
    out.title(2, "Alternatives");
    let alternatives = sentences(decisions.iter().flat_map(|it| it.alternatives.clone()));
    if alternatives.is_empty() {
        out.say("None was considered.");
    }
    out.list(alternatives.iter().map(|it| text(it)));
    out.title(2, "Consequences");
    let revisit = decisions.iter().filter(|it| !it.changes_when.is_empty());
    let consequences = sentences(
        decisions
            .iter()
            .flat_map(|it| it.consequences.clone())
            .chain(revisit.map(|it| format!("to be decided again when {}", it.changes_when))),
    );
    if consequences.is_empty() {
        out.say("None beyond the decision itself.");
    }
    out.list(consequences.iter().map(|it| text(it)));
    out.finish()
}

/// As sentences, each once.
fn sentences(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut out = Vec::new();
    for sentence in words.into_iter().map(|it| words::sentence(&it)) {
        if !out.contains(&sentence) {
            out.push(sentence);
        }
    }
    out
}

fn made_by(decision: &Decision) -> Inline {
    raw("Made by rule ")
        .then(&code(decision.rule))
        .then(&raw(" about "))
        .then(&code(&decision.subject))
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;
    use crate::sample;

    #[test]
    fn the_small_design() {
        let sample = sample::Sample::new();
        let records: Vec<_> =
            sample.emit().into_iter().filter(|it| it.path.starts_with("decisions/")).collect();
        let paths: Vec<&str> = records.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(paths, ["decisions/0001-identity-of-an-order.md"]);
        expect_file!["../../goldens/decision.md"]
            .assert_eq(str::from_utf8(&records[0].bytes).unwrap());
    }

    #[test]
    fn a_title_without_letters_leaves_the_number() {
        assert_eq!(file_name(RecordName { number: 7, title: "😀" }), "0007.md");
    }

    #[test]
    fn what_has_one_reason_has_one_record() {
        let mut sample = sample::Sample::new();
        let alike = |name: &str| {
            Decision::new("L013", name, format!("{name} gets a key"), "nobody named one")
                .instead_of("none")
                .significant(format!("Key of {name}"))
                .recorded_with_others("Keys")
        };
        sample.logical.decisions.extend([alike("Dog"), alike("Cat")]);
        let records: Vec<_> =
            sample.emit().into_iter().filter(|it| it.path.starts_with("decisions/")).collect();
        assert_eq!(records.len(), 2, "{records:?}");
        assert_eq!(records[1].path, "decisions/0002-keys.md");
        let record = str::from_utf8(&records[1].bytes).unwrap();
        assert_eq!(record.matches("Nobody named one.").count(), 1, "{record}");
        assert!(record.contains("- Dog gets a key. Made by rule `L013` about `Dog`."), "{record}");
        assert!(record.contains("- Cat gets a key."), "{record}");
        // One alone keeps the name of its own.
        let mut sample = sample::Sample::new();
        sample.logical.decisions.push(alike("Dog"));
        assert!(sample.emit().iter().any(|it| it.path == "decisions/0002-key-of-dog.md"));
    }
}
