//! Commands that need files and no platform: policies, calendars, settings.

use std::fs;

use crate::support::hotline;

#[test]
fn a_matter_is_explained_with_due_times_and_articles() {
    let asked = [
        "policy",
        "explain",
        "--city",
        "xuzhou",
        "--type",
        "consult",
        "--desk",
        "enterprise",
        "--at",
        "2026-09-30T16:50",
    ];
    let told = hotline(&[&asked[..], &["--json"]].concat()).json();
    let clocks = told.as_array().expect("a list");
    let clock = |obligation: &str| {
        clocks
            .iter()
            .find(|clock| clock["obligation"] == obligation)
            .expect("a clock")
    };
    // One working day after Wednesday, the National Day holiday walked over.
    assert_eq!(clock("answer")["due_local"], "2026-10-08 17:30");
    assert_eq!(clock("answer")["article"], "12(3)");
    // Forty minutes of the working hour are left on Wednesday.
    assert_eq!(clock("sign")["due_local"], "2026-10-08 09:20");
    let table = hotline(&asked);
    assert_eq!(table.code, Some(0));
    for words in ["徐政办发〔2020〕89号 12(3)", "2026-10-08 17:30", "国庆节", "签收"] {
        assert!(table.out.contains(words), "{words}: {}", table.out);
    }
    let english = hotline(&[&asked[..], &["--lang", "en"]].concat());
    assert!(english.out.contains("first day not counted"), "{}", english.out);
}

#[test]
fn a_matter_that_is_none_is_refused_with_what_is_known() {
    for (flag, value, hint) in [
        ("--city", "atlantis", "xuzhou"),
        ("--type", "wish", "consult"),
        ("--at", "soon", "2026-09-30"),
    ] {
        let ran = hotline(&["policy", "explain", flag, value]);
        assert_eq!(ran.code, Some(1), "{flag}");
        assert!(ran.err.contains(value) && ran.err.contains(hint), "{}", ran.err);
    }
}

#[test]
fn the_policies_that_ship_are_sound() {
    let ran = hotline(&["policy", "check"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    assert!(ran.out.contains("xuzhou: xuzhou-2020@"), "{}", ran.out);
    let listed = hotline(&["policy", "list", "--json"]).json();
    assert!(
        listed
            .as_array()
            .is_some_and(|policies| policies.iter().any(|policy| policy["id"] == "xuzhou-2020"))
    );
}

#[test]
fn a_policy_with_an_unknown_key_is_refused_with_its_line() {
    let dir = tempfile::tempdir().expect("a folder");
    let city = dir.path().join("nowhere");
    fs::create_dir(&city).expect("a folder");
    let file = city.join("policy.toml");
    fs::write(&file, "[policy]\nid = \"nowhere-2026\"\ncolour = \"red\"\n").expect("writes");
    let ran = hotline(&["policy", "check", file.to_str().expect("a path")]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out.contains("policy.toml:3") && ran.out.contains("colour"),
        "{}",
        ran.out
    );
}

#[test]
fn a_case_that_differs_is_shown_and_fails() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("cases.json");
    let cases = |expected: &str| {
        format!(
            r#"{{"timezone": "Asia/Shanghai", "shifts": {{"xuzhou": ["09:00-12:00", "13:30-17:30"]}},
            "calendar": {{"holidays_on_weekdays": [], "makeup_workdays": []}},
            "cases": [{{"id": "c1", "start": "2026-01-05T10:00", "rule": "work_days_civil", "n": 1, "shift": "xuzhou",
            "expected": "{expected}"}}]}}"#
        )
    };
    fs::write(&file, cases("2026-01-06T17:30")).expect("writes");
    let path = file.to_str().expect("a path");
    assert_eq!(hotline(&["calendar", "check", path]).code, Some(0));
    fs::write(&file, cases("2026-01-07T17:30")).expect("writes");
    let ran = hotline(&["calendar", "check", path]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out.contains("c1") && ran.out.contains("2026-01-06T17:30"),
        "{}",
        ran.out
    );
    assert_eq!(
        hotline(&["calendar", "check", path, "--json"]).json()["differences"][0]["id"],
        "c1"
    );
}

