//! The query parameters of an endpoint where they stand below it: in items inside its own, or in a list, a table or a line
//! under "Query parameters".

use std::ops::Range;

use smol_str::SmolStr;

use super::call;
use crate::document::{BlockKind, Document, Inline, Item, List, Table};
use crate::words::{is_identifier, lower_words, unquote};

/// Names of parameters, and the lines that they stand in.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Parameters {
    pub(super) names: Vec<String>,
    pub(super) places: Vec<Range<usize>>,
    /// What the call is for: "Description: Lists the orders of the signed-in customer".
    pub(super) said: Option<String>,
}

impl Parameters {
    fn add(&mut self, name: Option<String>, place: Range<usize>) {
        if let Some(name) = name {
            self.names.push(name);
            self.places.push(place);
        }
    }

    fn of_line(&mut self, text: &str, content: &Inline) {
        let names = in_line(text);
        if !names.is_empty() {
            self.names.extend(names);
            self.places.push(content.range());
        }
    }

    fn of_items<'i>(&mut self, items: impl Iterator<Item = &'i Item>) {
        for item in items {
            self.add(name(&item.content.text), item.content.range());
        }
    }

    fn of_table(&mut self, table: &Table) {
        let header: Vec<String> =
            table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
        let column = |names: &[&str]| header.iter().position(|it| names.contains(&it.as_str()));
        let Some(named) =
            column(&["parameter", "param", "name", "query", "query parameter", "key"])
        else {
            return;
        };
        let place = column(&["in", "location", "place"]);
        for row in &table.rows {
            let is_query = place.is_none_or(|at| row.text(at).to_lowercase().contains("query"));
            self.add(name(row.text(named)).filter(|_| is_query), row.range.clone());
        }
    }

    /// Those of the items of a list: what labels among them lead, or all where the list has such a label itself.
    fn of_list(&mut self, list: &List, is_led: bool, parent: Option<usize>) {
        let outer = || list.items.iter().enumerate().filter(move |(_, it)| it.parent == parent);
        if is_led {
            self.of_items(outer().map(|(_, item)| item));
            return;
        }
        for (at, item) in outer() {
            let text = item.content.text.trim();
            let (label, rest) = text.split_once(':').unwrap_or((text, ""));
            if self.said.is_none() && says_purpose(label) {
                self.said = Some(rest.trim().to_owned());
            }
            if is_label(label) {
                self.of_line(rest, &item.content);
                self.of_items(list.items.iter().filter(|it| it.parent == Some(at)));
            }
        }
    }
}

/// What stands inside the item of an endpoint.
pub(super) fn inside(list: &List, item: usize) -> Parameters {
    let mut found = Parameters::default();
    found.of_list(list, false, Some(item));
    found
}

/// What stands under a heading that names an endpoint, and under the headings in it.
pub(super) fn under(document: &Document<'_>, section: usize) -> Parameters {
    let first = document.blocks.partition_point(|block| block.section < Some(section));
    let blocks = document.blocks.iter().enumerate().skip(first);
    let inside = blocks
        .take_while(|(_, block)| document.path_of(block.section).any(|around| around == section));
    // Another endpoint inside has its own.
    let is_own = |at: usize| call(document.title(at)).is_none_or(|it| is_label(&it.text));
    let inside = inside.filter(|(_, block)| {
        document.path_of(block.section).take_while(|it| *it != section).all(is_own)
    });
    let mut found = of_blocks(document, inside.map(|(at, _)| at));
    // What stands under headings of its own is set aside where it is read.
    let end = document.sections.get(section + 1).map_or(usize::MAX, |next| next.range.start);
    found.places.retain(|place| place.start < end);
    found
}

