//! What the documents say must be answered, often or soon, is looked up by an index: a table that grows is
//! not read as a whole. The planner is asked with sequential scans made dear, so that it takes whatever
//! index there is.

use underpin_claim::Family;
use underpin_model::{AccessKind, FieldKind, FilterOperator, Pattern};
use underpin_pg::{
    Command, Expr, Ident, IndexKey, Method, Output, QualifiedName, Select, Statement, TableRef,
};
use underpin_server::SessionError;

use super::{Object, base, in_order, objects};
use crate::foreign::arena::{Arena, Stored};
use crate::foreign::ground::{Kind, position};
use crate::foreign::mapping::{Place, attribute};
use crate::foreign::names::words;
use crate::foreign::report::{Judgement, Report};
use crate::foreign::world::{Want, World};
use crate::query_plan::QueryPlan;

pub(in crate::foreign) fn judge(
    arena: &mut Arena<'_>,
    report: &mut Report,
) -> Result<(), SessionError> {
    let model = arena.sides.model;
    for object in objects(arena) {
        let design = arena.sides.physical.tables.of(&object.ours);
        let Some(entity) = design.and_then(|it| arena.sides.logical.relation(it.relation).entity)
        else {
            continue;
        };
        let is_small = model
            .volumes
            .iter()
            .any(|volume| volume.entity == entity && volume.rows.is_some_and(|rows| rows < SMALL));
        let is_large =
            model.volumes.iter().filter(|volume| volume.entity == entity).any(|volume| {
                let in_a_year = volume.growth_per_month.map_or(0.0, |rows| rows * 12.0);
                volume.rows.unwrap_or_default().max(in_a_year) >= LARGE
            });
        for pattern in model.patterns.iter().filter(|it| it.entity == entity && !is_small) {
            let is_asked = is_large
                || pattern.latency_ms.is_some()
                || pattern.per_second.is_some_and(|it| it >= 1.0);
            // Where our own design sees no need of an index, nobody else needs one.
            let is_promised = arena
                .sides
                .physical
                .queries
                .iter()
                .any(|query| query.name == pattern.name && query.promised_index.is_some());
            let is_read = pattern.kind == AccessKind::Read && pattern.sql.is_none();
            if !is_read || !is_promised {
                continue;
            }
            let columns = equals(arena, &object, pattern);
            if columns.is_empty() || !(is_asked || is_told_apart(arena, &object, pattern)) {
                continue;
            }
            let table = object.table.name.name.as_str();
            let statement = format!("An index of `{table}` serves `{}`.", pattern.name);
            let with_owners = with_owners(&object, &columns);
            let given = Given { all: &with_owners, told: &columns };
            let mut judgement = arena.within(|arena| attack(arena, &object, given))?;
            // Where no document says how soon, any index that holds one of the columns will do.
            if matches!(judgement, Judgement::Broken(_))
                && !is_asked
                && holds_some(arena, &object, &columns)
            {
                judgement = Judgement::Held { refused: 0, accepted: 1 };
            }
            if matches!(judgement, Judgement::Broken(_))
                && says_more(arena, &object, pattern)
                && has_partial(arena, &object, &columns)
            {
                judgement = Judgement::Untried(
                    "an index covers some rows only, and a word of the question is not understood"
                        .to_owned(),
                );
            }
            let is_served = matches!(judgement, Judgement::Held { .. });
            report.add(Family::Serves, &object.table.name, &pattern.name, "", statement, judgement);
            // A few of many, soon: reading all of them to sort them is what the index is for.
            let is_page = is_asked && (pattern.limit.is_some() || is_large);
            let order = in_order::stated(arena, &object, pattern);
            let Some(order) = order.filter(|_| {
                is_served
                    && is_page
                    && pattern.is_whole()
                    && !is_one(&object, &columns)
                    && in_order::is_promised(arena, pattern)
            }) else {
                continue;
            };
            let statement = format!("An index of `{table}` has the order of `{}`.", pattern.name);
            let judgement =
                arena.within(|arena| in_order::attack(arena, &object, pattern, given, &order))?;
            let name = &object.table.name;
            report.add(Family::Serves, name, &pattern.name, "order", statement, judgement);
        }
    }
    Ok(())
}

