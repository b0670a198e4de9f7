//! An index as an item of a list or a labelled line writes it.

use crate::notation::field_table::columns;
use crate::notation::{Output, mentioned};
use crate::words::{
    code_spans, fold, is_identifier, lower_words, parenthesized, split_top, unquote,
};
use crate::{Fact, IndexFact};

use super::Line;
use super::owner::owner as owner_of;
use super::{query, worded};

/// An index or a key, with what its place says that it is for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) fact: Fact,
    pub(super) purpose: Option<String>,
    /// Whether it is wished for in words, which tell of no query that the application makes.
    is_wish: bool,
}

impl Asked {
    pub(super) fn new(fact: Fact, purpose: Option<&str>) -> Self {
        Self { fact, purpose: purpose.map(str::to_owned), is_wish: false }
    }

    pub(super) fn wish(fact: Fact, purpose: Option<&str>) -> Self {
        Self { is_wish: true, ..Self::new(fact, purpose) }
    }

    /// The query that it is asked for with; a key of several fields has one too.
    pub(super) fn query(&self) -> Option<Fact> {
        match &self.fact {
            Fact::Index(index) if self.is_wish => query::pattern(index),
            Fact::Index(index) => query::pattern(index).or_else(|| query::by_columns(index)),
            Fact::Unique { .. } => self.served(),
            _ => None,
        }
    }

    /// The query that its purpose asks for.
    pub(super) fn served(&self) -> Option<Fact> {
        let purpose = self.purpose.as_deref()?;
        match &self.fact {
            Fact::Index(index) => query::pattern(index),
            Fact::Unique { entity, fields, .. } => query::pattern(&IndexFact {
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
}

pub(super) fn where_clause(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("where ")?;
    let rest = text[at + "where ".len()..].split(" — ").next().unwrap_or_default();
    let rest = rest.split(" - ").next().unwrap_or(rest).trim();
    Some(rest.trim_matches('`').to_owned())
}

pub(super) fn column_list(text: &str) -> Vec<String> {
    split_top(text, &[','])
        .into_iter()
        .map(|column| column.replace('`', "").trim().to_lowercase_direction())
        .filter(|column| {
            let (name, direction) = column.split_once(' ').unwrap_or((column, "asc"));
            matches!(direction, "asc" | "desc") && is_identifier(name)
        })
        .collect()
}

/// An index, or a key where it is said to be unique.
pub(super) fn index_fact(
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
        .find(|method| lower_words(kind).iter().any(|word| word == **method))
        .map(|method| (*method).to_owned());
    let purpose = match (purpose, condition) {
        (Some(purpose), Some(condition)) => Some(format!("{purpose} (where {condition})")),
        (None, Some(condition)) => Some(format!("where {condition}")),
        (purpose, None) => purpose,
    };
    Fact::Index(IndexFact { entity, name, columns, unique: false, method, purpose })
}

/// An index as the name of a known entity with its columns: `orders(status, placed_at desc)`.
fn call_index(code: &str, out: &Output) -> Option<Fact> {
    let (name, inside, rest) = parenthesized(code)?;
    let entity = out.known.get(name.trim()).filter(|_| rest.trim().is_empty())?;
    let columns = column_list(inside);
    let all = columns.len() == split_top(inside, &[',']).len();
    all.then(|| index_fact(entity.to_owned(), columns, None, "", None, None))
}

/// An index as a cell declares it whole: "`orders (status, placed_at DESC) WHERE status = 'open'`".
pub(super) fn declared_line(cell: &str, kind: &str, purpose: &str, out: &Output) -> Option<Line> {
    let text = unquote(cell.trim());
    let (name, inside, rest) = parenthesized(text)?;
    let entity = out.known.get(name.trim().trim_start_matches("ON ").trim())?.to_owned();
    let condition = where_clause(rest);
    if condition.is_none() && !rest.trim().is_empty() {
        return None;
    }
    let columns: Vec<String> = split_top(inside, &[','])
        .into_iter()
        .map(|it| it.trim().to_lowercase_direction())
        .collect();
    // "**partial** — the open ones": what it is, before what it is for.
    let purpose = match purpose.split_once(" — ") {
        Some((kind, purpose)) if is_kind(kind) => purpose,
        _ => purpose,
    };
    let purpose = Some(unquote(purpose.trim())).filter(|it| !it.is_empty()).map(str::to_owned);
    (!columns.is_empty()).then(|| Line {
        entity: Some(entity),
        name: None,
        columns,
        kind: kind.to_lowercase(),
        purpose,
        condition,
    })
}

/// An index as a path: `accounts.customer_id`.
fn path_index(code: &str, kind: &str, out: &Output) -> Option<Fact> {
    let (name, column) = code.rsplit_once('.')?;
    let entity = out.known.get(name).filter(|_| is_identifier(column))?;
    Some(index_fact(entity.to_owned(), vec![column.to_owned()], None, kind, None, None))
}

/// A kind of index in brackets or before a colon, where columns may stand too: "(Unique, Nonclustered)".
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
                | "indexes"
                | "constraint"
                | "compound"
                | "single"
                | "sparse"
                | "ttl"
        )
    })
}

