//! Rows of one parent that are told apart by a number or a language: the third track of an album, the French text of an
//! article, the second version of a contract. Two rows with the same one leave open which of them is meant.

use smol_str::SmolStr;

use crate::names::{fold_entity, fold_field, words};
use crate::{Cardinality, EntityId, Field, FieldId, FieldKind, Model, Presumptions, rule};

/// Names of the place of a row among those of its parent.
const PLACES: [&str; 2] = ["position", "ordinal"];
/// Names of what rows are merely sorted by: two rows of one sort order stand side by side, and nobody asks which is third.
const SORTED: [&str; 6] =
    ["sortorder", "sortindex", "displayorder", "orderindex", "sortposition", "ordering"];
/// Names of a number that tells the rows of one parent apart.
const NUMBERS: [&str; 8] = [
    "versionnumber",
    "versionno",
    "revision",
    "revisionnumber",
    "linenumber",
    "lineno",
    "sequencenumber",
    "stepnumber",
];
/// Names of a language.
const LANGUAGES: [&str; 5] = ["locale", "language", "languagecode", "lang", "localecode"];

/// Last words of the names of entities that hold one text for each language.
const TRANSLATIONS: [&str; 4] = ["translation", "localization", "localisation", "i18n"];
/// Last words of the names of entities that hold one state after the other.
const VERSIONS: [&str; 2] = ["version", "revision"];

/// Whether a field holds the place of a row among others, which changes when they are put in another order.
pub fn is_place(field: &Field) -> bool {
    let name = fold_field(&field.name);
    let is_place = PLACES.contains(&&*name) || SORTED.contains(&&*name);
    is_place && matches!(field.kind, FieldKind::Integer { .. })
}

impl Presumptions<'_> {
    /// The reference to the parent, and the field by which the rows of one parent are told apart; nothing where documents
    /// speak of it, or where it is open which of several references is the parent.
    pub fn sibling_key(&self, entity: EntityId) -> Option<(FieldId, FieldId)> {
        let model = self.model;
        let required = self.required(entity).fields;
        let is_required = |id: FieldId| {
            let said = model.field(id).required;
            said.unwrap_or_else(|| required.iter().any(|&(it, required)| it == id && required))
        };
        let name = words(&model.entity(entity).name);
        let last = name.last().map(|it| underpin_read::singular(it)).unwrap_or_default();
        let tells = |(id, field): &(FieldId, &Field)| {
            let folded = fold_field(&field.name);
            let folded = folded.as_str();
            let is_number = matches!(field.kind, FieldKind::Integer { .. });
            let is_text = matches!(field.kind, FieldKind::Text { .. } | FieldKind::Enumeration(_));
            let is_it = is_number && (PLACES.contains(&folded) || NUMBERS.contains(&folded))
                || is_number && folded == "version" && VERSIONS.contains(&last.as_str())
                || is_text && LANGUAGES.contains(&folded) && TRANSLATIONS.contains(&last.as_str());
            is_it && field.default.is_none() && is_required(*id)
        };
        let mut found = model.fields_of(entity).filter(tells);
        let (field, _) = found.next()?;
        let parent = self.parent(entity, &name, &is_required)?;
        let is_open = found.next().is_none() && !is_in_a_key(model, entity, field);
        let mut rules = self.rules_of(entity).iter();
        (is_open && !rules.any(|rule| rule::allowed::lets_share(&rule.text)))
            .then_some((parent, field))
    }

    /// The reference to the row that a row is part of: the one whose entity its own name begins with, or the only one that
    /// must be there.
    fn parent(
        &self,
        entity: EntityId,
        name: &[SmolStr],
        is_required: &dyn Fn(FieldId) -> bool,
    ) -> Option<FieldId> {
        let model = self.model;
        let tenant = model.tenant.as_ref().map(|tenant| tenant.entity);
        let references: Vec<(FieldId, EntityId)> = model
            .fields_of(entity)
            .filter(|(id, _)| is_required(*id))
            .filter_map(|(id, field)| Some((id, field.references.as_ref()?.entity)))
            .filter(|(_, to)| *to != entity && Some(*to) != tenant)
            .collect();
        let front = name.split_last().map(|(_, front)| fold_entity(&front.join(" ")));
        let named =
            references.iter().find(|(_, to)| Some(fold_entity(&model.entity(*to).name)) == front);
        match (named, references.as_slice()) {
            (Some((id, _)), _) | (None, [(id, _)]) => {
                // Where a parent has one row only, it has nothing to tell apart.
                let mut carried = self.relationships_by(*id).iter();
                let is_single = carried.any(|it| it.cardinality == Cardinality::OneToOne);
                (!is_single).then_some(*id)
            }
            (None, _) => None,
        }
    }
}

fn is_in_a_key(model: &Model, entity: EntityId, field: FieldId) -> bool {
    let entity = model.entity(entity);
    model.field(field).unique
        || entity.primary_key.contains(&field)
        || entity.unique.iter().any(|key| key.fields.contains(&field))
}
