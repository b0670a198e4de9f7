//! The physical design: the schema, and for each object in it where it comes from.

use underpin_base::{Diagnostic, Span};
use underpin_claim::{Claim, Family};
use underpin_logical::{
    AttributeId, ContextId, Decision, Hold, Limit, OwnerBound, OwnerState, RelationId, Separation,
};
use underpin_model::{AccessKind, Expression, LifecycleId, PatternId, Window};
use underpin_pg::plpgsql::TransitionGuard;
use underpin_pg::{Access, Ident, PartitionUpkeep, QualifiedName, Schema, Statement, Type};

use crate::{ShareDesign, TableDesigns};

/// The whole physical design.
#[derive(Debug, Default, Clone)]
pub struct PhysicalDesign {
    /// What the database shall hold.
    pub schema: Schema,
    /// For each relation of the logical design, in its order, the table that stores it.
    pub tables: TableDesigns,
    /// For each bounded context of the logical design, in its order, where it lives and who may use it;
    /// last the tables that no context owns, where there are contexts and such tables.
    pub contexts: Vec<ContextDesign>,
    /// Who owns the objects and who may use them; empty where there are no contexts.
    pub access: Access,
    /// For each index of the schema, what it is for.
    pub indexes: Vec<IndexDesign>,
    /// For each access pattern of the model, in its order, the statement that it became.
    pub queries: Vec<Query>,
    /// What documents say of the load as a whole.
    pub load: StatedLoad,
    /// Caching, partitioning, backup and the rest.
    pub plans: Plans,
    /// The choices of this stage, in the order in which they were made.
    pub decisions: Vec<Decision>,
    /// What can be false about it, in the order of the documents that print it.
    pub claims: Vec<Claim>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Where a bounded context lives, and who may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextDesign {
    /// The context; `None` for the tables that none owns.
    pub context: Option<ContextId>,
    /// The namespace (PostgreSQL: schema) of its objects.
    pub namespace: Ident,
    /// The role that owns them; nobody logs in as it.
    pub owner: Ident,
    /// The role whose members read and write its rows.
    pub application: Ident,
}

/// A table, and the relation that it stores.
#[derive(Debug, Clone)]
pub struct TableDesign {
    /// The relation.
    pub relation: RelationId,
    /// The table, a key of [`Schema::tables`].
    pub table: QualifiedName,
    /// For each attribute of the relation, in its order, the column.
    pub columns: Vec<Ident>,
    /// What each CHECK constraint is for.
    pub checks: Vec<CheckDesign>,
    /// What each exclusion constraint keeps apart.
    pub exclusions: Vec<ExclusionDesign>,
    /// What triggers limit its rows to.
    pub limits: Vec<LimitDesign>,
    /// What triggers let be done to its rows only beside an owner in some state.
    pub owner_states: Vec<OwnerStateDesign>,
    /// Values of its rows that are held against those of an owner.
    pub owner_bounds: Vec<OwnerBoundDesign>,
    /// What rows of another table keep its rows from.
    pub holds: Vec<HoldDesign>,
    /// The life cycles that triggers guard.
    pub machines: Vec<MachineDesign>,
    /// What triggers keep beside life cycles.
    pub guards: Vec<GuardDesign>,
    /// How many rows it has and gains, as far as documents say.
    pub growth: Growth,
    /// Which parts of its rows have which values, as far as documents say.
    pub shares: Vec<ShareDesign>,
    /// How its rows are split by time, where they are.
    pub partitions: Option<PartitionDesign>,
}

impl TableDesign {
    /// The table of a relation, with nothing in it but columns.
    pub fn new(relation: RelationId, table: QualifiedName, columns: Vec<Ident>) -> Self {
        Self {
            relation,
            table,
            columns,
            checks: Vec::new(),
            exclusions: Vec::new(),
            limits: Vec::new(),
            owner_states: Vec::new(),
            owner_bounds: Vec::new(),
            holds: Vec::new(),
            machines: Vec::new(),
            guards: Vec::new(),
            growth: Growth::default(),
            shares: Vec::new(),
            partitions: None,
        }
    }

    /// The column that stores an attribute.
    pub fn column(&self, attribute: AttributeId) -> &Ident {
        &self.columns[attribute.index()]
    }
}

/// How many rows a table has and gains.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Growth {
    /// Rows at the start.
    pub rows: Option<f64>,
    /// Rows added in a month.
    pub per_month: Option<f64>,
    /// For how many days a row is kept, where that limits how many there are.
    pub retention_days: Option<u32>,
}

