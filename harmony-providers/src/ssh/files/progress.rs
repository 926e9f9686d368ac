//! Copying, and saying how far it has come.

use std::io;

use harmony_phases::{Context, context::Unit};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Copies all of `from`, of which there should be `total` bytes, and says how many there were.
pub(super) async fn copy(
    ctx: &Context,
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    total: u64,
) -> io::Result<u64> {
    const PIECE: usize = 256 * 1024;
    const TOLD: u64 = 4 * 1024 * 1024;
    let mut piece = vec![0; PIECE];
    let (mut done, mut told) = (0, 0);
    loop {
        let read = from.read(&mut piece).await?;
        if read == 0 {
            break;
        }
        to.write_all(&piece[..read]).await?;
        done += read as u64;
        if done - told >= TOLD {
            told = done;
            ctx.progress(done, Some(total), Unit::Bytes);
        }
    }
    to.flush().await?;
    ctx.progress(done, Some(total), Unit::Bytes);
    Ok(done)
}
