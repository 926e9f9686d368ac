use std::{
    fs::{self, File, TryLockError},
    path::PathBuf,
    time::Duration,
};

use backon::{ExponentialBuilder, Retryable};
use harmony_capabilities::virtualization::{Checksum, ImageLocation, ImageSource};
use harmony_phases::{
    Context, Intent, Permit, Unit,
    context::{Look, Waiting},
};
use reqwest::{
    Client, Method, RequestBuilder, StatusCode,
    header::{CONTENT_LENGTH, IF_MODIFIED_SINCE, IF_NONE_MATCH},
};
use url::Url;

use super::{
    ImageError, ImageErrorKind,
    download::{Download, refusal},
    ensure_tls_provider,
    entry::Entry,
    local::check_file,
    partial::Notes,
};

/// Obtains images and keeps what it downloaded in a folder.
///
/// Two processes may share the folder: the second one waits until the first has the image.
#[derive(Debug, Clone)]
pub struct ImageCache {
    folder: PathBuf,
    client: Client,
    retry: RetryPolicy,
}

/// How often, and after which pause, a failed transfer is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often it is tried again after the first failure.
    pub times: usize,
    /// The pause before the second attempt; each further pause is twice as long.
    pub first_pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { times: 4, first_pause: Duration::from_millis(500) }
    }
}

/// What a look at an image found, without changing anything.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Availability {
    /// It is not here; its server says that it has this many bytes.
    Absent {
        /// The length in bytes, where the server says it.
        total: Option<u64>,
    },
    /// A part of it is here.
    Partial {
        /// How many bytes have arrived.
        have: u64,
        /// The length in bytes, where the server says it.
        total: Option<u64>,
    },
    /// It is here.
    Ready {
        /// The complete file.
        path: PathBuf,
        /// Its length in bytes.
        bytes: u64,
    },
}

