//! What the sessions of pgbench do while it runs: looked at many times a second, since the server counts no waits before
//! PostgreSQL 17, and then only by their number.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
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
    /// Sessions that waited for a lock, all looks together: the query that waited, the one that it waited for, and the kind of
    /// lock.
    pub(super) blocked: BTreeMap<[String; 3], u64>,
}

impl Seen {
    /// What was seen in two runs.
    pub(super) fn and(&mut self, other: Self) {
        self.looks += other.looks;
        for (what, count) in other.doing {
            *self.doing.entry(what).or_default() += count;
        }
        for (who, count) in other.blocked {
            *self.blocked.entry(who).or_default() += count;
        }
    }
}

/// Looks until the run has ended, whose end of the channel is dropped then.
pub(super) fn watch(session: &mut Session, ended: &Receiver<()>) -> Result<Seen, SessionError> {
    let mut seen = Seen::default();
    while ended.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
        let answer = session.text(LoadStatement::Activity.as_str())?;
        seen.looks += 1;
        let mut waits = false;
        for row in answer.rows {
            let mut cells = row.into_iter().map(Option::unwrap_or_default);
            let (kind, event) =
                (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            let count = cells.next().and_then(|it| it.parse().ok()).unwrap_or(0_u64);
            waits |= kind == "Lock";
            *seen.doing.entry((kind, event)).or_default() += count;
        }
        // To ask who holds what takes a lock of the server's own, so that nobody is asked where nobody waits.
        if waits {
            for row in session.text(LoadStatement::Blocked.as_str())?.rows {
                let mut cells = row.into_iter().map(Option::unwrap_or_default);
                let mut next = || cells.next().unwrap_or_default();
                let who = [next(), next(), next()];
                *seen.blocked.entry(who).or_default() += next().parse().unwrap_or(0_u64);
            }
        }
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::server;

    #[test]
    fn who_waits_for_whom_is_told_by_the_names_of_their_queries() {
        let server = server();
        let database = server.create_database("watch").unwrap();
        let [mut first, mut second, mut watcher] = [(); 3].map(|()| database.connect().unwrap());
        first
            .batch(
                "CREATE SCHEMA underpin_bench; CREATE TABLE underpin_bench.pay (n bigint, v bigint); \
                 INSERT INTO underpin_bench.pay VALUES (1, 1); \
                 CREATE TABLE underpin_bench.ship AS TABLE underpin_bench.pay;",
            )
            .unwrap();
        for session in [&mut first, &mut second] {
            session.batch("SET application_name = 'pgbench'").unwrap();
        }
        first.batch("BEGIN; UPDATE underpin_bench.pay SET v = 2").unwrap();
        let (end, ended) = std::sync::mpsc::channel();
        let seen = std::thread::scope(|scope| {
            let waits = scope.spawn(|| {
                second
                    .batch("UPDATE underpin_bench.pay SET v = (SELECT v FROM underpin_bench.ship)")
            });
            let seen = scope.spawn(move || watch(&mut watcher, &ended));
            let mut look = database.connect().unwrap();
            let blocked = || {
                let found = look.text(LoadStatement::Blocked.as_str()).unwrap();
                !found.rows.is_empty()
            };
            assert!(std::iter::repeat_with(blocked).take(20_000).any(|it| it), "nobody waits");
            // The watcher looks again after what was seen here.
            std::thread::sleep(PAUSE * 5);
            drop(end);
            let seen = seen.join().unwrap().unwrap();
            first.batch("COMMIT").unwrap();
            waits.join().unwrap().unwrap();
            seen
        });
        let who: Vec<&[String; 3]> = seen.blocked.keys().collect();
        assert_eq!(who.len(), 1, "{seen:?}");
        assert_eq!(who[0], &["pay", "pay", "transactionid"].map(str::to_owned), "{seen:?}");
    }
}
