//! Mutants whose objects are there and say something else: a limit that is off by one, a key without its first
//! column, a deletion that takes more along, a step too many.

use underpin_pg::{
    BinaryOperator, CheckConstraint, Command, Ddl, Exclusion, ExclusionOperator, Expr, ForeignKey,
    Ident, Index, Key, Literal, QualifiedName, ReferentialAction, Schema, Table,
};
use underpin_physical::{MachineDesign, PhysicalDesign};

use super::mutant::Mutant;
use super::removals::resting_on;

/// Mutants of what each object says.
pub(super) fn all(physical: &PhysicalDesign) -> Vec<Mutant> {
    let schema = &physical.schema;
    let mut mutants = Vec::new();
    for table in schema.tables.values() {
        let checks = table.checks.iter().flat_map(|check| checks(table, check));
        let keys = table.keys().filter_map(|key| narrower_key(schema, table, key));
        let firm = table.uniques.iter().filter_map(|key| firm_key(table, key));
        let exclusions = table.exclusions.iter().flat_map(|it| exclusions(table, it));
        let foreign_keys = table.foreign_keys.iter().flat_map(|it| foreign_keys(schema, table, it));
        mutants.extend(checks.chain(keys).chain(firm).chain(exclusions).chain(foreign_keys));
        for index in schema.indexes_of(&table.name).filter(|index| index.unique) {
            mutants.extend(unique_indexes(schema, table, index));
        }
        let design = physical.tables.of(&table.name);
        for machine in design.into_iter().flat_map(|design| &design.machines) {
            mutants.extend(machines(&table.name, machine));
        }
    }
    mutants
}

/// One for each comparison and each list in a CHECK.
fn checks(table: &Table, check: &CheckConstraint) -> Vec<Mutant> {
    let name = &check.name;
    let several = looser(&check.expression);
    let numbered = several.len() > 1;
    let mutant = |(at, expression): (usize, Expr)| {
        let change = format!("`{}` as `{expression}`", name.as_str());
        let other = CheckConstraint { expression, ..check.clone() };
        let statements = vec![
            Ddl::DropConstraint(table.name.clone(), name.clone()).to_string(),
            Ddl::AddCheck(table.name.clone(), other).to_string(),
        ];
        let aspect = if numbered { format!("limit_{}", at + 1) } else { "limit".to_owned() };
        Mutant::new(&table.name, name, &change, statements).on(&aspect)
    };
    several.into_iter().enumerate().map(mutant).collect()
}

/// The expression with one limit moved by one or let in, or one value left out of a list.
fn looser(expr: &Expr) -> Vec<Expr> {
    let each = |list: &[Expr], whole: &dyn Fn(Vec<Expr>) -> Expr| -> Vec<Expr> {
        let changed = list.iter().enumerate().flat_map(|(at, item)| {
            looser(item).into_iter().map(move |other| (at, other)).collect::<Vec<_>>()
        });
        changed
            .map(|(at, other)| {
                let mut list = list.to_vec();
                list[at] = other;
                whole(list)
            })
            .collect()
    };
    match expr {
        Expr::And(list) => each(list, &Expr::And),
        Expr::Or(list) => each(list, &Expr::Or),
        Expr::Not(inner) => {
            looser(inner).into_iter().map(|inner| Expr::Not(Box::new(inner))).collect()
        }
        Expr::Binary(left, operator, right) => {
            let (outwards, other) = match operator {
                BinaryOperator::Less => (1, BinaryOperator::LessOrEqual),
                BinaryOperator::LessOrEqual => (1, BinaryOperator::Less),
                BinaryOperator::Greater => (-1, BinaryOperator::GreaterOrEqual),
                BinaryOperator::GreaterOrEqual => (-1, BinaryOperator::Greater),
                _ => return Vec::new(),
            };
            vec![match &**right {
                Expr::Literal(Literal::Integer(limit)) => {
                    Expr::binary((**left).clone(), *operator, Expr::integer(limit + outwards))
                }
                _ => Expr::binary((**left).clone(), other, (**right).clone()),
            }]
        }
        Expr::In(value, list) if list.len() > 1 => {
            vec![Expr::In(value.clone(), list[..list.len() - 1].to_vec())]
        }
        _ => Vec::new(),
    }
}

/// A key without its first column, which is often the tenant.
fn narrower_key(schema: &Schema, table: &Table, key: &Key) -> Option<Mutant> {
    let columns = narrower(schema, table, &key.columns)?;
    let other = Key { columns, ..key.clone() };
    let is_primary = table.primary_key.as_ref() == Some(key);
    let add = if is_primary { Ddl::AddPrimaryKey } else { Ddl::AddUnique };
    let statements = vec![
        Command::DropConstraintCascade(table.name.clone(), key.name.clone()).to_string(),
        add(table.name.clone(), other).to_string(),
    ];
    let mutant =
        Mutant::new(&table.name, &key.name, &without(&key.name, &key.columns[0]), statements);
    Some(mutant.on("narrower").along_with(resting_on(schema, table, key)))
}

