//! What the tests of this crate share: a place of their own for servers, and tests that run in a process of their
//! own.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use underpin_server::{Installation, Places, Search, Server};

/// The installation to test with. A missing one fails the test with the command that installs it.
pub(crate) fn installation() -> Installation {
    Search::on_this_machine(None).find().unwrap_or_else(|error| panic!("{error}"))
}

/// A temporary folder of the test's own, so that tests that run at once do not see each other's servers.
pub(crate) struct Ground {
    folder: tempfile::TempDir,
    cache: PathBuf,
}

impl Ground {
    /// Shares the cache with all tests of the crate.
    pub(crate) fn new() -> Self {
        Self::with_cache(Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"))
    }

    pub(crate) fn with_cache(cache: PathBuf) -> Self {
        let folder = tempfile::Builder::new().prefix("ut").tempdir_in("/tmp").unwrap();
        // Open to the account that the server runs under when the tests run as root.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder, cache }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn places(&self) -> Places {
        Places { temporary: self.path().to_owned(), cache: Some(self.cache.clone()) }
    }

    pub(crate) fn start(&self) -> Server {
        Server::start(&installation(), &self.places()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The run folders that exist.
    pub(crate) fn servers(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                path.is_dir()
                    && path.file_name().unwrap().to_string_lossy().starts_with("underpin-pg-")
            })
            .collect()
    }
}

/// The variable that tells a test in a process of its own where its ground is.
const GROUND: &str = "UNDERPIN_TEST_GROUND";

/// The places that the parent process gave us.
pub(crate) fn places_of_parent() -> Places {
    let ground = PathBuf::from(std::env::var_os(GROUND).expect("run by another test"));
    Places { cache: Some(ground.join("cache")), temporary: ground }
}

/// The command that runs an ignored test of this binary in a process of its own.
pub(crate) fn test_process(program: &Path, test: &str, ground: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--exact", test, "--ignored", "--nocapture"]).env(GROUND, ground);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// Reads the child's output up to the line that begins with the word, and returns the rest of that line.
pub(crate) fn wait_for(word: &str, child: &mut Child) -> String {
    let output: &mut ChildStdout = child.stdout.as_mut().unwrap();
    for line in BufReader::new(output).lines() {
        let line = line.unwrap();
        if let Some((_, rest)) = line.split_once(word) {
            return rest.trim().to_owned();
        }
    }
    panic!("the process ended without saying `{word}`");
}

/// The process id of the server that runs in a folder.
pub(crate) fn postmaster(folder: &Path) -> u32 {
    postmaster_file(folder)[0].parse().unwrap()
}

/// The lines of `postmaster.pid`: process, data folder, start time, port, socket folder, TCP address, shared memory,
/// status.
pub(crate) fn postmaster_file(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Whether a process runs; one that ended and was not yet collected by its parent does not.
pub(crate) fn is_alive(pid: u32) -> bool {
    let state = if Path::new("/proc/self").exists() {
        // Number, name in parentheses, state, and more.
        let line = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        line.rsplit(") ").next().unwrap_or_default().to_owned()
    } else {
        let output =
            Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    !state.is_empty() && !state.starts_with('Z')
}
