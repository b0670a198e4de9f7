//! What the documents say wrongly, and the form of the model that programs read.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{root, underpin};
use underpin_testkit::temp_dir_with;

/// A Markdown document with one field table for each entity: name, and rows of `name | type | description`.
fn tables(entities: &[(&str, &[&str])]) -> String {
    let mut text = String::from("# Data model\n");
    for (name, rows) in entities {
        write!(
            text,
            "\n## {name}\n\n| Field | Type | Required | Description |\n| --- | --- | --- | --- |\n| id | uuid | yes | primary key |\n"
        )
        .unwrap();
        for row in *rows {
            writeln!(text, "| {row} |").unwrap();
        }
    }
    text
}

/// The diagnostics of a code: `(line, message)`.
fn found(text: &str, code: &str) -> Vec<(u64, String)> {
    let folder = temp_dir_with(&[("m.md", text)]);
    let ran =
        underpin().args(["check", "m.md", "--format", "json"]).current_dir(folder.path()).run();
    assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
    let all: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let of_code: Vec<_> = all
        .iter()
        .filter(|it| it["code"] == code)
        .map(|it| {
            assert_eq!(it["document"], "m.md");
            (it["line"].as_u64().unwrap(), it["message"].as_str().unwrap().to_owned())
        })
        .collect();
    assert!(!of_code.is_empty(), "no {code} in {}", ran.stdout);
    of_code
}

#[test]
fn two_entities_of_one_name() {
    let text = tables(&[("User", &["email | text | yes | "]), ("User", &["name | text | yes | "])]);
    let (line, message) = found(&text, "M002").remove(0);
    assert_eq!(line, 10);
    assert!(message.contains("`User`"), "{message}");
}

#[test]
fn a_reference_to_an_unknown_entity() {
    let text = tables(&[("Order", &["ghost_id | uuid | yes | references Ghost.id"])]);
    let (line, message) = found(&text, "M001").remove(0);
    assert_eq!(line, 8);
    assert!(message.contains("`Order.ghost_id`") && message.contains("`Ghost`"), "{message}");
}

#[test]
fn a_circle_of_required_references() {
    let text = tables(&[
        ("Hen", &["egg_id | uuid | yes | references Egg.id"]),
        ("Egg", &["hen_id | uuid | yes | references Hen.id"]),
    ]);
    let (_, message) = found(&text, "M005").remove(0);
    assert!(message.contains("Hen") && message.contains("Egg"), "{message}");
}

#[test]
fn a_state_that_nothing_leads_to() {
    let text = format!(
        "{}\n### Order life cycle\n\n```mermaid\nstateDiagram-v2\n    [*] --> open\n    open --> paid\n    lost --> paid\n```\n",
        tables(&[("Order", &["status | enum(open, paid, lost) | yes | "])])
    );
    let (_, message) = found(&text, "M006").remove(0);
    assert!(message.contains("`lost`"), "{message}");
}

#[test]
fn the_model_of_the_shop_fits_its_schema() {
    let ran =
        underpin().args(["model", "examples/shop", "--format", "json"]).current_dir(root()).run();
    let model: Value = serde_json::from_str(&ran.stdout).unwrap();
    let schema: Value = serde_json::from_str(&underpin_cli::model_schema_json()).unwrap();
    let mut remarks = Vec::new();
    fits(&model, &schema, &schema, "$", &mut remarks);
    assert_eq!(remarks, [""; 0]);
    assert!(model["entities"].as_array().unwrap().len() >= 15);
    assert!(model["access_patterns"].as_array().unwrap().len() >= 20);

    let yaml = underpin()
        .args(["model", "examples/shop", "--format", "yaml"])
        .current_dir(root())
        .run()
        .stdout;
    assert!(yaml.starts_with("# yaml-language-server: $schema=schema/underpin.schema.json\n"));
    let same: Value = serde_yaml_ng::from_str(&yaml).unwrap();
    assert_eq!(same, model);
}

/// The part of JSON Schema that our schema uses; an unknown keyword is a remark too.
fn fits(value: &Value, schema: &Value, root: &Value, at: &str, remarks: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "default" | "$schema" | "$defs" | "title" | "description" | "format" | "minimum"
            | "maximum" => {}
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                fits(value, &root["$defs"][name], root, at, remarks);
            }
            "type" => {
                let allowed: Vec<&str> = match rule {
                    Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
                    one => vec![one.as_str().unwrap()],
                };
                if !allowed.iter().any(|name| is(value, name)) {
                    remarks.push(format!("{at}: {value} is not {allowed:?}"));
                }
            }
            "additionalProperties" => {
                for (key, part) in value.as_object().into_iter().flatten() {
                    fits(part, rule, root, &format!("{at}.{key}"), remarks);
                }
            }
            "properties" => {
                let Value::Object(object) = value else { continue };
                for (key, part) in object {
                    match rule.get(key) {
                        Some(schema) => fits(part, schema, root, &format!("{at}.{key}"), remarks),
                        None => remarks.push(format!("{at}.{key} is not in the schema")),
                    }
                }
            }
            "required" => {
                for key in rule.as_array().unwrap().iter().filter_map(Value::as_str) {
                    if value.is_object() && value.get(key).is_none() {
                        remarks.push(format!("{at} lacks {key}"));
                    }
                }
            }
            "items" => {
                for (index, part) in value.as_array().into_iter().flatten().enumerate() {
                    fits(part, rule, root, &format!("{at}[{index}]"), remarks);
                }
            }
            "enum" | "const" => {
                let allowed = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !allowed.contains(value) {
                    remarks.push(format!("{at}: {value} is not one of {allowed:?}"));
                }
            }
            "anyOf" | "oneOf" => {
                let fitting = rule.as_array().unwrap().iter().any(|one| {
                    let mut inner = Vec::new();
                    fits(value, one, root, at, &mut inner);
                    inner.is_empty()
                });
                if !fitting {
                    remarks.push(format!("{at}: {value} fits none of {keyword}"));
                }
            }
            _ => remarks.push(format!("{at}: the test does not know the keyword {keyword}")),
        }
    }
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        _ => false,
    }
}
