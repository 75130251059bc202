//! A calendar that comes while an order is handled.

use hotline_policy::AppealType;

use super::world::{GULOU, HOUSING, World, agree, ask_extension, clerk, day, leg, leg_of, monday, reply};
use crate::domain::{Command, Due, Findings, LegCommand, Order, ReplyFault, is_behind};

fn due(order: &Order, unit: &str) -> chrono::DateTime<chrono::Utc> {
    leg(order, unit).due.at().expect("a due time")
}

#[test]
fn a_leg_in_hand_is_due_by_the_calendar_in_force() {
    let mut world = World::xuzhou();
    let mut order = world.sent(AppealType::Consult, &[]);
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    let ask = ask_extension("2 working days");
    world.unit(&mut order, HOUSING, ask, day(3, "10:00"));
    let grant = LegCommand::DecideExtension(agree());
    world.desk(&mut order, HOUSING, grant, day(3, "11:00"));
    world.unit(&mut order, GULOU, LegCommand::Sign, monday("10:00"));
    world.unit(&mut order, GULOU, reply(), monday("11:00"));
    assert_eq!(
        (due(&order, HOUSING), due(&order, GULOU)),
        (day(9, "17:30"), day(5, "17:30"))
    );
    assert!(!is_behind(&order, 0) && is_behind(&order, 1));

    world.take_off(4);
    world.catch_up(&mut order);
    assert!(matches!(leg(&order, HOUSING).due, Due::Ruled { at, original, .. }
        if (at, original) == (day(10, "17:30"), day(6, "17:30"))));
    assert_eq!(due(&order, GULOU), day(5, "17:30"), "it was replied to before");
    assert!(!is_behind(&order, 1));

    let back = Findings::SendBack {
        faults: vec![ReplyFault::NotComplete],
        reason: "不完整".into(),
    };
    world.desk(&mut order, GULOU, LegCommand::Review(back), day(3, "15:00"));
    assert!(is_behind(&order, 1), "its clock goes on");
    world.catch_up(&mut order);
    assert_eq!(due(&order, GULOU), day(6, "17:30"));

    let same = order.clone();
    world.catch_up(&mut order);
    assert_eq!(order, same, "once by each calendar");
}

#[test]
fn windows_stand_on_the_calendar_in_force() {
    let mut world = World::xuzhou();
    let mut order = world.sent(AppealType::Consult, &[]);
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    let ask = Command::Leg(leg_of(&order, HOUSING), ask_extension("1 working day"));
    let at = day(6, "10:00");
    let unit = clerk(HOUSING);
    let refusal = world.decide(&order, &unit, &ask, at).expect_err("it is too late");
    assert_eq!(refusal.code.id, "extension.too_late");
    world.take_off(4);
    world.catch_up(&mut order);
    world.ok(&mut order, &unit, &ask, at);
}
