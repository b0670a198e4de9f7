//! Stretches of time by the clock as conditions: "the last 30 days" are the rows since `now()` less 30 days.
//!
//! The clock is asked in the statement, and is no parameter: the planner then estimates from the statistics how many rows
//! lie in the stretch, in a plan for all calls too, where of a parameter it takes a fixed share; and which partitions
//! hold none of them is found when the statement begins (manual, section 5.11.4). No index can be for these rows alone,
//! since the condition of an index must not change (manual, CREATE INDEX).

use underpin_model::{TimeUnit, Window};
use underpin_pg::{BinaryOperator, Expr, Type};

/// The zone of the calendar: in that of a session, the same call gives another answer to each of them.
const ZONE: &str = "UTC";

/// That a value lies in the stretch; `None` where it is no moment.
pub(super) fn condition(value: &Expr, data_type: &Type, window: Window) -> Option<Expr> {
    let is_day = match data_type {
        Type::TimestampTz => false,
        Type::Date => true,
        _ => return None,
    };
    let compare = |operator, bound: Expr| Expr::binary(value.clone(), operator, bound);
    let from = |bound| compare(BinaryOperator::GreaterOrEqual, bound);
    let up_to = |bound| compare(BinaryOperator::LessOrEqual, bound);
    let before = |bound| compare(BinaryOperator::Less, bound);
    Some(Expr::And(match window {
        Window::Last(count, unit) => {
            vec![from(shifted(-i32::from(count), unit, is_day)), up_to(present(is_day))]
        }
        Window::Before(count, unit) => {
            vec![before(shifted(-i32::from(count), unit, is_day))]
        }
        Window::Next(count, unit) => {
            vec![from(present(is_day)), up_to(shifted(i32::from(count), unit, is_day))]
        }
        Window::This(unit) => vec![from(begin(unit, 0, is_day)), before(begin(unit, 1, is_day))],
        Window::Previous(unit) => {
            vec![from(begin(unit, -1, is_day)), before(begin(unit, 0, is_day))]
        }
        Window::Following(unit) => {
            vec![from(begin(unit, 1, is_day)), before(begin(unit, 2, is_day))]
        }
    }))
}

/// What is said of a statement whose stretch is one of the calendar.
pub(super) fn remark(window: Window) -> Option<String> {
    match window {
        Window::Last(..) | Window::Next(..) | Window::Before(..) => None,
        Window::This(unit) | Window::Previous(unit) | Window::Following(unit) => {
            Some(format!("{}s begin in {ZONE}", unit.as_str()))
        }
    }
}

fn now() -> Expr {
    Expr::Call("now", Vec::new())
}

/// The moment in the zone of the calendar, as its clocks show it.
fn clock() -> Expr {
    Expr::Call("timezone", vec![Expr::text(ZONE), now()])
}

fn present(is_day: bool) -> Expr {
    if is_day { Expr::Cast(Box::new(clock()), Type::Date) } else { now() }
}

fn interval(count: i32, unit: TimeUnit) -> Expr {
    // PostgreSQL has no interval of quarters.
    let (count, unit) = match unit {
        TimeUnit::Quarter => (count * 3, TimeUnit::Month),
        other => (count, other),
    };
    let several = if count == 1 { "" } else { "s" };
    let text = format!("{count} {}{several}", unit.as_str());
    Expr::Cast(Box::new(Expr::text(text)), Type::Interval)
}

/// So many units from a moment on, or back.
fn moved(from: Expr, count: i32, unit: TimeUnit) -> Expr {
    let operator = if count < 0 { BinaryOperator::Subtract } else { BinaryOperator::Add };
    Expr::binary(from, operator, interval(count.abs(), unit))
}

/// The moment so many units from now, or the day on which it lies.
fn shifted(count: i32, unit: TimeUnit, is_day: bool) -> Expr {
    if is_day {
        Expr::Cast(Box::new(moved(clock(), count, unit)), Type::Date)
    } else {
        moved(now(), count, unit)
    }
}

/// When the stretch of the calendar begins that is so many after the present one. Whole months are added by the clocks of
/// the zone: by those of the session, a month from the first of March in London is the last of March in New York.
fn begin(unit: TimeUnit, later: i32, is_day: bool) -> Expr {
    let word = || Expr::text(unit.as_str());
    if !is_day && later == 0 {
        return Expr::Call("date_trunc", vec![word(), now(), Expr::text(ZONE)]);
    }
    let present = Expr::Call("date_trunc", vec![word(), clock()]);
    let begin = if later == 0 { present } else { moved(present, later, unit) };
    if is_day {
        Expr::Cast(Box::new(begin), Type::Date)
    } else {
        Expr::Call("timezone", vec![Expr::text(ZONE), begin])
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::{TimeUnit, Window};
    use underpin_pg::{Expr, Ident, Type};

    fn shown(window: Window, data_type: &Type) -> Option<String> {
        let column = Expr::Column(Ident::new("at").unwrap());
        super::condition(&column, data_type, window).map(|it| it.to_string())
    }

    #[test]
    fn a_stretch_of_time_asks_the_clock() {
        for (window, moment, day) in [
            (
                Window::Last(30, TimeUnit::Day),
                "at >= now() - '30 days'::interval AND at <= now()",
                "at >= (timezone('UTC', now()) - '30 days'::interval)::date AND at <= timezone('UTC', now())::date",
            ),
            (
                Window::Before(5, TimeUnit::Year),
                "at < now() - '5 years'::interval",
                "at < (timezone('UTC', now()) - '5 years'::interval)::date",
            ),
            (
                Window::Next(1, TimeUnit::Quarter),
                "at >= now() AND at <= now() + '3 months'::interval",
                "at >= timezone('UTC', now())::date AND at <= (timezone('UTC', now()) + '3 months'::interval)::date",
            ),
            (
                Window::This(TimeUnit::Month),
                "at >= date_trunc('month', now(), 'UTC') AND \
                 at < timezone('UTC', date_trunc('month', timezone('UTC', now())) + '1 month'::interval)",
                "at >= date_trunc('month', timezone('UTC', now()))::date AND \
                 at < (date_trunc('month', timezone('UTC', now())) + '1 month'::interval)::date",
            ),
        ] {
            assert_eq!(shown(window, &Type::TimestampTz).as_deref(), Some(moment));
            assert_eq!(shown(window, &Type::Date).as_deref(), Some(day));
        }
    }

    #[test]
    fn what_is_no_moment_lies_in_no_stretch() {
        assert_eq!(shown(Window::This(TimeUnit::Day), &Type::Text), None);
    }
}
