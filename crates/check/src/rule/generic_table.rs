//! Tables and references that stand for anything.

use underpin_pg::{Column, Table, Type};

use crate::finding::{Finding, Object, short};
use crate::names::{ends_with, words};
use crate::subject::Subject;

underpin_base::codes! {
    /// A table holds attributes as rows.
    ///
    /// Entity, attribute, value: no value has a type, none can be required, unique or checked, and each question about
    /// one thing joins the table once for each attribute.
    ///
    /// ```sql
    /// CREATE TABLE products (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE product_attributes (
    ///   product_id bigint NOT NULL REFERENCES products ON DELETE CASCADE,
    ///   attribute text NOT NULL,
    ///   value text,
    ///   PRIMARY KEY (product_id, attribute)
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE products (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   weight_g integer CHECK (weight_g > 0),
    ///   colour text,
    ///   extra jsonb NOT NULL DEFAULT '{}'
    /// );
    /// ```
    ENTITY_ATTRIBUTE_VALUE = "C075", "entity-attribute-value";
    /// A pair of columns refers to a row of any table.
    ///
    /// A type and an id: no foreign key can follow them, so what they refer to can go while they stay, or never be there.
    ///
    /// ```sql
    /// CREATE TABLE comments (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   commentable_type text NOT NULL,
    ///   commentable_id bigint NOT NULL
    /// );
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE photos (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// CREATE TABLE comments (
    ///   id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ///   post_id bigint REFERENCES posts ON DELETE CASCADE,
    ///   photo_id bigint REFERENCES photos ON DELETE CASCADE,
    ///   CHECK (num_nonnulls(post_id, photo_id) = 1)
    /// );
    /// CREATE INDEX ON comments (post_id);
    /// CREATE INDEX ON comments (photo_id);
    /// ```
    POLYMORPHIC_REFERENCE = "C076", "polymorphic-reference";
}

/// What the column that names the attribute is called.
const ATTRIBUTE: &[&str] = &[
    "attribute",
    "attribute_name",
    "attr",
    "property",
    "property_name",
    "field",
    "field_name",
    "meta_key",
    "attribute_key",
];
/// And the column that holds its value.
const VALUE: &[&str] = &[
    "value",
    "attribute_value",
    "attr_value",
    "property_value",
    "field_value",
    "meta_value",
    "text_value",
];
/// A table with more columns than these holds more than attributes.
const MOST_COLUMNS: usize = 8;

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for table in subject.tables() {
        if let Some((attribute, value)) = entity_attribute_value(table) {
            findings.push(
                Finding::warning(
                    ENTITY_ATTRIBUTE_VALUE,
                    Object::whole(&table.name),
                    format!(
                        "`{}` holds attributes as rows (`{}`, `{}`): none can have a type, be required or be checked",
                        short(&table.name),
                        attribute.name.as_str(),
                        value.name.as_str()
                    ),
                )
                .help("make columns of the known ones, and keep the others in a jsonb column"),
            );
        }
        for (kind, id) in polymorphic_pairs(table) {
            findings.push(
                Finding::warning(
                    POLYMORPHIC_REFERENCE,
                    Object::part(&table.name, &id.name),
                    format!(
                        "`{}` and `{}` of `{}` refer to a row of any table, which no foreign key can follow",
                        kind.name.as_str(),
                        id.name.as_str(),
                        short(&table.name)
                    ),
                )
                .help("give each table that is meant a column with a foreign key, and CHECK (num_nonnulls(…) = 1)"),
            );
        }
    }
}

fn entity_attribute_value(table: &Table) -> Option<(&Column, &Column)> {
    let named =
        |names: &[&str]| table.columns.iter().find(|column| names.contains(&column.name.as_str()));
    let refers = !table.foreign_keys.is_empty()
        || table
            .columns
            .iter()
            .any(|column| ends_with(&column.name, &["id"]) && column.name.as_str() != "id");
    let attribute = named(ATTRIBUTE).or_else(|| {
        // `key` and `name` beside a value are attributes only of something else.
        let about_values = words(table.name.name.as_str()).iter().any(|word| {
            word.starts_with("attribute") || word.starts_with("propert") || word == "meta"
        });
        named(&["key", "name"]).filter(|_| about_values)
    })?;
    let value = named(VALUE)?;
    (refers && table.columns.len() <= MOST_COLUMNS && value.data_type != Type::Jsonb)
        .then_some((attribute, value))
}

/// `x_type` and `x_id` without a foreign key.
fn polymorphic_pairs(table: &Table) -> Vec<(&Column, &Column)> {
    let refers =
        |column: &Column| table.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
    table
        .columns
        .iter()
        .filter_map(|kind| {
            let stem = kind.name.as_str().strip_suffix("_type")?;
            let id = table.columns.iter().find(|column| {
                column.name.as_str().strip_suffix("_id").is_some_and(|other| other == stem)
            })?;
            (!refers(id) && !refers(kind)).then_some((kind, id))
        })
        .collect()
}
