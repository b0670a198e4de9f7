//! What the sessions of pgbench do while it runs: looked at many times a second, since the server counts no waits before
//! PostgreSQL 17, and then only by their number.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use underpin_pg::LoadStatement;
use underpin_server::{Session, SessionError};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// What was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// How often somebody looked.
    pub(super) looks: u64,
    /// Sessions at work, all looks together, by what they waited for: kind and event, both empty for those that ran.
    pub(super) doing: BTreeMap<(String, String), u64>,
}

/// Looks until it is told to stop.
pub(super) fn watch(session: &mut Session, stop: &AtomicBool) -> Result<Seen, SessionError> {
    let mut seen = Seen::default();
    while !stop.load(Ordering::Relaxed) {
        let answer = session.text(LoadStatement::Activity.as_str())?;
        seen.looks += 1;
        for row in answer.rows {
            let mut cells = row.into_iter().map(Option::unwrap_or_default);
            let (kind, event) =
                (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            let count = cells.next().and_then(|it| it.parse().ok()).unwrap_or(0_u64);
            *seen.doing.entry((kind, event)).or_default() += count;
        }
        std::thread::sleep(PAUSE);
    }
    Ok(seen)
}
