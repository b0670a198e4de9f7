//! Claims, thresholds, evidence and verdicts: pure data. `physical` states claims, `verify` judges
//! them, `emit` prints them.
#![deny(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fmt;

/// A claim's stable id, such as `constraint/orders/orders_total_check`: the same from run to run as
/// long as the object keeps its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId(String);

impl ClaimId {
    /// The id of the claim of `family` about `subject`.
    pub fn new(family: Family, subject: &Subject) -> Self {
        let mut id = family.as_str().to_owned();
        for part in [subject.table.as_deref(), subject.object.as_deref()].into_iter().flatten() {
            id.push('/');
            id.push_str(part);
        }
        Self(id)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of sentence a claim is; each family has one probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The whole script applies to an empty database in one transaction.
    Applies,
    /// What a server holds afterwards is what was designed.
    Introspects,
    /// Applying the plan again changes nothing.
    Idempotent,
    /// The initial migration goes down and up again, leaving no trace and no difference.
    Reversible,
    /// A column refuses NULL.
    NotNull,
    /// A row that says nothing of a column gets what was decided for it.
    Default,
    /// A table begins with the rows that the documents list.
    Seeds,
    /// The server counts a column up, and takes no number from outside where that was decided.
    Identity,
    /// A key refuses a second row with the same values.
    Unique,
    /// A CHECK refuses what breaks it and accepts what does not.
    Check,
    /// An exclusion constraint refuses a row that overlaps with another.
    Exclusion,
    /// A foreign key refuses a reference to a row that is not there.
    ForeignKey,
    /// Deleting the row referred to does what was decided: takes along, refuses, or lets go.
    OnDelete,
    /// Roles, owners and grants are as designed, also where the script is run again.
    Access,
    /// An application's role uses the tables of its context, and is refused those of others.
    Isolation,
    /// An id of another context is taken as it is.
    Crossing,
    /// Rows are born in the initial state only, and take only the allowed transitions.
    Lifecycle,
    /// A row lives each legal life, from its birth to its deletion.
    Life,
    /// A statement that changes a state takes a row through each step of its life cycle.
    StateChange,
    /// No row stands above itself in a tree.
    Acyclic,
    /// The rows that belong to one row come to no more than its bound.
    Limit,
    /// What is done to rows only beside an owner in some state is refused beside any other.
    OwnerState,
    /// A value of a row is held against one of the row that it belongs to.
    OwnerBound,
    /// Rows that belong to a row keep it from a step or a change, while they are there or while none is.
    Hold,
    /// A change that does not follow the version that was read is refused.
    Version,
    /// What never changes is refused another value, and a row that stays its deletion.
    Unchanged,
    /// Whatever changes a row, the time of its last change is kept.
    Touch,
    /// As many of the generated rows have a value as is stated, and the planner knows it.
    Share,
    /// A row lies in the partition of its time, and one that no partition covers in the default one.
    Partitioned,
    /// The function that keeps partitions makes and drops what it must, twice and from two sessions as well.
    Upkeep,
    /// A pattern's query is prepared against the schema with the types that it promises.
    Prepares,
    /// A pattern's plan uses the index that was promised.
    Serves,
    /// A pattern's plan reads no partition but those of the time that it asks for.
    Prunes,
    /// What a deletion searches among the rows that may refer to the row, it finds by an index.
    Supports,
    /// A pattern answers within its objective on the generated data.
    Latency,
    /// A query takes the same way however many rows there are, and its work grows no faster than it must.
    Growth,
    /// The calls that the documents state, all together at their rates, are answered in time, and none locks another out.
    Load,
    /// Without an object of the schema, or with a weaker one, a proven claim is refuted; without an index, what it serves
    /// gets slower.
    Necessity,
}

impl Family {
    /// All families, in the order in which they are printed.
    pub const ALL: [Self; 38] = [
        Self::Applies,
        Self::Introspects,
        Self::Idempotent,
        Self::Reversible,
        Self::NotNull,
        Self::Default,
        Self::Seeds,
        Self::Identity,
        Self::Unique,
        Self::Check,
        Self::Exclusion,
        Self::ForeignKey,
        Self::OnDelete,
        Self::Access,
        Self::Isolation,
        Self::Crossing,
        Self::Lifecycle,
        Self::Life,
        Self::StateChange,
        Self::Acyclic,
        Self::Limit,
        Self::OwnerState,
        Self::OwnerBound,
        Self::Hold,
        Self::Version,
        Self::Unchanged,
        Self::Touch,
        Self::Share,
        Self::Partitioned,
        Self::Upkeep,
        Self::Prepares,
        Self::Serves,
        Self::Prunes,
        Self::Supports,
        Self::Latency,
        Self::Growth,
        Self::Load,
        Self::Necessity,
    ];

    /// The word in ids and in `evidence.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applies => "applies",
            Self::Introspects => "introspects",
            Self::Idempotent => "idempotent",
            Self::Reversible => "reversible",
            Self::NotNull => "not_null",
            Self::Default => "default",
            Self::Seeds => "seeds",
            Self::Identity => "identity",
            Self::Unique => "unique",
            Self::Check => "check",
            Self::Exclusion => "exclusion",
            Self::ForeignKey => "foreign_key",
            Self::OnDelete => "on_delete",
            Self::Access => "access",
            Self::Isolation => "isolation",
            Self::Crossing => "crossing",
            Self::Lifecycle => "lifecycle",
            Self::Life => "life",
            Self::StateChange => "state_change",
            Self::Acyclic => "acyclic",
            Self::Limit => "limit",
            Self::OwnerState => "owner_state",
            Self::OwnerBound => "owner_bound",
            Self::Hold => "hold",
            Self::Version => "version",
            Self::Unchanged => "unchanged",
            Self::Touch => "touch",
            Self::Share => "share",
            Self::Partitioned => "partitioned",
            Self::Upkeep => "upkeep",
            Self::Prepares => "prepares",
            Self::Serves => "serves",
            Self::Prunes => "prunes",
            Self::Supports => "supports",
            Self::Latency => "latency",
            Self::Growth => "growth",
            Self::Load => "load",
            Self::Necessity => "necessity",
        }
    }
}

