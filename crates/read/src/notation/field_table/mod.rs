//! Tables that list the fields of an entity, one row each, with columns in any order.

mod alternatives;
mod change;
mod column;
mod glued;
mod key_row;
mod request;
mod row;

pub(super) use row::{columns, life, names};

use std::ops::Range;

use underpin_base::parallel;

use crate::document::{Block, BlockKind, Document, Row, Table};
use crate::entity_name::{EntityTitle, read_title, strip_numbering};
use crate::notation::common_fields::speaks_of_all;
use crate::notation::{Mark, Output, field_owner};
use crate::words::{first_word, is_identifier, lower_words, parenthesized, unquote};
use crate::{EntityKind, FieldFact};
use change::{change_column, read_changes};
use column::{Role, role};
use glued::read_glued_lines;
use request::{is_of_people, of_calls};
use row::{Said, marks_absence, read_row, row_fields, rows_of};

pub(super) const DOC: &str = "A table under an entity's heading with a column of field names and one of types or constraints.";

/// A heading that no prose would have, such as `It's a "table"; DROP TABLE x;--`: over fields with
/// types it is the name of what has them, character for character.
fn literal_owner(
    document: &Document<'_>,
    block: &Block,
) -> Option<(Option<usize>, EntityTitle, Range<usize>)> {
    let section = block.section?;
    let heading = document.title(section).trim();
    let BlockKind::Table(table) = &block.kind else { return None };
    // A word that mostly heads a topic names an entity where its fields begin with a key.
    let word = strip_numbering(heading);
    let is_keyed =
        is_identifier(word) && !is_collective(word) && table.rows.first().is_some_and(names_key);
    let name = if is_keyed { word } else { heading }.to_owned();
    (is_keyed || name.contains(['"', ';', '\\', '$'])).then(|| {
        let kind = EntityKind::Entity;
        let title = EntityTitle { name, table: None, kind, not_stored: None, explicit: true };
        (Some(section), title, document.sections[section].range.clone())
    })
}

/// Whether a heading speaks of tables as such.
fn is_collective(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "tables"
            | "entities"
            | "models"
            | "model"
            | "schemas"
            | "objects"
            | "aggregates"
            | "contexts"
            | "structures"
            | "definitions"
            | "overview"
            | "summary"
            | "introduction"
            | "contents"
            | "design"
            | "documentation"
            | "storage"
            | "diagram"
            | "diagrams"
            | "erd"
            | "enums"
            | "enumerations"
            | "types"
            | "example"
            | "examples"
            | "appendix"
            | "glossary"
            | "purpose"
            | "specification"
            | "implementation"
            | "descriptions"
    )
}

fn names_key(row: &Row) -> bool {
    row.cells.iter().any(|cell| {
        let words = lower_words(&cell.text);
        matches!(words.join(" ").as_str(), "id" | "pk" | "primary key")
            || words.last().is_some_and(|word| word == "pk")
    })
}

/// A heading such as "Subscription plan" or "Message flow" reads as a topic; over rows that begin with
/// an `id` it names what has them.
fn keyed_owner(
    document: &Document<'_>,
    block: &Block,
    table: &Table,
    roles: &[Role],
) -> Option<(Option<usize>, EntityTitle, Range<usize>)> {
    let section = block.section?;
    let title = strip_numbering(document.title(section).trim());
    let title = parenthesized(title).map_or(title, |(before, _, _)| before).trim();
    let words = lower_words(title);
    let column = roles.iter().position(|role| *role == Role::Name)?;
    let has_key = table.rows.first().is_some_and(|row| {
        names(row.text(column)).first().is_some_and(|name| name.eq_ignore_ascii_case("id"))
    });
    let is_name = (2..=3).contains(&words.len())
        && words.last().is_some_and(|last| {
            matches!(
                last.as_str(),
                "plan"
                    | "flow"
                    | "workflow"
                    | "policy"
                    | "index"
                    | "migration"
                    | "goal"
                    | "step"
                    | "test"
                    | "example"
                    | "mapping"
                    | "structure"
                    | "type"
                    | "key"
                    | "summary"
            )
        })
        && title.starts_with(char::is_uppercase)
        && title.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'));
    (is_name && has_key).then(|| {
        let name = title.to_owned();
        let kind = EntityKind::Entity;
        let place = document.sections[section].range.clone();
        let title = EntityTitle { name, table: None, kind, not_stored: None, explicit: true };
        (Some(section), title, place)
    })
}

