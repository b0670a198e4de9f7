//! HTTP endpoints: `GET /users/{id}/orders?status=` in lists, tables, headings and code blocks.
//!
//! A path reads from left to right: a collection, one of its rows, a collection of that row. The
//! last collection that is an entity is what the endpoint is about; the rows before it are
//! conditions. Endpoints whose path and description name no entity are passed over.

mod call;
mod query;

use underpin_base::Span;

use crate::document::{BlockKind, Document, Table};
use crate::notation::field_table::mark_header;
use crate::notation::{Mark, Output};
use crate::query_phrase::{self, Place};
use crate::words::{first_word, lower_words, split_once_any, unquote};
use crate::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact, WriteForm};
use call::{Call, call, is_in_path, parameter};
pub(in crate::notation) use call::{METHODS, names_endpoint};
use query::Parameters;
pub(crate) use query::lists_parameters;

pub(super) const DOC: &str =
    "Endpoints such as `GET /users/{id}/orders?status=` with what they are for.";

const REASON: &str = "an endpoint asks for it";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (at, section) in out.sections(document) {
        if let Some(mut call) = call(&section.title.text) {
            let span = document.span(section.title.range());
            // "Query Parameters (GET /orders)"
            if query::is_label(&call.text) {
                call.text.clear();
            }
            state_with(document, call, || query::under(document, at), span, out);
        }
    }
    for (index, block) in out.blocks(document) {
        // The parameters of the endpoint above.
        if block.section.is_some_and(|it| query::is_label(document.title(it)))
            && document.path_of(block.section).any(|it| call(document.title(it)).is_some())
            && out.is_open(document, block.range.start)
        {
            out.mark(document, block.range.clone(), Mark::SetAside);
            continue;
        }
        match &block.kind {
            BlockKind::List(list) => {
                let is_of_endpoints =
                    block.section.is_some_and(|section| lists_endpoints(document.title(section)));
                for (at, item) in list.items.iter().enumerate() {
                    let Some(line) = item.content.lines.first() else { continue };
                    let text = &item.content.text;
                    let plain = || is_of_endpoints.then(|| without_method(text)).flatten();
                    if let Some(call) = call(text).or_else(plain) {
                        if out.is_open(document, line.range.start) {
                            let span = document.span(item.content.range());
                            state_with(document, call, || query::inside(list, at), span, out);
                        }
                    }
                }
            }
            BlockKind::Paragraph(inline) => {
                for line in &inline.lines {
                    if let Some(call) = call(&line.text) {
                        let span = document.span(line.range.clone());
                        let is_last = inline.lines.last().is_some_and(|it| it.range == line.range);
                        let behind = || {
                            if is_last {
                                query::behind(document, index)
                            } else {
                                Parameters::default()
                            }
                        };
                        state_with(document, call, behind, span, out);
                    }
                }
            }
            BlockKind::Code(code) if is_plain(&code.language) => {
                for (line, range) in code.lines() {
                    if let Some(call) = call(line) {
                        state(document, &call, document.code_span(code, range), out);
                    }
                }
            }
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                read_table(document, table, &block.range, out);
            }
            BlockKind::Code(_) | BlockKind::Table(_) => {}
        }
    }
}

fn is_plain(language: &str) -> bool {
    matches!(language, "" | "http" | "text" | "txt" | "rest" | "plaintext" | "bash" | "sh" | "api")
}

fn read_table(
    document: &Document<'_>,
    table: &Table,
    range: &std::ops::Range<usize>,
    out: &mut Output,
) {
    let column = |names: &[&str]| {
        table
            .header
            .iter()
            .position(|cell| names.contains(&lower_words(&cell.text).join(" ").as_str()))
    };
    let method = column(&["method", "http method", "verb", "http"]);
    let path = column(&[
        "path",
        "endpoint",
        "route",
        "url",
        "uri",
        "api",
        "api endpoint",
        "endpoints",
        "resource",
    ]);
    let Some(path) = path else { return };
    let is_of_endpoints = lists_endpoints(&table.header[path].text);
    let about = column(&[
        "description",
        "purpose",
        "action",
        "summary",
        "what it does",
        "function",
        "operation",
        "notes",
        "use",
        "功能",
    ]);
    let asked =
        column(&["query", "query params", "query parameters", "params", "parameters", "filters"]);
    let mut any = false;
    for row in &table.rows {
        let text = about.map_or("", |column| row.text(column));
        let line = match method {
            Some(method) => format!("{} {} - {text}", unquote(row.text(method)), row.text(path)),
            None => format!("{} - {text}", row.text(path)),
        };
        let plain =
            || (method.is_none() && is_of_endpoints).then(|| without_method(&line)).flatten();
        if let Some(mut call) = call(&line).or_else(plain) {
            if let Some(asked) = asked.filter(|_| call.method == "GET") {
                call.query.extend(query::in_line(row.text(asked)));
            }
            any |= state(document, &call, document.span(row.range.clone()), out);
            out.mark(document, row.range.clone(), Mark::SetAside);
        }
    }
    if any {
        mark_header(document, table, range, out);
    }
}

