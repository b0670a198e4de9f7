//! L017: references between rows of tenants carry the tenant, so that none crosses from one tenant
//! to another whatever the application does.

use underpin_model::{Model, OnDelete};

use crate::{AttributeId, Decision, LogicalDesign, RelationId, UniqueKey};

const RULE: &str = "L017";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let Some(tenant) = &model.tenant else { return };
    let Some(tenants) = design.relation_of(tenant.entity) else { return };
    // For each relation, the attribute that names the tenant.
    let owner: Vec<Option<AttributeId>> = design
        .relations
        .iter()
        .map(|relation| {
            relation
                .links()
                .find(|reference| {
                    reference.target == tenants
                        && reference.attributes.len() == 1
                        && relation.attribute(reference.attributes[0]).required
                })
                .map(|reference| reference.attributes[0])
        })
        .collect();
    let mut carried: Vec<String> = Vec::new();
    let mut wanted: Vec<(RelationId, AttributeId)> = Vec::new();
    for (index, owner_here) in owner.iter().enumerate() {
        let Some(here) = *owner_here else { continue };
        for at in 0..design.relations[index].references.len() {
            let relation = &design.relations[index];
            let reference = &relation.references[at];
            let Some(there) = owner[reference.target.index()] else { continue };
            let target = design.relation(reference.target);
            if reference.attributes.contains(&here)
                || reference.target_attributes.len() != 1
                || target.key != reference.target_attributes
            {
                continue;
            }
            let names = reference.attributes.iter().map(|&id| &*relation.attribute(id).name);
            carried.extend(names.map(|name| format!("{}.{name}", relation.name)));
            if !wanted.contains(&(reference.target, there)) {
                wanted.push((reference.target, there));
            }
            let reference = &mut design.relations[index].references[at];
            reference.attributes.insert(0, here);
            reference.target_attributes.insert(0, there);
            if reference.on_delete == OnDelete::SetNull {
                reference.reason.push_str("; only the reference is cleared, never the tenant");
            }
        }
    }
    if carried.is_empty() {
        return;
    }
    for (id, there) in wanted {
        let relation = &mut design.relations[id.index()];
        let mut attributes = vec![there];
        attributes.extend(&relation.key);
        let (name, tenant_name) = (&relation.name, &relation.attribute(there).name);
        relation.uniques.push(UniqueKey {
            attributes,
            condition: None,
            is_chosen: false,
            is_reordered: false,
            // The primary key alone would do to tell rows apart, so a reader asks what this is for.
            reason: format!(
                "stands beside the primary key because a foreign key refers only to a key, and \
                 those that refer to {name} carry `{tenant_name}`"
            ),
            source: None,
        });
    }
    design.decisions.push(
        Decision::new(
            RULE,
            "tenant",
            format!(
                "where both rows belong to a tenant, the foreign key carries the tenant: {} \
                 of them",
                carried.len()
            ),
            format!(
                "each row belongs to one {}; a reference by id alone would let a row of one tenant \
                 refer to a row of another",
                design.relation(tenants).name
            ),
        )
        .instead_of("references by id alone, and the application compares the tenants")
        .instead_of("a database for each tenant")
        .changes_when("tenants may share rows")
        .covering(carried)
        .so_that(
            "each table referred to so has a unique key of tenant and id, one more index to write",
        )
        .so_that("a row cannot move to another tenant while rows refer to it")
        .significant("References carry the tenant")
        .from_statement(tenant.source),
    );
}
