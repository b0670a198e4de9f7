//! What was decided about one thing of the design, by the name that a reader has in hand: a table, a
//! column, a constraint, an index, a trigger or a query.

use underpin_base::Span;
use underpin_claim::Claim;
use underpin_logical::{Decision, LogicalDesign, Relation};
use underpin_model::{Model, nearest_names};
use underpin_pg::{Ddl, Ident, QualifiedName, Table};

use crate::names::snake;
use crate::{PhysicalDesign, TableDesign};

/// What a name in the design stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectKind {
    /// A table.
    Table,
    /// A column.
    Column,
    /// A primary key, UNIQUE, CHECK, exclusion or foreign key constraint.
    Constraint,
    /// An index that no constraint owns.
    Index,
    /// A trigger.
    Trigger,
    /// A query.
    Query,
}

impl SubjectKind {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Column => "column",
            Self::Constraint => "constraint",
            Self::Index => "index",
            Self::Trigger => "trigger",
            Self::Query => "query",
        }
    }
}

/// A thing of the design with everything that was decided about it.
#[derive(Debug, Clone)]
pub struct Explanation<'a> {
    /// What it is.
    pub kind: SubjectKind,
    /// Its name: `orders`, `orders.status`, `orders.orders_total_check`.
    pub name: String,
    /// The SQL that makes it.
    pub sql: Vec<String>,
    /// The names of the constraints, indexes and triggers that hold a column.
    pub held_by: Vec<String>,
    /// Where documents state it.
    pub stated: Vec<Span>,
    /// The decisions about it, in the order in which they were made.
    pub decisions: Vec<&'a Decision>,
    /// What can be false about it.
    pub claims: Vec<&'a Claim>,
}

/// Explains a table (`orders`, or `Order` as the documents name it), a column (`orders.status`), or a
/// constraint, an index, a trigger or a query by its name; what several tables have is explained for each.
///
/// # Errors
/// The names that look most like an unknown one, nearest first.
pub fn explain<'a>(
    model: &'a Model,
    logical: &'a LogicalDesign,
    physical: &'a PhysicalDesign,
    name: &str,
) -> Result<Vec<Explanation<'a>>, Vec<String>> {
    let wanted = key(name);
    let mut known = Vec::new();
    let mut found = Vec::new();
    for design in &physical.tables {
        let view = View::new(model, logical, physical, design);
        let things = view.things();
        let space = key(design.table.namespace.as_str());
        let own = |thing: &&Thing| {
            let mut keys = thing.names.iter().map(|name| key(name));
            keys.any(|own| wanted == own || wanted == format!("{space}.{own}"))
        };
        found.extend(things.iter().filter(own).map(|thing| view.explanation(thing, &things)));
        known.extend(things.into_iter().filter_map(|thing| thing.names.into_iter().next()));
    }
    if found.is_empty() { Err(nearest_names(known, name)) } else { Ok(found) }
}

/// A name in the form in which names are compared, whichever way its words are written.
fn key(name: &str) -> String {
    let name = name.trim().trim_matches(['`', '"']);
    name.split('.').map(|part| snake(part).replace('_', "")).collect::<Vec<_>>().join(".")
}

/// A table with everything that hangs on it.
struct View<'a> {
    model: &'a Model,
    physical: &'a PhysicalDesign,
    decisions: Vec<&'a Decision>,
    design: &'a TableDesign,
    relation: &'a Relation,
    table: &'a Table,
}

/// Something that can be asked about.
struct Thing {
    kind: SubjectKind,
    /// What it can be called; the first is shown.
    names: Vec<String>,
    /// As the catalog calls it; the query's name.
    object: String,
    columns: Vec<Ident>,
    sql: Vec<String>,
    stated: Vec<Span>,
    /// The rules that decide about such a thing by the names of its columns.
    rules: &'static [&'static str],
}

