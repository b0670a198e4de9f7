//! Shapes that documents ask for and that a table holds badly: each is stored as stated, and reported
//! with the better design.

use underpin_base::Diagnostic;
use underpin_model::FieldKind;

use super::{ATTRIBUTE_VALUE_ROWS, LIST_IN_TEXT, REPEATED_ATTRIBUTES, WIDE_RELATION};
use crate::{Attribute, LogicalDesign, Relation};

/// More properties than one thing has: those that are read and written together are fewer.
const MANY: usize = 45;

pub(crate) fn apply(design: &mut LogicalDesign) {
    let mut found = Vec::new();
    for relation in &design.relations {
        repeated(relation, &mut found);
        lists_in_texts(relation, &mut found);
        attribute_value_rows(relation, &mut found);
        wide(relation, &mut found);
    }
    design.diagnostics.append(&mut found);
}

/// The diagnostic at the attribute's place.
pub(super) fn at(
    mut diagnostic: Diagnostic,
    attribute: &Attribute,
    relation: &Relation,
) -> Diagnostic {
    if let Some(source) = attribute.source.or(relation.source) {
        diagnostic = diagnostic.at(source, "stated here");
    }
    diagnostic
}

/// `phone1` and `phone2`: the same property counted. Lines of an address are not: they are one text.
fn repeated(relation: &Relation, found: &mut Vec<Diagnostic>) {
    let parts = |attribute: &Attribute| {
        let name = attribute.name.to_lowercase();
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let number: u32 = name[stem.len()..].parse().ok()?;
        let stem = stem.trim_end_matches(['_', ' ', '-']).to_owned();
        let is_line = ["line", "street", "address", "addr"].iter().any(|end| stem.ends_with(end));
        (!stem.is_empty() && !is_line).then_some((stem, number))
    };
    for first in &relation.attributes {
        let Some((stem, 1)) = parts(first) else { continue };
        let others: Vec<&str> = relation
            .attributes
            .iter()
            .filter(|other| {
                other.kind == first.kind
                    && parts(other).is_some_and(|(it, number)| it == stem && number > 1)
            })
            .map(|other| &*other.name)
            .collect();
        if let Some(last) = others.last() {
            found.push(at(
                Diagnostic::warning(
                    REPEATED_ATTRIBUTES,
                    format!(
                        "`{}` has `{stem}` {} times, as `{}` to `{last}`: a search must look into each, \
                         and one more is a change of the table",
                        relation.name,
                        others.len() + 1,
                        first.name
                    ),
                )
                .help(format!("describe `{stem}` as an entity of its own that belongs to `{}`", relation.name)),
                first,
                relation,
            ));
        }
    }
}

/// A text that holds several values.
fn lists_in_texts(relation: &Relation, found: &mut Vec<Diagnostic>) {
    const SAYS: [&str; 8] = [
        "comma-separated",
        "comma separated",
        "comma-delimited",
        "comma delimited",
        "semicolon-separated",
        "semicolon separated",
        "pipe-separated",
        "pipe-delimited",
    ];
    for attribute in &relation.attributes {
        let is_text = matches!(attribute.kind, FieldKind::Text { .. } | FieldKind::Unknown);
        let said = attribute.description.as_deref().unwrap_or_default().to_lowercase();
        if is_text && SAYS.iter().any(|words| said.contains(words)) {
            found.push(at(
                Diagnostic::warning(
                    LIST_IN_TEXT,
                    format!(
                        "`{}.{}` holds several values in one text: none of them can be referred to, \
                         checked or found by an index",
                        relation.name, attribute.name
                    ),
                )
                .help("make it a list (`string[]`), or an entity of its own where the values are ids"),
                attribute,
                relation,
            ));
        }
    }
}

/// Rows of a name and a value that describe a row of another relation.
fn attribute_value_rows(relation: &Relation, found: &mut Vec<Diagnostic>) {
    let plain = |attribute: &Attribute| attribute.name.to_lowercase().replace(['_', ' ', '-'], "");
    let names =
        ["attribute", "attributename", "attributekey", "property", "propertyname", "fieldname"];
    let values = ["value", "attributevalue", "propertyvalue", "fieldvalue"];
    let texts = || {
        relation.attributes.iter().filter(|attribute| {
            matches!(attribute.kind, FieldKind::Text { .. } | FieldKind::Unknown)
        })
    };
    let name = texts().find(|attribute| names.contains(&&*plain(attribute)));
    let has_value = texts().any(|attribute| values.contains(&&*plain(attribute)));
    if let (Some(name), true, false) = (name, has_value, relation.links().next().is_none()) {
        found.push(at(
            Diagnostic::warning(
                ATTRIBUTE_VALUE_ROWS,
                format!(
                    "`{}` keeps properties as rows of a name and a value: no value has a type, none can \
                     be required, and reading one thing takes a join for each property",
                    relation.name
                ),
            )
            .help("list the properties as fields of the entity; those that are not known yet go into one field of type json"),
            name,
            relation,
        ));
    }
}

/// A relation that is several.
fn wide(relation: &Relation, found: &mut Vec<Diagnostic>) {
    let count = relation.attributes.len();
    if count > MANY {
        let mut warning = Diagnostic::warning(
            WIDE_RELATION,
            format!(
                "`{}` has {count} properties: every change of one writes a new version of all, and \
                 writers of unrelated ones wait for each other",
                relation.name
            ),
        )
        .help("give those that are written together an entity of their own, one to one");
        if let Some(source) = relation.source {
            warning = warning.at(source, "described here");
        }
        found.push(warning);
    }
}
