//! One file to one document, or to the reason why it is none.

use std::fs::File;
use std::io::Read;

use underpin_base::{Diagnostic, Span};

use super::{Given, Input, unreadable};
use crate::codes;

/// The largest document that is read, in bytes.
const LARGEST: u64 = 20_000_000;

/// Reads a file and adds it to the input.
pub(super) fn add(file: &Given, input: &mut Input) {
    let bytes = match read(file) {
        Ok(bytes) => bytes,
        Err(diagnostic) => return input.diagnostics.push(*diagnostic),
    };
    let bytes = from_utf16(&bytes).map_or(bytes, String::into_bytes);
    if let Some(offset) = bytes.iter().position(|&byte| byte == 0) {
        let message = format!(
            "`{}` is a binary file: byte {offset} (line {}) is NUL",
            file.shown,
            line_at(&bytes, offset)
        );
        let help = "leave it out, or save it as UTF-8 text";
        return input.diagnostics.push(Diagnostic::error(codes::BINARY, message).help(help));
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            // Editors on some systems mark UTF-8 with an invisible character, which is no part of the text.
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            input.sources.add(&*file.shown, text);
        }
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let message = format!(
                "`{}` is not UTF-8: byte {offset} (line {}) is 0x{:02X}, which no character of UTF-8 has there",
                file.shown,
                line_at(&bytes, offset),
                bytes[offset]
            );
            // Up to the first wrong byte, the replaced text has the same offsets as the file.
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let id = input.sources.add(&*file.shown, text);
            let wrong = offset..offset + char::REPLACEMENT_CHARACTER.len_utf8();
            input.diagnostics.push(
                Diagnostic::error(codes::NOT_UTF8, message)
                    .at(Span::new(id, wrong), "not UTF-8 from here")
                    .help("convert it: iconv -f latin1 -t utf-8"),
            );
        }
    }
}

/// The text of a file in UTF-16, as editors on some systems save it. The byte order mark says so; without one, or with half a
/// character in it, it is no such file.
fn from_utf16(bytes: &[u8]) -> Option<String> {
    let (is_little, rest) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (true, rest),
        [0xFE, 0xFF, rest @ ..] => (false, rest),
        _ => return None,
    };
    let (pairs, []) = rest.as_chunks::<2>() else { return None };
    let unit = |&pair| if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) };
    let units: Vec<u16> = pairs.iter().map(unit).collect();
    String::from_utf16(&units).ok()
}

fn read(file: &Given) -> Result<Vec<u8>, Box<Diagnostic>> {
    let refused = |error| Box::new(unreadable(&file.shown, &error));
    let metadata = std::fs::metadata(&file.path).map_err(refused)?;
    if metadata.len() > LARGEST {
        return Err(Box::new(too_large(file, metadata.len())));
    }
    // As large as the file, with room to see its end.
    let length = usize::try_from(metadata.len()).unwrap_or_default();
    let mut bytes = Vec::with_capacity(length + 1);
    // A file may grow between the two looks at it.
    let limit = LARGEST + 1;
    File::open(&file.path)
        .and_then(|opened| opened.take(limit).read_to_end(&mut bytes))
        .map_err(refused)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Box::new(too_large(file, limit)));
    }
    Ok(bytes)
}

fn too_large(file: &Given, size: u64) -> Diagnostic {
    let message = format!(
        "`{}` has {size} bytes; documents of more than {} MB are not read",
        file.shown,
        LARGEST / 1_000_000
    );
    Diagnostic::error(codes::TOO_LARGE, message)
        .help("give the documents that describe the data, not a dump of it")
}

/// The line (from 1) of a byte.
fn line_at(bytes: &[u8], offset: usize) -> usize {
    bytes[..offset].split(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Input {
        let folder = underpin_testkit::temp_dir();
        let path = folder.path().join("a.md");
        std::fs::write(&path, bytes).unwrap();
        let mut input = Input::default();
        add(&Given { shown: "a.md".to_owned(), path }, &mut input);
        input
    }

    #[test]
    fn latin1_is_refused_with_byte_and_line() {
        let input = of(b"# A\n\nna\xefve\n");
        let diagnostic = &input.diagnostics[0];
        assert_eq!(diagnostic.code, codes::NOT_UTF8);
        assert!(diagnostic.message.contains("byte 7 (line 3) is 0xEF"), "{}", diagnostic.message);
        let place = input.sources.location(diagnostic.primary().unwrap());
        assert_eq!(place.to_string(), "a.md:3:3");
    }

    #[test]
    fn utf16_is_read_where_it_says_so() {
        let of_units = |mark: u16, encode: fn(u16) -> [u8; 2]| {
            let units = std::iter::once(mark).chain("# Löwe\n".encode_utf16());
            of(&units.flat_map(encode).collect::<Vec<u8>>())
        };
        for input in [of_units(0xFEFF, u16::to_le_bytes), of_units(0xFEFF, u16::to_be_bytes)] {
            assert_eq!(input.sources.iter().next().unwrap().1.text(), "# Löwe\n");
        }
        // Half a character, and no mark.
        assert_eq!(of(b"\xFF\xFE#\0\0\xD8").diagnostics[0].code, codes::BINARY);
        assert_eq!(of(b"#\0 \0A\0").diagnostics[0].code, codes::BINARY);
    }

    #[test]
    fn binary_is_refused_and_a_byte_order_mark_is_not() {
        assert_eq!(of(b"a\n\0").diagnostics[0].code, codes::BINARY);
        let input = of("\u{feff}# A\n".as_bytes());
        assert_eq!(input.sources.iter().next().unwrap().1.text(), "# A\n");
    }
}