const KEY_RULES: &[&str] = &["L013", "L016", "L014"];
const UNIQUE_RULES: &[&str] = &["L018", "L017"];
const CHECK_RULES: &[&str] = &["L019", "P010"];
const REFERENCE_RULES: &[&str] = &["L015", "L017"];
const TRIGGER_RULES: &[&str] = &["L012", "L020"];

impl<'a> View<'a> {
    fn new(
        model: &'a Model,
        logical: &'a LogicalDesign,
        physical: &'a PhysicalDesign,
        design: &'a TableDesign,
    ) -> Self {
        Self {
            model,
            physical,
            decisions: logical.decisions.iter().chain(&physical.decisions).collect(),
            design,
            relation: logical.relation(design.relation),
            table: &physical.schema.tables[&design.table],
        }
    }

    fn things(&self) -> Vec<Thing> {
        let table = self.table.name.name.as_str();
        let relation = &*self.relation.name;
        let mut things = vec![Thing {
            kind: SubjectKind::Table,
            names: vec![table.to_owned(), relation.to_owned()],
            object: table.to_owned(),
            columns: Vec::new(),
            sql: vec![
                Ddl::CreateTable {
                    table: self.table.clone(),
                    foreign_keys: self.table.foreign_keys.clone(),
                }
                .to_string(),
            ],
            stated: self.relation.source.into_iter().collect(),
            rules: &[],
        }];
        for (column, attribute) in self.table.columns.iter().zip(&self.relation.attributes) {
            let name = column.name.as_str();
            things.push(Thing {
                kind: SubjectKind::Column,
                names: vec![
                    format!("{table}.{name}"),
                    format!("{relation}.{}", attribute.name),
                    format!("{relation}.{name}"),
                ],
                object: name.to_owned(),
                columns: vec![column.name.clone()],
                sql: vec![column.clause()],
                stated: attribute.source.into_iter().collect(),
                rules: &[],
            });
        }
        self.constraints(&mut things);
        for index in self.physical.schema.indexes_of(&self.table.name) {
            let columns = index.columns.iter().filter_map(|column| column.key.compared().cloned());
            let rules = if index.unique { UNIQUE_RULES } else { &[] };
            let sql = Ddl::CreateIndex(index.clone()).to_string();
            things.push(self.object(
                SubjectKind::Index,
                &index.name.name,
                columns.collect(),
                sql,
                rules,
            ));
        }
        for trigger in self.physical.schema.triggers_of(&self.table.name) {
            let columns = self.guarded(&trigger.name);
            let sql = Ddl::CreateTrigger(trigger.clone()).to_string();
            let mut thing =
                self.object(SubjectKind::Trigger, &trigger.name, columns, sql, TRIGGER_RULES);
            if let Some(function) = self.physical.schema.functions.get(&trigger.function) {
                thing.sql.push(Ddl::CreateFunction(function.clone()).to_string());
            }
            things.push(thing);
        }
        for query in self.physical.queries.iter().filter(|it| it.table == self.table.name) {
            things.push(Thing {
                kind: SubjectKind::Query,
                names: vec![query.name.clone()],
                object: query.name.clone(),
                columns: Vec::new(),
                sql: query.statement.iter().map(ToString::to_string).collect(),
                stated: vec![self.model.patterns[query.pattern.index()].source],
                rules: &[],
            });
        }
        things
    }

