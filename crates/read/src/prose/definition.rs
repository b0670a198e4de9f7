//! Definitions of terms, and what each says that its term is: "**Clerk**: User role with access to tills" is a role, "**Till
//! Page**: The page at /tills" a part of the program, "**Till Status**: The state of a till (open, closed)" a field of
//! tills, "**Till**: A drawer with a number and a place" a thing with two.

use std::collections::BTreeSet;
use std::ops::Range;

use super::noun::{Phrase, entity_name, is_attribute, phrase_at, phrases, singular};
use super::property_list::list;
use super::role_sections::Listed;
use super::tag::{Token, behind, tag};
use super::usual::{is_person, is_usual};
use super::{clause, resolve, titled};
use crate::document::{BlockKind, Document};
use crate::notation::Output;
use crate::words::{fold, lower_words, split_once_any, split_top};
use crate::{Fact, FieldFact};

pub(crate) const DOC: &str =
    "Fields in definitions: \"Till Status: The state of a till (open, closed)\".";

/// A term and its meaning.
#[derive(Debug)]
pub(super) struct Definition<'d> {
    /// The term as written, with what stands in brackets.
    pub(super) title: &'d str,
    /// Its words.
    pub(super) term: String,
    pub(super) meaning: &'d str,
    /// The line or lines that it stands in.
    pub(super) range: Range<usize>,
    /// Whether it stands in a row of a table.
    pub(super) is_row: bool,
    text: &'d str,
}

impl<'d> Definition<'d> {
    /// The words that define it.
    pub(super) fn quote(&self) -> &'d str {
        if self.is_row { self.meaning } else { self.text }
    }
}

/// What a term is, by its definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Genus {
    /// Something that may be kept, as far as its definition tells.
    Thing,
    /// A role of users.
    Role,
    /// A part of the program, or of the work on it.
    Program,
    /// A value of something else.
    Property,
}

/// The definitions of a document: items under words about concepts, and rows of tables of terms.
pub(super) fn definitions<'d>(document: &'d Document<'_>) -> Vec<Definition<'d>> {
    let mut found = Vec::new();
    for (at, block) in document.blocks.iter().enumerate() {
        match &block.kind {
            BlockKind::List(list) => {
                let heading = block.section.map(|section| document.title(section));
                if ![document.lead(at), heading].into_iter().flatten().any(is_about_terms) {
                    continue;
                }
                for item in list.items.iter().filter(|item| item.depth == 0) {
                    let text = clause::without_number(&item.content.text);
                    let marks = [" – ", " — ", " - ", ": "];
                    let Some((title, meaning)) = split_once_any(text, &marks) else { continue };
                    let range = item.content.range();
                    found.extend(definition(title, meaning, range, false, text));
                }
            }
            BlockKind::Table(table) => {
                let header = |column: usize| {
                    let cell = table.header.get(column);
                    cell.map_or_else(String::new, |cell| cell.text.trim().to_lowercase())
                };
                let is_terms = matches!(header(0).as_str(), "term" | "terms" | "concept" | "word")
                    && matches!(
                        header(1).as_str(),
                        "definition" | "meaning" | "description" | "explanation" | "definitions"
                    );
                for row in table.rows.iter().filter(|_| is_terms) {
                    let range = row.range.clone();
                    found.extend(definition(row.text(0), row.text(1), range, true, row.text(1)));
                }
            }
            BlockKind::Paragraph(_) | BlockKind::Code(_) => {}
        }
    }
    found
}

fn is_about_terms(text: &str) -> bool {
    lower_words(text).iter().any(|word| {
        matches!(
            word.as_str(),
            "concept"
                | "concepts"
                | "terms"
                | "terminology"
                | "definitions"
                | "glossary"
                | "entities"
                | "model"
                | "domain"
        )
    })
}

fn definition<'d>(
    title: &'d str,
    meaning: &'d str,
    range: Range<usize>,
    is_row: bool,
    text: &'d str,
) -> Option<Definition<'d>> {
    let (title, meaning) = (title.trim(), meaning.trim());
    let term = title.split(" (").next().unwrap_or(title).trim().trim_matches(['*', '`']);
    let tokens = tag(term);
    let phrase = titled::of_words(&tokens, 0);
    let is_name = !phrase.noun.is_empty() && phrase.end == tokens.len();
    is_name.then_some(Definition { title, term: phrase.noun, meaning, range, is_row, text })
}

