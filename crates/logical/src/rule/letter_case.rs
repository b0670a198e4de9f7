//! L038: upper and lower case where documents say that they make no difference. What a user typed is kept as it was
//! typed; only comparing ignores it.

use underpin_model::Model;

use crate::{Decision, LogicalDesign};

const RULE: &str = "L038";

pub(crate) fn apply(model: &Model, design: &mut LogicalDesign) {
    for index in 0..design.relations.len() {
        let relation = &design.relations[index];
        let mut decisions = Vec::new();
        for (id, attribute) in relation.attributes().filter(|(_, it)| it.ignores_case) {
            let is_key = relation.uniques.iter().any(|key| key.attributes.contains(&id));
            let held = if is_key {
                "is kept as it was given, and its unique key and the searches for it compare it in lower case"
            } else {
                "is kept as it was given, and searches for it compare it in lower case"
            };
            let mut decision = Decision::new(
                RULE,
                format!("{}.{}", relation.name, attribute.name),
                format!("{} {held}", attribute.name),
                "a document says that case makes no difference, and a spelling that differs in case only would \
                 pass a key that compares exactly",
            )
            .instead_of(
                "the type `citext`: an extension, and a driver that sends its parameters as `text` compares \
                 them exactly again, without an error",
            )
            .instead_of(
                "a nondeterministic collation, which PostgreSQL 15 refuses in LIKE and regular expressions",
            )
            .instead_of("storing lower case only, which loses how a person writes the name")
            .changes_when("the documents say that two spellings are two values")
            .so_that("a query that compares the column itself neither finds other spellings nor uses the index");
            let said = attribute.field.into_iter().flat_map(|field| &model.field(field).rules);
            let said = said.map(|&rule| model.rule(rule).source);
            decision.inputs.extend(said.chain(attribute.source));
            decision.inputs.dedup();
            decisions.push(decision);
        }
        design.decisions.extend(decisions);
    }
}

#[cfg(test)]
mod tests {
    use underpin_base::Sources;

    fn decided(note: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add("model.md", format!("## Person\n\n- id: uuid, primary key\n- email: {note}\n"));
        let model = underpin_model::build(&underpin_read::read(&sources), &sources);
        let design = crate::design(&model);
        let about = design.decisions.iter().filter(|it| it.rule == super::RULE);
        about.map(|it| it.choice.clone()).collect()
    }

    #[test]
    fn only_where_a_document_says_so() {
        let found = decided("text, required, unique (case-insensitive)");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("unique key"), "{found:?}");
        assert_eq!(decided("text, required, unique"), Vec::<String>::new());
        assert_eq!(decided("integer, required, unique (case-insensitive)"), Vec::<String>::new());
        assert_eq!(decided("citext, required, unique"), found);
        let searched = decided("text, required, case-insensitive");
        assert!(!searched[0].contains("unique key"), "{searched:?}");
    }
}