    fn constraints(&self, things: &mut Vec<Thing>) {
        let table = &self.table.name;
        let mut add = |name: &Ident, columns: &[Ident], ddl: Ddl, rules, stated: Vec<Span>| {
            let sql = ddl.to_string();
            let mut thing =
                self.object(SubjectKind::Constraint, name, columns.to_vec(), sql, rules);
            thing.stated = stated;
            things.push(thing);
        };
        if let Some(key) = &self.table.primary_key {
            let ddl = Ddl::AddPrimaryKey(table.clone(), key.clone());
            add(&key.name, &key.columns, ddl, KEY_RULES, Vec::new());
        }
        for key in &self.table.uniques {
            let ddl = Ddl::AddUnique(table.clone(), key.clone());
            add(&key.name, &key.columns, ddl, UNIQUE_RULES, Vec::new());
        }
        for check in &self.table.checks {
            let design = self.design.checks.iter().find(|it| it.constraint == check.name);
            let attributes = design.map_or(&[][..], |it| &it.attributes);
            let columns: Vec<Ident> =
                attributes.iter().map(|&at| self.design.column(at).clone()).collect();
            let stated = design.and_then(|it| it.source).into_iter().collect();
            let ddl = Ddl::AddCheck(table.clone(), check.clone());
            add(&check.name, &columns, ddl, CHECK_RULES, stated);
        }
        for exclusion in &self.table.exclusions {
            let ddl = Ddl::AddExclusion(table.clone(), exclusion.clone());
            add(&exclusion.name, &[], ddl, &[], Vec::new());
        }
        for key in &self.table.foreign_keys {
            let ddl = Ddl::AddForeignKey(table.clone(), key.clone());
            add(&key.name, &key.columns, ddl, REFERENCE_RULES, Vec::new());
        }
    }

