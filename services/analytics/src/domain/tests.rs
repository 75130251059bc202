//! Counting: every dimension adds up, no order of counting matters, names are as promised.

use chrono::{DateTime, NaiveDate, Utc};
use hotline_policy::{AppealType, Channel};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn whats() -> impl Strategy<Value = What> {
    let word = || select(vec!["sign", "answer"]).prop_map(str::to_owned);
    prop_oneof![
        Just(What::Plain),
        Just(What::SignedInTime),
        Just(What::SignedLate),
        word().prop_map(|obligation| What::Breached { obligation }),
        Just(What::Satisfied),
        Just(What::Dissatisfied),
        word().prop_map(|outcome| What::Closed { outcome }),
        Just(What::OnceMore),
        Just(What::Reopened),
        Just(What::Archived),
    ]
}

fn happenings() -> impl Strategy<Value = (Happening, DateTime<Utc>)> {
    let event = select(vec!["LegSigned", "ClockStopped", "OrderClosed"]);
    let unit = proptest::option::of(select(vec!["u1", "u2"]));
    let instant = (0..3_i64 * 86_400)
        .prop_map(|seconds| at("2026-09-29T15:59:59Z") + chrono::TimeDelta::seconds(seconds));
    let words = (
        select(AppealType::ALL),
        select(Channel::ALL),
        select(vec!["320303", "320311"]),
    );
    (event, unit, whats(), words, instant).prop_map(
        |(event, unit, what, (appeal_type, channel, division), at)| {
            let keys = Keys {
                unit: unit.map(str::to_owned),
                appeal_type: Some(appeal_type),
                channel: Some(channel),
                division: Some(division.to_owned()),
                category: Some("0301".to_owned()),
            };
            (
                Happening {
                    event: event.to_owned(),
                    order: None,
                    what,
                    keys,
                },
                at,
            )
        },
    )
}

/// Sum over the keys of a dimension, by day and measure.
fn summed(tally: &Tally, dimension: Dimension) -> Vec<((NaiveDate, String), i64)> {
    let mut sums = std::collections::BTreeMap::new();
    for (cell, count) in tally.cells.iter().filter(|(cell, _)| cell.dimension == dimension) {
        *sums.entry((cell.day, cell.measure.clone())).or_default() += count;
    }
    sums.into_iter().collect()
}

proptest! {
    #[test]
    fn every_dimension_adds_up_to_the_whole(list in proptest::collection::vec(happenings(), 0..40)) {
        let mut tally = Tally::default();
        for (happening, at) in &list {
            tally.add(happening, *at);
        }
        let all = summed(&tally, Dimension::All);
        for dimension in [Dimension::Type, Dimension::Channel, Dimension::Division, Dimension::Category] {
            prop_assert_eq!(&summed(&tally, dimension), &all);
        }
        let expected: usize = list.iter().map(|(happening, _)| measures(happening).len()).sum();
        for dimension in [Dimension::All, Dimension::Ever] {
            let counted: i64 = summed(&tally, dimension).into_iter().map(|(_, count)| count).sum();
            prop_assert_eq!(usize::try_from(counted), Ok(expected));
        }
        prop_assert_eq!(tally.last_at, list.iter().map(|(_, at)| *at).max());
        let mut backwards = Tally::default();
        for (happening, at) in list.iter().rev() {
            backwards.add(happening, *at);
        }
        prop_assert_eq!(backwards, tally);
    }
}

#[test]
fn a_day_begins_at_midnight_local_time() {
    for (instant, expected) in [
        ("2026-09-30T15:59:59.999Z", "2026-09-30"),
        ("2026-09-30T16:00:00Z", "2026-10-01"),
    ] {
        let mut tally = Tally::default();
        tally.add(
            &Happening {
                event: "LegSigned".to_owned(),
                ..Happening::default()
            },
            at(instant),
        );
        let days: Vec<_> = tally.cells.keys().map(|cell| cell.day.to_string()).collect();
        assert_eq!(days, ["1970-01-01", expected]);
    }
}

#[test]
fn a_measure_is_the_event_in_snake_case_and_what_derives_from_it() {
    let of = |event: &str, what| {
        measures(&Happening {
            event: event.to_owned(),
            what,
            ..Happening::default()
        })
    };
    assert_eq!(
        of("EnterpriseLegDispatched", What::Plain),
        ["enterprise_leg_dispatched"]
    );
    assert_eq!(
        of("ClockStopped", What::SignedLate),
        ["clock_stopped", "signed_late"]
    );
    let breached = What::Breached {
        obligation: "answer".to_owned(),
    };
    assert_eq!(
        of("ClockBreached", breached),
        ["clock_breached", "breached_answer"]
    );
    let closed = What::Closed {
        outcome: "final".to_owned(),
    };
    assert_eq!(of("OrderClosed", closed), ["order_closed", "closed_final"]);
    assert_eq!(
        of("OrderRedone", What::Reopened),
        ["order_redone", "order_reopened"]
    );
}

#[test]
fn open_orders_are_those_opened_less_those_that_ended() {
    let totals = [
        ("order_opened", 9),
        ("order_closed", 5),
        ("order_reopened", 1),
        ("order_withdrawn", 2),
    ];
    let totals = totals.map(|(name, count)| (name.to_owned(), count)).to_vec();
    let figures = with_open_orders(totals);
    assert!(figures.contains(&(OPEN_ORDERS.to_owned(), 3)));
    assert!(figures.is_sorted());
    assert_eq!(with_open_orders(Vec::new()), [(OPEN_ORDERS.to_owned(), 0)]);
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T, hotline_policy::Refusal>, id: &str, field: &str) {
    let refusal = outcome.expect_err("refused");
    assert_eq!((refusal.code.id, refusal.field.as_deref()), (id, Some(field)));
}

#[test]
fn what_is_asked_for_is_checked() {
    for bad in [
        "2026-9-30",
        "2026-02-30",
        "20260930",
        "2026/09/30",
        "2026-09-30T",
        "+026-09-30",
        "昨天",
        "0x26-09-30",
    ] {
        refused(Window::parse(bad, ""), "totals.day", "from");
        refused(Window::parse("", bad), "totals.day", "to");
    }
    refused(Window::parse("2026-10-01", "2026-09-30"), "totals.range", "to");
    assert!(Window::parse("2026-09-30", "2026-09-30").is_ok() && Window::parse("", "").is_ok());
    for bad in ["Legs", "a b", "a;b", "指标", &"a".repeat(65)] {
        refused(measure_name(bad), "totals.measure", "measure");
    }
    assert_eq!(
        (measure_name(""), measure_name("order_closed")),
        (Ok(None), Ok(Some("order_closed")))
    );
    refused(rows(-1), "totals.page_size", "page_size");
    assert_eq!(
        (rows(0), rows(7), rows(9_999)),
        (Ok(ROWS_DEFAULT), Ok(7), Ok(ROWS_MAX))
    );
}
