//! What programs may rely on: the shapes of the JSON and YAML that Underpin prints and writes. Nothing else in the
//! workspace promises a serialised form.

mod model;
mod model_from;
mod model_text;
mod schema;

pub(crate) use model::ModelFile;
pub(crate) use model_from::model_file;
pub(crate) use model_text::model_text;
pub use schema::model_schema_json;
pub(crate) use schema::{SCHEMA_FILE, model_json, model_yaml};
