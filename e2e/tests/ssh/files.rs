//! Files there and back.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{MetadataExt as _, symlink},
    path::Path,
    time::Duration,
};

use anyhow::{Context as _, Result};
use backon::{ConstantBuilder, Retryable as _};
use e2e::{
    Scratch, run,
    sshd::{Sshd, SshdSetup},
};
use harmony_capabilities::host::HostErrorKind;
use harmony_types::HostPath;

use crate::support::{connect, context, whole};

/// A server with SFTP, one that refuses it, and one where its program is missing.
fn servers() -> Result<Vec<(&'static str, Sshd)>> {
    let with = |line: &str| SshdSetup::default().line(line).start();
    Ok(vec![
        ("sftp", with("Subsystem sftp internal-sftp")?),
        ("refused", with("Subsystem other /bin/false")?),
        ("gone", with("Subsystem sftp /nowhere/sftp-server")?),
    ])
}

fn contents() -> Vec<u8> {
    (0..9_000_001_u32)
        .map(|number| (number.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0])
        .collect()
}

#[tokio::test]
async fn a_file_goes_there_and_comes_back() -> Result<()> {
    let here = Scratch::new()?;
    let (from, back) = (here.join("it's $(here)"), here.join("back"));
    let contents = contents();
    fs::write(&from, &contents)?;
    for (kind, server) in servers()? {
        let host = connect(&server, "root").await?;
        let there: HostPath = server.join("a name's \"$(end)\"").as_path().try_into()?;
        fs::write(there.as_path(), "old")?;
        fs::set_permissions(there.as_path(), std::os::unix::fs::PermissionsExt::from_mode(0o640))?;
        host.upload(&context(), &from, &there).await?;
        assert!(fs::read(there.as_path())? == contents, "{kind}");
        let mode =
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(there.as_path())?.permissions());
        assert_eq!(mode & 0o7777, 0o640, "{kind}");
        host.download(&context(), &there, &back).await?;
        assert!(fs::read(&back)? == contents, "{kind}");
        assert_eq!(leftovers(&server.join(""))?, 0, "{kind}");
        fs::write(&from, "")?;
        host.upload(&context(), &from, &there).await?;
        host.download(&context(), &there, &back).await?;
        assert!(fs::read(&back)?.is_empty(), "{kind}");
        fs::write(&from, &contents)?;
    }
    Ok(())
}

/// A pipe that is held open is a file that never comes to its end.
#[tokio::test]
async fn what_is_on_its_way_is_for_nobody_else() -> Result<()> {
    let here = Scratch::new()?;
    let pipe = here.join("pipe");
    run(here.path(), "mkfifo", &["pipe"])?;
    for (kind, server) in servers()? {
        let host = connect(&server, "root").await?;
        let folder = server.join("folder");
        fs::create_dir(&folder)?;
        let to: HostPath = folder.join("to").as_path().try_into()?;
        let mut held = fs::OpenOptions::new().read(true).write(true).open(&pipe)?;
        held.write_all(b"precious")?;
        let look = || async {
            let file = fs::read_dir(&folder)?.next().context("nothing has come")??;
            Ok::<_, anyhow::Error>(file.metadata()?.mode() & 0o7777)
        };
        let often =
            ConstantBuilder::new().with_delay(Duration::from_millis(20)).with_max_times(500);
        let seen = async {
            let mode = look.retry(often).await;
            drop(held);
            mode
        };
        let ctx = context();
        let (sent, mode) = tokio::join!(host.upload(&ctx, &pipe, &to), seen);
        assert_eq!(mode?, 0o600, "{kind}");
        assert!(sent.is_err(), "{kind}: a pipe has no size");
    }
    Ok(())
}

#[tokio::test]
async fn a_link_is_not_written_over() -> Result<()> {
    let here = Scratch::new()?;
    let from = here.join("from");
    fs::write(&from, "new")?;
    for (kind, server) in servers()? {
        let host = connect(&server, "root").await?;
        fs::write(server.join("target"), "old")?;
        symlink(server.join("target"), server.join("link"))?;
        let to: HostPath = server.join("link").as_path().try_into()?;
        let error = host.upload(&context(), &from, &to).await.expect_err(kind);
        assert!(whole(&error).contains("is a symbolic link"), "{kind}: {}", whole(&error));
        assert_eq!(fs::read_to_string(server.join("target"))?, "old", "{kind}");
        assert_eq!(leftovers(&server.join(""))?, 0, "{kind}");
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_read_or_written_is_named_and_nothing_stays_behind() -> Result<()> {
    let here = Scratch::new()?;
    let from = here.join("from");
    fs::write(&from, "new")?;
    for (kind, server) in servers()? {
        let host = connect(&server, Sshd::OPS).await?;
        let ctx = context();
        let missing = "/nowhere/file".parse()?;
        let closed = "/etc/shadow".parse()?;
        let kinds = [
            host.download(&ctx, &missing, &here.join("to")).await.unwrap_err(),
            host.download(&ctx, &closed, &here.join("to")).await.unwrap_err(),
            host.upload(&ctx, &from, &missing).await.unwrap_err(),
            host.upload(&ctx, &from, &closed).await.unwrap_err(),
            host.upload(&ctx, &here.join("none"), &"/tmp/none".parse()?).await.unwrap_err(),
        ];
        let wanted = [
            HostErrorKind::NotFound,
            HostErrorKind::Denied,
            HostErrorKind::NotFound,
            HostErrorKind::Denied,
            HostErrorKind::NotFound,
        ];
        for (error, wanted) in kinds.iter().zip(wanted) {
            assert_eq!(error.kind(), wanted, "{kind}: {}", whole(error));
        }
        assert_eq!(fs::read_dir(here.path())?.count(), 1, "{kind}: only what was sent is here");
    }
    Ok(())
}

/// How many files of transfers that did not end well there are.
fn leftovers(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        count += usize::from(entry?.file_name().to_string_lossy().contains(".harmony-"));
    }
    Ok(count)
}
