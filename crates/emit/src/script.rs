//! The script that makes the schema, with a comment over every part: `schema.sql` and the initial
//! migration are this text under different headings.

use std::fmt::Write as _;

use underpin_logical::UniqueKey;
use underpin_pg::{
    CommentTarget, Ddl, Ident, Index, LineComment, QualifiedName, Script, Section, Trigger,
};

use crate::context::{Context, TableView};
use crate::words;

/// The commented statements, in the order of [`Script::create`].
pub(crate) fn create(context: &Context<'_>) -> String {
    let schema = &context.input.physical.schema;
    let mut out = String::new();
    let mut part = Part::Nothing;
    for statement in &Script::create(schema).statements {
        let next = Part::of(statement, part);
        if next != part {
            if let Some(title) = next.title() {
                write!(out, "\n{}", Section(title)).expect("writing to a String");
            }
            part = next;
        }
        let remark = remark(context, statement);
        if !matches!(statement, Ddl::Comment(..)) {
            out.push('\n');
        }
        writeln!(out, "{remark}{statement};").expect("writing to a String");
    }
    out
}

/// Which part of the script a statement belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Nothing,
    Surroundings,
    Functions,
    Tables,
    ForwardReferences,
    Partitions,
}

impl Part {
    fn of(statement: &Ddl, before: Self) -> Self {
        match statement {
            Ddl::CreateNamespace(_) | Ddl::CreateExtension(_) => Self::Surroundings,
            Ddl::CreateFunction(_) => Self::Functions,
            // Each table brings a heading of its own.
            Ddl::CreateTable { .. } => Self::Tables,
            Ddl::AddForeignKey(..) => Self::ForwardReferences,
            Ddl::Upkeep(_) => Self::Partitions,
            Ddl::CreateIndex(_)
            | Ddl::CreatePartition(..)
            | Ddl::CreateTrigger(_)
            | Ddl::Seed(_)
            | Ddl::Comment(..)
            | Ddl::AddCheck(..)
            | Ddl::AddExclusion(..)
            | Ddl::AddPrimaryKey(..)
            | Ddl::AddUnique(..)
            | Ddl::DropConstraint(..)
            | Ddl::DropTable(_)
            | Ddl::DropFunction(_)
            | Ddl::DropNamespace(_) => before,
        }
    }

    fn title(self) -> Option<&'static str> {
        match self {
            Self::Nothing | Self::Tables => None,
            Self::Surroundings => Some("Extensions and namespaces"),
            Self::Functions => Some("Functions that triggers run"),
            Self::ForwardReferences => {
                Some("References in a circle: added once both tables are there")
            }
            Self::Partitions => Some("Partitions for the rows that come first"),
        }
    }
}

fn remark(context: &Context<'_>, statement: &Ddl) -> String {
    match statement {
        Ddl::CreateTable { table, .. } => {
            context.table(&table.name).map(|view| table_remark(context, &view)).unwrap_or_default()
        }
        Ddl::CreateIndex(index) => index_remark(context, index),
        Ddl::CreateTrigger(trigger) => trigger_remark(context, trigger),
        Ddl::Comment(CommentTarget::Constraint(table, name), _) => {
            rule_remark(context, table, name)
        }
        Ddl::CreateNamespace(_)
        | Ddl::CreateExtension(_)
        | Ddl::AddForeignKey(..)
        | Ddl::CreatePartition(..)
        | Ddl::Upkeep(_)
        | Ddl::AddCheck(..)
        | Ddl::AddExclusion(..)
        | Ddl::AddPrimaryKey(..)
        | Ddl::AddUnique(..)
        | Ddl::DropConstraint(..)
        | Ddl::CreateFunction(_)
        | Ddl::Comment(..)
        | Ddl::Seed(_)
        | Ddl::DropTable(_)
        | Ddl::DropFunction(_)
        | Ddl::DropNamespace(_) => String::new(),
    }
}

fn table_remark(context: &Context<'_>, view: &TableView<'_>) -> String {
    let mut title = format!("{}: {}", view.table.name, view.title());
    if let Some((_, relation)) = view.origin {
        if let Some(description) = &relation.description {
            title = format!("{title}\n{}", words::sentence(description));
        }
        if let Some(source) = relation.source {
            title = format!("{title}\nStated in {}", context.place(source));
        }
    }
    Section(&title).to_string()
}

/// Where the rule is stated whose words the constraint's comment repeats.
fn rule_remark(context: &Context<'_>, table: &QualifiedName, name: &Ident) -> String {
    let source = context.table(table).and_then(|view| {
        let (design, relation) = view.origin?;
        if let Some(check) = design.checks.iter().find(|check| check.constraint == *name) {
            return check.source;
        }
        let mut exclusions = design.exclusions.iter();
        if let Some(exclusion) = exclusions.find(|exclusion| exclusion.constraint == *name) {
            return exclusion.separation.source;
        }
        let key = view.table.uniques.iter().find(|key| key.name == *name)?;
        let stores = |unique: &&UniqueKey| {
            unique.attributes.iter().map(|&it| design.column(it)).eq(key.columns.iter())
        };
        relation.uniques.iter().find(stores)?.source
    });
    source.map_or_else(String::new, |source| {
        LineComment(&format!("Stated in {}:", context.place(source))).to_string()
    })
}

fn index_remark(context: &Context<'_>, index: &Index) -> String {
    let Some(design) = context.index(&index.name) else { return String::new() };
    let reason = words::sentence(&design.reason);
    // What it serves and supports is in its COMMENT, right below.
    if index.comment.as_ref().is_some_and(|comment| comment.contains(reason.trim_end_matches('.')))
    {
        return String::new();
    }
    LineComment(&reason).to_string()
}

fn trigger_remark(context: &Context<'_>, trigger: &Trigger) -> String {
    let Some(machine) = context.table(&trigger.table).and_then(|view| {
        view.origin?.0.machines.iter().find(|machine| machine.trigger == trigger.name)
    }) else {
        return String::new();
    };
    let mut text = format!("Life cycle of {}", machine.column.as_str());
    if let Some(lifecycle) = context.input.model.lifecycles.get(machine.lifecycle.index()) {
        write!(text, ", stated in {}", context.place(lifecycle.source))
            .expect("writing to a String");
    }
    text.push(':');
    if let Some(initial) = &machine.initial {
        write!(text, "\n  begins as {initial}").expect("writing to a String");
    }
    for (from, to) in &machine.transitions {
        write!(text, "\n  {from} -> {}", to.join(", ")).expect("writing to a String");
    }
    LineComment(&text).to_string()
}

/// The heading of a script: what it is, how to apply it, and what made it.
pub(crate) fn heading(context: &Context<'_>, what: &str, path: &str) -> String {
    let what = match &context.input.model.project {
        Some(project) => format!("{what} of {project}"),
        None => what.to_owned(),
    };
    let text = format!(
        "{what}\nGenerated by underpin {}. Every name is qualified, so the script means \
         the same whatever the search_path.\nApply in one transaction:",
        context.input.version
    );
    format!(
        "{}{}",
        LineComment(&text),
        LineComment(&format!("  psql -v ON_ERROR_STOP=1 -1 -f {path}"))
    )
}
