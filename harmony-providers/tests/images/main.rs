//! Images over http, from a server that counts what it serves and misbehaves on request.

#![cfg(feature = "images")]
#![expect(clippy::unwrap_used, reason = "a test whose scene cannot be set up has failed")]

mod server;

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use harmony_capabilities::virtualization::{Checksum, ImageSource};
use harmony_phases::{
    Context, Describe, Interpret, InterpretError, Outcome, Pipeline, Score, Topology, Unit,
    event::EventKind, phases, pipeline::Cause,
};
use harmony_providers::images::{
    Availability, ImageCache, ImageError, ImageErrorKind, RetryPolicy,
};
use harmony_types::Sha256Digest;
use server::{Fault, ImageServer};
use sha2::{Digest, Sha256};

const LENGTH: usize = 40_000;

fn body() -> Vec<u8> {
    (0..LENGTH).map(|index| u8::try_from(index % 251).unwrap()).collect()
}

fn digest(body: &[u8]) -> Checksum {
    Checksum::Sha256(Sha256Digest::new(Sha256::digest(body).into()))
}

fn context() -> Context {
    Context::for_site("lab".parse().unwrap())
}

fn cache(folder: &Path, times: usize) -> ImageCache {
    let retry = RetryPolicy { times, first_pause: Duration::from_millis(1) };
    ImageCache::new(folder).unwrap().with_retry(retry)
}

struct Scene {
    server: ImageServer,
    folder: tempfile::TempDir,
}

impl Scene {
    async fn new() -> Self {
        let server = ImageServer::start(body()).await;
        Self { server, folder: tempfile::tempdir().unwrap() }
    }

    fn source(&self, checksum: &Checksum) -> ImageSource {
        ImageSource::url(&self.server.url(), *checksum).unwrap()
    }

    /// One attempt, without retries.
    async fn once(&self, checksum: &Checksum) -> Result<Vec<u8>, ImageError> {
        self.with_retries(0, checksum).await
    }

    async fn with_retries(&self, times: usize, checksum: &Checksum) -> Result<Vec<u8>, ImageError> {
        let cache = cache(self.folder.path(), times);
        let path = cache.obtain(&context(), &self.source(checksum)).await?;
        Ok(std::fs::read(path).unwrap())
    }

    /// Starts a download whose server pauses after `bytes`, and cancels it once they arrived.
    async fn cancelled_after(&self, bytes: usize) -> ImageError {
        self.server.state().faults.push(Fault::Hang(bytes));
        let ctx = context();
        let (cache, source) = (cache(self.folder.path(), 0), self.source(&digest(&body())));
        let obtaining = async { cache.obtain(&ctx, &source).await.unwrap_err() };
        let cancelling = async {
            while self.arrived() < bytes as u64 {
                tokio::task::yield_now().await;
            }
            ctx.cancel();
        };
        tokio::join!(obtaining, cancelling).0
    }

    fn files(&self, suffix: &str) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.to_str().unwrap().ends_with(suffix)).collect()
    }

    fn arrived(&self) -> u64 {
        let partial = self.files(".partial");
        partial.first().map_or(0, |path| std::fs::metadata(path).unwrap().len())
    }
}

#[tokio::test]
async fn an_image_arrives_and_is_served_only_once() {
    let scene = Scene::new().await;
    assert_eq!(scene.once(&digest(&body())).await.unwrap(), body());
    assert_eq!(scene.once(&digest(&body())).await.unwrap(), body());
    assert_eq!(scene.server.state().asked.len(), 1);
    assert!(scene.files(".partial").is_empty() && scene.files(".partial.json").is_empty());
}

#[tokio::test]
async fn a_cancelled_download_goes_on_where_it_stopped() {
    let scene = Scene::new().await;
    let error = scene.cancelled_after(30_000).await;
    assert_eq!(*error.kind(), ImageErrorKind::Cancelled);
    assert_eq!(scene.once(&digest(&body())).await.unwrap(), body());
    let served = scene.server.state();
    assert_eq!(served.asked, [None, Some("bytes=30000-".to_owned())]);
    assert_eq!(served.bytes, LENGTH as u64, "no byte is fetched twice");
}

#[tokio::test]
async fn an_image_that_changed_meanwhile_is_fetched_anew() {
    let scene = Scene::new().await;
    scene.cancelled_after(30_000).await;
    let other: Vec<u8> = body().into_iter().rev().collect();
    {
        let mut served = scene.server.state();
        served.body.clone_from(&other);
        "\"v2\"".clone_into(&mut served.etag);
    }
    let error = scene.once(&digest(&body())).await.unwrap_err();
    assert!(matches!(error.kind(), ImageErrorKind::WrongChecksum { .. }), "{error}");
    assert!(scene.files(".partial").is_empty());
    assert_eq!(scene.once(&digest(&other)).await.unwrap(), other);
}

