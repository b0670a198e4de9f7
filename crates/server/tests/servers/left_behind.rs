//! Runs that end badly: killed, interrupted. Each is played in a process of its own.

use std::time::Duration;

use crate::harness::{
    Ground, installation, is_alive, places_of_parent, postmaster, test_process, wait_for,
};
use underpin_server::{Server, SessionError, StartError, interrupt, is_interrupted, sweep};

#[test]
fn a_sweep_takes_what_a_killed_run_left_and_nothing_else() {
    let ground = Ground::new();
    let alive = ground.start();
    let program = std::env::current_exe().unwrap();
    let mut killed =
        test_process(&program, "left_behind::start_and_hang", ground.path()).spawn().unwrap();
    let folder = std::path::PathBuf::from(wait_for("server in ", &mut killed));
    let orphan = postmaster(&folder);

    assert_eq!(sweep(&ground.places()), Vec::<std::path::PathBuf>::new(), "both owners are alive");
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(is_alive(orphan), "the server outlives its owner, or there is nothing to test");

    // A folder of the same name whose maker is just making it, and one that is no folder.
    let young = ground.path().join("underpin-pg-young");
    std::fs::create_dir(&young).unwrap();
    std::fs::write(ground.path().join("underpin-pg-file"), "").unwrap();

    assert_eq!(sweep(&ground.places()), std::slice::from_ref(&folder));
    assert!(!is_alive(orphan) && !folder.exists());
    assert!(young.exists());
    alive.connect("postgres").unwrap().text("SELECT 1").unwrap();
}

#[test]
fn a_sweep_ends_no_process_that_only_has_the_number() {
    let ground = Ground::new();
    let folder = ground.path().join("underpin-pg-old");
    std::fs::create_dir_all(folder.join("data")).unwrap();
    std::fs::write(folder.join("owner.lock"), "1\n").unwrap();
    // Our own number: were the sweep to trust the file, this test would not survive it.
    std::fs::write(folder.join("data/postmaster.pid"), format!("{}\n", std::process::id()))
        .unwrap();
    assert_eq!(sweep(&ground.places()), [folder]);
}

#[test]
fn the_next_start_sweeps() {
    let ground = Ground::new();
    let program = std::env::current_exe().unwrap();
    let mut killed =
        test_process(&program, "left_behind::start_and_hang", ground.path()).spawn().unwrap();
    let folder = std::path::PathBuf::from(wait_for("server in ", &mut killed));
    killed.kill().unwrap();
    killed.wait().unwrap();
    let server = ground.start();
    assert_eq!(ground.servers(), [server.folder().unwrap()]);
    assert!(!folder.exists());
}

#[test]
#[ignore = "run by other tests, in a process of its own that they kill"]
fn start_and_hang() {
    let server = Server::start(&installation(), &places_of_parent()).unwrap();
    println!("server in {}", server.folder().unwrap().display());
    loop {
        std::thread::park();
    }
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    let ground = Ground::new();
    let given = ground.start();
    let program = std::env::current_exe().unwrap();
    let output =
        test_process(&program, "left_behind::interrupt_from_another_thread", ground.path())
            .env("UNDERPIN_TEST_URL", given.connection_string("postgres"))
            .output()
            .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(ground.servers(), [given.folder().unwrap()]);
    let left = given
        .connect("postgres")
        .unwrap()
        .text("SELECT datname FROM pg_database WHERE datname LIKE 'underpin%'")
        .unwrap();
    assert!(left.rows.is_empty(), "{left:?}");
}

#[test]
#[ignore = "run by an_interrupted_run_leaves_nothing, in a process of its own"]
fn interrupt_from_another_thread() {
    let places = places_of_parent();
    let server = Server::start(&installation(), &places).unwrap();
    let folder = server.folder().unwrap().to_owned();
    let given = Server::given(&std::env::var("UNDERPIN_TEST_URL").unwrap()).unwrap();
    let database = given.create_database("interrupted").unwrap();
    let mut session = server.connect("postgres").unwrap();
    let interrupter = std::thread::spawn(|| {
        std::thread::sleep(Duration::from_millis(100));
        interrupt();
        interrupt();
    });
    // The statement is under way when the server goes.
    let error = session.batch("SELECT pg_sleep(60)").unwrap_err();
    interrupter.join().unwrap();
    assert!(matches!(error, SessionError::Lost(_)) || error.sqlstate() == Some("57P01"), "{error}");
    assert!(is_interrupted() && !folder.exists());
    assert!(database.connect().is_err(), "the database on the given server is gone");
    assert!(matches!(Server::start(&installation(), &places), Err(StartError::Interrupted)));
    assert!(given.create_database("late").is_err());
    interrupt();
}

#[test]
fn an_interruption_while_it_starts_leaves_nothing() {
    // In the middle of `initdb`, in the middle of the server's start, and about its end.
    for delay in ["0", "300", "900"] {
        let ground = Ground::new();
        let program = std::env::current_exe().unwrap();
        let output = test_process(&program, "left_behind::interrupt_the_start", ground.path())
            .env("UNDERPIN_TEST_DELAY", delay)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("1 passed"), "{delay} ms: {said}");
        assert!(ground.servers().is_empty(), "{delay} ms");
    }
}

#[test]
#[ignore = "run by an_interruption_while_it_starts_leaves_nothing, in a process of its own"]
fn interrupt_the_start() {
    let places = places_of_parent();
    let delay = std::env::var("UNDERPIN_TEST_DELAY").unwrap().parse().unwrap();
    let interrupter = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(delay));
        interrupt();
    });
    match Server::start(&installation(), &places) {
        Ok(server) => {
            interrupter.join().unwrap();
            assert!(server.connect("postgres").is_err());
        }
        Err(error) => {
            interrupter.join().unwrap();
            assert!(matches!(error, StartError::Interrupted), "{error}");
        }
    }
    assert!(std::fs::read_dir(&places.temporary).unwrap().all(|entry| {
        !entry.unwrap().file_name().to_string_lossy().starts_with("underpin-pg-")
    }));
}
