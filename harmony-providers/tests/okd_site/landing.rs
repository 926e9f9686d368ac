//! Where a restart lands, what is refused, and what a plan can see.

use harmony_capabilities::{
    fakes::{Fault, SimulatedSite},
    kubernetes::K8sClient,
    network::{DhcpScore, DhcpServer, LoadBalancer, Reservation},
};
use harmony_phases::{
    Pipeline, Status, Topology,
    pipeline::{Cause, PipelineError, StepResult},
    plan::{Certainty, Verdict},
};
use harmony_providers::okd_site::{
    AnyOkdSite, FormCluster, GRAPH, NetworkReady, PrepareNetwork, StartBootstrapNode,
};

use harmony_types::MacAddress;

use crate::support::{arrives, ctx, execute, frontend, pipeline, plan, reservation, start};

#[tokio::test(start_paused = true)]
async fn a_plan_of_a_declared_site_is_deferred_behind_its_network() {
    let site = SimulatedSite::new();
    let plan = pipeline().plan(&ctx(), start(&site)).await.unwrap();
    assert!(matches!(plan.lines[0].verdict, Verdict::WillApply { .. }));
    assert_eq!(plan.lines[0].certainty, Certainty::Proven);
    for line in &plan.lines[1..] {
        let until = "prepare the network".into();
        assert_eq!(line.certainty, Certainty::Deferred { until }, "{line}");
    }
    assert_eq!(site.history(), [], "a plan changes nothing");
}

#[tokio::test(start_paused = true)]
async fn a_plan_sees_as_far_as_reality_goes() {
    let site = SimulatedSite::new();
    site.faults().on_effect("switch on `bootstrap`", Fault::FailBefore);
    drop(execute(&pipeline(), &ctx(), &site).await.unwrap().unwrap_err());
    let plan = pipeline().plan(&ctx(), start(&site)).await.unwrap();
    let line = |name| plan.line(name).unwrap_or_else(|| panic!("no line {name}"));
    assert_eq!(line("prepare the network").verdict, Verdict::Reached);
    let applied = Verdict::Score(Status::AlreadyApplied);
    assert_eq!(line("load balancer api").verdict, applied);
    assert!(matches!(
        line("start `bootstrap` .. form the cluster").verdict,
        Verdict::WillApply { .. }
    ));
    assert!(matches!(line("k8s v1 Namespace shop").certainty, Certainty::Deferred { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_machine_without_a_reservation_is_refused_and_nothing_is_touched() {
    let (site, plan) = (SimulatedSite::new(), plan());
    let pipeline = Pipeline::start().advance(PrepareNetwork).through(
        StartBootstrapNode::new(&plan),
        |inside| inside,
        FormCluster::new(&plan),
    );
    let stopped = execute(&pipeline, &ctx(), &site).await.unwrap().unwrap_err();
    let Cause::Refused(error) = &stopped.cause else { panic!("{stopped:?}") };
    assert!(error.to_string().contains("`bootstrap` (52:54:00:00:00:09) has no reservation"));
    assert_eq!(site.history().len(), 1, "the network only");
}

#[tokio::test(start_paused = true)]
async fn by_hand_every_phase_offers_what_it_says() {
    let (site, plan, ctx) = (SimulatedSite::new(), plan(), ctx());
    let network = start(&site).advance(&ctx, PrepareNetwork).await.unwrap();
    let reserved = reservation("bootstrap", 9);
    network.reserve(&ctx, reserved.reservation(), &ctx.mark()).await.unwrap();
    let inside = network.advance(&ctx, StartBootstrapNode::new(&plan)).await.unwrap();
    assert_eq!(inside.phase().bootstrap().as_str(), "bootstrap");
    assert!(inside.frontends().await.unwrap().is_empty());
    let cluster = inside.advance(&ctx, FormCluster::new(&plan)).await.unwrap();
    assert_eq!(cluster.nodes().await.unwrap().len(), 2);
    assert_eq!(cluster.reservations().await.unwrap().len(), 1, "carried from the network");
    let any = AnyOkdSite::from(cluster);
    assert_eq!(any.phase_name(), "ClusterReady");
    let any = Topology::<NetworkReady>::try_from(any).unwrap_err();
    assert_eq!(any.phase_name(), "ClusterReady", "given back where it is another phase");
}

#[tokio::test(start_paused = true)]
async fn a_look_that_fails_is_no_not_yet() {
    let (site, pipeline) = (SimulatedSite::new(), pipeline());
    arrives(&pipeline, &site).await;
    site.faults().on_read("look at the machines", Fault::FailBefore);
    let plan = pipeline.plan(&ctx(), start(&site)).await.unwrap();
    let line = plan.line("start `bootstrap` .. form the cluster").unwrap();
    assert!(matches!(&line.verdict, Verdict::CannotTell(why) if why.contains("broke off")));
    site.faults().on_read("look at the machines", Fault::FailBefore);
    let stopped = execute(&pipeline, &ctx(), &site).await.unwrap().unwrap_err();
    assert!(matches!(stopped.cause, Cause::Refused(_)), "{stopped:?}");
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_lost_a_machine_is_not_bootstrapped_again() {
    let (site, pipeline) = (SimulatedSite::new(), pipeline());
    arrives(&pipeline, &site).await;
    site.remove_machine(&ctx(), &"cp-0".parse().unwrap()).await.unwrap();
    let stopped = execute(&pipeline, &ctx(), &site).await.unwrap().unwrap_err();
    let Cause::Refused(error) = &stopped.cause else { panic!("{stopped:?}") };
    assert!(error.to_string().starts_with("a control plane stands, but without cp-0"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_finished_cluster_is_not_bootstrapped_again() {
    let (site, pipeline) = (SimulatedSite::new(), pipeline());
    arrives(&pipeline, &site).await;
    let again = execute(&pipeline, &ctx(), &site).await.unwrap().unwrap();
    let through = again.completed.iter().find(|r| r.step.as_str().starts_with("start")).unwrap();
    assert_eq!(through.result, StepResult::Reached);
}

#[test]
fn the_graph_says_what_the_types_say() {
    let table = GRAPH.table();
    assert_eq!(GRAPH.module, "okd_site");
    assert!(table.contains("| Bootstrapping | transient | yes | yes | yes | yes |  |"), "{table}");
    assert!(table.contains("| ClusterReady | resting | yes | yes | yes | yes | yes |"), "{table}");
}

#[test]
fn two_scores_that_want_one_thing_are_named_before_anything_runs() {
    let network = || Pipeline::start().advance(PrepareNetwork);
    let conflict = |error: Result<(), PipelineError>| error.unwrap_err().to_string();

    let address = Reservation::new(MacAddress::qemu([0, 0, 77]), [192, 168, 100, 10]).unwrap();
    let same_address = network().run(reservation("cp-0", 10)).run(DhcpScore::new(address));
    assert_eq!(
        conflict(same_address.check()),
        "`dhcp cp-0` and `dhcp 52:54:00:00:00:4d` both claim address 192.168.100.10; \
         no step releases it: give one of them another"
    );
    let card = Reservation::new(MacAddress::qemu([0, 0, 10]), [192, 168, 100, 77]).unwrap();
    let same_card = network().run(reservation("cp-0", 10)).run(DhcpScore::new(card));
    assert!(conflict(same_card.check()).contains("both claim reservation `52:54:00:00:00:0a`"));
    let same_place = network().run(frontend("api", 6443)).run(frontend("other", 6443));
    assert!(conflict(same_place.check()).contains("both claim listener `192.168.100.5:6443`"));
}
