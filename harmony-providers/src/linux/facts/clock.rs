use std::time::{Duration, SystemTime, UNIX_EPOCH};

use harmony_capabilities::host::ClockSkew;

/// Our clock before and after the host was asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) before: SystemTime,
    pub(super) after: SystemTime,
}

/// How far the host's clock, which it told as `SECONDS.NANOSECONDS`, is outside of the span in which it was asked.
///
/// Within the span nothing can be told, so the clocks count as one.
pub(super) fn skew(told: &str, around: Span) -> Option<ClockSkew> {
    let (seconds, fraction) = told.trim().split_once('.')?;
    let seconds = Duration::from_secs(seconds.parse().ok()?);
    // A `date` that knows no %N tells whole seconds, and any moment of that second may be meant.
    let exact = fraction.len() == 9 && fraction.bytes().all(|digit| digit.is_ascii_digit());
    let (earliest, latest) = if exact {
        let told = seconds + Duration::from_nanos(fraction.parse().ok()?);
        (told, told)
    } else {
        (seconds, seconds + Duration::from_secs(1))
    };
    let before = around.before.duration_since(UNIX_EPOCH).ok()?;
    let after = around.after.duration_since(UNIX_EPOCH).ok()?;
    Some(if earliest > after {
        ClockSkew { by: earliest.saturating_sub(after), behind: false }
    } else if latest < before {
        ClockSkew { by: before.saturating_sub(latest), behind: true }
    } else {
        ClockSkew::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(before: u64, after: u64) -> Span {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        Span { before: at(before), after: at(after) }
    }

    #[test]
    fn a_clock_within_the_round_trip_is_right() {
        assert_eq!(skew("100.500000000\n", around(100, 101)), Some(ClockSkew::default()));
        assert_eq!(skew("99.%N", around(100, 101)), Some(ClockSkew::default()), "whole seconds");
    }

    #[test]
    fn a_clock_outside_of_it_is_ahead_or_behind() {
        let day = Duration::from_hours(24);
        let ahead = ClockSkew { by: day, behind: false };
        assert_eq!(skew("86501.000000000", around(100, 101)), Some(ahead));
        let behind = ClockSkew { by: day, behind: true };
        assert_eq!(skew("100.000000000", around(86_500, 86_501)), Some(behind));
    }

    #[test]
    fn nonsense_is_no_time() {
        for told in ["", "noon", "-1.0", "99999999999999999999.0"] {
            assert_eq!(skew(told, around(1, 2)), None, "{told}");
        }
    }
}
