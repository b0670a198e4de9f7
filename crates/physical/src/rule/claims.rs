//! P090: what can be false about the design, as claims that probes try to refute.

mod partitions;

use std::collections::BTreeMap;

use underpin_claim::{Claim, Family, Subject, Value};
use underpin_logical::{LogicalDesign, deletion_mark};
use underpin_model::{AccessKind, Model};
use underpin_pg::{Expr, ForeignKey, Ident, Identity, QualifiedName, ReferentialAction, Statement};

use super::{holds, limits, owner_bounds, owner_states};
use crate::{GuardDesign, GuardPurpose, IndexDesign, PhysicalDesign, Query, TableDesign};

pub(crate) fn apply(_model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let mut claims = whole();
    for table in &design.tables {
        constraints(design, table, &mut claims);
        for machine in &table.machines {
            let allowed: usize = machine.transitions.iter().map(|(_, to)| to.len()).sum();
            let birth = machine.initial.as_ref().map_or_else(String::new, |initial| {
                format!("A row of `{}` is born `{initial}`, and then ", table.table.name.as_str())
            });
            let then = if birth.is_empty() {
                format!("`{}.{}`", table.table.name.as_str(), machine.column.as_str())
            } else {
                format!("`{}`", machine.column.as_str())
            };
            claims.push(
                Claim::new(
                    Family::Lifecycle,
                    of(table, &machine.column),
                    format!(
                        "{birth}{then} takes only the {allowed} allowed of the {} possible \
                         transitions.",
                        machine.states.len() * machine.states.len().saturating_sub(1)
                    ),
                )
                .demand("sqlstate", "23514")
                .demand("constraint", machine.transition_rule.as_str()),
            );
        }
        claims.push(life(logical, table));
        for (id, _) in logical.relation(table.relation).attributes().filter(|(_, it)| it.touched) {
            let column = table.column(id);
            let statement = format!(
                "A change of a row of `{}` sets `{}` to the time of the change, whatever the change says.",
                table.table.name.as_str(),
                column.as_str()
            );
            claims.push(Claim::new(Family::Touch, of(table, column), statement));
        }
    }
    for table in &design.tables {
        claims.extend(table.guards.iter().map(|guard| guarded(design, table, guard)));
    }
    for table in &design.tables {
        claims.extend(partitions::of(design, table));
    }
    for table in &design.tables {
        claims.extend(table.shares.iter().map(|share| share.claim(table, None)));
    }
    boundaries(logical, design, &mut claims);
    queries(design, &mut claims);
    deletions(design, &mut claims);
    design.claims = claims;
}

fn whole() -> Vec<Claim> {
    vec![
        Claim::new(
            Family::Applies,
            Subject::whole(),
            "`schema.sql` applies to an empty database in one transaction.",
        ),
        Claim::new(
            Family::Introspects,
            Subject::whole(),
            "What the server's catalog holds afterwards is what was designed, object by object.",
        ),
        Claim::new(
            Family::Idempotent,
            Subject::whole(),
            "Applying the plan a second time executes no statement.",
        )
        .demand("statements", 0_i64),
        Claim::new(
            Family::Reversible,
            Subject::whole(),
            "The initial migration can be taken back without a trace, and applied again with the \
             same result.",
        ),
    ]
}

fn of(table: &TableDesign, object: &Ident) -> Subject {
    Subject::of(table.table.name.as_str(), object.as_str())
}

fn listed(columns: &[Ident]) -> String {
    columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ")
}

