//! `--explain NAME`: of `underpin model`, where a thing of the model comes from; of `underpin design`,
//! what was decided about a thing of the schema.

use std::fmt::Write as _;

use underpin_base::{Diagnostic, Sources, Span};
use underpin_logical::Decision;
use underpin_physical::Explanation;

use crate::arguments::TextOrJson;
use crate::codes;
use crate::exit::Failure;
use crate::pipeline::{Designed, Understood};
use crate::wire;

/// What `underpin model --explain` prints.
pub(super) fn of_model(name: &str, understood: &Understood) -> Result<String, Failure> {
    let Understood { model, reading, sources, .. } = understood;
    underpin_model::explain(model, reading, sources, name).map_err(|near| {
        unknown(name, "model", &near, "`underpin model` prints the names of all that was read")
    })
}

/// What `underpin design --explain` prints.
pub(super) fn of_design(
    name: &str,
    designed: &Designed,
    format: TextOrJson,
) -> Result<String, Failure> {
    let Designed { understood: Understood { model, sources, .. }, logical, physical, .. } =
        designed;
    let found = underpin_physical::explain(model, logical, physical, name).map_err(|near| {
        let help = "`underpin design --emit physical` prints the names of all that was designed";
        unknown(name, "design", &near, help)
    })?;
    Ok(match format {
        TextOrJson::Text => {
            found.iter().map(|it| as_text(it, sources)).collect::<Vec<_>>().join("\n")
        }
        TextOrJson::Json => wire::pretty(&wire::explanations(&found, sources)),
    })
}

fn unknown(name: &str, stage: &str, near: &[String], otherwise: &str) -> Failure {
    let shown = name.replace(char::is_control, "\u{fffd}");
    let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    let help = if near.is_empty() {
        otherwise.to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    Failure::usage(
        Diagnostic::error(
            codes::UNKNOWN_NAME,
            format!("nothing in the {stage} is called `{shown}`"),
        )
        .help(help),
    )
}

fn as_text(explanation: &Explanation<'_>, sources: &Sources) -> String {
    let mut text = format!("{} {}\n", explanation.kind.as_str(), explanation.name);
    for sql in &explanation.sql {
        for line in sql.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    if !explanation.held_by.is_empty() {
        let _ = writeln!(text, "  held by: {}", explanation.held_by.join(", "));
    }
    for &span in &explanation.stated {
        let _ = writeln!(text, "  stated: {}", place(span, sources));
    }
    for decision in &explanation.decisions {
        text.push('\n');
        text.push_str(&decided(decision, sources));
    }
    if explanation.decisions.is_empty() {
        text.push_str("\nNothing was left to decide: it is as the documents state it.\n");
    }
    if !explanation.claims.is_empty() {
        text.push_str("\nclaims\n");
    }
    for claim in &explanation.claims {
        let _ = writeln!(text, "  {}: {}", claim.id, claim.statement);
    }
    text
}

fn place(span: Span, sources: &Sources) -> String {
    let place = sources.location(span);
    format!("{}:{}", place.document, place.line)
}

fn decided(decision: &Decision, sources: &Sources) -> String {
    let mut text = format!("decision {}\n", decision.id());
    let mut line = |label: &str, words: &str| {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "  {label}: {words}");
    };
    line("choice", &decision.choice);
    line("reason", &decision.reason);
    for alternative in &decision.alternatives {
        line("instead of", alternative);
    }
    for consequence in &decision.consequences {
        line("so that", consequence);
    }
    if !decision.changes_when.is_empty() {
        line("changes when", &decision.changes_when);
    }
    let mut places: Vec<String> = Vec::new();
    for place in decision.inputs.iter().map(|&span| place(span, sources)) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    for place in places {
        line("source", &place);
    }
    text
}
