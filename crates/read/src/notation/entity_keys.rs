//! What a table of entities says of the keys of each, and of the entity that holds it.

use underpin_base::Span;

use crate::document::Document;
use crate::notation::Output;
use crate::notation::field_table::columns;
use crate::notation::mermaid_er::{End, relationship};
use crate::words::{code_spans, fold, is_identifier, split_top, strip_prefix_ignoring_case};
use crate::{Fact, FieldFact};

const ONE: End = End { many: false, required: None };
const MANY: End = End { many: true, required: None };

/// "FK to `merchants.id`, unique `(merchant_id, code)`", "Primary key `id`", "Indexed by `a` and `b`".
pub(super) fn read_cell(
    document: &Document<'_>,
    span: Span,
    entity: &str,
    text: &str,
    out: &mut Output,
) {
    // Where another place lists the fields, a key adds none.
    let is_bare = !out.has_fields(entity);
    let state_fields = |names: Vec<&str>, required: Option<bool>, out: &mut Output| {
        if is_bare {
            state_fields(document, span, entity, (names, required), out);
        }
    };
    if let Some(rest) = strip_prefix_ignoring_case(text.trim(), "Indexed by ") {
        state_fields(code_spans(rest), None, out);
        return;
    }
    for part in split_top(text, &[',', ';']) {
        let part = part.trim();
        let said = |leads: &[&str]| {
            leads.iter().find_map(|lead| strip_prefix_ignoring_case(part, lead)).map(str::trim)
        };
        if let Some(target) = said(&["FK to ", "FK → ", "FK -> ", "Foreign key to "]) {
            let code = code_spans(target).first().copied().unwrap_or(target);
            let name = code.rsplit_once('.').map_or(code, |(name, _)| name);
            let Some(target) = out.known.get(name).map(str::to_owned) else { continue };
            let fact = relationship(target, ONE, entity.to_owned(), MANY, None);
            out.infer(document, span, Fact::Relationship(fact), "a foreign key refers to it");
        } else if let Some(key) = said(&["Primary key ", "PK "]) {
            let names = code_spans(key);
            state_fields(names.clone(), None, out);
            if !names.is_empty() {
                let fields = names.into_iter().map(str::to_owned).collect();
                let entity = entity.to_owned();
                out.state(document, span, Fact::PrimaryKey { entity, fields });
            }
        } else if let Some(key) = said(&["Unique "]) {
            // "Unique successful authorization per `order_id`" holds for some rows only.
            let starts = key.starts_with('`') || key.starts_with('(');
            let Some(fields) = columns(key).filter(|_| starts) else { continue };
            let required = key.contains("when present").then_some(false);
            state_fields(fields.iter().map(String::as_str).collect(), required, out);
            let entity = entity.to_owned();
            let fact = Fact::Unique { entity, fields, condition: None, text: None };
            out.state(document, span, fact);
        }
    }
}

/// The fields that a key names.
fn state_fields(
    document: &Document<'_>,
    span: Span,
    entity: &str,
    (names, required): (Vec<&str>, Option<bool>),
    out: &mut Output,
) {
    for name in names {
        if is_identifier(name) && !name.contains('.') && out.field(entity, name).is_none() {
            let field = FieldFact { name: name.to_owned(), required, ..FieldFact::default() };
            let fact = Fact::Field { entity: entity.to_owned(), field };
            out.infer(document, span, fact, "a key of the entity is on it");
        }
    }
}

/// The aggregate in a column that says where each entity belongs.
pub(super) fn read_parent(
    document: &Document<'_>,
    span: Span,
    entity: &str,
    text: &str,
    out: &mut Output,
) {
    let Some(parent) = out.known.get(text.trim()).map(str::to_owned) else { return };
    if fold(&parent) != fold(entity) {
        let fact = relationship(parent, ONE, entity.to_owned(), MANY, None);
        out.infer(document, span, Fact::Relationship(fact), "a root owns its members");
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn keys_and_parents_of_listed_entities() {
        check(
            "| Table | Purpose | Key constraints |\n|-|-|-|\n| `orders` | What is asked for | Primary key `id`, FK to `shops.id`, unique `(shop_id, code)`, constrained status |\n| `shops` | Tenants | Unique name per `region` |\n| `logs` | Trail | Indexed by `shop_id`, and `at` |\n| `notes` | Words | FK to `nowhere.id` |\n\n| Entity | Parent Aggregate |\n|-|-|\n| Spot | Zone |\n| Zone | Zone |\n",
            &expect![[r#"
                3 entity-list  entity orders -- What is asked for
                3 entity-list  field orders.id [inferred: a key of the entity is on it]
                3 entity-list  primary key orders (id)
                3 entity-list  relationship shops 1:N orders [inferred: a foreign key refers to it]
                3 entity-list  field orders.shop_id [inferred: a key of the entity is on it]
                3 entity-list  field orders.code [inferred: a key of the entity is on it]
                3 entity-list  unique orders (shop_id, code)
                3 field-paths  field shops.id [inferred: the text names it as a field of the entity]
                4 entity-list  entity shops -- Tenants
                5 entity-list  entity logs -- Trail
                5 entity-list  field logs.shop_id [inferred: a key of the entity is on it]
                5 entity-list  field logs.at [inferred: a key of the entity is on it]
                6 entity-list  entity notes -- Words
                10 entity-list  entity Spot -- Zone
                10 entity-list  relationship Zone 1:N Spot [inferred: a root owns its members]
                11 entity-list  entity Zone -- Zone
            "#]],
        );
    }
}
