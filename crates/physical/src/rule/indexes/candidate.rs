//! The index that one pattern asks for, and when another index answers as well.

use underpin_logical::{Attribute, AttributeId, LogicalDesign, Relation, RelationId, RelationKind};
use underpin_model::{Bound, FieldKind, FilterOperator, Model, Pattern, Pick};
use underpin_pg::{Expr, Ident, Literal, Method, PartitionInterval, QualifiedName, Type};

use super::alike::{rows_alike, rows_in_one};
use super::{covering, long_text};
use crate::rule::queries::{mark_of_deletion, not_deleted, text_vector};
use crate::{PhysicalDesign, TableDesign};

/// More rows than this in one tenant make a search inside the tenant worth an index of its own: below,
/// reading the tenant's rows through a b-tree costs less than keeping a GIN index up to date.
const ROWS_WORTH_SEARCHING: f64 = 20_000.0;

/// Up to so many rows are sorted in less time than a second index costs on each write; then what is
/// compared for equality is all that an index must offer.
const ROWS_SORTED_AT_ONCE: f64 = 200.0;

/// What answers a pattern.
#[derive(Debug, Clone)]
pub(super) enum Served {
    /// The index of a key, or a unique index.
    Key(QualifiedName),
    /// The candidate of this position.
    Candidate(usize),
}

/// An index that a pattern asks for.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) table: QualifiedName,
    pub(super) method: Method,
    /// Columns compared for equality, then the order, then ranges.
    pub(super) columns: Vec<CandidateColumn>,
    /// What it holds besides, so that what is computed is computed from the index alone.
    pub(super) include: Vec<Ident>,
    /// How many of them are compared for equality; these may come in any order.
    pub(super) equal: usize,
    /// How many columns after those give the order; what follows is a range.
    pub(super) sorted: usize,
    /// All columns that the pattern compares for equality with a parameter.
    pub(super) compared: Vec<Ident>,
    /// All columns that the pattern has a condition on with a parameter.
    pub(super) filtered: Vec<Ident>,
    /// How many columns, equality and order, must match for another index to answer as well.
    pub(super) needed: usize,
    /// Whether so few rows are alike in what is compared for equality that the rest matters little.
    pub(super) is_few: bool,
    /// Conditions that the pattern always has.
    pub(super) constant: Vec<Expr>,
    /// A condition that the statement has besides and that is in no index built for it, since the index also serves those
    /// who look for the other rows: that the row is not deleted.
    pub(super) alive: Option<Expr>,
    /// Calls in a second: of two indexes that answer each other's patterns, the busier one's stays.
    pub(super) rate: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct CandidateColumn {
    pub(super) name: Ident,
    pub(super) expression: Option<Expr>,
    pub(super) operator_class: Option<Ident>,
    pub(super) descending: bool,
}

impl Candidate {
    /// The rows that the index covers.
    pub(super) fn predicate(&self) -> Option<Expr> {
        match self.constant.len() {
            0 => None,
            1 => self.constant.first().cloned(),
            _ => Some(Expr::And(self.constant.clone())),
        }
    }

    /// Whether the pattern always has this condition.
    fn always(&self, condition: &Expr) -> bool {
        self.constant.contains(condition) || self.alive.as_ref() == Some(condition)
    }

    /// Whether it compares letter by letter, which no index in the order of the collation does.
    fn is_by_letters(&self) -> bool {
        self.columns.iter().any(|column| column.operator_class.is_some())
    }

