//! The connection itself: who may call, when it is opened again, and what a lost answer means.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use backon::Retryable;
use harmony_phases::Permit;
use tokio::sync::{Mutex as AsyncMutex, Semaphore};
use tokio::task;

use super::super::error::{LibvirtError, LibvirtErrorKind};
use super::super::raw::{Acting, Code, Fault, Link};
use super::diagnose;
use super::open::open_link;
use super::options::ConnectOptions;
use super::pace::Pace;

/// A connection to one libvirt, cheap to clone; all clones share it.
///
/// Calls run on blocking threads, a bounded number at a time. When libvirtd restarts, the next
/// call opens the connection again with back-off. A reading call whose answer was lost is asked
/// again; a changing call is not, because it may have happened: it fails as
/// [`LibvirtErrorKind::Unknown`].
///
/// # Examples
///
/// ```
/// use harmony_providers::libvirt::Connection;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), harmony_providers::libvirt::LibvirtError> {
/// let connection = Connection::open("test:///default").await?;
/// assert_eq!(connection.driver(), "TEST");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Connection {
    shared: Arc<Shared>,
}

struct Shared {
    options: ConnectOptions,
    driver: String,
    version: u32,
    link: Mutex<Option<Arc<Link>>>,
    opening: AsyncMutex<()>,
    slots: Arc<Semaphore>,
    reading: AtomicU64,
    changing: AtomicU64,
    pace: Arc<Pace>,
}

impl Connection {
    /// Opens a connection with the usual options.
    ///
    /// # Errors
    ///
    /// See [`Connection::open_with`].
    pub async fn open(uri: impl Into<String>) -> Result<Self, LibvirtError> {
        Self::open_with(ConnectOptions::new(uri)).await
    }

    /// Opens a connection, trying once.
    ///
    /// # Errors
    ///
    /// When libvirt cannot be reached, does not answer within the deadline, does not let this user
    /// in, or is too old. The error says what to install, start or ask for where this machine can
    /// be looked at.
    pub async fn open_with(options: ConnectOptions) -> Result<Self, LibvirtError> {
        let link = open_link(&options).await?;
        let (probe, place) = (Arc::clone(&link), options.place().to_owned());
        let (driver, version) =
            off_thread(move || Ok((probe.driver()?, probe.version()?))).await.map_err(|fault| {
                LibvirtError::from_fault(fault, "ask libvirt's version", &place)
            })?;
        diagnose::check_version(&place, version)?;
        log::debug!("connected to {place}: {driver}, libvirt {}", diagnose::dotted(version));
        let slots = Arc::new(Semaphore::new(options.concurrency));
        Ok(Self {
            shared: Arc::new(Shared {
                options,
                driver,
                version,
                link: Mutex::new(Some(link)),
                opening: AsyncMutex::new(()),
                slots,
                reading: AtomicU64::new(0),
                changing: AtomicU64::new(0),
                pace: Arc::default(),
            }),
        })
    }

    /// The URI this connection was opened with.
    pub fn uri(&self) -> &str {
        &self.shared.options.uri
    }

    /// What errors and events call it: the URI, unless [`ConnectOptions::known_as`] says otherwise.
    pub fn place(&self) -> &str {
        self.shared.options.place()
    }

    /// The name of libvirt's driver, such as `QEMU` or `TEST`.
    pub fn driver(&self) -> &str {
        &self.shared.driver
    }

    /// The version of libvirt on the other side, such as `9.0.0`.
    pub fn version(&self) -> String {
        diagnose::dotted(self.shared.version)
    }

    /// The number of changing calls made so far.
    pub fn changing_calls(&self) -> u64 {
        self.shared.changing.load(Ordering::Relaxed)
    }

    /// The number of reading calls made so far; a batch counts once.
    pub fn reading_calls(&self) -> u64 {
        self.shared.reading.load(Ordering::Relaxed)
    }

