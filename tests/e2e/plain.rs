//! The ordinary life of an appeal: telephone, pool, unit, reply, call-back, archive; its clocks and its timelines.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::{LegKind, Satisfaction};
use hotline_proto::intake::v1::{AppealState, GetTimelineRequest, TimelineEntry, TrackAppealRequest};
use hotline_proto::routing::v1::{
    AcknowledgeLegRequest, DispatchOrderRequest, LegState, OrderState, ReleaseOrderRequest,
    SuggestDispatchRequest,
};
use hotline_proto::sla::v1::{ClockState, ExplainClocksRequest};
use hotline_tests::support::callers::nobody;
use hotline_tests::support::steps::{full_reply, leg_id};
use hotline_tests::support::{Callers, appeals, clocks, journal, refused, until};
use tonic::Code;

use crate::{at, on_monday};

/// Every step of a plain life, in the order in which it must stand on the staff's timeline.
const LIFE: [&str; 14] = [
    "AppealRegistered",
    "AppealAccepted",
    "OrderOpened",
    "OrderClaimed",
    "OrderDispatched",
    "DepartmentLegDispatched",
    "LegAcknowledged",
    "LegSigned",
    "AppellantContacted",
    "LegReplied",
    "ReplyApproved",
    "OrderSettled",
    "OrderClosed",
    "OrderArchived",
];

#[tokio::test]
async fn a_plain_appeal_travels_from_the_telephone_to_the_archive_and_every_clock_is_met() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    let registered = callers.register(appeals::question("plain")).await?;
    let appeal = registered.appeal.clone().context("an appeal")?;
    ensure!(
        appeal.state() == AppealState::Registered && appeal.version == 1,
        "{appeal:?}"
    );
    let shown = appeal.appellant.clone().context("an appellant")?;
    ensure!(
        !shown.name.contains("知远") && !shown.telephone.contains("5405160001"),
        "not masked: {shown:?}"
    );
    let id = appeal.appeal_id.as_str();
    ensure!(callers.accept(id).await?.state() == AppealState::Accepted);

    let order = callers.wait_order(id, OrderState::PreReview).await?;
    callers.wait_appeal(id, AppealState::InProgress).await?;
    ensure!(
        order.claimed_by.is_empty() && order.legs.is_empty() && order.dispatch_count == 0,
        "{order:?}"
    );
    let pool = clocks::wait(&callers, id, "", "pre_review", ClockState::Armed).await?;
    clocks::check_due(&pool, "2026-03-02 11:30", "operator")?;

    let suggestion = SuggestDispatchRequest {
        order_id: id.to_owned(),
    };
    let suggestion = callers
        .dispatcher
        .routing()
        .suggest_dispatch(suggestion)
        .await?
        .into_inner();
    ensure!(
        suggestion.lead_unit_id == appeals::ALONE_UNIT && !suggestion.basis.is_empty(),
        "{suggestion:?}"
    );
    claimed_released_and_dispatched(&callers, id).await?;
    handled_by_its_unit(&callers, id).await?;
    called_back_and_archived(&callers, id).await?;

    staff_timeline(&callers, id).await?;
    let code = &registered.tracking_code;
    let track = TrackAppealRequest {
        number: appeal.number.clone(),
        tracking_code: code.clone(),
    };
    let tracked = nobody(&platform)?
        .intake()
        .track_appeal(track)
        .await?
        .into_inner();
    ensure!(
        tracked.state() == AppealState::Archived && !tracked.entries.is_empty(),
        "{tracked:?}"
    );
    ensure!(
        tracked.entries.iter().all(|line| line.actor.is_empty()),
        "an account shows: {tracked:?}"
    );
    let wrong = TrackAppealRequest {
        number: appeal.number.clone(),
        tracking_code: "0000000Z".into(),
    };
    let answer = nobody(&platform)?.intake().track_appeal(wrong).await;
    refused::expect(answer, Code::NotFound, "appeal.not_tracked")?;
    Ok(())
}

