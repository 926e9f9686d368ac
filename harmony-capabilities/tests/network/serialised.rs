//! The serialised form of every score: both directions, one version, no unknown fields.

use harmony_capabilities::{
    kubernetes::K8sResourceScore,
    network::{DhcpScore, DnsScore, HealthyServerScore, LoadBalancerScore, TftpScore},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::scene::{config, dhcp, dns, load_balancer, tftp};

#[track_caller]
fn is_versioned<S: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(score: &S) {
    let value = serde_json::to_value(score).unwrap();
    assert_eq!(value["schema"], 1);
    assert_eq!(serde_json::from_value::<S>(value.clone()).unwrap(), *score);

    let refusal = |change: fn(&mut Value)| {
        let mut value = value.clone();
        change(&mut value);
        serde_json::from_value::<S>(value).unwrap_err().to_string()
    };
    assert!(refusal(|v| v["schema"] = 2.into()).contains("schema version 2 is not known"));
    let missing = refusal(|v| drop(v.as_object_mut().unwrap().remove("schema")));
    assert!(missing.contains("`schema` is missing"), "{missing}");
    let unknown = refusal(|v| v["colour"] = "red".into());
    assert!(unknown.contains("unknown field `colour`"), "{unknown}");
}

#[test]
fn every_score_is_written_and_read_with_its_version() {
    is_versioned(&dhcp().adopt(true));
    is_versioned(&dns());
    is_versioned(&tftp().protect(true));
    is_versioned(&load_balancer());
    is_versioned(&config());
    is_versioned(&HealthyServerScore::new("api".parse().unwrap(), "cp-0".parse().unwrap()));
}

fn refusal<S: DeserializeOwned + std::fmt::Debug>(fields: &Value) -> String {
    serde_json::from_value::<S>(fields.clone()).unwrap_err().to_string()
}

#[test]
fn what_breaks_a_rule_is_refused_by_its_name() {
    let reservation = json!({ "mac": "52:54:00:00:00:0a", "ip": "224.0.0.1" });
    let score = json!({ "schema": 1, "reservation": reservation });
    assert!(refusal::<DhcpScore>(&score).contains("multicast"));

    let record = json!({ "name": "a.*.b", "data": { "a": "10.0.0.1" } });
    assert!(refusal::<DnsScore>(&json!({ "schema": 1, "record": record })).contains("wildcard"));

    let file = json!({ "path": "../passwd", "content": { "text": "" } });
    assert!(refusal::<TftpScore>(&json!({ "schema": 1, "file": file })).contains("`..`"));

    let mut score = serde_json::to_value(load_balancer()).unwrap();
    score["frontend"]["backend"]["servers"] = json!([]);
    assert!(refusal::<LoadBalancerScore>(&score).contains("needs a server"));

    let score = json!({ "schema": 1, "manifest": { "apiVersion": "v1", "kind": "Pod" } });
    assert!(refusal::<K8sResourceScore>(&score).contains("`metadata.name`"));
}
