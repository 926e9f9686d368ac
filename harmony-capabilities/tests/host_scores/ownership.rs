//! Foreign things, other sites' things, adopted and protected ones.

use harmony_capabilities::{
    fakes::SimulatedHost,
    host::{DirectoryScore, FileScore, PackageScore, Permissions, SysctlScore, UserScore},
};
use harmony_phases::{OutcomeStatus, Status};

use crate::scene::{BoxedScore, elsewhere, execute, host, interpret, told, undo, undone, validate};

/// A host on which somebody else made what the scores of `each` want, and differently.
fn settled() -> SimulatedHost {
    let host = host();
    host.meddle(|contents| {
        contents.put_file("/etc/motd".parse().unwrap(), "theirs\n");
        let folder = harmony_capabilities::host::EntryKind::Directory;
        contents.put("/srv/shop".parse().unwrap(), folder, 0o755);
        contents.add_user("shop".parse().unwrap(), 1001);
    });
    host
}

fn each(adopt: bool, protect: bool) -> Vec<BoxedScore> {
    let file = FileScore::builder().path("/etc/motd").text("ours\n").adopt(adopt).protect(protect);
    let folder =
        DirectoryScore::builder().path("/srv/shop").mode("0700").adopt(adopt).protect(protect);
    let user = UserScore::builder().name("shop").shell("/bin/bash").adopt(adopt).protect(protect);
    vec![
        Box::new(file.build().unwrap()),
        Box::new(folder.build().unwrap()),
        Box::new(user.build().unwrap()),
    ]
}

#[tokio::test]
async fn what_somebody_else_made_and_differs_is_blocked() {
    let host = settled();
    let before = host.contents();
    for score in each(false, false) {
        let report = validate(&*score, &host).await;
        let Status::Blocked(reason) = &report.status else { panic!("{report:?}") };
        assert!(reason.contains("carries no mark") && reason.contains("`adopt`"), "{reason}");
        assert!(!report.details.is_empty(), "what differs is told");
        interpret(&*score).execute(&crate::scene::ctx(), &host).await.unwrap_err();
        assert_eq!(undo(&*score, &host).await, OutcomeStatus::LeftInPlace);
    }
    assert_eq!(host.contents(), before);
}

#[tokio::test]
async fn what_somebody_else_made_and_is_as_wanted_is_left_alone() {
    let host = settled();
    host.meddle(|contents| {
        contents.put_file("/etc/motd".parse().unwrap(), "ours\n");
        let folder = contents.files.get_mut(&"/srv/shop".parse().unwrap()).unwrap();
        folder.permissions = Permissions::from_bits(0o700);
        contents.users.get_mut(&"shop".parse().unwrap()).unwrap().shell = "/bin/bash".to_owned();
    });
    let before = host.contents();
    for score in each(false, false) {
        let report = validate(&*score, &host).await;
        assert_eq!(report.status, Status::AlreadyApplied);
        assert!(told(&report)[0].ends_with("carries no mark"), "{report:?}");
        assert_eq!(execute(&*score, &host).await, OutcomeStatus::Noop);
        assert_eq!(undo(&*score, &host).await, OutcomeStatus::LeftInPlace);
    }
    assert_eq!(host.contents(), before);
}

#[tokio::test]
async fn what_is_adopted_is_ours_from_then_on() {
    let host = settled();
    for score in each(true, false) {
        let report = validate(&*score, &host).await;
        assert_eq!(report.status, Status::WillUpdate);
        assert!(told(&report).contains(&"mark: none -> ours".to_owned()));
        execute(&*score, &host).await;
        assert!(validate(&*score, &host).await.is_already_applied());
    }
    for score in each(false, false) {
        assert!(validate(&*score, &host).await.is_already_applied(), "{}", score.name());
        assert_eq!(undo(&*score, &host).await, OutcomeStatus::Success);
    }
}

#[tokio::test]
async fn what_is_protected_survives_a_teardown() {
    let host = settled();
    for score in each(true, true) {
        execute(&*score, &host).await;
        let report = interpret(&*score).validate_undo(&crate::scene::ctx(), &host).await.unwrap();
        assert!(matches!(&report.status, Status::Blocked(why) if why.contains("protected")));
        assert_eq!(undo(&*score, &host).await, OutcomeStatus::LeftInPlace);
    }
    for score in each(false, false) {
        assert_eq!(told(&validate(&*score, &host).await), ["protect: true -> false"]);
        execute(&*score, &host).await;
        assert_eq!(undo(&*score, &host).await, OutcomeStatus::Success);
    }
}

#[tokio::test]
async fn what_another_site_made_is_changed_there() {
    let host = host();
    for score in each(false, false) {
        let _ = interpret(&*score).execute(&elsewhere(), &host).await.unwrap();
        // The same is wanted here: nothing to do, and nothing to take away.
        assert!(validate(&*score, &host).await.is_already_applied());
        assert_eq!(undo(&*score, &host).await, OutcomeStatus::LeftInPlace);
    }
    let other =
        FileScore::builder().path("/etc/motd").text("another\n").adopt(true).build().unwrap();
    let Status::Blocked(reason) = validate(&other, &host).await.status else { panic!() };
    assert!(reason.contains("the mark of site `elsewhere`"), "{reason}");
    let forward = |value: i32| {
        SysctlScore::builder().key("net.ipv4.ip_forward").value(value).build().unwrap()
    };
    let _ = interpret(&forward(1)).execute(&elsewhere(), &host).await.unwrap();
    assert!(matches!(validate(&forward(2), &host).await.status, Status::Blocked(_)));
}

#[tokio::test]
async fn a_directory_with_something_in_it_stays() {
    let host = host();
    let folder = DirectoryScore::builder().path("/srv/shop").build().unwrap();
    execute(&folder, &host).await;
    host.meddle(|contents| contents.put_file("/srv/shop/order".parse().unwrap(), "1"));
    let outcome = undone(&folder, &host).await;
    assert_eq!(
        (outcome.status, outcome.message.as_str()),
        (OutcomeStatus::LeftInPlace, "/srv/shop is not empty")
    );
}

#[tokio::test]
async fn a_teardown_takes_only_the_packages_that_are_ours() {
    let host = host();
    host.meddle(|contents| contents.install(&"curl".parse().unwrap()));
    let both = |adopt| {
        PackageScore::builder().present("curl").present("nginx").adopt(adopt).build().unwrap()
    };
    execute(&both(false), &host).await;
    let report = interpret(&both(false)).validate_undo(&crate::scene::ctx(), &host).await.unwrap();
    assert_eq!(
        told(&report),
        ["remove nginx 1.22", "package curl carries no mark: it is left in place"]
    );
    assert_eq!(
        told(&validate(&both(true), &host).await),
        ["curl: not marked so -> marked as ours"]
    );
    undo(&both(false), &host).await;
    let packages = host.contents().packages;
    let names: Vec<_> = packages.keys().map(ToString::to_string).collect();
    assert_eq!(names, ["curl", "libnginx"], "what nginx needed stays: nobody asked for it by name");
}

#[tokio::test]
async fn a_teardown_that_would_take_more_along_is_blocked() {
    let host = host();
    let library = PackageScore::builder().present("libnginx").build().unwrap();
    execute(&library, &host).await;
    host.meddle(|contents| contents.install(&"nginx".parse().unwrap()));
    let outcome = undone(&library, &host).await;
    assert_eq!(outcome.status, OutcomeStatus::LeftInPlace);
    assert!(outcome.message.contains("also remove nginx 1.22"), "{}", outcome.message);
}
