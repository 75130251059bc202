//! What a draft must hold to be registered, and what of it is refused: names, emergencies, everything wrong at once.

use hotline_policy::{AppealType, Channel, Urgency};

use super::fixture::{City, draft};
use crate::domain::{Draft, Event, Person, register};

#[track_caller]
fn refused(draft: &Draft, code: &str, field: &str, article: Option<&str>) {
    let refusal = register(draft, &City::new().rules()).expect_err("refused");
    let told = (
        refusal.code.id,
        refusal.field.as_deref(),
        refusal.article.as_deref(),
    );
    assert_eq!(told, (code, Some(field), article));
}

#[test]
fn an_appellant_is_registered_by_name_unless_the_policy_lets_the_type_be_anonymous() {
    let nameless = Person {
        name: String::new(),
        ..draft().appellant
    };
    let anonymous = Person {
        anonymous: true,
        ..Person::default()
    };
    let silent = Person {
        telephone: String::new(),
        ..draft().appellant
    };
    let by = |appellant: &Person| Draft {
        appellant: appellant.clone(),
        ..draft()
    };
    refused(
        &by(&nameless),
        "appellant.identity_required",
        "appellant.name",
        Some("12(1)"),
    );
    refused(
        &by(&silent),
        "appellant.identity_required",
        "appellant.telephone",
        Some("12(1)"),
    );
    refused(
        &by(&anonymous),
        "appellant.anonymity",
        "appellant.anonymous",
        Some("12(1)"),
    );
    let city = City::new();
    for fine in [
        draft(),
        Draft {
            channel: Channel::Web,
            ..by(&silent)
        },
        Draft {
            appeal_type: AppealType::Report,
            ..by(&anonymous)
        },
        Draft {
            source: Some(("province".into(), "7".into())),
            ..by(&nameless)
        },
        Draft {
            urgency: Urgency::Emergency,
            accept: false,
            ..by(&nameless)
        },
    ] {
        assert!(register(&fine, &city.rules()).is_ok());
    }
}

#[test]
fn an_emergency_is_registered_and_not_accepted() {
    let emergency = Draft {
        urgency: Urgency::Emergency,
        ..draft()
    };
    refused(&emergency, "appeal.emergency", "urgency", Some("10(5)"));
    let city = City::new();
    let registered = Draft {
        accept: false,
        ..emergency
    };
    assert_eq!(register(&registered, &city.rules()), Ok(vec![Event::Registered]));
    assert_eq!(
        register(&draft(), &city.rules()),
        Ok(vec![Event::Registered, Event::Accepted])
    );
}

#[test]
fn everything_that_is_wrong_with_a_draft_is_told_at_once() {
    let nobody = Draft {
        appellant: Person::default(),
        urgency: Urgency::Normal,
        line: "12399".into(),
        seat: "nowhere".into(),
        ..draft()
    };
    let refusal = register(&nobody, &City::new().rules()).expect_err("refused");
    let fields: Vec<_> = std::iter::once(&refusal)
        .chain(&refusal.others)
        .filter_map(|one| one.field.as_deref())
        .collect();
    assert_eq!(fields, ["line", "seat", "appellant.name", "appellant.telephone"]);
}
