//! What goes to a command and what comes back.

use std::sync::Arc;

use anyhow::Result;
use e2e::sshd::{Sshd, SshdSetup};
use harmony_capabilities::host::{Command, CommandExecution as _, ExitStatus};
use harmony_phases::Secret;
use harmony_types::ByteSize;

use crate::support::{change, connect, execute};

#[tokio::test]
async fn a_command_is_the_words_it_was_given_as() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = connect(&server, Sshd::OPS).await?;
    let words = [
        "it's",
        "\"two\"\nlines",
        "$(touch /tmp/owned)",
        "`id`",
        "",
        "\\",
        "a  b",
        "-n",
        "*",
        "é\u{1b}[31m",
    ];
    let output = host.look(&Command::new("printf").arg("%s|").args(words)).await?;
    assert_eq!(output.stdout.text(), words.map(|word| format!("{word}|")).concat());

    let value = "$HOME 'x'\n\"y\"";
    let output = host.look(&Command::script(r#"printf %s "$V$LC_ALL""#).env("V", value)).await?;
    assert_eq!(output.stdout.text(), format!("{value}C"));
    assert_eq!(host.round_trips(), 2);
    Ok(())
}

#[tokio::test]
async fn both_outputs_and_the_end_come_back_apart() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = connect(&server, Sshd::OPS).await?;
    let output = change(&host, "echo out; echo err >&2; exit 7").await?;
    assert_eq!(output.status, ExitStatus::Code(7));
    assert_eq!((output.stdout.text(), output.stderr.text()), ("out\n".into(), "err\n".into()));

    let output = change(&host, "kill -KILL $$").await?;
    assert_eq!(output.status, ExitStatus::Signal("KILL".to_owned()));
    let output = host.look(&Command::new("no-such-program")).await?;
    assert_eq!(output.status, ExitStatus::Code(127));
    Ok(())
}

#[tokio::test]
async fn input_arrives_whole_and_a_command_need_not_read_it() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = connect(&server, Sshd::OPS).await?;
    let bytes: Vec<u8> = (0..5_000_000_u32).map(|number| (number % 251) as u8).collect();
    let echo = Command::new("cat").input(bytes.clone()).keep(ByteSize::mib(8));
    assert_eq!(host.look(&echo).await?.stdout.bytes, bytes);

    let deaf = Command::script("exec <&-; echo deaf").input(bytes);
    assert_eq!(host.look(&deaf).await?.stdout.text(), "deaf\n");
    let secret = Command::new("cat").secret_input(Arc::new(Secret::new("s3cret".to_owned())));
    assert_eq!(execute(&host, &secret).await?.stdout.text(), "s3cret");
    Ok(())
}

#[tokio::test]
async fn what_is_not_kept_is_counted() -> Result<()> {
    let server = SshdSetup::default().start()?;
    let host = connect(&server, Sshd::OPS).await?;
    let much = Command::script("head -c 5000 /dev/zero; echo end >&2").keep(ByteSize::kib(1));
    let output = host.look(&much).await?;
    assert_eq!((output.stdout.bytes.len(), output.stdout.dropped), (1024, 3976));
    assert!(output.stderr.is_whole() && output.succeeded());
    Ok(())
}
