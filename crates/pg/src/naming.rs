//! Names for constraints and indexes as PostgreSQL itself chooses them: `table_column_suffix`, within
//! 63 bytes.

use crate::Ident;

/// `table_columns_suffix`, such as `orders_customer_id_fkey`. A name that would be too long keeps its
/// beginning and its suffix, with eight hexadecimal digits of a hash of the whole between them, so
/// that two long names stay two and every run chooses the same.
pub fn object_name(table: &Ident, columns: &[&Ident], suffix: &str) -> Ident {
    let mut name = table.as_str().to_owned();
    for column in columns {
        name.push('_');
        name.push_str(column.as_str());
    }
    fit(&name, suffix)
}

/// A name made of user text: its NUL characters refused by the caller, cut to 63 bytes as above.
pub fn fit(stem: &str, suffix: &str) -> Ident {
    let tail = if suffix.is_empty() { String::new() } else { format!("_{suffix}") };
    let whole = format!("{stem}{tail}");
    if whole.len() <= Ident::MAX_BYTES {
        return Ident::new(whole).expect("a stem is not empty and holds no NUL");
    }
    let mark = format!("_{:08x}{tail}", fnv1a(&whole));
    let mut end = Ident::MAX_BYTES - mark.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    Ident::new(format!("{}{mark}", &stem[..end])).expect("cut to fit")
}

/// FNV-1a, 32 bits: stable, and enough to keep a schema's long names apart.
fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let table = Ident::new("ü".repeat(31)).unwrap();
        let one = Ident::new("first_of_two_long_columns").unwrap();
        let two = Ident::new("first_of_two_long_columnz").unwrap();
        let names = [object_name(&table, &[&one], "fkey"), object_name(&table, &[&two], "fkey")];
        assert_ne!(names[0], names[1]);
        for name in names {
            assert!(name.as_str().len() <= 63 && name.as_str().ends_with("_fkey"), "{name}");
        }
        let short = Ident::new("orders").unwrap();
        assert_eq!(
            object_name(&short, &[&one], "idx").as_str(),
            "orders_first_of_two_long_columns_idx"
        );
    }
}
