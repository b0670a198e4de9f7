//! The JSON Schema of a draft, from the same table by which drafts are checked.

use serde_json::{Map, Value as Json, json};
use underpin_read::draft::form::{DRAFT, Shape, Value};

use super::pretty;

/// The JSON Schema (2020-12) of what `--draft` reads, pretty-printed, with a line break at its end.
pub fn draft_schema_json() -> String {
    let mut schema = shape(&DRAFT);
    if let Some(object) = schema.as_object_mut() {
        let dialect = json!("https://json-schema.org/draft/2020-12/schema");
        object.insert("$schema".to_owned(), dialect);
        object.insert("title".to_owned(), json!("Underpin draft"));
    }
    pretty(&schema)
}

fn shape(shape: &Shape) -> Json {
    let properties: Map<String, Json> = shape
        .keys
        .iter()
        .map(|key| {
            let mut schema = value(key.value, key.required);
            schema["description"] = json!(key.doc);
            (key.name.to_owned(), schema)
        })
        .collect();
    let required: Vec<&str> =
        shape.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({
        "type": "object",
        "description": shape.doc,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn value(value: Value, required: bool) -> Json {
    // Null is as good as leaving a key out, where it may be left out.
    let of = |name: &str| if required { json!([name]) } else { json!([name, "null"]) };
    let text = || json!(["string", "number", "boolean"]);
    match value {
        Value::Text if required => json!({ "type": text() }),
        Value::Text => json!({ "type": ["string", "number", "boolean", "null"] }),
        Value::Word(words) => {
            let mut allowed: Vec<Json> = words.iter().map(|&word| json!(word)).collect();
            allowed.extend((!required).then_some(Json::Null));
            json!({ "enum": allowed })
        }
        Value::Flag => json!({ "type": of("boolean") }),
        Value::Number => json!({ "type": of("number"), "minimum": 0 }),
        Value::Whole => json!({ "type": of("integer"), "minimum": 0 }),
        Value::Texts => json!({ "type": of("array"), "items": { "type": text() } }),
        Value::One(inner) => json!({ "anyOf": [shape(inner), { "type": "null" }] }),
        Value::Several(inner) => json!({ "type": of("array"), "items": shape(inner) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_may_carry_a_quote() {
        let schema: Json = serde_json::from_str(&draft_schema_json()).unwrap();
        for (name, of) in schema["properties"].as_object().unwrap() {
            let item = if name == "tenant" { &of["anyOf"][0] } else { &of["items"] };
            assert!(item["properties"]["quote"].is_object(), "{name}");
            assert_eq!(item["additionalProperties"], false, "{name}");
        }
    }
}
