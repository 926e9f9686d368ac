//! Inventories from text, files and folders, and selectors over them.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod files;
mod properties;
mod selectors;
