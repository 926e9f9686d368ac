//! A few points of a run, or all of them: chosen from a seed that is printed.

use std::env;
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

/// Whether all cut points are asked for (`cargo xtask torture`), and not only a few.
pub fn is_on() -> bool {
    env::var_os("HARMONY_TORTURE").is_some_and(|it| it != "0")
}

/// Says what was done and what came of it, as a row of the table of `cargo xtask torture`.
#[expect(clippy::print_stdout, reason = "the table is made of what tests print")]
pub fn row(family: &str, done: &str, came: &str) {
    println!("torture: {family} | {done} | {came}");
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
///
/// `HARMONY_SEED` repeats a run.
#[derive(Debug)]
pub struct Seed {
    state: u64,
}

impl Seed {
    /// A new seed, or the one that is asked for; printed, so that a failure can be repeated.
    #[expect(clippy::print_stdout, reason = "a seed that nobody sees repeats nothing")]
    pub fn printed(family: &str) -> Self {
        let asked = env::var("HARMONY_SEED").ok().and_then(|text| text.parse().ok());
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let fresh = (u64::from(now.subsec_nanos()) << 16) ^ u64::from(process::id());
        let state = asked.unwrap_or(fresh);
        println!("{family}: HARMONY_SEED={state}");
        Self { state }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// `count` different ones of `all`, in order; all of them when there are fewer.
    pub fn choose<T>(&mut self, count: usize, all: Vec<T>) -> Vec<T> {
        let mut keyed: Vec<(u64, usize, T)> =
            all.into_iter().enumerate().map(|(at, it)| (self.next(), at, it)).collect();
        keyed.sort_by_key(|it| it.0);
        keyed.truncate(count);
        keyed.sort_by_key(|it| it.1);
        keyed.into_iter().map(|it| it.2).collect()
    }
}
