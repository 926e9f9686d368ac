//! The engine, seen from outside: pipelines over a small world kept in memory.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod by_hand;
mod cancel;
mod census;
mod claims;
mod deep;
mod events;
mod execute;
mod failover;
mod fleet;
mod late;
mod plan;
mod teardown;
mod world;
