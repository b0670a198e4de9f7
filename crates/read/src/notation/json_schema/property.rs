//! What the schema of one property says of the field: its type, limits, values and what it leads to.

use super::tree::{Schemas, reference_name};
use crate::FieldFact;
use crate::notation::code::Navigation;
use crate::notation::value_limits::{self, Limit};
use crate::yaml::{Node, Value};

/// Schemas that name each other deeper than this are read no further.
const DEEPEST: usize = 16;

/// A field, and the schema that it leads to.
#[derive(Debug, Default)]
pub(super) struct Property {
    pub(super) field: FieldFact,
    pub(super) navigation: Option<Navigation>,
}

pub(super) fn read(name: &str, node: &Node, schemas: &Schemas<'_>) -> Property {
    let field = FieldFact { name: name.to_owned(), ..FieldFact::default() };
    let mut property = Property { field, navigation: None };
    into(node, schemas, 0, &mut property);
    property
}

/// The text of a key; a list or mapping has none.
pub(super) fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)?.text().map(str::trim).filter(|text| !text.is_empty())
}

/// The word of `type`, and whether `null` stands beside it.
fn kind(node: &Node) -> (Option<&str>, bool) {
    let Some(kind) = node.get("type").or_else(|| node.get("bsonType")) else {
        return (None, false);
    };
    if let Some(word) = kind.text() {
        return (Some(word), false);
    }
    let words = kind.items().iter().map(|item| item.text().unwrap_or("null"));
    let word = words.clone().find(|word| *word != "null");
    (word, words.clone().any(|word| word == "null"))
}

fn is_null(node: &Node) -> bool {
    text(node, "type").is_none_or(|kind| kind == "null")
        && node.get("type").is_some_and(|kind| kind.items().is_empty())
}

pub(super) fn values(node: &Node) -> Vec<String> {
    let list = node.get("enum").map(Node::items).unwrap_or_default();
    list.iter().filter_map(|value| value.text().map(str::to_owned)).collect()
}

