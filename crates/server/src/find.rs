//! Finds the PostgreSQL programs on this machine.
//!
//! A folder that the user named (`--pg-bin`, `UNDERPIN_PG_BIN`) is taken or refused, never passed over: whoever
//! names one wants that one. Without a name all usual places are looked at and the newest supported version
//! wins; where two have the same version, the earlier place in the list does. All inputs are fields of
//! [`Search`], so that a test can search a machine of its own making.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::version::{OLDEST_MAJOR, Version};

/// The programs that a private server needs.
const PROGRAMS: [&str; 2] = ["postgres", "initdb"];

/// A usable set of PostgreSQL programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// The folder that holds `postgres` and `initdb`, as an absolute path without symbolic links.
    pub bin_dir: PathBuf,
    /// What `postgres --version` said.
    pub version: Version,
}

impl Installation {
    /// Looks at a folder and decides whether it holds a usable installation.
    pub fn at(bin_dir: &Path) -> Result<Self, Problem> {
        let bin_dir = bin_dir.canonicalize().map_err(|_| Problem::Missing)?;
        for program in PROGRAMS {
            if !bin_dir.join(program).is_file() {
                return Err(Problem::Incomplete { program });
            }
        }
        let printed = output_of(Command::new(bin_dir.join("postgres")).arg("--version"))
            .map_err(|message| Problem::Broken { message })?;
        match Version::parse(&printed) {
            Some(version) if version.is_supported() => Ok(Self { bin_dir, version }),
            Some(version) => Err(Problem::TooOld { version }),
            None => {
                Err(Problem::Broken { message: format!("`postgres --version` said `{printed}`") })
            }
        }
    }

    /// The path of one of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin_dir.join(name)
    }
}

/// Why a folder is of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is no such folder.
    Missing,
    /// A program that we need is not in it.
    Incomplete {
        /// The first program that is missing.
        program: &'static str,
    },
    /// It is older than [`OLDEST_MAJOR`].
    TooOld {
        /// The version found.
        version: Version,
    },
    /// Its server program does not run.
    Broken {
        /// What happened when it was asked for its version.
        message: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no such folder"),
            Self::Incomplete { program } => write!(f, "no program `{program}` in it"),
            Self::TooOld { version } => {
                write!(f, "PostgreSQL {version} is too old, {OLDEST_MAJOR} or newer is needed")
            }
            Self::Broken { message } => write!(f, "its server program does not run: {message}"),
        }
    }
}

/// Where a candidate came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The option `--pg-bin`.
    Option,
    /// The variable `UNDERPIN_PG_BIN`.
    Variable,
    /// What `pg_config --bindir` prints.
    PgConfig,
    /// A folder of `PATH`.
    Path,
    /// A folder in which packages put PostgreSQL.
    Package,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Option => "--pg-bin",
            Self::Variable => "UNDERPIN_PG_BIN",
            Self::PgConfig => "pg_config --bindir",
            Self::Path => "PATH",
            Self::Package => "package folder",
        })
    }
}

/// Everything that the search depends on.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The value of `--pg-bin`.
    pub option: Option<PathBuf>,
    /// The value of `UNDERPIN_PG_BIN`; empty counts as unset.
    pub variable: Option<OsString>,
    /// The folders of `PATH`, for `pg_config` and `postgres`.
    pub path: Vec<PathBuf>,
    /// Folders whose every child `<child>/<suffix>` may be a bin folder.
    pub packages: Vec<Package>,
}

/// One family of package folders: `<parent>/<prefix>…/<suffix>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The folder to list, for example `/usr/lib/postgresql`.
    pub parent: PathBuf,
    /// What the name of a child begins with, for example `postgresql@`; empty for every child.
    pub prefix: &'static str,
    /// From the child to its bin folder, for example `bin`.
    pub suffix: &'static str,
}

impl Search {
    /// The search on this machine, with the environment of this process. `UNDERPIN_PG_PACKAGES` names folders in whose
    /// children a folder `bin` is looked for, instead of the usual ones; empty, it names none.
    pub fn on_this_machine(option: Option<PathBuf>) -> Self {
        let package =
            |parent: &str, prefix, suffix| Package { parent: parent.into(), prefix, suffix };
        Self {
            option,
            variable: std::env::var_os("UNDERPIN_PG_BIN"),
            path: std::env::var_os("PATH")
                .map_or_else(Vec::new, |path| std::env::split_paths(&path).collect()),
            packages: match std::env::var_os("UNDERPIN_PG_PACKAGES") {
                Some(parents) => std::env::split_paths(&parents)
                    .filter(|parent| !parent.as_os_str().is_empty())
                    .map(|parent| Package { parent, prefix: "", suffix: "bin" })
                    .collect(),
                None => vec![
                    // Debian, Ubuntu; then Red Hat and SUSE with the packages of the PostgreSQL project.
                    package("/usr/lib/postgresql", "", "bin"),
                    package("/usr", "pgsql-", "bin"),
                    package("/opt/homebrew/opt", "postgresql@", "bin"),
                    package("/usr/local/opt", "postgresql@", "bin"),
                    package("/home/linuxbrew/.linuxbrew/opt", "postgresql@", "bin"),
                    package("/Applications/Postgres.app/Contents/Versions", "", "bin"),
                ],
            },
        }
    }

