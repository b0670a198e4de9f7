//! Indexes that a document asks for, as a table or a list.

mod declared;
mod item;
mod named;
mod owner;
mod query;
mod worded;

use std::collections::BTreeSet;

use underpin_base::Span;

use crate::document::{BlockKind, Document, Table};
use crate::notation::field_table::{columns, mark_header};
use crate::notation::output::lists_fields;
use crate::notation::{Mark, Output, mentioned};
use crate::words::{code_spans, fold, is_identifier, lower_words, unquote};
use crate::{Fact, FieldFact};
use item::{Asked, column_list, index_fact, item_indexes, where_clause};
pub(in crate::notation) use query::pattern;

pub(super) const DOC: &str = "A table or list of indexes with their columns and what they serve.";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Name,
    Entity,
    Columns,
    Kind,
    Purpose,
    Other,
}

fn role(header: &str) -> Role {
    match lower_words(header).join(" ").as_str() {
        "index" | "index name" | "name" => Role::Name,
        "entity"
        | "table"
        | "collection"
        | "collection table"
        | "table collection"
        | "table name"
        | "model"
        | "targeted collection"
        | "target collection"
        | "targeted table"
        | "target table"
        | "collection name" => Role::Entity,
        "columns" | "fields" | "column" | "column s" | "field" | "field s" | "indexed columns"
        | "indexed fields" | "keys" | "key" | "index declaration" | "index definition"
        | "index keys" | "index fields" | "index columns" => Role::Columns,
        "kind" | "type" | "index type" | "method" => Role::Kind,
        "serves" | "purpose" | "reason" | "description" | "used by" | "query" | "rationale"
        | "use case" | "supports" | "notes" | "why" | "used for" | "query pattern"
        | "query patterns" | "access pattern" | "queries" | "usage" | "query path served"
        | "query served" | "queries served" | "query path" => Role::Purpose,
        _ => Role::Other,
    }
}

