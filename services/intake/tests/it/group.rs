//! Registrations at the same time: grouped, each exactly once, none spoiled by another.

use std::collections::BTreeSet;
use std::sync::Arc;

use hotline_proto::intake::v1::{RegisterAppealRequest, RegisterAppealResponse};
use sqlx::AssertSqlSafe;
use tonic::{Code, Status};

use crate::support::{House, house, request};

async fn at_once(
    house: &Arc<House>,
    requests: Vec<RegisterAppealRequest>,
) -> Vec<Result<RegisterAppealResponse, Status>> {
    let calls = requests.into_iter().map(|request| {
        let house = Arc::clone(house);
        tokio::spawn(async move { house.register(request).await })
    });
    let mut answers = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        answers.push(call.await.expect("the call ends"));
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_at_once_are_each_registered_exactly_once() {
    let h = Arc::new(house().await);
    let requests = (0..200).map(|n| request(&format!("k-{n}"))).collect();
    let answers = at_once(&h, requests).await;
    let answers: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.expect("registered"))
        .collect();
    let appeals: Vec<_> = answers
        .iter()
        .map(|answer| answer.appeal.as_ref().expect("an appeal"))
        .collect();
    let numbers: BTreeSet<_> = appeals.iter().map(|appeal| appeal.number.as_str()).collect();
    let codes: BTreeSet<_> = answers
        .iter()
        .map(|answer| answer.tracking_code.as_str())
        .collect();
    assert_eq!((numbers.len(), codes.len()), (200, 200));
    assert!(answers.iter().all(|answer| !answer.replayed));
    for (table, rows) in [
        ("SELECT count(*) FROM appeal", 200),
        ("SELECT count(*) FROM standing", 200),
        ("SELECT count(*) FROM appellant", 200),
        ("SELECT count(*) FROM timeline", 400),
        ("SELECT count(*) FROM outbox", 400),
        ("SELECT count(DISTINCT (root, type)) FROM outbox", 400),
    ] {
        assert_eq!(h.count(table).await, rows, "{table}");
    }
    let disordered = "SELECT count(*) FROM outbox a JOIN outbox b USING (root) \
                      WHERE a.type LIKE '%Accepted' AND b.type LIKE '%Registered' AND (a.id, a.place) < (b.id, b.place)";
    assert_eq!(
        h.count(disordered).await,
        0,
        "an appeal is registered before it is accepted"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_sixteen_times_at_once_is_one_appeal() {
    let h = Arc::new(house().await);
    let answers = at_once(&h, vec![request("same"); 16]).await;
    let answers: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.expect("registered or replayed"))
        .collect();
    let ids: BTreeSet<_> = answers
        .iter()
        .map(|a| a.appeal.as_ref().expect("an appeal").appeal_id.clone())
        .collect();
    let codes: BTreeSet<_> = answers
        .iter()
        .map(|answer| answer.tracking_code.clone())
        .collect();
    assert_eq!((ids.len(), codes.len()), (1, 1));
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    assert_eq!(h.count("SELECT count(*) FROM appeal").await, 1);
    assert_eq!(h.count("SELECT count(*) FROM outbox").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_that_the_database_can_not_take_spoils_no_other() {
    let h = Arc::new(house().await);
    let rule = "ALTER TABLE intake.appeal ADD CHECK (title <> '坏')".to_owned();
    sqlx::raw_sql(AssertSqlSafe(rule))
        .execute(&mut h.admin().await)
        .await
        .expect("a rule of this test");
    let title = |n: usize| if n == 7 { "坏" } else { "好" };
    let requests = (0..40).map(|n| RegisterAppealRequest {
        title: title(n).into(),
        ..request(&format!("k-{n}"))
    });
    let answers = at_once(&h, requests.collect()).await;
    for (n, answer) in answers.into_iter().enumerate() {
        match answer {
            Ok(_) => assert_ne!(n, 7),
            Err(status) => assert_eq!((n, status.code()), (7, Code::Internal)),
        }
    }
    assert_eq!(h.count("SELECT count(*) FROM appeal").await, 39);
    assert_eq!(h.count("SELECT count(*) FROM outbox").await, 78);
}
