//! L017: references between rows of tenants carry the tenant, so that none crosses from one tenant
//! to another whatever the application does. The same of any owner that documents say rows share.

use underpin_model::{Model, OnDelete, spoken_words};

use crate::{AttributeId, Decision, LogicalDesign, Relation, RelationId, UniqueKey};

const RULE: &str = "L017";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let tenants = model.tenant.as_ref().and_then(|it| design.relation_of(it.entity));
    if let (Some(tenant), Some(tenants)) = (&model.tenant, tenants) {
        // For each relation, the attribute that names the tenant.
        let owner: Vec<Option<AttributeId>> = design
            .relations
            .iter()
            .map(|relation| {
                let mut links = relation.links().filter(|it| it.attributes.len() == 1);
                let leads = links.find(|reference| {
                    reference.target == tenants
                        && relation.attribute(reference.attributes[0]).required
                });
                leads.map(|reference| reference.attributes[0])
            })
            .collect();
        let carried = carry(design, &owner, ("tenant", &|_| true));
        if !carried.is_empty() {
            let decision = of_tenant(&design.relation(tenants).name, carried);
            design.decisions.push(decision.from_statement(tenant.source));
        }
    }
    for said in model.kept_apart() {
        // Those of tenants carry it already.
        if tenants.is_some_and(|it| spoken_words(&design.relation(it).name) == said.owner) {
            continue;
        }
        let owner: Vec<Option<AttributeId>> =
            design.relations.iter().map(|it| owner_of(design, it, &said.owner)).collect();
        let is_about = |relation: &Relation| match (&said.entities, relation.entity) {
            (Some(named), Some(entity)) => named.contains(&entity),
            (named, _) => named.is_none(),
        };
        let called = said.owner.join(" ");
        let carried = carry(design, &owner, (&called, &is_about));
        if !carried.is_empty() {
            let decision = of_owner(&called, &said.text, carried);
            design.decisions.push(decision.from_statement(said.source));
        }
    }
}

/// The attribute that names an owner and must be there: called so, or the only reference to a relation called so.
fn owner_of(design: &LogicalDesign, relation: &Relation, owner: &[String]) -> Option<AttributeId> {
    let called = |id: AttributeId| {
        let mut name = spoken_words(&relation.attribute(id).name);
        if name.len() > 1 && name.last().is_some_and(|it| it == "id") {
            name.pop();
        }
        name == owner
    };
    let named = relation.attributes().map(|(id, _)| id).find(|&id| called(id));
    let found = named.or_else(|| {
        let mut links = relation.links().filter(|link| {
            link.attributes.len() == 1 && spoken_words(&design.relation(link.target).name) == owner
        });
        let only = links.next()?.attributes[0];
        links.next().is_none().then_some(only)
    })?;
    relation.attribute(found).required.then_some(found)
}

/// Lets the references of some relations carry their owner, who is called so, where the rows that they lead to have one too; the names of
/// those that do.
fn carry(
    design: &mut LogicalDesign,
    owner: &[Option<AttributeId>],
    (called, is_about): (&str, &dyn Fn(&Relation) -> bool),
) -> Vec<String> {
    let mut carried: Vec<String> = Vec::new();
    let mut wanted: Vec<(RelationId, AttributeId)> = Vec::new();
    for (index, owner_here) in owner.iter().enumerate() {
        let Some(here) = *owner_here else { continue };
        if !is_about(&design.relations[index]) {
            continue;
        }
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
                reference.reason.push_str("; only the reference is cleared, never the ");
                reference.reason.push_str(called);
            }
        }
    }
    for (id, there) in wanted {
        let relation = &mut design.relations[id.index()];
        let mut attributes = vec![there];
        attributes.extend(&relation.key);
        if relation.uniques.iter().any(|it| it.attributes == attributes && it.condition.is_none()) {
            continue;
        }
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
    carried
}

fn of_tenant(tenant: &str, carried: Vec<String>) -> Decision {
    Decision::new(
        RULE,
        "tenant",
        format!(
            "where both rows belong to a tenant, the foreign key carries the tenant: {} \
             of them",
            carried.len()
        ),
        format!(
            "each row belongs to one {tenant}; a reference by id alone would let a row of one tenant \
             refer to a row of another"
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
}

fn of_owner(owner: &str, text: &str, carried: Vec<String>) -> Decision {
    Decision::new(
        RULE,
        carried.join(", "),
        format!("the foreign key carries the {owner} of both rows"),
        format!(
            "a document says: {text}; a reference by id alone would let a row of one {owner} refer to a \
             row of another"
        ),
    )
    .instead_of(format!("references by id alone, and the application compares the {owner}"))
    .instead_of("a trigger, which has to hold both rows so that neither moves meanwhile")
    .changes_when(format!("rows may refer to those of another {owner}"))
    .covering(carried)
    .so_that(format!("a row cannot move to another {owner} while rows refer to it"))
}
