//! Issues cards, counts their series, and does what the policy says follows.

use hotline_bus::{Fault, Tx};
use hotline_policy::rules::{CardRule, Colour};

use super::Bench;
use crate::domain::Clock;
use crate::domain::supervision::{
    Card, Case, Context, Event, Previous, Series, Wanted, Why, follow_up, issue, of_series, raise, series,
};
use crate::store::supervision as store;

/// The card for a missed clock, and what it leads to. The unit's cards are read under a lock of the unit.
pub(super) async fn card(
    case: &Case,
    (colour, article): (Colour, &str),
    clock: &Clock,
    why: &Why,
    (bench, context): (&Bench<'_>, &Context<'_>),
    tx: &mut Tx,
) -> Result<Vec<Event>, Fault> {
    store::lock_unit(tx.sql(), &clock.unit).await?;
    let mut card = Card {
        id: (context.fresh)(),
        case: case.id,
        order_number: case
            .order
            .as_ref()
            .map(|order| order.number.clone())
            .unwrap_or_default(),
        unit: clock.unit.clone(),
        colour: colour.as_str().to_owned(),
        obligation: clock.obligation.as_str().to_owned(),
        issued_at: context.at,
        article: article.to_owned(),
        why: why.clone(),
        series: 1,
        led_on: false,
    };
    let mut follow = Vec::new();
    for rule in context.rules.cards(colour) {
        let found = series_of(rule, &card, bench, tx).await?;
        let told = of_series(rule, found.first, found.until, found.count);
        card.series = found.count;
        card.why = Why::new(
            format!("{}\n{}", told.zh, why.zh),
            format!("{}\n{}", told.en, why.en),
        );
        if !follow_up(rule, &found) {
            continue;
        }
        card.led_on = true;
        store::spend_cards(tx.sql(), &card.unit, colour.as_str(), found.first).await?;
        if let Some(instrument) = context.rules.instrument(&rule.instrument) {
            let wanted = Wanted {
                unit: card.unit.clone(),
                why: told.clone(),
                about: Some(clock.due_at),
            };
            follow.extend(issue(case, instrument, wanted, context));
        }
        follow.extend(
            rule.cause
                .as_ref()
                .and_then(|cause| raise(case, cause, &told.zh, context)),
        );
    }
    let mut events = vec![Event::Carded(card)];
    events.extend(follow);
    Ok(events)
}

/// The series that a card stands in.
async fn series_of(rule: &CardRule, card: &Card, bench: &Bench<'_>, tx: &mut Tx) -> Result<Series, Fault> {
    let cards = store::previous_cards(tx.sql(), &card.unit, &card.colour).await?;
    let mut previous = Vec::new();
    let mut next = card.issued_at;
    for (issued_at, spent) in cards.into_iter().take(rule.consecutive as usize) {
        let kept_after = store::kept_between(tx.sql(), &card.unit, &card.obligation, issued_at, next).await?;
        previous.push(Previous {
            issued_at,
            spent,
            kept_after,
        });
        next = issued_at;
    }
    Ok(series(rule, &previous, card.issued_at, bench.work()))
}
