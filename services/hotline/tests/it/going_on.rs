//! What goes on while the platform runs: an import that is interrupted, a calendar that changes.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use hotline_runtime::{Stopwatch, testing};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{Ran, Running};

/// Lines of the file that is interrupted: more than a machine registers before the signal comes.
const LINES: u64 = 1_500;

/// Longest wait for what takes moments.
const SOON: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_import_goes_on_where_it_stopped_and_registers_nothing_twice() {
    let running = Running::start().await;
    let path = running.dir.path().join("many.csv");
    let line = |n| format!("{n},第{n}盏路灯不亮,环城路第{n}号灯杆,2020-01-08 13:54:22,求助\n");
    let lines: String = (1..=LINES).map(line).collect();
    fs::write(&path, format!("编号,标题,内容,时间,类型\n{lines}")).expect("writes");
    let path = path.to_str().expect("a path");
    let map = "title=标题,content=内容,time=时间,type=类型";
    let import = ["import", "appeals", path, "--map", map, "--json"];

    let mut command = running.command(&import);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.expect("the binary runs");
    let since = Stopwatch::start();
    while running
        .hotline(&["events", "tail", "--service", "intake", "-n", "1"])
        .out
        .is_empty()
    {
        assert!(since.elapsed() < SOON, "nothing is registered: {}", running.log());
    }
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("a pid"));
    kill(pid, Signal::SIGINT).expect("it runs");
    let stopped: Ran = child.wait_with_output().expect("it ends").into();
    let told = stopped.json();
    let count = |told: &serde_json::Value, name: &str| told[name].as_u64().expect("a number");
    assert_eq!(stopped.code, Some(130), "{told} {}", stopped.err);
    assert!(count(&told, "new") > 0 && count(&told, "not_sent") > 0, "{told}");

    let resumed = running.hotline(&import);
    let told = resumed.json();
    assert_eq!(resumed.code, Some(0), "{told} {}", resumed.err);
    assert_eq!(count(&told, "new") + count(&told, "known"), LINES, "{told}");
    assert!(count(&told, "known") > 0 && count(&told, "new") > 0, "{told}");
    assert_eq!(registered(&running), LINES);
}

/// Appeals that the running platform has accepted.
fn registered(running: &Running) -> u64 {
    let report = running.hotline(&["reconcile", "--wait", "60s", "--json"]).json();
    report["counts"]["accepted"].as_u64().expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_calendar_moves_the_clocks_that_are_open() {
    // Monday 28 September 2026, 16:50 in China: two working hours end on Tuesday at 10:20.
    let running = Running::start_at("2026-09-28T08:50:00Z").await;
    let path = running.dir.path().join("one.csv");
    fs::write(&path, "标题,内容,类型\n路灯不亮,环城路北段路灯坏了一周,求助\n").expect("writes");
    let path = path.to_str().expect("a path");
    let map = "title=标题,content=内容,type=类型";
    let imported = running.hotline(&["import", "appeals", path, "--map", map, "--json"]);
    assert_eq!(imported.json()["new"], 1, "{} {}", imported.err, running.log());
    until_explained(&running, "2026-09-29 10:20");

    let calendar = testing::workspace_dir().join("deploy/calendars/2026.toml");
    let text = fs::read_to_string(calendar).expect("it ships");
    let moved = running.dir.path().join("2026.toml");
    let off = "\n[[festival]]\nname = \"台风停工\"\nholidays = [2026-09-29]\n";
    fs::write(&moved, format!("{text}{off}")).expect("writes");
    let moved = moved.to_str().expect("a path");
    let told = running.hotline(&["calendar", "import", moved]);
    assert_eq!(told.code, Some(0), "{}{}", told.out, told.err);
    until_explained(&running, "2026-09-30 10:20");

    fs::write(moved, "year = 2026\nsource = \"错\"\nfestivals = []\n").expect("writes");
    let refused = running.hotline(&["calendar", "import", moved]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("festivals"), "{}", refused.err);
}

/// Waits until the one order explains a due time.
fn until_explained(running: &Running, due: &str) {
    let since = Stopwatch::start();
    loop {
        let tail = running.hotline(&["events", "tail", "--service", "routing", "-n", "50", "--json"]);
        let events = tail
            .out
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"));
        let opened = events
            .filter(|event: &serde_json::Value| event["type"] == "hotline.routing.v1.OrderOpened")
            .find_map(|event| event["event"]["facts"]["number"].as_str().map(str::to_owned));
        let explained = opened.map(|number| running.hotline(&["order", "explain", &number]).out);
        if explained.as_ref().is_some_and(|text| text.contains(due)) {
            return;
        }
        assert!(since.elapsed() < SOON, "{due}: {explained:?} {}", running.log());
    }
}
