//! Reads a method: what it must be so that `dyn` and the lifts can have it.

use quote::ToTokens;
use syn::{
    FnArg, GenericArgument, GenericParam, Ident, Pat, PathArguments, Receiver, ReceiverKind,
    ReturnType, Safety, Signature, TraitItemFn, Type, TypeReference,
};

use super::options::{self, Halves, Mode};
use crate::faults::Faults;

/// A method of a capability.
pub(super) struct Method {
    pub(super) signature: Signature,
    pub(super) halves: Halves,
    pub(super) arguments: Vec<Argument>,
    /// `cfg` attributes: the lifts must come and go with the method.
    pub(super) cfgs: Vec<syn::Attribute>,
}

/// An argument after `self`.
pub(super) struct Argument {
    pub(super) name: Ident,
    pub(super) ty: Type,
}

impl Method {
    /// Whether it is an async method.
    pub(super) const fn is_async(&self) -> bool {
        self.signature.asyncness.is_some()
    }

    /// Whether it answers with a `Result`, so that the first failure of a pair ends the call.
    pub(super) fn is_fallible(&self) -> bool {
        answer(&self.signature.output).is_some_and(|ty| is_named(ty, "Result"))
    }
}

/// Reads a method, taking our attribute off it.
pub(super) fn read(
    function: &mut TraitItemFn,
    role: &Ident,
    mode: Mode,
    faults: &mut Faults,
) -> Option<Method> {
    let overrides = take_override(function, mode, faults);
    let signature = &function.sig;
    let shared = receiver(signature, role, faults);
    let plain = plain(signature, faults);
    let arguments = arguments(&mut function.sig, faults)?;
    let signature = &function.sig;
    let command = signature.asyncness.is_some() && is_command(signature, &arguments);
    let halves = match (overrides, mode) {
        (Some((Halves::Both, at)), _) if !command => {
            let what = format!(
                "`{}` is a query (it takes no `ctx: &Context` and answers with a value, or is not async), and a query never goes to both halves: what would two answers mean?",
                signature.ident
            );
            faults.at(at, what);
            Halves::Primary
        }
        (Some((halves, _)), _) => halves,
        (None, Mode::Both) if command => Halves::Both,
        _ => Halves::Primary,
    };
    if halves == Halves::Both {
        refuse_unrepeatable(&arguments, faults);
    }
    let is_cfg = |attribute: &&syn::Attribute| attribute.path().is_ident("cfg");
    let cfgs = function.attrs.iter().filter(is_cfg).cloned().collect();
    (shared && plain).then(|| Method { signature: signature.clone(), halves, arguments, cfgs })
}

fn take_override(
    function: &mut TraitItemFn,
    mode: Mode,
    faults: &mut Faults,
) -> Option<(Halves, syn::Attribute)> {
    let mut found = None;
    let ours = function.attrs.extract_if(.., |attribute| attribute.path().is_ident("failover"));
    for attribute in ours {
        if mode == Mode::Manual {
            faults.at(&attribute, "the failover of this capability is `manual`: its orchestration decides method by method");
        } else if found.is_some() {
            faults.at(&attribute, "`failover` is given twice");
        } else if let Some(halves) = faults.take(options::halves(&attribute)) {
            found = Some((halves, attribute));
        }
    }
    found
}

fn receiver(signature: &Signature, role: &Ident, faults: &mut Faults) -> bool {
    let shared = match signature.inputs.first() {
        Some(FnArg::Receiver(Receiver { kind: ReceiverKind::Reference(_, _, None), .. })) => {
            return true;
        }
        Some(FnArg::Receiver(receiver)) => receiver.to_token_stream(),
        _ => signature.ident.to_token_stream(),
    };
    faults.at(
        shared,
        format!("every method of a capability takes `&self`: many scores share one `{role}`"),
    );
    false
}

