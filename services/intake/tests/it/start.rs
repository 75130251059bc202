//! The service as a process starts it.

use std::sync::Arc;

use hotline_policy::Library;
use hotline_runtime::{Clock, testing};
use hotline_worktime::Calendar;

use crate::support::morning;

#[tokio::test]
async fn a_start_gives_the_service_its_bus_and_its_jobs() {
    let rt = testing::runtime(Clock::virtual_at(morning())).await;
    let library =
        Arc::new(Library::load(&rt.settings.deploy_dir.join("cities")).expect("the cities are sound"));
    let calendar = Arc::new(Calendar::new(Vec::new()).expect("an empty calendar"));
    let parts = hotline_intake::start(&rt, Arc::clone(&library), Arc::clone(&calendar))
        .await
        .expect("started")
        .parts;
    assert_eq!(
        (parts.name, parts.services.as_slice()),
        (
            "intake",
            ["hotline.intake.v1.IntakeService", "hotline.intake.v1.CallService"].as_slice()
        )
    );
    let jobs: Vec<_> = parts.jobs.iter().map(|job| job.name.as_str()).collect();
    assert!(jobs.contains(&"intake.reseal") && jobs.len() > 2, "{jobs:?}");
    hotline_intake::start(&rt, library, calendar)
        .await
        .expect("a second start on the same tables");
}

#[tokio::test]
async fn a_city_that_is_not_there_is_named() {
    let rt = testing::runtime_with(Clock::virtual_at(morning()), |settings| {
        settings.city = "atlantis".into()
    })
    .await;
    let calendar = Arc::new(Calendar::new(Vec::new()).expect("an empty calendar"));
    let error = hotline_intake::start(&rt, Arc::new(Library::default()), calendar)
        .await
        .err()
        .expect("refused");
    assert!(format!("{error:#}").contains("atlantis"));
}
