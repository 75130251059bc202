//! Lives that gather more than legs: whose duty it is, levels inside the unit, a whistle, a written opinion.

use hotline_policy::{AcceptanceWay, AppealType, ApprovalLevel};

use super::world::{
    GULOU, HOUSING, WATER, World, agree, clerk, day, dispatcher, draft, leg, leg_of, monday, refuse, send_to,
};
use crate::domain::dossier::{AcceptanceVerdict, Followed, StatementKind, WhistleState};
use crate::domain::{
    AcceptanceDraft, Actor, Command, Due, FindingDraft, Findings, LegCommand, LegState, Order, Outcome, Post,
    Standing, State, StatementDraft, UnitChoice, UnitId, printed,
};

fn posted(name: &str, standing: Standing, post: Post) -> Actor {
    Actor {
        name: name.into(),
        standing,
        posts: vec![post],
    }
}

fn of_unit(unit: &str, post: Post) -> Actor {
    posted(
        &format!("{post:?} of {unit}"),
        Standing::Unit(UnitId::new(unit)),
        post,
    )
}

fn special_team() -> Actor {
    posted("s-1", Standing::Platform, Post::SpecialTeam)
}

fn on_leg(order: &Order, unit: &str, command: LegCommand) -> Command {
    Command::Leg(leg_of(order, unit), command)
}

/// The county leads, Housing helps, both have signed.
fn signed(world: &World) -> Order {
    let mut order = world.opened(AppealType::Help, &[]);
    world.ok(&mut order, &dispatcher(), &Command::Claim, monday("09:10"));
    world.ok(
        &mut order,
        &dispatcher(),
        &send_to(GULOU, &[HOUSING]),
        monday("09:30"),
    );
    for unit in [GULOU, HOUSING] {
        world.unit(&mut order, unit, LegCommand::Sign, monday("10:00"));
    }
    order
}

fn answered(world: &World, order: &mut Order, unit: &str) {
    let reply = on_leg(order, unit, LegCommand::Reply(Box::new(draft())));
    world.ok(order, &of_unit(unit, Post::Leader), &reply, day(3, "10:00"));
    world.desk(
        order,
        unit,
        LegCommand::Review(Findings::Approve),
        day(3, "10:10"),
    );
}

fn accepted(verdict: AcceptanceVerdict) -> Command {
    Command::Accept(AcceptanceDraft {
        verdict,
        ways: vec![AcceptanceWay::OnSite],
        words: "现场核验".into(),
        evidence: Vec::new(),
    })
}

fn units_of(order: &Order) -> Vec<&str> {
    order.units().into_iter().map(UnitId::as_str).collect()
}

#[test]
fn what_a_body_found_binds_the_next_sending_and_is_then_done() {
    let world = World::matrix();
    let mut order = world.opened(AppealType::Help, &[]);
    let (body, question) = (UnitId::new("xz-authority"), "由谁办理".into());
    world.ok(
        &mut order,
        &dispatcher(),
        &Command::AskDuty { body, question },
        monday("09:10"),
    );
    assert!(matches!(order.state, State::Disputed { .. }) && order.dossier.question.is_some());
    assert_eq!(units_of(&order), ["xz-authority"], "who is asked");
    let found = FindingDraft {
        participants: Vec::new(),
        lead: Some(UnitId::new(WATER)),
        words: "由水务牵头".into(),
    };
    world.ok(
        &mut order,
        &clerk("xz-authority"),
        &Command::RecordDuty(found),
        monday("09:20"),
    );
    assert!(order.dossier.question.is_none());
    assert_eq!(units_of(&order), ["xz-authority"], "who found");
    assert_eq!(
        order.dossier.binding().map(|finding| finding.lead.as_str()),
        Some(WATER)
    );
    let fixed = Command::Determine(crate::domain::Dispatch {
        lead: Some(UnitId::new(WATER)),
        basis: "依认定意见".into(),
        ..Default::default()
    });
    world.ok(&mut order, &dispatcher(), &fixed, monday("09:30"));
    assert_eq!(units_of(&order), ["xz-authority", WATER], "who has a leg besides");
    assert_eq!(
        (&order.state, order.unit_choice),
        (&State::Handling, UnitChoice::Determined)
    );
    assert!(order.dossier.binding().is_none());
    assert_eq!(order.dossier.findings[0].followed, Followed::Done);
}

