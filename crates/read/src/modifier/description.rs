//! What the description of a field says beyond its meaning.

use smol_str::SmolStr;
use underpin_base::Phrases;

use super::halves;
use super::phrase::read_modifier;
use super::said::{BETWEEN_CHARACTERS, CHARACTERS, is_conditional, says_value};
use super::values::{
    bare_alternatives, bracketed_alternatives, enum_values, enumeration_intro, says_choice,
};
use super::{
    capitals, is_enumeration_type, is_scalar, read_if_only_modifiers, read_into, reference_target,
    set_values,
};
use crate::FieldFact;
use crate::words::{
    code_spans, first_word, is_identifier, lower_words, parenthesized, split_top,
    strip_prefix_ignoring_case, unquote,
};

/// What a description says beyond its meaning: a list of values, a reference, that it is optional.
pub(crate) fn read_description(text: &str, field: &mut FieldFact) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    if text.contains('（') {
        field.description.get_or_insert_with(|| text.to_owned());
        read_description(&text.replace('（', " (").replace('）', ")"), field);
        return;
    }
    let chunks: Vec<&str> =
        split_top(text, &[';']).into_iter().flat_map(|part| part.split(". ")).collect();
    let mut rest = chunks.iter().peekable();
    while let Some(chunk) = rest.next() {
        if let Some(said) = rest.peek().and_then(|next| said_in_halves(chunk, next)) {
            keep_halves(said, field);
            rest.next();
            continue;
        }
        if let [first, second] = split_top(chunk, &[','])[..]
            && let Some(said) = said_in_halves(first, second)
        {
            keep_halves(said, field);
            continue;
        }
        // "qty: qty > 0" repeats the name before the bound.
        let chunk = chunk.trim().trim_end_matches('.');
        let behind =
            strip_prefix_ignoring_case(chunk, &field.name).filter(|_| !field.name.is_empty());
        let chunk = behind
            .and_then(|rest| rest.strip_prefix(' '))
            .filter(|rest| says_value(rest))
            .map_or(chunk, str::trim);
        // "default 0, at most 2" holds two; a comma within a sentence parts nothing.
        let parts = between_commas(chunk);
        let is_said = |part: &String| {
            let words = lower_words(part);
            let first = words.first().map_or("", |it| it.as_str());
            says_value(part)
                || value_by_default(part).is_some()
                || says_truth(part)
                || matches!(first, "unique" | "initial" | "default" | "defaults")
                // "FK Venue, required"
                || matches!(words.as_slice(), [only] if matches!(only.as_str(), "required" | "mandatory" | "nullable" | "optional"))
                || matches!(words.as_slice(), [not, null] if not == "not" && null == "null")
        };
        if parts.len() > 1 && parts.iter().any(is_said) {
            for part in parts {
                read_mixed_chunk(part.trim(), field);
            }
        } else {
            read_mixed_chunk(chunk, field);
        }
    }
    if field.description.is_none() {
        field.description = Some(text.to_owned());
    }
    // "key; one letter and two digits"
    if field.primary_key.is_none() {
        let first = text.split([';', ',', '.']).next().unwrap_or_default().trim();
        field.primary_key = first.eq_ignore_ascii_case("key").then_some(true);
    }
    // "Registered user (nullable)"
    if field.required.is_none()
        && let Some((_, mark, "")) = parenthesized(text.trim_end_matches('.'))
    {
        field.required = match mark.trim().to_lowercase().as_str() {
            "nullable" | "optional" => Some(false),
            "required" | "not null" => Some(true),
            _ => None,
        };
    }
    if field.enum_values.is_empty() {
        if let Some((_, values, _)) = enumeration_intro(text) {
            set_values(field, enum_values(values));
        }
    }
    if field.enum_values.is_empty() {
        // "`open`, `paid`; default `open`": what is said behind the list is no part of it.
        let parts = split_top(text, &[';']);
        let listed = |part: &&str| Some(bare_alternatives(part)).filter(|it| it.len() > 1);
        let values = parts.iter().find_map(listed).unwrap_or_default();
        let is_list_type = field
            .type_text
            .as_deref()
            .is_some_and(|text| is_enumeration_type(text) || !is_scalar(text));
        let is_marked = field.constraints.iter().any(|text| text.eq_ignore_ascii_case("enum"));
        let bracketed = bracketed_alternatives(text);
        if values.len() > 1 {
            set_values(field, values);
        } else if bracketed.len() > 1 {
            set_values(field, bracketed);
        } else if is_list_type && values_in_brackets(text).len() > 1 {
            set_values(field, values_in_brackets(text));
        } else if is_list_type || is_marked || is_list_of_words(text) && says_choice(&field.name) {
            let first = parts.first().copied().unwrap_or(text);
            // "Kind of berth: FIXED, FLOATING or SWING" says first what the values are of.
            let is_label = |label: &str| !label.contains([',', '`', '|', '\'', '"', '/']);
            let first = match first.split_once(": ") {
                Some((label, rest))
                    if is_label(label) && (rest.contains(',') || rest.contains(" or ")) =>
                {
                    rest
                }
                _ => first,
            };
            let values = enum_values(first.split_once('.').map_or(first, |(first, _)| first));
            let is_modifier =
                |value: &String| read_modifier(value, true, &mut FieldFact::default()).is_some();
            let in_front = spans_in_front(text);
            if in_front.len() > 1 {
                set_values(field, in_front);
            } else if values.len() > 1 && !values.iter().any(is_modifier) {
                set_values(field, values);
            }
        }
    }
    if field.enum_values.is_empty() {
        set_values(field, capitals(text));
    }
    field.constraints.retain(|text| !text.eq_ignore_ascii_case("enum"));
    if field.references.is_none() {
        for mark in [
            "FK →",
            "FK ->",
            "FK to ",
            "Foreign key to ",
            "foreign key to ",
            "Foreign keys to ",
            "References ",
            "references ",
            "Reference to ",
            "reference to ",
            "→ ",
            "REFERENCES ",
        ] {
            if let Some((_, rest)) = text.cut_at(mark) {
                let before = &text[..text.len() - rest.len() - mark.len()];
                let is_start = before.is_empty()
                    || match mark {
                        // "New → Paid" draws a step.
                        "→ " => {
                            is_scalar(before.rsplit(' ').nth(1).unwrap_or(before))
                                || !before.trim_end().ends_with(char::is_alphanumeric)
                        }
                        _ => !mark.starts_with("Ref") && !mark.starts_with("ref"),
                    };
                if let Some((target, after)) = is_start.then(|| reference_target(rest)).flatten() {
                    // In running text only a marked name, a path or a capital letter at the end of
                    // the words is surely a name.
                    let ends = after.trim().is_empty()
                        || after.trim_start().starts_with([',', ';', '.', ')', '(']);
                    let is_capital = target.entity.starts_with(char::is_uppercase) && ends;
                    if rest.trim_start().starts_with('`') || target.field.is_some() || is_capital {
                        field.references = Some(target);
                        break;
                    }
                }
            }
        }
    }
    // "FK → Order (unique — one review per order)", "FK → Order (1-to-1)"
    if field.references.is_some() && field.unique.is_none() && says_only_one(text) {
        field.unique = Some(true);
    }
    // "references staff (one room per boss)": whose number is limited, the words say.
    let one_per =
        parenthesized(text).map(|(_, inside, _)| inside.trim()).filter(|it| is_one_per(it));
    if let Some(inside) = one_per.filter(|it| !field.constraints.iter().any(|other| other == it)) {
        field.constraints.push(inside.to_owned());
    }
    // "Player of a single (null for pairs)"
    let lower = text.to_lowercase();
    let is_absent = ["(null for ", "(null if ", "(null when ", "(null until ", "(null unless "];
    if field.required.is_none() && is_absent.iter().any(|words| lower.contains(words)) {
        field.required = Some(false);
    }
    if field.required.is_none() {
        let first = first_word(text).unwrap_or_default();
        match first.as_str() {
            "optional" | "nullable" => field.required = Some(false),
            // "Required when paid" leaves it empty in other rows.
            "required" | "mandatory" => field.required = Some(!is_conditional(&lower_words(text))),
            // "null until assigned"
            "null" if says_when(&lower_words(text)) => field.required = Some(false),
            "only" if is_conditional(&lower_words(text)) => field.required = Some(false),
            first if halves::ABSENT.contains(&first) && says_value(text) => {
                field.required = Some(false);
            }
            _ => {}
        }
    }
}

