//! The cities that are shipped say what their documents say.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use hotline_policy::rules::Happening;
use hotline_policy::{
    AppealType, CallbackRule, Ceiling, Channel, CloseEvent, Desk, Fill, IdentityMode, Library, Matter,
    Obligation, Policy, RefusedReply, Silence, Source, Step, Trigger, Urgency, Way, WayOrder, explain,
};
use hotline_worktime::Calendar;

fn library() -> Library {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/cities"));
    Library::load(dir).unwrap_or_else(|problems| panic!("{} problems:\n{problems}", problems.len()))
}

/// The same with the number that Nanchang's text has lost.
fn filled() -> Library {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/cities"));
    let set: Fill = "nanchang-2022.provincial_limit=15 natural days"
        .parse()
        .expect("it is well formed");
    Library::load_with(dir, &[set]).unwrap_or_else(|problems| panic!("{problems}"))
}

fn policy(id: &str) -> Arc<Policy> {
    Arc::clone(library().policy(id).expect("it is shipped"))
}

fn matter(appeal_type: AppealType, desk: Desk) -> Matter {
    Matter::new(appeal_type, desk, "urban.property", "320302001")
}

/// Asserts the limit of a clock and the article that it comes from; `-` for no clock.
#[track_caller]
fn holds(policy: &Policy, obligation: Obligation, matter: &Matter, within: &str, article: &str) {
    let clock = policy.clock(obligation, matter);
    let told = clock.map_or(("-".to_owned(), "-"), |clock| {
        (clock.within.to_string(), clock.article.as_str())
    });
    assert_eq!(told, (within.to_owned(), article), "{obligation} of {matter:?}");
}

#[test]
fn xuzhou_hotline_orders_have_the_limits_of_article_12() {
    let policy = policy("xuzhou-2020");
    let consult = matter(AppealType::Consult, Desk::Hotline);
    holds(&policy, Obligation::Sign, &consult, "1 working hour", "12(3)");
    holds(&policy, Obligation::Answer, &consult, "3 working days", "12(3)");
    holds(&policy, Obligation::Settle, &consult, "3 working days", "12(4)");
    holds(
        &policy,
        Obligation::ReturnWindow,
        &consult,
        "1 working day",
        "12(4)",
    );
    for other in [
        AppealType::Help,
        AppealType::Complaint,
        AppealType::Report,
        AppealType::Suggestion,
    ] {
        let other = matter(other, Desk::Hotline);
        holds(&policy, Obligation::Answer, &other, "5 working days", "12(3)");
        holds(
            &policy,
            Obligation::ReturnWindow,
            &other,
            "2 working days",
            "12(4)",
        );
    }
}

#[test]
fn xuzhou_enterprise_consultations_are_answered_in_one_working_day() {
    let policy = policy("xuzhou-2020");
    let consult = matter(AppealType::Consult, Desk::Enterprise);
    holds(&policy, Obligation::Answer, &consult, "1 working day", "12(3)");
    holds(&policy, Obligation::Sign, &consult, "1 working hour", "operator");
    let help = matter(AppealType::Help, Desk::Enterprise);
    holds(&policy, Obligation::Answer, &help, "5 working days", "12(3)");
}

#[test]
fn jiangsu_orders_have_the_limits_of_article_11() {
    let policy = policy("jiangsu-2020");
    let consult = matter(AppealType::Consult, Desk::Hotline);
    holds(&policy, Obligation::Sign, &consult, "1 working hour", "11(3)");
    holds(&policy, Obligation::Contact, &consult, "1 working hour", "11(3)");
    holds(&policy, Obligation::Answer, &consult, "3 working days", "11(3)");
    holds(
        &policy,
        Obligation::Answer,
        &matter(AppealType::Help, Desk::Hotline),
        "5 working days",
        "11(3)",
    );
    holds(
        &policy,
        Obligation::ReturnWindow,
        &consult,
        "1 working day",
        "11(4)",
    );
}

#[test]
fn what_the_documents_leave_open_is_marked_as_the_operators() {
    let policy = policy("xuzhou-2020");
    let consult = matter(AppealType::Consult, Desk::Hotline);
    holds(
        &policy,
        Obligation::Acknowledge,
        &consult,
        "30 minutes",
        "operator",
    );
    holds(
        &policy,
        Obligation::PreReview,
        &consult,
        "2 working hours",
        "operator",
    );
    holds(
        &policy,
        Obligation::ReturnDecision,
        &consult,
        "1 working day",
        "operator",
    );
    holds(
        &policy,
        Obligation::ReplyReview,
        &consult,
        "1 working day",
        "operator",
    );
    holds(
        &policy,
        Obligation::Callback,
        &consult,
        "3 working days",
        "operator",
    );
    holds(&policy, Obligation::Redo, &consult, "3 working days", "operator");
    holds(
        &policy,
        Obligation::Archive,
        &consult,
        "5 working days",
        "operator",
    );
    holds(&policy, Obligation::HandOver, &consult, "-", "-");
    holds(&policy, Obligation::UrgentFeedback, &consult, "-", "-");
}