    /// The newest installation, or why there is none.
    pub fn find(&self) -> Result<Installation, FindError> {
        let variable = self.variable.as_ref().filter(|value| !value.is_empty()).map(PathBuf::from);
        for (place, named) in [(Place::Option, self.option.clone()), (Place::Variable, variable)] {
            if let Some(bin_dir) = named {
                return Installation::at(&bin_dir).map_err(|problem| FindError::Named {
                    place,
                    bin_dir,
                    problem,
                });
            }
        }
        let mut best: Option<Installation> = None;
        let mut looked = Vec::new();
        let mut seen = BTreeSet::new();
        for (place, bin_dir) in self.candidates() {
            if !seen.insert(bin_dir.canonicalize().unwrap_or_else(|_| bin_dir.clone())) {
                continue;
            }
            match Installation::at(&bin_dir) {
                Ok(found) if best.as_ref().is_none_or(|best| found.version > best.version) => {
                    best = Some(found);
                }
                Ok(_) => {}
                Err(problem) => looked.push(Looked { place, bin_dir, problem }),
            }
        }
        best.ok_or_else(|| FindError::Nowhere {
            looked,
            searched: self.searched(),
            install: self.install_command(),
        })
    }

    fn candidates(&self) -> Vec<(Place, PathBuf)> {
        let mut candidates = Vec::new();
        if let Some(pg_config) = self.on_path("pg_config")
            && let Ok(printed) = output_of(Command::new(pg_config).arg("--bindir"))
        {
            candidates.push((Place::PgConfig, PathBuf::from(printed)));
        }
        for folder in &self.path {
            // The link is followed: `/usr/local/bin/postgres` often points into a folder that has `initdb` too.
            if let Ok(program) = folder.join("postgres").canonicalize()
                && let Some(bin_dir) = program.parent()
            {
                candidates.push((Place::Path, bin_dir.to_owned()));
            }
        }
        for package in &self.packages {
            candidates
                .extend(package.bin_dirs().into_iter().map(|bin_dir| (Place::Package, bin_dir)));
        }
        candidates
    }

    fn searched(&self) -> Vec<String> {
        let packages = self.packages.iter().map(Package::to_string);
        [Place::PgConfig.to_string(), Place::Path.to_string()].into_iter().chain(packages).collect()
    }

    fn on_path(&self, program: &str) -> Option<PathBuf> {
        self.path.iter().map(|folder| folder.join(program)).find(|program| program.is_file())
    }

    /// How PostgreSQL is installed with the package tool that this machine has.
    pub fn install_command(&self) -> String {
        const TOOLS: [(&str, &str); 6] = [
            ("brew", "brew install postgresql@17"),
            ("apt-get", "sudo apt-get install postgresql"),
            ("dnf", "sudo dnf install postgresql-server"),
            ("apk", "sudo apk add postgresql postgresql-contrib"),
            ("pacman", "sudo pacman -S postgresql"),
            ("zypper", "sudo zypper install postgresql-server"),
        ];
        TOOLS.iter().find(|(tool, _)| self.on_path(tool).is_some()).map_or_else(
            || "sudo apt-get install postgresql (Debian, Ubuntu) or brew install postgresql@17 (macOS)".to_owned(),
            |(_, command)| (*command).to_owned(),
        )
    }
}

impl Package {
    /// The bin folders that exist, in order of name so that the result does not depend on the file system.
    fn bin_dirs(&self) -> Vec<PathBuf> {
        let Ok(children) = std::fs::read_dir(&self.parent) else { return Vec::new() };
        let mut found: Vec<PathBuf> = children
            .filter_map(Result::ok)
            .filter(|child| child.file_name().to_string_lossy().starts_with(self.prefix))
            .map(|child| child.path().join(self.suffix))
            .filter(|bin_dir| bin_dir.is_dir())
            .collect();
        found.sort();
        found
    }
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}*/{}", self.parent.display(), self.prefix, self.suffix)
    }
}

/// A candidate that was looked at and is of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Where the candidate came from.
    pub place: Place,
    /// The folder.
    pub bin_dir: PathBuf,
    /// Why it is of no use.
    pub problem: Problem,
}

/// Why no installation was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindError {
    /// The folder that the user named is of no use.
    Named {
        /// How it was named.
        place: Place,
        /// The folder, as named.
        bin_dir: PathBuf,
        /// Why it is of no use.
        problem: Problem,
    },
    /// No folder was named, and none of the usual places has a usable one.
    Nowhere {
        /// Candidates that exist but are of no use: too old, incomplete, broken.
        looked: Vec<Looked>,
        /// The places that were searched, for the message.
        searched: Vec<String>,
        /// The command that installs PostgreSQL on this machine.
        install: String,
    },
}

impl FindError {
    /// Whether the user named a folder, so that nothing may stand in for it.
    pub fn is_named(&self) -> bool {
        match self {
            Self::Named { .. } => true,
            Self::Nowhere { .. } => false,
        }
    }
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named { place, bin_dir, problem } => write!(
                f,
                "{place} names `{}`: {problem}; name the folder that holds the programs `postgres` and `initdb` of \
                 PostgreSQL {OLDEST_MAJOR} or newer, or leave {place} out to have one looked for",
                bin_dir.display()
            ),
            Self::Nowhere { looked, searched, install } => {
                write!(
                    f,
                    "no PostgreSQL {OLDEST_MAJOR} or newer was found (looked at {})",
                    searched.join(", ")
                )?;
                for Looked { place, bin_dir, problem } in looked {
                    write!(f, "; {} ({place}): {problem}", bin_dir.display())?;
                }
                write!(f, "; install it with: {install}")
            }
        }
    }
}

impl std::error::Error for FindError {}

/// Runs a program that prints one line, and returns that line.
fn output_of(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: {}", output.status, said.trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
