//! The way between a client and an sshd, which ends after so many bytes.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Result, bail, ensure};

use super::cut::Cut;
use super::single::TestHost;

/// A port of the loopback interface that hands every byte on to an sshd and back, until it is to cut.
///
/// It counts what passes in both directions, over all connections: a cut is between two bytes, and not
/// at a time. It lasts until somebody connects anew. The port stays open until the process ends, and
/// hands nothing on once this is dropped.
#[derive(Debug)]
pub struct Wire {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    passed: u64,
    cut: Option<(u64, Cut)>,
    refusing: bool,
    open: Vec<TcpStream>,
    cuts: usize,
    /// How many of the cuts were silent: connections older than one of these hand nothing on.
    silences: usize,
    /// What is at the other end, where that is known.
    host: Option<TestHost>,
    /// What is being done to the host.
    outage: Option<Cut>,
    /// What could not be done to it.
    failed: Option<String>,
}

impl Wire {
    /// Listens in front of `host`.
    ///
    /// # Errors
    /// When no port is free.
    pub fn before(host: &TestHost) -> Result<Self> {
        Self::listen(host.ssh(), Some(host.clone()))
    }

    /// Listens in front of `target`; what cuts at a host cannot cut here.
    ///
    /// # Errors
    /// When no port is free.
    pub fn to(target: SocketAddr) -> Result<Self> {
        Self::listen(target, None)
    }

    fn listen(target: SocketAddr, host: Option<TestHost>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State { host, ..State::default() }));
        let shared = Arc::clone(&state);
        thread::Builder::new().name("wire".to_owned()).spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if let Err(error) = join(client, target, &shared) {
                    log::debug!("a client did not reach {target}: {error}");
                }
            }
        })?;
        Ok(Self { address, state })
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many bytes have passed so far, in both directions.
    pub fn passed(&self) -> u64 {
        held(&self.state).passed
    }

    /// How many times it has cut.
    pub fn cuts(&self) -> usize {
        held(&self.state).cuts
    }

    /// Hands on so many more bytes, then cuts once; whoever connects again afterwards gets through,
    /// unless it [refuses](Self::refuse).
    ///
    /// # Errors
    /// When the cut is one of a host, and this leads to [another target](Self::to).
    pub fn cut_after(&self, bytes: u64, how: Cut) -> Result<()> {
        let mut state = held(&self.state);
        ensure!(state.host.is_some() || !how.is_of_the_host(), "{how}: there is no host here");
        state.cut = Some((state.passed + bytes, how));
        Ok(())
    }

    /// Lets nobody in any more, until [`mend`](Self::mend).
    pub fn refuse(&self) {
        held(&self.state).refusing = true;
    }

    /// Ends all connections now.
    pub fn hang_up(&self) {
        hang_up(&mut held(&self.state));
    }

    /// Hands everything on again, on new connections.
    ///
    /// # Errors
    /// When something could not be done to the host since the last time, or cannot be undone now.
    pub fn mend(&self) -> Result<()> {
        let mut state = held(&self.state);
        state.end();
        hang_up(&mut state);
        (state.cut, state.refusing) = (None, false);
        match state.failed.take() {
            Some(why) => bail!("the wire to the host: {why}"),
            None => Ok(()),
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        let mut state = held(&self.state);
        hang_up(&mut state);
        state.refusing = true;
        state.host = None;
    }
}

fn hang_up(state: &mut State) {
    for stream in state.open.drain(..) {
        // The other side may have hung up before.
        let _ = stream.shutdown(Shutdown::Both);
    }
}

impl State {
    /// Does to the host what `cut` does; nothing passes meanwhile.
    fn begin(&mut self, cut: Cut) {
        self.outage = Some(cut);
        self.at_the_host(|host| cut.begin(host));
    }

    /// Ends what is being done to the host.
    fn end(&mut self) {
        if let Some(cut) = self.outage.take() {
            self.at_the_host(|host| cut.end(host));
        }
    }

    fn at_the_host(&mut self, act: impl FnOnce(&TestHost) -> Result<()>) {
        if let Some(Err(error)) = self.host.as_ref().map(act) {
            self.failed = Some(format!("{error:#}"));
        }
    }
}

