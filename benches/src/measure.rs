//! Measuring: medians, and pairs that are run in turn.

use std::time::{Duration, Instant};

/// How long `work` took.
pub(crate) fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let result = work();
    (began.elapsed(), result)
}

/// The median of `times`.
pub(crate) fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The median of `runs` timings in seconds, after one that is not counted.
pub(crate) fn seconds(runs: usize, mut work: impl FnMut() -> Duration) -> f64 {
    work();
    median((0..runs).map(|_| work().as_secs_f64()).collect())
}
