//! What the names of fields have everybody expect and no document says: that a row does not end before it begins, and
//! that the rows of one parent are told apart by their number, place or language.

use crate::Presumptions;
use crate::draft::Draft;

/// The kinds of the questions.
pub(crate) const FORWARD: &str = "runs-forward";
pub(crate) const TOLD_APART: &str = "told-apart";

/// Asks about each of them; changes nothing else.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let model = &draft.model;
    let presumptions = Presumptions::of(model);
    let mut questions = Vec::new();
    for (id, entity) in model.entities() {
        let name = &entity.name;
        for (from, to) in presumptions.spans(id) {
            let (from, to) = (&model.field(from).name, model.field(to));
            questions.push((
                FORWARD,
                format!("{name}.{}", to.name),
                format!("May the `{}` of a `{name}` be before its `{from}`?", to.name),
                "no: a row does not end before it begins",
                to.source,
            ));
        }
        if let Some((parent, field)) = presumptions.sibling_key(id) {
            let to = model.field(parent).references.as_ref().map(|it| it.entity);
            let parent = to.map_or("", |it| &model.entity(it).name);
            let field = model.field(field);
            questions.push((
                TOLD_APART,
                format!("{name}.{}", field.name),
                format!(
                    "May two rows of `{name}` with one `{parent}` have the same `{}`?",
                    field.name
                ),
                "no: it tells them apart",
                field.source,
            ));
        }
    }
    for (kind, subject, text, assumed, source) in questions {
        draft.ask(kind, &subject, text, assumed, Some(source));
    }
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    fn asked(fields: &[&str], rules: &[&str]) -> Vec<String> {
        let facts = Facts::default()
            .entity("Album")
            .field("Album", "id: uuid*")
            .entity("Track")
            .field("Track", "id: uuid*")
            .field("Track", "album_id: uuid!");
        let facts = fields.iter().fold(facts, |facts, field| facts.field("Track", field));
        let facts = rules.iter().fold(facts, |facts, rule| facts.rule("Track", rule));
        let model = facts.build().0;
        let of_us = [super::FORWARD, super::TOLD_APART];
        let questions = model.questions.into_iter().map(|it| it.id);
        questions.filter(|id| of_us.iter().any(|kind| id.ends_with(kind))).collect()
    }

    #[test]
    fn only_what_no_document_settles() {
        let span = ["valid_from: date!", "valid_to: date!"];
        assert_eq!(asked(&span, &[]), ["track-valid-to.runs-forward"]);
        assert!(asked(&span, &["valid_to must be after valid_from"]).is_empty());
        assert!(asked(&span, &["A track may end before it begins"]).is_empty());
        assert!(asked(&["start_time: time!", "end_time: time!"], &[]).is_empty());
        assert!(asked(&["departure_at: timestamp!", "arrival_at: timestamp!"], &[]).is_empty());
        let place = ["position: integer!"];
        assert_eq!(asked(&place, &[]), ["track-position.told-apart"]);
        assert!(asked(&place, &["(album_id, position) must be unique"]).is_empty());
        assert!(asked(&place, &["Two tracks may have the same position"]).is_empty());
        assert!(asked(&["position: text!"], &[]).is_empty());
        // What rows are sorted by may tie.
        assert!(asked(&["sort_order: integer!"], &[]).is_empty());
        assert!(asked(&["position: integer! = 0"], &[]).is_empty());
        assert!(asked(&["version: integer!"], &[]).is_empty());
    }
}
