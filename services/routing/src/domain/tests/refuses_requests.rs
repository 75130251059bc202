//! The refusals of returns, extensions and commands in the wrong state, with the articles that they rest on.

use hotline_policy::{AppealType, Refusal};

use super::refuses::{desk_refused, refused, unit_refused};
use super::world::{
    HOUSING, World, agree, ask_extension, ask_return, clerk, day, dispatcher, leg_of, monday,
};
use crate::domain::{Command, Decision, Findings, LegCommand, Outcome, ReturnDraft};

#[test]
fn a_return_needs_basis_suggestion_and_its_window() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Consult, &[]);
    let draft = |basis: &str, suggestion: &str| {
        LegCommand::RequestReturn(ReturnDraft {
            basis: basis.into(),
            suggestion: suggestion.into(),
            ..ReturnDraft::default()
        })
    };
    let refusal = unit_refused(&world, &order, HOUSING, draft("", "s"), "text.missing");
    assert_eq!(
        (refusal.field.as_deref(), refusal.article.as_deref()),
        (Some("basis"), Some("12(4)"))
    );
    let refusal = unit_refused(&world, &order, HOUSING, draft("b", ""), "text.missing");
    assert_eq!(refusal.field.as_deref(), Some("suggestion"));
    unit_refused(
        &world,
        &order,
        HOUSING,
        ask_return(Some("xz-nobody")),
        "unit.unknown",
    );
    unit_refused(
        &world,
        &order,
        HOUSING,
        ask_return(Some(HOUSING)),
        "return.barred",
    );
    desk_refused(
        &world,
        &order,
        HOUSING,
        LegCommand::DecideReturn(agree()),
        "return.absent",
    );
    world.unit(&mut order, HOUSING, ask_return(None), day(3, "17:30"));
    unit_refused(&world, &order, HOUSING, ask_return(None), "return.pending");
    desk_refused(
        &world,
        &order,
        HOUSING,
        LegCommand::DecideReturn(Decision::Agree(String::new())),
        "text.missing",
    );
}

#[test]
fn the_window_of_a_return_is_one_working_day_for_consultations_and_two_for_others() {
    let world = World::xuzhou();
    for (kind, last, over) in [
        (AppealType::Consult, day(3, "17:30"), day(3, "17:31")),
        (AppealType::Complaint, day(4, "17:30"), day(4, "17:31")),
    ] {
        let order = world.sent(kind, &[]);
        let ask = Command::Leg(leg_of(&order, HOUSING), ask_return(None));
        assert!(
            world.decide(&order, &clerk(HOUSING), &ask, last).is_ok(),
            "{kind}"
        );
        let refusal = world
            .decide(&order, &clerk(HOUSING), &ask, over)
            .expect_err("over");
        assert_eq!(
            (refusal.code.id, refusal.article.as_deref()),
            ("return.too_late", Some("12(4)"))
        );
    }
}

#[test]
fn an_extension_is_bounded_by_time_count_and_ceiling() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Consult, &[]);
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    let over = unit_refused(
        &world,
        &order,
        HOUSING,
        ask_extension("4 working days"),
        "extension.ceiling",
    );
    assert_eq!(over.field.as_deref(), Some("amount"));
    let late = Command::Leg(leg_of(&order, HOUSING), ask_extension("1 working day"));
    let refusal = world
        .decide(&order, &clerk(HOUSING), &late, day(5, "17:31"))
        .expect_err("late");
    assert_eq!(
        (refusal.code.id, refusal.article.as_deref()),
        ("extension.too_late", Some("12(4)"))
    );
    desk_refused(
        &world,
        &order,
        HOUSING,
        LegCommand::DecideExtension(agree()),
        "extension.absent",
    );
    world.unit(
        &mut order,
        HOUSING,
        ask_extension("3 working days"),
        monday("10:10"),
    );
    unit_refused(
        &world,
        &order,
        HOUSING,
        ask_extension("1 working day"),
        "extension.pending",
    );
    world.desk(
        &mut order,
        HOUSING,
        LegCommand::DecideExtension(agree()),
        monday("10:20"),
    );
    unit_refused(
        &world,
        &order,
        HOUSING,
        ask_extension("1 working day"),
        "extension.count",
    );
}

#[test]
fn a_policy_may_forbid_extensions_or_bound_the_whole() {
    let row = |more: &str| {
        format!(
            "[[extension]]\nsource = \"operator\"\nextends = [\"answer\"]\nmax_count = 1\nrequires = [\"reason\"]\n\
             decider = \"platform\"\ndecision = \"1 working day\"\nnotify = \"always\"\n{more}\n"
        )
    };
    for (more, code) in [
        ("ceiling = \"unlimited\"\nforbidden = true", "extension.barred"),
        ("ceiling = \"4 working days\"", "extension.ceiling"),
        (
            "ceiling = \"unlimited\"\ncloses_before = \"4 working days\"",
            "extension.too_late",
        ),
    ] {
        let world = World::varied(&row(more));
        let mut order = world.sent(AppealType::Consult, &[]);
        world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
        unit_refused(&world, &order, HOUSING, ask_extension("2 working days"), code);
    }
}

#[test]
fn who_commands_in_the_wrong_state_is_told_the_article_that_governs_it() {
    let world = World::xuzhou();
    let mut order = world.sent(AppealType::Consult, &[]);
    let told = |refusal: Refusal| {
        let field = refusal.field.unwrap_or_default();
        format!("{field} {}", refusal.article.unwrap_or_default())
    };
    let review = LegCommand::Review(Findings::Approve);
    let early = desk_refused(&world, &order, HOUSING, review, "leg.state");
    assert_eq!(told(early), "leg_id 12(4)");
    world.unit(&mut order, HOUSING, LegCommand::Sign, monday("10:00"));
    let twice = unit_refused(&world, &order, HOUSING, LegCommand::Sign, "leg.state");
    assert_eq!(told(twice), "leg_id 12(3)");
    for (command, wanted) in [
        (Command::Redo { reason: "x".into() }, "order_id 12(5)"),
        (
            Command::Close {
                outcome: Outcome::Final,
                reason: "x".into(),
            },
            "order_id 12(5)",
        ),
        // Within how long an order goes into the archive is the operator's own.
        (Command::Archive, "order_id "),
    ] {
        let refusal = refused(&world, &order, &dispatcher(), &command, "order.state");
        assert_eq!(told(refusal), wanted);
    }
}
