//! A unit's staff are shown the appellant of what the unit handles, for a reason, and nobody else's.

use std::sync::Arc;

use hotline_intake::Desk;
use hotline_proto::common::v1::{AppealType, LegFacts, LegKind, OrderFacts};
use hotline_proto::intake::v1::intake_service_server::IntakeService;
use hotline_proto::intake::v1::{self as proto, RegisterAppealRequest};
use hotline_proto::routing::v1 as routing;
use hotline_runtime::Caller;
use hotline_runtime::testing::calling;
use tonic::Code::{FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, ResourceExhausted};
use tonic::{Code, Request, Status};
use uuid::Uuid;

use crate::support::{House, appellant, by_agent, house, refused, request};

const REVEAL: &str = "/hotline.intake.v1.IntakeService/RevealAppellant";
const LEAD: &str = "xz-education";
const HELPER: &str = "xz-health";
const BELOW: &str = "xz-school";
const FOREIGN: &str = "xz-tax";
const REASON: &str = "联系诉求人核实情况";

fn facts(id: &str, round: i32) -> Option<OrderFacts> {
    Some(OrderFacts {
        order_id: id.into(),
        round,
        ..Default::default()
    })
}

/// The leg of a unit: one identifier an order, unit and round.
fn leg(id: &str, unit: &str, kind: LegKind, round: i32) -> Option<LegFacts> {
    let name = format!("{id} {unit} {round}");
    Some(LegFacts {
        leg_id: Uuid::from_u128(name.bytes().fold(1_u128, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u128::from(byte))
        }))
        .to_string(),
        kind: kind.into(),
        unit_id: unit.into(),
        round,
        ..Default::default()
    })
}

/// Asks as somebody of a unit, past the gate's role check and through the database's wall.
async fn asked(
    desk: &Desk,
    (role, unit): (&str, &str),
    appeal_id: &str,
    reason: &str,
) -> Result<proto::RevealAppellantResponse, Status> {
    let body = proto::RevealAppellantRequest {
        appeal_id: appeal_id.into(),
        reason: reason.into(),
    };
    let caller = Caller::new(format!("u-{role}-{unit}"), &[role]).of_unit(unit);
    let mut call = Request::new(body.clone());
    call.extensions_mut().insert(Arc::new(caller.clone()));
    calling(REVEAL, caller, &body, desk.reveal_appellant(call))
        .await
        .map(tonic::Response::into_inner)
}

impl House {
    /// An order at its lead, a co-handler and a unit below the lead.
    async fn in_hand(&self, request: RegisterAppealRequest) -> String {
        let answer = self.register(request).await.expect("registered");
        let id = answer.appeal.expect("an appeal").appeal_id;
        self.hear(routing::OrderOpened { facts: facts(&id, 1) }).await;
        for (unit, kind) in [
            (LEAD, LegKind::Lead),
            (HELPER, LegKind::CoHandle),
            (BELOW, LegKind::Delegated),
            ("xz-enterprise-platform", LegKind::Enterprise),
        ] {
            self.sent(&id, unit, kind, 1).await;
        }
        id
    }

    async fn sent(&self, id: &str, unit: &str, kind: LegKind, round: i32) {
        self.hear(routing::DepartmentLegDispatched {
            facts: facts(id, round),
            leg: leg(id, unit, kind, round),
            ..Default::default()
        })
        .await;
    }

    async fn ask(&self, of: (&str, &str), id: &str) -> Result<proto::RevealAppellantResponse, Status> {
        asked(&self.desk, of, id, REASON).await
    }
}

#[track_caller]
fn not_there(answer: Result<proto::RevealAppellantResponse, Status>) {
    refused(answer, NotFound, "appeal.not_found", "appeal_id", "");
}

#[track_caller]
fn refused_for(answer: Result<proto::RevealAppellantResponse, Status>, status: Code, code: &str) {
    refused(answer, status, code, "", "");
}

#[tokio::test]
async fn a_unit_is_shown_the_appellant_of_what_it_holds_while_it_is_handled_and_a_foreign_one_finds_nothing()
{
    let h = house().await;
    let mut with_identity = request("k");
    appellant(&mut with_identity).identity_number = "11010519491231002X".into();
    let id = h.in_hand(with_identity).await;
    for of in [
        ("unit_clerk", LEAD),
        ("unit_leader", HELPER),
        ("unit_section", BELOW),
    ] {
        let person = h.ask(of, &id).await.expect("shown").appellant.expect("somebody");
        let shown = (person.name.as_str(), person.telephone.as_str());
        assert_eq!(
            (shown, person.identity_number.as_str()),
            (("张三丰", "+8613812345678"), "")
        );
    }
    refused(
        asked(&h.desk, ("unit_clerk", LEAD), &id, "").await,
        InvalidArgument,
        "text.required",
        "reason",
        "",
    );
    let short = asked(&h.desk, ("unit_clerk", LEAD), &id, "核实").await;
    refused(short, InvalidArgument, "appellant.reveal_reason", "reason", "");
    for unit in [FOREIGN, "xz-enterprise-platform", "", "*"] {
        not_there(h.ask(("unit_leader", unit), &id).await);
    }
    not_there(
        h.ask(("unit_leader", LEAD), &Uuid::from_u128(9).to_string())
            .await,
    );
    // Whoever has a role of the platform besides, but none that is shown appellants, asks for their unit all the same.
    let both = Caller::new("u-both", &["unit_clerk", "dispatcher"]).of_unit(FOREIGN);
    let mut call = Request::new(proto::RevealAppellantRequest {
        appeal_id: id.clone(),
        reason: REASON.into(),
    });
    call.extensions_mut().insert(Arc::new(both));
    not_there(
        h.desk
            .reveal_appellant(call)
            .await
            .map(tonic::Response::into_inner),
    );
    let recorded = "SELECT count(*) FROM reveal WHERE actor LIKE 'u-unit%' AND reason = '联系诉求人核实情况'";
    assert_eq!(h.count(recorded).await, 3);
    let told = "SELECT count(*) FROM outbox WHERE type LIKE '%AppellantRevealed'";
    assert_eq!(h.count(told).await, 3);
    assert_eq!(
        h.count(
            "SELECT count(*) FROM (SELECT unit FROM audit UNION ALL SELECT unit FROM audit_waiting) told \
             WHERE unit = 'xz-school'"
        )
        .await,
        1
    );
    let line = h.timeline(&id).await.pop().expect("a line");
    assert_eq!(
        (line.text.as_str(), line.actor.as_str()),
        ("查看诉求人信息:联系诉求人核实情况", "u-unit_section-xz-school")
    );

    h.hear(routing::OrderSettled {
        facts: facts(&id, 1),
        ..Default::default()
    })
    .await;
    refused_for(
        h.ask(("unit_clerk", LEAD), &id).await,
        FailedPrecondition,
        "appellant.unit_ended",
    );
    h.hear(routing::OrderClosed {
        facts: facts(&id, 1),
        ..Default::default()
    })
    .await;
    refused_for(
        h.ask(("unit_clerk", LEAD), &id).await,
        FailedPrecondition,
        "appellant.unit_ended",
    );
    not_there(h.ask(("unit_clerk", FOREIGN), &id).await);
    assert_eq!(h.count("SELECT count(*) FROM reveal").await, 3);
}

