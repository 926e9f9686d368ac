//! Reads the trait: what it must be so that a topology can play it.

use proc_macro2::TokenStream;
use syn::{Error, Ident, ItemTrait, Path, Result, TraitItem, TypeParamBound, parse_quote, parse2};

use super::{
    method::{self, Method},
    options::Mode,
};
use crate::faults::Faults;

/// A capability: the trait, with our attributes taken off and its supertraits completed.
pub(super) struct Role {
    pub(super) item: ItemTrait,
    pub(super) name: Ident,
    pub(super) mode: Mode,
    /// Supertraits that are neither `Debug` nor an auto trait.
    pub(super) supertraits: Vec<Path>,
    pub(super) methods: Vec<Method>,
}

/// Reads a trait.
pub(super) fn read(item: TokenStream, mode: Mode) -> Result<Role> {
    let mut item: ItemTrait = parse2(item.clone()).map_err(|error| {
        let is_trait = item.clone().into_iter().any(|token| token.to_string() == "trait");
        if is_trait {
            error
        } else {
            Error::new_spanned(
                item.into_iter().next(),
                "`#[capability]` stands on a trait: a role that products can play",
            )
        }
    })?;
    let mut faults = Faults::default();
    if !item.generics.params.is_empty() {
        let what = "a capability has no parameters: a topology offers a role or does not, and `dyn` must be able to name it";
        faults.at(&item.generics, what);
    }
    let supertraits = supertraits(&mut item, &mut faults);
    let name = item.ident.clone();
    let mut methods = Vec::new();
    for member in &mut item.items {
        match member {
            TraitItem::Fn(function) => methods.extend(method::read(function, &name, mode, &mut faults)),
            TraitItem::Type(associated) => faults.at(
                &associated.ident,
                format!("an associated type would have to be spelled in every `dyn {name}`: use a concrete type of this domain"),
            ),
            TraitItem::Const(constant) => {
                faults.at(&constant.ident, format!("`dyn {name}` has no constants: make it a method"));
            }
            other => faults.at(other, "a capability consists of methods"),
        }
    }
    faults.finish()?;
    Ok(Role { item, name, mode, supertraits, methods })
}

/// Completes the supertraits with `Debug + Send + Sync` and returns the others.
fn supertraits(item: &mut ItemTrait, faults: &mut Faults) -> Vec<Path> {
    let (mut known, mut others) = (Vec::new(), Vec::new());
    for bound in &item.supertraits {
        match bound {
            TypeParamBound::Trait(bound) => {
                let name = bound.path.segments.last().map(|segment| segment.ident.to_string());
                let name = name.unwrap_or_default();
                if ["Debug", "Send", "Sync"].contains(&name.as_str()) {
                    known.push(name);
                } else {
                    others.push(bound.path.clone());
                }
            }
            TypeParamBound::Lifetime(lifetime) => faults.at(
                lifetime,
                "a capability is lent by reference too, so it cannot ask for a lifetime",
            ),
            other => faults.at(other, "a capability's supertraits are plain traits"),
        }
    }
    let completed: [(&str, TypeParamBound); 3] = [
        ("Debug", parse_quote!(::core::fmt::Debug)),
        ("Send", parse_quote!(::core::marker::Send)),
        ("Sync", parse_quote!(::core::marker::Sync)),
    ];
    for (name, bound) in completed {
        if !known.iter().any(|known| known == name) {
            item.supertraits.push(bound);
        }
    }
    item.colon_token.get_or_insert_default();
    others
}
