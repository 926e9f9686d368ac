//! What carries the site's mark and belongs to no score any more.

use harmony_capabilities::host::{
    FileCensus, KernelModuleCensus, PackageCensus, SysctlCensus, UserCensus,
};
use harmony_phases::{Context, Pipeline};

use crate::{
    scene::{ctx, file, host},
    trips::{Site, on, site},
};

fn counted(site: Site) -> Site {
    site.census(FileCensus)
        .census(PackageCensus)
        .census(UserCensus)
        .census(KernelModuleCensus)
        .census(SysctlCensus)
}

#[tokio::test]
async fn orphans_are_listed_and_removed_only_when_the_run_prunes() {
    let host = host();
    let _ = counted(site()).execute(&ctx(), on(&host)).await.unwrap();
    host.meddle(|contents| contents.put_file("/etc/theirs".parse().unwrap(), ""));
    let smaller = || counted(Pipeline::start().run(file()));
    let plan = smaller().plan(&ctx(), on(&host)).await.unwrap().to_string();
    for orphan in [
        "file `/srv/shop/data`",
        "package `nginx`",
        "user `shop`",
        "kernel module `kvm`",
        "sysctl `net.ipv4.ip_forward`",
    ] {
        assert!(plan.contains(&format!("orphan {orphan}, made by")), "{plan}");
    }
    assert!(!plan.contains("orphan file `/etc/motd`") && !plan.contains("theirs"), "{plan}");
    let before = host.history().len();
    let _ = smaller().execute(&ctx(), on(&host)).await.unwrap();
    assert_eq!(host.history().len(), before, "without prune they are only listed");

    let prune = Context::builder("lab".parse().unwrap()).prune(true).build();
    assert!(smaller().execute(&prune, on(&host)).await.unwrap().changed());
    let contents = host.contents();
    assert!(contents.packages.values().all(|package| package.mark.is_none()));
    assert!(!contents.users.contains_key(&"shop".parse().unwrap()));
    let marked = contents.files.iter().filter(|(_, entry)| entry.mark.is_some());
    assert_eq!(marked.map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/etc/motd"]);
    assert!(contents.files.contains_key(&"/etc/theirs".parse().unwrap()));
    assert!(!smaller().execute(&prune, on(&host)).await.unwrap().changed());
}
