//! PostgreSQL as data: identifiers, types, expressions, statements, the schema, how to read one from
//! a catalog, and how two differ. Pure. No SQL is put together anywhere else.
#![deny(clippy::disallowed_methods)]
#![warn(missing_docs)]

mod access;
mod assignment;
pub mod binary;
pub mod bound_guard;
mod command;
mod comment;
mod control;
mod copy;
mod ddl;
mod diff;
mod exclusion;
mod expr;
mod guest;
pub mod hold_guard;
mod ident;
mod indexes;
pub mod introspect;
mod keywords;
pub mod limit_guard;
mod mention;
pub mod naming;
mod normalise;
pub mod owner_guard;
mod partition;
mod partition_upkeep;
mod pgbench;
mod pgtap;
mod placeholder;
mod places;
mod plan;
mod platform;
pub mod plpgsql;
mod query;
mod read_forms;
mod schema;
mod scratch_database;
mod statements;
mod text_pattern;
mod tree_query;
mod trial_index;
mod types;
mod verification;
mod what_if;
mod write_forms;

pub use access::{Access, AccessStatement, Grantee, Privilege, Securable};
pub use assignment::{Assignment, Choice, Computed};
pub use command::{ColumnTrait, Command};
pub use comment::{LineComment, Section};
pub use control::Control;
pub use copy::{CopyFile, CopyFormat, CopyIn};
pub use ddl::{CommentTarget, Ddl, Script};
pub use diff::{Difference, Object, Property, diff};
pub use exclusion::{Exclusion, ExclusionElement, ExclusionOperator};
pub use expr::{BinaryOperator, Expr, Literal, quote_literal};
pub use guest::{GuestStatement, OwnerRight};
pub use ident::{Ident, IdentError, QualifiedName};
pub use indexes::Indexes;
pub use mention::{uneven_insert, unknown_names, with_namespaces};
pub use normalise::PrintingPlace;
pub use partition::{Partition, PartitionBound, PartitionMethod, PartitionValue, Partitioning};
pub use partition_upkeep::{PartitionInterval, PartitionUpkeep};
pub use pgbench::{Draw, LoadStatement, PGBENCH_KEYS, PgbenchScript};
pub use pgtap::{Assertion, TestFile};
pub use placeholder::{compared_parameters, numbered_parameters};
pub use places::ScriptPlaces;
pub use plan::{Plan, plan};
pub use platform::StandIn;
pub use query::{
    Delete, Insert, Join, JoinKind, OrderBy, Output, Select, Statement, TableRef, Update,
};
pub use read_forms::{Each, FirstOfEach, FirstOfGroup, Nearest};
pub use schema::{
    CheckConstraint, Column, ForeignKey, Function, Identity, Index, IndexColumn, IndexKey, Key,
    Method, ReferentialAction, Schema, Table, Trigger, TriggerEvent, TriggerTiming,
};
pub use scratch_database::ScratchDatabase;
pub use statements::{ScriptStatement, script_statements, statement_words};
pub use text_pattern::TextPattern;
pub use tree_query::TreeQuery;
pub use trial_index::{TrialStatement, on_a_sample};
pub use types::Type;
pub use verification::Verification;
pub use what_if::{Hypothetical, WhatIfStatement};
pub use write_forms::{BulkInsert, OnConflict, QueueTake, Upsert};