/// Whether words only lead to what is indexed: "An index on", "partial".
fn leads(text: &str) -> bool {
    let words = lower_words(text);
    words.iter().all(|word| matches!(word.as_str(), "a" | "an" | "on") || is_kind(word))
}

/// The entities in "Indexes on `project_id` across `events` and `api_keys`", with the column.
fn across<'t>(text: &'t str, out: &Output) -> Option<(&'t str, Vec<String>)> {
    let (before, after) = text.split_once(" across ")?;
    let [column] = code_spans(before)[..] else { return None };
    let named = code_spans(after).into_iter();
    let entities: Vec<String> =
        named.filter_map(|name| out.known.get(name)).map(str::to_owned).collect();
    (leads(before.split('`').next()?) && !entities.is_empty() && is_identifier(column))
        .then_some((column, entities))
}

/// A column with or without its direction: "(for filtering)" names none.
fn is_column(column: &str) -> bool {
    const FIRST: &[&str] = &["for", "to", "on", "in", "as", "used", "supports"];
    let first = column.split_whitespace().next().unwrap_or_default();
    !FIRST.contains(&first)
}

/// The keys of a document index, as `{ placed_at: -1, state: 1 }` writes them, in the form of a list of columns.
fn with_listed_keys(text: &str) -> String {
    let mut listed = text.to_owned();
    for span in code_spans(text) {
        let inside = span.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let column = |part: &str| {
            let (name, order) = part.split_once(':')?;
            let name = unquote(name.trim());
            let order = match order.trim() {
                "1" => "",
                "-1" => " desc",
                _ => return None,
            };
            is_identifier(name).then(|| format!("{name}{order}"))
        };
        let columns: Option<Vec<String>> =
            inside.and_then(|inside| split_top(inside, &[',']).into_iter().map(column).collect());
        if let Some(columns) = columns {
            listed = listed.replace(&format!("`{span}`"), &format!("`({})`", columns.join(", ")));
        }
    }
    listed
}

/// Whether words in brackets beside columns that are set as code only remark on them: "`state`: for lists (dashboard,
/// filters)".
fn is_remark(inside: &str, text: &str, owner: Option<&str>, out: &Output) -> bool {
    let spans = code_spans(text);
    let words: Vec<&str> = inside.split(',').map(str::trim).collect();
    let is_code = |word: &str| spans.iter().any(|span| span.contains(word));
    let is_field = |word: &str| {
        let name = word.split(' ').next().unwrap_or(word);
        owner.is_some_and(|owner| out.field(owner, name).is_some())
    };
    !spans.is_empty() && words.iter().all(|word| !is_code(word) && !is_field(word))
}

/// Column texts keep their case; the direction after them does not.
pub(super) trait Direction {
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

/// What a line says that its index is for.
fn purpose_of(plain: &str) -> Option<String> {
    plain
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
        // "`items(warehouse_id, sku)` unique lookup path"
        .or_else(|| plain.rsplit_once(") unique ").map(|(_, purpose)| purpose))
        .map(|purpose| purpose.trim().to_owned())
}

/// The entity in "(a, b) on `Task`" and "(a, b) compound index on Task", behind the columns.
fn named_behind(after: &str, out: &Output) -> Option<String> {
    let (kind, rest) = after.trim_start().split_once("on ")?;
    let name = rest.split_whitespace().next()?;
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    is_kind(kind).then(|| out.known.get(name)).flatten().map(str::to_owned)
}

/// Whether a name is that of an index and of no column: `idx_orders_status`, `orders_status_idx`.
fn is_index_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["idx_", "ix_", "index_"].iter().any(|front| lower.starts_with(front))
        || ["_idx", "_ix", "_index"].iter().any(|end| lower.ends_with(end))
}

