//! The fetch, from an archive that the tests serve on localhost.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use underpin_server::{
    Archive, FetchError, Installation, Problem, Progress, Search, Server, fetch, obtain,
};

use crate::find::write_script;
use crate::harness::{Ground, installation};

/// What a path is answered with.
#[derive(Clone)]
struct Answer {
    status: u16,
    body: Vec<u8>,
    /// Break the connection after so many bytes.
    breaks_after: Option<usize>,
    continues: bool,
}

/// A web server for one test.
struct Site {
    address: String,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    /// The paths asked for, with the offset.
    requests: Arc<Mutex<Vec<(String, usize)>>>,
}

impl Site {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            answers: Arc::default(),
            requests: Arc::default(),
        };
        let (answers, requests) = (Arc::clone(&site.answers), Arc::clone(&site.requests));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), &answers, &requests);
            }
        });
        site
    }

    fn archive(&self) -> Archive {
        Archive {
            base_url: self.address.clone(),
            release: "17.10.0".to_owned(),
            target: "test-machine".to_owned(),
        }
    }

    fn answer(&self, suffix: &str, answer: Answer) {
        let path = format!("/17.10.0/postgresql-17.10.0-test-machine.tar.gz{suffix}");
        self.answers.lock().unwrap().insert(path, answer);
    }

    /// Serves an archive with its right checksum.
    fn publish(&self, body: &[u8]) {
        self.answer(".sha256", ok(checksum_line(body).as_bytes()));
        self.answer("", ok(body));
    }

    fn offsets(&self) -> Vec<usize> {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .filter(|(path, _)| path.ends_with(".tar.gz"))
            .map(|(_, offset)| *offset)
            .collect()
    }
}

fn ok(body: &[u8]) -> Answer {
    Answer { status: 200, body: body.to_vec(), breaks_after: None, continues: true }
}

fn serve(
    mut stream: TcpStream,
    answers: &Mutex<BTreeMap<String, Answer>>,
    requests: &Mutex<Vec<(String, usize)>>,
) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(request) = lines.next() else { return };
    let path = request.split(' ').nth(1).unwrap().to_owned();
    let mut offset = 0;
    for header in lines.take_while(|line| !line.is_empty()) {
        if let Some(range) = header.to_ascii_lowercase().strip_prefix("range: bytes=") {
            offset = range.trim_end_matches('-').parse().unwrap();
        }
    }
    requests.lock().unwrap().push((path.clone(), offset));
    let missing = Answer { status: 404, body: Vec::new(), breaks_after: None, continues: false };
    let answer = answers.lock().unwrap().get(&path).cloned().unwrap_or(missing);
    let (status, body) = match answer.status {
        200 if offset > 0 && answer.continues && offset >= answer.body.len() => (416, &[][..]),
        200 if offset > 0 && answer.continues => (206, &answer.body[offset..]),
        status => (status, &answer.body[..]),
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let sent = answer.breaks_after.map_or(body, |count| &body[..count.min(body.len())]);
    // The client may have gone: that is its business.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(sent));
}

fn checksum_line(body: &[u8]) -> String {
    let digits: String =
        Sha256::digest(body).iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect();
    format!("{digits}  postgresql-17.10.0-test-machine.tar.gz\n")
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap()
}

/// An archive like those that are released: one folder, and in it programs. They hand on to the real ones, so that a
/// server can be started from them.
fn programs() -> Vec<u8> {
    let real = installation();
    let folder = tempfile::tempdir().unwrap();
    for program in ["postgres", "initdb"] {
        let body = format!("exec '{}' \"$@\"", real.program(program).display());
        write_script(&folder.path().join("bin").join(program), &body);
    }
    packed(&folder)
}

fn packed(folder: &tempfile::TempDir) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    archive.append_dir_all("postgresql-17.10.0-test-machine", folder.path()).unwrap();
    archive.into_inner().unwrap().finish().unwrap()
}

fn silent(_: Progress) {}