#[test]
fn a_reply_leaves_its_unit_when_every_level_above_its_author_has_read_it() {
    let world = World::matrix();
    let mut order = signed(&world);
    world.unit(
        &mut order,
        GULOU,
        LegCommand::Reply(Box::new(draft())),
        monday("11:00"),
    );
    let waits = |order: &Order| match &leg(order, GULOU).state {
        LegState::Submitted { awaits, .. } => Some(*awaits),
        _ => None,
    };
    assert_eq!(waits(&order), Some(ApprovalLevel::Section));
    let section = of_unit(GULOU, Post::Section);
    let withhold = on_leg(&order, GULOU, LegCommand::DecideInside(refuse()));
    world.ok(&mut order, &section, &withhold, monday("11:10"));
    assert_eq!(leg(&order, GULOU).state, LegState::Signed);
    world.unit(
        &mut order,
        GULOU,
        LegCommand::Reply(Box::new(draft())),
        monday("11:20"),
    );
    let pass = on_leg(&order, GULOU, LegCommand::DecideInside(agree()));
    world.ok(&mut order, &section, &pass, monday("11:30"));
    assert_eq!(waits(&order), Some(ApprovalLevel::Leader));
    world.ok(&mut order, &of_unit(GULOU, Post::Leader), &pass, monday("11:40"));
    assert!(matches!(leg(&order, GULOU).state, LegState::Replied(_)));
    let said: Vec<_> = leg(&order, GULOU)
        .approvals
        .iter()
        .map(|one| (one.level, one.approved))
        .collect();
    let (section, leader) = (ApprovalLevel::Section, ApprovalLevel::Leader);
    assert_eq!(said, [(section, false), (section, true), (leader, true)]);
    // A head of section's own reply waits for the leader alone.
    let own = on_leg(&order, HOUSING, LegCommand::Reply(Box::new(draft())));
    world.ok(
        &mut order,
        &of_unit(HOUSING, Post::Section),
        &own,
        monday("11:50"),
    );
    let awaits = |state: &LegState| {
        matches!(
            state,
            LegState::Submitted {
                awaits: ApprovalLevel::Leader,
                ..
            }
        )
    };
    assert!(awaits(&leg(&order, HOUSING).state));
}

#[test]
fn a_whistle_gives_each_unit_its_duty_and_those_who_fail_do_it_again_and_explain() {
    let world = World::matrix();
    let mut order = signed(&world);
    let (matter, units) = ("管网权属".into(), vec![UnitId::new(HOUSING), UnitId::new(WATER)]);
    world.unit(
        &mut order,
        GULOU,
        LegCommand::BlowWhistle { matter, units },
        monday("11:00"),
    );
    world.ok(
        &mut order,
        &dispatcher(),
        &Command::DecideWhistle(agree()),
        monday("11:10"),
    );
    let duties =
        [(HOUSING, "查房"), (WATER, "修管")].map(|(unit, duty)| (UnitId::new(unit), duty.to_owned()));
    let meet = Command::MeetWhistle {
        minutes: "会议纪要".into(),
        duties: duties.to_vec(),
    };
    world.ok(&mut order, &clerk(GULOU), &meet, monday("11:20"));
    let state = order.dossier.whistle.as_ref().map(|one| &one.state);
    let Some(WhistleState::Met(meeting)) = state else {
        panic!("the meeting was held: {state:?}");
    };
    assert_eq!(meeting.duties, duties);
    world.unit(&mut order, WATER, LegCommand::Sign, monday("11:30"));
    for unit in [GULOU, HOUSING, WATER] {
        assert!(!order.awaits_acceptance());
        answered(&world, &mut order, unit);
    }
    assert!(order.awaits_acceptance() && order.state == State::Handling);
    let failed = AcceptanceVerdict::Failed {
        responsible: vec![UnitId::new(WATER)],
        cooperating: vec![UnitId::new(HOUSING)],
    };
    world.ok(&mut order, &special_team(), &accepted(failed), day(3, "11:00"));
    let due = Due::at(&leg(&order, WATER).due);
    assert_eq!(due, Some(day(6, "17:30")), "three working days");
    assert!(matches!(leg(&order, HOUSING).state, LegState::SentBack(_)));
    assert!(matches!(leg(&order, GULOU).state, LegState::Approved(_)));
    let owed: Vec<_> = order
        .dossier
        .owed()
        .map(|one| (one.unit.as_str(), one.kind))
        .collect();
    assert_eq!(owed, [(WATER, StatementKind::AcceptanceFailed)]);
    for unit in [HOUSING, WATER] {
        answered(&world, &mut order, unit);
    }
    let pass = accepted(AcceptanceVerdict::Passed);
    let early = world
        .decide(&order, &special_team(), &pass, day(3, "12:00"))
        .expect_err("a statement is owed");
    assert_eq!(early.code.id, "statement.missing");
    let statement = StatementDraft {
        text: "情况说明".into(),
        signed_by: "主要负责人".into(),
        sealed: true,
        document: None,
    };
    world.ok(
        &mut order,
        &clerk(WATER),
        &Command::FileStatement(statement),
        day(3, "12:10"),
    );
    world.ok(&mut order, &special_team(), &pass, day(3, "12:20"));
    assert_eq!(order.state, State::Settled);
    assert_eq!(order.dossier.acceptances.len(), 2);
}