fn constraints(design: &PhysicalDesign, table: &TableDesign, claims: &mut Vec<Claim>) {
    let stored = &design.schema.tables[&table.table];
    let name = table.table.name.as_str();
    for column in &stored.columns {
        if column.not_null && column.identity != Some(Identity::Always) {
            let statement = format!("`{name}.{}` refuses NULL.", column.name.as_str());
            claims.push(
                Claim::new(Family::NotNull, of(table, &column.name), statement)
                    .demand("sqlstate", "23502"),
            );
        }
        if let Some(default) = &column.default {
            let statement = format!(
                "A row of `{name}` that says nothing of `{}` gets `{default}`.",
                column.name.as_str()
            );
            claims.push(Claim::new(Family::Default, of(table, &column.name), statement));
        }
        if let Some(identity) = column.identity {
            let outside = match identity {
                Identity::Always => {
                    ", and takes one from outside only with OVERRIDING SYSTEM VALUE"
                }
                Identity::ByDefault => "",
            };
            let statement =
                format!("The server counts `{name}.{}` up{outside}.", column.name.as_str());
            claims.push(Claim::new(Family::Identity, of(table, &column.name), statement));
        }
    }
    if let (false, Some(key)) = (stored.seeds.is_empty(), stored.columns.first()) {
        let values: Vec<String> =
            stored.seeds.iter().filter_map(|row| row.first()).map(ToString::to_string).collect();
        let statement =
            format!("`{name}.{}` holds {} from the start.", key.name.as_str(), values.join(", "));
        let subject = Subject { table: Some(name.to_owned()), object: None };
        let count = i64::try_from(values.len()).unwrap_or(i64::MAX);
        claims.push(Claim::new(Family::Seeds, subject, statement).demand("rows", count));
    }
    for key in stored.keys() {
        let exchanged =
            if key.deferrable { ", and two exchange their values in one transaction" } else { "" };
        let statement =
            format!("No two rows of `{name}` share ({}){exchanged}.", listed(&key.columns));
        claims.push(
            Claim::new(Family::Unique, of(table, &key.name), statement)
                .demand("sqlstate", "23505")
                .demand("constraint", key.name.as_str()),
        );
    }
    for index in design.schema.indexes_of(&table.table).filter(|index| index.unique) {
        let columns: Vec<Ident> =
            index.columns.iter().filter_map(|column| column.key.compared().cloned()).collect();
        let among = index
            .predicate
            .as_ref()
            .map_or_else(String::new, |predicate| format!(" among those where {predicate}"));
        let folds = index.columns.iter().any(|column| column.key.plain().is_none());
        let ignoring = if folds { ", whatever its case" } else { "" };
        let statement =
            format!("No two rows of `{name}`{among} share ({}){ignoring}.", listed(&columns));
        claims.push(
            Claim::new(Family::Unique, of(table, &index.name.name), statement)
                .demand("sqlstate", "23505")
                .demand("constraint", index.name.name.as_str()),
        );
    }
    for check in &stored.checks {
        let statement = format!("Every row of `{name}` keeps `{}`.", check.expression);
        claims.push(
            Claim::new(Family::Check, of(table, &check.name), statement)
                .demand("sqlstate", "23514")
                .demand("constraint", check.name.as_str()),
        );
    }
    for exclusion in &stored.exclusions {
        let Some(design) = table.exclusions.iter().find(|it| it.constraint == exclusion.name)
        else {
            continue;
        };
        let among = exclusion
            .predicate
            .as_ref()
            .map_or_else(String::new, |predicate| format!(" where {predicate}"));
        let separation = &design.separation;
        let same: Vec<Ident> =
            separation.same.iter().map(|&column| table.column(column).clone()).collect();
        let share = if same.is_empty() {
            String::new()
        } else {
            format!(" with the same {}", listed(&same))
        };
        let statement = format!(
            "Of the rows of `{name}`{among}, no two{share} overlap between {} and {}.",
            table.column(separation.from).as_str(),
            table.column(separation.to).as_str()
        );
        claims.push(
            Claim::new(Family::Exclusion, of(table, &exclusion.name), statement)
                .demand("sqlstate", "23P01")
                .demand("constraint", exclusion.name.as_str()),
        );
    }
    for key in &stored.foreign_keys {
        foreign_key(table, key, claims);
    }
}

