//! How long it takes to find the clocks of one order.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use hotline_policy::{AppealType, Desk, Library, Matter, Obligation, SourceFile};

const BASE: &str = include_str!("../../../deploy/cities/jiangsu/policy.toml");

/// A policy with 200 rows of its own for one obligation, the last of which is the one that is looked for.
fn two_hundred_rows() -> Library {
    let header = "[policy]\nid = \"long\"\nparent = \"jiangsu-2020\"\ntitle = \"t\"\ndocument = \"d\"\n\
                  division = \"320300\"\neffective_from = 2021-01-01\noffice_hours = [\"09:00-12:00\", \"13:30-17:30\"]\n";
    let row = |number: u32| {
        format!(
            "[[clock]]\nsource = \"operator\"\nobligation = \"answer\"\nwithin = \"{number} working days\"\n\
             when = {{ category = \"c{number}\" }}\n"
        )
    };
    let text = (1..=200).fold(header.to_owned(), |text, number| text + &row(number));
    let file = |city: &str, text: &str| SourceFile {
        city: city.to_owned(),
        name: "policy.toml".to_owned(),
        path: format!("{city}/policy.toml"),
        text: text.to_owned(),
    };
    Library::from_files(&[file("base", BASE), file("long", &text)]).expect("it is sound")
}

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
    let long = two_hundred_rows();
    let policy = long.policy("long").expect("it is there");
    let last = Matter::new(AppealType::Complaint, Desk::Hotline, "c200", "320302001");
    criterion.bench_function("policy/all clocks of an order under 200 rows", |bench| {
        bench.iter(|| policy.clocks(black_box(&last)));
    });
    // The least that it could be: the category compared with that of each row in turn.
    let rows: Vec<String> = (1..=200).map(|number| format!("c{number}")).collect();
    criterion.bench_function("policy/floor: 200 categories compared", |bench| {
        bench.iter(|| rows.iter().position(|row| *row == black_box(&last).category));
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