impl Growth {
    /// Days in a month, on average.
    const MONTH: f64 = 30.4;

    /// How many rows there are to begin with; where none are stated, how many there are after a year, or when the first go.
    pub fn usual_rows(&self) -> Option<f64> {
        if let Some(rows) = self.rows.filter(|rows| *rows > 0.0) {
            return Some(rows);
        }
        let months = self.retention_days.map_or(12.0, |days| f64::from(days) / Self::MONTH);
        self.per_month.map(|rows| rows * months.min(12.0)).or(self.rows)
    }
}

/// What documents say of the load as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StatedLoad {
    /// How many people use the system at a time.
    pub concurrent_users: Option<f64>,
    /// Calls in a second at the peak.
    pub peak_per_second: Option<f64>,
    /// How many times the average is called at the peak.
    pub peak_factor: Option<f64>,
}

impl StatedLoad {
    /// Calls in a second at the peak, where so many are called on average; never fewer.
    pub fn peak(&self, average: f64) -> f64 {
        let by_factor = self.peak_factor.map_or(0.0, |factor| average * factor);
        self.peak_per_second.unwrap_or_default().max(by_factor).max(average)
    }
}

/// How the rows of a table are split.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionDesign {
    /// What tells a row its partition, in the order of the partition key.
    pub columns: Vec<Ident>,
    /// By what they are split.
    pub scheme: PartitionScheme,
    /// About how many rows one partition gets, where that is known.
    pub rows: Option<f64>,
    /// About how many partitions there are at a time, those made ahead and that of all other rows included.
    pub count: f64,
    /// The columns that were added to the primary key.
    pub added_to_key: Vec<Ident>,
    /// Whether a document says how long a time goes at once, or how many partitions there are.
    pub is_stated: bool,
}

/// By what rows are split.
#[derive(Debug, Clone, PartialEq)]
pub enum PartitionScheme {
    /// By time, with what makes and drops the partitions.
    Time(Box<PartitionUpkeep>),
    /// By listed values, with the partition that takes all others, where there is one.
    List(Option<DefaultPartition>),
    /// By a hash.
    Hash,
}

/// The partition of the values that are not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultPartition {
    /// Its name.
    pub name: QualifiedName,
    /// A value that is not listed; `None` where each that a row may have is.
    pub example: Option<String>,
}

impl PartitionDesign {
    /// What makes and drops the partitions of times.
    pub fn upkeep(&self) -> Option<&PartitionUpkeep> {
        match &self.scheme {
            PartitionScheme::Time(upkeep) => Some(upkeep),
            PartitionScheme::List(_) | PartitionScheme::Hash => None,
        }
    }
}

/// What a CHECK constraint is for.
#[derive(Debug, Clone)]
pub struct CheckDesign {
    /// The constraint's name.
    pub constraint: Ident,
    /// What it enforces.
    pub purpose: CheckPurpose,
    /// The rule in the design's terms; `None` where a document gave SQL that was not understood.
    pub expression: Option<Expression<AttributeId>>,
    /// The attributes that it reads, as far as they are known.
    pub attributes: Vec<AttributeId>,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// What a CHECK constraint enforces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckPurpose {
    /// A value is one of a list.
    Enumeration,
    /// A text is not too long.
    Length,
    /// A JSON value has the right form.
    JsonForm,
    /// A rule of the documents.
    Rule,
}

/// What an exclusion constraint keeps apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionDesign {
    /// The constraint's name.
    pub constraint: Ident,
    /// Which rows, and what they last from and to.
    pub separation: Separation,
    /// The day on which both times of day are; [`Separation::same`] holds it as well.
    pub day: Option<AttributeId>,
}

/// What the rows of a table come to at most for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitDesign {
    /// Which rows, and what they may come to.
    pub limit: Limit,
    /// The trigger on the rows.
    pub trigger: Ident,
    /// The trigger on the row that they belong to, where the bound is a column of it.
    pub owner_trigger: Option<Ident>,
}

/// What may be done to the rows of a table only beside an owner in some state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerStateDesign {
    /// What may be done, and beside which owners.
    pub owner_state: OwnerState,
    /// The trigger on the rows.
    pub trigger: Ident,
    /// The columns that an UPDATE changes only so.
    pub changed: Vec<Ident>,
}

