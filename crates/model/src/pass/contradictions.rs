//! Statements of which only one can be true: rows that stay for ever, and go after a time.

use smol_str::SmolStr;
use underpin_base::Diagnostic;

use crate::codes;
use crate::draft::Draft;
use crate::names::{singular_words, words};
use crate::{EntityId, Model, Retention};

/// Reports each pair with both its places, and asks which one holds.
pub(crate) fn run(draft: &mut Draft<'_>) {
    for (entity, forever, ending) in pairs(&draft.model) {
        let name = draft.model.entity(entity).name.clone();
        draft.report(
            Diagnostic::warning(
                codes::CONTRADICTION,
                format!("rows of `{name}` are kept for ever at one place, and deleted after a time at another"),
            )
            .at(forever.source, "kept for ever")
            .at(ending.source, "deleted after a time")
            .help("keep the statement that holds; until then nothing is deleted"),
        );
        draft.ask(
            "kept-or-deleted",
            &name,
            format!(
                "Are rows of `{name}` kept for ever, or do they go after a time? \"{}\" and \"{}\" cannot both hold.",
                forever.text.trim(),
                ending.text.trim()
            ),
            "kept for ever: what is deleted does not come back",
            Some(ending.source),
        );
        draft.model.retentions.retain(|it| *it != ending);
    }
}

fn pairs(model: &Model) -> Vec<(EntityId, Retention, Retention)> {
    let mut found = Vec::new();
    for forever in model.retentions.iter().filter(|it| it.is_without_limit()) {
        let ending = model.retentions.iter().filter(|it| {
            it.entity == forever.entity && !it.is_without_limit() && is_of_all(model, it)
        });
        found.extend(ending.map(|it| (it.entity, forever.clone(), it.clone())));
    }
    found
}

/// Whether a text begins with the entity and speaks of its deletion: "cancelled orders" are not all orders.
fn is_of_all(model: &Model, retention: &Retention) -> bool {
    let said = words(&retention.text);
    let bare: Vec<&str> = said
        .iter()
        .map(SmolStr::as_str)
        .skip_while(|word| ["all", "each", "every", "the", "a", "an"].contains(word))
        .collect();
    let entity = model.entity(retention.entity);
    let mut names = std::iter::once(&entity.name).chain(&entity.aliases).chain(&entity.table);
    let is_subject = names.any(|name| {
        let length = words(name).len();
        bare.len() > length && singular_words(&bare[..length].join(" ")) == singular_words(name)
    });
    let goes = ["delete", "remove", "purge", "erase"];
    is_subject && bare.iter().any(|word| goes.iter().any(|stem| word.starts_with(stem)))
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    fn reported(sentences: &str) -> (usize, usize) {
        let mut sources = Sources::default();
        let document =
            format!("## Claim\n\n- id: uuid, primary key\n- state: open, closed\n\n{sentences}\n");
        sources.add("model.md", document);
        let model = crate::build(&underpin_read::read(&sources), &sources);
        let codes = model.diagnostics.iter().filter(|it| it.code == crate::codes::CONTRADICTION);
        let asked = model.questions.iter().filter(|it| it.id.ends_with("kept-or-deleted"));
        (codes.count(), asked.count())
    }

    #[test]
    fn for_ever_and_after_a_time() {
        let both = "Claims are kept forever. Claims are deleted after 7 years.";
        assert_eq!(reported(both), (1, 1));
        assert_eq!(reported("Claims are kept forever."), (0, 0));
        assert_eq!(reported("Claims are deleted after 7 years."), (0, 0));
        let some = "Claims are kept forever. Closed claims are deleted after 7 years.";
        assert_eq!(reported(some), (0, 0));
    }
}