/// The query that the comment beside an index or a key in code asks for: `@@index([ownerId]) // "my tasks" filter`.
pub(super) fn commented(fact: &mut Fact, comment: &str) -> Option<Fact> {
    if comment.is_empty() {
        return None;
    }
    if let Fact::Index(index) = fact {
        index.purpose = Some(comment.to_owned());
    }
    Asked::new(fact.clone(), Some(comment)).query()
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let described = out.described_by(lists_fields);
    for (index, block) in out.blocks(document) {
        let topic = document.lead(index).is_some_and(is_index_topic)
            || is_index_section(document, block.section, out);
        match &block.kind {
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                read_table(document, table, block.section, (topic, &described), &block.range, out);
            }
            BlockKind::List(list) => {
                let owner = out.entity_of(document, block.section);
                let mut under: Vec<(bool, Option<String>)> = Vec::with_capacity(list.items.len());
                for item in &list.items {
                    let text = item.content.text.as_str();
                    let (inside, outer) =
                        item.parent.map_or((topic, owner.clone()), |parent| under[parent].clone());
                    let labels =
                        item.has_children && is_index_topic(text) && lower_words(text).len() <= 4;
                    // "`orders`:" over its indexes.
                    let named = if item.has_children {
                        mentioned(text, out).into_iter().next()
                    } else {
                        None
                    };
                    under.push((inside || labels, named.or_else(|| outer.clone())));
                    let Some(first) = item.content.lines.first() else { continue };
                    if !out.is_open(document, first.range.start) || item.has_children && labels {
                        continue;
                    }
                    let label = item.content.label.trim_end_matches(':');
                    let in_label = is_index_topic(label) && !label.is_empty();
                    let behind = text.strip_prefix(label).unwrap_or_default();
                    // "**Key lookups**: An index on `api_keys.hash`" says first what it is for.
                    let rest = behind.trim_start_matches([':', ' ']);
                    let says_index =
                        || lower_words(rest).iter().take(4).any(|word| word.starts_with("index"));
                    let (text, served) = match (label.is_empty(), in_label) {
                        (false, true) => (rest, None),
                        (false, false) if says_index() && out.known.get(label).is_none() => {
                            (rest, Some(label))
                        }
                        _ => (text, None),
                    };
                    if inside
                        && let Some(asked) =
                            worded::before_index(&item.content.text, outer.as_deref(), out)
                    {
                        let span = document.span(item.content.range());
                        state(document, span, asked, &described, out);
                        continue;
                    }
                    let groups = worded::groups(text, outer.as_deref(), out);
                    if inside && !groups.is_empty() {
                        for asked in groups {
                            state(
                                document,
                                document.span(item.content.range()),
                                asked,
                                &described,
                                out,
                            );
                        }
                        continue;
                    }
                    let listed = match text.split_once(": ") {
                        Some((head, rest)) if is_index_topic(head) && !head.contains(' ') => rest,
                        _ => text,
                    };
                    let called = named::by_columns(listed, outer.as_deref(), out);
                    let quoted = outer.as_deref().map(|owner| declared::quoted(text, owner));
                    let called = quoted.filter(|quoted| !quoted.is_empty()).unwrap_or(called);
                    if !called.is_empty() {
                        for fact in called {
                            let span = document.span(item.content.range());
                            state(document, span, fact, &described, out);
                        }
                        continue;
                    }
                    if inside
                        || in_label
                        || lower_words(text)
                            .iter()
                            .take(3)
                            .any(|word| matches!(word.as_str(), "index" | "indexes" | "indices"))
                    {
                        let sure = inside || in_label;
                        for fact in item_indexes(text, outer.as_deref(), sure, served, out) {
                            let span = document.span(item.content.range());
                            state(document, span, fact, &described, out);
                        }
                    }
                }
            }
            BlockKind::Paragraph(inline) => {
                let label = inline.label.trim_end_matches(':');
                let owner = out.entity_of(document, block.section);
                let quoted = owner
                    .filter(|_| out.is_open(document, inline.range().start))
                    .map(|owner| declared::quoted(&inline.text, &owner))
                    .unwrap_or_default();
                let any = !quoted.is_empty();
                for fact in quoted {
                    state(document, document.span(inline.range()), fact, &described, out);
                }
                if !any
                    && !label.is_empty()
                    && is_index_topic(label)
                    && out.is_open(document, inline.range().start)
                {
                    let owner = out.entity_of(document, block.section);
                    let rest = inline.text[label.len().min(inline.text.len())..]
                        .trim_start_matches([':', ' ']);
                    for fact in item_indexes(rest, owner.as_deref(), true, None, out) {
                        state(document, document.span(inline.range()), fact, &described, out);
                    }
                }
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

/// An index with the query that it is asked for.
fn state(
    document: &Document<'_>,
    span: Span,
    asked: Asked,
    described: &BTreeSet<String>,
    out: &mut Output,
) {
    if let Some(pattern) = asked.query() {
        out.infer(document, span, pattern, "an index is asked for with its use");
    }
    state_columns(document, span, &asked.fact, described, out);
    out.state(document, span, asked.fact);
}

/// What an index is on are fields of its entity. That adds nothing where these are described.
fn state_columns(
    document: &Document<'_>,
    span: Span,
    fact: &Fact,
    described: &BTreeSet<String>,
    out: &mut Output,
) {
    let (entity, columns): (&str, &[String]) = match fact {
        Fact::Index(index) => (&index.entity, &index.columns),
        Fact::Unique { entity, fields, .. } => (entity, fields),
        _ => return,
    };
    if described.contains(&fold(entity)) || out.known.get(entity).is_none() {
        return;
    }
    for column in columns {
        let name = column.split(' ').next().unwrap_or_default();
        if is_identifier(name) && !name.contains('.') && out.field(entity, name).is_none() {
            let field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
            let fact = Fact::Field { entity: entity.to_owned(), field };
            out.infer(document, span, fact, "an index of the entity is on it");
        }
    }
}

/// A table of other things that tells of each an index: `btree (a, b desc)`. The
/// rows stay open for who reads what else they say.
fn read_index_cells(document: &Document<'_>, table: &Table, roles: &[Role], out: &mut Output) {
    let at = |wanted: Role| roles.iter().position(|role| *role == wanted);
    let (Some(entity), Some(index)) = (at(Role::Entity), at(Role::Name)) else { return };
    for row in &table.rows {
        let named = row.text(entity);
        let name =
            code_spans(named).first().map_or_else(|| unquote(named), |span| *span).to_owned();
        let Some(owner) = out.known.get(&name).map(str::to_owned) else { continue };
        if !row.text(index).contains('(') {
            continue;
        }
        for asked in item_indexes(row.text(index), Some(&owner), true, None, out) {
            let span = document.span(row.range.clone());
            if let Some(pattern) = asked.query() {
                out.infer_beside(span, pattern, "an index is asked for with its use");
            }
            out.infer_beside(span, asked.fact, "the table tells its index");
        }
    }
}

/// Whether a section is about indexes, or is that of an entity within one that is.
fn is_index_section(document: &Document<'_>, section: Option<usize>, out: &Output) -> bool {
    let mut path = document.path_of(section);
    let Some(section) = path.next() else { return false };
    is_index_topic(document.title(section))
        || out.named_by(section).is_some()
            && path.next().is_some_and(|outer| lists_indexes(document.title(outer)))
}

/// Whether a heading promises indexes and no thing that is called one.
pub(in crate::notation) fn lists_indexes(title: &str) -> bool {
    let words = lower_words(title);
    words.iter().any(|word| matches!(word.as_str(), "indexes" | "indices" | "indexing"))
}

fn is_index_topic(text: &str) -> bool {
    lower_words(text)
        .iter()
        .any(|word| matches!(word.as_str(), "index" | "indexes" | "indices" | "indexing"))
}

/// What a table says of one index.
struct Line {
    entity: Option<String>,
    name: Option<String>,
    columns: Vec<String>,
    kind: String,
    purpose: Option<String>,
    condition: Option<String>,
}

/// The index of each row, with `None` for a row that tells of none.
fn table_lines(table: &Table, roles: &[Role], out: &Output) -> Vec<Option<Line>> {
    let position = |wanted: Role| roles.iter().position(|role| *role == wanted);
    let of_columns = position(Role::Columns).or_else(|| position(Role::Name));
    let line = |row: &crate::document::Row| {
        let cell = |wanted: Role| position(wanted).map_or("", |column| row.text(column).trim());
        if let Some(line) =
            item::declared_line(row.text(of_columns?), cell(Role::Kind), cell(Role::Purpose), out)
        {
            return Some(line);
        }
        let entity = Some(unquote(cell(Role::Entity)))
            .filter(|name| !name.is_empty())
            .map(|name| out.known.get(name).map_or_else(|| name.to_owned(), str::to_owned));
        // "a + b", "&a"
        let text = row.text(of_columns?).replace(" + ", ", ").replace('&', "");
        let found = columns(&text).unwrap_or_else(|| column_list(&text));
        let kind = cell(Role::Kind).to_lowercase();
        (!found.is_empty()).then(|| Line {
            entity,
            name: Some(unquote(cell(Role::Name)))
                .filter(|name| is_identifier(name) && position(Role::Columns).is_some())
                .map(str::to_owned),
            columns: found,
            kind,
            purpose: Some(cell(Role::Purpose)).filter(|it| !it.is_empty()).map(str::to_owned),
            condition: where_clause(cell(Role::Kind)).or_else(|| where_clause(&text)),
        })
    };
    table.rows.iter().map(line).collect()
}

fn names_of(columns: &[String]) -> Vec<&str> {
    columns.iter().filter_map(|column| column.split(' ').next()).collect()
}

fn read_table(
    document: &Document<'_>,
    table: &Table,
    section: Option<usize>,
    (topic, described): (bool, &BTreeSet<String>),
    range: &std::ops::Range<usize>,
    out: &mut Output,
) {
    let roles: Vec<Role> = table.header.iter().map(|cell| role(&cell.text)).collect();
    let has = |role| roles.contains(&role);
    let names_index = table.header.iter().any(|cell| is_index_topic(&cell.text));
    if names_index && has(Role::Entity) && has(Role::Name) && !has(Role::Columns) {
        read_index_cells(document, table, &roles, out);
        return;
    }
    // "Index | Query pattern" names each index by its column.
    let by_column =
        names_index && topic && has(Role::Name) && has(Role::Purpose) && !has(Role::Columns);
    if !(has(Role::Columns) && (topic || names_index) || by_column) {
        return;
    }
    let lines = table_lines(table, &roles, out);
    let all: Vec<&str> = lines.iter().flatten().flat_map(|line| names_of(&line.columns)).collect();
    let owner = out.entity_of(document, section);
    let owner =
        if by_column { owner.or_else(|| owner::owner(None, None, &all, out)) } else { owner };
    let mut any = false;
    for (row, line) in table.rows.iter().zip(lines) {
        let Some(line) = line else { continue };
        if line.kind.starts_with("primary") {
            out.mark(document, row.range.clone(), Mark::SetAside);
            continue;
        }
        let entity = line.entity.or_else(|| owner.clone()).or_else(|| {
            let names = names_of(&line.columns);
            owner::owner(line.name.as_deref(), line.purpose.as_deref(), &names, out)
        });
        let Some(entity) = entity else { continue };
        // Where only a column names each index, that must be a field.
        let is_field = |column: &String| {
            let name = column.split(' ').next().unwrap_or_default();
            !is_identifier(name) || out.field(&entity, name).is_some()
        };
        if by_column && !line.columns.iter().all(is_field) {
            continue;
        }
        let purpose = line.purpose.as_deref();
        let says_more = purpose.is_some_and(|purpose| lower_words(purpose).len() > 1);
        let fact = index_fact(
            entity,
            line.columns,
            line.name,
            &line.kind,
            line.purpose.clone(),
            line.condition,
        );
        let asked = Asked::new(fact, purpose);
        // Words that say what a row serves ask for that query; a name stands for one that is
        // described elsewhere.
        let span = document.span(row.range.clone());
        let query =
            if has(Role::Purpose) { asked.served().filter(|_| says_more) } else { asked.query() };
        if let Some(query) = query {
            out.infer_served(span, query, "an index is asked for with its use");
        }
        state_columns(document, span, &asked.fact, described, out);
        out.state(document, span, asked.fact);
        any = true;
    }
    if any {
        mark_header(document, table, range, out);
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn an_index_without_a_word_of_its_use_is_for_a_query_by_its_columns() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n**Indexes:**\n- `btree (tenant_id, phone)` (R3).\n- `GIN (words)`\n- `btree (lower(name))`\n\n# Added\n| Table | Index |\n|-|-|\n| `Order` (there) | `btree (tenant_id, made_at)` |\n| Other | `btree (x)` |\n| Order | none |\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                7 index-list  read "Order by tenant_id and phone" of Order by tenant_id = ?, phone = ? [inferred: an index is asked for with its use]
                7 index-list  index on Order (tenant_id, phone) using btree -- R3
                8 index-list  index on Order (words) using gin
                9 index-list  index on Order (lower(name)) using btree
                14 index-list  read "Order by tenant_id and made_at" of Order by tenant_id = ?, made_at range [inferred: an index is asked for with its use]
                14 index-list  index on Order (tenant_id, made_at) using btree [inferred: the table tells its index]
                12 R001 the table `Table | Index` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn tables_and_lists() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n\n**Indexes:**\n- Unique index on Email\n- Composite index on (GameId, Numbers) for winner detection\n- `btree (tenant_id, occurred_at DESC)` (R3).\n- Index on `(BuyerId, Status)` where `Status = 0` - one pending\n\n**Indexes**: `btree (a, b)`.\n\n# Index expectations\n| Entity | Fields | Kind | Serves |\n|-|-|-|-|\n| Order | a, b desc | partial, where x = 'y' | List |\n| Order | c | unique | Get |\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                7 index-list  unique Order (Email)
                8 index-list  read "winner detection" of Order by GameId = ?, Numbers = ? [inferred: an index is asked for with its use]
                8 index-list  index on Order (GameId, Numbers) -- winner detection
                9 index-list  read "Order by tenant_id and occurred_at" of Order by tenant_id = ? sorted occurred_at desc [inferred: an index is asked for with its use]
                9 index-list  index on Order (tenant_id, occurred_at desc) using btree -- R3
                10 index-list  read "one pending" of Order by BuyerId = ?, Status = 0 [inferred: an index is asked for with its use]
                10 index-list  index on Order (BuyerId, Status) -- one pending (where Status = 0)
                12 index-list  read "Order by a and b" of Order by a = ?, b = ? [inferred: an index is asked for with its use]
                12 index-list  index on Order (a, b) using btree
                17 index-list  index on Order (a, b desc) -- List (where x = 'y')
                18 index-list  unique Order (c)
            "#]],
        );
    }

    #[test]
    fn the_owner_by_the_name_of_the_index_its_purpose_or_its_columns() {
        check(
            "# Tables\n\n- `payments`\n- `audit_logs`\n- `report_events`\n\n# Database Indexes\n\n| Index | Type | Columns | Purpose |\n|-|-|-|-|\n| payments_pkey | PRIMARY | id | the key |\n| idx_payments_receipt | BTREE | receipt_no + paid_at | Lookup by receipt |\n| idx_payments_paid | BTREE | paid_at | Sort by date |\n| idx_nobody_x | BTREE | x | Lookup by x |\n\n# Constraints and indexes\n\n- unique `audit_logs.hash`\n- index `(action, at)` for audit queries\n- Compound unique: `[no, day]` (no twins)\n- index `(status, size)` for cleanup\n- **Key lookups**: An index on `audit_logs.key` is fast\n- Indexes on `tenant_id` across `payments` and `report_events`\n",
            &expect![[r#"
                3 entity-list  entity payments
                4 entity-list  entity audit_logs
                5 entity-list  entity report_events
                12 index-list  read "Lookup by receipt" of payments by receipt_no = ?, paid_at range [inferred: an index is asked for with its use]
                12 index-list  field payments.receipt_no [inferred: an index of the entity is on it]
                12 index-list  field payments.paid_at [inferred: an index of the entity is on it]
                12 index-list  index idx_payments_receipt on payments (receipt_no, paid_at) using btree -- Lookup by receipt
                13 index-list  read "Sort by date" of payments sorted paid_at [inferred: an index is asked for with its use]
                13 index-list  index idx_payments_paid on payments (paid_at) using btree -- Sort by date
                18 field-paths  field audit_logs.hash [inferred: the text names it as a field of the entity]
                18 index-list  unique audit_logs (hash)
                19 index-list  read "audit queries" of audit_logs by action = ?, at = ? [inferred: an index is asked for with its use]
                19 index-list  field audit_logs.action [inferred: an index of the entity is on it]
                19 index-list  field audit_logs.at [inferred: an index of the entity is on it]
                19 index-list  index on audit_logs (action, at) -- audit queries
                20 rule-bullets  rule *: Compound unique: `[no, day]` (no twins)
                21 rule-bullets  rule *: index `(status, size)` for cleanup
                22 field-paths  field audit_logs.key [inferred: the text names it as a field of the entity]
                22 index-list  read "Key lookups" of audit_logs by key = ? [inferred: an index is asked for with its use]
                22 index-list  index on audit_logs (key) -- Key lookups
                23 index-list  read "payments by tenant_id" of payments by tenant_id = ? [inferred: an index is asked for with its use]
                23 index-list  field payments.tenant_id [inferred: an index of the entity is on it]
                23 index-list  index on payments (tenant_id)
                23 index-list  read "report_events by tenant_id" of report_events by tenant_id = ? [inferred: an index is asked for with its use]
                23 index-list  field report_events.tenant_id [inferred: an index of the entity is on it]
                23 index-list  index on report_events (tenant_id)
                14 R004 the row `idx_nobody_x` was not understood
            "#]],
        );
    }

    #[test]
    fn sections_of_entities_within_one_about_indexes() {
        check(
            "# Models\n\n### Visit Model\n\n| Field | Type |\n|-|-|\n| clientId | int |\n| at | date |\n\n## Indexes\n\n### Visit Model\n\n- `clientId`, `at`: Compound index for the visits of a client\n- `code`: Unique index\n- Hot paths, indexes: `Visit.at`, `Visit (clientId, at)`\n- `Visit.at` and `Visit.clientId`: versions of locks\n",
            &expect![[r#"
                3 field-table  entity Visit
                7 field-table  field Visit.clientId int
                8 field-table  field Visit.at date
                14 index-list  read "the visits of a client" of Visit by clientId = ?, at = ? [inferred: an index is asked for with its use]
                14 index-list  index on Visit (clientId, at) -- the visits of a client
                15 index-list  unique Visit (code)
                16 index-list  read "Visit by at" of Visit by at = ? [inferred: an index is asked for with its use]
                16 index-list  index on Visit (at)
                16 index-list  read "Visit by clientId and at" of Visit by clientId = ?, at = ? [inferred: an index is asked for with its use]
                16 index-list  index on Visit (clientId, at)
                17 index-list  read "Visit by at" of Visit by at = ? [inferred: an index is asked for with its use]
                17 index-list  index on Visit (at)
                17 index-list  read "Visit by clientId" of Visit by clientId = ? [inferred: an index is asked for with its use]
                17 index-list  index on Visit (clientId)
            "#]],
        );
    }

    #[test]
    fn kinds_in_brackets_and_calls() {
        check(
            "## Rooms\n\n| Column | Type | Null |\n|-|-|-|\n| Id | int | NO |\n| HotelId | int | NO |\n\n**Indexes:**\n- `PK_Rooms` (Clustered) on `Id`\n- `IX_Rooms_HotelId` (Nonclustered) on `HotelId`\n\n## Indexes\n\n- Hot paths: `Rooms(HotelId)`, `Rooms(Id, HotelId desc)`\n\n| Table | Index Name | Columns | Purpose |\n|-|-|-|-|\n| Rooms | IX_A | HotelId | Query rooms by hotel |\n",
            &expect![[r#"
                1 field-table  entity Rooms
                5 field-table  field Rooms.Id int required
                6 field-table  field Rooms.HotelId int required
                10 index-list  read "Rooms by HotelId" of Rooms by HotelId = ? [inferred: an index is asked for with its use]
                10 index-list  index IX_Rooms_HotelId on Rooms (HotelId)
                14 index-list  read "Rooms by HotelId" of Rooms by HotelId = ? [inferred: an index is asked for with its use]
                14 index-list  index on Rooms (HotelId)
                14 index-list  read "Rooms by Id and HotelId" of Rooms by Id = ? sorted HotelId desc [inferred: an index is asked for with its use]
                14 index-list  index on Rooms (Id, HotelId desc)
                18 index-list  read "Query rooms by hotel" of Rooms by HotelId = ? [inferred: an index is asked for with its use]
                18 index-list  index IX_A on Rooms (HotelId) -- Query rooms by hotel
            "#]],
        );
    }

    #[test]
    fn keys_in_braces_and_what_no_column_is() {
        check(
            "## Visit\n\n| Field | Type |\n|-|-|\n| starts_at | timestamp |\n| state | text |\n\n## Indexes\n\n### Visit collection\n\n- `state` (for filtering)\n- Compound: `{ starts_at: -1, state: 1 }` (for calendar display)\n- `{ starts_at: later }` (for calendar display)\n",
            &expect![[r#"
                1 field-table  entity Visit
                5 field-table  field Visit.starts_at timestamp
                6 field-table  field Visit.state text
                12 index-list  read "Visit by state" of Visit by state = ? [inferred: an index is asked for with its use]
                12 index-list  index on Visit (state) -- filtering
                13 index-list  read "calendar display" of Visit by starts_at range, state = ? [inferred: an index is asked for with its use]
                13 index-list  index on Visit (starts_at desc, state) -- calendar display
            "#]],
        );
    }

    #[test]
    fn names_of_indexes_are_no_columns() {
        check(
            "## stays\n\n- `id`: uuid\n- `guest_id`: uuid\n- `kind`: text\n- `idx_no`: int\n\n**Indexes**:\n\n- `idx_stays_guest_id`\n- `stays_kind_guest_id_idx`\n- `idx_stays_unknown`\n- `idx_no`\n",
            &expect![[r#"
                1 bullet-fields  entity stays
                3 bullet-fields  field stays.id uuid
                4 bullet-fields  field stays.guest_id uuid
                5 bullet-fields  field stays.kind text
                6 bullet-fields  field stays.idx_no int
                10 index-list  read "stays by guest_id" of stays by guest_id = ? [inferred: an index is asked for with its use]
                10 index-list  index idx_stays_guest_id on stays (guest_id)
                11 index-list  read "stays by kind and guest_id" of stays by kind = ?, guest_id = ? [inferred: an index is asked for with its use]
                11 index-list  index stays_kind_guest_id_idx on stays (kind, guest_id)
                13 index-list  read "stays by idx_no" of stays by idx_no = ? [inferred: an index is asked for with its use]
                13 index-list  index on stays (idx_no)
            "#]],
        );
    }
}