/// A value of the rows of a table that is held against one of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerBoundDesign {
    /// Which values.
    pub owner_bound: OwnerBound,
    /// The trigger on the rows.
    pub trigger: Ident,
    /// The trigger on the owner.
    pub owner_trigger: Ident,
}

/// What rows that belong to the rows of a table keep these from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldDesign {
    /// Which rows, and from what.
    pub hold: Hold,
    /// The trigger on the rows that belong to it, which several may share.
    pub trigger: Ident,
    /// The trigger on the row.
    pub owner_trigger: Ident,
}

/// A life cycle that a trigger guards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineDesign {
    /// The model's life cycle.
    pub lifecycle: LifecycleId,
    /// The column that holds the state.
    pub column: Ident,
    /// States in order.
    pub states: Vec<String>,
    /// The state that a row is born in.
    pub initial: Option<String>,
    /// For each state with a way out, the states that may follow.
    pub transitions: Vec<(String, Vec<String>)>,
    /// What a refused INSERT reports as its constraint.
    pub initial_rule: Ident,
    /// What a refused UPDATE reports as its constraint.
    pub transition_rule: Ident,
    /// The trigger that guards it.
    pub trigger: Ident,
}

/// What a trigger keeps that no constraint can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardDesign {
    /// The trigger; a refused row reports this name as its constraint.
    pub trigger: Ident,
    /// What it keeps.
    pub purpose: GuardPurpose,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Option<Span>,
}

/// What a trigger keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuardPurpose {
    /// Values stay as they were written.
    Unchanged {
        /// The columns; none where only the deletion is refused.
        columns: Vec<Ident>,
        /// Whether they are all of the row that may be set.
        is_whole: bool,
        /// The column of a state and the states in which they stay; always where it is `None`.
        states: Option<(Ident, Vec<String>)>,
        /// Whether a row is never deleted either.
        is_kept: bool,
        /// Those that change with a step of a life cycle, and only then.
        with_step: Vec<Ident>,
    },
    /// No TRUNCATE takes rows that are never deleted.
    Truncation {
        /// Columns of states and the states in which rows stay; all rows stay where there are none.
        states: Vec<(Ident, Vec<String>)>,
    },
    /// No row stands above itself.
    Acyclic {
        /// The column of the row above.
        parent: Ident,
        /// What it refers to.
        key: Ident,
    },
    /// The rows that belong to one row come to no more than its bound.
    Limit {
        /// The table of the rows; it has the limit in its design.
        rows: QualifiedName,
        /// Which of its limits.
        limit: usize,
    },
    /// Something is done only beside an owner in some state.
    OwnerState {
        /// Which of the table's.
        owner_state: usize,
    },
    /// A value of rows is held against one of their owner.
    OwnerBound {
        /// The table of the rows; it has the bound in its design.
        rows: QualifiedName,
        /// Which of its bounds.
        owner_bound: usize,
    },
    /// Rows keep the row that they belong to from something.
    Hold {
        /// The table of that row; it has the hold in its design.
        owner: QualifiedName,
        /// Which of its holds.
        hold: usize,
    },
    /// Each change raises the version of the row by one.
    Version {
        /// The column that counts.
        column: Ident,
    },
}

impl GuardPurpose {
    /// The family of the claim about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Unchanged { .. } | Self::Truncation { .. } => Family::Unchanged,
            Self::Acyclic { .. } => Family::Acyclic,
            Self::Limit { .. } => Family::Limit,
            Self::OwnerState { .. } => Family::OwnerState,
            Self::OwnerBound { .. } => Family::OwnerBound,
            Self::Hold { .. } => Family::Hold,
            Self::Version { .. } => Family::Version,
        }
    }
}

impl MachineDesign {
    /// The function that its trigger runs; it is named as the trigger is.
    pub fn guard<'a>(&'a self, table: &'a QualifiedName) -> TransitionGuard<'a> {
        TransitionGuard {
            function: QualifiedName::new(table.namespace.clone(), self.trigger.clone()),
            table,
            column: &self.column,
            initial: self.initial.as_deref(),
            transitions: self
                .transitions
                .iter()
                .map(|(from, to)| (&**from, to.iter().map(|state| &**state).collect()))
                .collect(),
            initial_rule: self.initial_rule.clone(),
            transition_rule: self.transition_rule.clone(),
        }
    }

    /// The states that may follow one.
    pub fn followers(&self, state: &str) -> &[String] {
        let found = self.transitions.iter().find(|(from, _)| from == state);
        found.map_or(&[], |(_, to)| to.as_slice())
    }
}

