//! Opening a connection, within a deadline.

use std::sync::Arc;
use std::thread;

use tokio::sync::oneshot;
use tokio::time::timeout;

use super::super::error::LibvirtError;
use super::super::raw::{Code, Fault, Link};
use super::diagnose;
use super::options::ConnectOptions;

/// A new connection, with keepalive where there is another side.
pub(super) async fn open_link(options: &ConnectOptions) -> Result<Arc<Link>, LibvirtError> {
    let opening = open_on_own_thread(&options.uri);
    let Ok(opened) = timeout(options.open_deadline, opening).await else {
        return Err(diagnose::silent(options));
    };
    opened.map(Arc::new).map_err(|fault| match &options.place {
        // What this machine has says nothing about a host behind a forwarded socket.
        Some(place) => LibvirtError::from_fault(fault, "connect to libvirt", place),
        None => diagnose::cannot_connect(&options.uri, fault),
    })
}

/// Opens a connection, for which libvirt has no deadline, on a thread that nobody has to wait for:
/// not the runtime when it ends, and not the program. One that comes too late is closed again.
async fn open_on_own_thread(uri: &str) -> Result<Link, Fault> {
    let failed = |what: &str| Fault { code: Code::Failed, message: what.to_owned(), lost: false };
    let (uri, (answer, opened)) = (uri.to_owned(), oneshot::channel());
    let started = thread::Builder::new().name("libvirt-open".into()).spawn(move || {
        // Nobody listens any more when the deadline has passed.
        let _ = answer.send(open(&uri));
    });
    if let Err(error) = started {
        return Err(failed(&format!("no thread to open the connection on: {error}")));
    }
    opened.await.unwrap_or_else(|_| Err(failed("opening the connection did not end properly")))
}

fn open(uri: &str) -> Result<Link, Fault> {
    let link = Link::open(uri)?;
    if let Err(fault) = link.keep_alive(5, 6) {
        log::debug!("{uri} takes no keepalive: {}", fault.message);
    }
    Ok(link)
}
