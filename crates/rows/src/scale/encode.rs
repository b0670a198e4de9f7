//! Rows as the bytes of a COPY. What comes from the pool is written once and copied after.

use underpin_pg::{CopyFormat, Ident, Type, binary};

use super::compose::{Cell, Draft, Unmade};
use super::mix::uuid_text;
use super::numbered::{Form, bytes_text};
use super::plan::data_type;
use super::{Scale, TableScale};
use crate::value::Value;

pub use underpin_pg::CopyFormat as Format;

/// Writes the rows of a table, one after the other.
#[derive(Debug)]
pub struct Encoder<'s> {
    scale: &'s Scale<'s>,
    table: usize,
    format: CopyFormat,
    columns: Vec<usize>,
    types: Vec<&'s Type>,
    /// The bytes of each value of each row of the pool, by column and row.
    pooled: Vec<Vec<Box<[u8]>>>,
    draft: Draft,
    next: u64,
    made: u64,
    unmade: Option<(u64, String)>,
}

impl<'s> Encoder<'s> {
    /// An encoder from the first row on; for a binary one that cannot be, in text.
    pub fn new(scale: &'s Scale<'s>, table: &TableScale<'_>, format: CopyFormat) -> Self {
        let shape = table.shape();
        let number = scale.number_of(&shape.table.name).expect("invariant: a table of this scale");
        let shape = scale.tables[number].shape();
        let columns: Vec<usize> =
            (0..shape.table.columns.len()).filter(|&at| !shape.is_computed(at)).collect();
        let types: Vec<&Type> = columns.iter().map(|&at| data_type(shape, at)).collect();
        let is_binary = types.iter().all(|it| binary::is_written(it));
        let format = match format {
            CopyFormat::Binary if !is_binary => CopyFormat::Text,
            other => other,
        };
        let pooled = columns
            .iter()
            .zip(&types)
            .map(|(&column, data_type)| {
                let bytes = |row: &crate::row::Row| {
                    let mut data = Vec::new();
                    write_value(format, data_type, &row[column], &mut data);
                    data.into_boxed_slice()
                };
                scale.tables[number].pool.iter().map(bytes).collect()
            })
            .collect();
        Self {
            scale,
            table: number,
            format,
            columns,
            types,
            pooled,
            draft: Draft::default(),
            next: 0,
            made: 0,
            unmade: None,
        }
    }

    /// The form in which it writes.
    pub fn format(&self) -> CopyFormat {
        self.format
    }

    /// The columns that it writes.
    pub fn columns(&self) -> Vec<Ident> {
        let shape = self.scale.tables[self.table].shape();
        self.columns.iter().map(|&at| shape.name(at).clone()).collect()
    }

    /// How many rows it has written.
    pub fn made(&self) -> u64 {
        self.made
    }

    /// How many rows were left out, and why the first was.
    pub fn unmade(&self) -> Option<&(u64, String)> {
        self.unmade.as_ref()
    }

    /// Appends the next row; `false` where there is none.
    pub fn append(&mut self, data: &mut Vec<u8>) -> bool {
        loop {
            if self.next >= self.scale.tables[self.table].rows {
                return false;
            }
            let outcome = self.scale.make(self.table, self.next, &mut self.draft);
            self.next += 1;
            match outcome {
                Ok(()) => {
                    self.write(data);
                    self.made += 1;
                    return true;
                }
                Err(why) => {
                    let reason = self.unmade.get_or_insert_with(|| (0, String::new()));
                    if reason.0 == 0 {
                        reason.1 = self.scale.tables[self.table].why(&why);
                    }
                    reason.0 += 1;
                }
            }
        }
    }

    fn write(&self, data: &mut Vec<u8>) {
        if self.format == CopyFormat::Binary {
            binary::row(self.columns.len(), data);
        }
        for (place, &column) in self.columns.iter().enumerate() {
            match self.format {
                CopyFormat::Text if place > 0 => data.push(b'\t'),
                CopyFormat::Csv if place > 0 => data.push(b','),
                CopyFormat::Text | CopyFormat::Csv | CopyFormat::Binary => {}
            }
            match self.draft.cells[column] {
                Cell::Of { table, row, column: from } if table == self.table && from == column => {
                    data.extend_from_slice(&self.pooled[place][row]);
                }
                cell if self.format == CopyFormat::Binary => {
                    self.write_binary(self.types[place], cell, data);
                }
                cell => {
                    let value = self.scale.value(cell, &self.draft.text);
                    write_value(self.format, self.types[place], &value, data);
                }
            }
        }
        match self.format {
            CopyFormat::Text | CopyFormat::Csv => data.push(b'\n'),
            CopyFormat::Binary => {}
        }
    }

