//! What people do with call-backs.

use crate::house::{House, agent, by, complete, facts, settled};
use crate::*;

#[tokio::test]
async fn a_good_answer_completes_and_is_told() {
    let house = House::open().await;
    let callback = house.settled().await;
    let id = callback.callback_id.clone();
    let claim = ClaimCallbackRequest {
        callback_id: id.clone(),
        version: callback.version,
    };
    let claimed = house
        .desk
        .claim_callback(by(agent(), claim))
        .await
        .expect("claimed")
        .into_inner();
    let claimed = claimed.callback.expect("a call-back");
    assert_eq!((claimed.claimed_by.as_str(), claimed.version), ("u-agent", 2));
    let good = complete(&claimed, Satisfaction::Fair, "");
    house
        .desk
        .complete_callback(by(agent(), good))
        .await
        .expect("completed");
    let told = house.told::<CallbackCompleted>().await.remove(0);
    assert_eq!(
        (told.satisfaction(), told.bad, told.actor.as_str()),
        (Satisfaction::Fair, false, "u-agent")
    );
    assert_eq!(
        (told.callback_id.as_str(), told.unit_id.as_str()),
        (id.as_str(), "xz-urban")
    );
    let now = house.get(&id).await;
    assert_eq!(
        (now.state(), now.satisfaction(), now.solved),
        (CallbackState::Completed, Satisfaction::Fair, Some(true))
    );
}

#[tokio::test]
async fn a_bad_answer_is_judged_and_its_reason_holds_no_telephone() {
    let house = House::open().await;
    let callback = house.settled().await;
    let bad = complete(
        &callback,
        Satisfaction::VeryDissatisfied,
        "灯还是不亮,请打13952101234",
    );
    house
        .desk
        .complete_callback(by(agent(), bad))
        .await
        .expect("taken");
    let told = house.told::<CallbackCompleted>().await.remove(0);
    assert!(
        told.bad && !told.reason.contains("13952101234") && told.reason.contains("灯还是不亮"),
        "{}",
        told.reason
    );
    assert_eq!(
        house.get(&callback.callback_id).await.state(),
        CallbackState::ToJudge
    );
    let verdict = JudgeBadAnswerRequest {
        callback_id: callback.callback_id.clone(),
        version: 0,
        verdict: Verdict::Redo.into(),
        reason: "现场照片为证".into(),
        ..JudgeBadAnswerRequest::default()
    };
    let reviewer = Caller::new("u-review", &["reviewer"]);
    house
        .desk
        .judge_bad_answer(by(reviewer, verdict))
        .await
        .expect("judged");
    let judged = house.told::<BadAnswerJudged>().await.remove(0);
    assert_eq!(
        (judged.verdict(), judged.actor.as_str()),
        (Verdict::Redo, "u-review")
    );
    let now = house.get(&callback.callback_id).await;
    assert_eq!(
        (now.state(), now.verdict(), now.version),
        (CallbackState::Judged, Verdict::Redo, 3)
    );
}

#[tokio::test]
async fn three_tries_reach_nobody() {
    let house = House::open().await;
    let mut callback = house.settled().await;
    for attempt in 1..=3 {
        house.wait_for(&callback);
        let id = callback.callback_id.clone();
        let tried = RecordAttemptRequest {
            callback_id: id,
            version: callback.version,
            result: "no_answer".into(),
        };
        let answer = house
            .desk
            .record_attempt(by(agent(), tried))
            .await
            .expect("recorded")
            .into_inner();
        callback = answer.callback.expect("a call-back");
        assert_eq!(callback.attempts, attempt);
    }
    assert_eq!(callback.state(), CallbackState::Unreached);
    let tried = house.told::<CallbackAttempted>().await;
    let tried: Vec<_> = tried
        .iter()
        .map(|event| (event.attempt, event.next_at.is_some()))
        .collect();
    assert_eq!(tried, [(1, true), (2, true), (3, false)]);
    let told = house.told::<CallbackUnreached>().await.remove(0);
    assert_eq!((told.attempts, told.counts_as.as_str()), (3, "not_counted"));
}

