//! Holds the bytes of a request to the contract: a field that it does not know, or that is not as it says, is refused
//! with its place, before anybody reads the request.
//!
//! It walks the tags and skips the values, nested messages included; it decodes nothing and, in a sound request,
//! allocates nothing.

use std::collections::HashMap;

use hotline_policy::refusal::Refusal;
use prost::encoding::{WireType, decode_key, decode_varint};
use prost_reflect::{DescriptorPool, FieldDescriptor, Kind, MessageDescriptor};

use crate::refusals::{REQUEST_FIELD_UNKNOWN, REQUEST_MALFORMED};

/// Deepest nesting of messages, the same as the decoder's.
const DEPTH_MAX: usize = 100;

/// A message of the contract, by its place among all that requests are made of.
pub(crate) type Form = usize;

/// The requests of a contract, as far as their bytes are held to it.
#[derive(Debug, Default)]
pub struct Wire {
    methods: HashMap<String, Form>,
    forms: Vec<Message>,
}

/// The fields that a message may hold.
#[derive(Debug)]
struct Message {
    name: String,
    /// By number.
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    number: u32,
    name: String,
    repeated: bool,
    value: Value,
}

/// How a field's value stands in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Varint,
    Fixed32,
    Fixed64,
    Text,
    Bytes,
    Message(Form),
}

/// What is wrong with a message, and where below it.
#[derive(Debug)]
struct Fault {
    wrong: Wrong,
    /// The fields from the innermost message outwards.
    steps: Vec<String>,
}

#[derive(Debug)]
enum Wrong {
    /// A number that the message named here does not know.
    Unknown { number: u32, message: String },
    /// Bytes that are not what the contract says of the field.
    Malformed(&'static str),
}

impl Wire {
    /// The requests of every method in `pool`.
    pub(crate) fn read(pool: &DescriptorPool) -> Self {
        let mut wire = Self::default();
        let mut known = HashMap::new();
        for method in pool
            .services()
            .flat_map(|service| service.methods().collect::<Vec<_>>())
        {
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            let form = wire.form_of(&method.input(), &mut known);
            wire.methods.insert(path, form);
        }
        wire
    }

    /// The requests of every method in an encoded `FileDescriptorSet`.
    ///
    /// # Errors
    /// The bytes are no descriptor set.
    pub fn from_descriptor_set(bytes: &[u8]) -> anyhow::Result<Self> {
        Ok(Self::read(&DescriptorPool::decode(bytes)?))
    }

    /// What requests of `path`, `/<package>.<service>/<method>`, are held to.
    pub(crate) fn form(&self, path: &str) -> Option<Form> {
        self.methods.get(path).copied()
    }

    /// Holds the bytes of one request of `path` to the contract; nothing is said of a method that it does not know.
    ///
    /// # Errors
    /// The first field that is unknown or not as the contract says, with its path in the request.
    pub fn check(&self, path: &str, request: &[u8]) -> Result<(), Refusal> {
        self.form(path).map_or(Ok(()), |form| self.hold(form, request))
    }

    /// As [`Wire::check`], of a form that was found before.
    pub(crate) fn hold(&self, form: Form, request: &[u8]) -> Result<(), Refusal> {
        self.walk(form, request, 0).map_err(Fault::refuse)
    }

    fn form_of(&mut self, message: &MessageDescriptor, known: &mut HashMap<String, Form>) -> Form {
        if let Some(form) = known.get(message.full_name()) {
            return *form;
        }
        let form = self.forms.len();
        known.insert(message.full_name().to_owned(), form);
        let name = message.full_name().to_owned();
        self.forms.push(Message {
            name,
            fields: Vec::new(),
        });
        let mut fields: Vec<_> = message
            .fields()
            .map(|field| Field {
                number: field.number(),
                name: field.name().to_owned(),
                repeated: field.is_list() || field.is_map(),
                value: self.value_of(&field, known),
            })
            .collect();
        fields.sort_by_key(|field| field.number);
        if let Some(message) = self.forms.get_mut(form) {
            message.fields = fields;
        }
        form
    }

    fn value_of(&mut self, field: &FieldDescriptor, known: &mut HashMap<String, Form>) -> Value {
        match field.kind() {
            Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => Value::Fixed64,
            Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => Value::Fixed32,
            Kind::String => Value::Text,
            Kind::Bytes => Value::Bytes,
            Kind::Message(message) => Value::Message(self.form_of(&message, known)),
            _ => Value::Varint,
        }
    }

    fn walk(&self, form: Form, bytes: &[u8], depth: usize) -> Result<(), Fault> {
        let message = self.forms.get(form).filter(|_| depth < DEPTH_MAX);
        let message = message.ok_or(Fault::of("nested too deep"))?;
        let mut left = bytes;
        while !left.is_empty() {
            let before = bytes.len() - left.len();
            let (number, wire) = decode_key(&mut left).map_err(|_| Fault::of("no field begins here"))?;
            let field = message
                .field(number)
                .ok_or_else(|| Fault::unknown(number, message))?;
            self.value(field, wire, &mut left, depth).map_err(|fault| {
                let earlier = bytes.get(..before).unwrap_or_default();
                fault.within(field, earlier)
            })?;
        }
        Ok(())
    }

