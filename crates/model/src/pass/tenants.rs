//! "Every entity belongs to one Merchant": those that nothing leads from to their tenant refer to it.

use std::collections::BTreeSet;

use underpin_read::{EntityKind, Fact, Statement};

use crate::draft::{Draft, question_id};
use crate::{Cardinality, EntityId, FieldId, Question};

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
    "all data belongs",
    "all data is owned",
    "all data is scoped",
    "all business data",
];

/// What a document says of tenants.
pub(super) struct Said<'s> {
    /// Whose rows all others are.
    pub(super) tenant: EntityId,
    /// Where it says so.
    pub(super) statement: &'s Statement,
    /// Whether it is said of all entities but the tenant.
    of_all: bool,
}

/// The first sentence that tells whose rows are whose, unless it leaves some out: of those nobody can tell which they are.
pub(super) fn said<'s>(draft: &Draft<'s>) -> Option<Said<'s>> {
    let (statement, tenant, text) = draft.statements.iter().find_map(|it| match &it.fact {
        Fact::Tenancy { tenant, text } => Some((it, draft.entity_in_phrase(tenant)?, text)),
        _ => None,
    })?;
    let said = text.to_lowercase();
    let leaves_out = EXCEPTIONS.iter().any(|it| said.contains(it));
    // "Every tenant-owned record" does not say which those are.
    let of_all = OF_ALL.iter().any(|all| said.contains(all));
    (!leaves_out).then_some(Said { tenant, statement, of_all })
}

/// The references to the tenant that are the tenant of their row, where each row has one: they are required, whoever left
/// that out. What is said to be optional stays so.
pub(super) fn required(draft: &Draft<'_>, said: &Said<'_>) -> Vec<FieldId> {
    let above: BTreeSet<EntityId> = targets(draft, said.tenant).collect();
    let entities = draft.entity_ids().filter(|id| said.of_all && *id != said.tenant);
    let only = entities.filter(|id| !above.contains(id)).filter_map(|id| {
        let mut leading = draft.model.fields_of(id).filter(|(_, field)| {
            field.references.as_ref().is_some_and(|it| it.entity == said.tenant)
        });
        let first = leading.next()?;
        leading.next().is_none().then_some(first)
    });
    only.filter(|(_, field)| field.required.is_none()).map(|(id, _)| id).collect()
}

/// What is asked where a document has a tenant and does not say that all rows are somebody's.
pub(super) fn question(draft: &Draft<'_>, said: &Said<'_>) -> Option<Question> {
    let open = if said.of_all { Vec::new() } else { without_owner(draft, said) };
    let name = |id: EntityId| draft.model.entity(id).name.as_str();
    let names: Vec<String> = open.iter().map(|&id| format!("`{}`", name(id))).collect();
    (!names.is_empty()).then(|| Question {
        id: question_id("tenant", name(said.tenant)),
        subject: name(said.tenant).to_owned(),
        text: format!(
            "Does each row of {} belong to one `{}`? Nothing leads from there to the tenant.",
            names.join(" and "),
            name(said.tenant)
        ),
        assumed: "no: they belong to no tenant, and all share them".to_owned(),
        source: Some(said.statement.span),
    })
}

/// Each entity to be given a reference to the tenant, where all rows have one.
pub(super) fn without_reference(draft: &Draft<'_>, said: &Said<'_>) -> Vec<EntityId> {
    if said.of_all { without_owner(draft, said) } else { Vec::new() }
}

/// Each entity that says nowhere whose it is; those that lead to one of these are not among them.
fn without_owner(draft: &Draft<'_>, said: &Said<'_>) -> Vec<EntityId> {
    let tenant = said.tenant;
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
        let Some(&first) = open.first() else { return found };
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
    fn all_data_is_all_rows() {
        let said = model("Every firm is a tenant: all data belongs to a firm.");
        assert!(said.contains("relationship Firm 1:N Bill by Bill.firm_id, required"), "{said}");
    }

    #[test]
    fn the_tenant_of_a_row_is_required_unless_it_is_said_to_be_optional() {
        let of = |field: &str| {
            model(&format!(
                "## Note\n\n- id: uuid, primary key\n- firm_id: uuid, {field}FK → Firm.id\n\nEvery row belongs to a Firm."
            ))
        };
        assert!(
            of("").contains("relationship Firm 1:N Note by Note.firm_id, required"),
            "{}",
            of("")
        );
        assert!(!of("optional, ").contains("Note.firm_id, required"), "{}", of("optional, "));
    }

    #[test]
    fn where_it_is_not_said_of_all_it_is_asked() {
        let asked =
            |text: &str| model(text).contains("Does each row of `Bill` belong to one `Firm`?");
        assert!(asked("The tenant is the Firm."));
        assert!(!asked("Every row belongs to a Firm."));
        assert!(!asked("Every entity except Bill belongs to exactly one Firm."));
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
