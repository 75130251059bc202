//! Who is told of what: a pure decision from an event's payload, the caller's roles and unit, and the contract.
//!
//! Invariant: nobody is told that something changed which they may not read.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Roles of units: they see what their own unit handles.
pub const UNIT_ROLES: [&str; 3] = ["unit_clerk", "unit_section", "unit_leader"];
/// The role of the enterprise platform: it sees what has the enterprise label.
pub const ENTERPRISE_ROLE: &str = "enterprise_desk";

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The appeal in the register.
    Appeal,
    /// The order or one of its legs.
    Order,
    /// A clock.
    Clock,
    /// A call-back.
    Callback,
    /// A case of supervision.
    Supervision,
    /// The enterprise leg as its desk follows it.
    Enterprise,
    /// A thing of the desk that belongs to no order.
    Desk,
}

/// What a call at a seat does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RingState {
    /// It rings.
    Ringing,
    /// It was answered.
    Answered,
    /// It is over.
    Ended,
}

/// A call at a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ringing {
    /// The call.
    pub call_id: String,
    /// Agent whose call it is; empty for nobody's.
    pub agent: String,
    /// Number of the caller, masked.
    pub masked_number: String,
    /// Seat.
    pub seat: String,
    /// What it does.
    pub state: RingState,
}

/// What an event says to the desks: nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What changed; for a call, [`Kind::Desk`].
    pub kind: Kind,
    /// Short name of the event.
    pub event: String,
    /// Appeal or order; none for what belongs to no order.
    pub order: Option<Uuid>,
    /// Number that people read; may be empty.
    pub number: String,
    /// Units with a leg that the event names.
    pub units: BTreeSet<String>,
    /// The order has the enterprise label, or is the enterprise desk's.
    pub enterprise: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// The call, for an event about one.
    pub ring: Option<Ringing>,
}

/// Who watches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// Account.
    pub account: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Unit that the person works for.
    pub unit: Option<String>,
}

/// Which roles may read things of a kind, as the contract says.
pub type Readers = BTreeMap<Kind, BTreeSet<String>>;

/// How much of a notice somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Nothing.
    Nothing,
    /// That it changed for their own unit.
    OwnUnit,
    /// All of it.
    Whole,
}

/// How much of `notice` the viewer is told.
#[must_use]
pub fn sight(notice: &Notice, viewer: &Viewer, readers: &Readers) -> Sight {
    if let Some(ring) = &notice.ring {
        let is_own = !ring.agent.is_empty() && ring.agent == viewer.account;
        return if is_own { Sight::Whole } else { Sight::Nothing };
    }
    let by_role = |role: &String| {
        if !readers
            .get(&notice.kind)
            .is_some_and(|roles| roles.contains(role))
        {
            Sight::Nothing
        } else if UNIT_ROLES.contains(&role.as_str()) {
            let own = viewer
                .unit
                .as_ref()
                .is_some_and(|unit| notice.units.contains(unit));
            if own { Sight::OwnUnit } else { Sight::Nothing }
        } else if role == ENTERPRISE_ROLE && !notice.enterprise {
            Sight::Nothing
        } else {
            Sight::Whole
        }
    };
    viewer.roles.iter().map(by_role).max().unwrap_or(Sight::Nothing)
}

/// Whether the viewer sees that a person with these roles, of this unit, is at an order: units see their own people, the
/// enterprise desk its own, the platform's people everybody.
#[must_use]
pub fn sees_person(viewer: &Viewer, roles: &[String], unit: &str) -> bool {
    let is_platform = |role: &String| !UNIT_ROLES.contains(&role.as_str()) && role != ENTERPRISE_ROLE;
    if viewer.roles.iter().any(is_platform) {
        return true;
    }
    let same_unit = !unit.is_empty() && viewer.unit.as_deref() == Some(unit);
    let is_desk = |roles: &[String]| roles.iter().any(|role| role == ENTERPRISE_ROLE);
    same_unit || (is_desk(&viewer.roles) && is_desk(roles))
}

