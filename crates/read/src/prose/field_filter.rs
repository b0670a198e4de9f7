//! What a sentence lists like fields and is none: numbers of requirements, "the required information", and what a
//! list is filtered by. "The badge shows name, photo" lists the name, and nothing that is called "badge shows name".

use super::inline_fields::Named;
use super::tag::Token;
use crate::words::lower_words;
use crate::{FieldFact, ReferenceFact};

/// "A log records a time, a quantity and an optional note": where some are said to be optional, the others are not.
pub(super) fn contrasted(mut named: Named, tokens: &[Token]) -> Named {
    let has = |required: bool| named.fields.iter().any(|it| it.required == Some(required));
    // Where some are said to be required, too, the words leave the others open.
    let is_some = has(false) && !has(true);
    let is_said = tokens.iter().any(|it| it.is_any(&["optional", "optionally"]));
    let is_free = tokens.iter().any(|it| it.is_any(&["can", "may", "could", "might", "should"]));
    if is_some && is_said && !is_free {
        for field in &mut named.fields {
            field.required = field.required.or(Some(true));
        }
    }
    if is_of_some(&named, tokens) {
        for field in &mut named.fields {
            field.required = field.required.filter(|required| !required);
        }
    }
    named
}

/// "A rejected batch must have a reason": whether the thing is one in some state, so that others need not have what it has.
fn is_of_some(named: &Named, tokens: &[Token]) -> bool {
    let [article, state, ..] = tokens else { return false };
    let is_any = article.is_any(&["a", "an", "each", "every", "any"]);
    let is_state = state.lower.len() > 4 && state.lower.ends_with("ed") && !state.is("registered");
    let is_named =
        named.owner.as_deref().is_some_and(|it| it.to_lowercase().contains(&*state.lower));
    is_any && is_state && !is_named
}

/// The field of which a text is only a part: "name" of "part of the name", by which rows are searched.
pub(super) fn of_letters(name: &str) -> Option<&str> {
    const PARTS: &[&str] = &["part of ", "parts of ", "beginning of ", "start of ", "prefix of "];
    let name = PARTS.iter().find_map(|part| name.strip_prefix(part))?;
    Some(name.strip_prefix("the ").or_else(|| name.strip_prefix("their ")).unwrap_or(name))
}

/// The fields among what a sentence names; none where it lists no field.
pub(super) fn fields(mut named: Named) -> Option<Named> {
    let first = named.fields.first()?.name.to_lowercase();
    let narrows = ["filter", "filters", "sorting", "sort options", "search"];
    let is_list_of_filters = TELLING.iter().any(|verb| {
        first.split_once(verb).is_some_and(|(front, _)| narrows.contains(&front.trim()))
    });
    if is_list_of_filters {
        return None;
    }
    for field in &mut named.fields {
        let told = TELLING.iter().find_map(|verb| field.name.split_once(verb));
        if let Some((_, name)) = told.filter(|(front, name)| !front.is_empty() && !name.is_empty())
        {
            field.name = name.to_owned();
        }
    }
    for field in &mut named.fields {
        as_reference(field);
        // "require selection of a boat, a date": the boat.
        if let Some(name) = field.name.strip_prefix("selection of ") {
            field.name = name.to_owned();
        }
        // "a minimum age criteria": the minimum age.
        let tail =
            [" criteria", " requirement"].iter().find_map(|end| field.name.strip_suffix(end));
        if let Some(name) = tail.filter(|name| name.contains(' ')) {
            field.name = name.to_owned();
        }
        // "with the provided name, phone": what is given is the name.
        if let Some(name) = ["provided ", "entered ", "given "]
            .iter()
            .find_map(|front| field.name.strip_prefix(front))
        {
            field.name = name.to_owned();
        }
        // "an initial quantity" is the quantity that it begins with.
        if let Some(name) = field.name.strip_prefix("initial ")
            && super::noun::is_attribute(name)
        {
            field.name = name.to_owned();
        }
        // "created_at timestamp": the column, and what it is.
        if let Some((name, kind)) = field.name.split_once(' ')
            && name.contains('_')
            && matches!(kind, "timestamp" | "field" | "column" | "date" | "flag")
        {
            field.name = name.to_owned();
        }
    }
    // "with a date and applying the rules": the next thing that is done.
    let is_deed = |name: &str| {
        name.len() > 6
            && name.ends_with("ing")
            && !name.contains(' ')
            && super::tag::tag(name).iter().all(|it| it.tag == super::tag::Tag::Verb)
    };
    named.fields.retain(|field| {
        !is_number(&field.name)
            && !is_vague(&field.name)
            && !is_deed(&field.name)
            && !is_header(&field.name)
            && !is_feedback(&field.name)
    });
    (!named.fields.is_empty()).then_some(named)
}

/// "A foreign key to Order" is a reference to orders.
fn as_reference(field: &mut FieldFact) {
    const LEADS: &[&str] = &[
        "foreign key reference to ",
        "foreign key to ",
        "reference to ",
        "foreign key reference ",
    ];
    let target = LEADS.iter().find_map(|lead| field.name.strip_prefix(lead)).map(|rest| {
        let rest = rest.strip_prefix("the ").unwrap_or(rest);
        rest.split(' ').next().unwrap_or_default().to_owned()
    });
    if let Some(target) = target.filter(|it| !it.is_empty()) {
        field.name = format!("{}_id", target.to_lowercase());
        field.references = Some(ReferenceFact { entity: target, field: None, on_delete: None });
    }
}

/// Verbs between what shows fields and the first of them.
const TELLING: &[&str] = &[" include ", " includes ", " shows ", " displays ", " contains "];

