//! What an event of the bus says to the desks, read by the contract's own descriptors: so no event is forgotten.

use std::collections::BTreeSet;

use anyhow::Context as _;
use hotline_bus::Entry;
use hotline_runtime::{Access, Openness};
use prost_reflect::{DescriptorPool, DynamicMessage, ReflectMessage as _, Value};

use crate::domain::{Kind, Notice, Readers, RingState, Ringing};

/// Fields that name a unit with a leg of the order; others name who is proposed, asked or above, and tell them nothing.
const UNIT_FIELDS: [&str; 4] = ["unit_id", "lead_unit_id", "co_handler_unit_ids", "unit_ids"];
/// Events that are for the record and for nobody's screen.
const SILENT: [&str; 4] = [
    "AppellantRevealed",
    "AuditHeadSigned",
    "CalendarImported",
    "CallerShown",
];
/// The label of enterprise matters, and the value of their desk.
const LABEL_ENTERPRISE: &str = "enterprise";
const DESK_ENTERPRISE: i32 = hotline_proto::common::v1::Desk::Enterprise as i32;

/// The call by which a thing of each kind is read: whoever may make it is told of changes.
const READ_BY: [(Kind, &str); 7] = [
    (Kind::Appeal, "/hotline.intake.v1.IntakeService/GetAppeal"),
    (Kind::Order, "/hotline.routing.v1.RoutingService/GetOrder"),
    (Kind::Clock, "/hotline.sla.v1.SlaTimerService/ListClocks"),
    (Kind::Callback, "/hotline.callback.v1.CallbackService/GetCallback"),
    (Kind::Supervision, "/hotline.sla.v1.SupervisionService/GetCase"),
    (
        Kind::Enterprise,
        "/hotline.enterprise.v1.EnterpriseService/GetEnterpriseLeg",
    ),
    (Kind::Desk, "/hotline.intake.v1.IntakeService/ListCallerMarks"),
];

/// Which roles may read things of each kind.
pub fn readers(access: &Access) -> Readers {
    let roles = |path: &str| match access.openness(path) {
        Openness::Roles(roles) => roles.iter().cloned().collect(),
        Openness::Public | Openness::Closed => BTreeSet::new(),
    };
    READ_BY
        .into_iter()
        .map(|(kind, path)| (kind, roles(path)))
        .collect()
}

/// Reads events.
pub struct Reading(DescriptorPool);

impl Reading {
    /// A reading of this contract.
    ///
    /// # Errors
    /// The contract's descriptors cannot be read.
    pub fn new() -> anyhow::Result<Self> {
        let pool = DescriptorPool::decode(hotline_proto::FILE_DESCRIPTOR_SET);
        Ok(Self(pool.context("the contract's descriptors")?))
    }

    /// What an event says; nothing for one that is of no interest or not of this contract.
    pub fn notice(&self, entry: &Entry) -> Option<Notice> {
        let (package, event) = entry.type_name.rsplit_once('.')?;
        if SILENT.contains(&event) {
            return None;
        }
        let descriptor = self.0.get_message_by_name(&entry.type_name)?;
        let message = DynamicMessage::decode(descriptor, entry.payload.as_slice()).ok()?;
        let mut found = Found::default();
        found.look(&message);
        let ring = ringing(&message, event);
        Some(Notice {
            kind: kind_of(package, event),
            event: event.to_owned(),
            order: ring.is_none().then_some(entry.root),
            number: found.number,
            units: found.units,
            enterprise: found.enterprise,
            at: entry.occurred_at,
            ring,
        })
    }
}

fn kind_of(package: &str, event: &str) -> Kind {
    match package.split('.').nth(1) {
        Some("intake") if event.starts_with("Caller") || event.starts_with("Call") => Kind::Desk,
        Some("intake") => Kind::Appeal,
        Some("sla") if event.starts_with("Supervision") => Kind::Supervision,
        Some("sla") => Kind::Clock,
        Some("callback") => Kind::Callback,
        Some("enterprise") => Kind::Enterprise,
        Some("routing") => Kind::Order,
        _ => Kind::Desk,
    }
}

/// What a message and the messages in it name.
#[derive(Default)]
struct Found {
    number: String,
    units: BTreeSet<String>,
    enterprise: bool,
}