#[tokio::test]
async fn a_leg_that_was_given_back_or_whose_round_is_over_shows_nobody() {
    let h = house().await;
    let id = h.in_hand(request("k")).await;
    for (unit, agreed) in [(LEAD, false), (HELPER, true)] {
        h.hear(routing::ReturnDecided {
            facts: facts(&id, 1),
            leg: leg(&id, unit, LegKind::Lead, 1),
            agreed,
            ..Default::default()
        })
        .await;
    }
    h.sent(&id, HELPER, LegKind::CoHandle, 1).await;
    not_there(h.ask(("unit_clerk", HELPER), &id).await);
    h.ask(("unit_clerk", LEAD), &id)
        .await
        .expect("its return was refused");
    h.hear(routing::OrderRedone {
        facts: facts(&id, 2),
        ..Default::default()
    })
    .await;
    not_there(h.ask(("unit_clerk", LEAD), &id).await);
    h.sent(&id, FOREIGN, LegKind::Lead, 2).await;
    h.ask(("unit_clerk", FOREIGN), &id)
        .await
        .expect("it handles it now");
}

#[tokio::test]
async fn a_unit_is_not_shown_who_asked_for_secrecy_gave_no_name_or_reported() {
    let h = house().await;
    let mut secret = request("secret");
    appellant(&mut secret).confidential = true;
    let mut nameless = request("nameless");
    appellant(&mut nameless).anonymous = true;
    appellant(&mut nameless).name.clear();
    nameless.r#type = AppealType::Consult.into();
    let report = RegisterAppealRequest {
        r#type: AppealType::Report.into(),
        ..request("report")
    };
    for (asked, code) in [
        (secret, "appellant.unit_secrecy"),
        (nameless, "appellant.unit_secrecy"),
        (report, "appellant.report_secret"),
    ] {
        let id = h.in_hand(asked).await;
        refused_for(h.ask(("unit_leader", LEAD), &id).await, PermissionDenied, code);
        not_there(h.ask(("unit_leader", FOREIGN), &id).await);
    }
    assert_eq!(h.count("SELECT count(*) FROM reveal").await, 0);
}

#[tokio::test]
async fn one_person_is_shown_so_many_appellants_within_an_hour_and_the_installation_as_many_as_its_work_needs()
 {
    let h = house().await;
    let id = h.in_hand(request("k")).await;
    let library = hotline_policy::Library::load(&h.rt.settings.deploy_dir.join("cities")).expect("cities");
    let city = library.city("xuzhou").expect("Xuzhou");
    let intake = hotline_intake::Intake::new(h.bus.clone(), Arc::clone(&h.rt.vault), Arc::new(library), city);
    let desk = Desk::new(Arc::new(intake.showing_at_most(2)));
    let clerk = ("unit_clerk", LEAD);
    for _ in 0..2 {
        asked(&desk, clerk, &id, REASON).await.expect("shown");
    }
    h.advance(3_599);
    refused_for(
        asked(&desk, clerk, &id, REASON).await,
        ResourceExhausted,
        "appellant.reveal_limit",
    );
    asked(&desk, ("unit_clerk", HELPER), &id, REASON)
        .await
        .expect("somebody else");
    let again = || proto::RevealAppellantRequest {
        appeal_id: id.clone(),
        reason: REASON.into(),
    };
    for _ in 0..2 {
        desk.reveal_appellant(by_agent(again())).await.expect("shown");
    }
    refused(
        desk.reveal_appellant(by_agent(again())).await,
        ResourceExhausted,
        "appellant.reveal_limit",
        "",
        "",
    );
    for _ in 0..4 {
        let call = crate::support::by(&["service"], again());
        desk.reveal_appellant(call).await.expect("shown");
    }
    h.advance(1);
    asked(&desk, clerk, &id, REASON).await.expect("an hour later");
    assert_eq!(h.count("SELECT count(*) FROM reveal").await, 10);
}
