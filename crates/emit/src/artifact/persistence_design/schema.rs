//! Section 1: the tables, column by column and constraint by constraint.

use underpin_base::Span;
use underpin_claim::Family;
use underpin_logical::{Reference, UniqueKey};
use underpin_model::Origin;
use underpin_pg::{Column, Ddl, ForeignKey, Ident, Identity};
use underpin_physical::{MachineDesign, TableDesign};

use super::{mermaid, places, verdict, verdicts, whole};
use crate::context::{Context, Judged, TableView, origin_word};
use crate::markdown::{Document, Inline, Table, code, codes, none, raw, text};
use crate::words;

pub(super) fn write(context: &Context<'_>, out: &mut Document) {
    let tables = context.tables();
    out.title(2, "1. Database Schema");
    out.paragraph(&raw(format!(
        "PostgreSQL 15 or later. {}, {}, {}. The whole is in [`schema.sql`](../schema.sql); a larger picture is in \
         [`erd.svg`](../erd.svg).",
        words::things(tables.len(), "table"),
        words::things(context.input.physical.schema.indexes.len(), "index"),
        words::things(context.input.physical.schema.triggers.len(), "trigger"),
    )));
    let mut about = Table::new(&["About the whole", "Verdict"]);
    for (words, family) in [
        ("`schema.sql` applies to an empty database in one transaction", Family::Applies),
        ("What the server then holds is what was designed", Family::Introspects),
        ("Applying the plan again changes nothing", Family::Idempotent),
    ] {
        about.row([raw(words), whole(context, family)]);
    }
    out.table(&about);
    contexts(context, out);
    out.fence("mermaid", &mermaid::diagram(context));
    for (at, view) in tables.iter().enumerate() {
        table(context, out, at + 1, view);
    }
}

/// Where bounded contexts live and who may use them.
fn contexts(context: &Context<'_>, out: &mut Document) {
    let physical = context.input.physical;
    if physical.contexts.is_empty() {
        return;
    }
    out.paragraph(&raw(
        "Each bounded context has a schema, a role that owns it and a role for its application \
         ([`ops/roles.sql`](../ops/roles.sql)). References within one are foreign keys; across, they are \
         ids that nothing guards.",
    ));
    let mut list =
        Table::new(&["Context", "Schema", "Tables", "Owner", "Application role", "Kept apart"]);
    for design in &physical.contexts {
        let tables = physical.schema.tables.keys().filter(|it| it.namespace == design.namespace);
        let name = match design.context {
            Some(id) => text(&context.input.logical.context(id).name),
            None => raw("none: nobody says whose they are"),
        };
        let judged = context.claim(Family::Isolation, None, Some(design.application.as_str()));
        list.row([
            name,
            code(design.namespace.as_str()),
            codes(tables.map(|it| it.name.as_str())),
            code(design.owner.as_str()),
            code(design.application.as_str()),
            verdict(judged),
        ]);
    }
    out.table(&list);
}

fn table(context: &Context<'_>, out: &mut Document, number: usize, view: &TableView<'_>) {
    out.heading(3, &raw(format!("1.{number} ")).then(&code(&view.table.name.shown())));
    let mut about = Vec::new();
    if let Some((_, relation)) = view.origin {
        if let Some(description) = &relation.description {
            about.push(text(&words::sentence(description)));
        }
        about.push(raw("Stores ").then(&code(&relation.name)).then(&match relation.source {
            Some(source) => raw(", stated in ").then(&text(&context.place(source))).then(&raw(".")),
            None => raw(", which the design added."),
        }));
    } else {
        about.push(raw("The design added this table."));
    }
    out.paragraph(&Inline::join(about, " "));
    columns(context, out, view);
    constraints(context, out, view);
    if let Some((design, _)) = view.origin {
        guards(context, out, view, design);
        for machine in &design.machines {
            life_cycle(context, out, view, machine);
        }
    }
    let statement = Ddl::CreateTable {
        table: view.table.clone(),
        foreign_keys: view.table.foreign_keys.clone(),
    };
    out.fence("sql", &format!("{statement};"));
}

