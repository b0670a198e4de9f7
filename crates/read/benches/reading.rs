//! How reading grows with the document: the time for 100 to 600,000 lines of each form and of all forms in turn, which
//! must be linear. `cargo bench -p underpin-read` prints items (lines) in a second beside each time; they stay about
//! equal from size to size.

use std::fmt;

use divan::{Bencher, counter::ItemsCount};
use underpin_base::Sources;

/// The last is 10.6 MB where all forms are mixed.
const LINES: &[usize] = &[100, 1_000, 10_000, 100_000, 600_000];

fn main() {
    divan::main();
}

/// A way of writing: pieces between a beginning and an end; `@` in a piece is its number.
struct Form {
    name: &'static str,
    before: &'static str,
    piece: &'static str,
    after: &'static str,
}

const FORMS: &[Form] = &[
    Form {
        name: "entities with tables",
        before: "",
        piece: "## Thing@\n\nWhat it is for.\n\n| Field | Type | Constraints |\n| --- | --- | --- |\n| id | uuid | PK |\n| name | text | NOT NULL |\n| state | text | one of: a, b |\n\n",
        after: "",
    },
    Form {
        name: "entities with bullets",
        before: "",
        piece: "## Matter@\n\n- **id** (UUID, PK)\n- **name**: string, required, unique\n- `owner_id` (UUID, FK → matters.id)\n\n",
        after: "",
    },
    Form {
        name: "entities with lists of rules",
        before: "",
        piece: "## Concern@\n\nRules:\n\n- A concern@ is only closed by the person who opened it.\n\n",
        after: "",
    },
    Form {
        name: "one long table",
        before: "# Thing\n\n| Field | Type | Constraints |\n| --- | --- | --- |\n",
        piece: "| field@ | int | NOT NULL |\n",
        after: "\n",
    },
    Form {
        name: "SQL tables",
        before: "```sql\n",
        piece: "CREATE TABLE row@ (\n  id bigint PRIMARY KEY,\n  name text NOT NULL\n);\nCREATE INDEX row@_name_idx ON row@ (name);\n",
        after: "```\n\n",
    },
    Form {
        name: "diagram",
        before: "```mermaid\nerDiagram\n",
        piece: "  WHOLE@ ||--o{ PART@ : has\n  PART@ {\n    uuid id PK\n  }\n",
        after: "```\n\n",
    },
    Form {
        name: "types in code",
        before: "```typescript\n",
        piece: "interface Invoice@ {\n  id: string;\n  lines: Line@[];\n  status: 'open' | 'paid';\n}\n",
        after: "```\n\n",
    },
    Form {
        name: "sentences",
        before: "# Requirements\n\n",
        piece: "- **R@**: Each Order@ shall contain at least one line, and its status can be pending, paid or cancelled.\n",
        after: "\n",
    },
    Form {
        name: "queries in words",
        before: "# Access\n\n",
        piece: "- Users shall be able to filter Thing@ by name and state, and sort them by name.\n",
        after: "\n",
    },
    Form {
        name: "words without facts",
        before: "# About\n\n",
        piece: "Nothing of line @ says what is stored, and it is long enough to be prose.\n",
        after: "\n",
    },
];

/// A document to read: of one form, or of all in turn.
struct Case {
    form: Option<&'static Form>,
    lines: usize,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.form.map_or("all forms in turn", |form| form.name);
        write!(f, "{name}, {} lines", self.lines)
    }
}

fn cases() -> impl Iterator<Item = Case> {
    let forms = FORMS.iter().map(Some).chain([None]);
    forms.flat_map(|form| LINES.iter().map(move |&lines| Case { form, lines }))
}

impl Case {
    /// The text, of about so many lines.
    fn text(&self) -> String {
        let piece = |form: &Form, number: usize| form.piece.replace('@', &number.to_string());
        match self.form {
            Some(form) => {
                let pieces = self.lines / form.piece.lines().count();
                let middle: String = (0..pieces).map(|number| piece(form, number)).collect();
                format!("{}{middle}{}", form.before, form.after)
            }
            None => {
                let mut text = String::new();
                let mut lines = 0;
                for (number, form) in FORMS.iter().cycle().enumerate() {
                    if lines >= self.lines {
                        break;
                    }
                    let next = format!("{}{}{}", form.before, piece(form, number), form.after);
                    lines += next.lines().count();
                    text.push_str(&next);
                }
                text
            }
        }
    }
}

#[divan::bench(args = cases(), max_time = 3)]
fn reading(bencher: Bencher<'_, '_>, case: &Case) {
    let mut sources = Sources::default();
    sources.add("a.md", case.text());
    bencher.counter(ItemsCount::new(case.lines)).bench(|| underpin_read::read(&sources));
}