#[test]
fn the_calendars_that_ship_are_sound() {
    let ran = hotline(&["calendar", "lint", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
    assert_eq!(ran.json()["problems"], serde_json::json!([]));
}

#[test]
fn settings_are_checked_without_binding_anything() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().to_str().expect("a path");
    assert_eq!(hotline(&["run", "--check", "--data-dir", data]).code, Some(0));
    let ran = hotline(&[
        "run",
        "--check",
        "--data-dir",
        data,
        "--set",
        "nats.partitions=0",
        "--set",
        "city=atlantis",
        "--json",
    ]);
    assert_eq!(ran.code, Some(1));
    let problems = ran.json()["problems"].to_string();
    assert!(
        problems.contains("nats.partitions") && problems.contains("atlantis"),
        "{problems}"
    );
    assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 0);
}

#[test]
fn a_token_says_who_and_for_how_long() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().to_str().expect("a path");
    let args = [
        "token",
        "--role",
        "unit_clerk",
        "--subject",
        "u-7",
        "--unit",
        "xz-water",
        "--ttl",
        "30m",
        "--data-dir",
        data,
    ];
    let told = hotline(&[&args[..], &["--json"]].concat()).json();
    assert_eq!(
        (told["ttl_s"].as_u64(), told["unit"].as_str()),
        (Some(1_800), Some("xz-water"))
    );
    let tokens = hotline_runtime::Tokens::open(&dir.path().join("keys")).expect("the key");
    let caller = tokens
        .verify(told["token"].as_str().expect("a token"))
        .expect("verifies");
    assert!(caller.has("unit_clerk") && caller.subject == "u-7");
}

#[test]
fn a_command_without_a_platform_says_how_to_get_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().to_str().expect("a path");
    let ran = hotline(&["reconcile", "--data-dir", data]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("--token") && ran.err.contains("--data-dir"),
        "{}",
        ran.err
    );
    let ran = hotline(&[
        "reconcile",
        "--data-dir",
        data,
        "--token",
        "x",
        "--addr",
        "127.0.0.1:1",
    ]);
    assert!(ran.err.contains("hotline run"), "{}", ran.err);
}

