use harmony_phases::{Context, capability, ownership::Mark};

use super::{AuthorizedKey, User, UserName, UserState};
use crate::host::HostError;

/// Keeps the users of a host and the keys that let them in.
#[capability(failover = both)]
pub trait AccountStore {
    /// A user, where it is there.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn user(&self, name: &UserName) -> Result<Option<UserState>, HostError>;

    /// Makes a user, or changes what is said of it.
    ///
    /// # Errors
    /// When the host does not do it.
    async fn ensure_user(&self, ctx: &Context, user: &User, mark: &Mark) -> Result<(), HostError>;

    /// Removes a user; its home stays.
    ///
    /// # Errors
    /// When the host does not do it.
    async fn remove_user(&self, ctx: &Context, name: &UserName) -> Result<(), HostError>;

    /// The keys that let a user in; lines that are none of ours are skipped, never lost.
    ///
    /// # Errors
    /// With kind `NotFound` when there is no such user; when the host cannot be asked.
    async fn authorized_keys(&self, user: &UserName) -> Result<Vec<AuthorizedKey>, HostError>;

    /// The key that this connection logged in with, where it did so with one.
    fn key_in_use(&self) -> Option<AuthorizedKey>;

    /// Lets a key in.
    ///
    /// # Errors
    /// With kind `NotFound` when there is no such user; when the host does not do it.
    async fn authorize(
        &self,
        ctx: &Context,
        user: &UserName,
        key: &AuthorizedKey,
    ) -> Result<(), HostError>;

    /// No longer lets a key in.
    ///
    /// # Errors
    /// With kind `Blocked` when it is the key in use; when the host does not do it.
    async fn revoke(
        &self,
        ctx: &Context,
        user: &UserName,
        key: &AuthorizedKey,
    ) -> Result<(), HostError>;

    /// Every user that carries a mark, of whatever site.
    ///
    /// # Errors
    /// When the host cannot be asked.
    async fn marked_users(&self) -> Result<Vec<(UserName, Mark)>, HostError>;
}
