//! The OKD site under every fault: whatever was cut off, the next clean run arrives, and nothing is done twice.

#![expect(clippy::unwrap_used, reason = "what a test sets up cannot fail, or the test has")]

mod cancelled;
mod cut_off;
mod landing;
mod orphans;
mod random;
mod support;
mod torn_down;
