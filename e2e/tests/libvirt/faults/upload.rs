//! An upload that is cut in the middle is found, and never taken for complete.

use std::fs;

use anyhow::Result;
use harmony_phases::InterpretErrorKind;
use harmony_phases::pipeline::Cause;
use harmony_phases::plan::Verdict;
use harmony_phases::score::{Detail, Status};
use harmony_providers::libvirt::{ConnectOptions, Libvirt};

use super::lab::{ISO_BYTES, Lab, PARTIAL, is_done_marker, lock, on, told};
use super::wire::Wire;
use e2e::torture;

/// libvirtd dies with half of the image on its disk.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_libvirtd_dies_is_found_and_made_whole() -> Result<()> {
    let lab = Lab::alone()?;
    let wire = Wire::before(&lab.daemon(), lab.files().join("wire"))?;
    let daemon = lab.daemon();
    wire.when_sent(ISO_BYTES / 2, move || lock(&daemon).kill().unwrap());
    let libvirt = lab.connect_with(ConnectOptions::new(wire.uri())).await?;
    let stopped = lab.site().execute(&lab.ctx(), on(&libvirt)).await.unwrap_err();
    let text = told(&stopped);
    assert!(
        matches!(&stopped.cause, Cause::Failed(error) if error.kind() == InterpretErrorKind::Unknown),
        "{text}"
    );
    assert!(text.contains("fill volume") && text.contains("run again"), "{text}");
    lock(&lab.daemon()).restart()?;

    is_known_to_be_incomplete(&lab, &libvirt).await?;
    let second = lab.converges().await?;
    torture::row(
        "upload cut",
        "libvirtd killed between two pieces",
        &format!("found; completed by {} effects", second.count()),
    );
    Ok(())
}

/// A volume that has its full length and none of its bytes is told from a complete one.
#[tokio::test(flavor = "multi_thread")]
async fn a_volume_of_the_right_length_without_its_content_is_not_complete() -> Result<()> {
    let lab = Lab::shared()?;
    let libvirt = lab.connect().await?;
    lab.converges().await?;
    let pool = lab.name("pool");
    for file in fs::read_dir(lab.pool_folder())? {
        let name = file?.file_name().to_string_lossy().into_owned();
        if is_done_marker(&name) {
            lab.virsh(&["vol-delete", "--pool", &pool, &name])?;
        }
    }
    lab.virsh(&["vol-create-as", "--pool", &pool, PARTIAL, "0", "--format", "raw"])?;
    is_known_to_be_incomplete(&lab, &libvirt).await
}

/// A plan calls the image incomplete and would fill it; no machine is told that it is there.
pub(super) async fn is_known_to_be_incomplete(lab: &Lab, libvirt: &Libvirt) -> Result<()> {
    let plan = lab.site().plan(&lab.ctx(), on(libvirt)).await?;
    let line = plan.line(&format!("iso {}/installer.iso", lab.name("pool"))).unwrap();
    assert!(matches!(line.verdict, Verdict::Score(Status::WillUpdate)), "{plan}");
    let incomplete = |detail: &Detail| matches!(detail, Detail::Change { field, found, .. } if field == "content" && found == "incomplete");
    assert!(line.details.iter().any(incomplete), "{plan}");
    Ok(())
}
