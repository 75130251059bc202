//! The program's commands as an operator and a script use them.

use anyhow::{Context, Result, ensure};
use hotline_tests::support::steps::order_id;
use hotline_tests::support::{Callers, Options, Platform, appeals, clocks, journal, until, wait};
use serde_json::Value;

use crate::on_monday;

/// Whether `value` has this among its `field`s.
fn has(value: &Value, field: &str, wanted: &str) -> bool {
    value
        .as_array()
        .is_some_and(|items| items.iter().any(|item| item[field] == wanted))
}

#[tokio::test]
async fn migrate_makes_every_schema_and_a_second_time_changes_nothing() -> Result<()> {
    let mut platform = Platform::servers(Options::default()).await?;
    for _time in 0..2 {
        let output = platform.command(&["migrate"]).await?;
        ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    platform.run().await?;
    let callers = Callers::of(&platform)?;
    callers.open(appeals::question("after migrating")).await?;
    Ok(())
}

#[tokio::test]
async fn an_order_shows_and_explains_itself_and_every_event_can_be_read() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    let order = callers.open(appeals::enterprise_question("commands")).await?;
    let id = order_id(&order);
    let order = callers.dispatch(&id, "", &[]).await?;
    let number = order.facts.clone().context("facts")?.number;
    journal::settled(&callers.operator, wait::SOON).await?;

    let (shown, good) = platform.json(&["order", "show", &number]).await?;
    ensure!(
        good && shown["order"]["state"] == "ORDER_STATE_HANDLING",
        "{shown:#}"
    );
    ensure!(
        shown["order"]["legs"]
            .as_array()
            .is_some_and(|legs| legs.len() == 2),
        "{shown:#}"
    );
    ensure!(shown["appeal"]["appeal_id"] == id.as_str(), "{shown:#}");
    let (explained, good) = platform.json(&["order", "explain", &number]).await?;
    let told = explained["clocks"].as_array().context("clocks")?;
    ensure!(
        good && !told.is_empty() && told.iter().all(|clock| clock["text"] != ""),
        "{explained:#}"
    );
    ensure!(
        explained["timeline"]
            .as_array()
            .is_some_and(|lines| !lines.is_empty()),
        "{explained:#}"
    );
    let text = platform
        .command(&["order", "explain", &number, "--lang", "en"])
        .await?;
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    ensure!(
        text.contains("12(3)") && text.contains("2026-03-05 17:30"),
        "{text}"
    );
    let unknown = platform
        .command(&["order", "show", "3203002603020100000"])
        .await?;
    ensure!(!unknown.status.success(), "an order that is not there is shown");

    let tail = platform
        .command(&["events", "tail", "-n", "200", "--json"])
        .await?;
    let events: Vec<Value> = serde_json::Deserializer::from_slice(&tail.stdout)
        .into_iter()
        .collect::<Result<_, _>>()?;
    for wanted in [
        "hotline.intake.v1.AppealAccepted",
        "hotline.routing.v1.EnterpriseLegDispatched",
    ] {
        ensure!(
            events.iter().any(|event| event["type"] == wanted),
            "{wanted} is not among {} events",
            events.len()
        );
    }
    // A letter a line: none.
    let dead = platform.command(&["events", "dead", "--json"]).await?;
    ensure!(dead.status.success() && dead.stdout.is_empty(), "{dead:?}");
    let (verdict, good) = platform.json(&["reconcile"]).await?;
    ensure!(
        good && verdict["ok"] == true && verdict["findings"].as_array().is_some_and(Vec::is_empty),
        "{verdict:#}"
    );
    ensure!(verdict["counts"]["enterprise_received"] == 1, "{verdict:#}");
    Ok(())
}

#[tokio::test]
async fn a_policy_is_explained_and_a_broken_one_is_refused_by_file_and_line() -> Result<()> {
    let platform = Platform::servers(Options::default()).await?;
    let at = ["--at", "2026-09-30T16:50"];
    let matter = [
        "policy",
        "explain",
        "--city",
        "xuzhou",
        "--type",
        "consult",
        "--desk",
        "enterprise",
    ];
    let (explained, good) = platform.json(&[&matter[..], &at[..]].concat()).await?;
    let clocks = explained.as_array().context("a list of clocks")?;
    let answer = clocks
        .iter()
        .find(|clock| clock["obligation"] == "answer")
        .context("an answer clock")?;
    ensure!(
        good && answer["within"] == "1 working day" && answer["article"] == "12(3)",
        "{answer:#}"
    );
    ensure!(
        answer["due_local"] == "2026-10-08 17:30" && answer["zh"] != "",
        "{answer:#}"
    );
    let due = chrono::DateTime::parse_from_rfc3339(answer["due"].as_str().context("an instant")?)?;
    ensure!(due.to_utc() == clocks::at("2026-10-08 17:30")?, "{answer:#}");

    let (checked, good) = platform.json(&["policy", "check"]).await?;
    ensure!(good && checked["ok"] == true, "{checked:#}");
    let cities = platform.dir().join("cities");
    copy_folder(&hotline_tests::workspace_root().join("deploy/cities"), &cities)?;
    let broken = cities.join("xuzhou/policy.toml");
    let text = std::fs::read_to_string(&broken)?.replacen("[policy]\n", "[policy]\nunheard_of = 1\n", 1);
    std::fs::write(&broken, text)?;
    let (checked, good) = platform
        .json(&["policy", "check", &cities.display().to_string()])
        .await?;
    let problems = checked["problems"].to_string();
    ensure!(!good && checked["ok"] == false, "{checked:#}");
    ensure!(
        problems.contains("unheard_of") && problems.contains("policy.toml"),
        "{problems}"
    );
    let (list, good) = platform.json(&["policy", "list"]).await?;
    ensure!(good && has(&list, "id", "xuzhou-2020"), "{list:#}");
    Ok(())
}

