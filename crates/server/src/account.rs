//! The user account that a server runs under.
//!
//! PostgreSQL refuses to run as root. Started by root (a container, a build machine), the server therefore runs
//! as an unprivileged account of the machine, and its folder belongs to that account.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Accounts to run a server under when started as root, best first: those that packages of PostgreSQL make, then
/// the one that owns nothing.
const UNPRIVILEGED: [&str; 4] = ["postgres", "_postgres", "pgsql", "nobody"];

/// Whom a server runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Account {
    /// The user who runs Underpin.
    Own {
        /// Its number.
        uid: u32,
    },
    /// Another account, since we are root.
    Other {
        /// Its name in the user database.
        name: String,
        /// Its number.
        uid: u32,
        /// The number of its main group.
        gid: u32,
    },
}

impl Account {
    /// The account for a server that this process starts; `None` for root on a machine with no other account.
    pub(crate) fn for_servers() -> Option<Self> {
        let uid = rustix::process::geteuid().as_raw();
        if uid != 0 {
            return Some(Self::Own { uid });
        }
        let file = File::open("/etc/passwd").ok()?;
        let lines: Vec<String> = BufReader::new(file).lines().map_while(Result::ok).collect();
        UNPRIVILEGED
            .iter()
            .find_map(|wanted| lines.iter().find_map(|line| Self::from_line(line, wanted)))
    }

    /// Reads a line of `/etc/passwd`: name, password, uid, gid and more, separated by colons.
    fn from_line(line: &str, wanted: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| *name == wanted)?;
        let uid = fields.nth(1)?.parse().ok().filter(|uid| *uid != 0)?;
        let gid = fields.next()?.parse().ok()?;
        Some(Self::Other { name: name.to_owned(), uid, gid })
    }

    /// The number of the account.
    pub(crate) fn uid(&self) -> u32 {
        match self {
            Self::Own { uid } | Self::Other { uid, .. } => *uid,
        }
    }

    /// Makes a command run as this account.
    pub(crate) fn run(&self, command: &mut Command) {
        if let Self::Other { uid, gid, .. } = self {
            command.uid(*uid).gid(*gid);
        }
    }

    /// Gives a path to this account.
    pub(crate) fn own(&self, path: &Path) -> std::io::Result<()> {
        match self {
            Self::Own { .. } => Ok(()),
            Self::Other { uid, gid, .. } => chown(path, Some(*uid), Some(*gid)),
        }
    }

    /// Whether this account can enter the folder and all folders above it. Groups are not looked at: a folder
    /// that only a group may enter counts as closed.
    pub(crate) fn can_enter(&self, folder: &Path) -> bool {
        match self {
            // Our own way in is tried, not predicted.
            Self::Own { .. } => true,
            Self::Other { uid, .. } => folder.canonicalize().is_ok_and(|folder| {
                folder.ancestors().all(|folder| {
                    folder.metadata().is_ok_and(|folder| {
                        let needed = if folder.uid() == *uid { 0o100 } else { 0o001 };
                        folder.mode() & needed != 0
                    })
                })
            }),
        }
    }
}

impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Own { uid } => write!(f, "your own account (uid {uid})"),
            Self::Other { name, .. } => write!(f, "the account `{name}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_closed_folder_is_closed_to_another_account() {
        let other =
            Account::Other { name: "other".to_owned(), uid: u32::MAX - 7, gid: u32::MAX - 7 };
        let closed = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in("/tmp")
            .unwrap();
        let below = closed.path().join("open");
        std::fs::create_dir(&below).unwrap();
        assert!(other.can_enter(Path::new("/tmp")));
        assert!(!other.can_enter(closed.path()) && !other.can_enter(&below));
        assert!(!other.can_enter(Path::new("/no/such/folder")));
    }

    #[test]
    fn lines_of_the_user_database() {
        let line = "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash";
        assert_eq!(
            Account::from_line(line, "postgres"),
            Some(Account::Other { name: "postgres".to_owned(), uid: 101, gid: 104 })
        );
        assert_eq!(Account::from_line(line, "nobody"), None);
        assert_eq!(
            Account::from_line("postgres:x:0:0::/root:/bin/sh", "postgres"),
            None,
            "another name of root"
        );
        assert_eq!(Account::from_line("postgres:x", "postgres"), None);
    }
}
