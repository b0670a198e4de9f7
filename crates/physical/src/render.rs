//! The stage's text form, for `--emit physical`, goldens and bug reports.

use std::fmt::Write as _;

use underpin_pg::Script;

use crate::PhysicalDesign;

/// The schema as a script, then queries, indexes, claims and decisions. Ends with a line break.
pub fn physical_text(design: &PhysicalDesign) -> String {
    let mut text = String::new();
    write(&mut text, design).expect("writing to a String cannot fail");
    text
}

fn write(text: &mut String, design: &PhysicalDesign) -> std::fmt::Result {
    write!(text, "{}", Script::create(&design.schema))?;
    for query in &design.queries {
        let index = query.promised_index.as_ref().map_or("none", |index| index.name.as_str());
        writeln!(text, "query {} (index {index})", query.name)?;
        if let Some(statement) = &query.statement {
            for line in statement.to_string().lines() {
                writeln!(text, "  {line}")?;
            }
        }
        if let Some(draft) = &query.draft {
            writeln!(text, "  draft: {}", draft.to_string().replace('\n', " "))?;
        }
        for (at, parameter) in query.parameters.iter().enumerate() {
            writeln!(text, "  ${} {} {}", at + 1, parameter.name, parameter.data_type.short())?;
        }
        if let Some(remark) = &query.remark {
            writeln!(text, "  remark: {remark}")?;
        }
    }
    for entry in &design.indexes {
        let supports: Vec<&str> = entry.supports.iter().map(underpin_pg::Ident::as_str).collect();
        writeln!(
            text,
            "index {} serves [{}] supports [{}]",
            entry.index.name,
            entry.serves.join(", "),
            supports.join(", ")
        )?;
    }
    for claim in &design.claims {
        writeln!(text, "claim {}: {}", claim.id, claim.statement)?;
    }
    for decision in &design.decisions {
        writeln!(text, "decision {}: {} ({})", decision.id(), decision.choice, decision.reason)?;
    }
    Ok(())
}
