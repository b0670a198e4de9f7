//! What is to be done about partitions of values and of hashes, which no schedule makes.

use underpin_pg::{Ident, Partitioning, QualifiedName, Table, naming};
use underpin_physical::{PartitionDesign, PartitionScheme, TableDesign};

use super::statement;
use crate::context::Context;
use crate::markdown::{Document, code, raw};

pub(super) fn write(
    context: &Context<'_>,
    split: &[(&TableDesign, &PartitionDesign)],
    out: &mut Document,
) {
    for (of, partitions) in split {
        let Some(table) = context.input.physical.schema.tables.get(&of.table) else { continue };
        let Some(made) = &table.partitioning else { continue };
        match &partitions.scheme {
            PartitionScheme::Time(_) => {}
            PartitionScheme::List(default) => {
                listed(out, table, made, default.as_ref().map(|it| &it.name));
            }
            PartitionScheme::Hash => hashed(out, table, made),
        }
    }
}

fn listed(out: &mut Document, table: &Table, made: &Partitioning, default: Option<&QualifiedName>) {
    let name = table.name.name.as_str();
    out.title(2, &format!("The values of {name}"));
    match default {
        Some(default) => {
            out.paragraph(&code(default.name.as_str()).then(&raw(
                " takes the rows of all values that have no partition of their own. They are found like any others; a value \
                 that has many gets a partition of its own. Which these are:",
            )));
            out.fence("sql", &statement(&made.held(default)));
        }
        None => out.say(
            "A row of a value that has no partition is refused (SQLSTATE 23514, without the name of a constraint): a new value \
             gets its partition before its rows come.",
        ),
    }
    let part = QualifiedName::new(table.name.namespace.clone(), naming::fit(name, "new_value"));
    let copied: Vec<Ident> = table
        .columns
        .iter()
        .filter(|column| column.generated.is_none())
        .map(|column| column.name.clone())
        .collect();
    out.say(
        "A value gets its partition in one transaction. `ATTACH PARTITION` takes `SHARE UPDATE EXCLUSIVE` on the table, which \
         lets everybody read and write; a default partition is locked until the end, while it is looked through:",
    );
    let statements = made.add_value(&table.name, &copied, &part, "new value");
    let lines: Vec<String> = statements.iter().map(|it| statement(it)).collect();
    out.fence("sql", &format!("BEGIN;\n{}\nCOMMIT;", lines.join("\n")));
}

fn hashed(out: &mut Document, table: &Table, made: &Partitioning) {
    let name = table.name.name.as_str();
    out.title(2, &format!("The hash of {name}"));
    out.say(
        "All partitions are there from the start and none is made or dropped later. Whether the rows are spread evenly, and how \
         many keys each partition has; one that holds several times the rows of the others has a key that is hotter than the \
         rest, which no hash spreads:",
    );
    out.fence("sql", &statement(&made.spread(&table.name)));
    out.say(&format!(
        "There are {} of them. More are made one by one: a partition is detached, and two with twice the modulus take its rows.",
        made.partitions.len()
    ));
    out.say(
        "The statistics of the whole table are gathered by `ANALYZE` once a week: autovacuum gathers those of each partition \
         and never those of the table that they are parts of (manual, section 25.1.3).",
    );
}
