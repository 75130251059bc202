//! The worker's turn: what is due is looked at, one thing a transaction, in order.

use chrono::{DateTime, TimeDelta, Utc};
use hotline_bus::{Fault, Lease, Tx};
use hotline_policy::rules::{Colour, Happening};
use hotline_policy::{EscalateRule, Step};
use uuid::Uuid;

use super::card::card;
use super::hear::key_of;
use super::open::{OVERDUE, Opening, open, open_class};
use super::save::save;
use super::{Bench, facts_of, order_of};
use crate::domain::supervision::{Context, Event, SYSTEM, Wanted, Why, issue, of_breach, of_class};
use crate::domain::{Clock, State};
use crate::ops::Sla;
use crate::store::supervision::{self as store, Due, Kept};

/// Things looked at in one turn.
const TURN_MAX: i64 = 50;

/// How long a case waits for the legs of its order to be known.
const LEGS_MAX: TimeDelta = TimeDelta::minutes(1);

/// When the next thing is due.
///
/// # Errors
/// The database failed.
pub async fn next_due(sla: &Sla) -> Result<Option<DateTime<Utc>>, Fault> {
    let mut sql = sla.bus.pool().acquire().await?;
    Ok(store::next_due(&mut sql).await?)
}

/// Looks at what is due now; returns how much was done.
///
/// # Errors
/// The lease was lost or the database failed.
pub async fn turn(sla: &Sla, lease: &Lease) -> Result<usize, Fault> {
    let mut sql = sla.bus.pool().acquire().await?;
    let dues = store::due_after(&mut sql, sla.bus.now(), TURN_MAX).await?;
    drop(sql);
    let mut done = 0;
    for due in dues {
        let mut tx = sla.bus.begin().await?;
        lease.check(&mut tx).await?;
        if !store::done(tx.sql(), due.id).await? {
            continue;
        }
        match look_at(sla, &due, &mut tx).await {
            Ok(true) => {
                tx.commit().await?;
                done += 1;
            }
            Ok(false) => {}
            Err(Fault::Retry(error)) => return Err(Fault::Retry(error)),
            Err(fault) => {
                tracing::error!(%fault, kind = due.kind, what = due.what, "supervision leaves something out");
                drop(tx);
                set_aside(sla, &due).await?;
            }
        }
    }
    Ok(done)
}

async fn set_aside(sla: &Sla, due: &Due) -> Result<(), Fault> {
    let mut tx = sla.bus.begin().await?;
    store::done(tx.sql(), due.id).await?;
    tx.commit().await
}

/// Looks at one thing; false when it must wait for an event that is on its way.
async fn look_at(sla: &Sla, due: &Due, tx: &mut Tx) -> Result<bool, Fault> {
    match due.kind.as_str() {
        "rung" => rung(sla, due, tx).await?,
        "happened" => return happened(sla, due, tx).await,
        "answer" => answer(sla, due, tx).await?,
        other => return Err(Fault::poison(format!("nothing is called {other}"))),
    }
    Ok(true)
}

