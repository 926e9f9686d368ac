//! Commands: a few programs, and those that a test brings along.

use async_trait::async_trait;
use harmony_phases::{Context, Intent};

use super::{
    HostContents, SimulatedHost,
    simulated::{PLACE, World},
};
use crate::host::{Captured, Command, CommandExecution, ExitStatus, HostError, Output};

/// A program of a simulated host: it is given its words, and may change the host.
pub type SimulatedProgram = dyn Fn(&[String], &mut HostContents) -> u32 + Send + Sync;

#[async_trait]
impl CommandExecution for SimulatedHost {
    fn place(&self) -> String {
        PLACE.to_owned()
    }

    async fn look(&self, command: &Command) -> Result<Output, HostError> {
        let what = format!("run {command}");
        let code = Self::look(self, &what, |world| {
            let mut copy = world.contents.clone();
            Ok(Some(world.run(command, &mut copy)))
        });
        Ok(ended(code.await?.unwrap_or_default()))
    }

    async fn execute(
        &self,
        ctx: &Context,
        intent: &Intent,
        command: &Command,
    ) -> Result<Output, HostError> {
        let code = self.change(ctx, intent.clone(), |world| {
            let mut contents = world.contents.clone();
            let code = world.run(command, &mut contents);
            world.contents = contents;
            Ok(code)
        });
        Ok(ended(code.await?))
    }
}

impl World {
    const NOT_FOUND: u32 = 127;

    /// Runs a program on `contents` and gives back its code.
    fn run(&self, command: &Command, contents: &mut HostContents) -> u32 {
        let words: Vec<&str> = command.words().iter().map(String::as_str).collect();
        if let Some(program) = words.first().and_then(|name| self.programs.get(*name)) {
            return program(command.words(), contents);
        }
        match words.as_slice() {
            ["true", ..] => 0,
            ["false", ..] => 1,
            ["test", "-e", path] => {
                let there = path.parse().is_ok_and(|path| contents.files.contains_key(&path));
                u32::from(!there)
            }
            ["touch", path] => match path.parse() {
                Ok(path) => {
                    if !contents.files.contains_key(&path) {
                        contents.put_file(path, "");
                    }
                    0
                }
                Err(_) => 1,
            },
            _ => Self::NOT_FOUND,
        }
    }
}

fn ended(code: u32) -> Output {
    Output {
        status: ExitStatus::Code(code),
        stdout: Captured::default(),
        stderr: Captured::whole(if code == 0 { "" } else { "it did not work" }),
    }
}
