//! libvirt as a hypervisor.

use std::fmt;
use std::sync::{Arc, OnceLock};

use harmony_capabilities::host::CommandExecution;
use harmony_capabilities::virtualization::Acceleration;
use harmony_phases::directories::Directories;
use harmony_phases::{Context, Intent};
use harmony_types::SiteName;
use tokio::sync::OnceCell;

use super::connection::Connection;
use super::error::{LibvirtError, LibvirtErrorKind};
use super::host::HostFacts;
use super::raw::{Acting, Fault, Link};
use super::reads::Reads;
use super::view::View;
use crate::images::ImageCache;

/// A hypervisor that libvirt runs, reached through one [`Connection`]; cheap to clone.
///
/// What the host can do is looked up once and kept.
#[derive(Clone)]
pub struct Libvirt {
    inner: Arc<Inner>,
}

struct Inner {
    connection: Connection,
    site: SiteName,
    reads: Reads,
    acceleration: Acceleration,
    facts: OnceCell<HostFacts>,
    images: OnceLock<ImageCache>,
    view: OnceLock<View>,
}

impl Libvirt {
    /// A hypervisor behind an open connection, seen from a site: pools have no room for a mark, so
    /// only who knows the site can tell which are its own.
    pub fn new(connection: Connection, site: SiteName) -> Self {
        Self::with_acceleration(connection, site, Acceleration::Auto)
    }

    /// A hypervisor whose new machines use `acceleration` where their own spec says `Auto`.
    pub fn with_acceleration(
        connection: Connection,
        site: SiteName,
        acceleration: Acceleration,
    ) -> Self {
        let reads = Reads::new(&connection);
        let (facts, images, view) = (OnceCell::new(), OnceLock::new(), OnceLock::new());
        let inner = Inner { connection, site, reads, acceleration, facts, images, view };
        Self { inner: Arc::new(inner) }
    }

    /// The same hypervisor, on another host that runs commands: serial logs are read there, and
    /// ports of guests are tried from there.
    #[must_use]
    pub fn seen_through(self, host: Arc<dyn CommandExecution>) -> Self {
        drop(self.inner.view.set(View::Through(host)));
        self
    }

    /// How what libvirt does not tell is seen.
    pub(crate) fn view(&self) -> &View {
        self.inner.view.get().unwrap_or(&View::FromHere)
    }

    /// The same hypervisor, keeping downloaded images in this cache instead of the usual one; one
    /// that has fetched an image already keeps the cache it has.
    #[must_use]
    pub fn keeping_images_in(self, cache: ImageCache) -> Self {
        drop(self.inner.images.set(cache));
        self
    }

    /// The cache of downloaded images: `images` in the user's cache folder, unless told otherwise.
    pub(crate) fn images(&self) -> Result<&ImageCache, LibvirtError> {
        if let Some(cache) = self.inner.images.get() {
            return Ok(cache);
        }
        let failed = |error: &dyn fmt::Display| {
            let what = "open the cache of images";
            LibvirtError::new(LibvirtErrorKind::Failed, what, "this machine", error.to_string())
        };
        let folders = Directories::from_environment().map_err(|error| failed(&error))?;
        let folder = folders.cache().map_err(|error| failed(&error))?.join("images");
        let cache = ImageCache::new(folder).map_err(|error| failed(&error))?;
        Ok(self.inner.images.get_or_init(|| cache))
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.inner.connection
    }

    /// The site it is seen from.
    pub fn site(&self) -> &SiteName {
        &self.inner.site
    }

    pub(crate) fn acceleration(&self) -> Acceleration {
        self.inner.acceleration
    }

    pub(crate) fn reads(&self) -> &Reads {
        &self.inner.reads
    }

    /// Reads what the host can run, and refuses one that can run nothing.
    ///
    /// # Errors
    /// When libvirt does not answer, or knows no emulator for machines: then with what to install.
    pub async fn check_host(&self) -> Result<(), LibvirtError> {
        let facts = self.facts().await?;
        facts.kind(None).map(drop).map_err(|why| {
            let (kind, uri) = (LibvirtErrorKind::Unsupported, self.connection().place());
            LibvirtError::new(kind, "find what the host can run", uri, "it can run no machine")
                .remedy(why)
        })
    }

    /// What the host can run, looked up on first use.
    pub(crate) async fn facts(&self) -> Result<&HostFacts, LibvirtError> {
        self.inner.facts.get_or_try_init(|| HostFacts::gather(self.connection())).await
    }

    /// Makes one changing call as one effect.
    pub(crate) async fn change<R: Send + 'static>(
        &self,
        ctx: &Context,
        action: &str,
        object: &str,
        call: impl FnOnce(&Link, &Acting, &str) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, LibvirtError> {
        let name = object.to_owned();
        ctx.effect(Intent::new(action, object), |permit| async move {
            let what = [action, object].join(" ");
            let connection = self.connection();
            connection.change(&permit, what, move |link, acting| call(link, acting, &name)).await
        })
        .await
    }

    pub(crate) fn not_there(&self, what: impl Into<String>, why: String) -> LibvirtError {
        LibvirtError::new(LibvirtErrorKind::NotFound, what, self.connection().place(), why)
    }

    pub(crate) fn blocked(&self, what: impl Into<String>, why: String) -> LibvirtError {
        LibvirtError::new(LibvirtErrorKind::Blocked, what, self.connection().place(), why)
    }
}

impl fmt::Debug for Libvirt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Libvirt").field(self.connection()).finish()
    }
}
