//! Tables of the queries and writes that the application makes.

mod columns;

use columns::{Role, role, take_said, unit, with_unit};

use crate::document::{BlockKind, Document, Table};
use crate::notation::field_table::mark_header;
use crate::notation::filter_text::{filters, is_empty};
use crate::notation::{Output, mentioned};
use crate::quantity;
use crate::query_phrase::{self, Place};
use crate::words::{code_spans, first_word, is_identifier, lower_words, split_top, unquote};
use crate::{AccessKind, Fact, FilterFact, FilterOperator, PatternFact, WriteForm};
use smol_str::SmolStr;

pub(super) const DOC: &str =
    "A table of queries with what they read, filter, sort and join, how often, and how fast.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        match &block.kind {
            BlockKind::Table(table) if out.is_open(document, block.range.start) => {
                let mut roles: Vec<Role> =
                    table.header.iter().map(|cell| role(&cell.text)).collect();
                take_conditions(table, &mut roles);
                let is_said = take_said(&mut roles);
                if !is_pattern_table(&roles, is_said) {
                    continue;
                }
                let owner = out.entity_of(document, block.section);
                read_table(document, table, &roles, owner.as_deref(), out);
                mark_header(document, table, &block.range, out);
            }
            BlockKind::Paragraph(inline) => {
                let facts = staleness(&inline.text, out);
                if let Some((entities, seconds)) = facts {
                    out.set_staleness(document, &entities, seconds);
                }
            }
            _ => {}
        }
    }
}

/// "Pattern | Query": behind the names of queries, a second column of them holds conditions or whole statements.
fn take_conditions(table: &Table, roles: &mut [Role]) {
    let named = roles.iter().enumerate().filter(|(_, role)| **role == Role::Name).nth(1);
    let Some(second) = named.map(|(at, _)| at) else { return };
    let begins = |word: &str| {
        let first = |text: &str| lower_words(text).first().is_some_and(|first| first == word);
        !table.rows.is_empty() && table.rows.iter().all(|row| first(row.text(second)))
    };
    let compares =
        |text: &str| [" = ", " > ", " < ", ">=", "<="].iter().any(|it| text.contains(it));
    let role = if begins("select") {
        Role::Sql
    } else if begins("where") || table.rows.iter().all(|row| compares(row.text(second))) {
        Role::Filter
    } else {
        return;
    };
    if !roles.contains(&role) {
        roles[second] = role;
    }
}

fn is_pattern_table(roles: &[Role], is_said: bool) -> bool {
    let has = |role| roles.contains(&role);
    let measures = has(Role::Frequency) || has(Role::Latency);
    let shape = [Role::Filter, Role::Sort, Role::Entity, Role::Joins, Role::Limit]
        .iter()
        .filter(|role| has(**role))
        .count();
    has(Role::Name)
        && ((measures || has(Role::Index)) && shape >= 1
            || shape >= 2
            || measures && is_said
            || has(Role::Frequency) && has(Role::Latency))
}

fn read_table(
    document: &Document<'_>,
    table: &Table,
    roles: &[Role],
    owner: Option<&str>,
    out: &mut Output,
) {
    for row in &table.rows {
        let cell = |wanted: Role| {
            roles
                .iter()
                .position(|role| *role == wanted)
                .map_or("", |column| row.text(column).trim())
        };
        let name = unquote(cell(Role::Name)).to_owned();
        if name.is_empty() {
            continue;
        }
        let measured = [Role::Frequency, Role::Latency].map(|wanted| {
            let at = roles.iter().position(|role| *role == wanted);
            with_unit(cell(wanted), at.and_then(|at| unit(&table.header[at].text)))
        });
        let pattern = pattern(&name, &cell, measured, owner, out);
        out.state(document, document.span(row.range.clone()), Fact::AccessPattern(pattern));
    }
}

