//! What a host is: one round trip, and as few processes on the host as its shell allows.

mod clock;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod machine;
mod network;
mod os_release;
mod probe;
mod read;
mod storage;

pub(in crate::linux) use probe::probe;
