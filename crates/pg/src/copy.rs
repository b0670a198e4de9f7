//! `COPY … FROM` and its formats (manual, COPY, "File Formats").

use std::fmt;

use crate::ident::list;
use crate::{Ident, QualifiedName, quote_literal};

/// The form of the data of a `COPY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyFormat {
    /// Lines with tabs between the values.
    Text,
    /// As the server keeps values: the quickest to read.
    Binary,
    /// Comma-separated values, with the names of the columns in the first line.
    Csv,
}

/// `\\copy table (columns) FROM file`: reads a file beside a script that `psql` runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyFile {
    /// What is read into which columns.
    pub copy: CopyIn,
    /// The file's name.
    pub file: String,
}

impl fmt::Display for CopyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CopyIn { table, columns, format } = &self.copy;
        let file = quote_literal(&self.file);
        write!(f, "\\copy {table} ({}) FROM {file}{}", list(columns), format.clause())
    }
}

impl CopyFormat {
    const fn clause(self) -> &'static str {
        match self {
            Self::Text => "",
            Self::Binary => " (FORMAT binary)",
            Self::Csv => " (FORMAT csv, HEADER)",
        }
    }

    /// What data of this form begins with, for these columns.
    pub fn head(self, columns: &[Ident], data: &mut Vec<u8>) {
        match self {
            Self::Text => {}
            // Signature, no flags, no extension.
            Self::Binary => data.extend_from_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"),
            Self::Csv => {
                for (at, column) in columns.iter().enumerate() {
                    if at > 0 {
                        data.push(b',');
                    }
                    Self::csv_value(column.as_str(), data);
                }
                data.push(b'\n');
            }
        }
    }

    /// What data of this form ends with.
    pub fn tail(self, data: &mut Vec<u8>) {
        match self {
            Self::Text | Self::Csv => {}
            Self::Binary => data.extend_from_slice(&(-1_i16).to_be_bytes()),
        }
    }

    /// Appends a value of the CSV format. An empty text is quoted, since an empty place is NULL.
    pub fn csv_value(value: &str, data: &mut Vec<u8>) {
        let is_plain = !value.is_empty()
            && value != "\\."
            && !value.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r'));
        if is_plain {
            data.extend_from_slice(value.as_bytes());
            return;
        }
        data.push(b'"');
        for byte in value.bytes() {
            if byte == b'"' {
                data.push(b'"');
            }
            data.push(byte);
        }
        data.push(b'"');
    }

    /// Appends a value of the text format.
    pub fn text_value(value: &str, data: &mut Vec<u8>) {
        for byte in value.bytes() {
            match byte {
                b'\\' => data.extend_from_slice(b"\\\\"),
                b'\t' => data.extend_from_slice(b"\\t"),
                b'\n' => data.extend_from_slice(b"\\n"),
                b'\r' => data.extend_from_slice(b"\\r"),
                other => data.push(other),
            }
        }
    }
}

/// `COPY table (columns) FROM STDIN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyIn {
    /// The table.
    pub table: QualifiedName,
    /// The columns that the data has, in order.
    pub columns: Vec<Ident>,
    /// The form of the data.
    pub format: CopyFormat,
}

impl fmt::Display for CopyIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, columns, format } = self;
        write!(f, "COPY {table} ({}) FROM STDIN{}", list(columns), format.clause())
    }
}

impl CopyIn {
    /// Appends a row to data of the text format. Values are in the text form of their types; `None`
    /// is NULL. A backslash and the characters that would end a value or a row are escaped, so that a
    /// value can be neither NULL's mark nor the end of the data.
    pub fn encode_row<T: AsRef<str>>(data: &mut Vec<u8>, row: &[Option<T>]) {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                data.push(b'\t');
            }
            match value {
                None => data.extend_from_slice(b"\\N"),
                Some(value) => CopyFormat::text_value(value.as_ref(), data),
            }
        }
        data.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_of_csv_is_not_null() {
        let mut data = Vec::new();
        for value in ["", "a,b", "say \"so\"", "plain", "\\."] {
            CopyFormat::csv_value(value, &mut data);
            data.push(b';');
        }
        let text = String::from_utf8(data).unwrap();
        assert_eq!(text, "\"\";\"a,b\";\"say \"\"so\"\"\";plain;\"\\.\";");
    }

    #[test]
    fn no_value_can_be_taken_for_something_else() {
        let mut data = Vec::new();
        let row = [Some("a\tb\\N"), None, Some("\\."), Some(""), Some("x\r\ny")];
        CopyIn::encode_row(&mut data, &row);
        assert_eq!(String::from_utf8(data).unwrap(), "a\\tb\\\\N\t\\N\t\\\\.\t\tx\\r\\ny\n");
    }
}