/// No parameters, no `unsafe`, no `const`: what `dyn` can call.
fn plain(signature: &Signature, faults: &mut Faults) -> bool {
    let parameter =
        signature.generics.params.iter().find(|p| !matches!(p, GenericParam::Lifetime(_)));
    if let Some(parameter) = parameter {
        let what = format!(
            "`{}` has a type parameter, and a role that is called through `dyn` cannot: use a concrete type or `&dyn Trait`",
            signature.ident
        );
        faults.at(parameter, what);
    }
    if let Safety::Unsafe(token) = &signature.safety {
        faults.at(token, "a capability is called by scores, which cannot keep the promises of an `unsafe` method");
    }
    if let Some(token) = &signature.constness {
        faults.at(token, "a method of a trait is not `const`");
    }
    let by_impl = signature.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) => contains_impl(&typed.ty).then_some(&typed.ty),
        FnArg::Receiver(_) => None,
    });
    if let Some(ty) = by_impl {
        faults.at(ty, "`impl Trait` is a hidden type parameter, and a role that is called through `dyn` cannot have one: use a concrete type or `&dyn Trait`");
    }
    parameter.is_none() && by_impl.is_none()
}

/// The arguments after `self`, each with a name that a forwarding body can use.
fn arguments(signature: &mut Signature, faults: &mut Faults) -> Option<Vec<Argument>> {
    let mut arguments = Vec::new();
    for (index, input) in signature.inputs.iter().enumerate() {
        let FnArg::Typed(typed) = input else { continue };
        let name = match &*typed.pat {
            Pat::Ident(pattern) => {
                let name = pattern.ident.to_string();
                let name = name.trim_start_matches('_');
                syn::parse_str::<Ident>(name).unwrap_or_else(|_| pattern.ident.clone())
            }
            Pat::Wild(_) => quote::format_ident!("argument{index}"),
            pattern => {
                faults.at(pattern, "give this argument a name: the lifts pass it on");
                return None;
            }
        };
        arguments.push(Argument { name, ty: (*typed.ty).clone() });
    }
    Some(arguments)
}

/// A command changes the system: it takes the context, or answers with nothing to look at.
fn is_command(signature: &Signature, arguments: &[Argument]) -> bool {
    let takes_context = arguments.first().is_some_and(|argument| match &argument.ty {
        Type::Reference(TypeReference { elem, .. }) => is_named(elem, "Context"),
        _ => false,
    });
    takes_context || answers_nothing(&signature.output)
}

fn answers_nothing(output: &ReturnType) -> bool {
    match answer(output) {
        None => true,
        Some(ty) if is_unit(ty) => true,
        Some(Type::Path(path)) if is_named(&Type::Path(path.clone()), "Result") => {
            let arguments = path.path.segments.last().map(|segment| &segment.arguments);
            let Some(PathArguments::AngleBracketed(arguments)) = arguments else { return false };
            matches!(arguments.args.first(), Some(GenericArgument::Type(ty)) if is_unit(ty))
        }
        Some(_) => false,
    }
}

const fn answer(output: &ReturnType) -> Option<&Type> {
    match output {
        ReturnType::Default => None,
        ReturnType::Type(_, ty) => Some(ty),
    }
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn is_named(ty: &Type, name: &str) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == name)
}

fn contains_impl(ty: &Type) -> bool {
    struct Finder(bool);
    impl<'ast> syn::visit::Visit<'ast> for Finder {
        fn visit_type_impl_trait(&mut self, _: &'ast syn::TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut finder = Finder(false);
    syn::visit::Visit::visit_type(&mut finder, ty);
    finder.0
}

/// What goes to both halves is needed twice.
fn refuse_unrepeatable(arguments: &[Argument], faults: &mut Faults) {
    for argument in arguments {
        if let Type::Reference(TypeReference { mutability: Some(token), .. }) = &argument.ty {
            faults.at(token, "this call goes to both halves, and an argument lent for change would reach the second one changed: take it by `&` or by value, or write `#[failover(primary)]`");
        }
    }
}