fn columns(context: &Context<'_>, out: &mut Document, view: &TableView<'_>) {
    let marks = |column: &Column| view.attribute(&column.name)?.sensitivity.as_deref();
    let is_marked = view.table.columns.iter().any(|column| marks(column).is_some());
    let mut head = vec!["Column", "Type", "NULL", "Default", "Meaning", "Known from"];
    // Dashes all the way down would read as noes.
    head.extend(is_marked.then_some("Personal data"));
    let mut table = Table::new(&head);
    for column in &view.table.columns {
        let attribute = view.attribute(&column.name);
        let null = if column.not_null {
            match context.claim_of(Family::NotNull, &view.table.name, &column.name) {
                Some(judged) => raw("refused, ").then(&verdict(Some(judged))),
                None => raw("refused"),
            }
        } else {
            raw("allowed")
        };
        let known = match attribute {
            None => raw("added by the design"),
            Some(attribute) => {
                let word = origin_word(&attribute.origin);
                match (&attribute.origin, attribute.source) {
                    (_, Some(source)) => {
                        raw(format!("{word}, ")).then(&text(&context.place(source)))
                    }
                    (Origin::Inferred(reason) | Origin::Assumed(reason), None) => {
                        raw(format!("{word}: ")).then(&text(reason))
                    }
                    (Origin::Stated, None) => raw(word),
                }
            }
        };
        let meaning = attribute.and_then(|it| it.description.as_deref());
        let mut row = vec![
            code(column.name.as_str()),
            code(&column.data_type.short()),
            null,
            default(context, view, column),
            meaning.map_or_else(none, text),
            known,
        ];
        row.extend(is_marked.then(|| marks(column).map_or_else(|| raw("not stated"), text)));
        table.row(row);
    }
    out.table(&table);
}

fn default(context: &Context<'_>, view: &TableView<'_>, column: &Column) -> Inline {
    let families = [Family::Default, Family::Identity, Family::Touch];
    let judged: Vec<Judged<'_>> = families
        .into_iter()
        .filter_map(|family| context.claim_of(family, &view.table.name, &column.name))
        .collect();
    let value = match (&column.identity, &column.generated, &column.default) {
        (Some(Identity::Always), ..) => raw("counted up by the server"),
        (Some(Identity::ByDefault), ..) => raw("counted up by the server unless given"),
        (None, Some(expression), _) => raw("computed: ").then(&code(&expression.to_string())),
        (None, None, Some(expression)) => code(&expression.to_string()),
        (None, None, None) => none(),
    };
    let is_touched = judged.iter().any(|it| it.claim.family == Family::Touch);
    let value = if is_touched { value.then(&raw(", and the time of each change")) } else { value };
    if judged.is_empty() { value } else { value.then(&raw(", ")).then(&verdicts(&judged)) }
}

fn constraints(context: &Context<'_>, out: &mut Document, view: &TableView<'_>) {
    let of = |family: Family, name: &Ident| context.claim_of(family, &view.table.name, name);
    let mut table = Table::new(&["Constraint", "Kind", "What it enforces", "Source", "Verdict"]);
    if let Some(key) = &view.table.primary_key {
        let columns = codes(key.columns.iter().map(Ident::as_str));
        let what = raw("Identifies a row by ").then(&columns).then(&raw("."));
        let source = key.columns.iter().filter_map(|name| view.attribute(name)?.source);
        table.row([
            code(key.name.as_str()),
            raw("PRIMARY KEY"),
            what,
            places(context, source),
            verdict(of(Family::Unique, &key.name)),
        ]);
    }
    for key in &view.table.uniques {
        let columns = codes(key.columns.iter().map(Ident::as_str));
        let what = raw("No two rows share ").then(&columns).then(&raw("."));
        let source = key_source(view, &key.columns.iter().collect::<Vec<_>>());
        table.row([
            code(key.name.as_str()),
            raw("UNIQUE"),
            match &key.comment {
                Some(words) => what.then(&raw(" ")).then(&text(&words::sentence(words))),
                None => what,
            },
            places(context, source),
            verdict(of(Family::Unique, &key.name)),
        ]);
    }
    for index in context.input.physical.schema.indexes_of(&view.table.name) {
        if index.unique {
            let what = context
                .index(&index.name)
                .map_or_else(none, |it| text(&words::sentence(&it.reason)));
            let compared: Option<Vec<&Ident>> =
                index.columns.iter().map(|column| column.key.compared()).collect();
            let source = compared.and_then(|columns| key_source(view, &columns));
            table.row([
                code(index.name.name.as_str()),
                raw("UNIQUE index"),
                what,
                places(context, source),
                verdict(of(Family::Unique, &index.name.name)),
            ]);
        }
    }
    for check in &view.table.checks {
        let design = view
            .origin
            .and_then(|(design, _)| design.checks.iter().find(|it| it.constraint == check.name));
        let expression = code(&check.expression.to_string());
        let what = match &check.comment {
            Some(words) => text(&words::sentence(words)).then(&raw(" ")).then(&expression),
            None => expression,
        };
        // A list of values or a greatest length is stated where its column is.
        let source = design.and_then(|it| {
            let attribute =
                it.attributes.first().map(|id| view.origin?.1.attributes.get(id.index()));
            it.source.or_else(|| attribute??.source)
        });
        table.row([
            code(check.name.as_str()),
            raw("CHECK"),
            what,
            places(context, source),
            verdict(of(Family::Check, &check.name)),
        ]);
    }
    for exclusion in &view.table.exclusions {
        let design = view.origin.and_then(|(design, _)| {
            design.exclusions.iter().find(|it| it.constraint == exclusion.name)
        });
        let compared: Vec<String> = exclusion.elements.iter().map(ToString::to_string).collect();
        let compared = codes(compared.iter().map(String::as_str));
        let mut what = raw("Of any two rows, one of these does not hold: ").then(&compared);
        if let Some(predicate) = &exclusion.predicate {
            what = what.then(&raw("; among those where ")).then(&code(&predicate.to_string()));
        }
        table.row([
            code(exclusion.name.as_str()),
            raw("EXCLUDE"),
            what.then(&raw(".")),
            places(context, design.and_then(|it| it.separation.source)),
            verdict(of(Family::Exclusion, &exclusion.name)),
        ]);
    }
    for key in &view.table.foreign_keys {
        let to = key.references.shown();
        let columns = codes(key.columns.iter().map(Ident::as_str));
        let judged: Vec<Judged<'_>> = [Family::ForeignKey, Family::OnDelete, Family::Supports]
            .into_iter()
            .filter_map(|family| of(family, &key.name))
            .collect();
        table.row([
            code(key.name.as_str()),
            raw("FOREIGN KEY"),
            columns
                .then(&raw(" names a row of "))
                .then(&code(&to))
                .then(&raw(format!("; ON DELETE {}.", key.on_delete.as_str()))),
            places(context, reference(context, view, key).and_then(|it| it.source)),
            verdicts(&judged),
        ]);
    }
    out.table(&table);
}

