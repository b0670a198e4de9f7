//! What a heading is about, without the words for the sort of thing that stands below it.

/// The thing that a heading such as "Order State Machine" or "Indexes of `orders`" is about.
pub(super) fn subject_of(title: &str) -> Option<String> {
    if let [code] = crate::words::code_spans(title).as_slice() {
        return Some((*code).to_owned());
    }
    let title = crate::entity_name::strip_numbering(title);
    let mut words: Vec<&str> = title
        .split(|c: char| c.is_whitespace() || matches!(c, ':' | '(' | ')' | '/'))
        .filter(|word| !word.is_empty())
        .collect();
    while words.len() > 1 {
        let last = words[words.len() - 1].to_lowercase();
        let is_topic = matches!(
            last.as_str(),
            "state"
                | "states"
                | "machine"
                | "lifecycle"
                | "life"
                | "cycle"
                | "transitions"
                | "status"
                | "workflow"
                | "flow"
                | "diagram"
                | "indexes"
                | "rules"
                | "relationships"
                | "queries"
                | "object"
                | "entity"
                | "table"
                | "states/transitions"
                | "invariants"
                | "validation"
                | "constraints"
                | "transition"
                | "aggregate"
                | "statuses"
        );
        if !is_topic {
            break;
        }
        words.pop();
    }
    (words.len() <= 4 && !words.is_empty()).then(|| words.join(" "))
}
