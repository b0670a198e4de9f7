//! How the rows of an entity are split: "orders are partitioned by month on `created_at`", "partition messages by hash of
//! `conversation_id` into 16", "partitioned by list of region: eu, us, apac".

pub(crate) mod notes;
mod said;

use self::said::Said;
pub(crate) use self::said::is_intended;

use super::placed_sentences;
use crate::document::{BlockKind, Document, Inline};
use crate::notation::{Output, mentioned};
use crate::{Fact, OtherRows, PartitioningFact};

pub(crate) const DOC: &str =
    "A line or sentence that says by what the rows of an entity are split among partitions.";

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    for (index, block) in out.blocks(document) {
        let is_intended_here = document.lead(index).is_none_or(is_intended)
            && block.section.is_none_or(|section| is_intended(document.title(section)));
        if !is_intended_here {
            continue;
        }
        let mut facts = Vec::new();
        let mut line = |inline: &Inline| {
            // Most texts do not speak of it, and need not be cut into sentences.
            if !inline.text.to_lowercase().contains("partition") {
                return;
            }
            let owner = out.entity_of(document, block.section);
            let mut last: Option<String> = None;
            for (text, range) in placed_sentences(inline) {
                let is_open = out.is_open(document, range.start)
                    || out.reader_at(document, range.start).starts_with("prose-");
                if !is_open {
                    continue;
                }
                let fact = match Said::of(&text) {
                    Some(said) => fact(&said, &text, owner.as_deref().or(last.as_deref()), out),
                    None => last.as_deref().and_then(|last| others(last, &text)),
                };
                if let Some(fact) = fact {
                    last = Some(fact.entity.clone());
                    facts.push((document.span(range.clone()), Fact::Partitioning(fact)));
                }
            }
        };
        match &block.kind {
            BlockKind::Paragraph(inline) => line(inline),
            BlockKind::List(list) => list.items.iter().for_each(|item| line(&item.content)),
            BlockKind::Table(_) | BlockKind::Code(_) => {}
        }
        for (span, fact) in facts {
            out.state(document, span, fact);
        }
    }
}

/// What a sentence says, of the entity that it names or stands under.
fn fact(said: &Said, text: &str, owner: Option<&str>, out: &Output) -> Option<PartitioningFact> {
    let named = mentioned(said.front(text), out).into_iter().next();
    let entity = named.or_else(|| owner.map(str::to_owned)).or_else(|| {
        // The entity may stand behind the verb: "partition messages by hash of ...".
        mentioned(text, out).into_iter().next()
    })?;
    let known = said.candidates(text).find_map(|name| {
        // "By tenant" is by the field that refers to one.
        let reference = format!("{name}_id");
        out.field(&entity, &name).or_else(|| out.field(&entity, &reference)).map(str::to_owned)
    });
    let fields = match known {
        Some(first) => {
            // A second one behind it: "by range of (tenant_id, created_at)".
            let more = said.listed_fields(text);
            let more = more.iter().filter_map(|name| out.field(&entity, name)).map(str::to_owned);
            let mut all: Vec<String> = more.collect();
            if !all.contains(&first) {
                all = vec![first];
            }
            all
        }
        // "The work is partitioned by team" says nothing of rows.
        None if said.method.is_none() && said.period.is_none() => return None,
        None => said.words_for_field(text).into_iter().collect(),
    };
    Some(PartitioningFact {
        entity,
        method: said.method,
        fields,
        period: said.period,
        count: said.count,
        lists: said.lists.clone(),
        others: said.others,
        widens_key: false,
        text: text.trim().to_owned(),
    })
}

/// "Other regions are refused", behind a sentence about partitions.
fn others(entity: &str, text: &str) -> Option<PartitioningFact> {
    let others = said::others(&text.to_lowercase())?;
    let is_about = matches!(others, OtherRows::Kept | OtherRows::Refused);
    is_about.then(|| PartitioningFact {
        entity: entity.to_owned(),
        others: Some(others),
        text: text.trim().to_owned(),
        ..PartitioningFact::default()
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    const CHAT: &str = "# Chat\n\n## Message\n| Field | Type |\n|-|-|\n| id | bigint |\n| conversation_id | bigint |\n| region | text |\n| sent_at | timestamp |\n\n";

    #[test]
    fn methods_fields_periods_and_counts() {
        check(
            &format!(
                "{CHAT}## Scale\n\n- Partition messages by hash of conversation_id into 16.\n- Messages are partitioned by month on sent_at.\n- `messages`: hash-partitioned on `conversation_id`, 8 partitions\n- Messages are partitioned by list of region: eu, us, apac. Other regions are refused.\n- Messages are partitioned by region (eu, us); all other rows go to a default partition.\n- The messages table has one partition per region.\n- Monthly partitions of messages on sent_at.\n- Messages are partitioned by hash of the thread into 4 parts.\n- Messages of large conversations have partitions of their own.\n"
            ),
            &expect![[r#"
                3 field-table  entity Message
                6 field-table  field Message.id bigint
                7 field-table  field Message.conversation_id bigint
                8 field-table  field Message.region text
                9 field-table  field Message.sent_at timestamp
                13 prose-partitions  partitions Message by hash of conversation_id, 16 of them -- Partition messages by hash of conversation_id into 16.
                14 prose-partitions  partitions Message of sent_at, a month each -- Messages are partitioned by month on sent_at.
                15 prose-partitions  partitions Message by hash of conversation_id, 8 of them -- `messages`: hash-partitioned on `conversation_id`, 8 partitions
                16 prose-partitions  partitions Message by list of region, [eu], [us], [apac] -- Messages are partitioned by list of region: eu, us, apac.
                16 prose-partitions  partitions Message, others refused -- Other regions are refused.
                17 prose-partitions  partitions Message by list of region, [eu], [us] -- Messages are partitioned by region (eu, us);
                17 prose-partitions  partitions Message, others kept -- all other rows go to a default partition.
                18 prose-partitions  partitions Message by list of region -- The messages table has one partition per region.
                19 prose-partitions  partitions Message of sent_at, a month each -- Monthly partitions of messages on sent_at.
                20 prose-partitions  partitions Message by hash of thread, 4 of them -- Messages are partitioned by hash of the thread into 4 parts.
                21 prose-partitions  partitions Message by list -- Messages of large conversations have partitions of their own.
            "#]],
        );
    }

    #[test]
    fn what_is_only_considered_is_not_stated() {
        check(
            &format!(
                "{CHAT}## Notes\n\nConsider partitioning messages by month on sent_at. Messages are not partitioned. If messages grow, they could be partitioned by hash of conversation_id. Messages are partitioned by hash of conversation_id in Kafka. The work on messages is partitioned by team.\n\nPhase 2, consider partitioning for:\n- messages: partition by month on sent_at\n\nA message belongs to a partition of the conversation.\n"
            ),
            &expect![[r#"
                3 field-table  entity Message
                6 field-table  field Message.id bigint
                7 field-table  field Message.conversation_id bigint
                8 field-table  field Message.region text
                9 field-table  field Message.sent_at timestamp
                13 prose-rule-sentence  rule *: Messages are not partitioned [inferred: its words bind, and it is a rule where fields give it a meaning]
                18 R015 `A message belongs to a partition of the conversation.` seems to state something and was not understood
            "#]],
        );
    }
}
