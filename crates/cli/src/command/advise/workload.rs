//! The workload: which statements, under which names, how often.

use std::collections::BTreeMap;
use std::path::Path;

use underpin_advise::{Rewritten, rewrite};
use underpin_base::{Diagnostic, DocumentId, Sources, Span};
use underpin_pg::script_statements;

use crate::codes;
use crate::exit::Failure;
use crate::input::{self, Given};

/// The name that asks for what the server counted.
pub(super) const COUNTED: &str = "pg_stat_statements";

/// A statement of the workload.
#[derive(Debug, Clone)]
pub(super) struct Query {
    pub(super) name: String,
    pub(super) weight: f64,
    /// As it is sent.
    pub(super) sent: Rewritten,
    pub(super) document: DocumentId,
    /// The line that it begins on, from 0.
    pub(super) line: usize,
    /// Whether the server counted it.
    pub(super) is_counted: bool,
}

impl Query {
    /// The place of a line, counted from its first.
    pub(super) fn span(&self, sources: &Sources, lines: usize) -> Span {
        let document = sources.get(self.document);
        let line = (self.line + lines).min(document.line_count().saturating_sub(1));
        Span::new(self.document, document.line_range(line))
    }
}

/// Statements with their sources.
#[derive(Debug, Default)]
pub(super) struct Workload {
    pub(super) sources: Sources,
    pub(super) queries: Vec<Query>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Workload {
    /// The statements of a file, or of the `.sql` files of a folder.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let input = input::collect(&[Given::from_user(path)], &[], None, None);
        if let Some(diagnostic) = input.diagnostics.into_iter().next() {
            return Err(Failure::refused(diagnostic));
        }
        let mut workload = Self { sources: input.sources, ..Self::default() };
        let ids: Vec<DocumentId> = workload
            .sources
            .iter()
            .filter(|(_, document)| path.is_file() || is_sql(document.path()))
            .map(|(id, _)| id)
            .collect();
        for id in ids {
            workload.add(id);
        }
        Ok(workload)
    }

    /// What the server counted, as one document.
    pub(super) fn counted(statements: Vec<(String, f64)>) -> Self {
        let mut workload = Self::default();
        for (at, (text, calls)) in statements.into_iter().enumerate() {
            let name = format!("{COUNTED}:{}", at + 1);
            let document = workload.sources.add(&name, &text);
            let sent = rewrite(text.trim_end_matches([';', ' ', '\n']));
            workload.queries.push(Query {
                name,
                weight: calls,
                sent,
                document,
                line: 0,
                is_counted: true,
            });
        }
        workload
    }

    fn add(&mut self, id: DocumentId) {
        let document = self.sources.get(id);
        let (path, text) = (document.path(), document.text());
        let stem = Path::new(path).file_stem().map_or(path.into(), |it| it.to_string_lossy());
        let statements = script_statements(text);
        let mut end = 0;
        for (at, statement) in statements.iter().enumerate() {
            let name = annotated(&text[end..statement.start]).unwrap_or_else(|| {
                if statements.len() == 1 { stem.to_string() } else { format!("{stem}:{}", at + 1) }
            });
            end = statement.start + statement.text.len();
            self.queries.push(Query {
                name,
                weight: 1.0,
                sent: rewrite(statement.text),
                document: id,
                line: statement.line - 1,
                is_counted: false,
            });
        }
    }

    /// Gives the statements the weights of a file; says which names it has that no statement has.
    pub(super) fn weigh(&mut self, path: &Path) -> Result<(), Failure> {
        let weights = read_weights(path)?;
        for (name, weight) in weights {
            let mut found = false;
            for query in self.queries.iter_mut().filter(|query| query.name == name) {
                query.weight = weight;
                found = true;
            }
            if !found {
                let message = format!(
                    "`{}` gives a weight to `{name}`, and no query has that name",
                    path.display()
                );
                self.diagnostics.push(
                    Diagnostic::warning(codes::WEIGHTS_NOT_UNDERSTOOD, message)
                        .help("a query is named by `-- name: x` above it, else by its file, with `:2` for the second statement of a file"),
                );
            }
        }
        Ok(())
    }
}

fn is_sql(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it.eq_ignore_ascii_case("sql"))
}

/// The name in `-- name: get_order :one`, the last there is.
fn annotated(between: &str) -> Option<String> {
    let names = between.lines().filter_map(|line| {
        let rest = line.trim().strip_prefix("--")?.trim_start().strip_prefix("name:")?;
        rest.split_whitespace().next().map(str::to_owned)
    });
    names.fold(None, |_, name| Some(name))
}

/// Names with weights: YAML or JSON (`name: 12.5`), or CSV (`name,12.5`) where the file is called so.
fn read_weights(path: &Path) -> Result<BTreeMap<String, f64>, Failure> {
    let wrong = |why: String| {
        let message = format!("`{}` gives no weights: {why}", path.display());
        Failure::usage(
            Diagnostic::error(codes::WEIGHTS_NOT_UNDERSTOOD, message)
                .help("write one `name: number` a line (YAML), a JSON object, or a .csv file of `name,number`"),
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let is_csv = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("csv"));
    let weights: BTreeMap<String, f64> = if is_csv {
        let mut weights = BTreeMap::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let (name, number) = line
                .rsplit_once(',')
                .ok_or_else(|| wrong(format!("line {} has no comma", at + 1)))?;
            match number.trim().parse() {
                Ok(weight) => {
                    weights.insert(name.trim().trim_matches('"').to_owned(), weight);
                }
                // The first line may name the columns.
                Err(_) if at == 0 => {}
                Err(_) => return Err(wrong(format!("line {}: `{number}` is no number", at + 1))),
            }
        }
        weights
    } else {
        serde_yaml_ng::from_str(&text).map_err(|error| wrong(error.to_string()))?
    };
    match weights.iter().find(|(_, weight)| !weight.is_finite() || **weight < 0.0) {
        Some((name, weight)) => Err(wrong(format!("`{name}` has the weight {weight}"))),
        None => Ok(weights),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_named_by_annotation_file_or_place() {
        let mut workload = Workload::default();
        for (path, text) in [
            ("q/one.sql", "-- how much\nSELECT 1;\n"),
            ("q/more.sql", "-- name: first :one\nSELECT 1;\nSELECT 2 WHERE $1;"),
        ] {
            let id = workload.sources.add(path, text);
            workload.add(id);
        }
        let names: Vec<&str> = workload.queries.iter().map(|it| &*it.name).collect();
        assert_eq!(names, ["one", "first", "more:2"]);
        assert_eq!(workload.queries[2].line, 2);
        assert_eq!(workload.queries[2].sent.parameters, 1);
    }
}
