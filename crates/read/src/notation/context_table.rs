//! Tables of services or bounded contexts with what each one owns.

use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::notation::entity_list::is_out_of_scope;
use crate::notation::field_table::mark_header;
use crate::notation::{Output, entity_fact};
use crate::prose::{entity_noun, is_property_noun};
use crate::words::{fold, lower_words, split_top, unquote};

pub(super) const DOC: &str =
    "A table of services, modules or bounded contexts with a column that says what each one owns.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for block in &document.blocks {
        let BlockKind::Table(table) = &block.kind else { continue };
        if is_out_of_scope(document, block.section) || !out.is_open(document, block.range.start) {
            continue;
        }
        let headers: Vec<String> =
            table.header.iter().map(|cell| lower_words(&cell.text).join(" ")).collect();
        let names = headers.first().is_some_and(|header| {
            header.split(' ').any(|word| {
                matches!(word, "service" | "context" | "module" | "domain" | "subdomain")
            })
        });
        let owns = headers.iter().position(|header| {
            matches!(
                header.as_str(),
                "owns" | "owned data" | "owns data" | "data owned" | "owned entities" | "entities"
            )
        });
        let (true, Some(owns)) = (names, owns) else { continue };
        let cells: Vec<(&str, Vec<String>)> = table
            .rows
            .iter()
            .map(|row| (unquote(row.text(0).trim()), things(row.text(owns))))
            .collect();
        // Where fields are listed, those lists say what there is.
        let is_new = out.described().is_empty();
        let mut any = false;
        for (row, (context, things)) in table.rows.iter().zip(&cells) {
            let span = document.span(row.range.clone());
            let mut entities = Vec::new();
            for thing in things {
                // What two contexts own by one name is told apart by the contexts' names.
                let is_shared = cells.iter().filter(|(_, other)| other.contains(thing)).count() > 1;
                let own = format!("{context} {}", thing.to_lowercase());
                let name = if is_shared { entity_noun(&own) } else { thing.clone() };
                if let Some(known) = out.known.get(&name) {
                    entities.push(known.to_owned());
                } else if is_new {
                    let reason = "what a context owns is stored";
                    out.infer(document, span, entity_fact(&name), reason);
                    entities.push(name);
                }
            }
            entities.dedup_by_key(|name| fold(name));
            if context.is_empty() {
                continue;
            }
            let fact = Fact::Context { name: context.to_string(), backend: None, entities };
            out.state(document, span, fact);
            any = true;
        }
        if any {
            mark_header(document, table, &block.range, out);
        }
    }
}

/// The things among what a context owns, in the singular: plural nouns, and what is called an
/// aggregate. States, behaviour and what lives in another store are none.
fn things(text: &str) -> Vec<String> {
    let parts = split_top(text.trim().trim_end_matches('.'), &[',', ';']);
    let parts = parts.into_iter().flat_map(|part| {
        // What stands beside a thing of another store lives there too.
        if lives_elsewhere(part) { Vec::new() } else { part.split(" and ").collect() }
    });
    parts.filter_map(|part| thing(part.trim().trim_start_matches("and ").trim())).collect()
}

fn lives_elsewhere(part: &str) -> bool {
    lower_words(part).iter().any(|word| {
        matches!(
            word.as_str(),
            "redis"
                | "opensearch"
                | "elasticsearch"
                | "kafka"
                | "rabbitmq"
                | "s3"
                | "cached"
                | "cache"
        )
    })
}

fn thing(part: &str) -> Option<String> {
    let part = unquote(part);
    let words = lower_words(part);
    let last = words.last()?;
    let is_letters = part.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    if words.len() > 3 || !is_letters {
        return None;
    }
    if last == "aggregate" {
        let front = part.rsplit_once(' ')?.0;
        return Some(entity_noun(front));
    }
    let name = entity_noun(part);
    let is_plural = last.ends_with('s') && fold_word(last) != *last;
    (is_plural && !is_property_noun(last) && !is_no_row(last)).then_some(name)
}

fn fold_word(word: &str) -> String {
    entity_noun(word).to_lowercase()
}

/// Plurals that name values, behaviour or what is computed.
fn is_no_row(word: &str) -> bool {
    matches!(
        word,
        "limits"
            | "retries"
            | "views"
            | "snapshots"
            | "outcomes"
            | "results"
            | "checkpoints"
            | "caches"
            | "workflows"
            | "flows"
            | "rules"
            | "transitions"
            | "checks"
            | "calculations"
            | "operations"
            | "projections"
            | "metrics"
            | "dashboards"
            | "queries"
            | "apis"
            | "endpoints"
            | "integrations"
            | "states"
            | "callbacks"
            | "events"
            | "emails"
            | "quantities"
            | "totals"
            | "levels"
            | "adapters"
            | "actions"
            | "processes"
            | "capabilities"
            | "decisions"
            | "responsibilities"
            | "contracts"
            | "boundaries"
    )
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_services_own() {
        check(
            "| Service | Bounded context | Owns | Does not own |\n|-|-|-|-|\n| Sales | Orders | Baskets, order lines, checkout state, prices, attempts | Invoices |\n| Billing | Money | Payment aggregate, attempts, retries | Baskets |\n| Search | Find | OpenSearch documents and rebuild marks | Orders |\n",
            &expect![[r#"
                3 context-table  entity Basket [inferred: what a context owns is stored]
                3 context-table  entity Order Line [inferred: what a context owns is stored]
                3 context-table  entity Sales Attempt [inferred: what a context owns is stored]
                3 context-table  context Sales: Basket, Order Line, Sales Attempt
                4 context-table  entity Payment [inferred: what a context owns is stored]
                4 context-table  entity Billing Attempt [inferred: what a context owns is stored]
                4 context-table  context Billing: Payment, Billing Attempt
                5 context-table  context Search:
            "#]],
        );
    }

    #[test]
    fn responsibilities_own_nothing() {
        check(
            "| Service | Responsibility |\n|-|-|\n| Sales | Orders, invoices |\n",
            &expect![[r#"
                1 R001 the table `Service | Responsibility` was not understood, so nothing in it reached the model
            "#]],
        );
    }
}
