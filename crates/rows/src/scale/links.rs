//! Which row each reference leads to: the parent, one that is known already, or one that is drawn from those below
//! the same ancestor.

use std::collections::BTreeMap;

use underpin_pg::{QualifiedName, ReferentialAction, Type};

use super::Source;
use crate::row::{Shape, Shapes};

/// A reference, or a key of another system.
#[derive(Debug, Clone)]
pub(super) struct LinkScale {
    pub(super) target: usize,
    pub(super) columns: Vec<usize>,
    pub(super) target_columns: Vec<usize>,
    /// Pairs that should agree though no constraint says so.
    pub(super) agreeing: Vec<(usize, usize)>,
    pub(super) is_required: bool,
    /// Whether rows go with the row that they refer to.
    pub(super) is_part: bool,
    /// Every so many-th row of the target, from which on.
    pub(super) turn: (u64, u64),
    pub(super) scope: Option<Scope>,
    pub(super) way: Way,
}

/// The ancestor that a row shares with the one that it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) path: Path,
    /// How many steps it is above the target.
    pub(super) above: u32,
}

/// A row that is found from another: so many steps up from itself, or from where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) via: Option<usize>,
    pub(super) steps: u32,
}

/// How the row is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The parent, by arithmetic.
    Parent,
    /// A row that is known.
    Known(Path),
    /// A row before this one, so that no circle closes.
    Earlier,
    /// Any, the first more often.
    Drawn,
    /// As a key counts.
    Counted,
    /// No row can be.
    Nowhere,
}

/// Where the value of a column comes from in the end: a column of a row that is found by a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Origin {
    path: Path,
    table: usize,
    column: usize,
}

/// What is planned of a table: its links and where its columns come from.
#[derive(Debug, Default)]
pub(super) struct LinkPlan {
    pub(super) links: Vec<LinkScale>,
    pub(super) has_owner: bool,
    pub(super) order: Vec<usize>,
    pub(super) sources: BTreeMap<usize, Source>,
}

/// All tables: those of keys of other systems first, then those of the schema.
#[derive(Debug)]
pub(super) struct LinkPlans<'a> {
    pub(super) shapes: Vec<Option<&'a Shape<'a>>>,
    pub(super) names: BTreeMap<QualifiedName, usize>,
    /// The columns that hold keys of other systems, one table for all of one name.
    pub(super) outside: Vec<String>,
    pub(super) plans: Vec<LinkPlan>,
}

impl<'a> LinkPlans<'a> {
    pub(super) fn new(shapes: &'a Shapes<'a>, order: &[&QualifiedName]) -> Self {
        let mut outside: Vec<String> = Vec::new();
        for shape in shapes.values() {
            let columns = (0..shape.table.columns.len()).filter(|&at| refers_outside(shape, at));
            outside.extend(columns.map(|at| shape.name(at).as_str().to_owned()));
        }
        outside.sort();
        outside.dedup();
        let mut all = Self {
            shapes: vec![None; outside.len()],
            names: BTreeMap::new(),
            plans: outside.iter().map(|_| LinkPlan::default()).collect(),
            outside,
        };
        for name in order {
            all.names.insert((*name).clone(), all.shapes.len());
            all.shapes.push(shapes.get(*name));
        }
        for at in all.outside.len()..all.shapes.len() {
            let links = all.links(at);
            all.plans.push(LinkPlan { links, ..LinkPlan::default() });
        }
        for at in all.outside.len()..all.shapes.len() {
            all.choose_owner(at);
        }
        for at in all.outside.len()..all.shapes.len() {
            all.settle(at);
        }
        all
    }

    fn shape(&self, table: usize) -> &'a Shape<'a> {
        self.shapes[table].expect("invariant: a table of the schema")
    }

