//! Diagnostics as JSON values, in the shape that the model's JSON form promises.

use serde_json::{Value, json};

use crate::{Diagnostic, Sources};

/// `{code, severity, message, document, line, column, help}`; the place is null where there is none.
pub fn value(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let place = diagnostic.primary().map(|span| sources.location(span));
    json!({
        "code": diagnostic.code.as_str(),
        "severity": diagnostic.severity.as_str(),
        "message": diagnostic.message,
        "document": place.as_ref().map(|place| &place.document),
        "line": place.as_ref().map(|place| place.line),
        "column": place.as_ref().map(|place| place.column),
        "help": diagnostic.help,
    })
}