fn join(client: TcpStream, target: SocketAddr, state: &Arc<Mutex<State>>) -> io::Result<()> {
    if held(state).refusing {
        return client.shutdown(Shutdown::Both);
    }
    held(state).end();
    let server = TcpStream::connect(target)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    held(state).open.extend([client.try_clone()?, server.try_clone()?]);
    let (asked, heard) = (client.try_clone()?, server.try_clone()?);
    let shared = Arc::clone(state);
    thread::spawn(move || hand_over(hand_on(&asked, &heard, &shared), &heard));
    let shared = Arc::clone(state);
    thread::spawn(move || hand_over(hand_on(&server, &client, &shared), &client));
    Ok(())
}

/// Tells `listener` that its other side has ended, unless it is not to know.
fn hand_over(ended: io::Result<Option<Cut>>, listener: &TcpStream) {
    // One that has gone itself needs to be told nothing.
    let _ = match ended {
        Ok(Some(Cut::Silence)) => Ok(()),
        Ok(None) => listener.shutdown(Shutdown::Write),
        Ok(Some(_)) | Err(_) => listener.shutdown(Shutdown::Both),
    };
}

/// Hands everything on, counting; ends with the cut that ended it.
fn hand_on(
    mut from: &TcpStream,
    mut to: &TcpStream,
    all: &Mutex<State>,
) -> io::Result<Option<Cut>> {
    let mut piece = vec![0; 64 << 10];
    let silences = held(all).silences;
    loop {
        let length = from.read(&mut piece)?;
        if length == 0 {
            return Ok(None);
        }
        let mut state = held(all);
        if state.silences > silences {
            return Ok(Some(Cut::Silence));
        }
        let (allowed, cut) = count(&mut state, length);
        if let Some(cut) = cut.filter(|cut| cut.is_of_the_host()) {
            to.write_all(&piece[..allowed])?;
            state.begin(cut);
            drop(state);
            to.write_all(&piece[allowed..length])?;
            continue;
        }
        drop(state);
        to.write_all(&piece[..allowed])?;
        if cut == Some(Cut::HangUp) {
            hang_up(&mut held(all));
        }
        if cut.is_some() {
            return Ok(cut);
        }
    }
}

/// How many of `length` bytes may pass, and the cut that is due after them.
fn count(state: &mut State, length: usize) -> (usize, Option<Cut>) {
    let before = state.passed;
    state.passed += length as u64;
    match state.cut {
        Some((at, how)) if state.passed >= at => {
            state.cut = None;
            state.cuts += 1;
            state.silences += usize::from(how == Cut::Silence);
            (usize::try_from(at - before).unwrap_or(length), Some(how))
        }
        _ => (length, None),
    }
}

fn held(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends back what it hears.
    fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || io::copy(&mut &stream, &mut &stream));
            }
        });
        address
    }

    fn heard(stream: &mut TcpStream) -> Vec<u8> {
        let mut bytes = Vec::new();
        // A reset is as good an end as any.
        let _ = stream.read_to_end(&mut bytes);
        bytes
    }

    #[test]
    fn exactly_so_many_bytes_arrive_before_a_cut() {
        let wire = Wire::to(echo()).unwrap();
        let mut first = TcpStream::connect(wire.address()).unwrap();
        first.write_all(b"hello").unwrap();
        let mut answer = [0; 5];
        first.read_exact(&mut answer).unwrap();
        assert_eq!((&answer, wire.passed()), (b"hello", 10));

        wire.cut_after(3, Cut::HangUp).unwrap();
        first.write_all(b"world").unwrap();
        assert!(b"wor".starts_with(&heard(&mut first)[..]));
        assert_eq!(wire.cuts(), 1);

        let mut second = TcpStream::connect(wire.address()).unwrap();
        second.write_all(b"again").unwrap();
        second.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"again");
    }

    #[test]
    fn whoever_comes_is_refused_until_it_is_mended() {
        let wire = Wire::to(echo()).unwrap();
        wire.refuse();
        assert_eq!(heard(&mut TcpStream::connect(wire.address()).unwrap()), b"");
        wire.mend().unwrap();
        let mut stream = TcpStream::connect(wire.address()).unwrap();
        stream.write_all(b"hello").unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).unwrap();
    }

    #[test]
    fn what_happens_to_a_host_needs_one() {
        let wire = Wire::to(echo()).unwrap();
        let error = wire.cut_after(1, Cut::SshdKilled).unwrap_err();
        assert_eq!(error.to_string(), "sshd killed: there is no host here");
    }
}
