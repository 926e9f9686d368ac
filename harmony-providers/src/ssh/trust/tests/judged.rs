use russh::keys::{Algorithm, EcdsaCurve, PublicKeyOrCertificate};

use super::*;
use crate::ssh::trust::{Fingerprint, HostKeyErrorKind as Kind};

const FAR: u64 = 1 << 40;

#[test]
fn a_known_key_is_accepted_by_every_kind_of_line() {
    let hashed = "|1|O33ESRMWPVkMYIwJ1Uw+n877jTo=|nuuC5vEqXlEZ/8BXQR7m619W6Ak=";
    for (hosts, asked) in [
        ("h1.example", "h1.example"),
        ("h1.example,192.0.2.1", "192.0.2.1"),
        ("*.example,!h2.example", "H1.Example"),
        (hashed, "example.com"),
        ("2001:db8::1", "2001:db8::1"),
    ] {
        Lab::with(&line(hosts, 1)).verify(asked, 1).unwrap();
    }
}

#[test]
fn one_of_several_keys_is_enough_and_blanks_tabs_and_comments_do_not_hurt() {
    let one = line("h1", 1);
    let text = format!("# of the site\n\n  h1\t{ECDSA}   a # comment\r\n{one}garbage\n");
    let lab = Lab::with(&text);
    lab.verify("h1", 1).unwrap();
    let ecdsa: PublicKey = ECDSA.parse().unwrap();
    lab.trust("h1", 22, HostKeyPolicy::KnownHosts).verify(&ecdsa.into()).unwrap();
}

#[test]
fn the_kinds_that_are_known_are_offered_first() {
    let lab = Lab::with(&format!("h1 {ECDSA}\n"));
    let offer = lab.trust("h1", 22, HostKeyPolicy::KnownHosts).offer();
    assert_eq!(offer.key[0], Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 });
    assert!(offer.key.contains(&Algorithm::Ed25519), "the others still are");
    let offer = lab.trust("h2", 22, HostKeyPolicy::KnownHosts).offer();
    assert_eq!(offer.key[0], Algorithm::Ed25519);
}

#[test]
fn a_changed_key_is_refused_with_both_fingerprints_the_line_and_the_remedy() {
    let lab = Lab::with(&format!("# first\n{}", line("h1", 1)));
    let said = lab.verify("h1", 2).unwrap_err().to_string();
    let file = lab.file().display().to_string();
    for part in [
        Fingerprint::of(&key(1)).to_string(),
        Fingerprint::of(&key(2)).to_string(),
        format!("line 2 of {file}"),
        format!("ssh-keygen -R h1 -f {file}"),
    ] {
        assert!(said.contains(&part), "{part} is not in: {said}");
    }
}

#[test]
fn another_kind_of_key_than_the_known_one_is_a_change_too() {
    let lab = Lab::with(&format!("[h1]:2222 {ECDSA}\n"));
    for policy in [HostKeyPolicy::KnownHosts, HostKeyPolicy::AcceptNew] {
        let error = lab.trust("h1", 2222, policy).verify(&bare(1)).unwrap_err();
        assert!(matches!(error.kind(), Kind::Changed { .. }), "{error}");
        assert!(error.to_string().contains("ssh-keygen -R '[h1]:2222' -f"), "{error}");
    }
}

#[test]
fn a_line_for_many_hosts_is_not_taken_away_by_ssh_keygen() {
    let error = Lab::with(&line("*", 1)).verify("h1", 2).unwrap_err();
    assert!(error.to_string().ends_with("is right, mend the line"), "{error}");
}

#[test]
fn an_unknown_host_is_refused_with_the_fingerprint_and_the_ways_out() {
    let lab = Lab::with(&line("h2", 1));
    let error = lab.trust("h1", 2222, HostKeyPolicy::KnownHosts).verify(&bare(1)).unwrap_err();
    assert!(matches!(error.kind(), Kind::Unknown { .. }), "{error}");
    let said = error.to_string();
    for part in [&Fingerprint::of(&key(1)).to_string(), "ssh-keyscan -p 2222 h1 >>", "AcceptNew"] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
}

#[test]
fn a_line_without_the_port_vouches_and_never_accuses() {
    let lab = Lab::with(&line("h1", 1));
    let trust = lab.trust("h1", 2222, HostKeyPolicy::KnownHosts);
    trust.verify(&bare(1)).unwrap();
    let error = trust.verify(&bare(2)).unwrap_err();
    assert!(matches!(error.kind(), Kind::Unknown { .. }), "{error}");
}

