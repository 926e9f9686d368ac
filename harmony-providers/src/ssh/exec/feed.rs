//! What a command reads.

use harmony_capabilities::host::{Command, Input};
use russh::{ChannelWriteHalf, client::Msg};
use tokio::{fs::File, sync::mpsc::UnboundedReceiver};

use super::{collect::Cue, line::Root};

/// Feeds a command, then tells it that this was all.
///
/// A password goes out when sudo asks for it, and never else: where sudo does not ask, the command
/// would read it. A secret waits until the command runs, so that no other program gets it.
pub(super) async fn feed(
    writer: &ChannelWriteHalf<Msg>,
    command: &Command,
    root: Option<&Root>,
    mut cues: UnboundedReceiver<Cue>,
) -> Result<(), russh::Error> {
    if let Some(Root::Sudo(Some(password))) = root {
        match cues.recv().await {
            Some(Cue::Asked) => {
                writer.data_bytes([password.expose().as_bytes(), b"\n"].concat()).await?;
                // Asked a second time, there is nothing more to say: sudo gives up at the end.
                if cues.recv().await != Some(Cue::Begun) {
                    return writer.eof().await;
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
        Input::File(path) => match File::open(path).await {
            Ok(file) => writer.data(file).await?,
            // The command sees an early end, and knows how much there was to be.
            Err(error) => log::warn!("{} cannot be read: {error}", path.display()),
        },
        Input::Secret(secret) => writer.data_bytes(secret.expose().clone().into_bytes()).await?,
    }
    writer.eof().await
}
