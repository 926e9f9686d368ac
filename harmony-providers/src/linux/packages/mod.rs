//! Packages, by the host's own tool: apt, dnf, zypper or pacman.
//!
//! What the tools do differently is in one small trait, [`tool::Tool`]: how to ask for states, how to
//! simulate, change, refresh and mend, and what a complaint means. The rest is the same for all of
//! them: a change is tried, a complaint is given a name ([`fault::Fault`]), what can be cured is
//! cured once, and the change is tried again ([`commit`]).

mod act;
mod apt;
mod commit;
mod cures;
mod dnf;
mod fault;
mod foreseen;
mod names;
mod pacman;
mod role;
mod room;
mod rpm;
mod states;
mod survey;
mod tool;
mod wish;
mod zypper;

pub(in crate::linux) use foreseen::Foreseen;
pub(in crate::linux) use states::States;
