use async_trait::async_trait;
use harmony_phases::{
    Claim, Context, Describe, Interpret, InterpretError, Score, ValidationReport,
    ownership::{Custody, Mark},
    score::Detail,
};
use harmony_types::HostPath;
use serde::{Deserialize, Serialize};

use super::{AccountStore, User, UserName, UserState};
use crate::{
    host::{
        HostError, HostFacts,
        upkeep::{Claimed, Upkeep, Worker, change, value},
    },
    spec::{Complaint, SpecError, SpecErrorKind, Text, checked_spec, is_default},
};

checked_spec! {
    /// Wants a user to be there: its [fields](UserFields), checked.
    ///
    /// It claims the user. A teardown removes a user that carries this site's mark, and never the one who is logged in;
    /// its home stays. Who adopts a user takes it over whole: say `protect` for one that shall outlive the pipeline.
    ///
    /// # Examples
    /// ```
    /// use harmony_capabilities::host::UserScore;
    /// let deploy = UserScore::builder().name("deploy").shell("/bin/bash").group("libvirt").build()?;
    /// let root = UserScore::builder().name("root").build().unwrap_err();
    /// assert!(root.to_string().contains("every host has it"));
    /// # Ok::<(), harmony_capabilities::host::SpecError>(())
    /// ```
    UserScore of UserFields, called "user", schema 1
}

/// The fields of a [`UserScore`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserFields {
    /// The user; what is not said of it is neither changed nor compared.
    pub user: User,
    /// Whose it is when it exists already, and how safe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custody: Custody,
}

const WHAT: &str = "user";

impl UserFields {
    fn label(&self) -> &UserName {
        &self.user.name
    }

    fn check(&self) -> Result<(), Complaint> {
        let complain = |field: &str, kind| Err((field.to_owned(), kind));
        if self.user.name.as_str() == "root" || self.user.uid == Some(0) {
            return complain(
                "name",
                SpecErrorKind::Rule("root is no user to be made: every host has it"),
            );
        }
        let mut groups = self.user.groups.iter();
        while let Some(group) = groups.next() {
            if groups.as_slice().contains(group) {
                return complain("groups", SpecErrorKind::Duplicate { value: group.to_string() });
            }
        }
        Ok(())
    }
}

#[bon::bon]
impl UserScore {
    /// Describes a user; its name is required.
    ///
    /// # Errors
    /// When a text cannot be read or a rule is broken; the error names the field.
    #[builder]
    pub fn new(
        #[builder(field)] groups: Vec<Text<UserName>>,
        /// The name.
        #[builder(into)]
        name: Text<UserName>,
        /// The number.
        uid: Option<u32>,
        /// The home directory.
        #[builder(into)]
        home: Option<Text<HostPath>>,
        /// The login shell.
        #[builder(into)]
        shell: Option<Text<HostPath>>,
        /// Whether it is a service's rather than a person's; only looked at when it is made.
        #[builder(default)]
        system: bool,
        /// Whether one that exists without this site's mark, and differs, is taken over.
        #[builder(default)]
        adopt: bool,
        /// Whether it survives prune and teardown.
        #[builder(default)]
        protect: bool,
    ) -> Result<Self, SpecError> {
        let name = name.of(WHAT, "name")?;
        let what = format!("{WHAT} `{name}`");
        let groups = groups.into_iter().map(|group| group.of(&what, "groups"));
        let user = User {
            uid,
            home: home.map(|home| home.of(&what, "home")).transpose()?,
            shell: shell.map(|shell| shell.of(&what, "shell")).transpose()?,
            groups: groups.collect::<Result<_, _>>()?,
            system,
            name,
        };
        Self::try_from(UserFields { user, custody: Custody { adopt, protect } })
    }
}

impl<S: user_score_builder::State> UserScoreBuilder<S> {
    /// A group to be in beside its own; it is taken out of no other.
    pub fn group(mut self, group: impl Into<Text<UserName>>) -> Self {
        self.groups.push(group.into());
        self
    }
}

