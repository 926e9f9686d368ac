//! Ownership: whose an object is, what is adopted, protected, or orphaned.

mod census;
mod custody;
mod mark;

pub use census::{Census, Orphan};
pub use custody::Custody;
pub use mark::{Mark, Standing};
