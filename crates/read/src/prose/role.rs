//! The roles that users have: "There are three roles: Admin, Host and Client".

use super::clause::Clause;
use super::noun::{coordinated, entity_name};
use super::tag::Token;
use super::usual::is_person;
use super::{Evidence, in_each, over_clauses, resolve};
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::words::fold;
use crate::{Fact, FieldFact};

pub(crate) const DOC: &str =
    "Roles of users that a sentence lists, which are values and no entities.";

/// The roles that a sentence lists.
fn find(tokens: &[Token]) -> Option<Vec<String>> {
    let at = tokens.iter().position(|token| token.is_any(&["roles", "role-based"]))?;
    let lead = tokens[at + 1..]
        .iter()
        .take(4)
        .position(|token| token.is_any(&[":", "(", "are", "include", "including"]))?;
    let (roles, end) = coordinated(tokens, at + lead + 2);
    let ends =
        tokens.get(end).is_none_or(|token| token.is_any(&[".", ")", ":", ";", "—", "–", ","]));
    let is_plain = roles.iter().all(|role| !role.is_many && role.noun.split(' ').count() <= 3);
    (roles.len() >= 2 && ends && is_plain)
        .then(|| roles.into_iter().map(|role| role.noun).collect())
}

/// The sentences that list roles, with those.
fn listed(clauses: &[Clause]) -> Vec<(&Clause, Vec<String>)> {
    let found = in_each(clauses, |clause| find(&clause.tokens));
    clauses.iter().zip(found).filter_map(|(clause, roles)| Some((clause, roles?))).collect()
}

/// The roles in a table of them, where exact notations keep users: "| Role | Access |".
fn tabled(document: &Document<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for block in &document.blocks {
        let BlockKind::Table(table) = &block.kind else { continue };
        let first = table.header.first().map(|cell| cell.text.trim().to_lowercase());
        if !first
            .is_some_and(|it| matches!(it.as_str(), "role" | "user role" | "actor" | "user class"))
        {
            continue;
        }
        // The second cell may only say what else people call it.
        for cell in table.rows.iter().flat_map(|row| row.cells.iter().take(2).enumerate()) {
            let (column, text) = (cell.0, cell.1.text.trim());
            let is_name = text.split(' ').count() <= if column == 0 { 3 } else { 1 };
            if is_name && is_person(text) {
                found.push(text.to_owned());
            }
        }
    }
    found
}

pub(super) fn collect(document: &Document<'_>, out: &mut Output) {
    let index = out.document_index();
    if out.known.get("User").is_some() {
        for role in tabled(document) {
            let name = entity_name(&role);
            if out.known.get(&name).is_none() {
                out.prose.roles.entry(fold(&name)).or_insert(role);
            }
        }
    }
    over_clauses(out, |clauses, out| {
        for (clause, roles) in listed(clauses) {
            let span = document.span(clause.range.clone());
            out.prose.note("user", Evidence::HasProperties, index, span, &clause.text);
            for role in roles {
                let name = entity_name(&role);
                out.prose.roles.entry(fold(&name)).or_insert(role);
            }
        }
    });
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    over_clauses(out, |clauses, out| {
        let listed = listed(clauses);
        let several = !listed.is_empty()
            && clauses.iter().any(|clause| {
                let lower = clause.text.to_lowercase();
                lower.contains("multiple roles") || lower.contains("several roles")
            });
        for (clause, roles) in listed {
            let Some(owner) = resolve("user", out) else { continue };
            let known =
                ["role", "roles"].into_iter().find(|name| out.field(&owner, name).is_some());
            let name = known.unwrap_or(if several { "roles" } else { "role" });
            let values: Vec<String> = roles
                .into_iter()
                .filter(|role| resolve(role, out).is_none_or(|known| known == owner))
                .collect();
            // Roles with data of their own are entities; a list with them is no enumeration.
            if values.len() < 2 || known.is_some() {
                continue;
            }
            let field = FieldFact {
                name: name.to_owned(),
                enum_values: values,
                type_text: Some("enum".to_owned()),
                ..FieldFact::default()
            };
            let span = document.span(clause.range.clone());
            out.state(document, span, Fact::Field { entity: owner, field });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tag::tag;

    #[test]
    fn lists_of_roles() {
        let find = |text: &str| find(&tag(text)).map(|roles| roles.join("|"));
        assert_eq!(
            find("There are three primary roles: Admin, Host, and Client.").as_deref(),
            Some("Admin|Host|Client")
        );
        assert_eq!(
            find("Role-based access control (admin, manager, employee)").as_deref(),
            Some("admin|manager|employee")
        );
        assert_eq!(find("Manage users and their roles."), None);
    }

    #[test]
    fn roles_in_a_table_are_users() {
        crate::notation::check(
            "# Library\n\n| Role | Called |\n|-|-|\n| Reader | Member |\n\n## Users\n\n| Field | Type |\n|-|-|\n| id | uuid |\n| email | text |\n\n## Requirements\n\n- View the list of members.\n",
            &expect_test::expect![[r#"
                7 field-table  entity Users
                11 field-table  field Users.id uuid
                12 field-table  field Users.email text
                16 query-sentence  read "View the list of members" of Users [inferred: a sentence asks for it]
                3 R001 the table `Role | Called` was not understood, so nothing in it reached the model
            "#]],
        );
        // Where nothing says what users are, members may be things of their own.
        crate::notation::check(
            "# Library\n\n| Role | Called |\n|-|-|\n| Reader | Member |\n\n## Requirements\n\n- Add, edit and delete members.\n",
            &expect_test::expect![[r#"
                9 prose-entities  entity Member
                3 R001 the table `Role | Called` was not understood, so nothing in it reached the model
            "#]],
        );
    }
}
