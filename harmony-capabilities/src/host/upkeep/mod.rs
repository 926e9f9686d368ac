//! What the scores of a host share: one thing, looked at by its name, brought about, looked at again.

mod verdict;
mod worker;

pub(super) use verdict::{Claimed, change};
pub(super) use worker::{Upkeep, Worker, value};