    fn links(&self, table: usize) -> Vec<LinkScale> {
        let shape = self.shape(table);
        let not_null =
            |columns: &[usize]| columns.iter().all(|&at| shape.table.columns[at].not_null);
        let link =
            |target: usize, columns: Vec<usize>, target_columns: Vec<usize>, is_part| LinkScale {
                target,
                is_required: not_null(&columns),
                columns,
                target_columns,
                agreeing: Vec::new(),
                is_part,
                turn: (1, 0),
                scope: None,
                way: Way::Drawn,
            };
        let mut links: Vec<LinkScale> = shape
            .links
            .iter()
            .filter_map(|it| {
                let target = *self.names.get(&it.key.references)?;
                let is_part = matches!(it.key.on_delete, ReferentialAction::Cascade);
                let mut link = link(target, it.columns.clone(), it.target_columns.clone(), is_part);
                link.agreeing.clone_from(&it.agreeing);
                Some(link)
            })
            .collect();
        for at in (0..shape.table.columns.len()).filter(|&at| refers_outside(shape, at)) {
            let name = shape.name(at).as_str();
            let target = self.outside.iter().position(|it| it == name);
            links.extend(target.map(|target| link(target, vec![at], vec![0], false)));
        }
        // Keys of other systems agree as references to our own tables do.
        for link in &mut links {
            let Some(Some(there)) = self.shapes.get(link.target) else { continue };
            for at in (0..shape.table.columns.len()).filter(|&at| refers_outside(shape, at)) {
                let other = there.column(shape.name(at)).filter(|&it| refers_outside(there, it));
                if let (Some(other), false) = (other, link.columns.contains(&at)) {
                    link.agreeing.push((at, other));
                }
            }
        }
        links
    }

    /// Which of the required links leads to the row that it belongs to: that which keys count by, which says most about
    /// the row, with which it goes, and which leads furthest down.
    fn choose_owner(&mut self, table: usize) {
        let shape = self.shape(table);
        let links = &self.plans[table].links;
        let shared = |link: &LinkScale, column: usize| {
            links.iter().any(|it| !std::ptr::eq(it, link) && it.columns.contains(&column))
        };
        let score = |link: &LinkScale| {
            let own: Vec<usize> =
                link.columns.iter().copied().filter(|&at| !shared(link, at)).collect();
            let is_in_key = !own.is_empty()
                && shape.keys.iter().any(|key| own.iter().all(|at| key.columns.contains(at)));
            let is_limit = shape
                .limits
                .iter()
                .any(|limit| limit.reference.iter().all(|(at, _)| link.columns.contains(at)));
            let says = link.columns.len() + link.agreeing.len();
            let is_outside = link.target < self.outside.len();
            (is_limit, is_in_key, says, !is_outside, link.is_part, self.depth(link.target))
        };
        let mut best: Option<(usize, _)> = None;
        for (at, link) in links.iter().enumerate() {
            if link.is_required && link.target < table {
                let score = score(link);
                if best.as_ref().is_none_or(|(_, before)| score > *before) {
                    best = Some((at, score));
                }
            }
        }
        if let Some((at, _)) = best {
            let plan = &mut self.plans[table];
            let owner = plan.links.remove(at);
            plan.links.insert(0, LinkScale { way: Way::Parent, ..owner });
            plan.has_owner = true;
        }
    }

    /// The table of the row that rows of a table belong to.
    pub(super) fn owner(&self, table: usize) -> Option<&LinkScale> {
        let plan = &self.plans[table];
        plan.has_owner.then(|| &plan.links[0])
    }

    fn depth(&self, mut table: usize) -> u32 {
        let mut depth = 0;
        while let Some(owner) = self.owner(table) {
            table = owner.target;
            depth += 1;
        }
        depth
    }

