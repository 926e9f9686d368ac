//! Nothing acts outside an effect.

use anyhow::Result;
use harmony_phases::Pipeline;
use harmony_phases::context::{EffectOutcome, EffectRecorder};
use harmony_types::ByteSize;

use super::lab::{Lab, on, with_census};

/// Every changing call to libvirt is one recorded effect, and every recorded effect is one
/// changing call: over a creation, an update, a prune and a teardown.
#[tokio::test(flavor = "multi_thread")]
async fn libvirt_is_never_changed_outside_an_effect() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = lab.connect().await?;
    let recorder = EffectRecorder::default();
    let ctx = lab.ctx_with(recorder.clone());
    let calls = || (recorder.count() as u64, libvirt.connection().changing_calls());

    let created = lab.site().execute(&ctx, on(&libvirt)).await?;
    assert!(created.changed());
    let (effects, changes) = calls();
    assert!(effects > 10, "{effects} effects");
    assert_eq!(effects, changes, "creation: {:?}", recorder.effects());

    let _ = larger(&lab).execute(&ctx, on(&libvirt)).await?;
    let (after, changes) = calls();
    assert!(
        after > effects + 2,
        "the update has at least a volume to grow and a machine to define"
    );
    assert_eq!(after, changes, "update: {:?}", recorder.effects());

    let pruned = harmony_phases::Context::builder(lab.site_name())
        .effects(recorder.clone())
        .prune(true)
        .build();
    let _ = with_census(larger(&lab)).execute(&pruned, on(&libvirt)).await?;
    let (effects, changes) = calls();
    assert!(effects > after, "the spare machine is an orphan now");
    assert_eq!(effects, changes, "prune: {:?}", recorder.effects());

    let _ = lab.site().teardown(&ctx, on(&libvirt)).await?;
    let (after, changes) = calls();
    assert!(after > effects);
    assert_eq!(after, changes, "teardown: {:?}", recorder.effects());
    let failed = |outcome: &Option<EffectOutcome>| *outcome != Some(EffectOutcome::Done);
    assert!(!recorder.effects().iter().any(|it| failed(&it.outcome)), "{:?}", recorder.effects());
    let left = lab.virsh(&["list", "--all", "--name"])?;
    assert!(!left.contains(&lab.name("")), "{left}");
    Ok(())
}

/// The same site with more of everything, and without the spare machine.
fn larger(lab: &Lab) -> super::lab::Site {
    Pipeline::start()
        .run(lab.network(|fields| fields.leases[0].ip = [10, 177, lab.subnet(), 20].into()))
        .run(lab.pool())
        .run(lab.iso())
        .run(lab.disk())
        .run(lab.volume(|fields| fields.capacity = Some(ByteSize::gib(2))))
        .run(lab.machine(|fields| {
            fields.memory = ByteSize::mib(96);
            fields.autostart = Some(true);
        }))
}
