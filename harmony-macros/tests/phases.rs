//! What the phases of a module can do.

use harmony_phases::{
    Phase, Reached, Resting, StartPhase, Topology, capability,
    graph::{PhaseGraph, PhaseKind},
    phases,
};
use house::AnyHouse;

/// Tells the time.
#[capability]
pub trait Clock {
    /// The time.
    fn now(&self) -> u32;
}

/// Counts.
#[capability]
pub trait Counter {
    /// The number.
    fn count(&self) -> u32;
}

impl Clock for u32 {
    fn now(&self) -> u32 {
        *self
    }
}

impl Counter for u32 {
    fn count(&self) -> u32 {
        *self
    }
}

/// A house with two wings that both stand on one ground.
#[phases(any = AnyHouse)]
pub mod house {
    use super::{Clock, Counter};

    /// A place.
    #[start]
    #[derive(Debug, Default)]
    pub struct Declared;

    /// The house, which stands on both wings: a diamond, declared before what it carries.
    #[resting]
    pub struct House {
        #[carries]
        left: Left,
        #[carries]
        right: Right,
        #[grants(Counter)]
        rooms: u32,
    }

    /// The left wing.
    #[resting]
    pub struct Left {
        #[carries]
        ground: Ground,
    }

    /// The right wing, as a tuple.
    #[transient]
    pub struct Right(#[carries] Ground);

    /// The ground, whose clock both wings show.
    #[resting]
    #[derive(Clone)]
    pub struct Ground {
        #[grants(Clock)]
        pub(super) clock: u32,
    }

    impl House {
        pub(super) fn on(clock: u32) -> Self {
            let ground = Ground { clock };
            Self { left: Left { ground: ground.clone() }, right: Right(ground), rooms: 3 }
        }
    }
}

/// A street, which carries a phase of another module without knowing it, and one of its own.
#[phases(any = AnyStreet)]
pub mod street {
    use super::house;

    /// The street.
    #[resting]
    pub struct Street {
        #[carries]
        pub(super) house: house::House,
        #[carries]
        pub(super) lamp: Lamp,
    }

    /// A lamp.
    #[resting]
    pub struct Lamp {
        pub(super) lit: bool,
    }
}

/// A town, which knows what it carries.
#[phases(any = AnyTown)]
pub mod town {
    use super::{Clock, Counter, house};

    /// The town, with a counter of its own.
    #[resting]
    pub struct Town {
        #[carries(reaches(house::Ground), grants(Clock))]
        pub(super) house: house::House,
        #[grants(Counter)]
        pub(super) people: u32,
    }
}

const fn rests<T: Resting>() {}
const fn starts<P: StartPhase>() {}

#[test]
fn a_diamond_reaches_and_grants_once() {
    let house = Topology::new("h", house::House::on(7));
    assert_eq!((house.now(), house.count()), (7, 3));
    assert_eq!(house.evidence::<house::Ground>().clock, 7);
    let _: (&house::Left, &house::Right) = (house.evidence(), house.evidence());
}

#[test]
fn what_another_module_reaches_and_grants_comes_along() {
    let street = street::Street { house: house::House::on(8), lamp: street::Lamp { lit: true } };
    let street = Topology::new("s", street);
    assert_eq!((street.now(), street.count()), (8, 3));
    assert_eq!(street.evidence::<house::Ground>().clock, 8);
    assert!(street.evidence::<street::Lamp>().lit);
}

#[test]
fn a_carry_that_is_spelled_out_leaves_room_for_a_player_of_ones_own() {
    let town = Topology::new("t", town::Town { house: house::House::on(9), people: 500 });
    assert_eq!((town.now(), town.count()), (9, 500));
    assert_eq!(town.evidence::<house::Ground>().clock, 9);
}

#[test]
fn the_enum_takes_any_phase_and_gives_one_back() {
    let any = AnyHouse::from(Topology::new("h", house::House::on(1)));
    assert_eq!(any.phase_name(), "House");
    let any = Topology::<house::Left>::try_from(any).expect_err("it is in another phase");
    let house = Topology::<house::House>::try_from(any).expect("it is in this phase");
    assert_eq!(house.name(), "h");
}

#[test]
fn a_restart_lands_in_resting_phases() {
    rests::<Topology<house::House>>();
    rests::<Topology<house::Declared>>();
    starts::<house::Declared>();
    assert_eq!(house::Right::NAME, "Right");
}

#[test]
fn a_phase_has_reached_itself() {
    let ground = house::Ground { clock: 2 };
    assert_eq!(Reached::<house::Ground>::evidence(&ground).clock, 2);
}

#[test]
fn the_graph_says_what_the_types_say() {
    let PhaseGraph { module, phases } = house::GRAPH;
    assert_eq!(module, "house");
    let house = phases.iter().find(|phase| phase.name == "House").expect("it is declared");
    assert_eq!(house.kind, PhaseKind::Resting);
    assert_eq!(house.carries, ["Left", "Right"]);
    assert_eq!(house.reaches, ["House", "Left", "Ground", "Right"]);
    assert_eq!(house.grants, ["Clock", "Counter"]);
    assert!(house::GRAPH.to_dot().contains("House -> Left"));
}
