//! Private servers: what they are like while they run, and that nothing of them stays.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::time::Instant;

use crate::harness::{
    Ground, installation, is_alive, places_of_parent, postmaster, postmaster_file, test_process,
};
use underpin_server::{Places, Server, SessionError, StartError};

fn single(server: &Server, sql: &str) -> String {
    let mut rows = server.connect("postgres").unwrap().text(sql).unwrap().rows;
    rows.remove(0).remove(0).unwrap()
}

#[test]
fn a_server_is_private_and_leaves_nothing() {
    let ground = Ground::new();
    let server = ground.start();
    let folder = server.folder().unwrap().to_owned();
    let pid = postmaster(&folder);

    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(postmaster_file(&folder)[5], "", "no TCP address is listened on");
    assert_eq!(single(&server, "SHOW listen_addresses"), "");
    assert_eq!(single(&server, "SHOW timezone"), "UTC");
    assert_eq!(single(&server, "SHOW server_encoding"), "UTF8");
    assert_eq!(single(&server, "SHOW fsync"), "off");
    assert!(server.version().is_supported() && server.is_private());

    let group = |pid| rustix::process::getpgid(pid).unwrap();
    let process = rustix::process::Pid::from_raw(pid.try_into().unwrap());
    assert_ne!(group(process), group(None), "Ctrl-C on the terminal does not reach it");

    drop(server);
    assert!(!is_alive(pid), "the server was stopped");
    assert_eq!(ground.servers(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn settings_that_plans_depend_on_are_as_shipped() {
    let ground = Ground::new();
    let server = ground.start();
    let changed = server
        .connect("postgres")
        .unwrap()
        .text(
            "SELECT name FROM pg_settings WHERE category LIKE 'Query Tuning%' AND setting IS DISTINCT FROM boot_val",
        )
        .unwrap();
    assert_eq!(changed.rows, Vec::<Vec<Option<String>>>::new());
}

#[test]
fn databases_come_and_go() {
    let ground = Ground::new();
    let server = ground.start();
    let count = "SELECT count(*) FROM pg_database WHERE datname LIKE 'underpin%'";
    let first = server.create_database("shop").unwrap();
    let second = server.create_database("shop").unwrap();
    assert_ne!(first.name(), second.name());
    first.connect().unwrap().batch("CREATE TABLE t (id int)").unwrap();
    assert_eq!(single(&server, count), "2");
    let open = second.connect().unwrap();
    drop(second);
    assert_eq!(single(&server, count), "1", "also with a connection open to it");
    drop(open);
    first.remove().unwrap();
    assert_eq!(single(&server, count), "0");

    // A database keeps its server: handles may be dropped in any order.
    let database = server.create_database("shop").unwrap();
    drop(server);
    assert_eq!(database.connect().unwrap().text("SELECT 1").unwrap().rows.len(), 1);
    drop(database);
    assert!(ground.servers().is_empty());
}

#[test]
fn refusals_are_facts() {
    let ground = Ground::new();
    let server = ground.start();
    let mut session = server.connect("postgres").unwrap();
    session.batch("CREATE TABLE t (id int CONSTRAINT t_key PRIMARY KEY, n int NOT NULL)").unwrap();
    assert_eq!(session.execute("INSERT INTO t VALUES ($1, 0)", &[&1_i32]).unwrap(), 1);

    let error = session.execute("INSERT INTO t VALUES ($1, 0)", &[&1_i32]).unwrap_err();
    let facts = error.server().unwrap();
    assert_eq!((facts.sqlstate.as_str(), facts.condition), ("23505", Some("unique_violation")));
    assert_eq!((facts.table.as_deref(), facts.constraint.as_deref()), (Some("t"), Some("t_key")));

    let error = session.batch("INSERT INTO t VALUES (2, NULL)").unwrap_err();
    assert_eq!(error.server().unwrap().column.as_deref(), Some("n"));

    let error = session.prepare("SELECT * FORM t").unwrap_err();
    assert_eq!(error.sqlstate(), Some("42601"));
    assert_eq!(error.server().unwrap().position, Some(10));

    assert_eq!(session.copy_in("COPY t FROM STDIN", &mut "5\t0\n6\t0\n".as_bytes()).unwrap(), 2);
    let error = session.copy_in("COPY t FROM STDIN", &mut "7\t0\n5\t0\n".as_bytes()).unwrap_err();
    assert_eq!(error.sqlstate(), Some("23505"));
    assert_eq!(session.query("SELECT id FROM t", &[]).unwrap().len(), 3);

    let error = session.execute("INSERT INTO t VALUES ($1, 0)", &[&"text"]).unwrap_err();
    assert!(matches!(error, SessionError::Misused(_)), "{error}");
    let error = session.batch("SELECT '\0'").unwrap_err();
    assert!(matches!(error, SessionError::Misused(_)), "{error}");
    session.batch("SELECT 1").unwrap();

    server.stop().unwrap();
    let error = session.batch("SELECT 1").unwrap_err();
    assert!(matches!(error, SessionError::Lost(_)) || error.sqlstate() == Some("57P01"), "{error}");
}

#[test]
fn two_at_once_from_an_empty_cache() {
    let cache = tempfile::tempdir().unwrap();
    let ground = Ground::with_cache(cache.path().join("deep/cache"));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let server = ground.start();
                assert_eq!(single(&server, "SELECT 'up'"), "up");
            });
        }
    });
    assert!(ground.servers().is_empty());
    let kept: Vec<_> = std::fs::read_dir(cache.path().join("deep/cache/templates"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    assert_eq!(kept.len(), 1, "one template, nothing half made: {kept:?}");
}

#[test]
fn a_cached_start_is_a_copy() {
    let ground = Ground::new();
    drop(ground.start());
    let mut times: Vec<_> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            let server = ground.start();
            let started = begun.elapsed();
            let log = std::fs::read_to_string(server.folder().unwrap().join("server.log")).unwrap();
            assert!(!log.contains("initdb"), "the data folder was copied, not initialised: {log}");
            started
        })
        .collect();
    times.sort();
    println!("median start: {:?}", times[times.len() / 2]);
}

