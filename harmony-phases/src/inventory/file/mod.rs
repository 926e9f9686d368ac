//! Inventories in TOML files.

mod raw;
mod reader;

pub(super) use reader::{parse, read};