/// Whether at most one row has given values in some columns.
fn is_one(object: &Object<'_>, columns: &[usize]) -> bool {
    let is_given = |name: &Ident| columns.iter().any(|&at| object.table.columns[at].name == *name);
    object.table.keys().any(|key| key.columns.iter().all(is_given))
}

/// A table of fewer rows is read as a whole in no time.
const SMALL: f64 = 5_000.0;

/// A table of as many rows is not read as a whole for any question that is asked of it.
const LARGE: f64 = 100_000.0;

/// Whether the words of a question name more than its entity, its conditions and their order: "open" in
/// "the open loans of a member" may be what an index is about.
fn says_more(arena: &Arena<'_>, object: &Object<'_>, pattern: &Pattern) -> bool {
    const PLAIN: &[&str] = &[
        "a",
        "all",
        "an",
        "and",
        "any",
        "at",
        "by",
        "each",
        "every",
        "fetch",
        "find",
        "first",
        "for",
        "from",
        "get",
        "given",
        "in",
        "its",
        "last",
        "latest",
        "list",
        "load",
        "look",
        "lookup",
        "looking",
        "listing",
        "most",
        "new",
        "newest",
        "of",
        "old",
        "oldest",
        "on",
        "one",
        "order",
        "ordered",
        "recent",
        "search",
        "show",
        "sort",
        "sorted",
        "the",
        "their",
        "to",
        "up",
        "whose",
        "with",
        "descending",
        "ascending",
        "desc",
        "asc",
        "read",
        "view",
        "row",
        "less",
        "than",
        "within",
        "time",
        "take",
    ];
    let model = arena.sides.model;
    let mut known: Vec<String> = words(&model.entity(pattern.entity).name);
    known.extend(words(object.ours.name.as_str()));
    for field in pattern.conditions().map(|it| it.field) {
        let field = model.field(field);
        known.extend(words(&field.name));
        if let Some(target) = &field.references {
            known.extend(words(&model.entity(target.entity).name));
        }
    }
    words(&pattern.name).iter().any(|word| {
        !known.contains(word)
            && !PLAIN.contains(&word.as_str())
            && !word.chars().all(|c| c.is_ascii_digit())
    })
}

/// Whether an index over some rows begins with one of the columns.
fn has_partial(arena: &Arena<'_>, object: &Object<'_>, columns: &[usize]) -> bool {
    arena.sides.ground.schema.indexes_of(&object.table.name).any(|index| {
        index.predicate.is_some()
            && index.columns.first().is_some_and(|first| match &first.key {
                IndexKey::Column(name) => {
                    columns.iter().any(|&at| object.table.columns[at].name == *name)
                }
                IndexKey::Expression(_) => false,
            })
    })
}

/// Whether what a pattern compares tells rows apart: a reference, or what is neither a flag nor a state.
fn is_told_apart(arena: &Arena<'_>, object: &Object<'_>, pattern: &Pattern) -> bool {
    let model = arena.sides.model;
    let mut compared = (0..object.shape.table.columns.len()).filter(|&at| {
        attribute(arena.sides, &object.ours, at).and_then(|it| it.field).is_some_and(|field| {
            pattern.conditions().any(|filter| {
                filter.operator == FilterOperator::Equals
                    && filter.field == field
                    && (object.refers(at)
                        || matches!(
                            model.field(field).kind,
                            FieldKind::Text { .. } | FieldKind::Uuid | FieldKind::Integer { .. }
                        ))
            })
        })
    });
    compared.next().is_some()
}

