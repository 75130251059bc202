//! A small city's rules, an appeal and a draft that are right until a test makes them wrong.

use std::collections::BTreeSet;

use chrono::DateTime;
use hotline_policy::{
    AppealType, At, Channel, Desk, Identity, IdentityField, IdentityMode, Origin, RedirectKind, RedirectRule,
    RejectRule, Source, Urgency,
};
use uuid::Uuid;

use crate::domain::{Appeal, Case, Draft, Person, Rules, State};

pub(super) const ME: Uuid = Uuid::from_u128(1);
pub(super) const MAIN: Uuid = Uuid::from_u128(2);

pub(super) fn origin(article: &str) -> Origin {
    let at = At {
        file: "policy.toml".into(),
        line: 1,
    };
    let (article, document) = (article.to_owned(), "徐政办发〔2020〕89号".into());
    Origin {
        article,
        source: Source::Document,
        document,
        at,
        operator_keys: Vec::new(),
    }
}

pub(super) fn reject(code: &str, article: &str, hand_over: bool) -> RejectRule {
    let [name, words, go] = ["名称", "说明", "引导"].map(str::to_owned);
    RejectRule {
        code: code.into(),
        name,
        words,
        go,
        hand_over,
        explain: false,
        origin: origin(article),
    }
}

pub(super) struct City {
    rejects: Vec<RejectRule>,
    redirects: Vec<RedirectRule>,
    identity: Identity,
}

impl City {
    pub(super) fn new() -> Self {
        let [number, name, use_for] = ["110", "公安报警", "危险"].map(str::to_owned);
        let redirect = RedirectRule {
            number,
            name,
            kind: RedirectKind::Emergency,
            use_for,
            origin: origin("10(5)"),
        };
        let identity = Identity {
            mode: IdentityMode::RealName,
            person: vec![IdentityField::Name, IdentityField::Telephone],
            enterprise: vec![IdentityField::EnterpriseName, IdentityField::Name],
            anonymous_types: vec![AppealType::Report],
            origin: origin("12(1)"),
        };
        let rejects = vec![
            reject("outside", "10(1)", false),
            reject("emergency", "10(5)", true),
        ];
        Self {
            rejects,
            redirects: vec![redirect],
            identity,
        }
    }

    pub(super) fn rules(&self) -> Rules<'_> {
        Rules {
            rejects: &self.rejects,
            redirects: &self.redirects,
            identity: &self.identity,
        }
    }
}

pub(super) fn appeal(urgency: Urgency) -> Appeal {
    let case = Case {
        id: ME,
        number: "320300260930010000015".into(),
        appeal_type: AppealType::Complaint,
        channel: Channel::Telephone,
        desk: Desk::Hotline,
        urgency,
        category: "urban.property".into(),
        division: "320303".into(),
        title: "电梯停运".into(),
        content: "电梯停运三天".into(),
        labels: BTreeSet::new(),
        incident_time: None,
        sensitive: false,
        confidential: false,
        anonymous: false,
        enterprise: None,
        source: None,
        policy_id: "xuzhou-2020".into(),
        policy_version: "xuzhou-2020@1".into(),
        registered_at: DateTime::UNIX_EPOCH,
        earlier_appeals: 0,
    };
    Appeal {
        case,
        state: State::Registered,
        version: 1,
        urges: 0,
        joined: 0,
        disposition: String::new(),
    }
}

pub(super) fn draft() -> Draft {
    Draft {
        request_key: "k".into(),
        appeal_type: AppealType::Complaint,
        channel: Channel::Telephone,
        desk: Desk::Hotline,
        urgency: Urgency::Normal,
        category: "urban.property".into(),
        division: "320303".into(),
        title: "电梯停运".into(),
        content: "电梯停运三天".into(),
        incident_place: String::new(),
        incident_time: None,
        labels: BTreeSet::new(),
        appellant: Person {
            name: "张三".into(),
            telephone: "+8613812345678".into(),
            ..Person::default()
        },
        sensitive: false,
        source: None,
        accept: true,
    }
}
