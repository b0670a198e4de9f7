//! Why PostgreSQL could not be fetched.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::find::{FindError, Problem};

/// Why PostgreSQL could not be fetched.
#[derive(Debug)]
pub enum FetchError {
    /// Nobody builds an archive for this machine.
    NoArchive {
        /// Its processor and system.
        machine: String,
    },
    /// There is no folder to keep it in.
    NoCache,
    /// No answer: offline, a wrong address, a proxy in the way.
    Unreachable {
        /// What was asked for.
        url: String,
        /// What went wrong.
        message: String,
    },
    /// The server has no such file, or will not hand it out.
    Status {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The transfer broke off. What came is kept, and the next attempt continues there.
    Broken {
        /// What was asked for.
        url: String,
        /// How many bytes are here.
        received: u64,
        /// How many there should be, where the server told.
        total: Option<u64>,
    },
    /// What came is not what the checksum says. It was removed.
    Checksum {
        /// What was asked for.
        url: String,
        /// The checksum that was published, or what stood in its place.
        expected: String,
        /// The checksum of what came; `None` where what was published is no checksum.
        found: Option<String>,
    },
    /// The archive arrived whole, and its programs do not run here. It was removed.
    Unusable {
        /// Where it came from.
        url: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A file could not be written.
    Disk {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoArchive { machine } => {
                write!(f, "there is no archive of PostgreSQL to fetch for {machine}")
            }
            Self::NoCache => f.write_str(
                "there is no folder to fetch PostgreSQL into: set HOME, or UNDERPIN_CACHE to one",
            ),
            Self::Unreachable { url, message } => write!(
                f,
                "{url} cannot be reached ({message}); check the network and the proxy settings, or set \
                 UNDERPIN_PG_ARCHIVE_URL to a mirror"
            ),
            Self::Status { url, status } => write!(
                f,
                "{url} was answered with HTTP status {status}; if UNDERPIN_PG_ARCHIVE_URL is set, check it"
            ),
            Self::Broken { url, received, total } => {
                write!(f, "the transfer of {url} broke off after {received} bytes")?;
                if let Some(total) = total {
                    write!(f, " of {total}")?;
                }
                f.write_str("; run it again to continue")
            }
            Self::Checksum { url, expected, found: Some(found) } => write!(
                f,
                "{url} is damaged or was tampered with: its SHA-256 is {found} and not {expected}; it was removed"
            ),
            Self::Checksum { url, expected, found: None } => {
                write!(
                    f,
                    "{url}.sha256 holds `{expected}`, which is no SHA-256; nothing was fetched"
                )
            }
            Self::Unusable { url, problem } => {
                write!(
                    f,
                    "the programs of {url} are of no use on this machine: {problem}; they were removed"
                )
            }
            Self::Disk { path, source } => write!(
                f,
                "`{}` cannot be written: {source}; set UNDERPIN_CACHE to a folder with some 100 MB of room",
                path.display()
            ),
        }
    }
}

impl std::error::Error for FetchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Disk { source, .. } => Some(source),
            Self::NoArchive { .. }
            | Self::NoCache
            | Self::Unreachable { .. }
            | Self::Status { .. }
            | Self::Broken { .. }
            | Self::Checksum { .. }
            | Self::Unusable { .. } => None,
        }
    }
}

/// Why there is no PostgreSQL: it was not found, and could not be fetched.
#[derive(Debug)]
pub struct ObtainError {
    /// Why none was found.
    pub find: Box<FindError>,
    /// Why none was fetched; `None` where it was not tried, since the user named a folder.
    pub fetch: Option<Box<FetchError>>,
}

impl fmt::Display for ObtainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.find.fmt(f)?;
        self.fetch.as_ref().map_or(Ok(()), |fetch| write!(f, "\nfetching it failed too: {fetch}"))
    }
}

impl std::error::Error for ObtainError {}
