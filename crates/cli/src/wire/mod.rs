//! What programs may rely on: the shapes of the JSON and YAML that Underpin prints and writes. Nothing else in the
//! workspace promises a serialised form.

mod access_pattern;
mod amounts;
mod draft_schema;
mod evidence;
mod explanation;
mod model;
mod model_from;
mod model_json;
mod remark;
mod schema;

pub use draft_schema::draft_schema_json;
pub(crate) use evidence::{Input, InputPath, Summary, evidence_file, schema_evidence, shell_word};
pub(crate) use explanation::explanations;
pub(crate) use model::ModelFile;
pub(crate) use model_from::{diagnostic, model_file};
pub(crate) use model_json::write_model;
pub use schema::model_schema_json;
pub(crate) use schema::{SCHEMA_FILE, model_yaml, pretty};
