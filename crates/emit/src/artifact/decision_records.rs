//! The `decisions/` artifacts: one record (ADR) for each decision that is costly to change later.

use underpin_logical::Decision;

use super::ArtifactKind;
use crate::artifact::persistence_design::source_list;
use crate::markdown::{Document, code, raw, text};
use crate::{Artifact, context::Context, words};

pub(super) const ARTIFACT: ArtifactKind =
    ArtifactKind { path: "decisions/", measured: false, write };

fn write(context: &Context<'_>) -> Vec<Artifact> {
    let decisions = context.decisions();
    let records = decisions.iter().filter_map(|it| Some((it.record?, it.decision)));
    records
        .map(|(number, decision)| {
            Artifact::text(
                format!("decisions/{}", file_name(number, decision)),
                record(context, number, decision),
            )
        })
        .collect()
}

/// `NNNN-title.md`: the number alone makes it unique.
pub(crate) fn file_name(number: usize, decision: &Decision) -> String {
    let mut title = String::new();
    for character in decision.subject.chars().chain([' ']).chain(decision.choice.chars()) {
        if character.is_ascii_alphanumeric() {
            title.push(character.to_ascii_lowercase());
        } else if !title.is_empty() && !title.ends_with('-') {
            title.push('-');
        }
        if title.len() >= 60 {
            break;
        }
    }
    let title = title.trim_matches('-');
    if title.is_empty() { format!("{number:04}.md") } else { format!("{number:04}-{title}.md") }
}

fn record(context: &Context<'_>, number: usize, decision: &Decision) -> String {
    let mut out = Document::default();
    let title = raw(format!("{number}. ")).then(&text(&decision.subject));
    out.heading(1, &title);
    out.paragraph(
        &raw("Made by rule ")
            .then(&code(decision.rule))
            .then(&raw(", decision "))
            .then(&code(&decision.id())),
    );
    out.title(2, "Context");
    out.paragraph(&text(&words::sentence(&decision.reason)));
    if decision.inputs.is_empty() {
        out.say("It rests on no single statement of the documents.");
    } else {
        out.say("It rests on:");
        out.list(source_list(context, &decision.inputs));
    }
    out.title(2, "Decision");
    out.paragraph(&text(&words::sentence(&decision.choice)));
    out.title(2, "Alternatives");
    if decision.alternatives.is_empty() {
        out.say("None was considered.");
    }
    out.list(decision.alternatives.iter().map(|it| text(&words::sentence(it))));
    out.title(2, "What would change it");
    if decision.changes_when.is_empty() {
        out.say("Nothing that is known today.");
    } else {
        out.paragraph(&text(&words::sentence(&decision.changes_when)));
    }
    out.finish()
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
        assert_eq!(
            paths,
            ["decisions/0001-order-an-order-is-identified-by-an-opaque-identifier.md"]
        );
        expect_file!["../../goldens/decision.md"]
            .assert_eq(str::from_utf8(&records[0].bytes).unwrap());
    }

    #[test]
    fn a_title_without_letters_leaves_the_number() {
        let decision = Decision::new("L001", "😀", "«»", "x");
        assert_eq!(file_name(7, &decision), "0007.md");
    }
}
