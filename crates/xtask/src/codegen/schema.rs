//! `schema/underpin.schema.json`: the JSON Schema of the model file, from the types that it is read into.

use super::Files;
use crate::workspace::Root;

pub(super) const FOLDER: &str = "schema";

pub(super) fn files(_: &Root) -> Files {
    let mut text = underpin_cli::model_schema_json();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Files::from([(format!("{FOLDER}/underpin.schema.json"), text)])
}
