//! Every parser: what is written is read back, serde agrees with the text form, and no input makes
//! it panic.
use harmony_types::{
    AddressError, AddressRange, ByteSize, HostAddress, HostPath, Hostname, InterfaceName,
    KvmHostAddress, MacAddress, ObjectName, Port, Sha256Digest, SiteName, SshAddress,
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt::Debug, fmt::Display, str::FromStr};

/// Text that comes near to being valid more often than arbitrary text does.
fn near_miss() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-0-9a-fA-F.: ]{0,80}",
        "[-a-zA-Z0-9._ é\u{0}<&'\"/]{0,300}",
        "[0-9.]{1,30} ?[KMGTPE]?i?B?"
    ]
}

/// Text that comes near to being an address.
fn near_an_address() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "(ssh|http|SSH)?:?/?/?[-a-z:@. é]{0,12}@?\\[?[-0-9a-f:.%]{0,20}\\]?:?[-+0-9a-z]{0,7}/?",
        "[a-z]{0,3}:?[a-z]{0,3}@{0,2}(here|h1|h_1|10\\.0\\.0\\.1|\\[::1\\]|::1):?[0-9]{0,6}",
    ]
}

/// The bad part lies in the text, on whole characters, and has carets under it.
fn points_into(text: &str, error: &AddressError) {
    assert!(text.get(error.span()).is_some(), "{text:?} {:?}", error.span());
    let pointed = error.pointed();
    let lines: Vec<&str> = pointed.lines().collect();
    assert!(lines.len() == 2 && lines[1].trim_start().starts_with('^'), "{pointed}");
    assert!(lines[1].find('^') <= Some(lines[0].chars().count()), "{pointed}");
}

/// Parses; what is accepted must survive text and JSON unchanged, what is refused must say so at
/// bounded length.
fn accepted_or_explained<T>(text: &str)
where
    T: FromStr<Err: Display + Debug + PartialEq>
        + Display
        + Debug
        + PartialEq
        + Serialize
        + DeserializeOwned,
{
    match text.parse::<T>() {
        Ok(value) => survives(&value),
        Err(error) => assert!(error.to_string().len() < 800, "{error}"),
    }
}

fn survives<T>(value: &T)
where
    T: FromStr<Err: Display + Debug + PartialEq>
        + Display
        + Debug
        + PartialEq
        + Serialize
        + DeserializeOwned,
{
    assert_eq!(value.to_string().parse::<T>().as_ref(), Ok(value));
    let reread = serde_json::to_string(value).and_then(|json| serde_json::from_str::<T>(&json));
    assert_eq!(reread.as_ref().map_err(ToString::to_string), Ok(value));
}

proptest! {
    #[test]
    fn no_text_panics_a_parser(text in near_miss()) {
        accepted_or_explained::<AddressRange>(&text);
        accepted_or_explained::<ByteSize>(&text);
        accepted_or_explained::<HostAddress>(&text);
        accepted_or_explained::<Hostname>(&text);
        accepted_or_explained::<HostPath>(&text);
        accepted_or_explained::<HostPath>(&format!("/{text}"));
        accepted_or_explained::<InterfaceName>(&text);
        accepted_or_explained::<MacAddress>(&text);
        accepted_or_explained::<ObjectName>(&text);
        accepted_or_explained::<Port>(&text);
        accepted_or_explained::<Sha256Digest>(&text);
        accepted_or_explained::<SiteName>(&text);
    }

    #[test]
    fn no_text_panics_the_parser_of_addresses(text in near_an_address()) {
        accepted_or_explained::<SshAddress>(&text);
        accepted_or_explained::<KvmHostAddress>(&text);
        if let Err(error) = text.parse::<SshAddress>() {
            points_into(&text, &error);
        }
    }

    #[test]
    fn an_address_keeps_its_parts(
        scheme in prop_oneof![Just(""), Just("ssh://")],
        user in proptest::option::of("[a-zA-Z0-9_.+][-a-zA-Z0-9_.+]{0,20}"),
        host in prop_oneof!["[a-z][a-z0-9]{0,10}(\\.[a-z][a-z0-9]{0,10}){0,2}".prop_map(|name| name.parse::<HostAddress>().unwrap()),
            any::<std::net::IpAddr>().prop_map(HostAddress::from)],
        port in proptest::option::of(1..=u16::MAX),
    ) {
        let written = match host.ip() {
            Some(std::net::IpAddr::V6(address)) => format!("[{address}]"),
            _ => host.to_string(),
        };
        let at = user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
        let colon = port.map(|port| format!(":{port}")).unwrap_or_default();
        let address: SshAddress = format!("{scheme}{at}{written}{colon}").parse()?;
        prop_assert_eq!(address.user(), user.as_deref());
        prop_assert_eq!(address.host(), &host);
        prop_assert_eq!(address.explicit_port().map(Port::number), port);
        survives(&address);
        survives(&KvmHostAddress::from(address));
    }

    #[test]
    fn every_value_survives_its_text(
        bytes in any::<[u8; 6]>(), digest in any::<[u8; 32]>(), size in any::<u64>(), port in 1..=u16::MAX,
        ends in any::<[u32; 2]>(), wide in any::<[u128; 2]>(),
    ) {
        if let Ok(mac) = MacAddress::new(bytes) {
            survives(&mac);
        }
        survives(&Sha256Digest::new(digest));
        survives(&ByteSize::bytes(size));
        survives(&Port::new(port).unwrap());
        let ends = ends.map(std::net::Ipv4Addr::from_bits);
        survives(&AddressRange::new(ends[0].min(ends[1]), ends[0].max(ends[1])).unwrap());
        let wide = wide.map(std::net::Ipv6Addr::from_bits);
        survives(&AddressRange::new(wide[0].min(wide[1]), wide[0].max(wide[1])).unwrap());
    }

    #[test]
    fn valid_names_are_accepted(
        host in "[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?(\\.[a-z][a-z0-9]{0,10}){1,3}",
        site in "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
        object in "[a-zA-Z0-9é]([-a-zA-Z0-9._+@~() é]{0,50}[a-zA-Z0-9])?",
    ) {
        survives(&host.parse::<Hostname>()?);
        survives(&site.parse::<SiteName>()?);
        survives(&object.parse::<ObjectName>()?);
    }

    #[test]
    fn sizes_are_counted_exactly(count in any::<u32>()) {
        prop_assert_eq!(format!("{count} KiB").parse::<ByteSize>()?, ByteSize::kib(count));
        prop_assert_eq!(format!("{count}MiB").parse::<ByteSize>()?, ByteSize::mib(count));
        prop_assert_eq!(format!("{count}.5 GiB").parse::<ByteSize>()?, ByteSize::bytes((u64::from(count) << 30) + (1 << 29)));
    }
}
