//! The kernel: its modules and its parameters.

mod load;
mod modules;
mod parameters;
mod set;

pub(in crate::linux) use modules::Modules;
pub(in crate::linux) use parameters::Parameters;

use harmony_phases::ownership::Mark;

/// The first line of a file of ours, for people who find it.
fn header(mark: &Mark) -> String {
    let score: String = mark.score.chars().filter(|c| !c.is_control()).collect();
    format!("# Made by Harmony for site {} by {score}; changes are overwritten.", mark.site)
}

/// The last line of a file that is neither empty nor a comment.
fn setting(content: Option<&[u8]>) -> Option<String> {
    let text = String::from_utf8_lossy(content?);
    let mut lines = text.lines().map(str::trim);
    lines.rfind(|line| !line.is_empty() && !line.starts_with(['#', ';'])).map(str::to_owned)
}