    /// Passes one value, or says what is wrong with it.
    fn value(&self, field: &Field, wire: WireType, left: &mut &[u8], depth: usize) -> Result<(), Fault> {
        match (field.value, wire) {
            (Value::Varint, WireType::Varint) => match decode_varint(left) {
                Ok(_) => Ok(()),
                Err(_) => Err(Fault::of("no number")),
            },
            (Value::Fixed32, WireType::ThirtyTwoBit) => take(left, 4).map(drop),
            (Value::Fixed64, WireType::SixtyFourBit) => take(left, 8).map(drop),
            (Value::Text, WireType::LengthDelimited) => match std::str::from_utf8(delimited(left)?) {
                Ok(_) => Ok(()),
                Err(_) => Err(Fault::of("no UTF-8")),
            },
            (Value::Bytes, WireType::LengthDelimited) => delimited(left).map(drop),
            (Value::Message(form), WireType::LengthDelimited) => self.walk(form, delimited(left)?, depth + 1),
            // Numbers of a list may stand packed.
            (Value::Varint | Value::Fixed32 | Value::Fixed64, WireType::LengthDelimited)
                if field.repeated =>
            {
                delimited(left).map(drop)
            }
            _ => Err(Fault::of("of another type")),
        }
    }
}

impl Message {
    fn field(&self, number: u32) -> Option<&Field> {
        let place = self.fields.binary_search_by_key(&number, |field| field.number);
        place.ok().and_then(|place| self.fields.get(place))
    }
}

/// The next `length` bytes.
fn take<'a>(left: &mut &'a [u8], length: usize) -> Result<&'a [u8], Fault> {
    let (value, rest) = left.split_at_checked(length).ok_or(Fault::of("cut short"))?;
    *left = rest;
    Ok(value)
}

/// The next value with its length before it.
fn delimited<'a>(left: &mut &'a [u8]) -> Result<&'a [u8], Fault> {
    let length = decode_varint(left).map_err(|_| Fault::of("no length"))?;
    take(left, usize::try_from(length).map_err(|_| Fault::of("cut short"))?)
}

/// How often a field stands in the sound bytes before a place: its index in the list.
fn count(mut earlier: &[u8], number: u32) -> usize {
    let mut found = 0;
    while let Ok((at, wire)) = decode_key(&mut earlier) {
        found += usize::from(at == number);
        let passed = match wire {
            WireType::Varint => decode_varint(&mut earlier).is_ok(),
            WireType::SixtyFourBit => take(&mut earlier, 8).is_ok(),
            WireType::ThirtyTwoBit => take(&mut earlier, 4).is_ok(),
            _ => delimited(&mut earlier).is_ok(),
        };
        if !passed {
            break;
        }
    }
    found
}

impl Fault {
    const fn of(what: &'static str) -> Self {
        Self {
            wrong: Wrong::Malformed(what),
            steps: Vec::new(),
        }
    }

    fn unknown(number: u32, message: &Message) -> Self {
        let message = message.name.clone();
        Self {
            wrong: Wrong::Unknown { number, message },
            steps: vec![number.to_string()],
        }
    }

    /// The same, seen from the message that holds the field; `earlier` are its bytes before it.
    fn within(mut self, field: &Field, earlier: &[u8]) -> Self {
        self.steps.push(if field.repeated {
            format!("{}[{}]", field.name, count(earlier, field.number))
        } else {
            field.name.clone()
        });
        self
    }

    fn refuse(mut self) -> Refusal {
        self.steps.reverse();
        let refusal = match self.wrong {
            Wrong::Unknown { number, message } => {
                Refusal::new(&REQUEST_FIELD_UNKNOWN).detail(format!("{message} {number}"))
            }
            Wrong::Malformed(what) => Refusal::new(&REQUEST_MALFORMED).detail(what),
        };
        refusal.field(self.steps.join("."))
    }
}

#[cfg(test)]
mod tests {
    use hotline_proto::common::v1::Enterprise;
    use hotline_proto::intake::v1::{Appellant, RegisterAppealRequest};
    use prost::Message as _;
    use prost_reflect::DynamicMessage;

    use super::*;

    const REGISTER: &str = "/hotline.intake.v1.IntakeService/RegisterAppeal";

    fn wire() -> Wire {
        Wire::from_descriptor_set(hotline_proto::FILE_DESCRIPTOR_SET).expect("the contract")
    }

    fn wrong(request: &[u8]) -> (&'static str, String) {
        let refusal = wire().check(REGISTER, request).expect_err("refused");
        (refusal.code.id, refusal.field.expect("a field"))
    }

