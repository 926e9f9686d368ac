//! Reads the rows and columns.

use quote::ToTokens;
use syn::{
    Error, Ident, LitStr, Result, Token, Type,
    parse::{Parse, ParseStream},
};

/// Row types and groups of columns.
pub(super) struct Matrix {
    pub(super) rows: Vec<Named>,
    pub(super) groups: Vec<Group>,
}

/// Columns that ask the same question.
pub(super) struct Group {
    pub(super) relation: Relation,
    pub(super) columns: Vec<Named>,
}

/// A type, and what the table calls it.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) ty: Type,
}

/// The question a column asks about a row.
#[derive(Clone, Copy)]
pub(super) enum Relation {
    /// Does the row offer this capability?
    Capability,
    /// Does this transition start from the row?
    Transition,
    /// Has the row's phase reached this one?
    Reached,
}

impl Relation {
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Capability => "capabilities",
            Self::Transition => "transitions",
            Self::Reached => "reached",
        }
    }
}

impl Parse for Matrix {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let (mut rows, mut groups) = (None, Vec::new());
        while !input.is_empty() {
            let title: Ident = input.parse()?;
            input.parse::<Token![:]>()?;
            let columns = list(input)?;
            if columns.is_empty() {
                return Err(Error::new(
                    title.span(),
                    format!("`{title}` lists nothing: a table without cells proves nothing"),
                ));
            }
            let relation = match title.to_string().as_str() {
                "rows" if rows.is_none() => {
                    rows = Some(columns);
                    continue;
                }
                "capabilities" => Relation::Capability,
                "transitions" => Relation::Transition,
                "reached" => Relation::Reached,
                _ => {
                    let what = "a matrix has `rows:` once, then any of `capabilities:`, `transitions:` and `reached:`, each list ended by `;`";
                    return Err(Error::new(title.span(), what));
                }
            };
            groups.push(Group { relation, columns });
        }
        let rows = rows.ok_or_else(|| {
            Error::new(input.span(), "a matrix needs `rows:`, the topologies it is about")
        })?;
        Ok(Self { rows, groups })
    }
}

fn list(input: ParseStream<'_>) -> Result<Vec<Named>> {
    let mut list = Vec::new();
    while !input.peek(Token![;]) && !input.is_empty() {
        list.push(input.parse()?);
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        } else {
            break;
        }
    }
    input.parse::<Token![;]>()?;
    Ok(list)
}

impl Parse for Named {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(LitStr) {
            let name = input.parse::<LitStr>()?.value();
            input.parse::<Token![=]>()?;
            return Ok(Self { name, ty: input.parse()? });
        }
        let ty: Type = input.parse()?;
        Ok(Self { name: short_name(&ty), ty })
    }
}

/// A type as people say it: no module paths, and `Topology<Phase>` by its phase.
fn short_name(ty: &Type) -> String {
    struct Shorten;
    impl syn::visit_mut::VisitMut for Shorten {
        fn visit_path_mut(&mut self, path: &mut syn::Path) {
            if let Some(mut last) = path.segments.pop() {
                path.leading_colon = None;
                path.segments.clear();
                syn::visit_mut::visit_path_segment_mut(self, &mut last);
                path.segments.push(last);
            }
        }
    }
    let mut ty = ty.clone();
    syn::visit_mut::VisitMut::visit_type_mut(&mut Shorten, &mut ty);
    let text = ty.to_token_stream().to_string();
    let text = text.replace(" < ", "<").replace("< ", "<").replace(" <", "<");
    let text = text.replace(" > ", ">").replace(" >", ">").replace("> ", ">").replace(" ,", ",");
    let alone = text.strip_prefix("Topology<").and_then(|rest| rest.strip_suffix('>'));
    alone.filter(|phase| !phase.contains('<')).map_or_else(|| text.clone(), str::to_owned)
}
