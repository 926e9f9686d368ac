//! The way between a client and an sshd, which ends after so many bytes.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Result;

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cut {
    /// Both sides are told that the other has hung up.
    HangUp,
    /// Nothing arrives any more, and nobody is told.
    Silence,
}

/// A port of the loopback interface that hands every byte on to an sshd and back, until it is to cut.
///
/// It counts what passes in both directions, over all connections: a cut is between two bytes, and not
/// at a time. It goes on until the process ends, and hands nothing on once
/// it is dropped.
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
}

impl Wire {
    /// Listens in front of `target`.
    ///
    /// # Errors
    /// When no port is free.
    pub fn to(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::default()));
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
    pub fn cut_after(&self, bytes: u64, how: Cut) {
        let mut state = held(&self.state);
        state.cut = Some((state.passed + bytes, how));
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
    pub fn mend(&self) {
        let mut state = held(&self.state);
        hang_up(&mut state);
        (state.cut, state.refusing) = (None, false);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        let mut state = held(&self.state);
        hang_up(&mut state);
        state.refusing = true;
    }
}

fn hang_up(state: &mut State) {
    for stream in state.open.drain(..) {
        // The other side may have hung up before.
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn join(client: TcpStream, target: SocketAddr, state: &Arc<Mutex<State>>) -> io::Result<()> {
    if held(state).refusing {
        return client.shutdown(Shutdown::Both);
    }
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
        Ok(Some(Cut::HangUp)) | Err(_) => listener.shutdown(Shutdown::Both),
    };
}

/// Hands everything on, counting; ends with the cut that ended it.
fn hand_on(
    mut from: &TcpStream,
    mut to: &TcpStream,
    state: &Mutex<State>,
) -> io::Result<Option<Cut>> {
    let mut piece = vec![0; 64 << 10];
    let cuts = held(state).cuts;
    loop {
        let length = from.read(&mut piece)?;
        if length == 0 {
            return Ok(None);
        }
        let (allowed, cut) = {
            let mut state = held(state);
            if state.cuts > cuts {
                return Ok(Some(Cut::Silence));
            }
            count(&mut state, length)
        };
        to.write_all(&piece[..allowed])?;
        if let Some(how) = cut {
            if how == Cut::HangUp {
                hang_up(&mut held(state));
            }
            return Ok(Some(how));
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

        wire.cut_after(3, Cut::HangUp);
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
        wire.mend();
        let mut stream = TcpStream::connect(wire.address()).unwrap();
        stream.write_all(b"hello").unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = [0; 5];
        stream.read_exact(&mut answer).unwrap();
    }
}
