//! Mutants that lack one object: a constraint, an index, a partition, a trigger, a function, or what a column has beside
//! its type.

use std::collections::BTreeSet;

use underpin_claim::Subject;
use underpin_pg::{Column, ColumnTrait, Command, Ddl, Delete, Ident, Key, Schema, Table, Trigger};
use underpin_physical::PhysicalDesign;

use super::mutant::Mutant;

/// One for each object. Left out is what cannot go without another that has its own mutant: the NOT NULL of
/// a primary key's column, and of one that the server counts up.
pub(super) fn all(physical: &PhysicalDesign) -> Vec<Mutant> {
    let schema = &physical.schema;
    let mut mutants = Vec::new();
    for table in schema.tables.values() {
        for key in table.keys() {
            mutants.push(without_key(schema, table, key));
        }
        let checks = table.checks.iter().map(|it| &it.name);
        let exclusions = table.exclusions.iter().map(|it| &it.name);
        let foreign_keys = table.foreign_keys.iter().map(|it| &it.name);
        for name in checks.chain(exclusions).chain(foreign_keys) {
            let drop = Ddl::DropConstraint(table.name.clone(), name.clone()).to_string();
            mutants.push(Mutant::new(&table.name, name, &without(name), vec![drop]));
        }
        if !table.seeds.is_empty() {
            let delete = Delete { table: table.name.clone(), filter: None };
            let subject =
                Subject { table: Some(table.name.name.as_str().to_owned()), object: None };
            let change = format!("That {} begins empty", table.name.name.as_str());
            mutants.push(Mutant::about(subject, &change, vec![delete.to_string()]).on("seeds"));
        }
        for partition in table.partitioning.iter().flat_map(|it| &it.partitions) {
            let name = &partition.name.name;
            let drop = Ddl::DropTable(partition.name.clone()).to_string();
            mutants.push(Mutant::new(&table.name, name, &without(name), vec![drop]));
        }
        for column in &table.columns {
            mutants.extend(of_column(table, column));
        }
        for index in schema.indexes_of(&table.name) {
            let name = &index.name.name;
            let drop = Command::DropIndex(index.name.clone()).to_string();
            mutants.push(Mutant::new(&table.name, name, &without(name), vec![drop]));
        }
        for trigger in schema.triggers_of(&table.name) {
            let drop = Command::DropTrigger(table.name.clone(), trigger.name.clone()).to_string();
            let mutant =
                Mutant::new(&table.name, &trigger.name, &without(&trigger.name), vec![drop]);
            mutants.push(mutant.close_to(guarded(physical, trigger)));
        }
    }
    for function in schema.functions.values() {
        let triggers: Vec<&Trigger> =
            schema.triggers.values().filter(|it| it.function == function.name).collect();
        let drop = Command::DropFunctionCascade(function.name.clone()).to_string();
        let subject = Subject { table: None, object: Some(function.name.name.as_str().to_owned()) };
        let change = format!("That there is no function {}", function.name.name.as_str());
        let along = triggers.iter().map(|it| it.name.as_str().to_owned()).collect();
        mutants.push(
            Mutant::about(subject, &change, vec![drop])
                .on("function")
                .close_to(triggers.iter().flat_map(|trigger| guarded(physical, trigger)))
                .along_with(along),
        );
    }
    mutants
}

fn without(name: &Ident) -> String {
    format!("That `{}` is missing", name.as_str())
}

/// With the foreign keys that rest on it: they refer to a key or to nothing.
fn without_key(schema: &Schema, table: &Table, key: &Key) -> Mutant {
    let drop = Command::DropConstraintCascade(table.name.clone(), key.name.clone()).to_string();
    Mutant::new(&table.name, &key.name, &without(&key.name), vec![drop])
        .along_with(resting_on(schema, table, key))
}

/// The foreign keys that refer to a key.
pub(super) fn resting_on(schema: &Schema, table: &Table, key: &Key) -> Vec<String> {
    let columns: BTreeSet<&Ident> = key.columns.iter().collect();
    let links = schema.tables.values().flat_map(|from| &from.foreign_keys);
    links
        .filter(|link| {
            link.references == table.name
                && link.referenced_columns.iter().collect::<BTreeSet<_>>() == columns
        })
        .map(|link| link.name.as_str().to_owned())
        .collect()
}

/// The columns whose claims a trigger answers for.
fn guarded<'d>(physical: &'d PhysicalDesign, trigger: &'d Trigger) -> Vec<&'d Ident> {
    let design = physical.tables.of(&trigger.table);
    let machines = design.into_iter().flat_map(|design| &design.machines);
    machines
        .filter(|machine| machine.trigger == trigger.name)
        .map(|machine| &machine.column)
        .chain(&trigger.update_columns)
        .collect()
}

fn of_column(table: &Table, column: &Column) -> Vec<Mutant> {
    let is_key = table.primary_key.iter().any(|key| key.columns.contains(&column.name));
    let traits = [
        (ColumnTrait::NotNull, column.not_null && !is_key && column.identity.is_none()),
        (ColumnTrait::Default, column.default.is_some()),
        (ColumnTrait::Identity, column.identity.is_some()),
        (ColumnTrait::Expression, column.generated.is_some()),
    ];
    let mutant = |what: ColumnTrait| {
        let drop = Command::DropOfColumn(table.name.clone(), column.name.clone(), what);
        let name = column.name.as_str();
        let change =
            format!("That {} is missing at `{}.{name}`", what.as_str(), table.name.name.as_str());
        let aspect = what.as_str().to_lowercase().replace(' ', "_");
        Mutant::new(&table.name, &column.name, &change, vec![drop.to_string()]).on(&aspect)
    };
    traits.into_iter().filter(|(_, is_there)| *is_there).map(|(what, _)| mutant(what)).collect()
}
