//! What documents say of how rows are split among partitions.

/// How the rows of an entity are split among partitions. What one place leaves out, another may say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartitioningFact {
    /// The entity or table.
    pub entity: String,
    /// By what a row is told its partition, where that is said.
    pub method: Option<SplitMethod>,
    /// The fields that tell it, in order.
    pub fields: Vec<String>,
    /// How long a time one partition holds.
    pub period: Option<SplitPeriod>,
    /// How many partitions there are.
    pub count: Option<u32>,
    /// The partitions of a list.
    pub lists: Vec<ListedPart>,
    /// What becomes of rows that no partition is stated for.
    pub others: Option<OtherRows>,
    /// Whether the primary key may take the fields in, so that it is unique for each of their values only.
    pub widens_key: bool,
    /// As written.
    pub text: String,
}

/// By what a row is told its partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SplitMethod {
    /// By the range that its value lies in.
    Range,
    /// By the list that its value is on.
    List,
    /// By a hash of its value.
    Hash,
}

impl SplitMethod {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Range, Self::List, Self::Hash];

    /// The word for it, as in SQL and as the model file says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::List => "list",
            Self::Hash => "hash",
        }
    }

    /// By its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(word))
    }
}

/// How long a time one partition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SplitPeriod {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
}

impl SplitPeriod {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The noun for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// By its noun or adverb: "month", "months", "monthly".
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        Self::ALL.into_iter().find(|it| {
            let noun = it.as_str();
            word == noun
                || word.strip_prefix(noun).is_some_and(|end| matches!(end, "s" | "ly"))
                || *it == Self::Day && word == "daily"
                || *it == Self::Year && word == "annually"
        })
    }
}

/// A partition of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPart {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The values of its rows.
    pub values: Vec<String>,
}

/// What becomes of rows that no partition is stated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OtherRows {
    /// A default partition takes them.
    Kept,
    /// They are refused.
    Refused,
}

impl OtherRows {
    /// The word for it, as the model file says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Refused => "refused",
        }
    }

    /// By its word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Kept, Self::Refused].into_iter().find(|it| it.as_str() == word)
    }
}
