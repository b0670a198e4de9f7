//! Nothing that looks like data disappears: each such line states something, or belongs to what does,
//! or is named in a diagnostic, or is listed as set aside with the notation that did so.

use proptest::prelude::*;
use underpin_base::{Sources, Span};
use underpin_read::{Fate, read};

/// A line of a made-up document, and whether it looks like data.
#[derive(Debug, Clone)]
struct Made {
    text: String,
    is_data: bool,
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "id",
        "title",
        "owner_id",
        "Status",
        "createdAt",
        "total price",
        "x",
        "größe",
        "notes",
        "e-mail",
    ])
    .prop_map(str::to_owned)
}

fn kind() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "uuid",
        "string",
        "int",
        "decimal(10,2)",
        "Money",
        "timestamp",
        "one of: a, b",
        "??",
        "-> User",
        "varchar(20) NOT NULL",
        "",
        "list of text",
        "FK → users",
    ])
    .prop_map(str::to_owned)
}

fn heading() -> impl Strategy<Value = Vec<Made>> {
    prop::sample::select(vec![
        "Order",
        "User",
        "Data model",
        "1. `orders` table",
        "Entity: Note",
        "Misc",
    ])
    .prop_map(|text| vec![made("", false), made(&format!("## {text}"), false), made("", false)])
}

fn made(text: &str, is_data: bool) -> Made {
    Made { text: text.to_owned(), is_data }
}

fn table() -> impl Strategy<Value = Vec<Made>> {
    let row = (name(), kind(), any::<bool>());
    prop::collection::vec(row, 1..5).prop_map(|rows| {
        let mut lines =
            vec![made("| Field | Type | Required |", false), made("|---|---|---|", false)];
        lines.extend(rows.into_iter().map(|(name, kind, required)| {
            made(&format!("| {name} | {kind} | {} |", if required { "yes" } else { "no" }), true)
        }));
        lines.push(made("", false));
        lines
    })
}

fn bullets() -> impl Strategy<Value = Vec<Made>> {
    // A bullet without a type may be anything.
    let types = [
        "uuid",
        "string",
        "int",
        "decimal(10,2)",
        "timestamp",
        "varchar(20) NOT NULL",
        "one of: a, b",
    ];
    let typed = move || prop::sample::select(types.to_vec());
    prop::collection::vec((name(), typed()), 1..5).prop_map(|items| {
        let items = items.into_iter().map(|(name, kind)| made(&format!("- {name}: {kind}"), true));
        items.chain([made("", false)]).collect()
    })
}

fn block() -> impl Strategy<Value = Vec<Made>> {
    let sql = prop::sample::select(vec![
        "CREATE TABLE users (id uuid PRIMARY KEY, name text);",
        "CREATE TABLE broken (id uuid,, name);",
        "CREATE INDEX ON users (name);",
        "UPDATE users SET name = NULL;",
        "ALTER TABLE users ADD COLUMN age int;",
        "GRANT SELECT ON users TO reader;",
        "hello there",
    ]);
    let diagram = prop::sample::select(vec![
        "USER ||--o{ ORDER : places",
        "USER { uuid id PK }",
        "ORDER ==> nowhere ??",
        "direction LR",
        "a b c d e",
    ]);
    let prisma = prop::sample::select(vec![
        "model User { id String @id }",
        "enum Role { ADMIN USER }",
        "what is this",
        "type Odd = { x: int }",
    ]);
    let fenced = |language: &'static str, first: Option<&'static str>, lines: Vec<&'static str>| {
        let mut made_lines = vec![made(&format!("```{language}"), false)];
        made_lines.extend(first.map(|line| made(line, false)));
        made_lines.extend(lines.into_iter().map(|line| made(line, true)));
        made_lines.extend([made("```", false), made("", false)]);
        made_lines
    };
    prop_oneof![
        prop::collection::vec(sql, 1..5).prop_map(move |lines| fenced("sql", None, lines)),
        prop::collection::vec(diagram, 1..5).prop_map(move |lines| fenced(
            "mermaid",
            Some("erDiagram"),
            lines
        )),
        prop::collection::vec(prisma, 1..4).prop_map(move |lines| fenced("prisma", None, lines)),
    ]
}

fn document() -> impl Strategy<Value = Vec<Made>> {
    let part = prop_oneof![2 => heading(), 2 => table(), 2 => bullets(), 2 => block()];
    prop::collection::vec(part, 1..7).prop_map(|parts| {
        let mut lines = vec![made("# Shop", false), made("", false)];
        lines.extend(parts.into_iter().flatten());
        lines
    })
}

/// Where each block of lines begins and ends: blank lines part them.
fn block_of(lines: &[Made], at: usize) -> std::ops::RangeInclusive<usize> {
    let blank = |line: &usize| lines[*line].text.is_empty();
    let first = (0..at).rev().find(blank).map_or(0, |line| line + 1);
    let last = (at..lines.len()).find(blank).map_or(lines.len() - 1, |line| line - 1);
    first..=last
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_vanishes(lines in document()) {
        let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        let mut sources = Sources::default();
        let id = sources.add("data-model.md", text.join("\n"));
        let reading = read(&sources);
        let document = sources.get(id);
        let lines_of = |span: Span| {
            let range = span.range();
            document.line_of(range.start)..=document.line_of(range.end.max(range.start + 1) - 1)
        };
        let fates = &reading.fates[0].1;
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.is_data) {
            let stated = reading.statements.iter().any(|it| lines_of(it.span).contains(&at));
            // A block of which nothing was read, or many lines, is named at one place.
            let block = block_of(&lines, at);
            let mut labels = reading.diagnostics.iter().flat_map(|it| &it.labels);
            let named = labels.any(|label| lines_of(label.span).any(|it| block.contains(&it)));
            let kept = match fates[at] {
                Fate::Understood(notation) => stated || !notation.is_empty(),
                Fate::SetAside(notation) => named || !notation.is_empty(),
                Fate::NotUnderstood | Fate::InPart(_) => named,
                Fate::NoData(_) => stated || named,
            };
            prop_assert!(kept, "line {} `{}`: {:?}\n{}", at + 1, line.text, fates[at], text.join("\n"));
        }
    }
}
