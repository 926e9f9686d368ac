//! What the package tools do differently.

use std::collections::HashMap;
use std::fmt::Debug;

use harmony_capabilities::host::{Facts, PackageName, PackageState, PackageTool, Transaction};

use super::apt::Apt;
use super::dnf::Dnf;
use super::fault::Fault;
use super::pacman::Pacman;
use super::wish::Wish;
use super::zypper::Zypper;

/// A package tool: the scripts it is driven by, and how to read what it prints.
///
/// Scripts are bodies of POSIX functions; names and versions are their words, never part of their
/// text. A command that changes something is a list of words.
pub(super) trait Tool: Debug + Send + Sync {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// Prints the states of the packages `"$@"`.
    fn asks(&self) -> &'static str;

    /// Files that tell which packages are held, where the states do not.
    fn told_by_files(&self) -> &'static [&'static str] {
        &[]
    }

    /// Reads what `asks` printed, without marks; a package that is not there has no answer.
    fn states(&self, asked: &[PackageName], told: &Told<'_>) -> HashMap<PackageName, PackageState>;

    /// The files that it locks while it works.
    fn locks(&self) -> &'static [&'static str];

    /// Prints how the tool stands: `age SECONDS` of the index or `age none`, where it does not look after that
    /// itself; `damaged` when the tool would not see that the index is; `cut` when an earlier run was cut short;
    /// `no-holds REASON` when it cannot hold packages.
    fn condition(&self) -> &'static str;

    /// Simulates: `"$1"` says whose index is used, `host` or `scratch`, a new one that is thrown away;
    /// the rest is what [`simulated`](Self::simulated) says.
    fn simulates(&self) -> &'static str;

    /// The files and folders that alone decide what a simulation with the host's index tells; none where
    /// that cannot be said. One that is asked for again while `unmoved` is `yes` prints nothing.
    fn stands_on(&self) -> &'static [&'static str] {
        &[]
    }

    /// What a simulation of this wish is told.
    fn simulated(&self, wish: &Wish) -> Vec<String>;

    /// Reads what a simulation printed.
    fn read_simulation(&self, wish: &Wish, ran: &Ran<'_>) -> Result<Transaction, Fault>;

    /// The commands that fulfil a wish, in order.
    fn changes(&self, wish: &Wish) -> Vec<Vec<String>>;

    /// The command that succeeds when a package is there, even in part.
    fn knows(&self, name: &PackageName) -> Vec<String>;

    /// The commands that make the index new, from nothing when the old one is damaged.
    fn refreshes(&self, from_nothing: bool) -> Vec<Vec<String>>;

    /// The commands that fulfil a wish as [`changes`](Self::changes) do, and end before anything is touched where more
    /// would happen than was asked; none where only a simulation tells.
    fn guarded(&self, _wish: &Wish) -> Option<Vec<Vec<String>>> {
        None
    }

    /// The commands that complete what was cut short.
    fn mends(&self) -> Vec<Vec<String>>;

    /// The environment of all its commands.
    fn environment(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// What its complaint means.
    fn fault(&self, printed: &str) -> Fault;
}

/// What a host answered about packages.
#[derive(Debug)]
pub(super) struct Told<'a> {
    /// What `asks` printed.
    pub(super) printed: &'a str,
    /// The contents of the files that tell, where they are there.
    pub(super) files: Vec<&'a [u8]>,
    /// What the host is.
    pub(super) facts: &'a Facts,
}

/// How a simulation ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ran<'a> {
    /// What it printed, to both of its outputs.
    pub(super) printed: &'a str,
    /// The code that it ended with.
    pub(super) code: u32,
}

/// The tool of this kind.
pub(super) fn tool(kind: PackageTool) -> &'static dyn Tool {
    match kind {
        PackageTool::Apt => &Apt,
        PackageTool::Dnf => &Dnf,
        PackageTool::Pacman => &Pacman,
        PackageTool::Zypper => &Zypper,
    }
}

/// A list of words.
pub(super) fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}
