//! What the name of a field tells of its type, where no document does.

use crate::FieldKind;
use crate::names::words;

const MONEY: &[&str] = &[
    "price", "amount", "total", "subtotal", "cost", "fee", "fees", "balance", "salary", "budget",
    "revenue", "discount", "tax", "payout", "refund", "deposit", "income", "expense", "wage",
];

/// First words of the names of flags.
const FLAG_BEGINS: [&str; 16] = [
    "is", "has", "can", "allow", "allows", "visible", "should", "enable", "requires", "affects",
    "applies", "accepts", "supports", "includes", "needs", "wants",
];
/// Last words that make a moment or a person of it: `visible_until`, `visible_to`.
const NO_FLAG_ENDS: [&str; 7] = ["from", "until", "to", "by", "since", "after", "before"];

/// Whether a decimal number of this name is an amount of money.
pub fn is_money(name: &str) -> bool {
    let words = words(name);
    let not_money = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "rate"
                | "percent"
                | "percentage"
                | "pct"
                | "count"
                | "quantity"
                | "ratio"
                | "hours"
                | "days"
                | "minutes"
                | "points"
                | "km"
                | "kg"
                | "seconds"
                | "score"
                | "cents"
                | "minor"
                | "id"
                | "at"
                | "date"
                | "currency"
                | "number"
                | "no"
                | "code"
                | "type"
                | "name"
                | "status"
                | "method"
                | "reason"
                | "center"
                | "region"
                | "year"
                | "qty"
                | "units"
                | "applies"
                | "affects"
                | "exempt"
                | "included"
        )
    });
    !not_money && words.iter().any(|word| MONEY.contains(&word.as_str()))
}

/// Whether a name says which part of an amount this is: "spent", "remaining", "paid to date". Beside an amount of money it is
/// one too, since they are added up and compared.
pub fn is_part_of_money(name: &str) -> bool {
    const PARTS: &[&str] = &[
        "spent",
        "remaining",
        "paid",
        "due",
        "allocated",
        "outstanding",
        "owed",
        "refunded",
        "charged",
        "withheld",
        "committed",
        "overdue",
        "unpaid",
        "invoiced",
        "billed",
        "settled",
    ];
    const FILLERS: &[&str] = &["total", "amount", "to", "date", "so", "far", "already", "still"];
    let words = words(name);
    let is_among = |list: &[&str], word: &str| list.contains(&word);
    words.iter().any(|word| is_among(PARTS, word))
        && words.iter().all(|word| is_among(PARTS, word) || is_among(FILLERS, word))
}

/// What "number" means under this name.
pub(crate) fn number_kind(name: &str) -> FieldKind {
    if is_money(name) {
        return FieldKind::Money { precision: None, scale: None };
    }
    if is_count(name) || words(name).last().is_some_and(|word| word == "id") {
        return FieldKind::Integer { bits: 64, counted: false };
    }
    // A decimal holds whole numbers too, so that nothing is lost by the doubt.
    FieldKind::Decimal { precision: None, scale: None }
}

/// Whether a name that ends like a number of hours or minutes is about anything else: "opening hours", "meeting minutes".
pub(crate) fn is_told_time(name: &str) -> bool {
    const TOLD: &[&str] = &["opening", "business", "working", "office", "meeting", "visiting"];
    let words = words(name);
    let ends = words.last().is_some_and(|it| matches!(it.as_str(), "hours" | "minutes"));
    ends && words.iter().any(|word| TOLD.contains(&word.as_str()))
}

fn is_count(name: &str) -> bool {
    let words = words(name);
    let is_told = is_told_time(name);
    !is_told
        && words.last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "count"
                    | "quantity"
                    | "qty"
                    | "position"
                    | "age"
                    | "year"
                    | "month"
                    | "minutes"
                    | "seconds"
                    | "hours"
                    | "days"
                    | "weeks"
                    | "capacity"
                    | "size"
                    | "bytes"
                    | "version"
                    | "attempts"
                    | "retries"
                    | "stock"
                    | "points"
                    | "sequence"
                    | "cents"
                    | "index"
                    | "number"
                    | "level"
                    | "width"
                    | "height"
                    | "ms"
                    | "rank"
                    | "seats"
                    | "pages"
                    | "nights"
            )
        })
        || words.len() > 1
            && words.last().is_some_and(|word| matches!(word.as_str(), "left" | "remaining"))
}

