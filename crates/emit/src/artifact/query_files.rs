//! The `queries/` folder: the statement of each access pattern, one file for each main table, in the form that sqlc and
//! tools like it read (`-- name: list_orders :many`). The same statements are prepared, planned and timed by the probes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use underpin_pg::{LineComment, QualifiedName};
use underpin_physical::{Answer, Query};

use super::{ArtifactKind, path_of, plain};
use crate::context::Context;
use crate::{Artifact, words};

pub(super) const ARTIFACT: ArtifactKind = ArtifactKind { path: "queries/", measured: false, write };

fn write(context: &Context<'_>) -> Vec<Artifact> {
    let mut files: BTreeMap<&QualifiedName, Vec<&Query>> = BTreeMap::new();
    for query in &context.input.physical.queries {
        files.entry(&query.table).or_default().push(query);
    }
    let mut taken = BTreeSet::new();
    files
        .into_iter()
        .map(|(table, queries)| {
            let mut out = heading(table);
            for query in queries {
                out.push('\n');
                out.push_str(&one(context, query));
            }
            Artifact::text(path_of(ARTIFACT.path, table, &mut taken), out)
        })
        .collect()
}

fn heading(table: &QualifiedName) -> String {
    let text = format!(
        "What the application asks of {}: a statement for each access pattern, in the form that sqlc reads.",
        table.name.as_str()
    );
    LineComment(&text).to_string()
}

fn one(context: &Context<'_>, query: &Query) -> String {
    let mut about = String::new();
    let pattern = context.input.model.pattern(query.pattern);
    match (&query.follows, &query.narrows) {
        (Some(list), _) => about.push_str(&words::sentence(&format!(
            "the page of {list} that follows the row whose values are given"
        ))),
        (None, narrows) => {
            about.push_str(&words::sentence(&match narrows {
                Some(plain) => format!("{plain} with the filters that a call may leave out"),
                None => pattern.text.clone(),
            }));
            write!(about, "\nStated in {}.", context.place(pattern.source))
                .expect("writing to a String");
        }
    }
    for (at, parameter) in query.parameters.iter().enumerate() {
        write!(about, "\n${} {}: {}", at + 1, parameter.name, parameter.data_type)
            .expect("writing to a String");
    }
    if let Some(remark) = &query.remark {
        write!(about, "\nNote: {}", words::sentence(remark)).expect("writing to a String");
    }
    let mut about = LineComment(&about).to_string();
    if let Some(draft) = &query.draft {
        about.push_str("-- A draft of what was understood:\n");
        // Its lines stay as they are, to be taken over.
        for line in format!("{draft};").split(['\n', '\r']) {
            writeln!(about, "-- {line}").expect("writing to a String");
        }
    }
    match &query.statement {
        Some(statement) => {
            let answer = match Answer::of(statement, &context.input.physical.schema) {
                Answer::One => ":one",
                Answer::Many => ":many",
                Answer::Count => ":execrows",
            };
            format!("-- name: {} {answer}\n{about}{statement};\n", plain(&query.name))
        }
        None => {
            let missing = LineComment(&format!("{} has no statement.", query.name)).to_string();
            format!("{missing}{about}")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::artifact::schema_sql::code;
    use crate::sample;

    #[test]
    fn each_statement_has_its_name_and_what_it_gives_back() {
        let text = sample::Sample::new().text("queries/orders.sql");
        let names: Vec<&str> = text.lines().filter(|line| line.starts_with("-- name: ")).collect();
        assert_eq!(names, ["-- name: list_orders_of_a_customer :many"], "{text}");
        assert!(text.ends_with(";\n"), "{text}");
    }

    #[test]
    fn a_draft_stands_in_comments() {
        let mut sample = sample::Sample::new();
        let query = &mut sample.physical.queries[0];
        query.draft = query.statement.take();
        let text = sample.text("queries/orders.sql");
        assert!(text.contains("has no statement"), "{text}");
        assert!(text.contains("-- SELECT id, "), "{text}");
        assert_eq!(code(&text).trim(), "", "{text}");
    }

    #[test]
    fn nothing_that_a_document_says_ends_a_comment() {
        let mut drafted = sample::nasty();
        for query in &mut drafted.physical.queries {
            query.draft = query.statement.clone();
        }
        for artifact in drafted.emit() {
            if artifact.path.starts_with("queries/") {
                let text = String::from_utf8(artifact.bytes).unwrap();
                assert!(text.contains("DROP TABLE"), "{text}");
                assert!(!code(&text).contains("DROP TABLE"), "{}", code(&text));
            }
        }
    }
}
