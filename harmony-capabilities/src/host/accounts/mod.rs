//! Users and the keys that let them in.

mod key;
mod role;
mod user;

pub use key::AuthorizedKey;
pub use role::{AccountStore, OffersAccountStore};
pub use user::{User, UserName, UserState};