    /// What slows this libvirt down, when something was noticed.
    pub fn diagnosis(&self) -> Option<&'static str> {
        self.shared.pace.is_slow().then(Pace::advice)
    }

    /// Whether the hypervisor is this very machine, and not one behind a socket of its own choice.
    pub(crate) fn is_this_machine(&self) -> bool {
        self.shared.options.place.is_none()
            && matches!(self.uri(), "qemu:///system" | "qemu+unix:///system")
    }

    /// Whether nothing outlives this process: the driver that is only there for tests.
    pub fn is_test_driver(&self) -> bool {
        self.driver() == "TEST"
    }

    /// Makes a reading call; asked again, once, when the connection was lost under it.
    pub(crate) async fn read<R: Send + 'static>(
        &self,
        what: impl Into<String>,
        call: impl Fn(&Link) -> Result<R, Fault> + Clone + Send + 'static,
    ) -> Result<R, LibvirtError> {
        let what = what.into();
        self.shared.reading.fetch_add(1, Ordering::Relaxed);
        match self.call(&what, call.clone()).await? {
            Err(fault) if fault.lost => {
                log::info!("{what}: the connection to {} was lost; asking again", self.place());
                self.call(&what, call).await?
            }
            answer => answer,
        }
        .map_err(|fault| LibvirtError::from_fault(fault, what, self.place()))
    }

    /// Makes a changing call, exactly once.
    pub(crate) async fn change<R: Send + 'static>(
        &self,
        permit: &Permit,
        what: impl Into<String>,
        call: impl FnOnce(&Link, &Acting) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, LibvirtError> {
        let (what, acting) = (what.into(), Acting::under(permit));
        self.shared.changing.fetch_add(1, Ordering::Relaxed);
        match self.call(&what, move |link| call(link, &acting)).await? {
            Ok(done) => Ok(done),
            Err(fault) if fault.lost => Err(self.unknown(what, &fault)),
            Err(fault) => Err(LibvirtError::from_fault(fault, what, self.place())),
        }
    }

    fn unknown(&self, what: String, fault: &Fault) -> LibvirtError {
        let message = format!(
            "the connection ended before the answer came, so it may have happened or not: {}",
            fault.message
        );
        LibvirtError::new(LibvirtErrorKind::Unknown, what, self.place(), message)
            .remedy("run again: what was done is found, what was not is done then")
    }

    /// One call on a blocking thread. The outer error is "no connection"; the inner one is the
    /// call's own.
    async fn call<R: Send + 'static>(
        &self,
        what: &str,
        call: impl FnOnce(&Link) -> Result<R, Fault> + Send + 'static,
    ) -> Result<Result<R, Fault>, LibvirtError> {
        let slots = Arc::clone(&self.shared.slots);
        // invariant: the semaphore is never closed.
        let slot = slots.acquire_owned().await.map_err(|_| self.closed(what))?;
        let link = self.link().await?;
        let (used, pace, name) =
            (Arc::clone(&link), Arc::clone(&self.shared.pace), what.to_owned());
        let answer = off_thread(move || {
            let _slot = slot;
            let begun = Instant::now();
            let answer = call(&used).map_err(|fault| Fault { lost: !used.is_alive(), ..fault });
            if name.starts_with("define domain") || name.starts_with("start domain") {
                pace.record(&name, begun.elapsed());
            }
            answer
        })
        .await;
        if answer.as_ref().is_err_and(|fault| fault.lost) {
            self.forget(&link);
        }
        Ok(answer)
    }

    fn closed(&self, what: &str) -> LibvirtError {
        LibvirtError::new(LibvirtErrorKind::Unreachable, what, self.place(), "connection is closed")
    }

    /// The open connection, or a new one.
    async fn link(&self) -> Result<Arc<Link>, LibvirtError> {
        if let Some(link) = self.current() {
            return Ok(link);
        }
        let _only_one = self.shared.opening.lock().await;
        if let Some(link) = self.current() {
            return Ok(link);
        }
        let options = &self.shared.options;
        let link = (|| open_link(options))
            .retry(options.reconnect.backoff())
            .when(|error| error.kind() == LibvirtErrorKind::Unreachable)
            .notify(|error, pause| log::info!("{error}; trying again in {pause:?}"))
            .await?;
        log::info!("connected to {} again", self.place());
        *self.slot() = Some(Arc::clone(&link));
        Ok(link)
    }

    fn current(&self) -> Option<Arc<Link>> {
        let mut slot = self.slot();
        if slot.as_ref().is_some_and(|link| !link.is_alive()) {
            *slot = None;
        }
        slot.clone()
    }

    /// Drops a dead connection, unless another call has replaced it already.
    fn forget(&self, dead: &Arc<Link>) {
        let mut slot = self.slot();
        if slot.as_ref().is_some_and(|link| Arc::ptr_eq(link, dead)) {
            *slot = None;
        }
    }

    fn slot(&self) -> MutexGuard<'_, Option<Arc<Link>>> {
        self.shared.link.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("uri", &self.uri())
            .field("place", &self.place())
            .field("driver", &self.driver())
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

async fn off_thread<R: Send + 'static>(
    call: impl FnOnce() -> Result<R, Fault> + Send + 'static,
) -> Result<R, Fault> {
    task::spawn_blocking(call).await.unwrap_or_else(|failed| {
        let message = format!("the call to libvirt did not end properly: {failed}");
        Err(Fault { code: Code::Failed, message, lost: false })
    })
}
