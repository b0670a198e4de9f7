//! What a schema script says, without the places that it was read from.

/// The script with each "stated in `document:line`" of its comments cut off: two scripts that agree
/// in the rest describe one database, whatever documents they were made from.
pub fn without_sources(script: &str) -> String {
    let mut text = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        match line.split_once("tated in ") {
            Some((before, _)) if line.starts_with("--") => {
                text.push_str(before);
                text.push_str("tated\n");
            }
            _ => text.push_str(line),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::without_sources;

    #[test]
    fn only_comments_lose_their_sources() {
        assert_eq!(
            without_sources(
                "-- Stated in a.md:3:\n--   total\nCOMMENT ON x IS 'Stated in full';\n"
            ),
            "-- Stated\n--   total\nCOMMENT ON x IS 'Stated in full';\n"
        );
    }
}
