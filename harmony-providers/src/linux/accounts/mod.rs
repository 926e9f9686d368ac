//! Users, and the keys that let them in.

mod keys;
mod role;
mod users;

pub(in crate::linux) use users::Users;