    fn write_binary(&self, data_type: &Type, cell: Cell, data: &mut Vec<u8>) {
        match cell {
            Cell::Null => binary::null(data),
            Cell::Of { table, row, column } => {
                let value = &self.scale.tables[table].pool[row][column];
                write_value(CopyFormat::Binary, data_type, value, data);
            }
            Cell::Integer { number, scale } => {
                binary::number(data_type, i128::from(number), scale, data);
            }
            Cell::Uuid(uuid) if *data_type == Type::Uuid => binary::uuid(uuid, data),
            Cell::Uuid(uuid) => binary::text(&uuid_text(uuid), data),
            Cell::Text { from, to } => binary::text(&self.draft.text[from..to], data),
            Cell::Date(days) => binary::date(days, data),
            Cell::Time(seconds) => binary::time(seconds, data),
            Cell::Timestamp(seconds) => binary::timestamp(seconds, data),
            Cell::Bytes(bytes) => {
                let all = [bytes.to_be_bytes(), bytes.rotate_left(40).to_be_bytes()].concat();
                if *data_type == Type::Bytea {
                    binary::bytes(&all, data);
                } else {
                    binary::text(&bytes_text(bytes), data);
                }
            }
            Cell::Address(number) => {
                write_value(CopyFormat::Binary, data_type, &Form::Address.value(number), data);
            }
        }
    }
}

impl TableScale<'_> {
    /// Why a row could not be made, in words.
    pub fn why(&self, why: &Unmade) -> String {
        let shape = self.shape();
        match why {
            Unmade::KeyIsFull(key) => {
                format!("{} leaves room for no more", shape.keys[*key].name.as_str())
            }
            Unmade::NoTarget(link) => {
                let columns = self.links[*link].columns.iter().map(|&at| shape.name(at).as_str());
                let columns: Vec<&str> = columns.collect();
                format!("{} finds no row of the same owner to refer to", columns.join(", "))
            }
            Unmade::Rules => "no values were found that keep all rules".to_owned(),
        }
    }
}

fn write_value(format: CopyFormat, data_type: &Type, value: &Value, data: &mut Vec<u8>) {
    match format {
        CopyFormat::Binary => write_binary_value(data_type, value, data),
        CopyFormat::Text => match value.text() {
            Some(text) => CopyFormat::text_value(&text, data),
            None => data.extend_from_slice(b"\\N"),
        },
        CopyFormat::Csv => {
            if let Some(text) = value.text() {
                CopyFormat::csv_value(&text, data);
            }
        }
    }
}

fn write_binary_value(data_type: &Type, value: &Value, data: &mut Vec<u8>) {
    match (value, data_type) {
        (Value::Null | Value::Default, _) => binary::null(data),
        (Value::Number(number), _) => {
            let (units, scale) = number.parts();
            binary::number(data_type, units, scale, data);
        }
        (Value::Boolean(is), _) => binary::boolean(*is, data),
        (Value::Date(days), _) => binary::date(*days, data),
        (Value::Time(seconds), _) => binary::time(*seconds, data),
        (Value::Timestamp(seconds), _) => binary::timestamp(*seconds, data),
        (Value::Interval(seconds), _) => binary::interval(*seconds, data),
        (Value::Text(text) | Value::Raw(text), Type::Jsonb) => binary::jsonb(text, data),
        (Value::Text(text) | Value::Raw(text), Type::Uuid) => {
            let digits: String = text.chars().filter(|it| *it != '-').collect();
            binary::uuid(u128::from_str_radix(&digits, 16).unwrap_or(0), data);
        }
        (Value::Text(text) | Value::Raw(text), Type::Bytea) => {
            let digits = text.strip_prefix("\\x").unwrap_or_default().as_bytes();
            let digit =
                |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
            let bytes: Vec<u8> = digits
                .chunks_exact(2)
                .filter_map(|two| Some(digit(two[0])? << 4 | digit(two[1])?))
                .collect();
            binary::bytes(&bytes, data);
        }
        (Value::Text(text) | Value::Raw(text), _) => binary::text(text, data),
        (Value::List(_), _) => binary::null(data),
    }
}