#[tokio::test]
async fn a_server_without_ranges_starts_from_the_first_byte() {
    let scene = Scene::new().await;
    scene.cancelled_after(30_000).await;
    scene.server.state().ranges = false;
    assert_eq!(scene.once(&digest(&body())).await.unwrap(), body());
}

#[tokio::test]
async fn a_truncated_body_is_an_error_and_no_image() {
    let scene = Scene::new().await;
    scene.server.state().faults.push(Fault::Cut(10_000));
    let error = scene.once(&digest(&body())).await.unwrap_err();
    let ImageErrorKind::Truncated { found, wanted } = *error.kind() else { panic!("{error}") };
    assert_eq!(found, 10_000);
    assert_eq!(wanted, Some(LENGTH as u64));
    assert_eq!(scene.arrived(), found);
}

#[tokio::test]
async fn transient_failures_are_tried_again() {
    let scene = Scene::new().await;
    scene.server.state().faults = vec![Fault::Status(503), Fault::Cut(10_000), Fault::Status(502)];
    assert_eq!(scene.with_retries(3, &digest(&body())).await.unwrap(), body());
    assert_eq!(scene.server.state().asked.len(), 4);
}

#[tokio::test]
async fn what_does_not_exist_is_asked_for_once() {
    let scene = Scene::new().await;
    scene.server.state().faults.push(Fault::Status(404));
    let error = scene.with_retries(3, &digest(&body())).await.unwrap_err();
    assert_eq!(*error.kind(), ImageErrorKind::NotFound);
    assert!(error.to_string().contains("/disk.img"), "{error}");
    assert_eq!(scene.server.state().asked.len(), 1);
}

#[tokio::test]
async fn a_wrong_checksum_shows_both_and_leaves_nothing() {
    let scene = Scene::new().await;
    let wanted = digest(b"another image");
    let error = scene.with_retries(3, &wanted).await.unwrap_err();
    let ImageErrorKind::WrongChecksum { found, wanted } = *error.kind() else { panic!("{error}") };
    let text = error.to_string();
    assert!(text.contains(&found.to_string()) && text.contains(&wanted.to_string()), "{text}");
    assert!(scene.files(".partial").is_empty());
    assert_eq!(scene.server.state().asked.len(), 1, "a wrong image is not fetched again");
}

#[tokio::test]
async fn a_corrupted_part_is_thrown_away_and_fetched_again() {
    let scene = Scene::new().await;
    scene.cancelled_after(30_000).await;
    let partial = scene.files(".partial").remove(0);
    std::fs::write(&partial, vec![0; 30_000]).unwrap();
    assert_eq!(scene.with_retries(1, &digest(&body())).await.unwrap(), body());
}

#[tokio::test]
async fn two_runs_fetch_an_image_once() {
    let scene = Scene::new().await;
    let wanted = digest(&body());
    let (first, second) = tokio::join!(scene.once(&wanted), scene.once(&wanted));
    assert_eq!(first.unwrap(), second.unwrap());
    assert_eq!(scene.server.state().asked.len(), 1);
}

#[tokio::test]
async fn an_unverified_image_follows_its_server() {
    let scene = Scene::new().await;
    assert_eq!(scene.once(&Checksum::Unverified).await.unwrap(), body());
    assert_eq!(scene.once(&Checksum::Unverified).await.unwrap(), body());
    assert_eq!(scene.server.state().asked.len(), 1);
    {
        let mut served = scene.server.state();
        served.body = b"newer".to_vec();
        "\"v2\"".clone_into(&mut served.etag);
    }
    assert_eq!(scene.once(&Checksum::Unverified).await.unwrap(), b"newer");
}

#[tokio::test]
async fn looking_changes_nothing() {
    let scene = Scene::new().await;
    let cache = cache(&scene.folder.path().join("later"), 0);
    let found = cache.look(&scene.source(&digest(&body()))).await.unwrap();
    assert_eq!(found, Availability::Absent { total: Some(LENGTH as u64) });
    assert!(!scene.folder.path().join("later").exists());
}

#[tokio::test]
async fn looking_at_a_part_says_how_much_is_here() {
    let scene = Scene::new().await;
    scene.cancelled_after(30_000).await;
    let cache = cache(scene.folder.path(), 0);
    let found = cache.look(&scene.source(&digest(&body()))).await.unwrap();
    assert_eq!(found, Availability::Partial { have: 30_000, total: Some(LENGTH as u64) });
}