/// Whether some index or key of a table holds one of the columns, wherever it stands.
fn holds_some(arena: &Arena<'_>, object: &Object<'_>, columns: &[usize]) -> bool {
    let is_one = |name: &Ident| columns.iter().any(|&at| object.table.columns[at].name == *name);
    let holds = |key: &IndexKey| match key {
        IndexKey::Column(name) => is_one(name),
        IndexKey::Expression(_) => true,
    };
    let mut exclusions = object.table.exclusions.iter().flat_map(|it| &it.elements);
    let mut indexes = arena.sides.ground.schema.indexes_of(&object.table.name);
    object.table.keys().any(|key| key.columns.iter().any(is_one))
        || exclusions.any(|element| holds(&element.key))
        || indexes.any(|index| index.columns.iter().any(|part| holds(&part.key)))
}

/// The columns that a pattern compares with one given value.
fn equals(arena: &Arena<'_>, object: &Object<'_>, pattern: &Pattern) -> Vec<usize> {
    let fields: Vec<_> = pattern
        .conditions()
        .filter(|filter| filter.operator == FilterOperator::Equals)
        .map(|filter| filter.field)
        .collect();
    (0..object.shape.table.columns.len())
        .filter(|&at| {
            attribute(arena.sides, &object.ours, at)
                .and_then(|it| it.field)
                .is_some_and(|field| fields.contains(&field))
        })
        .filter_map(|at| match object.place(at)? {
            Place::Column(column) => Some(column),
            Place::Lower(_) | Place::Upper(_) => None,
        })
        .collect()
}

fn attack(
    arena: &mut Arena<'_>,
    object: &Object<'_>,
    given: Given<'_>,
) -> Result<Judgement, SessionError> {
    // A reference that may be left out is there in a row that is found by it.
    let linked = Want { linked: given.all.iter().copied().collect(), ..Want::default() };
    let table = &object.home.table;
    let row = match arena.within(|arena| arena.make(table, &linked, &mut World::default()))? {
        Ok(row) => Ok(row),
        Err(_) => base(arena, object, &mut World::default())?,
    };
    let row = match row {
        Ok(row) => row,
        Err(reason) => return Ok(Judgement::Untried(reason)),
    };
    let name = |at: usize| &object.table.columns[at].name;
    let known: Vec<usize> = given.all.iter().copied().filter(|&at| row[at].is_some()).collect();
    if known.is_empty() {
        return Ok(Judgement::Untried("the row holds nothing to be found by".to_owned()));
    }
    let is_text = |at: usize| {
        let kind = arena.sides.ground.kind(&object.table.columns[at]);
        matches!(kind, Kind::Text { .. })
    };
    // Where case makes no difference, texts are searched as their key keeps them.
    let spellings: &[Option<&'static str>] = if known.iter().any(|&at| is_text(at)) {
        &[None, Some("lower"), Some("upper")]
    } else {
        &[None]
    };
    let mut nodes = String::new();
    // Of two indexes that both serve, a planner without rows takes either: the question is also asked without the owners.
    let told: Vec<usize> = given.told.iter().copied().filter(|&at| row[at].is_some()).collect();
    let is_less = !told.is_empty() && told != known;
    let questions = std::iter::once(&known).chain(is_less.then_some(&told));
    for (known, &spelling) in questions.flat_map(|it| spellings.iter().map(move |by| (it, by))) {
        let output = vec![Output { value: Expr::column(name(known[0])), name: None }];
        let from = TableRef { table: object.table.name.clone(), alias: None };
        let mut select = Select::new(output, Some(from));
        let same = known.iter().enumerate().map(|(number, &at)| {
            let number = u16::try_from(number + 1).expect("a query has few conditions");
            let (ours, given) = (Expr::column(name(at)), Expr::Parameter(number));
            let kind = arena.sides.ground.kind(&object.table.columns[at]);
            match spelling {
                Some(function) if matches!(kind, Kind::Text { .. }) => Expr::equals(
                    Expr::Call(function, vec![ours]),
                    Expr::Call(function, vec![given]),
                ),
                Some(_) | None => Expr::equals(ours, given),
            }
        });
        select.filter = Some(Expr::And(same.collect()));
        let Some(plan) = plan(arena, select, known, &row)? else {
            return Ok(Judgement::Untried("no plan was printed".to_owned()));
        };
        if plan.searched().iter().any(|index| leads(arena, object, index, given)) {
            return Ok(Judgement::Held { refused: 0, accepted: 1 });
        }
        if nodes.is_empty() {
            nodes = plan.nodes().join(", ");
        }
    }
    Ok(Judgement::Broken(format!(
        "no index begins with {}: the plan is {nodes}",
        known.iter().map(|&at| name(at).as_str()).collect::<Vec<_>>().join(" or "),
    )))
}

