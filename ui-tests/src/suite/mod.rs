//! What the tests of the suite share: cases, the pages about them, and tables.

mod case;
mod page;
mod table;

pub use case::{Case, cases, folder};
pub use page::{Page, pages};
pub use table::{disagreements, kept};

/// Whether this run accepts what it finds, as `cargo xtask bless` asks for.
pub fn blessing() -> bool {
    std::env::var_os("TRYBUILD").is_some_and(|mode| mode == "overwrite")
}
