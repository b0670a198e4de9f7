//! How busy the processors of this machine are, and how much of it is the work of a private server and of this process
//! with the programs that it ran: what is measured while others work tells little of a design.

use std::fs;

use crate::server::Server;

/// Processor time since the machine was started, in ticks of its clock, as Linux tells it in `/proc`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessorTime {
    /// Of all processors together, idle or not.
    pub all: u64,
    /// While they were not idle.
    pub busy: u64,
    /// That was spent by the server, by this process, and by children of both that have ended.
    pub ours: u64,
}

impl ProcessorTime {
    /// The time so far; nothing for a server that was given, or on a system that does not tell.
    pub fn so_far(server: &Server) -> Option<Self> {
        let postmaster = server.process()?;
        let stat = fs::read_to_string("/proc/stat").ok()?;
        let (all, busy) = machine(&stat)?;
        let mut ours = 0;
        for entry in fs::read_dir("/proc").ok()?.flatten() {
            let Some(number) = entry.file_name().to_str().and_then(|it| it.parse::<u32>().ok())
            else {
                continue;
            };
            let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
            let Some(process) = process(&stat) else { continue };
            if number == postmaster || number == std::process::id() {
                ours += process.own + process.of_children;
            } else if process.parent == postmaster {
                ours += process.own;
            }
        }
        Some(Self { all, busy, ours })
    }

    /// The part of the processors that others kept busy since an earlier time, from 0 to 1.
    pub fn of_others_since(&self, earlier: &Self) -> f64 {
        let passed = self.all.saturating_sub(earlier.all);
        let busy = self.busy.saturating_sub(earlier.busy);
        let ours = self.ours.saturating_sub(earlier.ours);
        part(busy.saturating_sub(ours), passed)
    }

    /// The part of the processors that was kept busy by anybody since an earlier time, from 0 to 1.
    pub fn busy_since(&self, earlier: &Self) -> f64 {
        part(self.busy.saturating_sub(earlier.busy), self.all.saturating_sub(earlier.all))
    }
}

#[expect(clippy::cast_precision_loss, reason = "ticks are counted in millions")]
fn part(of: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { of as f64 / all as f64 }
}

/// All time and that which was not idle, from the first line of `/proc/stat` (proc(5)): user, nice, system, idle, iowait,
/// irq, softirq, steal. What a guest takes is counted as user already.
fn machine(stat: &str) -> Option<(u64, u64)> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let times: Vec<u64> =
        line.split_whitespace().take(8).filter_map(|it| it.parse().ok()).collect();
    let all: u64 = times.iter().sum();
    let idle: u64 = times.get(3)? + times.get(4)?;
    Some((all, all - idle))
}

struct Process {
    parent: u32,
    own: u64,
    of_children: u64,
}

/// From `/proc/PID/stat`. The name in brackets may hold anything.
fn process(stat: &str) -> Option<Process> {
    let (_, behind) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = behind.split_whitespace().collect();
    // The state is the third field of the file and the first of these.
    let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
    Some(Process {
        parent: u32::try_from(number(4)?).ok()?,
        own: number(14)? + number(15)?,
        of_children: number(16)? + number(17)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_tells() {
        assert_eq!(machine("cpu  10 1 5 80 4 0 0 0 0 0\ncpu0 1 2 3\n"), Some((100, 16)));
        let stat = "77 (a ) b) S 12 77 77 0 -1 4194560 1 2 3 4 100 20 7 3 20 0 1 0 5 6";
        let process = process(stat).unwrap();
        assert_eq!((process.parent, process.own, process.of_children), (12, 120, 10));
        let at = |all, busy, ours| ProcessorTime { all, busy, ours };
        let (earlier, later) = (at(100, 50, 10), at(200, 130, 50));
        assert!((later.of_others_since(&earlier) - 0.4).abs() < 1e-9);
        assert!((later.busy_since(&earlier) - 0.8).abs() < 1e-9);
    }
}