fn into(node: &Node, schemas: &Schemas<'_>, depth: usize, property: &mut Property) {
    if depth > DEEPEST {
        return;
    }
    if property.field.description.is_none() {
        let said = text(node, "description").or_else(|| text(node, "title"));
        property.field.description =
            said.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if text(node, "nullable") == Some("true") || text(node, "x-nullable") == Some("true") {
        property.field.required = Some(false);
    }
    if property.field.default.is_none() {
        property.field.default = node.get("default").and_then(written);
    }
    if let Some(reference) = text(node, "$ref") {
        refer(reference, schemas, depth, property);
        return;
    }
    for word in ["allOf", "oneOf", "anyOf"] {
        let Some(choices) = node.get(word) else { continue };
        let (nulls, some): (Vec<&Node>, Vec<&Node>) =
            choices.items().iter().partition(|choice| is_null(choice));
        if !nulls.is_empty() {
            property.field.required = Some(false);
        }
        match some.as_slice() {
            [] => {}
            [one] => into(one, schemas, depth + 1, property),
            [first, ..] if word == "allOf" => into(first, schemas, depth + 1, property),
            // Either of several shapes: no one type says it.
            several => {
                let kinds: Vec<Option<&str>> = several.iter().map(|one| kind(one).0).collect();
                let same = kinds[0].is_some() && kinds.iter().all(|one| *one == kinds[0]);
                if same && !matches!(kinds[0], Some("object" | "array")) {
                    into(several[0], schemas, depth + 1, property);
                } else {
                    property.field.type_text = Some("json".to_owned());
                }
            }
        }
    }
    let (kind, nullable) = kind(node);
    if nullable {
        property.field.required = Some(false);
    }
    let listed = values(node);
    if !listed.is_empty() {
        let is_whole = listed.iter().all(|value| value.parse::<i64>().is_ok());
        let are_numbers = listed.iter().all(|value| value.parse::<f64>().is_ok_and(f64::is_finite));
        if matches!(kind, Some("integer" | "number")) && are_numbers {
            let word = if is_whole { "integer" } else { "decimal" };
            property.field.type_text = Some(word.to_owned());
            value_limits::among(&mut property.field, &listed);
        } else {
            property.field.enum_values = listed;
            property.field.type_text = Some("enum".to_owned());
        }
        return;
    }
    match kind {
        Some("array") => list(node, schemas, depth, property),
        Some("object") => property.field.type_text = Some("json".to_owned()),
        Some(kind) => {
            property.field.type_text = Some(scalar(kind, text(node, "format"), node));
        }
        None if node.get("properties").is_some() || node.get("additionalProperties").is_some() => {
            property.field.type_text = Some("json".to_owned());
        }
        None => {
            if let Some(format) = text(node, "format") {
                property.field.type_text = Some(scalar("string", Some(format), node));
            }
        }
    }
    limits(node, &mut property.field);
}

/// What `$ref` stands for: another entity, or a type that has a name.
fn refer(reference: &str, schemas: &Schemas<'_>, depth: usize, property: &mut Property) {
    let name = reference_name(reference);
    let leads = |property: &mut Property| {
        property.field.type_text = Some(name.to_owned());
        property.navigation = Some(Navigation { target: name.to_owned(), ..Navigation::default() });
    };
    let Some(target) = schemas.target(reference) else {
        // It may stand in another file.
        return leads(property);
    };
    let is_object = kind(target.node).0 == Some("object")
        || ["properties", "allOf", "oneOf", "anyOf"]
            .iter()
            .any(|word| target.node.get(word).is_some());
    if is_object && values(target.node).is_empty() {
        leads(property);
    } else {
        let own = property.field.description.take();
        into(target.node, schemas, depth + 1, property);
        property.field.description = own;
        if !property.field.enum_values.is_empty() {
            property.field.type_text = Some(name.to_owned());
        }
    }
}

fn list(node: &Node, schemas: &Schemas<'_>, depth: usize, property: &mut Property) {
    let Some(items) = node.get("items") else {
        property.field.type_text = Some("json".to_owned());
        return;
    };
    let mut item = Property::default();
    into(items, schemas, depth + 1, &mut item);
    if let Some(navigation) = item.navigation {
        property.field.type_text = item.field.type_text.map(|kind| kind + "[]");
        property.navigation = Some(Navigation { is_list: true, ..navigation });
        return;
    }
    let kind = item.field.type_text.filter(|kind| kind != "json" && !kind.ends_with("[]"));
    property.field.type_text = Some(match kind {
        // The values are those of one element; a list of them has no type of its own.
        Some(_) if !item.field.enum_values.is_empty() => "string[]".to_owned(),
        Some(kind) => format!("{kind}[]"),
        None => "json".to_owned(),
    });
}

/// The words of a type, as SQL and people call it.
fn scalar(kind: &str, format: Option<&str>, node: &Node) -> String {
    let longest = text(node, "maxLength").filter(|length| length.parse::<u32>().is_ok());
    let word = match (kind, format) {
        ("string", Some("date-time" | "datetime" | "timestamp")) => "timestamp",
        ("string", Some("date")) => "date",
        ("string", Some("time")) => "time",
        ("string", Some("duration")) => "interval",
        ("string", Some("uuid" | "guid")) => "uuid",
        ("string", Some("byte" | "binary")) => "bytes",
        ("string", Some("decimal" | "money")) => "decimal",
        ("string", Some("int64")) => "bigint",
        ("string", Some("ipv4" | "ipv6" | "ip")) => "inet",
        ("string", _) => {
            return longest.map_or("string".to_owned(), |length| format!("varchar({length})"));
        }
        ("integer", Some("int64" | "long")) | ("long", _) => "bigint",
        ("integer" | "int", _) => "integer",
        ("number", Some("float" | "double")) | ("double", _) => "double",
        ("number" | "decimal", _) => "decimal",
        ("boolean" | "bool", _) => "boolean",
        ("date", _) => "timestamp",
        ("objectId", _) => "string",
        (other, _) => other,
    };
    word.to_owned()
}

/// The limits of the values, in the words of rules.
fn limits(node: &Node, field: &mut FieldFact) {
    let number =
        |key: &str| text(node, key).filter(|text| text.parse::<f64>().is_ok_and(f64::is_finite));
    let strictly = |key: &str| text(node, key) == Some("true");
    if let Some(least) = number("minimum") {
        let sign = if strictly("exclusiveMinimum") { ">" } else { ">=" };
        field.constraints.push(format!("{sign} {least}"));
    }
    if let Some(least) = number("exclusiveMinimum") {
        field.constraints.push(format!("> {least}"));
    }
    if let Some(most) = number("maximum") {
        let sign = if strictly("exclusiveMaximum") { "<" } else { "<=" };
        field.constraints.push(format!("{sign} {most}"));
    }
    if let Some(most) = number("exclusiveMaximum") {
        field.constraints.push(format!("< {most}"));
    }
    if let Some(shortest) = number("minLength").filter(|length| *length != "0") {
        field.constraints.push(format!("at least {shortest} characters"));
    }
    if let Some(step) =
        number("multipleOf").filter(|step| !step.starts_with(['-', '0']) || step.starts_with("0."))
    {
        // Of a floating point number no remainder is exact.
        if field.type_text.as_deref() == Some("double") {
            field.constraints.push(format!("must be a multiple of {step}"));
        } else {
            value_limits::add(field, Limit::Multiple, step);
        }
    }
    let kind = kind(node).0;
    if kind == Some("array") {
        for (key, limit) in [("minItems", Limit::FewestItems), ("maxItems", Limit::MostItems)] {
            if let Some(count) = number(key) {
                value_limits::add(field, limit, count);
            }
        }
        if text(node, "uniqueItems") == Some("true") {
            field.constraints.push("must hold no value twice".to_owned());
        }
    }
    if let Some(pattern) =
        text(node, "pattern").filter(|_| kind.is_none_or(|kind| kind == "string"))
    {
        value_limits::matches(field, pattern);
    }
    if let Some(only) = text(node, "const") {
        let is_number = matches!(kind, Some("integer" | "number")) && only.parse::<f64>().is_ok();
        if is_number {
            value_limits::among(field, &[only.to_owned()]);
        } else if kind.is_none_or(|kind| kind == "string") {
            field.constraints.push(format!("must be '{only}'"));
        }
    }
}

/// A default as documents write it.
fn written(node: &Node) -> Option<String> {
    match &node.value {
        Value::Scalar { .. } => node.text().map(str::to_owned),
        Value::Sequence(items) if items.is_empty() => Some("[]".to_owned()),
        Value::Mapping(pairs) if pairs.is_empty() => Some("{}".to_owned()),
        Value::Sequence(_) | Value::Mapping(_) => None,
    }
}
