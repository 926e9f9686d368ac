//! The worked example of the book: a database server, kept in memory, from nothing to one that
//! archives. The chapter "Writing a topology from scratch" explains it piece by piece.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use harmony_phases::context::EffectError;
use harmony_phases::{
    Claim, Context, Describe, Intent, Interpret, InterpretError, InterpretErrorKind, Observed,
    Outcome, Permit, Score, Topology, Transition, TransitionError, ValidationReport, capability,
    phases,
};

pub use host::{AnyDatabaseHost, Archiving, DatabaseRunning, Declared};

/// The machine: what is real in this example, and would be an SSH connection in yours.
#[derive(Clone, Debug, Default)]
pub struct Machine(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    running: bool,
    archiving: bool,
    /// Owner by database.
    databases: BTreeMap<String, String>,
}

impl Machine {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops the server behind Harmony's back, as a crash would.
    pub fn crash(&self) {
        self.state().running = false;
    }

    /// Looks whether the server runs.
    pub fn server(&self) -> Option<Server> {
        self.state().running.then(|| Server(self.clone()))
    }

    fn start(&self, _permit: &Permit) {
        self.state().running = true;
    }

    fn archive(&self, on: bool, _permit: &Permit) {
        self.state().archiving = on;
    }
}

/// A server that answered when it was asked.
#[derive(Clone, Debug)]
pub struct Server(Machine);

/// An archive that a server writes to.
#[derive(Clone, Debug)]
pub struct Archive(Machine);

/// Why the server did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// It does not run any more.
    #[error("the server does not answer; start it, or apply again")]
    Gone,
    /// The run does not permit it now.
    #[error(transparent)]
    Effect(#[from] EffectError),
}

impl From<DatabaseError> for InterpretError {
    fn from(error: DatabaseError) -> Self {
        Self::new(InterpretErrorKind::Failed, "ask the database server").caused_by(error)
    }
}

/// Makes and removes databases.
#[capability(failover = both)]
pub trait Databases: Send + Sync {
    /// Makes the database `name` for `owner`.
    async fn create(&self, ctx: &Context, name: &str, owner: &str) -> Result<(), DatabaseError>;
    /// Removes the database `name` with all that is in it.
    async fn remove(&self, ctx: &Context, name: &str) -> Result<(), DatabaseError>;
    /// The owner of the database `name`, if there is such a database.
    async fn owner(&self, name: &str) -> Result<Option<String>, DatabaseError>;
}

/// Keeps what is needed to go back to any moment.
#[capability]
pub trait PointInTimeRecovery: Send + Sync {
    /// How many databases are covered.
    async fn covered(&self) -> Result<usize, DatabaseError>;
}

#[async_trait]
impl Databases for Server {
    async fn create(&self, ctx: &Context, name: &str, owner: &str) -> Result<(), DatabaseError> {
        ctx.effect(Intent::new("create database", name), async |_permit| {
            let mut state = self.0.state();
            if !state.running {
                return Err(DatabaseError::Gone);
            }
            state.databases.insert(name.to_owned(), owner.to_owned());
            Ok(())
        })
        .await
    }

    async fn remove(&self, ctx: &Context, name: &str) -> Result<(), DatabaseError> {
        ctx.effect(Intent::new("drop database", name), async |_permit| {
            self.0.state().databases.remove(name);
            Ok(())
        })
        .await
    }

    async fn owner(&self, name: &str) -> Result<Option<String>, DatabaseError> {
        let state = self.0.state();
        if state.running {
            Ok(state.databases.get(name).cloned())
        } else {
            Err(DatabaseError::Gone)
        }
    }
}

#[async_trait]
impl PointInTimeRecovery for Archive {
    async fn covered(&self) -> Result<usize, DatabaseError> {
        Ok(self.0.state().databases.len())
    }
}

/// A machine becomes a database server.
#[phases(any = AnyDatabaseHost)]
pub mod host {
    use super::{Archive, Databases, Machine, PointInTimeRecovery, Server};

    /// A machine at which nobody has looked yet.
    #[start]
    pub struct Declared {
        /// Where to look.
        pub machine: Machine,
    }

    /// The server answers.
    #[resting]
    pub struct DatabaseRunning {
        pub(super) machine: Machine,
        #[grants(Databases)]
        pub(super) server: Server,
    }

    /// The server archives.
    #[resting]
    pub struct Archiving {
        #[carries]
        pub(super) database: DatabaseRunning,
        #[grants(PointInTimeRecovery)]
        pub(super) archive: Archive,
    }
}

/// Starts the server, if it does not run.
#[derive(Clone, Debug)]
pub struct StartDatabase;

impl Describe for StartDatabase {
    fn name(&self) -> String {
        "start the database".to_owned()
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::port(harmony_phases::Protocol::Tcp, 5432)]
    }
}