    /// Why it has this form.
    pub(super) fn reason(&self) -> String {
        let names = |from: usize, to: usize| -> String {
            let names: Vec<&str> =
                self.columns[from..to].iter().map(|column| column.name.as_str()).collect();
            names.join(", ")
        };
        let ordered = self.equal + self.sorted;
        let mut reason = match self.method {
            Method::Gin => format!("Finds rows by what {} contains", names(0, self.columns.len())),
            Method::Btree | Method::Hash | Method::Gist | Method::Brin => {
                let mut parts = Vec::new();
                if self.equal > 0 {
                    parts.push(format!("by {}", names(0, self.equal)));
                }
                if self.sorted > 0 {
                    parts.push(format!("in the order of {}", names(self.equal, ordered)));
                }
                if self.columns.len() > ordered {
                    parts.push(format!("in a range of {}", names(ordered, self.columns.len())));
                }
                format!("Finds rows {}", parts.join(", "))
            }
        };
        reason.push('.');
        if !self.include.is_empty() {
            let names: Vec<&str> = self.include.iter().map(Ident::as_str).collect();
            reason.push_str(" Holds ");
            reason.push_str(&names.join(", "));
            reason.push_str(
                " besides: what is computed of many rows is read from the index alone, and not row by row from the table.",
            );
        }
        if self.method == Method::Brin {
            reason.push_str(
                " Rows lie on disk in the order in which they come, so that the least and the greatest moment of each 128 \
                 pages tell where a stretch of time lies; a b-tree would take some 22 bytes for each row.",
            );
        }
        if !self.constant.is_empty() {
            reason.push_str(" Covers only the rows that these queries ask for.");
        }
        reason
    }
}

/// Why no index is for what was not done since a moment.
const NEVER_DONE: &str =
    "it also asks for the rows in which it was never done, which may be most of them";

/// Whether an attribute has a value of a list that people maintain.
fn is_of_a_list(logical: &LogicalDesign, relation: &Relation, id: AttributeId) -> bool {
    relation.references.iter().any(|reference| {
        reference.attributes.contains(&id)
            && logical.relation(reference.target).kind == RelationKind::Lookup
    })
}