/// The kind that a name alone suggests, with the reason.
pub(crate) fn kind_by_name(name: &str) -> Option<(FieldKind, String)> {
    let words = words(name);
    let first = words.first()?.as_str();
    let last = words.last()?.as_str();
    let several = words.len() > 1;
    let ends = || format!("its name ends with `{last}` and no document gives a type");
    let called = || format!("it is called `{name}` and no document gives a type");
    let integer = |bits| FieldKind::Integer { bits, counted: false };
    Some(match last {
        "id" if !several => (FieldKind::Uuid, called()),
        "uuid" | "guid" => (FieldKind::Uuid, ends()),
        "at" | "timestamp" | "datetime" if several || last != "at" => {
            (FieldKind::Timestamp, ends())
        }
        "date" | "birthday" | "dob" | "born" => (FieldKind::Date, ends()),
        "birth" | "purchase" | "issue" | "hire" | "expiry" | "service" | "loss" | "entry"
        | "visit" | "incident" | "delivery" | "arrival" | "departure" | "joining"
            if first == "date" =>
        {
            (FieldKind::Date, called())
        }
        "starts" | "ends" | "begins" | "started" | "ended" | "finished" => {
            (FieldKind::Timestamp, called())
        }
        "on" if several => (FieldKind::Date, ends()),
        // "effective_from", "validTo", "active until"
        "from" | "to" | "until" | "since"
            if several
                && matches!(
                    words[words.len() - 2].as_str(),
                    "effective" | "valid" | "active" | "available" | "applicable" | "locked"
                ) =>
        {
            (FieldKind::Timestamp, ends())
        }
        "credit" | "debit" if !several => (
            FieldKind::Money { precision: None, scale: None },
            "its name is that of an amount and no document gives a type".to_owned(),
        ),
        "limit"
            if several && matches!(first, "credit" | "spending" | "withdrawal" | "overdraft") =>
        {
            (
                FieldKind::Money { precision: None, scale: None },
                "its name is that of an amount and no document gives a type".to_owned(),
            )
        }
        "no" if several && matches!(first, "line" | "sequence" | "row" | "page" | "seq") => {
            (integer(32), ends())
        }
        "rate" if several && !is_wage(first) => {
            (FieldKind::Decimal { precision: None, scale: None }, ends())
        }
        "rate" if several => (
            FieldKind::Money { precision: None, scale: None },
            "its name is that of an amount and no document gives a type".to_owned(),
        ),
        "flag" if several => (FieldKind::Boolean, ends()),
        "in" | "out" if several && matches!(first, "qty" | "quantity" | "stock") => {
            (integer(32), called())
        }
        "time" if several => (FieldKind::Timestamp, ends()),
        "cents" | "minor" | "bytes" if several => (integer(64), ends()),
        "metadata" | "payload" | "settings" | "preferences" | "json" => (FieldKind::Json, ends()),
        "ip" if several => (FieldKind::IpAddress, ends()),
        _ if several && FLAG_BEGINS.contains(&first) && !NO_FLAG_ENDS.contains(&last) => (
            FieldKind::Boolean,
            format!("its name begins with `{first}` and no document gives a type"),
        ),
        "active" | "enabled" | "disabled" | "deleted" | "verified" | "archived" | "published"
        | "visible" | "hidden" => (FieldKind::Boolean, called()),
        "public" | "private" | "required" | "allowed" | "locked" | "confirmed" if several => {
            (FieldKind::Boolean, ends())
        }
        _ if is_money(name) => (
            FieldKind::Money { precision: None, scale: None },
            "its name is that of an amount and no document gives a type".to_owned(),
        ),
        "number" | "size" | "level" => return None,
        _ if several && matches!(first, "max" | "maximum" | "min" | "minimum") => {
            (integer(32), format!("its name begins with `{first}` and no document gives a type"))
        }
        "weight" | "distance" | "latitude" | "longitude" | "percentage" | "percent" => {
            (FieldKind::Decimal { precision: None, scale: None }, ends())
        }
        "paid" | "done" | "completed" | "cancelled" if !several => (FieldKind::Boolean, called()),
        _ if is_count(name) => (integer(32), ends()),
        "name" | "title" | "description" | "email" | "phone" | "slug" | "notes" | "note"
        | "url" | "address" | "city" | "country" | "comment" | "body" | "content" | "text"
        | "message" | "password" | "hash" | "token" | "username" | "label" | "reason" | "code"
        | "summary" | "currency" | "locale" | "timezone" | "language" | "bio" | "image"
        | "avatar" | "street" | "province" | "district" | "region" | "zip" | "postcode"
        | "template" | "explanation" | "instructions" | "remarks" | "remark" | "comments"
        | "excerpt" | "subject" | "brand" | "manufacturer" | "specialty" | "barcode" | "sku"
        | "isbn" | "iban" | "fingerprint" | "secret" | "link" | "path" | "filename" | "website"
        | "nickname" | "surname" | "firstname" | "lastname" => {
            (FieldKind::Text { max: None }, ends())
        }
        _ => return None,
    })
}

