//! A rule's sentence in plain words: one way of saying a thing for each of the ways that people have.

use underpin_base::Phrases;

use super::only_when;
use super::sentence::strip_end;
use crate::default_words::literal_number;

/// "`left_on`, when present, must be after `hired_on`": what is missing breaks no comparison anyway.
pub(super) fn without_aside(text: &str) -> String {
    const ASIDES: &[&str] = &[
        ", when present,",
        ", if present,",
        ", when given,",
        ", if given,",
        ", when set,",
        ", if set,",
        ", when provided,",
        ", if provided,",
        ", when there is one,",
        ", if there is one,",
    ];
    if !text.contains(", when ") && !text.contains(", if ") {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    match ASIDES.iter().find_map(|aside| Some((lower.find(aside)?, aside.len()))) {
        Some((at, length)) => format!("{}{}", &text[..at], &text[at + length..]),
        None => text.to_owned(),
    }
}

/// "… is unique per bidder, so that a repeated request places no second bid": what a rule is for adds nothing to it.
pub(super) fn without_purpose(text: &str) -> &str {
    const PURPOSES: &[&str] = &[
        ", so that ",
        " so that ",
        ", so a ",
        ", so an ",
        ", so no ",
        ", because ",
        ", in order to ",
        ", which prevents ",
        ", which avoids ",
        ", to prevent ",
        ", to avoid ",
    ];
    // What begins with its purpose says the rule behind it.
    const SHORTEST: usize = 12;
    let lower = text.to_ascii_lowercase();
    let at = lower.first_of(PURPOSES).map(|(_, at)| at).filter(|at| *at >= SHORTEST);
    at.map_or(text, |at| &text[..at])
}

/// The same rule in the words that the patterns know: contractions and "must never" spelled out,
/// and without the remarks that add nothing to it.
pub(super) fn firm(text: &str) -> String {
    const SAME: &[(&str, &str)] = &[
        (" can't ", " cannot "),
        (" can not ", " cannot "),
        (" mustn't ", " must not "),
        (" must never ", " must not "),
        (" shall not ", " must not "),
        (" shall never ", " must not "),
        (" together are unique", " are unique"),
        (" together must be unique", " must be unique"),
        (" can never ", " cannot "),
        (" is never ", " must not be "),
        (" are never ", " must not be "),
        (" never drops ", " must not drop "),
        (" never drop ", " must not drop "),
        (" never goes ", " must not go "),
        (" never go ", " must not go "),
        (" never exceeds ", " must not exceed "),
        (" never exceed ", " must not exceed "),
        (" never falls ", " must not fall "),
        (" may not be ", " must not be "),
        (" may not exceed ", " must not exceed "),
        (" cannot be never ", " cannot be "),
        (" aren't ", " are not "),
        (" doesn't ", " does not "),
        (" his or her ", " its "),
        (" his/her ", " its "),
        (" may only be set when ", " is set only when "),
        (" may only be set if ", " is set only when "),
        (" can only be set when ", " is set only when "),
        (" may only be given when ", " is given only when "),
        (" may only be given if ", " is given only when "),
        (" can only be given when ", " is given only when "),
        (" exactly when ", " if and only if "),
        (" precisely when ", " if and only if "),
        (" just when ", " if and only if "),
        (" isn't ", " is not "),
        (" can only be used once", " must be unique"),
        (" can be used only once", " must be unique"),
        (" may only be used once", " must be unique"),
        (" may be used only once", " must be unique"),
        (" must only be used once", " must be unique"),
        (" cannot be used twice", " must be unique"),
        (" must not be used twice", " must be unique"),
        (" must not occur twice", " must be unique"),
        (" cannot occur twice", " must be unique"),
        (" must not repeat", " must be unique"),
        (" must not be repeated", " must be unique"),
        (" can be one of ", " is one of "),
        (" may be one of ", " is one of "),
        (" may have at most ", " has at most "),
        (" may not precede ", " must not precede "),
        (" always has ", " has "),
        (" lies between ", " is between "),
        (" lie between ", " are between "),
        (" is a percentage from ", " is from "),
        (" may contain up to ", " has at most "),
        (" can contain up to ", " has at most "),
        (" may be up to ", " has at most "),
        (" can be up to ", " has at most "),
        (" may have up to ", " has at most "),
        (" is only filled in for ", " is set only for "),
        (" is only filled in when ", " is set only when "),
        (" is filled in only for ", " is set only for "),
        (" can be either ", " is either "),
        (" may be either ", " is either "),
    ];
    // What several of them have in common is less to look for.
    const SHARED: &[&str] = &[
        " never",
        "'t ",
        " not ",
        " his",
        " when ",
        " once",
        " one of ",
        " either ",
        " up to ",
        " filled in ",
        " always ",
        " lie",
        " may ",
        " a percentage ",
        " together ",
        " shall ",
    ];
    // In a field's own row the words begin with it: "never negative".
    let mut text = match text.split_at_checked(6) {
        Some((first, rest))
            if first.eq_ignore_ascii_case("never ")
                && (rest.split_whitespace().count() <= 2 || rest.contains(" than ")) =>
        {
            format!("not {}", rest.trim_start_matches("be "))
        }
        _ => text.to_owned(),
    };
    let mut lower = text.to_ascii_lowercase();
    let may_say = lower.first_of(SHARED).is_some();
    for (said, meant) in SAME.iter().filter(|_| may_say) {
        if let Some(at) = lower.place_of(said) {
            text.replace_range(at..at + said.len(), meant);
            lower.replace_range(at..at + said.len(), meant);
        }
    }
    // A CHECK lets a row pass that has no value.
    let kept = strip_end(
        &text,
        &[
            " if provided",
            " when provided",
            " if present",
            " when present",
            " if set",
            " when set",
            " if given",
            " where provided",
            " if specified",
            " when specified",
        ],
    );
    let kept = match kept.to_ascii_lowercase().place_of(" is optional but must ") {
        Some(at) if kept.len() < text.len() => {
            format!("{}{}", &kept[..at], &kept[at + " is optional but".len()..])
        }
        _ => kept.to_owned(),
    };
    let remark = kept.ends_with(')').then(|| kept.rsplit_once(" (")).flatten();
    let kept = match remark {
        Some((front, remark)) if is_aside(remark) => front.to_owned(),
        Some(_) | None => kept,
    };
    only_when::adverb_first(&kept).unwrap_or(kept)
}

/// Remarks in brackets that say who keeps a rule, or that it has no exception.
fn is_aside(remark: &str) -> bool {
    let lower = remark.to_ascii_lowercase();
    let leads =
        ["enforced ", "including ", "see ", "validated ", "checked ", "per fr-", "fr-", "br-"];
    leads.iter().any(|lead| lower.starts_with(lead))
}

/// Takes off "BR-001:", "R3.1 -", "3." and the like.
pub(super) fn without_number(text: &str) -> &str {
    let Some((front, rest)) = text.split_once(' ') else { return text };
    let mark = front.trim_end_matches([':', '.', ')']);
    let numbered = mark.bytes().any(|b| b.is_ascii_digit())
        && mark.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "-._(".contains(c))
        && (front.len() > mark.len() || rest.starts_with('-'))
        && literal_number(front).is_none();
    if numbered { rest.trim_start_matches(['-', ':']).trim() } else { text }
}