#[tokio::test]
async fn the_doctor_finds_a_healthy_platform_healthy_and_a_stopped_one_not() -> Result<()> {
    let (mut platform, _callers) = on_monday().await?;
    // The broker's consumers are made in the first moments of a first start.
    let found = until("the doctor finds nothing wrong", || async {
        let (found, good) = platform.json(&["doctor"]).await?;
        Ok((good && found["ok"] == true).then_some(found))
    })
    .await?;
    ensure!(
        found["checks"].as_array().is_some_and(|checks| checks.len() >= 5),
        "{found:#}"
    );
    let log = std::fs::read_to_string(platform.log())?;
    let started = log
        .lines()
        .find(|line| line.starts_with('{'))
        .context("run --json tells where it serves")?;
    let started: Value = serde_json::from_str(started)?;
    ensure!(
        started["grpc"].is_string() && started["http"].is_string() && started["pid"].is_u64(),
        "{started:#}"
    );
    let checked = platform.command(&["run", "--check", "--json"]).await?;
    ensure!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stdout)
    );
    platform.stop().await?;
    platform.kill_postgres().await?;
    let (found, good) = platform.json(&["doctor"]).await?;
    ensure!(!good && found["ok"] == false, "{found:#}");
    Ok(())
}

#[tokio::test]
async fn a_wrong_flag_setting_or_role_is_told_and_nothing_starts() -> Result<()> {
    let platform = Platform::servers(Options::default()).await?;
    let cases: [(&[&str], &str); 5] = [
        (&["run", "--set", "database.pool_maxx=3"], "pool_maxx"),
        (&["run", "--services", "nobody"], "nobody"),
        (&["token", "--role", "king", "--subject", "u-1"], "king"),
        (&["order", "show", "1", "--addr", "127.0.0.1:1"], "127.0.0.1:1"),
        (&["import", "appeals", "nothing.csv"], "nothing.csv"),
    ];
    for (args, word) in cases {
        let output = platform.command(args).await?;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(
            !output.status.success() && told.contains(word),
            "hotline {}: {told}",
            args.join(" ")
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_file_in_another_encoding_or_with_bad_lines_is_imported_as_far_as_it_is_good() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    let csv = [
        "编号,主题,详情,姓名,电话",
        "1,路灯不亮,环城路路灯不亮,许知远,15405160001",
        "2,,没有主题,许知远,15405160001",
        "3,停车费,收费不符,许知远,12",
    ];
    let csv = csv.join("\n");
    let path = platform.dir().join("gbk.csv");
    let (gbk, _, _) = encoding_rs::GBK.encode(&csv);
    std::fs::write(&path, gbk)?;
    let path = path.display().to_string();
    let map = "source_reference=编号,title=主题,content=详情,name=姓名,telephone=电话";
    let wrong = platform
        .command(&["import", "appeals", &path, "--map", map])
        .await?;
    ensure!(!wrong.status.success(), "bytes that are no UTF-8 are imported");
    ensure!(
        String::from_utf8_lossy(&wrong.stderr)
            .to_lowercase()
            .contains("utf-8"),
        "{wrong:?}"
    );
    let (told, good) = platform
        .json(&["import", "appeals", &path, "--map", map, "--encoding", "gbk"])
        .await?;
    ensure!(
        !good && told["lines"] == 3 && told["new"] == 1 && told["rejected"] == 2,
        "{told:#}"
    );
    let rejects = std::fs::read_to_string(told["reject_file"].as_str().context("a reject file")?)?;
    ensure!(
        rejects.contains("text.required") && rejects.contains("appellant.telephone"),
        "{rejects}"
    );
    journal::settled(&callers.operator, wait::SOON).await?;
    let (verdict, good) = platform.json(&["reconcile"]).await?;
    ensure!(good && verdict["counts"]["orders"] == 1, "{verdict:#}");
    Ok(())
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
