//! Ctrl-C in the middle: the server is stopped, its folder swept, nothing written, and the exit code says why.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::{root, underpin};
use underpin_testkit::temp_dir;

const PATIENCE: Duration = Duration::from_mins(1);

/// The folder of a private server that runs, and the server's process.
fn running_server(temporary: &Path) -> Option<(PathBuf, String)> {
    let folder =
        fs::read_dir(temporary).ok()?.flatten().map(|entry| entry.path()).find(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("underpin-pg-"))
        })?;
    let mut open = vec![folder.clone()];
    while let Some(next) = open.pop() {
        for path in fs::read_dir(next).ok()?.flatten().map(|entry| entry.path()) {
            if path.ends_with("postmaster.pid") {
                let text = fs::read_to_string(&path).ok()?;
                // The last line says so once connections are taken.
                let ready = text.lines().nth(7).is_some_and(|line| line.trim() == "ready");
                return ready.then(|| (folder, text.lines().next().unwrap_or_default().to_owned()));
            }
            if path.is_dir() && !path.ends_with("base") {
                open.push(path);
            }
        }
    }
    None
}

fn is_alive(process: &str) -> bool {
    Command::new("kill").args(["-0", process]).stderr(Stdio::null()).status().unwrap().success()
}

#[track_caller]
fn ends_with(signal: &str, code: i32) {
    // Short, since a socket's path is; open, since the server may run under another account.
    let temporary = tempfile::Builder::new().prefix("up").tempdir_in("/tmp").unwrap();
    fs::set_permissions(temporary.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let work = temp_dir();
    let out = work.path().join("out");
    let mut child = underpin()
        .args(["design", "examples/shop", "--out"])
        .arg(&out)
        .current_dir(root())
        .env("TMPDIR", temporary.path())
        .into_command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let (folder, server) = loop {
        if let Some(found) = running_server(temporary.path()) {
            break found;
        }
        assert!(child.try_wait().unwrap().is_none(), "it ended before its server was seen");
        assert!(begun.elapsed() < PATIENCE, "no server came up");
        std::thread::sleep(Duration::from_millis(5));
    };
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "no summary of what was not done");
    assert!(!is_alive(&server), "the server is gone");
    assert!(!folder.exists(), "its folder is swept");
    assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0, "nothing was written");
}

#[test]
fn ctrl_c_ends_with_130() {
    ends_with("-INT", 130);
}

#[test]
fn termination_ends_with_143() {
    ends_with("-TERM", 143);
}
