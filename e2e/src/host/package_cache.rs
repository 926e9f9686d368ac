//! A proxy for apt that downloads every package once.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use harmony_providers::images::ensure_tls_provider;
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, oneshot};

use crate::Cache;

/// An HTTP proxy that keeps what it has handed on, and is stopped when dropped.
///
/// A package, and an index that is asked for by its digest, never change and are fetched once; other
/// files are fetched anew each time, and come from the cache only when the mirror does not answer.
#[derive(Debug)]
pub struct PackageCache {
    address: SocketAddr,
    fetched: Arc<AtomicUsize>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl PackageCache {
    /// Listens on `address`; files are kept in the folder `packages` of `cache`.
    ///
    /// # Errors
    /// When the address is taken.
    pub fn start(cache: &Cache, address: SocketAddr) -> Result<Self> {
        ensure_tls_provider();
        let folder = cache.entry("packages-1", |_| Ok(()))?;
        let fetched = Arc::new(AtomicUsize::new(0));
        let store = Store {
            folder,
            client: Client::builder().build()?,
            fetched: Arc::clone(&fetched),
            under_way: Arc::default(),
        };
        let socket = std::net::TcpListener::bind(address)
            .with_context(|| format!("listening on {address} for apt"))?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let serve = async move {
            let listener = TcpListener::from_std(socket)?;
            let app = Router::new().fallback(answer).with_state(store);
            tokio::select! {
                served = axum::serve(listener, app).into_future() => served,
                _ = stopped => Ok(()),
            }
        };
        let thread =
            std::thread::Builder::new().name("package-cache".to_owned()).spawn(move || {
                if let Err(error) = runtime.block_on(serve) {
                    log::warn!("the package cache ended: {error}");
                }
            })?;
        Ok(Self { address, fetched, stop: Some(stop), thread: Some(thread) })
    }

    /// What apt's `Acquire::http::Proxy` is set to.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many files came from the mirror and not from the cache.
    pub fn fetched(&self) -> usize {
        self.fetched.load(Ordering::SeqCst)
    }
}

impl Drop for PackageCache {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The thread may have ended already; then nobody listens and nothing is left to stop.
            let _ = stop.send(());
        }
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::warn!("the package cache panicked");
        }
    }
}

#[derive(Clone, Debug)]
struct Store {
    folder: PathBuf,
    client: Client,
    fetched: Arc<AtomicUsize>,
    under_way: Arc<Mutex<HashMap<PathBuf, Arc<AsyncMutex<()>>>>>,
}

async fn answer(State(store): State<Store>, request: Request) -> Response<Body> {
    let url = request.uri().to_string();
    match store.get(&url).await {
        Ok(content) => Response::new(Body::from(content)),
        Err(error) => {
            log::info!("the package cache has no {url}: {error:#}");
            let mut response = Response::new(Body::from(format!("{error:#}\n")));
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
    }
}

impl Store {
    async fn get(&self, url: &str) -> Result<Bytes> {
        let kept = self.folder.join(place(url)?);
        let lock = Arc::clone(
            self.under_way
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .entry(kept.clone())
                .or_default(),
        );
        let _one_at_a_time = lock.lock().await;
        if never_changes(url)
            && let Ok(content) = fs::read(&kept)
        {
            return Ok(content.into());
        }
        match self.fetch(url).await {
            Ok(content) => {
                keep(&kept, &content)?;
                Ok(content)
            }
            Err(error) => fs::read(&kept).map(Bytes::from).map_err(|_| error),
        }
    }

    async fn fetch(&self, url: &str) -> Result<Bytes> {
        let response = self.client.get(url).send().await?.error_for_status()?;
        self.fetched.fetch_add(1, Ordering::SeqCst);
        Ok(response.bytes().await?)
    }
}

/// Whether what a mirror has under `url` is the same for ever.
fn never_changes(url: &str) -> bool {
    url.contains("/pool/") || url.contains("/by-hash/")
}

/// Where the content of `url` is kept, below the folder of the cache.
fn place(url: &str) -> Result<PathBuf> {
    let path = url.strip_prefix("http://").context("apt asks a proxy with a whole http URL")?;
    let path = PathBuf::from(path);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    ensure!(plain && !path.as_os_str().is_empty(), "{url:?} is no address of a package");
    Ok(path)
}

/// Writes `content` to `path` so that it is there whole or not at all.
fn keep(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().context("a cached file lies in a folder")?;
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, content)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_its_place_below_the_folder() {
        let place = place("http://deb.example.org/debian/pool/main/s/sl/sl_5.deb").unwrap();
        assert_eq!(place, Path::new("deb.example.org/debian/pool/main/s/sl/sl_5.deb"));
    }

    #[test]
    fn nothing_is_kept_outside_the_folder() {
        for url in ["http://", "/debian/x", "http://h/../../etc/passwd", "http:///etc/passwd"] {
            assert!(place(url).is_err(), "{url}");
        }
    }

    #[test]
    fn only_what_a_digest_or_a_version_names_never_changes() {
        assert!(never_changes("http://m/debian/pool/main/s/sl/sl_5.deb"));
        assert!(never_changes("http://m/debian/dists/bookworm/main/by-hash/SHA256/ab"));
        assert!(!never_changes("http://m/debian/dists/bookworm/InRelease"));
    }
}
