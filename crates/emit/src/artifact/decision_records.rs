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
    let mut name = String::new();
    for character in title(decision).chars() {
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
    if name.is_empty() { format!("{number:04}.md") } else { format!("{number:04}-{name}.md") }
}

fn title(decision: &Decision) -> &str {
    decision.title.as_deref().unwrap_or(&decision.subject)
}

fn record(context: &Context<'_>, number: usize, decision: &Decision) -> String {
    let mut out = Document::default();
    out.heading(1, &raw(format!("{number}. ")).then(&text(title(decision))));
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
    out.paragraph(
        &raw("Made by rule ")
            .then(&code(decision.rule))
            .then(&raw(" about "))
            .then(&code(&decision.subject))
            .then(&raw(".")),
    );
    out.title(2, "Alternatives");
    if decision.alternatives.is_empty() {
        out.say("None was considered.");
    }
    out.list(decision.alternatives.iter().map(|it| text(&words::sentence(it))));
    out.title(2, "Consequences");
    let revisit = (!decision.changes_when.is_empty())
        .then(|| format!("to be decided again when {}", decision.changes_when));
    let consequences: Vec<&String> = decision.consequences.iter().chain(&revisit).collect();
    if consequences.is_empty() {
        out.say("None beyond the decision itself.");
    }
    out.list(consequences.into_iter().map(|it| text(&words::sentence(it))));
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
        assert_eq!(paths, ["decisions/0001-identity-of-an-order.md"]);
        expect_file!["../../goldens/decision.md"]
            .assert_eq(str::from_utf8(&records[0].bytes).unwrap());
    }

    #[test]
    fn a_title_without_letters_leaves_the_number() {
        let decision = Decision::new("L001", "😀", "«»", "x");
        assert_eq!(file_name(7, &decision), "0007.md");
    }
}
