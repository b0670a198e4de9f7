//! Work on many things side by side, with the results in the order of the things.

use std::iter;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What `of` makes of each item, in their order. Where there are more than `least` items for each of several
/// processors, threads share them; fewer are done before another thread has begun.
pub fn map<'i, T: Sync, R: Send>(
    items: &'i [T],
    least: usize,
    of: impl Fn(&'i T) -> R + Sync,
) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let part = items.len().div_ceil(threads).max(least).max(1);
    let Some((first, others)) = items.split_at_checked(part) else {
        return items.iter().map(of).collect();
    };
    let of = &of;
    thread::scope(|scope| {
        let others: Vec<_> = others
            .chunks(part)
            .map(|part| scope.spawn(move || part.iter().map(of).collect::<Vec<R>>()))
            .collect();
        let mut made: Vec<R> = first.iter().map(of).collect();
        for part in others {
            made.append(&mut part.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        made
    })
}

/// As [`map`], for few items of which some take much longer than others: each thread takes the next one that nobody
/// has begun.
pub fn map_uneven<'i, T: Sync, R: Send>(items: &'i [T], of: impl Fn(&'i T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let taken = iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
        taken.map_while(|at| Some((at, of(items.get(at)?)))).collect::<Vec<(usize, R)>>()
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut made = work();
        for other in others {
            made.append(&mut other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        made.sort_by_key(|(at, _)| *at);
        made.into_iter().map(|(_, result)| result).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_that_of_the_items() {
        for count in [0, 1, 2, 3, 10, 1001] {
            let items: Vec<usize> = (0..count).collect();
            for least in [0, 1, 7, 5000] {
                assert_eq!(map(&items, least, |&item| item), items, "{count} by {least}");
            }
            assert_eq!(map_uneven(&items, |&item| item), items, "{count}");
        }
    }
}
