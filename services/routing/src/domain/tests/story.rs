//! Lives of orders, told one at a time.

use hotline_policy::AppealType;

use super::world::{
    GULOU, HOUSING, TOWN, WATER, World, agree, ask_extension, ask_return, clerk, day, dispatcher, leg,
    leg_of, monday, refuse, reply, send_to, service,
};
use crate::domain::{
    AfterReturn, Command, Dispatch, Due, Event, Findings, Lateness, LegCommand, LegKind, LegState,
    ReplyFault, SecondSend, State, UnitChoice, UnitId,
};

fn has(events: &[Event], wanted: impl Fn(&Event) -> bool) -> bool {
    events.iter().any(wanted)
}

#[test]
fn a_labelled_order_is_sent_twice_in_one_decision() {
    let world = World::xuzhou();
    let mut order = world.opened(AppealType::Complaint, &["enterprise"]);
    let events = world.ok(
        &mut order,
        &service(),
        &Command::Dispatch(Dispatch::default()),
        monday("09:30"),
    );
    assert!(has(&events, |event| matches!(
        event,
        Event::Dispatched {
            second_send: SecondSend::Sent,
            ..
        }
    )));
    let enterprise = order.enterprise_leg().expect("the second send");
    assert_eq!(
        (enterprise.unit.as_str(), &enterprise.state),
        ("xz-enterprise-platform", &LegState::Following)
    );
    assert_eq!(order.lead().expect("a lead").unit.as_str(), HOUSING);
    assert_eq!(order.state, State::Handling);
}

#[test]
fn an_order_without_the_label_is_sent_once() {
    let order = World::xuzhou().sent(AppealType::Complaint, &["sensitive"]);
    assert!(order.enterprise_leg().is_none());
    assert_eq!(order.legs.len(), 2);
}

#[test]
fn the_answer_is_due_by_kind_at_close_of_business() {
    let world = World::xuzhou();
    for (kind, due) in [
        (AppealType::Consult, day(5, "17:30")),
        (AppealType::Help, day(9, "17:30")),
    ] {
        let order = world.sent(kind, &[]);
        assert_eq!(leg(&order, HOUSING).due.at(), Some(due), "{kind}");
    }
}

#[test]
fn signing_says_that_the_leg_arrived() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    let events = world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    assert!(matches!(
        events[..],
        [Event::LegAcknowledged(_), Event::LegSigned(_)]
    ));
    let events = world.unit(&mut order, GULOU, LegCommand::Acknowledge, monday("10:00"));
    assert_eq!(events.len(), 1);
    assert!(
        world
            .unit(&mut order, GULOU, LegCommand::Acknowledge, monday("10:01"))
            .is_empty()
    );
    assert_eq!(
        world
            .unit(&mut order, GULOU, LegCommand::Sign, monday("10:02"))
            .len(),
        1
    );
}

#[test]
fn an_order_settles_when_lead_and_co_handlers_are_approved() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    let events = world.handled(&mut order, HOUSING, monday("10:00"));
    assert!(!has(&events, |event| *event == Event::Settled));
    let events = world.handled(&mut order, GULOU, monday("11:00"));
    assert!(has(&events, |event| *event == Event::Settled));
    assert_eq!(order.state, State::Settled);
}

#[test]
fn a_co_handler_that_goes_no_longer_holds_the_order_up() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    world.unit(&mut order, GULOU, ask_return(None), monday("09:50"));
    world.handled(&mut order, HOUSING, monday("10:00"));
    let events = world.desk(
        &mut order,
        GULOU,
        LegCommand::DecideReturn(agree()),
        monday("10:10"),
    );
    assert!(has(&events, |event| *event == Event::Settled));
    assert_eq!(order.return_count, 0);
}

#[test]
fn a_return_leads_back_to_the_pool_and_the_second_into_final_determination() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &["enterprise"]);
    world.unit(&mut order, HOUSING, ask_return(Some(WATER)), monday("10:00"));
    assert!(order.awaits_decision());
    world.desk(
        &mut order,
        HOUSING,
        LegCommand::DecideReturn(agree()),
        monday("10:30"),
    );
    assert_eq!(
        order.state,
        State::PreReview {
            claimed_by: None,
            proposed: Some(UnitId::new(WATER))
        }
    );
    world.ok(&mut order, &dispatcher(), &Command::Claim, monday("10:40"));
    world.ok(&mut order, &dispatcher(), &send_to(WATER, &[]), monday("10:50"));
    assert_eq!(
        (
            order.dispatch_count,
            order
                .legs
                .iter()
                .filter(|leg| leg.kind == LegKind::Enterprise)
                .count()
        ),
        (2, 1)
    );
    world.unit(&mut order, WATER, ask_return(None), monday("11:00"));
    let events = world.desk(
        &mut order,
        WATER,
        LegCommand::DecideReturn(agree()),
        monday("11:10"),
    );
    assert!(has(&events, |event| matches!(
        event,
        Event::ReturnDecided {
            then: AfterReturn::FinalDetermination,
            ..
        }
    )));
    let fixed = Dispatch {
        lead: Some(UnitId::new(HOUSING)),
        basis: "联席会议纪要".into(),
        ..Dispatch::default()
    };
    world.ok(
        &mut order,
        &dispatcher(),
        &Command::Determine(fixed),
        monday("14:00"),
    );
    assert_eq!(
        (order.state.clone(), order.unit_choice),
        (State::Handling, UnitChoice::Determined)
    );
    let again = Command::Leg(leg_of(&order, HOUSING), ask_return(None));
    let refusal = world
        .decide(&order, &clerk(HOUSING), &again, monday("14:10"))
        .expect_err("fixed for good");
    assert_eq!(refusal.code.id, "return.barred");
}