/// A key that rows can exchange the values of, without that.
fn firm_key(table: &Table, key: &Key) -> Option<Mutant> {
    key.deferrable.then(|| {
        let firm = Key { deferrable: false, ..key.clone() };
        let statements = vec![
            Command::DropConstraintCascade(table.name.clone(), key.name.clone()).to_string(),
            Ddl::AddUnique(table.name.clone(), firm).to_string(),
        ];
        let what = format!("`{}` that cannot be deferred", key.name.as_str());
        Mutant::new(&table.name, &key.name, &what, statements).on("firm")
    })
}

/// The columns of a key but the first; nothing where the rest is a key anyway, or where it has one only.
fn narrower(schema: &Schema, table: &Table, columns: &[Ident]) -> Option<Vec<Ident>> {
    let rest = columns.get(1..).filter(|rest| !rest.is_empty())?;
    let holds = |key: &[Ident]| key.iter().all(|column| rest.contains(column));
    let is_key = table.keys().any(|key| holds(&key.columns))
        || schema.indexes_of(&table.name).any(|index| {
            let columns = plain(index);
            index.unique && index.predicate.is_none() && columns.is_some_and(|it| holds(&it))
        });
    (!is_key).then(|| rest.to_vec())
}

/// The columns of an index that holds nothing else.
fn plain(index: &Index) -> Option<Vec<Ident>> {
    let column = |column: &underpin_pg::IndexColumn| column.key.plain().cloned();
    index.columns.iter().map(column).collect()
}

fn without(name: &Ident, column: &Ident) -> String {
    format!("`{}` without `{}`", name.as_str(), column.as_str())
}

fn unique_indexes(schema: &Schema, table: &Table, index: &Index) -> Vec<Mutant> {
    let name = &index.name.name;
    let mutant = |other: Index, change: &str, aspect: &str| {
        let statements = vec![
            Command::DropIndex(index.name.clone()).to_string(),
            Ddl::CreateIndex(other).to_string(),
        ];
        Mutant::new(&table.name, name, change, statements).on(aspect)
    };
    let mut mutants = Vec::new();
    if let Some(columns) = plain(index).filter(|it| narrower(schema, table, it).is_some()) {
        let other = Index { columns: index.columns[1..].to_vec(), ..index.clone() };
        mutants.push(mutant(other, &without(name, &columns[0]), "narrower"));
    }
    if index.columns.iter().any(|column| column.key.plain().is_none()) {
        let exact = |column: &underpin_pg::IndexColumn| {
            let name = column.key.compared()?.clone();
            Some(underpin_pg::IndexColumn {
                key: underpin_pg::IndexKey::Column(name),
                ..column.clone()
            })
        };
        if let Some(columns) = index.columns.iter().map(exact).collect() {
            let other = Index { columns, ..index.clone() };
            mutants.push(mutant(other, &format!("`{}` comparing exactly", name.as_str()), "exact"));
        }
    }
    if index.predicate.is_some() {
        let other = Index { predicate: None, ..index.clone() };
        mutants.push(mutant(other, &format!("`{}` for all rows", name.as_str()), "everywhere"));
    }
    mutants
}

fn exclusions(table: &Table, exclusion: &Exclusion) -> Vec<Mutant> {
    let name = &exclusion.name;
    let mutant = |other: Exclusion, change: &str, aspect: &str| {
        let statements = vec![
            Ddl::DropConstraint(table.name.clone(), name.clone()).to_string(),
            Ddl::AddExclusion(table.name.clone(), other).to_string(),
        ];
        Mutant::new(&table.name, name, change, statements).on(aspect)
    };
    let mut mutants = Vec::new();
    let shared = exclusion.elements.iter().position(|it| it.operator == ExclusionOperator::Equal);
    if let Some(at) = shared.filter(|_| exclusion.elements.len() > 1) {
        let mut other = exclusion.clone();
        let element = other.elements.remove(at);
        mutants.push(mutant(
            other,
            &format!("`{}` without `{element}`", name.as_str()),
            "narrower",
        ));
    }
    if exclusion.predicate.is_some() {
        let other = Exclusion { predicate: None, ..exclusion.clone() };
        mutants.push(mutant(other, &format!("`{}` for all rows", name.as_str()), "everywhere"));
    }
    mutants
}

