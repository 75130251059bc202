//! What reading refuses, and what a caller may be.

use super::*;

#[test]
fn a_number_of_a_person_does_not_pass() {
    let words = Field("note").words("请回电13812345678").expect("reads");
    assert_eq!(words, "请回电138****5678");
}

#[test]
fn what_cannot_be_right_is_refused_by_its_field() {
    let long = "长".repeat(WORDS_MAX + 1);
    for (text, code) in [
        ("a\u{7}", "text.unprintable"),
        ("a\u{202e}b", "text.unprintable"),
        (&long, "text.too_long"),
    ] {
        let refusal = Field("note").words(text).expect_err(code);
        assert_eq!((refusal.code.id, refusal.field.as_deref()), (code, Some("note")));
    }
    assert_eq!(order("7").expect_err("none").code.id, "id.invalid");
    assert_eq!(version(-1).expect_err("none").code.id, "value.unknown");
    assert_eq!(
        outcome("satisfied").expect_err("none").field.as_deref(),
        Some("outcome")
    );
    assert_eq!(
        Field("amount").limit("3 days").expect_err("none").code.id,
        "value.unknown"
    );
    assert_eq!(
        findings(false, &["bad".into()], "x")
            .expect_err("none")
            .field
            .as_deref(),
        Some("faults")
    );
    let body = v1::ListOrdersRequest {
        state: 99,
        ..Default::default()
    };
    assert_eq!(filter(&body).expect_err("none").field.as_deref(), Some("state"));
}

#[test]
fn a_clerk_acts_for_the_unit_and_a_clerk_without_one_sees_nothing() {
    let clerk = Caller::new("u-1", &["unit_clerk"]).of_unit("xz-housing");
    let own = |unit: &str| Viewer::Unit {
        unit: UnitId::new(unit),
        below: Vec::new(),
    };
    let viewer = |caller: &Caller| viewer(caller, |_| Vec::new());
    assert_eq!(actor(&clerk).standing, Standing::Unit(UnitId::new("xz-housing")));
    assert_eq!(viewer(&clerk), own("xz-housing"));
    assert_eq!(viewer(&Caller::new("u-2", &["unit_clerk"])), own(""));
    assert_eq!(
        viewer(&Caller::new("u-3", &["enterprise_desk"])),
        Viewer::Enterprise
    );
    assert_eq!(
        viewer(&Caller::new("u-4", &["unit_clerk", "supervisor"])),
        Viewer::All
    );
    assert_eq!(actor(&Caller::service()).standing, Standing::Service);
}

#[test]
fn a_role_gives_the_post_that_the_policy_asks_for() {
    for (role, post) in [
        ("dispatcher", Post::Platform),
        ("supervisor", Post::Inspector),
        ("special_team", Post::SpecialTeam),
        ("unit_section", Post::Section),
        ("unit_leader", Post::Leader),
    ] {
        assert!(actor(&Caller::new("u", &[role])).has(post), "{role}");
    }
    assert!(!actor(&Caller::new("u", &["dispatcher"])).has(Post::Inspector));
    assert!(!actor(&Caller::new("u", &["special_team"])).has(Post::Platform));
}
