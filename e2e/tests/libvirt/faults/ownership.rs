//! Objects of others are left alone, adopted ones are taken, protected ones survive, and orphans
//! are found.

use std::fs;

use anyhow::Result;
use harmony_capabilities::virtualization::{NetworkSpec, PoolSpec, VolumeSpec};
use harmony_phases::context::EffectRecorder;
use harmony_phases::pipeline::{Cause, StepResult};
use harmony_phases::{Context, Pipeline, Plan};
use harmony_types::ByteSize;

use super::lab::{Lab, Site, on, with_census};

/// Objects with the names of ours, made by somebody else.
fn strangers(lab: &Lab) -> Result<()> {
    let define = |verb: &str, file: &str, xml: String| -> Result<()> {
        let path = lab.files().join(file);
        fs::write(&path, xml)?;
        lab.virsh(&[verb, &path.to_string_lossy()]).map(drop)
    };
    let (web, lan, pool) = (lab.name("web"), lab.name("lan"), lab.name("pool"));
    define("net-define", "net.xml", format!("<network><name>{lan}</name></network>"))?;
    let folder = lab.pool_folder();
    fs::create_dir_all(&folder)?;
    let target = folder.display();
    define(
        "pool-define",
        "pool.xml",
        format!(
            "<pool type='dir'><name>{pool}</name><target><path>{target}</path></target></pool>"
        ),
    )?;
    lab.virsh(&["pool-start", &pool])?;
    lab.virsh(&["vol-create-as", "--pool", &pool, "data.qcow2", "1G", "--format", "qcow2"])?;
    define(
        "define",
        "web.xml",
        format!(
            "<domain type='qemu'><name>{web}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>\
             <os><type arch='x86_64' machine='q35'>hvm</type></os></domain>"
        ),
    )
}

/// Everything that libvirt says about the strangers.
fn looked_at(lab: &Lab) -> Result<Vec<String>> {
    let (web, lan, pool) = (lab.name("web"), lab.name("lan"), lab.name("pool"));
    Ok(vec![
        lab.virsh(&["dumpxml", &web])?,
        lab.virsh(&["net-dumpxml", &lan])?,
        lab.virsh(&["pool-dumpxml", &pool])?,
        lab.virsh(&["vol-list", "--pool", &pool])?,
    ])
}

/// One pipeline for each kind of object, with the step's name and what it must say.
fn claims(lab: &Lab, adopt: bool) -> Vec<(Site, String)> {
    let (web, lan, pool) = (lab.name("web"), lab.name("lan"), lab.name("pool"));
    let network = NetworkSpec::builder().name(&lan).adopt(adopt).build().unwrap();
    let folder = lab.pool_folder().to_string_lossy().into_owned();
    let storage = PoolSpec::builder().name(&pool).path(folder).adopt(adopt).build().unwrap();
    let volume = VolumeSpec::builder().pool(&pool).name("data.qcow2").capacity(ByteSize::gib(1));
    let machine = lab.machine(|fields| {
        (fields.disks, fields.cdroms, fields.nics) = (Vec::new(), Vec::new(), Vec::new());
        fields.boot_order = Vec::new();
        fields.custody.adopt = adopt;
    });
    let volume = volume.adopt(adopt).build().unwrap();
    vec![
        (
            Pipeline::start()
                .run(harmony_capabilities::virtualization::VirtualNetworkScore::from(network)),
            format!("network `{lan}`"),
        ),
        (
            Pipeline::start()
                .run(harmony_capabilities::virtualization::StoragePoolScore::from(storage)),
            format!("pool `{pool}`"),
        ),
        (
            Pipeline::start().run(harmony_capabilities::virtualization::VolumeScore::from(volume)),
            format!("pool `{pool}`"),
        ),
        (Pipeline::start().run(machine), format!("machine `{web}`")),
    ]
}

