//! What is written down about each method, read from the contract at start: its kind, and where its identifiers stand.

use std::collections::HashMap;
use std::sync::Arc;

use prost::bytes::Buf;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use prost_reflect::{DescriptorPool, ExtensionDescriptor, Kind as FieldKind, MethodDescriptor};
use uuid::Uuid;

/// What a method does, as far as the audit asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It answers a question; only its refusal by role is written down.
    Query,
    /// It changes something; what it did and what it was refused is written down.
    Command,
    /// It shows or hands out what is otherwise kept: written down before the answer leaves.
    Disclosure,
}

/// First words of methods that ask. Every other word is taken for a command, so that a new one is written down.
const ASKING: &[&str] = &[
    "Get", "List", "Explain", "Suggest", "Track", "Watch", "Read", "Search",
];

/// Methods that change nothing that lasts, whatever their names: where somebody looks at the moment.
const PASSING: &[&str] = &["ReportPresence"];

/// First words of methods that disclose.
const DISCLOSING: &[&str] = &["Reveal", "Export", "Download"];

/// The field in which a request says why.
const REASON: &str = "reason";

/// Length of an appeal's number; no telephone or identity number has it.
const NUMBER_LEN: usize = 21;

/// The service that knows the appellant: it masks names as well, and so says reasons itself ([`super::Call::set_reason`]).
const REGISTER: &str = "intake";

/// Fields below this number are read of a request, and as many of them at most.
const FIELDS_MAX: usize = 64;

/// What is written down about one method.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Producer's name of the service.
    pub service: String,
    pub kind: Kind,
    /// Names of the request's text fields, by number.
    texts: HashMap<u32, String>,
}

/// The plans of all methods, by path.
#[derive(Debug, Default)]
pub(crate) struct Plans(HashMap<String, Arc<Plan>>);

/// What a request says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub root: Option<Uuid>,
    pub what: String,
    pub reason: String,
}

/// The kind of a method, by the first word of its name.
pub fn kind_of(method: &str) -> Kind {
    let rest = method.get(1..).unwrap_or_default();
    let end = rest
        .find(|c: char| c.is_ascii_uppercase())
        .map_or(method.len(), |at| at + 1);
    let verb = method.get(..end).unwrap_or(method);
    if ASKING.contains(&verb) || PASSING.contains(&method) {
        Kind::Query
    } else if DISCLOSING.contains(&verb) {
        Kind::Disclosure
    } else {
        Kind::Command
    }
}

impl Plans {
    /// Reads the contract; `option` is its access option, whose `audited` makes a question a disclosure.
    pub(crate) fn read(pool: &DescriptorPool, option: &ExtensionDescriptor) -> Self {
        let methods = pool
            .services()
            .flat_map(|service| service.methods().collect::<Vec<_>>());
        let plans = methods.map(|method| {
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            (path, Arc::new(Plan::of(&method, option)))
        });
        Self(plans.collect())
    }

    pub(crate) fn of(&self, path: &str) -> Option<Arc<Plan>> {
        self.0.get(path).cloned()
    }
}

impl Plan {
    fn of(method: &MethodDescriptor, option: &ExtensionDescriptor) -> Self {
        let service = method.parent_service();
        let package = service
            .package_name()
            .split('.')
            .nth(1)
            .unwrap_or_default()
            .to_owned();
        let input = method.input();
        let texts = input.fields().filter_map(|field| {
            let text = field.kind() == FieldKind::String && !(package == REGISTER && field.name() == REASON);
            text.then(|| (field.number(), field.name().to_owned()))
        });
        let texts = texts.collect();
        let mut kind = kind_of(method.name());
        if kind == Kind::Query && is_audited(method, option) {
            kind = Kind::Disclosure;
        }
        Self {
            service: package,
            kind,
            texts,
        }
    }

    /// What the first message of a call says of itself. Reads over everything that is no short text of the request's own; a
    /// body that is none says nothing, and the service will refuse it.
    pub(crate) fn read(&self, message: &[u8]) -> Said {
        let mut said = Said::default();
        let mut left = message;
        for _ in 0..FIELDS_MAX {
            if !left.has_remaining() {
                break;
            }
            let Some((field, value)) = next(&mut left) else {
                break;
            };
            let (Some(name), Some(value)) = (self.texts.get(&field), value) else {
                continue;
            };
            said.take(name, value);
        }
        said
    }
}

