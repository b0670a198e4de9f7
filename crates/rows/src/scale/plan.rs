//! Puts together what is to be known of each table before its rows can be made.

use std::collections::BTreeMap;

use underpin_model::{Comparison, Literal};
use underpin_pg::{QualifiedName, Type};
use underpin_physical::PhysicalDesign;

use super::keys::{self, Counting, Digit, KeyPlan};
use super::links::{LinkPlans, LinkScale, Way};
use super::numbered::Form;
use super::pool::{PoolWish, pool};
use super::spread::{Choice, Layout, Spread};
use super::words::Meaning;
use super::{Bits, Need, Ordinal, Scale, Source, TableScale, Wanted, counts, mix};
use crate::row::moments;
use crate::row::{BoundShape, Fresh, NOW, Row, Shape, Shapes, is_text};
use crate::rule::{Term, truth};
use crate::value::Value;

/// So many rows of each table are made slowly.
const POOL: usize = 768;
/// Rows of one parent that lie together on disk come in blocks of so many.
const BLOCK: u64 = 32;
/// Among so many parents a few have many rows.
const GROUP: u64 = 1_000;
/// The oldest rows are so many days old.
const DAYS: i64 = 1_825;

impl<'a> Scale<'a> {
    /// Plans the rows of a design. `advice` knows values for columns whose rules are not understood.
    pub fn new(
        physical: &PhysicalDesign,
        shapes: &'a Shapes<'a>,
        wanted: Wanted,
        advice: &Fresh,
    ) -> Self {
        let order: Vec<&QualifiedName> =
            physical.schema.creation_order().iter().map(|table| &table.name).collect();
        let mut plans = LinkPlans::new(shapes, &order);
        let first = plans.outside.len();
        let key_plans: Vec<KeyPlan> = (0..plans.shapes.len())
            .map(|at| match plans.shapes[at] {
                Some(shape) => keys::plan(&mut plans, at, shape),
                None => KeyPlan::default(),
            })
            .collect();
        let kinds = turns(&mut plans);
        let singles: Vec<bool> = key_plans
            .iter()
            .enumerate()
            .map(|(at, keys)| counts::is_single(&plans, at, keys))
            .collect();
        let wanted_rows = counts::counts(&plans, &singles, physical, wanted.rows);
        let filled = filled(&plans);
        let shift = wanted.now - NOW;
        let mut scale = Self { tables: Vec::new(), names: plans.names.clone(), shift };
        let systems = (wanted.rows / 2_000).clamp(3, 500);
        for at in 0..first {
            let salt = mix::salt(wanted.seed, &plans.outside[at]);
            scale.tables.push(TableScale::outside(systems, salt));
        }
        for (at, key_plan) in key_plans.into_iter().enumerate().skip(first) {
            let shape = plans.shapes[at].expect("invariant: a table of the schema");
            let table = Plan {
                scale: &scale,
                plans: &plans,
                at,
                shape,
                seed: wanted.seed,
                kinds: kinds.get(&at),
                is_filled: filled[at],
            }
            .table(key_plan, wanted_rows[at], advice);
            scale.tables.push(table);
        }
        scale.date(physical);
        scale
    }

    /// Puts the rows of each table after those of the tables that it refers to.
    fn date(&mut self, physical: &PhysicalDesign) {
        let windows = || physical.queries.iter().flat_map(|query| &query.windows);
        let deepest = self.tables.iter().map(|table| table.level).max().unwrap_or(0);
        let length = DAYS * 86_400 / i64::from(deepest + 1);
        for at in 0..self.tables.len() {
            let table = &self.tables[at];
            let from = NOW - length * i64::from(deepest + 1 - table.level);
            // No earlier than rows are kept, and than those that they refer to began.
            let kept = table.shape.and_then(|shape| shape.window).map(|window| NOW - window);
            let owners = table.links.iter().filter(|link| link.target < at);
            let owners = owners.map(|link| self.tables[link.target].band.0).filter(|&it| it < NOW);
            let from = owners.chain(kept).fold(from, i64::max);
            // Whoever asks for the last days finds some in them, and so do those who ask for the next.
            let name = table.shape.map(|shape| &shape.table.name);
            let is_asked = windows().any(|it| Some(&it.table) == name);
            let ahead = name.map_or(0, |name| moments::ahead(physical, name));
            let length = if is_asked { NOW + ahead - from } else { length.min(NOW - from) };
            self.tables[at].band = (from, length);
        }
    }
}

