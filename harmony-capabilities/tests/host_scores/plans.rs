//! What plans say, and drift that is found and repaired.

use harmony_capabilities::host::{
    DirectoryScore, EntryKind, FileScore, PackageRole, PackageScore, Permissions, ServiceScore,
    UserScore,
};
use harmony_phases::{
    Context, Describe, OutcomeStatus, Secret, SecretRef, Sensitivity, Status,
    secret::{SecretError, SecretSource},
};

use crate::scene::{
    KEY, execute, file, host, interpret, key, module, packages, parameter, parsed, service, told,
    undone, user, validate,
};

#[tokio::test]
async fn a_file_that_differs_is_shown_line_by_line() {
    let host = host();
    assert_eq!(told(&validate(&file(), &host).await), ["15 B of content", "mode 0644"]);
    execute(&file(), &host).await;
    host.meddle(|contents| {
        let entry = contents.files.get_mut(&"/etc/motd".parse().unwrap()).unwrap();
        let mark = entry.mark.clone();
        contents.put_file("/etc/motd".parse().unwrap(), "welcome to \u{1b}[31mme\nand more\n");
        let entry = contents.files.get_mut(&"/etc/motd".parse().unwrap()).unwrap();
        entry.mark = mark;
        entry.permissions = Permissions::from_bits(0o664);
    });
    let report = validate(&file(), &host).await;
    assert_eq!(report.status, Status::WillUpdate);
    assert_eq!(
        told(&report),
        [
            "@@ -1,2 +1 @@",
            "-welcome to \\u{1b}[31mme",
            "-and more",
            "+welcome to lab",
            "mode: 0664 -> 0644",
        ]
    );
    execute(&file(), &host).await;
    assert!(validate(&file(), &host).await.is_already_applied());
}

#[tokio::test]
async fn what_not_everybody_may_read_is_not_shown() {
    let host = host();
    host.meddle(|contents| {
        let path = "/etc/shop.conf".parse().unwrap();
        contents.put_file(path, "password = hunter2\n");
        let entry = contents.files.get_mut(&"/etc/shop.conf".parse().unwrap()).unwrap();
        entry.permissions = Permissions::from_bits(0o640);
    });
    let score = FileScore::builder().path("/etc/shop.conf").text("password = none\n").adopt(true);
    let report = validate(&score.build().unwrap(), &host).await;
    let told = told(&report).join("\n");
    assert!(told.starts_with("content: 19 B (sha256 ") && !told.contains("hunter2"), "{told}");
}

