//! What must hold after the faults: everything acknowledged exists once, every order has its sends once, every event
//! was recorded once and counted once, every clock spoke once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hotline_proto::analytics::v1::GetOverviewRequest;
use hotline_proto::bus::v1::Entry;
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{ListOrdersRequest, Order};
use hotline_proto::sla::v1::{
    Clock, ClockBreached, ClockFacts, ClockState, ClocksChanged, GetClockTotalsRequest, ListClocksRequest,
    ReminderDue,
};
use hotline_tests::support::{Callers, Platform, clocks, journal, tell, until};
use prost::Message;

use crate::flow::Flow;

/// Longest time until everybody has heard of everything again.
const HEALED_MAX: Duration = Duration::from_secs(90);

/// Events that stand once in the life of an appeal that was taken straight through.
const ONCE: [&str; 8] = [
    "AppealRegistered",
    "AppealAccepted",
    "OrderOpened",
    "OrderClaimed",
    "OrderDispatched",
    "OrderSettled",
    "OrderClosed",
    "OrderArchived",
];

/// Checks all of it, for a flow of `count` appeals that all came to the archive; gives how many clocks ran out.
///
/// # Errors
/// What was lost or doubled.
pub async fn nothing_lost_nothing_doubled(
    platform: &Platform,
    callers: &Callers,
    flow: &Flow<'_>,
    count: usize,
) -> Result<usize> {
    journal::settled(&callers.operator, HEALED_MAX)
        .await
        .with_context(|| platform.log_tail())?;
    let (verdict, good) = platform.json(&["reconcile", "--wait", "60s"]).await?;
    ensure!(good && verdict["ok"] == true, "{verdict:#}");
    registered_once(callers, flow, count).await?;
    sent_once(callers, count).await?;
    let entries = recorded_once(callers, count).await?;
    counted_once(callers, &entries).await?;
    let fired = spoke_once(callers, &entries).await?;
    tell(format_args!(
        "{count} appeals: {} events, {fired} clocks ran out, 0 lost, 0 doubled; met meanwhile {:?}",
        entries.len(),
        flow.met()
    ));
    Ok(fired)
}

/// Each acknowledged registration is answered again with the same appeal.
async fn registered_once(callers: &Callers, flow: &Flow<'_>, count: usize) -> Result<()> {
    let acknowledged = flow.acknowledged();
    let ids: HashSet<_> = acknowledged.iter().map(|one| one.appeal_id.clone()).collect();
    ensure!(
        acknowledged.len() == count && ids.len() == count,
        "{} acknowledged, {} appeals",
        acknowledged.len(),
        ids.len()
    );
    for one in acknowledged {
        let again = callers.register(one.request.clone()).await?;
        let appeal = again.appeal.context("an appeal")?;
        ensure!(
            again.replayed && appeal.appeal_id == one.appeal_id,
            "{}: lost or doubled",
            one.request.idempotency_key
        );
    }
    Ok(())
}

/// Each order has one lead leg, and an enterprise leg if and only if it carries the label.
async fn sent_once(callers: &Callers, count: usize) -> Result<()> {
    let orders = orders(callers).await?;
    ensure!(
        orders.len() == count,
        "{} orders for {count} appeals",
        orders.len()
    );
    for order in orders {
        let facts = order.facts.clone().unwrap_or_default();
        let leads = clocks::legs(&order, LegKind::Lead).len();
        let second = clocks::legs(&order, LegKind::Enterprise);
        let labelled = usize::from(facts.labels.contains(&"enterprise".to_owned()));
        ensure!(
            (leads, second.len()) == (1, labelled),
            "{}: {leads} lead, {} enterprise legs",
            facts.number,
            second.len()
        );
        ensure!(
            second.iter().all(|leg| leg.acknowledged_at.is_some()),
            "{}: the second send did not arrive",
            facts.number
        );
    }
    Ok(())
}