async fn claimed_released_and_dispatched(callers: &Callers, id: &str) -> Result<()> {
    let dispatch = || DispatchOrderRequest {
        order_id: id.to_owned(),
        ..Default::default()
    };
    let unclaimed = callers.dispatcher.routing().dispatch_order(dispatch()).await;
    refused::expect(unclaimed, Code::FailedPrecondition, "order.not_claimed")?;
    ensure!(callers.claim(id).await?.claimed_by == callers.dispatcher.subject);
    let release = ReleaseOrderRequest {
        order_id: id.to_owned(),
        version: 0,
    };
    callers.dispatcher.routing().release_order(release).await?;
    let order = callers.dispatch(id, "", &[]).await?;
    ensure!(
        order.state() == OrderState::Handling && order.dispatch_count == 1,
        "{order:?}"
    );
    ensure!(
        order.legs.len() == 1,
        "one matter, one receiver: {:?}",
        order.legs
    );
    ensure!(
        clocks::legs(&order, LegKind::Enterprise).is_empty(),
        "nobody is an enterprise here"
    );
    clocks::wait(callers, id, "", "pre_review", ClockState::Met).await?;
    Ok(())
}

async fn handled_by_its_unit(callers: &Callers, id: &str) -> Result<()> {
    let order = callers.order(id).await?;
    let leg = clocks::legs(&order, LegKind::Lead)
        .first()
        .copied()
        .cloned()
        .context("a lead leg")?;
    ensure!(leg.state() == LegState::ToSign, "{leg:?}");
    ensure!(
        clocks::beijing(leg.due_at.as_ref().context("due")?)? == "2026-03-05 17:30",
        "{leg:?}"
    );
    for (obligation, due, article) in [
        ("acknowledge", "2026-03-02 10:00", "operator"),
        ("sign", "2026-03-02 10:30", "12(3)"),
        ("contact", "2026-03-03 17:30", "operator"),
        ("answer", "2026-03-05 17:30", "12(3)"),
        ("return_window", "2026-03-03 17:30", "12(4)"),
    ] {
        let clock = clocks::wait(callers, id, &leg_id(&leg), obligation, ClockState::Armed).await?;
        clocks::check_due(&clock, due, article)?;
    }
    let acknowledge = AcknowledgeLegRequest {
        order_id: id.to_owned(),
        leg_id: leg_id(&leg),
    };
    callers
        .clerk(appeals::ALONE_UNIT)?
        .routing()
        .acknowledge_leg(acknowledge)
        .await?;
    callers.sign(id, &leg).await?;
    callers.contact(id, &leg, "已电话联系").await?;
    let order = callers
        .reply(id, &leg, full_reply("停车费应按每小时三元收取，已责令改正。"))
        .await?;
    ensure!(
        clocks::legs(&order, LegKind::Lead)[0].state() == LegState::Replied,
        "{order:?}"
    );
    clocks::wait(callers, id, &leg_id(&leg), "reply_review", ClockState::Armed).await?;
    let order = callers.approve(id, &leg).await?;
    // Settled; the appellant has the last word.
    ensure!(
        order.state() == OrderState::Settled && order.outcome.is_empty(),
        "{order:?}"
    );
    for obligation in ["acknowledge", "sign", "contact", "answer", "reply_review"] {
        clocks::wait(callers, id, &leg_id(&leg), obligation, ClockState::Met).await?;
    }
    Ok(())
}

async fn called_back_and_archived(callers: &Callers, id: &str) -> Result<()> {
    callers.wait_appeal(id, AppealState::Settled).await?;
    let due = clocks::wait(callers, id, "", "callback", ClockState::Armed).await?;
    clocks::check_due(&due, "2026-03-05 17:30", "operator")?;
    let callback = callers.call_back(id, 1, Satisfaction::VerySatisfied).await?;
    ensure!(
        callback.solved == Some(true) && callback.satisfaction() == Satisfaction::VerySatisfied,
        "{callback:?}"
    );
    clocks::wait(callers, id, "", "callback", ClockState::Met).await?;
    let order = callers.wait_order(id, OrderState::Closed).await?;
    ensure!(order.outcome == "satisfied", "{order:?}");
    callers.wait_appeal(id, AppealState::Closed).await?;
    let archive = clocks::wait(callers, id, "", "archive", ClockState::Armed).await?;
    clocks::check_due(&archive, "2026-03-09 17:30", "operator")?;
    ensure!(callers.archive(id).await?.state() == OrderState::Archived);
    callers.wait_appeal(id, AppealState::Archived).await?;
    clocks::wait(callers, id, "", "archive", ClockState::Met).await?;
    let open = clocks::of_order(callers, id).await?;
    let running = open
        .iter()
        .filter(|clock| [ClockState::Armed, ClockState::Breached].contains(&clock.state()));
    ensure!(
        running.count() == 0,
        "a clock of an archived order runs: {open:?}"
    );
    Ok(())
}