/// What a claim is about. Names are as in the catalog, unquoted.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The table, where one is meant; for patterns, the pattern's entity's table.
    pub table: Option<String>,
    /// The column, constraint, index, life cycle's column or pattern.
    pub object: Option<String>,
}

impl Subject {
    /// The whole design.
    pub fn whole() -> Self {
        Self::default()
    }

    /// An object of a table.
    pub fn of(table: impl Into<String>, object: impl Into<String>) -> Self {
        Self { table: Some(table.into()), object: Some(object.into()) }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.table, &self.object) {
            (Some(table), Some(object)) => write!(f, "{table}.{object}"),
            (Some(name), None) | (None, Some(name)) => f.write_str(name),
            (None, None) => f.write_str("schema"),
        }
    }
}

/// A value that was measured or is demanded. Units are part of the name: `p95_ms`, `rows`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A count.
    Integer(i64),
    /// A quantity.
    Number(f64),
    /// Words.
    Text(String),
    /// Yes or no.
    Boolean(bool),
    /// Several values.
    List(Vec<Value>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value:.3}"),
            Self::Text(value) => f.write_str(value),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::List(values) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                f.write_str(&values.join(", "))
            }
        }
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

/// Named values, in the order of their names.
pub type Measures = BTreeMap<String, Value>;

/// A sentence of the design that could be false.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Stable from run to run.
    pub id: ClaimId,
    /// Which probe judges it.
    pub family: Family,
    /// What it is about.
    pub subject: Subject,
    /// The sentence.
    pub statement: String,
    /// What is demanded, such as `latency_ms` or `index`.
    pub threshold: Measures,
}

impl Claim {
    /// A claim with the id that its family and subject give it.
    pub fn new(family: Family, subject: Subject, statement: impl Into<String>) -> Self {
        let id = ClaimId::new(family, &subject);
        Self { id, family, subject, statement: statement.into(), threshold: Measures::new() }
    }

    /// The claim with an id of its own among several about the same subject.
    #[must_use]
    pub fn on(mut self, aspect: &str) -> Self {
        self.id.0.push('/');
        self.id.0.push_str(aspect);
        self
    }

    /// Adds something that is demanded.
    #[must_use]
    pub fn demand(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.threshold.insert(name.to_owned(), value.into());
        self
    }
}

/// How a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The probe tried to refute it and could not.
    Proven,
    /// The probe found it false.
    Refuted,
    /// The probe could not run; `Evidence::note` says why.
    NotRun,
    /// Nobody can probe it here; it rests on an assumption.
    Assumed,
}

impl Verdict {
    /// The word in `evidence.json`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Refuted => "refuted",
            Self::NotRun => "not_run",
            Self::Assumed => "assumed",
        }
    }
}

/// What a probe found out about one claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The claim.
    pub claim: ClaimId,
    /// The judgement.
    pub verdict: Verdict,
    /// What was measured, counted or seen.
    pub measured: Measures,
    /// For a refuted claim what was seen instead, for one not run the reason.
    pub note: Option<String>,
    /// How long the probe took.
    pub seconds: f64,
}

impl Evidence {
    /// Evidence with nothing measured yet.
    pub fn new(claim: &Claim, verdict: Verdict) -> Self {
        Self {
            claim: claim.id.clone(),
            verdict,
            measured: Measures::new(),
            note: None,
            seconds: 0.0,
        }
    }

    /// Adds something measured.
    #[must_use]
    pub fn measure(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.measured.insert(name.to_owned(), value.into());
        self
    }

    /// Says what was seen, or why nothing was.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// Where and on what the probes ran.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Environment {
    /// The server's `version()`, or `None` where nothing was run.
    pub server_version: Option<String>,
    /// Facts of the run, such as the seed of the data and the rows generated in each table.
    pub facts: Measures,
}

/// All evidence of one run, in the order of the claims.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verification {
    /// Where it ran.
    pub environment: Environment,
    /// One for each claim.
    pub evidence: Vec<Evidence>,
}

impl Verification {
    /// What there is when nothing is run: each claim `not run`, for that reason.
    pub fn not_run(claims: &[Claim], reason: &str) -> Self {
        let evidence =
            claims.iter().map(|claim| Evidence::new(claim, Verdict::NotRun).note(reason)).collect();
        Self { environment: Environment::default(), evidence }
    }

    /// The evidence for a claim.
    pub fn of(&self, claim: &ClaimId) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| evidence.claim == *claim)
    }

    /// How many claims have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.evidence.iter().filter(|evidence| evidence.verdict == verdict).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_name_family_table_and_object() {
        let claim = Claim::new(Family::Check, Subject::of("orders", "orders_total_check"), "x");
        assert_eq!(claim.id.as_str(), "check/orders/orders_total_check");
        assert_eq!(Claim::new(Family::Applies, Subject::whole(), "x").id.as_str(), "applies");
    }

    #[test]
    fn what_was_not_run_says_why() {
        let claim = Claim::new(Family::Applies, Subject::whole(), "x");
        let verification = Verification::not_run(std::slice::from_ref(&claim), "asked not to");
        assert_eq!(verification.count(Verdict::NotRun), 1);
        assert_eq!(
            verification.of(&claim.id).and_then(|evidence| evidence.note.as_deref()),
            Some("asked not to")
        );
    }
}
