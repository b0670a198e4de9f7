//! Properties that a sentence names in passing: "adding notes to a customer profile", "filter users by
//! role and status", "update the status of an order", "add an entry: quantity, unit, notes".

use super::cardinality::subject_before;
use super::evidence::core;
use super::inline_fields::Named;
use super::lexicon;
use super::noun::{Phrase, is_attribute, is_generic, phrase_at, phrases, singular};
use super::property_list::list;
use super::section_label;
use super::sentence::Sentence;
use super::tag::{Tag, Token};
use super::usual::is_usual;
use crate::FieldFact;

/// "A user can add an inventory entry: medication, quantity, unit": the object of a verb before a colon
/// has what stands behind it.
pub(super) fn behind_colon(text: &str, tokens: &[Token]) -> Option<Named> {
    // A label may stand before the sentence: "What they can do: Create a team: name, sport".
    let colons = tokens.iter().enumerate().filter(|(_, token)| token.is(":"));
    colons.take(2).find_map(|(colon, _)| behind_this(text, tokens, colon))
}

fn behind_this(text: &str, tokens: &[Token], colon: usize) -> Option<Named> {
    let verb = tokens[..colon].iter().position(|token| {
        token.tag == Tag::Verb
            && (token.is_verb_of(lexicon::KEEP)
                || token.is_verb_of(lexicon::MANAGE)
                || token.is_verb_of(&["enter", "define", "specify", "provide"]))
    })?;
    let object = phrase_at(tokens, verb + 1)?;
    // "create a schedule for an entry: ...": what the thing is made for stands between.
    let between = &tokens[object.end..colon];
    let is_near = between.is_empty()
        || between[0].is_any(&["for", "of", "in", "to"])
            && phrase_at(tokens, object.end + 1).is_some_and(|inner| inner.end == colon);
    let owner = core(&object.noun);
    if !is_near || is_generic(owner) || is_attribute(last_word(&object)) {
        return None;
    }
    let fields = list(text.get(tokens[colon].range.end..)?, 2, 3);
    Some(Named { owner: Some(owner.to_owned()), fields })
}

/// "display images, descriptions and price for each room type", "record name and phone of every guest".
pub(super) fn for_each(text: &str, tokens: &[Token]) -> Option<Named> {
    let at = tokens.iter().position(|token| {
        token.tag == Tag::Verb
            && (token.is_verb_of(lexicon::KEEP)
                || token.is_verb_of(&["display", "show", "list", "view", "provide", "include"])
                || token.is_verb_of(&["require", "assign", "generate"]))
    })?;
    // "assign a unique number to each order".
    let gives = tokens[at].is_verb_of(&["assign", "generate"]);
    let link = tokens[at..].windows(2).position(|pair| {
        (pair[0].is_any(&["for", "of", "about"]) || gives && pair[0].is("to"))
            && pair[1].is_any(&["each", "every"])
    })? + at;
    let owner = phrase_at(tokens, link + 1)?;
    let inside = text.get(tokens[at].range.end..tokens[link].range.start)?;
    // "store an optional end date for each trip": one that is kept is enough.
    let is_kept = gives
        || tokens[at].is_verb_of(&["store", "record", "save", "persist", "maintain", "require"]);
    let mut fields = list(inside, if is_kept { 1 } else { 2 }, if is_kept { 1 } else { 2 });
    // "unique employee numbers for each employee" are one for each.
    if let [only] = fields.as_mut_slice()
        && only.unique == Some(true)
    {
        only.name = singular(&only.name);
    }
    Some(Named { owner: Some(core(&owner.noun).to_owned()), fields })
}