/// What an index is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexDesign {
    /// The index, a key of [`Schema::indexes`]; or a constraint's own index.
    pub index: QualifiedName,
    /// The names of the queries that it serves, which the plans are checked for.
    pub serves: Vec<String>,
    /// The foreign keys whose checks and cascades it supports.
    pub supports: Vec<Ident>,
    /// Why it is there, in a sentence.
    pub reason: String,
}

/// A statement that an access pattern became.
#[derive(Debug, Clone)]
pub struct Query {
    /// The pattern.
    pub pattern: PatternId,
    /// The pattern's name, unique among queries.
    pub name: String,
    /// The main table.
    pub table: QualifiedName,
    /// All tables that it touches, the main one first.
    pub tables: Vec<QualifiedName>,
    /// Whether it reads or writes.
    pub kind: AccessKind,
    /// The statement; `None` where the pattern says too little, for the reason in `remark`.
    pub statement: Option<Statement>,
    /// What was understood, as a statement, where the pattern asks for more than that. Nothing is built for it or claimed of it.
    pub draft: Option<Statement>,
    /// Its parameters, `$1` first. Empty for SQL that a document gave.
    pub parameters: Vec<Parameter>,
    /// The stretches of time, such as the last 30 days, for which it asks the clock.
    pub windows: Vec<QueryWindow>,
    /// The list whose next page it gives.
    pub follows: Option<String>,
    /// The query that it is with the filters that a caller may leave out.
    pub narrows: Option<String>,
    /// The index that its plan must use, where one was promised.
    pub promised_index: Option<QualifiedName>,
    /// Indexes that the planner may take instead at no loss, because they begin alike.
    pub equivalent_indexes: Vec<QualifiedName>,
    /// What was left out of the statement or chosen for want of a statement.
    pub remark: Option<String>,
    /// As written.
    pub frequency: Option<String>,
    /// Calls in a second.
    pub per_second: Option<f64>,
    /// The objective in milliseconds.
    pub latency_ms: Option<f64>,
}

/// A stretch of time in which the moments of a column lie that a query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryWindow {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: Ident,
    /// The stretch.
    pub window: Window,
}

/// One parameter of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// A name for people, such as `merchant_id` or `created_at_from`.
    pub name: String,
    /// Its type.
    pub data_type: Type,
    /// The table and column that its values come from, where there is one.
    pub column: Option<(QualifiedName, Ident)>,
    /// What it does in the statement.
    pub role: ParameterRole,
}

/// What a parameter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterRole {
    /// Is equal to a column.
    Equals,
    /// Is a lower bound.
    Lower,
    /// Is an upper bound.
    Upper,
    /// Is a list, one of which is equal to a column.
    AnyOf,
    /// Is what a text is searched for.
    Search,
    /// Is what a text begins with.
    Beginning,
    /// Is a part of a text.
    Part,
    /// Is contained in a JSON column.
    Contained,
    /// Is a new value of a column.
    Value,
    /// Is a new value of a column, which stays as it is where the parameter is NULL.
    IfGiven,
    /// Is a list of new values of a column, one for each row that is added.
    Rows,
    /// Is what the last row of the page before has in a column.
    After,
    /// Is how many rows are passed over.
    Skipped,
    /// Is what a column is to be near to.
    Near,
}

/// What the documents print besides the schema. Each text is a finished sentence or two.
#[derive(Debug, Clone, Default)]
pub struct Plans {
    /// Caches that a pattern earns: the pattern's name and why.
    pub caches: Vec<(String, String)>,
    /// Why there is no cache, where there is none.
    pub no_cache_reason: Option<String>,
    /// Where files, search and the rest live: purpose, technology, reason.
    pub storage: Vec<(String, String, String)>,
    /// For each table that grows or is kept for a time: the table, what is done, why.
    pub partitioning: Vec<(QualifiedName, String, String)>,
    /// Backup and recovery: what, value, why. `RPO`, `RTO`, `Full backup`, ...
    pub backup: Vec<(String, String, String)>,
    /// Retention: the table, the period and what is done.
    pub retention: Vec<(QualifiedName, String, String)>,
    /// Soft deletion: the table and how, or why not.
    pub soft_delete: Vec<(QualifiedName, String)>,
    /// Reads and writes in a second over all patterns with a frequency.
    pub reads_per_second: f64,
    /// Likewise, writes.
    pub writes_per_second: f64,
}
