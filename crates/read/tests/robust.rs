//! Reading any text ends, without a panic, with every span inside its document, and reads the same
//! again. Any text: arbitrary characters, pieces of real notations put together at random, and every
//! notation's example with lines lost, doubled, cut and put elsewhere.

use proptest::prelude::*;
use underpin_base::Sources;

/// Lines that begin, continue and break the notations.
const LINES: &[&str] = &[
    "# Order",
    "## 2. Order Lifecycle (`orders`)",
    "### User ↔ Order (One-to-Many)",
    "| Field | Type | Null | Constraints |",
    "|---|---|---|---|",
    "| `id` | uuid | no | PK |",
    "| status | enum | yes | one of: a, b; default `a` |",
    "| From | To | Trigger |",
    "| Entity | Rows | Growth per month |",
    "| Order | 10k | 5 % |",
    "| Query | Entity | Filter | Frequency | Latency |",
    "| List | Order | a = 'x', b >= ? | 5/s | < 5 ms |",
    "- `id` (UUID, PK): text",
    "  - **Indexes**: on (a, b DESC)",
    "- email: string, unique, FK → users.id ON DELETE CASCADE",
    "Fields:",
    "**Rules:**",
    "- `a` must be greater than 0.",
    "`a → b | c → d`",
    "User 1 ──── N Order",
    "Each order belongs to exactly one user.",
    "```mermaid",
    "erDiagram",
    "  USER ||--o{ ORDER : has",
    "  USER {",
    "    string id PK \"x\"",
    "  }",
    "stateDiagram-v2",
    "  [*] --> a",
    "  a --> b : go",
    "```",
    "```sql",
    "CREATE TABLE t (id int PRIMARY KEY, b text CHECK (b IN ('x','y')) -- c",
    ");",
    "CREATE INDEX i ON t (b DESC) WHERE a = 1;",
    "SELECT * FROM t WHERE a = $1 ORDER BY b LIMIT 5;",
    "```prisma",
    "model A {",
    "  id Int @id @default(",
    "  @@unique([a, b])",
    "```typescript",
    "interface A { ",
    "  b?: 'x' | 'y';",
    "}",
    "RPO: 5 minutes",
    "The tenant is the Order.",
    "\u{feff}",
    "\0",
    "&nbsp;<br>",
    "> quote",
    "---",
    "Root: `Order`",
    "Owns:",
    "((((((((",
    "`` ` ```",
    "entities:",
    "  - name: Order",
];

fn check(path: &str, text: &str) -> Result<(), TestCaseError> {
    let mut sources = Sources::default();
    sources.add(path, text);
    prop_assert_eq!(underpin_read::invariant::fault(&sources), None);
    Ok(())
}

fn path() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a.md", "a.sql", "a.mmd", "underpin.yaml", "a.prisma", "a"])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text(path in path(), text in "\\PC{0,400}") {
        check(path, &text)?;
    }

    #[test]
    fn notations_put_together(
        path in path(),
        lines in prop::collection::vec(prop::sample::select(LINES), 0..60),
        line_break in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        check(path, &lines.join(line_break))?;
    }

    #[test]
    fn notations_cut_anywhere(
        path in path(),
        lines in prop::collection::vec(prop::sample::select(LINES), 1..40),
        cut in any::<prop::sample::Index>(),
        insert in "\\PC{0,8}",
    ) {
        let mut text = lines.join("\n");
        let at = text.floor_char_boundary(cut.index(text.len() + 1));
        text.insert_str(at, &insert);
        let end = text.floor_char_boundary(text.len() - cut.index(text.len().min(9) + 1));
        check(path, &text[..end])?;
    }
}

/// Many lines, made from their numbers.
fn repeated(count: usize, line: &dyn Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

#[test]
fn long_and_deep_documents_are_read() {
    let rows = 4_000;
    let table = repeated(rows, &|n| format!("| f{n} | int | PK, FK → t{n}.id |\n"));
    let bullets = repeated(rows, &|n| format!("- `f{n}` (uuid, required): one of: a, b\n"));
    let chains = repeated(rows, &|n| format!("- `s{n}` → `s{}`\n", n + 1));
    let cells = "| a ".repeat(1_000);
    let dashes = "|-".repeat(1_000);
    let nested = repeated(200, &|n| format!("{}- x\n", "  ".repeat(n)));
    let one_of = "one of ".repeat(20_000);
    let columns = repeated(rows, &|n| format!("c{n} int,\n"));
    let sections = repeated(rows, &|n| format!("## E{n}\n\n- `id` (uuid)\n- `x` (int)\n"));
    for text in [
        format!("# A\n| Field | Type | Constraints |\n|-|-|-|\n{table}"),
        format!("# A\n\n{bullets}"),
        format!("# A\n- `id` (int)\n- `b` (int)\n\n## A states\n\n{chains}"),
        format!("# A\n{cells}|\n{dashes}|\n{cells}|\n"),
        format!("# A\n{nested}"),
        format!("# A\n- `id` (int, {one_of})\n- `a` (int)\n"),
        format!("```sql\nCREATE TABLE a (\n{columns}d int);\n```\n"),
        sections,
        "(".repeat(50_000),
        "`".repeat(50_000),
        "- ".repeat(5_000),
        "> ".repeat(5_000),
    ] {
        let mut sources = Sources::default();
        sources.add("a.md", text.as_str());
        assert_eq!(underpin_read::invariant::fault(&sources), None, "{:?}", text.get(..60));
    }
}