/// Whether the viewer may know what a person of `unit` (empty: the platform's own) is called: people of a unit learn the
/// names of their own unit alone, the platform's people everybody's.
#[must_use]
pub fn knows_name(viewer: &Viewer, unit: &str) -> bool {
    let is_unit = |role: &String| UNIT_ROLES.contains(&role.as_str());
    let of_unit = viewer.unit.is_some() || viewer.roles.iter().all(is_unit);
    !of_unit || (!unit.is_empty() && viewer.unit.as_deref() == Some(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 7] = [
        Kind::Appeal,
        Kind::Order,
        Kind::Clock,
        Kind::Callback,
        Kind::Supervision,
        Kind::Enterprise,
        Kind::Desk,
    ];

    const ROLES: [&str; 8] = [
        "agent",
        "dispatcher",
        "unit_clerk",
        "unit_section",
        "unit_leader",
        "enterprise_desk",
        "analyst",
        "audit_admin",
    ];

    fn readers() -> Readers {
        let of = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect();
        Readers::from([
            (Kind::Appeal, of(&["agent", "dispatcher", "enterprise_desk"])),
            (
                Kind::Order,
                of(&[
                    "agent",
                    "dispatcher",
                    "unit_clerk",
                    "unit_leader",
                    "enterprise_desk",
                ]),
            ),
        ])
    }

    fn notice(kind: Kind, unit: Option<&str>, enterprise: bool) -> Notice {
        Notice {
            kind,
            event: "LegSigned".into(),
            order: Some(Uuid::from_u128(1)),
            number: String::new(),
            units: unit.map(str::to_owned).into_iter().collect(),
            enterprise,
            at: DateTime::UNIX_EPOCH,
            ring: None,
        }
    }

    fn viewer(role: &str, unit: Option<&str>) -> Viewer {
        Viewer {
            account: "u-1".into(),
            roles: vec![role.into()],
            unit: unit.map(str::to_owned),
        }
    }

    #[test]
    fn every_role_is_told_what_it_may_read_and_of_its_own_unit_alone() {
        let readers = readers();
        for (kind, role) in KINDS.into_iter().flat_map(|kind| ROLES.map(|role| (kind, role))) {
            for named in [None, Some("own"), Some("foreign")] {
                for enterprise in [false, true] {
                    let seen = sight(
                        &notice(kind, named, enterprise),
                        &viewer(role, Some("own")),
                        &readers,
                    );
                    let reads = readers.get(&kind).is_some_and(|roles| roles.contains(role));
                    let expected = match role {
                        _ if !reads => Sight::Nothing,
                        "unit_clerk" | "unit_leader" if named == Some("own") => Sight::OwnUnit,
                        "unit_clerk" | "unit_leader" => Sight::Nothing,
                        "enterprise_desk" if !enterprise => Sight::Nothing,
                        _ => Sight::Whole,
                    };
                    assert_eq!(seen, expected, "{kind:?} {role} {named:?} {enterprise}");
                }
            }
        }
        let homeless = sight(
            &notice(Kind::Order, Some(""), true),
            &viewer("unit_clerk", None),
            &readers,
        );
        assert_eq!(homeless, Sight::Nothing, "without a unit nothing is one's own");
    }

    #[test]
    fn a_call_rings_for_its_agent_alone() {
        let mut ring = notice(Kind::Desk, None, false);
        let rings = |agent: &str| Ringing {
            call_id: "c".into(),
            agent: agent.into(),
            masked_number: "139****5432".into(),
            seat: "8001".into(),
            state: RingState::Ringing,
        };
        for role in ROLES {
            ring.ring = Some(rings("u-1"));
            assert_eq!(sight(&ring, &viewer(role, None), &readers()), Sight::Whole);
            ring.ring = Some(rings("u-2"));
            assert_eq!(sight(&ring, &viewer(role, None), &readers()), Sight::Nothing);
        }
        ring.ring = Some(rings(""));
        assert_eq!(sight(&ring, &Viewer::default(), &readers()), Sight::Nothing);
    }

    #[test]
    fn a_unit_never_learns_who_of_the_platform_looks_at_its_order() {
        let roles = |role: &str| vec![role.to_owned()];
        assert!(sees_person(
            &viewer("dispatcher", None),
            &roles("unit_clerk"),
            "u"
        ));
        assert!(sees_person(
            &viewer("unit_clerk", Some("u")),
            &roles("unit_leader"),
            "u"
        ));
        assert!(!sees_person(
            &viewer("unit_clerk", Some("u")),
            &roles("unit_clerk"),
            "v"
        ));
        assert!(!sees_person(
            &viewer("unit_clerk", None),
            &roles("dispatcher"),
            ""
        ));
        assert!(sees_person(
            &viewer("enterprise_desk", None),
            &roles("enterprise_desk"),
            ""
        ));
        assert!(!sees_person(
            &viewer("enterprise_desk", None),
            &roles("dispatcher"),
            ""
        ));
    }

    #[test]
    fn a_unit_learns_the_names_of_its_own_people_alone() {
        let clerk = viewer("unit_clerk", Some("u"));
        assert!(knows_name(&clerk, "u"));
        assert!(!knows_name(&clerk, "v") && !knows_name(&clerk, ""));
        let homeless = viewer("unit_clerk", None);
        assert!(!knows_name(&homeless, "u") && !knows_name(&homeless, ""));
        for role in ["dispatcher", "enterprise_desk", "audit_admin"] {
            let own = viewer(role, None);
            assert!(knows_name(&own, "u") && knows_name(&own, ""), "{role}");
        }
    }
}
