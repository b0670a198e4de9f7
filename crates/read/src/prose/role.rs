//! The roles that users have: "There are three roles: Admin, Host and Client".

use super::clause::Clause;
use super::noun::{coordinated, entity_name};
use super::role_sections::Listed;
use super::tag::{Tag, Token};
use super::usual::{is_person, is_usual};
use super::{Evidence, in_each, over_clauses, resolve};
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::words::fold;
use crate::{Fact, FieldFact};

pub(crate) const DOC: &str =
    "Roles of users that a sentence lists, which are values and no entities.";

/// The roles that a sentence lists.
fn find(tokens: &[Token]) -> Option<Vec<String>> {
    let lists = |at: usize| from(tokens, at + lead(tokens, at)? + 1);
    (0..tokens.len()).find_map(lists)
}

/// Whether a sentence lists what it calls roles right behind the word: "three roles: Admin, Host and Client".
fn names_outright(tokens: &[Token]) -> bool {
    let at = tokens.iter().position(|token| token.is_any(&["roles", "role-based"]));
    at.is_some_and(|at| {
        if lead(tokens, at) == Some(0) {
            return from(tokens, at + 1).is_some();
        }
        let marks = [":", "(", "are", "include", "including"];
        let lead = tokens[at + 1..].iter().take(4).position(|token| token.is_any(&marks));
        lead.is_some_and(|lead| from(tokens, at + lead + 2).is_some())
    })
}

/// The token behind which the roles stand, counted from one that speaks of them.
fn lead(tokens: &[Token], at: usize) -> Option<usize> {
    let token = &tokens[at];
    let behind = |marks: &[&str], most: usize| {
        tokens[at + 1..].iter().take(most).position(|token| token.is_any(marks)).map(|it| it + 1)
    };
    let before = |back: usize, words: &[&str]| {
        at.checked_sub(back).is_some_and(|at| tokens[at].is_any(words))
    };
    if token.is_any(&["roles", "role-based", "multi-role"]) {
        // "Role-based access control for admins and clerks".
        let of_control = || {
            let is_control = behind(&["access", "control", "authorization"], 1).is_some();
            is_control.then(|| behind(&["for", "with"], 4)).flatten()
        };
        let such = || Some(behind(&["such"], 2)? + 1);
        // "A user has one of the roles reader and clerk", "the system supports the roles reader and clerk".
        let is_named = token.is("roles")
            && before(1, &["the"])
            && before(2, &["of", "supports", "support", "has", "have"])
            && tokens.get(at + 1).is_some_and(|it| it.tag == Tag::Noun);
        if is_named {
            return Some(0);
        }
        return behind(&[":", "(", "are", "include", "including"], 4)
            .or_else(such)
            .or_else(of_control);
    }
    // "users (with role: reader/clerk)", "the user selects a role (reader, clerk)".
    let is_of_users = || tokens[..at].iter().any(|it| it.is_any(USERS));
    if token.is("role") && is_of_users() {
        return behind(&[":", "("], 1);
    }
    // "Registered users (readers, clerks) can log in".
    if token.is_any(&["users"]) && before(1, &["registered", "authorized", "authenticated"]) {
        return behind(&["("], 1);
    }
    // "Users can register as reader or clerk".
    let signs_up = before(1, &["register", "signup"]) || before(1, &["up"]) && before(2, &["sign"]);
    (token.is("as") && signs_up).then_some(0)
}

/// Who has roles.
const USERS: &[&str] = &["user", "users", "account", "accounts"];

/// The roles that stand together from a place on, up to the end of what lists them.
fn from(tokens: &[Token], start: usize) -> Option<Vec<String>> {
    // "Either", "a reader": neither is part of a name.
    let start = start + usize::from(tokens.get(start).is_some_and(|it| it.is("either")));
    let (mut roles, end) = slashed(tokens, start).unwrap_or_else(|| {
        let (phrases, end) = coordinated(tokens, start);
        let plain = phrases.iter().all(|role| !role.is_many);
        (if plain { phrases.into_iter().map(|role| role.noun).collect() } else { Vec::new() }, end)
    });
    // "Admin, manager and staff roles".
    if let Some(last) = roles.last_mut()
        && let Some(role) = last.strip_suffix(" roles").or_else(|| last.strip_suffix(" role"))
    {
        *last = role.to_owned();
    }
    let ends =
        tokens.get(end).is_none_or(|token| token.is_any(&[".", ")", ":", ";", "—", "–", ","]));
    // "Readers and clerks": each user is one of them.
    for role in &mut roles {
        let one = role.strip_suffix('s').filter(|one| is_person(one)).map(str::to_owned);
        *role = one.unwrap_or_else(|| std::mem::take(role));
    }
    let is_plain = roles.iter().all(|role| role.split(' ').count() <= 3);
    (roles.len() >= 2 && ends && is_plain).then_some(roles)
}

