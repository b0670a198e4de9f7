//! What random documents say around their entities: rows that connect others, queries, volumes.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{ENTITIES, Presence, STATES, Said};

/// Rows beside others: of which entities, and what they have.
#[derive(Debug, Clone)]
pub(super) struct Joined {
    of: (usize, usize),
    /// Whether the two keys are the key, or what is unique beside one of its own; or a member of an aggregate.
    form: u8,
    has_role: bool,
    has_limit: bool,
}

pub(super) fn joined() -> impl Strategy<Value = Joined> {
    let of = (0..ENTITIES.len(), 0..ENTITIES.len());
    (of, 0..3_u8, any::<bool>(), any::<bool>()).prop_map(|(of, form, has_role, has_limit)| Joined {
        of,
        form,
        has_role,
        has_limit,
    })
}

impl Said {
    /// Rows of two entities, with values, or the members of one.
    pub(super) fn joined(&self) -> Option<String> {
        let joined = self.joined.as_ref()?;
        // Who owns them, and whose they are, would have to be said as well.
        if self.is_in_contexts || self.is_of_tenants {
            return None;
        }
        let (one, other) = (self.name(joined.of.0), self.name(joined.of.1));
        let column = |name: &str| format!("{}_id", name.to_lowercase());
        let mut text = String::new();
        let mut line = |said: &str| writeln!(text, "{said}").expect("a String takes it");
        let is_member = joined.form == 2 || one == other;
        line(if is_member { "## Entry\n" } else { "## Membership\n" });
        line("| Field | Type | Required | Description |\n|---|---|---|---|");
        let key = if joined.form == 0 && !is_member { "; primary key" } else { "" };
        if key.is_empty() {
            line("| id | uuid | yes | primary key |");
        }
        line(&format!("| {} | uuid | yes | FK → {one}{key} |", column(one)));
        if is_member {
            line("| position | integer | yes | |");
        } else {
            line(&format!("| {} | uuid | yes | FK → {other}{key} |", column(other)));
        }
        if joined.has_role {
            line("| role | enum | yes | one of `reader`, `writer`; default `reader` |");
        }
        line("| share | integer | no | between 1 and 100 |");
        let mut rules = Vec::new();
        if is_member {
            rules.push(format!(
                "The position of an entry is unique within its {}",
                one.to_lowercase()
            ));
            rules.push(format!("Deleting a {0} deletes its entries", one.to_lowercase()));
        } else if joined.form == 1 {
            rules.push(format!(
                "The combination of `{}` and `{}` must be unique",
                column(one),
                column(other)
            ));
        }
        if joined.has_limit {
            let what = if is_member { "entries" } else { "memberships" };
            rules.push(format!("A {} has at most 3 {what}", one.to_lowercase()));
        }
        if !rules.is_empty() {
            line("\nRules:\n");
            for rule in rules {
                line(&format!("- {rule}."));
            }
        }
        Some(text)
    }

    pub(super) fn queries(&self) -> Option<String> {
        let mut text = String::from(
            "## Access patterns\n\n| Query | Kind | Entity | Filter | Sort | Limit | Frequency |\n\
             |---|---|---|---|---|---|---|\n",
        );
        for (number, (entity, filter, form)) in self.queries.iter().enumerate() {
            let at = entity % self.entities.len();
            let entity = &self.entities[at];
            let columns = self.columns(at, entity);
            let column = &columns[usize::from(*filter) % columns.len()];
            let name = self.name(at);
            let said = match form {
                0 => format!("Query {number} | read | {name} | {column} | | 20 | 5/s"),
                1 => format!("Query {number} | read | {name} | {column} | id desc | 10 | 50/s"),
                2 => match &entity.cycle {
                    Some(_) => format!(
                        "Query {number} | read | {name} | {column}, status = '{}' | | 100 | 1/s",
                        STATES[0]
                    ),
                    None => format!("Query {number} | read | {name} | | {column} | 50 | 1/s"),
                },
                _ => match (&entity.cycle, entity.fields().first()) {
                    (Some(_), _) => {
                        format!(
                            "Change {} status | write | {name} | id | | 1 | 1/s",
                            name.to_lowercase()
                        )
                    }
                    (None, Some(field)) if !matches!(field.presence, Presence::Optional) => {
                        format!("Add {} | write | {name} | | | | 5/s", name.to_lowercase())
                    }
                    (None, _) => format!(
                        "Delete {} | write | {name} | id | | 1 | 1/min",
                        name.to_lowercase()
                    ),
                },
            };
            writeln!(text, "| {said} |").expect("a String takes it");
        }
        (!self.queries.is_empty()).then_some(text)
    }

    /// How many rows there are, and which of them go after a year: those that have the moment of their beginning.
    pub(super) fn volumes(&self) -> Option<String> {
        let mut text =
            String::from("## Volumes\n\n| Entity | Rows | Growth per month |\n|---|---|---|\n");
        let mut kept = String::from(
            "\n## Retention\n\n| Entity | Kept for | Counted from | Then |\n|---|---|---|---|\n",
        );
        let mut has_kept = false;
        for (entity, form) in &self.volumes {
            let at = entity % self.entities.len();
            let (rows, growth) =
                [("1,000", "10"), ("2,000,000", "50,000"), ("0", "10,000,000"), ("500", "0")]
                    [usize::from(*form)];
            writeln!(text, "| {} | {rows} | {growth} |", self.name(at)).expect("a String takes it");
            if self.entities[at].upkeep & 1 << 4 != 0 && form % 2 == 0 && !has_kept {
                has_kept = true;
                writeln!(kept, "| {} | 12 months | `created_at` | Deleted |", self.name(at))
                    .expect("a String takes it");
            }
        }
        if has_kept {
            text.push_str(&kept);
        }
        (!self.volumes.is_empty()).then_some(text)
    }
}
