//! References by several attributes at once: where fields of one relation refer each to a part of a key of
//! another, and together to all of it, they are one reference.

use underpin_model::{FieldId, Model};

use crate::{AttributeId, LogicalDesign, RelationId};

/// Fields that refer together, with what they refer to.
pub(super) struct Composite {
    pub(super) fields: Vec<FieldId>,
    pub(super) target: RelationId,
    /// For each field the attribute of the target.
    pub(super) attributes: Vec<AttributeId>,
}

/// The references of a relation that need several fields.
pub(super) fn find(model: &Model, design: &LogicalDesign, id: RelationId) -> Vec<Composite> {
    let mut targets: Vec<RelationId> = Vec::new();
    // Each field with the relation and the part of its key that it names, if any.
    let mut parts: Vec<(FieldId, RelationId, Option<AttributeId>)> = Vec::new();
    for field in design.relation(id).attributes.iter().filter_map(|attribute| attribute.field) {
        let Some(stated) = model.field(field).references.as_ref() else { continue };
        let Some(target) = design.relation_of(stated.entity) else { continue };
        let part = stated.field.map(|part| design.relation(target).attribute_of(part));
        match part {
            Some(None) => {}
            Some(part) => parts.push((field, target, part)),
            None => parts.push((field, target, None)),
        }
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    let mut found = Vec::new();
    for target in targets {
        for key in keys(model, design, target) {
            let of_target = |part: &(FieldId, RelationId, Option<AttributeId>)| part.1 == target;
            let named: Vec<Vec<FieldId>> = key
                .iter()
                .map(|part| {
                    let refers = parts.iter().filter(|it| of_target(it) && it.2 == Some(*part));
                    refers.map(|it| it.0).collect()
                })
                .collect();
            let open: Vec<FieldId> =
                parts.iter().filter(|it| of_target(it) && it.2.is_none()).map(|it| it.0).collect();
            // Without a word of parts it is the primary key that is referred to.
            let is_primary = key == design.relation(target).key;
            let times = named.first().map_or(0, Vec::len);
            // The first reference takes the first field for each part, as they are written.
            let rows: Vec<Vec<FieldId>> = if times > 0 && named.iter().all(|it| it.len() == times) {
                (0..times).map(|at| named.iter().map(|it| it[at]).collect()).collect()
            } else if is_primary && named.iter().all(Vec::is_empty) && open.len() == key.len() {
                vec![open]
            } else {
                continue;
            };
            parts.retain(|it| !rows.iter().flatten().any(|field| *field == it.0));
            found.extend(rows.into_iter().map(|fields| Composite {
                fields,
                target,
                attributes: key.clone(),
            }));
        }
    }
    found
}

/// The keys of a relation that have several attributes.
fn keys(model: &Model, design: &LogicalDesign, id: RelationId) -> Vec<Vec<AttributeId>> {
    let relation = design.relation(id);
    let mut keys = vec![relation.key.clone()];
    let stated = relation.entity.map(|entity| model.entity(entity).unique.as_slice());
    for key in stated.unwrap_or_default().iter().filter(|key| key.condition.is_none()) {
        let parts: Option<Vec<AttributeId>> =
            key.fields.iter().map(|&field| relation.attribute_of(field)).collect();
        keys.extend(parts);
    }
    keys.retain(|key| key.len() > 1);
    keys
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    /// The references of each relation, as names, with the codes of the diagnostics.
    fn references(document: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add("schema.sql", document.to_owned());
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model);
        let mut said: Vec<String> = Vec::new();
        for relation in &design.relations {
            for reference in &relation.references {
                let to = design.relation(reference.target);
                let names = |of: &crate::Relation, ids: &[crate::AttributeId]| -> Vec<String> {
                    ids.iter().map(|&id| of.attribute(id).name.clone()).collect()
                };
                said.push(format!(
                    "{} ({}) -> {} ({})",
                    relation.name,
                    names(relation, &reference.attributes).join(", "),
                    to.name,
                    names(to, &reference.target_attributes).join(", ")
                ));
            }
        }
        said.extend(design.diagnostics.iter().map(|it| it.code.to_string()));
        said
    }

    const SEATS: &str = "CREATE TABLE seats (hall int, number int, PRIMARY KEY (hall, number));\n";

    #[test]
    fn fields_that_name_all_of_a_key_refer_together() {
        let sale = "CREATE TABLE sales (id int PRIMARY KEY, h int NOT NULL, n int NOT NULL, \
                    FOREIGN KEY (h, n) REFERENCES seats (hall, number));";
        let whole = ["sales (h, n) -> seats (hall, number)"];
        assert_eq!(references(&format!("{SEATS}{sale}")), whole);
        // The key may be left unsaid.
        let sale = sale.replace("seats (hall, number)", "seats");
        assert_eq!(references(&format!("{SEATS}{sale}")), whole);
    }

    #[test]
    fn two_references_to_one_key_stay_two() {
        let swap = "CREATE TABLE swaps (id int PRIMARY KEY, h int, n int, h2 int, n2 int, \
                    FOREIGN KEY (h, n) REFERENCES seats (hall, number), \
                    FOREIGN KEY (h2, n2) REFERENCES seats (hall, number));";
        assert_eq!(
            references(&format!("{SEATS}{swap}")),
            ["swaps (h, n) -> seats (hall, number)", "swaps (h2, n2) -> seats (hall, number)"]
        );
    }

    #[test]
    fn two_references_to_a_row_with_a_key_of_two_fields_stay_two() {
        let desks = "CREATE TABLE desks (id int PRIMARY KEY, hall int NOT NULL, name text NOT NULL, UNIQUE (hall, name));";
        let moves = "CREATE TABLE moves (id int PRIMARY KEY, from_desk int NOT NULL REFERENCES desks, \
                     to_desk int NOT NULL REFERENCES desks);";
        assert_eq!(
            references(&format!("{desks}{moves}")),
            ["moves (from_desk) -> desks (id)", "moves (to_desk) -> desks (id)"]
        );
    }

    #[test]
    fn a_part_of_a_key_is_no_reference() {
        let sale = "CREATE TABLE sales (id int PRIMARY KEY, h int REFERENCES seats (hall));";
        assert_eq!(references(&format!("{SEATS}{sale}")), ["L003"]);
    }
}