fn pattern<'r>(
    name: &str,
    cell: &dyn Fn(Role) -> &'r str,
    [frequency, latency]: [String; 2],
    owner: Option<&str>,
    out: &Output,
) -> PatternFact {
    let mut entities = entity_list(cell(Role::Entity), out);
    if entities.is_empty() {
        entities = mentioned(name, out).into_iter().take(1).collect();
    }
    if entities.is_empty() {
        entities.extend(owner.map(str::to_owned));
    }
    // Where one entity is all there is, its rows are meant.
    if entities.is_empty() {
        let only = out.only_described().and_then(|only| out.known.get(only));
        entities.extend(only.map(str::to_owned));
    }
    let mut entities = entities.into_iter();
    let entity = entities.next();
    let mut joins: Vec<String> = entities.collect();
    joins.extend(entity_list(cell(Role::Joins), out));
    let mut filter = filters(cell(Role::Filter));
    let is_named = !is_empty(cell(Role::Entity));
    let entity = if is_named { entity } else { by_fields(entity, &filter, out) };
    let mut order = sort(cell(Role::Sort));
    let kind = kind(cell(Role::Kind), name);
    let mut limit = quantity::number(cell(Role::Limit))
        .and_then(|(value, _)| format!("{value:.0}").parse().ok());
    // Where no cell holds the conditions, the name says all that is asked.
    let is_said = [Role::Filter, Role::Index, Role::Sql].iter().all(|role| is_empty(cell(*role)));
    if let (true, Some(entity)) = (filter.is_empty(), &entity) {
        let told = told(name, entity, kind, out);
        filter = named_filters(name, entity, out);
        if let Some(told) = told {
            // The plain list of fields after "by" is exact where it is all there is.
            if filter.is_empty() || told.filter.len() > filter.len() || !told.sort.is_empty() {
                filter = told.filter;
            }
            if order.is_empty() {
                order = told.sort;
            }
            limit = limit.or(told.limit);
        }
        if kind == AccessKind::Read || !is_insert(name) {
            served(cell(Role::Index), entity, &mut filter, &mut order, out);
        }
    }
    // What is computed is on what has the values, whoever the cell names.
    let place = Place { entity: entity.clone(), actor: None };
    let computed = Some(name)
        .filter(|_| kind == AccessKind::Read && is_empty(cell(Role::Sql)))
        .and_then(|name| query_phrase::computed(name, &place, out));
    let (mut entity, mut measures, mut groups) = (entity, Vec::new(), Vec::new());
    let mut pick = None;
    if let Some(computed) = computed {
        (entity, measures, groups) = (computed.entity, computed.measures, computed.groups);
        pick = computed.pick;
        if is_empty(cell(Role::Filter)) {
            filter = computed.filter;
        }
        if pick.is_some() && is_empty(cell(Role::Sort)) {
            order = computed.sort;
        }
        if pick.is_some() && is_empty(cell(Role::Limit)) {
            limit = computed.limit;
        }
    }
    let frequency = Some(frequency).filter(|text| !is_empty(text));
    PatternFact {
        kind,
        name: name.to_owned(),
        title: None,
        entity,
        joins,
        measures,
        groups,
        sort: order,
        limit,
        pick,
        form: WriteForm::of_kind(cell(Role::Kind), name, !filter.is_empty()),
        filter,
        per_second: frequency.as_deref().and_then(quantity::per_second),
        frequency,
        latency_ms: quantity::number(&latency).and_then(|_| milliseconds(&latency)),
        staleness_s: Some(cell(Role::Staleness))
            .filter(|text| !is_empty(text))
            .and_then(quantity::seconds),
        sql: Some(cell(Role::Sql))
            .filter(|text| !is_empty(text))
            .map(|text| unquote(text).to_owned()),
        said: is_said.then(|| name.to_owned()),
        unread: Vec::new(),
    }
}