    /// A field with a length before its value.
    fn of(number: u32, value: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        prost::encoding::encode_key(number, WireType::LengthDelimited, &mut bytes);
        prost::encoding::encode_varint(value.len() as u64, &mut bytes);
        bytes.extend(value);
        bytes
    }

    fn number_of(message: &str, field: &str) -> u32 {
        let pool = DescriptorPool::decode(hotline_proto::FILE_DESCRIPTOR_SET).expect("the contract");
        let message = pool.get_message_by_name(message).expect("a message");
        message.get_field_by_name(field).expect("a field").number()
    }

    #[test]
    fn a_request_as_the_contract_says_passes() {
        let request = RegisterAppealRequest {
            title: "路灯不亮".into(),
            labels: vec!["a".into(), "b".into()],
            appellant: Some(Appellant {
                name: "张三".into(),
                ..Appellant::default()
            }),
            incident_time: Some(prost_types::Timestamp {
                seconds: -1,
                nanos: 5,
            }),
            ..RegisterAppealRequest::default()
        };
        assert_eq!(wire().check(REGISTER, &request.encode_to_vec()), Ok(()));
        assert_eq!(wire().check(REGISTER, &[]), Ok(()));
        assert_eq!(wire().check("/no.such/Method", &[0xff]), Ok(()));
    }

    #[test]
    fn every_request_of_the_contract_passes_with_all_its_fields_set() {
        let pool = DescriptorPool::decode(hotline_proto::FILE_DESCRIPTOR_SET).expect("the contract");
        let wire = Wire::read(&pool);
        let mut seen = 0;
        for method in pool
            .services()
            .flat_map(|service| service.methods().collect::<Vec<_>>())
        {
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            let request = filled(&method.input(), 0).encode_to_vec();
            assert_eq!(wire.check(&path, &request), Ok(()), "{path}");
            seen += usize::from(!request.is_empty());
        }
        assert!(seen > 100, "{seen} requests");
    }

    /// A message with every field set, to some depth.
    fn filled(message: &MessageDescriptor, depth: usize) -> DynamicMessage {
        use prost_reflect::Value as Set;
        let mut made = DynamicMessage::new(message.clone());
        for field in message.fields().filter(|field| !field.is_map()) {
            let one = match field.kind() {
                Kind::Double => Set::F64(1.5),
                Kind::Float => Set::F32(1.5),
                Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Set::I32(-7),
                Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Set::I64(-7),
                Kind::Uint32 | Kind::Fixed32 => Set::U32(7),
                Kind::Uint64 | Kind::Fixed64 => Set::U64(7),
                Kind::Bool => Set::Bool(true),
                Kind::String => Set::String("文".into()),
                Kind::Bytes => Set::Bytes(vec![0xff].into()),
                Kind::Enum(_) => Set::EnumNumber(1),
                Kind::Message(_) if depth > 3 => continue,
                Kind::Message(inner) => Set::Message(filled(&inner, depth + 1)),
            };
            made.set_field(
                &field,
                if field.is_list() {
                    Set::List(vec![one.clone(), one])
                } else {
                    one
                },
            );
        }
        made
    }

    #[test]
    fn an_unknown_field_is_refused_with_its_path() {
        let mut request = RegisterAppealRequest {
            title: "好".into(),
            ..Default::default()
        }
        .encode_to_vec();
        request.extend(of(4_000, b"x"));
        assert_eq!(wrong(&request), ("request.field_unknown", "4000".to_owned()));

        let appellant = number_of("hotline.intake.v1.RegisterAppealRequest", "appellant");
        let enterprise = number_of("hotline.intake.v1.Appellant", "enterprise");
        let mut inner = Enterprise {
            name: "某公司".into(),
            ..Default::default()
        }
        .encode_to_vec();
        inner.extend([99 << 3 & 0x7f | 0x80, 99 >> 4, 1]);
        let nested = of(appellant, &of(enterprise, &inner));
        assert_eq!(wrong(&nested).1, "appellant.enterprise.99");
    }

    #[test]
    fn what_is_not_as_the_contract_says_is_refused_with_its_path() {
        let title = number_of("hotline.intake.v1.RegisterAppealRequest", "title");
        let labels = number_of("hotline.intake.v1.RegisterAppealRequest", "labels");
        let twice = [of(labels, b"a"), of(title, b"t"), of(labels, &[0xff])].concat();
        for (request, field) in [
            (of(title, &[0xe8, 0xb7]), "title"),
            (twice, "labels[1]"),
            (vec![u8::try_from(title << 3).expect("small"), 1], "title"),
            (
                vec![u8::try_from(title << 3 | 2).expect("small"), 9, b'x'],
                "title",
            ),
            (vec![0xff; 12], ""),
            (vec![0], ""),
        ] {
            assert_eq!(
                wrong(&request),
                ("request.malformed", field.to_owned()),
                "{request:?}"
            );
        }
    }
}