/// Whether a heading or a column is of endpoints, and not of pages or files.
fn lists_endpoints(title: &str) -> bool {
    lower_words(title)
        .iter()
        .any(|word| matches!(word.as_str(), "endpoint" | "endpoints" | "api" | "apis" | "rest"))
}

/// "`/orders?status=` lists orders": a path alone is read, unless its words say that it changes something.
fn without_method(line: &str) -> Option<Call> {
    let plain = line.trim().trim_start_matches('`');
    let found = call(&format!("GET {plain}")).filter(|_| plain.starts_with('/'))?;
    let first = first_word(&found.text).unwrap_or_default();
    let stem = first.strip_suffix('s').unwrap_or(&first);
    let changes = query_phrase::is_verb(stem) && !query_phrase::is_read_verb(stem);
    (!changes).then_some(found)
}

/// States what a call asks for that another notation found; whether anything was understood.
pub(super) fn state_call(
    document: &Document<'_>,
    method: &'static str,
    path: &str,
    query: Vec<String>,
    text: String,
    span: Span,
    out: &mut Output,
) -> bool {
    state(document, &Call { method, path: path.to_owned(), query, text }, span, out)
}

/// What a path is about.
#[derive(Debug, Default)]
struct Target {
    entity: Option<String>,
    /// Whether a row of it is named, by this word.
    row: Option<String>,
    filter: Vec<FilterFact>,
    /// The last words that are no entity.
    tail: Option<String>,
}

fn target(path: &str, out: &Output) -> Target {
    let mut target = Target::default();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    for (at, segment) in segments.iter().enumerate() {
        let name = parameter(segment);
        if let Some(name) = name {
            let before = at.checked_sub(1).map_or("", |before| segments[before]);
            match (&target.entity, &target.tail) {
                // `/orders/status/{status}`: a field and its value.
                (Some(_), Some(tail)) if tail == before && target.row.is_none() => {
                    let field = if is_row(name, "") { tail.as_str() } else { name };
                    let field = field.trim_start_matches("by-").trim_start_matches("by_");
                    target.filter.push(query_phrase::condition(field, false));
                    target.tail = None;
                }
                (Some(entity), _) if target.row.is_none() => {
                    target.row =
                        Some(if is_row(name, entity) { "id".to_owned() } else { name.to_owned() });
                }
                _ => {}
            }
            continue;
        }
        // `/clients/{id}/notes`: where there are notes of clients, those.
        let of_owner = || {
            let owner = target.entity.as_deref().filter(|_| target.row.is_some())?;
            out.known.get(&format!("{owner} {}", segment.replace(['-', '_'], " ")))
        };
        let found = of_owner()
            .or_else(|| out.known.get(&segment.replace(['-', '_'], " ")))
            .or_else(|| out.known.get(segment))
            // `/drives` where only "Placement Drive" is one.
            .or_else(|| {
                let is_plain = segment.len() > 3 && segment.chars().all(char::is_alphabetic);
                let is_several = crate::prose::singular(segment) != **segment;
                out.known.ending_with(segment).filter(|_| is_plain && is_several)
            });
        // `/posts/community/:id`: posts, by their community.
        let is_value = target.entity.is_some()
            && target.row.is_none()
            && crate::prose::singular(segment) == **segment
            && segments.get(at + 1).is_some_and(|next| parameter(next).is_some());
        match found.filter(|_| !is_value) {
            Some(name) => {
                let owner = target.entity.take();
                if let (Some(owner), Some(row)) = (owner, target.row.take()) {
                    let word = if row == "id" { owner } else { row };
                    target.filter.push(query_phrase::condition(&word, false));
                } else if matches!(target.tail.as_deref(), Some("me" | "my")) {
                    target.filter.push(query_phrase::condition("own", false));
                }
                target.entity = Some(name.to_owned());
                target.tail = None;
            }
            None => target.tail = Some(segment.to_lowercase()),
        }
    }
    target
}