#[test]
fn a_revoked_key_is_refused_whatever_else_knows_it() {
    let lab = Lab::with(&format!("{}@revoked * {}", line("h1", 1), &line("", 1)[1..]));
    let pinned = HostKeyPolicy::Pinned(Fingerprint::of(&key(1)));
    for policy in [HostKeyPolicy::KnownHosts, HostKeyPolicy::AcceptNew, pinned] {
        let error = lab.trust("h1", 22, policy).verify(&bare(1)).unwrap_err();
        assert!(matches!(error.kind(), Kind::Revoked { at, .. } if at.line == 2), "{error}");
    }
}

#[test]
fn a_marker_that_is_not_understood_may_be_a_revocation() {
    let lab = Lab::with(&format!("{}@revoke h9 nonsense\n", line("h1", 1)));
    let error = lab.verify("h1", 1).unwrap_err();
    assert!(matches!(error.kind(), Kind::Doubtful { at } if at.line == 2), "{error}");
}

#[test]
fn a_pinned_key_is_the_only_one() {
    let lab = Lab::with(&line("h1", 1));
    let trust = lab.trust("h1", 22, HostKeyPolicy::Pinned(Fingerprint::of(&key(2))));
    trust.verify(&bare(2)).unwrap();
    let error = trust.verify(&bare(1)).unwrap_err();
    assert!(matches!(error.kind(), Kind::NotPinned { .. }), "{error}");
}

#[test]
fn a_certificate_of_a_trusted_authority_is_accepted_and_asked_for() {
    let lab = Lab::with(&format!("@cert-authority *.example {}", &line("", 9)[1..]));
    let trust = lab.trust("h1.example", 2222, HostKeyPolicy::KnownHosts);
    assert!(trust.offer().host_key_certificates.is_empty(), "[h1.example]:2222 is not *.example");
    let trust = lab.trust("h1.example", 22, HostKeyPolicy::KnownHosts);
    assert!(!trust.offer().host_key_certificates.is_empty());
    let good = certificate(1, 9, CertType::Host, "h1.example", FAR);
    trust.verify(&PublicKeyOrCertificate::Certificate(good)).unwrap();
}

#[test]
fn a_certificate_that_is_not_good_is_refused_by_name() {
    let lab = Lab::with(&format!("@cert-authority *.example {}", &line("", 9)[1..]));
    let trust = lab.trust("h1.example", 22, HostKeyPolicy::KnownHosts);
    for (bad, why) in [
        (certificate(1, 9, CertType::User, "h1.example", FAR), "for users"),
        (certificate(1, 9, CertType::Host, "h2.example", FAR), "this host's name"),
        (certificate(1, 9, CertType::Host, "", FAR), "this host's name"),
        (certificate(1, 9, CertType::Host, "h1.example", 1000), "not valid at this time"),
    ] {
        let error = trust.verify(&PublicKeyOrCertificate::Certificate(bad)).unwrap_err();
        assert!(matches!(error.kind(), Kind::Certificate { .. }), "{error}");
        assert!(error.to_string().contains(why), "{error}");
        assert!(error.to_string().contains("line 1 of"), "{error}");
    }
}

#[test]
fn a_certificate_of_somebody_else_counts_as_its_key() {
    let authority = format!("@cert-authority h1 {}", &line("", 9)[1..]);
    let foreign = || PublicKeyOrCertificate::from(certificate(1, 8, CertType::Host, "h1", FAR));
    let lab = Lab::with(&authority);
    let error = lab.trust("h1", 22, HostKeyPolicy::AcceptNew).verify(&foreign()).unwrap_err();
    assert!(matches!(error.kind(), Kind::NotCertified { .. }), "{error}");
    let lab = Lab::with(&format!("{authority}{}", line("h1", 1)));
    lab.trust("h1", 22, HostKeyPolicy::KnownHosts).verify(&foreign()).unwrap();
}

#[test]
fn a_revoked_authority_signs_nothing() {
    let key = &line("", 9)[1..];
    let lab = Lab::with(&format!("@cert-authority h1 {key}@revoked * {key}"));
    let good = certificate(1, 9, CertType::Host, "h1", FAR);
    let trust = lab.trust("h1", 22, HostKeyPolicy::KnownHosts);
    let error = trust.verify(&PublicKeyOrCertificate::Certificate(good)).unwrap_err();
    assert!(matches!(error.kind(), Kind::Revoked { .. }), "{error}");
}

#[test]
fn a_file_that_cannot_be_read_is_not_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    // A folder is there and cannot be read as a file, even by root.
    let files = KnownHostsFiles { user: vec![folder.path().to_owned()], system: vec![] };
    let name = KnownName::of("h1", 22.try_into().unwrap());
    let error = HostTrust::of(name, HostKeyPolicy::AcceptNew, files).unwrap_err();
    assert!(matches!(error.kind(), Kind::Unreadable { .. }), "{error}");
}
