//! The naming convention: `snake_case`, tables in the plural. A name that is not made of words (it
//! holds quotes, semicolons, symbols) is kept to the letter and quoted wherever it stands.

use std::collections::BTreeSet;

use underpin_pg::{Ident, naming};

/// `OrderItem`, `order item` and `order-item` become `order_item`.
pub(crate) fn snake(name: &str) -> String {
    let name = name.trim();
    let wordy = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.'));
    if !wordy {
        return name.to_owned();
    }
    let characters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (at, &c) in characters.iter().enumerate() {
        if matches!(c, '-' | ' ' | '.' | '_') {
            if !out.ends_with('_') && !out.is_empty() {
                out.push('_');
            }
            continue;
        }
        let before = at.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(at + 1);
        let begins_word = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || before.is_uppercase() && after.is_some_and(|next| next.is_lowercase())
            });
        if begins_word && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    let trimmed = out.trim_end_matches('_');
    if trimmed.is_empty() { name.to_owned() } else { trimmed.to_owned() }
}

/// The plural of a name in `snake_case`; its last word alone changes.
pub(crate) fn plural(name: &str) -> String {
    const UNCOUNTABLE: [&str; 13] = [
        "data",
        "information",
        "metadata",
        "media",
        "news",
        "feedback",
        "equipment",
        "inventory",
        "stock",
        "people",
        "staff",
        "content",
        "children",
    ];
    let (head, last) = match name.rfind('_') {
        Some(at) => name.split_at(at + 1),
        None => ("", name),
    };
    if last.is_empty() || !last.chars().all(|c| c.is_ascii_lowercase()) {
        return name.to_owned();
    }
    let stem = |cut: usize| &last[..last.len() - cut];
    let changed = match last {
        "person" => "people".to_owned(),
        "child" => "children".to_owned(),
        _ if UNCOUNTABLE.contains(&last) => last.to_owned(),
        _ if last.ends_with("ss") || last.ends_with("us") || last.ends_with("is") => {
            if last.ends_with("sis") { format!("{}es", stem(2)) } else { format!("{last}es") }
        }
        // Most words that end in one s are plurals already.
        _ if last.ends_with('s') => last.to_owned(),
        _ if last.ends_with('y') && !last.ends_with(['a', 'e', 'o', 'u']) => {
            let vowel = last
                .as_bytes()
                .get(last.len().wrapping_sub(2))
                .is_some_and(|b| b"aeou".contains(b));
            if vowel { format!("{last}s") } else { format!("{}ies", stem(1)) }
        }
        _ if ["x", "z", "ch", "sh"].iter().any(|end| last.ends_with(end)) => format!("{last}es"),
        _ => format!("{last}s"),
    };
    format!("{head}{changed}")
}

/// Names that are taken in one namespace; a second use gets a number, as PostgreSQL does.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeSet<Ident>);

impl Names {
    /// The name, or the name with the first number that makes it new.
    pub(crate) fn claim(&mut self, wanted: &Ident) -> Ident {
        let mut name = wanted.clone();
        let mut number = 0_u32;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = naming::fit(&format!("{}{number}", wanted.as_str()), "");
        }
        name
    }
}

/// A name made of user text, cut to 63 bytes. NUL is refused long before; if it ever came here it
/// would become a visible replacement rather than a crash.
pub(crate) fn ident(text: &str) -> Ident {
    let text = text.replace('\0', "\u{fffd}");
    naming::fit(if text.is_empty() { "unnamed" } else { &text }, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_snake_case_and_the_rest_is_kept() {
        for (from, to) in [
            ("OrderItem", "order_item"),
            ("USER_ROLE", "user_role"),
            ("HTTPRequest", "http_request"),
            ("Order Item", "order_item"),
            ("createdAt", "created_at"),
            ("sha256Hash", "sha256_hash"),
            ("a\"b; DROP", "a\"b; DROP"),
            ("größe", "größe"),
            ("_", "_"),
        ] {
            assert_eq!(snake(from), to);
        }
    }

    #[test]
    fn plurals() {
        for (from, to) in [
            ("order_item", "order_items"),
            ("category", "categories"),
            ("address", "addresses"),
            ("status", "statuses"),
            ("users", "users"),
            ("box", "boxes"),
            ("key", "keys"),
            ("analysis", "analyses"),
            ("metadata", "metadata"),
            ("order_history", "order_histories"),
        ] {
            assert_eq!(plural(from), to);
        }
    }

    #[test]
    fn a_second_use_gets_a_number() {
        let mut names = Names::default();
        let wanted = ident("orders_total_check");
        assert_eq!(names.claim(&wanted).as_str(), "orders_total_check");
        assert_eq!(names.claim(&wanted).as_str(), "orders_total_check1");
        assert_eq!(names.claim(&wanted).as_str(), "orders_total_check2");
    }
}