async fn staff_timeline(callers: &Callers, id: &str) -> Result<()> {
    let lines: Vec<TimelineEntry> = until("the timeline reaches the archive", || async {
        let request = GetTimelineRequest {
            appeal: id.to_owned(),
        };
        let entries = callers
            .agent
            .intake()
            .get_timeline(request)
            .await?
            .into_inner()
            .entries;
        let last = entries.iter().any(|line| line.r#type.ends_with("OrderArchived"));
        Ok(last.then_some(entries))
    })
    .await?;
    let types: Vec<&str> = lines.iter().map(|line| journal::short(&line.r#type)).collect();
    let mut rest = types.iter();
    for step in LIFE {
        ensure!(
            rest.any(|line| *line == step),
            "{step} is missing or out of order in {types:?}"
        );
    }
    ensure!(
        lines
            .iter()
            .all(|line| !line.text.is_empty() && !line.text_en.is_empty()),
        "a line without words"
    );
    Ok(())
}

#[tokio::test]
async fn a_limit_that_runs_into_the_national_day_explains_itself() -> Result<()> {
    let (_platform, callers) = at("2026-09-30 16:50").await?;
    let order = callers.open(appeals::question("holiday")).await?;
    let id = order.facts.as_ref().context("facts")?.order_id.clone();
    let order = callers.dispatch(&id, "", &[]).await?;
    let leg = leg_id(clocks::legs(&order, LegKind::Lead)[0]);
    let clock = clocks::wait(&callers, &id, &leg, "answer", ClockState::Armed).await?;
    // Seven days of holidays, and a Saturday that is worked.
    clocks::check_due(&clock, "2026-10-10 17:30", "12(3)")?;
    let sign = clocks::wait(&callers, &id, &leg, "sign", ClockState::Armed).await?;
    clocks::check_due(&sign, "2026-10-08 09:20", "12(3)")?;
    let explained = callers
        .operator
        .sla()
        .explain_clocks(ExplainClocksRequest { order_id: id })
        .await?
        .into_inner();
    let of_answer = explained.explanations.iter().find(|told| {
        let facts = told.clock.as_ref().and_then(|clock| clock.facts.as_ref());
        facts.is_some_and(|facts| facts.obligation == "answer")
    });
    let told = of_answer.context("the answer clock is explained")?;
    ensure!(
        told.text.contains("国庆") && told.text.contains("12(3)"),
        "{}",
        told.text
    );
    ensure!(!told.text_en.is_empty());
    Ok(())
}

/// Calls made one after the other.
const CALLS: u32 = 20;

/// A call whose answer waits for the kernel's delayed acknowledgement takes 40 ms or more, however idle the machine.
const DELAYED: Duration = Duration::from_millis(35);

#[tokio::test]
async fn no_answer_waits_for_a_delayed_acknowledgement() -> Result<()> {
    let (_platform, callers) = on_monday().await?;
    let order = callers.open(appeals::question("latency")).await?;
    let id = order.facts.as_ref().context("facts")?.order_id.clone();
    let mut fastest = Duration::MAX;
    for _call in 0..CALLS {
        let since = Instant::now();
        callers.order(&id).await?;
        fastest = fastest.min(since.elapsed());
    }
    ensure!(fastest < DELAYED, "the fastest of {CALLS} calls took {fastest:?}");
    Ok(())
}
