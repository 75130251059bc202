//! The columns of the matrix: orders in every state with a leg in every state, and the people who act on them.

use hotline_policy::{AcceptanceWay, AppealType};

use super::people::leader;
use crate::domain::dossier::AcceptanceVerdict;
use crate::domain::tests::world::{
    GULOU, HOUSING, TOWN, WATER, World, agree, clerk, day, dispatcher, draft, leg_of, monday, send_to,
};
use crate::domain::{
    AcceptanceDraft, Actor, Command, ExtensionDraft, Facts, Findings, Heard, LegCommand, LegId, Order,
    OrderId, Outcome, Post, Proof, ReplyFault, ReturnDraft, Standing, State, Subject, UnitId, Verdict,
};

/// The body above every unit of these scenes; it decides whose duty a matter is.
pub(super) const AUTHORITY: &str = "xz-authority";

/// The columns, in order.
pub(super) const NAMES: &[&str] = &[
    "pool",
    "claimed",
    "asked",
    "found",
    "to_sign",
    "signed",
    "return_asked",
    "extension_asked",
    "submitted",
    "replied",
    "sent_back",
    "approved",
    "all_approved",
    "returned",
    "disputed",
    "redone",
    "escalated",
    "settled",
    "closed",
    "archived",
    "withdrawn",
    "whistled",
    "agreed",
    "met",
    "failed",
    "opinion_asked",
    "opinion_issued",
    "delegated",
    "enterprise",
    "co_handler",
];

/// An order, and the leg that the commands are about.
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) order: Order,
    pub(super) leg: LegId,
    pub(super) unit: String,
}

impl Scene {
    /// No order at all: only to ask a command for its name.
    pub(super) fn none() -> Self {
        let subject = Subject::default();
        let facts: Facts = serde_json::from_value(serde_json::json!({
            "number": "", "policy_id": "", "policy_version": "", "appeal_type": "help", "channel": "telephone",
            "desk": "hotline", "urgency": "normal", "category": "", "division": "", "labels": [],
        }))
        .expect("facts");
        Self {
            name: "none",
            order: Order::opened(OrderId(uuid::Uuid::nil()), facts, subject, monday("09:00")),
            leg: LegId(uuid::Uuid::nil()),
            unit: String::new(),
        }
    }
}

/// A request for return with all that the policy of the matrix asks for.
pub(super) fn return_draft() -> ReturnDraft {
    ReturnDraft {
        basis: "不属职责".into(),
        suggestion: "转他处".into(),
        proposed: None,
        proof: proof(),
    }
}

/// A request for a day more, likewise.
pub(super) fn extension_draft() -> ExtensionDraft {
    ExtensionDraft {
        reason: "待鉴定".into(),
        amount: "1 working day".parse().expect("a limit"),
        basis: "条例".into(),
        told: "已告知".into(),
        proof: proof(),
    }
}

fn proof() -> Proof {
    Proof {
        explanation: "书面说明".into(),
        signed_by: "主要负责人".into(),
        sealed: true,
        evidence: Vec::new(),
    }
}

/// What the acceptor hands in.
pub(super) fn acceptance(verdict: AcceptanceVerdict) -> Command {
    Command::Accept(AcceptanceDraft {
        verdict,
        ways: vec![AcceptanceWay::Text],
        words: "已核验".into(),
        evidence: Vec::new(),
    })
}