#[test]
fn an_emergency_is_handed_over_and_fed_back_by_the_wall_clock() {
    let policy = policy("xuzhou-2020");
    let emergency = Matter {
        urgency: Urgency::Emergency,
        ..matter(AppealType::Help, Desk::Hotline)
    };
    holds(
        &policy,
        Obligation::HandOver,
        &emergency,
        "30 minutes",
        "operator",
    );
    holds(
        &policy,
        Obligation::UrgentFeedback,
        &emergency,
        "2 hours",
        "operator",
    );
    holds(
        &policy,
        Obligation::Contact,
        &emergency,
        "1 working hour",
        "operator",
    );
}

#[test]
fn every_matter_has_every_clock_that_no_policy_may_leave_out() {
    let optional = [
        Obligation::ExtensionWindow,
        Obligation::Sign, // Yicheng knows none
        Obligation::HandOver,
        Obligation::UrgentFeedback,
        Obligation::RedoDispatch,
        Obligation::Difficult,
    ];
    for policy in filled().policies() {
        assert_eq!(policy.activate(), Ok(()), "{}", policy.id);
        for appeal_type in AppealType::ALL {
            for desk in Desk::ALL {
                for channel in Channel::ALL {
                    let matter = Matter {
                        channel: *channel,
                        ..matter(*appeal_type, *desk)
                    };
                    for obligation in Obligation::ALL.iter().filter(|one| !optional.contains(one)) {
                        let clock = policy.clock(*obligation, &matter);
                        assert!(clock.is_some(), "{} {obligation} {matter:?}", policy.id);
                    }
                }
            }
        }
    }
}

#[test]
fn a_return_needs_basis_and_suggestion_and_an_extension_a_reason() {
    let policy = policy("xuzhou-2020");
    let help = matter(AppealType::Help, Desk::Hotline);
    let back = policy.return_rule(&help).expect("every matter has a return rule");
    let words: Vec<_> = back.requires.iter().map(|evidence| evidence.as_str()).collect();
    assert_eq!((words, back.max_returns), (vec!["basis", "suggestion"], 2));
    assert_eq!(back.origin.source_of("max_returns"), Source::Operator);
    let longer = policy
        .extension_rule(&help)
        .expect("every matter has an extension rule");
    assert!(longer.allowed);
    assert_eq!((longer.ceiling.clone(), longer.max_count), (Ceiling::Original, 1));
    assert_eq!(longer.notify.as_str(), "when_necessary");
}

#[test]
fn single_tables_merge_key_by_key_and_cite_the_document_of_the_article() {
    let policy = policy("xuzhou-2020");
    assert_eq!(policy.review().refused, RefusedReply::KeepClock);
    assert_eq!(policy.review().origin.article, "12(4)");
    assert_eq!(&*policy.review().origin.document, "徐政办发〔2020〕89号");
    assert_eq!(policy.identity().mode, IdentityMode::RealName);
    assert!(policy.identity().allows_anonymous(AppealType::Report));
    assert!(!policy.identity().allows_anonymous(AppealType::Complaint));
    assert_eq!(policy.close().event, CloseEvent::CallbackCompleted);
    assert_eq!(policy.retention().order_years, 10);
    assert_eq!(policy.parents, ["jiangsu-2020"]);
}

fn callback(id: &str) -> CallbackRule {
    let help = matter(AppealType::Help, Desk::Hotline);
    policy(id)
        .callback_rule(&help)
        .expect("every matter is called back")
        .clone()
}

#[test]
fn xuzhou_calls_back_by_telephone_or_network_and_the_province_by_message_first() {
    let city = callback("xuzhou-2020");
    assert_eq!(
        (city.ways, city.order),
        (vec![Way::Telephone, Way::Network], WayOrder::AnyOne)
    );
    assert_eq!((city.tries, city.silence), (3, Silence::NotCounted));
    let province = callback("jiangsu-2020");
    assert_eq!(
        (province.ways, province.order),
        (vec![Way::Sms, Way::Telephone], WayOrder::NextOnBadAnswer)
    );
}

#[test]
fn xuzhou_judges_before_a_redo_and_the_province_does_not() {
    let help = matter(AppealType::Help, Desk::Hotline);
    let trigger = |id: &str| policy(id).redo_rule(&help).map(|rule| rule.trigger);
    assert_eq!(trigger("xuzhou-2020"), Some(Trigger::UnitAtFault));
    assert_eq!(trigger("jiangsu-2020"), Some(Trigger::AnyBadAnswer));
}

