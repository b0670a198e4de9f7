//! Indexes that a document asks for, as a table or a list.

mod query;

use underpin_base::Span;

use crate::document::{BlockKind, Document, Table};
use crate::notation::field_table::{columns, mark_header};
use crate::notation::{Output, mentioned};
use crate::words::{code_spans, is_identifier, lower_words, parenthesized, split_top, unquote};
use crate::{Fact, IndexFact};
use query::by_columns;
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
        "entity" | "table" | "collection" => Role::Entity,
        "columns" | "fields" | "column" | "column s" | "field" | "field s" | "indexed columns"
        | "indexed fields" | "keys" | "key" => Role::Columns,
        "kind" | "type" | "index type" | "method" => Role::Kind,
        "serves" | "purpose" | "reason" | "description" | "used by" | "query" | "rationale"
        | "use case" | "supports" | "notes" | "why" | "used for" => Role::Purpose,
        _ => Role::Other,
    }
}

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in document.blocks.iter().enumerate() {
        let topic = document.lead(index).is_some_and(is_index_topic)
            || block.section.is_some_and(|section| is_index_topic(document.title(section)));
        match &block.kind {
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                read_table(document, table, block.section, topic, &block.range, out);
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
                    let text = if in_label {
                        text[label.len().min(text.len())..].trim_start_matches([':', ' '])
                    } else {
                        text
                    };
                    if inside
                        || in_label
                        || lower_words(text).iter().take(3).any(|word| word == "index")
                    {
                        let facts = item_indexes(text, outer.as_deref(), inside || in_label, out);
                        for fact in facts {
                            state(document, document.span(item.content.range()), fact, out);
                        }
                    }
                }
            }
            BlockKind::Paragraph(inline) => {
                let label = inline.label.trim_end_matches(':');
                if !label.is_empty()
                    && is_index_topic(label)
                    && out.is_open(document, inline.range().start)
                {
                    let owner = out.entity_of(document, block.section);
                    let rest = inline.text[label.len().min(inline.text.len())..]
                        .trim_start_matches([':', ' ']);
                    for fact in item_indexes(rest, owner.as_deref(), true, out) {
                        state(document, document.span(inline.range()), fact, out);
                    }
                }
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
}

/// An index with the query that it is asked for.
fn state(document: &Document<'_>, span: Span, fact: Fact, out: &mut Output) {
    if let Fact::Index(index) = &fact
        && let Some(pattern) = pattern(index).or_else(|| by_columns(index))
    {
        out.infer(document, span, pattern, "an index is asked for with its use");
    }
    out.state(document, span, fact);
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
        for fact in item_indexes(row.text(index), Some(&owner), true, out) {
            let span = document.span(row.range.clone());
            if let Fact::Index(index) = &fact
                && let Some(pattern) = pattern(index).or_else(|| by_columns(index))
            {
                out.infer_beside(span, pattern, "an index is asked for with its use");
            }
            out.infer_beside(span, fact, "the table tells its index");
        }
    }
}

fn is_index_topic(text: &str) -> bool {
    lower_words(text)
        .iter()
        .any(|word| matches!(word.as_str(), "index" | "indexes" | "indices" | "indexing"))
}

fn read_table(
    document: &Document<'_>,
    table: &Table,
    section: Option<usize>,
    topic: bool,
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
    if !(has(Role::Columns) && (topic || names_index)) {
        return;
    }
    let owner = out.entity_of(document, section);
    let mut any = false;
    for row in &table.rows {
        let cell = |wanted: Role| {
            roles
                .iter()
                .position(|role| *role == wanted)
                .map_or("", |column| row.text(column).trim())
        };
        let entity = Some(unquote(cell(Role::Entity)))
            .filter(|name| !name.is_empty())
            .map(|name| out.known.get(name).map_or_else(|| name.to_owned(), str::to_owned));
        let Some(entity) = entity.or_else(|| owner.clone()) else { continue };
        let text = cell(Role::Columns);
        let found = columns(text).unwrap_or_else(|| column_list(text));
        if found.is_empty() {
            continue;
        }
        let kind = cell(Role::Kind).to_lowercase();
        let name =
            Some(unquote(cell(Role::Name))).filter(|name| is_identifier(name)).map(str::to_owned);
        let purpose = Some(cell(Role::Purpose)).filter(|text| !text.is_empty()).map(str::to_owned);
        let condition = where_clause(cell(Role::Kind)).or_else(|| where_clause(text));
        let fact = index_fact(entity, found, name, &kind, purpose, condition);
        // Words that say what a row serves ask for that query; a name stands for one that is
        // described elsewhere.
        let span = document.span(row.range.clone());
        if lower_words(cell(Role::Purpose)).len() > 1
            && let Some(pattern) = as_index(&fact, cell(Role::Purpose)).as_ref().and_then(pattern)
        {
            out.infer_served(span, pattern, "an index is asked for with its use");
        }
        out.state(document, span, fact);
        any = true;
    }
    if any {
        mark_header(document, table, range, out);
    }
}