/// Whether the second word begins a case: "null until …", "null for pairs".
fn says_when(words: &[SmolStr]) -> bool {
    let cases = ["until", "unless", "if", "when", "while", "for", "before", "means"];
    words.get(1).is_some_and(|word| cases.contains(&word.as_str()))
}

fn said_in_halves(first: &str, second: &str) -> Option<Vec<String>> {
    let [first, second] = [first, second].map(|half| half.trim().trim_end_matches('.'));
    halves::rules(first, second)
}

fn keep_halves(said: Vec<String>, field: &mut FieldFact) {
    field.required.get_or_insert(false);
    for half in said {
        if !field.constraints.contains(&half) {
            field.constraints.push(half);
        }
    }
}

/// The single words in the brackets of a description: "kind of asset (BTC/USDT)".
fn values_in_brackets(text: &str) -> Vec<String> {
    let Some((_, inside, "")) = parenthesized(text.trim_end_matches('.')) else {
        return Vec::new();
    };
    let values = enum_values(inside);
    let are_words = values.iter().all(|value| is_identifier(value) && !is_scalar(value));
    if are_words { values } else { Vec::new() }
}

/// Whether brackets behind a reference say that no second row refers to the same.
fn says_only_one(text: &str) -> bool {
    let Some((before, inside, _)) = parenthesized(text) else { return false };
    let words = lower_words(inside);
    let first: Vec<&str> = words.iter().take(3).map(SmolStr::as_str).collect();
    let is_one =
        matches!(first.as_slice(), ["unique"] | ["1", "1"] | ["1" | "one", "to", "1" | "one"]);
    let behind = strip_prefix_ignoring_case(inside.trim(), "unique").map(str::trim_start);
    let gives_reason = behind.is_some_and(|rest| rest.starts_with(['—', '–', '-', ':', ',', ';']));
    before.contains(['→', '>']) && (is_one || gives_reason)
}