/// Makes an order what the scene of this name needs.
pub(super) fn scene(world: &World, name: &str) -> Scene {
    let name = *NAMES.iter().find(|known| **known == name).expect("a scene");
    let mut life = Life::begun(world, name);
    let (mut leg, mut unit) = (None, GULOU);
    match name {
        "pool" => life.order = world.opened(AppealType::Help, &[]),
        "claimed" => life.claimed(),
        "asked" => life.asked(),
        "found" => life.found(),
        "to_sign" => {}
        "returned" => life.returned(GULOU, false),
        "disputed" => {
            life.returned(GULOU, false);
            life.by(&dispatcher(), Command::Claim);
            life.by(&dispatcher(), send_to(WATER, &[]));
            life.returned(WATER, true);
            unit = WATER;
        }
        "withdrawn" => life.heard(Heard::Withdrawn {
            reason: "撤回".into(),
        }),
        "enterprise" => {
            leg = life.order.enterprise_leg().map(|leg| leg.id);
            unit = "xz-enterprise-platform";
        }
        "redone" => {
            life.settled();
            life.by(
                &dispatcher(),
                Command::Redo {
                    reason: "重办".into(),
                },
            );
        }
        "escalated" => {
            life.settled();
            life.heard(Heard::Judged {
                round: 1,
                verdict: Verdict::Escalate,
                reason: "提级".into(),
            });
            unit = AUTHORITY;
        }
        "settled" => life.settled(),
        "closed" => life.closed(),
        "archived" => {
            life.closed();
            life.by(&dispatcher(), Command::Archive);
        }
        "all_approved" => life.approved(&[GULOU, HOUSING]),
        "failed" => {
            life.approved(&[GULOU, HOUSING]);
            let responsible = vec![UnitId::new(GULOU)];
            let cooperating = Vec::new();
            life.by_post(
                Post::SpecialTeam,
                acceptance(AcceptanceVerdict::Failed {
                    responsible,
                    cooperating,
                }),
            );
        }
        "co_handler" => {
            life.signed(HOUSING);
            unit = HOUSING;
        }
        "delegated" => {
            life.signed(GULOU);
            life.delegated();
            unit = TOWN;
        }
        _ => {
            life.signed(GULOU);
            life.worked(name);
        }
    }
    let known = life.order.legs.iter().rev().find(|leg| leg.unit.as_str() == unit);
    let leg = leg
        .or(known.map(|leg| leg.id))
        .unwrap_or(LegId(uuid::Uuid::nil()));
    Scene {
        name,
        order: life.order,
        leg,
        unit: unit.into(),
    }
}

/// An order on its way to a scene.
struct Life<'w> {
    world: &'w World,
    order: Order,
}

impl<'w> Life<'w> {
    /// With its units: the county leads, Housing helps.
    fn begun(world: &'w World, name: &str) -> Self {
        let labels: &[&str] = if name == "enterprise" {
            &["enterprise"]
        } else {
            &[]
        };
        let mut life = Self {
            world,
            order: world.opened(AppealType::Help, labels),
        };
        if !["pool", "claimed", "asked", "found"].contains(&name) {
            life.claimed();
            life.by(&dispatcher(), send_to(GULOU, &[HOUSING]));
        }
        life
    }

    fn by(&mut self, actor: &Actor, command: Command) {
        self.world.ok(&mut self.order, actor, &command, monday("09:30"));
    }

    fn by_post(&mut self, post: Post, command: Command) {
        let actor = Actor {
            name: "p-1".into(),
            standing: Standing::Platform,
            posts: vec![post],
        };
        self.by(&actor, command);
    }

    fn heard(&mut self, heard: Heard) {
        self.world.hear(&mut self.order, &heard, monday("10:00"));
    }

    fn leg(&mut self, actor: &Actor, unit: &str, command: LegCommand) {
        let leg = leg_of(&self.order, unit);
        self.by(actor, Command::Leg(leg, command));
    }

    fn claimed(&mut self) {
        self.by(&dispatcher(), Command::Claim);
    }

    fn asked(&mut self) {
        self.claimed();
        let (body, question) = (UnitId::new(AUTHORITY), "由谁办理".into());
        self.by(&dispatcher(), Command::AskDuty { body, question });
    }

    fn found(&mut self) {
        self.asked();
        let found = crate::domain::FindingDraft {
            lead: Some(UnitId::new(HOUSING)),
            words: "由住建牵头".into(),
            ..Default::default()
        };
        self.by(&dispatcher(), Command::RecordDuty(found));
    }