/// "FR-AUTH-001", "a2386df9-ecc7-4f2a-abf5-dcb5e618ecc8": the number of a requirement or a ticket.
pub(crate) fn is_number(text: &str) -> bool {
    let text = text.trim_matches('`');
    let mut parts = text.split('-');
    let is_number = parts.clone().count() > 1
        && parts.clone().next_back().is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit()))
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    let is_key = text.len() == 36
        && parts.all(|part| matches!(part.len(), 4 | 8 | 12))
        && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    is_number || is_key
}

/// "X-Frame-Options", "Referrer-Policy": headers of an answer, and no fields of anything.
fn is_header(name: &str) -> bool {
    let is_part = |part: &str| part.starts_with(|c: char| c.is_ascii_uppercase());
    let Some((front, last)) = name.rsplit_once('-') else { return false };
    let is_told = matches!(
        last,
        "Options"
            | "Policy"
            | "Protection"
            | "Control"
            | "Security"
            | "Encoding"
            | "Agent"
            | "Origin"
    );
    front.split('-').all(is_part) && (is_told || name.starts_with("X-"))
}

/// "Required information", "other mandatory details": words for fields that are named elsewhere or nowhere.
fn is_vague(name: &str) -> bool {
    let words = lower_words(name);
    let Some((last, front)) = words.split_last() else { return false };
    matches!(last.as_str(), "information" | "info" | "details" | "data" | "fields")
        // Details alone may be a column of a log.
        && (!front.is_empty() || last == "information")
        && front.iter().all(|word| {
            matches!(
                word.as_str(),
                "required"
                    | "mandatory"
                    | "other"
                    | "additional"
                    | "relevant"
                    | "necessary"
                    | "basic"
                    | "registration"
                    | "all"
                    | "further"
            )
        })
}

/// What a program tells or shows and nobody keeps: "a success message", "an empty state message", "a warning icon".
fn is_feedback(name: &str) -> bool {
    const FRONTS: &[&str] = &[
        "success",
        "confirmation",
        "error",
        "warning",
        "validation",
        "state",
        "feedback",
        "status",
        "failure",
        "informational",
        "friendly",
        "appropriate",
        "clear",
    ];
    let words = lower_words(name);
    let Some((last, front)) = words.split_last() else { return false };
    let before = front.last().map_or("", |word| word.as_str());
    match last.as_str() {
        "message" | "messages" => FRONTS.contains(&before),
        "button" | "spinner" | "toast" | "dialog" | "popup" => true,
        "indicator" | "icon" | "screen" => {
            !front.is_empty() && (FRONTS.contains(&before) || before == "visual")
        }
        _ => false,
    }
}

/// "Product information" of a product: all that is known of it.
pub(super) fn is_whole(name: &str, owner: &str) -> bool {
    let words = lower_words(name);
    let of_owner = lower_words(owner);
    let Some((last, front)) = words.split_last() else { return false };
    matches!(last.as_str(), "information" | "info" | "details" | "data")
        && !front.is_empty()
        && front.iter().all(|word| of_owner.contains(word) || word == "required")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldFact;

    fn left(names: &[&str]) -> Option<Vec<String>> {
        let field = |name: &&str| FieldFact { name: (*name).to_owned(), ..FieldFact::default() };
        let named = Named { owner: None, fields: names.iter().map(field).collect() };
        fields(named).map(|it| it.fields.into_iter().map(|field| field.name).collect())
    }

    #[test]
    fn what_is_no_field() {
        assert_eq!(left(&["FR-AUTH-001", "REQ-12"]), None);
        assert_eq!(left(&["Filters include brand", "price"]), None);
        assert_eq!(left(&["name", "other mandatory details"]), Some(vec!["name".to_owned()]));
        assert_eq!(
            left(&["badge shows name", "photo"]).map(|it| it.join("|")).as_deref(),
            Some("name|photo")
        );
        assert_eq!(left(&["information"]), None);
        // These hold something of their own.
        let kept = ["contact information", "details", "ISO-4217 code", "date-1"];
        assert_eq!(left(&kept).map(|it| it.len()), Some(4));
        assert!(is_whole("product information", "Product Listing"));
        assert!(!is_whole("contact information", "Product"));
        assert!(!is_whole("data", "Product"));
    }

    #[test]
    fn references_and_columns() {
        crate::notation::check(
            "# Shop\n\n- Create and edit orders and products.\n- THE OrderLine SHALL store a foreign key to Order, a foreign key to Product, a quantity, and a price\n- WHEN a clerk submits a remark, the system SHALL store the remark with remark text and created_at timestamp\n",
            &expect_test::expect![[r#"
                3 prose-entities  entity Order
                3 prose-entities  entity Product
                4 prose-entities  entity OrderLine
                4 prose-inline-fields  field OrderLine.order_id required -> Order
                4 prose-inline-fields  field OrderLine.product_id required -> Product
                4 prose-inline-fields  field OrderLine.quantity required
                4 prose-inline-fields  field OrderLine.price required
            "#]],
        );
    }

    #[test]
    fn what_a_program_tells_is_no_field() {
        crate::notation::check(
            "# Yard\n\n- Members create, edit and delete boats.\n- WHEN a boat is created THEN the system SHALL show a success message and a confirmation message\n- WHEN creating a boat THEN the system SHALL require name, initial price, and welcome message fields\n",
            &expect_test::expect![[r#"
                5 prose-entities  entity Boat
                5 prose-inline-fields  field Boat.name required
                5 prose-inline-fields  field Boat.price required
                5 prose-inline-fields  field Boat.welcome message required
            "#]],
        );
    }
}