/// "one payment per appointment", "at most one open visit per pet".
fn is_one_per(text: &str) -> bool {
    const MOST: usize = 7;
    let words = lower_words(text);
    let lead = match words.iter().map(SmolStr::as_str).collect::<Vec<_>>().as_slice() {
        ["at", "most", "one", ..] => 3,
        ["only", "one", ..] => 2,
        ["one", ..] => 1,
        _ => return false,
    };
    let per = words.iter().position(|word| word == "per");
    words.len() <= MOST
        && per.is_some_and(|per| per > lead && per + 1 < words.len())
        && text.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '_')
}

/// Whether a text is nothing but single words between commas: "fee, damage, late".
fn is_list_of_words(text: &str) -> bool {
    let words: Vec<&str> = text.split(',').map(str::trim).collect();
    words.len() > 1 && words.iter().all(|word| is_identifier(word))
}

/// The parts of a text between commas, where "3 to 30 letters, digits and hyphens" is one part.
fn between_commas(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in split_top(text, &[',']) {
        let words = lower_words(part);
        let is_class = |word: &SmolStr| CHARACTERS.contains(&word.as_str());
        let goes_on = words.iter().any(is_class)
            && words
                .iter()
                .all(|word| is_class(word) || BETWEEN_CHARACTERS.contains(&word.as_str()));
        match parts.last_mut().filter(|_| goes_on) {
            Some(last) => *last = format!("{last}, {}", part.trim()),
            None => parts.push(part.to_owned()),
        }
    }
    parts
}

/// The value in "`open` by default", "0 to begin with", "initially no".
fn value_by_default(chunk: &str) -> Option<&str> {
    const BEHIND: &[&str] = &[" by default", " to begin with", " at first", " initially"];
    const BEFORE: &[&str] = &["initially ", "starts at ", "starts as ", "at first "];
    let chunk = chunk.trim();
    let behind = BEHIND.iter().find_map(|end| {
        let at = chunk.len().checked_sub(end.len()).filter(|&at| chunk.is_char_boundary(at))?;
        let (front, behind) = chunk.split_at(at);
        behind.eq_ignore_ascii_case(end).then_some(front)
    });
    let before = || BEFORE.iter().find_map(|lead| strip_prefix_ignoring_case(chunk, lead));
    let value = unquote(behind.or_else(before)?.trim());
    let is_one = !value.is_empty() && !value.contains(char::is_whitespace);
    is_one.then_some(value)
}

/// Whether a part of a description names the two values of a truth value: "yes or no".
fn says_truth(part: &str) -> bool {
    matches!(
        part.trim().to_lowercase().as_str(),
        "yes or no" | "yes/no" | "true or false" | "true/false" | "either yes or no" | "yes / no"
    )
}