/// The columns by whose value rows of other tables choose, and in whose turn the links of those come.
fn turns(plans: &mut LinkPlans<'_>) -> BTreeMap<usize, (usize, Vec<Value>)> {
    let mut kinds: BTreeMap<usize, (usize, Vec<Value>)> = BTreeMap::new();
    for at in 0..plans.shapes.len() {
        let Some(shape) = plans.shapes[at] else { continue };
        for number in 0..plans.plans[at].links.len() {
            let link = &plans.plans[at].links[number];
            let Some(target) = plans.shapes[link.target] else { continue };
            let only = link.columns.iter().zip(&link.target_columns).find_map(|(&own, &there)| {
                let (_, value) = shape.only_value(own)?;
                let listed = target.listed(there);
                let turn = listed.iter().position(|it| *it == value)?;
                Some((there, turn, listed))
            });
            let Some((column, turn, listed)) = only else { continue };
            let steps = u64::try_from(listed.len()).unwrap_or(u64::MAX);
            let turn = u64::try_from(turn).unwrap_or(0);
            let (known, _) = kinds.entry(link.target).or_insert((column, listed));
            if *known == column {
                plans.plans[at].links[number].turn = (steps, turn);
            }
        }
    }
    kinds
}

/// The tables of which each row that others belong to must have at least one, since rows that share that one's
/// ancestor must refer to one of them.
fn filled(plans: &LinkPlans<'_>) -> Vec<bool> {
    let mut filled = vec![false; plans.shapes.len()];
    for plan in &plans.plans {
        for link in &plan.links {
            let Some(scope) = link.scope.filter(|_| link.is_required) else { continue };
            let mut table = link.target;
            for _ in 0..scope.above {
                filled[table] = true;
                let Some(owner) = plans.owner(table) else { break };
                table = owner.target;
            }
        }
    }
    filled
}

impl TableScale<'_> {
    fn outside(rows: u64, salt: u64) -> Self {
        Self {
            shape: None,
            salt,
            rows,
            wanted: rows,
            reason: None,
            links: Vec::new(),
            has_owner: false,
            spread: Spread::new(rows, 1, 1),
            parents: Choice::new(&(0..0), 1, 0),
            order: Vec::new(),
            sources: vec![Source::Numbered { form: Form::Uuid(salt), by: Ordinal::Row }],
            countings: Vec::new(),
            kinds: None,
            level: 0,
            layout: Layout::new(rows, 1, salt),
            pool: Vec::new(),
            needs: Vec::new(),
            judged: Vec::new(),
            moments: Vec::new(),
            band: (NOW, 0),
        }
    }
}

/// Plans one table, after those that its rows belong to.
struct Plan<'p, 'a> {
    scale: &'p Scale<'a>,
    plans: &'p LinkPlans<'a>,
    at: usize,
    shape: &'a Shape<'a>,
    seed: u64,
    kinds: Option<&'p (usize, Vec<Value>)>,
    is_filled: bool,
}

