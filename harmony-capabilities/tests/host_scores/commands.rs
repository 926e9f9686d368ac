//! Commands: what their probes say, and how they fail.

use harmony_capabilities::host::CommandScore;
use harmony_phases::{InterpretErrorKind, OutcomeStatus, Status};

use crate::scene::{ctx, execute, host, interpret, told, validate};

#[tokio::test]
async fn a_command_runs_until_its_probe_is_content() {
    let host = host();
    let flag = CommandScore::builder("flag", ["touch", "/srv/flag"]);
    let flag = flag.unless(["test", "-e", "/srv/flag"]).build().unwrap();
    let report = validate(&flag, &host).await;
    assert_eq!(
        (report.status.clone(), told(&report)),
        (Status::WillExecute, vec!["run `touch /srv/flag`".to_owned()])
    );
    assert_eq!(execute(&flag, &host).await, OutcomeStatus::Success);
    assert_eq!(execute(&flag, &host).await, OutcomeStatus::Noop);
    assert_eq!(host.history().len(), 1);
}

#[tokio::test]
async fn a_command_that_does_not_do_what_its_probe_wants_is_told() {
    let host = host();
    let idle = CommandScore::builder("idle", ["true"]).creates("/srv/flag").build().unwrap();
    let error = interpret(&idle).execute(&ctx(), &host).await.unwrap_err();
    assert_eq!(error.kind(), InterpretErrorKind::Unknown);
    let broken = CommandScore::builder("broken", ["false"]).creates("/srv/flag").build().unwrap();
    let error = interpret(&broken).execute(&ctx(), &host).await.unwrap_err().to_string();
    assert!(error.contains("run `false`, which ended with code 1: it did not work"), "{error}");
}

#[tokio::test]
async fn a_probe_that_is_not_there_yet_wants_the_command() {
    let host = host();
    let score = CommandScore::builder("x", ["touch", "/srv/flag"])
        .unless(["not-installed"])
        .build()
        .unwrap();
    assert_eq!(validate(&score, &host).await.status, Status::WillExecute);
}

#[tokio::test]
async fn what_a_command_says_of_a_secret_is_not_shown() {
    let host = host();
    let score = CommandScore::builder("x", ["false"])
        .secret_input("env:PATH")
        .creates("/srv/flag")
        .build()
        .unwrap();
    let ctx = harmony_phases::Context::builder("lab".parse().unwrap())
        .secret_source(harmony_phases::secret::EnvironmentSecrets)
        .build();
    let error = interpret(&score).execute(&ctx, &host).await.unwrap_err().to_string();
    assert!(error.contains("is not shown") && !error.contains("it did not work"), "{error}");
}