async fn orders(callers: &Callers) -> Result<Vec<Order>> {
    let mut found = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListOrdersRequest {
            page_size: 200,
            page_token,
            ..Default::default()
        };
        let page = callers
            .operator
            .routing()
            .list_orders(request)
            .await?
            .into_inner();
        found.extend(page.orders);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

/// Every journal is gapless, no event stands in two places, and each step of a life stands once an appeal.
async fn recorded_once(callers: &Callers, count: usize) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for service in journal::SERVICES {
        entries.extend(journal::read(&callers.operator, service).await?);
    }
    let ids: HashSet<_> = entries.iter().map(|entry| entry.event_id.as_str()).collect();
    ensure!(
        ids.len() == entries.len(),
        "{} events have {} identifiers",
        entries.len(),
        ids.len()
    );
    let mut times: HashMap<(&str, &str), u32> = HashMap::new();
    for entry in &entries {
        *times
            .entry((journal::short(&entry.r#type), entry.root.as_str()))
            .or_default() += 1;
    }
    for step in ONCE {
        let of_step: Vec<u32> = times
            .iter()
            .filter(|((name, _), _)| *name == step)
            .map(|(_, times)| *times)
            .collect();
        ensure!(
            of_step.len() == count,
            "{step} stands for {} of {count} appeals",
            of_step.len()
        );
        ensure!(
            of_step.iter().all(|times| *times == 1),
            "{step} stands more than once for an appeal"
        );
    }
    Ok(entries)
}

/// The live totals are the sums over the journals.
async fn counted_once(callers: &Callers, entries: &[Entry]) -> Result<()> {
    let recorded = journal::counts(entries);
    until("the figures have counted every event", || async {
        let overview = callers
            .supervisor
            .analytics()
            .get_overview(GetOverviewRequest {})
            .await?
            .into_inner();
        let counted: BTreeMap<_, _> = overview
            .measures
            .into_iter()
            .map(|one| (one.name, one.count))
            .collect();
        let wrong: Vec<_> = recorded
            .iter()
            .filter(|(name, count)| {
                counted
                    .get(&snake(name))
                    .is_some_and(|told| *told != i64::try_from(**count).unwrap_or(-1))
            })
            .collect();
        let known = recorded
            .keys()
            .filter(|name| counted.contains_key(&snake(name)))
            .count();
        ensure!(
            known >= ONCE.len(),
            "the figures know only {known} of the events: {counted:?}"
        );
        Ok(wrong.is_empty().then_some(()))
    })
    .await
}

/// Every clock was armed once, stopped once, and ran out and reminded at most once; gives how many ran out.
async fn spoke_once(callers: &Callers, entries: &[Entry]) -> Result<usize> {
    let of = |name: &'static str| {
        entries
            .iter()
            .filter(move |entry| journal::short(&entry.r#type) == name)
    };
    let (mut armed, mut stopped) = (Vec::new(), Vec::new());
    for entry in of("ClocksChanged") {
        let changed = ClocksChanged::decode(entry.payload.as_slice())?;
        let id = |clock: Option<ClockFacts>| clock.unwrap_or_default().clock_id;
        armed.extend(changed.armed.into_iter().map(|one| id(one.clock)));
        stopped.extend(changed.stopped.into_iter().map(|one| id(one.clock)));
    }
    let breached = ids(of("ClockBreached"), |bytes| {
        Ok(ClockBreached::decode(bytes)?.clock)
    })?;
    let once = |what: &str, ids: &[String]| {
        let distinct: HashSet<_> = ids.iter().collect();
        ensure!(
            distinct.len() == ids.len(),
            "{what}: {} events for {} clocks",
            ids.len(),
            distinct.len()
        );
        Ok(distinct.len())
    };
    once("armed", &armed)?;
    once("stopped", &stopped)?;
    let fired = once("ran out", &breached)?;
    let mut reminded = HashSet::new();
    for entry in of("ReminderDue") {
        let reminder = ReminderDue::decode(entry.payload.as_slice())?;
        let key = (reminder.clock.unwrap_or_default().clock_id, reminder.before);
        ensure!(reminded.insert(key.clone()), "reminded twice: {key:?}");
    }
    let totals = callers
        .operator
        .sla()
        .get_clock_totals(GetClockTotalsRequest {})
        .await?
        .into_inner();
    let running = ListClocksRequest {
        state: ClockState::Armed.into(),
        ..Default::default()
    };
    let running = callers.operator.sla().list_clocks(running).await?.into_inner();
    // A letter of supervision waits for its unit's answer, which nobody gives here; it concerns no order's handling.
    let letter = |clock: &&Clock| {
        let facts = clock.facts.as_ref();
        facts.is_some_and(|facts| facts.obligation == "after_supervision")
    };
    let letters = running.clocks.iter().filter(letter).count();
    ensure!(
        (usize::try_from(totals.armed)?, totals.breached) == (letters, 0),
        "clocks of archived orders run: {totals:?} {:?}",
        running.clocks
    );
    let all = totals.met + totals.late + totals.cancelled;
    ensure!(
        usize::try_from(all)? == stopped.len() && armed.len() == stopped.len() + letters,
        "{} armed, {} stopped, {letters} letters wait, {totals:?}",
        armed.len(),
        stopped.len()
    );
    ensure!(
        fired >= usize::try_from(totals.late)?,
        "{fired} ran out, {totals:?}"
    );
    Ok(fired)
}

/// Identifiers of the clocks that events are about.
fn ids<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    read: impl Fn(&[u8]) -> Result<Option<hotline_proto::sla::v1::ClockFacts>>,
) -> Result<Vec<String>> {
    entries
        .map(|entry| Ok(read(&entry.payload)?.unwrap_or_default().clock_id))
        .collect()
}

/// `OrderOpened` is `order_opened`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