/// Whether the header is that of a field table, whatever stands above it.
pub(crate) fn names_fields_and_types(table: &Table) -> bool {
    let roles: Vec<Role> = table.header.iter().map(role).collect();
    roles.contains(&Role::Name) && roles.contains(&Role::Type) && !roles.contains(&Role::Entity)
}

/// So many tables are taken apart before what they say is stated, so that little waits in memory.
const TABLES_AT_ONCE: usize = 1_000;

/// So many tables are taken apart before another thread would have begun.
const TABLES_OF_A_THREAD: usize = 200;

/// A table that may list fields.
struct Candidate<'d> {
    /// The place of its block.
    index: usize,
    block: &'d Block,
    table: &'d Table,
    roles: Vec<Role>,
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let candidates = document.blocks.iter().enumerate().filter_map(|(index, block)| {
        let BlockKind::Table(table) = &block.kind else { return None };
        let mut roles: Vec<Role> = table.header.iter().map(role).collect();
        pass_letters(table, &mut roles);
        let is_open = out.is_open(document, block.range.start);
        let is_candidate = is_open
            && roles.contains(&Role::Name)
            && !document.lead(index).is_some_and(of_calls)
            && !lists_indexes(table, &roles)
            && !tells_errors(table);
        is_candidate.then_some(Candidate { index, block, table, roles })
    });
    let candidates: Vec<Candidate<'_>> = candidates.collect();
    // Where a mark at the type tells what may be absent, all else is there.
    let is_marked =
        |it: &Candidate<'_>| it.table.rows.iter().any(|row| marks_absence(row, &it.roles));
    let marks = candidates.iter().any(|it| says_nothing_else(&it.roles) && is_marked(it));
    for some in candidates.chunks(TABLES_AT_ONCE) {
        // Most of the time goes into the words of the cells, and they do not depend on what is known.
        let shares: Vec<&[Candidate<'_>]> = some.chunks(TABLES_OF_A_THREAD).collect();
        let rows = parallel::map_uneven(&shares, |share| {
            rows_of(share.iter().map(|it| (it.table, it.roles.as_slice())))
        });
        for (candidate, mut rows) in some.iter().zip(rows.into_iter().flatten()) {
            if marks && says_nothing_else(&candidate.roles) {
                let rows: &mut Vec<Option<Said>> = &mut rows;
                rows.iter_mut().flatten().for_each(Said::require_unmarked);
            }
            read_table(document, candidate, rows, out);
        }
    }
}

/// "Column | Field": of two columns with names the first may only hold the letters or numbers that a sheet
/// gives its columns.
fn pass_letters(table: &Table, roles: &mut [Role]) {
    let named = |roles: &[Role]| roles.iter().filter(|role| **role == Role::Name).count();
    let Some(first) = roles.iter().position(|role| *role == Role::Name) else { return };
    let is_letter = |row: &Row| {
        let text = unquote(row.text(first).trim());
        text.len() == 1 && text.chars().all(|c| c.is_ascii_uppercase())
            || !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
    };
    if named(roles) > 1 && table.rows.iter().all(is_letter) {
        roles[first] = Role::Other;
    }
}

/// Whether only the types can say what may be absent.
fn says_nothing_else(roles: &[Role]) -> bool {
    roles.contains(&Role::Type)
        && ![Role::Required, Role::Nullable, Role::Constraints].iter().any(|it| roles.contains(it))
}

/// What a form answers to a wrong value is told of fields that stand elsewhere.
fn tells_errors(table: &Table) -> bool {
    table.header.iter().any(|cell| {
        matches!(lower_words(&cell.text).join(" ").as_str(), "error message" | "error messages")
    })
}

