//! One piece of blocking work on a few threads.

use std::thread;

/// Threads at most: libvirtd takes five requests of one client at a time.
const THREADS: usize = 3;
/// Fewer items than this are not worth a thread of their own.
const WORTH_A_THREAD: usize = 16;

/// Does the same with every item, in order, on a few threads where there are many.
///
/// # Errors
///
/// The first failure; what was done besides it is dropped.
pub(crate) fn spread<T, R, E>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E>
where
    T: Sync,
    R: Send,
    E: Send,
{
    let threads = (items.len() / WORTH_A_THREAD).clamp(1, THREADS);
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let work = &work;
    thread::scope(|scope| {
        let share = items.len().div_ceil(threads);
        let chunks = items.chunks(share);
        let running: Vec<_> = chunks
            .map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Result<Vec<R>, E>>()))
            .collect();
        let mut done = Vec::with_capacity(items.len());
        for thread in running {
            match thread.join() {
                Ok(part) => done.extend(part?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(done)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_stays_and_the_first_failure_is_told() {
        let items: Vec<u32> = (0..100).collect();
        let doubled: Result<Vec<u32>, ()> = spread(&items, |item| Ok(item * 2));
        assert_eq!(doubled.unwrap(), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        let failed = spread(&items, |item| if *item < 50 { Ok(*item) } else { Err(*item) });
        assert_eq!(failed.unwrap_err(), 50);
    }
}
