//! What the server answers to one request.

use std::convert::Infallible;
use std::io;
use std::ops::Range;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, RANGE};
use axum::http::{HeaderMap, Response, StatusCode};
use futures_util::{StreamExt as _, stream};
use tokio::time::interval;

const CHUNK: usize = 16 * 1024;

/// How a file is served badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// `404 Not Found`.
    Missing,
    /// The whole file whatever range was asked for, without `Accept-Ranges`.
    NoRanges,
    /// `500 Internal Server Error`.
    Refused,
    /// Bytes that are not those of the file, as many as it has.
    Scrambled,
    /// The right bytes, a chunk of 16 KiB every this long.
    Slow(Duration),
    /// The right length in the header, and the connection closed after this many bytes.
    TruncatedAfter(usize),
}

pub(super) fn answer(content: &Bytes, fault: Option<Fault>, headers: &HeaderMap) -> Response<Body> {
    match fault {
        Some(Fault::Missing) => status_only(StatusCode::NOT_FOUND),
        Some(Fault::Refused) => status_only(StatusCode::INTERNAL_SERVER_ERROR),
        Some(Fault::NoRanges) => whole(content, Body::from(content.clone())),
        Some(Fault::Scrambled) => {
            let scrambled: Vec<u8> = content.iter().map(|byte| !byte).collect();
            part(content, headers, |range| Body::from(scrambled[range].to_vec()))
        }
        Some(Fault::Slow(pause)) => part(content, headers, |range| slow(content, range, pause)),
        Some(Fault::TruncatedAfter(limit)) => {
            part(content, headers, |range| truncated(content, range, limit))
        }
        None => part(content, headers, |range| Body::from(content.slice(range))),
    }
}

fn status_only(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn whole(content: &Bytes, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_LENGTH, content.len().into());
    response
}

/// The part the request asks for, or the whole when it asks for none.
fn part(
    content: &Bytes,
    headers: &HeaderMap,
    body: impl FnOnce(Range<usize>) -> Body,
) -> Response<Body> {
    let Some(start) = asked_start(headers) else {
        let mut response = whole(content, body(0..content.len()));
        response.headers_mut().insert(ACCEPT_RANGES, bytes_unit());
        return response;
    };
    if start >= content.len() {
        return status_only(StatusCode::RANGE_NOT_SATISFIABLE);
    }
    let range = start..content.len();
    let described = format!("bytes {start}-{}/{}", content.len() - 1, content.len());
    let mut response = whole(&content.slice(range.clone()), body(range));
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    response.headers_mut().insert(ACCEPT_RANGES, bytes_unit());
    if let Ok(described) = described.parse() {
        response.headers_mut().insert(CONTENT_RANGE, described);
    }
    response
}

fn bytes_unit() -> axum::http::HeaderValue {
    axum::http::HeaderValue::from_static("bytes")
}

/// The start of `Range: bytes=START-`, the only form a resumed download uses.
fn asked_start(headers: &HeaderMap) -> Option<usize> {
    let range = headers.get(RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

fn slow(content: &Bytes, range: Range<usize>, pause: Duration) -> Body {
    let chunks = chunks(content, range);
    Body::from_stream(stream::unfold((chunks, interval(pause)), |(mut left, mut clock)| async {
        let chunk = left.next()?;
        clock.tick().await;
        Some((Ok::<_, Infallible>(chunk), (left, clock)))
    }))
}

fn truncated(content: &Bytes, range: Range<usize>, limit: usize) -> Body {
    let end = range.end.min(range.start + limit);
    let sent = stream::iter(chunks(content, range.start..end).map(Ok));
    // What was sent is flushed only when the stream has nothing more to give at once.
    let cut = stream::once(async {
        tokio::task::yield_now().await;
        Err(io::Error::other("cut on purpose"))
    });
    Body::from_stream(sent.chain(cut))
}

fn chunks(content: &Bytes, range: Range<usize>) -> impl Iterator<Item = Bytes> + Send + 'static {
    let content = content.clone();
    let end = range.end;
    range.step_by(CHUNK).map(move |at| content.slice(at..end.min(at + CHUNK)))
}