/// What is in the cache, without lock files.
fn kept(ground: &Ground) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(ground.path().join("programs")) else { return Vec::new() };
    let mut kept: Vec<_> = entries
        .map(|entry| PathBuf::from(entry.unwrap().file_name()))
        .filter(|name| name.extension().is_none_or(|extension| extension != "lock"))
        .collect();
    kept.sort();
    kept
}

const FOLDER: &str = "postgresql-17.10.0-test-machine";
const PART: &str = "postgresql-17.10.0-test-machine.part";

#[test]
fn a_server_runs_from_what_was_fetched() {
    let (site, ground, body) = (Site::new(), Ground::new(), programs());
    site.publish(&body);
    let nothing_here = Search::default();
    let mut seen = Vec::new();
    let found = obtain(&nothing_here, Some(ground.path()), Ok(site.archive()), &mut |progress| {
        seen.push(progress);
    });
    let found = found.unwrap();
    assert_eq!(found.version, installation().version);
    assert_eq!(kept(&ground), [PathBuf::from(FOLDER)], "the archive itself is not kept");
    let size = u64::try_from(body.len()).unwrap();
    assert_eq!(seen.last(), Some(&Progress { received: size, total: Some(size) }));

    let server = Server::start(&found, &ground.places()).unwrap();
    server.connect("postgres").unwrap().text("SELECT 1").unwrap();

    // The second time nothing is asked of the site.
    let asked = site.requests.lock().unwrap().len();
    assert_eq!(fetch(ground.path(), &site.archive(), &mut silent).unwrap(), found);
    assert_eq!(site.requests.lock().unwrap().len(), asked);
}

#[test]
fn two_at_once_fetch_once() {
    let (site, ground, body) = (Site::new(), Ground::new(), programs());
    site.publish(&body);
    let found: Vec<Installation> = std::thread::scope(|scope| {
        let fetches: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| fetch(ground.path(), &site.archive(), &mut silent).unwrap()))
            .collect();
        fetches.into_iter().map(|fetch| fetch.join().unwrap()).collect()
    });
    assert_eq!(found[0], found[1]);
    assert_eq!(site.offsets(), [0]);
}

#[test]
fn a_wrong_checksum_is_refused_and_nothing_stays() {
    let (site, ground) = (Site::new(), Ground::new());
    site.publish(b"what was published");
    site.answer("", ok(b"what somebody put in its place"));
    let error = fetch(ground.path(), &site.archive(), &mut silent).unwrap_err();
    assert!(matches!(error, FetchError::Checksum { found: Some(_), .. }), "{error}");
    assert_eq!(kept(&ground), Vec::<PathBuf>::new());
}

#[test]
fn a_page_in_place_of_a_checksum_is_refused() {
    let (site, ground) = (Site::new(), Ground::new());
    site.answer(".sha256", ok(b"<html>Log in to the network</html>"));
    let error = fetch(ground.path(), &site.archive(), &mut silent).unwrap_err();
    assert!(matches!(error, FetchError::Checksum { found: None, .. }), "{error}");
    assert!(site.offsets().is_empty(), "without a checksum nothing is fetched");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let (site, ground) = (Site::new(), Ground::new());
    let error = fetch(ground.path(), &site.archive(), &mut silent).unwrap_err();
    assert!(
        matches!(&error, FetchError::Status { status: 404, url } if url.ends_with(".sha256")),
        "{error}"
    );
    site.answer(".sha256", ok(checksum_line(b"").as_bytes()));
    let error = fetch(ground.path(), &site.archive(), &mut silent).unwrap_err();
    assert!(
        matches!(&error, FetchError::Status { status: 404, url } if !url.ends_with(".sha256")),
        "{error}"
    );
    assert_eq!(kept(&ground), Vec::<PathBuf>::new());
}

