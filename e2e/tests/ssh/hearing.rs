//! Hears everything that is logged, however quietly.

use std::fmt::Write as _;
use std::sync::{Mutex, Once, PoisonError};

use log::{LevelFilter, Log, Metadata, Record};

struct Ear;

static HEARD: Mutex<String> = Mutex::new(String::new());

impl Log for Ear {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing to a string does not fail.
        let _ = writeln!(heard, "{} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

/// From here on, what every test of this process logs is heard.
pub(crate) fn begin() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| log::set_logger(&Ear).expect("no other logger"));
    log::set_max_level(LevelFilter::Trace);
}

/// What was heard.
pub(crate) fn end() -> String {
    log::set_max_level(LevelFilter::Off);
    std::mem::take(&mut *HEARD.lock().unwrap_or_else(PoisonError::into_inner))
}