#[test]
fn a_refused_return_goes_on_and_a_late_decision_is_the_platforms() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Consult, &[]);
    world.unit(&mut order, HOUSING, ask_return(None), monday("10:00"));
    let events = world.desk(
        &mut order,
        HOUSING,
        LegCommand::DecideReturn(refuse()),
        day(6, "09:00"),
    );
    assert!(has(&events, |event| matches!(
        event,
        Event::ReturnDecided {
            then: AfterReturn::GoesOn,
            platform_late: Lateness::Late,
            article,
            ..
        } if article == "12(4)"
    )));
    assert_eq!(order.state, State::Handling);
    assert!(!order.awaits_decision());
}

#[test]
fn a_co_handler_may_become_the_lead_and_has_one_leg() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    world.unit(&mut order, HOUSING, ask_return(Some(GULOU)), monday("10:00"));
    world.desk(
        &mut order,
        HOUSING,
        LegCommand::DecideReturn(agree()),
        monday("10:30"),
    );
    world.unit(&mut order, GULOU, LegCommand::Sign, monday("10:31"));
    world.ok(&mut order, &dispatcher(), &Command::Claim, monday("10:40"));
    world.ok(&mut order, &dispatcher(), &send_to(GULOU, &[]), monday("10:50"));
    let standing: Vec<_> = order.legs.iter().filter(|leg| leg.stands()).collect();
    assert_eq!((standing.len(), standing[0].kind), (1, LegKind::Lead));
    assert_eq!(order.return_count, 1);
}

#[test]
fn an_extension_moves_the_due_time_in_working_time() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Consult, &[]);
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    world.unit(
        &mut order,
        HOUSING,
        ask_extension("2 working days"),
        day(3, "10:00"),
    );
    let events = world.desk(
        &mut order,
        HOUSING,
        LegCommand::DecideExtension(agree()),
        day(3, "11:00"),
    );
    let Event::ExtensionGranted {
        before,
        after,
        article,
        ..
    } = &events[0]
    else {
        panic!("{events:?}")
    };
    assert_eq!(
        (*before, *after, article.as_str()),
        (day(5, "17:30"), day(9, "17:30"), "12(4)")
    );
    assert!(matches!(leg(&order, HOUSING).due, Due::Ruled { original, .. } if original == day(5, "17:30")));
}

#[test]
fn a_reply_ends_the_requests_that_nobody_decided() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Consult, &[]);
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    world.unit(
        &mut order,
        HOUSING,
        ask_extension("1 working day"),
        monday("10:10"),
    );
    world.unit(&mut order, HOUSING, ask_return(None), monday("10:20"));
    let events = world.unit(&mut order, HOUSING, reply(), monday("11:00"));
    assert!(has(&events, |event| matches!(
        event,
        Event::ReturnDecided {
            then: AfterReturn::GoesOn,
            ..
        }
    )));
    assert!(has(&events, |event| matches!(
        event,
        Event::ExtensionRefused { .. }
    )));
    assert!(!order.awaits_decision());
}

#[test]
fn a_unit_answers_for_the_units_below() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    world.unit(&mut order, GULOU, LegCommand::Sign, monday("10:00"));
    let down = LegCommand::Delegate {
        unit: UnitId::new(TOWN),
        due_at: Some(day(4, "12:00")),
    };
    world.unit(&mut order, GULOU, down, monday("10:10"));
    let early = Command::Leg(leg_of(&order, GULOU), reply());
    let refusal = world
        .decide(&order, &clerk(GULOU), &early, monday("10:20"))
        .expect_err("too early");
    assert_eq!(refusal.code.id, "reply.delegated_open");
    world.unit(&mut order, TOWN, LegCommand::Sign, monday("10:30"));
    world.unit(
        &mut order,
        TOWN,
        LegCommand::RecordContact {
            note: "已联系".into(),
        },
        monday("10:40"),
    );
    world.unit(&mut order, TOWN, reply(), monday("11:00"));
    let events = world.unit(&mut order, GULOU, reply(), monday("11:10"));
    assert!(matches!(
        events[..],
        [Event::ReplyApproved { .. }, Event::LegReplied { .. }]
    ));
    assert!(matches!(leg(&order, TOWN).state, LegState::Approved(_)));
}

#[test]
fn a_reply_sent_back_keeps_the_clock_or_gets_a_new_one_as_the_policy_says() {
    let new_clock =
        "[review]\nsource = \"operator\"\nrefused = \"new_clock\"\nnew_within = \"3 working days\"\n";
    for (tables, due) in [("", day(9, "17:30")), (new_clock, day(13, "17:30"))] {
        let world = World::varied(tables);
        let mut order = world.sent(AppealType::Help, &[]);
        world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
        world.unit(&mut order, HOUSING, reply(), day(9, "10:00"));
        let faults = vec![ReplyFault::NotConcrete];
        let back = LegCommand::Review(Findings::SendBack {
            faults,
            reason: "不具体".into(),
        });
        world.desk(&mut order, HOUSING, back, day(10, "09:00"));
        assert!(matches!(leg(&order, HOUSING).state, LegState::SentBack(_)));
        assert_eq!(leg(&order, HOUSING).due.at(), Some(due));
        world.unit(&mut order, HOUSING, reply(), day(10, "10:00"));
    }
}
