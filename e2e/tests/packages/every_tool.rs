//! What holds whatever the tool is.

use anyhow::Result;
use harmony_capabilities::host::{PackageScore, PackageTool};
use harmony_phases::Status;

use crate::bench::{APT, Bench, DNF, DNF_WITH_LOCKS, PACMAN, Repository, ZYPPER, present, told};

/// Runs each case on each tool, as a test of its own.
macro_rules! on_every_tool {
    ($($case:ident),+ $(,)?) => {
        $(mod $case {
            use super::{APT, DNF, PACMAN, ZYPPER};

            #[tokio::test]
            async fn apt() -> anyhow::Result<()> { super::$case(APT).await }

            #[tokio::test]
            async fn dnf() -> anyhow::Result<()> { super::$case(DNF).await }

            #[tokio::test]
            async fn pacman() -> anyhow::Result<()> { super::$case(PACMAN).await }

            #[tokio::test]
            async fn zypper() -> anyhow::Result<()> { super::$case(ZYPPER).await }
        })+
    };
}

on_every_tool!(
    a_package_comes_once_and_goes_with_its_mark,
    nothing_goes_unasked,
    configuration_that_was_changed_is_kept,
    what_is_not_known_is_told,
    a_version_is_brought_about_and_held,
);

/// The host's own index is missing at first: the plan looks through one that it throws away.
async fn a_package_comes_once_and_goes_with_its_mark(repository: Repository) -> Result<()> {
    let bench = Bench::of(repository).await?;
    let score = present("h-two");
    let plan = bench.plan(&score).await?;
    assert_eq!(plan.status, Status::WillCreate);
    let plan = format!("{plan:?}");
    assert!(plan.contains("install h-two 1.0") && plan.contains("install h-three 1:3-1"), "{plan}");
    assert_eq!(bench.done(), [] as [&str; 0], "a plan changes nothing");

    assert!(bench.run(&score).await?);
    let tool = match bench.linux.facts().package_tool {
        Some(PackageTool::Apt) => "apt",
        Some(PackageTool::Dnf) => "dnf",
        Some(PackageTool::Pacman) => "pacman",
        Some(PackageTool::Zypper) => "zypper",
        None => "none",
    };
    assert_eq!(
        bench.done(),
        [format!("refresh the index of `{tool}`"), "install packages `h-two`".to_owned()]
    );
    assert!(bench.state("h-two").await?.mark.is_some());
    let three = bench.state("h-three").await?;
    assert!(three.installed.is_some() && three.mark.is_none(), "what is needed is not ours");

    assert_eq!(bench.plan(&score).await?.status, Status::AlreadyApplied);
    assert!(!bench.run(&score).await?);
    assert_eq!(bench.done().len(), 2);

    let left = present("h-three");
    assert!(!bench.undo(&left).await?, "what is not ours stays");
    assert!(bench.undo(&score).await?);
    let two = bench.state("h-two").await?;
    assert_eq!((two.installed, two.mark), (None, None));
    assert!(bench.version("h-three").await?.is_some());
    assert!(!bench.undo(&score).await?);
    Ok(())
}

async fn nothing_goes_unasked(repository: Repository) -> Result<()> {
    let bench = Bench::of(repository).await?;
    bench.run(&present("h-two")).await?;
    let foe = present("h-foe");
    let three = PackageScore::builder().absent("h-three").build()?;
    for score in [&foe, &three] {
        let before = bench.done().len();
        match bench.plan(score).await {
            Ok(plan) if matches!(plan.status, Status::Blocked(_)) => {}
            Ok(plan) => assert!(!repository.foresees, "{plan:?}"),
            // Some tools do not say what would go: they refuse by themselves.
            Err(error) => {
                assert!(told(&error).contains("ask for packages that go together"), "{error:#}");
            }
        }
        bench.refused(score).await?;
        assert!(!repository.foresees || bench.done().len() == before, "nothing was tried");
    }
    assert!(bench.state("h-foe").await?.mark.is_none(), "what did not come is not ours");
    assert_eq!(bench.version("h-foe").await?, None);
    let both =
        PackageScore::builder().present("h-foe").absent("h-two").absent("h-three").build()?;
    assert!(bench.run(&both).await?);
    assert!(bench.version("h-foe").await?.is_some());
    assert_eq!((bench.version("h-two").await?, bench.version("h-three").await?), (None, None));
    Ok(())
}

async fn configuration_that_was_changed_is_kept(repository: Repository) -> Result<()> {
    let bench = Bench::of(repository).await?;
    bench.tree.sh("echo mine >/etc/h-one.conf")?;
    let score = match repository.versions {
        Some([old, _]) => PackageScore::builder().version("h-one", old).build()?,
        None => present("h-one"),
    };
    bench.run(&score).await?;
    bench.tree.sh("echo mine >/etc/h-one.conf")?;
    if let Some([_, new]) = repository.versions {
        bench.run(&PackageScore::builder().version("h-one", new).build()?).await?;
        assert_eq!(bench.version("h-one").await?.as_deref(), Some(new));
    }
    assert_eq!(bench.tree.sh("cat /etc/h-one.conf")?, "mine\n");
    Ok(())
}

async fn what_is_not_known_is_told(repository: Repository) -> Result<()> {
    let bench = Bench::of(repository).await?;
    bench.run(&present("h-three")).await?;
    let before = bench.done().len();
    // The second is a pattern to some tools, the third the removal of a package.
    for name in ["h-nope", "h.tw.", "h-three-"] {
        let Err(error) = bench.plan(&present(name)).await else { panic!("{name} was planned") };
        assert!(told(&error).contains("not found"), "{name}: {error:#}");
        bench.refused(&present(name)).await?;
    }
    let version = PackageScore::builder().version("h-one", "9").build()?;
    let told = bench.refused(&version).await?;
    assert!(told.contains("not found"), "{told}");
    let done = bench.done().split_off(before);
    assert!(done.iter().all(|it| it.starts_with("refresh the index")), "{done:?}");
    assert!(bench.version("h-three").await?.is_some());
    Ok(())
}

#[tokio::test]
async fn dnf_holds_where_its_plugin_is() -> Result<()> {
    a_version_is_brought_about_and_held(DNF_WITH_LOCKS).await
}

async fn a_version_is_brought_about_and_held(repository: Repository) -> Result<()> {
    let bench = Bench::of(repository).await?;
    if !repository.holds {
        let told = bench.refused(&PackageScore::builder().held("h-one").build()?).await?;
        assert!(told.contains("this host cannot do it"), "{told}");
        assert_eq!(bench.version("h-one").await?, None, "nothing is done by halves");
    }
    let Some([old, new]) = repository.versions else { return Ok(()) };
    let wanted = |version: &str| {
        let score = PackageScore::builder().version("h-one", version);
        if repository.holds { score.held("h-one").build() } else { score.build() }
    };
    for version in [old, new, old] {
        let score = wanted(version)?;
        assert!(bench.run(&score).await?);
        let state = bench.state("h-one").await?;
        assert_eq!((state.installed.as_deref(), state.held), (Some(version), repository.holds));
        assert!(!bench.run(&score).await?);
    }
    if !repository.holds {
        return Ok(());
    }
    // What is held changes for nobody who does not say so.
    let other = PackageScore::builder().version("h-one", new).build()?;
    assert!(matches!(bench.plan(&other).await?.status, Status::Blocked(_)));
    bench.refused(&other).await?;
    assert_eq!(bench.version("h-one").await?.as_deref(), Some(old));
    Ok(())
}