fn foreign_key(table: &TableDesign, key: &ForeignKey, claims: &mut Vec<Claim>) {
    let name = table.table.name.as_str();
    let parent = key.references.name.as_str();
    claims.push(
        Claim::new(
            Family::ForeignKey,
            of(table, &key.name),
            format!(
                "`{name}` ({}) refers only to rows of `{parent}` that are there.",
                listed(&key.columns)
            ),
        )
        .demand("sqlstate", "23503")
        .demand("constraint", key.name.as_str()),
    );
    let (action, statement) = match key.on_delete {
        ReferentialAction::Cascade => {
            ("cascade", format!("Deleting a row of `{parent}` deletes its rows of `{name}`."))
        }
        ReferentialAction::SetNull => (
            "set null",
            format!("Deleting a row of `{parent}` clears the reference in its rows of `{name}`."),
        ),
        ReferentialAction::SetDefault => (
            "set default",
            format!("Deleting a row of `{parent}` resets the reference in its rows of `{name}`."),
        ),
        ReferentialAction::Restrict | ReferentialAction::NoAction => (
            "restrict",
            format!("A row of `{parent}` to which a row of `{name}` refers cannot be deleted."),
        ),
    };
    claims.push(
        Claim::new(Family::OnDelete, of(table, &key.name), statement).demand("action", action),
    );
}

/// That the rules do not contradict each other: a row can be born, and whatever a life cycle allows.
fn life(logical: &LogicalDesign, table: &TableDesign) -> Claim {
    let name = table.table.name.as_str();
    let ways = if table.machines.is_empty() { "" } else { ", taken along each of its legal ways" };
    let mark = deletion_mark(logical.relation(table.relation)).map(|id| table.column(id));
    let marked = mark.map_or_else(String::new, |it| format!(", marked in `{}`", it.as_str()));
    let end = if stays(table) { "it stays" } else { "deleted" };
    let subject = Subject { table: Some(name.to_owned()), object: None };
    let statement = format!("A row of `{name}` can be added{ways}{marked}, and {end}.");
    let claim = Claim::new(Family::Life, subject, statement).demand("end", end);
    match mark {
        Some(mark) => claim.demand("mark", mark.as_str()),
        None => claim,
    }
}

/// Whether no row is ever deleted, or none in some of the states that its life leads through.
fn stays(table: &TableDesign) -> bool {
    table.guards.iter().any(|guard| match &guard.purpose {
        GuardPurpose::Unchanged { is_kept, .. } => *is_kept,
        GuardPurpose::Truncation { .. }
        | GuardPurpose::Version { .. }
        | GuardPurpose::Acyclic { .. }
        | GuardPurpose::Limit { .. }
        | GuardPurpose::OwnerState { .. }
        | GuardPurpose::OwnerBound { .. }
        | GuardPurpose::Hold { .. } => false,
    })
}