impl Said {
    fn take(&mut self, name: &str, value: &str) {
        if name == REASON {
            self.reason = super::plain(value);
            return;
        }
        let id = (value.len() == 36).then(|| value.parse::<Uuid>().ok()).flatten();
        let numbered = value.len() == NUMBER_LEN && value.bytes().all(|byte| byte.is_ascii_digit());
        if id.is_none() && !numbered {
            return;
        }
        if id.is_some() && self.root.is_none() && is_root(name) {
            self.root = id;
            return;
        }
        if !self.what.is_empty() {
            self.what.push(',');
        }
        self.what.push_str(name);
        self.what.push('=');
        self.what.push_str(value);
    }
}

/// Whether a field names the appeal or its order.
fn is_root(name: &str) -> bool {
    matches!(name, "order_id" | "appeal_id" | "order" | "appeal" | "root")
}

/// The next field of a message: its number, and its text where it has one.
fn next<'a>(left: &mut &'a [u8]) -> Option<(u32, Option<&'a str>)> {
    let (field, wire) = decode_key(left).ok()?;
    if wire != WireType::LengthDelimited {
        skip_field(wire, field, left, DecodeContext::default()).ok()?;
        return Some((field, None));
    }
    let length = usize::try_from(decode_varint(left).ok()?).ok()?;
    let (value, rest) = left.split_at_checked(length)?;
    *left = rest;
    Some((field, std::str::from_utf8(value).ok()))
}

fn is_audited(method: &MethodDescriptor, option: &ExtensionDescriptor) -> bool {
    let options = method.options();
    if !options.has_extension(option) {
        return false;
    }
    let access = options.get_extension(option);
    let audited = access.as_message().and_then(|access| {
        access
            .get_field_by_name("audited")
            .and_then(|value| value.as_bool())
    });
    audited.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_does_not_ask_is_written_down() {
        for (method, kind) in [
            ("GetOrder", Kind::Query),
            ("ListUnits", Kind::Query),
            ("ReadJournal", Kind::Query),
            ("Read", Kind::Query),
            ("ReportPresence", Kind::Query),
            ("RevealAppellant", Kind::Disclosure),
            ("ExportLedger", Kind::Disclosure),
            ("ReplyLeg", Kind::Command),
            ("FindPlatformDelay", Kind::Command),
            ("Getaway", Kind::Command),
            ("Frobnicate", Kind::Command),
            ("", Kind::Command),
        ] {
            assert_eq!(kind_of(method), kind, "{method}");
        }
    }

    fn field(number: u8, value: &str) -> Vec<u8> {
        let mut bytes = vec![number << 3 | 2, u8::try_from(value.len()).expect("short")];
        bytes.extend(value.as_bytes());
        bytes
    }

    #[test]
    fn a_request_says_its_identifiers_and_reason_and_nothing_of_a_person() {
        let names = [
            (1, "order_id"),
            (2, "leg_id"),
            (3, "reason"),
            (4, "note"),
            (5, "appeal_id"),
        ];
        let plan = Plan {
            service: "routing".to_owned(),
            kind: Kind::Command,
            texts: names.map(|(number, name)| (number, name.to_owned())).into(),
        };
        let (order, leg) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let mut message = field(1, &order.to_string());
        message.extend([9 << 3, 5]);
        message.extend(field(2, &leg.to_string()));
        message.extend(field(3, "联系 13812345678 核实"));
        message.extend(field(4, "张三丰"));
        message.extend(field(5, "320300260930010000017"));
        let said = plan.read(&message);
        assert_eq!(said.root, Some(order));
        assert_eq!(said.what, format!("leg_id={leg},appeal_id=320300260930010000017"));
        assert!(said.reason.starts_with("联系") && !said.reason.contains("13812345678"));
        assert_eq!(plan.read(&field(1, "13812345678")), Said::default());
        assert_eq!(plan.read(&[0xff; 40]), Said::default());
    }
}
