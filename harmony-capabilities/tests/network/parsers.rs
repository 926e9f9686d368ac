//! Every parser: whatever it is given it answers, and what it accepts is what it writes.

use std::{fmt, str::FromStr};

use harmony_capabilities::{
    kubernetes::{Manifest, ObjectRef},
    network::{
        Backend, DnsName, DnsRecord, Frontend, HttpPath, RecordData, Reservation, Server, TftpPath,
    },
};
use harmony_types::{MacAddress, ParseError, Port};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Reads `text`; what was read is written so that it reads as the same.
fn read<T: FromStr<Err = ParseError> + fmt::Display + PartialEq + fmt::Debug>(
    text: &str,
) -> Result<T, String> {
    let read: T = text.parse().map_err(|error: ParseError| error.to_string())?;
    assert_eq!(read.to_string().parse::<T>().as_ref(), Ok(&read), "{text:?}");
    Ok(read)
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let key = prop_oneof![
            Just("apiVersion".to_owned()),
            Just("kind".to_owned()),
            Just("metadata".to_owned()),
            Just("name".to_owned()),
            Just("namespace".to_owned()),
            ".{0,6}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_answered(text in ".{0,300}") {
        for refusal in [
            read::<DnsName>(&text).err(),
            read::<TftpPath>(&text).err(),
            read::<HttpPath>(&text).err(),
        ].into_iter().flatten() {
            prop_assert!(refusal.starts_with("invalid "), "{refusal}");
            prop_assert!(refusal.len() < 400, "a long text is shown shortened: {refusal}");
        }
    }

    #[test]
    fn good_names_are_accepted(label in "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", wild in any::<bool>()) {
        let text = format!("{}{label}.example", if wild { "*." } else { "" });
        let name = read::<DnsName>(&text).unwrap();
        prop_assert_eq!(name.is_wildcard(), wild);
        prop_assert_eq!(name.to_string(), text);
    }

    #[test]
    fn a_path_never_leaves_the_root(text in "[a-z./-]{0,24}") {
        if let Ok(path) = read::<TftpPath>(&text) {
            prop_assert!(path.as_str().split('/').all(|part| !matches!(part, "" | "." | "..")));
        }
    }

    #[test]
    fn a_page_is_one_line(text in "/[ -~\\r\\n]{0,24}") {
        if let Ok(path) = read::<HttpPath>(&text) {
            prop_assert!(!path.as_str().contains(|c: char| c.is_whitespace() || c.is_control()));
        }
    }

    #[test]
    fn a_reservation_is_of_an_address_that_a_machine_can_have(ip in any::<[u8; 4]>(), last in any::<[u8; 3]>()) {
        match Reservation::new(MacAddress::qemu(last), ip) {
            Ok(reservation) => {
                let ip = reservation.ip();
                prop_assert!(!ip.is_multicast() && !ip.is_loopback() && !ip.is_broadcast());
                let text = serde_json::to_string(&reservation).unwrap();
                prop_assert_eq!(serde_json::from_str::<Reservation>(&text).unwrap(), reservation);
            }
            Err(refusal) => prop_assert!(refusal.to_string().starts_with("invalid reserved address")),
        }
    }

    #[test]
    fn a_record_reads_as_it_was_written(a in any::<[u8; 4]>(), aaaa in any::<[u8; 16]>()) {
        for data in [RecordData::A(a.into()), RecordData::Aaaa(aaaa.into())] {
            if let Ok(record) = DnsRecord::new("web.example".parse().unwrap(), data) {
                let text = serde_json::to_string(&record).unwrap();
                prop_assert_eq!(serde_json::from_str::<DnsRecord>(&text).unwrap(), record);
            }
        }
    }

    #[test]
    fn a_backend_has_servers_that_can_be_told_apart(places in prop::collection::vec((0..4_u8, 0..4_u8), 0..6)) {
        let server = |(name, last): &(u8, u8)| {
            Server::new(format!("s{name}").parse().unwrap(), [10, 0, 0, *last + 1], Port::HTTPS)
        };
        let distinct = |pick: fn(&(u8, u8)) -> u8| {
            let mut all: Vec<_> = places.iter().map(pick).collect();
            all.sort_unstable();
            all.dedup();
            all.len() == places.len()
        };
        let good = !places.is_empty() && distinct(|place| place.0) && distinct(|place| place.1);
        let backend = Backend::new(places.iter().map(server));
        prop_assert_eq!(backend.is_ok(), good);
        if let Ok(backend) = backend {
            let vip = [10, 0, 1, 1];
            let frontend = Frontend::new("f".parse().unwrap(), vip, Port::HTTPS, backend).unwrap();
            let text = serde_json::to_string(&frontend).unwrap();
            prop_assert_eq!(serde_json::from_str::<Frontend>(&text).unwrap(), frontend);
        }
    }

    #[test]
    fn an_object_is_one_segment_of_a_path(version in ".{0,20}", kind in ".{0,20}", name in ".{0,20}") {
        if let Ok(object) = ObjectRef::new(&version, &kind, &name) {
            prop_assert!(!object.name().contains('/') && !object.kind().contains('/'));
            prop_assert!(object.api_version().matches('/').count() <= 1);
        }
        if let Ok(object) = ObjectRef::new("v1", "Pod", "a").unwrap().in_namespace(&name) {
            prop_assert_eq!(object.namespace(), Some(name.as_str()));
        }
    }

    #[test]
    fn any_json_is_answered(fields in any_json()) {
        if let Ok(manifest) = Manifest::new(fields.clone()) {
            prop_assert_eq!(Value::from(manifest), fields);
        }
    }

    #[test]
    fn a_manifest_is_of_the_object_it_names(name in "[a-z]{1,8}", rest in any_json()) {
        let fields = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": &name }, "data": rest });
        let manifest = Manifest::new(fields.clone()).unwrap();
        prop_assert_eq!(manifest.object().name(), name);
        let read: Manifest = serde_json::from_value(serde_json::to_value(&manifest).unwrap()).unwrap();
        prop_assert_eq!(read, manifest);
    }
}