/// The index of a fact; a key of several fields has one too.
fn as_index(fact: &Fact, purpose: &str) -> Option<IndexFact> {
    match fact {
        Fact::Index(index) => Some(index.clone()),
        Fact::Unique { entity, fields, .. } => Some(IndexFact {
            entity: entity.clone(),
            name: None,
            columns: fields.clone(),
            unique: true,
            method: None,
            purpose: Some(purpose.to_owned()),
        }),
        _ => None,
    }
}

fn index_fact(
    entity: String,
    columns: Vec<String>,
    name: Option<String>,
    kind: &str,
    purpose: Option<String>,
    condition: Option<String>,
) -> Fact {
    if lower_words(kind).iter().any(|word| word == "unique") {
        let fields = columns
            .iter()
            .map(|column| column.split(' ').next().unwrap_or(column).to_owned())
            .collect();
        return Fact::Unique { entity, fields, condition, text: None };
    }
    let method = ["btree", "gin", "gist", "hash", "brin"]
        .iter()
        .find(|method| kind.contains(**method))
        .map(|method| (*method).to_owned());
    let purpose = match (purpose, condition) {
        (Some(purpose), Some(condition)) => Some(format!("{purpose} (where {condition})")),
        (None, Some(condition)) => Some(format!("where {condition}")),
        (purpose, None) => purpose,
    };
    Fact::Index(IndexFact { entity, name, columns, unique: false, method, purpose })
}

fn where_clause(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("where ")?;
    let rest = text[at + "where ".len()..].split(" — ").next().unwrap_or_default();
    let rest = rest.split(" - ").next().unwrap_or(rest).trim();
    Some(rest.trim_matches('`').to_owned())
}

fn column_list(text: &str) -> Vec<String> {
    split_top(text, &[','])
        .into_iter()
        .map(|column| column.replace('`', "").trim().to_lowercase_direction())
        .filter(|column| {
            column.split_whitespace().count() <= 2
                && is_identifier(column.split(' ').next().unwrap_or_default())
        })
        .collect()
}

/// An index as the name of a known entity with its columns: `orders(status, placed_at desc)`.
fn call_index(code: &str, out: &Output) -> Option<Fact> {
    let (name, inside, rest) = parenthesized(code)?;
    let entity = out.known.get(name.trim()).filter(|_| rest.trim().is_empty())?;
    let columns = column_list(inside);
    let all = columns.len() == split_top(inside, &[',']).len();
    all.then(|| index_fact(entity.to_owned(), columns, None, "", None, None))
}

/// A kind of index in brackets, where columns may stand too: "(Unique, Nonclustered)".
fn is_kind(text: &str) -> bool {
    lower_words(text).iter().all(|word| {
        matches!(
            word.as_str(),
            "clustered"
                | "nonclustered"
                | "non"
                | "unique"
                | "composite"
                | "primary"
                | "key"
                | "partial"
                | "covering"
                | "btree"
                | "hash"
                | "gin"
                | "gist"
                | "brin"
                | "filtered"
                | "index"
                | "compound"
                | "single"
                | "sparse"
                | "ttl"
        )
    })
}

/// Column texts keep their case; the direction after them does not.
trait Direction {
    fn to_lowercase_direction(&self) -> String;
}

impl Direction for str {
    fn to_lowercase_direction(&self) -> String {
        match self.split_once(' ') {
            Some((column, direction)) => format!("{column} {}", direction.trim().to_lowercase()),
            None => self.to_owned(),
        }
    }
}

