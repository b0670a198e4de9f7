//! Sentences that say several things, each of which binds by itself.

/// The clauses of a sentence that stand side by side, each of which binds by itself; nothing where it has but one.
pub fn binding_parts(text: &str) -> Vec<&str> {
    const BINDING: &[&str] = &["must", "cannot", "never", "only", "may", "can"];
    let parts: Vec<&str> =
        text.split(", and ").flat_map(|it| it.split("; ")).flat_map(|it| it.split(". ")).collect();
    let binds = |text: &&str| text.to_lowercase().split(' ').any(|word| BINDING.contains(&word));
    if parts.len() > 1 && parts.iter().all(binds) { parts } else { Vec::new() }
}
