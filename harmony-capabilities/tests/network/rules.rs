//! Whose a thing is, what stands in the way, and what a plan says of drift.

use harmony_capabilities::{
    fakes::{SimulatedGateway, SimulatedSite},
    kubernetes::{K8sClient, K8sResourceScore, KubernetesErrorKind, Manifest},
    network::{
        DhcpScore, DhcpServer, DnsRecord, DnsScore, HealthyServerScore, LoadBalancer, Marked,
        NetworkErrorKind, Reservation,
    },
};
use harmony_phases::{
    InterpretErrorKind, OutcomeStatus, Score, Status, ValidationReport, ownership::Mark,
    score::Detail,
};
use serde_json::json;

use crate::scene::{cluster, config, ctx, dhcp, dns, gateway, load_balancer, reservation};

async fn validate<T: Sync>(score: &dyn Score<T>, on: &T) -> ValidationReport {
    score.create_interpret().validate(&ctx(), on).await.unwrap()
}

fn reason(report: &ValidationReport) -> &str {
    match &report.status {
        Status::Blocked(reason) => reason,
        other => panic!("not blocked but {other}"),
    }
}

fn changes(report: &ValidationReport) -> Vec<(&str, &str, &str)> {
    report.details.iter().filter_map(change).collect()
}

fn change(detail: &Detail) -> Option<(&str, &str, &str)> {
    match detail {
        Detail::Change { field, found, wanted, .. } => Some((field, found, wanted)),
        Detail::Note(_) => None,
    }
}

async fn with_reservation(kept: Marked<Reservation>) -> (SimulatedSite, SimulatedGateway) {
    let (site, gateway) = gateway().await;
    site.meddle(|services| services.reservations.push(kept));
    (site, gateway)
}

fn other_site() -> Mark {
    Mark::new("paris".parse().unwrap(), "dhcp web")
}

#[tokio::test]
async fn a_foreign_thing_is_blocked_and_named_even_where_it_is_as_wanted() {
    let foreign = Marked::foreign(dhcp().reservation().clone());
    let (site, gateway) = with_reservation(foreign).await;
    let report = validate(&dhcp(), &gateway).await;
    assert_eq!(
        reason(&report),
        "reservation `52:54:00:00:00:0a` exists (52:54:00:00:00:0a gets 192.168.100.10 as web, \
         boots tftp://192.168.100.1/boot.ipxe) and carries no mark: remove it, or say `adopt` to take it over"
    );
    let interpret = Score::<SimulatedGateway>::create_interpret(&dhcp());
    let error = interpret.execute(&ctx(), &gateway).await.unwrap_err();
    assert_eq!(error.kind(), InterpretErrorKind::Blocked);
    let undone = interpret.undo(&ctx(), &gateway).await.unwrap();
    assert_eq!(undone.status, OutcomeStatus::LeftInPlace);
    assert_eq!(site.services().reservations.len(), 1);
}

#[tokio::test]
async fn adopting_takes_over_what_is_foreign_but_not_what_is_another_sites() {
    let (site, gateway) = with_reservation(Marked::foreign(reservation(10))).await;
    let adopting = dhcp().adopt(true);
    let report = validate(&adopting, &gateway).await;
    assert_eq!(report.status, Status::WillUpdate);
    assert!(changes(&report).contains(&("mark", "none", "ours")), "{report:?}");
    let interpret = Score::<SimulatedGateway>::create_interpret(&adopting);
    assert!(interpret.execute(&ctx(), &gateway).await.unwrap().changed());
    assert_eq!(site.services().reservations[0].mark.as_ref().unwrap().site.as_str(), "lab");

    let (_, gateway) = with_reservation(Marked::new(reservation(10), other_site())).await;
    let report = validate(&adopting, &gateway).await;
    assert!(reason(&report).contains("carries the mark of site `paris`"), "{report:?}");
}

#[tokio::test]
async fn what_is_protected_survives_a_teardown_until_it_no_longer_is() {
    let (_, gateway) = gateway().await;
    let protected: Box<dyn Score<SimulatedGateway>> = Box::new(dhcp().protect(true));
    let interpret = protected.create_interpret();
    drop(interpret.execute(&ctx(), &gateway).await.unwrap());
    let report = interpret.validate_undo(&ctx(), &gateway).await.unwrap();
    assert!(reason(&report).contains("protected"), "{report:?}");
    assert_eq!(interpret.undo(&ctx(), &gateway).await.unwrap().status, OutcomeStatus::LeftInPlace);

    let free = Score::<SimulatedGateway>::create_interpret(&dhcp());
    assert_eq!(free.undo(&ctx(), &gateway).await.unwrap().status, OutcomeStatus::LeftInPlace);
    let report = free.validate(&ctx(), &gateway).await.unwrap();
    assert_eq!(changes(&report), [("protect", "true", "false")]);
    assert!(free.execute(&ctx(), &gateway).await.unwrap().changed());
    assert!(free.undo(&ctx(), &gateway).await.unwrap().changed());
}

