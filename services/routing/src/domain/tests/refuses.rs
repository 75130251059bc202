//! The table of refusals: who asks what of which order, and why not.

use hotline_policy::{AppealType, Refusal};

use super::world::{
    GULOU, HOUSING, TOWN, WATER, World, ask_extension, ask_return, clerk, day, dispatcher, draft, leg_of,
    monday, reply, send_to, service,
};
use crate::domain::{
    Actor, Command, Dispatch, Findings, Heard, LegCommand, LegId, Order, Outcome, Post, ReplyDraft, Standing,
    UnitId,
};

#[track_caller]
pub(super) fn refused(world: &World, order: &Order, actor: &Actor, command: &Command, code: &str) -> Refusal {
    refused_at(world, order, actor, command, "11:00", code)
}

#[track_caller]
fn refused_at(
    world: &World,
    order: &Order,
    actor: &Actor,
    command: &Command,
    time: &str,
    code: &str,
) -> Refusal {
    let refusal = world.decide(order, actor, command, monday(time)).expect_err(code);
    assert_eq!(refusal.code.id, code, "{refusal}");
    refusal
}

#[track_caller]
pub(super) fn unit_refused(
    world: &World,
    order: &Order,
    unit: &str,
    command: LegCommand,
    code: &str,
) -> Refusal {
    refused(
        world,
        order,
        &clerk(unit),
        &Command::Leg(leg_of(order, unit), command),
        code,
    )
}

#[track_caller]
pub(super) fn desk_refused(
    world: &World,
    order: &Order,
    unit: &str,
    command: LegCommand,
    code: &str,
) -> Refusal {
    refused(
        world,
        order,
        &dispatcher(),
        &Command::Leg(leg_of(order, unit), command),
        code,
    )
}

fn other_dispatcher() -> Actor {
    Actor {
        name: "d-2".into(),
        standing: Standing::Platform,
        posts: vec![Post::Platform],
    }
}

#[test]
fn the_pool_belongs_to_who_claims_first() {
    let world = World::xuzhou();
    let mut order = world.opened(AppealType::Help, &[]);
    refused(
        &world,
        &order,
        &dispatcher(),
        &Command::Release,
        "order.not_claimed",
    );
    refused(
        &world,
        &order,
        &dispatcher(),
        &send_to(HOUSING, &[]),
        "order.not_claimed",
    );
    world.ok(&mut order, &dispatcher(), &Command::Claim, monday("09:10"));
    refused(
        &world,
        &order,
        &other_dispatcher(),
        &Command::Claim,
        "order.claimed",
    );
    refused(
        &world,
        &order,
        &other_dispatcher(),
        &Command::Release,
        "order.not_claimer",
    );
    refused(
        &world,
        &order,
        &other_dispatcher(),
        &send_to(HOUSING, &[]),
        "order.not_claimer",
    );
    refused(
        &world,
        &order,
        &service(),
        &send_to(HOUSING, &[]),
        "order.not_claimer",
    );
    let leader = Actor {
        name: "l-1".into(),
        standing: Standing::TeamLeader,
        posts: vec![Post::Platform],
    };
    world.ok(&mut order, &leader, &Command::Release, monday("09:20"));
}

#[test]
fn a_dispatch_names_known_units_once() {
    let world = World::xuzhou();
    let mut order = world.opened(AppealType::Help, &[]);
    world.ok(&mut order, &dispatcher(), &Command::Claim, monday("09:10"));
    let send = |lead: &str, co: &[&str], code: &str| {
        refused(&world, &order, &dispatcher(), &send_to(lead, co), code)
    };
    assert_eq!(
        send("xz-nobody", &[], "unit.unknown").field.as_deref(),
        Some("lead_unit_id")
    );
    send(HOUSING, &["xz-nobody"], "unit.unknown");
    send(HOUSING, &[HOUSING], "dispatch.unit_twice");
    send(HOUSING, &[GULOU, GULOU], "dispatch.unit_twice");
    send(HOUSING, &[GULOU; 21], "dispatch.units_too_many");
    refused(
        &world,
        &order,
        &dispatcher(),
        &Command::Determine(Dispatch::default()),
        "order.state",
    );
}

