//! What the scores of kept things share: services that list what they have, and make or remove one thing at a time.

mod item;
mod judge;
mod keeper;
mod marked;
mod score;

pub(crate) use item::{Difference, Item, differs, or_none};
pub(crate) use keeper::{Keep, Keeper};
pub use marked::Marked;
pub(crate) use score::{item_score, value};
