//! Notes beside fields that say that the rows are split by them, in whatever notation the field stands.

use super::said::noted;
use crate::{Fact, PartitioningFact, Statement};

/// Adds what the notes of fields say.
pub(crate) fn add(statements: &mut Vec<Statement>) {
    let found: Vec<Statement> = statements.iter().filter_map(of_field).collect();
    statements.extend(found);
}

fn of_field(statement: &Statement) -> Option<Statement> {
    let Fact::Field { entity, field } = &statement.fact else { return None };
    let mut notes = field.constraints.iter().chain(&field.description);
    let (text, (method, period, count)) =
        notes.find_map(|text| Some((text, noted(text).filter(|_| text.len() < 200)?)))?;
    let fact = PartitioningFact {
        entity: entity.clone(),
        method,
        fields: vec![field.name.clone()],
        period,
        count,
        text: format!("{}: {}", field.name, text.trim()),
        ..PartitioningFact::default()
    };
    Some(Statement { fact: Fact::Partitioning(fact), ..statement.clone() })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn notes_beside_fields() {
        check(
            "## Message\n| Field | Type | Notes |\n|-|-|-|\n| id | bigint | |\n| chat_id | bigint | hash partition key, 8 partitions |\n| sent_at | timestamp | could become the partition key |\n\n## Event\n\n- `id`: bigint\n- `at`: timestamp, partition key (monthly)\n",
            &expect![[r#"
                1 field-table  entity Message
                4 field-table  field Message.id bigint
                5 field-table  field Message.chat_id bigint -- hash partition key, 8 partitions
                5 field-table  partitions Message by hash of chat_id, 8 of them -- chat_id: hash partition key, 8 partitions
                6 field-table  field Message.sent_at timestamp -- could become the partition key
                8 bullet-fields  entity Event
                10 bullet-fields  field Event.id bigint
                11 bullet-fields  field Event.at timestamp {partition key (monthly)}
                11 bullet-fields  partitions Event of at, a month each -- at: partition key (monthly)
            "#]],
        );
    }
}
