//! Workflow commands, which GitHub shows as annotations on a pull request.

use crate::{Diagnostic, Severity, Sources};

/// One `::error file=…,line=…::message` line, escaped as GitHub's runner wants it.
pub fn render(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let place = diagnostic.primary().map_or_else(String::new, |span| {
        let at = sources.location(span);
        format!("file={},line={},col={},", property(&at.document), at.line, at.column)
    });
    let message = match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    format!("::{command} {place}title={}::{}\n", diagnostic.code, data(&message))
}
