use futures_util::StreamExt;
use harmony_capabilities::virtualization::Checksum;
use harmony_phases::{Context, Permit, Unit};
use reqwest::{
    Client, Response, StatusCode,
    header::{CONTENT_RANGE, ETAG, HeaderMap, IF_RANGE, LAST_MODIFIED, RANGE},
};
use url::Url;

use super::{
    ImageError, ImageErrorKind,
    entry::Entry,
    partial::{Notes, Partial},
};

/// One download of one image, which may take several attempts.
///
/// An attempt keeps nothing in memory for the next one: each looks at the partial file again, as
/// the next process would.
#[derive(Debug)]
pub(crate) struct Download<'a> {
    pub(crate) client: &'a Client,
    pub(crate) url: &'a Url,
    pub(crate) entry: &'a Entry,
    pub(crate) checksum: &'a Checksum,
}

impl Download<'_> {
    /// Fetches what is missing, verifies the whole, and gives it its name.
    pub(crate) async fn attempt(&self, ctx: &Context, permit: &Permit) -> Result<(), ImageError> {
        let mut partial = self.open(permit).await?;
        let received = self.receive(ctx, permit, &mut partial).await;
        partial.flush(permit).await.map_err(|error| self.io(error))?;
        received?;
        match self.verify(&partial) {
            Ok(()) => partial.finish(permit).await.map_err(|error| self.io(error)),
            Err(error) => {
                let (joined, found) = (partial.is_joined(), partial.len());
                partial.discard(permit).await.map_err(|error| self.io(error))?;
                if joined {
                    // Perhaps its head and its tail are of two images: fetch it in one piece.
                    log::warn!("{error}; starting anew because it was put together from parts");
                    return Err(self.error(ImageErrorKind::Truncated { found, wanted: None }));
                }
                Err(error)
            }
        }
    }

    /// Opens what has arrived, or starts anew where it cannot be continued.
    async fn open(&self, permit: &Permit) -> Result<Partial, ImageError> {
        let mut partial =
            Partial::open(permit, self.entry).await.map_err(|error| self.io(error))?;
        let same = partial.notes().is_some_and(|notes| {
            let provable = notes.validator.is_some();
            // The digest decides in the end, so a verified image may be put together on trust.
            let trusted = matches!(self.checksum, Checksum::Sha256(_));
            notes.url == self.url.as_str() && (provable || trusted)
        });
        if partial.len() > 0 && !same {
            log::debug!("{}: what has arrived cannot be continued, starting anew", self.url);
            partial.restart(permit).await.map_err(|error| self.io(error))?;
        }
        Ok(partial)
    }

    async fn receive(
        &self,
        ctx: &Context,
        permit: &Permit,
        partial: &mut Partial,
    ) -> Result<(), ImageError> {
        let Some(response) = self.request(ctx, permit, partial).await? else { return Ok(()) };
        let total = partial.notes().and_then(|notes| notes.total);
        let mut body = response.bytes_stream();
        ctx.progress(partial.len(), total, Unit::Bytes);
        loop {
            let chunk = tokio::select! {
                biased;
                () = ctx.cancelled() => return Err(self.error(ImageErrorKind::Cancelled)),
                chunk = body.next() => chunk,
            };
            let Some(chunk) = chunk else { break };
            let chunk = chunk.map_err(|error| self.truncated(partial, total).caused_by(error))?;
            partial.append(permit, &chunk).await.map_err(|error| self.io(error))?;
            ctx.progress(partial.len(), total, Unit::Bytes);
        }
        match total {
            Some(total) if total != partial.len() => Err(self.truncated(partial, Some(total))),
            _ => Ok(()),
        }
    }

    /// Asks for what is missing; `None` when nothing is.
    async fn request(
        &self,
        ctx: &Context,
        permit: &Permit,
        partial: &mut Partial,
    ) -> Result<Option<Response>, ImageError> {
        let mut request = self.client.get(self.url.clone());
        let have = partial.len();
        if have > 0 {
            request = request.header(RANGE, format!("bytes={have}-"));
            if let Some(validator) = partial.notes().and_then(|notes| notes.validator.clone()) {
                request = request.header(IF_RANGE, validator);
            }
        }
        let response = tokio::select! {
            biased;
            () = ctx.cancelled() => return Err(self.error(ImageErrorKind::Cancelled)),
            response = request.send() => response,
        }
        .map_err(|error| self.error(ImageErrorKind::Unreachable(None)).caused_by(error))?;
        self.judge(permit, partial, response).await
    }

    async fn judge(
        &self,
        permit: &Permit,
        partial: &mut Partial,
        response: Response,
    ) -> Result<Option<Response>, ImageError> {
        let status = response.status();
        let range = ContentRange::of(response.headers());
        let have = partial.len();
        match status {
            StatusCode::OK => {
                partial.restart(permit).await.map_err(|error| self.io(error))?;
                let notes = self.notes(response.headers(), response.content_length());
                partial.note(permit, notes).map_err(|error| self.io(error))?;
                Ok(Some(response))
            }
            StatusCode::PARTIAL_CONTENT if range.start == Some(have) => {
                log::info!("{}: going on after {have} bytes", self.url);
                let notes = self.notes(response.headers(), range.total);
                partial.note(permit, notes).map_err(|error| self.io(error))?;
                Ok(Some(response))
            }
            StatusCode::RANGE_NOT_SATISFIABLE if range.total == Some(have) => Ok(None),
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                partial.restart(permit).await.map_err(|error| self.io(error))?;
                Err(self.error(ImageErrorKind::Truncated { found: have, wanted: range.total }))
            }
            _ => Err(refusal(self.url, status)),
        }
    }

    fn notes(&self, headers: &HeaderMap, total: Option<u64>) -> Notes {
        Notes { url: self.url.to_string(), validator: validator(headers), total }
    }

    fn verify(&self, partial: &Partial) -> Result<(), ImageError> {
        let found = partial.digest();
        match *self.checksum {
            Checksum::Sha256(wanted) if wanted != found => {
                Err(self.error(ImageErrorKind::WrongChecksum { found, wanted }))
            }
            _ => Ok(()),
        }
    }

    fn truncated(&self, partial: &Partial, wanted: Option<u64>) -> ImageError {
        self.error(ImageErrorKind::Truncated { found: partial.len(), wanted })
    }

    fn error(&self, kind: ImageErrorKind) -> ImageError {
        ImageError::new(self.url, kind)
    }

    fn io(&self, error: std::io::Error) -> ImageError {
        ImageError::io(self.url, &self.entry.partial(), error)
    }
}