/// The folded names of what definitions call roles: two or more, since one kind of user is all users.
pub(super) fn roles(all: &[Definition<'_>]) -> BTreeSet<String> {
    let roles: BTreeSet<String> = all
        .iter()
        .filter(|it| genus(it) == Genus::Role)
        .map(|it| fold(&entity_name(&it.term)))
        .collect();
    if roles.len() >= 2 { roles } else { BTreeSet::new() }
}

/// The roles of users among definitions, as a field holds them: what quotation marks say, or the term.
pub(super) fn listed_roles(document: &Document<'_>) -> Option<Listed> {
    let all = definitions(document);
    let keys = roles(&all);
    let is_role = |it: &&Definition<'_>| keys.contains(&fold(&entity_name(&it.term)));
    let found: Vec<&Definition<'_>> = all.iter().filter(is_role).collect();
    let (first, last) = (found.first()?, found.last()?);
    let range = first.range.start..last.range.end;
    let roles = found.iter().map(|it| quoted_role(it.meaning).unwrap_or_else(|| it.term.clone()));
    Some(Listed { roles: roles.collect(), range })
}

/// `clerk` of "A user with role "clerk" who counts tills", "with `role = 'clerk'`".
fn quoted_role(meaning: &str) -> Option<String> {
    let (_, behind) = meaning.split_once("role")?;
    let behind = behind.trim_start_matches([' ', '=', ':']);
    let mark = behind.chars().next().filter(|it| matches!(it, '"' | '\'' | '`' | '“'))?;
    let inside = behind[mark.len_utf8()..].split(['"', '\'', '`', '”']).next()?;
    (!inside.is_empty() && inside.split(' ').count() <= 2).then(|| inside.to_owned())
}

/// Words for what programs are made of, and for what they do.
const PROGRAM: &[&str] = &[
    "system",
    "application",
    "app",
    "software",
    "platform",
    "framework",
    "library",
    "module",
    "component",
    "layer",
    "interface",
    "page",
    "screen",
    "dashboard",
    "panel",
    "database",
    "table",
    "api",
    "endpoint",
    "engine",
    "tool",
    "protocol",
    "algorithm",
    "mechanism",
    "function",
    "functionality",
    "capability",
    "button",
    "widget",
    "modal",
    "menu",
    "infrastructure",
    "server",
    "backend",
    "frontend",
    "scheduler",
    "script",
    "architecture",
    "sequence",
    "middleware",
    "technology",
    "workflow",
    "change",
    "action",
    "mode",
    "website",
    "codebase",
    "orm",
    "sdk",
    "process",
    "step",
];

/// The last words of names for parts of a program, by what they do.
const DOING: &[&str] = &[
    "component",
    "handler",
    "checker",
    "wrapper",
    "middleware",
    "parser",
    "serializer",
    "validator",
    "generator",
    "calculator",
    "renderer",
    "logger",
    "resolver",
    "adapter",
    "gateway",
    "worker",
    "builder",
    "dialog",
    "view",
];

/// Words for values that nothing but a field holds.
const PROPERTY: &[&str] = &[
    "state",
    "status",
    "level",
    "quantity",
    "amount",
    "number",
    "date",
    "time",
    "timestamp",
    "identifier",
    "percentage",
    "flag",
    "type",
    "kind",
    "value",
    "stage",
    "phase",
    "threshold",
    "limit",
    "score",
    "duration",
];

/// What a definition says that its term is.
pub(super) fn genus(definition: &Definition<'_>) -> Genus {
    let tokens = tag(definition.meaning);
    let Some(head) = (0..tokens.len().min(6)).find_map(|at| phrase_at(&tokens, at)) else {
        return Genus::Thing;
    };
    let words = lower_words(&head.noun);
    let last = words.last().map_or_else(String::new, |last| singular(last));
    let own = lower_words(&definition.term.replace('_', " "));
    let own_last = own.last().map_or_else(String::new, |last| singular(last));
    if matches!(own_last.as_str(), "user" | "account") && own.len() == 1 {
        return Genus::Thing;
    }
    // "Project Member: A user who was let in": which users are in which projects.
    if own.len() > 1 && own_last == "member" {
        return Genus::Thing;
    }
    let behind = |words: &[&str]| tokens.get(head.end).is_some_and(|it| it.is_any(words));
    let is_user = matches!(last.as_str(), "user" | "account")
        && behind(&["with", "who", "whose", "having", "that", "responsible"]);
    if last == "role" || is_user {
        return Genus::Role;
    }
    // "Session: A session in which …" says nothing, and "Booking: The process of …" is one all the same.
    if last == own_last || is_usual(&definition.term) {
        return Genus::Thing;
    }
    // "Room_List_Component", "Free Room Checker": what does something for the system.
    let does = own.len() > 1 && DOING.contains(&own_last.as_str());
    if does || PROGRAM.contains(&last.as_str()) {
        return Genus::Program;
    }
    if PROPERTY.contains(&last.as_str()) {
        return Genus::Property;
    }
    // "Case Handler: A staff member who": some of those people.
    let is_kind = is_person(&head.noun) && behind(&["who", "to", "assigned", "or", "whom"]);
    if is_kind && !is_person(&definition.term) { Genus::Property } else { Genus::Thing }
}

pub(crate) fn read(document: &Document<'_>, out: &mut Output) {
    for it in definitions(document) {
        let at = it.range.start;
        if !out.is_open(document, at) && !out.reader_at(document, at).starts_with("prose-") {
            continue;
        }
        let found = values(&it, out).map(|(owner, field)| (owner, vec![field]));
        let Some((owner, fields)) = found.or_else(|| listed(&it, out)) else { continue };
        if out.prose.is_described(&owner) {
            continue;
        }
        for field in fields {
            // "agreed unit price" is the `unit_price` that is known.
            let wanted = lower_words(&field.name);
            let is_known = |known: &str| {
                let known = lower_words(&known.replace('_', " "));
                known != wanted && (wanted.ends_with(&known) || known.starts_with(&wanted))
            };
            if field.enum_values.is_empty() && out.fields_of(&owner).any(is_known) {
                continue;
            }
            let is_taken = out.choices_of(&owner).any(|(name, _)| fold(name) == fold(&field.name));
            if !is_taken {
                let fact = Fact::Field { entity: owner.clone(), field };
                out.state(document, document.span(it.range.clone()), fact);
            }
        }
    }
}

/// "Till Status: The current state of a till (open, closed)": the field, and whose it is.
fn values(definition: &Definition<'_>, out: &Output) -> Option<(String, FieldFact)> {
    let term = definition.term.replace('_', " ");
    let words = lower_words(&term);
    if !words.last().is_some_and(|last| super::values::is_enumerable(last)) {
        return None;
    }
    let (before, brackets) = definition.meaning.split_once(" (")?;
    let values: Vec<String> = split_top(brackets.split(')').next()?, &[',', '/'])
        .into_iter()
        .map(|value| value.trim().trim_start_matches("or ").trim_matches(['`', '"']).to_owned())
        .collect();
    let is_value = |it: &String| {
        (1..=3).contains(&it.split_whitespace().count())
            && it.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'))
            && !it.starts_with("e.g")
    };
    if values.len() < 2 || !values.iter().all(is_value) {
        return None;
    }
    let tokens = tag(before);
    let links = (0..tokens.len()).filter(|&at| tokens[at].is_any(&["of", "for"]));
    let mut owners = links.filter_map(|at| phrase_at(&tokens, at + 1));
    let owner = owners.find_map(|phrase| resolve(&phrase.noun, out))?;
    // "Till Status" of a till is its status; "Payment Status" of an order stays whole.
    let own = lower_words(&owner);
    let front = &words[..words.len() - 1];
    let is_own = front.len() <= own.len() && own.ends_with(front);
    let name = if is_own { words.last()?.to_string() } else { words.join(" ") };
    Some((owner, FieldFact { name, enum_values: values, ..FieldFact::default() }))
}

/// "Till: A drawer with a number and a place": what the term has.
fn listed(definition: &Definition<'_>, out: &Output) -> Option<(String, Vec<FieldFact>)> {
    if genus(definition) != Genus::Thing {
        return None;
    }
    let tokens = tag(definition.meaning);
    let at = tokens.iter().position(is_opener)?;
    let head: Vec<Phrase> = phrases(&tokens[..at]);
    // "A meeting with a patient": one noun behind the word is no list.
    let rest = behind(definition.meaning, &tokens, at + 1);
    let fields: Vec<FieldFact> = list(rest, 1, 3).into_iter().filter(is_field).collect();
    let is_list = fields.len() >= 2 && !head.is_empty() && rest.contains(" and ");
    let owner = resolve(&definition.term, out)?;
    let is_own = fold(&owner) == fold(&entity_name(&definition.term));
    (is_list && is_own).then_some((owner, fields))
}

fn is_opener(token: &Token) -> bool {
    token.is_any(&["with", "containing", "including", "specifying", "comprising"])
}

/// Whether a part of a list names a field: a word or two, and nobody.
fn is_field(field: &FieldFact) -> bool {
    let words = field.name.split(' ').count();
    words <= 3 && (is_attribute(field.name.rsplit(' ').next().unwrap_or_default()) || words <= 2)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_terms_are() {
        check(
            "# Shop\n\n## Glossary\n\n- **Shop_System**: The software that runs the shop\n- **Till_Page**: The page at route /tills\n- **Clerk**: User role with access to tills\n- **Auditor**: User role with access to reports\n- **Till**: A drawer with a number, a place and an opening date\n- **Till Status**: The current state of a till (open, closed, counted)\n- **Wallaby**: Payment provider with a number and a place\n\n## Requirements\n\n1. THE Shop_System SHALL create tills and store each till\n2. THE Till_Page SHALL display every till\n3. THE Shop_System SHALL let a Clerk count a till\n",
            &expect![[r#"
                7 prose-entities  entity User
                7 prose-role  field User.role enum [Clerk | Auditor] [inferred: the section names the roles of users]
                9 prose-entities  entity Till -- A drawer with a number, a place and an opening date
                9 prose-definition  field Till.number
                9 prose-definition  field Till.opening date
                10 prose-definition  field Till.status [open | closed | counted]
                11 prose-entities  candidate Wallaby -- Wallaby: Payment provider with a number and a place
                17 prose-rule-sentence  rule *: THE system SHALL let a Clerk count a till [inferred: its words bind, and it is a rule where fields give it a meaning]
            "#]],
        );
    }

    #[test]
    fn what_defines_no_field() {
        // One kind of user is all users; a sentence in brackets lists no values.
        check(
            "# Shop\n\n## Glossary\n\n- **Member**: A user who has paid\n- **Member Status**: The state of a member (see the list of states below)\n- **Visit**: An appointment with a doctor\n\n## Requirements\n\n- Create and edit members.\n- Create and edit visits.\n",
            &expect![[r#"
                5 prose-entities  entity Member -- A user who has paid
                7 prose-entities  entity Visit -- An appointment with a doctor
            "#]],
        );
    }

    #[test]
    fn values_behind_including() {
        check(
            "# Ward\n\n- Create and edit beds.\n- The system shall track bed status including free, taken and closed.\n- The system shall support bed types including general and private.\n- The system shall report bed levels including charts.\n",
            &expect![[r#"
                4 prose-entities  entity Bed
                4 prose-inline-fields  field Bed.status [inferred: a sentence uses it]
                4 prose-values  field Bed.status [free | taken | closed]
            "#]],
        );
    }

    #[test]
    fn whose_fields_stand_behind_with() {
        check(
            "# Clinic\n\n- Create and edit pets and visits.\n- The system shall record payments with payer, amount, date and note.\n- WHEN a vet records a diagnosis, THE system SHALL link it to the visit with severity and code.\n- THE system SHALL create a receipt linked to the visit with number and date.\n- THE system SHALL show it with charts and maps.\n",
            &expect![[r#"
                3 prose-entities  candidate Pet -- Create and edit pets and visits.
                3 prose-entities  entity Visit
                4 prose-entities  entity Payment
                4 prose-inline-fields  field Payment.payer
                4 prose-inline-fields  field Payment.amount
                4 prose-inline-fields  field Payment.date
                4 prose-inline-fields  field Payment.note
                5 prose-entities  entity Diagnosis
                5 prose-entities  candidate Vet -- WHEN a vet records a diagnosis, THE system SHALL link it to the visit with severity and code.
                5 prose-inline-fields  field Diagnosis.severity
                5 prose-inline-fields  field Diagnosis.code
                6 prose-entities  entity Receipt
                6 prose-inline-fields  field Receipt.number
                6 prose-inline-fields  field Receipt.date
                6 prose-possession  relationship Visit 1:N Receipt [inferred: the sentence calls them its own]
            "#]],
        );
    }

    #[test]
    fn titles_that_name_no_thing() {
        check(
            "# Clinic\n\n## Financial Management\n\n- Create and edit invoices (number, date).\n- Send invoices and download receipts.\n- The system shall send invoices and download receipts.\n",
            &expect![[r#"
                5 prose-entities  entity Invoice
                5 prose-inline-fields  field Invoice.number
                5 prose-inline-fields  field Invoice.date
            "#]],
        );
    }
}
