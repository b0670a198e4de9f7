//! What the model file says beside the model: what is open, what was assumed, what is wrong, how much was understood.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Source;

/// What the documents leave open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Question {
    /// Stable from run to run.
    pub(crate) id: String,
    /// What it is about, such as `Order.total`.
    pub(crate) subject: String,
    /// The question.
    pub(crate) text: String,
    /// What was assumed meanwhile.
    pub(crate) assumed: String,
    /// What can be answered.
    #[serde(default)]
    pub(crate) takes: String,
    /// The place that it arose from.
    pub(crate) source: Option<Source>,
}

/// What was chosen for want of a statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Assumption {
    /// Stable from run to run.
    pub(crate) id: String,
    /// What it is about.
    pub(crate) subject: String,
    /// What was assumed.
    pub(crate) text: String,
    /// Why.
    pub(crate) reason: String,
}

/// Something to tell the user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Diagnostic {
    /// The stable code, such as `M001`.
    pub(crate) code: String,
    /// `error`, `warning` or `note`.
    pub(crate) severity: String,
    /// One sentence that is understood without the source beside it.
    pub(crate) message: String,
    /// The document that it is about, where there is one.
    pub(crate) document: Option<String>,
    /// The line, from 1.
    pub(crate) line: Option<u32>,
    /// The column in characters, from 1.
    pub(crate) column: Option<u32>,
    /// What to change.
    pub(crate) help: Option<String>,
}

/// How much of one document was understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Coverage {
    /// The document's path.
    pub(crate) document: String,
    /// Lines that looked like facts.
    pub(crate) fact_lines: usize,
    /// Those of them of which all was read, as far as it seems to state a fact.
    pub(crate) understood: usize,
}