impl ImageCache {
    /// Uses `folder` as the cache; it is created by the first download.
    ///
    /// # Errors
    /// [`ImageErrorKind::Client`] when the http client cannot be set up.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, ImageError> {
        ensure_tls_provider();
        let folder = folder.into();
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(20))
            .read_timeout(Duration::from_mins(1))
            .user_agent(concat!("harmony/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| {
                ImageError::new(folder.display(), ImageErrorKind::Client).caused_by(error)
            })?;
        Ok(Self { folder, client, retry: RetryPolicy::default() })
    }

    /// Tries failed transfers again as `retry` says.
    #[must_use]
    pub fn with_retry(self, retry: RetryPolicy) -> Self {
        Self { retry, ..self }
    }

    /// Looks whether an image is here, or where it could be had, and changes nothing.
    ///
    /// # Errors
    /// As [`obtain`](Self::obtain), as far as they can be seen without fetching the image; the
    /// checksum of a local file is compared.
    pub async fn look(&self, source: &ImageSource) -> Result<Availability, ImageError> {
        match &source.location {
            ImageLocation::File(path) => {
                let bytes = check_file(path, &source.checksum, |_, _| true).await?;
                Ok(Availability::Ready { path: path.clone(), bytes })
            }
            ImageLocation::Url(url) => {
                let entry = Entry::new(&self.folder, url, &source.checksum);
                match self.kept(url, &entry, &source.checksum).await? {
                    Some((path, bytes)) => Ok(Availability::Ready { path, bytes }),
                    None => self.look_at_server(url, &entry).await,
                }
            }
        }
    }

    /// Returns the path of the complete, verified image, downloading what is missing of it.
    ///
    /// # Errors
    /// [`ImageError`], whose kind says whether the image does not exist, is another one, or did
    /// not arrive. What has arrived by then is kept for the next call.
    pub async fn obtain(&self, ctx: &Context, source: &ImageSource) -> Result<PathBuf, ImageError> {
        match &source.location {
            ImageLocation::File(path) => {
                let progress = ctx.clone();
                check_file(path, &source.checksum, move |done, total| {
                    progress.progress(done, Some(total), Unit::Bytes);
                    !progress.is_cancelled()
                })
                .await?;
                Ok(path.clone())
            }
            ImageLocation::Url(url) => {
                let entry = Entry::new(&self.folder, url, &source.checksum);
                if let Some((path, _)) = self.kept(url, &entry, &source.checksum).await? {
                    return Ok(path);
                }
                self.download(ctx, url, &entry, &source.checksum).await
            }
        }
    }

    /// Returns the image that is kept, if it is still the one that is wanted.
    async fn kept(
        &self,
        url: &Url,
        entry: &Entry,
        checksum: &Checksum,
    ) -> Result<Option<(PathBuf, u64)>, ImageError> {
        let path = entry.image();
        let Ok(found) = tokio::fs::metadata(&path).await else { return Ok(None) };
        let current = match checksum {
            Checksum::Sha256(_) => true,
            Checksum::Unverified => self.is_current(url, entry).await?,
        };
        Ok(current.then_some((path, found.len())))
    }

    /// Asks the server whether an unverified image is still the one that it serves.
    async fn is_current(&self, url: &Url, entry: &Entry) -> Result<bool, ImageError> {
        let notes = Notes::read(&entry.image_notes());
        let Some(validator) = notes.and_then(|notes| notes.validator) else {
            log::warn!("{url}: its server cannot say whether it changed; using what is kept");
            return Ok(true);
        };
        let etag = validator.starts_with('"');
        let header = if etag { IF_NONE_MATCH } else { IF_MODIFIED_SINCE };
        let response = self.head(url, |request| request.header(header, validator)).await?;
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(true),
            status if status.is_success() => Ok(false),
            status => Err(refusal(url, status)),
        }
    }

    async fn look_at_server(&self, url: &Url, entry: &Entry) -> Result<Availability, ImageError> {
        let response = self.head(url, |request| request).await?;
        let total = match response.status() {
            status if status.is_success() => response
                .headers()
                .get(CONTENT_LENGTH)
                .and_then(|value| value.to_str().ok()?.parse().ok()),
            // Some servers only answer GET; that says nothing about the image.
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED => None,
            status => return Err(refusal(url, status)),
        };
        match tokio::fs::metadata(entry.partial()).await {
            Ok(found) if found.len() > 0 => Ok(Availability::Partial { have: found.len(), total }),
            _ => Ok(Availability::Absent { total }),
        }
    }

    async fn head(
        &self,
        url: &Url,
        ask: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<reqwest::Response, ImageError> {
        let request = self.client.request(Method::HEAD, url.clone());
        ask(request).send().await.map_err(|error| {
            ImageError::new(url, ImageErrorKind::Unreachable(None)).caused_by(error)
        })
    }

    async fn download(
        &self,
        ctx: &Context,
        url: &Url,
        entry: &Entry,
        checksum: &Checksum,
    ) -> Result<PathBuf, ImageError> {
        let intent = Intent::new("download image", url.as_str());
        ctx.effect(intent, |permit: Permit| async move {
            let _lock = self.lock(ctx, &permit, url, entry).await?;
            // Whoever held the lock before us may have brought it.
            if let Some((path, _)) = self.kept(url, entry, checksum).await? {
                return Ok(path);
            }
            let download = Download { client: &self.client, url, entry, checksum };
            let pauses = ExponentialBuilder::new()
                .with_min_delay(self.retry.first_pause)
                .with_max_times(self.retry.times);
            (|| download.attempt(ctx, &permit))
                .retry(pauses)
                .when(ImageError::is_transient)
                .notify(|error, pause| log::warn!("{error}; trying again in {pause:?}"))
                .await?;
            Ok(entry.image())
        })
        .await
    }

    /// Takes the entry's lock, which goes with the process that holds it.
    async fn lock(
        &self,
        ctx: &Context,
        _permit: &Permit,
        url: &Url,
        entry: &Entry,
    ) -> Result<File, ImageError> {
        let path = entry.lock();
        let failed = |error| ImageError::io(url, &path, error);
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let mut options = File::options();
        let file = options.create(true).write(true).truncate(false).open(&path).map_err(failed)?;
        let free = Waiting::until(format!("the other run that downloads {url} is done"));
        ctx.wait(free.every(Duration::from_millis(250)), || async {
            match file.try_lock() {
                Ok(()) => Ok(Look::Seen(())),
                Err(TryLockError::WouldBlock) => {
                    Ok(Look::NotYet(format!("{} is locked", path.display())))
                }
                Err(TryLockError::Error(error)) => Err(failed(error)),
            }
        })
        .await?;
        Ok(file)
    }
}