fn guarded(design: &PhysicalDesign, table: &TableDesign, guard: &GuardDesign) -> Claim {
    let name = table.table.name.as_str();
    match &guard.purpose {
        GuardPurpose::Unchanged { columns, is_whole, states, is_kept, with_step } => {
            let what = if *is_whole {
                format!("a row of `{name}`")
            } else {
                format!("{} of a row of `{name}`", listed(columns))
            };
            let when = states.as_ref().map_or_else(String::new, |(column, states)| {
                format!(" while its `{}` is {}", column.as_str(), states.join(" or "))
            });
            let statement = match (columns.is_empty(), is_kept) {
                (true, _) => format!("No DELETE takes {what}{when}."),
                (false, true) => {
                    format!("No UPDATE changes {what}{when}, and no DELETE takes it.")
                }
                (false, false) => format!("No UPDATE changes {what}{when}."),
            };
            let statement = if with_step.is_empty() {
                statement
            } else {
                format!(
                    "{} {} is written with a step to another state.",
                    statement,
                    listed(with_step)
                )
            };
            Claim::new(guard.purpose.family(), of(table, &guard.trigger), statement)
                .demand("sqlstate", "23514")
                .demand("constraint", guard.trigger.as_str())
        }
        GuardPurpose::Truncation { states } => {
            let when = states.iter().map(|(column, states)| {
                format!("its `{}` is {}", column.as_str(), states.join(" or "))
            });
            let when: Vec<String> = when.collect();
            let statement = if when.is_empty() {
                format!("No TRUNCATE empties `{name}`.")
            } else {
                format!(
                    "No TRUNCATE empties `{name}` while it has a row that stays: {}.",
                    when.join(", or ")
                )
            };
            Claim::new(guard.purpose.family(), of(table, &guard.trigger), statement)
                .demand("sqlstate", "23514")
                .demand("constraint", guard.trigger.as_str())
        }
        GuardPurpose::Acyclic { parent, .. } => {
            let statement = format!(
                "No row of `{name}` stands above itself by `{}`, at whatever distance.",
                parent.as_str()
            );
            Claim::new(guard.purpose.family(), of(table, &guard.trigger), statement)
                .demand("sqlstate", "23514")
                .demand("constraint", guard.trigger.as_str())
        }
        GuardPurpose::Limit { rows, limit } => {
            let of = design.tables.of(rows);
            let limited = of.map(|it| (it, &it.limits[*limit]));
            let what =
                limited.map_or_else(String::new, |(rows, it)| limits::said(design, rows, it));
            let statement = if *rows == table.table {
                format!("{what}, also where two sessions write at once.")
            } else {
                format!("A row of `{name}` takes no bound that its rows are beyond: {what}.")
            };
            Claim::new(guard.purpose.family(), Subject::of(name, guard.trigger.as_str()), statement)
                .demand("sqlstate", "23514")
                .demand("constraint", guard.trigger.as_str())
        }
        GuardPurpose::OwnerState { owner_state } => {
            let statement = owner_states::said(design, table, &table.owner_states[*owner_state]);
            Claim::new(guard.purpose.family(), of(table, &guard.trigger), statement)
                .demand("sqlstate", "23514")
                .demand("constraint", guard.trigger.as_str())
        }
        GuardPurpose::OwnerBound { rows, owner_bound } => {
            let of_rows = design.tables.of(rows);
            let what = of_rows.map_or_else(String::new, |rows| {
                owner_bounds::said(design, rows, &rows.owner_bounds[*owner_bound])
            });
            let statement = if *rows == table.table {
                format!("{what}, also where two sessions write at once.")
            } else {
                format!("A row of `{name}` takes no value that its rows are beyond: {what}.")
            };
            Claim::new(guard.purpose.family(), Subject::of(name, guard.trigger.as_str()), statement)
                .demand("sqlstate", "23514")
                .demand("constraint", guard.trigger.as_str())
        }
        GuardPurpose::Hold { owner, hold } => {
            let of_owner = design.tables.of(owner);
            let one = of_owner.map(|it| (it, &it.holds[*hold]));
            let is_owner = one.is_some_and(|(_, it)| it.owner_trigger == guard.trigger);
            let is_it = |it: &&crate::HoldDesign| {
                guard.trigger == *if is_owner { &it.owner_trigger } else { &it.trigger }
            };
            let all = of_owner.iter().flat_map(|owner| owner.holds.iter().filter(is_it));
            let said = all.filter_map(|it| Some(holds::said(design, of_owner?, it)));
            let what = said.collect::<Vec<_>>().join(". ");
            let statement = if is_owner {
                format!("{what}.")
            } else {
                format!("No two sessions get past this together. {what}.")
            };
            Claim::new(guard.purpose.family(), of(table, &guard.trigger), statement)
                .demand("sqlstate", "23514")
                .demand("constraint", guard.trigger.as_str())
        }
        GuardPurpose::Version { column } => {
            let statement = format!(
                "Each change of a row of `{name}` raises `{}` by one, so that none goes by what was not read.",
                column.as_str()
            );
            Claim::new(guard.purpose.family(), of(table, &guard.trigger), statement)
                .demand("sqlstate", "40001")
                .demand("constraint", guard.trigger.as_str())
        }
    }
}

