use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, InterpretError, Score, Sensitivity, ValidationReport,
    ownership::Mark,
};
use serde::{Deserialize, Serialize};

use super::{AccountStore, AuthorizedKey, UserName};
use crate::{
    host::{
        HostError, HostErrorKind,
        upkeep::{Upkeep, Worker, value},
    },
    spec::{Complaint, SpecError, SpecErrorKind, Text, checked_spec, is_default},
};

checked_spec! {
    /// Wants a key to let a user in, or not to: its [fields](AuthorizedKeyFields), checked.
    ///
    /// It claims the key's place with the user. The key in use, by which whoever runs this has logged in, is never taken
    /// away: that is `Blocked`. A line of an `authorized_keys` file has no room for a mark, so a teardown leaves the key
    /// unless `retire` says that it goes with this score.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::host::AuthorizedKeyScore;
    /// use harmony_phases::Describe;
    /// let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFWlP0ZxJ7yHs5gQ0w3f5aZ3nT0b6mQpV4eF9sKc1d2E alice@desk";
    /// let alice = AuthorizedKeyScore::builder().user("deploy").key(key).build()?;
    /// assert_eq!(alice.name(), "key alice@desk of deploy");
    /// let bob = AuthorizedKeyScore::builder().user("deploy").key(key).absent(true).build()?;
    /// # Ok::<(), harmony_capabilities::host::SpecError>(())
    /// ```
    AuthorizedKeyScore of AuthorizedKeyFields, called "key", schema 1
}

/// The fields of an [`AuthorizedKeyScore`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizedKeyFields {
    /// Whom it lets in.
    pub user: UserName,
    /// The key.
    pub key: AuthorizedKey,
    /// Whether it shall not let the user in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub absent: bool,
    /// Whether a teardown takes it away.
    #[serde(default, skip_serializing_if = "is_default")]
    pub retire: bool,
}

const WHAT: &str = "key";

impl AuthorizedKeyFields {
    fn label(&self) -> String {
        let tail = self.key.body().len().saturating_sub(12);
        // invariant: a body is ASCII, so it can be cut anywhere.
        let key = if self.key.comment().is_empty() {
            &self.key.body()[tail..]
        } else {
            self.key.comment()
        };
        format!("{key} of {}", self.user)
    }

    fn check(&self) -> Result<(), Complaint> {
        if self.absent && self.retire {
            let why = "a key that shall not be there has nothing to be taken away";
            return Err(("retire".to_owned(), SpecErrorKind::Excludes { other: "absent", why }));
        }
        Ok(())
    }
}

#[bon::bon]
impl AuthorizedKeyScore {
    /// Describes a key that lets a user in; both are required.
    ///
    /// # Errors
    /// When a text cannot be read or a rule is broken; the error names the field.
    #[builder]
    pub fn new(
        /// Whom it lets in.
        #[builder(into)]
        user: Text<UserName>,
        /// The key, as in a line of an `authorized_keys` file, without options.
        #[builder(into)]
        key: Text<AuthorizedKey>,
        /// Whether it shall not let the user in.
        #[builder(default)]
        absent: bool,
        /// Whether a teardown takes it away.
        #[builder(default)]
        retire: bool,
    ) -> Result<Self, SpecError> {
        let user = user.of(WHAT, "user")?;
        let key = key.of(&format!("{WHAT} of `{user}`"), "key")?;
        Self::try_from(AuthorizedKeyFields { user, key, absent, retire })
    }
}

impl<T: AccountStore> Score<T> for AuthorizedKeyScore {
    fn to_value(&self) -> serde_json::Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Worker(self.clone()))
    }
}

impl Describe for AuthorizedKeyScore {
    fn name(&self) -> String {
        let absent = if self.absent { "no " } else { "" };
        format!("{absent}{WHAT} {}", self.label())
    }

    fn claims(&self) -> Vec<Claim> {
        let name = format!("{} {} of {}", self.key.kind(), self.key.body(), self.user);
        vec![Claim::object("authorized key", name)]
    }

    /// Who takes a key away may have locked somebody out.
    fn sensitivity(&self) -> Sensitivity {
        if self.absent { Sensitivity::Disruptive } else { Sensitivity::Routine }
    }
}

/// Whether a key lets a user in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::host) enum Found {
    LetsIn,
    NoUser,
    Not,
}

#[async_trait]
impl<T: AccountStore> Upkeep<T> for AuthorizedKeyScore {
    type Found = Found;

    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    async fn find(&self, _ctx: &Context, on: &T) -> Result<Found, InterpretError> {
        match on.authorized_keys(&self.user).await {
            Err(error) if error.kind() == HostErrorKind::NotFound => Ok(Found::NoUser),
            Ok(keys) if keys.contains(&self.key) => Ok(Found::LetsIn),
            keys => Ok(keys.map(|_| Found::Not)?),
        }
    }

    async fn forward(
        &self,
        _ctx: &Context,
        on: &T,
        found: &Found,
    ) -> Result<ValidationReport, InterpretError> {
        Ok(match (found, self.absent) {
            (Found::LetsIn, false) | (Found::NoUser | Found::Not, true) => {
                ValidationReport::already_applied()
            }
            (Found::LetsIn, true) => self.revocation(on),
            (Found::NoUser, false) => {
                ValidationReport::will_create().precondition(format!("user {} is there", self.user))
            }
            (Found::Not, false) => ValidationReport::will_create(),
        })
    }

    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        _found: &Found,
        _mark: &Mark,
    ) -> Result<(), HostError> {
        if self.absent {
            on.revoke(ctx, &self.user, &self.key).await
        } else {
            on.authorize(ctx, &self.user, &self.key).await
        }
    }

    async fn back(
        &self,
        _ctx: &Context,
        on: &T,
        found: &Found,
    ) -> Result<ValidationReport, InterpretError> {
        Ok(match found {
            Found::LetsIn if self.retire => self.revocation(on),
            Found::LetsIn if !self.absent => ValidationReport::already_applied()
                .note(format!("{} is left: nobody can tell who let it in", self.name())),
            _ => ValidationReport::already_applied(),
        })
    }

    async fn take_away(
        &self,
        ctx: &Context,
        on: &T,
        _found: &Found,
    ) -> Result<Option<String>, HostError> {
        on.revoke(ctx, &self.user, &self.key).await.map(|()| None)
    }
}

impl AuthorizedKeyScore {
    /// Takes the key away, unless it is the one in use.
    fn revocation(&self, on: &impl AccountStore) -> ValidationReport {
        if on.key_in_use().is_some_and(|used| used == self.key) {
            return ValidationReport::blocked(format!(
                "key {} is in use: it let this very run in; log in with another key first",
                self.label()
            ));
        }
        ValidationReport::will_delete()
    }
}
