//! A small city's rules, an appeal and a draft that are right until a test makes them wrong.

use std::collections::BTreeSet;

use chrono::DateTime;
use hotline_policy::{
    AppealType, At, Channel, Desk, Identity, IdentityField, IdentityMode, IntakeRules, Origin, Post,
    RedirectKind, RedirectRule, Referral, RejectRule, Source, Specialist, TransferWay, Urgency,
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
        repeat: code == "repeat",
        origin: origin(article),
    }
}

pub(super) struct City {
    rejects: Vec<RejectRule>,
    redirects: Vec<RedirectRule>,
    identity: Identity,
    pub(super) intake: IntakeRules,
}

impl City {
    pub(super) fn new() -> Self {
        let [number, name, use_for] = ["110", "公安报警", "危险"].map(str::to_owned);
        let redirect = RedirectRule {
            number,
            name,
            kind: RedirectKind::Emergency,
            use_for,
            ways: vec![TransferWay::OneKeyTransfer, TransferWay::ThreeWayCall],
            origin: origin("10(5)"),
        };
        let identity = Identity {
            mode: IdentityMode::RealName,
            person: vec![IdentityField::Name, IdentityField::Telephone],
            enterprise: vec![IdentityField::EnterpriseName, IdentityField::Name],
            anonymous_types: vec![AppealType::Report],
            written_contact: false,
            origin: origin("12(1)"),
        };
        let rejects = vec![
            reject("outside", "10(1)", false),
            reject("emergency", "10(5)", true),
            reject("repeat", "11(7)", false),
        ];
        let intake = IntakeRules {
            referral: Some(Referral {
                levels: vec![Post::TeamLeader, Post::Supervisor],
                origin: origin("11"),
            }),
            specialist: Some(Specialist {
                post: Post::Reviewer,
                origin: origin("14(1)"),
            }),
            ..IntakeRules::default()
        };
        Self {
            rejects,
            redirects: vec![redirect],
            identity,
            intake,
        }
    }

    pub(super) fn rules(&self) -> Rules<'_> {
        Rules {
            rejects: &self.rejects,
            redirects: &self.redirects,
            identity: &self.identity,
            intake: &self.intake,
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
        line: String::new(),
        seat: String::new(),
        raised_at: DateTime::UNIX_EPOCH,
        registered_by: "u-agent".into(),
        caller_marked: false,
        call_id: None,
    };
    Appeal {
        case,
        state: State::Registered,
        version: 1,
        urges: 0,
        joined: 0,
        disposition: String::new(),
        rests_on: String::new(),
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
        line: String::new(),
        seat: String::new(),
        raised_at: None,
        call_id: None,
        accept: true,
    }
}