impl Transition<Topology<Declared>> for StartDatabase {
    type To = Topology<DatabaseRunning>;

    async fn observe(
        &self,
        _ctx: &Context,
        from: Topology<Declared>,
    ) -> Result<Observed<Self::To, Topology<Declared>>, TransitionError<Topology<Declared>>> {
        let Some(server) = from.phase().machine.server() else {
            return Ok(Observed::not_yet(from, "nothing listens on port 5432"));
        };
        Ok(Observed::Reached(from.map(|at| DatabaseRunning { machine: at.machine, server })))
    }

    async fn apply(
        &self,
        ctx: &Context,
        from: Topology<Declared>,
    ) -> Result<Self::To, TransitionError<Topology<Declared>>> {
        let machine = from.phase().machine.clone();
        ctx.effect(Intent::new("start", "database server"), async |permit| {
            machine.start(&permit);
            Ok::<_, EffectError>(())
        })
        .await
        .map_err(TransitionError::interrupted)?;
        let server = Server(machine);
        Ok(from.map(|at| DatabaseRunning { machine: at.machine, server }))
    }
}

/// Has the server archive what it writes.
#[derive(Clone, Debug)]
pub struct StartArchiving;

impl Describe for StartArchiving {
    fn name(&self) -> String {
        "start archiving".to_owned()
    }
}

impl Transition<Topology<DatabaseRunning>> for StartArchiving {
    type To = Topology<Archiving>;

    async fn observe(
        &self,
        _ctx: &Context,
        from: Topology<DatabaseRunning>,
    ) -> Result<
        Observed<Self::To, Topology<DatabaseRunning>>,
        TransitionError<Topology<DatabaseRunning>>,
    > {
        if !from.phase().machine.state().archiving {
            return Ok(Observed::not_yet(from, "the server archives nothing"));
        }
        Ok(Observed::Reached(from.map(archiving)))
    }

    async fn apply(
        &self,
        ctx: &Context,
        from: Topology<DatabaseRunning>,
    ) -> Result<Self::To, TransitionError<Topology<DatabaseRunning>>> {
        let machine = from.phase().machine.clone();
        ctx.effect(Intent::new("start", "archiving"), async |permit| {
            machine.archive(true, &permit);
            Ok::<_, EffectError>(())
        })
        .await
        .map_err(TransitionError::interrupted)?;
        Ok(from.map(archiving))
    }
}

fn archiving(database: DatabaseRunning) -> Archiving {
    let archive = Archive(database.machine.clone());
    Archiving { database, archive }
}

/// A database with its owner.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DatabaseScore {
    /// Its name.
    pub name: String,
    /// Who may do everything in it.
    pub owner: String,
}

impl DatabaseScore {
    /// The database `name`, which belongs to `owner`.
    pub fn new(name: impl Into<String>, owner: impl Into<String>) -> Self {
        Self { name: name.into(), owner: owner.into() }
    }
}

impl Describe for DatabaseScore {
    fn name(&self) -> String {
        format!("database {}", self.name)
    }

    fn claims(&self) -> Vec<Claim> {
        vec![Claim::object("database", &self.name)]
    }
}

impl<T: Databases> Score<T> for DatabaseScore {
    fn to_value(&self) -> serde_json::Value {
        serde_json::json!({ "v": 1, "name": self.name, "owner": self.owner })
    }

    fn create_interpret(&self) -> Box<dyn Interpret<T>> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl<T: Databases> Interpret<T> for DatabaseScore {
    async fn validate(&self, _ctx: &Context, on: &T) -> Result<ValidationReport, InterpretError> {
        Ok(match on.owner(&self.name).await? {
            None => ValidationReport::will_create(),
            Some(owner) if owner == self.owner => ValidationReport::already_applied(),
            Some(owner) => ValidationReport::blocked(format!("it belongs to {owner}")),
        })
    }

    async fn execute(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        if on.owner(&self.name).await?.is_some() {
            return Ok(Outcome::noop("exists"));
        }
        on.create(ctx, &self.name, &self.owner).await?;
        Ok(Outcome::success("created"))
    }

    async fn validate_undo(
        &self,
        _ctx: &Context,
        on: &T,
    ) -> Result<ValidationReport, InterpretError> {
        Ok(match on.owner(&self.name).await? {
            Some(owner) if owner == self.owner => ValidationReport::will_delete(),
            _ => ValidationReport::already_applied(),
        })
    }

    async fn undo(&self, ctx: &Context, on: &T) -> Result<Outcome, InterpretError> {
        if on.owner(&self.name).await?.as_ref() != Some(&self.owner) {
            return Ok(Outcome::noop("is not there"));
        }
        on.remove(ctx, &self.name).await?;
        Ok(Outcome::success("dropped"))
    }
}
