//! Mutants: the workspace with one gate taken out, which the suite must notice.

mod copy;
mod patch;
mod trial;

pub use copy::Copy;
pub use patch::{Mutant, Witnesses, mutants};
pub use trial::{Verdict, attempt};
