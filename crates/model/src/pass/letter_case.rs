//! Names that people type, unique and nothing said of their case: whether `Ada@x.org` beside `ada@x.org` is a second
//! account or the same one is for the documents to say.

use crate::draft::Draft;
use crate::names::words;
use crate::{Field, FieldId, FieldKind, Model};

/// The last words of the names of such fields.
const TYPED: &[&str] = &["email", "mail", "username", "login", "handle", "nickname"];

/// Asks about each of them; changes nothing else.
pub(crate) fn run(draft: &mut Draft<'_>) {
    let ids = (0..draft.model.fields.len()).map(FieldId::from_index);
    let open: Vec<FieldId> = ids.filter(|&id| is_open(&draft.model, id)).collect();
    for id in open {
        let path = draft.model.field_path(id);
        let source = draft.model.field(id).source;
        draft.ask(
            "letter-case",
            &path,
            format!(
                "Are two values of `{path}` the same that differ in nothing but upper and lower case?"
            ),
            "no: unique compares exactly",
            Some(source),
        );
    }
}

/// Whether a field is typed by people, unique, and its case open.
fn is_open(model: &Model, id: FieldId) -> bool {
    let field = model.field(id);
    let named = words(&field.name);
    let is_typed = named.last().is_some_and(|last| TYPED.contains(&last.as_str()))
        || named.ends_with(&["user".into(), "name".into()]);
    let keys = &model.entity(field.entity).unique;
    let is_unique = field.unique || keys.iter().any(|key| key.fields.contains(&id));
    let is_text = matches!(field.kind, FieldKind::Text { .. }) && field.references.is_none();
    is_typed && is_unique && is_text && !says_case(model, field)
}

/// Whether the documents speak of case: that it makes none, that it makes one, or that there is only one.
fn says_case(model: &Model, field: &Field) -> bool {
    let says = |text: &str| {
        let lower = text.to_lowercase();
        ["case", "[a-z", "lower("].iter().any(|word| lower.contains(word))
    };
    field.ignores_case
        || field.description.as_deref().is_some_and(says)
        || field.rules.iter().any(|&rule| says(&model.rule(rule).text))
}

#[cfg(test)]
mod tests {
    use crate::test_support::Facts;

    fn asked(field: &str, rule: Option<&str>) -> usize {
        let facts = Facts::default().entity("Person").field("Person", "id: uuid*");
        let facts = facts.field("Person", field);
        let facts = rule.into_iter().fold(facts, |facts, rule| facts.rule("Person", rule));
        let model = facts.build().0;
        model.questions.iter().filter(|it| it.id.ends_with("letter-case")).count()
    }

    #[test]
    fn only_what_is_typed_and_unique_and_open() {
        let unique = Some("email must be unique");
        assert_eq!(asked("email: text!", unique), 1);
        assert_eq!(asked("user_name: text!", Some("user_name must be unique")), 1);
        assert_eq!(asked("email: text!", None), 0);
        assert_eq!(asked("email: text!", Some("email must be unique regardless of case")), 0);
        assert_eq!(asked("code: text!", Some("code must be unique")), 0);
        assert_eq!(asked("login: integer!", Some("login must be unique")), 0);
    }
}
