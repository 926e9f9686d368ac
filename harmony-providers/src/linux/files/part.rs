//! Reading a part of a file, by a command of its own.

use harmony_capabilities::host::{Command, HostError, HostErrorKind};
use harmony_types::{ByteSize, HostPath};

use crate::linux::Linux;
use crate::linux::change::Complaint;
use crate::linux::reads::Malformed;

/// A part of a file.
#[derive(Debug)]
pub(super) struct Part {
    /// What tells one state of the file from another: two parts with different ones do not belong together.
    pub(super) state: String,
    /// How large the whole file is, by its attributes.
    pub(super) size: u64,
    pub(super) bytes: Vec<u8>,
}

impl Linux {
    /// Reads at most `most` bytes of a file from `offset` on.
    pub(super) async fn part(
        &self,
        path: &HostPath,
        offset: u64,
        most: u64,
    ) -> Result<Part, HostError> {
        /// What the line before the bytes may take.
        const HEAD: u64 = 256;
        let what = || format!("read {path}");
        let words = [path.as_str(), &(offset + 1).to_string(), &most.to_string()];
        let command = Command::script(include_str!("read.sh")).args(words.map(str::to_owned));
        let command = command.keep(ByteSize::bytes(most.saturating_add(HEAD)));
        let output = self.looker().look(&command).await?;
        if !output.succeeded() {
            return Err(Complaint::of(&output).into_error(what(), &self.commands().place()));
        }
        Part::read(output.stdout.bytes).ok_or_else(|| {
            HostError::new(HostErrorKind::Malformed, what())
                .at(self.commands().place())
                .caused_by(Malformed::new("the part of the file has no head"))
        })
    }
}

impl Part {
    /// Reads `INODE/SIZE/SECONDS`, a line's end, and the bytes.
    fn read(mut bytes: Vec<u8>) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let state = std::str::from_utf8(&bytes[..end]).ok()?.to_owned();
        let size = state.split('/').nth(1)?.parse().ok()?;
        bytes.drain(..=end);
        Some(Self { state, size, bytes })
    }
}
