//! Work on many things side by side, with the results in the order of the things.

use rayon::prelude::*;

/// What `of` makes of each item, in their order. Threads share what is more than `least` items, as many or more at a
/// time: fewer are done before another thread has begun.
pub fn map<'i, T: Sync, R: Send>(
    items: &'i [T],
    least: usize,
    of: impl Fn(&'i T) -> R + Sync + Send,
) -> Vec<R> {
    if items.len() <= least {
        return items.iter().map(of).collect();
    }
    items.par_iter().with_min_len(least.max(1)).map(of).collect()
}

/// As [`map`], for few items of which some take much longer than others: each thread takes the next one that nobody
/// has begun.
pub fn map_uneven<'i, T: Sync, R: Send>(
    items: &'i [T],
    of: impl Fn(&'i T) -> R + Sync + Send,
) -> Vec<R> {
    if let [only] = items {
        return vec![of(only)];
    }
    items.par_iter().with_max_len(1).map(of).collect()
}

/// Gives the memory of a large value back on another thread, which nobody waits for.
pub fn drop_aside<T: Send + 'static>(value: T) {
    rayon::spawn(move || drop(value));
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
