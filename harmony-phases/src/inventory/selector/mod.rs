//! Selecting hosts by their labels, names and addresses.

mod error;
mod glob;
mod parse;
mod term;

pub use error::SelectorError;
pub use term::Selector;