fn read_table(
    document: &Document<'_>,
    candidate: &Candidate<'_>,
    rows: Vec<Option<Said>>,
    out: &mut Output,
) {
    let &Candidate { index, block, table, ref roles } = candidate;
    let has = |role| roles.contains(&role);
    let says_values = has(Role::Constraints) || has(Role::Required) || has(Role::Nullable);
    if has(Role::Entity) {
        // "Entity, Field, Rule" says more of fields that stand elsewhere.
        let column = roles.iter().position(|role| *role == Role::Entity).unwrap_or(0);
        let is_known = |row: &Row| out.known.get(unquote(row.text(column).trim())).is_some();
        let is_of_known = has(Role::Constraints) && table.rows.iter().all(is_known);
        if has(Role::Type) || is_of_known {
            read_several(document, table, roles, rows, out, &block.range);
        }
        return;
    }
    if let Some(column) = change_column(table).filter(|_| !has(Role::Type)) {
        read_changes(document, index, table, roles, column, out);
        return;
    }
    let is_plain = has(Role::Description) && header_says_field(table, roles);
    if !(has(Role::Type) || says_values || is_plain) {
        return;
    }
    // The fields that all entities have belong to none.
    if document.lead(index).is_some_and(|lead| speaks_of_all(lead).is_some()) {
        return;
    }
    let owner = field_owner(document, index)
        .or_else(|| literal_owner(document, block).filter(|_| has(Role::Type)))
        .or_else(|| keyed_owner(document, block, table, roles));
    let Some((section, title, place)) = owner else { return };
    if is_plain
        && !has(Role::Type)
        && !says_values
        && !table.rows.iter().all(|row| is_name_cell(row, roles))
    {
        return;
    }
    let span = document.span(block.range.clone());
    if title.not_stored.is_some() && !is_of_people(&title, table) {
        out.leave_out(document, &title, span);
        return;
    }
    let heading = document.span(place);
    out.state_entity(document, section, &title, heading);
    mark_header(document, table, &block.range, out);
    for (row, said) in table.rows.iter().zip(rows) {
        read_row(document, &title.name, row, roles, said, out);
    }
    read_glued_lines(document, &title.name, index, out);
}

/// The fields that a table lists, row by row, where its header is that of a field table.
pub(super) fn listed(table: &Table) -> Option<Vec<(&Row, Vec<FieldFact>)>> {
    let roles: Vec<Role> = table.header.iter().map(role).collect();
    let is_list = roles.contains(&Role::Name) && !roles.contains(&Role::Entity);
    is_list.then(|| table.rows.iter().map(|row| (row, row_fields(row, &roles))).collect())
}

/// Whether the rows are indexes: a column names them, or what stands as their type is a kind of index.
fn lists_indexes(table: &Table, roles: &[Role]) -> bool {
    let is = |words: &[&str]| {
        table.header.iter().any(|it| words.contains(&lower_words(&it.text).join(" ").as_str()))
    };
    let of_type = roles.iter().position(|role| *role == Role::Type);
    let is_kind = |row: &Row| {
        let cell = of_type.and_then(|at| row.cells.get(at));
        cell.and_then(|it| first_word(&it.text)).is_some_and(|word| {
            matches!(word.as_str(), "btree" | "b" | "gin" | "gist" | "hash" | "brin" | "unique")
        })
    };
    is(&["index name", "index type", "index kind"])
        || is(&["index", "indexes"]) && table.rows.iter().any(is_kind)
}

fn header_says_field(table: &Table, roles: &[Role]) -> bool {
    table.header.iter().zip(roles).any(|(header, role)| {
        *role == Role::Name
            && lower_words(&header.text).iter().any(|word| {
                matches!(
                    word.as_str(),
                    "campo"
                        | "columna"
                        | "coluna"
                        | "champ"
                        | "feld"
                        | "field"
                        | "fields"
                        | "column"
                        | "columns"
                        | "attribute"
                        | "property"
                )
            })
    })
}

fn is_name_cell(row: &Row, roles: &[Role]) -> bool {
    let column = roles.iter().position(|role| *role == Role::Name).unwrap_or(0);
    names(row.text(column)).iter().all(|name| name.split_whitespace().count() <= 3)
}

/// The header and the line of dashes belong to what was read.
pub(super) fn mark_header(
    document: &Document<'_>,
    table: &Table,
    block: &Range<usize>,
    out: &mut Output,
) {
    let end = table.rows.first().map_or(block.end, |row| row.range.start);
    out.mark(document, block.start..end.max(block.start + 1), Mark::Understood);
}