/// The reference of the logical design that a foreign key enforces.
pub(super) fn reference<'a>(
    context: &Context<'a>,
    view: &TableView<'a>,
    key: &ForeignKey,
) -> Option<&'a Reference> {
    let (design, relation) = view.origin?;
    let target = context.input.physical.tables.of(&key.references)?;
    let matches = |reference: &&Reference| {
        reference.target == target.relation
            // The physical design may add the tenant's column to a reference.
            && reference.attributes.iter().all(|&it| key.columns.contains(design.column(it)))
    };
    relation.references.iter().filter(matches).max_by_key(|it| it.attributes.len())
}

/// What triggers keep that no constraint can see.
fn guards(context: &Context<'_>, out: &mut Document, view: &TableView<'_>, design: &TableDesign) {
    let mut table = Table::new(&["Trigger", "What it keeps", "Source", "Verdict"]);
    for guard in &design.guards {
        let judged = context.claim_of(guard.purpose.family(), &view.table.name, &guard.trigger);
        table.row([
            code(guard.trigger.as_str()),
            judged.map_or_else(none, |it| text(&it.claim.statement)),
            places(context, guard.source),
            verdict(judged),
        ]);
    }
    out.table(&table);
}

fn life_cycle(
    context: &Context<'_>,
    out: &mut Document,
    view: &TableView<'_>,
    machine: &MachineDesign,
) {
    let judged = context.claim_of(Family::Lifecycle, &view.table.name, &machine.column);
    let stated = context.input.model.lifecycles.get(machine.lifecycle.index());
    let mut about = raw("Life cycle of ")
        .then(&code(machine.column.as_str()))
        .then(&raw(", enforced by trigger "))
        .then(&code(machine.trigger.as_str()));
    if let Some(lifecycle) = stated {
        about = about.then(&raw("; stated in ")).then(&text(&context.place(lifecycle.source)));
    }
    about = about.then(&raw("; verdict: ")).then(&verdict(judged)).then(&raw(". "));
    about = about.then(&match &machine.initial {
        Some(initial) => raw("A row begins as ").then(&code(initial)).then(&raw(".")),
        None => raw("No document says how a row begins, so any listed state is accepted."),
    });
    out.paragraph(&about);
    let mut table = Table::new(&["From", "To"]);
    for state in &machine.states {
        let to = machine.transitions.iter().find(|(from, _)| from == state);
        table.row([
            code(state),
            match to {
                Some((_, to)) if !to.is_empty() => codes(to.iter().map(String::as_str)),
                _ => raw("nothing: it is terminal"),
            },
        ]);
    }
    out.table(&table);
}
/// Where the documents state the key of these columns.
fn key_source(view: &TableView<'_>, columns: &[&Ident]) -> Option<Span> {
    let (design, relation) = view.origin?;
    let is_it = |unique: &&UniqueKey| {
        unique.attributes.iter().map(|&it| design.column(it)).eq(columns.iter().copied())
    };
    relation.uniques.iter().find(is_it)?.source
}
