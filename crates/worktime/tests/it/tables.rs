//! Deadlines, reminders and elapsed time that a person can check with a wall calendar.

use hotline_worktime::{Convention, Due, Limit, OfficeHours, Unit, WorkClock};

use crate::support::{at, calendar, clock, date, limit, told};

fn ends(convention: Convention, start: &str, within: &str, expected: &str) {
    let due = clock(convention).deadline(at(start), limit(within));
    let case = format!("{within} from {start}, {convention:?}");
    assert_eq!(told(due.at), told(at(expected)), "{case}");
    assert!(!due.provisional, "{case}");
}

#[test]
fn working_hours_end_at_the_earliest_instant() {
    let hours = |start, within, expected| ends(Convention::Civil, start, within, expected);
    hours("2026-09-29T11:00", "1 working hour", "2026-09-29T12:00");
    hours("2026-09-29T11:01", "1 working hour", "2026-09-29T14:01");
    hours("2026-09-29T12:30", "1 working hour", "2026-09-29T15:00");
    hours("2026-09-29T11:30:15", "1 working hour", "2026-09-29T14:30:15");
    hours("2026-09-29T08:00", "7 working hours", "2026-09-29T18:00");
    hours("2026-09-30T17:30", "1 working hour", "2026-10-08T09:30");
    hours("2026-09-19T10:00", "90 working minutes", "2026-09-20T10:30");
    hours("2026-02-13T18:00", "1 working hour", "2026-02-14T10:00");
}

#[test]
fn working_days_end_at_close_of_business() {
    let civil = |start, within, expected| ends(Convention::Civil, start, within, expected);
    civil("2026-09-28T00:00", "1 working day", "2026-09-29T18:00");
    civil("2026-09-28T23:59", "1 working day", "2026-09-29T18:00");
    civil("2026-09-30T16:50", "3 working days", "2026-10-10T18:00");
    civil("2026-10-03T10:00", "1 working day", "2026-10-08T18:00");
    civil("2025-12-31T09:00", "1 working day", "2026-01-04T18:00");
    civil("2018-12-28T17:59", "2 working days", "2019-01-02T18:00");
}

#[test]
fn elapsed_working_days_end_at_the_same_time() {
    let elapsed = |start, within, expected| ends(Convention::Elapsed, start, within, expected);
    elapsed("2026-09-28T10:00", "1 working day", "2026-09-29T10:00");
    elapsed("2026-09-28T09:00", "1 working day", "2026-09-28T18:00");
    elapsed("2026-09-28T00:00", "2 working days", "2026-09-29T18:00");
    elapsed("2026-09-30T16:50", "3 working days", "2026-10-10T16:50");
    elapsed("2026-10-03T10:00", "1 working day", "2026-10-08T18:00");
}

#[test]
fn natural_days_and_months_move_off_days_of_rest_by_the_civil_code_only() {
    let civil = |start, within, expected| ends(Convention::Civil, start, within, expected);
    let elapsed = |start, within, expected| ends(Convention::Elapsed, start, within, expected);
    civil("2026-09-28T10:00", "1 natural day", "2026-09-30T00:00");
    civil("2026-09-28T10:00", "5 natural days", "2026-10-09T00:00");
    elapsed("2026-09-28T10:00", "5 natural days", "2026-10-03T10:00");
    civil("2025-12-31T10:00", "2 months", "2026-03-01T00:00");
    civil("2026-01-30T10:00", "1 month", "2026-03-01T00:00");
    civil("2026-03-15T10:00", "1 month", "2026-04-16T00:00");
    civil("2026-08-26T10:00", "1 month", "2026-09-29T00:00");
    elapsed("2026-01-31T10:00", "1 month", "2026-02-28T10:00");
}

#[test]
fn the_wall_clock_and_the_same_day_ask_no_calendar() {
    for convention in [Convention::Civil, Convention::Elapsed] {
        ends(convention, "2026-10-01T23:50", "30 minutes", "2026-10-02T00:20");
        ends(convention, "2030-10-01T12:00", "24 hours", "2030-10-02T12:00");
        ends(convention, "2030-10-01T00:00", "same day", "2030-10-02T00:00");
        ends(
            convention,
            "2026-10-01T23:59:59.9",
            "same day",
            "2026-10-02T00:00",
        );
    }
}

#[test]
fn a_limit_of_nothing_is_due_at_once() {
    let clock = clock(Convention::Civil);
    for unit in [
        Unit::Minute,
        Unit::WorkingHour,
        Unit::WorkingDay,
        Unit::NaturalDay,
        Unit::Month,
    ] {
        let start = at("2026-10-01T10:00");
        assert_eq!(clock.deadline(start, Limit::new(0, unit)).at, start);
        assert_eq!(clock.before(start, Limit::new(0, unit)), start);
    }
}

