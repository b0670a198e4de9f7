//! A field of a random document: its default, and what is said of it.

use super::{Field, KINDS, Kind};

impl Field {
    pub(super) fn name(&self) -> &'static str {
        KINDS[self.kind].2[usize::from(self.second)]
    }

    /// Whether a key over it makes sense.
    pub(super) fn is_key(&self) -> bool {
        matches!(
            KINDS[self.kind].0,
            Kind::Text | Kind::Number | Kind::Day | Kind::Other | Kind::Listed
        ) && KINDS[self.kind].1 != "text[]"
    }

    pub(super) fn default(&self) -> Option<String> {
        Some(match (KINDS[self.kind].0, KINDS[self.kind].1) {
            (Kind::Text, "char(3)") => "default `EUR`".to_owned(),
            (Kind::Text, _) => "default `abc`".to_owned(),
            (Kind::Number, _) => "default 3".to_owned(),
            (Kind::Flag, _) => "default false".to_owned(),
            (Kind::Json, _) => "default `{}`".to_owned(),
            (Kind::Moment, _) => "default now()".to_owned(),
            (Kind::Listed, _) => "default `silver`".to_owned(),
            (Kind::Day | Kind::Time | Kind::Other, _) => return None,
        })
    }

    /// A rule over this field alone, which its default keeps.
    pub(super) fn rule(&self) -> Option<String> {
        let name = self.name();
        let is_capital = KINDS[self.kind].1 == "char(3)";
        let said = match (KINDS[self.kind].0, self.rule) {
            (Kind::Text, 3) if is_capital => return None,
            (Kind::Text, 0) => "must be 2 to 15 characters",
            (Kind::Text, 1) => "must be at least 3 characters",
            (Kind::Text, 2) => "must match ^[a-zA-Z0-9-]+$",
            (Kind::Text, 3) => "must be lowercase",
            (Kind::Text, 4) => "must not be empty",
            (Kind::Text, 5) => "must be one of `abc`, `EUR`, `xyz`",
            (Kind::Number, 0) => "must be between 1 and 5",
            (Kind::Number, 1) => "must be greater than 0",
            (Kind::Number, 2) => "must not be negative",
            (Kind::Number, 3) => "must not exceed 4",
            (Kind::Number, 4) => "must be between 0 and 100",
            (Kind::Json, 0..=3) => "is a JSON object",
            (Kind::Moment | Kind::Day, 0) => "must not be in the future",
            _ => return None,
        };
        Some(format!("`{name}` {said}"))
    }
}
