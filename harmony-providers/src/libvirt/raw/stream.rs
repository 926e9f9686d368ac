//! Moving a volume's bytes.

use virt::stream::Stream;

use super::Fault;
use super::link::{Acting, Link};

/// How an upload ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Every byte was taken and the stream ended without a late error.
    All(u64),
    /// `next` gave up; the stream was aborted after this many bytes.
    Stopped(u64),
}

impl Link {
    /// Sends `length` bytes into a volume, in the pieces that `next` hands out.
    ///
    /// `next` answers `None` at the end of the data. An upload that ends early is aborted, and its
    /// volume holds nothing that may be relied on.
    pub(crate) fn upload_volume(
        &self,
        _: &Acting,
        pool: &str,
        name: &str,
        length: u64,
        mut next: impl FnMut(u64) -> Option<Vec<u8>>,
    ) -> Result<Sent, Fault> {
        let volume = self.volume(pool, name)?;
        let stream = Stream::new(&self.connect, 0)?;
        volume.upload(&stream, 0, length, 0)?;
        let mut sent = 0;
        while sent < length {
            let Some(piece) = next(sent) else {
                stream.abort()?;
                return Ok(Sent::Stopped(sent));
            };
            let taken = (length - sent).min(piece.len() as u64);
            // invariant: `taken` is at most `piece.len()`, which is a usize.
            let piece = &piece[..usize::try_from(taken).unwrap_or(piece.len())];
            if let Err(fault) = send_all(&stream, piece) {
                if let Err(abort) = stream.abort() {
                    log::debug!("the failed upload could not be aborted either: {abort}");
                }
                return Err(fault);
            }
            sent += taken;
        }
        stream.finish()?;
        Ok(Sent::All(sent))
    }
}

/// `virStreamSend` may take less than it was given.
fn send_all(stream: &Stream, mut data: &[u8]) -> Result<(), Fault> {
    while !data.is_empty() {
        let sent = stream.send(data)?;
        if sent == 0 {
            return Err(Fault::invalid("the volume takes no more bytes: is it too small?"));
        }
        data = &data[sent..];
    }
    Ok(())
}
