//! Tables of services or bounded contexts with what each one owns.

use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::notation::context_owned::{Owned, things};
use crate::notation::entity_list::is_out_of_scope;
use crate::notation::field_table::mark_header;
use crate::prose::entity_noun;
use crate::words::{lower_words, unquote};

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
                matches!(
                    word,
                    "service" | "context" | "module" | "domain" | "subdomain" | "backend"
                )
            })
        });
        let backend = headers.iter().position(|header| {
            matches!(header.as_str(), "backend" | "backend system" | "implemented by")
        });
        let owns = headers.iter().position(|header| {
            matches!(
                header.as_str(),
                "owns"
                    | "owned data"
                    | "owns data"
                    | "data owned"
                    | "owned entities"
                    | "entities"
                    | "key entities"
                    | "core entities"
                    | "aggregates"
                    | "owned aggregates"
            )
        });
        let (true, Some(owns)) = (names, owns) else { continue };
        let cells: Vec<(&str, Vec<String>)> = table
            .rows
            .iter()
            .map(|row| (unquote(row.text(0).trim()), things(row.text(owns), out)))
            .collect();
        let mut any = false;
        for (row, (context, things)) in table.rows.iter().zip(&cells) {
            let span = document.span(row.range.clone());
            let mut owned = Owned::new(out);
            for thing in things {
                // What two contexts own by one name is told apart by the contexts' names.
                let is_shared = cells.iter().filter(|(_, other)| other.contains(thing)).count() > 1;
                let own = format!("{context} {}", thing.to_lowercase());
                let name = if is_shared { entity_noun(&own) } else { thing.clone() };
                owned.add_thing(document, &row.range, name, out);
            }
            if context.is_empty() {
                continue;
            }
            let backend = backend.map(|column| unquote(row.text(column).trim()).to_owned());
            let fact = Fact::Context {
                name: context.to_string(),
                backend: backend.filter(|name| !name.is_empty()),
                entities: owned.names,
            };
            out.state(document, span, fact);
            any = true;
        }
        if any {
            mark_header(document, table, &block.range, out);
        }
    }
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