impl<'a> Plan<'_, 'a> {
    fn table(&self, keys: KeyPlan, wanted: u64, advice: &Fresh) -> TableScale<'a> {
        let shape = self.shape;
        let plan = &self.plans.plans[self.at];
        let salt = mix::salt(self.seed, &shape.table.name.to_string());
        let levels = plan.links.iter().filter_map(|link| self.scale.tables.get(link.target));
        let mut table = TableScale {
            shape: Some(shape),
            rows: wanted,
            wanted,
            links: plan.links.clone(),
            has_owner: plan.has_owner,
            order: plan.order.clone(),
            kinds: self.kinds.cloned(),
            level: levels.map(|table| table.level + 1).max().unwrap_or(0),
            moments: moments::columns(shape),
            ..TableScale::outside(wanted, salt)
        };
        table.reason = None;
        if !shape.table.seeds.is_empty() {
            return self.seeded(table);
        }
        if let Some(link) =
            table.links.iter().find(|link| link.is_required && self.leads_nowhere(link))
        {
            let (table_name, columns) = (&shape.table.name, names(shape, &link.columns));
            let reason = format!(
                "a row of {table_name} must refer by {columns} to a row that cannot be there yet"
            );
            table.limit(0, || reason);
            return table;
        }
        self.spread(&mut table, &keys);
        table.sources = self.sources(&mut table, &keys, salt);
        table.countings = keys.countings;
        self.fill(&mut table, advice);
        self.judged(&mut table);
        let (rows, parents) = (table.rows, table.parents.count.max(1));
        let stays = table.links.first().is_some_and(|link| link.is_part) && rows / parents < BLOCK;
        let block = if table.has_owner && stays { BLOCK } else { 1 };
        table.layout = Layout::new(rows, block, salt);
        table
    }

    fn leads_nowhere(&self, link: &LinkScale) -> bool {
        let is_empty = self.scale.tables.get(link.target).is_some_and(|target| target.rows == 0);
        // The first of a table has none before it.
        link.way == Way::Nowhere || link.target == self.at || is_empty
    }

    /// The rows that the schema's script inserts.
    fn seeded(&self, mut table: TableScale<'a>) -> TableScale<'a> {
        table.pool = self.shape.table.seeds.iter().map(|seed| seed_row(self.shape, seed)).collect();
        table.sources = vec![Source::Pooled; self.shape.table.columns.len()];
        table.links.clear();
        table.order.clear();
        table.has_owner = false;
        table.level = 0;
        table
    }

    /// How many rows there can be, and how they are spread over those that they belong to.
    fn spread(&self, table: &mut TableScale<'a>, keys: &KeyPlan) {
        let shape = self.shape;
        let Some(owner) = table.links.first().filter(|_| table.has_owner) else {
            table.spread = Spread::new(table.rows, 1, 1);
            return;
        };
        let target = &self.scale.tables[owner.target];
        table.parents = Choice::new(&(0..target.rows), owner.turn.0, owner.turn.1);
        let parents = table.parents.count;
        if parents == 0 {
            let reason = format!(
                "{} has no row to which one of {} could belong",
                target.name(),
                shape.table.name
            );
            table.limit(0, || reason);
            return;
        }
        let mut most = u64::MAX;
        let mut reason = String::new();
        let mut lower = |bound: u64, why: String| {
            if bound < most {
                most = bound;
                reason = why;
            }
        };
        for counting in keys.countings.iter().filter(|it| it.by == Ordinal::Sibling) {
            let key = &shape.keys[counting.key];
            if key.is_partial && key.predicate.is_some() {
                continue;
            }
            let room = counting.digits.iter().map(|digit| self.room(table, digit));
            let room = room.fold(1_u64, u64::saturating_mul);
            lower(room, format!("{} leaves room for no more", key.name.as_str()));
        }
        for (&column, _) in keys.numbered.iter().filter(|(_, by)| **by == Ordinal::Sibling) {
            if let Some((_, room)) = Form::of(shape, column, 0, table.rows.max(1)) {
                let name = shape.name(column).as_str();
                lower(room, format!("{name} has no more values"));
            }
        }
        for limit in &shape.limits {
            let is_owner = limit.reference.iter().all(|(at, _)| owner.columns.contains(at));
            if let (true, BoundShape::Fixed(bound), None) = (is_owner, limit.bound, &limit.amount) {
                let bound = bound.floor() - i64::from(limit.design.limit.is_strict);
                lower(
                    u64::try_from(bound).unwrap_or(0),
                    "a limit lets no more belong to one row".to_owned(),
                );
            }
        }
        if self.is_filled && table.rows < parents.saturating_mul(most) {
            table.rows = table.rows.max(parents);
        }
        let all = parents.saturating_mul(most);
        table.limit(all, || format!("{reason}: {most} of {}", target.name()));
        let is_root = !target.has_owner;
        // Every column of a table's owner that is chosen evenly is chosen so where rows are few.
        let groups = [if is_root { parents.min(1 << 20) } else { GROUP }, 100, 10];
        let spreads = groups.map(|group| Spread::new(table.rows, parents, group));
        let fitting = spreads.into_iter().find(|spread| spread.most() <= most);
        table.spread = fitting.unwrap_or_else(|| Spread::new(table.rows, parents, 1));
    }

    /// About how many rows a digit tells apart, for one row that they belong to.
    fn room(&self, table: &TableScale<'a>, digit: &Digit) -> u64 {
        match digit {
            Digit::Listed(_, values) => u64::try_from(values.len()).unwrap_or(u64::MAX),
            Digit::Link(link) => {
                let link = &table.links[*link];
                let Some(target) = self.scale.tables.get(link.target) else { return 1 };
                let mut anchors = 1;
                let mut at = link.target;
                for _ in 0..link.scope.map_or(0, |scope| scope.above) {
                    let Some(owner) = self.plans.owner(at) else { break };
                    at = owner.target;
                    anchors = self.scale.tables[at].rows;
                }
                // Of ancestors with few rows there is not so much; those that do not fit are left out.
                (target.rows / link.turn.0 / anchors.max(1)).max(1)
            }
        }
    }

    fn sources(&self, table: &mut TableScale<'a>, keys: &KeyPlan, salt: u64) -> Vec<Source> {
        let shape = self.shape;
        let plan = &self.plans.plans[self.at];
        let mut sources = Vec::with_capacity(shape.table.columns.len());
        for column in 0..shape.table.columns.len() {
            let span = shape
                .aparts
                .iter()
                .position(|it| column == it.from || column == it.to || Some(column) == it.day);
            let source = if shape.is_computed(column) {
                Source::Computed
            } else if let Some(linked) = plan.sources.get(&column) {
                if shape.only_value(column).is_some() { Source::Pooled } else { linked.clone() }
            } else if let Some(&by) = keys.numbered.get(&column) {
                let salt = mix::hash(salt, u64::try_from(column).unwrap_or(0));
                let Some((form, room)) = Form::of(shape, column, salt, table.rows.max(1)) else {
                    table.limit(1, || {
                        format!("no second value of {} was found", shape.name(column).as_str())
                    });
                    sources.push(Source::Pooled);
                    continue;
                };
                if by != Ordinal::Sibling {
                    let name = shape.name(column).as_str();
                    table.limit(room, || format!("{name} has no more values"));
                }
                Source::Numbered { form, by }
            } else if let Some(apart) = span {
                let by = keys::of_columns(self.plans, self.at, &shape.aparts[apart].same);
                Source::Span { apart, by }
            } else if table.moments.contains(&column) {
                Source::Moment
            } else {
                self.free(column)
            };
            sources.push(source);
        }
        // Fewer rows than were spread.
        if table.spread.rows != table.rows {
            let group = if table.spread.most() > 1 { 10 } else { 1 };
            table.spread = Spread::new(table.rows, table.spread.parents, group);
        }
        sources
    }

    /// A text of its own for each row where nothing but its length is ruled, and it is no list of a few words.
    fn free(&self, column: usize) -> Source {
        let shape = self.shape;
        let definition = &shape.table.columns[column];
        let is_free = is_text(&definition.data_type)
            && shape.rules.iter().all(|rule| {
                !rule.columns.contains(&column)
                    || rule.term.as_ref().is_some_and(|term| {
                        is_about_length(term) || is_about_presence(term, column)
                    })
            });
        let meaning =
            Meaning::of(shape.table.name.name.as_str(), &definition.name.as_str().to_lowercase());
        let longest = shape.longest(column).unwrap_or(usize::MAX);
        if is_free && (longest >= 64 || (longest >= 40 && !meaning.is_nearly_unique())) {
            Source::Meant(meaning)
        } else {
            Source::Pooled
        }
    }

    fn fill(&self, table: &mut TableScale<'a>, advice: &Fresh) {
        let shape = self.shape;
        let mut wish = PoolWish::default();
        wish.lists.extend(self.kinds.cloned());
        for counting in &table.countings {
            for digit in &counting.digits {
                if let Digit::Listed(column, values) = digit {
                    wish.lists.push((*column, values.clone()));
                }
            }
        }
        wish.avoided = shape
            .keys
            .iter()
            .filter(|key| table.countings.iter().any(|it| shape.keys[it.key].name == key.name))
            .filter_map(|key| key.predicate.as_ref())
            .collect();
        wish.links = table.links.iter().flat_map(|link| link.columns.iter().copied()).collect();
        let count = usize::try_from(table.rows).unwrap_or(usize::MAX).min(POOL);
        // Some of each kind must be there, however few rows there are.
        let count = count.clamp(64, POOL);
        table.pool =
            if table.rows == 0 { Vec::new() } else { pool(shape, &wish, count, self.seed, advice) };
        if table.pool.is_empty() {
            table.limit(0, || "no values were found that keep all rules".to_owned());
        }
        table.needs = self.needs(table, &wish);
    }

    fn needs(&self, table: &TableScale<'a>, wish: &PoolWish<'_>) -> Vec<(Need, Bits)> {
        let shape = self.shape;
        let mut needs = Vec::new();
        for Counting { key, .. } in &table.countings {
            if let Some(predicate) = &shape.keys[*key].predicate {
                needs.push((
                    Need::Uncovered(*key),
                    bits(&table.pool, |row| truth(predicate, row) != Some(true)),
                ));
            }
        }
        for (column, values) in &wish.lists {
            needs.extend(values.iter().map(|value| {
                (
                    Need::Equals(*column, value.clone()),
                    bits(&table.pool, |row| row[*column] == *value),
                )
            }));
        }
        for (at, link) in table.links.iter().enumerate().filter(|(_, link)| !link.is_required) {
            let presence = presence(shape, link);
            needs.push((
                Need::Absent(at),
                bits(&table.pool, |row| !presence.iter().all(|&it| row[it].is_present())),
            ));
        }
        needs
    }

    /// The rules that what is put in the place of the pool's values could break.
    fn judged(&self, table: &mut TableScale<'a>) {
        for rule in &self.shape.rules {
            let Some(term) = &rule.term else { continue };
            let replaced: Vec<usize> = term
                .fields()
                .into_iter()
                .filter(|&column| {
                    !matches!(table.sources[column], Source::Pooled | Source::Computed)
                })
                .collect();
            if replaced.is_empty() || is_safe(term, table) {
                continue;
            }
            table.judged.push((term.clone(), term.fields()));
        }
    }
}