/// A table for several entities, with a column that names them.
fn read_several(
    document: &Document<'_>,
    table: &Table,
    roles: &[Role],
    rows: Vec<Option<Said>>,
    out: &mut Output,
    block: &Range<usize>,
) {
    let column = roles.iter().position(|role| *role == Role::Entity).unwrap_or(0);
    let mut current: Option<String> = None;
    for (row, said) in table.rows.iter().zip(rows) {
        if let Some(title) = read_title(row.text(column)) {
            let span = document.span(row.range.clone());
            if current.as_deref() != Some(title.name.as_str()) {
                out.state_entity(document, None, &title, span);
                current = Some(title.name);
            }
        }
        if let Some(entity) = &current {
            read_row(document, entity, row, roles, said, out);
        }
    }
    if current.is_some() {
        mark_header(document, table, block, out);
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn columns_in_any_order_and_null_is_the_opposite_of_required() {
        check(
            "# Guest\n\n| Type | Column | Null | Notes |\n|---|---|---|---|\n| uuid | id | no | PK |\n| varchar(80) | `name` | yes | display |\n",
            &expect![[r#"
                1 field-table  entity Guest
                5 field-table  field Guest.id uuid primary key required -- PK
                6 field-table  field Guest.name varchar(80) optional -- display
            "#]],
        );
        check(
            "## 2. Order (`orders`)\n\n| Field | Type | Required | Default | Constraints |\n|---|---|---|---|---|\n| id | bigint | Yes | - | PK |\n| user_id | bigint | Yes | | FK → users.id ON DELETE CASCADE |\n| status | enum | No | 'new' | `new`, `paid` |\n| **unique** | (user_id, status) | | | |\n",
            &expect![[r#"
                1 field-table  entity Order table orders
                5 field-table  field Order.id bigint primary key required
                6 field-table  field Order.user_id bigint required -> users.id on delete cascade
                7 field-table  field Order.status enum optional default 'new' [new | paid]
                8 field-table  unique Order (user_id, status)
            "#]],
        );
    }

    #[test]
    fn letters_of_columns_are_no_names() {
        check(
            "## Sheet\n\n| Column | Field | Type |\n|-|-|-|\n| A | id | string |\n| B | name | string |\n\n## Grid\n\n| Column | Name | Type |\n|-|-|-|\n| x | Ex | int |\n| y | Why | int |\n",
            &expect![[r#"
                1 field-table  entity Sheet
                5 field-table  field Sheet.id string
                6 field-table  field Sheet.name string
                8 field-table  entity Grid
                12 field-table  field Grid.x int
                13 field-table  field Grid.y int
            "#]],
        );
    }

    #[test]
    fn a_mark_at_the_type_tells_what_may_be_absent() {
        check(
            "## License\n\n| Column | Type | Description |\n|-|-|-|\n| Id | uniqueidentifier | PK |\n| Kind | int | Trial, SingleBranch |\n| EndsAt | datetime2? | |\n| Seats | int | Rooms, sold by the day |\n",
            &expect![[r#"
                1 field-table  entity License
                5 field-table  field License.Id uniqueidentifier primary key required -- PK
                6 field-table  field License.Kind enum required [Trial | SingleBranch] -- Trial, SingleBranch
                7 field-table  field License.EndsAt datetime2 optional
                8 field-table  field License.Seats int required -- Rooms, sold by the day
            "#]],
        );
    }

    #[test]
    fn headers_in_other_languages() {
        check(
            "### `players`\n\n| Columna | Tipo | Obligatorio | Descripción |\n|-|-|-|-|\n| id | UUID PK | sí | Identificador |\n| nick | TEXT | no | Apodo |\n\n### Pedido\n\n| Campo | Tipo | Nulo | Padrão |\n|-|-|-|-|\n| total | int | não | 0 |\n",
            &expect![[r#"
                1 field-table  entity players
                5 field-table  field players.id UUID primary key required -- Identificador
                6 field-table  field players.nick TEXT optional -- Apodo
                8 field-table  entity Pedido
                12 field-table  field Pedido.total int required default 0
            "#]],
        );
    }

    #[test]
    fn arrows_between_states_and_arrows_of_references() {
        check(
            "### Order\n\n| Field | Type | Constraints |\n|-|-|-|\n| status | Status | `new` → `open` → `done` |\n| phase | text | a → b |\n| ticker | string | FK → Stock.ticker |\n| owner | uuid | → users |\n\n## Indexing\n\n| Collection/Table | Index Type | Fields | Purpose |\n|-|-|-|-|\n| Order | plain | status + phase | Find orders by status |\n",
            &expect![[r#"
                1 field-table  entity Order
                5 field-table  field Order.status Status [new | open | done]
                5 field-table  transition Order.status: new -> open
                5 field-table  transition Order.status: open -> done
                6 field-table  field Order.phase text [a | b]
                6 field-table  transition Order.phase: a -> b
                7 field-table  field Order.ticker string -> Stock.ticker
                8 field-table  field Order.owner uuid -> users
                14 index-list  read "Find orders by status" of Order by status = ?, phase = ? [inferred: an index is asked for with its use]
                14 index-list  index on Order (status, phase) -- Find orders by status
            "#]],
        );
    }

    #[test]
    fn values_in_capitals_checks_and_what_may_be_absent() {
        check(
            "### Pair\n\n| Field | Type | Constraints |\n|-|-|-|\n| kind | text | MEN, WOMEN, MIXED |\n| key | text | PK, UNIQUE |\n| role | text | NOT NULL, CHECK (`admin` or `user`) |\n| age | int | CHECK (age > 0) |\n| isbn | text | UNIQUE (optional) |\n| other_id | uuid | FK → Pair, null for singles |\n\n### Answers\n\n| Field | Type | Error Message |\n|-|-|-|\n| kind | text | Choose one |\n\n### PairDetailDto\n\n| Field | Type |\n|-|-|\n| kind | text |\n",
            &expect![[r#"
                1 field-table  entity Pair
                5 field-table  field Pair.kind text [MEN | WOMEN | MIXED]
                6 field-table  field Pair.key text primary key unique
                7 field-table  field Pair.role text required [admin | user]
                8 field-table  field Pair.age int {CHECK (age > 0)}
                9 field-table  field Pair.isbn text optional unique
                10 field-table  field Pair.other_id uuid optional -> Pair {null for singles}
                14 R001 the table `Field | Type | Error Message` was not understood, so nothing in it reached the model
                20 R007 `PairDetailDto` is called "DTO" and gets no table
            "#]],
        );
    }

    #[test]
    fn changes_of_a_feature() {
        check(
            "## Entity: WorkItem (changed)\n\n| Field | Change |\n|---|---|\n| `Status` (`ItemStatus` enum) | **REMOVED.** |\n| `StatusId` | NEW, `int` (FK → `Status`). Not null. Kept. |\n| `Status` | NEW navigation property. |\n| `Title` | Longer than before |\n",
            &expect![[r#"
                1 field-table  entity WorkItem
                6 field-table  field WorkItem.StatusId int required -> Status -- Not null. Kept.
                8 field-table  field WorkItem.Title -- Longer than before
            "#]],
        );
    }

    #[test]
    fn computed_things_get_no_table() {
        check(
            "### Totals (computed)\n\n| Field | Type |\n|---|---|\n| sum | int |\n",
            &expect![[r#"
                3 R007 `Totals` is called "computed" and gets no table
            "#]],
        );
    }

    #[test]
    fn odd_headings_and_names_are_taken_literally() {
        check(
            "## It's a \"table\"; DROP TABLE x;--\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| it's; \"quoted\" | text |\n\n## \u{1f600} Mood\n\n| Field | Type |\n|-|-|\n| id | uuid |\n\n## \u{637}\u{644}\u{628}\n\n| Field | Type |\n|-|-|\n| \u{627}\u{633}\u{645} | text |\n\n```\n## NoHeading\n| Field | Type |\n```\n",
            &expect![[r#"
                1 field-table  entity It's a "table"; DROP TABLE x;--
                5 field-table  field It's a "table"; DROP TABLE x;--.id uuid
                6 field-table  field It's a "table"; DROP TABLE x;--.it's; "quoted" text
                8 field-table  entity Mood
                12 field-table  field Mood.id uuid
                14 field-table  entity طلب
                18 field-table  field طلب.اسم text
            "#]],
        );
    }

    #[test]
    fn a_topic_word_over_a_key_and_cells_of_several_names() {
        check(
            "### flows\n\n| column | type |\n|-|-|\n| id | uuid PK |\n| title, owner (user FK) | text null |\n\n### members\n\n| column | type |\n|-|-|\n| flow_id + user_id | composite PK |\n",
            &expect![[r#"
                1 field-table  entity flows
                5 field-table  field flows.id uuid primary key
                6 field-table  field flows.title text optional
                6 field-table  field flows.owner text optional -> user
                8 field-table  entity members
                12 field-table  field members.flow_id primary key
                12 field-table  field members.user_id primary key
            "#]],
        );
    }

    #[test]
    fn tables_written_in_html() {
        check(
            "<h2>Orders</h2>\n\n<table>\n  <thead>\n    <tr><th>Column</th><th>Type</th><th>Null</th><th>Notes</th></tr>\n  </thead>\n  <tbody>\n  <tr>\n    <td><code>id</code></td>\n    <td>uuid</td><td>no</td>\n    <td>PK</td>\n  </tr>\n  <tr><td><b>user_id</b><td>uuid<td>yes<td>FK &rarr; users.id\n  </tbody>\n</table>\n\n<h2>Tables</h2>\n\n<details>\n<summary><b>users</b></summary>\n\n<table><tr><th>Field</th><th>Type</th></tr><tr><td>id</td><td>bigint</td></tr></table>\n\n</details>\n\n<table><tr><th>A</th></tr><tr><td>x</td></tr></table>\n",
            &expect![[r#"
                1 field-table  entity Orders
                8 field-table  field Orders.id uuid primary key required -- PK
                13 field-table  field Orders.user_id uuid optional -> users.id -- FK → users.id
                20 field-table  entity users
                22 field-table  field users.id bigint
                26 R001 the table `A` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn rules_of_fields_that_stand_elsewhere() {
        check(
            "### Plan\n\n| Field | Type |\n|-|-|\n| name | text |\n| note | text |\n\n## Validation\n\n| Entity | Field | Rule |\n|-|-|-|\n| Plan | name | required |\n| Plan | note | nullable |\n\n| Entity | Field | Rule |\n|-|-|-|\n| Weather | sun | required |\n",
            &expect![[r#"
                1 field-table  entity Plan
                5 field-table  field Plan.name text
                6 field-table  field Plan.note text
                12 field-table  entity Plan
                12 field-table  field Plan.name required
                13 field-table  field Plan.note optional
                15 R001 the table `Entity | Field | Rule` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn what_stands_behind_an_answer_and_below_a_table() {
        check(
            "# Crate\n\n| Field | Type | Required |\n|-|-|-|\n| code | varchar(20) | yes, unique |\n| weight | int | yes, > 0 |\n| note | text | no (max 20 chars) |\n| owner | text | yes, if sold |\n| name | text default 'O''Hara' | yes |\n| kind | enum('dry','it''s wet') | no |\n| hall, place | int | no |\n| ~~old~~ | text | no |\nAll crates are counted each night.\n\n# Deprecated: Pallet\n\n| Field | Type |\n|-|-|\n| id | int |\n\n# Example: a crate\n\n| Field | Type |\n|-|-|\n| id | int |\n",
            &expect![[r#"
                1 field-table  entity Crate
                5 field-table  field Crate.code varchar(20) required unique
                6 field-table  field Crate.weight int required {> 0}
                7 field-table  field Crate.note text optional {max 20 chars}
                8 field-table  field Crate.owner text required
                9 field-table  field Crate.name text required default 'O''Hara'
                10 field-table  field Crate.kind enum optional [dry | it's wet]
                11 field-table  field Crate.hall int optional
                11 field-table  field Crate.place int optional
                13 prose-rule-sentence  rule *: All crates are counted each night [inferred: its words bind, and it is a rule where fields give it a meaning]
                15 field-table  entity Pallet
                19 field-table  field Pallet.id int
                12 R004 the row `| ~~old~~ | text | no |` was not understood
                23 R001 the table `Field | Type` was not understood, so nothing in it reached the model
            "#]],
        );
        check(
            "# Seat\n\n| Field | Type | Constraints |\n|-|-|-|\n| hall | int | PK |\n| number | int | PK |\n\n# Sale\n\n| Field | Type | Constraints |\n|-|-|-|\n| id | int | PK |\n| seat_hall, seat_number | int | FK -> Seat(hall, number) |\n",
            &expect![[r#"
                1 field-table  entity Seat
                5 field-table  field Seat.hall int primary key
                6 field-table  field Seat.number int primary key
                8 field-table  entity Sale
                12 field-table  field Sale.id int primary key
                13 field-table  field Sale.seat_hall int -> Seat.hall
                13 field-table  field Sale.seat_number int -> Seat.number
            "#]],
        );
    }
}
