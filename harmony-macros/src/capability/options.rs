//! What the attributes say: `failover = …` on the trait, `#[failover(…)]` on a method.

use proc_macro2::TokenStream;
use syn::{Attribute, Error, Ident, Result, meta, parse::Parser};

/// What a pair does with the calls of a capability.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Both,
    Manual,
    Primary,
}

/// What a pair does with one method.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Halves {
    Both,
    Primary,
}

/// Reads `failover = primary | both | manual`; without it the mode is `primary`.
pub(super) fn failover(attribute: TokenStream) -> Result<Mode> {
    let mut mode = None;
    let parser = meta::parser(|option| {
        if !option.path.is_ident("failover") {
            return Err(option
                .error("`#[capability]` takes one option: `failover = primary | both | manual`"));
        }
        if mode.is_some() {
            return Err(option.error("`failover` is given twice"));
        }
        let name: Ident = option.value()?.parse()?;
        mode = Some(match name.to_string().as_str() {
            "both" => Mode::Both,
            "manual" => Mode::Manual,
            "primary" => Mode::Primary,
            _ => {
                let what = "a pair asks its `primary`, sends commands to `both`, or has a `manual` orchestration of its own";
                return Err(Error::new(name.span(), what));
            }
        });
        Ok(())
    });
    parser.parse2(attribute)?;
    Ok(mode.unwrap_or(Mode::Primary))
}

/// Reads `#[failover(primary | both)]` of a method.
pub(super) fn halves(attribute: &Attribute) -> Result<Halves> {
    let what = "write `#[failover(primary)]` or `#[failover(both)]`; a `manual` orchestration covers the whole trait";
    let name: Ident = attribute.parse_args().map_err(|error| Error::new(error.span(), what))?;
    match name.to_string().as_str() {
        "both" => Ok(Halves::Both),
        "primary" => Ok(Halves::Primary),
        _ => Err(Error::new(name.span(), what)),
    }
}