#[test]
fn every_reason_of_article_10_has_words_and_a_way_out() {
    let policy = policy("xuzhou-2020");
    let codes: Vec<_> = policy
        .rejects()
        .iter()
        .map(|rule| (rule.code.as_str(), rule.origin.article.as_str()))
        .collect();
    let expected = [
        ("outside_jurisdiction", "10(1)"),
        ("other_procedure", "10(2)"),
        ("secret_or_private", "10(3)"),
        ("abusive_or_unfounded", "10(4)"),
        ("emergency", "10(5)"),
        ("other", "10(6)"),
    ];
    assert_eq!(codes, expected);
    assert!(policy.reject("emergency").is_some_and(|rule| rule.hand_over));
    assert!(policy.reject("other").is_some_and(|rule| rule.explain));
    let numbers: Vec<_> = policy
        .redirects()
        .iter()
        .map(|rule| rule.number.as_str())
        .collect();
    assert_eq!(
        numbers,
        [
            "110", "119", "120", "12395", "122", "95598", "12356", "12348", "12366"
        ]
    );
}

#[test]
fn the_ladder_goes_up_and_the_enterprise_side_hears_of_urges() {
    let policy = policy("xuzhou-2020");
    let mut labelled = matter(AppealType::Help, Desk::Hotline);
    labelled.labels.insert("enterprise".to_owned());
    let steps = |matter: &Matter| -> Vec<_> {
        policy
            .ladder(Obligation::Answer, matter)
            .iter()
            .map(|rule| (rule.step, rule.origin.article.clone()))
            .collect()
    };
    let rung = |step, article: &str| (step, article.to_owned());
    assert_eq!(
        steps(&labelled),
        [
            rung(Step::Breach, "25"),
            rung(Step::Urge, "2"),
            rung(Step::Supervise, "26")
        ]
    );
    let plain = matter(AppealType::Help, Desk::Hotline);
    assert_eq!(
        steps(&plain),
        [
            rung(Step::Breach, "25"),
            rung(Step::Urge, "25"),
            rung(Step::Supervise, "26")
        ]
    );
    let sign = policy.clock(Obligation::Sign, &plain).expect("orders are signed");
    assert_eq!(sign.remind_before, policy.reminders(Obligation::Sign));
    let redo = policy.clock(Obligation::Redo, &plain).expect("orders are redone");
    assert_eq!(redo.remind_before, policy.reminders(Obligation::Redo));
}

#[test]
fn every_shipped_policy_may_be_put_in_force_but_nanchang_whose_number_is_lost() {
    for policy in library().policies() {
        match policy.activate() {
            Ok(()) => assert_ne!(policy.id, "nanchang-2022"),
            Err(refusal) => {
                assert_eq!(policy.id, "nanchang-2022");
                assert_eq!(refusal.article.as_deref(), Some("15"));
                assert_eq!(refusal.field.as_deref(), Some("nanchang-2022.provincial_limit"));
                assert!(refusal.detail.contains("nanchang/policy.toml:"), "{refusal}");
            }
        }
        assert!(policy.version.starts_with(&format!("{}@", policy.id)));
    }
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

#[test]
fn an_explanation_gives_the_due_time_the_arithmetic_and_the_article() {
    let calendar = Calendar::new(Vec::new()).expect("a calendar without holidays");
    let policy = policy("xuzhou-2020");
    let clock = policy.work_clock(&calendar);
    let matter = matter(AppealType::Consult, Desk::Enterprise);
    let told = explain(&policy, &clock, &matter, instant("2026-09-28T16:50:00+08:00"));
    assert_eq!(told.len(), Obligation::ALL.len() - 4);
    let answer = told
        .iter()
        .find(|clock| clock.obligation == Obligation::Answer)
        .expect("an answer is owed");
    assert_eq!(answer.due, instant("2026-09-29T17:30:00+08:00"));
    assert_eq!(answer.remind_at, [instant("2026-09-29T15:30:00+08:00")]);
    assert_eq!(answer.cite, "徐政办发〔2020〕89号 12(3)");
    assert!(
        answer.zh.contains("1个工作日") && answer.en.contains("1 working day"),
        "{}",
        answer.zh
    );
    let sign = told
        .iter()
        .find(|clock| clock.obligation == Obligation::Sign)
        .expect("orders are signed");
    assert_eq!(sign.due, instant("2026-09-29T09:20:00+08:00"));
    assert_eq!(sign.cite, "运行单位自定");
}

#[test]
fn supervision_says_what_opens_a_case_and_what_a_card_leads_to() {
    let policy = policy("xuzhou-2020");
    let rules = policy.supervision();
    let mut complaint = matter(AppealType::Complaint, Desk::Hotline);
    complaint.labels.insert("livelihood".to_owned());
    let opened: Vec<_> = rules
        .triggered(Happening::Dispatched, &complaint)
        .map(|rule| (rule.code.as_str(), rule.count, rule.origin.article.as_str()))
        .collect();
    assert_eq!(opened, [("livelihood", 1, "26"), ("concentrated", 5, "26")]);
    let slip = rules.instrument("supervision_slip").expect("art. 27 has it");
    assert!(slip.reply && slip.within.is_none() && slip.number.contains("{serial}"));
    let causes: Vec<_> = rules
        .causes
        .iter()
        .map(|rule| rule.origin.article.as_str())
        .collect();
    assert!(
        causes.contains(&"29(1)") && causes.contains(&"29(8)"),
        "{causes:?}"
    );
    assert!(rules.cards.is_empty(), "Xuzhou has no cards");
}
