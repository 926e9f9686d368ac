//! Scores as data: there and back, unknown versions and fields refused.

use harmony_capabilities::{
    fakes::SimulatedHost,
    host::{
        AuthorizedKeyScore, CommandScore, DirectoryScore, FileScore, KernelModuleScore,
        PackageScore, ServiceScore, SysctlScore, UserScore,
    },
};
use harmony_phases::Score;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::scene::{
    KEY, command, directory, file, key, module, packages, parameter, service, user,
};

fn there_and_back<S: Score<SimulatedHost> + Serialize + DeserializeOwned + PartialEq>(score: &S) {
    let value = score.to_value();
    assert_eq!(value["schema"], 1, "{value}");
    let text = serde_json::to_string(&value).unwrap();
    assert_eq!(serde_json::from_str::<S>(&text).unwrap(), *score, "{text}");
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut changed = value.clone();
        change(&mut changed);
        serde_json::from_value::<S>(changed).unwrap_err().to_string()
    };
    let newer = refused(&|value| value["schema"] = 2.into());
    assert!(newer.contains("schema version 2 is not known"), "{newer}");
    let unknown = refused(&|value| value["colour"] = "red".into());
    assert!(unknown.contains("unknown field `colour`"), "{unknown}");
    let unversioned = refused(&|value| drop(value.as_object_mut().unwrap().remove("schema")));
    assert!(unversioned.contains("`schema` is missing"), "{unversioned}");
}

#[test]
fn every_score_goes_there_and_back() {
    there_and_back(&file());
    there_and_back(
        &FileScore::builder().path("/a").bytes([0, 255]).check(["true", "{}"]).build().unwrap(),
    );
    there_and_back(&FileScore::builder().path("/a").secret("env:A").owner("a:b").build().unwrap());
    there_and_back(&directory());
    there_and_back(&packages());
    there_and_back(&service());
    there_and_back(&user());
    there_and_back(&key(KEY));
    there_and_back(&module());
    there_and_back(&parameter());
    there_and_back(&command());
    there_and_back(
        &CommandScore::builder("b", ["a"]).unless(["c"]).secret_input("env:A").build().unwrap(),
    );
}

#[test]
fn a_serialised_score_is_checked_like_a_built_one() {
    fn refusal<S: DeserializeOwned + std::fmt::Debug>(value: Value) -> String {
        serde_json::from_value::<S>(value).unwrap_err().to_string()
    }
    let command = json!({ "schema": 1, "name": "x", "command": ["touch", "/x"] });
    let error = refusal::<CommandScore>(command);
    assert!(error.contains("command: missing field `probe`"), "{error}");
    let error = refusal::<FileScore>(
        json!({ "schema": 1, "path": "/a", "content": { "template": { "text": "{{ x }}" } } }),
    );
    assert!(error.contains("file `/a`: content: the template does not render"), "{error}");
    let error = refusal::<SysctlScore>(json!({ "schema": 1, "key": "net.x", "value": "1\n2" }));
    assert!(error.contains("value: it is one line"), "{error}");
    refusal::<ServiceScore>(json!({ "schema": 1, "unit": "x" }));
    refusal::<PackageScore>(json!({ "schema": 1 }));
    refusal::<UserScore>(json!({ "schema": 1, "user": { "name": "root" } }));
    refusal::<DirectoryScore>(json!({ "schema": 1, "path": "a" }));
    refusal::<KernelModuleScore>(json!({ "schema": 1, "module": "a", "options": "" }));
    refusal::<AuthorizedKeyScore>(json!({ "schema": 1, "user": "a", "key": "b" }));
}
