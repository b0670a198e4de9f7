//! A value of the documents in the form in which somebody else's column takes it.

use std::collections::BTreeMap;

use underpin_model::FieldKind;
use underpin_pg::{QualifiedName, Table, Type};
use underpin_physical::CheckPurpose;
use underpin_server::SessionError;

use super::arena::{Arena, Cell};
use super::ground::{Kind, single_key};
use super::mapping::{Place, attribute};
use super::names::{bare, words};
use crate::row::Rule;
use crate::value::{Decimal, Value, parse_timestamp};

/// How a schema wants texts to be written of which the documents say no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `ABC`.
    Upper,
    /// `abc`.
    Lower,
    /// `123`.
    Digits,
    /// `a_b`.
    Word,
    /// `a1`.
    Plain,
    /// `A1`.
    Capitals,
    /// `ab`.
    Letters,
}

impl Spelling {
    /// All of them.
    pub(super) const ALL: [Self; 7] = [
        Self::Upper,
        Self::Lower,
        Self::Digits,
        Self::Word,
        Self::Plain,
        Self::Capitals,
        Self::Letters,
    ];

    /// A text so written, as long as before; texts that differ stay different as a rule.
    fn of(self, text: &str) -> String {
        match self {
            Self::Upper => text.to_uppercase(),
            Self::Lower => text.to_lowercase(),
            Self::Digits => text
                .chars()
                .map(|c| char::from_digit(c.to_digit(10).unwrap_or(u32::from(c) % 10), 10))
                .map(|digit| digit.expect("invariant: below ten"))
                .collect(),
            Self::Word => text
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
                .collect(),
            Self::Plain => plain(text).collect(),
            Self::Capitals => plain(text).map(|c| c.to_ascii_uppercase()).collect(),
            Self::Letters => plain(text)
                .map(|c| c.to_digit(10).and_then(|it| char::from_digit(it + 10, 36)).unwrap_or(c))
                .collect(),
        }
    }
}

/// A text in small letters and digits.
fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '0' })
}

const DAY: i64 = 86_400;
const YEAR: i64 = 365;
/// 2024-01-01 and 2026-01-01, in days from 1970-01-01.
const EARLY: i64 = 19_723;
const LATE: i64 = 20_454;
/// A hundred years and a day more or less, in days.
const FAR: i64 = 36_525;

/// Which moments are moved to a time to come: a schema may refuse what lies behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Future {
    /// None.
    #[default]
    None,
    /// Those of columns that plan something.
    Planned,
    /// All.
    All,
}

impl Future {
    /// The value of a column, moved.
    pub(super) fn moved(self, value: &Value, column: &str) -> Value {
        const PLANS: &[&str] = &[
            "start",
            "end",
            "begin",
            "finish",
            "due",
            "expire",
            "expiry",
            "expiration",
            "scheduled",
            "valid",
            "until",
            "from",
            "to",
            "check",
            "arrival",
            "departure",
            "in",
            "out",
            "slot",
            "deadline",
            "delivery",
            "planned",
        ];
        let applies = match self {
            Self::None => false,
            Self::Planned => words(column).iter().any(|word| PLANS.contains(&word.as_str())),
            Self::All => true,
        };
        if let (Value::Date(days), true) = (value, applies) {
            Value::Date(days + FAR)
        } else if let (Value::Timestamp(seconds), true) = (value, applies) {
            Value::Timestamp(seconds + FAR * DAY)
        } else {
            value.clone()
        }
    }
}