/// "Users can register with email and password": who signs up has what it takes.
pub(super) fn registers(text: &str, tokens: &[Token]) -> Option<Named> {
    let verb = tokens.iter().position(|token| {
        token.is_any(&["register", "login", "authenticate", "log", "sign", "enroll"])
            || token.is_any(&["registers", "enrolls", "signs"]) && token.tag == Tag::Verb
            || token.is_any(&["create"])
                && tokens.iter().any(|other| other.is_any(&["account", "accounts"]))
    })?;
    // "log exercises with sets and reps" signs nobody in.
    let next = tokens.get(verb + 1);
    if tokens[verb].is_any(&["log", "sign", "signs"])
        && !next.is_some_and(|it| it.is_any(&["in", "on", "up", "into"]))
    {
        return None;
    }
    let with = tokens[verb..]
        .iter()
        .position(|token| token.is_any(&["with", "using", "providing", "entering", "supplying"]))?
        + verb;
    let subject = subject_before(tokens, verb)?;
    if with - verb > 6 || is_generic(&subject.noun) && !subject.noun.eq_ignore_ascii_case("user") {
        return None;
    }
    let noun = core(&subject.noun);
    let owner = if noun.eq_ignore_ascii_case("visitor") { "user" } else { noun };
    let rest = text.get(tokens[with].range.end..)?.replace(" + ", ", ");
    let mut rest = rest.trim_start();
    for word in ["details ", "their ", "a ", "an ", "("] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    Some(Named { owner: Some(owner.to_owned()), fields: list(rest, 1, 2) })
}

/// "Fields: name, email, phone": what has them is named by the heading.
pub(super) fn labelled(text: &str, tokens: &[Token]) -> Option<Named> {
    let form = form_colon(tokens).map(|colon| &tokens[colon]);
    let form = form.and_then(|colon| text.get(colon.range.end..)).map(|text| list(text, 1, 3));
    form.map(|fields| Named { owner: None, fields }).or_else(|| section_label::find(text, tokens))
}

/// Whether a sentence begins with such a label.
pub(super) fn is_labelled(tokens: &[Token]) -> bool {
    section_label::is_labelled(tokens) || form_colon(tokens).is_some()
}

/// The colon of "Form includes:", "The form has the following fields:", which leave it to the heading what the form is for.
fn form_colon(tokens: &[Token]) -> Option<usize> {
    let start = usize::from(tokens.first()?.is("the"));
    let is_form = tokens.get(start)?.is("form")
        && tokens
            .get(start + 1)?
            .is_any(&["includes", "include", "contains", "has", "fields", "asks", "collects"]);
    let colon = tokens.iter().take(7).position(|token| token.is(":"))?;
    is_form.then_some(colon)
}

/// "configuring average service duration per queue".
pub(super) fn configured(tokens: &[Token]) -> Option<Named> {
    let at = tokens.iter().position(|token| {
        token.tag == Tag::Verb
            && token.is_verb_of(&["configure", "set", "define", "specify", "enable", "disable"])
    })?;
    // "enabling or disabling online orders per branch" is a switch.
    let is_switch = tokens[at].is_verb_of(&["enable", "disable"]);
    let at = at + if tokens.get(at + 1).is_some_and(|it| it.is("or")) { 2 } else { 0 };
    let object = phrase_at(tokens, at + 1)?;
    tokens.get(object.end).filter(|token| token.is_any(&["per", "for"]))?;
    let owner = phrase_at(tokens, object.end + 1)?;
    let is_each = tokens[object.end].is("per")
        || tokens[owner.start..owner.end].iter().any(|token| token.is_any(&["each", "every"]));
    let last = object.noun.rsplit(' ').next().unwrap_or_default();
    let is_value = super::titled::is_property(last) && !object.is_plural;
    if !is_each || !is_value && !is_switch {
        return None;
    }
    let words =
        tokens[object.start..object.end].iter().filter(|token| token.tag != Tag::Determiner);
    let name: Vec<&str> = words.map(|token| token.text.as_str()).collect();
    let type_text = is_switch.then(|| "boolean".to_owned());
    let field = FieldFact { name: name.join(" "), type_text, ..FieldFact::default() };
    Some(Named { owner: Some(owner.noun), fields: vec![field] })
}

/// What a sentence says beside its main point: each with its owner, where it names one.
pub(super) fn in_sentence(sentence: &Sentence) -> &[Named] {
    sentence.used.get_or_init(|| in_passing(&sentence.text, &sentence.tokens))
}

fn in_passing(text: &str, tokens: &[Token]) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    found.extend(added(tokens));
    found.extend(filtered(text, tokens));
    found.extend(states(tokens));
    found.extend(compared(tokens));
    found.extend(changed(tokens));
    found.extend(bound(tokens));
    found.extend(owned(tokens));
    found.retain(|named| !named.fields.is_empty());
    found
}

