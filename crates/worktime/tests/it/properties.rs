//! Properties on made-up calendars and office hours, against the minute-walking oracle.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};
use hotline_worktime::{
    Calendar, Convention, Limit, NamedDay, OfficeHours, Unit, WorkClock, YearArrangement, at_local, date_of,
    local_time,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use crate::oracle::Oracle;

/// Starts lie in 700 days from this date; calendars cover the days around.
const FIRST: (i32, u32, u32) = (2024, 11, 1);

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(FIRST.0, FIRST.1, FIRST.2).expect("first day")
}

#[derive(Clone, Debug)]
struct World {
    oracle: Oracle,
    calendar: Calendar,
    hours: OfficeHours,
}

impl World {
    fn clock(&self, convention: Convention) -> WorkClock {
        WorkClock::new(&self.calendar, self.hours.clone(), convention)
    }
}

fn named(date: &NaiveDate) -> NamedDay {
    NamedDay {
        date: *date,
        name: "节".to_owned(),
        line: None,
    }
}

fn world() -> impl Strategy<Value = World> {
    let days = btree_set(0_u64..900, 0..90);
    let make_up = btree_set(0_u64..900, 0..60);
    let years = prop::sample::subsequence(vec![2024, 2025, 2026, 2027], 0..=4);
    (days, make_up, years, shifts()).prop_map(|(off, on, years, shifts)| {
        let published = |day: &u64| {
            let date = first_day() + Days::new(*day);
            years.contains(&date.year()).then_some(date)
        };
        let weekend = |d: &NaiveDate| matches!(d.weekday(), Weekday::Sat | Weekday::Sun);
        let on: Vec<NaiveDate> = on.iter().filter_map(published).filter(weekend).collect();
        let off: Vec<NaiveDate> = off
            .iter()
            .filter_map(published)
            .filter(|date| !on.contains(date))
            .collect();
        let arrangement = |year: &i32| {
            let of = |days: &[NaiveDate]| {
                days.iter()
                    .filter(|date| date.year() == *year)
                    .map(named)
                    .collect()
            };
            YearArrangement::new(*year, "made up".to_owned(), of(&off), of(&on))
        };
        World {
            calendar: Calendar::new(years.iter().map(arrangement).collect()).expect("consistent"),
            hours: OfficeHours::parse(&texts(&shifts)).expect("in order"),
            oracle: Oracle {
                off: off.into_iter().collect(),
                on: on.into_iter().collect(),
                years,
                shifts,
            },
        }
    })
}

/// One to four shifts; often touching, sometimes from 00:00 or to 24:00.
fn shifts() -> impl Strategy<Value = Vec<(u32, u32)>> {
    let made_up = btree_set(0_u32..=1440, 2..=8).prop_map(|edges| {
        let edges: Vec<u32> = edges.into_iter().collect();
        edges.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    });
    prop_oneof![
        Just(vec![(540, 720), (840, 1080)]),
        Just(vec![(0, 1440)]),
        Just(vec![(480, 720), (720, 1020)]),
        made_up,
    ]
}

fn texts(shifts: &[(u32, u32)]) -> Vec<String> {
    let clock = |m: u32| format!("{:02}:{:02}", m / 60, m % 60);
    shifts
        .iter()
        .map(|&(a, b)| format!("{}-{}", clock(a), clock(b)))
        .collect()
}

fn start() -> impl Strategy<Value = NaiveDateTime> {
    let minute = prop_oneof![
        0_i64..1440,
        prop::sample::select(vec![0, 539, 540, 720, 839, 840, 1079, 1080, 1439])
    ];
    (0_u64..700, minute).prop_map(|(day, minute)| {
        let midnight = (first_day() + Days::new(day))
            .and_hms_opt(0, 0, 0)
            .expect("midnight");
        midnight + TimeDelta::minutes(minute)
    })
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        (1_u32..3000).prop_map(|n| Limit::new(n, Unit::Minute)),
        (1_u32..80).prop_map(|n| Limit::new(n, Unit::Hour)),
        (1_u32..3000).prop_map(|n| Limit::new(n, Unit::WorkingMinute)),
        (1_u32..50).prop_map(|n| Limit::new(n, Unit::WorkingHour)),
        (1_u32..16).prop_map(|n| Limit::new(n, Unit::WorkingDay)),
        (1_u32..40).prop_map(|n| Limit::new(n, Unit::NaturalDay)),
        (1_u32..4).prop_map(|n| Limit::new(n, Unit::Month)),
        Just(Limit::same_day()),
    ]
}

fn convention() -> impl Strategy<Value = Convention> {
    prop_oneof![Just(Convention::Civil), Just(Convention::Elapsed)]
}

