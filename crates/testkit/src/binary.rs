//! Running the built `underpin` as a user would, and what came of it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The binary under test, ready to be run once.
#[derive(Debug)]
pub struct Binary {
    command: Command,
}

/// What a run ended with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The exit code; none where a signal ended the process.
    pub code: Option<i32>,
    /// Standard output: the product.
    pub stdout: String,
    /// Standard error: progress and diagnostics.
    pub stderr: String,
}

impl Binary {
    /// `path` is `env!("CARGO_BIN_EXE_underpin")` of the calling test.
    ///
    /// The run sees no terminal, no standard input and none of the user's own settings of Underpin.
    pub fn at(path: &str) -> Self {
        let mut command = Command::new(path);
        command.stdin(Stdio::null()).env("NO_COLOR", "1");
        for (name, _) in std::env::vars_os() {
            // Where the servers are is the machine's matter; everything else would make a test depend on it.
            if name.to_string_lossy().starts_with("UNDERPIN_") && name != "UNDERPIN_PG_BIN" {
                command.env_remove(name);
            }
        }
        Self { command }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Runs it in this folder.
    #[must_use]
    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The command itself, for a test that has to signal the process while it runs.
    pub fn into_command(self) -> Command {
        self.command
    }

    /// Runs to the end.
    ///
    /// # Panics
    /// Where the binary does not start, or prints what is not UTF-8.
    #[track_caller]
    pub fn run(mut self) -> Ran {
        let output = self
            .command
            .output()
            .unwrap_or_else(|error| panic!("{:?} does not start: {error}", self.command));
        Ran::from(output)
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }
}

impl Ran {
    /// Fails, with all that was printed, unless the exit code is this one.
    ///
    /// # Panics
    /// Where it is another.
    #[track_caller]
    #[must_use = "the exit code alone says little: look at what was printed too, or drop it by name"]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "exit code\n--- standard output\n{}\n--- standard error\n{}",
            self.stdout,
            self.stderr
        );
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_streams_and_the_code_are_kept() {
        let ran = Binary::at("sh").args(["-c", "echo out; echo err >&2; exit 3"]).run();
        assert_eq!(
            ran.expect_code(3),
            Ran { code: Some(3), stdout: "out\n".to_owned(), stderr: "err\n".to_owned() }
        );
    }

    #[test]
    fn the_environment_is_settled() {
        let ran = Binary::at("sh").env("X", "1").args(["-c", "echo $NO_COLOR$X"]).run();
        assert_eq!(ran.stdout, "11\n");
    }
}
