//! What must be cleaned up when a run is interrupted, from whatever thread learns of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Something outside this process that must not outlive it. Called from any thread, and more than once: the second
/// call waits for the first and then finds nothing to do.
pub(crate) trait Cleanup: Send + Sync {
    fn clean_up(&self);
}

struct Registry {
    interrupted: bool,
    entries: Vec<Weak<dyn Cleanup>>,
}

static REGISTRY: Mutex<Registry> = Mutex::new(Registry { interrupted: false, entries: Vec::new() });

/// Locks even where a thread panicked with the lock held: cleaning up matters most then.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes something to be cleaned up on interruption, for as long as it lives. False where the run has been
/// interrupted already: then nothing new may begin.
pub(crate) fn register<T: Cleanup + 'static>(entry: &Arc<T>) -> bool {
    let mut registry = locked(&REGISTRY);
    if registry.interrupted {
        return false;
    }
    registry.entries.retain(|entry| entry.strong_count() > 0);
    let entry: Arc<dyn Cleanup> = Arc::<T>::clone(entry);
    registry.entries.push(Arc::downgrade(&entry));
    true
}

/// Whether [`interrupt`] was called.
pub fn is_interrupted() -> bool {
    locked(&REGISTRY).interrupted
}

/// Stops every private server, removes their folders, drops the databases made on given servers, and lets no new
/// one start. Returns when all of that is done. Safe to call from any thread and more than once; the command line
/// calls it when it gets Ctrl-C, and then exits.
///
/// Statements that are under way fail with a lost connection.
pub fn interrupt() {
    let entries: Vec<Arc<dyn Cleanup>> = {
        let mut registry = locked(&REGISTRY);
        registry.interrupted = true;
        // Newest first: a database goes before the server that holds it.
        registry.entries.iter().rev().filter_map(Weak::upgrade).collect()
    };
    // The registry is not locked any more, so that what ends meanwhile does not wait for us.
    for entry in entries {
        entry.clean_up();
    }
}
