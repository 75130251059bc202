//! What is heard of routing, and of the calendar.

use crate::house::{House, agent, by, complete, facts, settled};
use crate::*;

#[tokio::test]
async fn a_settled_order_is_called_back_once_a_round() {
    let house = House::open().await;
    let mut facts = facts(house.callbacks.bus.new_id());
    house.hear(settled(&facts)).await.expect("heard");
    house.hear(settled(&facts)).await.expect("heard again");
    let told = house.told::<CallbackScheduled>().await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].way.as_str(), told[0].unit_id.as_str()),
        ("telephone", "xz-urban")
    );
    facts.round = 2;
    house
        .hear(OrderRedone {
            facts: Some(facts.clone()),
            ..Default::default()
        })
        .await
        .expect("heard");
    house.hear(settled(&facts)).await.expect("heard");
    let all = house
        .list(ListCallbacksRequest {
            order_id: facts.order_id,
            ..Default::default()
        })
        .await;
    let states: Vec<_> = all.iter().map(Callback::state).collect();
    assert_eq!(all.len(), 2);
    assert_eq!(
        HashSet::from_iter(states),
        HashSet::from([CallbackState::Cancelled, CallbackState::Scheduled])
    );
    assert_eq!(all[0].public_text, "路灯已修复");
}

#[tokio::test]
async fn what_is_heard_in_one_transaction_is_scheduled_together_and_falls_away_in_its_order() {
    let house = House::open().await;
    let callbacks = &house.callbacks;
    let [kept, gone] = [(); 2].map(|()| facts(callbacks.bus.new_id()));
    let mut tx = callbacks.bus.begin().await.expect("begins");
    for facts in [&gone, &kept, &kept] {
        callbacks.handle(settled(facts), &mut tx).await.expect("heard");
    }
    let withdrawn = OrderWithdrawn {
        facts: Some(gone.clone()),
        reason: String::new(),
    };
    callbacks.handle(withdrawn, &mut tx).await.expect("heard");
    callbacks.settle(&mut tx).await.expect("written");
    tx.commit().await.expect("commits");
    assert_eq!(house.told::<CallbackScheduled>().await.len(), 2);
    for (facts, state) in [(kept, CallbackState::Scheduled), (gone, CallbackState::Cancelled)] {
        let of_order = ListCallbacksRequest {
            order_id: facts.order_id,
            ..Default::default()
        };
        let states: Vec<_> = house.list(of_order).await.iter().map(Callback::state).collect();
        assert_eq!(states, [state]);
    }
}

#[tokio::test]
async fn a_withdrawn_or_closed_order_is_called_back_no_more() {
    let house = House::open().await;
    let scheduled = house.settled().await;
    house
        .hear(OrderWithdrawn {
            facts: scheduled.facts.clone(),
            reason: String::new(),
        })
        .await
        .expect("heard");
    assert_eq!(
        house.get(&scheduled.callback_id).await.state(),
        CallbackState::Cancelled
    );

    let judged = house.settled().await;
    let bad = complete(&judged, Satisfaction::Dissatisfied, "灯还是不亮");
    house
        .desk
        .complete_callback(by(agent(), bad))
        .await
        .expect("taken");
    let closed = OrderClosed {
        facts: judged.facts.clone(),
        outcome: "final".into(),
        ..Default::default()
    };
    house.hear(closed).await.expect("heard");
    assert_eq!(
        house.get(&judged.callback_id).await.state(),
        CallbackState::Cancelled
    );
}

#[tokio::test]
async fn an_order_closed_by_its_reply_alone_is_still_called_back() {
    let house = House::open().await;
    let scheduled = house.settled().await;
    let closed = OrderClosed {
        facts: scheduled.facts.clone(),
        outcome: "answered".into(),
        ..Default::default()
    };
    house.hear(closed).await.expect("heard");
    assert_eq!(
        house.get(&scheduled.callback_id).await.state(),
        CallbackState::Scheduled
    );
}

#[tokio::test]
async fn an_order_of_an_unknown_policy_is_not_called_back_and_bad_facts_are_poison() {
    let house = House::open().await;
    let mut unknown = facts(house.callbacks.bus.new_id());
    unknown.policy_id = "atlantis-1".into();
    house.hear(settled(&unknown)).await.expect("heard");
    assert!(house.told::<CallbackScheduled>().await.is_empty());
    let mut nameless = settled(&unknown);
    nameless.facts = None;
    assert!(matches!(house.hear(nameless).await, Err(Fault::Poison(_))));
    let mut odd = facts(house.callbacks.bus.new_id());
    odd.order_id = "17".into();
    assert!(matches!(house.hear(settled(&odd)).await, Err(Fault::Poison(_))));
}

#[tokio::test]
async fn an_attempt_that_is_to_come_is_spaced_by_the_calendar_in_force() {
    let house = House::open().await;
    let callback = house.settled().await;
    // Tuesday, 3 November, 15:30 in China: four working hours end on Wednesday at 11:00.
    house
        .clock
        .advance_to("2026-11-03T07:30:00Z".parse().expect("an instant"));
    let attempt = RecordAttemptRequest {
        callback_id: callback.callback_id.clone(),
        version: 0,
        result: "busy".into(),
    };
    house
        .desk
        .record_attempt(by(agent(), attempt))
        .await
        .expect("noted");
    let not_before = async || {
        house
            .get(&callback.callback_id)
            .await
            .not_before
            .expect("one is due")
            .seconds
    };
    let before = not_before().await;
    let path = testing::workspace_dir().join("deploy/calendars/2026.toml");
    let text = std::fs::read_to_string(path).expect("the year is shipped");
    let imported = CalendarImported {
        version: 1,
        year: 2026,
        toml: format!("{text}\n[[festival]]\nname = \"停工\"\nholidays = [2026-11-04]\n"),
        actor: "u-operator".into(),
    };
    house.hear(imported).await.expect("heard");
    assert!(house.callbacks.refresh().await.expect("read"));
    assert_eq!(house.callbacks.space_anew().await.expect("spaced"), 1);
    assert_eq!(not_before().await - before, 86_400);
    assert_eq!(house.callbacks.space_anew().await.expect("spaced"), 0, "once");
}
