//! What every manifest keeps to: one place for versions, lints and licence, one source for dependencies.

use crate::workspace::Root;

/// Lines that a crate's manifest has, so that one change at the root reaches every crate.
const INHERITED: &[&str] = &[
    "[lints]\nworkspace = true",
    "version.workspace = true",
    "edition.workspace = true",
    "rust-version.workspace = true",
    "license.workspace = true",
];

/// The only source that a lock file may name. Anything else would make a clean clone depend on one machine's set-up.
const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub(super) fn inherit_from_the_workspace(root: &Root) -> Vec<String> {
    let mut remarks = Vec::new();
    for name in root.crates() {
        let path = format!("crates/{name}/Cargo.toml");
        match root.read(&path) {
            Ok(text) => remarks.extend(inherits(&path, &name, &text)),
            Err(remark) => remarks.push(remark),
        }
    }
    remarks
}

fn inherits(path: &str, name: &str, text: &str) -> Vec<String> {
    let mut remarks = Vec::new();
    for line in INHERITED {
        if !text.contains(line) {
            remarks.push(format!("{path}: lacks `{}`", line.replace('\n', " ")));
        }
    }
    if !text.contains(&format!("name = \"underpin-{name}\"")) {
        remarks.push(format!("{path}: the package of crates/{name} is named `underpin-{name}`"));
    }
    let mut in_dependencies = false;
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
        } else if in_dependencies && line.contains('=') && !line.contains("workspace = true") {
            remarks.push(format!(
                "{path}:{}: `{}` has its version here: versions live in the root Cargo.toml",
                at + 1,
                line.trim()
            ));
        }
    }
    remarks
}

pub(super) fn come_from_the_public_registry(root: &Root) -> Vec<String> {
    let mut remarks = Vec::new();
    match root.read("Cargo.lock") {
        Ok(text) => remarks.extend(foreign_sources(&text)),
        Err(remark) => remarks.push(remark),
    }
    let config = root.read(".cargo/config.toml").unwrap_or_default();
    for (at, line) in config.lines().enumerate() {
        let table = line.trim_start();
        if ["[source", "[registr"].iter().any(|it| table.starts_with(it)) {
            remarks.push(format!(
                ".cargo/config.toml:{}: `{table}`: where crates are fetched from is the user's matter",
                at + 1
            ));
        }
    }
    remarks
}

fn foreign_sources(lock: &str) -> Vec<String> {
    lock.lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let source = line.strip_prefix("source = \"")?.strip_suffix('"')?;
            (source != SOURCE).then(|| format!("Cargo.lock:{}: foreign source `{source}`", at + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]\nname = \"underpin-pg\"\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\n\n[lints]\nworkspace = true\n\n\
        [dependencies]\nindexmap.workspace = true\n";

    #[test]
    fn a_good_manifest_passes() {
        assert_eq!(inherits("Cargo.toml", "pg", GOOD), [""; 0]);
    }

    #[test]
    fn a_crate_without_the_lints_is_named() {
        let text = GOOD.replace("[lints]\nworkspace = true\n", "");
        assert_eq!(
            inherits("Cargo.toml", "pg", &text),
            ["Cargo.toml: lacks `[lints] workspace = true`"]
        );
    }

    #[test]
    fn a_version_of_its_own_is_named() {
        let text = format!("{GOOD}regex = \"1\"\n");
        assert!(inherits("Cargo.toml", "pg", &text)[0].contains("`regex = \"1\"`"));
    }

    #[test]
    fn a_foreign_source_is_named() {
        assert_eq!(foreign_sources(&format!("source = \"{SOURCE}\"\n")), [""; 0]);
        assert_eq!(foreign_sources("source = \"git+https://example.org/x\"\n").len(), 1);
    }
}