#[test]
fn a_broken_transfer_is_continued() {
    let (site, ground, body) = (Site::new(), Ground::new(), programs());
    site.publish(&body);
    site.answer("", Answer { breaks_after: Some(100), ..ok(&body) });
    let error = fetch(ground.path(), &site.archive(), &mut silent).unwrap_err();
    let total = u64::try_from(body.len()).unwrap();
    assert!(
        matches!(&error, FetchError::Broken { received: 100, total: Some(all), .. } if *all == total),
        "{error}"
    );
    assert_eq!(kept(&ground), [PathBuf::from(PART)]);

    site.publish(&body);
    fetch(ground.path(), &site.archive(), &mut silent).unwrap();
    assert_eq!(site.offsets(), [0, 100], "the second attempt asked for the rest alone");
    assert_eq!(kept(&ground), [PathBuf::from(FOLDER)]);
}

#[test]
fn what_a_killed_run_left_is_used_or_made_anew() {
    let body = programs();
    // Of another build; longer than the file; the whole file, killed before it was unpacked.
    let longer = vec![0; body.len() + 10];
    for (left, offsets) in
        [(&b"other"[..], vec![5, 0]), (&longer, vec![longer.len(), 0]), (&body, vec![body.len()])]
    {
        let (site, ground) = (Site::new(), Ground::new());
        site.publish(&body);
        std::fs::create_dir_all(
            ground.path().join("programs").join(format!("{FOLDER}.aside/half")),
        )
        .unwrap();
        std::fs::write(ground.path().join("programs").join(PART), left).unwrap();
        fetch(ground.path(), &site.archive(), &mut silent).unwrap();
        assert_eq!(site.offsets(), offsets);
        assert_eq!(kept(&ground), [PathBuf::from(FOLDER)]);
    }
}

#[test]
fn a_site_that_cannot_continue_sends_all() {
    let (site, ground, body) = (Site::new(), Ground::new(), programs());
    site.publish(&body);
    site.answer("", Answer { continues: false, ..ok(&body) });
    std::fs::create_dir_all(ground.path().join("programs")).unwrap();
    std::fs::write(ground.path().join("programs").join(PART), &body[..50]).unwrap();
    fetch(ground.path(), &site.archive(), &mut silent).unwrap();
    assert_eq!(site.offsets(), [50], "one transfer was enough");
}

#[test]
fn programs_that_do_not_run_are_refused() {
    let (site, ground) = (Site::new(), Ground::new());
    let folder = tempfile::tempdir().unwrap();
    write_script(
        &folder.path().join("bin/postgres"),
        "echo 'postgres: libssl.so.3 is missing' >&2; exit 127",
    );
    write_script(&folder.path().join("bin/initdb"), "");
    site.publish(&packed(&folder));
    let error = fetch(ground.path(), &site.archive(), &mut silent).unwrap_err();
    assert!(
        matches!(&error, FetchError::Unusable { problem: Problem::Broken { message }, .. } if message.contains("libssl")),
        "{error}"
    );
    assert_eq!(kept(&ground), Vec::<PathBuf>::new());
}

#[test]
fn offline_is_said_in_words() {
    let ground = Ground::new();
    // A port that was free a moment ago and on which nobody listens.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let archive = Archive { base_url: format!("http://{address}"), ..Site::new().archive() };
    let error =
        obtain(&Search::default(), Some(ground.path()), Ok(archive), &mut silent).unwrap_err();
    assert!(matches!(error.fetch.as_deref(), Some(FetchError::Unreachable { .. })), "{error}");
    let message = error.to_string();
    assert!(
        message.contains("install it with") && message.contains("cannot be reached"),
        "{message}"
    );
}

#[test]
fn a_named_folder_that_is_wrong_is_not_made_up_for() {
    let (site, ground) = (Site::new(), Ground::new());
    let search = Search { option: Some("/no/such/folder".into()), ..Search::default() };
    let error = obtain(&search, Some(ground.path()), Ok(site.archive()), &mut silent).unwrap_err();
    assert!(error.fetch.is_none() && error.find.is_named());
    assert!(site.requests.lock().unwrap().is_empty());
}

#[test]
fn a_cache_that_cannot_be_written_is_named() {
    let (site, ground) = (Site::new(), Ground::new());
    let file = ground.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = fetch(&file, &site.archive(), &mut silent).unwrap_err();
    assert!(error.to_string().contains("UNDERPIN_CACHE"), "{error}");
}
