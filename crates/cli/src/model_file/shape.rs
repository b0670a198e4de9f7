//! Whether a file has the shape that its JSON Schema allows, with the place of what has not.

use std::ops::Range;

use serde_json::Value as Json;
use underpin_read::yaml::{Node, Value};

/// What is wrong with a part of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) message: String,
    pub(crate) range: Range<usize>,
    pub(crate) help: Option<String>,
}

/// Everything that the schema does not allow.
pub(crate) fn check(root: &Node, schema: &Json) -> Vec<Remark> {
    let mut remarks = Vec::new();
    part(root, schema, schema, "the file", &mut remarks);
    remarks
}

fn part(node: &Node, schema: &Json, root: &Json, at: &str, remarks: &mut Vec<Remark>) {
    let schema = resolved(schema, root);
    if let Some(Json::Array(ways)) = schema.get("anyOf").or_else(|| schema.get("oneOf")) {
        let tried = |way: &Json| {
            let mut inner = Vec::new();
            part(node, way, root, at, &mut inner);
            inner
        };
        let mut tries: Vec<Vec<Remark>> = ways.iter().map(tried).collect();
        if tries.iter().any(Vec::is_empty) {
            return;
        }
        let values: Vec<&str> = ways.iter().filter_map(|way| way.get("const")?.as_str()).collect();
        if values.is_empty() {
            // The way that comes closest says most: the one that fails inside, not at once.
            tries.sort_by_key(|inner| inner.iter().any(|it| it.range == node.range));
            remarks.append(&mut tries[0]);
        } else {
            remarks.push(not_one_of(node, at, &values));
        }
        return;
    }
    let names = match schema.get("type") {
        Some(Json::String(name)) => vec![name.as_str()],
        Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    if !names.is_empty() && !names.iter().any(|name| is(node, name)) {
        let wanted: Vec<&str> = names.iter().map(|name| in_words(name)).collect();
        let message = format!("{at} is {}, and should be {}", kind(node), wanted.join(" or "));
        remarks.push(Remark { message, range: node.range.clone(), help: None });
        return;
    }
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        let values: Vec<&str> = values.iter().filter_map(Json::as_str).collect();
        if !node.text().is_some_and(|text| values.contains(&text)) {
            remarks.push(not_one_of(node, at, &values));
        }
    }
    if let Some(value) = schema.get("const").and_then(Json::as_str) {
        if node.text() != Some(value) {
            remarks.push(not_one_of(node, at, &[value]));
        }
    }
    if let Some(items) = schema.get("items") {
        for item in node.items() {
            part(item, items, root, &format!("an item of {at}"), remarks);
        }
    }
    keys(node, schema, root, at, remarks);
}

fn keys(node: &Node, schema: &Json, root: &Json, at: &str, remarks: &mut Vec<Remark>) {
    let Some(known) = schema.get("properties").and_then(Json::as_object) else {
        if let Some(values) = schema.get("additionalProperties").filter(|it| it.is_object()) {
            for (key, value) in node.pairs() {
                let name = key.text().unwrap_or_default();
                part(value, values, root, &format!("`{name}`"), remarks);
            }
        }
        return;
    };
    for (key, value) in node.pairs() {
        let name = key.text().unwrap_or_default();
        match known.get(name) {
            Some(schema) => part(value, schema, root, &format!("`{name}`"), remarks),
            None if name.starts_with("x-") => {}
            None => {
                let near = known.keys().min_by_key(|it| strsim::damerau_levenshtein(it, name));
                let near = near.filter(|it| strsim::damerau_levenshtein(it, name) <= 2);
                remarks.push(Remark {
                    message: format!("{at} has no key `{name}`"),
                    range: key.range.clone(),
                    help: Some(match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => {
                            "take it out, or let it begin with `x-` where it is yours".to_owned()
                        }
                    }),
                });
            }
        }
    }
    for name in schema.get("required").and_then(Json::as_array).into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        if node.get(name).is_none() {
            remarks.push(Remark {
                message: format!("{at} lacks the key `{name}`"),
                range: node.range.clone(),
                help: None,
            });
        }
    }
}

fn resolved<'s>(schema: &'s Json, root: &'s Json) -> &'s Json {
    let named = schema.get("$ref").and_then(Json::as_str);
    named
        .and_then(|path| path.strip_prefix("#/$defs/"))
        .and_then(|name| root.get("$defs")?.get(name))
        .unwrap_or(schema)
}

fn is(node: &Node, name: &str) -> bool {
    let text = node.text();
    match (&node.value, name) {
        (Value::Mapping(_), "object") | (Value::Sequence(_), "array") => true,
        (Value::Scalar { .. }, "null") => text.is_none(),
        // A number where a text is wanted is that text.
        (Value::Scalar { .. }, "string") => text.is_some(),
        (Value::Scalar { plain: true, .. }, "boolean") => matches!(text, Some("true" | "false")),
        (Value::Scalar { plain: true, .. }, "integer") => {
            text.is_some_and(|text| text.parse::<i64>().is_ok())
        }
        (Value::Scalar { plain: true, .. }, "number") => {
            text.and_then(|text| text.parse::<f64>().ok()).is_some_and(f64::is_finite)
        }
        _ => false,
    }
}

fn in_words(name: &str) -> &str {
    match name {
        "object" => "a mapping",
        "array" => "a list",
        "string" => "a text",
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        _ => "nothing (`null`)",
    }
}

fn kind(node: &Node) -> String {
    match &node.value {
        Value::Mapping(_) => "a mapping".to_owned(),
        Value::Sequence(_) => "a list".to_owned(),
        Value::Scalar { .. } => match node.text() {
            Some(text) => format!("`{}`", text.chars().take(40).collect::<String>()),
            None => "empty".to_owned(),
        },
    }
}

fn not_one_of(node: &Node, at: &str, values: &[&str]) -> Remark {
    let listed: Vec<String> = values.iter().map(|it| format!("`{it}`")).collect();
    Remark {
        message: format!("{at} is {}, and should be one of {}", kind(node), listed.join(", ")),
        range: node.range.clone(),
        help: None,
    }
}
