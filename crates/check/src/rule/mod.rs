//! The rules, one per file. Each holds its codes, whose doc comments are their pages: the first block of SQL there
//! is what it reports, the second what it does not; a test runs both.

mod access_path;
mod boolean_index;
mod column_type;
mod context_reference;
mod duplicate_index;
mod foreign_key_type;
mod generic_table;
mod half_null_foreign_key;
mod invalid_index;
mod life_cycle;
mod missing_foreign_key;
mod no_primary_key;
mod null_passes_check;
mod nullable_unique;
mod object_name;
mod partition_interval;
mod partition_key;
mod personal_data;
mod plain_secret;
mod repeated_columns;
mod rewrite_rule;
mod row_security;
mod search_path;
mod serial;
mod soft_deletion;
mod tenancy;
mod unindexed_foreign_key;
mod unvalidated;
mod value_list;
mod wide_primary_key;

use underpin_base::CodeInfo;

use crate::finding::Finding;
use crate::subject::Subject;

/// A rule: its codes, and the function that looks for what they tell of.
pub(crate) struct Rule {
    pub(crate) codes: &'static [&'static CodeInfo],
    pub(crate) apply: fn(&Subject<'_>, &mut Vec<Finding>),
}

const fn rule(
    codes: &'static [&'static CodeInfo],
    apply: fn(&Subject<'_>, &mut Vec<Finding>),
) -> Rule {
    Rule { codes, apply }
}

/// All rules, in the order of their codes; none looks at what another found.
pub(crate) const RULES: &[Rule] = &[
    // Keys and constraints.
    rule(no_primary_key::CODES, no_primary_key::apply),
    rule(wide_primary_key::CODES, wide_primary_key::apply),
    rule(nullable_unique::CODES, nullable_unique::apply),
    rule(foreign_key_type::CODES, foreign_key_type::apply),
    rule(half_null_foreign_key::CODES, half_null_foreign_key::apply),
    rule(unvalidated::CODES, unvalidated::apply),
    rule(null_passes_check::CODES, null_passes_check::apply),
    // Indexes.
    rule(unindexed_foreign_key::CODES, unindexed_foreign_key::apply),
    rule(duplicate_index::CODES, duplicate_index::apply),
    rule(boolean_index::CODES, boolean_index::apply),
    rule(invalid_index::CODES, invalid_index::apply),
    // Types.
    rule(column_type::CODES, column_type::apply),
    rule(serial::CODES, serial::apply),
    // Names.
    rule(object_name::CODES, object_name::apply),
    // Functions.
    rule(search_path::CODES, search_path::apply),
    // Row security.
    rule(row_security::CODES, row_security::apply),
    // The shape of tables.
    rule(rewrite_rule::CODES, rewrite_rule::apply),
    rule(repeated_columns::CODES, repeated_columns::apply),
    rule(value_list::CODES, value_list::apply),
    rule(generic_table::CODES, generic_table::apply),
    rule(missing_foreign_key::CODES, missing_foreign_key::apply),
    rule(plain_secret::CODES, plain_secret::apply),
    rule(soft_deletion::CODES, soft_deletion::apply),
    rule(partition_interval::CODES, partition_interval::apply),
    // What documents ask of a schema.
    rule(life_cycle::CODES, life_cycle::apply),
    rule(tenancy::CODES, tenancy::apply),
    rule(context_reference::CODES, context_reference::apply),
    rule(access_path::CODES, access_path::apply),
    rule(personal_data::CODES, personal_data::apply),
    rule(partition_key::CODES, partition_key::apply),
];

/// Every code of this crate.
pub fn codes() -> Vec<&'static CodeInfo> {
    let of_rules = RULES.iter().flat_map(|rule| rule.codes.iter().copied());
    of_rules.chain(crate::allowance::CODES.iter().copied()).collect()
}
