//! The command line: the only crate that touches files, the environment and the terminal, and the only one that
//! promises a serialised form.

mod arguments;
mod codes;
mod command;
mod exit;
mod expression_edits;
mod input;
mod interrupt;
mod model_file;
mod output;
mod pipeline;
mod profile;
mod progress;
mod prove;
mod relative;
mod report;
mod round_trip;
mod terminal;
mod wire;

use std::process::ExitCode;

use clap::Parser;
use underpin_base::{CodeInfo, Sources};

use crate::arguments::Arguments;
use crate::terminal::{Style, aside};

pub use wire::{draft_schema_json, model_schema_json};

/// Every diagnostic code of every crate, for the documentation pages.
pub fn codes() -> Vec<&'static CodeInfo> {
    [
        codes::CODES,
        underpin_read::code::CODES,
        underpin_model::codes::CODES,
        underpin_logical::CODES,
        underpin_physical::CODES,
        &underpin_check::codes(),
    ]
    .concat()
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    tell_of_bugs();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // `--help` and `--version` come here too, and are no failure.
            let _ = error.print();
            return if error.use_stderr() { exit::Exit::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    interrupt::listen();
    let ended = command::run(arguments);
    interrupt::wait_if_ending();
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let colour = Style::of_stderr().colour;
            report::print(std::slice::from_ref(&*failure.diagnostic), &Sources::default(), colour);
            failure.exit.into()
        }
    }
}

/// A panic is a bug of ours: the run ends with 101, and says what to do about it.
fn tell_of_bugs() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let said = panic.payload_as_str().unwrap_or("no message");
        aside(&format!(
            "\nunderpin: this is a bug in underpin {}, not in your documents: {said} ({place})\n\
             Please report it with this message, the command that you ran, and the smallest part of a document with\n\
             which it happens. Nothing was written.\n",
            env!("CARGO_PKG_VERSION")
        ));
    }));
}
