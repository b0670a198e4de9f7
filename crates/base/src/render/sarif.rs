//! SARIF 2.1.0 (OASIS standard), which code-scanning services read.

use serde_json::{Value, json};

use crate::{Diagnostic, Severity, Sources};

/// The whole log: one run, the rules that occur, one result per diagnostic.
pub fn log(diagnostics: &[Diagnostic], sources: &Sources, version: &str) -> Value {
    let mut rules: Vec<&crate::CodeInfo> = diagnostics.iter().map(|d| d.code.0).collect();
    rules.sort_by_key(|rule| rule.code);
    rules.dedup_by_key(|rule| rule.code);
    let rules: Vec<Value> = rules
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code,
                "name": rule.name,
                "fullDescription": { "text": rule.explanation.trim() },
            })
        })
        .collect();
    let results: Vec<Value> = diagnostics.iter().map(|d| result(d, sources)).collect();
    json!({
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "underpin", "version": version, "rules": rules } },
            "results": results,
        }],
    })
}

fn result(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let locations: Vec<Value> = diagnostic
        .primary()
        .map(|span| {
            let at = sources.location(span);
            json!({ "physicalLocation": {
                "artifactLocation": { "uri": at.document },
                "region": { "startLine": at.line, "startColumn": at.column },
            }})
        })
        .into_iter()
        .collect();
    json!({
        "ruleId": diagnostic.code.as_str(),
        "level": level,
        "message": { "text": diagnostic.message },
        "locations": locations,
    })
}
