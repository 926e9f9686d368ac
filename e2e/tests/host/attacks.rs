//! Somebody else was on the host first.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use e2e::host::{HostSetup, PLAIN, TestHosts};
use e2e::{Scratch, torture};
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
    let (_turn, hosts) = shared().await?;
    let host = &hosts[1];
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
    let (_turn, hosts) = shared().await?;
    let host = &hosts[1];
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
    let (_turn, hosts) = shared().await?;
    let host = &hosts[1];
    let way = Way::to(host, "root")?;
    let stranger = Way::to_stranger(host, &hosts[0])?;
    let error = stranger.connect().await.map(drop).unwrap_err();
    let told = super::lab::told(&*error);
    for known in [host.host_key(), hosts[0].host_key()] {
        ensure!(told.contains(&known.fingerprint()?), "{told}");
    }
    drop(way.connect().await?);
    torture::row("attack", "another host key", "refused, with both fingerprints");
    Ok(())
}

/// What would clear a screen, name a window, ring, colour, go back to overwrite, and turn a text around.
const DISTURBING: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{1b}[31mred\u{9b}2K all is well\roverwritten\u{8}\u{202e}dne";

/// Pieces of it that a terminal obeys, and nothing of ours prints.
const OBEYED: [&str; 6] = ["\u{1b}]0;", "\u{7}", "\u{1b}[31m", "\u{9b}", "\u{8}", "\u{202e}"];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_host_says_reaches_the_terminal_as_it_is() -> Result<()> {
    let said = format!("{DISTURBING}\n");
    let release = format!("ID=debian\nVERSION_ID='12{DISTURBING}'\nPRETTY_NAME='{DISTURBING}'\n");
    let setup = HostSetup::new()
        .shell_banner(&*said)
        .file("/etc/issue.net", &*said, 0o644)
        .sshd("Banner /etc/issue.net")
        .file("/etc/os-release", release, 0o644)
        .file("/srv/said", &*said, 0o644)
        .file("/srv/file", &*said, 0o644);
    let hosts = TestHosts::start_with(&[setup])?;
    let way = Way::to(&hosts[0], "root")?;
    let here = Scratch::new()?;
    for verb in ["plan", "plan --json", "apply --yes", "apply --yes --json"] {
        let visit = visit(verb, &way);
        // The last one has a terminal of its own, on which it draws.
        for line in
            [visit.clone(), format!("{visit} -vvv"), format!("script -qec '{visit}' /dev/null")]
        {
            hosts[0].sh("rm -f /srv/talked; cat /srv/said >/srv/file")?;
            let shown = shown(&line, here.path())?;
            for piece in OBEYED {
                ensure!(!shown.contains(piece), "{line}: {piece:?} is in: {shown:?}");
            }
            ensure!(!shown.contains("\u{1b}[2J"), "{line}: it clears the screen: {shown:?}");
            ensure!(shown.contains("all is well"), "{line}: nothing of it was shown: {shown:?}");
        }
    }
    torture::row("attack", "escape sequences in all that a host says", "shown, and escaped");
    Ok(())
}

/// The program that visits the host.
fn visit(verb: &str, way: &Way) -> String {
    let config = way.config();
    let program = env!("CARGO_BIN_EXE_visit");
    format!("{program} {verb} --config {} --address root@host", config.display())
}

/// What somebody sees who runs a line of the shell.
fn shown(line: &str, home: &Path) -> Result<String> {
    let ran = Command::new("sh")
        .args(["-c", &format!("{line} 2>&1 </dev/null")])
        .env_remove("SSH_AUTH_SOCK")
        .env("HOME", home)
        .env("XDG_STATE_HOME", home)
        .env("TERM", "xterm")
        .output()
        .context("starting sh")?;
    Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
}
