//! What tests share: golden folders, temporary folders, the built binary, and where real documents are.

mod binary;
mod corpus;
mod golden;
pub mod score;
mod script;
mod temporary;

pub use binary::{Binary, Ran};
pub use corpus::{CorpusCase, corpus_cases, corpus_dir};
pub use golden::{Files, assert_golden, differences, files_of, write_golden};
pub use script::without_sources;
pub use temporary::{temp_dir, temp_dir_with};
