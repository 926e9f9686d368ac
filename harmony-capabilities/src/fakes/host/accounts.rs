//! Users and their keys.

use async_trait::async_trait;
use harmony_phases::{Context, Intent, ownership::Mark};

use super::{HostContents, SimulatedHost};
use crate::host::{
    AccountStore, AuthorizedKey, HostError, HostErrorKind, User, UserName, UserState,
};

#[async_trait]
impl AccountStore for SimulatedHost {
    async fn user(&self, name: &UserName) -> Result<Option<UserState>, HostError> {
        self.look(&format!("look at user {name}"), |world| {
            Ok(world.contents.users.get(name).cloned())
        })
        .await
    }

    async fn ensure_user(&self, ctx: &Context, user: &User, mark: &Mark) -> Result<(), HostError> {
        self.change(ctx, Intent::new("ensure user", user.name.as_str()), |world| {
            world.contents.ensure_user(user, mark);
            Ok(())
        })
        .await
    }

    async fn remove_user(&self, ctx: &Context, name: &UserName) -> Result<(), HostError> {
        self.change(ctx, Intent::new("remove user", name.as_str()), |world| {
            world.contents.users.remove(name);
            world.contents.keys.remove(name);
            Ok(())
        })
        .await
    }

    async fn authorized_keys(&self, user: &UserName) -> Result<Vec<AuthorizedKey>, HostError> {
        self.look(&format!("look at the keys of {user}"), |world| {
            world.contents.known(user, "list the keys of")?;
            Ok(world.contents.keys.get(user).cloned().unwrap_or_default())
        })
        .await
    }

    fn key_in_use(&self) -> Option<AuthorizedKey> {
        self.world().contents.login_key.clone()
    }

    async fn authorize(
        &self,
        ctx: &Context,
        user: &UserName,
        key: &AuthorizedKey,
    ) -> Result<(), HostError> {
        self.change(ctx, Intent::new("authorize key", user.as_str()), |world| {
            world.contents.known(user, "let a key in for")?;
            let keys = world.contents.keys.entry(user.clone()).or_default();
            if !keys.contains(key) {
                keys.push(key.clone());
            }
            Ok(())
        })
        .await
    }

    async fn revoke(
        &self,
        ctx: &Context,
        user: &UserName,
        key: &AuthorizedKey,
    ) -> Result<(), HostError> {
        self.change(ctx, Intent::new("revoke key", user.as_str()), |world| {
            if world.contents.login_key.as_ref() == Some(key) {
                return Err(HostError::new(HostErrorKind::Blocked, "revoke the key in use"));
            }
            if let Some(keys) = world.contents.keys.get_mut(user) {
                keys.retain(|there| there != key);
            }
            Ok(())
        })
        .await
    }

    async fn marked_users(&self) -> Result<Vec<(UserName, Mark)>, HostError> {
        self.look("list marked users", |world| {
            let users = world.contents.users.iter();
            Ok(users.filter_map(|(name, user)| Some((name.clone(), user.mark.clone()?))).collect())
        })
        .await
    }
}

impl HostContents {
    /// The first number for people.
    const FIRST_UID: u32 = 1000;

    fn known(&self, user: &UserName, verb: &str) -> Result<(), HostError> {
        let unknown = || HostError::new(HostErrorKind::NotFound, format!("{verb} {user}"));
        self.users.get(user).map(drop).ok_or_else(unknown)
    }

    fn ensure_user(&mut self, user: &User, mark: &Mark) {
        let free = (Self::FIRST_UID..u32::MAX)
            .find(|uid| self.users.values().all(|other| other.uid != *uid));
        if !self.users.contains_key(&user.name) {
            self.add_user(user.name.clone(), free.unwrap_or(Self::FIRST_UID));
        }
        let Some(state) = self.users.get_mut(&user.name) else { return };
        if let Some(uid) = user.uid {
            state.uid = uid;
        }
        if let Some(home) = &user.home {
            state.home = home.to_string();
        }
        if let Some(shell) = &user.shell {
            state.shell = shell.to_string();
        }
        for group in &user.groups {
            if !state.groups.iter().any(|there| there == group.as_str()) {
                state.groups.push(group.to_string());
            }
        }
        state.mark = Some(mark.clone());
    }
}
