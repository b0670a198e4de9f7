//! Code blocks that no notation took, or only in part.

use std::ops::Range;

use underpin_base::Diagnostic;

use super::{note, shortened};
use crate::code;
use crate::code::UNREAD_LINE;
use crate::document::{Code, Document};
use crate::notation::Output;

/// Languages whose blocks are no description of data.
fn is_other_language(language: &str) -> bool {
    matches!(
        language,
        "bash"
            | "sh"
            | "shell"
            | "console"
            | "zsh"
            | "powershell"
            | "diff"
            | "http"
            | "html"
            | "css"
            | "nginx"
            | "dockerfile"
            | "ini"
            | "toml"
            | "env"
            | "dotenv"
            | "tree"
            | "log"
            | "makefile"
            | "hcl"
            | "curl"
            | "cmd"
            | "xml"
            | "properties"
    )
}

pub(super) fn cover_code(
    document: &Document<'_>,
    code: &Code,
    range: &Range<usize>,
    lines: &mut [bool],
    out: &mut Output,
) {
    if is_other_language(&code.language) || !looks_like_data(code) {
        return;
    }
    let mut open = Vec::new();
    let mut total = 0;
    for (line, at) in code.lines() {
        if line.trim().is_empty() {
            continue;
        }
        total += 1;
        let place = document.code_span(code, at).range();
        let is_open = out.is_open(document, place.start);
        if is_open && is_comment(line) {
            continue;
        }
        note(document, &place, lines);
        if is_open {
            open.push(place);
        }
    }
    if total > 0 && open.len() == total {
        let language = if code.language.is_empty() { "plain" } else { &code.language };
        out.warn(
            code::UNREAD_CODE_BLOCK,
            format!("a code block ({language}) looks like data and was not understood"),
            document.span(range.start..range.start + 1),
            "describe the same facts as a field table, bullets, a mermaid diagram or SQL",
        );
    } else {
        unread_rest(document, code, &open, out);
    }
}

/// Whether a line of code is a comment, in any of the languages that describe data.
fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["--", "//", "%%", "/*", "*/", "* ", "' ", "# "].iter().any(|mark| line.starts_with(mark))
        // What parts and brackets statements says nothing of its own.
        || matches!(line.trim_end(), "*" | "#" | "'" | "GO" | ";" | "BEGIN;" | "COMMIT;")
}

/// How many places of one block a diagnostic shows; it counts the others.
const SHOWN_PLACES: usize = 5;

/// Lists the lines of a block that stayed open where the others were read: one diagnostic for all.
fn unread_rest(document: &Document<'_>, code: &Code, open: &[Range<usize>], out: &mut Output) {
    if open.is_empty() {
        return;
    }
    let told: Vec<Range<usize>> = out
        .diagnostics
        .iter()
        .flat_map(|diagnostic| &diagnostic.labels)
        .filter(|label| label.span.document == document.id)
        .map(|label| label.span.range())
        .collect();
    let is_told =
        |place: &Range<usize>| told.iter().any(|it| it.start < place.end && place.start < it.end);
    let left: Vec<&Range<usize>> = open.iter().filter(|place| !is_told(place)).collect();
    let Some(begin) = left.first() else { return };
    let text = code
        .lines()
        .find(|(_, at)| document.code_span(code, at.clone()).range() == **begin)
        .map_or_else(String::new, |(line, _)| shortened(line.trim()));
    let message = match left.len() {
        1 => format!("`{text}` was not understood, though its block was"),
        count => format!(
            "`{text}` and {} more lines were not understood, though their block was",
            count - 1
        ),
    };
    let mut diagnostic = Diagnostic::warning(UNREAD_LINE, message);
    for place in left.into_iter().take(SHOWN_PLACES) {
        diagnostic = diagnostic.at(document.span((*place).clone()), "");
    }
    out.diagnostics
        .push(diagnostic.help("correct it where it is meant as data; nothing was made of it"));
}

/// Whether a drawing shows what happens, or when, and nothing of what is stored.
fn draws_no_data(code: &Code) -> bool {
    const KINDS: &[&str] = &[
        "sequenceDiagram",
        "gantt",
        "pie",
        "journey",
        "gitGraph",
        "mindmap",
        "timeline",
        "quadrantChart",
        "xychart-beta",
        "sankey-beta",
    ];
    let is_said = |line: &&str| !line.is_empty() && !line.starts_with("%%") && *line != "---";
    let first = code.lines().map(|(line, _)| line.trim()).find(is_said).unwrap_or_default();
    let word = first.split_whitespace().next().unwrap_or_default();
    code.language == "mermaid" && KINDS.contains(&word)
}

/// Whether a code block describes data rather than shows a program or its output.
fn looks_like_data(code: &Code) -> bool {
    if draws_no_data(code) {
        return false;
    }
    if matches!(
        code.language.as_str(),
        "sql"
            | "mermaid"
            | "prisma"
            | "dbml"
            | "graphql"
            | "plantuml"
            | "postgresql"
            | "mysql"
            | "sqlite"
            | "pgsql"
    ) {
        return true;
    }
    code.lines().any(|(line, _)| {
        let line = line.trim();
        let words: Vec<&str> = line.split_whitespace().collect();
        matches!(
            words.as_slice(),
            ["CREATE" | "create" | "interface" | "enum" | "model" | "struct" | "erDiagram", ..]
                | ["export", "interface" | "type" | "enum", ..]
        )
    })
}
