//! Rows that a table must accept or refuse: values for its columns, the rows that they refer to, rules about
//! them, and which side of a limit a value lies on. `verify` tries them on a server, `emit` writes them down
//! as tests.
//!
//! Invariant: what is not understood of a rule is said to be so (`term: None`), never guessed.
#![deny(clippy::disallowed_methods)]

pub mod dice;
pub mod row;
pub mod rule;
pub mod scale;
pub mod value;
