//! The name of a new unit, as words, as a module and in a template.

/// Words that rustc keeps for itself, and the one that every file uses for its tests.
const RESERVED: &[&str] = &[
    "as", "async", "await", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "unsafe", "use", "virtual", "where",
    "while", "yield", "tests",
];

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    module: String,
}

impl Name {
    /// Takes `field table`, `field-table`, `field_table` or `FieldTable`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        // "--help" asks for help, and for no unit of that name.
        if text.starts_with('-') {
            return Err(format!("`{text}` is no name: a name begins with a letter"));
        }
        let mut module = String::new();
        for (at, letter) in text.trim().char_indices() {
            match letter {
                'a'..='z' | '0'..='9' => module.push(letter),
                'A'..='Z' => {
                    if at > 0 && !module.ends_with('_') {
                        module.push('_');
                    }
                    module.push(letter.to_ascii_lowercase());
                }
                ' ' | '-' | '_' if !module.ends_with('_') => module.push('_'),
                ' ' | '-' | '_' => {}
                other => return Err(format!("`{text}`: `{other}` cannot stand in a file's name")),
            }
        }
        let module = module.trim_matches('_').to_owned();
        if !module.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err(format!("`{text}`: a name begins with a letter"));
        }
        if RESERVED.contains(&module.as_str()) {
            return Err(format!("`{text}` is a word of Rust's own: take another"));
        }
        Ok(Self { module })
    }

    pub(super) fn module(&self) -> &str {
        &self.module
    }

    /// Puts the name into a template: `@module@` is `field_table`, `@kebab@` is `field-table`, `@words@` is `field table`.
    pub(super) fn fill(&self, template: &str) -> String {
        template
            .replace("@module@", &self.module)
            .replace("@kebab@", &self.module.replace('_', "-"))
            .replace("@words@", &self.module.replace('_', " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_write_a_name() {
        for text in ["field table", "field-table", "field_table", "FieldTable", " Field  table "] {
            assert_eq!(Name::parse(text).unwrap().module(), "field_table", "{text}");
        }
    }

    #[test]
    fn names_that_cannot_be() {
        for text in ["", "9lives", "a/b", "../x", "café", "match", "_", "--help"] {
            assert!(Name::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn filling() {
        assert_eq!(
            Name::parse("field table").unwrap().fill("@module@ @kebab@ @words@"),
            "field_table field-table field table"
        );
    }
}