/// "Index on A for b", "Unique index on (a, b)", "`btree (a, b DESC)` (why)", "`a`, `b`".
fn item_indexes(text: &str, owner: Option<&str>, sure: bool, out: &Output) -> Vec<Fact> {
    let plain = text.replace('`', "");
    let lower = plain.to_lowercase();
    let words = lower_words(&plain);
    let mut facts = Vec::new();
    // "Hot paths: `flows(workspace_id, status)`, `steps(flow_id, order)`"
    let calls: Option<Vec<Fact>> =
        code_spans(text).into_iter().map(|span| call_index(span, out)).collect();
    if let Some(calls) = calls.filter(|calls| sure && calls.len() > 1) {
        return calls;
    }
    // Several pairs of brackets are several indexes.
    let mut rest = plain.as_str();
    let mut brackets = Vec::new();
    while let Some((before, inside, after)) = parenthesized(rest) {
        if let Some(found) =
            columns(&format!("({inside})")).filter(|found| !found.iter().all(|it| is_kind(it)))
        {
            let explains = lower_words(inside).len() > found.len() * 2;
            // After the first, a bracket without "and" or an index word before it is a remark.
            let joins = brackets.is_empty()
                || lower_words(before).iter().any(|word| {
                    matches!(
                        word.as_str(),
                        "and" | "btree" | "gin" | "gist" | "index" | "hash" | "brin" | "on"
                    )
                });
            if !explains && joins {
                brackets.push((before.to_owned(), found));
            }
        }
        rest = after;
        if brackets.len() > 20 {
            break;
        }
    }
    let entity_in = |before: &str| mentioned(before, out).into_iter().next();
    let condition = where_clause(text);
    let purpose = plain
        .split_once(" for ")
        .map(|(_, purpose)| purpose)
        .or_else(|| {
            plain.split_once("(for ").map(|(_, purpose)| purpose.trim_end_matches(['.', ')']))
        })
        .or_else(|| plain.split_once(" - ").map(|(_, purpose)| purpose))
        .or_else(|| plain.split_once(" — ").map(|(_, purpose)| purpose))
        .or_else(|| plain.rsplit_once(") to ").map(|(_, purpose)| purpose))
        .or_else(|| {
            plain.rsplit_once(") (").map(|(_, purpose)| purpose.trim_end_matches(['.', ')']))
        })
        .map(|purpose| purpose.trim().to_owned());
    if !brackets.is_empty() && (sure || words.iter().any(|word| word == "index")) {
        for (before, found) in brackets {
            let Some(entity) = entity_in(&before).or_else(|| owner.map(str::to_owned)) else {
                continue;
            };
            let kind = format!("{before} {lower}");
            let kind = if before.to_lowercase().contains("unique") || lower.starts_with("unique") {
                format!("unique {kind}")
            } else {
                kind.replace("unique", "")
            };
            let found = found.iter().map(|column| column.to_lowercase_direction()).collect();
            facts.push(index_fact(entity, found, None, &kind, purpose.clone(), condition.clone()));
        }
        return facts;
    }
    // "Index on PlayerId for balance queries"
    let on = lower.find("index on ").map(|at| at + "index on ".len());
    if let (Some(at), Some(owner)) = (on, owner) {
        let rest = plain.get(at..).unwrap_or_default();
        let end = [" for ", " to ", " - ", " — ", " where "]
            .iter()
            .filter_map(|mark| rest.find(mark))
            .min()
            .unwrap_or(rest.len());
        let found = column_list(&rest[..end].replace(" and ", ","));
        if !found.is_empty() {
            facts.push(index_fact(owner.to_owned(), found, None, &lower[..at], purpose, condition));
        }
        return facts;
    }
    // `orders.status`, `user_id` alone under "Indexes".
    let mut spans = code_spans(text);
    // "`orders_status_idx` (btree) on `status`": the index's name comes first.
    let name = match (spans.split_first(), lower.split_once(" on ")) {
        (Some((first, rest)), Some((before, _)))
            if !rest.is_empty() && before.contains(&first.to_lowercase()) =>
        {
            let name = (*first).to_owned();
            spans = rest.iter().flat_map(|span| span.split(',')).map(str::trim).collect();
            Some(name)
        }
        _ => None,
    };
    let is_key = name.is_some() && lower.starts_with("pk");
    if is_key {
        return facts;
    }
    if sure && !spans.is_empty() && text.trim_start().starts_with('`') {
        let qualified: Vec<(&str, &str)> =
            spans.iter().filter_map(|span| span.rsplit_once('.')).collect();
        if qualified.len() == spans.len() {
            for (entity, column) in qualified {
                if let Some(entity) = out.known.get(entity) {
                    facts.push(index_fact(
                        entity.to_owned(),
                        vec![column.to_owned()],
                        None,
                        "",
                        None,
                        None,
                    ));
                }
            }
        } else if let Some(owner) = owner {
            let found: Vec<String> = spans
                .iter()
                .filter(|span| is_identifier(span))
                .map(|span| (*span).to_owned())
                .collect();
            if !found.is_empty() {
                facts.push(index_fact(owner.to_owned(), found, name, &lower, purpose, condition));
            }
        }
    }
    facts
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
}
