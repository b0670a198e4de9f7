//! A model file that is itself a document: the expression that a person gave a rule there holds instead of the rule's words,
//! as it does in the model file of an output folder.

use std::collections::BTreeMap;

use underpin_base::{Diagnostic, DocumentId, Sources, Span};
use underpin_model::{Assumptions, Model};
use underpin_read::{Fact, Reading, Statement};

use crate::model_file::{self, GivenExpression};
use crate::{codes, wire};

/// Lets the rules of model files say what their expressions say where a person changed these; what is not understood is
/// told, and the rule's words hold.
pub(crate) fn follow(
    reading: &mut Reading,
    sources: &Sources,
    assumptions: Assumptions,
) -> Vec<Diagnostic> {
    let mut given: Vec<(DocumentId, GivenExpression)> = Vec::new();
    for (id, _) in sources.iter() {
        let is_rule_of = |it: &Statement| {
            it.span.document == id
                && it.notation == "model-file"
                && matches!(it.fact, Fact::Rule { .. })
        };
        if reading.statements.iter().any(is_rule_of) {
            given.extend(model_file::given_expressions(sources, id).into_iter().map(|it| (id, it)));
        }
    }
    if given.is_empty() {
        return Vec::new();
    }
    let place = |id: DocumentId, line: usize| {
        (sources.get(id).path().to_owned(), u32::try_from(line + 1).unwrap_or(u32::MAX))
    };
    let before = meanings(&build(reading, sources, assumptions), sources);
    given.retain(|(id, it)| match before.get(&place(*id, it.line)) {
        // Whose words are new may have left the old expression beside them.
        Some(Some(meant)) => !it.is_beside_new_words && *meant != it.expression,
        Some(None) | None => true,
    });
    if given.is_empty() {
        return Vec::new();
    }
    let mut edited = reading.clone();
    for (id, it) in &given {
        for statement in &mut edited.statements {
            if let Some(text) = rule_text(statement, *id, it.line, sources) {
                text.clone_from(&it.expression);
            }
        }
    }
    let after = build(&edited, sources, assumptions);
    let mut remarks = Vec::new();
    for (id, it) in given {
        let mut rules = after.rules.iter().filter(|rule| rule.text == it.expression);
        if rules.any(|it| it.expression.is_some() || it.became.is_some() || it.sql.is_some()) {
            for statement in &mut reading.statements {
                if let Some(text) = rule_text(statement, id, it.line, sources) {
                    text.clone_from(&it.expression);
                }
            }
            continue;
        }
        let message = format!(
            "the expression `{}` is not understood; the rule is kept as text",
            it.expression
        );
        remarks.push(
            Diagnostic::warning(codes::EDIT_WITHOUT_EFFECT, message)
                .at(Span::new(id, it.range), "")
                .help(codes::EXPRESSION_HELP),
        );
    }
    remarks
}

fn build(reading: &Reading, sources: &Sources, assumptions: Assumptions) -> Model {
    underpin_model::build_with(reading, sources, assumptions)
}

/// The words of the rule that stands on a line of a document.
fn rule_text<'s>(
    statement: &'s mut Statement,
    id: DocumentId,
    line: usize,
    sources: &Sources,
) -> Option<&'s mut String> {
    let span = statement.span;
    match &mut statement.fact {
        Fact::Rule { text, .. }
            if span.document == id && sources.get(id).line_of(span.range().start) == line =>
        {
            Some(text)
        }
        _ => None,
    }
}

/// What the rule of each place means.
fn meanings(model: &Model, sources: &Sources) -> BTreeMap<(String, u32), Option<String>> {
    let rules = wire::model_file(model, &[], &[], sources).rules;
    rules.into_iter().map(|it| ((it.source.document, it.source.line), it.expression)).collect()
}
