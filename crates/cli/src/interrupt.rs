//! Ctrl-C, and what else ends a run from outside: servers are stopped, temporary folders removed, and the exit code
//! says which signal it was.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::terminal::aside;

/// Temporary folders that a signal must not leave behind.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Held while files are moved into place, so that a signal comes before all of it or after all of it.
static COMMIT: Mutex<()> = Mutex::new(());

/// Held from the moment a signal arrived, so that the rest of the program ends nothing and prints nothing meanwhile.
static ENDING: Mutex<bool> = Mutex::new(false);

/// Whether the run writes step by step, so that an interruption keeps what was written before it.
static STEPS_ARE_KEPT: AtomicBool = AtomicBool::new(false);

/// From here on each step is written when it is confirmed: an interruption must not say that nothing was.
pub(crate) fn steps_are_kept() {
    STEPS_ARE_KEPT.store(true, Ordering::SeqCst);
}

fn locked<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins to listen. Signals that the run was started to ignore (`nohup`) stay ignored.
pub(crate) fn listen() {
    let ignored = ignored_signals();
    let wanted =
        [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
    // Where the system refuses, a signal ends the run at once, and the next run sweeps what it left.
    let Ok(mut signals) = Signals::new(wanted) else { return };
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(signal);
        }
    });
}

/// The mask of the signals that this process ignores, where the system tells.
fn ignored_signals() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
            u64::from_str_radix(mask.trim(), 16).ok()
        })
        .unwrap_or(0)
}

#[expect(
    clippy::exit,
    reason = "the main thread may be waiting for a server that has just been stopped"
)]
fn end(signal: i32) -> ! {
    *locked(&ENDING) = true;
    underpin_server::interrupt();
    let _commit = locked(&COMMIT);
    // Held to the end, so that no new one is made meanwhile.
    let mut folders = locked(&FOLDERS);
    for folder in folders.drain(..) {
        let _ = std::fs::remove_dir_all(folder);
    }
    aside(if STEPS_ARE_KEPT.load(Ordering::SeqCst) {
        "\nunderpin: interrupted; what was confirmed is kept\n"
    } else {
        "\nunderpin: interrupted; servers are stopped, and the output is as it was before\n"
    });
    std::process::exit(128 + signal)
}

/// Never returns where a signal is ending the run: what looks like a failure meanwhile is its consequence.
pub(crate) fn wait_if_ending() {
    while *locked(&ENDING) {
        thread::park();
    }
}

/// Until the guard is dropped, no signal ends the run. Where one is doing so already, this never returns.
pub(crate) fn commit() -> MutexGuard<'static, ()> {
    let guard = locked(&COMMIT);
    if *locked(&ENDING) {
        // The handler is waiting for this lock.
        drop(guard);
        wait_if_ending();
        return locked(&COMMIT);
    }
    guard
}

/// What the name of every temporary folder begins with.
const PREFIX: &str = ".underpin-";

/// The file in it that its maker keeps locked as long as it lives.
pub(crate) const LOCK: &str = "owner.lock";

/// A folder without a lock is one that is just being made, or one whose maker was killed in that moment.
const UNLOCKED_FOR: Duration = Duration::from_mins(10);

/// A temporary folder that is removed at the end, however that comes; what `kill -9` leaves, the next one sweeps.
#[derive(Debug)]
pub(crate) struct TemporaryFolder {
    path: PathBuf,
    /// Held, never read: the system gives the lock up when this process ends.
    _lock: File,
}

impl TemporaryFolder {
    /// A new folder inside of `parent`, with a name that nothing has.
    pub(crate) fn inside(parent: &Path) -> std::io::Result<Self> {
        sweep(parent);
        // Registered before the lock is free again, so that no signal comes between.
        let mut folders = locked(&FOLDERS);
        loop {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
            let lock = File::create(folder.path().join(LOCK))?;
            // A sweep that came between takes the folder for a dead one's. Where nothing can be locked, nothing is swept.
            if lock.try_lock().is_ok() && !folder.path().exists() {
                continue;
            }
            let path = folder.keep();
            folders.push(path.clone());
            return Ok(Self { path, _lock: lock });
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
        locked(&FOLDERS).retain(|path| *path != self.path);
    }
}

/// Removes temporary folders whose makers are gone.
fn sweep(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else { return };
    for entry in entries.filter_map(Result::ok) {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !ours {
            continue;
        }
        let lock = File::options().write(true).open(entry.path().join(LOCK));
        let is_dead = match &lock {
            Ok(lock) => lock.try_lock().is_ok(),
            Err(_) => entry
                .metadata()
                .and_then(|it| it.modified())
                .is_ok_and(|made| made.elapsed().is_ok_and(|age| age > UNLOCKED_FOR)),
        };
        if is_dead {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