/// The index that a pattern asks for on its main table; why there is none, where it reads the table whole
/// and somebody might expect one.
pub(super) fn of_pattern(
    model: &Model,
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    pattern: &Pattern,
) -> Result<Candidate, Option<&'static str>> {
    let id = logical.relation_of(pattern.entity).ok_or(None)?;
    let relation = logical.relation(id);
    let table = &design.tables[id.index()];
    let column_of = |field| relation.attribute_of(field).map(|id| table.column(id).clone());
    let plain = |name: Ident, descending| CandidateColumn {
        name,
        expression: None,
        operator_class: None,
        descending,
    };
    let alive = mark_of_deletion(model, pattern).and_then(column_of).and_then(|mark| {
        let column = design.schema.tables[&table.table].column(&mark)?;
        Some(not_deleted(Expr::Column(mark), &column.data_type))
    });
    let mut equal: Vec<Ident> = Vec::new();
    let mut ranges: Vec<Ident> = Vec::new();
    let mut constant: Vec<Expr> = Vec::new();
    let mut searched: Option<(CandidateColumn, Method)> = None;
    let mut begins: Option<CandidateColumn> = None;
    let mut none = None;
    for filter in pattern.conditions() {
        let Some(name) = column_of(filter.field) else { continue };
        let column = design.schema.tables[&table.table].column(&name).ok_or(None)?;
        let value = Expr::Column(name.clone());
        let comparable = !matches!(column.data_type, Type::Jsonb | Type::Array(_));
        match &filter.operator {
            FilterOperator::Equals if comparable => {
                if !equal.contains(&name) {
                    equal.push(name);
                }
            }
            FilterOperator::Bound(Bound::NotSince) if !column.not_null => none = Some(NEVER_DONE),
            FilterOperator::Range
            | FilterOperator::Bound(_)
            | FilterOperator::Window(_)
            | FilterOperator::In
                if comparable =>
            {
                if !ranges.contains(&name) {
                    ranges.push(name);
                }
            }
            FilterOperator::Constant(_) | FilterOperator::OneOf(_) | FilterOperator::NoneOf(_) => {
                constant.extend(constant_condition(design, pattern, &name));
            }
            FilterOperator::IsNull => constant.push(Expr::IsNull(Box::new(value))),
            FilterOperator::IsPresent => constant.push(Expr::IsNotNull(Box::new(value))),
            FilterOperator::Search if column.data_type == Type::Text => {
                let mut key = plain(name, false);
                key.operator_class = super::letters::class(pattern);
                if key.operator_class.is_none() {
                    key.expression = Some(text_vector(value));
                }
                searched = Some((key, Method::Gin));
            }
            FilterOperator::Part if column.data_type == Type::Text => {
                let mut key = plain(name, false);
                key.operator_class = Some(super::letters::any_part());
                searched = Some((key, Method::Gin));
            }
            FilterOperator::Begins if column.data_type == Type::Text => {
                begins = Some(super::letters::beginning(name));
            }
            FilterOperator::Contains | FilterOperator::Equals if !comparable => {
                let mut key = plain(name, false);
                if column.data_type == Type::Jsonb {
                    key.operator_class = Ident::new("jsonb_path_ops").ok();
                }
                searched = Some((key, Method::Gin));
            }
            FilterOperator::Equals
            | FilterOperator::Range
            | FilterOperator::Bound(_)
            | FilterOperator::Window(_)
            | FilterOperator::In
            | FilterOperator::Search
            | FilterOperator::Begins
            | FilterOperator::Part
            | FilterOperator::Contains => {}
        }
    }
    // A b-tree refuses rows whose value is longer than a third of a page. A key has its index already.
    let stored = &design.schema.tables[&table.table];
    let long = |name: &Ident| {
        !stored.keys().any(|key| key.columns == [name.clone()])
            && relation.attributes().any(|(id, attribute)| {
                table.column(id) == name && long_text::may_be_long(name, &attribute.kind)
            })
    };
    let hashed = equal.iter().find(|name| long(name)).cloned();
    equal.retain(|name| !long(name));
    ranges.retain(|name| !long(name));
    let compared = equal.clone();
    let filtered: Vec<Ident> = equal.iter().chain(&ranges).cloned().collect();
    // The rows of each are found like those of one that is given.
    let gathers = pattern.pick == Some(Pick::FirstOfEach);
    for group in pattern.groups.iter().filter(|group| gathers && group.unit.is_none()) {
        let name = column_of(group.field);
        equal.extend(name.filter(|name| !long(name) && !compared.contains(name)));
    }
    if pattern.pick == Some(Pick::Below) {
        let parent = relation.references.iter().find(|it| it.target == id);
        equal
            .extend(parent.and_then(|it| it.attributes.last()).map(|&it| table.column(it).clone()));
    }
    drop_implied_tenant(logical, design, id, &mut equal);
    // An index of one column, with what it compares for equality.
    let alone = |method, key, compared: Option<Ident>| Candidate {
        table: table.table.clone(),
        method,
        columns: vec![key],
        include: Vec::new(),
        equal: usize::from(compared.is_some()),
        sorted: 0,
        compared: compared.iter().cloned().collect(),
        filtered: compared.into_iter().collect(),
        needed: 1,
        is_few: false,
        constant: constant.clone(),
        alive: alive.clone(),
        rate: pattern.per_second.unwrap_or_default(),
    };
    if let Some((key, method)) = searched {
        let narrow =
            !equal.is_empty() && rows_in_one(model, logical, design, id) < ROWS_WORTH_SEARCHING;
        let is_by_letters = key.operator_class.as_ref() == Some(&super::letters::any_part());
        let growth = &table.growth;
        let in_five_years =
            growth.rows.map(|rows| rows + 60.0 * growth.per_month.unwrap_or_default());
        if is_by_letters && in_five_years.is_some_and(|rows| rows < ROWS_WORTH_SEARCHING) {
            return Err(Some(
                "it looks for letters anywhere in so few rows that all of them are read in less time than an index of \
                 letters costs each write",
            ));
        }
        if !narrow {
            return Ok(alone(method, key, None));
        }
    }
    // What a value is equal to is found by its hash, however long it is.
    if let Some(name) = hashed.filter(|_| equal.is_empty()) {
        return Ok(alone(Method::Hash, plain(name.clone(), false), Some(name)));
    }
    // References first: an index that begins with one also supports its foreign key.
    let refers = |name: &Ident| {
        relation
            .links()
            .any(|r| r.attributes.last().is_some_and(|&last| table.column(last) == name))
    };
    equal.sort_by_key(|name| (!refers(name), compared.iter().position(|c| c == name)));
    let mut columns: Vec<CandidateColumn> =
        equal.iter().map(|name| compared_by(relation, table, name.clone())).collect();
    let equal_count = columns.len();
    // What begins alike lies together, behind what is compared for equality; the few that are found are sorted.
    if let Some(key) = begins.filter(|key| !long(&key.name)) {
        columns.push(key);
        return Ok(Candidate {
            table: table.table.clone(),
            method: Method::Btree,
            needed: columns.len(),
            columns,
            include: Vec::new(),
            equal: equal_count,
            sorted: 0,
            compared,
            filtered,
            is_few: false,
            constant,
            alive,
            rate: pattern.per_second.unwrap_or_default(),
        });
    }
    let add = |name: Ident, descending: bool, columns: &mut Vec<CandidateColumn>| {
        if !columns.iter().any(|column| column.name == name) {
            columns.push(plain(name, descending));
        }
    };
    let mut sorted = 0;
    for sort in &pattern.sort {
        // An order by a joined table's column cannot come from this index.
        let Some(name) = column_of(sort.field).filter(|name| !long(name)) else { break };
        add(name, sort.descending, &mut columns);
        sorted += 1;
    }
    // All rows in an order: reading the table whole and sorting it costs less than reading it through
    // an index, row by row.
    let is_yes_or_no = |part: &Expr| matches!(part, Expr::Binary(_, _, value) if matches!(**value, Expr::Literal(Literal::Boolean(_))));
    if equal_count == 0 && ranges.is_empty() && pattern.limit.is_none() {
        if pattern.is_computed() {
            return Err(Some(covering::OF_ALL));
        }
        if constant.is_empty() {
            return Err(none);
        }
        if constant.iter().all(is_yes_or_no) {
            return Err(Some(
                "it asks for all rows of a yes or a no, which is too much of the table to be read \
                 through an index, row by row",
            ));
        }
    }
    let has_few_values = |name: &Ident| {
        relation.attributes().any(|(id, attribute)| {
            table.column(id) == name
                && (matches!(attribute.kind, FieldKind::Boolean | FieldKind::Enumeration(_))
                    || is_of_a_list(logical, relation, id))
        })
    };
    if equal_count > 0
        && columns.len() == equal_count
        && ranges.is_empty()
        && equal.iter().all(has_few_values)
    {
        return Err(Some(
            "it compares only values of which there are few: each is that of too many rows for an \
             index to be read before the table",
        ));
    }
    let is_of_a_span = columns.is_empty() && pattern.is_computed();
    if is_of_a_span && ranges.first().is_some_and(|name| has_short_partitions(table, name)) {
        return Err(Some(
            "what it computes of all rows of a time reads the partitions of that time whole: each is so short that an index \
             within it leaves out next to nothing",
        ));
    }
    let ordered = columns.len();
    // Only the first range narrows what is read.
    if let Some(name) = ranges.into_iter().next() {
        add(name, false, &mut columns);
    }
    // What is joined is looked up for each row that is sorted, and not for those of the page alone.
    let page = pattern.limit.map(f64::from).filter(|_| !pattern.joins.is_empty());
    let soon_sorted = page.map_or(ROWS_SORTED_AT_ONCE, |rows| rows.min(ROWS_SORTED_AT_ONCE));
    let alike = rows_alike(logical, design, id, &equal);
    let is_few = equal_count > 0 && alike <= ROWS_SORTED_AT_ONCE;
    let needed = match (is_few && alike <= soon_sorted, sorted > 0) {
        (true, _) => equal_count,
        (false, true) => ordered,
        (false, false) => columns.len(),
    };
    if columns.is_empty() {
        return Err(None);
    }
    let include = if alike < covering::ROWS {
        Vec::new()
    } else {
        covering::columns(logical, design, pattern, &columns)
    };
    Ok(Candidate {
        table: table.table.clone(),
        method: Method::Btree,
        columns,
        include,
        equal: equal_count,
        sorted: ordered - equal_count,
        compared,
        filtered,
        needed,
        is_few,
        constant,
        alive,
        rate: pattern.per_second.unwrap_or_default(),
    })
}