    /// Where a column of a table comes from, along the rows that it belongs to.
    pub(super) fn climb(&self, mut table: usize, mut column: usize) -> (u32, usize, usize) {
        let mut steps = 0;
        while let Some(owner) = self.owner(table) {
            let pairs = owner.columns.iter().copied().zip(owner.target_columns.iter().copied());
            let mut pairs = pairs.chain(owner.agreeing.iter().copied());
            let Some((_, above)) = pairs.find(|&(own, _)| own == column) else { break };
            (table, column) = (owner.target, above);
            steps += 1;
        }
        (steps, table, column)
    }

    /// Decides for each link how its row is chosen, and for the columns of links where they come from.
    fn settle(&mut self, table: usize) {
        let shape = self.shape(table);
        let plan = &self.plans[table];
        let mut order: Vec<usize> = (0..plan.links.len()).collect();
        order.sort_by_key(|&at| {
            let link = &plan.links[at];
            let says = link.columns.len() + link.agreeing.len();
            (link.way != Way::Parent, !link.is_required, usize::MAX - says, at)
        });
        let mut sources: BTreeMap<usize, Source> = BTreeMap::new();
        let mut origins: BTreeMap<usize, Origin> = BTreeMap::new();
        let own = Path { via: None, steps: 0 };
        let is_key = |at: &usize| {
            !shape.is_in_link(*at) && shape.keys.iter().any(|key| key.columns == [*at])
        };
        for column in (0..shape.table.columns.len()).filter(is_key) {
            origins.insert(column, Origin { path: own, table, column });
        }
        let mut settled = Vec::new();
        for &at in &order {
            let link = &plan.links[at];
            let pairs: Vec<(usize, usize)> =
                link.columns.iter().copied().zip(link.target_columns.iter().copied()).collect();
            let (mut way, mut scope) = (link.way, None);
            let is_self = link.target == table;
            if way != Way::Parent {
                if is_self {
                    way = Way::Earlier;
                }
                for (is_asked, &(column, there)) in pairs
                    .iter()
                    .map(|it| (true, it))
                    .chain(link.agreeing.iter().map(|it| (false, it)))
                {
                    let Some(origin) = origins.get(&column) else { continue };
                    // The own key of a row that refers to its kind is not what it refers by.
                    let is_own = is_self && origin.path == own && origin.table == table;
                    let (above, top, at_top) = self.climb(link.target, there);
                    if (origin.table, origin.column) != (top, at_top) || is_own {
                        if is_asked {
                            way = Way::Nowhere;
                        }
                        continue;
                    }
                    if above == 0 {
                        way = Way::Known(origin.path);
                        break;
                    }
                    if scope.is_none_or(|scope: Scope| above < scope.above) {
                        scope = Some(Scope { path: origin.path, above });
                    }
                }
            }
            for (column, there) in pairs.into_iter().chain(link.agreeing.iter().copied()) {
                if sources.contains_key(&column) || way == Way::Nowhere {
                    continue;
                }
                let is_asked = link.columns.contains(&column);
                if !is_asked && !shape.is_in_link(column) && !refers_outside(shape, column) {
                    continue;
                }
                sources.insert(column, Source::Linked { link: at, column: there });
                let (steps, top, at_top) = self.climb(link.target, there);
                let path = match way {
                    Way::Parent => Path { via: None, steps: steps + 1 },
                    _ => Path { via: Some(at), steps },
                };
                origins.insert(column, Origin { path, table: top, column: at_top });
            }
            settled.push((at, way, scope));
        }
        let plan = &mut self.plans[table];
        for (at, way, scope) in settled {
            plan.links[at].way = way;
            plan.links[at].scope = scope;
        }
        plan.order = order;
        plan.sources = sources;
    }
}

/// Whether a column holds keys of another system, such as its tenants: nothing here tells them apart, and
/// they stand before other columns in keys or indexes.
fn refers_outside(shape: &Shape<'_>, column: usize) -> bool {
    shape.table.columns[column].data_type == Type::Uuid
        && shape.name(column).as_str().ends_with("_id")
        && !shape.is_in_link(column)
        && !shape.keys.iter().any(|key| key.columns == [column])
}
