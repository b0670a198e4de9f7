//! A foreign key refuses a reference to a row that is not there, and lets in one that is, and NULL where
//! the column takes it.

use underpin_claim::{Claim, Evidence, Family, Verdict};
use underpin_pg::{Ddl, Expr, ForeignKey, Output, Select, TableRef};
use underpin_server::SessionError;

use super::Probe;
use super::on_delete::{delete, referred_to};
use crate::bench::{Bench, Finding, Scene, not_run, without_keys, without_triggers};
use crate::ring::{Broken, Duel, contested};
use crate::row::{Link, PlannedRow, Row, Shape, Wish};
use crate::trial::{Expected, Statements};
use crate::value::Value;

pub(super) const PROBE: Probe = Probe { family: Family::ForeignKey, judge };

fn judge(bench: &mut Bench<'_>, claim: &Claim) -> Result<Evidence, SessionError> {
    let shape = match bench.table(claim) {
        Ok(shape) => shape,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let table = &shape.table.name;
    let object = claim.subject.object.as_deref().unwrap_or_default();
    let Some(at) = shape.links.iter().position(|link| link.key.name.as_str() == object) else {
        return Ok(not_run(claim, format!("{table} has no foreign key `{object}`")));
    };
    if let Err(reason) = bench.ready(table)? {
        return Ok(not_run(claim, reason));
    }
    let link = &shape.links[at];
    let filled = link.columns.clone();
    // A row that is there is accepted.
    let with = Wish { present: Some(at), filled: filled.clone(), ..Wish::default() };
    let mut accepted = 0;
    match bench.plan(table, &with) {
        Ok(plan) => {
            let scenes = bench.scenes(&plan.rows);
            if let Err(reason) = bench.acceptance(&scenes)? {
                return Ok(not_run(claim, format!("a row with a reference was refused: {reason}")));
            }
            accepted += 1;
        }
        Err(reason) => return Ok(not_run(claim, reason)),
    }
    // NULL is accepted where the column takes it.
    if let Some(&column) = link.columns.iter().find(|&&at| !shape.table.columns[at].not_null) {
        let without = Wish { values: [(column, Value::Null)].into(), ..Wish::default() };
        if let Ok(plan) = bench.plan(table, &without) {
            let scenes = bench.scenes(&plan.rows);
            if let Err(reason) = bench.acceptance(&scenes)? {
                return Ok(Evidence::new(claim, Verdict::Refuted)
                    .note(format!("a row without a reference was refused: {reason}")));
            }
            accepted += 1;
        }
    }
    // A row that is not there is refused.
    let missing = Wish { dangling: Some(at), filled, ..Wish::default() };
    let plan = match bench.plan(table, &missing) {
        Ok(plan) => plan,
        Err(reason) => return Ok(not_run(claim, reason)),
    };
    let expected = Expected {
        sqlstates: &["23503"],
        table: Some(&table.name),
        constraint: Some(&link.key.name),
        column: None,
    };
    let attempts = scenes(bench, shape, link.key, &plan.rows);
    let finding = bench.refusal(&attempts, &expected)?;
    if let Some(evidence) = bench.stops(claim, &finding, "a reference to a row that is not there") {
        return Ok(evidence);
    }
    let mut refused = 1;
    if let Some(rows) = mixed(bench, shape, link, &with) {
        // Each part of the reference is there, but in two rows, as of two tenants.
        let scenes = scenes(bench, shape, link.key, &rows);
        let finding = bench.refusal(&scenes, &expected)?;
        let what = "a reference of which each part belongs to another row";
        if let Some(evidence) = bench.stops(claim, &finding, what) {
            return Ok(evidence);
        }
        refused += 1;
    }
    let evidence = Evidence::new(claim, Verdict::Proven)
        .measure("sqlstate", "23503")
        .measure("accepted", accepted)
        .measure("refused", refused);
    let evidence = match finding {
        Finding::Refused(isolation) if !isolation.is_empty() => {
            evidence.measure("isolation", isolation)
        }
        Finding::Refused(_) | Finding::Accepted | Finding::Otherwise(_) | Finding::NotSet(_) => {
            evidence
        }
    };
    let what = "a row is there that refers to one that was deleted meanwhile";
    contested(bench, claim, evidence, what, &mut |bench| {
        let filled = link.columns.clone();
        let wish = Wish { present: Some(at), filled, ..Wish::default() };
        let mut rows = bench.plan(&shape.table.name, &wish)?.rows;
        let last = rows.pop().expect("a plan ends with its row");
        let parent = &bench.shapes[&link.key.references];
        let gone = Expr::Not(Box::new(Expr::Exists(Box::new(there(parent, link, &last.values)))));
        let from = TableRef { table: shape.table.name.clone(), alias: None };
        let mut look =
            Select::new(vec![Output { value: Expr::integer(1), name: None }], Some(from));
        let own = shape.known_row(&last.values).ok_or("the row has no key to be known by")?;
        let refers =
            link.key.columns.iter().map(|name| Expr::IsNotNull(Box::new(Expr::column(name))));
        look.filter = Some(Expr::And([own, gone].into_iter().chain(refers).collect()));
        let delete = delete(parent, link, &last.values);
        let insert = bench.inserts(std::slice::from_ref(&last)).concat();
        Ok(Duel {
            setup: bench.inserts(&rows),
            acts: [insert, delete],
            broken: Broken::Found(look.to_string()),
        })
    })
}

/// The row that another refers to, if it is there.
fn there(parent: &Shape<'_>, link: &Link<'_>, child: &Row) -> Select {
    let from = TableRef { table: parent.table.name.clone(), alias: None };
    let mut select = Select::new(vec![Output { value: Expr::integer(1), name: None }], Some(from));
    select.filter = Some(referred_to(parent, link, child));
    select
}

/// So often another row is looked for that differs in what a reference carries.
const TRIES: usize = 12;

/// A row whose reference is that of one row but for its last column, which is that of another row; nothing
/// where the reference has one column only.
fn mixed(
    bench: &mut Bench<'_>,
    shape: &Shape<'_>,
    link: &Link<'_>,
    with: &Wish<'_>,
) -> Option<Vec<PlannedRow>> {
    let (&last, first) = link.columns.split_last()?;
    let mut rows = bench.plan(&shape.table.name, with).ok()?.rows;
    let mut child = rows.pop()?;
    if first.is_empty() {
        return None;
    }
    // What has few values, as the kind of a row, differs by chance.
    let other = (0..TRIES).find_map(|_| {
        let other = bench.planner.plan(&link.key.references, &Wish::default(), &rows).ok()?.rows;
        let values = &other.last()?.values;
        let differs = |(&own, &there): (&usize, &usize)| child.values[own] != values[there];
        first.iter().zip(&link.target_columns).all(differs).then_some(other)
    })?;
    child.values[last] = other.last()?.values[*link.target_columns.last()?].clone();
    rows.extend(other);
    rows.push(child);
    Some(rows)
}

/// As it is; without triggers; and without the table's other foreign keys, whose columns may be the
/// same, and its keys, whose values may be few.
fn scenes(
    bench: &Bench<'_>,
    shape: &Shape<'_>,
    key: &ForeignKey,
    rows: &[PlannedRow],
) -> Vec<Scene> {
    let mut scenes = bench.scenes(rows);
    let mut setup: Statements = without_triggers(rows);
    let others = shape.table.foreign_keys.iter().filter(|other| other.name != key.name);
    setup.extend(others.map(|other| {
        Ddl::DropConstraint(shape.table.name.clone(), other.name.clone()).to_string()
    }));
    let is_used = |columns: &[usize]| {
        let own = shape.links.iter().filter(|link| link.key.references == shape.table.name);
        own.into_iter().any(|link| link.target_columns == columns)
    };
    setup.extend(without_keys(shape, shape.keys.iter().filter(|it| !is_used(&it.columns))));
    let mut inserts = bench.inserts(rows);
    if let Some(last) = inserts.pop() {
        setup.extend(inserts);
        let isolation = "with the table's other foreign keys, and keys, taken away";
        scenes.push(Scene { setup, last, isolation });
    }
    scenes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Shop, judged};

    #[test]
    fn keys_simple_composite_and_nullable() {
        let judged = judged(Shop::new(), Family::ForeignKey, |_| {});
        for key in ["orders_user_id_fkey", "orders_parent_id_fkey", "lines_order_id_fkey"] {
            assert_eq!(
                judged.verdict(Family::ForeignKey, Some(key)),
                Verdict::Proven,
                "{key}: {}",
                judged.note(Family::ForeignKey, Some(key))
            );
        }
    }

    #[test]
    fn a_key_that_is_not_there_is_refuted() {
        let judged = judged(Shop::new(), Family::ForeignKey, |sql| {
            sql.push_str("ALTER TABLE public.orders DROP CONSTRAINT orders_user_id_fkey;");
        });
        assert_eq!(
            judged.verdict(Family::ForeignKey, Some("orders_user_id_fkey")),
            Verdict::Refuted
        );
    }

    #[test]
    fn a_reference_that_two_sessions_cut_is_refuted() {
        let name = "orders_user_id_fkey";
        let kept = judged(Shop::new(), Family::ForeignKey, |_| {});
        let levels = kept.measured(Family::ForeignKey, name, "two_sessions");
        assert_eq!(levels, "read committed, repeatable read");
        let raced = judged(Shop::new(), Family::ForeignKey, |sql| {
            sql.push_str(
                "ALTER TABLE public.orders DROP CONSTRAINT orders_user_id_fkey; \
                 CREATE FUNCTION public.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 IF NOT EXISTS (SELECT FROM public.users WHERE id = NEW.user_id) THEN \
                 RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE = 'no', \
                 TABLE = 'orders', CONSTRAINT = 'orders_user_id_fkey'; END IF; RETURN NEW; END $$; \
                 CREATE FUNCTION public.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 IF EXISTS (SELECT FROM public.orders WHERE user_id = OLD.id) THEN \
                 RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', MESSAGE = 'no', \
                 TABLE = 'orders', CONSTRAINT = 'orders_user_id_fkey'; END IF; RETURN OLD; END $$; \
                 CREATE TRIGGER look BEFORE INSERT ON public.orders FOR EACH ROW \
                 EXECUTE FUNCTION public.look(); CREATE TRIGGER keep BEFORE DELETE ON public.users \
                 FOR EACH ROW EXECUTE FUNCTION public.keep();",
            );
        });
        let note = raced.note(Family::ForeignKey, Some(name));
        assert_eq!(raced.verdict(Family::ForeignKey, Some(name)), Verdict::Refuted, "{note}");
        assert!(note.contains("two sessions at once"), "{note}");
    }
}