impl Found {
    fn look(&mut self, message: &DynamicMessage) {
        let is_facts = message.descriptor().name() == "OrderFacts";
        for (field, value) in message.fields() {
            match (field.name(), value) {
                (name, value) if UNIT_FIELDS.contains(&name) => self.take_units(value),
                ("number", Value::String(number)) if is_facts => self.number.clone_from(number),
                ("desk", Value::EnumNumber(desk)) if is_facts => self.enterprise |= *desk == DESK_ENTERPRISE,
                ("labels", Value::List(labels)) if is_facts => {
                    self.enterprise |= labels
                        .iter()
                        .any(|label| label.as_str() == Some(LABEL_ENTERPRISE));
                }
                (_, Value::Message(inner)) => self.look(inner),
                (_, Value::List(all)) => all
                    .iter()
                    .filter_map(Value::as_message)
                    .for_each(|inner| self.look(inner)),
                _ => {}
            }
        }
    }

    fn take_units(&mut self, value: &Value) {
        let one = std::slice::from_ref(value);
        let all = value.as_list().unwrap_or(one);
        let named = all
            .iter()
            .filter_map(Value::as_str)
            .filter(|unit| !unit.is_empty());
        self.units.extend(named.map(str::to_owned));
    }
}

/// The call that an event is about.
fn ringing(message: &DynamicMessage, event: &str) -> Option<Ringing> {
    let state = match event {
        "CallRinging" => RingState::Ringing,
        "CallAnswered" => RingState::Answered,
        "CallEnded" => RingState::Ended,
        _ => return None,
    };
    let call = message.get_field_by_name("call")?;
    let call = call.as_message()?;
    let text = |name: &str| {
        let value = call.get_field_by_name(name);
        value
            .as_ref()
            .and_then(|value| value.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    Some(Ringing {
        call_id: text("call_id"),
        agent: text("agent"),
        masked_number: text("masked_number"),
        seat: text("seat"),
        state,
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use hotline_proto::common::v1::{LegFacts, OrderFacts};
    use hotline_proto::{intake, routing};
    use prost::Name;
    use uuid::Uuid;

    use super::*;

    fn entry<E: Name>(event: &E) -> Entry {
        Entry {
            producer: "routing".into(),
            partition: 0,
            seq: 1,
            event_id: Uuid::from_u128(1),
            type_name: E::full_name(),
            root: Uuid::from_u128(7),
            occurred_at: DateTime::UNIX_EPOCH,
            causes: String::new(),
            traceparent: String::new(),
            payload: event.encode_to_vec(),
        }
    }

    fn facts() -> Option<OrderFacts> {
        Some(OrderFacts {
            order_id: Uuid::from_u128(7).to_string(),
            number: "N1".into(),
            labels: vec!["enterprise".into()],
            ..OrderFacts::default()
        })
    }

    #[test]
    fn a_notice_names_the_units_with_a_leg_and_no_others() {
        let reading = Reading::new().expect("the contract");
        let asked = routing::v1::ReturnRequested {
            facts: facts(),
            leg: Some(LegFacts {
                unit_id: "xz-water".into(),
                ..LegFacts::default()
            }),
            proposed_unit_id: "xz-gas".into(),
            ..Default::default()
        };
        let notice = reading.notice(&entry(&asked)).expect("a notice");
        assert_eq!(
            (notice.kind, notice.event.as_str(), notice.number.as_str()),
            (Kind::Order, "ReturnRequested", "N1")
        );
        assert!(notice.enterprise && notice.order == Some(Uuid::from_u128(7)));
        assert_eq!(notice.units.iter().collect::<Vec<_>>(), ["xz-water"]);
        let sent = routing::v1::OrderDispatched {
            facts: facts(),
            lead_unit_id: "a".into(),
            co_handler_unit_ids: vec!["b".into(), "c".into()],
            ..Default::default()
        };
        assert_eq!(reading.notice(&entry(&sent)).expect("a notice").units.len(), 3);
    }

    #[test]
    fn a_disclosure_is_on_nobodys_screen_and_a_call_is_about_no_order() {
        let reading = Reading::new().expect("the contract");
        assert_eq!(
            reading.notice(&entry(&intake::v1::AppellantRevealed::default())),
            None
        );
        let rings = intake::v1::CallRinging {
            call: Some(intake::v1::CallFacts {
                agent: "u-1".into(),
                masked_number: "139****5432".into(),
                ..Default::default()
            }),
        };
        let notice = reading.notice(&entry(&rings)).expect("a notice");
        assert_eq!(
            (notice.order, notice.ring.map(|ring| ring.agent)),
            (None, Some("u-1".into()))
        );
    }

    #[test]
    fn the_contract_says_who_reads_each_kind() {
        let access = Access::from_descriptor_set(hotline_proto::FILE_DESCRIPTOR_SET).expect("the contract");
        for (kind, roles) in readers(&access) {
            assert!(roles.contains("supervisor"), "{kind:?}");
            assert!(!roles.contains("audit_admin"), "{kind:?}");
        }
    }
}
