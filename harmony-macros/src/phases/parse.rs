//! Reads the module: takes our attributes off, keeps everything else.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Attribute, Error, Ident, Item, ItemImpl, ItemMod, ItemStruct, Meta, Result, Type, Visibility,
    meta, parse::Parser, parse_quote, parse2,
};

use super::{
    field,
    model::{Graph, Kind, Phase, last_name},
};
use crate::faults::Faults;

/// Reads `any = AnySite`.
pub(super) fn options(attribute: TokenStream, item: &TokenStream) -> Result<Ident> {
    let mut any = None;
    let parser = meta::parser(|option| {
        if !option.path.is_ident("any") {
            return Err(option.error("`#[phases]` takes one option: `any = AnySite`"));
        }
        if any.is_some() {
            return Err(option.error("`any` is given twice"));
        }
        any = Some(option.value()?.parse::<Ident>()?);
        Ok(())
    });
    parser.parse2(attribute)?;
    any.ok_or_else(|| {
        let module = parse2::<ItemMod>(item.clone()).map(|module| module.ident.to_string());
        let name = module.map_or_else(|_| "AnySite".to_owned(), |module| any_name(&module));
        Error::new(
            proc_macro2::Span::call_site(),
            format!("name the enum that holds a topology in any of these phases: `#[phases(any = {name})]`"),
        )
    })
}

fn any_name(module: &str) -> String {
    let words = module.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    });
    format!("Any{}", words.collect::<String>())
}

/// Reads the item, which must be a module with its contents.
pub(super) fn module(item: TokenStream) -> Result<ItemMod> {
    let what = "`#[phases]` stands on a module of structs: `pub mod site { #[resting] pub struct Ready { .. } }`";
    let module: ItemMod =
        parse2(item.clone()).map_err(|_| Error::new_spanned(item.into_iter().next(), what))?;
    match &module.content {
        Some(_) => Ok(module),
        None => Err(Error::new_spanned(
            &module.ident,
            "`#[phases]` must see the structs: write them here, in `{ .. }`, instead of in a file of their own",
        )),
    }
}

/// Reads the phases and takes our attributes off the module's items.
pub(super) fn graph(module: &mut ItemMod, any: Ident) -> Result<Graph> {
    let mut faults = Faults::default();
    let mut phases: Vec<Phase> = Vec::new();
    let items = module.content.as_mut().map(|(_, items)| items).into_iter().flatten();
    let items: Vec<&mut Item> = items.collect();
    let debugged: Vec<String> = items.iter().filter_map(|item| debug_impl(item)).collect();

    for item in items {
        let Item::Struct(item) = item else {
            refuse_kind_elsewhere(item, &mut faults);
            continue;
        };
        match kind(&mut item.attrs, &mut faults) {
            Some(kind) => {
                let phase = phase(item, kind, &mut faults);
                if kind == Kind::Start && phases.iter().any(|other| other.kind == Kind::Start) {
                    faults.at(&item.ident, "a chain has one honest beginning: another phase of this module is `#[start]` already");
                }
                if !derives_debug(&item.attrs) && !debugged.contains(&item.ident.to_string()) {
                    item.attrs.push(parse_quote!(#[derive(Debug)]));
                }
                phases.push(phase);
            }
            None => field::refuse_outside_phases(item, &mut faults),
        }
    }
    if phases.is_empty() {
        faults.at(
            &module.ident,
            "no phase in here: mark a struct with `#[start]`, `#[resting]` or `#[transient]`",
        );
    }
    faults.finish()?;
    Ok(Graph { module: module.ident.clone(), any, phases })
}

fn phase(item: &mut ItemStruct, kind: Kind, faults: &mut Faults) -> Phase {
    if !matches!(item.vis, Visibility::Public(_)) {
        faults.at(&item.ident, "a phase is `pub`: pipelines name it in their types");
    }
    if !item.generics.params.is_empty() {
        faults
            .at(&item.generics, "a phase has no parameters: it is one state of one kind of system");
    }
    for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")) {
        faults.at(attribute, "a phase cannot be conditional: what the later ones carry is decided from all of them; put the `cfg` on the module");
    }
    if kind != Kind::Start && item.fields.is_empty() {
        faults.at(
            &item.ident,
            format!("anyone could write `{0}`: give it a private field, so that only the code beside it can build one (only a `#[start]` phase is publicly constructible)", item.ident),
        );
    }
    let (carries, grants) = field::read(&mut item.fields, kind, faults);
    Phase { ident: item.ident.clone(), kind, carries, grants }
}

/// Takes the kind attribute off a struct.
fn kind(attrs: &mut Vec<Attribute>, faults: &mut Faults) -> Option<Kind> {
    let mut found = None;
    attrs.retain(|attribute| {
        let Some(kind) = kind_of(attribute) else { return true };
        if !matches!(attribute.meta, Meta::Path(_)) {
            faults.at(&attribute.meta, format!("`#[{}]` takes no options", kind.name()));
        }
        if found.is_some() {
            faults.at(attribute, "a phase is one of `#[start]`, `#[resting]` and `#[transient]`");
        }
        found = Some(kind);
        false
    });
    found
}

fn kind_of(attribute: &Attribute) -> Option<Kind> {
    [Kind::Resting, Kind::Start, Kind::Transient]
        .into_iter()
        .find(|kind| attribute.path().is_ident(kind.name()))
}

fn refuse_kind_elsewhere(item: &Item, faults: &mut Faults) {
    let attrs: &[Attribute] = match item {
        Item::Enum(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        _ => &[],
    };
    for attribute in attrs.iter().filter(|attribute| kind_of(attribute).is_some()) {
        faults.at(attribute, "a phase is a struct: it owns what was acquired on reaching it");
    }
}

fn derives_debug(attrs: &[Attribute]) -> bool {
    let mut found = false;
    for attribute in attrs.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        // A malformed `derive` is the compiler's to report.
        let _ = attribute.parse_nested_meta(|derived| {
            found |= last_name(&derived.path) == "Debug";
            Ok(())
        });
    }
    found
}

/// The type an item implements `Debug` for.
fn debug_impl(item: &Item) -> Option<String> {
    let Item::Impl(ItemImpl { trait_: Some((of, _)), self_ty, .. }) = item else { return None };
    let Type::Path(ty) = &**self_ty else { return None };
    (last_name(of) == "Debug").then(|| ty.path.to_token_stream().to_string())
}