/// "adding special requests or notes to a reservation".
fn added(tokens: &[Token]) -> Option<Named> {
    let at = tokens.iter().position(|token| {
        token.tag == Tag::Verb && token.is_verb_of(&["add", "attach", "write", "leave"])
    })?;
    let object = phrase_at(tokens, at + 1)?;
    let link = object.end;
    tokens.get(link).filter(|token| token.is_any(&["to", "on"]))?;
    let owner = phrase_at(tokens, link + 1)?;
    let is_one = tokens[owner.start..owner.end]
        .iter()
        .any(|token| token.is_any(&["a", "an", "each", "every", "any", "the", "their"]));
    if !is_one || !is_attribute(last_word(&object)) {
        return None;
    }
    let field = named(tokens, &object);
    Some(Named { owner: Some(core(&owner.noun).to_owned()), fields: vec![field] })
}

/// "filter users by role, status and branch", "searching customers by name or phone", "Sort by price".
fn filtered(text: &str, tokens: &[Token]) -> Option<Named> {
    let asks = |token: &Token| {
        token.is_verb_of(&["filter", "search", "sort", "find", "group"])
            || token.is_any(&["filterable", "sortable", "searchable"])
    };
    let (object, by) = (0..tokens.len()).filter(|&at| asks(&tokens[at])).find_map(|at| {
        let start = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|it| it.is("for")));
        let object = phrase_at(tokens, start);
        let by = object.as_ref().map_or(at + 1, |object| object.end);
        tokens.get(by).filter(|token| token.is("by")).map(|_| (object, by))
    })?;
    let rest = text.get(tokens[by].range.end..)?.replace(" or ", ", ").replace('/', ", ");
    let mut fields = list(&rest, 1, 3);
    // A time in a filter is a range over some column that it does not name.
    fields.retain(|field| {
        let lower = field.name.to_lowercase();
        !matches!(lower.as_str(), "date" | "time" | "text" | "value" | "keyword")
            && !lower.ends_with("range")
    });
    let owner = object.map(|object| core(&object.noun).to_owned());
    Some(Named { owner, fields })
}

/// "update issue status", "the status of an order", "mark the invoice's status".
fn states(tokens: &[Token]) -> Vec<Named> {
    let mut found = Vec::new();
    for phrase in phrases(tokens) {
        let lower = phrase.noun.to_lowercase();
        let owner = if lower == "status" {
            let of = tokens.get(phrase.end).filter(|token| token.is("of"));
            of.and_then(|_| phrase_at(tokens, phrase.end + 1)).map(|owner| owner.noun)
        } else {
            lower.strip_suffix(" status").map(|_| phrase.noun[..lower.len() - 7].to_owned())
        };
        if let Some(owner) = owner {
            let field = FieldFact { name: "status".to_owned(), ..FieldFact::default() };
            found.push(Named { owner: Some(owner), fields: vec![field] });
        }
    }
    found
}

/// "uploading a restaurant logo", "edit an item price": what somebody gives to a thing.
fn changed(tokens: &[Token]) -> Vec<Named> {
    let gives = |token: &Token| {
        token.tag == Tag::Verb
            && token.is_verb_of(&[
                "upload",
                "set",
                "change",
                "update",
                "edit",
                "modify",
                "configure",
                "enter",
                "specify",
                "adjust",
            ])
    };
    let mut found = Vec::new();
    let keeps = |token: &Token| {
        token.tag == Tag::Verb
            && token.is_verb_of(&["track", "record", "store", "display", "show", "maintain"])
    };
    for at in 0..tokens.len() {
        let gives = gives(&tokens[at]);
        if !gives && !keeps(&tokens[at]) {
            continue;
        }
        let Some(object) = phrase_at(tokens, at + 1) else { continue };
        if let Some(of) = of_thing(tokens, &object) {
            found.push(of);
            continue;
        }
        if !gives {
            continue;
        }
        let Some((owner, field)) = object.noun.rsplit_once(' ') else { continue };
        // "update user details" is about all of them, and "edit order items" about things.
        let is_one = is_attribute(field)
            && singular(&field.to_lowercase()) == field.to_lowercase()
            && !GATHERED.contains(&&*field.to_lowercase())
            && is_usual(owner);
        if is_one {
            let field = FieldFact { name: field.to_owned(), ..FieldFact::default() };
            found.push(Named { owner: Some(owner.to_owned()), fields: vec![field] });
        }
    }
    found
}