/// Whether a word says what is paid by: "hourly rate", "day rate".
fn is_wage(word: &str) -> bool {
    matches!(
        word,
        "hourly"
            | "hour"
            | "daily"
            | "day"
            | "nightly"
            | "night"
            | "weekly"
            | "monthly"
            | "pay"
            | "billing"
            | "base"
    )
}

/// A kind in words, for assumptions.
pub(crate) fn describe(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Uuid => "a UUID".to_owned(),
        FieldKind::Integer { bits, counted } => {
            let counted = if *counted { ", counted up by the database" } else { "" };
            format!("a whole number of {bits} bits{counted}")
        }
        FieldKind::Decimal { precision: Some(precision), scale } => {
            format!("a decimal number ({precision},{})", scale.unwrap_or(0))
        }
        FieldKind::Decimal { precision: None, .. } => "a decimal number".to_owned(),
        FieldKind::Money { precision: Some(precision), scale } => {
            format!("an amount of money ({precision},{})", scale.unwrap_or(0))
        }
        FieldKind::Money { precision: None, .. } => "an amount of money".to_owned(),
        FieldKind::Float => "an approximate number".to_owned(),
        FieldKind::Text { max: Some(max) } => format!("text of at most {max} characters"),
        FieldKind::Text { max: None } => "text".to_owned(),
        FieldKind::Boolean => "true or false".to_owned(),
        FieldKind::Date => "a day".to_owned(),
        FieldKind::Time => "a time of day".to_owned(),
        FieldKind::Timestamp => "a moment".to_owned(),
        FieldKind::Duration => "a span of time".to_owned(),
        FieldKind::Json => "a JSON document".to_owned(),
        FieldKind::Binary => "bytes".to_owned(),
        FieldKind::IpAddress => "an IP address".to_owned(),
        FieldKind::Enumeration(_) => "one of a list of values".to_owned(),
        FieldKind::List(inner) => format!("a list, each {}", describe(inner)),
        FieldKind::Unknown => "of unknown type".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell() {
        let kind = |name| kind_by_name(name).map(|(kind, _)| kind);
        assert_eq!(kind("created_at"), Some(FieldKind::Timestamp));
        assert_eq!(kind("isActive"), Some(FieldKind::Boolean));
        assert_eq!(kind("priceCents"), Some(FieldKind::Integer { bits: 64, counted: false }));
        assert_eq!(kind("size_bytes"), Some(FieldKind::Integer { bits: 64, counted: false }));
        assert_eq!(kind("max_retries"), Some(FieldKind::Integer { bits: 32, counted: false }));
        assert_eq!(kind("Total"), Some(FieldKind::Money { precision: None, scale: None }));
        for flag in ["visibleToPublic", "mfa_enabled", "profile_public", "has_parking", "hidden"] {
            assert_eq!(kind(flag), Some(FieldKind::Boolean), "{flag}");
        }
        let money = Some(FieldKind::Money { precision: None, scale: None });
        let decimal = Some(FieldKind::Decimal { precision: None, scale: None });
        for (name, expected) in [
            ("effective_from", Some(FieldKind::Timestamp)),
            ("affects_stock", Some(FieldKind::Boolean)),
            ("active flag", Some(FieldKind::Boolean)),
            ("hourly rate", money.clone()),
            ("exchange_rate", decimal),
            ("credit_limit", money),
            ("line_no", Some(FieldKind::Integer { bits: 32, counted: false })),
            ("date_of_service", Some(FieldKind::Date)),
            ("taxNumber", None),
            ("balance_status", None),
            ("comes_from", None),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
        assert_eq!(kind("visible_until"), None);
        assert_eq!(kind("flavour"), None);
        assert!(!is_money("tax_rate"));
    }
}
