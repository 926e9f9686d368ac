//! Names and contents with quotes, newlines, `$(…)`: they arrive as they are, and disturb nobody.

use harmony_capabilities::host::{CommandScore, FileScore, KernelModuleScore, SysctlScore};
use harmony_phases::{Describe, Status};

use crate::scene::{execute, host, told, validate};

const HOSTILE: [&str; 6] = [
    "it's",
    "a \"b\" `c`",
    "$(reboot); rm -rf /",
    "new\nline\r\n",
    "\u{1b}]0;title\u{7}",
    "-rf --no-preserve-root",
];

#[tokio::test]
async fn contents_and_paths_arrive_as_they_are() {
    for text in HOSTILE {
        let host = host();
        let visible: String = text.chars().filter(|c| !c.is_control() && *c != '/').collect();
        let path = format!("/srv/{visible}");
        let score = FileScore::builder().path(path.as_str()).text(text).build().unwrap();
        execute(&score, &host).await;
        let bytes = harmony_capabilities::host::FileStore::read(
            &host,
            &path.parse().unwrap(),
            harmony_types::ByteSize::kib(1),
        )
        .await
        .unwrap();
        assert_eq!(bytes, text.as_bytes());
        host.meddle(|contents| contents.put_file(path.parse().unwrap(), format!("{text}{text}")));
        let report = validate(&score, &host).await;
        assert!(matches!(report.status, Status::Blocked(_)));
        let shown = told(&report).join("");
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
    }
}

#[tokio::test]
async fn a_command_is_a_list_of_words() {
    for text in HOSTILE {
        let host = host();
        let name = "try";
        host.add_program(
            "note",
            Box::new(|words, contents| {
                contents.put_file("/srv/noted".parse().unwrap(), words[1].clone());
                0
            }),
        );
        let score =
            CommandScore::builder(name, ["note", text]).creates("/srv/noted").build().unwrap();
        let shown = told(&validate(&score, &host).await).join("");
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
        execute(&score, &host).await;
        let noted = host.contents().files[&"/srv/noted".parse().unwrap()].kind.clone();
        let harmony_capabilities::host::EntryKind::File { content, .. } = noted else { panic!() };
        assert_eq!(&*content.unwrap(), text.as_bytes());
    }
}

#[test]
fn what_cannot_be_meant_is_refused_when_it_is_built() {
    let file = |path: &str| FileScore::builder().path(path).text("").build();
    for path in ["relative", "/etc/../shadow", "/a\nb", ""] {
        file(path).unwrap_err();
    }
    for (key, value) in [
        ("../../etc", "1"),
        ("net.x=1\nkernel.y", "1"),
        ("net.x", "1\nkernel.y = 2"),
        ("net.x", ""),
    ] {
        SysctlScore::builder().key(key).value(value).build().unwrap_err();
    }
    for options in ["a=1\nblacklist kvm", "a=\"b c\"", " a=1", "a =1", "$(reboot)"] {
        KernelModuleScore::builder().module("kvm").options(options).build().unwrap_err();
    }
    for owner in ["root", ":", "a b:c", "-x:y", "root:root:root"] {
        FileScore::builder().path("/a").text("").owner(owner).build().unwrap_err();
    }
    let nul = CommandScore::builder("x", ["a\0b"]).creates("/a").build().unwrap_err();
    assert!(nul.to_string().contains("command: it begins with a program"), "{nul}");
    let score = CommandScore::builder("x", ["a"]).creates("/a").build().unwrap();
    assert_eq!(score.name(), "command x");
    let twice = FileScore::builder().path("/a").text("").bytes([1]).build().unwrap_err();
    assert!(twice.to_string().contains("exactly one"), "{twice}");
    let secret = FileScore::builder().path("/a").secret("hunter2").build().unwrap_err();
    assert!(!secret.to_string().contains("hunter2"), "{secret}");
}
