//! Which fields a rule bounds from below and from above, whatever row it is: a value that is no number sorts above all
//! numbers, so that only a bound from above refuses it.

use crate::{Comparison, Expression, Literal};

impl<F: Clone + PartialEq> Expression<F> {
    /// The fields that must be greater than something in every row, each once.
    pub fn bounded_below(&self) -> Vec<F> {
        let mut found = Vec::new();
        self.each_comparison(&mut |greater, _| {
            if let Self::Field(field) = greater
                && !found.contains(field)
            {
                found.push(field.clone());
            }
        });
        found
    }

    /// The fields that must be at most some number in every row, each once.
    pub fn bounded_above(&self) -> Vec<F> {
        let mut found = Vec::new();
        self.each_comparison(&mut |greater, less| {
            if let (Self::Literal(Literal::Integer(_) | Literal::Decimal(_)), Self::Field(field)) =
                (greater, less)
                && !found.contains(field)
            {
                found.push(field.clone());
            }
        });
        found
    }

    /// The comparisons that hold in every row, the greater side first.
    fn each_comparison<'e>(&'e self, see: &mut dyn FnMut(&'e Self, &'e Self)) {
        match self {
            Self::All(list) => list.iter().for_each(|part| part.each_comparison(see)),
            Self::Compare(left, Comparison::Greater | Comparison::GreaterOrEqual, right) => {
                see(left, right);
            }
            Self::Compare(left, Comparison::Less | Comparison::LessOrEqual, right) => {
                see(right, left);
            }
            Self::Compare(_, Comparison::Equal | Comparison::NotEqual, _)
            | Self::Field(_)
            | Self::Literal(_)
            | Self::Calculate(..)
            | Self::OneOf(..)
            | Self::Length(_)
            | Self::Matches(..)
            | Self::JsonForm(..)
            | Self::IsPresent(_)
            | Self::Apart { .. }
            | Self::Together { .. }
            | Self::Any(_)
            | Self::Not(_)
            | Self::Implies(..) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_in_every_row_bounds() {
        let number = |it| Expression::Literal(Literal::Integer(it));
        let low = Expression::compare(Expression::Field('a'), Comparison::Greater, number(0));
        let high = Expression::compare(Expression::Field('a'), Comparison::LessOrEqual, number(9));
        let other = Expression::compare(
            Expression::Field('b'),
            Comparison::LessOrEqual,
            Expression::Field('c'),
        );
        let all = Expression::All(vec![low.clone(), high, other]);
        assert_eq!((all.bounded_below(), all.bounded_above()), (vec!['a', 'c'], vec!['a']));
        let some = Expression::Any(vec![low]);
        assert_eq!((some.bounded_below(), some.bounded_above()), (vec![], vec![]));
    }
}