impl Arena<'_> {
    /// What the columns of a table are given for values of our own design's columns.
    pub(super) fn cells(
        &mut self,
        ours: &QualifiedName,
        values: &BTreeMap<usize, Value>,
        future: Future,
    ) -> Result<BTreeMap<usize, Cell>, SessionError> {
        let Some(home) = self.mapping.home(ours) else { return Ok(BTreeMap::new()) };
        let table = self.sides.ground.table(&home.table);
        let mut cells = BTreeMap::new();
        let mut bounds: BTreeMap<usize, [Option<String>; 2]> = BTreeMap::new();
        for (&at, value) in values {
            let Some(&place) = home.places.get(&at) else { continue };
            let value = future.moved(value, self.sides.shapes[ours].name(at).as_str());
            match place {
                Place::Column(column) => {
                    let mut cell = self.encode(ours, at, table, column, &value)?;
                    if let (Cell::Text(text), false) = (&cell, self.has_own_rule(ours, at)) {
                        cell = Cell::Text(self.suited(table, column, text.clone()));
                    } else if let (Cell::Text(text), Some(spelling)) =
                        (&cell, self.spelling(&table.name, column))
                    {
                        cell = Cell::Text(spelling.of(text));
                    }
                    cells.insert(column, cell);
                }
                Place::Lower(column) => bounds.entry(column).or_default()[0] = value.text(),
                Place::Upper(column) => bounds.entry(column).or_default()[1] = value.text(),
            }
        }
        for (column, [lower, upper]) in bounds {
            // Where no rule is about them, which of two bounds comes first is chance.
            let own = home.places.iter().filter(|(_, place)| place.column() == column);
            let is_free = own.map(|(&at, _)| at).all(|at| !self.has_own_rule(ours, at));
            let (lower, upper) = match (lower, upper) {
                (Some(lower), Some(upper)) if is_free && lower > upper => {
                    (Some(upper), Some(lower))
                }
                as_given => as_given,
            };
            let quoted =
                |bound: Option<String>| bound.map_or_else(String::new, |it| format!("\"{it}\""));
            cells.insert(column, Cell::Text(format!("[{},{})", quoted(lower), quoted(upper))));
        }
        Ok(cells)
    }

    /// One value for one column.
    pub(super) fn encode(
        &mut self,
        ours: &QualifiedName,
        at: usize,
        table: &Table,
        column: usize,
        value: &Value,
    ) -> Result<Cell, SessionError> {
        let Some(text) = value.text() else {
            return Ok(if *value == Value::Null { Cell::Null } else { Cell::Leave });
        };
        let theirs = &table.columns[column];
        let kind = self.sides.ground.kind(theirs);
        let stated = attribute(self.sides, ours, at).map(|it| &it.kind);
        if matches!(stated, Some(FieldKind::Enumeration(_))) {
            return self.label(table, column, &text);
        }
        Ok(Cell::Text(match (value, &kind) {
            // A column may be too short for a text of which no document says how long it is.
            (Value::Text(_), Kind::Text { max: Some(max) })
                if text.chars().count() > *max
                    && matches!(stated, Some(FieldKind::Text { .. }))
                    && !self.has_own_rule(ours, at) =>
            {
                return Ok(self.filler(&kind, theirs.name.as_str(), &[]));
            }
            (Value::Number(number), Kind::Integer)
                if is_minor(theirs.name.as_str()) && is_amount(stated) =>
            {
                number.times(Decimal::from(100)).map_or(text, |number| number.to_string())
            }
            // Where no document says how many digits follow the point, a column may keep none.
            (Value::Number(number), Kind::Integer) if !says_scale(stated) => {
                let whole = number.cut(0);
                let is_less = whole != *number && whole.to_string().trim_start_matches('-') == "0";
                if is_less { "1".to_owned() } else { whole.to_string() }
            }
            // Nor how large a number may be that none bounds.
            (Value::Number(number), Kind::Number { .. })
                if !says_scale(stated) && !self.names_a_limit(ours, at) =>
            {
                within(*number, &theirs.data_type).to_string()
            }
            (Value::Interval(seconds), Kind::Integer | Kind::Number { .. }) => {
                let words = words(theirs.name.as_str());
                let says = |sign: &str| words.iter().any(|word| word.starts_with(sign));
                let unit = if says("min") {
                    60
                } else if says("hour") {
                    3600
                } else if says("day") {
                    DAY
                } else {
                    1
                };
                (seconds / unit).max(1).to_string()
            }
            (Value::Raw(_) | Value::Text(_), Kind::Integer) if text.parse::<i64>().is_err() => {
                self.fresh().to_string()
            }
            (Value::Text(_), Kind::Uuid) if text.len() != 36 => self.planner.dice.uuid(),
            // What the documents call a text is kept as something else.
            (Value::Text(_), kind) if !is_written_so(kind, &text) => {
                let future = self.learned.get(&table.name).map(|it| it.future).unwrap_or_default();
                let name = theirs.name.as_str();
                let Cell::Text(text) = self.filler(kind, name, &[]) else { return Ok(Cell::Leave) };
                let moved = match (kind, parse_timestamp(&text)) {
                    (Kind::Date, Some(moment)) => future.moved(&Value::Date(moment / DAY), name),
                    (Kind::Moment { .. }, Some(moment)) => {
                        future.moved(&Value::Timestamp(moment), name)
                    }
                    _ => Value::Text(text),
                };
                return Ok(moved.text().map_or(Cell::Leave, Cell::Text));
            }
            _ => text,
        }))
    }

    /// Whether the documents have a rule of their own for a column of our own design.
    pub(super) fn has_own_rule(&self, ours: &QualifiedName, at: usize) -> bool {
        let shape = &self.sides.shapes[ours];
        let design = self.sides.physical.tables.of(ours);
        let is_stated = |rule: &Rule| {
            design.is_some_and(|design| {
                design.checks.iter().any(|check| {
                    check.constraint == rule.constraint && check.purpose != CheckPurpose::Length
                })
            })
        };
        let mut own = shape.rules.iter().filter(|rule| rule.columns.contains(&at));
        own.any(|rule| rule.term.is_some() && is_stated(rule))
    }

    /// Whether a rule of the documents compares a column of our own design with something else than zero.
    fn names_a_limit(&self, ours: &QualifiedName, at: usize) -> bool {
        let shape = &self.sides.shapes[ours];
        let rules = shape.rules.iter().filter(|rule| rule.columns.contains(&at));
        let mut checks = rules.filter_map(|rule| {
            let checks = &shape.table.checks;
            let check = checks.iter().find(|check| check.name == rule.constraint)?;
            Some((rule.columns.len(), check.expression.to_string()))
        });
        checks.any(|(columns, sql)| {
            let mut words = sql.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
            columns > 1
                || words.any(|word| {
                    word.parse::<f64>().is_ok_and(|limit| limit.is_finite() && limit != 0.0)
                })
        })
    }

    /// A value of which the documents say nothing more, in the form that the schema asks for.
    pub(super) fn suited(&mut self, table: &Table, column: usize, text: String) -> String {
        match self.sides.ground.kind(&table.columns[column]) {
            Kind::Text { .. } => self.in_form(table, column, text),
            Kind::Integer
            | Kind::Number { .. }
            | Kind::Boolean
            | Kind::Date
            | Kind::Time
            | Kind::Moment { .. }
            | Kind::Interval
            | Kind::Uuid
            | Kind::Json
            | Kind::Labels(_)
            | Kind::Range { .. }
            | Kind::Array
            | Kind::Other(_) => text,
        }
    }

    /// How a column was found to want its texts.
    fn spelling(&self, table: &QualifiedName, column: usize) -> Option<Spelling> {
        self.learned.get(table).and_then(|it| it.spelling.get(&column)).copied()
    }

    /// A text of which the documents say no form, in the one that the schema asks for.
    fn in_form(&mut self, table: &Table, column: usize, text: String) -> String {
        let spelled = match self.spelling(&table.name, column) {
            Some(spelling) => spelling.of(&text),
            None => text,
        };
        let forms = self.sides.ground.forms(table, column);
        if forms.iter().all(|form| form.matches(&spelled)) {
            return spelled;
        }
        let dice = &mut self.planner.dice;
        let examples = forms.iter().map(|form| form.example(&mut |length| dice.index(length)));
        examples
            .collect::<Vec<_>>()
            .into_iter()
            .find(|it| forms.iter().all(|form| form.matches(it)))
            .unwrap_or(spelled)
    }

    /// How a schema spells a label of the documents: in an enumeration, a CHECK, or a table of its own.
    fn label(&mut self, table: &Table, column: usize, label: &str) -> Result<Cell, SessionError> {
        let wanted = bare(label);
        let spelled = |list: &[String]| list.iter().find(|it| bare(it) == wanted).cloned();
        if let Kind::Labels(labels) = self.sides.ground.kind(&table.columns[column]) {
            return Ok(Cell::Text(spelled(&labels).unwrap_or_else(|| label.to_owned())));
        }
        let quoted = self.sides.ground.quoted(table, column);
        if quoted.iter().any(|it| it == label) {
            return Ok(Cell::Text(label.to_owned()));
        }
        if let Some(key) = single_key(table, column) {
            let to = key.references.clone();
            if self.mapping.ours(&to).is_none() {
                let there = self.sides.ground.table(&to);
                let target = super::ground::position(there, &key.referenced_columns[0]);
                let rows = self.rows(&to)?;
                let found =
                    rows.iter().find(|row| row.iter().flatten().any(|it| bare(it) == wanted));
                if let (Some(row), Some(target)) = (found, target) {
                    return Ok(Cell::of(row[target].as_ref()));
                }
                if rows.is_empty() {
                    if let Some(row) = self.new_label(&to, label)? {
                        return Ok(
                            target.map_or(Cell::Null, |target| Cell::of(row[target].as_ref()))
                        );
                    }
                }
            }
        }
        Ok(Cell::Text(spelled(&quoted).unwrap_or_else(|| label.to_owned())))
    }

    /// A row for a label in a table of labels that has none yet.
    fn new_label(
        &mut self,
        table: &QualifiedName,
        label: &str,
    ) -> Result<Option<Vec<Option<String>>>, SessionError> {
        let there = self.sides.ground.table(table);
        let mut cells = Vec::with_capacity(there.columns.len());
        for column in &there.columns {
            let kind = self.sides.ground.kind(column);
            let is_made = column.generated.is_some() || column.identity.is_some();
            let is_needed = self.sides.ground.refuses_null(column) && column.default.is_none();
            cells.push(if is_made {
                Cell::Leave
            } else if let Kind::Text { .. } = kind {
                Cell::Text(label.to_owned())
            } else if is_needed {
                self.filler(&kind, column.name.as_str(), &[])
            } else {
                Cell::Leave
            });
        }
        Ok(match self.insert(table, &cells, true)? {
            super::arena::Came::Row(row) => Some(row),
            super::arena::Came::Nothing | super::arena::Came::Refused(_) => None,
        })
    }

    /// Some value for a column of which the documents say nothing.
    pub(super) fn filler(&mut self, kind: &Kind, name: &str, quoted: &[String]) -> Cell {
        let number = self.fresh();
        let name = name.to_lowercase();
        Cell::Text(match kind {
            Kind::Labels(labels) => {
                return labels.first().map_or(Cell::Null, |it| Cell::Text(it.clone()));
            }
            Kind::Text { .. } if !quoted.is_empty() => {
                let is_word = |it: &&String| {
                    !it.is_empty() && it.chars().all(|c| c.is_alphanumeric() || "_- ".contains(c))
                };
                quoted.iter().find(is_word).cloned().unwrap_or_else(|| format!("x{number}"))
            }
            Kind::Text { max } => {
                let text = if name.contains("mail") {
                    format!("person{number}@example.com")
                } else if name.contains("phone") {
                    format!("+4420{number:08}")
                } else if name.contains("currency") {
                    "EUR".to_owned()
                } else if name.contains("country") {
                    "DE".to_owned()
                } else if name.contains("url") || name.contains("link") {
                    format!("https://example.com/{number}")
                } else if name.contains("zone") {
                    "UTC".to_owned()
                } else {
                    format!("x{number}")
                };
                match max {
                    Some(max) if text.chars().count() > *max => {
                        let skip = text.chars().count() - max;
                        text.chars().skip(skip).collect()
                    }
                    _ => text,
                }
            }
            Kind::Integer | Kind::Number { .. } => number.to_string(),
            Kind::Boolean => "false".to_owned(),
            // What ends does so years after what begins.
            Kind::Date | Kind::Moment { .. } => {
                let day = if is_end(&name) { LATE } else { EARLY } + number % YEAR;
                let value = if *kind == Kind::Date {
                    Value::Date(day)
                } else {
                    Value::Timestamp(day * DAY + DAY / 2)
                };
                value.text().unwrap_or_default()
            }
            Kind::Time => "10:00".to_owned(),
            Kind::Interval => "1 hour".to_owned(),
            Kind::Uuid => self.planner.dice.uuid(),
            Kind::Json => "{}".to_owned(),
            Kind::Range { of_dates: true } => {
                format!("[2024-06-03,2024-06-{:02})", 4 + number % 20)
            }
            Kind::Range { of_dates: false } => {
                "[2024-06-03 10:00+00,2024-06-03 11:00+00)".to_owned()
            }
            Kind::Array => "{}".to_owned(),
            Kind::Other(Type::Bytea) => "\\x00".to_owned(),
            Kind::Other(Type::Inet) => "10.0.0.1".to_owned(),
            Kind::Other(_) => number.to_string(),
        })
    }
}

