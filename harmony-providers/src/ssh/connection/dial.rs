//! Opening a connection: the way over the hops, the key exchange, the login.

use std::{borrow::Cow, io, sync::Arc};

use russh::{
    Preferred, cipher,
    client::{self, Config, Handle},
    keys::PublicKey,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};

use super::{
    link::Link,
    plan::{Hop, Plan},
    watcher::{Broken, Ending, Watcher},
};
use crate::ssh::{SshError, SshErrorKind as Kind, login, trust::nothing_in_common};

/// Opens a connection over all hops within the deadline; `likely` is the key that was accepted
/// before by the host that is wanted.
pub(super) async fn dial(plan: &Plan, likely: Option<&PublicKey>) -> Result<Link, SshError> {
    let limit = plan.deadlines.connect;
    timeout(limit, over_all_hops(plan, likely)).await.unwrap_or_else(|_| {
        Err(SshError::new(Kind::Unreachable, "connect")
            .at(plan.place())
            .remedy("see whether packets are dropped on the way, or allow more time (Deadlines)")
            .caused_by(format!("there was no login within {} s", limit.as_secs_f32())))
    })
}

async fn over_all_hops(plan: &Plan, likely: Option<&PublicKey>) -> Result<Link, SshError> {
    let mut reached: Option<Link> = None;
    for (index, hop) in plan.hops.iter().enumerate() {
        let likely = likely.filter(|_| index + 1 == plan.hops.len());
        let known = Known { plan, hop, likely };
        let link = match reached.take() {
            None => known.greet(tcp(hop).await?, None).await?,
            Some(via) => {
                let stream = beyond(&via, hop).await?;
                known.greet(stream, Some(via)).await?
            }
        };
        reached = Some(link);
    }
    // invariant: a plan ends with the host that is wanted.
    reached.ok_or_else(|| SshError::new(Kind::Invalid, "connect to no host"))
}

/// A TCP connection to the first hop.
async fn tcp(hop: &Hop) -> Result<TcpStream, SshError> {
    let stream = TcpStream::connect((hop.target.host.to_string(), hop.target.port.number())).await;
    let stream = stream.map_err(|error| unreachable(hop, error))?;
    // A command is a few small packets each way: none of them waits for the next one.
    stream.set_nodelay(true).map_err(|error| unreachable(hop, error))?;
    Ok(stream)
}

fn unreachable(hop: &Hop, error: io::Error) -> SshError {
    let (host, port) = (&hop.target.host, hop.target.port);
    let remedy = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            format!("nothing listens on port {port} of {host}: is sshd running there?")
        }
        _ => format!("check that {host} is the right name, is switched on, and is routed to"),
    };
    SshError::new(Kind::Unreachable, "connect").at(hop).remedy(remedy).caused_by(error)
}

/// A stream to the next hop, through the one that was reached.
async fn beyond(
    via: &Link,
    hop: &Hop,
) -> Result<impl AsyncRead + AsyncWrite + Unpin + Send + 'static, SshError> {
    let (host, port) = (hop.target.host.to_string(), u32::from(hop.target.port.number()));
    let opened = via.handle().channel_open_direct_tcpip(host, port, "127.0.0.1", 0).await;
    let channel = opened.map_err(|error| {
        SshError::new(Kind::Unreachable, format!("reach {hop} through another host"))
            .at(via.place())
            .remedy("check the name, and that sshd there allows it (AllowTcpForwarding)")
            .caused_by(error)
    })?;
    Ok(channel.into_stream())
}

/// What is known of a host before it is greeted.
struct Known<'a> {
    plan: &'a Plan,
    hop: &'a Hop,
    likely: Option<&'a PublicKey>,
}

impl Known<'_> {
    /// The key exchange and the login on a stream.
    async fn greet<S>(&self, stream: S, via: Option<Link>) -> Result<Link, SshError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let hop = self.hop;
        let ending = Ending::default();
        let watcher = Watcher {
            host: hop.to_string(),
            trust: Arc::clone(&hop.trust),
            ending: ending.clone(),
        };
        let config = Arc::new(config(self.plan, hop));
        let shaken = client::connect_stream(config, stream, watcher).await;
        let mut handle = shaken.map_err(|broken| not_shaken(hop, broken))?;
        let login = self.log_in(&mut handle).await?;
        log::debug!("logged in as {hop}");
        Ok(Link::new(handle, hop.to_string(), ending, login, self.plan.sessions, via))
    }

    async fn log_in(&self, handle: &mut Handle<Watcher>) -> Result<login::LoggedIn, SshError> {
        let (user, credentials) = (&self.hop.target.user, &self.hop.credentials);
        let answer = login::authenticate(handle, user, credentials, self.likely).await;
        answer.map_err(|error| {
            let kind = if error.is_lost() { Kind::Unreachable } else { Kind::Login };
            let advice = error.advice();
            let known = SshError::new(kind, "log in").at(self.hop).caused_by(error);
            match advice {
                Some(advice) => known.remedy(advice),
                None => known,
            }
        })
    }
}

fn not_shaken(hop: &Hop, broken: Broken) -> SshError {
    match broken {
        Broken::HostKey(error) => SshError::new(Kind::HostKey, "connect").at(hop).caused_by(error),
        Broken::Protocol(error) => match nothing_in_common(&error) {
            Some(why) => {
                SshError::new(Kind::Unsupported, "agree on algorithms").at(hop).caused_by(why)
            }
            None => SshError::new(Kind::Unreachable, "connect")
                .at(hop)
                .remedy("see whether it is an SSH server that answers there, and what its log says")
                .caused_by(error),
        },
    }
}

fn config(plan: &Plan, hop: &Hop) -> Config {
    const CIPHERS: &[cipher::Name] = &[
        // The fastest first, where the processor helps: all of them are authenticated.
        cipher::AES_256_GCM,
        cipher::CHACHA20_POLY1305,
        cipher::AES_256_CTR,
    ];
    Config {
        preferred: Preferred { cipher: Cow::Borrowed(CIPHERS), ..hop.trust.offer() },
        keepalive_interval: Some(plan.deadlines.silence),
        keepalive_max: 3,
        nodelay: true,
        ..Config::default()
    }
}
