//! One appeal is one trace: whatever a service does about it lies in the trace that bears its identifier, from the first call
//! to a limit that runs out a week later; every call about it is linked with that trace, and stays in its caller's own.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::OrderState;
use hotline_tests::support::steps::full_reply;
use hotline_tests::support::{Callers, Options, Platform, appeals, clocks, until};
use tonic::Request;

use crate::MONDAY;
use crate::collector::{Collector, Span};

/// The trace that the agent's client began.
const CLIENTS: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// When limits of the appeal have run out.
const LATER: &str = "2026-03-16 09:00";

/// What must lie in the appeal's trace, and which services apply each.
const HEARD: &[(&str, &[&str])] = &[
    (
        "hotline.intake.v1.AppealAccepted",
        &["analytics", "routing", "sla"],
    ),
    ("hotline.routing.v1.OrderOpened", &["analytics", "intake", "sla"]),
    (
        "hotline.routing.v1.EnterpriseLegDispatched",
        &["analytics", "enterprise", "intake", "sla"],
    ),
    (
        "hotline.routing.v1.LegSigned",
        &["analytics", "enterprise", "intake", "sla"],
    ),
    (
        "hotline.routing.v1.LegReplied",
        &["analytics", "enterprise", "intake", "sla"],
    ),
];

/// Commands on the appeal, each in a trace of its caller's.
const COMMANDS: &[&str] = &[
    "RegisterAppeal",
    "ClaimOrder",
    "DispatchOrder",
    "SignLeg",
    "ReplyLeg",
];

/// Which services applied an event; one that had to try again did so in a span of its own.
fn services<'s>(spans: &'s [Span], event: &str) -> BTreeSet<&'s str> {
    let of_event = spans.iter().filter(|span| span.name == event);
    of_event.map(|span| span.service.as_str()).collect()
}

/// Waits until the collector has what is wanted of an appeal's trace; every span of it must bear the appeal.
async fn whole(
    collector: &Collector,
    appeal: &str,
    what: &str,
    wanted: impl Fn(&[Span]) -> bool,
) -> Result<Vec<Span>> {
    let trace = appeal.replace('-', "");
    let of_appeal = || collector.spans(|span| span.trace == trace);
    let told = || {
        let found = of_appeal();
        let counts = found.iter().fold(BTreeMap::new(), |mut counts, span| {
            *counts.entry((&span.name, &span.service)).or_insert(0) += 1;
            counts
        });
        format!("the collector has of the appeal: {counts:?}")
    };
    let spans = until(what, || async {
        Ok(Some(of_appeal()).filter(|spans| wanted(spans)))
    })
    .await
    .with_context(told)?;
    let foreign: Vec<_> = spans.iter().filter(|span| span.root != appeal).collect();
    ensure!(
        foreign.is_empty(),
        "in the appeal's trace and not about it: {foreign:?}"
    );
    Ok(spans)
}

#[tokio::test]
async fn one_appeal_is_one_trace_from_its_first_call_to_a_limit_that_runs_out_and_every_call_is_linked()
-> Result<()> {
    let (collector, (name, endpoint)) = Collector::start().await?;
    let options = Options::standing_at(&clocks::setting(MONDAY)?).with(name, &endpoint);
    let mut platform = Platform::start(options).await?;
    let callers = Callers::of(&platform)?;

    let mut request = appeals::enterprise_question("traced");
    request.accept = true;
    let mut request = Request::new(request);
    let parent = format!("00-{CLIENTS}-00f067aa0ba902b7-01");
    request.metadata_mut().insert("traceparent", parent.parse()?);
    let registered = callers.agent.intake().register_appeal(request).await?;
    let appeal = registered.into_inner().appeal.context("an appeal")?.appeal_id;
    callers.wait_order(&appeal, OrderState::PreReview).await?;
    let order = callers.dispatch(&appeal, "", &[]).await?;
    let lead = clocks::legs(&order, LegKind::Lead)[0].clone();
    callers.sign(&appeal, &lead).await?;
    callers
        .contact(&appeal, &lead, "已与诉求人联系,说明办理安排。")
        .await?;
    callers
        .reply(&appeal, &lead, full_reply("已核实并整改。"))
        .await?;

    let spans = whole(&collector, &appeal, "the appeal's trace is whole", |spans| {
        let all = |event: &str, by: &[&str]| by.iter().all(|by| services(spans, event).contains(by));
        HEARD.iter().all(|(event, by)| all(event, by))
    })
    .await?;
    for (event, by) in HEARD {
        let by: BTreeSet<&str> = by.iter().copied().collect();
        let applied = services(&spans, event);
        ensure!(applied == by, "{event} was applied by {applied:?}, not by {by:?}");
    }
    calls(&collector, &appeal)?;

    // Nobody calls any more: the limits run out by themselves.
    platform.stop().await?;
    platform.set_clock(&clocks::setting(LATER)?);
    platform.run().await?;
    let breach = "hotline.sla.v1.ClockBreached";
    whole(
        &collector,
        &appeal,
        "a limit that ran out is in the trace",
        |spans| {
            let by: BTreeSet<_> = services(spans, breach).into_iter().collect();
            ["analytics", "enterprise", "intake"]
                .iter()
                .all(|wanted| by.contains(*wanted))
        },
    )
    .await?;
    Ok(())
}

/// Every command bears the appeal, is linked with its trace and lies in another; the first in its client's.
fn calls(collector: &Collector, appeal: &str) -> Result<()> {
    let trace = appeal.replace('-', "");
    for command in COMMANDS {
        let method = format!("/{command}");
        let found = collector.spans(|span| span.name.ends_with(&method) && span.root == appeal);
        ensure!(!found.is_empty(), "no {command} bears the appeal");
        for span in found {
            ensure!(
                span.links.contains(&trace) && span.trace != trace && !span.service.is_empty(),
                "{span:?}"
            );
            ensure!(
                (span.trace == CLIENTS) == (*command == "RegisterAppeal"),
                "in the wrong trace: {span:?}"
            );
        }
    }
    // What a call led to says so.
    let first = "hotline.intake.v1.AppealAccepted";
    let led_to = collector.spans(|span| span.name == first && span.links.contains(CLIENTS));
    ensure!(
        !led_to.is_empty(),
        "{first} is not linked with the call that led to it"
    );
    Ok(())
}