#[tokio::test]
async fn two_agents_at_once_complete_a_call_back_once() {
    let house = House::open().await;
    let callback = house.settled().await;
    let answers = (0..8).map(|_| complete(&callback, Satisfaction::Satisfied, ""));
    let calls = answers.map(|asked| {
        let desk = Desk {
            callbacks: Arc::clone(&house.callbacks),
        };
        tokio::spawn(async move { desk.complete_callback(by(agent(), asked)).await.is_ok() })
    });
    let mut completed = 0;
    for call in calls.collect::<Vec<_>>() {
        completed += usize::from(call.await.expect("it ends"));
    }
    assert_eq!((completed, house.told::<CallbackCompleted>().await.len()), (1, 1));
}

#[tokio::test]
async fn what_is_ready_at_once_is_committed_together_and_a_refusal_costs_the_others_nothing() {
    let house = House::open().await;
    let mut asked_for = Vec::new();
    for _ in 0..17 {
        asked_for.push(complete(&house.settled().await, Satisfaction::Satisfied, ""));
    }
    let absent = CompleteCallbackRequest {
        callback_id: Uuid::nil().to_string(),
        ..asked_for[0].clone()
    };
    asked_for[8].version = 7;
    asked_for.push(absent);
    let calls = asked_for
        .into_iter()
        .map(|request| house.desk.complete_callback(by(agent(), request)));
    let answers = futures::future::join_all(calls).await;
    let refused: Vec<_> = (0..)
        .zip(&answers)
        .filter_map(|(n, answer)| Some((n, answer.as_ref().err()?.code())))
        .collect();
    assert_eq!(refused, [(8, Code::Aborted), (17, Code::NotFound)]);
    assert_eq!(house.told::<CallbackCompleted>().await.len(), 16);
    let commits: i64 = sqlx::query_scalar("SELECT count(DISTINCT xmin::text) FROM callback WHERE state = 2")
        .fetch_one(house.callbacks.bus.pool())
        .await
        .expect("counts");
    assert!(commits < 16, "{commits} commits");
}

#[tokio::test]
async fn lists_page_through_every_filter_soonest_first() {
    let house = House::open().await;
    let mut last = String::new();
    for n in 0..9 {
        let facts = facts(house.callbacks.bus.new_id());
        house.hear(settled(&facts)).await.expect("heard");
        if n < 2 {
            house
                .hear(OrderWithdrawn {
                    facts: Some(facts.clone()),
                    reason: String::new(),
                })
                .await
                .expect("heard");
        }
        last = facts.order_id;
        house.clock.advance(std::time::Duration::from_secs(60));
    }
    let waiting = house
        .list(ListCallbacksRequest {
            due: true,
            page_size: 1,
            ..Default::default()
        })
        .await
        .remove(0);
    let tried = RecordAttemptRequest {
        callback_id: waiting.callback_id,
        version: 0,
        result: "busy".into(),
    };
    house
        .desk
        .record_attempt(by(agent(), tried))
        .await
        .expect("recorded");
    let filters = [
        (
            ListCallbacksRequest {
                page_size: 2,
                ..Default::default()
            },
            9,
        ),
        (
            ListCallbacksRequest {
                page_size: 2,
                due: true,
                ..Default::default()
            },
            6,
        ),
        (
            ListCallbacksRequest {
                page_size: 3,
                state: CallbackState::Scheduled.into(),
                ..Default::default()
            },
            7,
        ),
        (
            ListCallbacksRequest {
                page_size: 1,
                state: CallbackState::Cancelled.into(),
                ..Default::default()
            },
            2,
        ),
        (
            ListCallbacksRequest {
                due: true,
                state: CallbackState::Cancelled.into(),
                ..Default::default()
            },
            0,
        ),
        (
            ListCallbacksRequest {
                order_id: last,
                ..Default::default()
            },
            1,
        ),
    ];
    for (asked, count) in filters {
        let found = house.list(asked.clone()).await;
        assert_eq!(found.len(), count, "{asked:?}");
        assert!(found.is_sorted_by_key(|callback| callback.not_before.map(|at| at.seconds)));
        assert_eq!(
            found
                .iter()
                .map(|callback| &callback.callback_id)
                .collect::<HashSet<_>>()
                .len(),
            count
        );
    }
}