/// The columns that the name of an index holds behind that of its table; none where it holds anything else.
fn columns_in_name(name: &str, owner: &str, out: &Output) -> Vec<String> {
    let lower = name.to_ascii_lowercase();
    let steps: Vec<&str> =
        lower.split('_').filter(|step| !matches!(*step, "idx" | "ix" | "index")).collect();
    let is_field = |at: usize, end: usize| out.field(owner, &steps[at..end].join("_"));
    let front = (0..steps.len()).find(|&at| fold(&steps[..at].concat()) == fold(owner));
    let (mut at, mut columns) = (front.unwrap_or(0), Vec::new());
    while at < steps.len() {
        let Some((end, field)) =
            (at + 1..=steps.len()).rev().find_map(|end| Some((end, is_field(at, end)?)))
        else {
            return Vec::new();
        };
        columns.push(field.to_owned());
        at = end;
    }
    columns
}

/// "Index on A for b", "Unique index on (a, b)", "`btree (a, b DESC)` (why)", "`a`, `b`".
pub(super) fn item_indexes(
    text: &str,
    owner: Option<&str>,
    sure: bool,
    served: Option<&str>,
    out: &Output,
) -> Vec<Asked> {
    // Some write the columns of one index in square brackets.
    let text = text
        .replace("@@index([", "(")
        .replace("@@unique([", "unique (")
        .replace("])", ")")
        .replace("`[", "`(")
        .replace("]`", ")`");
    let text = with_listed_keys(&text);
    let (lead, text) = match text.split_once(':') {
        Some((lead, rest)) if !lead.trim().is_empty() && is_kind(lead) => (lead, rest.trim_start()),
        _ => ("", text.as_str()),
    };
    let plain = text.replace('`', "");
    let lower = format!("{lead} {plain}").trim_start().to_lowercase();
    let words = lower_words(&lower);
    let mut facts = Vec::new();
    // The key needs no index of its own, and a condition is none.
    let first: Vec<&str> = words.iter().take(2).map(smol_str::SmolStr::as_str).collect();
    if first == ["primary", "key"] {
        return facts;
    }
    if first.contains(&"check") && !words.iter().any(|word| word.starts_with("index")) {
        return facts;
    }
    if let Some((column, entities)) = across(text, out) {
        for entity in entities {
            let served = served.map(str::to_owned);
            let fact = index_fact(entity, vec![column.to_owned()], None, "", served.clone(), None);
            facts.push(Asked::new(fact, served.as_deref()));
        }
        return facts;
    }
    // "Hot paths: `flows(workspace_id, status)`, `steps(flow_id, order)`"
    let first = text.split('`').next().unwrap_or_default().to_lowercase();
    let kind = ["unique", "index"].into_iter().find(|kind| first.contains(kind));
    let calls: Option<Vec<Asked>> = code_spans(text)
        .into_iter()
        .map(|span| {
            let fact = call_index(span, out).or_else(|| path_index(span, kind?, out))?;
            Some(Asked::new(fact, None))
        })
        .collect();
    if let Some(calls) = calls.filter(|calls| sure && calls.len() > 1) {
        return calls;
    }
    // Several pairs of brackets are several indexes.
    let mut rest = plain.as_str();
    let mut brackets = Vec::new();
    while let Some((before, inside, after)) = parenthesized(rest) {
        let are_columns = |found: &Vec<String>| {
            !found.iter().all(|it| is_kind(it)) && found.iter().all(|it| is_column(it))
        };
        if let Some(found) = columns(&format!("({inside})")).filter(are_columns) {
            let explains =
                lower_words(inside).len() > found.len() * 2 || is_remark(inside, text, owner, out);
            // After the first, a bracket without "and" or an index word before it is a remark.
            let joins = brackets.is_empty()
                || lower_words(before).iter().any(|word| {
                    matches!(
                        word.as_str(),
                        "and" | "btree" | "gin" | "gist" | "index" | "hash" | "brin" | "on"
                    )
                });
            if !explains && joins {
                brackets.push((before, found, after));
            }
        }
        rest = after;
        if brackets.len() > 20 {
            break;
        }
    }
    let condition = where_clause(text);
    let purpose = served.map(str::to_owned).or_else(|| purpose_of(&plain));
    let says_index = words.iter().any(|word| word == "index" || word == "indexes");
    if !brackets.is_empty() && (sure || says_index) {
        for (before, found, after) in brackets {
            let found: Vec<String> =
                found.iter().map(|column| column.to_lowercase_direction()).collect();
            let names: Vec<&str> =
                found.iter().filter_map(|column| column.split(' ').next()).collect();
            let entity = mentioned(before, out)
                .into_iter()
                .next()
                .or_else(|| named_behind(after, out))
                .or_else(|| owner.map(str::to_owned))
                .or_else(|| owner_of(None, purpose.as_deref(), &names, out))
                .or_else(|| match mentioned(after, out).as_slice() {
                    [one] => Some(one.clone()),
                    _ => None,
                });
            let Some(entity) = entity else { continue };
            let kind = format!("{before} {lower}");
            let is_unique = before.to_lowercase().contains("unique")
                || lower.starts_with("unique")
                || lead.to_lowercase().contains("unique")
                || after.trim_start().starts_with("unique");
            let kind =
                if is_unique { format!("unique {kind}") } else { kind.replace("unique", "") };
            let fact = index_fact(entity, found, None, &kind, purpose.clone(), condition.clone());
            facts.push(Asked::new(fact, purpose.as_deref()));
        }
        return facts;
    }
    // "Index on PlayerId for balance queries"
    let on = lower.find("index on ").map(|at| at + "index on ".len());
    if let (Some(at), Some(owner), true) = (on, owner, lead.is_empty()) {
        let rest = plain.get(at..).unwrap_or_default();
        let end = [" for ", " to ", " - ", " — ", " where "]
            .iter()
            .filter_map(|mark| rest.find(mark))
            .min()
            .unwrap_or(rest.len());
        let found = column_list(&rest[..end].replace(" and ", ","));
        if !found.is_empty() {
            let fact =
                index_fact(owner.to_owned(), found, None, &lower[..at], purpose.clone(), condition);
            facts.push(Asked::new(fact, purpose.as_deref()));
        }
        return facts;
    }
    // `orders.status`, `user_id` alone under "Indexes".
    let mut spans = code_spans(text);
    // "`orders_status_idx` (btree) on `status`": the index's name comes first.
    let name = match (spans.split_first(), plain.to_lowercase().split_once(" on ")) {
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
    let kind = text.split('`').next().unwrap_or_default();
    if sure && !spans.is_empty() && leads(kind) && text.contains('`') {
        let qualified: Vec<(&str, &str)> =
            spans.iter().filter_map(|span| span.rsplit_once('.')).collect();
        let kind = format!("{lead} {kind}").to_lowercase();
        if qualified.len() == spans.len() {
            for (entity, column) in qualified {
                if let Some(entity) = out.known.get(entity) {
                    let columns = vec![column.to_owned()];
                    let fact =
                        index_fact(entity.to_owned(), columns, None, &kind, purpose.clone(), None);
                    facts.push(Asked::new(fact, purpose.as_deref()));
                }
            }
        } else if let Some(owner) = owner {
            let is_name = |span: &&str| is_index_name(span) && out.field(owner, span).is_none();
            let (found, name) = match spans[..] {
                [only] if is_name(&only) => {
                    (columns_in_name(only, owner, out), Some(only.to_owned()))
                }
                _ => (
                    spans
                        .iter()
                        .filter(|span| is_identifier(span) && !is_name(span))
                        .map(|span| (*span).to_owned())
                        .collect(),
                    name,
                ),
            };
            if !found.is_empty() {
                let fact =
                    index_fact(owner.to_owned(), found, name, &lower, purpose.clone(), condition);
                facts.push(Asked::new(fact, purpose.as_deref()));
            }
        }
    }
    if facts.is_empty() && sure {
        return worded::indexes(text, owner, out);
    }
    facts
}
