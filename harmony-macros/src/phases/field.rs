//! Reads the fields of a phase: `#[carries]`, `#[grants(..)]`, and who can see them.

use syn::{
    Attribute, Field, Fields, GenericArgument, Index, ItemStruct, Member, Meta, Path,
    PathArguments, Result, Token, Type, Visibility, parenthesized, punctuated::Punctuated,
};

use super::model::{Carry, Grant, Kind, Spelled, last_name, spelling};
use crate::faults::Faults;

/// Reads the fields, taking our attributes off them.
pub(super) fn read(
    fields: &mut Fields,
    kind: Kind,
    faults: &mut Faults,
) -> (Vec<Carry>, Vec<Grant>) {
    let (mut carries, mut grants) = (Vec::new(), Vec::<Grant>::new());
    for (index, field) in fields.iter_mut().enumerate() {
        if kind != Kind::Start && matches!(field.vis, Visibility::Public(_)) {
            faults.at(&field.vis, "evidence stays private: with a `pub` field anyone could build this phase without looking at the system");
        }
        let member = member(field, index);
        let (ours, others) = std::mem::take(&mut field.attrs).into_iter().partition(is_ours);
        field.attrs = others;
        if let (false, Some(cfg)) = (Vec::is_empty(&ours), cfg(field)) {
            faults.at(
                cfg,
                "what a phase carries or grants cannot be conditional; put the `cfg` on the module",
            );
        }
        for attribute in one_relation(&ours, kind, faults) {
            if attribute.path().is_ident("carries") {
                carries.extend(faults.take(carry(attribute, field, &member)));
            } else if let Some(capabilities) = faults.take(granted(attribute, field)) {
                grants.extend(capabilities.into_iter().map(|capability| Grant {
                    member: member.clone(),
                    ty: field.ty.clone(),
                    capability,
                }));
            }
        }
    }
    refuse_repeated(&grants, faults);
    (carries, grants)
}

/// Reports our field attributes on a struct that is not a phase.
pub(super) fn refuse_outside_phases(item: &ItemStruct, faults: &mut Faults) {
    let attrs = item.fields.iter().flat_map(|field| &field.attrs);
    if let Some(attribute) = attrs.into_iter().find(|attribute| is_ours(attribute)) {
        let what =
            format!("`{}` is not a phase yet: mark it `#[resting]` or `#[transient]`", item.ident);
        faults.at(attribute, what);
    }
}

fn is_ours(attribute: &Attribute) -> bool {
    attribute.path().is_ident("carries") || attribute.path().is_ident("grants")
}

fn cfg(field: &Field) -> Option<&Attribute> {
    field.attrs.iter().find(|attribute| attribute.path().is_ident("cfg"))
}

fn member(field: &Field, index: usize) -> Member {
    field.ident.clone().map_or_else(|| Member::Unnamed(Index::from(index)), Member::Named)
}

/// A field either carries a phase or grants capabilities, and a start phase has neither.
fn one_relation<'a>(ours: &'a [Attribute], kind: Kind, faults: &mut Faults) -> &'a [Attribute] {
    if let (Kind::Start, Some(attribute)) = (kind, ours.first()) {
        faults.at(attribute, "anyone can build a `#[start]` phase, so it proves nothing: it carries no phase and grants no capability; a transition leads from it to the first phase that does");
        return &[];
    }
    if let Some(second) = ours.get(1) {
        let what = if ours[0].path() == second.path() {
            "once is enough: list all names in one attribute"
        } else {
            "a field is either an earlier phase that is carried or the player of a role, not both"
        };
        faults.at(second, what);
    }
    ours
}

fn carry(attribute: &Attribute, field: &Field, member: &Member) -> Result<Carry> {
    let phase = bare_path(&field.ty).ok_or_else(|| {
        let what = "`#[carries]` stands on a field that is a phase itself: `network: NetworkReady`, not an `Option`, a reference or a container of one";
        syn::Error::new_spanned(&field.ty, what)
    })?;
    let spelled = match &attribute.meta {
        Meta::Path(_) => None,
        Meta::List(_) => Some(spelled(attribute)?),
        Meta::NameValue(value) => {
            let what = "write `#[carries]`, or `#[carries(reaches(..), grants(..))]` for a phase of another module";
            return Err(syn::Error::new_spanned(value, what));
        }
    };
    Ok(Carry { member: member.clone(), ty: field.ty.clone(), phase, spelled })
}

fn spelled(attribute: &Attribute) -> Result<Spelled> {
    let mut spelled = Spelled::default();
    attribute.parse_nested_meta(|list| {
        let names = match &list.path {
            path if path.is_ident("reaches") => &mut spelled.reaches,
            path if path.is_ident("grants") => &mut spelled.grants,
            _ => {
                let what = "a spelled-out carry lists phases in `reaches(..)` and capabilities in `grants(..)`";
                return Err(list.error(what));
            }
        };
        let content;
        parenthesized!(content in list.input);
        names.extend(Punctuated::<Path, Token![,]>::parse_terminated(&content)?);
        Ok(())
    })?;
    Ok(spelled)
}

fn granted(attribute: &Attribute, field: &Field) -> Result<Vec<Path>> {
    let what = "name the capabilities this field plays: `#[grants(DhcpServer, DnsServer)]`";
    let Meta::List(list) = &attribute.meta else {
        return Err(syn::Error::new_spanned(attribute, what));
    };
    let names = list.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)?;
    if names.is_empty() {
        return Err(syn::Error::new_spanned(attribute, what));
    }
    if is_option(&field.ty) {
        let what = "a capability that is perhaps there cannot be granted: data a capability needs is a field of the phase that grants it, without `Option`";
        return Err(syn::Error::new_spanned(&field.ty, what));
    }
    Ok(names.into_iter().collect())
}

fn refuse_repeated(grants: &[Grant], faults: &mut Faults) {
    for (index, grant) in grants.iter().enumerate() {
        let name = last_name(&grant.capability);
        let Some(first) = grants[..index].iter().find(|other| last_name(&other.capability) == name)
        else {
            continue;
        };
        let what = if spelling(&first.capability) == spelling(&grant.capability) {
            format!("`{name}` is granted twice by this phase: one field plays a role")
        } else {
            format!(
                "two capabilities of this phase are called `{name}`: tables and messages could not tell them apart"
            )
        };
        faults.at(&grant.capability, what);
    }
}

/// The path of a type that is nothing but a path without parameters.
fn bare_path(ty: &Type) -> Option<Path> {
    let Type::Path(ty) = ty else { return None };
    let plain = ty.path.segments.iter().all(|segment| segment.arguments == PathArguments::None);
    (ty.qself.is_none() && plain).then(|| ty.path.clone())
}

fn is_option(ty: &Type) -> bool {
    let Type::Path(ty) = ty else { return false };
    ty.path.segments.last().is_some_and(|segment| {
        let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return false };
        segment.ident == "Option"
            && matches!(arguments.args.first(), Some(GenericArgument::Type(_)))
    })
}
