//! The built binary, run as a user would run it. One program, so that it is linked once.

#![expect(clippy::unwrap_used, reason = "what a test cannot unwrap fails it")]

mod advise;
mod bench;
mod check;
mod commands;
mod draft;
mod examples;
mod explain;
mod foreign;
mod generate;
mod input;
mod interactive;
mod interrupt;
mod kept_sql;
mod model;
mod model_file;
mod names;
mod output;
mod pgtap;
mod profile;
mod round_trip;
mod server;
mod shared_server;
mod squawk;
mod verify_script;

use std::path::PathBuf;

use underpin_testkit::Binary;

/// The binary under test.
fn underpin() -> Binary {
    Binary::at(env!("CARGO_BIN_EXE_underpin"))
}

/// The root of the repository.
fn root() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().expect("the crate stands in the repository")
}

/// A document with one entity, for tests that are about something else.
const USER: &str = "# Notes\n\n## User\n\n| Field | Type | Required |\n| --- | --- | --- |\n| id | uuid | yes |\n\
                    | email | varchar(255) | yes |\n";
