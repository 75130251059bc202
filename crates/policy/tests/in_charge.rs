//! The shipped catalogue of Xuzhou finds who is in charge.

use std::path::Path;
use std::sync::Arc;

use hotline_policy::{AppealType, City, Desk, Library, Matter};

fn xuzhou() -> Arc<City> {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/cities"));
    let library = Library::load(dir).unwrap_or_else(|problems| panic!("{problems}"));
    library.city("xuzhou").expect("xuzhou is shipped")
}

/// Asserts who leads on a category at a place, and who handles besides.
#[track_caller]
fn leads(category: &str, division: &str, lead: &str, others: &[&str]) {
    let city = xuzhou();
    let matter = Matter::new(AppealType::Complaint, Desk::Hotline, category, division);
    let dispatch = city.dispatch(&matter).expect("every matter finds a lead");
    let co_handlers: Vec<_> = dispatch.co_handlers.iter().map(|unit| unit.id.as_str()).collect();
    assert_eq!(
        (dispatch.lead.id.as_str(), co_handlers.as_slice()),
        (lead, others)
    );
    assert!(!dispatch.row.reason.is_empty());
}

#[test]
fn the_catalogue_finds_who_is_in_charge() {
    leads("urban.property", "320302001", "xz-gulou", &["xz-housing"]);
    leads("urban.property", "320300", "xz-housing", &[]);
    leads(
        "environment.water",
        "320382103",
        "xz-ecology",
        &["xz-water", "xz-pizhou"],
    );
    leads(
        "enterprise.finance",
        "320371",
        "xz-financial-supervision",
        &["xz-banking", "xz-finance"],
    );
    leads("enterprise.tax", "320371", "xz-tax", &["xz-authority"]);
    leads("rural.village", "320381107", "xz-xinyi-yaowan", &["xz-xinyi"]);
    leads("urban.property", "320312402", "xz-hightech", &[]);
    leads("nowhere.known", "320302", "xz-hotline", &[]);
}

#[test]
fn every_category_and_county_finds_a_lead() {
    let city = xuzhou();
    assert!(city.units.len() >= 45);
    assert_eq!(
        city.units.enterprise_platform().map(|unit| unit.id.as_str()),
        Some("xz-enterprise-platform")
    );
    assert_eq!(
        city.units.hotline().map(|unit| unit.id.as_str()),
        Some("xz-hotline")
    );
    for category in city.catalogue.categories() {
        for division in city.divisions.iter() {
            let matter = Matter::new(AppealType::Help, Desk::Hotline, &category.code, &division.code);
            assert!(
                city.dispatch(&matter).is_some(),
                "{} {}",
                category.code,
                division.code
            );
        }
    }
    assert_eq!(city.divisions.full_name("320302001"), "徐州市鼓楼区黄楼街道");
}
