//! The other cities that are shipped: complete, each with what its document says that no other does.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use hotline_policy::{
    AppealType, AtEnd, Ceiling, Channel, City, CloseEvent, Decider, Desk, Evidence, Fill, IdentityMode,
    Library, Matter, Obligation, RaiseTo, RefusedReply, Trigger, UnitKind, Urgency, Way, WayOrder,
};

fn city(id: &str) -> Arc<City> {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    let library = LIBRARY.get_or_init(|| {
        let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/cities"));
        let set: Fill = "nanchang-2022.provincial_limit=15 natural days"
            .parse()
            .expect("it is well formed");
        Library::load_with(dir, &[set]).unwrap_or_else(|problems| panic!("{problems}"))
    });
    library.city(id).unwrap_or_else(|| panic!("{id} is shipped"))
}

fn matter(appeal_type: AppealType) -> Matter {
    Matter::new(appeal_type, Desk::Hotline, "other", "360100")
}

fn labelled(appeal_type: AppealType, label: &str) -> Matter {
    let mut matter = matter(appeal_type);
    matter.labels.insert(label.to_owned());
    matter
}

/// Asserts the limit of a clock and its article; `-` for no clock.
#[track_caller]
fn holds(city: &City, obligation: Obligation, matter: &Matter, within: &str, article: &str) {
    let clock = city.policy.clock(obligation, matter);
    let told = clock.map_or(("-".to_owned(), "-"), |clock| {
        (clock.within.to_string(), clock.article.as_str())
    });
    assert_eq!(told, (within.to_owned(), article), "{obligation} of {matter:?}");
}

#[test]
fn every_category_at_every_place_of_every_city_finds_a_lead() {
    for id in ["jiangsu", "nanchang", "rugao", "yangzhou", "yicheng"] {
        let city = city(id);
        assert!((20..=60).contains(&city.catalogue.rows().len()), "{id}");
        for category in city.catalogue.categories() {
            for division in city.divisions.iter() {
                let matter = Matter::new(AppealType::Help, Desk::Hotline, &category.code, &division.code);
                let found = city.dispatch(&matter);
                assert!(found.is_some(), "{id} {} {}", category.code, division.code);
            }
        }
    }
}

#[test]
fn every_unit_has_its_posts() {
    for id in ["jiangsu", "nanchang", "rugao", "yangzhou", "yicheng"] {
        for unit in city(id).units.iter() {
            for post in [&unit.principal, &unit.leader, &unit.section, &unit.responsible] {
                assert!(!post.is_empty(), "{id} {}", unit.id);
            }
        }
    }
}

#[test]
fn nanchang_has_its_limits_and_takes_the_provincial_one_from_outside() {
    let city = city("nanchang");
    let (consult, help) = (matter(AppealType::Consult), matter(AppealType::Help));
    holds(&city, Obligation::Sign, &help, "1 working day", "15");
    holds(&city, Obligation::Answer, &consult, "3 working days", "15");
    holds(&city, Obligation::Answer, &help, "10 working days", "15");
    holds(&city, Obligation::ReturnWindow, &help, "1 working day", "14(3)");
    let urgent = Matter {
        urgency: Urgency::Urgent,
        ..matter(AppealType::Help)
    };
    holds(&city, Obligation::Sign, &urgent, "2 hours", "15");
    holds(&city, Obligation::UrgentFeedback, &urgent, "24 hours", "15");
    assert!(city.policy.flow(&urgent).is_some_and(|flow| flow.contact_first));
    let emergency = Matter {
        urgency: Urgency::Emergency,
        ..matter(AppealType::Help)
    };
    holds(&city, Obligation::HandOver, &emergency, "30 minutes", "15");
    let provincial = Matter {
        channel: Channel::Provincial,
        ..matter(AppealType::Help)
    };
    holds(&city, Obligation::Answer, &provincial, "15 natural days", "15");
    let difficult = labelled(AppealType::Help, "difficult");
    holds(&city, Obligation::Difficult, &difficult, "1 month", "14(5)");
    holds(&city, Obligation::Difficult, &help, "-", "-");
}

