//! Why a private server could not be started.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::SessionError;

/// Why a private server could not be started. Each message says what to do.
#[derive(Debug)]
pub enum StartError {
    /// The run was interrupted; nothing new starts.
    Interrupted,
    /// We are root, PostgreSQL refuses to run as root, and the machine has no account to run it under.
    NoAccount,
    /// A folder or file could not be made, copied or handed over.
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A program could not be run at all.
    Spawn {
        /// Which.
        program: PathBuf,
        /// The account it was to run under.
        account: String,
        /// What the system said.
        source: io::Error,
    },
    /// `initdb` gave up.
    Initialise {
        /// The last lines that it printed.
        output: String,
    },
    /// The server ended before it took connections.
    Exited {
        /// The last lines of its log.
        log: String,
    },
    /// The server runs and takes no connection.
    NotReady {
        /// How long we waited.
        after: Duration,
        /// What the last attempt said.
        last: SessionError,
        /// The last lines of its log.
        log: String,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("the run was interrupted before the server was started"),
            Self::NoAccount => f.write_str(
                "PostgreSQL does not run as root, and this machine has no account `postgres` or `nobody` to run it \
                 under; create one (`useradd --system postgres`) or run as an ordinary user",
            ),
            Self::Folder { path, source } => {
                write!(f, "`{}` cannot be used for a private server: {source}", path.display())?;
                match source.kind() {
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                        f.write_str("; free some space, or set TMPDIR to a folder that has it")
                    }
                    _ => f.write_str("; set TMPDIR to a folder that can be written"),
                }
            }
            Self::Spawn { program, account, source } => write!(
                f,
                "`{}` cannot be run under {account}: {source}; the program and the folders above it must be open to \
                 that account",
                program.display()
            ),
            Self::Initialise { output } => write!(f, "initdb failed:\n{output}"),
            Self::Exited { log } => write!(f, "the private server ended while it was starting:\n{log}"),
            Self::NotReady { after, last, log } => {
                write!(f, "the private server took no connection within {} s: {last}\n{log}", after.as_secs())
            }
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Folder { source, .. } | Self::Spawn { source, .. } => Some(source),
            Self::NotReady { last, .. } => Some(last),
            Self::Interrupted | Self::NoAccount | Self::Initialise { .. } | Self::Exited { .. } => {
                None
            }
        }
    }
}