/// Whether a parameter is a row's key: `id`, `orderId`, `order_id`.
fn is_row(name: &str, entity: &str) -> bool {
    let lower = name.to_lowercase();
    matches!(lower.as_str(), "id" | "uuid" | "pk" | "key")
        || lower.ends_with("id") && lower.len() > 2
        || crate::words::fold(name) == crate::words::fold(entity)
}

/// States what an endpoint asks for, whose parameters may stand below it.
fn state_with(
    document: &Document<'_>,
    mut call: Call,
    below: impl FnOnce() -> Parameters,
    span: Span,
    out: &mut Output,
) {
    // "**Endpoint**: `GET /orders`" says nothing of what it is for.
    if matches!(
        call.text.to_lowercase().as_str(),
        "endpoint" | "route" | "url" | "path" | "request"
    ) {
        call.text.clear();
    }
    let found = if call.method == "GET" { below() } else { Parameters::default() };
    let is_new = |name: &String| !call.query.contains(name) && !is_in_path(&call.path, name);
    let names: Vec<String> = found.names.into_iter().filter(is_new).collect();
    call.query.extend(names);
    if let Some(said) = found.said.filter(|_| call.text.is_empty()) {
        said.trim_end_matches('.').clone_into(&mut call.text);
    }
    if state(document, &call, span, out) {
        for place in found.places {
            if out.is_open(document, place.start) {
                out.mark(document, place, Mark::SetAside);
            }
        }
    }
}

/// States what an endpoint asks for; whether anything was understood.
fn state(document: &Document<'_>, call: &Call, span: Span, out: &mut Output) -> bool {
    if !out.is_open(document, span.range().start) {
        return false;
    }
    let target = target(&call.path, out);
    let Some(pattern) = pattern(call, &target, out) else {
        return false;
    };
    let children = children(&pattern, &call.text);
    out.infer(document, span, Fact::AccessPattern(pattern), REASON);
    for child in children {
        out.infer(document, span, Fact::AccessPattern(child), REASON);
    }
    true
}

fn pattern(call: &Call, target: &Target, out: &Output) -> Option<PatternFact> {
    let tail = target.tail.as_deref().unwrap_or_default();
    let searches =
        matches!(tail, "search" | "filter" | "query" | "list" | "all" | "count" | "export");
    let reads = call.method == "GET"
        || call.method == "POST" && matches!(tail, "search" | "filter" | "query");
    let Some(entity) = target.entity.clone() else {
        if !reads {
            return None;
        }
        // Nothing but the words tells what it reads: they must tell by what.
        return query_phrase::noun_phrase(&call.text, out).filter(|pattern| {
            !(pattern.filter.is_empty() && pattern.sort.is_empty() && pattern.limit.is_none())
        });
    };
    let words = described(call, &entity, target.row.is_some());
    if reads {
        let place = Place { entity: Some(entity.clone()), actor: None };
        let mut pattern = query_phrase::read(&words, &place, out)
            .filter(|found| {
                found.kind == AccessKind::Read && found.entity.as_ref() == Some(&entity)
            })
            .unwrap_or_else(|| query_phrase::empty(&query_phrase::short(&words), AccessKind::Read));
        pattern.entity = Some(entity);
        if let Some(row) = &target.row {
            // One row is wanted: what else the words say of it is no condition.
            pattern.filter = vec![query_phrase::condition(row, false)];
            pattern.sort.clear();
        } else {
            pattern.filter.retain(|filter| filter.field != "id");
            let owners = target.filter.iter().filter(|owner| {
                !pattern.filter.iter().any(|known| {
                    crate::words::fold(&known.field) == crate::words::fold(&owner.field)
                })
            });
            let owners: Vec<FilterFact> = owners.cloned().collect();
            pattern.filter.splice(0..0, owners);
            if !tail.is_empty() && !searches {
                parse_tail(tail, &mut pattern);
            }
            for name in &call.query {
                parse_parameter(name, &mut pattern);
            }
            if pattern.filter.iter().all(|it| it.optional) && is_of_caller(&words, target, out) {
                pattern.filter.insert(0, query_phrase::condition("own", false));
            }
        }
        return Some(pattern);
    }
    let mut pattern = query_phrase::empty(&query_phrase::short(&words), AccessKind::Write);
    pattern.entity = Some(entity);
    match (&target.row, call.method) {
        (Some(row), _) => pattern.filter.push(query_phrase::condition(row, false)),
        (None, "POST")
            if tail.is_empty() || matches!(tail, "create" | "new" | "upload" | "add") => {}
        _ => return None,
    }
    // One that "deactivates" keeps the row.
    if call.method == "DELETE" && !begins_with_verb(&pattern.name) {
        pattern.form = Some(WriteForm::Delete);
        pattern.name = format!("delete {}", pattern.entity.as_deref().unwrap_or_default());
    }
    Some(pattern)
}