/// What stands behind a line that names an endpoint, up to the next one.
pub(super) fn behind(document: &Document<'_>, block: usize) -> Parameters {
    let section = document.blocks[block].section;
    let blocks = document.blocks.iter().enumerate().skip(block + 1);
    let behind = blocks.take_while(|(_, it)| {
        let is_next = match &it.kind {
            BlockKind::Paragraph(inline) => inline.lines.iter().any(|it| call(&it.text).is_some()),
            BlockKind::List(list) => list.items.iter().any(|it| call(&it.content.text).is_some()),
            BlockKind::Table(_) | BlockKind::Code(_) => false,
        };
        it.section == section && !is_next
    });
    of_blocks(document, behind.map(|(at, _)| at))
}

/// Whether the words over a block say that it lists what a call may ask by.
pub(crate) fn lists_parameters(document: &Document<'_>, block: usize) -> bool {
    let title = || document.blocks[block].section.map(|section| document.title(section));
    match document.lead(block) {
        Some(lead) => is_label(lead),
        None => title().is_some_and(is_label),
    }
}

fn of_blocks(document: &Document<'_>, blocks: impl Iterator<Item = usize>) -> Parameters {
    let mut found = Parameters::default();
    for at in blocks {
        let block = &document.blocks[at];
        let is_led = lists_parameters(document, at);
        match &block.kind {
            BlockKind::List(list) => found.of_list(list, is_led, None),
            BlockKind::Table(table) if is_led => {
                let known = found.names.len();
                found.of_table(table);
                if found.names.len() > known {
                    found.places.push(block.range.clone());
                }
            }
            BlockKind::Paragraph(inline) => {
                for line in &inline.lines {
                    let text = line.text.trim();
                    if let Some((label, rest)) = text.split_once(':')
                        && found.said.is_none()
                        && says_purpose(label)
                    {
                        found.said = Some(rest.trim_matches(['*', ' ']).to_owned());
                    }
                    if let Some((_, rest)) =
                        text.split_once(':').filter(|(label, _)| is_label(label))
                    {
                        found.of_line(rest, inline);
                    }
                }
            }
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
    }
    found
}

/// Whether words before a list say that it lists what a call may ask by: "Query parameters", "**Filters**".
pub(super) fn is_label(text: &str) -> bool {
    let before = text.split(['(', '-', '–', '—']).next().unwrap_or_default();
    let words = lower_words(before);
    let words: Vec<&str> = words.iter().map(SmolStr::as_str).collect();
    let words = match words.as_slice() {
        ["optional" | "supported" | "available" | "url" | "the", rest @ ..] => rest,
        all => all,
    };
    matches!(
        words,
        ["query" | "params" | "parameters" | "filters"]
            | [
                "query" | "filter" | "search",
                "param" | "params" | "parameter" | "parameters" | "string" | "filters"
            ]
            | ["query", "string", "params" | "parameters"]
    )
}

/// Whether a label says that what a call is for follows.
fn says_purpose(label: &str) -> bool {
    let words = lower_words(label);
    matches!(words.as_slice(), [word] if ["description", "purpose", "summary"].contains(&word.as_str()))
}

/// The name that an item or a cell begins with: "`status` (optional): …", "status?: string".
fn name(text: &str) -> Option<String> {
    let plain = text.trim().trim_start_matches(['`', '*', '?']);
    let end = plain.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-' || c == '.'));
    let (name, rest) = plain.split_at(end.unwrap_or(plain.len()));
    // "Filter by status" and "Returns all orders" are sentences.
    let goes_on = rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    let is_path = text.to_lowercase().contains("(path");
    (is_identifier(name) && !goes_on && !is_path).then(|| name.to_owned())
}

/// The names in the words behind a label: "roomId?, from?, to?", "`?status=&page=`".
pub(super) fn in_line(text: &str) -> Vec<String> {
    let text = unquote(text.trim());
    let parts = text.split([',', '&']).map(|part| part.trim().trim_start_matches(['`', '?', '*']));
    let names = parts.map(|part| {
        let end = part.find(['?', '=', '`', ' ', '(', ':', '.', '*']).unwrap_or(part.len());
        &part[..end]
    });
    names.filter(|name| is_identifier(name)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const MODEL: &str = "# Order\n\n| Field | Type |\n|-|-|\n| id | int |\n| status | text |\n| city | text |\n| placed_at | timestamp |\n\n";

    #[test]
    fn inside_and_below() {
        check(
            &format!(
                "{MODEL}# API\n\n- GET /orders\n  - Query params: status?, from?, to?\n  - Returns: a list\n- `GET /orders/open`\n  - **Filters**:\n    - `city` (optional): where it goes\n\n### GET /api/orders\n\n**Query Parameters**:\n\n- `status` (optional): Filter by status\n- `page` (default 1)\n\n**Response**:\n\n- `city`\n\n### `GET /v2/orders`\n\n#### Query parameters\n\n| Parameter | In | Meaning |\n|-|-|-|\n| city | query | where |\n| id | path | which |\n"
            ),
            &expect![[r#"
                1 field-table  entity Order
                5 field-table  field Order.id int
                6 field-table  field Order.status text
                7 field-table  field Order.city text
                8 field-table  field Order.placed_at timestamp
                12 endpoint-list  read "list Order" of Order by status = ? if given, date range if given [inferred: an endpoint asks for it]
                15 endpoint-list  read "list Order" of Order by open = open, city = ? if given [inferred: an endpoint asks for it]
                19 endpoint-list  read "list Order" of Order by status = ? if given [inferred: an endpoint asks for it]
                23 query-sentence  read "Filter by status" of Order by status = ? if given [inferred: a sentence asks for it]
                30 endpoint-list  read "list Order" of Order by city = ? if given [inferred: an endpoint asks for it]
                16 R011 `Filter by city` asks for rows and does not say of what; no query is built for it
            "#]],
        );
    }

    #[test]
    fn tables_and_endpoints_inside_others() {
        check(
            &format!(
                "{MODEL}# API\n\n### List orders\n\n**Endpoint**: `GET /orders`\n\n**Query Parameters**\n\n| Name | Type | Required |\n|-|-|-|\n| city | string | No |\n\n### GET /v2/orders\n\n#### GET /v2/orders/open\n\n- Query: `status`\n\n| Method | Path | Query | Description |\n|-|-|-|-|\n| GET | /v3/orders | status, city | List orders |\n| POST | /v3/orders | city | Place an order |\n"
            ),
            &expect![[r#"
                1 field-table  entity Order
                5 field-table  field Order.id int
                6 field-table  field Order.status text
                7 field-table  field Order.city text
                8 field-table  field Order.placed_at timestamp
                14 endpoint-list  read "list Order" of Order by city = ? if given [inferred: an endpoint asks for it]
                22 endpoint-list  read "list Order" of Order [inferred: an endpoint asks for it]
                24 endpoint-list  read "list Order" of Order by open = open, status = ? if given [inferred: an endpoint asks for it]
                30 endpoint-list  read "List orders" of Order by status = ? if given, city = ? if given [inferred: an endpoint asks for it]
                31 endpoint-list  write "Place an order" of Order [inferred: an endpoint asks for it]
            "#]],
        );
    }

    #[test]
    fn no_parameters() {
        check(
            &format!(
                "{MODEL}# API\n\n### POST /orders\n\n**Query Parameters**:\n\n- `status`\n\n### GET /orders\n\n**Headers**:\n\n- `city`: string\n"
            ),
            &expect![[r#"
                1 field-table  entity Order
                5 field-table  field Order.id int
                6 field-table  field Order.status text
                7 field-table  field Order.city text
                8 field-table  field Order.placed_at timestamp
                12 endpoint-list  write "create Order" of Order [inferred: an endpoint asks for it]
                18 endpoint-list  read "list Order" of Order [inferred: an endpoint asks for it]
                22 R003 ``city`: string` looks like a field and was not understood
            "#]],
        );
    }
}
