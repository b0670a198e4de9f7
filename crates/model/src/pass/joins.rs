//! Join entities, whatever notation describes them: two references and no identity besides them.

use smol_str::{SmolStr, format_smolstr};
use underpin_read::EntityKind;

use crate::draft::Draft;
use crate::names::words;
use crate::{EntityId, Field, FieldId, FieldKind};

/// What a row that joins a thing with another is called after the thing's name.
const LINKS: &[&str] = &[
    "member",
    "membership",
    "participant",
    "participation",
    "attendee",
    "assignment",
    "assignee",
    "enrollment",
    "enrolment",
    "link",
    "mapping",
    "association",
    "follower",
    "subscriber",
    "collaborator",
    "favorite",
    "favourite",
    "like",
    "join",
];

/// Says which entities only join two others.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for id in draft.entity_ids() {
        if draft.model.entity(id).kind == EntityKind::Entity && joins(draft, id) {
            draft.entity_mut(id).kind = EntityKind::Join;
        }
    }
}

fn joins(draft: &Draft<'_>, id: EntityId) -> bool {
    let model = &draft.model;
    let entity = model.entity(id);
    let refers = |field: &Field| field.references.is_some() || field.external.is_some();
    let references: Vec<FieldId> =
        model.fields_of(id).filter(|(_, field)| refers(field)).map(|(id, _)| id).collect();
    let [one, other] = references[..] else { return false };
    let is_pair =
        |fields: &[FieldId]| fields.len() == 2 && fields.contains(&one) && fields.contains(&other);
    if is_pair(&entity.primary_key) {
        return true;
    }
    let target = |field: FieldId| {
        let reference = model.field(field).references.as_ref();
        reference.map(|reference| reference.entity)
    };
    let is_referred_to = model
        .fields
        .iter()
        .any(|field| field.references.as_ref().is_some_and(|it| it.entity == id));
    let optional = [one, other].iter().any(|&it| model.field(it).required == Some(false));
    if is_referred_to || optional {
        return false;
    }
    let name = words(&entity.name);
    let after = |field: FieldId| {
        target(field).is_some_and(|target| {
            let of = singular(&words(&model.entity(target).name));
            let name = singular(&name);
            // "FileObjectTag" joins a FileObject with a FileTag.
            !of.is_empty() && name.windows(of.len()).any(|part| part == of)
                || of.len() > 1 && of.last().is_some_and(|last| name.last() == Some(last))
        })
    };
    let ends_as_link = name.last().is_some_and(|word| LINKS.contains(&word.trim_end_matches('s')));
    let is_named = after(one) && after(other) || (after(one) || after(other)) && ends_as_link;
    let has_pair_key =
        entity.unique.iter().any(|key| key.condition.is_none() && is_pair(&key.fields));
    match entity.primary_key[..] {
        // Documents that give the things a key and the pair none mean the pair to be its own key.
        [] => {
            let keyed =
                |field| target(field).is_some_and(|it| !model.entity(it).primary_key.is_empty());
            is_named
                && keyed(one)
                && keyed(other)
                && [one, other].iter().all(|&it| model.field(it).required == Some(true))
        }
        // A counter beside the pair identifies nothing that the pair does not.
        [key] if key != one && key != other => {
            let bare = model.fields_of(id).all(|(it, field)| {
                it == key
                    || it == one
                    || it == other
                    || matches!(field.kind, FieldKind::Timestamp | FieldKind::Date)
            });
            bare && (is_named || has_pair_key)
        }
        _ => false,
    }
}

/// Words without the ending of a plural, so that `book_authors` is named after an Author.
fn singular(words: &[SmolStr]) -> Vec<SmolStr> {
    words
        .iter()
        .map(|word| {
            let front = word.strip_suffix("ies").map(|front| format_smolstr!("{front}y"));
            front.unwrap_or_else(|| word.strip_suffix('s').unwrap_or(word).into())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use underpin_read::{EntityKind, Fact};

    use crate::test_support::Facts;

    fn school() -> Facts {
        Facts::default()
            .entity("Student")
            .field("Student", "id: uuid*")
            .entity("Course")
            .field("Course", "id: uuid*")
    }

    fn kind(facts: Facts) -> EntityKind {
        facts.build().0.entities[2].kind
    }

    #[test]
    fn two_references_and_no_more_identity() {
        let by_key = school()
            .entity("Grading")
            .field("Grading", "student_id: uuid*")
            .field("Grading", "course_id: uuid*")
            .field("Grading", "mark: int");
        assert_eq!(kind(by_key), EntityKind::Join);
        let by_name = school()
            .entity("student_courses")
            .field("student_courses", "student_id: uuid!")
            .field("student_courses", "course_id: uuid!")
            .field("student_courses", "quantity: int!");
        assert_eq!(kind(by_name), EntityKind::Join);
        let by_unique = school()
            .entity("Booked")
            .field("Booked", "id: uuid*")
            .field("Booked", "student_id: uuid!")
            .field("Booked", "course_id: uuid!")
            .field("Booked", "created_at: timestamp!")
            .add(Fact::Unique {
                entity: "Booked".to_owned(),
                fields: vec!["student_id".to_owned(), "course_id".to_owned()],
                condition: None,
                text: None,
            });
        assert_eq!(kind(by_unique), EntityKind::Join);
        let link = school()
            .entity("CourseEnrollment")
            .field("CourseEnrollment", "student_id: uuid!")
            .field("CourseEnrollment", "course_id: uuid!");
        assert_eq!(kind(link), EntityKind::Join);
    }

    #[test]
    fn an_identity_of_its_own_is_no_join() {
        let comment = school()
            .entity("CourseComment")
            .field("CourseComment", "student_id: uuid!")
            .field("CourseComment", "course_id: uuid!")
            .field("CourseComment", "body: text!");
        assert_eq!(kind(comment), EntityKind::Entity);
        let exam = school()
            .entity("StudentCourse")
            .field("StudentCourse", "id: uuid*")
            .field("StudentCourse", "student_id: uuid!")
            .field("StudentCourse", "course_id: uuid!")
            .field("StudentCourse", "mark: int!");
        assert_eq!(kind(exam), EntityKind::Entity);
        let referred = school()
            .entity("StudentCourse")
            .field("StudentCourse", "student_id: uuid!")
            .field("StudentCourse", "course_id: uuid!")
            .entity("Exam")
            .field("Exam", "id: uuid*")
            .field("Exam", "student_course_id: uuid! -> StudentCourse");
        assert_eq!(kind(referred), EntityKind::Entity);
    }
}