/// A rung of the ladder: the case of the unit on this order, and the rung's document or card in it.
async fn rung(sla: &Sla, due: &Due, tx: &mut Tx) -> Result<(), Fault> {
    let (Some(order_id), Some(clock_id)) = (due.order_id, due.subject) else {
        return Ok(());
    };
    let step: Step = due
        .what
        .parse()
        .map_err(|error| Fault::poison(format!("{error}")))?;
    let Some(clock) = store::lock_clock(tx.sql(), order_id, clock_id).await? else {
        return Ok(());
    };
    let Some(order) = order_of(&clock.facts)? else {
        return Ok(());
    };
    let rules = sla.rules();
    let bench = Bench::of(
        &rules,
        (&order.policy_version, &order.policy_id),
        Some(&order.matter),
    )?;
    let ladder = bench.policy.ladder(clock.obligation, &order.matter);
    let Some(rule) = ladder.into_iter().find(|rule| rule.step == step) else {
        return Ok(());
    };
    let colour = colour_of(step);
    let stands = match clock.state {
        State::Breached => true,
        State::Late(_) => colour.is_some(),
        _ => false,
    };
    if !stands {
        return Ok(());
    }
    let fresh = || sla.bus.new_id();
    let name = |id: &str| sla.unit_name(id);
    let context = bench.context(tx.now(), SYSTEM, (&fresh, &name));
    let why = of_breach(&clock, &order, &rules, rule.after, &rule.origin.article);
    let Some(mut kept) = case_of(&clock, rule, &why, (&bench, &context), tx).await? else {
        return Ok(());
    };
    let told = kept.case.instruments.iter().any(|known| {
        Some(&known.code) == rule.instrument.as_ref()
            && known.about == Some(clock.due_at)
            && known.unit == clock.unit
    });
    if told {
        return Ok(());
    }
    let mut events = Vec::new();
    if let Some(colour) = colour {
        if clock.platform_caused {
            let reason = "平台审定逾期,不计亮牌".to_owned();
            let spared = vec![Event::DelayFound(true, reason, SYSTEM.to_owned())];
            return save(sla, &mut kept, spared, &bench, tx).await;
        }
        let article = rule.origin.article.as_str();
        events = card(
            &kept.case,
            (colour, article),
            &clock,
            &why,
            (&bench, &context),
            tx,
        )
        .await?;
    }
    let instrument = rule
        .instrument
        .as_ref()
        .and_then(|code| context.rules.instrument(code));
    if let Some(instrument) = instrument {
        let wanted = Wanted {
            unit: clock.unit.clone(),
            why,
            about: Some(clock.due_at),
        };
        let issued = issue(&kept.case, instrument, wanted, &context);
        events.splice(0..0, issued);
    }
    save(sla, &mut kept, events, &bench, tx).await
}

fn colour_of(step: Step) -> Option<Colour> {
    match step {
        Step::YellowCard => Some(Colour::Yellow),
        Step::RedCard => Some(Colour::Red),
        _ => None,
    }
}

/// The open case that a missed clock belongs to: the one whose document it is about, or that of the unit's lateness.
async fn case_of(
    clock: &Clock,
    rule: &EscalateRule,
    why: &Why,
    (bench, context): (&Bench<'_>, &Context<'_>),
    tx: &mut Tx,
) -> Result<Option<Kept>, Fault> {
    let cases = store::open_of_orders(tx.sql(), &[clock.order]).await?;
    let about = |kept: &&Kept| {
        kept.case
            .instruments
            .iter()
            .any(|known| known.clock == Some(clock.id))
    };
    let late = |kept: &&Kept| kept.case.class == OVERDUE && kept.case.unit == clock.unit;
    if let Some(kept) = cases.iter().find(about).or_else(|| cases.iter().find(late)) {
        return Ok(Some(kept.clone()));
    }
    let facts = facts_of(&clock.facts)?;
    let number = facts.as_ref().map_or("", |facts| facts.number.as_str());
    let class = context.rules.class(OVERDUE);
    let opening = Opening {
        facts: facts.as_ref(),
        class: (OVERDUE, class.map_or(rule.step.zh(), |class| class.name.as_str())),
        key: format!("{}|{}", clock.order, clock.unit),
        source: "rule",
        unit: &clock.unit,
        others: Vec::new(),
        title: format!("工单{number}{}逾期", clock.obligation.zh()),
        reason: why.zh.lines().next().unwrap_or_default().to_owned(),
        article: &rule.origin.article,
        why: why.clone(),
        to: rule.to.iter().map(|to| to.as_str().to_owned()).collect(),
        request: None,
    };
    open(opening, bench, context, tx).await
}