/// Whether the partitions of a table hold a few days each, by the times in a column.
fn has_short_partitions(table: &TableDesign, column: &Ident) -> bool {
    let upkeep = table.partitions.as_ref().and_then(|it| it.upkeep());
    upkeep.is_some_and(|it| {
        it.column == *column
            && matches!(it.interval, PartitionInterval::Day | PartitionInterval::Week)
    })
}

/// The condition that the statement itself has for the column, so that the planner sees that the
/// index's predicate follows from it.
fn constant_condition(design: &PhysicalDesign, pattern: &Pattern, name: &Ident) -> Option<Expr> {
    let query = design.queries.iter().find(|query| query.name == pattern.name)?;
    let filter = match query.statement.as_ref()? {
        underpin_pg::Statement::Select(select) => select.filter.clone()?,
        underpin_pg::Statement::Update(update) => update.filter.clone()?,
        underpin_pg::Statement::Delete(delete) => delete.filter.clone()?,
        underpin_pg::Statement::Insert(_) | underpin_pg::Statement::Verbatim(_) => return None,
    };
    let parts = match filter {
        Expr::And(parts) => parts,
        other => vec![other],
    };
    let unqualified = |value: &Expr| {
        let same = match value {
            Expr::Column(column) => column == name,
            Expr::Qualified(table, column) => column == name && *table == query.table.name,
            _ => false,
        };
        same.then(|| Box::new(Expr::Column(name.clone())))
    };
    parts.into_iter().find_map(|part| match part {
        Expr::Binary(left, operator, right) if matches!(*right, Expr::Literal(_)) => {
            Some(Expr::Binary(unqualified(&left)?, operator, right))
        }
        Expr::In(value, list) => Some(Expr::In(unqualified(&value)?, list)),
        Expr::Not(inner) => match *inner {
            Expr::In(value, list) => {
                Some(Expr::Not(Box::new(Expr::In(unqualified(&value)?, list))))
            }
            _ => None,
        },
        _ => None,
    })
}

