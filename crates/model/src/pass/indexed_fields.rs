//! Columns that only an index or a key names: a schema in code that shows no more of a table than `@@index([projectId,
//! status])` leaves its columns out, and has them nonetheless.

use std::collections::BTreeSet;

use underpin_read::{Fact, Statement};

use super::inferred_field::inferred_field;
use crate::draft::Draft;
use crate::{EntityId, FieldKind};

/// The notations that name columns exactly.
const CODE: &[&str] = &["prisma", "sql-ddl", "dbml"];

/// Adds the columns that are named by an index or a key and by nothing else. Where the same notation lists the columns of
/// the table, a name that is not among them is a mistake, and is reported where the index is made.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let mut listed: BTreeSet<(EntityId, &str)> = BTreeSet::new();
    for statement in draft.statements {
        if let Fact::Field { entity, .. } = &statement.fact
            && CODE.contains(&statement.notation)
            && let Some(entity) = draft.entity(entity)
        {
            listed.insert((entity, statement.notation));
        }
    }
    for statement in draft.statements {
        let Some((entity, columns)) = named(statement) else { continue };
        let Some(entity) = draft.entity(entity) else { continue };
        if listed.contains(&(entity, statement.notation)) {
            continue;
        }
        for column in columns {
            let is_name = column.chars().all(|c| c.is_alphanumeric() || c == '_');
            if is_name && !column.is_empty() && draft.field_in_phrase(entity, column).is_none() {
                let reason = "an index or a key names this column".to_owned();
                let kind = FieldKind::Unknown;
                let id = inferred_field(draft, entity, column, kind, reason, statement.span);
                let field = draft.field_mut(id);
                column.clone_into(&mut field.name);
                field.named = true;
            }
        }
    }
}

/// The entity and the columns of an index or a key in code.
fn named(statement: &Statement) -> Option<(&str, &[String])> {
    if !CODE.contains(&statement.notation) {
        return None;
    }
    match &statement.fact {
        Fact::Index(index) => Some((&index.entity, &index.columns)),
        Fact::Unique { entity, fields, .. } | Fact::PrimaryKey { entity, fields } => {
            Some((entity, fields))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use underpin_read::{Fact, IndexFact};

    use crate::test_support::Facts;

    fn names(facts: Facts) -> Vec<String> {
        facts.build().0.fields.into_iter().map(|field| field.name).collect()
    }

    fn index(columns: &[&str]) -> Fact {
        Fact::Index(IndexFact {
            entity: "Task".to_owned(),
            name: None,
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            unique: false,
            method: None,
            purpose: None,
        })
    }

    #[test]
    fn an_index_in_code_names_columns() {
        let facts = Facts::default().entity("Task").field("Task", "number: int");
        let with = facts.add(index(&["projectId", "number", "lower(title)"])).by("prisma");
        assert_eq!(names(with), ["number", "projectId"]);
    }

    #[test]
    fn beside_the_columns_of_the_table_it_is_a_mistake() {
        let facts = Facts::default().entity("Task").field("Task", "number: int").by("prisma");
        assert_eq!(names(facts.add(index(&["nummer"])).by("prisma")), ["number"]);
        let words = Facts::default().entity("Task").field("Task", "number: int");
        assert_eq!(names(words.add(index(&["projectId"])).by("index-list")), ["number"]);
    }
}
