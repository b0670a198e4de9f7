//! P012: a schema of PostgreSQL (here called namespace) for each bounded context, with a role that owns
//! it and a role that its application uses (manual, "Schemas", "Usage Patterns").

use underpin_logical::{ContextId, Decision, LogicalDesign};
use underpin_model::Model;
use underpin_pg::{Ident, naming};

use crate::names::{self, Names};
use crate::{ContextDesign, PhysicalDesign};

const RULE: &str = "P012";

/// Where tables live that no context owns.
pub(crate) const PUBLIC: &str = "public";

pub(crate) fn apply(model: &Model, logical: &LogicalDesign, design: &mut PhysicalDesign) {
    let mut namespaces = Names::default();
    for at in 0..logical.contexts.len() {
        let id = ContextId::from_index(at);
        let context = logical.context(id);
        let namespace = namespaces.claim(&namespace(&context.name));
        let [owner, application] = roles(model, &namespace);
        let mut decision = Decision::new(
            RULE,
            &context.name,
            format!(
                "{} lives in the schema {}; {} owns it, {} reads and writes its rows",
                context.name,
                namespace.as_str(),
                owner.as_str(),
                application.as_str()
            ),
            "what no role may reach across a boundary, no code can reach by mistake; the role that \
             owns tables is not the one that an attacker of the application gets",
        )
        .instead_of("one role for all, which makes every boundary a matter of discipline")
        .instead_of("a prefix of the tables' names, which no right can be given on")
        .changes_when("the context moves to a database of its own");
        decision.inputs.extend(context.sources.first());
        design.decisions.push(decision);
        design.schema.namespaces.insert(namespace.clone());
        design.contexts.push(ContextDesign { context: Some(id), namespace, owner, application });
    }
}

/// The roles of a namespace: who owns its objects, and whose members use them. Roles are shared by all
/// databases of a cluster: the project's name keeps them apart.
pub(super) fn roles(model: &Model, namespace: &Ident) -> [Ident; 2] {
    let stem = match model.project.as_deref().map(snake).filter(|name| !name.is_empty()) {
        Some(project) => format!("{project}_{}", namespace.as_str()),
        None => namespace.as_str().to_owned(),
    };
    ["owner", "app"].map(|suffix| naming::fit(&stem, suffix))
}

/// Lower-case words with underscores between them, whatever else stood there.
fn snake(name: &str) -> String {
    let words: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let snake = names::snake(&words);
    if snake.chars().all(|c| c.is_alphanumeric() || c == '_') { snake } else { String::new() }
}

/// The schema's name. Names that begin with `pg_` are the server's own (manual, CREATE SCHEMA), and
/// one that has to be quoted everywhere is one that somebody forgets to quote.
fn namespace(context: &str) -> Ident {
    let name = snake(context);
    if name.is_empty() {
        return names::ident("context");
    }
    let is_taken = name.starts_with("pg_")
        || [PUBLIC, "information_schema"].contains(&&*name)
        || names::ident(&name).is_reserved();
    if is_taken {
        naming::fit(name.trim_start_matches("pg_"), "context")
    } else {
        names::ident(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_that_need_no_quotes() {
        for (from, to) in [
            ("Tenant and identity", "tenant_and_identity"),
            ("Cart & Checkout", "cart_checkout"),
            ("Order", "order_context"),
            ("Public", "public_context"),
            ("pg_stats", "stats_context"),
            ("R\"; DROP SCHEMA x", "r_drop_schema_x"),
            ("!", "context"),
        ] {
            assert_eq!(namespace(from).as_str(), to);
        }
        assert!(namespace(&"long ".repeat(30)).as_str().len() <= 63);
    }
}
