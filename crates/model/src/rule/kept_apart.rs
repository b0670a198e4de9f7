//! Whose rows may refer to whose: "no row may refer to a row of another tenant", "a run and its tank belong to the same
//! company".

use std::collections::BTreeMap;

use underpin_base::Span;

use crate::spoken::spoken_words;
use crate::{EntityId, Model, Rule};

/// That references do not cross from one owner to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptApart {
    /// The words that name the owner, who may be described by no document.
    pub owner: Vec<String>,
    /// Of whose rows it is said; of all where it is `None`.
    pub entities: Option<Vec<EntityId>>,
    /// As written.
    pub text: String,
    /// Where it is stated.
    pub source: Span,
}

/// The most words that name an entity.
const LONGEST: usize = 4;

impl Model {
    /// All that documents say of owners between which references do not cross.
    pub fn kept_apart(&self) -> Vec<KeptApart> {
        let named: BTreeMap<Vec<String>, EntityId> =
            self.entities().map(|(id, it)| (spoken_words(&it.name), id)).collect();
        let mut found = Vec::new();
        if let Some(tenant) = &self.tenant {
            let owner = spoken_words(&self.entity(tenant.entity).name);
            if keeps_apart(&tenant.text, &owner) || is_apart(&tenant.text) {
                let (text, source) = (tenant.text.clone(), tenant.source);
                found.push(KeptApart { owner, entities: None, text, source });
            }
        }
        for rule in self.rules.iter().filter(|rule| has_tie(&rule.text)) {
            let said = spoken_words(&rule.text);
            let mut owners: Vec<Vec<String>> = Vec::new();
            let led = (1..said.len()).filter(|&at| LEADS.contains(&said[at - 1].as_str()));
            for at in led {
                let until = (at + LONGEST).min(said.len());
                let names = (at + 1..=until).map(|to| said[at..to].to_vec());
                owners.extend(names.filter(|name| named.contains_key(name)));
            }
            // Of an owner that no document describes.
            owners.extend(same(&rule.text));
            for (at, owner) in owners.iter().enumerate() {
                if owners[..at].contains(owner) {
                    continue;
                }
                let is_of_all = keeps_apart(&rule.text, owner) && speaks_of_all(&rule.text);
                found.push(KeptApart {
                    owner: owner.clone(),
                    entities: (!is_of_all).then(|| spoken_of(&named, rule, &said)),
                    text: rule.text.trim().to_owned(),
                    source: rule.source,
                });
            }
        }
        found
    }
}

/// Whether a sentence says that rows of an entity have the same owner as others, so that they have one.
pub(crate) fn share_owner(text: &str, rows: &str, owner: &str) -> bool {
    let said = spoken_words(text);
    let names = |words: &[String]| said.windows(words.len()).any(|window| window == words);
    let (rows, owner) = (spoken_words(rows), spoken_words(owner));
    let with_same: Vec<String> = std::iter::once("same".to_owned()).chain(owner).collect();
    !rows.is_empty() && text.contains("belong to the same ") && names(&rows) && names(&with_same)
}

/// The entity of a rule, and all that its words name: "the vault of an accession" is said of accessions.
fn spoken_of(
    named: &BTreeMap<Vec<String>, EntityId>,
    rule: &Rule,
    said: &[String],
) -> Vec<EntityId> {
    let windows = (1..=LONGEST).flat_map(|length| said.windows(length));
    let mut found: Vec<EntityId> = windows.filter_map(|name| named.get(name).copied()).collect();
    found.push(rule.entity);
    found.sort_unstable();
    found.dedup();
    found
}

/// "kept apart from all others", "isolated by tenant".
fn is_apart(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["kept apart", "keep apart", "isolated", "isolation", "separated", "strictly separate"]
        .iter()
        .any(|phrase| lower.contains(phrase))
}

fn speaks_of_all(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["no row", "no record", "no reference", "never ", "all rows", "every row", "all references"]
        .iter()
        .any(|phrase| lower.contains(phrase))
}

/// Verbs of reference and belonging.
const TIES: &[&str] = &[
    "refer", "belong", "share", "be of", "be in", "be from", "link", "point", "cross", "owned by",
];

/// What stands before the owner.
const LEADS: &[&str] = &["another", "other", "same", "across", "cross", "different", "foreign"];

fn has_tie(text: &str) -> bool {
    let lower = text.to_lowercase();
    TIES.iter().any(|verb| lower.contains(verb))
}

/// "no row may refer to a row of another tenant", "must belong to the same tenant".
fn keeps_apart(text: &str, owner: &[String]) -> bool {
    let said = spoken_words(text);
    let is_led = |at: usize| at.checked_sub(1).is_some_and(|at| LEADS.contains(&said[at].as_str()));
    !owner.is_empty()
        && said.windows(owner.len()).enumerate().any(|(at, window)| window == owner && is_led(at))
        && has_tie(text)
}

/// The owner of "must belong to the same user".
fn same(text: &str) -> Option<Vec<String>> {
    const MUST: &[&str] = &["must", "always", "only", "cannot", "never", "may", "belong"];
    let said = spoken_words(text);
    let at = said.iter().position(|word| word == "same")?;
    let owner = said.get(at + 1)?;
    let is_rule = said.iter().any(|word| MUST.contains(&word.as_str()));
    (is_rule && has_tie(text)).then(|| vec![owner.clone()])
}

#[cfg(test)]
mod tests {
    use super::{is_apart, keeps_apart, same, share_owner};
    use crate::spoken::spoken_words;
    use crate::test_support::Facts;

    #[test]
    fn whose_rows_go_together() {
        assert_eq!(
            same("The set and coin must belong to the same user"),
            Some(vec!["user".into()])
        );
        assert_eq!(same("Must belong to same user"), Some(vec!["user".into()]));
        assert_eq!(same("Two notes at the same time are shown once"), None);
        assert!(is_apart("All data of an operator is kept apart from all other operators"));
        assert!(!is_apart("Every row belongs to one operator"));
        assert!(share_owner("A run and its tank belong to the same company", "Run", "Company"));
        assert!(!share_owner("A run and its tank belong to the same company", "Sale", "Company"));
        assert!(!share_owner("A run belongs to a company", "Run", "Company"));
    }

    #[test]
    fn what_keeps_tenants_apart() {
        let tenant = spoken_words("Tenant");
        assert!(keeps_apart("No row may refer to a row of another tenant", &tenant));
        assert!(keeps_apart("The assignee must belong to the same tenant as the ticket", &tenant));
        assert!(!keeps_apart("Every row belongs to one tenant", &tenant));
        assert!(!keeps_apart("Another tenant may sign up", &tenant));
    }

    #[test]
    fn of_all_rows_or_of_some() {
        let of = |rule: &str| {
            let (model, _) = Facts::default()
                .entity("Set")
                .field("Set", "id: uuid*")
                .entity("Guild Hall")
                .field("Guild Hall", "id: uuid*")
                .rule("Set", rule)
                .build();
            let all = model.kept_apart();
            let each = all.iter().map(|it| {
                let named = it.entities.as_ref().map(|all| all.len().to_string());
                format!("{} {}", it.owner.join(" "), named.unwrap_or_else(|| "all".to_owned()))
            });
            each.collect::<Vec<_>>().join("; ")
        };
        assert_eq!(of("A set must belong to the same user as its parent"), "user 1");
        assert_eq!(of("Its parent must belong to the same guild hall"), "guild hall 2; guild 2");
        assert_eq!(of("A set has a parent"), "");
    }
}