/// Whether a column is called after the end of something.
fn is_end(name: &str) -> bool {
    const ENDS: &[&str] = &["end", "close", "until", "to", "expire", "expiry", "finish", "due"];
    words(name).iter().any(|word| ENDS.contains(&word.as_str()))
}

/// Whether a column counts money in its smallest unit.
fn is_minor(name: &str) -> bool {
    words(name).iter().any(|word| ["cent", "minor", "pence", "penny"].contains(&word.as_str()))
}

/// Whether a text can be read as what a column holds.
fn is_written_so(kind: &Kind, text: &str) -> bool {
    match kind {
        Kind::Date | Kind::Moment { .. } => parse_timestamp(text).is_some(),
        Kind::Number { .. } | Kind::Integer => Decimal::parse(text).is_some(),
        Kind::Boolean => ["true", "false", "t", "f"].contains(&text),
        Kind::Time => text.as_bytes().get(2) == Some(&b':'),
        Kind::Json => text.starts_with(['{', '[', '"']),
        Kind::Array => text.starts_with('{'),
        Kind::Range { .. } => text.starts_with(['[', '(']),
        Kind::Interval => text.starts_with(|c: char| c.is_ascii_digit()),
        // The type of a column may list values of which the documents say nothing.
        Kind::Labels(labels) => labels.iter().any(|label| label == text),
        Kind::Text { .. } | Kind::Uuid | Kind::Other(_) => true,
    }
}