/// A row that is found by a reference to a row of one tenant is that tenant's: comparing the tenant
/// as well removes no row, and in the index it would only take room.
fn drop_implied_tenant(
    logical: &LogicalDesign,
    design: &PhysicalDesign,
    id: RelationId,
    equal: &mut Vec<Ident>,
) {
    let relation = logical.relation(id);
    let table = &design.tables[id.index()];
    let implied: Vec<Ident> = relation
        .references
        .iter()
        .filter(|reference| reference.attributes.len() > 1)
        .filter(|reference| {
            reference.attributes.last().is_some_and(|&last| equal.contains(table.column(last)))
        })
        .flat_map(|reference| &reference.attributes[..reference.attributes.len() - 1])
        .map(|&tenant| table.column(tenant).clone())
        .collect();
    if equal.len() > 1 {
        equal.retain(|name| !implied.contains(name));
    }
}

/// What an index holds of a column that is compared for equality.
fn compared_by(relation: &Relation, table: &TableDesign, name: Ident) -> CandidateColumn {
    let folds = |(id, attribute): (AttributeId, &Attribute)| {
        attribute.ignores_case && *table.column(id) == name
    };
    let expression =
        relation.attributes().any(folds).then(|| Expr::lower(Expr::Column(name.clone())));
    CandidateColumn { name, expression, operator_class: None, descending: false }
}

