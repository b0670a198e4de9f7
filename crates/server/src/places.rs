//! Where servers live while they run, and where what they share is kept between runs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::account::Account;

/// The longest path of a Unix socket that every supported system takes, in bytes: macOS has room for 104 with the
/// closing NUL, Linux for 108.
const SOCKET_PATH_LIMIT: usize = 103;

/// What a run folder adds to the temporary folder before the socket's own name is complete.
const SOCKET_TAIL: &str = "/underpin-pg-XXXXXX/.s.PGSQL.5432";

/// The folders that private servers use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Holds one folder per running server; must be short enough for a socket path.
    pub temporary: PathBuf,
    /// Holds initialised data folders and fetched programs. Without one, every start initialises anew.
    pub cache: Option<PathBuf>,
}

impl Places {
    /// The places on this machine, with the environment of this process.
    ///
    /// The temporary folder is the one of `TMPDIR`, or `/tmp` where that is too long for a socket or closed to the
    /// account that the server runs under. The cache is `UNDERPIN_CACHE`; else `underpin` in `XDG_CACHE_HOME`;
    /// else `~/.cache/underpin`, on macOS `~/Library/Caches/underpin`, and for root `/var/cache/underpin`, since no
    /// other account can enter root's home.
    pub fn on_this_machine() -> Self {
        Self {
            temporary: temporary(std::env::temp_dir(), Account::for_servers().as_ref()),
            cache: cache(|name| std::env::var_os(name), rustix::process::geteuid().is_root()),
        }
    }
}

fn temporary(wanted: PathBuf, account: Option<&Account>) -> PathBuf {
    let fits = wanted.as_os_str().len() + SOCKET_TAIL.len() <= SOCKET_PATH_LIMIT;
    // A folder that does not exist is kept: using it says so, where `/tmp` in its stead would hide the mistake.
    let open = account.is_none_or(|account| !wanted.is_dir() || account.can_enter(&wanted));
    if fits && open { wanted } else { PathBuf::from("/tmp") }
}

fn cache(variable: impl Fn(&str) -> Option<OsString>, root: bool) -> Option<PathBuf> {
    let folder = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(own) = folder("UNDERPIN_CACHE") {
        return Some(own);
    }
    if let Some(shared) = folder("XDG_CACHE_HOME") {
        return Some(shared.join("underpin"));
    }
    let usual =
        if cfg!(target_os = "macos") { "Library/Caches/underpin" } else { ".cache/underpin" };
    if root {
        Some(Path::new("/var/cache/underpin").to_owned())
    } else {
        folder("HOME").map(|home| home.join(usual))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_temporary_folder_gives_way() {
        let long = PathBuf::from(format!("/{}", "x".repeat(80)));
        assert_eq!(temporary(long, None), PathBuf::from("/tmp"));
        assert_eq!(temporary("/var/tmp".into(), None), PathBuf::from("/var/tmp"));
    }

    #[test]
    fn a_socket_path_fits_where_the_folder_was_taken() {
        let longest =
            PathBuf::from(format!("/{}", "x".repeat(SOCKET_PATH_LIMIT - SOCKET_TAIL.len() - 1)));
        assert_eq!(temporary(longest.clone(), None), longest);
    }

    #[test]
    fn the_cache_by_rank() {
        let with = |set: &'static [(&str, &str)]| {
            cache(
                |name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()),
                false,
            )
        };
        assert_eq!(
            with(&[("UNDERPIN_CACHE", "/a"), ("XDG_CACHE_HOME", "/b"), ("HOME", "/c")]),
            Some("/a".into())
        );
        assert_eq!(with(&[("XDG_CACHE_HOME", "/b"), ("HOME", "/c")]), Some("/b/underpin".into()));
        assert_eq!(
            with(&[("XDG_CACHE_HOME", "relative")]),
            None,
            "the specification says to ignore it"
        );
        assert_eq!(cache(|_| None, true), Some("/var/cache/underpin".into()));
    }
}
