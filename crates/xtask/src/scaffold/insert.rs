//! Inserting a line at a marker comment.

/// Adds `mod name;` to the block of module lines above the marker, in rustfmt's order.
pub(super) fn module(text: &str, marker: &str, name: &str) -> Result<String, String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let marked = position(&lines, marker)?;
    let visibility = lines[..marked]
        .last()
        .and_then(|line| line.split_once("mod "))
        .map_or_else(String::new, |(before, _)| before.to_owned());
    let line = format!("{visibility}mod {name};");
    let mut at = marked;
    while at > 0 && module_name(&lines[at - 1]).is_some_and(|other| other > name) {
        at -= 1;
    }
    lines.insert(at, line);
    Ok(joined(&lines))
}

/// Adds a line above the marker, indented like it.
pub(super) fn entry(text: &str, marker: &str, entry: &str) -> Result<String, String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let marked = position(&lines, marker)?;
    let indent = lines[marked].len() - lines[marked].trim_start().len();
    let added: Vec<String> =
        entry.lines().map(|line| format!("{}{line}", " ".repeat(indent))).collect();
    lines.splice(marked..marked, added);
    Ok(joined(&lines))
}

fn position(lines: &[String], marker: &str) -> Result<usize, String> {
    lines
        .iter()
        .position(|line| line.trim() == marker)
        .ok_or_else(|| format!("the line `{marker}` is gone: put it back where new lines belong"))
}

fn module_name(line: &str) -> Option<&str> {
    line.split_once("mod ")?.1.strip_suffix(';')
}

fn joined(lines: &[String]) -> String {
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_stay_in_order() {
        let text = "mod b;\nmod d;\n// here\n";
        assert_eq!(module(text, "// here", "a").unwrap(), "mod a;\nmod b;\nmod d;\n// here\n");
        assert_eq!(module(text, "// here", "c").unwrap(), "mod b;\nmod c;\nmod d;\n// here\n");
        assert_eq!(module(text, "// here", "e").unwrap(), "mod b;\nmod d;\nmod e;\n// here\n");
    }

    #[test]
    fn a_module_is_as_visible_as_its_neighbours() {
        let text = "pub(crate) mod b;\n// here\n";
        assert_eq!(
            module(text, "// here", "c").unwrap(),
            "pub(crate) mod b;\npub(crate) mod c;\n// here\n"
        );
    }

    #[test]
    fn the_first_module_of_an_empty_block() {
        assert_eq!(
            module("use x;\n\n// here\n", "// here", "a").unwrap(),
            "use x;\n\nmod a;\n// here\n"
        );
    }

    #[test]
    fn an_entry_is_indented_like_its_marker() {
        let text = "[\n    a,\n    // here\n]\n";
        assert_eq!(
            entry(text, "// here", "b(\n    1,\n),").unwrap(),
            "[\n    a,\n    b(\n        1,\n    ),\n    // here\n]\n"
        );
    }

    #[test]
    fn a_missing_marker_is_named() {
        assert!(entry("a\n", "// here", "b").unwrap_err().contains("`// here`"));
    }
}
