//! The entity diagram in mermaid's notation, which many viewers of Markdown draw.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use underpin_pg::Table;

use crate::column_role::ColumnRole;
use crate::context::Context;
use crate::html::reorders;

/// With more tables than this, only keys and references are drawn: the column tables say the rest.
const FEW_TABLES: usize = 8;

/// The diagram, without its fence.
pub(super) fn diagram(context: &Context<'_>) -> String {
    let tables: Vec<&Table> = context.tables().iter().map(|view| view.table).collect();
    let schema = &context.input.physical.schema;
    let keys_only = tables.len() > FEW_TABLES;
    let mut out = String::from("erDiagram\n");
    let name = |at: usize| entity(tables[at].name.name.as_str(), at);
    for (at, table) in tables.iter().enumerate() {
        writeln!(out, "    {}", name(at)).expect("writing to a String");
        let mut inside = String::new();
        let mut used = BTreeSet::new();
        for (position, column) in table.columns.iter().enumerate() {
            let role = ColumnRole::of(schema, table, &column.name);
            let marks: Vec<&str> = role.marks("UK").collect();
            if keys_only && marks.is_empty() {
                continue;
            }
            let mut label = word(column.name.as_str());
            if !used.insert(label.clone()) {
                label = format!("{label}_{position}");
            }
            let kind = column.data_type.short();
            let kind = word(kind.split('(').next().unwrap_or_default());
            writeln!(inside, "        {kind} {label} {}", marks.join(", "))
                .expect("writing to a String");
        }
        if !inside.is_empty() {
            let lines: Vec<&str> = inside.split('\n').map(str::trim_end).collect();
            out.truncate(out.len() - 1);
            write!(out, " {{\n{}    }}\n", lines.join("\n")).expect("writing to a String");
        }
    }
    for (to, table) in tables.iter().enumerate() {
        for key in &table.foreign_keys {
            let Some(from) = tables.iter().position(|it| it.name == key.references) else {
                continue;
            };
            let optional = key
                .columns
                .iter()
                .filter_map(|name| table.column(name))
                .any(|column| !column.not_null);
            let single = table
                .keys()
                .any(|unique| unique.columns.iter().all(|name| key.columns.contains(name)));
            let near = if optional { "|o" } else { "||" };
            let far = if single { "o|" } else { "o{" };
            let label: Vec<String> =
                key.columns.iter().map(|column| quoted(column.as_str())).collect();
            writeln!(
                out,
                "    {} {near}--{far} {} : \"{}\"",
                id(&tables, from),
                id(&tables, to),
                label.join(", ")
            )
            .expect("writing to a String");
        }
    }
    out
}

fn id(tables: &[&Table], at: usize) -> String {
    let name = tables[at].name.name.as_str();
    if is_plain(name) { name.to_owned() } else { format!("table_{}", at + 1) }
}

/// A plain name as it is; any other under an alias.
fn entity(name: &str, at: usize) -> String {
    if is_plain(name) { name.to_owned() } else { format!("table_{}[\"{}\"]", at + 1, quoted(name)) }
}

fn is_plain(name: &str) -> bool {
    // Words that mermaid's grammar takes for itself.
    const TAKEN: [&str; 10] =
        ["one", "only", "many", "to", "optionally", "zero", "title", "direction", "style", "class"];
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !TAKEN.contains(&name)
}

/// A name of an attribute or type: letters, digits and underscores.
fn word(name: &str) -> String {
    let mut word: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "_[]".contains(c) { c } else { '_' })
        .collect();
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        word.insert(0, 'c');
    }
    word
}

/// A text between double quotes.
fn quoted(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            '"' => '\'',
            '`' | '<' | '>' | '#' | ';' | '[' | ']' | '%' | '\\' => '_',
            c if c.is_control() || reorders(c) => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mermaid_could_not_read_are_replaced() {
        assert_eq!(word("größe|x"), "gr__e_x");
        assert_eq!(word("1st"), "c1st");
        assert_eq!(entity("a\"b\n", 2), "table_3[\"a'b \"]");
        assert_eq!(entity("orders", 0), "orders");
    }
}
