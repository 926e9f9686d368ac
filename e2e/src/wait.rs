//! Waits for a condition of the outside world, with a deadline and the last thing seen.

use std::fmt::Display;
use std::time::Duration;

use anyhow::{Result, anyhow};
use backon::{BlockingRetryable, ConstantBuilder};

const TICK: Duration = Duration::from_millis(100);

/// Looks until `look` finds what it is looking for, or `deadline` is over.
///
/// `look` returns what it saw instead while the condition does not hold; the last of these is in
/// the error.
///
/// # Errors
/// When the condition does not hold within `deadline`.
pub fn until<T, E: Display>(
    condition: &str,
    deadline: Duration,
    look: impl FnMut() -> Result<T, E>,
) -> Result<T> {
    let ticks = usize::try_from(deadline.as_millis() / TICK.as_millis()).unwrap_or(usize::MAX);
    look.retry(ConstantBuilder::new().with_delay(TICK).with_max_times(ticks)).call().map_err(
        |last| anyhow!("still not after {} s: {condition}; last seen: {last}", deadline.as_secs()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_that_comes_true_is_found() {
        let mut looks = 0;
        let found = until("three looks", Duration::from_secs(5), || {
            looks += 1;
            if looks == 3 { Ok(looks) } else { Err("not yet") }
        });
        assert_eq!(found.unwrap(), 3);
    }

    #[test]
    fn a_deadline_names_the_condition_and_the_last_evidence() {
        let error =
            until("the lamp is on", Duration::from_millis(100), || Err::<(), _>("it is off"))
                .unwrap_err();
        assert!(error.to_string().contains("the lamp is on; last seen: it is off"), "{error}");
    }
}
