//! The `underpin` binary: everything is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    underpin_cli::main()
}