fn foreign_keys(schema: &Schema, table: &Table, key: &ForeignKey) -> Vec<Mutant> {
    let name = &key.name;
    let mutant = |other: ForeignKey, change: &str, aspect: &str| {
        let statements = vec![
            Ddl::DropConstraint(table.name.clone(), name.clone()).to_string(),
            Ddl::AddForeignKey(table.name.clone(), other).to_string(),
        ];
        Mutant::new(&table.name, name, change, statements).on(aspect)
    };
    let on_delete = match key.on_delete {
        ReferentialAction::Cascade => ReferentialAction::Restrict,
        ReferentialAction::NoAction
        | ReferentialAction::Restrict
        | ReferentialAction::SetNull
        | ReferentialAction::SetDefault => ReferentialAction::Cascade,
    };
    let other = ForeignKey { on_delete, set_columns: Vec::new(), ..key.clone() };
    let change = format!("`{}` with ON DELETE {}", name.as_str(), on_delete.as_str());
    let mut mutants = vec![mutant(other, &change, "on_delete")];
    // A reference that does not carry the tenant leads to the rows of any.
    let target = schema.tables.get(&key.references);
    let rest = key.referenced_columns.get(1..).unwrap_or_default();
    if target.is_some_and(|target| target.keys().any(|own| own.columns == rest)) {
        let other = ForeignKey {
            columns: key.columns[1..].to_vec(),
            referenced_columns: rest.to_vec(),
            set_columns: key
                .set_columns
                .iter()
                .filter(|it| **it != key.columns[0])
                .cloned()
                .collect(),
            ..key.clone()
        };
        mutants.push(mutant(other, &without(name, &key.columns[0]), "narrower"));
    }
    mutants
}

/// A life cycle with a step too many, without one that it needs, and with another birth.
fn machines(table: &QualifiedName, machine: &MachineDesign) -> Vec<Mutant> {
    let column = &machine.column;
    let mutant = |other: &MachineDesign, change: &str, aspect: &str| {
        let function = Command::ReplaceFunction(other.guard(table).function()).to_string();
        let change = format!("A life cycle of `{}` {change}", column.as_str());
        Mutant::new(table, column, &change, vec![function]).on(aspect)
    };
    let mut mutants = Vec::new();
    let steps =
        machine.states.iter().flat_map(|from| machine.states.iter().map(move |to| (from, to)));
    let steps: Vec<_> = steps.filter(|(from, to)| from != to).collect();
    let is_allowed = |(from, to): &&(&String, &String)| machine.followers(from).contains(to);
    if let Some((from, to)) = steps.iter().find(|step| !is_allowed(step)) {
        let mut other = machine.clone();
        match other.transitions.iter_mut().find(|(state, _)| state == *from) {
            Some((_, next)) => next.push((*to).clone()),
            None => other.transitions.push(((*from).clone(), vec![(*to).clone()])),
        }
        mutants.push(mutant(&other, &format!("with a step from `{from}` to `{to}`"), "step_added"));
    }
    if let Some((from, to)) = steps.iter().find(is_allowed) {
        let mut other = machine.clone();
        for (_, next) in other.transitions.iter_mut().filter(|(state, _)| state == *from) {
            next.retain(|state| state != *to);
        }
        mutants.push(mutant(
            &other,
            &format!("without the step from `{from}` to `{to}`"),
            "step_removed",
        ));
    }
    let birth = machine.states.iter().find(|state| Some(*state) != machine.initial.as_ref());
    if let (Some(_), Some(birth)) = (&machine.initial, birth) {
        let other = MachineDesign { initial: Some(birth.clone()), ..machine.clone() };
        mutants.push(mutant(&other, &format!("that begins `{birth}`"), "birth"));
    }
    mutants
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ident;

    #[test]
    fn each_limit_is_moved_and_each_list_shortened() {
        let field = |name: &str| Expr::Column(ident(name));
        let rule = Expr::Or(vec![
            Expr::IsNull(Box::new(field("a"))),
            Expr::And(vec![
                Expr::binary(field("a"), BinaryOperator::GreaterOrEqual, Expr::integer(1)),
                Expr::binary(field("a"), BinaryOperator::Less, field("b")),
                Expr::In(Box::new(field("c")), vec![Expr::text("x"), Expr::text("y")]),
            ]),
        ]);
        let others: Vec<String> = looser(&rule).iter().map(ToString::to_string).collect();
        assert_eq!(
            others,
            [
                "a IS NULL OR a >= 0 AND a < b AND c IN ('x', 'y')",
                "a IS NULL OR a >= 1 AND a <= b AND c IN ('x', 'y')",
                "a IS NULL OR a >= 1 AND a < b AND c IN ('x')",
            ]
        );
        assert!(looser(&Expr::IsNull(Box::new(field("a")))).is_empty());
    }
}