#[tokio::test]
async fn looking_at_what_does_not_exist_is_an_error_already() {
    let scene = Scene::new().await;
    let source = ImageSource::url(&scene.server.missing(), Checksum::Unverified).unwrap();
    let error = cache(scene.folder.path(), 0).look(&source).await.unwrap_err();
    assert_eq!(*error.kind(), ImageErrorKind::NotFound);
}

#[tokio::test]
async fn an_unreachable_server_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let source = ImageSource::url("http://127.0.0.1:9/disk.img", Checksum::Unverified).unwrap();
    let cache = cache(folder.path(), 1);
    let error = cache.obtain(&context(), &source).await.unwrap_err();
    assert_eq!(*error.kind(), ImageErrorKind::Unreachable(None));
    assert!(error.to_string().contains("127.0.0.1:9"), "{error}");
}

#[tokio::test]
async fn a_local_file_is_used_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("disk.img");
    std::fs::write(&path, body()).unwrap();
    let cache = cache(&folder.path().join("cache"), 0);
    let right = ImageSource::file(&path, digest(&body()));
    assert_eq!(cache.obtain(&context(), &right).await.unwrap(), path);
    let wrong = ImageSource::file(&path, digest(b"other"));
    let error = cache.obtain(&context(), &wrong).await.unwrap_err();
    assert!(matches!(error.kind(), ImageErrorKind::WrongChecksum { .. }), "{error}");
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let source = ImageSource::file(folder.path().join("none.iso"), Checksum::Unverified);
    let cache = cache(folder.path(), 0);
    let error = cache.look(&source).await.unwrap_err();
    assert_eq!(*error.kind(), ImageErrorKind::NotFound);
    assert!(error.to_string().contains("none.iso"), "{error}");
}

#[tokio::test]
async fn a_cancelled_run_begins_nothing() {
    let scene = Scene::new().await;
    let ctx = context();
    ctx.cancel();
    let cache = cache(scene.folder.path(), 0);
    let error = cache.obtain(&ctx, &scene.source(&digest(&body()))).await.unwrap_err();
    assert_eq!(*error.kind(), ImageErrorKind::Cancelled);
    assert!(scene.server.state().asked.is_empty());
}

/// A score whose whole work is to obtain an image.
#[derive(Debug, Clone)]
struct Obtain {
    cache: ImageCache,
    source: ImageSource,
}

impl Describe for Obtain {
    fn name(&self) -> String {
        "image".to_owned()
    }
}

impl Score<Topology<nowhere::Declared>> for Obtain {
    fn to_value(&self) -> serde_json::Value {
        serde_json::json!({})
    }

    fn create_interpret(&self) -> Box<dyn Interpret<Topology<nowhere::Declared>>> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Interpret<Topology<nowhere::Declared>> for Obtain {
    async fn execute(
        &self,
        ctx: &Context,
        _on: &Topology<nowhere::Declared>,
    ) -> Result<Outcome, InterpretError> {
        let path = self.cache.obtain(ctx, &self.source).await?;
        Ok(Outcome::success(path.display().to_string()))
    }
}

#[phases(any = AnyNowhere)]
mod nowhere {
    /// Nothing is known, and nothing is needed.
    #[start]
    pub struct Declared {}
}

#[tokio::test]
async fn progress_is_told_in_bytes() {
    let scene = Scene::new().await;
    let cache = cache(scene.folder.path(), 0);
    let score = Obtain { cache, source: scene.source(&digest(&body())) };
    let ctx = context();
    let mut events = ctx.events().follow();
    let start = Topology::new("here", nowhere::Declared {});
    let finished = Pipeline::start().run(score).execute(&ctx, start).await.unwrap();
    assert!(finished.changed());
    let progress: Vec<_> = events
        .drain()
        .iter()
        .filter_map(|event| match &event.kind {
            EventKind::Progress { done, total, unit: Unit::Bytes, .. } => Some((*done, *total)),
            _ => None,
        })
        .collect();
    assert!(progress.is_sorted(), "{progress:?}");
    assert_eq!(progress.last(), Some(&(LENGTH as u64, Some(LENGTH as u64))));
}

#[tokio::test]
async fn the_whole_chain_of_a_failure_reaches_the_operator() {
    let scene = Scene::new().await;
    scene.server.state().faults.push(Fault::Status(404));
    let cache = cache(scene.folder.path(), 0);
    let score = Obtain { cache, source: scene.source(&digest(&body())) };
    let start = Topology::new("here", nowhere::Declared {});
    let stopped = Pipeline::start().run(score).execute(&context(), start).await.unwrap_err();
    let Cause::Failed(error) = &stopped.cause else { panic!("{stopped}") };
    assert!(error.to_string().contains("correct the path or address"), "{error}");
}
