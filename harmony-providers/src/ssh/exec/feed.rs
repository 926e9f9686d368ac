//! What a command reads.

use std::{io, path::Path};

use harmony_capabilities::host::{Command, Input};
use harmony_phases::{Context, context::Unit};
use russh::{ChannelWriteHalf, client::Msg};
use tokio::{fs::File, io::AsyncReadExt, sync::mpsc::UnboundedReceiver};

use super::{collect::Cue, line::Root};

/// Why a command did not get all that it was to read.
#[derive(Debug)]
pub(super) enum Unfed {
    /// It takes no more: its end says how it went.
    Closed(russh::Error),
    /// The local file cannot be read, so that the command saw an early end.
    Unread(io::Error),
}

impl From<russh::Error> for Unfed {
    fn from(error: russh::Error) -> Self {
        Self::Closed(error)
    }
}

/// Feeds a command, then tells it that this was all.
///
/// A password goes out when sudo asks for it, and never else: where sudo does not ask, the command
/// would read it. A secret waits until the command runs, so that no other program gets it.
pub(super) async fn feed(
    writer: &ChannelWriteHalf<Msg>,
    command: &Command,
    root: Option<&Root>,
    mut cues: UnboundedReceiver<Cue>,
    show: Option<&Context>,
) -> Result<(), Unfed> {
    if let Some(Root::Sudo(Some(password))) = root {
        match cues.recv().await {
            Some(Cue::Asked) => {
                writer.data_bytes([password.expose().as_bytes(), b"\n"].concat()).await?;
                // Asked a second time, there is nothing more to say: sudo gives up at the end.
                if cues.recv().await != Some(Cue::Begun) {
                    return Ok(writer.eof().await?);
                }
            }
            Some(Cue::Begun) => {}
            None => return Ok(()),
        }
    } else if matches!(command.fed(), Input::Secret(_)) && cues.recv().await.is_none() {
        return Ok(());
    }
    match command.fed() {
        Input::Nothing => {}
        Input::Bytes(bytes) => writer.data_bytes(bytes.to_vec()).await?,
        Input::File(path) => file(writer, path, show).await?,
        Input::Secret(secret) => writer.data_bytes(secret.expose().clone().into_bytes()).await?,
    }
    Ok(writer.eof().await?)
}

/// Streams a local file: the next piece is read while the last one is on its way.
async fn file(
    writer: &ChannelWriteHalf<Msg>,
    path: &Path,
    show: Option<&Context>,
) -> Result<(), Unfed> {
    const PIECE: u64 = 256 * 1024;
    const TOLD: u64 = 4 * 1024 * 1024;
    let mut file = File::open(path).await.map_err(Unfed::Unread)?;
    file.set_max_buf_size(256 * 1024);
    let total = file.metadata().await.map_err(Unfed::Unread)?.len();
    let (mut done, mut told) = (0, 0);
    loop {
        let mut piece = Vec::with_capacity(256 * 1024);
        (&mut file).take(PIECE).read_to_end(&mut piece).await.map_err(Unfed::Unread)?;
        let is_last = piece.is_empty();
        done += piece.len() as u64;
        if !is_last {
            writer.data_bytes(piece).await?;
        }
        if let Some(ctx) = show
            && (is_last || done - told >= TOLD)
        {
            told = done;
            ctx.progress(done, Some(total), Unit::Bytes);
        }
        if is_last {
            return Ok(());
        }
    }
}
