//! Section 2: every index, the queries that it serves, and whether they use it.

use underpin_claim::{Family, Verdict};
use underpin_pg::{Ident, Index, IndexKey, Key, QualifiedName};

use super::verdicts;
use crate::context::{Context, Judged};
use crate::markdown::{Document, Inline, Table, code, codes, raw, text};
use crate::words;

pub(super) fn write(context: &Context<'_>, out: &mut Document) {
    out.title(2, "2. Index Strategy");
    out.say(
        "An index is here because a query or a reference needs it, never on suspicion. The verdict says whether the \
         plans of the queries that it was promised to do use it.",
    );
    out.say(
        "The alternative to each is no index, and its queries then read the whole table. It goes when they are dropped, \
         or prove to be served without it.",
    );
    let mut table = Table::new(&["Table", "Index", "Columns", "Type", "Purpose", "Verdict"]);
    for view in context.tables() {
        let name = &view.table.name;
        for (at, key) in view.table.keys().enumerate() {
            let primary = at == 0 && view.table.primary_key.is_some();
            let index = QualifiedName::new(name.namespace.clone(), key.name.clone());
            table.row([
                code(name.name.as_str()),
                code(key.name.as_str()),
                codes(key.columns.iter().map(Ident::as_str)),
                raw(if primary { "B-tree, PRIMARY KEY" } else { "B-tree, UNIQUE" }),
                purpose(context, &index, Some(&of_key(key, primary))),
                verdicts(&served(context, &index)),
            ]);
        }
        for index in context.input.physical.schema.indexes_of(name) {
            let unique = if index.unique { ", UNIQUE" } else { "" };
            let partial = if index.predicate.is_some() { ", partial" } else { "" };
            table.row([
                code(name.name.as_str()),
                code(index.name.name.as_str()),
                columns(index),
                raw(format!("{}{unique}{partial}", method(index))),
                purpose(context, &index.name, None),
                verdicts(&served(context, &index.name)),
            ]);
        }
    }
    out.table(&table);
}

fn method(index: &Index) -> &'static str {
    match index.method.as_str() {
        "btree" => "B-tree",
        "gin" => "GIN",
        "gist" => "GiST",
        "brin" => "BRIN",
        other => other,
    }
}

fn columns(index: &Index) -> Inline {
    let keys = index.columns.iter().map(|column| {
        let name = match &column.key {
            IndexKey::Column(name) => code(name.as_str()),
            IndexKey::Expression(expression) => code(&expression.to_string()),
        };
        if column.descending { name.then(&raw(" DESC")) } else { name }
    });
    let mut all = Inline::join(keys.collect::<Vec<_>>(), ", ");
    if !index.include.is_empty() {
        all = all.then(&raw("; includes ")).then(&codes(index.include.iter().map(Ident::as_str)));
    }
    if let Some(predicate) = &index.predicate {
        all = all.then(&raw("; where ")).then(&code(&predicate.to_string()));
    }
    all
}

/// Why a key is there, whatever else its index is good for.
fn of_key(key: &Key, primary: bool) -> String {
    match (&key.comment, primary) {
        (_, true) => "Identifies a row".to_owned(),
        (Some(comment), false) => comment.clone(),
        (None, false) => "Keeps the values unique".to_owned(),
    }
}

/// What an index is for; `key` says why the constraint is there, where it belongs to one.
fn purpose(context: &Context<'_>, index: &QualifiedName, key: Option<&str>) -> Inline {
    let design = context.index(index);
    let worth = without(context, index);
    let reason = key.or_else(|| design.map(|design| &*design.reason));
    let mut parts: Vec<Inline> =
        reason.map(|reason| text(&words::sentence(reason))).into_iter().collect();
    let Some(design) = design else {
        parts.extend(worth);
        return Inline::join(parts, " ");
    };
    if !design.serves.is_empty() {
        parts.push(
            raw("Serves ").then(&codes(design.serves.iter().map(String::as_str))).then(&raw(".")),
        );
    }
    if !design.supports.is_empty() {
        let keys = codes(design.supports.iter().map(Ident::as_str));
        parts.push(raw("Supports ").then(&keys).then(&raw(".")));
    }
    parts.extend(worth);
    Inline::join(parts, " ")
}

/// What got slower when the index was taken away at some size, where that was tried.
fn without(context: &Context<'_>, index: &QualifiedName) -> Option<Inline> {
    let found = context.input.physical.schema.indexes.get(index)?;
    let (table, name) = (found.table.name.as_str(), index.name.as_str());
    let judged = context.claim(Family::Necessity, Some(table), Some(name))?;
    if judged.verdict() == Verdict::Refuted {
        return Some(raw("**REFUTED**: ").then(&text(&words::sentence(judged.note()?))));
    }
    let (Some(with), Some(without)) =
        (judged.number("blocks_with"), judged.number("blocks_without"))
    else {
        return None;
    };
    let (rows, query) = (judged.number("rows_of_table")?, judged.measured("most_for")?.to_string());
    let times = [judged.number("ms_with")?, judged.number("ms_without")?];
    let [fast, slow] = times.map(words::milliseconds);
    Some(raw(format!("Without it, on {} rows, ", words::count(rows))).then(&text(&query)).then(
        &raw(format!(
            " reads {} blocks instead of {} and takes {slow} instead of {fast}.",
            words::count(without),
            words::count(with)
        )),
    ))
}

/// The claims that queries use this index.
fn served<'a>(context: &Context<'a>, index: &QualifiedName) -> Vec<Judged<'a>> {
    let queries = context.queries_of(index).iter();
    queries.filter_map(|query| context.claim_on(Family::Serves, query)).collect()
}
