//! The paths of an OpenAPI document: each operation is a call, read as one that stands in a list of endpoints.

use crate::document::{Code, Document};
use crate::notation::endpoint_list::{METHODS, state_call};
use crate::notation::json_schema::tree::{self, Looks};
use crate::notation::{Mark, Output};
use crate::yaml::Node;

pub(super) const DOC: &str =
    "The operations of an OpenAPI or Swagger document, with their query parameters.";

pub(super) fn read(document: &Document<'_>, out: &mut Output) {
    for (_, code, looks) in tree::blocks(document) {
        if looks == Looks::Other || !code.text.contains("paths") {
            continue;
        }
        // What is wrong with it was said when its schemas were read.
        let Ok(root) = tree::parse(code) else { continue };
        let Some(paths) = root.get("paths").filter(|paths| !paths.pairs().is_empty()) else {
            continue;
        };
        let is_interface = root.get("openapi").is_some()
            || root.get("swagger").is_some()
            || looks == Looks::Surely;
        if !is_interface
            && !paths
                .pairs()
                .iter()
                .all(|(path, _)| path.text().is_some_and(|path| path.starts_with('/')))
        {
            continue;
        }
        for (path, operations) in paths.pairs() {
            let Some(path) = path.text() else { continue };
            for (method, operation) in operations.pairs() {
                let name = method.text().unwrap_or_default().to_ascii_uppercase();
                let Some(known) = METHODS.iter().find(|known| **known == name) else { continue };
                let mut query = parameters(operations, &root);
                query.extend(parameters(operation, &root));
                let text = words(operation);
                let span = document.code_span(code, method.range.clone());
                state_call(document, known, path, query, text, span, out);
            }
        }
        out.mark(document, place(document, code, paths), Mark::SetAside);
    }
}

fn place(document: &Document<'_>, code: &Code, node: &Node) -> std::ops::Range<usize> {
    document.code_span(code, node.range.clone()).range()
}

/// What an operation is for: its summary, or the first sentence of its description.
fn words(operation: &Node) -> String {
    let said = |key: &str| operation.get(key).and_then(Node::text).map(str::trim);
    let text = said("summary")
        .or_else(|| said("description").map(|text| text.split(['\n']).next().unwrap_or(text)))
        .unwrap_or_default();
    text.trim_end_matches('.').to_owned()
}

/// The names of the query parameters, also of those that a `$ref` names.
fn parameters(node: &Node, root: &Node) -> Vec<String> {
    let list = node.get("parameters").map(Node::items).unwrap_or_default();
    list.iter()
        .filter_map(|parameter| match parameter.get("$ref").and_then(Node::text) {
            Some(reference) => {
                let name = tree::reference_name(reference);
                let components = root.get("components").unwrap_or(root);
                components.get("parameters")?.get(name)
            }
            None => Some(parameter),
        })
        .filter(|parameter| parameter.get("in").and_then(Node::text) == Some("query"))
        .filter_map(|parameter| parameter.get("name").and_then(Node::text).map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::notation::check_file;
    use expect_test::expect;

    #[test]
    fn operations_are_endpoints() {
        check_file(
            "openapi.yaml",
            "swagger: '2.0'\npaths:\n  /users/{userId}/orders:\n    parameters:\n      - { name: status, in: query }\n    get:\n      summary: List a user's orders.\n      parameters:\n        - $ref: '#/parameters/Sort'\n        - { name: X-Trace, in: header }\n  /orders:\n    post:\n      description: |\n        Place an order\n        It is checked first.\n  /orders/{id}:\n    delete: {}\n    trace: {}\n  /health:\n    get: { summary: Liveness }\nparameters:\n  Sort: { name: from, in: query }\ndefinitions:\n  User: { properties: { id: { type: integer } } }\n  Order: { properties: { id: { type: integer }, status: { type: string }, userId: { type: integer } } }\n",
            &expect![[r#"
                6 openapi-paths  read "List a user's orders" of Order by user = ?, status = ? if given, date range if given [inferred: an endpoint asks for it]
                12 openapi-paths  write "Place an order" of Order [inferred: an endpoint asks for it]
                17 openapi-paths  delete "delete Order" of Order by id = ? [inferred: an endpoint asks for it]
                24 json-schema  entity User
                24 json-schema  field User.id integer
                25 json-schema  entity Order
                25 json-schema  field Order.id integer
                25 json-schema  field Order.status string
                25 json-schema  field Order.userId integer
            "#]],
        );
    }
}
