//! Running pgbench, the load generator that comes with PostgreSQL, and reading what it logged of each call (manual,
//! pgbench).

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::find::Search;
use crate::given;
use crate::server::Server;

/// The program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pgbench {
    program: PathBuf,
}

/// A script, and how often it is run beside the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// The script.
    pub text: String,
    /// Its weight.
    pub weight: u32,
}

/// What is to be run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run<'a> {
    /// The scripts.
    pub scripts: &'a [Weighed],
    /// How many sessions call at a time.
    pub clients: u32,
    /// For how long, in seconds.
    pub seconds: u32,
    /// Calls in a second, all together; as many as there can be where it is `None`.
    pub rate: Option<f64>,
    /// The seed of what is random.
    pub seed: u64,
}

/// A call that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Which script, by its place.
    pub script: usize,
    /// When it was over, in microseconds since 1970.
    pub ended: u64,
    /// How long it took, in microseconds, from when it was begun; or why it failed.
    pub outcome: Result<u64, Failed>,
    /// How long after its time it was begun, in microseconds: until then all clients were busy.
    pub lag: u64,
}

/// Why a call failed that let its client go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// SQLSTATE 40P01.
    Deadlock,
    /// SQLSTATE 40001.
    Serialization,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ran {
    /// All calls, in the order in which they ended.
    pub calls: Vec<Call>,
    /// What was said of a client that gave up: a statement was refused.
    pub refused: Option<String>,
}

/// Why there was no run.
#[derive(Debug)]
pub enum PgbenchError {
    /// The program is not on this machine.
    Missing {
        /// Where it was looked for first.
        looked: Option<PathBuf>,
        /// The command that installs it.
        install: &'static str,
    },
    /// It could not be started, or its log not be read.
    Io(io::Error),
    /// It refused, in its own words.
    Refused(String),
}

impl fmt::Display for PgbenchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { looked, install } => {
                f.write_str("the program `pgbench` was not found")?;
                if let Some(looked) = looked {
                    write!(f, " in {} or on PATH", looked.display())?;
                }
                write!(f, "; it comes with PostgreSQL: {install}")
            }
            Self::Io(error) => write!(f, "`pgbench` could not be run: {error}"),
            Self::Refused(said) => write!(f, "`pgbench` gave up: {said}"),
        }
    }
}

impl std::error::Error for PgbenchError {}

impl From<io::Error> for PgbenchError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Pgbench {
    /// The program for a server: beside those that it was started from, else where PostgreSQL is on this machine, else on
    /// `PATH`.
    ///
    /// # Errors
    /// Where it is nowhere.
    pub fn of(server: &Server) -> Result<Self, PgbenchError> {
        let search = Search::on_this_machine(None);
        let own = server.bin_dir().map(Path::to_owned);
        let folders = own.clone().into_iter().chain(search.find().ok().map(|it| it.bin_dir));
        let mut folders = folders.chain(search.path.iter().cloned());
        folders
            .find_map(|folder| Some(folder.join("pgbench")).filter(|it| it.is_file()))
            .map(|program| Self { program })
            .ok_or_else(|| PgbenchError::Missing { looked: own, install: install_command(&search) })
    }

