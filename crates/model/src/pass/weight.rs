//! Which of several places counts where they disagree, and how that is reported: the more exact
//! notation, then what is stated before what was inferred and that before what was assumed, then
//! the place that comes first.

use underpin_base::Diagnostic;
use underpin_read::Statement;

use crate::codes;
use crate::draft::Draft;

/// How exactly a way of writing says what it means; less is more exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exactness {
    /// The model's own file, which a person edits to settle things.
    ModelFile,
    /// Languages that make the tables.
    Schema,
    /// Tables, diagrams and code: each thing has a cell or a word of its own.
    Structured,
    /// Lists, labelled lines and examples.
    Listed,
    /// Sentences.
    Sentence,
}

const MODEL_FILE: &[&str] = &["model-file"];
const SCHEMA: &[&str] = &["sql-ddl", "prisma", "dbml"];
const STRUCTURED: &[&str] = &[
    "mermaid-er",
    "mermaid-class",
    "plantuml",
    "field-table",
    "typescript",
    "schema-call",
    "python",
    "java",
    "csharp",
    "go-struct",
    "rust-struct",
    "record-block",
    "model-macros",
    "mermaid-state",
    "plantuml-state",
    "transition-table",
];

fn exactness(statement: &Statement) -> Exactness {
    let of = statement.notation;
    if statement.drafted.is_some() || of.starts_with("prose-") || of.ends_with("-sentence") {
        Exactness::Sentence
    } else if MODEL_FILE.contains(&of) {
        Exactness::ModelFile
    } else if SCHEMA.contains(&of) {
        Exactness::Schema
    } else if STRUCTURED.contains(&of) {
        Exactness::Structured
    } else {
        Exactness::Listed
    }
}

/// The order in which places are followed; the least first. Equal ones are followed as they stand.
pub(crate) fn weight(statement: &Statement) -> impl Ord + Copy + use<> {
    (exactness(statement), statement.assumed.is_some(), statement.inferred.is_some())
}

/// Why the one place is followed and not the other.
pub(crate) fn reason(kept: &Statement, left: &Statement) -> &'static str {
    if exactness(kept) < exactness(left) {
        "it is written in the more exact notation"
    } else if kept.is_stated() && !left.is_stated() {
        "it is stated, the other was derived"
    } else if kept.assumed.is_none() && left.assumed.is_some() {
        "it follows from words, the other was assumed"
    } else {
        "it stands first"
    }
}

/// What the places say of one property, in the order in which they are followed.
pub(crate) fn weighed<'a, T>(
    statements: impl IntoIterator<Item = &'a Statement>,
    mut says: impl FnMut(&'a Statement) -> Option<T>,
) -> Vec<(T, &'a Statement)> {
    let mut said: Vec<(T, &Statement)> =
        statements.into_iter().filter_map(|it| Some((says(it)?, it))).collect();
    said.sort_by_key(|(_, statement)| weight(statement));
    said
}

/// Reports that places disagree about one property of `path`: the first of `said` is followed,
/// and each other value is shown where it is first said. What no document states is silent, since
/// only documents contradict each other.
pub(crate) fn report_disagreement<T: PartialEq>(
    draft: &mut Draft<'_>,
    path: &str,
    said: &[(T, &Statement)],
    show: impl Fn(&T) -> String,
    advice: &str,
) {
    let Some(((value, kept), others)) = said.split_first() else { return };
    let mut other_values: Vec<&(T, &Statement)> = Vec::new();
    for other in others.iter().filter(|(_, statement)| statement.is_stated()) {
        if other.0 != *value && other_values.iter().all(|known| known.0 != other.0) {
            other_values.push(other);
        }
    }
    let Some((first, left)) = other_values.first() else { return };
    if !kept.is_stated() {
        return;
    }
    let (value, first) = (show(value), show(first));
    let message = format!(
        "`{path}` is {value} at one place and {first} at another; {value} counts, since {}",
        reason(kept, left)
    );
    let mut diagnostic = Diagnostic::warning(codes::CONFLICTING_STATEMENTS, message);
    for (other, statement) in &other_values {
        diagnostic = diagnostic.at(statement.span, format!("{} here", show(other)));
    }
    draft.report(diagnostic.at(kept.span, format!("{value} here, which counts")).help(advice));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_listed_notation_exists() {
        let known: Vec<&str> = underpin_read::notations().map(|it| it.name).collect();
        for name in [MODEL_FILE, SCHEMA, STRUCTURED].concat() {
            assert!(known.contains(&name), "{name}");
        }
    }
}