impl<T: AccountStore + HostFacts> Score<T> for UserScore {
    fn to_value(&self) -> serde_json::Value {
        value(self)
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(Worker(self.clone()))
    }
}

impl Describe for UserScore {
    fn name(&self) -> String {
        format!("{WHAT} {}", self.user.name)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![super::user_claim(&self.user.name)]
    }
}

#[async_trait]
impl<T: AccountStore + HostFacts> Upkeep<T> for UserScore {
    type Found = Option<UserState>;

    fn schema(&self) -> u32 {
        Self::SCHEMA
    }

    fn custody(&self) -> Custody {
        self.custody
    }

    async fn find(&self, _ctx: &Context, on: &T) -> Result<Option<UserState>, InterpretError> {
        Ok(on.user(&self.user.name).await?)
    }

    async fn forward(
        &self,
        ctx: &Context,
        _on: &T,
        found: &Option<UserState>,
    ) -> Result<ValidationReport, InterpretError> {
        let Some(state) = found else {
            return Ok(self
                .outline()
                .into_iter()
                .fold(ValidationReport::will_create(), ValidationReport::note));
        };
        if let Some(uid) = self.user.uid.filter(|uid| *uid != state.uid) {
            let (name, found) = (&self.user.name, state.uid);
            return Ok(ValidationReport::blocked(format!(
                "user {name} has the number {found}, not {uid}: its files would be left to nobody; leave `uid` unsaid, \
                 or change it and the owner of its files on the host"
            )));
        }
        let what = self.name();
        let thing = Claimed { what: &what, mark: state.mark.as_ref(), custody: self.custody };
        Ok(thing.forward(ctx, self.changes(state)))
    }

    async fn bring_about(
        &self,
        ctx: &Context,
        on: &T,
        _found: &Option<UserState>,
        mark: &Mark,
    ) -> Result<(), HostError> {
        on.ensure_user(ctx, &self.user, mark).await
    }

    async fn back(
        &self,
        ctx: &Context,
        on: &T,
        found: &Option<UserState>,
    ) -> Result<ValidationReport, InterpretError> {
        let Some(state) = found else { return Ok(ValidationReport::already_applied()) };
        let what = self.name();
        if on.facts().login.name == self.user.name.as_str() {
            return Ok(ValidationReport::blocked(format!(
                "{what} is logged in: nobody removes who they are"
            )));
        }
        Ok(Claimed { what: &what, mark: state.mark.as_ref(), custody: self.custody }.back(ctx))
    }

    async fn take_away(
        &self,
        ctx: &Context,
        on: &T,
        _found: &Option<UserState>,
    ) -> Result<Option<String>, HostError> {
        on.remove_user(ctx, &self.user.name).await.map(|()| None)
    }
}

impl UserScore {
    /// What a user that is not there yet would be.
    fn outline(&self) -> Vec<String> {
        let User { uid, home, shell, groups, .. } = &self.user;
        let uid = uid.map(|uid| format!("number {uid}"));
        let home = home.as_ref().map(|home| format!("home {home}"));
        let shell = shell.as_ref().map(|shell| format!("shell {shell}"));
        let groups = groups.iter().map(|group| format!("in group {group}"));
        uid.into_iter().chain(home).chain(shell).chain(groups).collect()
    }

    /// What is said of the user and is not so.
    fn changes(&self, state: &UserState) -> Vec<Detail> {
        let home = self.user.home.as_ref().filter(|home| home.as_str() != state.home);
        let shell = self.user.shell.as_ref().filter(|shell| shell.as_str() != state.shell);
        let is_in = |group: &&UserName| state.groups.iter().any(|there| there == group.as_str());
        let missing = self.user.groups.iter().filter(|group| !is_in(group));
        let home = home.map(|home| change("home", shown(&state.home), home));
        let shell = shell.map(|shell| change("shell", shown(&state.shell), shell));
        let groups = missing.map(|group| change("group", "not in it", group));
        home.into_iter().chain(shell).chain(groups).collect()
    }
}

/// What a host says of itself, without what would disturb a terminal.
fn shown(text: &str) -> String {
    text.escape_debug().to_string()
}