#[test]
fn rotated_keys_seal_anew_and_read_what_was_sealed_before() {
    use hotline_vault::{Field, Keyring, Vault};
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().display().to_string();
    let keys = |args: &[&str]| hotline(&[&["keys"], args, &["--data-dir", &data]].concat());
    let none = keys(&["list"]);
    assert_eq!(none.code, Some(1));
    assert!(none.err.contains("hotline run"), "{}", none.err);

    let folder = dir.path().join("keys");
    Keyring::load_or_create(&folder).expect("keys");
    let before = Vault::open(&folder).expect("a vault");
    let sealed = before.seal(Field::Telephone, b"row", "13800000001");
    let rotated = keys(&["rotate", "--suite", "sm4-gcm", "--json"]).json();
    let told: Vec<_> = (0..4)
        .map(|row| {
            let row = &rotated[row];
            (
                row["for"].as_str(),
                row["id"].as_u64(),
                row["suite"].as_str(),
                row["state"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("seal"), Some(2), Some("sm4-gcm"), Some("active")),
            (Some("seal"), Some(1), Some("aes-256-gcm"), Some("readable")),
            (Some("index"), Some(2), Some("hmac-sm3"), Some("active")),
            (Some("index"), Some(1), Some("hmac-sha-256"), Some("readable")),
        ]
    );
    let after = Vault::open(&folder).expect("a vault");
    let opened = after
        .open_sealed(Field::Telephone, b"row", sealed.as_bytes())
        .expect("readable");
    assert_eq!(opened.expose(), "13800000001");
    assert!(after.reseal_needed(sealed.as_bytes()));
    let text = keys(&["list"]).out;
    assert!(text.contains("sm4-gcm") && text.contains("readable"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

/// The shipped files of Xuzhou, and a revised policy that begins on 3 March 2026; the path of settings that name them.
fn with_a_revised_policy(dir: &std::path::Path) -> String {
    let from = hotline_runtime::testing::workspace_dir().join("deploy");
    for folder in ["cities/jiangsu", "cities/xuzhou", "calendars"] {
        let to = dir.join("deploy").join(folder);
        fs::create_dir_all(&to).expect("makes it");
        for file in fs::read_dir(from.join(folder)).expect("is shipped") {
            let file = file.expect("reads");
            fs::copy(file.path(), to.join(file.file_name())).expect("copies");
        }
    }
    let revised = "[policy]\nid = \"xuzhou-2026\"\nparent = \"xuzhou-2020\"\ntitle = \"修订\"\n\
        document = \"徐政办发〔2026〕8号\"\ndivision = \"320300\"\neffective_from = 2026-03-03\n\
        office_hours = [\"09:00-12:00\", \"13:30-17:30\"]\n\
        [[clock]]\narticle = \"14\"\nobligation = \"answer\"\nwithin = \"1 working day\"\n";
    fs::write(dir.join("deploy/cities/xuzhou/policy-2026.toml"), revised).expect("writes");
    let config = dir.join("hotline.toml");
    fs::write(&config, format!("deploy_dir = {:?}\n", dir.join("deploy"))).expect("writes");
    config.display().to_string()
}

#[test]
fn each_day_is_explained_and_replayed_by_the_policy_in_force_on_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let config = with_a_revised_policy(dir.path());
    let run = |args: &[&str]| hotline(&[&["--config", &config], args].concat());
    for (at, article, due) in [
        ("2026-03-02T10:00", "12(3)", "2026-03-09 17:30"),
        ("2026-03-03T10:00", "14", "2026-03-04 17:30"),
    ] {
        let told = run(&["policy", "explain", "--at", at, "--json"]).json();
        let clocks = told.as_array().expect("a list");
        let answer = clocks.iter().find(|clock| clock["obligation"] == "answer");
        let answer = answer.expect("a clock");
        assert_eq!(
            (&answer["article"], &answer["due_local"]),
            (&article.into(), &due.into()),
            "{at}"
        );
    }
    let english = run(&["policy", "explain", "--at", "2026-03-03", "--lang", "en"]);
    assert_eq!(english.code, Some(1), "a day is no instant");
    let english = run(&["policy", "explain", "--at", "2026-03-03T10:00", "--lang", "en"]).out;
    assert!(
        english.contains("help·hotline·telephone·normal") && english.contains("set by the operator"),
        "{english}"
    );

    // Each is answered two days after it was sent: the first in time by the old rules, the second late by the new.
    let file = dir.path().join("orders.csv");
    let lines = "number,type,category,division,dispatched_at,replied_at\n\
        A,help,urban.property,320302,2026-03-02 09:30,2026-03-04 10:00\n\
        B,help,urban.property,320302,2026-03-04 09:30,2026-03-06 10:00\n";
    fs::write(&file, lines).expect("writes");
    let file = file.display().to_string();
    let replay = ["policy", "replay", "--until", "2026-03-20T17:30"];
    let told = run(&[&replay[..], &["--json", &file]].concat()).json();
    let late: Vec<_> = told["verdicts"].as_array().expect("a list").iter().collect();
    let late: Vec<_> = late.iter().filter(|one| one["obligation"] == "answer").collect();
    assert_eq!(late.len(), 1, "{told:#}");
    assert_eq!(
        (&late[0]["number"], &late[0]["article"]),
        (&"B".into(), &"14".into())
    );
    assert!(
        told["policy"]
            .as_str()
            .is_some_and(|both| both.split(' ').count() == 2),
        "{told:#}"
    );

    // Against the old policy alone, B is what the revision changes.
    let against = ["--against", "xuzhou-2020", &file];
    let told = run(&[&replay[..], &["--json"], &against[..]].concat()).json();
    let changes = told["changes"].as_array().expect("a list");
    let answer = changes
        .iter()
        .find(|one| one["obligation"] == "answer")
        .expect("a change");
    assert_eq!(
        (&answer["new"], &answer["gone"]),
        (&serde_json::json!(["B"]), &serde_json::json!([]))
    );
    let table = run(&[&replay[..], &against[..]].concat()).out;
    assert!(table.contains("新增") && table.contains("+B"), "{table}");
}
