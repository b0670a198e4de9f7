//! Loading rows in bulk by COPY.

use std::io::Read;

use underpin_pg::{CopyFormat, CopyIn, Ident, QualifiedName};
use underpin_server::{Session, SessionError};

/// How much encoded data is gathered before it is handed on.
const CHUNK_BYTES: usize = 64 * 1024;

/// Loads rows into a table and returns how many. A value is in the text form of its type, `None` is
/// NULL; a row has one value for each of `columns`. All rows come in, or none.
pub fn copy_in<I, R, T>(
    session: &mut Session,
    table: &QualifiedName,
    columns: &[Ident],
    rows: I,
) -> Result<u64, SessionError>
where
    I: IntoIterator<Item = R>,
    R: AsRef<[Option<T>]>,
    T: AsRef<str>,
{
    let copy = CopyIn { table: table.clone(), columns: columns.to_vec(), format: CopyFormat::Text };
    let mut rows = rows.into_iter();
    copy_in_by(session, &copy, |chunk| {
        rows.next().is_some_and(|row| {
            CopyIn::encode_row(chunk, row.as_ref());
            true
        })
    })
}

/// Loads rows that are encoded as they are asked for, and returns how many. `next` appends the next row to what is
/// handed on, or says that there is none. All rows come in, or none.
pub fn copy_in_by(
    session: &mut Session,
    copy: &CopyIn,
    next: impl FnMut(&mut Vec<u8>) -> bool,
) -> Result<u64, SessionError> {
    let mut chunk = Vec::with_capacity(2 * CHUNK_BYTES);
    copy.format.head(&copy.columns, &mut chunk);
    let mut data = Encoder { next, format: copy.format, chunk, given: 0, is_over: false };
    session.copy_in(&copy.to_string(), &mut data)
}

/// Rows as a stream of bytes, encoded as they are asked for.
struct Encoder<F> {
    /// Appends the next row; `false` where there is none.
    next: F,
    format: CopyFormat,
    chunk: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl<F: FnMut(&mut Vec<u8>) -> bool> Read for Encoder<F> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.chunk.len() && !self.is_over {
            self.chunk.clear();
            self.given = 0;
            while self.chunk.len() < CHUNK_BYTES {
                if !(self.next)(&mut self.chunk) {
                    self.format.tail(&mut self.chunk);
                    self.is_over = true;
                    break;
                }
            }
        }
        let rest = &self.chunk[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}