/// The entity that a query is on where only its name tells it: "Programme of a stage" by `stage_id` and `starts_at` is on what
/// has these fields, where one thing alone has them and what was found has not.
fn by_fields(found: Option<String>, filter: &[FilterFact], out: &Output) -> Option<String> {
    let has_all = |entity: &str| {
        filter.iter().all(|it| it.field == "id" || out.field(entity, &it.field).is_some())
    };
    if filter.len() < 2 || found.as_deref().is_some_and(has_all) {
        return found;
    }
    let described = out.described();
    let mut others = described.iter().filter(|entity| has_all(entity));
    match (others.next(), others.next()) {
        (Some(only), None) => out.known.get(only).map(str::to_owned).or(found),
        _ => found,
    }
}

/// Milliseconds, without the noise of a conversion from seconds.
pub(super) fn milliseconds(text: &str) -> Option<f64> {
    quantity::seconds(text).map(|seconds| (seconds * 1e6).round() / 1e3)
}

fn entity_list(text: &str, out: &Output) -> Vec<String> {
    if is_empty(text) {
        return Vec::new();
    }
    split_top(text, &[',', ';', '+', '/'])
        .into_iter()
        .flat_map(|part| part.split(" and "))
        .map(|part| crate::words::parenthesized(part).map_or(part, |(before, _, _)| before))
        .map(|part| unquote(part).to_owned())
        .filter(|part| !part.is_empty() && part.split_whitespace().count() <= 3)
        .map(|part| out.known.get(&part).map_or(part, str::to_owned))
        .collect()
}

/// Whether a pattern writes: said in a column of its own, or by the verb that its name begins with.
pub(super) fn kind(text: &str, name: &str) -> AccessKind {
    let lower = text.to_lowercase();
    if ["write", "insert", "update", "delete"].iter().any(|word| lower.contains(word)) {
        return AccessKind::Write;
    }
    if lower.contains("read") || lower.contains("select") {
        return AccessKind::Read;
    }
    let verb = first_word(name).unwrap_or_default();
    let writes = query_phrase::takes(name)
        || matches!(
            verb.as_str(),
            "create"
                | "insert"
                | "add"
                | "update"
                | "change"
                | "set"
                | "delete"
                | "remove"
                | "save"
                | "record"
                | "register"
                | "write"
                | "place"
                | "mark"
                | "upsert"
                | "bulk"
                | "store"
                | "append"
                | "archive"
                | "cancel"
                | "assign"
                | "submit"
                | "post"
                | "put"
                | "patch"
                | "log"
                | "cleanup"
                | "clean"
                | "purge"
                | "expire"
                | "clear"
                | "approve"
                | "reject"
                | "deactivate"
        );
    if writes { AccessKind::Write } else { AccessKind::Read }
}

/// The fields in a name such as "Get test result by share token".
pub(super) fn named_filters(name: &str, entity: &str, out: &Output) -> Vec<FilterFact> {
    let Some((_, words)) = name.split_once(" by ") else { return Vec::new() };
    words
        .split([',', '/'])
        .flat_map(|part| part.split(" and "))
        .filter_map(|part| {
            let part = unquote(part.trim());
            let field =
                out.field(entity, part).or_else(|| out.field(entity, &format!("{part} id")))?;
            Some(FilterFact {
                field: field.to_owned(),
                operator: FilterOperator::Equals,
                optional: false,
            })
        })
        .collect()
}

/// The conditions, the order and the limit in the words of a query's name.
fn told(name: &str, entity: &str, kind: AccessKind, out: &Output) -> Option<PatternFact> {
    let place = Place { entity: Some(entity.to_owned()), actor: None };
    let begins = first_word(name).as_ref().is_some_and(|verb| query_phrase::is_verb(verb));
    let mut pattern = if begins {
        query_phrase::read(name, &place, out)
    } else {
        query_phrase::noun_phrase(name, out)
    }?;
    if pattern.entity.as_deref() != Some(entity) || pattern.kind != kind {
        return None;
    }
    // A name that says nothing of its rows need not ask for one of them.
    pattern.filter.retain(|filter| filter.field != "id");
    Some(pattern)
}