#[test]
fn nanchang_extends_once_and_not_consultations_and_provincial_orders_only_as_an_exception() {
    let policy = &city("nanchang").policy;
    let rule = |matter: &Matter| {
        policy
            .extension_rule(matter)
            .expect("every matter has a row")
            .clone()
    };
    assert!(!rule(&matter(AppealType::Consult)).allowed);
    let provincial = Matter {
        channel: Channel::Provincial,
        ..matter(AppealType::Help)
    };
    assert!(rule(&provincial).exceptional);
    let plain = rule(&matter(AppealType::Help));
    assert_eq!((plain.max_count, plain.ceiling), (1, Ceiling::Original));
    assert_eq!(
        plain.requires,
        [Evidence::Basis, Evidence::Reason, Evidence::Explanation]
    );
    assert_eq!(
        plain.closes_before.map(|limit| limit.to_string()).as_deref(),
        Some("1 working day")
    );
}

#[test]
fn nanchang_starts_a_new_clock_for_a_refused_reply_and_raises_the_second_time() {
    let city = city("nanchang");
    let policy = &city.policy;
    assert_eq!(policy.review().refused, RefusedReply::NewClock);
    let fresh = |appeal_type| {
        let clock = policy.send_back_clock(&matter(appeal_type)).expect("a new clock");
        (clock.within.to_string(), clock.article.clone())
    };
    let three = ("3 working days".to_owned(), "14(6)".to_owned());
    assert_eq!(
        (fresh(AppealType::Suggestion), fresh(AppealType::Consult)),
        (three.clone(), three)
    );
    assert_eq!(
        fresh(AppealType::Report),
        ("10 working days".to_owned(), "14(6)".to_owned())
    );
    assert_eq!(fresh(AppealType::Help).1, "operator");
    let redo = policy.redo_rule(&matter(AppealType::Complaint)).expect("a redo");
    assert_eq!(
        (redo.trigger, redo.judge),
        (Trigger::UnitAtFault, Decider::Inspector)
    );
    assert_eq!(
        (redo.raise_at, redo.end_at, redo.at_end),
        (Some(2), 3, AtEnd::Statement)
    );
    let to = |level| policy.raise_rule(level).map(|rule| rule.to);
    assert_eq!(to(hotline_policy::Level::Town), Some(RaiseTo::County));
    assert_eq!(to(hotline_policy::Level::County), Some(RaiseTo::City));
    assert_eq!(to(hotline_policy::Level::City), Some(RaiseTo::Same));
    assert_eq!(policy.close().event, CloseEvent::ReplyApproved);
    let callback = policy
        .callback_rule(&matter(AppealType::Help))
        .expect("a call-back");
    assert_eq!((callback.ways.len(), callback.order), (3, WayOrder::AnyOne));
    assert_eq!(callback.exclusions.len(), 7);
    let why = |code: &str| {
        let rule = policy.exclusion(code).expect("it is declared");
        (rule.name.as_str(), rule.origin.article.as_str(), rule.statement)
    };
    assert_eq!(why("no_room"), ("无办理空间", "14(7)", false));
    assert_eq!(
        why("repeated_without_stake"),
        ("多次反映属实但无利害关系", "44", true)
    );
}

#[test]
fn nanchang_respects_the_nameless_but_for_the_listed_matters() {
    let city = city("nanchang");
    let identity = city.policy.identity();
    assert_eq!(identity.mode, IdentityMode::AnonymityRespected);
    assert!(AppealType::ALL.iter().all(|one| identity.allows_anonymous(*one)));
    let dispute = Matter::new(
        AppealType::Complaint,
        Desk::Hotline,
        "society.mediation",
        "360121",
    );
    let rule = city.policy.intake().real_name(&dispute).expect("a listed matter");
    assert_eq!((rule.requires.len(), rule.origin.article.as_str()), (3, "13(2)"));
    assert!(
        city.policy
            .intake()
            .real_name(&matter(AppealType::Help))
            .is_none()
    );
}

#[test]
fn nanchang_has_its_closing_list_with_teams_and_overseers() {
    let city = city("nanchang");
    assert!(
        city.units
            .iter()
            .filter(|unit| unit.level == hotline_policy::Level::City)
            .count()
            >= 70
    );
    for id in [
        "nc-urban-management",
        "nc-health",
        "nc-housing",
        "nc-market-regulation",
        "nc-education",
        "nc-anyi",
    ] {
        let unit = city.units.get(id).expect("it is a member");
        assert!(unit.team.is_some() && !unit.clerks.is_empty(), "{id}");
    }
    let overseen =
        |unit: &&hotline_policy::Unit| unit.kind == UnitKind::PublicService && unit.oversight.is_some();
    assert!(city.units.iter().filter(overseen).count() >= 12);
    let tax = Matter::new(AppealType::Complaint, Desk::Hotline, "economy.tax", "360121");
    let lead = city.dispatch(&tax).expect("a lead").lead;
    assert!(
        lead.vertical && lead.level == hotline_policy::Level::City,
        "{}",
        lead.id
    );
}

