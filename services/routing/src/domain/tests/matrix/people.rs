//! The people of the matrix, as they stand to a leg.

use super::scenes::{AUTHORITY, Scene};
use crate::domain::tests::world::{clerk, dispatcher, service};
use crate::domain::{Actor, Post, Standing, UnitId};

/// A unit that no order of the matrix is sent to.
const STRANGER: &str = "xz-yunlong";

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Dispatcher,
    OtherDispatcher,
    TeamLeader,
    Service,
    Inspector,
    SpecialTeam,
    LeadingGroup,
    Own,
    OwnLeader,
    Above,
    Foreign,
}

impl Who {
    /// Everybody.
    pub(super) const ALL: &[Self] = &[
        Self::Dispatcher,
        Self::OtherDispatcher,
        Self::TeamLeader,
        Self::Service,
        Self::Inspector,
        Self::SpecialTeam,
        Self::LeadingGroup,
        Self::Own,
        Self::OwnLeader,
        Self::Above,
        Self::Foreign,
    ];
}

impl Scene {
    /// As what somebody stands to this leg: the body above has some legs itself.
    pub(super) fn stands(&self, who: Who) -> Who {
        match who {
            Who::Above if self.unit == AUTHORITY => Who::Own,
            who => who,
        }
    }

    /// Somebody as they stand to this leg.
    pub(super) fn actor(&self, who: Who) -> Actor {
        let posted = |name: &str, post| Actor {
            name: name.into(),
            standing: Standing::Platform,
            posts: vec![post],
        };
        match who {
            Who::Dispatcher => dispatcher(),
            Who::OtherDispatcher => posted("d-2", Post::Platform),
            Who::TeamLeader => Actor {
                standing: Standing::TeamLeader,
                ..posted("l-1", Post::Platform)
            },
            Who::Service => service(),
            Who::Inspector => posted("i-1", Post::Inspector),
            Who::SpecialTeam => posted("s-1", Post::SpecialTeam),
            Who::LeadingGroup => posted("g-1", Post::LeadingGroup),
            Who::Own => clerk(&self.unit),
            Who::OwnLeader => leader(&self.unit),
            Who::Above => clerk(AUTHORITY),
            Who::Foreign => clerk(STRANGER),
        }
    }
}

/// The leader of a unit: what he answers leaves the unit at once.
pub(super) fn leader(unit: &str) -> Actor {
    Actor {
        name: format!("leader of {unit}"),
        standing: Standing::Unit(UnitId::new(unit)),
        posts: vec![Post::Leader],
    }
}