fn is_insert(name: &str) -> bool {
    first_word(name).as_ref().is_some_and(|verb| {
        matches!(
            verb.as_str(),
            "save"
                | "create"
                | "insert"
                | "add"
                | "log"
                | "record"
                | "register"
                | "place"
                | "submit"
                | "store"
                | "append"
                | "post"
        )
    })
}

/// The index that a row names tells by what the query asks.
fn served(
    text: &str,
    entity: &str,
    filter: &mut Vec<FilterFact>,
    sort: &mut Vec<String>,
    out: &Output,
) {
    if text.contains("(write)") {
        return;
    }
    let columns_of = |name: &str| {
        out.stated().find_map(|statement| match &statement.fact {
            Fact::Index(index)
                if index.name.as_deref() == Some(name)
                    && crate::words::fold(&index.entity) == crate::words::fold(entity) =>
            {
                Some(index.columns.clone())
            }
            _ => None,
        })
    };
    // Of several indexes, the one that has what the words ask for.
    let columns = text.split([',', ' ', ';']).find_map(|name| {
        let columns = columns_of(unquote(name.trim()))?;
        let fits = |column: &String| {
            filter
                .iter()
                .any(|known| crate::words::fold(column).contains(&crate::words::fold(&known.field)))
        };
        (filter.is_empty() || columns.iter().any(fits)).then_some(columns)
    });
    for column in columns.unwrap_or_default() {
        let field = column.split(' ').next().unwrap_or_default();
        if filter.iter().any(|known| known.field == field) {
            continue;
        }
        let words = lower_words(&field.replace('_', " "));
        let last = words.last().map_or("", SmolStr::as_str);
        let operator = match last {
            "order" | "position" | "number" | "rank" => {
                if sort.is_empty() {
                    sort.push(column.clone());
                }
                continue;
            }
            "at" | "date" | "time" | "on" => FilterOperator::Range,
            _ => FilterOperator::Equals,
        };
        filter.push(FilterFact { field: field.to_owned(), operator, optional: false });
    }
}

/// `created_at desc, id`: each field with its direction where that is descending.
pub(super) fn sort(text: &str) -> Vec<String> {
    if is_empty(text) {
        return Vec::new();
    }
    split_top(text, &[',', ';'])
        .into_iter()
        .filter_map(|part| {
            let plain = part.replace('`', "");
            let words: Vec<&str> = plain.split_whitespace().collect();
            let field = words.first().filter(|field| is_identifier(field))?;
            let direction = words.get(1).map_or(String::new(), |word| word.to_lowercase());
            let descends = direction.starts_with("desc")
                || direction == "↓"
                || plain.contains("newest")
                || plain.contains("(desc");
            (words.len() <= 4)
                .then(|| if descends { format!("{field} desc") } else { (*field).to_owned() })
        })
        .collect()
}

