//! `cargo xtask bless`: accepts what the compiler and the snapshots say now.

use anyhow::Result;

use crate::step::Step;
use crate::workspace::Workspace;
use crate::{book, headers, summary};

pub(crate) fn run() -> Result<()> {
    let libvirt = if headers::found() { "--features=libvirt" } else { "--no-default-features" };
    let step = |title: &str, args: &[&str]| {
        Step::cargo(title, args).env("TRYBUILD", "overwrite").env("INSTA_UPDATE", "always")
    };
    let steps = [
        step("compile-fail cases", &["test", "--package=ui-tests", libvirt]),
        step("what is possible in which phase", &["test", "--package=ui-matrix", libvirt]),
        step("what the macros write", &["test", "--package=harmony-macros"]),
    ];
    let review = "review what changed with `git diff` before committing it".to_owned();
    let ended = summary::run_all(&steps, &[review]).map(drop);
    // The compile-fail suite writes pages, whether its other cases pass or not.
    book::refresh(&Workspace::load()?.join("docs/src"))?;
    ended
}