impl TableScale<'_> {
    fn name(&self) -> String {
        self.shape.map_or_else(|| "another system".to_owned(), |shape| shape.table.name.to_string())
    }
}

/// Whether a rule stays kept whatever is put in the place of the pool's values.
fn is_safe(term: &Term, table: &TableScale<'_>) -> bool {
    let is_moment = |term: &Term| match term {
        Term::Field(column) => matches!(table.sources[*column], Source::Moment),
        // All moments of a row are moved by as much, and so is one that lies so much later.
        Term::Calculate(from, _, by) => match (&**from, &**by) {
            (Term::Field(column), Term::Literal(Literal::Duration(_))) => {
                matches!(table.sources[*column], Source::Moment)
            }
            _ => false,
        },
        _ => false,
    };
    let is_pooled = |term: &Term| {
        term.fields()
            .into_iter()
            .all(|it| matches!(table.sources[it], Source::Pooled | Source::Computed))
    };
    let is_numbered = |term: &Term| match term {
        Term::Field(column) => {
            matches!(table.sources[*column], Source::Numbered { .. } | Source::Meant(_))
        }
        _ => false,
    };
    match term {
        Term::IsPresent(_) => true,
        Term::All(list) | Term::Any(list) => list.iter().all(|item| is_safe(item, table)),
        Term::Not(inner) => is_safe(inner, table),
        Term::Implies(left, right) => is_safe(left, table) && is_safe(right, table),
        // The form was chosen so that rules on the column alone take it.
        Term::Matches(value, _) | Term::Length(value) if is_numbered(value) => true,
        Term::Compare(left, comparison, right) => {
            let of_length = |term: &Term| match term {
                Term::Length(inner) => is_numbered(inner),
                _ => false,
            };
            is_pooled(term)
                || (is_moment(left) && is_moment(right) && *comparison != Comparison::NotEqual)
                || (of_length(left) && right.fields().is_empty())
        }
        other => is_pooled(other),
    }
}