/// "The queries of A and B may return data that is up to 60 seconds old": how stale for which entities.
fn staleness(text: &str, out: &Output) -> Option<(Vec<String>, f64)> {
    let sentence = text.split(". ").find(|sentence| {
        let lower = sentence.to_lowercase();
        lower.contains("up to")
            && (lower.contains(" old") || lower.contains("stale"))
            && lower.contains("quer")
    })?;
    let (entities, bound) = sentence.split_once(" may ")?;
    let (_, duration) = bound.split_once("up to")?;
    let seconds = quantity::seconds(duration)?;
    let found = mentioned(entities, out);
    (!found.is_empty() && code_spans(entities).len() <= found.len()).then_some((found, seconds))
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn conditions_behind_the_names() {
        check(
            "# Visit\n\n- id: uuid\n- guest_id: uuid\n- status: text\n\n## Access Patterns\n\n| Pattern | Query | Index |\n|-|-|-|\n| Visits of a guest | `guest_id = ?` | idx_visit_guest |\n| Visits by status | `guest_id = ? AND status = ?` | idx_visit_status |\n\n## Screens\n\n| Screen | View |\n|-|-|\n| Home | All visits |\n",
            &expect![[r#"
                1 bullet-fields  entity Visit
                3 bullet-fields  field Visit.id uuid
                4 bullet-fields  field Visit.guest_id uuid
                5 bullet-fields  field Visit.status text
                11 access-pattern-table  read "Visits of a guest" of Visit by guest_id = ?
                12 access-pattern-table  read "Visits by status" of Visit by guest_id = ?, status = ?
                16 R001 the table `Screen | View` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn all_columns() {
        check(
            "# Order\n| Field | Type |\n|-|-|\n| id | int |\n# Access patterns\n| Query | Kind | Entity | Filter | Sort | Limit | Joins | Frequency | Latency |\n|-|-|-|-|-|-|-|-|-|\n| List paid orders | read | Order | merchant_id, status = 'paid', created_at range | created_at desc, id | 20 | User | 300/min | < 20 ms (p95) |\n| Find | read | Order | tags @> ?, note is null, total >= ? and total < ? | | | | often | |\n| Add order | write | Order | | | | | 5/s | 1 s |\n\nThe queries of Order may return data that is up to 60 seconds old.\n",
            &expect![[r#"
                1 field-table  entity Order
                4 field-table  field Order.id int
                8 access-pattern-table  read "List paid orders" of Order with User by merchant_id = ?, status = paid, created_at range sorted created_at desc, id limit 20 at 300/min (5/s) within 20 ms stale 60 s
                9 access-pattern-table  read "Find" of Order by tags contains, note is null, total range at often stale 60 s
                10 access-pattern-table  write "Add order" of Order at 5/s (5/s) within 1000 ms
                12 prose-rule-sentence  rule *: The queries of Order may return data that is up to 60 seconds old [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn headers_in_the_words_of_a_talk() {
        check(
            "# Lab\n\n- id: uuid\n- kind: text\n- taken_at: timestamp\n- room: text\n\n## Access patterns\n\n| what | how often | latency |\n|-|-|-|\n| labs by kind, latest first | 12 per second | 0.1s |\n| find lab by kind | 5k/h | 100 ms |\n| labs in a room | 3/s | |\n",
            &expect![[r#"
                1 bullet-fields  entity Lab
                3 bullet-fields  field Lab.id uuid
                4 bullet-fields  field Lab.kind text
                5 bullet-fields  field Lab.taken_at timestamp
                6 bullet-fields  field Lab.room text
                12 access-pattern-table  read "labs by kind, latest first" of Lab by kind = ? sorted time desc at 12 per second (12/s) within 100 ms
                13 access-pattern-table  read "find lab by kind" of Lab by kind = ? at 5k/h (1.3888888888888888/s) within 100 ms
                14 access-pattern-table  read "labs in a room" of Lab by room = ? at 3/s (3/s)
            "#]],
        );
    }

    #[test]
    fn the_words_of_a_query_are_read_to_their_end() {
        check(
            "# Hold\n\n- id: uuid\n- account_id: uuid\n- status: text\n- expires_at: timestamp\n- booked_at: timestamp\n\n## Access patterns\n\n| Query | Frequency | Latency |\n|-|-|-|\n| Hold by account_id where status = active | 300/s | 10 ms |\n| Hold by account_id, newest first by booked_at, limit 50 | 9/s | 10 ms |\n| Hold by account_id, status, sorted by expires_at desc, limit 20 | 9/s | 10 ms |\n| Hold where status = active and expires_at < now, limit 500 | 1/min | 500 ms |\n| list holds, newest 20 | 5/s | 50 ms |\n| top 10 holds by booked_at | 5/s | 50 ms |\n",
            &expect![[r#"
                1 bullet-fields  entity Hold
                3 bullet-fields  field Hold.id uuid
                4 bullet-fields  field Hold.account_id uuid
                5 bullet-fields  field Hold.status text
                6 bullet-fields  field Hold.expires_at timestamp
                7 bullet-fields  field Hold.booked_at timestamp
                13 access-pattern-table  read "Hold by account_id where status = active" of Hold by status = active, account_id = ? at 300/s (300/s) within 10 ms
                14 access-pattern-table  read "Hold by account_id, newest first by booked_at, limit 50" of Hold by account_id = ? sorted booked_at desc limit 50 at 9/s (9/s) within 10 ms
                15 access-pattern-table  read "Hold by account_id, status, sorted by expires_at desc, limit 20" of Hold by account_id = ?, status = ? sorted expires_at desc limit 20 at 9/s (9/s) within 10 ms
                16 access-pattern-table  read "Hold where status = active and expires_at < now, limit 500" of Hold by status = active, expires_at < ? limit 500 at 1/min (0.016666666666666666/s) within 500 ms
                17 access-pattern-table  read "list holds, newest 20" of Hold sorted time desc limit 20 at 5/s (5/s) within 50 ms
                18 access-pattern-table  read "top 10 holds by booked_at" of Hold sorted booked_at desc limit 10 at 5/s (5/s) within 50 ms
            "#]],
        );
    }

    #[test]
    fn without_an_entity_column_the_name_tells() {
        check(
            "# orders\n| Field | Type |\n|-|-|\n| id | int |\n# Query Patterns\n| Query | Frequency | Tables | Expected Performance |\n|-|-|-|-|\n| Order by id | High | `orders` | < 10ms |\n| Cancel an order | Low | | |\n",
            &expect![[r#"
                1 field-table  entity orders
                4 field-table  field orders.id int
                8 access-pattern-table  read "Order by id" of orders by id = ? at High within 10 ms
                9 access-pattern-table  write "Cancel an order" of orders at Low
            "#]],
        );
    }

    #[test]
    fn what_screens_read_and_how_often_by_the_words_of_the_header() {
        check(
            "# Core\n\n- **id**: uuid\n\n# Section\n\n- **id**: uuid\n- **core_id**: uuid, FK → Core.id\n- **top_mm**: int\n\n| Screen | What it reads | Calls per second |\n|-|-|-|\n| Core log | the sections of a core in the order of `top_mm` | 120 |\n\n| Query | Sort | Latency (ms) |\n|-|-|-|\n| sections of a core | `top_mm` | 20 |\n\n| Screen | What it shows | Who |\n|-|-|-|\n| Core log | the sections of a core | all |\n",
            &expect![[r#"
                1 bullet-fields  entity Core
                3 bullet-fields  field Core.id uuid
                5 bullet-fields  entity Section
                7 bullet-fields  field Section.id uuid
                8 bullet-fields  field Section.core_id uuid -> Core.id
                9 bullet-fields  field Section.top_mm int
                13 access-pattern-table  read "the sections of a core in the order of `top_mm`" of Section by core = ? sorted top_mm at 120/s (120/s)
                17 access-pattern-table  read "sections of a core" of Section by core = ? sorted top_mm within 20 ms
                19 R001 the table `Screen | What it shows | Who` was not understood, so nothing in it reached the model
            "#]],
        );
    }

    #[test]
    fn views_of_the_one_entity_that_there_is() {
        check(
            "# Task\n\n- **id**: uuid\n- **status**: text\n- **at**: timestamp\n\n| View | Filter | Sort |\n|-|-|-|\n| Open | `status === \"open\"` | `at` descending |\n\n| View | Empty state |\n|-|-|\n| Open | Nothing to do |\n",
            &expect![[r#"
                1 bullet-fields  entity Task
                3 bullet-fields  field Task.id uuid
                4 bullet-fields  field Task.status text
                5 bullet-fields  field Task.at timestamp
                9 access-pattern-table  read "Open" of Task by status = = "open sorted at desc
                11 R001 the table `View | Empty state` was not understood, so nothing in it reached the model
            "#]],
        );
    }
}
