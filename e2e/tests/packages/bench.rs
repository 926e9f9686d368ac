//! A tree with a repository, and scores that are run on it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use e2e::{Cache, run};
use harmony_capabilities::host::{PackageManager, PackageName, PackageScore, PackageState};
use harmony_phases::context::EffectRecorder;
use harmony_phases::{Context, Score, ValidationReport};
use harmony_providers::linux::Linux;

use crate::tree::Tree;

/// A tool, its repository, and what of the tests it can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repository {
    pub(crate) distribution: &'static str,
    pub(crate) setup: &'static str,
    /// How it spells version 1.0 and 2.0; pacman's repositories have one version of a package.
    pub(crate) versions: Option<[&'static str; 2]>,
    /// Whether it can hold packages.
    pub(crate) holds: bool,
    /// Whether its simulations tell what conflicts; pacman sees it only when it acts.
    pub(crate) foresees: bool,
    /// A package of Debian's that the setup takes something from; its files are below `$unpacked`.
    pub(crate) unpacks: Option<&'static str>,
}

pub(crate) const APT: Repository = Repository {
    distribution: "debian",
    setup: include_str!("repository/apt.sh"),
    versions: Some(["1.0", "2.0"]),
    holds: true,
    foresees: true,
    unpacks: None,
};
pub(crate) const DNF: Repository = Repository {
    distribution: "fedora",
    setup: concat!(include_str!("repository/rpm.sh"), include_str!("repository/dnf.sh")),
    versions: Some(["1.0-1", "2.0-1"]),
    holds: false,
    foresees: true,
    unpacks: None,
};
/// With the plugin that holds packages. It is not installed on this machine, because Debian does not have it beside
/// zypper.
pub(crate) const DNF_WITH_LOCKS: Repository = Repository {
    setup: concat!(
        include_str!("repository/rpm.sh"),
        include_str!("repository/dnf.sh"),
        include_str!("repository/versionlock.sh")
    ),
    holds: true,
    unpacks: Some("dnf-plugins-core"),
    ..DNF
};
pub(crate) const ZYPPER: Repository = Repository {
    distribution: "opensuse",
    setup: concat!(include_str!("repository/rpm.sh"), include_str!("repository/zypper.sh")),
    versions: Some(["1.0-1", "2.0-1"]),
    holds: true,
    foresees: true,
    unpacks: None,
};
pub(crate) const PACMAN: Repository = Repository {
    distribution: "arch",
    setup: include_str!("repository/pacman.sh"),
    versions: None,
    holds: false,
    foresees: false,
    unpacks: None,
};

/// The files of a package of Debian's, which is not installed.
fn unpacked(package: &str) -> Result<PathBuf> {
    let shown = run(Path::new("/"), "apt-cache", &["show", "--no-all-versions", package])?;
    let version = shown.lines().find_map(|line| line.strip_prefix("Version: "));
    let version = version.context("no version: run `apt-get update`")?;
    Cache::open()?.entry(&format!("unpacked-{package}-{version}"), |at| {
        run(at, "apt-get", &["download", "-qq", "-o", "APT::Sandbox::User=root", package])?;
        run(at, "sh", &["-ec", "dpkg -x ./*.deb . && rm ./*.deb"]).map(drop)
    })
}

/// A tree with a repository.
pub(crate) struct Bench {
    pub(crate) tree: Tree,
    pub(crate) linux: Linux,
    pub(crate) ctx: Context,
    effects: EffectRecorder,
}

impl Bench {
    pub(crate) async fn of(repository: Repository) -> Result<Self> {
        let setup = match repository.unpacks {
            Some(package) => {
                format!("unpacked='{}'\n{}", unpacked(package)?.display(), repository.setup)
            }
            None => repository.setup.to_owned(),
        };
        let tree = Tree::start(repository.distribution, &setup)?;
        let linux = tree.linux().await?;
        let effects = EffectRecorder::default();
        let ctx = Context::builder("lab".parse()?).effects(effects.clone()).build();
        Ok(Self { tree, linux, ctx, effects })
    }

    pub(crate) async fn plan(&self, score: &PackageScore) -> Result<ValidationReport> {
        Ok(Score::<Linux>::create_interpret(score).validate(&self.ctx, &self.linux).await?)
    }

    /// Brings a score about, and says whether that changed anything.
    pub(crate) async fn run(&self, score: &PackageScore) -> Result<bool> {
        let interpret = Score::<Linux>::create_interpret(score);
        Ok(interpret.execute(&self.ctx, &self.linux).await?.changed())
    }

    /// Runs a score that must not be brought about, and answers what is said about that.
    pub(crate) async fn refused(&self, score: &PackageScore) -> Result<String> {
        match self.run(score).await {
            Err(error) => Ok(told(&error)),
            Ok(_) => bail!("it was brought about"),
        }
    }

    /// Takes back what a score brought about, and says whether that changed anything.
    pub(crate) async fn undo(&self, score: &PackageScore) -> Result<bool> {
        let interpret = Score::<Linux>::create_interpret(score);
        Ok(interpret.undo(&self.ctx, &self.linux).await?.changed())
    }

    pub(crate) async fn state(&self, name: &str) -> Result<PackageState> {
        Ok(self.linux.package(&name.parse::<PackageName>()?).await?)
    }

    /// The version of a package, where it is installed.
    pub(crate) async fn version(&self, name: &str) -> Result<Option<String>> {
        Ok(self.state(name).await?.installed)
    }

    /// What was done so far: verbs and objects.
    pub(crate) fn done(&self) -> Vec<String> {
        let effects = self.effects.effects();
        effects.iter().map(|it| it.effect.intent.to_string()).collect()
    }
}

/// Wants a package.
pub(crate) fn present(name: &str) -> PackageScore {
    PackageScore::builder().present(name).build().expect("a name")
}

/// The whole chain of an error.
pub(crate) fn told(error: &anyhow::Error) -> String {
    format!("{error:#}")
}
