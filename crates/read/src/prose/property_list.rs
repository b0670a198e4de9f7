//! The properties in a list that stands in a sentence: "name (required), phone (optional), and party size".

use underpin_base::Phrases;

use super::list_item::describe;
use super::tag::Tag;
use super::titled::is_property;
use crate::FieldFact;
use crate::words::split_top;

/// One part of a list.
pub(super) struct Part {
    pub(super) field: FieldFact,
    /// Whether its last word names a property wherever it stands.
    pub(super) is_property: bool,
    /// Whether it stands with "a" or "an".
    pub(super) is_one: bool,
    /// Whether words say that there are several: "one or two guardians", "several notes".
    pub(super) is_counted: bool,
}

/// Takes the parts of "name (required), phone (optional), and party size" that are properties; at
/// least `least` of them must be, and one in `of`.
pub(super) fn list(text: &str, least: usize, of: usize) -> Vec<FieldFact> {
    let parts = parts(text);
    let attributes = parts.iter().filter(|part| part.is_property).count();
    // "a title and an artist": what stands as one of its kind each time is a list of its own.
    let are_ones = parts.len() > 1 && parts.iter().all(|part| part.is_one);
    let least = if are_ones { least.min(1) } else { least };
    if attributes < least || attributes * of < parts.len() {
        return Vec::new();
    }
    parts.into_iter().map(|part| part.field).collect()
}

/// The list behind "Optional fields include", and whether each of them is required.
fn of_sort(text: &str) -> Option<(&str, bool)> {
    let (sort, rest) = text.split_once(' ')?;
    let required = match sort.to_lowercase().as_str() {
        "required" | "mandatory" => true,
        "optional" => false,
        _ => return None,
    };
    let rest = ["fields ", "attributes ", "properties ", "details "]
        .iter()
        .find_map(|noun| rest.strip_prefix(noun))?;
    let rest = ["include ", "are ", "such as "].iter().find_map(|verb| rest.strip_prefix(verb))?;
    Some((rest, required))
}

/// The list behind "the following required fields:", and whether each of them is required or may be left out.
fn without_lead(text: &str) -> (&str, Option<bool>) {
    if let Some((rest, required)) = of_sort(text) {
        return (rest, Some(required));
    }
    let Some((lead, rest)) = text.split_once(':') else { return (text, None) };
    let words = crate::words::lower_words(lead);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    let is_lead = words.len() <= 6
        && !lead.contains([',', '('])
        && has(&["following", "these"])
        && words.last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "fields"
                    | "columns"
                    | "attributes"
                    | "properties"
                    | "details"
                    | "information"
                    | "data"
            )
        });
    if !is_lead {
        return (text, None);
    }
    let required = if has(&["required", "mandatory"]) {
        Some(true)
    } else if has(&["optional"]) {
        Some(false)
    } else {
        None
    };
    (rest.trim_start(), required)
}

/// All parts of a list that may be names of fields.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let (text, is_required) = without_lead(text);
    let mut found = parts_of(text);
    for part in &mut found {
        part.field.required = part.field.required.or(is_required);
    }
    found
}

