use std::{fs, path::Path};

use super::{AgentSocket, ConfigError, ConfigErrorKind as Kind, SshConfig, Target};
use crate::ssh::trust::KnownName;

/// What `address` means under this configuration, for the user of `/home/ops`.
fn resolve(config: &str, address: &str) -> Result<Target, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    fs::write(&file, config).unwrap();
    SshConfig::file(file).resolve_at(&address.parse().unwrap(), Path::new("/home/ops"))
}

#[test]
fn the_address_goes_before_the_configuration_and_the_first_section_before_later_ones() {
    let config =
        "Host h1\n HostName 192.0.2.1\n User deploy\n Port 2222\nHost *\n User other\n Port 22\n";
    let target = resolve(config, "h1").unwrap();
    assert_eq!((target.user.as_str(), target.port.number()), ("deploy", 2222));
    assert_eq!(target.host.to_string(), "192.0.2.1");
    assert_eq!(target.known_name, KnownName::of("192.0.2.1", target.port));
    let target = resolve(config, "root@h1:22").unwrap();
    assert_eq!((target.user.as_str(), target.port.number()), ("root", 22));
    assert_eq!(resolve(config, "h2").unwrap().user, "other");
}

#[test]
fn tokens_and_tildes_are_replaced() {
    let config = "Host *\n HostName %h.example\n IdentityFile ~/.ssh/%r@%h-%n-%p\n UserKnownHostsFile ~/kh %d/%%kh\n \
                  IdentityAgent ~/agent\n";
    let target = resolve(config, "root@h1:2222").unwrap();
    assert_eq!(target.host.to_string(), "h1.example");
    assert_eq!(target.identity_files, [Path::new("/home/ops/.ssh/root@h1.example-h1-2222")]);
    let files = target.known_hosts.user;
    assert_eq!(files, [Path::new("/home/ops/kh"), Path::new("/home/ops/%kh")]);
    assert_eq!(target.agent, AgentSocket::At("/home/ops/agent".into()));
    let error = resolve("Host *\n IdentityFile ~/%z\n", "root@h1").unwrap_err();
    assert!(matches!(error.kind(), Kind::UnknownToken(_)), "{error}");
}

#[test]
fn the_way_and_the_keys_are_those_of_the_host() {
    let config = "Host h1\n ProxyJump ops@j1:2222,j2\n IdentitiesOnly yes\n HostKeyAlias Site\nHost j2\n ProxyJump none\n";
    let target = resolve(config, "root@h1").unwrap();
    let jumps: Vec<String> = target.jumps.iter().map(ToString::to_string).collect();
    assert_eq!(jumps, ["ops@j1:2222", "j2"]);
    assert!(target.identities_only);
    assert_eq!(target.known_name, KnownName::alias("site"));
    let target = resolve(config, "root@j2").unwrap();
    assert!(target.jumps.is_empty() && !target.identities_only);
}

#[test]
fn nothing_in_it_turns_the_verification_of_host_keys_off() {
    let config = "Host *\n StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n";
    let target = resolve(config, "root@h1").unwrap();
    assert_eq!(target.known_hosts.user, [Path::new("/dev/null")], "then nothing is known");
}

#[test]
fn a_match_section_is_passed_over_and_match_all_is_not() {
    let config = "Host h1\n User one\nMatch exec \"true\"\n User two\n ProxyCommand nc %h %p\nHost h2\n User three\n\
                  match all\n Port 2222\n";
    assert_eq!(resolve(config, "h1").unwrap().user, "one");
    assert_eq!(resolve(config, "h2").unwrap().user, "three");
    assert_eq!(resolve(config, "h1").unwrap().port.number(), 2222);
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    let error = resolve("Host h1\n ProxyCommand nc %h %p\n", "root@h1").unwrap_err();
    assert!(error.to_string().contains("ProxyJump"), "{error}");
    resolve("Host h1\n ProxyCommand none\n", "root@h1").unwrap();
    let error = resolve("Host h1\n HostName not_a_name\n", "root@h1").unwrap_err();
    assert!(error.to_string().contains("HostName `not_a_name`"), "{error}");
}

#[test]
fn an_included_match_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let included = folder.path().join("more");
    fs::write(&included, "Match exec true\n User evil\n").unwrap();
    let error = resolve(&format!("Include {}\n", included.display()), "root@h1").unwrap_err();
    assert_eq!(*error.kind(), Kind::IncludedMatch);
}

#[test]
fn a_line_that_cannot_be_understood_is_named() {
    let error = resolve("Host *\n User ok\n\n Port many\n User ok\n", "root@h1").unwrap_err();
    assert_eq!(error.line(), Some(4));
    assert!(error.to_string().contains("line 4 of "), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    // What is only unknown is not wrong.
    resolve("Host *\n ObscureKeystrokeTiming no\n", "root@h1").unwrap();
}

#[test]
fn a_file_that_was_named_has_to_be_there_and_none_is_none() {
    let address = "root@h1".parse().unwrap();
    let gone = SshConfig::file("/nonexistent/config").resolve(&address).unwrap_err();
    assert_eq!(*gone.kind(), Kind::Unreadable);
    let target = SshConfig::none().resolve(&address).unwrap();
    assert_eq!(target.host, *address.host());
    assert!(target.identity_files.is_empty() && target.jumps.is_empty());
}
