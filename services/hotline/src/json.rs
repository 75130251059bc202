//! Any message of the contract as JSON, by its descriptors: field names as in the contract, enums by name.

use std::sync::LazyLock;

use anyhow::Context;
use prost::{Message, Name};
use prost_reflect::{DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MapKey, ReflectMessage, Value};
use serde_json::Value as Json;

use crate::render;

static POOL: LazyLock<Option<DescriptorPool>> =
    LazyLock::new(|| DescriptorPool::decode(hotline_proto::FILE_DESCRIPTOR_SET).ok());

/// A message as JSON.
///
/// # Errors
/// The contract does not know it.
pub fn of<M: Message + Name>(message: &M) -> anyhow::Result<Json> {
    decode(&M::full_name(), &message.encode_to_vec())
}

/// Messages as a JSON list.
///
/// # Errors
/// As [`of`].
pub fn list<M: Message + Name>(messages: &[M]) -> anyhow::Result<Json> {
    messages
        .iter()
        .map(of)
        .collect::<anyhow::Result<Vec<_>>>()
        .map(Json::Array)
}

/// An encoded message of this full name as JSON.
///
/// # Errors
/// The contract does not know the name, or the bytes are none of its messages.
pub fn decode(full_name: &str, bytes: &[u8]) -> anyhow::Result<Json> {
    let pool = POOL.as_ref().context("the contract's descriptors")?;
    let descriptor = pool.get_message_by_name(full_name);
    let descriptor = descriptor.with_context(|| format!("the contract has no message {full_name}"))?;
    let message = DynamicMessage::decode(descriptor, bytes).with_context(|| format!("decode {full_name}"))?;
    Ok(object(&message))
}

fn object(message: &DynamicMessage) -> Json {
    if message.descriptor().full_name() == "google.protobuf.Timestamp" {
        return instant(message);
    }
    let fields = message
        .fields()
        .map(|(field, value)| (field.name().to_owned(), of_value(&field, value)));
    Json::Object(fields.collect())
}

fn instant(message: &DynamicMessage) -> Json {
    let number = |name| message.get_field_by_name(name).map(|value| value.into_owned());
    let seconds = number("seconds")
        .and_then(|value| value.as_i64())
        .unwrap_or_default();
    let nanos = number("nanos")
        .and_then(|value| value.as_i32())
        .unwrap_or_default();
    let at = render::instant(&prost_types::Timestamp { seconds, nanos });
    at.map_or(Json::Null, |at| {
        Json::String(at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true))
    })
}

fn of_value(field: &FieldDescriptor, value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::Bool(*value),
        Value::I32(value) => Json::from(*value),
        Value::I64(value) => Json::from(*value),
        Value::U32(value) => Json::from(*value),
        Value::U64(value) => Json::from(*value),
        Value::F32(value) => Json::from(*value),
        Value::F64(value) => Json::from(*value),
        Value::String(value) => Json::String(value.clone()),
        Value::Bytes(value) => Json::from(value.to_vec()),
        Value::EnumNumber(number) => enum_name(field, *number),
        Value::Message(message) => object(message),
        Value::List(values) => values.iter().map(|value| of_value(field, value)).collect(),
        Value::Map(entries) => {
            let entry = |(key, value): (&MapKey, &Value)| (key_text(key), of_value(field, value));
            Json::Object(entries.iter().map(entry).collect())
        }
    }
}

fn key_text(key: &MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I32(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::U32(key) => key.to_string(),
        MapKey::U64(key) => key.to_string(),
        MapKey::String(key) => key.clone(),
    }
}

fn enum_name(field: &FieldDescriptor, number: i32) -> Json {
    let Kind::Enum(words) = field.kind() else {
        return Json::from(number);
    };
    let word = words.get_value(number).map(|word| word.name().to_owned());
    word.map_or_else(|| Json::from(number), Json::String)
}

#[cfg(test)]
mod tests {
    use hotline_proto::common::v1::{AppealType, OrderFacts};
    use hotline_proto::routing::v1::{GetOrderResponse, Order};

    use super::*;

    #[test]
    fn a_message_reads_with_the_contracts_own_names() {
        let facts = OrderFacts {
            number: "3203".into(),
            r#type: AppealType::Consult.into(),
            labels: vec!["enterprise".into()],
            ..OrderFacts::default()
        };
        let opened_at = Some(prost_types::Timestamp {
            seconds: 1_790_000_000,
            nanos: 0,
        });
        let order = Order {
            facts: Some(facts),
            opened_at,
            version: 7,
            ..Order::default()
        };
        let json = of(&GetOrderResponse { order: Some(order) }).expect("reads");
        assert_eq!(json["order"]["facts"]["type"], "APPEAL_TYPE_CONSULT");
        assert_eq!(json["order"]["facts"]["labels"][0], "enterprise");
        assert_eq!(json["order"]["opened_at"], "2026-09-21T14:13:20.000000Z");
        assert_eq!(json["order"]["version"], 7);
    }
}