/// "Get current subscription", "the orders of the signed-in customer": those of whoever calls.
fn is_of_caller(words: &str, target: &Target, out: &Output) -> bool {
    let words = lower_words(words);
    let singular = |word: &str| crate::prose::singular(word) == word;
    let entity = target.entity.as_deref().unwrap_or_default();
    let is_current = words.windows(2).any(|pair| {
        pair[0] == "current" && singular(&pair[1]) && out.known.get(&pair[1]) == Some(entity)
    });
    let signed_in = words.windows(2).any(|pair| {
        matches!(pair[0].as_str(), "signed" | "logged") && pair[1] == "in"
            || pair[0] == "authenticated" && pair[1].starts_with("user")
    });
    (is_current || signed_in) && out.known.get("User") != Some(entity)
}

fn begins_with_verb(name: &str) -> bool {
    first_word(name).as_ref().is_some_and(|verb| {
        query_phrase::is_verb(verb) || matches!(verb.as_str(), "purge" | "clear")
    })
}

/// The words of an endpoint, or those that its method stands for.
fn described(call: &Call, entity: &str, row: bool) -> String {
    let text = split_once_any(&call.text, &[" | ", "  ", ". "])
        .map_or(call.text.as_str(), |(text, _)| text);
    let first = first_word(text).unwrap_or_default();
    let fits = match call.method {
        "GET" => query_phrase::is_read_verb(&first),
        _ => query_phrase::is_verb(&first) && !query_phrase::is_read_verb(&first),
    };
    if fits {
        return text.to_owned();
    }
    if lower_words(text).len() > 1 && lower_words(text).len() < 9 && call.method != "GET" {
        return text.to_owned();
    }
    match (call.method, row) {
        ("GET", true) => format!("get {entity}"),
        ("GET", false) => format!("list {entity} {text}").trim().to_owned(),
        ("POST", false) => format!("create {entity}"),
        ("DELETE", _) => format!("delete {entity}"),
        _ => format!("update {entity}"),
    }
}

/// `/orders/pending`, `/orders/recent`, `/orders/me`.
fn parse_tail(tail: &str, pattern: &mut PatternFact) {
    match tail {
        "me" | "my" | "mine" => pattern.filter.insert(0, query_phrase::condition("own", false)),
        "recent" | "latest" | "newest" => pattern.sort.push("time desc".to_owned()),
        word => {
            let word = word.replace('-', " ");
            pattern.filter.push(FilterFact {
                operator: FilterOperator::Constant(word.clone()),
                field: word,
                optional: false,
            });
        }
    }
}

/// A query parameter: a page, an order, words to search for, or a condition that may be left out.
fn parse_parameter(name: &str, pattern: &mut PatternFact) {
    let words = lower_words(&name.replace(['_', '-'], " ")).join(" ");
    match words.replace(' ', "").as_str() {
        "page" | "limit" | "offset" | "cursor" | "perpage" | "pagesize" | "size" | "skip"
        | "take" | "sort" | "order" | "sortby" | "orderby" | "sortorder" | "after" | "before"
        | "include" | "fields" | "expand" | "q" | "search" | "query" | "keyword" | "format"
        | "order_by" => {}
        "from" | "to" | "startdate" | "enddate" | "datefrom" | "dateto" | "since" | "until"
        | "start" | "end" | "fromdate" | "todate" => {
            add(
                FilterFact {
                    field: "date".to_owned(),
                    operator: FilterOperator::Range,
                    optional: true,
                },
                pattern,
            );
        }
        _ => add(query_phrase::condition(name, true), pattern),
    }
}

fn add(filter: FilterFact, pattern: &mut PatternFact) {
    if !pattern.filter.iter().any(|known| known.field == filter.field) {
        pattern.filter.push(filter);
    }
}