#[test]
fn a_damaged_template_is_made_anew() {
    let cache = tempfile::tempdir().unwrap();
    let ground = Ground::with_cache(cache.path().to_owned());
    drop(ground.start());
    let template = std::fs::read_dir(cache.path().join("templates"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir())
        .unwrap();
    // What a tidying tool does to old files and empty folders.
    std::fs::remove_file(template.join("global/pg_control")).unwrap();
    let server = ground.start();
    assert_eq!(single(&server, "SELECT 'up'"), "up");
}

#[test]
fn without_a_cache_it_starts_all_the_same() {
    let ground = Ground::new();
    let mut places = ground.places();
    for cache in [None, Some("/proc/no/such/cache".into())] {
        places.cache = cache;
        let server = Server::start(&installation(), &places).unwrap();
        assert_eq!(single(&server, "SELECT 'up'"), "up");
    }
}

#[test]
fn a_panic_stops_the_server() {
    let ground = Ground::new();
    let seen = std::thread::scope(|scope| {
        scope
            .spawn(|| {
                let server = ground.start();
                std::panic::panic_any(postmaster(server.folder().unwrap()));
            })
            .join()
            .unwrap_err()
    });
    assert!(!is_alive(*seen.downcast::<u32>().unwrap()));
    assert!(ground.servers().is_empty());
}

#[test]
fn a_temporary_folder_that_cannot_be_used_is_named() {
    let ground = Ground::new();
    let file = ground.path().join("file");
    std::fs::write(&file, "").unwrap();
    for temporary in [file, ground.path().join("absent")] {
        let places = Places { temporary: temporary.clone(), cache: None };
        let error = Server::start(&installation(), &places).unwrap_err();
        assert!(
            matches!(&error, StartError::Folder { path, .. } if *path == temporary),
            "{error:?}"
        );
        let message = error.to_string();
        assert!(
            message.contains(temporary.to_str().unwrap()) && message.contains("TMPDIR"),
            "{message}"
        );
    }
}

#[test]
fn root_runs_the_server_under_another_account() {
    let ground = Ground::new();
    let server = ground.start();
    let owner = server.folder().unwrap().join("data").metadata().unwrap().uid();
    let us = ground.path().metadata().unwrap().uid();
    if us == 0 {
        assert_ne!(owner, 0, "PostgreSQL refuses to run as root");
    } else {
        assert_eq!(owner, us);
    }
}

#[test]
fn an_ordinary_user_runs_it_under_the_own_account() {
    let ground = Ground::new();
    let us = ground.path().metadata().unwrap().uid();
    // The test binary may lie in a folder that the ordinary user cannot enter.
    let program = ground.path().join("test");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let mut command = test_process(&program, "private::as_an_ordinary_user", ground.path());
    command.current_dir(ground.path());
    if us == 0 {
        const NOBODY: u32 = 65534;
        std::os::unix::fs::chown(ground.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    assert!(ground.servers().is_empty());
}

#[test]
#[ignore = "run by an_ordinary_user_runs_it_under_the_own_account, in a process of its own"]
fn as_an_ordinary_user() {
    let places = places_of_parent();
    for _ in 0..2 {
        let server =
            Server::start(&installation(), &places).unwrap_or_else(|error| panic!("{error}"));
        let owner = server.folder().unwrap().join("data").metadata().unwrap().uid();
        assert_eq!(owner, places.temporary.metadata().unwrap().uid());
        assert_ne!(owner, 0);
        assert_eq!(single(&server, "SELECT 'up'"), "up");
    }
}
