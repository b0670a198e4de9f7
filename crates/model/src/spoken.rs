//! The words of a name or a sentence as a reader hears them: `OrderLines` and "order line" are the same two.

/// The words of a name in lower case, each in the singular.
pub fn spoken_words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words.iter().map(|word| singular(word)).collect()
}

fn singular(word: &str) -> String {
    let stem = |end: &str, instead: &str| word.strip_suffix(end).map(|it| format!("{it}{instead}"));
    if word.len() > 4 {
        if let Some(found) = stem("ies", "y") {
            return found;
        }
        for end in ["sses", "xes", "ches", "shes"] {
            if word.ends_with(end) {
                return word[..word.len() - 2].to_owned();
            }
        }
        if word.ends_with("statuses") {
            return "status".to_owned();
        }
    }
    if word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| word.ends_with(end))
    {
        return word[..word.len() - 1].to_owned();
    }
    match word {
        "people" => "person".to_owned(),
        "children" => "child".to_owned(),
        _ => word.to_owned(),
    }
}
