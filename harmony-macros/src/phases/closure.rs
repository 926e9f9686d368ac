//! What a phase reaches and grants through everything it carries.

use proc_macro2::Span;
use syn::{Error, Path, Result, parse_quote_spanned};

use super::model::{Carry, Grant, Graph, Phase, last_name, spelling};
use crate::faults::Faults;

/// The closure of one phase.
#[derive(Clone, Default)]
pub(super) struct Closure {
    /// The carry whose whole closure is forwarded blindly, because it ends in another module.
    pub(super) spine: Option<usize>,
    pub(super) reaches: Vec<Reach>,
    pub(super) grants: Vec<Granted>,
}

/// A phase whose evidence is held.
#[derive(Clone)]
pub(super) struct Reach {
    pub(super) phase: Path,
    pub(super) via: Via,
}

/// A capability that is offered.
#[derive(Clone)]
pub(super) struct Granted {
    pub(super) capability: Path,
    pub(super) via: Via,
    /// The phase whose own field plays the role.
    origin: String,
}

/// Where something comes from, seen from the phase that has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Via {
    /// The phase itself; for a grant, the grant with this index.
    Own(usize),
    /// The carry with this index.
    Carry(usize),
}

impl Closure {
    fn reaches(&self, phase: &Path) -> bool {
        self.reaches.iter().any(|reach| spelling(&reach.phase) == spelling(phase))
    }
}

/// The closures of all phases, in the order of declaration.
pub(super) fn of(graph: &Graph) -> Result<Vec<Closure>> {
    let mut faults = Faults::default();
    let mut done: Vec<Option<Closure>> = vec![None; graph.phases.len()];
    for index in 0..graph.phases.len() {
        visit(graph, index, &mut Vec::new(), &mut done, &mut faults);
    }
    faults.finish()?;
    Ok(done.into_iter().map(Option::unwrap_or_default).collect())
}

fn visit(
    graph: &Graph,
    index: usize,
    trail: &mut Vec<usize>,
    done: &mut [Option<Closure>],
    faults: &mut Faults,
) {
    if done[index].is_some() {
        return;
    }
    trail.push(index);
    let phase = &graph.phases[index];
    for carry in &phase.carries {
        let Some(carried) = graph.local(&carry.phase) else { continue };
        if trail.contains(&carried) {
            let name = &phase.ident;
            faults.at(
                &carry.ty,
                format!("`{name}` would carry itself: a phase carries what was there before it"),
            );
        } else {
            visit(graph, carried, trail, done, faults);
        }
    }
    trail.pop();
    let closure =
        Builder { graph, phase, done, faults, closure: Closure::default(), collides: false }
            .build();
    done[index] = Some(closure);
}

struct Builder<'a> {
    graph: &'a Graph,
    phase: &'a Phase,
    done: &'a [Option<Closure>],
    faults: &'a mut Faults,
    closure: Closure,
    /// A collision with the spine is reported; more of them would say the same.
    collides: bool,
}

