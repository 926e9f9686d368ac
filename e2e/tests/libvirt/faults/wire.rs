//! A socket in front of libvirtd that loses the answer to one call, or acts in the middle of an
//! upload.

use std::io::{self, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::{fmt, fs};

use anyhow::{Context as _, Result};
use e2e::PrivateLibvirt;

use super::lab::lock;

/// libvirt's own calls; keepalive is another program on the same socket.
const REMOTE_PROGRAM: u32 = 0x2000_8086;
const REPLY: u32 = 1;
/// The call that asks for libvirt's version.
const GET_LIB_VERSION: u32 = 157;

/// A socket that hands every byte on, until an answer is to be lost: then libvirtd is killed with
/// the work done and its client none the wiser.
#[derive(Debug)]
pub(super) struct Wire {
    socket: PathBuf,
    answers_left: Arc<AtomicU32>,
    version: Arc<AtomicU32>,
    waiting: Arc<Mutex<Option<Waiting>>>,
}

/// What happens once so many more bytes have been sent to libvirtd.
struct Waiting {
    bytes: usize,
    act: Box<dyn FnOnce() + Send>,
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Waiting for {} bytes", self.bytes)
    }
}

impl Wire {
    /// Listens at `socket`, in front of `daemon`.
    pub(super) fn before(daemon: &Arc<Mutex<PrivateLibvirt>>, socket: PathBuf) -> Result<Self> {
        let uri = lock(daemon).uri();
        let behind = uri.split_once("socket=").context("the daemon has no socket")?.1.to_owned();
        let listener = UnixListener::bind(&socket)?;
        let answers_left = Arc::new(AtomicU32::new(0));
        let version = Arc::new(AtomicU32::new(0));
        let answers = Answers {
            daemon: Arc::downgrade(daemon),
            left: Arc::clone(&answers_left),
            version: Arc::clone(&version),
        };
        let waiting = Arc::new(Mutex::new(None));
        let upwards = Arc::clone(&waiting);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if let Err(error) = join(client, Path::new(&behind), answers.clone(), &upwards) {
                    log::debug!("a client found no libvirtd: {error}");
                }
            }
        });
        Ok(Self { socket, answers_left, version, waiting })
    }

    pub(super) fn uri(&self) -> String {
        format!("qemu+unix:///system?socket={}", self.socket.display())
    }

    /// Loses the answer to the nth call from then on, counted from 1, and kills libvirtd there.
    pub(super) fn trigger(&self) -> impl Fn(u32) + Send + Sync + 'static {
        let left = Arc::clone(&self.answers_left);
        move |nth| left.store(nth, Ordering::SeqCst)
    }

    /// Kills libvirtd as soon as it has been asked the next thing, whatever it makes of it.
    pub(super) fn killer(
        &self,
        daemon: Arc<Mutex<PrivateLibvirt>>,
    ) -> impl Fn() + Send + Sync + 'static {
        let waiting = Arc::clone(&self.waiting);
        move || {
            let daemon = Arc::clone(&daemon);
            let kill = move || match lock(&daemon).kill() {
                Ok(()) => {}
                Err(error) => log::warn!("{error}"),
            };
            *held(&waiting) = Some(Waiting { bytes: 1, act: Box::new(kill) });
        }
    }

    /// Does `act` once, as soon as so many more bytes have been sent to libvirtd.
    pub(super) fn when_sent(&self, bytes: usize, act: impl FnOnce() + Send + 'static) {
        *held(&self.waiting) = Some(Waiting { bytes, act: Box::new(act) });
    }

    /// Answers for libvirtd that it is of this version.
    pub(super) fn pretend_version(&self, version: u32) {
        self.version.store(version, Ordering::SeqCst);
    }

    /// Hands everything on again.
    pub(super) fn lose_nothing(&self) {
        self.answers_left.store(0, Ordering::SeqCst);
        *held(&self.waiting) = None;
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.socket) {
            log::debug!("{}: {error}", self.socket.display());
        }
    }
}

/// The way back from libvirtd to one client.
#[derive(Clone)]
struct Answers {
    daemon: Weak<Mutex<PrivateLibvirt>>,
    left: Arc<AtomicU32>,
    version: Arc<AtomicU32>,
}

fn join(
    client: UnixStream,
    behind: &Path,
    answers: Answers,
    waiting: &Arc<Mutex<Option<Waiting>>>,
) -> io::Result<()> {
    let server = UnixStream::connect(behind)?;
    let (asked, heard) = (client.try_clone()?, server.try_clone()?);
    let waiting = Arc::clone(waiting);
    // An end on one side is the end of both; why is of no interest.
    thread::spawn(move || {
        let _ = send_on(&asked, &heard, &waiting);
        let _ = heard.shutdown(Shutdown::Both);
    });
    thread::spawn(move || {
        let _ = answers.hand_on(&server, &client);
        let _ = client.shutdown(Shutdown::Both);
    });
    Ok(())
}

/// Hands everything on to libvirtd, counting.
fn send_on(
    mut client: &UnixStream,
    mut server: &UnixStream,
    waiting: &Mutex<Option<Waiting>>,
) -> io::Result<()> {
    let mut piece = vec![0; 64 << 10];
    loop {
        let length = client.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        server.write_all(&piece[..length])?;
        let due = held(waiting).take_if(|it| {
            it.bytes = it.bytes.saturating_sub(length);
            it.bytes == 0
        });
        if let Some(due) = due {
            (due.act)();
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Answers {
    /// Hands packet after packet on: a length that counts itself, a program, and what it says.
    fn hand_on(&self, mut server: &UnixStream, mut client: &UnixStream) -> io::Result<()> {
        loop {
            let mut length = [0; 4];
            server.read_exact(&mut length)?;
            let rest = u32::from_be_bytes(length).saturating_sub(4) as usize;
            let mut packet = vec![0; rest];
            server.read_exact(&mut packet)?;
            if self.is_to_be_lost(&packet) {
                return self
                    .daemon
                    .upgrade()
                    .map_or(Ok(()), |daemon| lock(&daemon).kill().map_err(io::Error::other));
            }
            self.disguise(&mut packet);
            client.write_all(&length)?;
            client.write_all(&packet)?;
        }
    }

    fn is_to_be_lost(&self, packet: &[u8]) -> bool {
        if word(packet, 0) != Some(REMOTE_PROGRAM) || word(packet, 3) != Some(REPLY) {
            return false;
        }
        let counted =
            self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        counted == Ok(1)
    }

    /// Puts the version it pretends to in the place of the true one: the last 8 bytes.
    fn disguise(&self, packet: &mut [u8]) {
        let version = self.version.load(Ordering::SeqCst);
        let answers = word(packet, 2) == Some(GET_LIB_VERSION) && word(packet, 3) == Some(REPLY);
        let place = packet.len().saturating_sub(4);
        if version > 0 && answers && word(packet, 0) == Some(REMOTE_PROGRAM) {
            packet[place..].copy_from_slice(&version.to_be_bytes());
        }
    }
}

/// The nth word of a packet: program, its version, procedure, kind, serial, status.
fn word(packet: &[u8], at: usize) -> Option<u32> {
    let bytes = packet.get(at * 4..at * 4 + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(bytes))
}
