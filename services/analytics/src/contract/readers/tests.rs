//! The table against the contract itself: no event is missing, and what is skipped stands where it is looked for.

use hotline_proto::common::v1 as common;
use prost_reflect::{DescriptorPool, Kind, MessageDescriptor};

use super::*;

/// Every event of the contract: the messages of `events.proto` files, without those that stand in others.
fn events() -> Vec<MessageDescriptor> {
    let pool = DescriptorPool::decode(hotline_proto::FILE_DESCRIPTOR_SET).expect("the contract");
    let files = pool.files().filter(|file| file.name().ends_with("/events.proto"));
    let messages: Vec<_> = files
        .flat_map(|file| file.messages().collect::<Vec<_>>())
        .collect();
    let parts: Vec<_> = messages
        .iter()
        .flat_map(MessageDescriptor::fields)
        .filter_map(|field| match field.kind() {
            Kind::Message(message) => Some(message),
            _ => None,
        })
        .collect();
    messages
        .into_iter()
        .filter(|message| !parts.contains(message))
        .collect()
}

/// The type of a field that is a message.
fn message_at(event: &MessageDescriptor, number: u32) -> Option<String> {
    match event.get_field(number)?.kind() {
        Kind::Message(message) => Some(message.full_name().to_owned()),
        _ => None,
    }
}

#[test]
fn every_event_of_the_contract_is_read_and_nothing_else() {
    let mut expected: Vec<_> = events()
        .iter()
        .map(|event| event.full_name().to_owned())
        .collect();
    let mut known: Vec<_> = READERS.keys().cloned().collect();
    expected.sort();
    known.sort();
    assert!(known.len() > 40);
    assert_eq!(known, expected);
}

/// Events about no order: a person, a call, the calendar.
const ABOUT_NO_ORDER: [&str; 9] = [
    "hotline.intake.v1.CallRinging",
    "hotline.intake.v1.CallAnswered",
    "hotline.intake.v1.CallEnded",
    "hotline.intake.v1.CallRecordingReady",
    "hotline.intake.v1.CallerShown",
    "hotline.intake.v1.AppellantRevealed",
    "hotline.intake.v1.CallerMarked",
    "hotline.intake.v1.CallerMarkDecided",
    "hotline.sla.v1.CalendarImported",
];

/// What an event is about: its order, and the unit of its leg or clock.
fn sample(number: i32) -> (OrderFacts, LegFacts, ClockFacts) {
    let facts = OrderFacts {
        order_id: Uuid::from_u128(7).to_string(),
        r#type: number,
        channel: number,
        division: "320303".to_owned(),
        category: "0301".to_owned(),
        ..OrderFacts::default()
    };
    let leg = LegFacts {
        unit_id: "u1".to_owned(),
        ..LegFacts::default()
    };
    let clock = ClockFacts {
        unit_id: "u1".to_owned(),
        ..ClockFacts::default()
    };
    (facts, leg, clock)
}

#[test]
fn facts_legs_and_clocks_are_found_in_every_event_that_has_them() {
    let (facts, leg, clock) = sample(1);
    for event in events() {
        let name = event.full_name();
        let payload = match message_at(&event, 2).as_deref() {
            Some("hotline.common.v1.LegFacts") => AboutLeg {
                facts: Some(facts.clone()),
                leg: Some(leg.clone()),
            }
            .encode_to_vec(),
            Some("hotline.sla.v1.ClockFacts") => AboutClock {
                facts: Some(facts.clone()),
                clock: Some(clock.clone()),
            }
            .encode_to_vec(),
            _ => AboutOrder {
                facts: Some(facts.clone()),
            }
            .encode_to_vec(),
        };
        if message_at(&event, 1).as_deref() != Some("hotline.common.v1.OrderFacts") {
            assert!(ABOUT_NO_ORDER.contains(&name), "{name}");
            continue;
        }
        let read = READERS[name](&payload).expect("reads").remove(0);
        assert_eq!(read.order, Some(Uuid::from_u128(7)), "{name}");
        assert_eq!(read.keys.appeal_type, Some(AppealType::Consult), "{name}");
        assert_eq!(read.keys.division.as_deref(), Some("320303"), "{name}");
        // What the desk presses for is counted for the department that is pressed, which another field names.
        let carried = message_at(&event, 2)
            .is_some_and(|part| part.ends_with("LegFacts") || part.ends_with("ClockFacts"));
        if carried && name != "hotline.enterprise.v1.DepartmentUrged" {
            assert_eq!(read.keys.unit.as_deref(), Some("u1"), "{name}");
        }
    }
}

#[test]
fn units_that_events_name_themselves_are_found() {
    let unit = |event: &MessageDescriptor| {
        let names = ["unit_id", "lead_unit_id"];
        event
            .fields()
            .find(|field| names.contains(&field.name()))
            .map(|field| field.number())
    };
    for event in events().iter().filter(|event| message_at(event, 2).is_none()) {
        let Some(number) = unit(event) else { continue };
        let mut payload = AboutOrder {
            facts: Some(sample(1).0),
        }
        .encode_to_vec();
        prost::encoding::string::encode(number, &"u9".to_owned(), &mut payload);
        let read = READERS[event.full_name()](&payload).expect("reads").remove(0);
        assert_eq!(read.keys.unit.as_deref(), Some("u9"), "{}", event.full_name());
    }
}

#[test]
fn numbers_of_the_contract_are_the_words_in_their_order() {
    for (number, known) in (1..).zip(AppealType::ALL) {
        let name = common::AppealType::try_from(number).expect("known").as_str_name();
        assert_eq!(name, format!("APPEAL_TYPE_{}", known.as_str().to_uppercase()));
    }
    for (number, known) in (1..).zip(Channel::ALL) {
        let name = common::Channel::try_from(number).expect("known").as_str_name();
        assert_eq!(name, format!("CHANNEL_{}", known.as_str().to_uppercase()));
    }
    assert_eq!(
        (
            word(AppealType::ALL, 0),
            word(AppealType::ALL, 7),
            word(AppealType::ALL, -1)
        ),
        (None, None, None)
    );
}

#[test]
fn signing_breaches_and_answers_are_told_apart() {
    let clock = |obligation: &str| {
        Some(ClockFacts {
            obligation: obligation.to_owned(),
            ..ClockFacts::default()
        })
    };
    let stop = |obligation, in_time, cancelled| {
        let stopped = vec![ClockStopped {
            clock: clock(obligation),
            in_time,
            cancelled,
        }];
        let event = ClocksChanged {
            stopped,
            ..ClocksChanged::default()
        };
        changed(event).remove(1).what
    };
    assert_eq!(stop("sign", true, false), What::SignedInTime);
    assert_eq!(stop("sign", false, false), What::SignedLate);
    assert_eq!(
        (stop("sign", true, true), stop("answer", true, false)),
        (What::Plain, What::Plain)
    );
    let breach = breached(ClockBreached {
        facts: None,
        clock: clock("answer"),
        detected_at: None,
    })
    .what;
    assert_eq!(
        breach,
        What::Breached {
            obligation: "answer".to_owned()
        }
    );
    let answer = |number: i32| {
        completed(callback::CallbackCompleted {
            satisfaction: number,
            ..callback::CallbackCompleted::default()
        })
        .what
    };
    assert_eq!(
        [0, 1, 2, 3].map(answer),
        [What::Plain, What::Satisfied, What::Satisfied, What::Satisfied]
    );
    assert_eq!(
        [4, 5, 6].map(answer),
        [What::Dissatisfied, What::Dissatisfied, What::Plain]
    );
}
