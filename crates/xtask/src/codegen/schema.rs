//! `schema/`: the JSON Schemas of the model file and of drafts, from the types and the table that they are read by.

use super::Files;
use crate::workspace::Root;

pub(super) const FOLDER: &str = "schema";

pub(super) fn files(_root: &Root) -> Files {
    let file = |name: &str, mut text: String| {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        (format!("{FOLDER}/{name}"), text)
    };
    Files::from([
        file("underpin.schema.json", underpin_cli::model_schema_json()),
        file("underpin-draft.schema.json", underpin_cli::draft_schema_json()),
    ])
}
