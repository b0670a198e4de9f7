//! The search, on machines that the tests make up.

use std::path::{Path, PathBuf};
use std::process::Command;

use underpin_server::{FindError, Package, Place, Problem, Search, Version};

/// A made-up machine in a folder.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.0.path().canonicalize().unwrap().join(relative)
    }

    /// Puts a program there that prints a line.
    fn program(&self, relative: &str, prints: &str) {
        write_script(&self.path(relative), &format!("echo '{prints}'"));
    }

    /// Puts a whole installation there.
    fn postgres(&self, bin_dir: &str, version: &str) -> PathBuf {
        self.program(&format!("{bin_dir}/postgres"), &format!("postgres (PostgreSQL) {version}"));
        self.program(&format!("{bin_dir}/initdb"), "");
        self.path(bin_dir)
    }

    /// A search that sees this machine and nothing else.
    fn search(&self) -> Search {
        Search {
            option: None,
            variable: None,
            path: vec![self.path("usr/local/bin"), self.path("usr/bin")],
            packages: vec![
                Package { parent: self.path("usr/lib/postgresql"), prefix: "", suffix: "bin" },
                Package {
                    parent: self.path("opt/homebrew/opt"),
                    prefix: "postgresql@",
                    suffix: "bin",
                },
            ],
        }
    }
}

/// Written by another process: were this one to hold it open for writing while another thread starts a program, that
/// program would inherit the file, and it could not be run ("text file busy").
pub(crate) fn write_script(path: &Path, body: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let write = "printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"";
    let status = Command::new("sh").args(["-c", write, "sh"]).arg(path).arg(body).status().unwrap();
    assert!(status.success());
}

#[test]
fn the_newest_of_the_packages() {
    let machine = Machine::new();
    machine.postgres("usr/lib/postgresql/15/bin", "15.8 (Debian 15.8-0+deb12u1)");
    let newest = machine.postgres("usr/lib/postgresql/17/bin", "17.2");
    machine.postgres("opt/homebrew/opt/postgresql@16/bin", "16.4 (Homebrew)");
    machine.postgres("opt/homebrew/opt/mysql@99/bin", "99.0");
    let found = machine.search().find().unwrap();
    assert_eq!((found.bin_dir, found.version), (newest, Version { major: 17, minor: 2 }));
}

#[test]
fn homebrew_alone() {
    let machine = Machine::new();
    let bin_dir = machine.postgres("opt/homebrew/opt/postgresql@16/bin", "16.4 (Homebrew)");
    assert_eq!(machine.search().find().unwrap().bin_dir, bin_dir);
}

#[test]
fn what_pg_config_says() {
    let machine = Machine::new();
    let elsewhere = machine.postgres("srv/postgres/bin", "16.1");
    machine.program("usr/bin/pg_config", elsewhere.to_str().unwrap());
    assert_eq!(machine.search().find().unwrap().bin_dir, elsewhere);
}

#[test]
fn a_link_on_the_path_is_followed() {
    let machine = Machine::new();
    let real = machine.postgres("srv/postgres/bin", "16.1");
    std::fs::create_dir_all(machine.path("usr/local/bin")).unwrap();
    std::os::unix::fs::symlink(real.join("postgres"), machine.path("usr/local/bin/postgres"))
        .unwrap();
    assert_eq!(machine.search().find().unwrap().bin_dir, real);
}

#[test]
fn of_one_version_the_earlier_place() {
    let machine = Machine::new();
    let on_path = machine.postgres("usr/local/bin", "16.1");
    machine.postgres("usr/lib/postgresql/16/bin", "16.1");
    assert_eq!(machine.search().find().unwrap().bin_dir, on_path);
}

#[test]
fn a_named_folder_wins_over_all_and_the_option_over_the_variable() {
    let machine = Machine::new();
    machine.postgres("usr/lib/postgresql/18/bin", "18.1");
    let option = machine.postgres("a", "15.1");
    let variable = machine.postgres("b", "16.1");
    let mut search = machine.search();
    search.variable = Some(variable.clone().into());
    assert_eq!(search.find().unwrap().bin_dir, variable);
    search.option = Some(option.clone());
    assert_eq!(search.find().unwrap().bin_dir, option);
    search.option = None;
    search.variable = Some("".into());
    assert_eq!(search.find().unwrap().version.major, 18, "empty counts as unset");
}

#[test]
fn a_named_folder_that_is_wrong_is_an_error() {
    let machine = Machine::new();
    machine.postgres("usr/lib/postgresql/18/bin", "18.1");
    machine.postgres("old", "14.13");
    machine.program("client/psql", "psql (PostgreSQL) 16.1");
    machine.postgres("broken", "");
    let named = |relative: &str| {
        let mut search = machine.search();
        search.option = Some(machine.path(relative));
        let error = search.find().unwrap_err();
        assert!(error.is_named() && error.to_string().contains("--pg-bin"), "{error}");
        let FindError::Named { place: Place::Option, problem, .. } = error else {
            panic!("{error}")
        };
        problem
    };
    assert_eq!(named("absent"), Problem::Missing);
    assert_eq!(named("old"), Problem::TooOld { version: Version { major: 14, minor: 13 } });
    assert_eq!(named("client"), Problem::Incomplete { program: "postgres" });
    assert!(matches!(named("broken"), Problem::Broken { .. }));

    let mut search = machine.search();
    search.variable = Some(machine.path("absent").into());
    assert!(matches!(search.find(), Err(FindError::Named { place: Place::Variable, .. })));
}

#[test]
fn only_14() {
    let machine = Machine::new();
    let bin_dir = machine.postgres("usr/lib/postgresql/14/bin", "14.13");
    machine.program("usr/bin/apt-get", "");
    let error = machine.search().find().unwrap_err();
    let FindError::Nowhere { looked, .. } = &error else { panic!("{error}") };
    assert_eq!((looked[0].place, &looked[0].bin_dir), (Place::Package, &bin_dir));
    let message = error.to_string();
    assert!(
        message.contains("14.13 is too old") && message.contains("apt-get install postgresql"),
        "{message}"
    );
}

#[test]
fn none_anywhere() {
    let machine = Machine::new();
    let error = machine.search().find().unwrap_err();
    let FindError::Nowhere { looked, searched, .. } = &error else { panic!("{error}") };
    assert!(looked.is_empty());
    assert_eq!(searched.len(), 4, "{searched:?}");
    let message = error.to_string();
    assert!(
        message.contains("usr/lib/postgresql/*/bin") && message.contains("install it with"),
        "{message}"
    );

    machine.program("usr/local/bin/brew", "");
    assert!(machine.search().find().unwrap_err().to_string().contains("brew install"));
}
