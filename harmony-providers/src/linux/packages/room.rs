//! Where there is no room, which package tools do not tell.

use std::path::Path;

use harmony_capabilities::host::{Command, HostError};
use harmony_types::Printable;

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
            FaultKind::DiskFull => self.fullest(tool, &fault.said).await,
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

    /// The fullest of the places that a tool writes to or has `said`; none where the host does not say.
    async fn fullest(&self, tool: &dyn Tool, said: &str) -> Option<String> {
        let files = tool.locks().iter().copied().chain(paths(said));
        let folders = files.filter_map(|file| Path::new(file).parent()?.to_str());
        let folders = ["/", "/boot", "/tmp", "/usr", "/var"].into_iter().chain(folders);
        let asked = self.commands().look(&Command::script(LEAST).args(folders)).await;
        let output = asked.ok().filter(|output| output.stdout.is_whole())?;
        let said = Printable::of(output.stdout.text().trim()).to_string();
        (!said.is_empty()).then_some(said)
    }
}

/// The absolute paths in what a tool said.
fn paths(said: &str) -> impl Iterator<Item = &str> {
    said.split(|it: char| it.is_whitespace() || "'\"`\\:;,()".contains(it))
        .filter(|word| word.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_says_where_it_has_no_room() {
        let dpkg = "dpkg: error processing archive /var/cache/apt/archives/hello_2.10-3_amd64.deb (--unpack):\n \
                    cannot copy extracted data for \\'./opt/hello\\' to \\'/opt/hello.dpkg-new\\': failed to write (No space left on device)";
        let said: Vec<_> = paths(dpkg).collect();
        assert_eq!(said, ["/var/cache/apt/archives/hello_2.10-3_amd64.deb", "/opt/hello.dpkg-new"]);
    }
}