/// "the weight of a parcel", said of one of them or of each.
fn of_thing(tokens: &[Token], object: &Phrase) -> Option<Named> {
    tokens.get(object.end).filter(|it| it.is("of"))?;
    let owner = phrase_at(tokens, object.end + 1).filter(|it| !it.is_plural)?;
    tokens.get(object.end + 1).filter(|it| it.is_any(&["a", "an", "each", "every", "the"]))?;
    let last = last_word(object).to_lowercase();
    let is_one = is_attribute(&last) && singular(&last) == last && !GATHERED.contains(&&*last);
    (is_one && !is_generic(&owner.noun) && !is_attribute(last_word(&owner)))
        .then(|| Named { owner: Some(owner.noun.clone()), fields: vec![named(tokens, object)] })
}

/// "identify products below their minimum stock level": what the rows are compared with.
fn compared(tokens: &[Token]) -> Option<Named> {
    let at = (1..tokens.len()).find(|&at| {
        tokens[at].is_any(&["below", "above", "under", "over", "exceeding", "past", "beyond"])
            && tokens.get(at + 1).is_some_and(|next| next.is_any(&["their", "its"]))
    })?;
    let owner = phrases(&tokens[..at]).pop().filter(|owner| owner.end == at)?;
    let field = phrase_at(tokens, at + 1)?;
    let noun = core(&owner.noun);
    if is_generic(noun) || noun != owner.noun || !is_attribute(last_word(&field)) {
        return None;
    }
    Some(Named { owner: Some(noun.to_owned()), fields: vec![named(tokens, &field)] })
}

/// "Each ticket's due date is shown", "reduce the item's stock": a property with its owner, wherever they stand.
fn owned(tokens: &[Token]) -> Vec<Named> {
    let marks = (1..tokens.len()).filter(|&at| tokens[at].is_any(&["'s", "’s"]));
    let named = marks.filter_map(|at| {
        let owner = phrases(&tokens[..at]).pop().filter(|it| it.end == at)?;
        let field = phrase_at(tokens, at + 1)?;
        let last = last_word(&field).to_lowercase();
        let is_whole = field.noun.split(' ').count() <= 2 && !field.noun.contains('-');
        // "The user's local timezone" is that of a machine, and "a guest's number of nights" is counted.
        let is_kept = !tokens[at + 1..field.end]
            .iter()
            .any(|it| it.is_any(&["local", "system", "browser", "device", "current", "own"]))
            && !tokens.get(field.end).is_some_and(|it| it.is("of"));
        let is_one = is_attribute(&last) && singular(&last) == last && !GATHERED.contains(&&*last);
        (is_whole && is_kept && is_one && !is_generic(&owner.noun))
            .then(|| Named { owner: Some(owner.noun), fields: vec![named(tokens, &field)] })
    });
    named.collect()
}

/// Words for all that is known of a thing, or for what is made of it.
const GATHERED: &[&str] =
    &["information", "info", "details", "detail", "data", "history", "profile", "status", "list"];

/// "The ticket title is required", "the due date of a task cannot be past": what a
/// rule is about belongs to the thing before it.
fn bound(tokens: &[Token]) -> Option<Named> {
    let first = phrase_at(tokens, 0)?;
    let next = tokens.get(first.end)?;
    let (owner, field, end) = if next.is("of") && is_attribute(last_word(&first)) {
        let owner = phrase_at(tokens, first.end + 1)?;
        (owner.noun, first.noun, owner.end)
    } else {
        let (owner, field) = first.noun.rsplit_once(' ')?;
        (owner.to_owned(), field.to_owned(), first.end)
    };
    let is_bound = tokens.get(end).is_some_and(|it| it.tag == Tag::Modal)
        && tokens.get(end + 1).is_some_and(|it| it.is_any(&["be", "not", "have", "contain"]))
        || tokens.get(end).is_some_and(|it| it.is_any(&["is", "defaults"]))
            && tokens.get(end + 1).is_some_and(|it| {
                it.is_any(&["required", "optional", "mandatory", "unique", "to"])
            });
    let last = field.rsplit(' ').next().unwrap_or_default().to_lowercase();
    let is_one =
        is_attribute(&last) && singular(&last) == last && !GATHERED.contains(&last.as_str());
    let is_thing = is_usual(&owner) && !is_attribute(&owner);
    (is_bound && is_one && is_thing).then(|| Named {
        owner: Some(owner),
        fields: vec![FieldFact { name: field, ..FieldFact::default() }],
    })
}

