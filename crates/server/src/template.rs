//! The initialised data folder that every start copies.
//!
//! `initdb` takes one to three seconds, a copy a small part of that (and next to nothing where the file system
//! shares blocks between copies). So the first start on a machine keeps its fresh data folder in the cache, made
//! aside and then renamed, and later starts copy it.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::account::Account;
use crate::find::Installation;
use crate::places::Places;
use crate::private::{Private, SUPERUSER};
use crate::run_folder::tail;
use crate::start_error::StartError;

/// Raise it when anything below changes what a fresh data folder holds.
const FORMAT: u32 = 3;

/// The size of a file of the write-ahead log, in MB. A fresh data folder holds one; of the usual 16 MB it would be
/// two fifths of all that a start copies.
const LOG_FILE_SIZE: &str = "4";

/// The locales to initialise with, best first. `C.UTF-8` sorts by code point and knows the letters of Unicode; a
/// `LIKE 'x%'` cannot use an ordinary index under it, just as in most databases in use, so a plan proven here
/// holds there. `C` is for systems that do not have it.
const LOCALES: [&str; 2] = ["C.UTF-8", "C"];

/// The settings of a private server. What the planner looks at stays as PostgreSQL ships it, `jit` included, since
/// plans are evidence about the server that the reader will run.
const SETTINGS: &[(&str, &str)] = &[
    // Reached through the socket in its private folder alone.
    ("listen_addresses", "''"),
    ("port", "5432"),
    ("unix_socket_permissions", "0700"),
    // The data is thrown away: nothing of it has to survive a power cut.
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    // Few checkpoints while data is loaded.
    ("max_wal_size", "'2GB'"),
    ("checkpoint_timeout", "'1h'"),
    // A vacuum or analyze that comes when it likes would change timings and plans between two runs; whoever loads
    // data says VACUUM (ANALYZE) afterwards.
    ("autovacuum", "off"),
    // The same answer on every machine.
    ("timezone", "'UTC'"),
    ("log_timezone", "'UTC'"),
    ("datestyle", "'ISO, MDY'"),
    ("lc_messages", "'C'"),
    ("default_text_search_config", "'pg_catalog.english'"),
];

/// Where the cached data folder of one installation is.
#[derive(Debug)]
pub(crate) struct Template {
    folder: PathBuf,
    /// Where it is made, before the rename.
    aside: PathBuf,
    lock: PathBuf,
}

impl Template {
    /// The place for the template of this installation; `None` without a cache that can be written.
    pub(crate) fn of(
        installation: &Installation,
        account: &Account,
        places: &Places,
    ) -> Option<Self> {
        let templates = places.cache.as_ref()?.join("templates");
        DirBuilder::new().recursive(true).create(&templates).ok()?;
        // Two builds of one version may differ in block size or processor, hence the folder in the key.
        let mut key = Sha256::new();
        for part in
            [installation.bin_dir.as_os_str().as_encoded_bytes(), std::env::consts::ARCH.as_bytes()]
        {
            key.update(part);
            key.update([0]);
        }
        let key = key.finalize();
        let key = u64::from_be_bytes(std::array::from_fn(|at| key[at]));
        let name = format!("pg{}-{}-{FORMAT}-{key:016x}", installation.version, account.uid());
        Some(Self {
            lock: templates.join(format!("{name}.lock")),
            aside: templates.join(format!("{name}.aside")),
            folder: templates.join(name),
        })
    }

    /// Removes the template; false where there was none.
    pub(crate) fn discard(&self) -> bool {
        std::fs::remove_dir_all(&self.folder).is_ok()
    }

    /// Waits until nobody else makes this template. `None` where the cache cannot be written.
    fn locked(&self) -> Option<File> {
        let lock =
            OpenOptions::new().write(true).create(true).truncate(false).open(&self.lock).ok()?;
        lock.lock().ok()?;
        Some(lock)
    }

    /// Keeps a fresh data folder. That is a saving for later and never a reason to fail now.
    fn keep(&self, data: &Path, us: &Account) {
        // What a killed run left half made.
        let _ = std::fs::remove_dir_all(&self.aside);
        if copy(data, &self.aside, us)
            .and_then(|()| std::fs::rename(&self.aside, &self.folder))
            .is_err()
        {
            let _ = std::fs::remove_dir_all(&self.aside);
        }
    }
}

/// Gives a new server its data folder: a copy of the template, or a fresh one where there is none yet.
pub(crate) fn prepare(
    server: &Private,
    installation: &Installation,
    account: &Account,
    template: Option<&Template>,
) -> Result<(), StartError> {
    let data = server.data();
    let Some(template) = template else { return initialise(server, installation, account) };
    if server.undisturbed(|| copied(template, &data, account))? {
        return Ok(());
    }
    // Of several first starts at once one makes the template and the others wait for it.
    let lock = template.locked();
    if lock.is_some() && server.undisturbed(|| copied(template, &data, account))? {
        return Ok(());
    }
    initialise(server, installation, account)?;
    if lock.is_some() {
        template.keep(&data, &Account::Own { uid: rustix::process::geteuid().as_raw() });
    }
    Ok(())
}

/// Copies the template if there is one.
fn copied(template: &Template, data: &Path, account: &Account) -> Result<bool, StartError> {
    if !template.folder.is_dir() {
        return Ok(false);
    }
    match copy(&template.folder, data, account) {
        Ok(()) => Ok(true),
        // Another process found the template damaged and removed it under our hands.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let _ = std::fs::remove_dir_all(data);
            Ok(false)
        }
        Err(source) => Err(StartError::Folder { path: data.to_owned(), source }),
    }
}

/// Copies a data folder and gives the copy to an account. `std::fs::copy` shares blocks where the system can.
fn copy(from: &Path, to: &Path, account: &Account) -> io::Result<()> {
    // PostgreSQL refuses a data folder that others can enter.
    DirBuilder::new().mode(0o700).create(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target, account)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
            account.own(&target)?;
        }
    }
    account.own(to)
}

/// Runs `initdb` and writes our settings.
fn initialise(
    server: &Private,
    installation: &Installation,
    account: &Account,
) -> Result<(), StartError> {
    let data = server.data();
    for locale in LOCALES {
        server.spawn(&installation.program("initdb"), account, |command| {
            command.arg("--pgdata").arg(&data).args(["--username", SUPERUSER, "--auth", "trust"]);
            command.args(["--encoding", "UTF8", "--locale-provider", "libc", "--locale", locale]);
            command.args(["--wal-segsize", LOG_FILE_SIZE, "--no-sync", "--no-instructions"]);
        })?;
        if server.wait()?.success() {
            let path = data.join("postgresql.conf");
            return server.undisturbed(|| {
                configure(&path).map_err(|source| StartError::Folder { path, source })
            });
        }
        if !tail(&server.log()).contains("invalid locale name") {
            break;
        }
    }
    Err(StartError::Initialise { output: tail(&server.log()) })
}

fn configure(file: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(file)?;
    writeln!(file, "\n# Underpin's settings for a private server.")?;
    for (name, value) in SETTINGS {
        writeln!(file, "{name} = {value}")?;
    }
    Ok(())
}
