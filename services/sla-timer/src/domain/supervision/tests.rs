//! The matrix of commands; and series of cards: one after the other, within the window, unbroken, each card once.

mod matrix;
mod people;

use hotline_policy::rules::{CardRule, Colour};
use hotline_worktime::WorkClock;

use super::{Previous, Series, follow_up, series};
use crate::domain::testing::{calendar_until, library, local};

/// The rule of Yicheng on yellow cards, and its working time.
fn yellow() -> (CardRule, WorkClock) {
    let city = library().city("yicheng").expect("Yicheng is shipped");
    let rule = city.policy.supervision().cards(Colour::Yellow).next().cloned();
    (
        rule.expect("Yicheng has yellow cards"),
        city.policy.work_clock(&calendar_until(2026)),
    )
}

fn previous(at: &str, spent: bool, kept_after: bool) -> Previous {
    Previous {
        issued_at: local(at),
        spent,
        kept_after,
    }
}

/// The series of a card issued at a time after these, newest first.
fn found(cards: &[Previous], at: &str) -> (Series, bool) {
    let (rule, work) = yellow();
    let found = series(&rule, cards, local(at), &work);
    (found, follow_up(&rule, &found))
}

#[test]
fn two_cards_within_a_rolling_month_complete_a_series() {
    let first = previous("2026-03-04 17:30", false, false);
    let (series, complete) = found(&[first], "2026-04-03 10:00");
    assert_eq!((series.count, series.first, complete), (2, first.issued_at, true));
    assert_eq!(
        series.until,
        local("2026-04-08 00:00"),
        "4 April is Qingming, the next working day is the 7th"
    );
}

#[test]
fn a_card_after_the_window_begins_a_series_of_its_own() {
    let (series, complete) = found(&[previous("2026-03-04 17:30", false, false)], "2026-04-08 10:00");
    assert_eq!((series.count, complete), (1, false));
}

#[test]
fn a_clock_kept_between_breaks_the_series_and_a_spent_card_counts_no_more() {
    for card in [
        previous("2026-03-04 17:30", false, true),
        previous("2026-03-04 17:30", true, false),
    ] {
        assert_eq!(found(&[card], "2026-03-09 17:30").0.count, 1);
    }
}
