//! The JSON Schema of the model file, made from its types, and the file's own forms.

use schemars::generate::SchemaSettings;

use super::ModelFile;

/// Where the schema lies: at the root of the repository, and in every output folder.
pub(crate) const SCHEMA_FILE: &str = "schema/underpin.schema.json";

/// The JSON Schema (2020-12) of the model file, pretty-printed, with a line break at its end.
pub fn model_schema_json() -> String {
    let schema =
        SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ModelFile>();
    pretty(&schema)
}

/// The model file as YAML, with a first line by which editors find the schema.
pub(crate) fn model_yaml(file: &ModelFile) -> String {
    let body =
        serde_yaml_ng::to_string(file).expect("invariant: the model file has text keys only");
    format!(
        "# yaml-language-server: $schema={SCHEMA_FILE}\n\
         # The model that underpin read from the documents named in it: what is stored, and what is done with it.\n\
         # Edit it, and answer questions under `answers`: every later run keeps that and follows the documents in the rest.\n\
         {body}"
    )
}

/// Any of our forms as JSON with a line break at its end.
pub(crate) fn pretty(value: &impl serde::Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(value).expect("invariant: plain data with text keys is JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_names_every_key_that_is_promised() {
        let schema: serde_json::Value = serde_json::from_str(&model_schema_json()).unwrap();
        let required: Vec<&str> =
            schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        for key in [
            "project",
            "entities",
            "enums",
            "relationships",
            "lifecycles",
            "aggregates",
            "contexts",
            "rules",
            "access_patterns",
            "questions",
            "assumptions",
            "diagnostics",
        ] {
            assert!(required.contains(&key), "{key}");
        }
    }
}