#[test]
fn a_whistle_that_was_refused_may_be_blown_again_in_the_round() {
    let world = World::matrix();
    let mut order = signed(&world);
    let blow = || LegCommand::BlowWhistle {
        matter: "管网".into(),
        units: vec![UnitId::new(HOUSING)],
    };
    world.unit(&mut order, GULOU, blow(), monday("11:00"));
    world.ok(
        &mut order,
        &dispatcher(),
        &Command::DecideWhistle(refuse()),
        monday("11:10"),
    );
    world.unit(&mut order, GULOU, blow(), monday("11:20"));
}

#[test]
fn a_written_opinion_is_numbered_printed_and_issued_once() {
    let world = World::matrix();
    let mut order = signed(&world);
    let refusal = printed(&order, "鼓楼区人民政府").expect_err("none is issued");
    assert_eq!(refusal.code.id, "opinion.absent");
    let note = "要书面意见".into();
    world.ok(
        &mut order,
        &dispatcher(),
        &Command::AskOpinion { note },
        monday("11:00"),
    );
    let mut reply = draft();
    reply.opinion = "经核查,物业费应予退还。".into();
    let command = on_leg(&order, GULOU, LegCommand::Reply(Box::new(reply)));
    world.ok(
        &mut order,
        &of_unit(GULOU, Post::Leader),
        &command,
        monday("11:10"),
    );
    assert!(order.dossier.opinion.is_none(), "it is issued with the approval");
    world.desk(
        &mut order,
        GULOU,
        LegCommand::Review(Findings::Approve),
        monday("11:20"),
    );
    let (opinion, text) = printed(&order, "鼓楼区人民政府").expect("it is issued");
    assert_eq!(
        opinion.number,
        format!("书面办理意见〔2026〕{}号", order.facts.number)
    );
    for words in [
        "经核查,物业费应予退还。",
        "依据:条例",
        "鼓楼区人民政府(盖章)",
        "2026年3月2日",
        order.facts.number.as_str(),
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn what_is_nobodys_here_is_handed_up_to_the_platform_that_the_policy_names() {
    let world = World::matrix();
    let mut order = world.opened(AppealType::Help, &[]);
    let inspector = posted("i-1", Standing::Platform, Post::Inspector);
    let reason = "省属事项".into();
    world.ok(
        &mut order,
        &inspector,
        &Command::HandUp { reason },
        monday("09:10"),
    );
    assert_eq!(order.outcome(), Some(Outcome::HandedUp));
    let plain = World::xuzhou();
    let order = plain.opened(AppealType::Help, &[]);
    let reason = "省属事项".into();
    let refusal = plain
        .decide(&order, &inspector, &Command::HandUp { reason }, monday("09:10"))
        .expect_err("Xuzhou names no platform above");
    assert_eq!(refusal.code.id, "duty.no_platform_above");
}