/// How the server would answer a query for values of a row.
pub(super) fn plan(
    arena: &mut Arena<'_>,
    select: Select,
    known: &[usize],
    row: &Stored,
) -> Result<Option<QueryPlan>, SessionError> {
    let prepared = Ident::new("underpin_pattern").expect("a fixed name");
    let arguments = known.iter().map(|&at| Expr::text(row[at].clone().unwrap_or_default()));
    let explain = Command::ExplainExecute {
        name: prepared.clone(),
        arguments: arguments.collect(),
        analyze: false,
    };
    arena.session.batch(&Command::SetLocal("enable_seqscan", "off").to_string())?;
    arena.session.batch(
        &Command::Prepare(prepared.clone(), Box::new(Statement::Select(select))).to_string(),
    )?;
    let answer = arena.session.text(&explain.to_string())?;
    arena.session.batch(&Command::Deallocate(prepared).to_string())?;
    let whole_of = |name: &str| arena.session.whole_of(name).to_owned();
    let mut plans = answer.rows.into_iter().flatten().flatten();
    Ok(plans.find_map(|it| QueryPlan::parse(&it)).map(|it| it.told_whole(&whole_of)))
}

/// The columns of which a query gives values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'c> {
    /// Those of its conditions, and the owners that its references carry: who knows a path knows its area.
    pub(super) all: &'c [usize],
    /// Those of its conditions.
    pub(super) told: &'c [usize],
}

/// Some columns, and those that stand beside them in references of several columns.
fn with_owners(object: &Object<'_>, columns: &[usize]) -> Vec<usize> {
    let mut all = columns.to_vec();
    for key in &object.table.foreign_keys {
        let places: Vec<usize> =
            key.columns.iter().filter_map(|it| position(object.table, it)).collect();
        if places.len() > 1 && places.last().is_some_and(|last| columns.contains(last)) {
            all.extend(places.into_iter().filter(|at| !columns.contains(at)));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether an index is searched from its beginning, by a column that the query tells. One that is not ours to judge is taken
/// for it.
pub(super) fn leads(arena: &Arena<'_>, object: &Object<'_>, index: &str, given: Given<'_>) -> bool {
    let is_in = |list: &[usize], name: &Ident| {
        list.iter().any(|&at| object.table.columns[at].name == *name)
    };
    let begins = |names: &mut dyn Iterator<Item = &Ident>| {
        names.take_while(|name| is_in(given.all, name)).any(|name| is_in(given.told, name))
    };
    if let Some(key) = object.table.keys().find(|key| key.name.as_str() == index) {
        return begins(&mut key.columns.iter());
    }
    let Ok(name) = Ident::new(index) else { return true };
    let name = QualifiedName::new(object.table.name.namespace.clone(), name);
    match arena.sides.ground.schema.indexes.get(&name) {
        Some(index) if index.method == Method::Btree => {
            let mut names = index.columns.iter().map_while(|part| match &part.key {
                IndexKey::Column(name) => Some(name),
                IndexKey::Expression(_) => None,
            });
            let first = index.columns.first().map(|first| &first.key);
            matches!(first, Some(IndexKey::Expression(_))) || begins(&mut names)
        }
        _ => true,
    }
}
