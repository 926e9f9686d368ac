//! What every test here needs.

use std::error::Error;

use anyhow::Result;
use async_trait::async_trait;
use e2e::sshd::Sshd;
use harmony_capabilities::host::{Command, CommandExecution as _, HostError, Output};
use harmony_phases::{
    Context, Intent, Secret, SecretRef,
    secret::{SecretError, SecretSource},
};
use harmony_providers::ssh::{Ssh, SshConfig, SshOptions};

/// A context that knows the password of the servers, as `test:password`.
pub(crate) fn context() -> Context {
    let site = "ssh-tests".parse().expect("a site's name");
    Context::builder(site).secret_source(OnePassword).build()
}

/// How `user` is reached on `server`, with nothing of this machine's own configuration.
pub(crate) fn options(server: &Sshd, user: &str) -> Result<SshOptions> {
    let config = SshConfig::file(server.client_config("")?);
    Ok(SshOptions::to(server.address(user).parse()?).config(config))
}

/// A connection of `user` to `server`.
pub(crate) async fn connect(server: &Sshd, user: &str) -> Result<Ssh> {
    Ok(Ssh::connect(&context(), options(server, user)?).await?)
}

/// Runs a script that changes something.
pub(crate) async fn change(host: &Ssh, script: &str) -> Result<Output, HostError> {
    execute(host, &Command::script(script)).await
}

/// Runs a command that changes something.
pub(crate) async fn execute(host: &Ssh, command: &Command) -> Result<Output, HostError> {
    host.execute(&context(), &Intent::new("test", "a command"), command).await
}

/// An error with all its causes, as an operator sees it.
pub(crate) fn whole(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push_str(": ");
        said.push_str(&error.to_string());
        cause = error.source();
    }
    said
}

/// The secret that a test names.
pub(crate) fn password() -> SecretRef {
    "test:password".parse().expect("a reference")
}

#[derive(Debug)]
struct OnePassword;

#[async_trait]
impl SecretSource for OnePassword {
    async fn resolve(&self, asked: &SecretRef) -> Result<Option<Secret<String>>, SecretError> {
        Ok(match (asked.source(), asked.name()) {
            ("test", "password") => Some(Secret::new(Sshd::PASSWORD.to_owned())),
            ("test", wrong) => Some(Secret::new(format!("not-{wrong}"))),
            _ => None,
        })
    }
}
