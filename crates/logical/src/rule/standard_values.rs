//! L012: values that the database gives by itself: the time of creation and of the last change, the state that a row
//! is born in, and what flags and counters of later events say of a new row.

use underpin_model::{
    DefaultValue, FieldKind, Literal, Model, counts_from_zero, is_flag_of_later,
    is_moment_of_change, is_moment_of_writing,
};

use crate::{Decision, LogicalDesign};

const RULE: &str = "L012";

/// Names with how often each occurs: a reader finds the tables himself.
pub(super) fn fields(places: &[String]) -> String {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for place in places {
        let name = place.rsplit('.').next().unwrap_or(place);
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counted.push((name, 1)),
        }
    }
    let shown: Vec<String> = counted
        .into_iter()
        .map(|(name, count)| match count {
            1 => name.to_owned(),
            more => format!("{name} of {more} entities"),
        })
        .collect();
    shown.join(", ")
}

/// A flag of what happens later is false of a new row, and a counter of it is zero, where no document says otherwise.
fn not_yet(design: &mut LogicalDesign) {
    let mut begun = Vec::new();
    for relation in &mut design.relations {
        for attribute in &mut relation.attributes {
            let first = match attribute.kind {
                FieldKind::Boolean if is_flag_of_later(&attribute.name) => Literal::Boolean(false),
                FieldKind::Integer { counted: false, .. } if counts_from_zero(&attribute.name) => {
                    Literal::Integer(0)
                }
                _ => continue,
            };
            if attribute.required && attribute.default.is_none() && attribute.field.is_some() {
                attribute.default = Some(DefaultValue::Literal(first));
                begun.push(format!("{}.{}", relation.name, attribute.name));
            }
        }
    }
    if !begun.is_empty() {
        design.decisions.push(
            Decision::new(
                RULE,
                "flags and counters of what comes later",
                format!("{} begin as false and 0", fields(&begun)),
                "the names tell of what happens to a row after it was added, so that nothing of it has \
                 happened to a new one",
            )
            .instead_of("no default: each INSERT repeats the same value, and one that forgets it is refused")
            .changes_when("rows are added to which it has happened already: an explicit value wins")
            .covering(begun),
        );
    }
}

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    let mut created = Vec::new();
    let mut touched = Vec::new();
    for relation in &mut design.relations {
        for attribute in &mut relation.attributes {
            if attribute.kind != FieldKind::Timestamp {
                continue;
            }
            let place = format!("{}.{}", relation.name, attribute.name);
            let is_given = is_moment_of_writing(&attribute.name);
            if is_given && attribute.default.is_none() && attribute.required {
                attribute.default = Some(DefaultValue::Literal(Literal::Now));
                created.push(place.clone());
            }
            if is_moment_of_change(&attribute.name) {
                attribute.touched = true;
                touched.push(place);
            }
        }
    }
    if !created.is_empty() {
        design.decisions.push(
            Decision::new(
                RULE,
                "creation times",
                format!("{} default to the time of the transaction", fields(&created)),
                "the name says that the value is the moment of writing, and the server's clock is \
                 the same for all writers",
            )
            .instead_of("the application's clock, which differs from host to host")
            .changes_when("rows are imported with times of their own: an explicit value wins")
            .covering(created),
        );
    }
    if !touched.is_empty() {
        design.decisions.push(
            Decision::new(
                RULE,
                "times of the last change",
                format!("{} are kept by a trigger", fields(&touched)),
                "a writer that forgets the column would leave a time that is not true",
            )
            .instead_of("the application sets them in each UPDATE")
            .changes_when("no reader uses the column: then drop it")
            .covering(touched),
        );
    }
    not_yet(design);
    for lifecycle in &model.lifecycles {
        let Some(initial) = &lifecycle.initial else { continue };
        for relation in &mut design.relations {
            if let Some(id) = relation.attribute_of(lifecycle.field) {
                let attribute = &mut relation.attributes[id.index()];
                attribute
                    .default
                    .get_or_insert_with(|| DefaultValue::Literal(Literal::Text(initial.clone())));
            }
        }
    }
}
