//! Carrying bytes both ways.

use std::{io, pin::pin};

use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf, client::Msg};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Carries bytes between a local connection and a channel, `first` before all others, until the host closes the
/// channel or the local end is gone. An end of one direction is passed on, and the other one goes on.
pub(in crate::ssh) async fn carry(
    local: impl AsyncRead + AsyncWrite,
    reader: &mut ChannelReadHalf,
    writer: &ChannelWriteHalf<Msg>,
    first: &[u8],
) {
    let (from, to) = tokio::io::split(local);
    let mut up = pin!(up(from, writer));
    let mut down = pin!(down(to, reader, first));
    let gone = tokio::select! {
        ended = &mut down => return said(ended),
        ended = &mut up => ended,
    };
    match gone {
        Ok(()) => said(down.await),
        Err(_) => said(gone),
    }
}

fn said(ended: io::Result<()>) {
    if let Err(error) = ended {
        log::debug!("a forwarded connection ended: {error}");
    }
}

async fn up(mut from: impl AsyncRead + Unpin, writer: &ChannelWriteHalf<Msg>) -> io::Result<()> {
    const ROOM: usize = 32 * 1024;
    let mut room = vec![0; ROOM];
    loop {
        let read = from.read(&mut room).await?;
        if read == 0 {
            return writer.eof().await.map_err(io::Error::other);
        }
        writer.data_bytes(room[..read].to_vec()).await.map_err(io::Error::other)?;
    }
}

async fn down(
    mut to: impl AsyncWrite + Unpin,
    reader: &mut ChannelReadHalf,
    first: &[u8],
) -> io::Result<()> {
    to.write_all(first).await?;
    while let Some(message) = reader.wait().await {
        match message {
            ChannelMsg::Data { data } => to.write_all(&data).await?,
            ChannelMsg::Eof => to.shutdown().await?,
            ChannelMsg::Close => break,
            // What a bridge complains of shows in how it ends.
            _ => {}
        }
    }
    to.shutdown().await
}