#[tokio::test]
async fn drift_is_named_field_by_field_and_repaired() {
    let (site, gateway) = gateway().await;
    let score = Score::<SimulatedGateway>::create_interpret(&dhcp());
    drop(score.execute(&ctx(), &gateway).await.unwrap());
    let balanced = Score::<SimulatedGateway>::create_interpret(&load_balancer());
    drop(balanced.execute(&ctx(), &gateway).await.unwrap());
    site.meddle(|services| {
        let kept = &mut services.reservations[0];
        kept.item = Reservation::new(kept.item.mac(), [192, 168, 100, 77]).unwrap();
        let again = services.frontends[0].clone();
        services.frontends.push(again);
    });
    let report = score.validate(&ctx(), &gateway).await.unwrap();
    assert_eq!(report.status, Status::WillUpdate);
    assert_eq!(
        changes(&report),
        [
            ("ip", "192.168.100.77", "192.168.100.10"),
            ("hostname", "none", "web"),
            ("boot", "none", "tftp://192.168.100.1/boot.ipxe"),
        ]
    );
    assert!(score.execute(&ctx(), &gateway).await.unwrap().changed());
    assert!(score.validate(&ctx(), &gateway).await.unwrap().is_already_applied());

    let report = balanced.validate(&ctx(), &gateway).await.unwrap();
    assert_eq!(changes(&report), [("entries", "2", "1")]);
    assert!(balanced.execute(&ctx(), &gateway).await.unwrap().changed());
    assert_eq!(site.services().frontends.len(), 1);
}

#[tokio::test]
async fn what_cannot_stand_beside_another_is_blocked_before_it_is_tried() {
    let (_, gateway) = with_reservation(Marked::foreign(reservation(10))).await;
    let other_card = Reservation::new("52:54:00:00:00:0b".parse().unwrap(), [192, 168, 100, 10]);
    let report = validate(&DhcpScore::new(other_card.clone().unwrap()), &gateway).await;
    assert_eq!(
        reason(&report),
        "reservation `52:54:00:00:00:0a`, which carries no mark, has the address 192.168.100.10: \
         remove that one, or change this one"
    );
    let refused = gateway.reserve(&ctx(), &other_card.unwrap(), &ctx().mark()).await.unwrap_err();
    assert_eq!(refused.kind(), NetworkErrorKind::Conflict);

    let interpret = Score::<SimulatedGateway>::create_interpret(&dns());
    drop(interpret.execute(&ctx(), &gateway).await.unwrap());
    let name = "api.okd.example".parse().unwrap();
    let alias = DnsScore::new(DnsRecord::alias(name, "okd.example".parse().unwrap()).unwrap());
    let report = validate(&alias, &gateway).await;
    assert!(reason(&report).contains("an alias has no other records"), "{report:?}");
}

#[tokio::test]
async fn a_gateway_without_its_network_cannot_tell() {
    let gateway = SimulatedSite::new().gateway();
    let error = gateway.reservations().await.unwrap_err();
    assert_eq!(error.kind(), NetworkErrorKind::Unreachable);
    assert_eq!(
        error.to_string(),
        "list reservations on the simulated gateway: it could not be reached; bring its network up"
    );
    let interpret = Score::<SimulatedGateway>::create_interpret(&dhcp());
    let error = interpret.validate(&ctx(), &gateway).await.unwrap_err();
    assert_eq!(error.kind(), InterpretErrorKind::Failed, "a failed look is an error");
    let cluster = SimulatedSite::new().cluster();
    assert_eq!(cluster.ready().await.unwrap_err().kind(), KubernetesErrorKind::Unreachable);
}

#[tokio::test]
async fn an_object_differs_only_where_the_server_says_so() {
    let (_, cluster) = cluster().await;
    let object = config();
    let mut theirs = object.manifest().fields().clone();
    theirs["data"] = json!({ "text": "moved", "added": "by hand" });
    let foreign = Manifest::new(theirs).unwrap();
    cluster.apply(&ctx(), &foreign).await.unwrap();
    assert!(reason(&validate(&object, &cluster).await).contains("carries no mark"));

    let adopting: Box<dyn Score<_>> = Box::new(object.adopt(true));
    let report = validate(&*adopting, &cluster).await;
    assert_eq!(changes(&report), [("data.text", "moved", "hello"), ("mark", "none", "ours")]);
    let interpret = adopting.create_interpret();
    assert!(interpret.execute(&ctx(), &cluster).await.unwrap().changed());
    let kept = cluster.get(config().manifest().object()).await.unwrap().unwrap();
    assert_eq!(kept["data"]["added"], "by hand", "fields of others are left to them");
    assert_eq!(kept["metadata"]["labels"]["harmony/site"], "lab");
    assert_eq!(kept["metadata"]["labels"]["app"], "motd");
}

#[tokio::test]
async fn an_object_needs_its_namespace() {
    let (_, cluster) = cluster().await;
    let fields = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "a", "namespace": "shop" } });
    let score = K8sResourceScore::new(Manifest::new(fields).unwrap());
    assert_eq!(validate(&score, &cluster).await.status, Status::WillCreate);
    let interpret = Score::create_interpret(&score);
    let error = interpret.execute(&ctx(), &cluster).await.unwrap_err().to_string();
    assert!(error.contains("there is no namespace `shop`"), "{error}");
    assert!(error.contains("apply the namespace first"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_server_changes_nothing_and_says_what_it_saw() {
    let (site, gateway) = gateway().await;
    let interpret = Score::<SimulatedGateway>::create_interpret(&load_balancer());
    drop(interpret.execute(&ctx(), &gateway).await.unwrap());
    let score = HealthyServerScore::new("api".parse().unwrap(), "cp-0".parse().unwrap());
    let before = site.history().len();
    let waits = Score::<SimulatedGateway>::create_interpret(&score.patience_seconds(60));
    assert_eq!(waits.validate(&ctx(), &gateway).await.unwrap().status, Status::WillExecute);
    let error = waits.execute(&ctx(), &gateway).await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("last evidence: connection refused"), "{cause}");
    assert_eq!(site.history().len(), before);
    let health = gateway.health(&"api".parse().unwrap()).await.unwrap();
    assert!(!health[0].up);
}
