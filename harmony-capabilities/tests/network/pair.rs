//! A pair of gateways: commands go to both, questions to the primary.

use harmony_capabilities::{
    fakes::{Fault, SimulatedGateway},
    network::{DhcpServer, DnsServer},
};
use harmony_phases::{FailoverTopology, Interpret, Score};

use crate::scene::{ctx, dhcp, dns, gateway};

type Pair = FailoverTopology<SimulatedGateway>;

fn interpret(score: &impl Score<Pair>) -> Box<dyn Interpret<Pair>> {
    score.create_interpret()
}

#[tokio::test]
async fn both_halves_know_what_a_client_may_ask_either() {
    let ((one, primary), (two, replica)) = (gateway().await, gateway().await);
    let pair = FailoverTopology { primary, replica };
    for score in [interpret(&dhcp()), interpret(&dns())] {
        assert!(score.execute(&ctx(), &pair).await.unwrap().changed());
        assert!(!score.execute(&ctx(), &pair).await.unwrap().changed());
    }
    assert_eq!(one.services(), two.services());
    assert_eq!(pair.reservations().await.unwrap().len(), 1, "asked of one half only");
}

#[tokio::test]
async fn a_replica_that_fails_leaves_the_primary_as_it_was() {
    let ((one, primary), (two, replica)) = (gateway().await, gateway().await);
    let pair = FailoverTopology { primary, replica };
    two.faults().on_effect("put", Fault::FailBefore);
    interpret(&dns()).execute(&ctx(), &pair).await.unwrap_err();
    assert_eq!(pair.records().await.unwrap(), []);
    assert!(interpret(&dns()).execute(&ctx(), &pair).await.unwrap().changed());
    assert_eq!(one.services(), two.services());
}
