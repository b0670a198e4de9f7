//! "Every entity belongs to one Merchant": those that nothing leads from to their tenant refer to it.

use std::collections::BTreeSet;

use underpin_read::{EntityKind, Fact, Statement};

use crate::draft::Draft;
use crate::{Cardinality, EntityId};

/// What begins the list of those that are no tenant's.
const EXCEPTIONS: &[&str] = &["except", "other than", "apart from", "but not", "unless", "besides"];

/// Who is meant by these is everybody.
const OF_ALL: &[&str] = &[
    "every entity",
    "every other entity",
    "every table",
    "every row",
    "every record",
    "all entities",
    "all other entities",
    "all tables",
    "all rows",
    "all records",
];

/// The tenant, each entity that says nowhere whose it is, and the place that says that it is somebody's.
pub(super) fn without_owner<'s>(
    draft: &Draft<'s>,
) -> Option<(EntityId, Vec<EntityId>, &'s Statement)> {
    let (statement, tenant, text) = draft.statements.iter().find_map(|it| match &it.fact {
        Fact::Tenancy { tenant, text } => Some((it, draft.entity_in_phrase(tenant)?, text)),
        _ => None,
    })?;
    let said = text.to_lowercase();
    // "Every tenant-owned record" does not say which those are.
    let of_all = OF_ALL.iter().any(|all| said.contains(all));
    if !of_all || EXCEPTIONS.iter().any(|it| said.contains(it)) {
        return None;
    }
    let mut owned = BTreeSet::from([tenant]);
    // What the tenant refers to is above it, and members of several tenants are told apart by what joins them.
    owned.extend(targets(draft, tenant));
    owned.extend(draft.model.relationships.iter().filter_map(|it| {
        let other = if it.from == tenant { it.to } else { it.from };
        let is_shared = it.cardinality == Cardinality::ManyToMany;
        (is_shared && (it.from == tenant || it.to == tenant)).then_some(other)
    }));
    let mut leading = led(draft, BTreeSet::from([tenant]));
    let mut found = Vec::new();
    loop {
        let open: BTreeSet<EntityId> = draft
            .entity_ids()
            .filter(|id| !owned.contains(id) && !leading.contains(id) && has_rows(draft, *id))
            .collect();
        let Some(&first) = open.first() else { return Some((tenant, found, statement)) };
        // The rows of one that refers to another are those of whom the other's are.
        let is_above =
            |id: &EntityId| !targets(draft, *id).any(|to| to != *id && open.contains(&to));
        let mut above: Vec<EntityId> = open.iter().copied().filter(is_above).collect();
        if above.is_empty() {
            above.push(first);
        }
        leading.extend(&above);
        leading = led(draft, leading);
        found.extend(above);
    }
}

fn has_rows(draft: &Draft<'_>, id: EntityId) -> bool {
    let entity = draft.model.entity(id);
    match entity.kind {
        EntityKind::Entity | EntityKind::Join => !entity.fields.is_empty(),
        EntityKind::ValueObject => false,
    }
}

/// What an entity refers to, unless that is said to be optional.
fn targets(draft: &Draft<'_>, id: EntityId) -> impl Iterator<Item = EntityId> {
    draft.model.fields_of(id).filter_map(|(_, field)| {
        let must = field.required != Some(false);
        field.references.as_ref().filter(|_| must).map(|it| it.entity)
    })
}

/// Some entities and all from which references lead to them.
fn led(draft: &Draft<'_>, mut leading: BTreeSet<EntityId>) -> BTreeSet<EntityId> {
    loop {
        let more: Vec<EntityId> = draft
            .entity_ids()
            .filter(|id| !leading.contains(id))
            .filter(|&id| targets(draft, id).any(|to| leading.contains(&to)))
            .collect();
        if more.is_empty() {
            return leading;
        }
        leading.extend(more);
    }
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    fn model(rest: &str) -> String {
        let mut sources = Sources::default();
        let text = format!(
            "## Firm\n\n- id: uuid, primary key\n- name: text\n\n## Bill\n\n- id: uuid, primary key\n- total: int\n\n\
             ## Line\n\n- id: uuid, primary key\n- bill_id: uuid, required, FK → Bill.id\n\n{rest}\n"
        );
        sources.add("model.md", text);
        crate::model_text(&crate::build(&underpin_read::read(&sources), &sources), &sources)
    }

    #[test]
    fn what_nothing_leads_from_refers_to_its_tenant() {
        let said = model("Every entity belongs to exactly one Firm.");
        assert!(said.contains("relationship Firm 1:N Bill by Bill.firm_id, required"), "{said}");
        assert!(!said.contains("Line.firm_id"), "{said}");
    }

    #[test]
    fn what_is_said_of_some_is_not_known_of_which() {
        for said in
            ["The tenant is the Firm.", "Every entity except Bill belongs to exactly one Firm."]
        {
            let said = model(said);
            assert!(!said.contains("firm_id"), "{said}");
        }
    }
}