fn is_about_length(term: &Term) -> bool {
    match term {
        Term::Compare(left, _, right) => {
            matches!(**left, Term::Length(_)) && right.fields().is_empty()
        }
        Term::All(list) => list.iter().all(is_about_length),
        _ => false,
    }
}

/// Whether a rule asks of a column only that it is there.
fn is_about_presence(term: &Term, column: usize) -> bool {
    match term {
        Term::IsPresent(_) => true,
        Term::All(list) | Term::Any(list) => {
            list.iter().all(|item| is_about_presence(item, column))
        }
        Term::Not(inner) => is_about_presence(inner, column),
        Term::Implies(left, right) => {
            is_about_presence(left, column) && is_about_presence(right, column)
        }
        other => !other.fields().contains(&column),
    }
}

/// The columns whose presence says whether a link leads somewhere.
pub(super) fn presence(shape: &Shape<'_>, link: &LinkScale) -> Vec<usize> {
    link.columns.iter().copied().filter(|&at| !shape.table.columns[at].not_null).collect()
}

fn bits(pool: &[Row], is_one: impl Fn(&Row) -> bool) -> Bits {
    let mut bits = vec![0_u64; pool.len().div_ceil(64)];
    for (at, row) in pool.iter().enumerate() {
        bits[at / 64] |= u64::from(is_one(row)) << (at % 64);
    }
    bits
}

fn names(shape: &Shape<'_>, columns: &[usize]) -> String {
    let names: Vec<&str> = columns.iter().map(|&at| shape.name(at).as_str()).collect();
    names.join(", ")
}

fn seed_row(shape: &Shape<'_>, seed: &[underpin_pg::Expr]) -> Row {
    use underpin_pg::{Expr, Literal};
    let cell = |at: usize, expr: &Expr| match expr {
        Expr::Literal(Literal::Text(text)) => {
            if is_text(&shape.table.columns[at].data_type) {
                Value::Text(text.clone())
            } else {
                Value::Raw(text.clone())
            }
        }
        Expr::Literal(Literal::Integer(number)) => Value::integer(*number),
        Expr::Literal(Literal::Boolean(value)) => Value::Boolean(*value),
        _ => Value::Null,
    };
    let given = seed.iter().enumerate().map(|(at, expr)| cell(at, expr));
    let mut row: Row = given.collect();
    row.resize(shape.table.columns.len(), Value::Null);
    row
}

/// The type of a column that the encoder needs.
pub(super) fn data_type<'s>(shape: &'s Shape<'_>, column: usize) -> &'s Type {
    &shape.table.columns[column].data_type
}
