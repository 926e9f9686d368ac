//! An http server with one image, which counts what it serves and misbehaves on request.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use futures_util::stream;

/// How the next answers go wrong, each entry once, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The body ends after this many bytes.
    Cut(usize),
    /// The body pauses for ever after this many bytes.
    Hang(usize),
    /// The answer is this status, without a body.
    Status(u16),
}

#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) body: Vec<u8>,
    pub(crate) etag: String,
    pub(crate) ranges: bool,
    pub(crate) faults: Vec<Fault>,
    /// The `Range` header of each GET, in order.
    pub(crate) asked: Vec<Option<String>>,
    /// How many bytes of bodies were handed out.
    pub(crate) bytes: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct ImageServer {
    address: SocketAddr,
    served: Arc<Mutex<Served>>,
}

impl ImageServer {
    pub(crate) async fn start(body: Vec<u8>) -> Self {
        let served = Served {
            body,
            etag: "\"v1\"".to_owned(),
            ranges: true,
            faults: Vec::new(),
            asked: Vec::new(),
            bytes: 0,
        };
        let served = Arc::new(Mutex::new(served));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/disk.img", any(answer)).with_state(Arc::clone(&served));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, served }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/disk.img", self.address)
    }

    /// An address that the server does not know.
    pub(crate) fn missing(&self) -> String {
        format!("http://{}/none.img", self.address)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, Served> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    State(shared): State<Arc<Mutex<Served>>>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let mut served = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    if text(header::IF_NONE_MATCH).is_some_and(|etag| etag == served.etag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let get = method == Method::GET;
    let fault = (get && !served.faults.is_empty()).then(|| served.faults.remove(0));
    if get {
        served.asked.push(text(header::RANGE));
    }
    if let Some(Fault::Status(status)) = fault {
        return StatusCode::from_u16(status).unwrap().into_response();
    }
    let unchanged = text(header::IF_RANGE).is_none_or(|etag| etag == served.etag);
    let start = text(header::RANGE)
        .filter(|_| served.ranges && unchanged)
        .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let total = served.body.len();
    let answer = Response::builder().header(header::ETAG, &served.etag);
    let (answer, rest) = match start {
        Some(start) if start >= total => {
            let range = format!("bytes */{total}");
            return (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, range)])
                .into_response();
        }
        Some(start) => {
            let range = format!("bytes {start}-{}/{total}", total - 1);
            let answer = answer.status(206).header(header::CONTENT_RANGE, range);
            (answer, served.body[start..].to_vec())
        }
        None => (answer.status(200), served.body.clone()),
    };
    let answer = answer.header(header::CONTENT_LENGTH, rest.len());
    if !get {
        return answer.body(Body::empty()).unwrap();
    }
    let counted = Arc::clone(&shared);
    answer
        .body(body(rest, fault, move |sent| {
            counted.lock().unwrap_or_else(PoisonError::into_inner).bytes += sent;
        }))
        .unwrap()
}

/// Hands out `rest` in small chunks, as far as `fault` lets it.
fn body(rest: Vec<u8>, fault: Option<Fault>, count: impl Fn(u64) + Send + 'static) -> Body {
    let end = match fault {
        Some(Fault::Cut(end) | Fault::Hang(end)) => end.min(rest.len()),
        _ => rest.len(),
    };
    let hangs = matches!(fault, Some(Fault::Hang(_)));
    let chunks = stream::unfold((0, rest, count), move |(at, rest, count)| async move {
        if at == end && hangs {
            std::future::pending::<()>().await;
        }
        if at == end {
            // While this pauses, hyper sends what it has; then it sees the early end.
            tokio::task::yield_now().await;
            return None;
        }
        let next = (at + 1000).min(end);
        let chunk = Bytes::copy_from_slice(&rest[at..next]);
        count(chunk.len() as u64);
        Some((Ok::<_, Infallible>(chunk), (next, rest, count)))
    });
    Body::from_stream(chunks)
}