#[test]
fn yicheng_closes_on_satisfaction_only_and_sends_back_the_same_day() {
    let city = city("yicheng");
    let help = matter(AppealType::Help);
    holds(&city, Obligation::Contact, &help, "1 working day", "三(二)1");
    holds(&city, Obligation::Answer, &help, "2 working days", "三(二)2");
    holds(&city, Obligation::Settle, &help, "7 working days", "三(二)2");
    holds(&city, Obligation::RedoDispatch, &help, "same day", "三(三)3");
    holds(&city, Obligation::Redo, &help, "5 working days", "三(三)3");
    holds(
        &city,
        Obligation::AfterSupervision,
        &help,
        "1 working day",
        "三(三)2",
    );
    holds(&city, Obligation::Sign, &help, "-", "-");
    let policy = &city.policy;
    assert_eq!(policy.close().event, CloseEvent::SatisfiedCallback);
    let redo = policy.redo_rule(&help).expect("a redo");
    assert_eq!(
        (redo.raise_at, redo.end_at, redo.at_end),
        (None, 2, AtEnd::AuditForm)
    );
    assert_eq!(
        (redo.trigger, redo.judge),
        (Trigger::AnyBadAnswer, Decider::Automatic)
    );
    let back = policy.return_rule(&help).expect("a return");
    assert_eq!(back.decider, Decider::SpecialTeam);
    assert!(back.requires.contains(&Evidence::Signature) && back.upward.is_some());
    assert!(!policy.extension_rule(&help).expect("a row").allowed);
    let complex = labelled(AppealType::Help, "complex");
    let rule = policy.extension_rule(&complex).expect("a row");
    assert_eq!(
        rule.ceiling,
        Ceiling::Total("14 working days".parse().expect("a limit"))
    );
    assert_eq!(
        policy.callback_rule(&help).map(|rule| rule.ways.clone()),
        Some(vec![Way::Telephone])
    );
}

#[test]
fn rugao_takes_the_limits_of_handling_from_the_province_and_has_specialists() {
    let city = city("rugao");
    holds(
        &city,
        Obligation::Sign,
        &matter(AppealType::Help),
        "1 working hour",
        "二2",
    );
    holds(
        &city,
        Obligation::Answer,
        &matter(AppealType::Consult),
        "3 working days",
        "11(3)",
    );
    holds(
        &city,
        Obligation::Answer,
        &matter(AppealType::Help),
        "5 working days",
        "11(3)",
    );
    assert_eq!(city.policy.parents, ["jiangsu-2020"]);
    let related = |unit: &&hotline_policy::Unit| unit.enterprise_related && unit.kind == UnitKind::Department;
    let departments: Vec<_> = city.units.iter().filter(related).collect();
    assert!(departments.len() >= 10);
    assert!(
        departments
            .iter()
            .all(|unit| (3..=5).contains(&unit.specialists.len()))
    );
}

#[test]
fn yangzhou_measures_connection_and_media() {
    let city = city("yangzhou");
    let target = |code: &str| {
        let metric = city.policy.metrics().iter().find(|metric| metric.code == code);
        metric.and_then(|metric| metric.target)
    };
    assert_eq!((target("connection"), target("all_media")), (Some(95), Some(100)));
    let second = city
        .units
        .get("yz-hanjiang-housing")
        .expect("a second-level member");
    assert_eq!(second.parent.as_deref(), Some("yz-hanjiang"));
}

#[test]
fn the_province_has_thirteen_cities_and_the_others_report_to_it() {
    let city = city("jiangsu");
    let members = city.units.iter().filter(|unit| unit.kind == UnitKind::City);
    assert_eq!(members.count(), 13);
    let across = Matter::new(AppealType::Help, Desk::Hotline, "cross_city", "320682");
    assert_eq!(
        city.dispatch(&across).map(|found| found.lead.id.as_str()),
        Some("js-nantong")
    );
    let weekly = city
        .policy
        .reports()
        .iter()
        .find(|report| report.code == "hot_events");
    assert_eq!(
        weekly.map(|report| report.periods.clone()),
        Some(vec![hotline_policy::Period::Week])
    );
}