/// Any instant that chrono can express, most of them near the known range.
fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    let seconds = prop_oneof![
        3 => 900_000_000_i64..4_200_000_000,
        1 => -8_000_000_000_000_i64..8_000_000_000_000,
    ];
    (seconds, 0_u32..1_000_000_000)
        .prop_map(|(s, nanos)| DateTime::from_timestamp(s, nanos).expect("expressible"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_deadline_is_what_the_walker_finds(
        world in world(),
        asked in vec((start(), limit(), convention()), 4),
    ) {
        for (start, limit, convention) in asked {
            let found = world.clock(convention).deadline(at_local(start), limit);
            let (due, seen) = world.oracle.deadline(start, limit, convention);
            prop_assert_eq!(local_time(found.at), due, "{} from {}, {:?}", limit, start, convention);
            prop_assert_eq!(found.provisional, world.oracle.provisional(&seen));
        }
    }

    #[test]
    fn elapsed_time_is_what_the_walker_counts(
        world in world(), a in start(), minutes in 0_i64..40_000,
    ) {
        let b = a + TimeDelta::minutes(minutes);
        let clock = world.clock(Convention::Civil);
        let found = clock.elapsed(at_local(a), at_local(b));
        prop_assert_eq!((found.working_minutes, found.working_days), world.oracle.elapsed(a, b));
        prop_assert_eq!(found.natural_minutes, minutes);
        let back = clock.elapsed(at_local(b), at_local(a));
        prop_assert_eq!(back.working_minutes, -found.working_minutes);
        prop_assert_eq!(back.working_days, -found.working_days);
    }

    #[test]
    fn going_back_is_what_the_walker_finds(
        world in world(), due in start(), minutes in 1_u32..2500, days in 1_u32..12,
    ) {
        let due_at = at_local(due);
        let back = |convention, n, unit| {
            local_time(world.clock(convention).before(due_at, Limit::new(n, unit)))
        };
        let oracle = &world.oracle;
        prop_assert_eq!(back(Convention::Civil, minutes, Unit::WorkingMinute), oracle.back(due, minutes.into()));
        let in_minutes = u64::from(days) * oracle.day_minutes();
        prop_assert_eq!(back(Convention::Elapsed, days, Unit::WorkingDay), oracle.back(due, in_minutes));
        prop_assert_eq!(back(Convention::Civil, days, Unit::WorkingDay), oracle.back_days(due, days.into()));
    }

    #[test]
    fn before_is_the_inverse_of_deadline(
        world in world(), start in start(), limit in limit(), convention in convention(),
    ) {
        let clock = world.clock(convention);
        let due = clock.deadline(at_local(start), limit).at;
        let reminder = clock.before(due, limit);
        prop_assert!(reminder <= due);
        if limit.unit.is_working() {
            // A close at 24:00 is also the next day's 00:00, so the civil count looks from just before it.
            let by_days = limit.unit == Unit::WorkingDay && convention == Convention::Civil;
            let from = reminder - TimeDelta::nanoseconds(i64::from(by_days));
            prop_assert_eq!(clock.deadline(from, limit).at, due);
        } else if matches!(limit.unit, Unit::Minute | Unit::Hour) {
            prop_assert_eq!(reminder, at_local(start));
        }
    }

    #[test]
    fn an_office_is_open_when_the_walker_finds_it_so(world in world(), from in start()) {
        let clock = world.clock(Convention::Civil);
        prop_assert_eq!(clock.is_open(at_local(from)), world.oracle.open(from));
        prop_assert_eq!(clock.is_working_day(from.date()), world.oracle.works(from.date()));
    }

    #[test]
    fn working_minutes_add_up(
        world in world(), start in start(), a in 1_u32..2000, b in 1_u32..2000, nanos in 0_i64..60_000_000_000,
    ) {
        let clock = world.clock(Convention::Elapsed);
        let begin = at_local(start + TimeDelta::nanoseconds(nanos));
        let minutes = |from, n| clock.deadline(from, Limit::new(n, Unit::WorkingMinute)).at;
        prop_assert_eq!(minutes(minutes(begin, a), b), minutes(begin, a + b));
        prop_assert_eq!(clock.elapsed(begin, minutes(begin, a)).working_minutes, i64::from(a));
    }

    #[test]
    fn a_deadline_never_lies_in_the_past_nor_overtakes_a_later_one(
        world in world(), a in any_instant(), b in any_instant(), near in 0_i64..200_000_000_000_000,
        limit in limit(), n in any::<u32>(), convention in convention(),
    ) {
        let clock = world.clock(convention);
        let close_by = a.checked_add_signed(TimeDelta::nanoseconds(near)).unwrap_or(a);
        // Months by the clock end at the same time of the corresponding day, or of the last one of a shorter month: of two days
        // that end on one, each keeps its time.
        let by_date = limit.unit == Unit::Month && convention == Convention::Elapsed;
        let overtakes = |first: DateTime<Utc>, second: DateTime<Utc>| {
            if by_date { date_of(first) > date_of(second) } else { first > second }
        };
        for limit in [limit, Limit::new(n, limit.unit), Limit::new(0, limit.unit)] {
            for later in [b.max(a), close_by] {
                let (first, second) = (clock.deadline(a.min(later), limit), clock.deadline(later, limit));
                prop_assert!(!overtakes(first.at, second.at), "{:?} {:?}", first, second);
                prop_assert!(first.at >= a.min(later) && second.at >= later);
            }
            prop_assert!(clock.before(b, limit) <= b);
        }
    }

    #[test]
    fn nothing_panics_at_the_ends_of_time(
        world in world(), a in any_instant(), b in any_instant(), limit in limit(), n in any::<u32>(),
    ) {
        for convention in [Convention::Civil, Convention::Elapsed] {
            let clock = world.clock(convention);
            let (there, back) = (clock.elapsed(a, b), clock.elapsed(b, a));
            prop_assert_eq!(there.working_minutes, -back.working_minutes);
            let far = Limit::new(n, limit.unit);
            for extreme in [a, DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
                prop_assert!(clock.before(extreme, far) <= extreme);
                let told = clock.explain(extreme, far);
                prop_assert_eq!(told.due, clock.deadline(extreme, far));
                prop_assert!(!told.zh().is_empty() && !told.en().is_empty());
            }
        }
    }
}
