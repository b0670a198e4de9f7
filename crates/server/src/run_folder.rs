//! The folder of one running server: its data, its socket, its log, and the lock that says who owns it.
//!
//! The lock is one that the operating system holds for the life of our process and gives up when the process ends,
//! however it ends. Who can take the lock of a folder therefore knows that its owner is gone.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What the name of every run folder begins with.
pub(crate) const PREFIX: &str = "underpin-pg-";
/// The file in it that is locked while the owner lives; it holds the owner's process id, for people.
pub(crate) const LOCK: &str = "owner.lock";
/// The data folder in it.
pub(crate) const DATA: &str = "data";
/// The log in it.
pub(crate) const LOG: &str = "server.log";

/// A run folder that this process owns.
#[derive(Debug)]
pub(crate) struct RunFolder {
    path: PathBuf,
    /// Held, never read: closing it gives up the lock.
    _lock: File,
}

impl RunFolder {
    /// Makes a folder that only we can enter, and locks it.
    pub(crate) fn create(temporary: &Path) -> io::Result<Self> {
        loop {
            let folder = tempfile::Builder::new()
                .prefix(PREFIX)
                .permissions(Permissions::from_mode(0o700))
                .tempdir_in(temporary)?;
            let lock_path = folder.path().join(LOCK);
            let mut lock = OpenOptions::new().write(true).create_new(true).open(&lock_path)?;
            match lock.try_lock() {
                // Between the creation of the file and its lock a sweep may have taken the folder for orphaned;
                // then it is not ours any more and another one is made.
                Ok(()) if lock_path.exists() => {
                    writeln!(lock, "{}", std::process::id())?;
                    return Ok(Self { path: folder.keep(), _lock: lock });
                }
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the folder with all that is in it, and gives up the lock.
    pub(crate) fn remove(self) -> io::Result<()> {
        std::fs::remove_dir_all(&self.path)
    }
}

/// The last lines of a log, for an error message.
pub(crate) fn tail(log: &Path) -> String {
    const LINES: usize = 12;
    let text = std::fs::read(log)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
