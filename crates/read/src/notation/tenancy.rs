//! Sentences that say whose rows belong to which tenant.

use underpin_base::Phrases;

use crate::Fact;
use crate::document::{BlockKind, Document};
use crate::notation::{Output, mentioned};

pub(super) const DOC: &str =
    "A sentence such as \"Every entity except User belongs to exactly one Merchant\".";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, block) in out.blocks(document) {
        let inlines: Vec<&crate::document::Inline> = match &block.kind {
            BlockKind::Paragraph(inline) => vec![inline],
            BlockKind::List(list) => list.items.iter().map(|item| &item.content).collect(),
            BlockKind::Table(_) | BlockKind::Code(_) => continue,
        };
        for inline in inlines {
            // A paragraph is one statement, told as a whole: what follows qualifies it.
            if let Some(tenant) = tenant(&inline.text, out) {
                let fact = Fact::Tenancy { tenant, text: inline.text.to_string() };
                out.state(document, document.span(inline.range()), fact);
            }
        }
    }
}

fn tenant(text: &str, out: &Output) -> Option<String> {
    if text.len() > 2000 {
        return None;
    }
    let plain = text.replace('`', "");
    let lower = plain.to_ascii_lowercase();
    lower.first_of(&["tenant", "every ", "all "])?;
    plain.split(". ").find_map(|sentence| {
        let lower = sentence.to_lowercase();
        // Lower case may change lengths outside ASCII; the marks are ASCII, so look in that case only.
        let after = |mark: &str| {
            let at = sentence.to_ascii_lowercase().place_of(mark)?;
            sentence.get(at + mark.len()..)
        };
        if let Some(rest) = after("the tenant is ").or_else(|| after("tenants are ")) {
            return mentioned(rest, out).into_iter().next();
        }
        // "All data of an operator (the tenant) is kept apart", "The clinic is the tenant".
        let named = ["(the tenant)", "(tenant)", "(our tenant)", " is the tenant", " is a tenant"];
        if let Some(at) = named.iter().find_map(|mark| lower.place_of(mark)) {
            return mentioned(sentence.get(..at)?, out).pop();
        }
        let is_all = lower.first_of(&["every ", "all "]).is_some();
        let all = is_all
            && [
                "every entity",
                "all entities",
                "every other entity",
                "all other entities",
                "every table",
                "all tables",
                "every record",
                "all records",
                "every row",
                "every tenant-owned",
                "all data",
                "all business",
            ]
            .iter()
            .any(|subject| {
                lower.starts_with(subject)
                // "Multi-tenant: every row belongs to …", "In the shop, all data belongs to …".
                || lower.match_indices(subject).any(|(at, _)| [": ", ", ", "; "].iter().any(|mark| lower[..at].ends_with(mark)))
            });
        if !all {
            return None;
        }
        let rest = [
            "belongs to exactly one ",
            "belong to exactly one ",
            "belongs to one ",
            "belong to one ",
            "is scoped to one ",
            "are scoped to one ",
            "is scoped to a ",
            "are scoped to a ",
            "is scoped to an ",
            "are scoped to an ",
            "belongs to a ",
            "belong to a ",
            "belongs to an ",
            "belong to an ",
            "is owned by one ",
            "scoped to the ",
        ]
        .iter()
        .find_map(|verb| after(verb))?;
        mentioned(rest, out).into_iter().next()
    })
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn who_the_tenant_is() {
        check(
            "| Entity | Purpose |\n|-|-|\n| Merchant | a |\n| User | b |\n\nThe tenant is the `Merchant`. Every other entity has it.\n\n- Every entity except User belongs to exactly one Merchant\n- Every user is nice\n",
            &expect![[r#"
                3 entity-list  entity Merchant -- a
                4 entity-list  entity User -- b
                6 tenancy  tenant Merchant -- The tenant is the `Merchant`. Every other entity has it.
                8 tenancy  tenant Merchant -- Every entity except User belongs to exactly one Merchant
            "#]],
        );
    }

    #[test]
    fn whose_all_rows_are_behind_a_semicolon() {
        check(
            "| Entity | Purpose |\n|-|-|\n| Operator | a |\n| User | b |\n\nSeveral operators share one installation; every row belongs to exactly one operator.\n\nUsers sign up; every user belongs to one operator.\n",
            &expect![[r#"
                3 entity-list  entity Operator -- a
                4 entity-list  entity User -- b
                6 tenancy  tenant Operator -- Several operators share one installation; every row belongs to exactly one operator.
                8 prose-rule-fields  field User.operator required -> Operator [inferred: a rule about it names the field]
                8 relationship-lines  relationship Operator 1:N User
            "#]],
        );
    }

    #[test]
    fn who_the_tenant_is_in_passing() {
        check(
            "| Entity | Purpose |\n|-|-|\n| Operator | a |\n| User | b |\n\nAll data of an operator (the tenant) is kept apart from all others.\n\nA tenant signs up first.\n",
            &expect![[r#"
                3 entity-list  entity Operator -- a
                4 entity-list  entity User -- b
                6 tenancy  tenant Operator -- All data of an operator (the tenant) is kept apart from all others.
            "#]],
        );
    }
}
