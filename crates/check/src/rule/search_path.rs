//! Functions whose meaning depends on who calls them, and functions that lend their owner's rights.

use underpin_pg::introspect::{Callers, NameLookup};

use crate::finding::{Finding, Object, short};
use crate::subject::Subject;

underpin_base::codes! {
    /// A function's body is looked up along the caller's `search_path`.
    ///
    /// What its names mean depends on who calls it, and in a restore or an index, where the path is empty, it fails.
    ///
    /// ```sql
    /// CREATE FUNCTION vat(net numeric) RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN RETURN net * 1.2; END $$;
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE FUNCTION vat(net numeric) RETURNS numeric LANGUAGE plpgsql SET search_path = ''
    ///   AS $$ BEGIN RETURN net * 1.2; END $$;
    /// ```
    MUTABLE_SEARCH_PATH = "C050", "mutable-search-path";
    /// A SECURITY DEFINER function's body is looked up along the caller's `search_path`.
    ///
    /// It runs with its owner's rights. Whoever can create a table or a function anywhere puts it before the one that is
    /// meant, and has those rights too (manual, CREATE FUNCTION, "Writing SECURITY DEFINER Functions Safely").
    ///
    /// ```sql
    /// CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN 1; END $$;
    /// REVOKE EXECUTE ON FUNCTION total() FROM PUBLIC;
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
    ///   AS $$ BEGIN RETURN 1; END $$;
    /// REVOKE EXECUTE ON FUNCTION total() FROM PUBLIC;
    /// ```
    DEFINER_SEARCH_PATH = "C051", "definer-search-path";
    /// Everybody may call a SECURITY DEFINER function.
    ///
    /// A new function may be called by PUBLIC (manual, section 5.7), and this one acts with its owner's rights.
    ///
    /// ```sql
    /// CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
    ///   AS $$ BEGIN RETURN 1; END $$;
    /// ```
    ///
    /// Better:
    ///
    /// ```sql
    /// CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
    ///   AS $$ BEGIN RETURN 1; END $$;
    /// REVOKE EXECUTE ON FUNCTION total() FROM PUBLIC;
    /// ```
    PUBLIC_DEFINER = "C052", "public-definer";
}

pub(super) fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for routine in &subject.surroundings.routines {
        let (object, name) = (Object::whole(&routine.name), short(&routine.name));
        if routine.names == NameLookup::CallersPath {
            findings.push(if routine.security_definer {
                Finding::error(
                    DEFINER_SEARCH_PATH,
                    object.clone(),
                    format!("`{name}` runs with its owner's rights and looks its names up along the caller's search_path"),
                )
                .help("add SET search_path = '' and qualify the names in its body")
            } else {
                Finding::note(
                    MUTABLE_SEARCH_PATH,
                    object.clone(),
                    format!("what the names in `{name}` mean depends on the caller's search_path"),
                )
                .help("add SET search_path = '' and qualify the names in its body")
            });
        }
        if routine.security_definer && routine.callers == Callers::Public {
            findings.push(
                Finding::warning(
                    PUBLIC_DEFINER,
                    object,
                    format!("everybody may call `{name}`, which runs with its owner's rights"),
                )
                .help("REVOKE EXECUTE ON FUNCTION … FROM PUBLIC, and grant it to who needs it"),
            );
        }
    }
}