    /// Runs scripts in a database of a server and returns when the time is over. Nothing but the scripts' own statements
    /// is run: no tables of pgbench's are made or cleaned.
    ///
    /// # Errors
    /// Where it does not start or refuses the scripts. A statement that is refused is no error of the run.
    pub fn run(&self, server: &Server, database: &str, run: &Run<'_>) -> Result<Ran, PgbenchError> {
        let folder = match server.folder() {
            // It goes with the server, whatever ends the run.
            Some(folder) => tempfile::Builder::new().prefix("load").tempdir_in(folder)?,
            None => tempfile::Builder::new().prefix("underpin-load").tempdir()?,
        };
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("PG") || name.starts_with("LC_") || name.starts_with("LANG") {
                command.env_remove(&*name);
            }
        }
        given::tell(&mut command, server.config(), database);
        command.env("LC_ALL", "C").current_dir(folder.path()).stdin(Stdio::null());
        // Prepared once for each session, as drivers do.
        command.args(["--no-vacuum", "--protocol=prepared", "--log", "--log-prefix=calls"]);
        command.args(["--failures-detailed", "--max-tries=1"]);
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
        let threads = u32::try_from(threads).unwrap_or(1).min(run.clients);
        command.arg(format!("--client={}", run.clients)).arg(format!("--jobs={threads}"));
        command.arg(format!("--time={}", run.seconds)).arg(format!("--random-seed={}", run.seed));
        if let Some(rate) = run.rate {
            command.arg(format!("--rate={rate:.3}"));
        }
        for (at, script) in run.scripts.iter().enumerate() {
            let name = format!("{at}.sql");
            fs::write(folder.path().join(&name), &script.text)?;
            command.arg(format!("--file={name}@{}", script.weight));
        }
        let ended = command.output()?;
        let calls = calls(folder.path())?;
        let said = String::from_utf8_lossy(&ended.stderr);
        // A client that was refused a statement ends, the others go on, and the status says so in the end.
        let refused = said.lines().find(|line| line.contains("ERROR:") || line.contains("aborted"));
        if !ended.status.success() && calls.is_empty() {
            return Err(PgbenchError::Refused(refused.unwrap_or(said.trim()).to_owned()));
        }
        let refused = refused.filter(|_| !ended.status.success()).map(str::to_owned);
        Ok(Ran { calls, refused })
    }
}

/// The calls that the logs in a folder tell of.
fn calls(folder: &Path) -> io::Result<Vec<Call>> {
    let mut calls = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("calls") {
            calls.extend(fs::read_to_string(entry.path())?.lines().filter_map(call));
        }
    }
    calls.sort_by_key(|call: &Call| call.ended);
    Ok(calls)
}

/// A line of the log: client, number, time in microseconds, script, second and microsecond of its end, and with a rate
/// how late it was begun. The time is from when it was due.
fn call(line: &str) -> Option<Call> {
    let fields: Vec<&str> = line.split(' ').collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    let lag = number(6).unwrap_or(0);
    let outcome = match *fields.get(2)? {
        "deadlock" => Err(Failed::Deadlock),
        "serialization" => Err(Failed::Serialization),
        time => Ok(time.parse::<u64>().ok()?.saturating_sub(lag)),
    };
    let ended = number(4)?.checked_mul(1_000_000)?.checked_add(number(5)?)?;
    Some(Call { script: usize::try_from(number(3)?).ok()?, ended, outcome, lag })
}

/// How pgbench is installed with the package tool that this machine has.
fn install_command(search: &Search) -> &'static str {
    const TOOLS: [(&str, &str); 6] = [
        ("brew", "brew install postgresql@17"),
        ("apt-get", "sudo apt-get install postgresql"),
        ("dnf", "sudo dnf install postgresql-contrib"),
        ("apk", "sudo apk add postgresql-client"),
        ("pacman", "sudo pacman -S postgresql"),
        ("zypper", "sudo zypper install postgresql-contrib"),
    ];
    let has = |tool: &str| search.path.iter().any(|folder| folder.join(tool).is_file());
    let found = TOOLS.iter().find(|(tool, _)| has(tool));
    found.map_or("sudo apt-get install postgresql (Debian, Ubuntu)", |(_, command)| *command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_log() {
        let plain = call("0 199 2241 0 1175850568 995598").unwrap();
        assert_eq!((plain.script, plain.outcome, plain.lag), (0, Ok(2241), 0));
        assert_eq!(plain.ended, 1_175_850_568_995_598);
        let late = call("1 3 5000 2 1175850569 608 4100").unwrap();
        assert_eq!((late.script, late.outcome, late.lag), (2, Ok(900), 4100));
        let failed = call("3 0 deadlock 1 1499414498 84905 30").unwrap();
        assert_eq!(failed.outcome, Err(Failed::Deadlock));
        assert_eq!(call("3 0 skipped 1 1499414498 84905"), None);
        assert_eq!(call(""), None);
    }
}