fn boundaries(logical: &LogicalDesign, design: &PhysicalDesign, claims: &mut Vec<Claim>) {
    if design.contexts.is_empty() {
        return;
    }
    claims.push(Claim::new(
        Family::Access,
        Subject::whole(),
        "`ops/roles.sql` leaves the owners and grants that were designed, and a second run of it \
         changes nothing.",
    ));
    for context in &design.contexts {
        let role = context.application.as_str();
        let subject = Subject { table: None, object: Some(role.to_owned()) };
        let statement = format!(
            "`{role}` reads and adds rows in the tables of `{}`, and is refused every table of other \
             contexts.",
            context.namespace.as_str()
        );
        claims.push(Claim::new(Family::Isolation, subject, statement).demand("sqlstate", "42501"));
    }
    for table in &design.tables {
        for crossing in &logical.relation(table.relation).crossings {
            let there = &design.tables[crossing.target.index()].table;
            for &attribute in &crossing.attributes {
                let column = table.column(attribute);
                let statement = format!(
                    "`{}.{}` takes an id that no row of `{}` has: no foreign key crosses into \
                     `{}`.",
                    table.table.name.as_str(),
                    column.as_str(),
                    there.name.as_str(),
                    there.namespace.as_str()
                );
                claims.push(Claim::new(Family::Crossing, of(table, column), statement));
            }
        }
    }
}

fn queries(design: &PhysicalDesign, claims: &mut Vec<Claim>) {
    for query in design.queries.iter().filter(|query| query.statement.is_some()) {
        let subject = || Subject::of(query.table.name.as_str(), query.name.clone());
        claims.push(Claim::new(
            Family::Prepares,
            subject(),
            format!("The statement of `{}` prepares against the schema.", query.name),
        ));
        if let Some(column) = state_changed(design, query) {
            let statement = format!(
                "`{}` takes a row through each step of the life cycle in `{}`.",
                query.name,
                column.as_str()
            );
            let claim = Claim::new(Family::StateChange, subject(), statement);
            claims.push(claim.demand("column", column.as_str()));
        }
        if let Some(index) = &query.promised_index {
            let alike: Vec<Value> =
                query.equivalent_indexes.iter().map(|index| index.name.as_str().into()).collect();
            let or = if alike.is_empty() { "" } else { ", or one that begins alike" };
            let statement =
                format!("The plan of `{}` uses `{}`{or}.", query.name, index.name.as_str());
            let claim = Claim::new(Family::Serves, subject(), statement)
                .demand("index", index.name.as_str());
            claims.push(if alike.is_empty() {
                claim
            } else {
                claim.demand("or", Value::List(alike))
            });
        }
        claims.extend(partitions::pruned(design, query));
        if let Some(objective) = query.latency_ms {
            let verb = match query.kind {
                AccessKind::Read => "answers",
                AccessKind::Write => "writes",
            };
            claims.push(
                Claim::new(
                    Family::Latency,
                    subject(),
                    format!(
                        "`{}` {verb} within {objective} ms (p95) on the generated data.",
                        query.name
                    ),
                )
                .demand("latency_ms", objective),
            );
        }
    }
}

/// The column of a life cycle that a statement gives the state of its caller.
fn state_changed<'d>(design: &'d PhysicalDesign, query: &Query) -> Option<&'d Ident> {
    let Some(Statement::Update(update)) = &query.statement else { return None };
    let table = design.tables.of(&update.table)?;
    let is_set = |column: &Ident| {
        update.set.iter().any(|(it, value)| it == column && matches!(value, Expr::Parameter(_)))
    };
    table.machines.iter().map(|machine| &machine.column).find(|column| is_set(column))
}

/// What a deletion searches by an index that was built for it, or for a query and serves it as well.
fn deletions(design: &PhysicalDesign, claims: &mut Vec<Claim>) {
    let mut indexes: BTreeMap<&QualifiedName, Vec<&IndexDesign>> = BTreeMap::new();
    for entry in &design.indexes {
        if let Some(index) = design.schema.indexes.get(&entry.index) {
            indexes.entry(&index.table).or_default().push(entry);
        }
    }
    for table in &design.tables {
        let own = indexes.get(&table.table).map_or(&[][..], Vec::as_slice);
        let stored = &design.schema.tables[&table.table];
        for key in &stored.foreign_keys {
            let built = own.iter().find(|entry| entry.supports.contains(&key.name));
            let Some(built) = built else { continue };
            let index = built.index.name.as_str();
            let statement = format!(
                "Deleting a row of `{}` finds the rows of `{}` that refer to it by `{index}`.",
                key.references.name.as_str(),
                table.table.name.as_str()
            );
            let claim = Claim::new(Family::Supports, of(table, &key.name), statement);
            claims.push(claim.demand("index", index));
        }
    }
}
