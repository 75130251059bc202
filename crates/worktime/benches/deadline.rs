//! Nanoseconds a deadline, for every kind of limit; the target is at most 100.

use std::hint::black_box;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use hotline_worktime::{
    Calendar, Convention, Limit, NamedDay, OfficeHours, Unit, WorkClock, YearArrangement,
};

/// Starts a round takes in turn, so that the tables are read all over.
const STARTS: usize = 4096;

fn clock() -> WorkClock {
    let years = (2018..=2026).map(|year| {
        let holiday = |day| NamedDay {
            date: chrono::NaiveDate::from_ymd_opt(year, 10, day).expect("October"),
            name: "国庆节".to_owned(),
            line: None,
        };
        YearArrangement::new(
            year,
            "bench".to_owned(),
            (1..=7).map(holiday).collect(),
            Vec::new(),
        )
    });
    let hours = OfficeHours::parse(&["09:00-12:00", "13:30-17:30"]).expect("hours");
    WorkClock::new(
        &Calendar::new(years.collect()).expect("calendar"),
        hours,
        Convention::Civil,
    )
}

/// Instants scattered over nine years by a fixed sequence.
fn starts() -> Vec<DateTime<Utc>> {
    let first = DateTime::from_timestamp(1_514_736_000, 0).expect("2018");
    let span = 9 * 365 * 86_400_000_u64;
    (0..STARTS as u64)
        .map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15) % span)
        .map(|ms| first + TimeDelta::milliseconds(i64::try_from(ms).expect("small")))
        .collect()
}

fn deadlines(criterion: &mut Criterion) {
    let (clock, starts) = (clock(), starts());
    let mut group = criterion.benchmark_group("deadline");
    for (name, limit, convention) in [
        (
            "1 working hour",
            Limit::new(1, Unit::WorkingHour),
            Convention::Civil,
        ),
        (
            "5 working days, civil",
            Limit::new(5, Unit::WorkingDay),
            Convention::Civil,
        ),
        (
            "5 working days, elapsed",
            Limit::new(5, Unit::WorkingDay),
            Convention::Elapsed,
        ),
        (
            "15 natural days, civil",
            Limit::new(15, Unit::NaturalDay),
            Convention::Civil,
        ),
        ("24 hours", Limit::new(24, Unit::Hour), Convention::Civil),
        ("1 month, civil", Limit::new(1, Unit::Month), Convention::Civil),
    ] {
        let mut turn = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                turn = (turn + 1) % STARTS;
                clock.deadline_with(black_box(starts[turn]), black_box(limit), convention)
            });
        });
    }
    group.finish();
}

fn others(criterion: &mut Criterion) {
    let (clock, starts) = (clock(), starts());
    let mut turn = 0;
    criterion.bench_function("elapsed", |bencher| {
        bencher.iter(|| {
            turn = (turn + 1) % (STARTS - 1);
            clock.elapsed(black_box(starts[turn]), black_box(starts[turn + 1]))
        });
    });
    criterion.bench_function("before, 2 working hours", |bencher| {
        bencher.iter(|| {
            turn = (turn + 1) % STARTS;
            clock.before(black_box(starts[turn]), Limit::new(2, Unit::WorkingHour))
        });
    });
}

criterion_group!(benches, deadlines, others);
criterion_main!(benches);