#[test]
fn another_unit_has_no_say() {
    let world = World::xuzhou();
    let order = world.sent(AppealType::Help, &["enterprise"]);
    let leg = leg_of(&order, HOUSING);
    for command in [
        LegCommand::Acknowledge,
        LegCommand::Sign,
        ask_return(None),
        ask_extension("1 working day"),
        reply(),
    ] {
        refused(
            &world,
            &order,
            &clerk(WATER),
            &Command::Leg(leg, command.clone()),
            "leg.not_yours",
        );
        if command != LegCommand::Acknowledge {
            refused(
                &world,
                &order,
                &dispatcher(),
                &Command::Leg(leg, command),
                "leg.not_yours",
            );
        }
    }
    let unknown = Command::Leg(LegId(uuid::Uuid::nil()), LegCommand::Sign);
    refused(&world, &order, &clerk(HOUSING), &unknown, "leg.not_found");
}

#[test]
fn the_enterprise_leg_is_followed_never_handled() {
    let world = World::xuzhou();
    let order = world.sent(AppealType::Help, &["enterprise"]);
    let leg = order.enterprise_leg().expect("sent").id;
    let desk = clerk("xz-enterprise-platform");
    for command in [
        LegCommand::Sign,
        ask_return(None),
        reply(),
        LegCommand::RecordContact { note: "x".into() },
    ] {
        let refusal = refused(
            &world,
            &order,
            &desk,
            &Command::Leg(leg, command),
            "leg.followed_only",
        );
        assert_eq!(refusal.article.as_deref(), Some("2"));
    }
    let approve = Command::Leg(leg, LegCommand::Review(Findings::Approve));
    refused(&world, &order, &dispatcher(), &approve, "leg.followed_only");
}

#[test]
fn a_leg_is_signed_once_and_worked_on_afterwards() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    let note = || LegCommand::RecordContact {
        note: "已联系".into(),
    };
    let refusal = unit_refused(&world, &order, HOUSING, note(), "leg.state");
    assert!(refusal.detail.contains("to_sign"), "{}", refusal.detail);
    unit_refused(&world, &order, HOUSING, reply(), "leg.state");
    unit_refused(
        &world,
        &order,
        HOUSING,
        ask_extension("1 working day"),
        "leg.state",
    );
    desk_refused(
        &world,
        &order,
        HOUSING,
        LegCommand::Review(Findings::Approve),
        "leg.state",
    );
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    unit_refused(&world, &order, HOUSING, LegCommand::Sign, "leg.state");
    unit_refused(
        &world,
        &order,
        HOUSING,
        LegCommand::RecordContact { note: "  ".into() },
        "text.missing",
    );
}

#[test]
fn a_leg_goes_down_only_and_with_a_shorter_limit() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    world.unit(&mut order, GULOU, LegCommand::Sign, monday("10:00"));
    let down = |unit: &str, due| LegCommand::Delegate {
        unit: UnitId::new(unit),
        due_at: Some(due),
    };
    unit_refused(
        &world,
        &order,
        GULOU,
        down(WATER, day(3, "10:00")),
        "delegate.unit_not_below",
    );
    unit_refused(
        &world,
        &order,
        GULOU,
        down("xz-nobody", day(3, "10:00")),
        "unit.unknown",
    );
    unit_refused(
        &world,
        &order,
        GULOU,
        down(TOWN, day(9, "17:30")),
        "delegate.due_not_before",
    );
    unit_refused(
        &world,
        &order,
        GULOU,
        down(TOWN, monday("11:00")),
        "delegate.due_not_before",
    );
    world.unit(&mut order, GULOU, down(TOWN, day(3, "10:00")), monday("10:10"));
    unit_refused(
        &world,
        &order,
        GULOU,
        down(TOWN, day(4, "10:00")),
        "delegate.already",
    );
    unit_refused(&world, &order, GULOU, ask_return(None), "return.barred");
    unit_refused(&world, &order, TOWN, ask_return(None), "return.barred");
    world.unit(&mut order, TOWN, LegCommand::Sign, monday("10:20"));
    unit_refused(
        &world,
        &order,
        TOWN,
        ask_extension("1 working day"),
        "extension.barred",
    );
    world.unit(&mut order, TOWN, reply(), monday("10:30"));
    desk_refused(
        &world,
        &order,
        TOWN,
        LegCommand::Review(Findings::Approve),
        "review.delegated",
    );
}

