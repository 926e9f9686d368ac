//! Users and the keys that let them in.

mod key;
mod key_score;
mod role;
mod user;
mod user_score;

use harmony_phases::Claim;

pub use key::AuthorizedKey;
pub use key_score::{AuthorizedKeyFields, AuthorizedKeyScore, AuthorizedKeyScoreBuilder};
pub use role::{AccountStore, OffersAccountStore};
pub use user::{User, UserName, UserState};
pub use user_score::{UserFields, UserScore, UserScoreBuilder};

/// What stands for a user.
pub(super) fn user_claim(name: &UserName) -> Claim {
    Claim::object("user", name.as_str())
}
