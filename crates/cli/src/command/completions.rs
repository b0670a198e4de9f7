//! `underpin completions`: a script that completes commands and options in a shell.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::exit::{Exit, Failure};

pub(super) fn run(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "underpin", &mut script);
    super::product(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Success)
}
