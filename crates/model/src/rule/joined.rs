//! Two rules in one sentence: "The amount must be positive, and the fee must not exceed it". Each must have its own
//! subject and verb, and nothing may stand in either that could be said of both: with "when it is posted" at the end, or
//! "if it is posted" in front, it is one rule.

/// Verbs that make a rule of a sentence.
const VERBS: &[&str] = &["must", "cannot", "is", "are", "has", "have", "shall", "may", "can"];

/// Words that limit what is said, perhaps also what stands on the other side.
const LIMITING: &[&str] = &[
    "when",
    "whenever",
    "if",
    "unless",
    "except",
    "where",
    "while",
    "until",
    "otherwise",
    "but",
    "only",
    "once",
    "during",
    "provided",
    "case",
    "cases",
    "before",
    "after",
    "then",
    "else",
    "respectively",
    "that",
    "which",
    "who",
    "whose",
    "same",
    "both",
    "together",
];

/// Words by which an explanation would take something back, or add a rule of its own.
const RESERVING: &[&str] = &[
    "must", "cannot", "shall", "should", "may", "can", "might", "not", "no", "none", "never",
    "without", "for", "other", "others", "another", "either", "or", "each", "per", "every", "any",
    "all", "unique", "least", "most", "exempt", "ignored", "allowed", "also", "and", "within",
    "among", "apart",
];

/// The most words that a subject has.
const LONGEST_SUBJECT: usize = 7;

/// The two sentences of one, where each could stand alone.
pub(crate) fn halves(text: &str) -> Option<[&str; 2]> {
    text.match_indices(" and ").find_map(|(at, and)| {
        let halves = [text[..at].trim_end_matches(','), &text[at + and.len()..]];
        halves.iter().all(|half| stands_alone(half)).then_some(halves)
    })
}

/// The sentences of one that lists what is required when, or that goes on with a bound for the value it began with:
/// "`a` is required for an open row, and `b` is required for a shut one", "`a` is always the sum of …, and it never exceeds `b`".
pub(crate) fn listed(text: &str) -> Option<Vec<String>> {
    const GOES_ON: &[&str] = &[
        ", and it never exceeds ",
        ", and never exceeds ",
        ", and it must not exceed ",
        ", and must not exceed ",
        " and it never exceeds ",
        " and never exceeds ",
    ];
    let parts: Vec<&str> = text.split(", and ").collect();
    let is_required = |part: &&str| {
        part.starts_with('`')
            && (part.contains("` is required ") || part.contains("` are required "))
    };
    if parts.len() > 1 && parts.iter().all(is_required) {
        return Some(parts.into_iter().map(str::to_owned).collect());
    }
    let (front, bound) = GOES_ON.iter().find_map(|it| text.split_once(it))?;
    let at = [" is always ", " always equals ", " equals ", " is "]
        .iter()
        .filter_map(|verb| front.find(verb))
        .min()?;
    Some(vec![front.to_owned(), format!("{} must not exceed {bound}", &front[..at])])
}

/// Whether a text has a subject and one verb of a rule behind it, and no limit.
fn stands_alone(text: &str) -> bool {
    let said = words(text);
    let is_verb = |word: &String| VERBS.contains(&word.as_str());
    let Some(verb) = said.iter().position(is_verb) else { return false };
    (1..=LONGEST_SUBJECT).contains(&verb)
        && said.len() > verb + 1
        && said.iter().filter(|word| is_verb(word)).count() == 1
        && !said.iter().any(|word| LIMITING.contains(&word.as_str()))
}

/// Whether what stands behind a colon only tells why or what for: it binds nothing and limits nothing.
pub(super) fn only_explains(text: &str) -> bool {
    let said = words(text);
    // "moves money once" tells how often, "once it is paid" when.
    let (last, front) = match said.split_last() {
        Some((last, front)) if last == "once" => (None, front),
        Some((last, front)) => (Some(last), front),
        None => return false,
    };
    let limits = |word: &String| {
        LIMITING.contains(&word.as_str())
            || RESERVING.contains(&word.as_str())
            || word.contains(|c: char| c.is_ascii_digit())
    };
    front.len() >= 2
        && !front.iter().chain(last).any(limits)
        && !text.contains(['<', '>', '=', '`'])
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '\'' | '.')));
    let words = words.map(|it| it.trim_matches(['.', '\'']).to_lowercase());
    words.filter(|it| !it.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;
    use expect_test::expect;

    #[test]
    fn each_half_is_a_rule() {
        check(
            &[
                ("Order", "The total must be greater than 0, and subtotal must differ from tax"),
                ("Order", "Order total must be greater than 7, and the moon must be full"),
                (
                    "Review",
                    "The rating must be at least 1, and product_id must differ from user_id.",
                ),
                ("Product", "The sku of a product is unique per merchant: a label names one thing"),
            ],
            &expect![[r#"
                unique merchant_id, sku
                rule "The sku of a product is unique per merchant: a label names one thing" became unique (merchant_id, sku)
                rule "The rating must be at least 1": rating >= 1
                rule "product_id must differ from user_id.": product_id <> user_id
                rule "The total must be greater than 0": total > 0
                rule "subtotal must differ from tax": subtotal <> tax
                rule "Order total must be greater than 7": total > 7
                rule "the moon must be full" as text only
            "#]],
        );
    }

    #[test]
    fn what_may_be_said_of_both_stays_whole() {
        check(
            &[
                (
                    "Order",
                    "total must be at least 5, and tax must be at least 1 when status is paid",
                ),
                ("Order", "If status is paid, total must be at least 5, and the moon must be full"),
                ("Product", "The sku of a product is unique per merchant: drafts do not count"),
                ("Product", "The name is unique per merchant: only for products in stock"),
            ],
            &expect![[r#"
                rule "The sku of a product is unique per merchant: drafts do not count" as text only
                rule "The name is unique per merchant: only for products in stock" as text only
                rule "total must be at least 5, and tax must be at least 1 when status is paid" as text only
                rule "If status is paid, total must be at least 5, and the moon must be full" as text only
            "#]],
        );
    }

    #[test]
    fn a_half_has_a_subject_and_a_verb() {
        assert!(halves("the sum of a, b and c must be 100").is_none());
        assert!(halves("a must be between 1 and 5").is_none());
        assert!(halves("a must be 1, and b must be 2").is_some());
    }
}
