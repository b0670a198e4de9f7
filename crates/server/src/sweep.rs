//! Removes what a killed run left behind: its server process and its folder.
//!
//! A run that ends in any orderly way removes its own. Only `kill -9`, a crash or a power cut leave something; the
//! next start finds it here. A folder whose lock is held belongs to somebody alive and is never touched; nor is one
//! that belongs to another user.

use std::fs::{File, Metadata, OpenOptions};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::account::Account;
use crate::places::Places;
use crate::process::end_orphan;
use crate::run_folder::{DATA, LOCK, PREFIX};

/// A folder without a lock file is one that is just being made, or one whose maker died in that very moment. Nobody
/// takes this long to make it.
const UNLOCKED_FOR: Duration = Duration::from_mins(10);

/// Sweeps the temporary folder and returns the folders that were removed.
pub fn sweep(places: &Places) -> Vec<PathBuf> {
    let Some(account) = Account::for_servers() else { return Vec::new() };
    let owners = [rustix::process::geteuid().as_raw(), account.uid()];
    let Ok(entries) = std::fs::read_dir(&places.temporary) else { return Vec::new() };
    let mut swept: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX))
        .map(|entry| entry.path())
        .filter(|folder| {
            folder
                .symlink_metadata()
                .is_ok_and(|found| found.is_dir() && owners.contains(&found.uid()))
        })
        .filter(|folder| sweep_folder(folder))
        .collect();
    swept.sort();
    swept
}

fn sweep_folder(folder: &Path) -> bool {
    // The lock is held until the folder is gone, so that of two sweeps at once only one acts.
    let _lock = match OpenOptions::new().write(true).open(folder.join(LOCK)) {
        Ok(lock) if lock.try_lock().is_ok() => Some(lock),
        Ok(_) => return false,
        Err(_) if is_stale(folder) => None::<File>,
        Err(_) => return false,
    };
    let data = folder.join(DATA);
    if let Some(pid) = postmaster(&data) {
        end_orphan(pid, &data);
    }
    std::fs::remove_dir_all(folder).is_ok()
}

fn is_stale(folder: &Path) -> bool {
    folder
        .symlink_metadata()
        .and_then(|found: Metadata| found.modified())
        .is_ok_and(|made| made.elapsed().is_ok_and(|age| age > UNLOCKED_FOR))
}

/// The process id in the first line of `postmaster.pid`.
fn postmaster(data: &Path) -> Option<i32> {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok().filter(|pid| *pid > 0)
}
