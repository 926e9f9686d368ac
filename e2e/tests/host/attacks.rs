//! Somebody else was on the host first.

use anyhow::{Result, ensure};
use e2e::host::PLAIN;
use e2e::torture;
use harmony_capabilities::host::FileScore;
use harmony_phases::Pipeline;

use super::lab::{Site, Way, settles, shared};

fn file(path: &'static str) -> impl Fn() -> Site {
    move || {
        let score = FileScore::builder().path(path).text("ours\n").mode("0600").build();
        Pipeline::start().run(score.expect("a file"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_link_is_not_followed() -> Result<()> {
    let host = &shared()?[1];
    let way = Way::to(host, "root")?;
    host.sh("mkdir -p /srv/planted && echo precious >/etc/precious && ln -sf /etc/precious /srv/planted/file")?;
    let came = match way.run(file("/srv/planted/file")()).await {
        Ok(_) => "replaced the link".to_owned(),
        Err(error) => format!("refused ({error})"),
    };
    ensure!(host.sh("cat /etc/precious")? == "precious\n", "the link was followed");
    host.sh("rm -f /srv/planted/file")?;
    settles(&way, host, file("/srv/planted/file")).await?;
    torture::row("attack", "a link where a file will be", &came);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_everybody_can_write_gives_nothing_away() -> Result<()> {
    let host = &shared()?[1];
    let way = Way::to(host, "root")?;
    host.sh("mkdir -p /srv/open && chmod 777 /srv/open")?;
    // Every name that something temporary might have is a link to what others must not write.
    host.sh(&format!(
        "echo precious >/etc/precious; cd /srv/open && for name in file.tmp .file.tmp file~ .file.harmony file.new; \
         do runuser -u {PLAIN} -- ln -s /etc/precious \"$name\"; done"
    ))?;
    let came = match way.run(file("/srv/open/file")()).await {
        Ok(_) => {
            settles(&way, host, file("/srv/open/file")).await?;
            ensure!(
                host.sh("stat -c '%a %U' /srv/open/file; cat /srv/open/file")?
                    == "600 root\nours\n"
            );
            "written beside what was planted".to_owned()
        }
        Err(error) => format!("refused ({error})"),
    };
    ensure!(host.sh("cat /etc/precious")? == "precious\n", "a planted link was followed");
    torture::row("attack", "a folder that everybody can write", &came);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_with_another_key_is_not_talked_to() -> Result<()> {
    let host = &shared()?[1];
    let way = Way::to(host, "root")?;
    let stranger = Way::to_stranger(host, &shared()?[0])?;
    let error = stranger.connect().await.map(drop).unwrap_err();
    let told = super::lab::told(&*error);
    for known in [host.host_key(), shared()?[0].host_key()] {
        ensure!(told.contains(&known.fingerprint()?), "{told}");
    }
    drop(way.connect().await?);
    torture::row("attack", "another host key", "refused, with both fingerprints");
    Ok(())
}
