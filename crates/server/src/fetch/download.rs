//! The transfer of an archive and its checksum.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256};
use ureq::http::StatusCode;
use ureq::{Agent, Body};

use super::{Archive, FetchError, Progress};

/// How long to wait for a connection, and for the next bytes on it.
const STALLED_AFTER: Duration = Duration::from_secs(30);
/// A checksum file is one line; more than this is some other page.
const CHECKSUM_FILE_LIMIT: u64 = 4096;

type Response = ureq::http::Response<Body>;

/// Asks for a file, from an offset on.
fn get(url: &str, offset: u64) -> Result<Response, FetchError> {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_connect(Some(STALLED_AFTER))
        .timeout_recv_response(Some(STALLED_AFTER))
        .timeout_per_read(Some(STALLED_AFTER));
    if url.starts_with("http://127.0.0.1") || url.starts_with("http://localhost") {
        // A mirror on this very machine is not what the proxy of the environment is for.
        config = config.proxy(None);
    }
    let agent = Agent::new_with_config(config.build());
    let mut request = agent.get(url);
    if offset > 0 {
        request = request.header("Range", format!("bytes={offset}-"));
    }
    request.call().map_err(|error| FetchError::Unreachable {
        url: url.to_owned(),
        message: error.to_string(),
    })
}

/// The published SHA-256 of an archive, in lower-case hexadecimal.
pub(super) fn checksum(archive: &Archive) -> Result<String, FetchError> {
    let url = format!("{}.sha256", archive.url());
    let mut response = get(&url, 0)?;
    if response.status() != StatusCode::OK {
        return Err(FetchError::Status { url, status: response.status().as_u16() });
    }
    let mut text = Vec::new();
    response
        .body_mut()
        .as_reader()
        .take(CHECKSUM_FILE_LIMIT)
        .read_to_end(&mut text)
        .map_err(|error| FetchError::Unreachable { url, message: error.to_string() })?;
    // `sha256sum` writes the checksum, then the name of the file.
    let text = String::from_utf8_lossy(&text);
    let word = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    if word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(word)
    } else {
        let expected = word.chars().take(64).collect();
        Err(FetchError::Checksum { url: archive.url(), expected, found: None })
    }
}

/// Brings the archive into a file, continuing what is in it, and compares it with the checksum.
pub(super) fn archive(
    archive: &Archive,
    part: &Path,
    expected: &str,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), FetchError> {
    let url = archive.url();
    let disk = |source| FetchError::Disk { path: part.to_owned(), source };
    let mut here = part.metadata().map_or(0, |found| found.len());
    loop {
        let continued = here > 0;
        let complete = transfer(&url, part, here, progress);
        // What an earlier run left may be of another build, or end past the end of the file.
        let refused = matches!(complete, Err(FetchError::Status { status: 416, .. }));
        if !(continued && refused) {
            complete?;
            let found = sha256(part).map_err(disk)?;
            if found == expected {
                return Ok(());
            }
            if !continued {
                std::fs::remove_file(part).map_err(disk)?;
                return Err(FetchError::Checksum {
                    url,
                    expected: expected.to_owned(),
                    found: Some(found),
                });
            }
        } else if sha256(part).map_err(disk)? == expected {
            // It was complete all along: killed between the last byte and the unpacking.
            return Ok(());
        }
        std::fs::remove_file(part).map_err(disk)?;
        here = 0;
    }
}

fn transfer(
    url: &str,
    part: &Path,
    offset: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), FetchError> {
    let disk = |source| FetchError::Disk { path: part.to_owned(), source };
    let response = get(url, offset)?;
    // A server that cannot continue sends the whole file.
    let mut received = match response.status() {
        StatusCode::PARTIAL_CONTENT => offset,
        StatusCode::OK => 0,
        status => return Err(FetchError::Status { url: url.to_owned(), status: status.as_u16() }),
    };
    let total = response.body().content_length().map(|length| length + received);
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(false).open(part).map_err(disk)?;
    file.set_len(received).map_err(disk)?;
    io::Seek::seek(&mut file, io::SeekFrom::End(0)).map_err(disk)?;

    let mut body = response.into_body().into_reader();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        progress(Progress { received, total });
        let count = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => return Err(FetchError::Broken { url: url.to_owned(), received, total }),
        };
        file.write_all(&buffer[..count]).map_err(disk)?;
        received += u64::try_from(count).expect("invariant: a buffer's length fits 64 bits");
    }
    if total.is_some_and(|total| received < total) {
        return Err(FetchError::Broken { url: url.to_owned(), received, total });
    }
    file.sync_all().map_err(disk)
}

fn sha256(file: &Path) -> io::Result<String> {
    let mut file = File::open(file)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            count => hash.update(&buffer[..count]),
        }
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        use std::fmt::Write as _;
        write!(text, "{byte:02x}").expect("invariant: a String takes every write");
    }
    Ok(text)
}