fn blocked(plan: &Plan) -> String {
    let reasons: Vec<&str> = plan.blocked().map(|it| it.1).collect();
    assert_eq!(reasons.len(), 1, "{plan}");
    reasons[0].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_of_others_are_blocked_and_untouched_until_they_are_adopted() -> Result<()> {
    let lab = Lab::shared()?;
    strangers(&lab)?;
    let before = looked_at(&lab)?;
    let libvirt = lab.connect().await?;
    for (site, whose) in claims(&lab, false) {
        let why = blocked(&site.plan(&lab.ctx(), on(&libvirt)).await?);
        assert!(why.contains(&whose) && why.contains("was not made by this site"), "{why}");
        assert!(why.contains("use another name") || why.contains("use one of your own"), "{why}");
        assert!(why.contains("`adopt`"), "{why}");
        let stopped = site.execute(&lab.ctx(), on(&libvirt)).await.unwrap_err();
        assert!(
            matches!(&stopped.cause, Cause::Blocked(reason) if reason.contains(&whose)),
            "{stopped:?}"
        );
        let down = site.teardown(&lab.ctx(), on(&libvirt)).await?;
        let left = [StepResult::LeftInPlace, StepResult::Noop];
        assert!(down.completed.iter().all(|it| left.contains(&it.result)), "{:?}", down.completed);
    }
    assert_eq!(libvirt.connection().changing_calls(), 0);
    assert_eq!(looked_at(&lab)?, before, "nothing of theirs was touched");

    for (site, whose) in claims(&lab, true) {
        let _ = site
            .execute(&lab.ctx(), on(&libvirt))
            .await
            .map_err(|error| anyhow::anyhow!("{whose}: {error:?}"))?;
        assert!(!site.execute(&lab.ctx(), on(&libvirt)).await?.changed(), "{whose}");
    }
    let (network, machine) = (claims(&lab, false).remove(0).0, claims(&lab, false).remove(3).0);
    for site in [network, machine] {
        let plan = site.plan(&lab.ctx(), on(&libvirt)).await?;
        assert!(plan.is_noop(), "what was adopted is ours: {plan}");
        let _ = site.teardown(&lab.ctx(), on(&libvirt)).await?;
    }
    assert!(!lab.virsh(&["list", "--all", "--name"])?.contains(&lab.name("web")));
    lab.virsh(&["vol-info", "--pool", &lab.name("pool"), "data.qcow2"])?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_carries_another_sites_mark_is_blocked_even_for_who_adopts() -> Result<()> {
    let lab = Lab::shared()?;
    lab.converges().await?;
    let before = looked_at(&lab)?;
    let elsewhere = Context::for_site("elsewhere".parse()?);
    let libvirt = lab.connect_as(elsewhere.site().clone()).await?;
    for (site, whose) in [claims(&lab, true).remove(0), claims(&lab, true).remove(3)] {
        let why = blocked(&site.plan(&elsewhere, on(&libvirt)).await?);
        assert!(why.contains(&format!("{whose} belongs to site `{}`", lab.site_name())), "{why}");
        let stopped = site.execute(&elsewhere, on(&libvirt)).await.unwrap_err();
        assert!(matches!(stopped.cause, Cause::Blocked(_)), "{stopped:?}");
        let _ = site.teardown(&elsewhere, on(&libvirt)).await?;
    }
    for (site, whose) in claims(&lab, false).drain(1..3) {
        let why = blocked(&site.plan(&elsewhere, on(&libvirt)).await?);
        assert!(why.contains(&whose) && why.contains("was not made by this site"), "{why}");
    }
    assert_eq!(libvirt.connection().changing_calls(), 0);
    assert_eq!(looked_at(&lab)?, before);
    let swept = with_census(Pipeline::start());
    let prune = Context::builder("elsewhere".parse()?).prune(true).build();
    assert!(
        !swept.execute(&prune, on(&libvirt)).await?.changed(),
        "their prune sees nothing of ours"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_protected_survives_prune_and_teardown() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = lab.connect().await?;
    let site = |protect: bool| -> Site {
        Pipeline::start()
            .run(lab.network(|fields| fields.custody.protect = protect))
            .run(lab.pool())
            .run(lab.volume(|fields| fields.custody.protect = protect))
            .run(lab.machine(|fields| {
                (fields.disks, fields.cdroms, fields.boot_order) =
                    (Vec::new(), Vec::new(), Vec::new());
                fields.custody.protect = protect;
            }))
    };
    let _ = site(true).execute(&lab.ctx(), on(&libvirt)).await?;
    let before = looked_at(&lab)?;
    let recorder = EffectRecorder::default();
    let down = site(true).teardown(&lab.ctx_with(recorder.clone()), on(&libvirt)).await?;
    assert!(
        down.completed.iter().all(|it| it.result == StepResult::LeftInPlace),
        "{:?}",
        down.completed
    );
    assert_eq!(recorder.count(), 0, "{:?}", recorder.effects());

    let prune = Context::builder(lab.site_name()).effects(recorder.clone()).prune(true).build();
    let swept = with_census(Pipeline::start().run(lab.pool()));
    let swept = swept.execute(&prune, on(&libvirt)).await?;
    let told = format!("{:?}", swept.completed);
    assert_eq!(told.matches("protected, stays").count(), 3, "{told}");
    assert_eq!(recorder.count(), 0, "{:?}", recorder.effects());
    assert_eq!(looked_at(&lab)?, before);

    let _ = site(false).execute(&lab.ctx(), on(&libvirt)).await?;
    let down = site(false).teardown(&lab.ctx(), on(&libvirt)).await?;
    assert!(
        down.completed.iter().all(|it| it.result == StepResult::Undone),
        "{:?}",
        down.completed
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn orphans_of_every_kind_are_listed_and_then_pruned() -> Result<()> {
    let lab = Lab::shared()?;
    lab.converges().await?;
    let libvirt = lab.connect().await?;
    let nothing = || with_census(Pipeline::start());
    let plan = nothing().plan(&lab.ctx(), on(&libvirt)).await?;
    let text = plan.to_string();
    let (pool, made) = (lab.name("pool"), "prune to remove it");
    for orphan in [
        format!("network `{}`", lab.name("lan")),
        format!("pool `{pool}`"),
        format!("volume `{pool}/installer.iso`"),
        format!("volume `{pool}/data.qcow2`"),
        format!("volume `{pool}/web.qcow2`"),
        format!("machine `{}`", lab.name("web")),
        format!("machine `{}`", lab.name("spare")),
    ] {
        assert!(text.contains(&orphan), "{orphan}: {text}");
    }
    assert_eq!(text.matches(made).count(), 7, "{text}");
    assert!(!nothing().execute(&lab.ctx(), on(&libvirt)).await?.changed(), "listed, not removed");

    let kept = with_census(lab.site());
    let plan = kept.plan(&lab.ctx(), on(&libvirt)).await?;
    assert!(!plan.to_string().contains("orphan"), "what a step claims is no orphan: {plan}");

    let prune = Context::builder(lab.site_name()).prune(true).build();
    let pruned = nothing().execute(&prune, on(&libvirt)).await?;
    assert!(pruned.changed());
    assert!(!nothing().execute(&prune, on(&libvirt)).await?.changed());
    for verb in ["list", "net-list", "pool-list"] {
        let left = lab.virsh(&[verb, "--all", "--name"])?;
        assert!(!left.contains(&lab.name("")), "{left}");
    }
    let files: Vec<_> = fs::read_dir(lab.pool_folder())?.collect();
    assert!(files.is_empty(), "{files:?}");
    Ok(())
}
