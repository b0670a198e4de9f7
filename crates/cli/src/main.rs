//! The `underpin` binary: everything is in the library beside it.

use std::process::ExitCode;

/// Reading makes many small strings: a quarter of its time went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    underpin_cli::main()
}
