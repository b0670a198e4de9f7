//! Ends server processes in order.

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// How long a server may take for an immediate shutdown before it is killed. The postmaster itself gives its
/// children five seconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often we look whether a process has ended.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);

/// Ends a server (or `initdb`) that we started, and waits for its end.
///
/// `SIGQUIT` is PostgreSQL's immediate shutdown: no checkpoint is written, which is right for data that is thrown
/// away, while sockets and shared memory are still cleaned up.
pub(crate) fn end_child(child: &mut Child) {
    let pid = Pid::from_child(child);
    let _ = kill_process(pid, Signal::QUIT);
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(PAUSE);
    }
    // It leads a process group of its own, in which only its children are.
    let _ = kill_process_group(pid, Signal::KILL);
    let _ = child.wait();
}

/// Ends a server whose owner is dead, if the process is really the server of this data folder: the number in
/// `postmaster.pid` may by now belong to any other process.
pub(crate) fn end_orphan(pid: i32, data: &Path) {
    let Some(process) = Pid::from_raw(pid) else { return };
    for signal in [Signal::QUIT, Signal::KILL] {
        if !is_server_of(pid, data) {
            return;
        }
        let _ = kill_process(process, signal);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline && is_server_of(pid, data) {
            std::thread::sleep(PAUSE);
        }
    }
}

/// Whether a living process has this data folder among its arguments. A zombie has no arguments left.
pub(crate) fn is_server_of(pid: i32, data: &Path) -> bool {
    let wanted = data.as_os_str().as_encoded_bytes();
    match std::fs::read(format!("/proc/{pid}/cmdline")) {
        Ok(arguments) => arguments.split(|byte| *byte == 0).any(|argument| argument == wanted),
        Err(_) if Path::new("/proc/self").exists() => false,
        // No /proc, as on macOS.
        Err(_) => Command::new("ps")
            .args(["-ww", "-o", "command=", "-p", &pid.to_string()])
            .output()
            .is_ok_and(|output| {
                output.stdout.windows(wanted.len().max(1)).any(|argument| argument == wanted)
            }),
    }
}
