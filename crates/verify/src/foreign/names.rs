//! How alike two names are: `Order.placedAt` and `tbl_orders.placed_on` mean the same to a reader.

pub(super) use underpin_model::spoken_words as words;

/// The letters and digits of a name in lower case: labels of enumerations are compared by them.
pub(super) fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a person writes for the same thing. Each line is one meaning.
const SAME: &[&[&str]] = &[
    &["status", "state"],
    &["start", "begin", "from", "starting", "lower"],
    &["end", "finish", "to", "until", "ending", "upper", "through"],
    &["email", "mail"],
    &["phone", "telephone", "tel", "mobile"],
    &["quantity", "qty", "count"],
    &["description", "desc", "details"],
    &["amount", "total", "sum"],
    &["address", "addr"],
    &["created", "inserted"],
    &["updated", "modified", "changed"],
    &["cancelled", "canceled"],
    &["organisation", "organization", "org"],
    &["licence", "license"],
    &["body", "text", "content", "message"],
    &["number", "no", "nr", "num"],
    &["identifier", "id"],
    &["birth", "dob", "born"],
    &["user", "account"],
    &["reference", "ref"],
    &["maximum", "max"],
    &["minimum", "min"],
    &["currency", "ccy"],
    &["price", "cost"],
    &["postal", "zip", "postcode"],
    &["active", "enabled"],
    &["name", "title", "label"],
];

/// Words that say in which form a value is written, not what it is.
const FORM: &[&str] = &[
    "id",
    "at",
    "on",
    "date",
    "time",
    "ts",
    "utc",
    "cent",
    "minor",
    "code",
    "is",
    "has",
    "value",
    "key",
    "the",
    "of",
    "timestamp",
    "datetime",
    "flag",
    "uuid",
    "type",
];

fn alike(left: &str, right: &str) -> bool {
    left == right || SAME.iter().any(|line| line.contains(&left) && line.contains(&right)) || {
        let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
        short.len() >= 4 && long.starts_with(short) && long.len() - short.len() <= 4
    }
}

/// From 0 for nothing in common to 100 for the same words. `context` are the words of what the names
/// belong to, which either may repeat.
pub(super) fn likeness(left: &[String], right: &[String], context: &[&[String]]) -> u32 {
    if left == right || left.concat() == right.concat() {
        return 100;
    }
    let within = |words: &[String]| -> Vec<String> {
        for context in context {
            if !context.is_empty() && words.len() > context.len() && words.starts_with(context) {
                return words[context.len()..].to_vec();
            }
        }
        words.to_vec()
    };
    let (left, right) = (within(left), within(right));
    if left == right {
        return 95;
    }
    let core = |words: &[String]| -> Vec<String> {
        let kept: Vec<String> =
            words.iter().filter(|word| !FORM.contains(&word.as_str())).cloned().collect();
        if kept.is_empty() { words.to_vec() } else { kept }
    };
    if is_initials(&left, &right) || is_initials(&right, &left) {
        return 80;
    }
    let (left_core, right_core) = (core(&left), core(&right));
    if left_core == right_core {
        return 90;
    }
    if left_core.len() == right_core.len()
        && left_core.iter().zip(&right_core).all(|(left, right)| alike(left, right))
    {
        return 80;
    }
    let all_in = |few: &[String], many: &[String]| {
        few.iter().all(|word| many.iter().any(|other| alike(word, other)))
    };
    let (few, many) = if left_core.len() <= right_core.len() {
        (&left_core, &right_core)
    } else {
        (&right_core, &left_core)
    };
    if all_in(few, many) && many.len() - few.len() <= 1 {
        return 60;
    }
    0
}

/// Whether one word is made of the first letters of others: `mrn` for a medical record number.
fn is_initials(short: &[String], long: &[String]) -> bool {
    let [short] = short else { return false };
    long.len() >= 3
        && *short == long.iter().filter_map(|word| word.chars().next()).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(left: &str, right: &str) -> u32 {
        likeness(&words(left), &words(right), &[&words("Appointment")])
    }

    #[test]
    fn what_people_write_for_the_same_thing() {
        assert_eq!(words("OrderItems"), ["order", "item"]);
        assert_eq!(like("startsAt", "starts_at"), 100);
        assert_eq!(like("status", "appointment_status"), 95);
        assert_eq!(like("status", "status_id"), 90);
        assert_eq!(like("status", "state"), 80);
        assert!(like("fee", "fee_cents") >= 80);
        assert_eq!(like("MedicalRecordNumber", "mrn"), 80);
        assert_eq!(like("dueNow", "dn"), 0);
        assert_eq!(like("name", "fee"), 0);
    }
}