#[test]
fn a_year_not_yet_published_makes_a_deadline_provisional() {
    let due = |start, within| clock(Convention::Civil).deadline(at(start), limit(within));
    let provisional = |start, within, expected| {
        let found = due(start, within);
        assert_eq!(
            found,
            Due {
                at: at(expected),
                provisional: true
            },
            "{within} from {start}"
        );
    };
    provisional("2026-12-31T16:50", "3 working days", "2027-01-05T18:00");
    provisional("2026-12-31T17:30", "1 working hour", "2027-01-01T09:30");
    provisional("2026-12-31T10:00", "1 natural day", "2027-01-02T00:00");
    provisional("2027-10-01T10:00", "1 working hour", "2027-10-01T11:00");
    assert!(!due("2026-12-31T10:00", "1 working hour").provisional);
    assert!(!due("2026-12-30T10:00", "1 working day").provisional);
    assert!(!due("2026-12-30T10:00", "1 natural day").provisional);
    assert!(!due("2027-10-01T10:00", "24 hours").provisional);
}

#[test]
fn beyond_the_known_range_results_are_held_and_provisional() {
    let clock = clock(Convention::Civil);
    let due = |start, within| clock.deadline(at(start), limit(within));
    assert!(due("2060-05-06T10:00", "5 working days").provisional);
    let end = Due {
        at: at("2100-01-01T00:00"),
        provisional: true,
    };
    assert_eq!(due("2099-12-31T17:59", "2 working hours"), end);
    assert_eq!(due("2099-12-31T17:59", "2 working days"), end);
    let after = at("2150-06-01T00:00");
    assert_eq!(
        clock.deadline(after, limit("1 working day")),
        Due {
            at: after,
            provisional: true
        }
    );
    assert_eq!(
        told(due("1999-06-01T00:00", "1 working hour").at),
        told(at("2000-01-03T10:00"))
    );
}

#[test]
fn reminders_go_back_through_working_time() {
    let back = |convention, due, within, expected| {
        let found = clock(convention).before(at(due), limit(within));
        assert_eq!(told(found), told(at(expected)), "{within} before {due}");
    };
    let civil = |due, within, expected| back(Convention::Civil, due, within, expected);
    civil("2026-10-08T10:30", "2 working hours", "2026-09-30T17:30");
    civil("2026-10-08T10:00", "1 working hour", "2026-10-08T09:00");
    civil("2026-10-08T18:00", "1 working day", "2026-09-30T18:00");
    civil("2026-10-10T18:00", "2 working days", "2026-10-08T18:00");
    back(
        Convention::Elapsed,
        "2026-10-08T10:30",
        "1 working day",
        "2026-09-30T10:30",
    );
    civil("2026-10-08T10:30", "24 hours", "2026-10-07T10:30");
    civil("2026-10-08T10:30", "30 minutes", "2026-10-08T10:00");
    civil("2026-10-08T00:00", "3 natural days", "2026-10-05T00:00");
    civil("2026-03-31T18:00", "1 month", "2026-02-28T18:00");
    civil("2026-10-08T10:30", "same day", "2026-10-08T00:00");
    civil("2026-10-08T00:00", "same day", "2026-10-07T00:00");
}

#[test]
fn elapsed_time_counts_office_minutes_and_days_touched() {
    let clock = clock(Convention::Civil);
    let between = |a, b| {
        let found = clock.elapsed(at(a), at(b));
        (found.working_minutes, found.working_days, found.natural_minutes)
    };
    assert_eq!(between("2026-09-30T17:00", "2026-10-08T10:00"), (120, 2, 11_100));
    assert_eq!(between("2026-10-01T00:00", "2026-10-07T23:59"), (0, 0, 10_079));
    assert_eq!(
        between("2026-09-30T18:00", "2026-10-08T09:00"),
        (0, 0, 11_100 - 2 * 60)
    );
    assert_eq!(between("2026-09-30T11:00", "2026-09-30T15:00"), (120, 1, 240));
    assert_eq!(between("2026-09-30T15:00", "2026-09-30T11:00"), (-120, -1, -240));
    assert_eq!(between("2026-09-30T09:00:30", "2026-09-30T09:01:29"), (0, 1, 0));
}

#[test]
fn an_office_opens_at_its_shifts_and_closes_at_their_ends() {
    let clock = clock(Convention::Civil);
    for (time, open) in [
        ("2026-09-30T09:00", true),
        ("2026-09-30T11:59:59", true),
        ("2026-09-30T12:00", false),
        ("2026-09-30T18:00", false),
        ("2026-10-10T10:00", true),
        ("2026-10-11T10:00", false),
    ] {
        assert_eq!(clock.is_open(at(time)), open, "{time}");
    }
    assert!(clock.is_working_day(date("2026-10-10")));
    assert!(!clock.is_working_day(date("2026-10-05")));
    assert!(!clock.is_working_day(date("2150-01-03")));
    assert!(clock.is_working_day(date("2150-01-05")));
}

#[test]
fn an_office_that_never_closes_works_to_24_00_of_working_days() {
    let hours = OfficeHours::parse(&["00:00-24:00"]).expect("hours");
    let clock = WorkClock::new(&calendar(), hours, Convention::Civil);
    let due = |start, within| told(clock.deadline(at(start), limit(within)).at);
    assert_eq!(
        due("2026-09-29T10:00", "1 working day"),
        told(at("2026-10-01T00:00"))
    );
    assert_eq!(
        due("2026-09-30T23:00", "2 working hours"),
        told(at("2026-10-08T01:00"))
    );
    assert_eq!(
        due("2026-09-30T23:00", "1 working hour"),
        told(at("2026-10-01T00:00"))
    );
}
