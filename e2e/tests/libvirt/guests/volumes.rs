//! Volumes of every kind, looked at with QEMU's own tool.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use e2e::run;
use harmony_capabilities::virtualization::{
    Backing, Checksum, DiskSource, ImageSource, StoragePoolScore, StoragePools, VolumeFormat,
    VolumeScore, VolumeSpec,
};
use harmony_types::ByteSize;
use serde_json::Value;

use super::lab::Lab;
use super::specs;

#[tokio::test]
async fn volumes_are_raw_or_qcow2_filled_backed_and_grow() -> Result<()> {
    let lab = Lab::new()?;
    let content: Vec<u8> = (0..1_u32 << 20).flat_map(u32::to_le_bytes).collect();
    fs::write(lab.path("content.img"), &content)?;
    let of = |name: &str,
              fill: &dyn Fn(&mut harmony_capabilities::virtualization::VolumeFields)| {
        let mut fields = specs::blank(&lab, name)?.into_fields();
        fill(&mut fields);
        Ok::<_, anyhow::Error>(VolumeScore::new(VolumeSpec::try_from(fields)?))
    };
    let image = ImageSource::file(lab.path("content.img"), Checksum::Unverified);
    let base = DiskSource::Volume(specs::volume(&lab, "filled.img")?);
    let backing = Backing { source: base, format: VolumeFormat::Raw };
    let site = |size: ByteSize| {
        Ok::<_, anyhow::Error>(
            lab.site()
                .run(StoragePoolScore::new(specs::pool(&lab)?))
                .run(of("empty.img", &|it| it.format = VolumeFormat::Raw)?)
                .run(of("filled.img", &|it| {
                    it.format = VolumeFormat::Raw;
                    it.capacity = None;
                    it.source = Some(image.clone());
                })?)
                .run(of("backed.qcow2", &|it| {
                    it.capacity = None;
                    it.backing = Some(backing.clone());
                })?)
                .run(of("grows.qcow2", &|it| it.capacity = Some(size))?)
                .run(of("grows.img", &|it| {
                    it.format = VolumeFormat::Raw;
                    it.capacity = Some(size);
                })?),
        )
    };
    let _ = lab.build(&site(ByteSize::mib(64))?).await?;
    ensure!(fs::read(lab.path("pool/filled.img"))? == content, "the content is another");
    let backed = info(&lab, "backed.qcow2")?;
    ensure!(backed["virtual-size"] == content.len(), "{backed}");
    ensure!(backed["backing-filename-format"] == "raw", "{backed}");
    ensure!(info(&lab, "empty.img")?["format"] == "raw");

    let larger = site(ByteSize::mib(96))?;
    let host = lab.build(&larger).await?;
    for (name, format) in [("grows.qcow2", "qcow2"), ("grows.img", "raw")] {
        let found = info(&lab, name)?;
        ensure!(found["format"] == format && found["virtual-size"] == 96 << 20, "{found}");
    }
    let pool = lab.name("pool").parse()?;
    let listed = host.volumes(&pool).await?;
    let grown = listed.iter().find(|it| it.name == "grows.qcow2").context("it is not listed")?;
    ensure!(grown.capacity == ByteSize::mib(96), "{grown:?}");
    ensure!(listed.len() == 5, "markers are no volumes: {listed:?}");

    let plan = site(ByteSize::mib(64))?.plan(lab.ctx(), Lab::start()).await?;
    ensure!(plan.blocked().count() == 2, "a volume that shrinks loses data: {plan}");
    lab.take_down(&larger).await
}

fn info(lab: &Lab, name: &str) -> Result<Value> {
    let file = lab.place(&format!("pool/{name}"));
    let said = run(Path::new("/"), "qemu-img", &["info", "--output=json", &file])?;
    Ok(serde_json::from_str(&said)?)
}
