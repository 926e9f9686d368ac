use async_trait::async_trait;
use harmony_capabilities::host::{Command, CommandExecution, HostError, Output, RunAs};
use harmony_phases::{Context, Intent, context::Permit};

use super::process::{self, Invocation};
use super::root::Root;

/// The machine that this program runs on: runs commands as processes of its own.
///
/// What runs as root goes through `sudo -n` where this program is not root's. A command sees the
/// usual variables of a login and no others of this program, which may hold secrets.
///
/// # Examples
/// ```
/// # async fn example() -> Result<(), harmony_capabilities::host::HostError> {
/// use harmony_capabilities::host::{Command, CommandExecution};
/// use harmony_providers::this_machine::ThisMachine;
///
/// let output = ThisMachine::new().look(&Command::new("uname").arg("-r")).await?;
/// assert!(output.succeeded());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct ThisMachine {
    root: Root,
}

impl ThisMachine {
    /// This machine.
    pub fn new() -> Self {
        Self::default()
    }

    async fn run(&self, command: &Command, show: Option<&Context>) -> Result<Output, HostError> {
        let through = match command.run_as() {
            RunAs::Login => Vec::new(),
            RunAs::Root => self.root.prefix(&self.place()).await?,
        };
        process::run(&Invocation { place: self.place(), through, command, show }).await
    }

    /// The lowest call that changes something.
    async fn change(
        &self,
        _permit: &Permit,
        ctx: &Context,
        command: &Command,
    ) -> Result<Output, HostError> {
        self.run(command, Some(ctx)).await
    }
}

#[async_trait]
impl CommandExecution for ThisMachine {
    fn place(&self) -> String {
        "this machine".to_owned()
    }

    async fn look(&self, command: &Command) -> Result<Output, HostError> {
        self.run(command, None).await
    }

    async fn execute(
        &self,
        ctx: &Context,
        intent: &Intent,
        command: &Command,
    ) -> Result<Output, HostError> {
        ctx.effect(intent.clone(), async |permit| self.change(&permit, ctx, command).await).await
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use harmony_capabilities::host::{ExitStatus, HostErrorKind};
    use harmony_types::ByteSize;

    use super::*;

    async fn look(command: Command) -> Result<Output, HostError> {
        ThisMachine::new().look(&command).await
    }

    #[tokio::test]
    async fn words_arrive_as_they_are() {
        let words = ["a b", "", "$(reboot)", "'\"\n", "*"];
        let script = r#"for word do printf '[%s]' "$word"; done; printf complaint >&2; exit 3"#;
        let output = look(Command::script(script).args(words)).await.unwrap();
        assert_eq!(output.stdout.text(), "[a b][][$(reboot)]['\"\n][*]");
        assert_eq!(output.stderr.text(), "complaint");
        assert_eq!(output.status, ExitStatus::Code(3));
    }

    #[tokio::test]
    async fn it_is_fed_and_what_is_too_much_is_counted() {
        let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let cat = Command::new("cat").input(bytes.clone());
        assert_eq!(look(cat.clone()).await.unwrap().stdout.bytes, bytes);
        let cut = look(cat.keep(ByteSize::kib(4))).await.unwrap().stdout;
        assert_eq!((cut.bytes.len(), cut.dropped), (4096, 300_000 - 4096));
    }

    #[tokio::test]
    async fn it_is_fed_a_file() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let bytes: Vec<u8> = (0..=255).cycle().take(700_000).collect();
        std::io::Write::write_all(&mut file, &bytes).unwrap();
        let output = look(Command::new("cat").input_file(file.path())).await.unwrap();
        assert!(output.stdout.bytes == bytes);
        let error = look(Command::new("cat").input_file(Path::new("/no/such"))).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::Failed, "{error}");
    }

    #[tokio::test]
    async fn one_that_reads_nothing_is_no_error() {
        let output = look(Command::new("true").input(vec![0; 1 << 20])).await.unwrap();
        assert!(output.succeeded());
    }

    #[tokio::test]
    async fn a_signal_has_its_name() {
        let output = look(Command::script("kill -KILL $$")).await.unwrap();
        assert_eq!(output.status, ExitStatus::Signal("KILL".to_owned()));
    }

    #[tokio::test]
    async fn what_takes_too_long_is_ended_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let noted = folder.path().join("child");
        let script = r#"sleep 1000 & echo $! >"$1"; wait"#;
        let command = Command::script(script).arg(noted.to_str().unwrap());
        let error = look(command.deadline(Duration::from_millis(500))).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::TimedOut, "{error}");
        let child = std::fs::read_to_string(noted).unwrap();
        // Gone, or a zombie until whoever adopted it takes notice.
        let alive = r#"read -r _ _ state _ <"/proc/$1/stat" && [ "$state" != Z ]"#;
        let alive = Command::script(alive).arg(child.trim());
        assert!(!look(alive).await.unwrap().succeeded());
    }

    #[tokio::test]
    async fn a_child_that_stays_behind_does_not_hold_the_answer() {
        let output = look(Command::script("sleep 1000 & echo $!")).await.unwrap();
        let child = output.stdout.text().trim().to_owned();
        assert!(look(Command::new("kill").arg(child)).await.unwrap().succeeded());
    }

    #[tokio::test]
    async fn what_is_not_there_is_named() {
        let error = look(Command::new("/no/such/program")).await.unwrap_err();
        assert_eq!(error.kind(), HostErrorKind::NotFound);
        assert!(error.to_string().contains("/no/such/program"), "{error}");
    }

    #[tokio::test]
    async fn it_sees_nothing_of_this_programs_environment() {
        let output = look(Command::new("env").env("GIVEN", "1")).await.unwrap();
        let names: Vec<String> = output
            .stdout
            .text()
            .lines()
            .filter_map(|line| Some(line.split_once('=')?.0.to_owned()))
            .collect();
        assert!(names.iter().any(|name| name == "GIVEN"));
        assert!(!names.iter().any(|name| name.starts_with("CARGO")), "{names:?}");
    }
}