fn parts_of(text: &str) -> Vec<Part> {
    let end = [
        ". ",
        ";",
        " when ",
        " upon ",
        " via ",
        " if ",
        " so that ",
        ", while ",
        " in order ",
        " by ",
        " using ",
        " for ",
        " used to ",
        " used by ",
        " per ",
    ]
    .iter()
    .filter_map(|mark| outside_brackets(text, mark))
    .min()
    .unwrap_or(text.len());
    let text = text[..end].trim().trim_end_matches(['.', ':']);
    // What stands inside brackets ends with theirs.
    let is_open = text.matches('(').count() >= text.matches(')').count();
    let text = if is_open { text } else { text.trim_end_matches(')') };
    let mut found = Vec::new();
    let (text, last_values) = with_values_behind(text);
    for part in split_top(text, &[',']) {
        for part in split_and(part) {
            let part = part.trim();
            // "providing contact details: name, phone".
            let labels = ["details: ", "information: ", "info: ", "data: ", "fields: "];
            let label = part.cut_at_any(&labels);
            let part =
                label.filter(|(front, _)| !front.contains('(')).map_or(part, |(_, rest)| rest);
            let part =
                part.strip_prefix("and ").or_else(|| part.strip_prefix("or ")).unwrap_or(part);
            if part.is_empty() || part.to_lowercase().starts_with("etc") {
                continue;
            }
            let (head, rest) = match part.cut_at(" (") {
                Some((head, rest)) => (head, format!("({rest}")),
                None => (part, String::new()),
            };
            let head = head.trim().trim_start_matches("(anonymized) ");
            // "optionally a photo".
            let optional = crate::words::strip_prefix_ignoring_case(head, "optionally ");
            let head = optional.unwrap_or(head);
            // "a location code like A-12" shows one, "an area in m²" says what it is counted in.
            // And "details like rent" are what stands behind.
            let shown = head.cut_at_any(&[" like ", " such as ", " e.g. "]);
            let head = shown.map_or(head, |(before, shown)| {
                let is_word = ["details", "information", "info", "data"].contains(&before);
                if is_word { shown } else { before }
            });
            let head = match head.rsplit_once(" in ") {
                Some((before, unit)) if unit.split(' ').count() == 1 => before,
                Some(_) | None => head,
            };
            // "images of the product", "last_name fields".
            let head = head.cut_at(" of the ").map_or(head, |(front, _)| front);
            let head = [" fields", " field", " columns", " constraints"]
                .iter()
                .find_map(|end| head.strip_suffix(end))
                .unwrap_or(head);
            // "scheduled time(s)".
            let plural = head.replace("(s)", "s");
            let Some(name) = name(&plural) else { continue };
            let is_property = sounds_like_property(&name);
            let name = short_name(&name, &rest).unwrap_or(name);
            let mut field = FieldFact { name, ..FieldFact::default() };
            for word in crate::words::lower_words(head) {
                match word.as_str() {
                    "unique" => field.unique = Some(true),
                    "optional" | "nullable" => field.required = Some(false),
                    "required" | "mandatory" => field.required = Some(true),
                    _ => {}
                }
            }
            let balanced = if rest.contains(')') { rest } else { format!("{rest})") };
            if balanced.len() > 1 {
                describe(&balanced, &mut field);
            }
            field.description = None;
            if optional.is_some() {
                field.required = Some(false);
            }
            // "due date (after the start date)".
            let inside = balanced.trim().trim_start_matches('(').trim_end_matches(')');
            let values = bracketed_values(inside);
            if field.enum_values.is_empty() && !values.is_empty() {
                field.enum_values = values;
                field.constraints.clear();
            }
            let bounds = ["after ", "before ", "at least ", "at most ", "not before ", "> ", "< "];
            if bounds.iter().any(|bound| inside.starts_with(bound))
                && !field.constraints.iter().any(|known| known == inside)
            {
                field.constraints.push(inside.to_owned());
            }
            let is_counted = is_counted(head);
            let is_property = is_property || field.enum_values.len() > 1;
            let is_one = head.starts_with("a ") || head.starts_with("an ");
            for name in super::titled::spread(&field.name) {
                let field = FieldFact { name, ..field.clone() };
                let is_property = is_property
                    && !(is_counted && field.name.starts_with(|c: char| c.is_ascii_digit()));
                found.push(Part { field, is_property, is_one, is_counted });
            }
        }
    }
    if let Some(last) = found.last_mut().filter(|_| !last_values.is_empty()) {
        last.field.enum_values = last_values;
    }
    found
}

