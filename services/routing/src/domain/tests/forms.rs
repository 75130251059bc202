//! What the forms say beforehand is what the commands then do, and what was sent back stays to be read.

use hotline_policy::AppealType;

use crate::domain::tests::world::{HOUSING, WATER, World, clerk, day, draft, leg, leg_of, monday, reply};
use crate::domain::{
    Command, ExtensionDraft, Findings, LegCommand, Order, Proof, ReplyFault, RequestForm, ReturnDraft,
};

/// Requests that bring everything that any city asks for.
fn full_requests() -> [LegCommand; 2] {
    let proof = Proof {
        explanation: "书面说明".into(),
        signed_by: "副局长".into(),
        sealed: true,
        ..Proof::default()
    };
    [
        LegCommand::RequestReturn(ReturnDraft {
            basis: "不属职责".into(),
            suggestion: "转他处".into(),
            proposed: None,
            proof: proof.clone(),
        }),
        LegCommand::RequestExtension(Box::new(ExtensionDraft {
            reason: "待鉴定".into(),
            amount: "1 working day".parse().expect("a limit"),
            basis: "条例".into(),
            told: "已说明".into(),
            proof,
        })),
    ]
}

/// Asks both forms and tries both commands from Monday to the next one; each form's story is told as one word a try.
fn agree_all_week(world: &World, order: &Order) -> [String; 2] {
    let mut told = [String::new(), String::new()];
    for (date, time) in (2..=27).flat_map(|date| [(date, "09:45"), (date, "16:00")]) {
        let now = day(date, time);
        let forms = world.forms(order, HOUSING, now).expect("the unit's own leg");
        let each: [&RequestForm; 2] = [&forms.give_back, &forms.extension];
        for ((form, command), told) in each.into_iter().zip(full_requests()).zip(&mut told) {
            let command = Command::Leg(leg_of(order, HOUSING), command);
            let tried = world.decide(order, &clerk(HOUSING), &command, now);
            let code = |refusal: &hotline_policy::Refusal| refusal.code.id;
            assert_eq!(
                form.barred.as_ref().map(code),
                tried.as_ref().err().map(code),
                "{now}"
            );
            let inside =
                form.opens.is_none_or(|opens| now >= opens) && form.closes.is_none_or(|closes| now <= closes);
            assert!(form.barred.is_some() || inside, "{now}: open outside its window");
            told.push(if form.barred.is_none() { 'o' } else { '-' });
        }
    }
    told
}

#[test]
fn a_form_is_open_exactly_while_its_command_is_taken() {
    for world in [World::xuzhou(), World::matrix()] {
        let mut order = world.sent(AppealType::Help, &[]);
        let [give_back, extension] = agree_all_week(&world, &order);
        assert!(
            give_back.starts_with('o') && give_back.ends_with('-'),
            "{give_back}"
        );
        assert!(!extension.contains('o'), "not signed for yet: {extension}");
        world.unit(&mut order, HOUSING, LegCommand::Sign, monday("09:40"));
        let [_, extension] = agree_all_week(&world, &order);
        assert!(extension.contains('o') && extension.ends_with('-'), "{extension}");
        let [_, ask] = full_requests();
        let at = (2..=27).map(|date| day(date, "09:45")).find(|now| {
            let forms = world.forms(&order, HOUSING, *now).expect("own");
            forms.extension.barred.is_none()
        });
        world.unit(&mut order, HOUSING, ask, at.expect("open at some time"));
        let [_, extension] = agree_all_week(&world, &order);
        assert!(!extension.contains('o'), "one waits already: {extension}");
    }
}

#[test]
fn a_reply_is_told_what_the_policy_asks_of_it_and_nobody_elses_leg_is_told_of() {
    let world = World::xuzhou();
    let order = world.sent(AppealType::Help, &[]);
    let forms = world.forms(&order, HOUSING, monday("10:00")).expect("own");
    assert_eq!(forms.reply.required.first(), Some(&"result"));
    for field in [
        "told",
        "told_by",
        "public_text",
        "internal_text",
        "office",
        "handler",
    ] {
        assert!(forms.reply.required.contains(&field), "{field}");
    }
    let refusal = world.forms_as(&clerk(WATER), &order, HOUSING, monday("10:00"));
    assert_eq!(
        refusal.err().map(|refusal| refusal.code.id),
        Some("leg.not_yours")
    );
}

#[test]
fn what_was_sent_back_stays_beside_the_new_reply() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Help, &[]);
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("09:40"));
    world.unit(&mut order, HOUSING, reply(), monday("10:00"));
    let findings = Findings::SendBack {
        faults: vec![ReplyFault::NotConcrete],
        reason: "没有时间".into(),
    };
    world.desk(&mut order, HOUSING, LegCommand::Review(findings), monday("11:00"));
    let mut second = draft();
    second.public_text = "第二版".into();
    world.unit(
        &mut order,
        HOUSING,
        LegCommand::Reply(Box::new(second)),
        monday("14:00"),
    );
    let leg = leg(&order, HOUSING);
    let [sent] = leg.send_backs.as_slice() else {
        panic!("one was sent back: {:?}", leg.send_backs)
    };
    assert_eq!(
        (sent.faults.as_slice(), sent.reason.as_str()),
        ([ReplyFault::NotConcrete].as_slice(), "没有时间")
    );
    assert_eq!(sent.reply.public_text, draft().public_text);
    assert_eq!(
        leg.reply().map(|reply| reply.public_text.as_str()),
        Some("第二版")
    );
}