impl Builder<'_> {
    fn build(mut self) -> Closure {
        let own = &self.phase.ident;
        let itself = parse_quote_spanned!(Span::call_site()=> #own);
        self.closure.reaches.push(Reach { phase: itself, via: Via::Own(0) });
        self.choose_spine();
        for (index, carry) in self.phase.carries.iter().enumerate() {
            match (self.graph.local(&carry.phase), &carry.spelled) {
                (Some(_), Some(_)) => {
                    let what = format!(
                        "`{}` is a phase of this module, so what it reaches and grants is known: write just `#[carries]`",
                        last_name(&carry.phase)
                    );
                    self.faults.at(&carry.ty, what);
                }
                (Some(local), None) => self.carry_local(index, carry, local),
                (None, Some(spelled)) => {
                    self.reach(index, carry, &carry.phase);
                    spelled.reaches.iter().for_each(|phase| self.reach(index, carry, phase));
                    let origin = spelling(&carry.phase);
                    for capability in &spelled.grants {
                        self.carry_grant(index, carry, capability, &origin);
                    }
                }
                (None, None) => self.reach(index, carry, &carry.phase),
            }
        }
        for (index, grant) in self.phase.grants.iter().enumerate() {
            self.grant(index, grant);
        }
        self.closure
    }

    /// Finds the carry that must be forwarded blindly; there can be only one.
    fn choose_spine(&mut self) {
        for (index, carry) in self.phase.carries.iter().enumerate() {
            let blind = match self.graph.local(&carry.phase) {
                Some(local) => self.done[local].as_ref().is_some_and(|of| of.spine.is_some()),
                None => carry.spelled.is_none(),
            };
            if !blind {
                continue;
            }
            if let Some(first) = self.closure.spine {
                let what = format!(
                    "`{}` already carries `{}`, whose closure lies in another module and is not known here; two such carries would collide (E0119). Spell both out: `#[carries(reaches(..), grants(..))]`",
                    self.phase.ident,
                    last_name(&self.phase.carries[first].phase),
                );
                self.faults.at(&carry.ty, what);
                self.collides = true;
            } else {
                self.closure.spine = Some(index);
            }
        }
    }

    fn carry_local(&mut self, index: usize, carry: &Carry, local: usize) {
        let Some(carried) = &self.done[local] else { return };
        for reach in &carried.reaches {
            self.reach(index, carry, &reach.phase);
        }
        for granted in &carried.grants {
            self.carry_grant(index, carry, &granted.capability, &granted.origin);
        }
    }

    fn reach(&mut self, index: usize, carry: &Carry, phase: &Path) {
        if self.closure.reaches(phase) {
            return;
        }
        let beside_spine = self.closure.spine.is_some_and(|spine| spine != index);
        if beside_spine && self.graph.local(phase).is_none() {
            self.beside_spine(
                &carry.ty,
                &format!("reaches `{}`, a phase of another module", last_name(phase)),
            );
        }
        self.closure.reaches.push(Reach { phase: phase.clone(), via: Via::Carry(index) });
    }

    fn carry_grant(&mut self, index: usize, carry: &Carry, capability: &Path, origin: &str) {
        let name = last_name(capability);
        let known = self.closure.grants.iter().find(|known| last_name(&known.capability) == name);
        match known {
            Some(known) if known.origin == origin => return,
            Some(known) => {
                let what = format!(
                    "two carried phases grant `{name}` (`{}` and `{origin}`): which one should answer? Carry one of them",
                    known.origin
                );
                self.faults.at(&carry.ty, what);
                return;
            }
            None => {}
        }
        if self.closure.spine.is_some_and(|spine| spine != index) {
            self.beside_spine(&carry.ty, &format!("grants `{name}`"));
        }
        self.closure.grants.push(Granted {
            capability: capability.clone(),
            via: Via::Carry(index),
            origin: origin.to_owned(),
        });
    }

    fn grant(&mut self, index: usize, grant: &Grant) {
        let name = last_name(&grant.capability);
        let known = self.closure.grants.iter().find(|known| last_name(&known.capability) == name);
        if let Some(Granted { via: Via::Carry(carry), origin, .. }) = known {
            let what = format!(
                "`{name}` is granted already: this phase carries `{}`, and `{origin}` grants it. A role has one player (E0119): grant it in one of the two",
                last_name(&self.phase.carries[*carry].phase),
            );
            self.faults.at(&grant.capability, what);
            return;
        }
        if self.closure.spine.is_some() {
            self.beside_spine(&grant.capability, &format!("grants `{name}`"));
        }
        self.closure.grants.push(Granted {
            capability: grant.capability.clone(),
            via: Via::Own(index),
            origin: self.phase.ident.to_string(),
        });
    }

    /// Something known beside a carry whose closure is not known.
    fn beside_spine(&mut self, at: &impl quote::ToTokens, what: &str) {
        let Some(spine) = self.closure.spine.filter(|_| !self.collides) else { return };
        self.collides = true;
        let carry = &self.phase.carries[spine];
        let message = format!(
            "this phase carries `{}`, whose closure lies in another module and is not known here, and also {what}: the two could collide (E0119). Spell the carry out: `#[carries(reaches(..), grants(..))]`",
            last_name(&carry.phase),
        );
        self.faults.push(Error::new_spanned(at, message));
    }
}
