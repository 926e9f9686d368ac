use std::{os::unix::fs::PermissionsExt, sync::Arc};

use harmony_phases::{Context, context::EffectRecorder};

use super::*;
use crate::ssh::trust::HostKeyErrorKind as Kind;

fn context() -> (Context, EffectRecorder) {
    let effects = EffectRecorder::default();
    let ctx = Context::builder("lab".parse().unwrap()).effects(effects.clone()).build();
    (ctx, effects)
}

async fn learn(lab: &Lab, host: &str, number: u8) -> Result<(), HostKeyError> {
    let trust = lab.trust(host, 22, HostKeyPolicy::AcceptNew);
    trust.verify(&bare(number))?;
    trust.remember(&context().0).await
}

#[tokio::test]
async fn a_new_key_is_appended_and_known_from_then_on() {
    let before = "# no newline at the end";
    let lab = Lab::with(before);
    learn(&lab, "h1", 1).await.unwrap();
    assert_eq!(lab.text(), format!("{before}\n{}", line("h1", 1)));
    lab.verify("h1", 1).unwrap();
    assert!(learn(&lab, "h1", 2).await.is_err(), "it has changed");
    let mode = fs::metadata(lab.file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let litter = fs::read_dir(lab.folder.path()).unwrap().count();
    assert_eq!(litter, 1, "nothing but the file is left");
}

#[tokio::test]
async fn it_is_learned_in_an_effect_and_only_when_it_is_new() {
    let lab = Lab::with("");
    let (ctx, effects) = context();
    for _ in 0..2 {
        let trust = lab.trust("h1", 2222, HostKeyPolicy::AcceptNew);
        trust.verify(&bare(1)).unwrap();
        trust.remember(&ctx).await.unwrap();
    }
    let intents: Vec<String> =
        effects.effects().iter().map(|it| it.effect.intent.to_string()).collect();
    assert_eq!(intents, ["learn host key `[h1]:2222`"]);
    assert_eq!(lab.text(), line("[h1]:2222", 1));
}

#[tokio::test]
async fn a_connection_that_is_opened_again_meets_the_same_host() {
    let lab = Lab::with("");
    let trust = lab.trust("h1", 22, HostKeyPolicy::AcceptNew);
    trust.verify(&bare(1)).unwrap();
    trust.remember(&context().0).await.unwrap();
    let error = trust.verify(&bare(2)).unwrap_err();
    assert!(matches!(error.kind(), Kind::Changed { .. }), "{error}");
    trust.verify(&bare(1)).unwrap();
    fs::write(lab.file(), format!("@revoked * {}", &line("", 1)[1..])).unwrap();
    assert!(matches!(trust.verify(&bare(1)).unwrap_err().kind(), Kind::Revoked { .. }));
}

#[tokio::test]
async fn a_key_that_somebody_else_learned_in_the_meantime_decides() {
    let lab = Lab::with("");
    let (mine, theirs) = (lab.trust("h1", 22, HostKeyPolicy::AcceptNew), line("h1", 2));
    mine.verify(&bare(1)).unwrap();
    fs::write(lab.file(), &theirs).unwrap();
    let error = mine.remember(&context().0).await.unwrap_err();
    assert!(matches!(error.kind(), Kind::Changed { .. }), "{error}");
    assert_eq!(lab.text(), theirs);
}

#[tokio::test]
async fn a_link_stays_a_link_and_a_folder_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("dotfiles/known_hosts");
    fs::create_dir(real.parent().unwrap()).unwrap();
    fs::write(&real, "").unwrap();
    let lab = Lab { folder: tempfile::tempdir().unwrap() };
    std::os::unix::fs::symlink(&real, lab.file()).unwrap();
    learn(&lab, "h1", 1).await.unwrap();
    assert!(fs::symlink_metadata(lab.file()).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), line("h1", 1));

    let below = folder.path().join("none/yet/known_hosts");
    let files = KnownHostsFiles { user: vec![below.clone()], system: vec![] };
    let name = KnownName::of("h1", 22.try_into().unwrap());
    let trust = HostTrust::of(name, HostKeyPolicy::AcceptNew, files).unwrap();
    trust.verify(&bare(1)).unwrap();
    trust.remember(&context().0).await.unwrap();
    assert_eq!(fs::read_to_string(&below).unwrap(), line("h1", 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_five_hosts_learned_side_by_side_are_all_there() {
    let before = line("h0", 200);
    let lab = Arc::new(Lab::with(&before));
    let learning = (1..=25).map(|number| {
        let lab = Arc::clone(&lab);
        tokio::spawn(async move { learn(&lab, &format!("h{number}"), number).await })
    });
    for learned in learning.collect::<Vec<_>>() {
        learned.await.unwrap().unwrap();
    }
    assert!(lab.text().starts_with(&before), "{}", lab.text());
    assert_eq!(lab.text().lines().count(), 26);
    for number in 1..=25 {
        lab.verify(&format!("h{number}"), number).unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_said() {
    let lab = Lab::with("");
    let trust = HostTrust::of(
        KnownName::of("h1", 22.try_into().unwrap()),
        HostKeyPolicy::AcceptNew,
        KnownHostsFiles { user: vec![lab.file().join("below/a/file")], system: vec![] },
    )
    .unwrap();
    trust.verify(&bare(1)).unwrap();
    let error = trust.remember(&context().0).await.unwrap_err();
    assert!(matches!(error.kind(), Kind::NotLearned { .. }), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}
