//! Indexes of a document store, as its shell makes them or as a remark lists them.

use std::ops::Range;

use crate::document::{Code, Document};
use crate::notation::code::{Kind, Style, Tokens, blocks};
use crate::notation::{Output, index_list};
use crate::words::{is_identifier, lower_words, unquote};
use crate::{Fact, IndexFact};

pub(super) const DOC: &str = "Indexes of a document store: `db.orders.createIndex({ placed_at: -1 }, { unique: true })`, `{ code: 1 } // unique`.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    let is_meant = |code: &Code| {
        let language = code.language.as_str();
        let is_script = matches!(language, "js" | "javascript" | "ts" | "typescript" | "mongodb");
        let is_shell = matches!(language, "mongo" | "mongosh" | "json" | "jsonc" | "");
        (is_script || is_shell) && (code.text.contains("ndex") || code.text.contains(": 1"))
    };
    for (block, code) in blocks(document, is_meant) {
        let tokens = Tokens::scan(&code.text, Style::Slash);
        let owner = out.entity_of(document, document.blocks[block].section);
        let mut at = 0;
        while at < tokens.len() {
            let (found, end) = match tokens.text(at) {
                "createIndex" | "ensureIndex" if tokens.text(at + 1) == "(" => {
                    (called(&tokens, at, owner.as_deref(), out), tokens.close(at + 1) + 1)
                }
                "{" => (listed(&tokens, at, owner.as_deref(), out), tokens.close(at) + 1),
                _ => (None, at + 1),
            };
            if let Some((mut fact, place, comment)) = found {
                let span = document.code_span(code, place);
                if out.is_open(document, span.range().start) {
                    let query = index_list::commented(&mut fact, comment);
                    if let Some(query) = query {
                        out.infer(document, span, query, "an index is asked for with its use");
                    }
                    out.state(document, span, fact);
                }
            }
            at = end.max(at + 1);
        }
    }
}

/// An index or a key, where it stands, and the remark beside it.
type Found<'c> = (Fact, Range<usize>, &'c str);

/// `db.orders.createIndex({ code: 1 }, { unique: true })`, `db.collection("orders").createIndex({ code: 1 })`
fn called<'c>(
    tokens: &Tokens<'c>,
    at: usize,
    owner: Option<&str>,
    out: &Output,
) -> Option<Found<'c>> {
    let before = |back: usize| at.checked_sub(back).map_or("", |at| tokens.text(at));
    let collection = match before(1) {
        "." if before(2) == ")" => unquote(before(3)),
        "." => before(2),
        _ => "",
    };
    let entity = out.known.get(collection).or(owner.filter(|_| collection.is_empty()))?;
    let close = tokens.close(at + 1);
    let open = tokens.skip_lines(at + 2);
    let columns = keys(tokens, open)?;
    let options = tokens.close(open) + 1..close;
    let is_unique = (options.start..options.end)
        .any(|at| unquote(tokens.text(at)) == "unique" && tokens.text(at + 2) == "true");
    let place = tokens.place(&(at..close + 1));
    Some((fact(entity, columns, is_unique), place, tokens.comment_behind(&(at..close + 1))))
}

/// `{ owner_id: 1, code: -1 }  // unique`
fn listed<'c>(
    tokens: &Tokens<'c>,
    at: usize,
    owner: Option<&str>,
    out: &Output,
) -> Option<Found<'c>> {
    let columns = keys(tokens, at)?;
    let entity = owner?;
    let name = |column: &String| column.split(' ').next().unwrap_or_default().to_owned();
    // `{ limit: 1 }` asks for something else.
    let are_known = columns.iter().any(|column| out.field(entity, &name(column)).is_some());
    let whole = at..tokens.close(at) + 1;
    let comment = tokens.comment_behind(&whole);
    let is_unique = lower_words(comment).first().is_some_and(|word| word == "unique");
    let rest = if is_unique { "" } else { comment };
    are_known.then(|| (fact(entity, columns, is_unique), tokens.place(&whole), rest))
}

fn fact(entity: &str, columns: Vec<String>, is_unique: bool) -> Fact {
    let entity = entity.to_owned();
    if is_unique {
        let name = |column: String| column.split(' ').next().unwrap_or_default().to_owned();
        let fields = columns.into_iter().map(name).collect();
        return Fact::Unique { entity, fields, condition: None, text: None };
    }
    Fact::Index(IndexFact {
        entity,
        name: None,
        columns,
        unique: false,
        method: None,
        purpose: None,
    })
}

/// The columns of `{ owner_id: 1, "placed_at": -1 }`, with their directions.
fn keys(tokens: &Tokens<'_>, open: usize) -> Option<Vec<String>> {
    if tokens.text(open) != "{" || tokens.close(open) >= tokens.len() {
        return None;
    }
    let key = |part: Range<usize>| {
        if part.len() < 3 {
            return None;
        }
        let name = unquote(tokens.text(part.start));
        let is_name = matches!(tokens.kind(part.start), Some(Kind::Word | Kind::Text))
            && name.split('.').all(is_identifier);
        let value = &tokens.source(&(part.start + 2..part.end)).replace(' ', "");
        let direction = match unquote(value) {
            "1" => "",
            "-1" => " desc",
            "text" | "hashed" | "2dsphere" => "",
            _ => return None,
        };
        (is_name && tokens.text(part.start + 1) == ":").then(|| format!("{name}{direction}"))
    };
    let parts = tokens.split(open + 1..tokens.close(open), &[","]);
    let columns: Option<Vec<String>> = parts.into_iter().map(key).collect();
    columns.filter(|columns| !columns.is_empty())
}

/// Whether nothing stands from a token on but lists of keys.
pub(super) fn only_keys(tokens: &Tokens<'_>, from: usize) -> bool {
    let mut at = tokens.skip_lines(from);
    while at < tokens.len() {
        if tokens.text(at) != "," && keys(tokens, at).is_none() {
            return false;
        }
        let end = if tokens.text(at) == "," { at } else { tokens.close(at) };
        at = tokens.skip_lines(end + 1);
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn indexes_that_a_shell_makes() {
        check(
            "## Crate\n\n| Field | Type |\n|-|-|\n| code | text |\n| yard_id | uuid |\n| sent_at | timestamp |\n\n```js\ndb.crates.createIndex({ code: 1 }, { unique: true });\ndb.collection(\"crates\").createIndex({ yard_id: 1, sent_at: -1 }) // latest of a yard\ndb.boats.createIndex({ name: 1 });\n```\n\n```javascript\n{ yard_id: 1 }\n{ limit: 1 }\nfind({ code: 3 })\n```\n",
            &expect![[r#"
                1 field-table  entity Crate
                5 field-table  field Crate.code text
                6 field-table  field Crate.yard_id uuid
                7 field-table  field Crate.sent_at timestamp
                10 document-index  unique Crate (code)
                11 document-index  read "latest of a yard" of Crate by yard_id = ? sorted sent_at desc [inferred: an index is asked for with its use]
                11 document-index  index on Crate (yard_id, sent_at desc) -- latest of a yard
                16 document-index  index on Crate (yard_id)
            "#]],
        );
    }
}