/// "reader/clerk/admin".
fn slashed(tokens: &[Token], start: usize) -> Option<(Vec<String>, usize)> {
    let is_name =
        |at: usize| tokens.get(at).is_some_and(|it| it.text.contains(char::is_alphabetic));
    let mut roles = Vec::new();
    let mut at = start;
    while is_name(at) {
        roles.push(tokens[at].text.to_string());
        at += 1;
        if !tokens.get(at).is_some_and(|it| it.is("/")) {
            break;
        }
        at += 1;
    }
    (roles.len() >= 2).then_some((roles, at))
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
    // Actors are users; of those that software usually keeps beside them, other words must tell.
    for Listed { roles, range } in super::role_sections::actors(document) {
        let (programs, people): (Vec<String>, Vec<String>) =
            roles.into_iter().partition(|role| super::role_sections::is_program(role));
        if people.len() > 1 {
            let span = document.span(range);
            out.prose.note("user", Evidence::HasProperties, index, span, "Actors");
        }
        out.prose.programs.extend(programs.iter().map(|name| fold(&entity_name(name))));
        for role in people.into_iter().filter(|role| !is_usual(role)) {
            out.prose.roles.entry(fold(&entity_name(&role))).or_insert(role);
        }
    }
    over_clauses(out, |clauses, out| {
        for (clause, roles) in listed(clauses) {
            // Only what a sentence calls roles outright takes a noun from the things that are stored.
            if !names_outright(&clause.tokens) {
                continue;
            }
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
    let Some(owner) = resolve("user", out) else { return };
    let known = ["role", "roles"].into_iter().find(|name| out.field(&owner, name).is_some());
    let has_values =
        |name: &str| out.choices_of(&owner).any(|(field, _)| fold(field) == fold(name));
    // Who lists the fields of users would have listed their role.
    if known.map_or_else(|| out.prose.is_described(&owner), has_values) {
        return;
    }
    // A list that another notation took holds fields.
    let is_free = |it: &Listed| {
        let at = it.range.start;
        out.is_open(document, at) || out.reader_at(document, at).starts_with("prose-")
    };
    let defined = super::definition::listed_roles(document);
    let sections =
        super::role_sections::listed(document).into_iter().chain(defined).filter(is_free);
    let mut found: Vec<(Listed, bool)> = sections.map(|it| (it, false)).collect();
    let mut several = false;
    over_clauses(out, |clauses, _| {
        let is_several = |clause: &Clause| {
            let lower = clause.text.to_lowercase();
            lower.contains("multiple roles") || lower.contains("several roles")
        };
        for (clause, roles) in listed(clauses) {
            found.push((Listed { roles, range: clause.range.clone() }, true));
        }
        several = !found.is_empty() && clauses.iter().any(is_several);
    });
    // Several places may name them, one of them all.
    let most = found.iter().map(|(it, _)| it.roles.len()).max();
    let longest = found.into_iter().find(|(it, _)| Some(it.roles.len()) == most);
    let Some((Listed { roles, range }, is_sentence)) = longest else { return };
    let name = known.unwrap_or(if several { "roles" } else { "role" });
    let field = FieldFact {
        name: name.to_owned(),
        enum_values: roles,
        type_text: Some("enum".to_owned()),
        ..FieldFact::default()
    };
    let span = document.span(range);
    if is_sentence {
        out.state(document, span, Fact::Field { entity: owner, field });
    } else {
        // What each may do stands in the same lines.
        out.infer_field_beside(span, &owner, field, "the section names the roles of users");
    }
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
    fn actors_are_users() {
        crate::notation::check(
            "# Library\n\n## 2.1 Actors\n\n- **Reader:** borrows books.\n- **Librarian:** buys books.\n- **Mail worker:** sends letters.\n\n## Parts\n\n- **Desk:** lends books.\n- **Store:** keeps books.\n",
            &expect_test::expect![[r#"
                5 prose-entities  entity User
                5 prose-role  field User.role enum [Reader | Librarian] [inferred: the section names the roles of users]
                12 prose-entities  entity Book
            "#]],
        );
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
