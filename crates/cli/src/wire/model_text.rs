//! The model for people: one block an entity, then how they relate, live and are used.

use std::fmt::{self, Write as _};

use super::model::{Entity, Field, ModelFile};

/// The model file as text. Stable: what is asserted of it in reviews and bug reports stays comparable.
pub(crate) fn model_text(file: &ModelFile) -> String {
    let mut text = String::new();
    write_model(&mut text, file).expect("invariant: a String takes all that is written to it");
    text
}

fn write_model(text: &mut String, file: &ModelFile) -> fmt::Result {
    if let Some(project) = &file.project {
        writeln!(text, "project {project}")?;
    }
    for entity in &file.entities {
        write_entity(text, entity)?;
    }
    for it in &file.relationships {
        let field = it.field.as_ref().map(|field| format!(" by {field}")).unwrap_or_default();
        writeln!(text, "relationship {} {} {}{field}", it.from, it.cardinality, it.to)?;
    }
    for it in &file.lifecycles {
        let initial = it.initial.as_ref().map(|it| format!(", first {it}")).unwrap_or_default();
        writeln!(text, "life cycle {}.{}: {}{initial}", it.entity, it.field, it.states.join(", "))?;
        for step in &it.transitions {
            let on = step.on.as_ref().map(|on| format!(" on {on}")).unwrap_or_default();
            writeln!(text, "  {} -> {}{on}", step.from, step.to)?;
        }
    }
    for it in &file.aggregates {
        writeln!(text, "aggregate {}: {}", it.root, it.members.join(", "))?;
    }
    for it in &file.contexts {
        writeln!(text, "context {}: {}", it.name, it.entities.join(", "))?;
    }
    for it in &file.rules {
        let understood = match (&it.expression, &it.became) {
            (Some(expression), _) => format!(" = {expression}"),
            (None, Some(became)) => format!(" = {became}"),
            (None, None) => " (kept as words)".to_owned(),
        };
        writeln!(text, "rule {}: {}{understood}", it.entity, it.text)?;
    }
    for it in &file.access_patterns {
        let conditions: Vec<&str> = it.filter.iter().map(String::as_str).collect();
        let by = if conditions.is_empty() { String::new() } else { format!(" by {}", conditions.join(", ")) };
        let order = if it.sort.is_empty() { String::new() } else { format!(" order {}", it.sort.join(", ")) };
        let latency = it.latency_ms.map(|ms| format!(" within {ms} ms")).unwrap_or_default();
        writeln!(text, "pattern {}: {}{by}{order}{latency}", it.name, it.entity)?;
    }
    for it in &file.questions {
        writeln!(text, "question {}: {} (assumed: {})", it.subject, it.text, it.assumed)?;
    }
    for it in &file.assumptions {
        writeln!(text, "assumption {}: {} ({})", it.subject, it.text, it.reason)?;
    }
    for it in &file.coverage {
        writeln!(text, "understood {} of {} fact lines of {}", it.understood, it.fact_lines, it.document)?;
    }
    Ok(())
}

fn write_entity(text: &mut String, entity: &Entity) -> fmt::Result {
    let source = &entity.source;
    writeln!(text, "entity {} ({}:{})", entity.name, source.document, source.line)?;
    for field in &entity.fields {
        writeln!(text, "  {}", field_line(field))?;
    }
    for key in &entity.unique {
        writeln!(text, "  unique ({})", key.fields.join(", "))?;
    }
    Ok(())
}

fn field_line(field: &Field) -> String {
    let mut line = format!("{} {}", field.name, field.kind);
    let mut word = |text: &str| {
        line.push(' ');
        line.push_str(text);
    };
    if field.primary_key {
        word("key");
    }
    match field.required {
        Some(true) => word("required"),
        Some(false) => word("optional"),
        None => {}
    }
    if field.unique {
        word("unique");
    }
    if let Some(values) = &field.enum_values {
        word(&format!("[{}]", values.join(", ")));
    }
    if let Some(target) = &field.references {
        word(&format!("-> {target}"));
    }
    if let Some(default) = &field.default {
        word(&format!("default {default}"));
    }
    if field.assumed {
        word("(assumed)");
    }
    line
}
