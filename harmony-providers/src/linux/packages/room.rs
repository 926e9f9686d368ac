//! Where there is no room, which package tools do not tell.

use harmony_capabilities::host::{Command, HostError};

use super::fault::{Fault, FaultKind};
use super::tool::Tool;
use super::wish::Wish;
use crate::linux::Linux;

/// Which of the file systems of the folders `"$@"` has the least room, and how much.
const LEAST: &str = r#"
df -P -k "$@" 2>/dev/null | awk 'NR > 1 && (at == "" || $4 < least) { least = $4; at = $6 }
    END { if (at != "") print at " (" least " KiB)" }'
"#;

impl Linux {
    /// The error for a fault that nothing is left to try against.
    pub(super) async fn nothing_helps(
        &self,
        tool: &dyn Tool,
        wish: &Wish,
        fault: Fault,
    ) -> HostError {
        let fullest = match fault.kind {
            FaultKind::DiskFull => self.fullest(tool).await,
            _ => None,
        };
        let error = self.package_fault(tool, wish, fault);
        match fullest {
            Some(place) => error.remedy(format!(
                "the disk is full: make room, the least is left on {place}, and run again: what was cut short is mended"
            )),
            None => error,
        }
    }

    /// The fullest of the places that a tool writes to; none where the host does not say.
    async fn fullest(&self, tool: &dyn Tool) -> Option<String> {
        let folders = tool.locks().iter().filter_map(|lock| Some(lock.rsplit_once('/')?.0));
        let folders = ["/", "/boot", "/tmp", "/usr", "/var"].into_iter().chain(folders);
        let asked = self.commands().look(&Command::script(LEAST).args(folders)).await;
        let output = asked.ok().filter(|output| output.stdout.is_whole())?;
        let said: String =
            output.stdout.text().trim().chars().flat_map(char::escape_debug).collect();
        (!said.is_empty()).then_some(said)
    }
}
