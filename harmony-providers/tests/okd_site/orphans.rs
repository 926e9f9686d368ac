//! What belongs to no step any more is listed, and removed when the run prunes.

use harmony_capabilities::{
    fakes::SimulatedSite,
    network::{FrontendCensus, Marked, RecordCensus, ReservationCensus, TftpFileCensus},
};
use harmony_phases::{Context, Pipeline, Topology};
use harmony_providers::okd_site::{NetworkReady, PrepareNetwork};

use crate::support::{Start, ctx, frontend, menu, record, reservation, start};

fn network() -> Pipeline<Start, Topology<NetworkReady>> {
    Pipeline::start().advance(PrepareNetwork)
}

fn counted(
    pipeline: Pipeline<Start, Topology<NetworkReady>>,
) -> Pipeline<Start, Topology<NetworkReady>> {
    pipeline
        .census(ReservationCensus)
        .census(RecordCensus)
        .census(TftpFileCensus)
        .census(FrontendCensus)
}

#[tokio::test]
async fn orphans_go_when_the_run_prunes_and_foreign_things_never() {
    let site = SimulatedSite::new();
    let yesterday = network()
        .run_all([reservation("cp-0", 10), reservation("cp-1", 11), reservation("old", 12)])
        .run_all([record("api.okd.example"), record("old.okd.example").protect(true)])
        .run(menu())
        .run(frontend("api", 6443));
    drop(yesterday.execute(&ctx(), start(&site)).await.unwrap());
    let foreign = reservation("printer", 99).reservation().clone();
    site.meddle(|services| services.reservations.push(Marked::foreign(foreign)));

    let today = counted(network().run(reservation("cp-0", 10)).run(record("api.okd.example")));
    let plan = today.plan(&ctx(), start(&site)).await.unwrap();
    let line = plan.line("census of reservations").unwrap().to_string();
    assert!(line.contains("52:54:00:00:00:0b") && line.contains("52:54:00:00:00:0c"), "{line}");
    assert!(!line.contains("52:54:00:00:00:63"), "the foreign one is no orphan: {line}");
    drop(today.execute(&ctx(), start(&site)).await.unwrap());
    assert_eq!(site.services().reservations.len(), 4, "listed, not removed");

    let pruning = Context::builder("lab".parse().unwrap()).prune(true).build();
    drop(today.execute(&pruning, start(&site)).await.unwrap());
    let left = site.services();
    assert_eq!(left.reservations.len(), 2, "the wanted one and the foreign one");
    assert_eq!(left.records.len(), 2, "the wanted one and the protected one");
    assert_eq!((left.files.len(), left.frontends.len()), (0, 0));
    let again = today.execute(&pruning, start(&site)).await.unwrap();
    assert!(!again.changed(), "{:?}", again.completed);
}
