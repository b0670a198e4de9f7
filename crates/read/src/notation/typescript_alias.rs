//! Other names for a type in TypeScript, and ids that are branded so that the compiler keeps them apart.

/// The type that an alias is another name for: `string`, `string & { readonly brand: unique symbol }`, `Brand<number, "Cents">`.
/// The brand is for the compiler alone; no value has it.
pub(super) fn meant(text: &str) -> Option<String> {
    const SCALARS: &[&str] = &["string", "number", "bigint", "boolean", "Date"];
    const BRANDS: &[&str] =
        &["Brand", "Branded", "Opaque", "Tagged", "Nominal", "Flavor", "Newtype", "Branding"];
    let text = text.trim().trim_end_matches(';').trim();
    let scalar = |text: &str| {
        let text = text.trim();
        SCALARS.contains(&text).then(|| text.to_owned())
    };
    if let Some((first, brand)) = text.split_once('&') {
        let brand = brand.trim().to_lowercase();
        let is_brand = brand.starts_with('{') && (brand.contains("brand") || brand.contains("tag"))
            || brand.starts_with("brand")
            || brand.starts_with("tagged");
        return scalar(first).filter(|_| is_brand);
    }
    if let Some((name, inside)) = text.split_once('<') {
        let is_brand = BRANDS.contains(&name.rsplit('.').next().unwrap_or(name).trim());
        return scalar(inside.split([',', '>']).next()?).filter(|_| is_brand);
    }
    scalar(text)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn other_names_for_a_type_and_brands() {
        check(
            "```ts\ntype OrderId = string & { readonly brand: unique symbol };\ntype Cents = Brand<number, 'Cents'>;\ntype Note = string;\ninterface Order {\n  id: OrderId;\n  total: Cents;\n  notes: Note[];\n  previous: OrderId | null;\n}\n```\n",
            &expect![[r#"
                5 typescript  entity Order
                6 typescript  field Order.id string required
                7 typescript  field Order.total number required
                8 typescript  field Order.notes string[] required
                9 typescript  field Order.previous string optional
            "#]],
        );
        // What has members of its own is no other name for a text.
        check(
            "```ts\ntype Named = Base & { name: string; tagline: string };\ninterface Base {\n  id: string;\n}\n```\n",
            &expect![[r#"
                2 typescript  entity Named
                2 typescript  field Named.id string required
                2 typescript  field Named.name string required
                2 typescript  field Named.tagline string required
            "#]],
        );
    }
}
