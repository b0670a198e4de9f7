//! What the application asks of the data: queries and writes, by what, in which order, and what they compute.

use underpin_base::Span;

use crate::{AccessKind, EntityId, FieldId, FilterOperator, Pick, WriteForm};

/// A query or write that the application makes.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// A name that is unique in the model, in `snake_case`.
    pub name: String,
    /// As the document names it.
    pub text: String,
    /// Whether it reads or writes.
    pub kind: AccessKind,
    /// The entity that it is about.
    pub entity: EntityId,
    /// Further entities that it needs.
    pub joins: Vec<EntityId>,
    /// Its conditions.
    pub filter: Vec<Filter>,
    /// Conditions in the document's words, where no field is known that they mean. Nothing is built
    /// for them.
    pub unresolved: Vec<String>,
    /// Other words of the document that ask for something and became no part of it.
    pub unread: Vec<String>,
    /// What it computes of the rows; where that is nothing, it reads them.
    pub measures: Vec<Measure>,
    /// What it gathers the rows by before that.
    pub groups: Vec<Group>,
    /// Its order.
    pub sort: Vec<Sort>,
    /// Rows wanted at once; of each group where it gives the first of each.
    pub limit: Option<u32>,
    /// Which rows it gives of those that it finds, where that is not all of them.
    pub pick: Option<Pick>,
    /// What it does to its rows, where it writes.
    pub form: Option<WriteForm>,
    /// As written.
    pub frequency: Option<String>,
    /// Calls in a second, where a number was understood.
    pub per_second: Option<f64>,
    /// The latency objective in milliseconds.
    pub latency_ms: Option<f64>,
    /// How old a result may be, in seconds.
    pub staleness_s: Option<f64>,
    /// SQL that the document gives.
    pub sql: Option<String>,
    /// Where it is stated.
    pub source: Span,
}

impl Pattern {
    /// Whether all that the document asks for is a part of it. What is claimed of another statement says nothing of the
    /// one that was asked for.
    pub const fn is_whole(&self) -> bool {
        self.unresolved.is_empty() && self.unread.is_empty()
    }

    /// Whether it asks for what is computed of rows, and not for the rows.
    pub const fn is_computed(&self) -> bool {
        !self.measures.is_empty()
    }

    /// The conditions that every call has.
    pub fn conditions(&self) -> impl Iterator<Item = &Filter> {
        self.filter.iter().filter(|filter| !filter.optional)
    }
}

/// One condition of a pattern. The field belongs to the pattern's entity or to one of its joins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The field.
    pub field: FieldId,
    /// How it is compared.
    pub operator: FilterOperator,
    /// Whether a call may leave it out.
    pub optional: bool,
    /// The document's words, where they name no field: "date range".
    pub said: Option<String>,
}

/// A function of many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// How many there are.
    Count,
    /// What they come to together.
    Sum,
    /// Their mean.
    Average,
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
}

impl Function {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Count, Self::Sum, Self::Average, Self::Minimum, Self::Maximum];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Average => "average",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
        }
    }
}

/// What a pattern computes of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// By which function.
    pub function: Function,
    /// Of which values; `None` for the rows themselves.
    pub field: Option<FieldId>,
}

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarUnit {
    /// Sixty minutes.
    Hour,
    /// A day.
    Day,
    /// From Monday.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
}

impl CalendarUnit {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The word for it, which is PostgreSQL's as well (`date_trunc`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

/// What a pattern gathers its rows by before it computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// The field.
    pub field: FieldId,
    /// The stretch in which its moments lie, and not each moment.
    pub unit: Option<CalendarUnit>,
}

/// One part of a pattern's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The field.
    pub field: FieldId,
    /// Greatest first.
    pub descending: bool,
}
