//! How long it takes to find the clocks of one order.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use hotline_policy::{AppealType, Desk, Library, Matter, Obligation};

fn resolve(criterion: &mut Criterion) {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/cities"));
    let library = Library::load(dir).expect("the shipped cities are sound");
    let city = library.city("xuzhou").expect("xuzhou is shipped");
    let matter = Matter::new(
        AppealType::Complaint,
        Desk::Hotline,
        "urban.property",
        "320302001",
    );
    criterion.bench_function("policy/one clock", |bench| {
        bench.iter(|| city.policy.clock(Obligation::Answer, black_box(&matter)));
    });
    criterion.bench_function("policy/all clocks of an order", |bench| {
        bench.iter(|| city.policy.clocks(black_box(&matter)));
    });
    criterion.bench_function("policy/who leads", |bench| {
        bench.iter(|| city.dispatch(black_box(&matter)));
    });
    criterion.bench_function("policy/load all cities", |bench| {
        bench.iter(|| Library::load(black_box(dir)));
    });
}

criterion_group!(benches, resolve);
criterion_main!(benches);
