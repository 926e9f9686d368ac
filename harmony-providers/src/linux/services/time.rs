//! Times, as systemd tells them.

/// Reads `Sat 2026-11-21 15:55:16.123456 UTC` as microseconds since 1970; a time without a fraction is not
/// exact enough to be one.
pub(super) fn microseconds(text: &str) -> Option<u64> {
    let mut words = text.split(' ').skip(1);
    let (date, time) = (words.next()?, words.next()?);
    if words.next()? != "UTC" {
        return None;
    }
    let mut date = date.splitn(3, '-').map(str::parse::<u64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let (clock, fraction) = time.split_once('.')?;
    let mut clock = clock.splitn(3, ':').map(str::parse::<u64>);
    let (hours, minutes, seconds) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    let fraction: u64 = (fraction.len() == 6).then(|| fraction.parse().ok())??;
    let days = days_since_1970(year, month, day)?;
    Some((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction)
}

/// Counts days in the Gregorian calendar, with years that begin in March, so that a leap day is the last.
fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    // 719468 days lie between 1 March of the year 0 and 1970.
    Some(365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468)
}

/// What time it is on the host, and when it was booted, by its own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) now: u64,
    booted_at: u64,
}

impl Clock {
    /// How exact `/proc/uptime` is, in microseconds.
    const GRAIN: u64 = 10_000;

    /// Reads `NOW UPTIME`, both in seconds with fractions.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (now, up) = text.split_once(' ')?;
        let now = fixed(now)?;
        Some(Self { now, booted_at: now.checked_sub(fixed(up)?)? })
    }

    /// The time so many microseconds after boot; rather a little too late than too early, so that a service
    /// does not seem older than what was written just before it was started.
    pub(super) fn at(self, since_boot: u64) -> Option<u64> {
        (since_boot > 0).then_some(self.booted_at + since_boot + Self::GRAIN)
    }
}

/// Reads seconds as microseconds; a `date` that knows no fractions prints `%N` or nothing.
fn fixed(seconds: &str) -> Option<u64> {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).chain(std::iter::repeat(b'0'));
    let fraction = digits.take(6).fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_date() {
        // Each by `date -u -d TIME +%s`.
        for (time, seconds) in [
            ("Thu 1970-01-01 00:00:00.000000 UTC", 0),
            ("Tue 2000-02-29 12:00:00.000000 UTC", 951_825_600),
            ("Fri 2025-11-21 15:55:16.000000 UTC", 1_763_740_516),
            ("Thu 2100-12-31 23:59:59.000000 UTC", 4_133_980_799),
        ] {
            assert_eq!(microseconds(time), Some(seconds * 1_000_000), "{time}");
        }
        assert_eq!(microseconds("Thu 1970-01-01 00:00:01.000250 UTC"), Some(1_000_250));
    }

    #[test]
    fn what_is_no_exact_time_is_none() {
        for text in [
            "",
            "n/a",
            "Sat 2026-11-21 15:55:16 UTC",
            "Sat 2026-11-21 15:55:16.123456 CET",
            "Sat 2026-13-21 15:55:16.123456 UTC",
            "Sat 1969-11-21 15:55:16.123456 UTC",
        ] {
            assert_eq!(microseconds(text), None, "{text}");
        }
    }

    #[test]
    fn boot_is_now_without_the_uptime() {
        let clock = Clock::read("1000.500000000 900.25").unwrap();
        assert_eq!(clock.at(0), None);
        assert_eq!(clock.at(1), Some(100_250_001 + Clock::GRAIN));
        assert_eq!(Clock::read("1000.%N 900.25").unwrap().booted_at, 99_750_000);
    }
}