/// What a status that brings no image means.
pub(crate) fn refusal(url: &Url, status: StatusCode) -> ImageError {
    let kind = match status.as_u16() {
        404 | 410 => ImageErrorKind::NotFound,
        401 | 403 => {
            ImageErrorKind::PermissionDenied(format!("this address (status {})", status.as_u16()))
        }
        408 | 429 | 500 | 502..=504 => ImageErrorKind::Unreachable(Some(status.as_u16())),
        other => ImageErrorKind::Refused(other),
    };
    ImageError::new(url, kind)
}

/// What proves that two answers are parts of one image: RFC 9110 allows no weak ETag in `If-Range`.
pub(crate) fn validator(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    text(ETAG).filter(|etag| !etag.starts_with("W/")).or_else(|| text(LAST_MODIFIED))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct ContentRange {
    start: Option<u64>,
    total: Option<u64>,
}

impl ContentRange {
    fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
        text.and_then(Self::parse).unwrap_or_default()
    }

    /// Reads `bytes 100-199/200`, `bytes 100-199/*`, and `bytes */200`.
    fn parse(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let start = range.split_once('-').and_then(|(start, _)| start.parse().ok());
        Some(Self { start, total: total.parse().ok() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn content_ranges_never_panic(text: String) {
            let _ = ContentRange::parse(&text);
        }
    }

    #[test]
    fn content_ranges_are_read() {
        let range = |start, total| Some(ContentRange { start, total });
        assert_eq!(ContentRange::parse("bytes 100-199/200"), range(Some(100), Some(200)));
        assert_eq!(ContentRange::parse("bytes 100-199/*"), range(Some(100), None));
        assert_eq!(ContentRange::parse("bytes */200"), range(None, Some(200)));
        assert_eq!(ContentRange::parse("items 1-2/3"), None);
    }

    #[test]
    fn weak_etags_prove_nothing() {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, "W/\"a\"".parse().unwrap());
        assert_eq!(validator(&headers), None);
        headers.insert(LAST_MODIFIED, "Sat, 21 Nov 2026 10:00:00 GMT".parse().unwrap());
        assert!(validator(&headers).unwrap().contains("2026"));
    }

    #[test]
    fn only_what_can_pass_is_tried_again() {
        let url = Url::parse("http://h/a").unwrap();
        assert!(refusal(&url, StatusCode::SERVICE_UNAVAILABLE).is_transient());
        assert!(!refusal(&url, StatusCode::NOT_FOUND).is_transient());
        assert!(!refusal(&url, StatusCode::FORBIDDEN).is_transient());
    }
}
