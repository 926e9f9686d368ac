//! The server: files in memory, faults by file, and a count of what was asked.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::get;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::answer::{Fault, answer};

/// An HTTP server on a free port of the loopback interface, stopped when dropped.
///
/// It runs on a thread of its own, so it may be used from blocking and from async tests.
#[derive(Debug)]
pub struct ImageServer {
    address: SocketAddr,
    files: Files,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type Files = Arc<Mutex<BTreeMap<String, File>>>;

#[derive(Debug)]
struct File {
    content: Bytes,
    faults: Vec<Fault>,
    lasting: Option<Fault>,
    requests: usize,
}

impl ImageServer {
    /// Starts it with no file.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let socket = std::net::TcpListener::bind("127.0.0.1:0")?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        // Only its own runtime may be entered here: the caller may be inside another one.
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(socket)?
        };
        let files = Files::default();
        let app = Router::new().route("/{name}", get(serve)).with_state(Arc::clone(&files));
        let (stop, stopped) = oneshot::channel();
        let thread =
            std::thread::Builder::new().name("image-server".to_owned()).spawn(move || {
                runtime.block_on(async move {
                    tokio::select! {
                        served = axum::serve(listener, app).into_future() => {
                            log::warn!("the image server ended: {served:?}");
                        }
                        _ = stopped => {}
                    }
                });
            })?;
        Ok(Self { address, files, stop: Some(stop), thread: Some(thread) })
    }

    /// Serves `content` as `name`, and returns its URL.
    pub fn add(&self, name: &str, content: impl Into<Vec<u8>>) -> String {
        let content = Bytes::from(content.into());
        let file = File { content, faults: Vec::new(), lasting: None, requests: 0 };
        lock(&self.files).insert(name.to_owned(), file);
        self.url(name)
    }

    /// The URL of `name`, whether it is served or not.
    pub fn url(&self, name: &str) -> String {
        format!("http://{}/{name}", self.address)
    }

    /// The SHA-256 of what is served as `name`, in lower-case hexadecimal.
    ///
    /// # Errors
    /// When nothing is served under that name.
    pub fn sha256(&self, name: &str) -> Result<String> {
        let files = lock(&self.files);
        let file = files.get(name).with_context(|| format!("no file {name} is served"))?;
        Ok(format!("{:x}", Bytes::copy_from_slice(&Sha256::digest(&file.content))))
    }

    /// Serves `name` badly, once: the next requests get `faults` in order, later ones the file.
    pub fn fail_once(&self, name: &str, faults: impl IntoIterator<Item = Fault>) {
        if let Some(file) = lock(&self.files).get_mut(name) {
            file.faults = faults.into_iter().collect();
        }
    }

    /// Serves `name` badly until told otherwise.
    pub fn fail_always(&self, name: &str, fault: impl Into<Option<Fault>>) {
        if let Some(file) = lock(&self.files).get_mut(name) {
            file.lasting = fault.into();
        }
    }

    /// How many requests for `name` were made.
    pub fn requests(&self, name: &str) -> usize {
        lock(&self.files).get(name).map_or(0, |file| file.requests)
    }
}

impl Drop for ImageServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended already; then nobody listens and nothing is left to stop.
            let _ = stop.send(());
        }
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::warn!("the image server panicked");
        }
    }
}

async fn serve(
    State(files): State<Files>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    let mut files = lock(&files);
    let Some(file) = files.get_mut(&name) else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    file.requests += 1;
    let fault = if file.faults.is_empty() { file.lasting } else { Some(file.faults.remove(0)) };
    answer(&file.content, fault, &headers)
}

fn lock(files: &Files) -> MutexGuard<'_, BTreeMap<String, File>> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}
