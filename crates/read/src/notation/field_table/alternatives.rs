//! Values that a cell names with "or": "not null, buy or sell".

use crate::FieldFact;
use crate::modifier;
use crate::words::split_top;

/// Reads a cell of a text that names values, with the marks beside them; nothing where it names none.
pub(super) fn read(text: &str, field: &mut FieldFact) -> bool {
    let is_text = field.type_text.as_deref().is_some_and(|it| {
        matches!(it.to_lowercase().split('(').next(), Some("text" | "string" | "varchar"))
    });
    let parts = split_top(text, &[',', ';']);
    let named = parts.iter().enumerate().find_map(|(at, part)| Some((at, of(part)?)));
    let Some((named, values)) = named.filter(|_| is_text && field.enum_values.is_empty()) else {
        return false;
    };
    field.enum_values = values;
    for (_, part) in parts.iter().enumerate().filter(|(at, _)| *at != named) {
        modifier::read_into(part.trim(), false, field);
    }
    true
}

/// The values of a part that is nothing but their list: "buy or sell".
fn of(part: &str) -> Option<Vec<String>> {
    const NO_VALUES: &[&str] = &[
        "null", "empty", "blank", "none", "zero", "positive", "negative", "required", "optional",
        "unique", "more", "less", "greater", "longer", "shorter", "later", "earlier", "fewer",
        "above", "below", "over", "under", "equal",
    ];
    let values: Vec<String> = part.trim().split(" or ").map(|it| it.trim().to_owned()).collect();
    let is_value = |value: &String| {
        value.len() > 1
            && value.chars().all(|c| c.is_ascii_lowercase() || c == '_')
            && !NO_VALUES.contains(&value.as_str())
    };
    (values.len() > 1 && values.iter().all(is_value)).then_some(values)
}

#[cfg(test)]
mod tests {
    use crate::notation::check;
    use expect_test::expect;

    #[test]
    fn marks_in_a_list_and_values_with_or() {
        check(
            "## Bid\n| Field | Type | Notes |\n|-|-|-|\n| trader_id | uuid | FK Trader, required |\n| desk_id | uuid | FK Desk, not null |\n| zone_id | uuid | FK Zone, required by the exchange |\n\n## Trader\n| Field | Type | Constraints |\n|-|-|-|\n| side | text | not null, buy or sell |\n| note | text | null or empty |\n| limit | int | high or low |\n",
            &expect![[r#"
                1 field-table  entity Bid
                4 field-table  field Bid.trader_id uuid required -> Trader -- FK Trader, required
                5 field-table  field Bid.desk_id uuid required -> Desk -- FK Desk, not null
                6 field-table  field Bid.zone_id uuid -> Zone -- FK Zone, required by the exchange
                8 field-table  entity Trader
                11 field-table  field Trader.side text required [buy | sell]
                12 field-table  field Trader.note text {null or empty}
                13 field-table  field Trader.limit int {high or low}
            "#]],
        );
    }
}