/// A happening that a class counts: counted, and a case opened when there are enough.
async fn happened(sla: &Sla, due: &Due, tx: &mut Tx) -> Result<bool, Fault> {
    let (Some(order), Some(facts)) = (order_of(&due.facts)?, facts_of(&due.facts)?) else {
        return Ok(true);
    };
    let rules = sla.rules();
    let bench = Bench::of(
        &rules,
        (&order.policy_version, &order.policy_id),
        Some(&order.matter),
    )?;
    let Some(rule) = bench.policy.supervision().class(&due.what) else {
        return Ok(true);
    };
    let unit = if due.unit_id.is_empty() {
        store::unit_of(tx.sql(), order.id).await?.unwrap_or_default()
    } else {
        due.unit_id.clone()
    };
    let waits = tx.now() < due.due_at + LEGS_MAX;
    if waits
        && rule.trigger == Happening::ManyUnits
        && store::leg_of(tx.sql(), order.id, &unit).await?.is_none()
    {
        return Ok(false);
    }
    let key = key_of(rule, order.id, &unit, &order.matter);
    let at_dispatch = matches!(rule.trigger, Happening::Dispatched | Happening::ManyUnits);
    let counted = if rule.trigger == Happening::ManyUnits {
        u32::try_from(due.amount).unwrap_or(0)
    } else {
        let marked = at_dispatch && rule.count > 1;
        count(rule, &key, (due, order.id, marked), bench.work(), tx).await?
    };
    let last = store::last_opened(tx.sql(), &rule.code, &key).await?;
    let again = store::open_of_class(tx.sql(), &rule.code, &key).await?.is_some()
        || (at_dispatch && rule.count <= 1 && last.is_some());
    if again || counted < rule.count {
        return Ok(true);
    }
    let fresh = || sla.bus.new_id();
    let name = |id: &str| sla.unit_name(id);
    let context = bench.context(tx.now(), SYSTEM, (&fresh, &name));
    let why = of_class(rule, counted);
    let opening = Opening {
        facts: Some(&facts),
        class: (&rule.code, &rule.name),
        key,
        source: "rule",
        unit: &unit,
        others: Vec::new(),
        title: format!("工单{}:{}", facts.number, rule.name),
        reason: why.zh.clone(),
        article: &rule.origin.article,
        why,
        to: rule.to.iter().map(|to| to.as_str().to_owned()).collect(),
        request: None,
    };
    open_class(sla, opening, rule, (&bench, &context), tx).await?;
    Ok(true)
}

/// Counts a happening, and how many there are since the last case and within the window.
async fn count(
    rule: &hotline_policy::rules::SuperviseRule,
    key: &str,
    (due, order, marked): (&Due, Uuid, bool),
    work: &hotline_worktime::WorkClock,
    tx: &mut Tx,
) -> Result<u32, Fault> {
    if !marked {
        store::mark(tx.sql(), (&rule.code, key), due.due_at, order).await?;
    }
    let window = rule
        .window
        .map_or(DateTime::UNIX_EPOCH, |window| work.before(due.due_at, window));
    let last = store::last_opened(tx.sql(), &rule.code, key).await?;
    let after = last.map_or(window, |last| last.max(window));
    let found = store::count_marks(tx.sql(), (&rule.code, key), after).await?;
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// The time for an answer has passed: the document says so.
async fn answer(sla: &Sla, due: &Due, tx: &mut Tx) -> Result<(), Fault> {
    let kept = match due.order_id {
        Some(order) => {
            let cases = store::open_of_orders(tx.sql(), &[order]).await?;
            let about = |kept: &Kept| {
                kept.case
                    .instruments
                    .iter()
                    .any(|known| known.clock == due.subject)
            };
            cases.into_iter().find(about)
        }
        None => match due.subject {
            Some(case) => store::lock(tx.sql(), case).await?,
            None => None,
        },
    };
    let Some(mut kept) = kept.filter(|kept| kept.case.is_open()) else {
        return Ok(());
    };
    let now = tx.now();
    let asked = kept.case.instruments.iter().find(|known| {
        let this = known.id.to_string() == due.what || (due.order_id.is_some() && known.clock == due.subject);
        this && known.is_owed() && known.due_at.is_some_and(|at| at <= now)
    });
    let Some(id) = asked.map(|known| known.id) else {
        return Ok(());
    };
    let rules = sla.rules();
    let bench = Bench::of_case(&rules, &kept.case, &kept.facts)?;
    save(sla, &mut kept, vec![Event::Overdue(id)], &bench, tx).await
}
