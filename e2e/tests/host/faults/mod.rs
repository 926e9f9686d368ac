//! A connection, or the process at its near end, ends in the middle of something. The next run completes it.

mod bare;
mod early;
mod process;
mod promotion;
mod state;
mod transfer;
mod watch;
mod whole;
