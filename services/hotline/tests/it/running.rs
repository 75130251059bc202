//! Commands against a running platform: import, events, doctor, reconcile, orders.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Ran, Running, configure, hotline};

/// Four good lines (two of them the same), and three that cannot go in.
const CSV: &str = "\
编号,标题,内容,时间,类型
1,路灯不亮,环城路北段路灯坏了一周,2020-01-08 13:54:22,求助
2,小区停车难,子房山步道入口天天停满车,2020-01-08 14:00:00,投诉
3,什么时候通地铁,想问新线开通时间,,咨询
3,什么时候通地铁,想问新线开通时间,,咨询
4,,没有标题,,
5,时间不对,昨天的事,昨天,
6,列数不对
";

fn file(running: &Running, name: &str, content: &[u8]) -> PathBuf {
    let path = running.dir.path().join(name);
    fs::write(&path, content).expect("writes");
    path
}

fn import(running: &Running, path: &Path, more: &[&str]) -> Ran {
    let map = "title=标题,content=内容,time=时间,type=类型";
    let path = path.to_str().expect("a path");
    running.hotline(&[&["import", "appeals", path, "--map", map, "--json"], more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_in_once_and_its_bad_lines_come_back_with_reasons() {
    let running = Running::start().await;
    let path = file(&running, "old.csv", CSV.as_bytes());
    let first = import(&running, &path, &[]);
    let told = first.json();
    assert_eq!(first.code, Some(1), "{} {}", first.err, running.log());
    assert_eq!(
        (told["lines"].as_u64(), told["rejected"].as_u64()),
        (Some(7), Some(3)),
        "{told}"
    );
    assert_eq!(
        told["new"].as_u64().zip(told["known"].as_u64()),
        Some((3, 1)),
        "{told}"
    );
    let rejects = fs::read_to_string(running.dir.path().join("old.rej.csv")).expect("a reject file");
    let lines: Vec<_> = rejects.lines().collect();
    assert!(lines[0].ends_with("reject_line,reject_reason"), "{rejects}");
    assert!(
        lines[1].contains(",6,") && lines[1].contains("title"),
        "{rejects}"
    );
    assert!(
        lines[2].contains("昨天") && lines[3].contains("应有 5 列"),
        "{rejects}"
    );

    let again = import(&running, &path, &[]).json();
    assert_eq!(
        again["new"].as_u64().zip(again["known"].as_u64()),
        Some((0, 4)),
        "{again}"
    );

    let verdict = running.hotline(&["reconcile", "--json"]);
    let report = verdict.json();
    assert_eq!(verdict.code, Some(0), "{report}");
    assert_eq!(report["counts"]["accepted"], 3);
    assert_eq!(report["counts"]["orders"], 3);

    let doctor = running.hotline(&["doctor", "--json"]);
    assert_eq!(doctor.code, Some(0), "{}", doctor.out);
    assert!(
        doctor.json()["checks"]
            .as_array()
            .is_some_and(|checks| checks.len() >= 12),
        "{}",
        doctor.out
    );

    let tail = running.hotline(&["events", "tail", "--service", "routing", "-n", "50", "--json"]);
    let opened: Vec<serde_json::Value> = tail
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let opened: Vec<_> = opened
        .iter()
        .filter(|event| event["type"] == "hotline.routing.v1.OrderOpened")
        .collect();
    assert_eq!(opened.len(), 3, "{}", tail.out);
    let number = opened[0]["event"]["facts"]["number"].as_str().expect("a number");
    let shown = running.hotline(&["order", "show", number]);
    assert!(
        shown.out.contains(number) && shown.out.contains("待派单"),
        "{}{}",
        shown.out,
        shown.err
    );
    let explained = running.hotline(&["order", "explain", number, "--json"]);
    assert_eq!(explained.json()["appeal"]["number"], number);
    assert_eq!(running.hotline(&["events", "dead", "--json"]).out, "");
    let missing = running.hotline(&["order", "show", "0000"]);
    assert_eq!(missing.code, Some(1));
    assert_eq!(running.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_run_is_not_asked_and_is_named() {
    let running = Running::start_some("intake,routing").await;
    let path = file(&running, "old.csv", CSV.as_bytes());
    assert_eq!(import(&running, &path, &[]).json()["new"], 3, "{}", running.log());
    let verdict = running.hotline(&["reconcile", "--json"]);
    let report = verdict.json();
    assert_eq!(verdict.code, Some(0), "{report}");
    let left_out = serde_json::json!(["sla-timer", "callback", "enterprise", "analytics", "gateway"]);
    assert_eq!(report["left_out"], left_out);
    assert_eq!(
        (&report["counts"]["accepted"], &report["counts"]["orders"]),
        (&3.into(), &3.into())
    );
    assert!(report["counts"]["enterprise_received"].is_null(), "{report}");
    assert_eq!(
        report["not_compared"].as_array().map(Vec::len),
        Some(2),
        "{report}"
    );
    let told = running.hotline(&["reconcile"]).out;
    let names = "sla-timer, callback, enterprise, analytics, gateway";
    assert!(
        told.contains("企服派送与接收未核对") && told.contains(names),
        "{told}"
    );
    let doctor = running.hotline(&["doctor", "--json"]);
    assert_eq!(doctor.code, Some(0), "{}", doctor.out);
    assert!(doctor.out.contains(names), "{}", doctor.out);
    let tail = running.hotline(&["events", "tail", "-n", "5", "--json"]);
    assert!(tail.code == Some(0) && tail.err.contains(names), "{}", tail.err);
    assert_eq!(running.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_another_encoding_is_refused_whole_or_read_as_told() {
    let running = Running::start().await;
    let (gbk, _, _) = encoding_rs::GBK.encode(CSV);
    let path = file(&running, "gbk.csv", &gbk);
    let refused = import(&running, &path, &[]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.err.contains("第 1 行") && refused.err.contains("--encoding gbk"),
        "{}",
        refused.err
    );
    let told = import(&running, &path, &["--encoding", "gbk"]).json();
    assert_eq!(told["new"], 3, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn private_servers_that_die_are_started_again_and_nothing_is_lost() {
    let running = Running::start_private().await;
    let path = file(&running, "old.csv", CSV.as_bytes());
    assert_eq!(import(&running, &path, &[]).json()["new"], 3, "{}", running.log());
    let before = running.run_file();
    for pid in [before.postgres_pid, before.nats_pid].into_iter().flatten() {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(pid).expect("a pid"));
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).expect("it lives");
    }
    let more = CSV.replace("路灯不亮", "路灯又不亮了");
    let path = file(&running, "more.csv", more.as_bytes());
    let told = import(&running, &path, &[]).json();
    assert_eq!(told["new"], 3, "{told} {}", running.log());
    let verdict = running.hotline(&["reconcile", "--wait", "60s", "--json"]);
    let report = verdict.json();
    assert_eq!(
        (verdict.code, &report["counts"]["orders"]),
        (Some(0), &6.into()),
        "{report} {}",
        running.log()
    );
    let after = running.run_file();
    assert_eq!(
        (after.pid, &after.database_url, &after.nats_url),
        (before.pid, &before.database_url, &before.nats_url)
    );
    assert!(after.postgres_pid != before.postgres_pid && after.nats_pid != before.nats_pid);
    assert_eq!(running.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_takes_every_appeal_where_its_script_says() {
    let dir = tempfile::tempdir().expect("a folder");
    let _database = configure(&dir).await;
    let config = dir.path().join("hotline.toml");
    let ran = hotline(&["demo", "--config", config.to_str().expect("a path")]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    for words in [
        "‖ 市综合性企业服务平台",
        "提级复核 →",
        "并入 D02",
        "一键转接 → 119",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    let count = |name: &str| {
        let line = ran
            .out
            .lines()
            .find(|line| line.starts_with(&format!("│ {name} ")))
            .unwrap_or_default();
        line.split_whitespace()
            .rev()
            .nth(1)
            .and_then(|number| number.parse::<u32>().ok())
    };
    assert_eq!(
        (
            count("登记"),
            count("不予受理"),
            count("转接紧急救助"),
            count("并件")
        ),
        (Some(80), Some(4), Some(3), Some(3))
    );
    assert_eq!(
        (count("企服派送"), count("企服接收")),
        (Some(17), Some(17)),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("✓ 相符"), "{}", ran.out);
}