/// The key whose own index answers the candidate's pattern.
pub(super) fn key_that_serves(
    design: &PhysicalDesign,
    candidate: &Candidate,
) -> Option<QualifiedName> {
    if candidate.method != Method::Btree {
        return None;
    }
    let table = &design.schema.tables[&candidate.table];
    // All columns of a key compared for equality: at most one row, no order to speak of.
    let single =
        |columns: &[Ident]| columns.iter().all(|column| candidate.compared.contains(column));
    // Of two keys that find the row, the one that compares more columns: the planner expects fewer
    // rows of it, and takes it.
    let longest = table
        .keys()
        .filter(|key| single(&key.columns))
        .reduce(|best, key| if key.columns.len() > best.columns.len() { key } else { best });
    if let Some(key) = longest {
        return Some(QualifiedName::new(candidate.table.namespace.clone(), key.name.clone()));
    }
    for index in design.schema.indexes_of(&candidate.table).filter(|index| index.unique) {
        let columns: Vec<Ident> =
            index.columns.iter().filter_map(|column| column.key.compared().cloned()).collect();
        let implied = index.predicate.as_ref().is_none_or(|it| candidate.always(it));
        if columns.len() == index.columns.len() && implied && single(&columns) {
            return Some(index.name.clone());
        }
    }
    // A key that begins with the columns compared and goes on in the order that is wanted. Among the few rows that these
    // find, a condition costs less than an index of its own.
    let is_found = candidate.is_few && candidate.needed == candidate.equal;
    if (candidate.constant.is_empty() || is_found) && !candidate.is_by_letters() {
        for key in table.keys() {
            if starts_with(&key.columns, candidate, candidate.needed) {
                return Some(QualifiedName::new(
                    candidate.table.namespace.clone(),
                    key.name.clone(),
                ));
            }
        }
    }
    None
}

/// All keys and indexes that answer the candidate's pattern as well as one another: they find its one
/// row, or begin with what it needs.
pub(super) fn equivalents(design: &PhysicalDesign, candidate: &Candidate) -> Vec<QualifiedName> {
    if candidate.method != Method::Btree || candidate.is_by_letters() {
        return Vec::new();
    }
    // Where few rows are alike, the planner may take any index that finds them, and sort.
    let enough = if candidate.is_few { candidate.equal } else { candidate.needed };
    let answers = |columns: &[Ident]| {
        columns.iter().all(|column| candidate.compared.contains(column))
            || starts_with(columns, candidate, enough)
    };
    let keys = design.schema.tables[&candidate.table].keys().filter(|key| answers(&key.columns));
    let mut names: Vec<QualifiedName> = keys
        .map(|key| QualifiedName::new(candidate.table.namespace.clone(), key.name.clone()))
        .collect();
    for index in design.schema.indexes_of(&candidate.table) {
        let columns: Vec<Ident> =
            index.columns.iter().map_while(|column| column.key.compared().cloned()).collect();
        // One that covers some rows only is taken where the values of a call ask for no others.
        let may_cover = |part: &Expr| {
            candidate.always(part)
                || part.columns().iter().all(|column| candidate.filtered.contains(column))
        };
        let may_cover = match &index.predicate {
            None => true,
            Some(Expr::And(parts)) => parts.iter().all(may_cover),
            Some(part) => may_cover(part),
        };
        if index.method == Method::Btree && may_cover && answers(&columns) {
            names.push(index.name.clone());
        }
    }
    names
}

/// Whether an ascending index on these columns gives the rows in the wanted order, as far as the first so many columns go.
fn starts_with(columns: &[Ident], candidate: &Candidate, needed: usize) -> bool {
    if columns.len() < needed || needed == 0 {
        return false;
    }
    let (equal, rest) = columns.split_at(candidate.equal);
    let ordered = &candidate.columns[candidate.equal..needed];
    let mut wanted = ordered.iter();
    let uniform = {
        let mut directions = ordered.iter().map(|c| c.descending);
        let first = directions.next();
        directions.all(|direction| Some(direction) == first)
    };
    uniform
        && candidate.columns[..candidate.equal].iter().all(|column| equal.contains(&column.name))
        && rest.iter().zip(wanted.by_ref()).all(|(have, want)| *have == want.name)
        && wanted.next().is_none()
}