/// "Get category with documents" also reads the documents of a category.
fn children(pattern: &PatternFact, text: &str) -> Vec<PatternFact> {
    let one = pattern.kind == AccessKind::Read
        && pattern.filter.len() == 1
        && !pattern.filter[0].optional;
    let Some(entity) = pattern.entity.as_deref().filter(|_| one) else { return Vec::new() };
    query_phrase::children(entity, &pattern.joins, text)
}

#[cfg(test)]
mod tests {
    use super::{Call, call};
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn paths_without_a_method() {
        check(
            "# User\n| Field | Type |\n|-|-|\n| id | int |\n# Order\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n# Endpoints\n- `/orders?status=` lists orders\n- `/users/{id}/orders` – the orders of a user\n- `/orders/new` creates an order\n- `/health`\n\n# Pages\n- `/orders?status=` shows a screen\n",
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  entity Order
                8 field-table  field Order.id int
                9 field-table  field Order.status text
                11 endpoint-list  read "lists orders" of Order by status = ? if given [inferred: an endpoint asks for it]
                12 endpoint-list  read "list Order the orders of a user" of Order by user = ? [inferred: an endpoint asks for it]
            "#]],
        );
    }

    #[test]
    fn lists_and_tables() {
        check(
            "# User\n| Field | Type |\n|-|-|\n| id | int |\n# Order\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n# API\n- GET /api/users/{id}/orders?status=&page=1 - List a user's orders, newest first\n- `GET /api/v1/orders/{orderId}`: Get order\n- POST /api/orders - Create order\n- DELETE /api/orders/:id\n- GET /orders/pending\n- POST /auth/login - Login\n- GET /health - Liveness\n\n| Method | Path | Description |\n|-|-|-|\n| GET | `/users/{id}` | Get user with orders |\n| PATCH | /orders/{id}/status | Change the status |\n",
            &expect![[r#"
                1 field-table  entity User
                4 field-table  field User.id int
                5 field-table  entity Order
                8 field-table  field Order.id int
                9 field-table  field Order.status text
                11 endpoint-list  read "List a user's orders, newest first" of Order by user = ?, status = ? if given sorted time desc [inferred: an endpoint asks for it]
                12 endpoint-list  read "Get order" of Order by id = ? [inferred: an endpoint asks for it]
                13 endpoint-list  write "Create order" of Order [inferred: an endpoint asks for it]
                14 endpoint-list  delete "delete Order" of Order by id = ? [inferred: an endpoint asks for it]
                15 endpoint-list  read "list Order" of Order by pending = pending [inferred: an endpoint asks for it]
                21 endpoint-list  read "Get user with orders" of User with Order by id = ? [inferred: an endpoint asks for it]
                21 endpoint-list  read "Order of User" of Order by User = ? [inferred: an endpoint asks for it]
                22 endpoint-list  write "Change the status" of Order by id = ? [inferred: an endpoint asks for it]
            "#]],
        );
    }

    #[test]
    fn what_is_no_endpoint() {
        assert_eq!(call("- /login - Login page"), None);
        assert_eq!(call("Use GET for reads, POST for writes"), None);
        assert_eq!(
            call("GET /a/{b}?c=1&d= - x"),
            Some(Call {
                method: "GET",
                path: "/a/{b}".to_owned(),
                query: vec!["c".to_owned(), "d".to_owned()],
                text: "x".to_owned()
            })
        );
    }

    #[test]
    fn the_method_behind_the_path() {
        check(
            "# Guest\n| Field | Type |\n|-|-|\n| id | int |\n| email | text |\n\n# API\n\n- Index ```/guests``` **[GET]**\n- Show [token required] `/guests/:email` [GET]\n- Create `/guests` (POST)\n- `/guests/:id` - DELETE\n- See /guests for what a GET\n- Read the docs (GET)\n",
            &expect![[r#"
                1 field-table  entity Guest
                4 field-table  field Guest.id int
                5 field-table  field Guest.email text
                9 endpoint-list  read "list Guest Index" of Guest [inferred: an endpoint asks for it]
                10 endpoint-list  read "Show" of Guest by email = ? [inferred: an endpoint asks for it]
                11 endpoint-list  write "Create" of Guest [inferred: an endpoint asks for it]
                12 endpoint-list  delete "delete Guest" of Guest by id = ? [inferred: an endpoint asks for it]
                13 query-sentence  read "See /guests for what a GET" of Guest [inferred: a sentence asks for it]
            "#]],
        );
    }
}