#[test]
fn a_reply_carries_what_the_policy_requires() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    let without = |change: fn(&mut ReplyDraft), field: &str| {
        let mut reply = draft();
        change(&mut reply);
        let refusal = unit_refused(
            &world,
            &order,
            HOUSING,
            LegCommand::Reply(Box::new(reply)),
            "reply.incomplete",
        );
        assert_eq!(refusal.field.as_deref(), Some(field));
    };
    without(|reply| reply.action.clear(), "reply.action");
    without(|reply| reply.office.clear(), "reply.office");
    without(|reply| reply.handler.clear(), "reply.handler");
    without(|reply| reply.told.clear(), "reply.told");
    without(|reply| reply.internal_text.clear(), "reply.internal_text");
    without(|reply| reply.public_text = "  ".into(), "reply.public_text");
    without(|reply| reply.result = None, "reply.result");
}

#[test]
fn a_reply_is_sent_back_with_its_faults() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    world.unit(&mut order, HOUSING, reply(), monday("10:10"));
    unit_refused(&world, &order, HOUSING, reply(), "leg.state");
    unit_refused(&world, &order, HOUSING, ask_return(None), "leg.state");
    let bare = Findings::SendBack {
        faults: Vec::new(),
        reason: "x".into(),
    };
    let refusal = desk_refused(
        &world,
        &order,
        HOUSING,
        LegCommand::Review(bare),
        "review.faults_missing",
    );
    assert_eq!(refusal.article.as_deref(), Some("12(4)"));
}

#[test]
fn a_state_that_does_not_fit_is_named() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    let close = |outcome| Command::Close {
        outcome,
        reason: "x".into(),
    };
    let redo = Command::Redo { reason: "x".into() };
    for command in [
        &Command::Claim,
        &Command::Release,
        &send_to(WATER, &[]),
        &close(Outcome::Final),
        &redo,
        &Command::Archive,
    ] {
        let refusal = refused(&world, &order, &dispatcher(), command, "order.state");
        assert!(refusal.detail.ends_with("is handling"), "{}", refusal.detail);
    }
    world.hear(
        &mut order,
        &Heard::Withdrawn { reason: "x".into() },
        monday("10:00"),
    );
    let sign = Command::Leg(order.legs[0].id, LegCommand::Sign);
    let refusal = refused(&world, &order, &clerk(HOUSING), &sign, "order.state");
    assert!(refusal.detail.ends_with("is withdrawn"), "{}", refusal.detail);
    let arrived = Command::Leg(order.legs[0].id, LegCommand::Acknowledge);
    refused(&world, &order, &clerk(HOUSING), &arrived, "leg.state");
}

#[test]
fn closing_by_hand_is_exclusion_or_the_end_with_its_reason() {
    let world = World::xuzhou();
    let order = world.settled(AppealType::Help);
    let close = |outcome, reason: &str| Command::Close {
        outcome,
        reason: reason.into(),
    };
    refused(
        &world,
        &order,
        &dispatcher(),
        &close(Outcome::Satisfied, "x"),
        "value.unknown",
    );
    refused(
        &world,
        &order,
        &dispatcher(),
        &close(Outcome::Final, ""),
        "text.missing",
    );
    refused(
        &world,
        &order,
        &dispatcher(),
        &Command::Redo {
            reason: String::new(),
        },
        "text.missing",
    );
}

#[test]
fn a_stale_version_is_refused_and_nought_is_any() {
    let mut order = World::xuzhou().opened(AppealType::Help, &[]);
    order.version = 7;
    assert!(order.require_version(0).is_ok() && order.require_version(7).is_ok());
    let refusal = order.require_version(6).expect_err("stale");
    assert_eq!(
        (refusal.code.id, refusal.field.as_deref()),
        ("order.stale", Some("version"))
    );
}
