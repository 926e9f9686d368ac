//! What the tests of the suite share: cases, and the pages about them.

mod case;
mod page;

pub use case::{Case, cases, folder};
pub use page::{Page, pages};

/// Whether this run accepts what it finds, as `cargo xtask bless` asks for.
pub fn blessing() -> bool {
    std::env::var_os("TRYBUILD").is_some_and(|mode| mode == "overwrite")
}