/// A number with its point moved to the left, as far as a column asks for it that has room for few digits before the point.
pub(super) fn within(number: Decimal, data_type: &Type) -> Decimal {
    let Type::Numeric(Some((precision, scale))) = data_type else { return number };
    let room = u32::from(precision.saturating_sub(*scale));
    let (units, own) = number.parts();
    let digits = units.unsigned_abs().checked_ilog10().map_or(1, |it| it + 1);
    let over = digits.saturating_sub(own).saturating_sub(room);
    if over == 0 { number } else { Decimal::new(units, own + over) }
}

/// Whether the documents say how many digits follow the point.
fn says_scale(stated: Option<&FieldKind>) -> bool {
    matches!(
        stated,
        Some(FieldKind::Decimal { scale: Some(_), .. } | FieldKind::Money { scale: Some(_), .. })
    )
}

fn is_amount(stated: Option<&FieldKind>) -> bool {
    matches!(stated, Some(FieldKind::Money { .. } | FieldKind::Decimal { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit_the_room_of_a_column() {
        let fit = |number: &str, size| {
            within(Decimal::parse(number).unwrap(), &Type::Numeric(size)).to_string()
        };
        assert_eq!(fit("523.41", Some((6, 4))), "52.341");
        assert_eq!(fit("-523.41", Some((4, 4))), "-0.52341");
        assert_eq!(fit("52.3", Some((6, 4))), "52.3");
        assert_eq!(fit("0", Some((2, 2))), "0");
        assert_eq!(fit("523.41", None), "523.41");
    }
}