    fn object(
        &self,
        kind: SubjectKind,
        name: &Ident,
        columns: Vec<Ident>,
        sql: String,
        rules: &'static [&'static str],
    ) -> Thing {
        let name = name.as_str();
        let full = format!("{}.{name}", self.table.name.name.as_str());
        Thing {
            kind,
            names: vec![full, name.to_owned()],
            object: name.to_owned(),
            columns,
            sql: vec![sql],
            stated: Vec::new(),
            rules,
        }
    }

    /// The columns that a trigger is there for.
    fn guarded(&self, trigger: &Ident) -> Vec<Ident> {
        let machine = self.design.machines.iter().find(|it| it.trigger == *trigger);
        let touched = || {
            let own = self.relation.attributes().filter(|(_, attribute)| attribute.touched);
            own.map(|(id, _)| self.design.column(id).clone()).collect()
        };
        machine.map_or_else(touched, |machine| vec![machine.column.clone()])
    }

    fn explanation(&self, thing: &Thing, all: &[Thing]) -> Explanation<'a> {
        let table = self.table.name.name.as_str();
        let claims = self.physical.claims.iter().filter(|claim| {
            let object = claim.subject.object.as_deref();
            claim.subject.table.as_deref() == Some(table)
                && (thing.kind == SubjectKind::Table || object == Some(&*thing.object))
        });
        let decisions = self.decisions.iter().copied();
        Explanation {
            kind: thing.kind,
            name: thing.names[0].clone(),
            sql: thing.sql.clone(),
            held_by: match thing.kind {
                SubjectKind::Column => {
                    let hold = |it: &&Thing| {
                        it.kind > SubjectKind::Column && it.columns.contains(&thing.columns[0])
                    };
                    all.iter().filter(hold).map(|it| it.object.clone()).collect()
                }
                SubjectKind::Table
                | SubjectKind::Constraint
                | SubjectKind::Index
                | SubjectKind::Trigger
                | SubjectKind::Query => Vec::new(),
            },
            stated: thing.stated.clone(),
            decisions: decisions.filter(|it| self.decides(it, thing)).collect(),
            claims: claims.collect(),
        }
    }

    fn decides(&self, decision: &Decision, thing: &Thing) -> bool {
        let subjects = || std::iter::once(&decision.subject).chain(&decision.covers);
        if subjects().any(|subject| *subject == thing.object) {
            return thing.kind != SubjectKind::Column;
        }
        match thing.kind {
            SubjectKind::Table => subjects().any(|subject| {
                self.about(subject).is_some() || self.objects().any(|name| name == *subject)
            }),
            SubjectKind::Column => {
                let column = &thing.columns[0];
                subjects().any(|subject| match self.about(subject) {
                    Some(About::Row) => {
                        KEY_RULES.contains(&decision.rule)
                            && self.table.primary_key.iter().any(|key| key.columns.contains(column))
                    }
                    Some(About::Columns(list)) => list.contains(column),
                    Some(About::Rule(text)) => text
                        .split(|c: char| !c.is_alphanumeric() && c != '_')
                        .any(|word| snake(word) == column.as_str()),
                    None => self.object_columns(subject).contains(column),
                })
            }
            SubjectKind::Constraint | SubjectKind::Index | SubjectKind::Trigger => {
                thing.rules.contains(&decision.rule)
                    && subjects().any(|subject| match self.about(subject) {
                        Some(About::Row) => KEY_RULES.contains(&decision.rule),
                        Some(About::Columns(list)) if decision.rule == "L018" => {
                            list == thing.columns
                        }
                        // The tenant that a reference carries is another reference's.
                        Some(About::Columns(list)) if decision.rule == "L015" => {
                            list.last() == thing.columns.last()
                        }
                        Some(About::Columns(list)) => {
                            list.iter().all(|column| thing.columns.contains(column))
                        }
                        Some(About::Rule(_)) | None => false,
                    })
            }
            SubjectKind::Query => {
                let serving =
                    self.physical.indexes.iter().filter(|it| it.serves.contains(&thing.object));
                serving.map(|it| it.index.name.as_str()).any(|name| name == decision.subject)
            }
        }
    }

    /// What a decision's subject says of this table; `None` where it is about something else.
    fn about<'s>(&self, subject: &'s str) -> Option<About<'s>> {
        let rest = subject.strip_prefix(&*self.relation.name)?;
        if rest.is_empty() {
            return Some(About::Row);
        }
        if let Some(text) = rest.strip_prefix(": ") {
            return Some(About::Rule(text));
        }
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        let list = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        if list.is_none() && !subject[self.relation.name.len()..].starts_with('.') {
            return None;
        }
        let names = list.unwrap_or(rest).split(", ");
        let columns = names.filter_map(|name| {
            let id = self.relation.attribute_named(name)?;
            Some(self.design.column(id).clone())
        });
        Some(About::Columns(columns.collect()))
    }

    /// The names of everything that hangs on the table and is decided about by name.
    fn objects(&self) -> impl Iterator<Item = &str> {
        let exclusions = self.table.exclusions.iter().map(|it| it.name.as_str());
        let keys = self.table.foreign_keys.iter().map(|it| it.name.as_str());
        let indexes = self.physical.schema.indexes_of(&self.table.name);
        let queries = self.physical.queries.iter().filter(|it| it.table == self.table.name);
        exclusions
            .chain(keys)
            .chain(indexes.map(|it| it.name.name.as_str()))
            .chain(queries.map(|it| &*it.name))
    }

    /// The columns of a foreign key, an index or an exclusion constraint of this table.
    fn object_columns(&self, name: &str) -> Vec<Ident> {
        if let Some(key) = self.table.foreign_keys.iter().find(|it| it.name.as_str() == name) {
            return key.columns.clone();
        }
        if let Some(exclusion) =
            self.design.exclusions.iter().find(|it| it.constraint.as_str() == name)
        {
            let kept = &exclusion.separation;
            let all = [kept.from, kept.to].into_iter().chain(kept.same.iter().copied());
            return all.map(|id| self.design.column(id).clone()).collect();
        }
        let Ok(object) = Ident::new(name) else { return Vec::new() };
        let index = QualifiedName::new(self.table.name.namespace.clone(), object);
        let index = self.physical.schema.indexes.get(&index);
        let index = index.filter(|it| it.table == self.table.name);
        index
            .into_iter()
            .flat_map(|it| &it.columns)
            .filter_map(|column| column.key.compared().cloned())
            .collect()
    }
}

/// What a decision's subject says of a table.
enum About<'s> {
    /// The table as a whole.
    Row,
    /// These columns.
    Columns(Vec<Ident>),
    /// A rule in a document's words.
    Rule(&'s str),
}
