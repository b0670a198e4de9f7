//! What acts on a server for a purpose: making a schema there, asking how the server writes one, and
//! loading data in bulk.
//!
//! Invariant: an act is done wholly or not at all, and only in the session that it was given.

mod apply;
mod bulk;
mod canonical;
mod helping_hand;
mod install;
mod load;
mod passed_over;
mod what_if;

pub use apply::{Applied, ApplyError, LOCK_TIMEOUT_MILLISECONDS, apply, apply_plan, apply_text};
pub use bulk::{Halves, Loaded, Unkept, bulk_load};
pub use canonical::canonical;
pub use install::{InstallError, Installed, Installer, PassedOver};
pub use load::{copy_in, copy_in_by};
pub use what_if::{
    Analysed, Asked, HypotheticalPlanner, MadePlanner, SampleError, Sampled, Shared, Unplanned,
    WhatIfError, analyse, analyse_all, counted, declare_what_if, facts, gather_statistics, prepare,
    sample,
};