    fn signed(&mut self, unit: &str) {
        self.leg(&clerk(unit), unit, LegCommand::Sign);
    }

    fn returned(&mut self, unit: &str, twice: bool) {
        self.leg(&clerk(unit), unit, LegCommand::RequestReturn(return_draft()));
        let leg = leg_of(&self.order, unit);
        self.by_post(
            Post::Inspector,
            Command::Leg(leg, LegCommand::DecideReturn(agree())),
        );
        assert_eq!(matches!(self.order.state, State::Disputed { .. }), twice);
    }

    fn delegated(&mut self) {
        let (unit, due_at) = (UnitId::new(TOWN), Some(day(4, "10:00")));
        self.leg(&clerk(GULOU), GULOU, LegCommand::Delegate { unit, due_at });
    }

    fn replied(&mut self, unit: &str) {
        self.leg(&leader(unit), unit, LegCommand::Reply(Box::new(draft())));
    }

    fn approved(&mut self, units: &[&str]) {
        for unit in units {
            if self
                .order
                .leg(leg_of(&self.order, unit))
                .expect("a leg")
                .times
                .signed
                .is_none()
            {
                self.signed(unit);
            }
            self.replied(unit);
            self.leg(&dispatcher(), unit, LegCommand::Review(Findings::Approve));
        }
    }

    fn settled(&mut self) {
        self.approved(&[GULOU, HOUSING]);
        self.by_post(Post::SpecialTeam, acceptance(AcceptanceVerdict::Passed));
    }

    fn closed(&mut self) {
        self.settled();
        let (outcome, reason) = (Outcome::Final, "终结".into());
        self.by(&dispatcher(), Command::Close { outcome, reason });
    }

    /// What the lead did with its signed leg.
    fn worked(&mut self, name: &str) {
        let own = clerk(GULOU);
        match name {
            "signed" => {}
            "return_asked" => self.leg(&own, GULOU, LegCommand::RequestReturn(return_draft())),
            "extension_asked" => {
                let command = LegCommand::RequestExtension(Box::new(extension_draft()));
                let leg = leg_of(&self.order, GULOU);
                self.world.ok(
                    &mut self.order,
                    &own,
                    &Command::Leg(leg, command),
                    day(3, "09:10"),
                );
            }
            "submitted" => self.leg(&own, GULOU, LegCommand::Reply(Box::new(draft()))),
            "replied" => self.replied(GULOU),
            "sent_back" => {
                self.replied(GULOU);
                let (faults, reason) = (vec![ReplyFault::NotConcrete], "不具体".into());
                let back = LegCommand::Review(Findings::SendBack { faults, reason });
                self.leg(&dispatcher(), GULOU, back);
            }
            "approved" => self.approved(&[GULOU]),
            "opinion_asked" | "opinion_issued" => self.opinion(name == "opinion_issued"),
            _ => self.whistled(name),
        }
    }

    fn opinion(&mut self, issued: bool) {
        self.replied(GULOU);
        self.by(
            &dispatcher(),
            Command::AskOpinion {
                note: "要书面".into(),
            },
        );
        if issued {
            let words = "意见".into();
            self.leg(&clerk(GULOU), GULOU, LegCommand::IssueOpinion { words });
        }
    }

    fn whistled(&mut self, name: &str) {
        let (matter, units) = ("管网".into(), vec![UnitId::new(HOUSING)]);
        self.leg(&clerk(GULOU), GULOU, LegCommand::BlowWhistle { matter, units });
        if name != "whistled" {
            self.by(&dispatcher(), Command::DecideWhistle(agree()));
        }
        if name == "met" {
            let duties = vec![(UnitId::new(HOUSING), "查房".into())];
            let minutes = "纪要".into();
            self.by(&clerk(GULOU), Command::MeetWhistle { minutes, duties });
        }
    }
}
