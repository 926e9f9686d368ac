//! Capabilities of Harmony: roles as traits, their value types and the Scores that need only them.

#![forbid(unsafe_code)]

mod failure;
#[cfg(feature = "fakes")]
pub mod fakes;
pub mod host;
mod keeping;
pub mod kubernetes;
pub mod network;
mod schema;
mod spec;
pub mod virtualization;