#[derive(Debug)]
struct Vault(&'static str);

#[async_trait::async_trait]
impl SecretSource for Vault {
    async fn resolve(&self, reference: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        Ok((reference.source() == "vault").then(|| Secret::new(self.0.to_owned())))
    }
}

#[tokio::test]
async fn a_secret_reaches_the_file_and_nothing_else() {
    let (host, ctx) = (host(), |secret| {
        Context::builder("lab".parse().unwrap()).secret_source(Vault(secret)).build()
    });
    let token = FileScore::builder().path("/etc/token").secret("vault:token").build().unwrap();
    let (before, after) = (ctx("hunter2"), ctx("hunter3"));
    let planned = interpret(&token).validate(&before, &host).await.unwrap();
    assert_eq!(told(&planned), ["a secret, which is not shown", "mode 0600"]);
    let outcome = interpret(&token).execute(&before, &host).await.unwrap();
    assert!(interpret(&token).validate(&before, &host).await.unwrap().is_already_applied());
    let changed = interpret(&token).validate(&after, &host).await.unwrap();
    assert_eq!(told(&changed), ["the content differs; it is a secret and not shown"]);
    let replaced = interpret(&token).execute(&after, &host).await.unwrap();
    let contents = host.contents();
    let entry = &contents.files[&"/etc/token".parse().unwrap()];
    let EntryKind::File { content: Some(content), .. } = &entry.kind else { panic!("{entry:?}") };
    assert_eq!(&**content, b"hunter3");
    let value = serde_json::to_string(&token).unwrap();
    let all = format!(
        "{planned:?} {outcome:?} {changed:?} {replaced:?} {value} {:?} {token:?}",
        host.history()
    );
    assert!(!all.contains("hunter"), "{all}");
}

#[tokio::test]
async fn a_plan_for_packages_tells_everything_that_comes_along() {
    let host = host();
    let report = validate(&packages(), &host).await;
    assert_eq!(report.status, Status::WillCreate);
    assert_eq!(
        told(&report),
        ["install curl 7.88", "install libnginx 1.22", "install nginx 1.22", "hold curl"]
    );
    execute(&packages(), &host).await;
    host.meddle(|contents| {
        contents.packages.get_mut(&"nginx".parse().unwrap()).unwrap().broken = true;
        contents.packages.get_mut(&"curl".parse().unwrap()).unwrap().held = false;
    });
    let report = validate(&packages(), &host).await;
    assert_eq!(
        (report.status.clone(), told(&report)),
        (Status::WillUpdate, vec!["hold curl".to_owned()])
    );
    execute(&packages(), &host).await;
    assert!(validate(&packages(), &host).await.is_already_applied());
}

#[tokio::test]
async fn a_removal_that_nobody_asked_for_is_blocked_and_named() {
    let host = host();
    host.meddle(|contents| contents.install(&"exim4".parse().unwrap()));
    let postfix = PackageScore::builder().present("postfix").build().unwrap();
    let report = validate(&postfix, &host).await;
    let Status::Blocked(reason) = &report.status else { panic!("{report:?}") };
    assert!(reason.contains("also remove exim4 4.96, which nobody asked for"), "{reason}");
    interpret(&postfix).execute(&crate::scene::ctx(), &host).await.unwrap_err();
    let asked = PackageScore::builder().present("postfix").absent("exim4").build().unwrap();
    assert_eq!(told(&validate(&asked, &host).await), ["install postfix 3.7", "remove exim4 4.96"]);
    execute(&asked, &host).await;
    assert!(validate(&asked, &host).await.is_already_applied());
}

#[tokio::test]
async fn a_held_package_is_changed_by_nobody_but_who_holds_it() {
    let host = host();
    execute(&packages(), &host).await;
    let newer = PackageScore::builder().version("curl", "8.0").build().unwrap();
    let Status::Blocked(reason) = validate(&newer, &host).await.status else { panic!() };
    assert!(reason.contains("package curl is held"), "{reason}");
    let holding = PackageScore::builder().version("curl", "8.0").held("curl").build().unwrap();
    assert_eq!(
        told(&validate(&holding, &host).await),
        ["replace curl 7.88 by 8.0", "release curl", "hold curl"]
    );
    execute(&holding, &host).await;
    let state = host.contents().packages[&"curl".parse().unwrap()].clone();
    assert_eq!((state.installed.as_deref(), state.held), (Some("8.0"), true));
}

#[tokio::test]
async fn a_role_is_the_packages_of_the_distribution() {
    let host = host();
    let kvm = PackageScore::builder().role(PackageRole::Kvm).build().unwrap();
    assert_eq!(
        told(&validate(&kvm, &host).await),
        ["install qemu-system-x86 2.0", "install qemu-utils 2.0"]
    );
    execute(&kvm, &host).await;
    assert!(validate(&kvm, &host).await.is_already_applied());
}

#[tokio::test]
async fn a_service_is_started_again_when_its_input_is_newer() {
    let host = host();
    execute(&file(), &host).await;
    let report = validate(&service(), &host).await;
    assert_eq!(told(&report), ["at boot: disabled -> enabled", "activity: stopped -> running"]);
    execute(&service(), &host).await;
    assert!(
        validate(&service(), &host).await.is_already_applied(),
        "it was started after the file"
    );
    host.meddle(|contents| contents.put_file("/etc/motd".parse().unwrap(), "newer\n"));
    let report = validate(&service(), &host).await;
    assert_eq!(
        told(&report),
        ["will be started again: /etc/motd was changed after it was started"]
    );
    execute(&service(), &host).await;
    assert!(validate(&service(), &host).await.is_already_applied());
    let restarts = host.history().iter().filter(|it| it.action == "restart service").count();
    assert_eq!(restarts, 1);
}

#[tokio::test]
async fn a_service_that_cannot_be_is_told_before_anything_runs() {
    let host = host();
    let nowhere = ServiceScore::builder().unit("nowhere").running(true).build().unwrap();
    let report = validate(&nowhere, &host).await;
    assert_eq!(report.preconditions, ["the host has the unit nowhere.service"]);
    let off =
        ServiceScore::builder().unit("nowhere").running(false).enabled(false).build().unwrap();
    assert!(validate(&off, &host).await.is_already_applied());
    host.meddle(|contents| {
        let unit = contents.services.get_mut(&"app".parse().unwrap()).unwrap();
        unit.enablement = harmony_capabilities::host::Enablement::Masked;
    });
    let Status::Blocked(reason) = validate(&service(), &host).await.status else { panic!() };
    assert!(reason.contains("systemctl unmask app.service"), "{reason}");
}

#[tokio::test]
async fn drift_of_a_user_a_module_and_a_parameter_is_told_and_repaired() {
    let host = host();
    for score in [&user() as &dyn harmony_phases::Score<_>, &module(), &parameter()] {
        execute(score, &host).await;
    }
    host.meddle(|contents| {
        contents.users.get_mut(&"shop".parse().unwrap()).unwrap().shell = "/bin/\u{7}sh".to_owned();
        let kvm = contents.modules.get_mut(&"kvm".parse().unwrap()).unwrap();
        kvm.options = "nested=0".to_owned();
        let forward = contents.parameters.get_mut(&"net.ipv4.ip_forward".parse().unwrap()).unwrap();
        forward.value = Some("0".to_owned());
    });
    assert_eq!(told(&validate(&user(), &host).await), ["shell: /bin/\\u{7}sh -> /bin/bash"]);
    assert_eq!(
        told(&validate(&module(), &host).await),
        ["options: nested=0 -> nested=1 (after a restart)"]
    );
    assert_eq!(told(&validate(&parameter(), &host).await), ["value: 0 -> 1"]);
    for score in [&user() as &dyn harmony_phases::Score<_>, &module(), &parameter()] {
        execute(score, &host).await;
        assert!(validate(score, &host).await.is_already_applied());
    }
}

#[tokio::test]
async fn what_is_missing_is_a_precondition() {
    let host = host();
    host.meddle(|contents| {
        contents.modules.clear();
        contents.parameters.clear();
        contents.users.clear();
    });
    let needs =
        async |score: &dyn harmony_phases::Score<_>| validate(score, &host).await.preconditions;
    assert_eq!(needs(&module()).await, ["the running kernel has the module kvm"]);
    assert_eq!(needs(&parameter()).await, ["the kernel has the parameter net.ipv4.ip_forward"]);
    assert_eq!(needs(&key(KEY)).await, ["user deploy is there"]);
}

#[tokio::test]
async fn what_is_in_the_place_of_a_file_is_not_followed() {
    let host = host();
    let passwd = EntryKind::Symlink("/etc/passwd".to_owned());
    host.meddle(|contents| contents.put("/etc/motd".parse().unwrap(), passwd, 0o777));
    let Status::Blocked(reason) = validate(&file(), &host).await.status else { panic!() };
    assert!(reason.contains("is a symbolic link to `/etc/passwd`"), "{reason}");
    let folder = DirectoryScore::builder().path("/etc/motd").build().unwrap();
    assert!(matches!(validate(&folder, &host).await.status, Status::Blocked(_)));
}

#[tokio::test]
async fn the_key_in_use_is_never_taken_away() {
    let host = host();
    host.meddle(|contents| {
        contents.login_key = Some(parsed(KEY));
        contents.keys.insert("deploy".parse().unwrap(), vec![parsed(KEY)]);
    });
    let absent = harmony_capabilities::host::AuthorizedKeyScore::builder()
        .user("deploy")
        .key(KEY)
        .absent(true);
    let Status::Blocked(reason) = validate(&absent.build().unwrap(), &host).await.status else {
        panic!()
    };
    assert!(reason.contains("is in use"), "{reason}");
    assert_eq!(crate::scene::undo(&key(KEY), &host).await, OutcomeStatus::LeftInPlace);
    assert_eq!(host.contents().keys[&"deploy".parse().unwrap()], [parsed(KEY)]);
}

#[tokio::test]
async fn nobody_removes_who_they_are() {
    let host = host().with_facts(|facts| facts.login.name = "shop".to_owned());
    execute(&user(), &host).await;
    let outcome = undone(&user(), &host).await;
    assert_eq!(outcome.status, OutcomeStatus::LeftInPlace);
    assert!(outcome.message.contains("logged in"), "{}", outcome.message);
    assert!(host.contents().users.contains_key(&"shop".parse().unwrap()));
}

#[tokio::test]
async fn a_user_keeps_its_number() {
    let host = host();
    let other = UserScore::builder().name("deploy").uid(4711).adopt(true).build().unwrap();
    let Status::Blocked(reason) = validate(&other, &host).await.status else { panic!() };
    assert!(reason.contains("has the number 1000, not 4711"), "{reason}");
}

#[test]
fn what_may_cut_somebody_off_says_so() {
    let service = |unit: &str| ServiceScore::builder().unit(unit);
    let file = |path: &str| FileScore::builder().path(path).text("").build().unwrap().sensitivity();
    let disruptive = [
        file("/etc/ssh/sshd_config"),
        file("/etc/sudoers.d/shop"),
        file("/home/deploy/.ssh/authorized_keys"),
        service("sshd").enabled(false).build().unwrap().sensitivity(),
        service("app").running(false).build().unwrap().sensitivity(),
        parameter().sensitivity(),
        PackageScore::builder().absent("openssh-server").build().unwrap().sensitivity(),
    ];
    assert_eq!(disruptive, [Sensitivity::Disruptive; 7]);
    let routine = [
        file("/etc/sshguard"),
        service("app").enabled(false).build().unwrap().sensitivity(),
        service("sshd").running(true).build().unwrap().sensitivity(),
        packages().sensitivity(),
        module().sensitivity(),
        key(KEY).sensitivity(),
    ];
    assert_eq!(routine, [Sensitivity::Routine; 6]);
}