fn last_word(phrase: &Phrase) -> &str {
    phrase.noun.rsplit(' ').next().unwrap_or_default()
}

/// What a rule asks of a value: "a valid address" is an address.
fn is_judgement(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "valid" | "unique" | "positive" | "correct" | "proper" | "non-empty" | "non-negative"
    )
}

/// The field that a phrase names, with its adjectives: "special requests".
fn named(tokens: &[Token], phrase: &Phrase) -> FieldFact {
    let words = tokens[phrase.start..phrase.end]
        .iter()
        .filter(|token| !matches!(token.tag, Tag::Determiner | Tag::Many | Tag::Number))
        .skip_while(|token| is_judgement(&token.text));
    let words: Vec<&str> = words.map(|token| token.text.as_str()).collect();
    FieldFact { name: words.join(" "), ..FieldFact::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tag::tag;
    use expect_test::{Expect, expect};

    fn show(named: &[Named]) -> String {
        let one = |named: &Named| {
            let names: Vec<&str> = named.fields.iter().map(|field| field.name.as_str()).collect();
            format!("{}: {}", named.owner.as_deref().unwrap_or_default(), names.join("; "))
        };
        named.iter().map(one).collect::<Vec<_>>().join(" | ")
    }

    fn check(text: &str, expected: &Expect) {
        expected.assert_eq(&show(&in_passing(text, &tag(text))));
    }

    #[test]
    fn properties_in_passing() {
        check("allow adding notes to a customer profile", &expect!["customer: notes"]);
        check(
            "allow filtering users by role, status, and date range",
            &expect!["users: role; status"],
        );
        check("An officer can update issue status", &expect!["issue: status"]);
        check(
            "Customers can search for products by name or price",
            &expect!["products: name; price"],
        );
        check("Users can add products to a cart", &expect![[""]]);
        check("identify medicines below their minimum level", &expect!["medicines: minimum level"]);
        check("sums above their heads", &expect![[""]]);
    }

    #[test]
    fn what_a_colon_leads() {
        let text = "A user can add a stock item: quantity, unit, expiration date, notes.";
        let named = behind_colon(text, &tag(text));
        assert_eq!(show(named.as_slice()), "stock item: quantity; unit; expiration date; notes");
        let text = "The system shall display images, titles and price for each room type.";
        let named = for_each(text, &tag(text));
        assert_eq!(show(named.as_slice()), "room: images; titles; price");
    }

    #[test]
    fn properties_with_their_owners() {
        check("Each ticket's due date is shown in red", &expect!["ticket: due date"]);
        check("Decrement the item's ready count", &expect!["item: ready count"]);
        check("Show times in the user's local timezone", &expect![""]);
        check("Check the guest's number of nights", &expect![""]);
        check("View a customer's order history", &expect![""]);
    }

    #[test]
    fn labels_before_what_somebody_creates() {
        let text = "What they can do: Create a team: name, sport, format (cup/league), deadline.";
        let named = behind_colon(text, &tag(text));
        assert_eq!(show(named.as_slice()), "team: name; sport; format; deadline");
        let text = "What they can do: name, sport, deadline.";
        assert!(behind_colon(text, &tag(text)).is_none());
    }

    #[test]
    fn what_a_rule_is_about() {
        check("The ticket title is required", &expect!["ticket: title"]);
        check("A product's price must be positive", &expect!["product: price"]);
        check("The due date of a task must not be past", &expect!["task: due date"]);
        check("Invoice status defaults to Draft", &expect![""]);
        check("Password strength must be checked", &expect![""]);
        check("Customer details must be complete", &expect![""]);
        check("The product page must be fast", &expect![""]);
    }

    #[test]
    fn what_is_given_to_a_thing() {
        check("allow uploading a restaurant logo", &expect!["restaurant: logo"]);
        check("Admins can change a user's role", &expect!["user: role"]);
        check("edit user details and change the page layout", &expect![]);
    }
}