/// "A number and a state: free, taken or closed": the list, and the values of what it ends with.
fn with_values_behind(text: &str) -> (&str, Vec<String>) {
    let Some(at) = outside_brackets(text, ": ") else { return (text, Vec::new()) };
    let (front, behind) = (&text[..at], &text[at + 2..]);
    let property = front.rsplit(' ').next().unwrap_or_default().to_lowercase();
    let values: Vec<String> = split_top(behind, &[','])
        .into_iter()
        .flat_map(|part| part.split(" or "))
        .map(|part| part.trim().trim_start_matches("or ").trim_start_matches("and ").to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let is_short = |value: &String| value.split(' ').count() <= 3 && !value.contains(['(', ':']);
    let are_values = values.len() >= 2
        && values.iter().all(is_short)
        && super::values::is_list_of_states(&property, &values);
    if are_values { (front, values) } else { (text, Vec::new()) }
}

/// Where a mark stands in a text outside brackets, and ends no abbreviation such as "e.g.".
fn outside_brackets(text: &str, mark: &str) -> Option<usize> {
    text.place_of(mark)?;
    text.match_indices(mark).map(|(at, _)| at).find(|&at| {
        let before = &text[..at];
        let is_short =
            mark == ". " && ["e.g", "i.e", "approx", "etc"].iter().any(|it| before.ends_with(it));
        !is_short && before.matches('(').count() <= before.matches(')').count()
    })
}

/// The values in brackets behind a name: "(cold, dry, frozen)".
fn bracketed_values(inside: &str) -> Vec<String> {
    let values: Vec<&str> =
        inside.split([',', '/', '|']).map(|value| value.trim().trim_start_matches("or ")).collect();
    let is_value = |value: &&str| {
        !value.is_empty()
            && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
            && !value.starts_with(|c: char| c.is_ascii_digit())
            && !matches!(
                value.to_lowercase().as_str(),
                "unique" | "optional" | "required" | "mandatory" | "nullable" | "etc" | "pk" | "fk"
            )
            && !crate::modifier::is_scalar(value)
    };
    if values.len() >= 3 && values.iter().all(is_value) {
        values.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

/// The name in a part: "unit price" of "unit price at the time of use", "number" of "the student's number
/// issued at registration".
fn name(head: &str) -> Option<String> {
    let own = ["'s ", "’s "].iter().find_map(|mark| head.split_once(mark));
    let head = own.filter(|it| it.0.starts_with("the ")).map_or(head, |it| it.1);
    // "short code of three letters".
    let form = head.split_once(" of ").filter(|it| super::tag::tag(it.1)[0].tag == Tag::Number);
    let head = form.map_or(head, |it| it.0);
    way(head).or_else(|| super::field_name::field_name(strip_words(head))).or_else(|| {
        let ends = [
            " at ",
            " in terms of ",
            " during ",
            " as of ",
            " in which ",
            " that ",
            " which ",
            " who ",
            " where ",
        ];
        let end = ends.iter().filter_map(|end| head.find(end)).min()?;
        let front = strip_words(&head[..end]);
        let front =
            front.rsplit_once(' ').filter(|it| it.1.ends_with("ed")).map_or(front, |it| it.0);
        super::field_name::field_name(front)
    })
}

/// Whether a name is that of a property by its last word, or by a first one that the others only
/// qualify: "date opened", "quantity used", "number of seats".
fn sounds_like_property(name: &str) -> bool {
    let mut words = name.split(' ');
    let first = words.next().unwrap_or_default();
    let qualifies =
        |word: &str| word.ends_with("ed") || matches!(word, "of" | "in" | "due" | "left");
    let is_qualified = words.next().is_some_and(qualifies) && is_property(first);
    let last = name.rsplit(' ').next().unwrap_or_default();
    // "started on", and no name else ends so.
    let is_moment = matches!(last, "on" | "at") && name.contains(' ');
    is_property(last) || name.contains('_') || is_qualified || is_moment
}

/// "from bin" and "to bin" of what goes from one to the other.
fn way(head: &str) -> Option<String> {
    let (first, thing) = head.split_once(' ')?;
    let is_way = matches!(first, "from" | "to") && thing.chars().all(char::is_alphanumeric);
    is_way.then(|| head.to_owned())
}

/// Whether a part begins with words that count several.
fn is_counted(head: &str) -> bool {
    let tokens = super::tag::tag(head);
    tokens.iter().take(3).any(|token| {
        token.tag == Tag::Many
            || token.tag == Tag::Number && !token.is("one") && !token.is("1")
            || token.is_any(&["more", "any"])
    })
}

/// "unique identifier (SKU)" is called SKU.
fn short_name(name: &str, rest: &str) -> Option<String> {
    let last = name.rsplit(' ').next()?.to_lowercase();
    let short = rest.strip_prefix('(')?.trim_end_matches(')');
    let is_short = (2..=5).contains(&short.len()) && short.chars().all(|c| c.is_ascii_uppercase());
    (matches!(last.as_str(), "identifier" | "number" | "code") && is_short)
        .then(|| short.to_owned())
}

/// Determiners and participles that are no part of a field's name.
pub(super) fn strip_words(head: &str) -> &str {
    let mut head = head.trim();
    for word in [
        "a ",
        "an ",
        "the ",
        "its ",
        "their ",
        "his ",
        "her ",
        "selected ",
        "current ",
        "unique ",
        "valid ",
        "correct ",
        "optional ",
        "required ",
        "nullable ",
        "mandatory ",
        "basic ",
        "linked ",
        "associated ",
        "full ",
        "long ",
        "short ",
        "detailed ",
        "written ",
        "multiple ",
    ] {
        // "full name" is a name of its own.
        if word == "full " && head.to_lowercase().starts_with("full name") {
            continue;
        }
        head = crate::words::strip_prefix_ignoring_case(head, word).unwrap_or(head).trim();
    }
    head
}

pub(super) fn split_and(part: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    let bytes = part.as_bytes();
    for at in 0..bytes.len() {
        match bytes[at] {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b' ' if depth == 0 && part[at..].starts_with(" and ") => {
                parts.push(&part[start..at]);
                start = at + " and ".len();
            }
            _ => {}
        }
    }
    parts.push(part.get(start..).unwrap_or_default());
    parts
}

/// "immutable item, price, currency, and address snapshots": the last noun belongs to all.
pub(super) fn shared_head(text: &str) -> Option<Vec<FieldFact>> {
    let text = text.trim().trim_end_matches('.');
    let (front, last) = text.rsplit_once(' ')?;
    if !matches!(last, "snapshots" | "timestamps" | "dates" | "ids" | "IDs" | "codes") {
        return None;
    }
    let front = strip_words(front);
    let front = front.strip_prefix("immutable ").unwrap_or(front);
    let head = super::noun::singular(last);
    let head = if last == "IDs" { "ID".to_owned() } else { head };
    let names: Vec<String> = split_top(front, &[','])
        .into_iter()
        .flat_map(split_and)
        .map(|part| part.trim().trim_start_matches("and ").to_owned())
        .filter(|part| !part.is_empty())
        .map(|part| format!("{part} {head}"))
        .collect();
    let good = names.len() >= 2 && names.iter().all(|name| name.split(' ').count() <= 3);
    good.then(|| names.into_iter().map(|name| FieldFact { name, ..FieldFact::default() }).collect())
}