/// Takes a part of a description that begins with a modifier: "FK → User", "unique per merchant",
/// "default `{}`". Other words stay description only.
fn read_mixed_chunk(chunk: &str, field: &mut FieldFact) {
    if let Some(value) = value_by_default(chunk) {
        field.default.get_or_insert(value.to_owned());
        return;
    }
    if says_truth(chunk) {
        field.type_text.get_or_insert_with(|| "boolean".to_owned());
        return;
    }
    let words = lower_words(chunk);
    let first = words.first().map_or("", SmolStr::as_str);
    let is_short = words.len() <= 5;
    match first {
        "unique"
            if words.get(1).is_some_and(|word| {
                matches!(
                    word.as_str(),
                    "per"
                        | "within"
                        | "with"
                        | "together"
                        | "across"
                        | "among"
                        | "amongst"
                        | "in"
                        | "for"
                        | "when"
                )
            }) && words.len() <= 10
                && !field.constraints.iter().any(|text| text == chunk) =>
        {
            field.constraints.push(chunk.to_owned());
        }
        "unique"
            if matches!(
                words[1..].join(" ").as_str(),
                "ignoring case"
                    | "regardless of case"
                    | "irrespective of case"
                    | "case insensitive"
                    | "case insensitively"
                    | "without regard to case"
            ) =>
        {
            field.unique.get_or_insert(true);
            field.constraints.push("ignoring case".to_owned());
        }
        "case" | "caseless" | "caselessly"
            if matches!(
                words.join(" ").as_str(),
                "case insensitive unique"
                    | "case insensitively unique"
                    | "caseless unique"
                    | "caselessly unique"
            ) =>
        {
            field.unique.get_or_insert(true);
            field.constraints.push("ignoring case".to_owned());
        }
        "one" if words.get(1).is_some_and(|word| word == "of") => {
            if let Some((_, values, _)) = enumeration_intro(chunk) {
                set_values(field, enum_values(values));
            }
        }
        // "initial `open`": in which state a row is born.
        "initial" | "initially" if words.len() <= 4 && code_spans(chunk).len() == 1 => {
            let value = code_spans(chunk)[0].to_owned();
            field.default.get_or_insert(value);
        }
        "fk" | "foreign" | "default" | "defaults" | "references" => {
            let mut probe = FieldFact::default();
            read_into(chunk, false, &mut probe);
            field.default = field.default.take().or(probe.default);
            let target = probe.references.filter(|_| !describes_target(&words));
            field.references = field.references.take().or(target);
        }
        _ if says_value(chunk) && !field.constraints.iter().any(|text| text == chunk) => {
            field.constraints.push(chunk.to_owned());
        }
        _ if is_short => read_if_only_modifiers(chunk, field),
        _ => {}
    }
}

/// Whether "references the completed task" says more of its target than a name: the word behind the
/// article belongs to the next one.
fn describes_target(words: &[SmolStr]) -> bool {
    let is_article = |word: &&SmolStr| matches!(word.as_str(), "the" | "a" | "an" | "to");
    let behind = || words.iter().skip(1).skip_while(is_article);
    let has_article = words.iter().skip(1).take(1).any(|word| is_article(&word));
    let is_quality =
        behind().next().is_some_and(|word| word.ends_with("ed") || word.ends_with("ing"));
    has_article && is_quality && behind().count() > 1
}

/// The words set as code that a text begins with, one behind the other: "`open` / `paid`, plus `late`, which the clock sets".
fn spans_in_front(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('`') {
        let is_joint = lower_words(before)
            .iter()
            .all(|word| matches!(word.as_str(), "or" | "and" | "plus" | "also"));
        let Some((value, behind)) = behind.split_once('`').filter(|_| is_joint) else { break };
        values.push(value.trim().to_owned());
        rest = behind;
    }
    values
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn what_descriptions_list_and_tie() {
        check(
            "## Lamps\n\n| Field | Type | Notes |\n|-|-|-|\n| Id | Guid | PK |\n| Color | text | Type: 'warm', 'cold' |\n| Mode | text | 'auto' (by light) or 'manual' |\n| Code | text | Format: 'A1', 'B2' |\n| State | enum | New → Lit → Broken / Gone |\n| Path | text | New → Lit |\n| SocketId | Guid | FK → Sockets (unique — one lamp each) |\n| PlugId | Guid | FK → Plugs (1-to-1) |\n| WireId | Guid | FK → Wires (unique color) |\n",
            &expect![[r#"
                1 field-table  entity Lamps
                5 field-table  field Lamps.Id Guid primary key -- PK
                6 field-table  field Lamps.Color text [warm | cold] -- Type: 'warm', 'cold'
                7 field-table  field Lamps.Mode text [auto | manual] -- 'auto' (by light) or 'manual'
                8 field-table  field Lamps.Code text -- Format: 'A1', 'B2'
                9 field-table  field Lamps.State enum [New | Lit | Broken | Gone] -- New → Lit → Broken / Gone
                9 field-table  transition Lamps.State: New -> Lit
                9 field-table  transition Lamps.State: Lit -> Broken
                9 field-table  transition Lamps.State: Lit -> Gone
                10 field-table  field Lamps.Path text -- New → Lit
                11 field-table  field Lamps.SocketId Guid unique -> Sockets -- FK → Sockets (unique — one lamp each)
                12 field-table  field Lamps.PlugId Guid unique -> Plugs -- FK → Plugs (1-to-1)
                13 field-table  field Lamps.WireId Guid -> Wires -- FK → Wires (unique color)
            "#]],
        );
    }
}
