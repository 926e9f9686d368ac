//! A program that writes notes on a desk: one file a note.

use std::{
    fs,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use harmony_phases::{
    BoxError, Context, Describe, Intent, Interpret, InterpretError, InterpretErrorKind, Outcome,
    Pipeline, Score, Topology, ValidationReport, context::EffectError, graph::PhaseGraph, phases,
};

use crate::Program;

#[phases(any = AnyDesk)]
pub(crate) mod furniture {
    /// A desk, of which only the place is known.
    #[start]
    pub struct Declared {
        pub folder: std::path::PathBuf,
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Desk {
    #[arg(long)]
    pub(crate) folder: PathBuf,
    /// The notes that shall lie there; `!` before one makes it fail, `?` blocks it.
    #[arg(long, value_delimiter = ',')]
    pub(crate) notes: Vec<String>,
}

impl Program for Desk {
    type Start = Topology<furniture::Declared>;
    type End = Topology<furniture::Declared>;
    const NAME: &'static str = "desk";
    const ABOUT: &'static str = "Notes on a desk";

    fn start(&self) -> Result<Self::Start, BoxError> {
        Ok(Topology::new("desk", furniture::Declared { folder: self.folder.clone() }))
    }

    fn pipeline(&self) -> Result<Pipeline<Self::Start, Self::End>, BoxError> {
        let notes = self.notes.iter().cloned();
        Ok(notes.fold(Pipeline::start(), |pipeline, note| pipeline.run(NoteScore { note })))
    }

    async fn status(&self, end: &Self::End) -> Result<String, BoxError> {
        let count = fs::read_dir(&end.phase().folder)?.count();
        Ok(format!("{count} notes on the desk"))
    }

    fn graphs() -> Vec<PhaseGraph> {
        vec![furniture::GRAPH]
    }
}

#[derive(Debug, Clone)]
struct NoteScore {
    note: String,
}

impl Describe for NoteScore {
    fn name(&self) -> String {
        format!("note {}", self.note)
    }
}

impl Score<Topology<furniture::Declared>> for NoteScore {
    fn to_value(&self) -> serde_json::Value {
        serde_json::json!({ "note": self.note })
    }

    fn create_interpret(&self) -> Box<dyn Interpret<Topology<furniture::Declared>>> {
        Box::new(self.clone())
    }
}

#[derive(Debug, thiserror::Error)]
enum NoteError {
    #[error("not begun")]
    Effect(#[from] EffectError),
    #[error("the pen is empty")]
    Pen,
}

impl NoteScore {
    fn path(&self, folder: &Path) -> PathBuf {
        folder.join(&self.note)
    }

    async fn change(
        &self,
        ctx: &Context,
        action: &str,
        act: impl FnOnce() -> Result<(), NoteError>,
    ) -> Result<(), InterpretError> {
        let changed = ctx.effect(Intent::new(action, &self.note), |_| async { act() }).await;
        changed.map_err(|error| {
            InterpretError::new(InterpretErrorKind::Failed, action).caused_by(error)
        })
    }
}

#[async_trait]
impl Interpret<Topology<furniture::Declared>> for NoteScore {
    async fn validate(
        &self,
        _ctx: &Context,
        on: &Topology<furniture::Declared>,
    ) -> Result<ValidationReport, InterpretError> {
        if self.note.starts_with('~') {
            return Err(InterpretError::new(InterpretErrorKind::Failed, "read the note"));
        }
        Ok(match () {
            () if self.note.starts_with('?') => ValidationReport::blocked("the ink is wet"),
            () if self.path(&on.phase().folder).exists() => ValidationReport::already_applied(),
            () => ValidationReport::will_create(),
        })
    }

    async fn execute(
        &self,
        ctx: &Context,
        on: &Topology<furniture::Declared>,
    ) -> Result<Outcome, InterpretError> {
        let path = self.path(&on.phase().folder);
        self.change(ctx, "write note", || {
            if self.note.starts_with('!') {
                return Err(NoteError::Pen);
            }
            fs::write(path, "").map_err(|_| NoteError::Pen)
        })
        .await?;
        Ok(Outcome::success("written"))
    }

    async fn validate_undo(
        &self,
        _ctx: &Context,
        on: &Topology<furniture::Declared>,
    ) -> Result<ValidationReport, InterpretError> {
        let there = self.path(&on.phase().folder).exists();
        let (gone, going) = (ValidationReport::already_applied(), ValidationReport::will_delete());
        Ok(if there { going } else { gone })
    }

    async fn undo(
        &self,
        ctx: &Context,
        on: &Topology<furniture::Declared>,
    ) -> Result<Outcome, InterpretError> {
        let path = self.path(&on.phase().folder);
        self.change(ctx, "remove note", || fs::remove_file(path).map_err(|_| NoteError::Pen))
            .await?;
        Ok(Outcome::success("removed"))
    }
}
