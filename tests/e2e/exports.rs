//! What a running installation writes into files: its orders for a policy to be tried on, and the supervision ledger.

use anyhow::{Context, Result, ensure};
use hotline_proto::common::v1::LegKind;
use hotline_proto::routing::v1::{DecideReturnRequest, RequestReturnRequest};
use hotline_proto::sla::v1::OpenCaseRequest;
use hotline_tests::support::steps::{leg_id, order_id};
use hotline_tests::support::{Callers, appeals, clocks, journal, wait};

use crate::on_monday;

/// An order whose first unit gave it back, and whose second has signed it.
async fn given_back(callers: &Callers) -> Result<()> {
    let order = callers.open(appeals::question("given back")).await?;
    let id = order_id(&order);
    let order = callers.dispatch(&id, "", &[]).await?;
    let leg = leg_id(clocks::legs(&order, LegKind::Lead)[0]);
    let ask = RequestReturnRequest {
        order_id: id.clone(),
        leg_id: leg.clone(),
        basis: "不属职责".into(),
        suggestion: "转市税务局".into(),
        ..Default::default()
    };
    callers
        .clerk(appeals::ALONE_UNIT)?
        .routing()
        .request_return(ask)
        .await?;
    let agree = DecideReturnRequest {
        order_id: id.clone(),
        leg_id: leg,
        agreed: true,
        reason: "同意".into(),
        ..Default::default()
    };
    callers.dispatcher.routing().decide_return(agree).await?;
    let order = callers.dispatch(&id, "xz-tax", &[]).await?;
    let legs = clocks::legs(&order, LegKind::Lead);
    let lead = legs.last().context("the second lead")?;
    callers.sign(&id, lead).await?;
    Ok(())
}

#[tokio::test]
async fn orders_are_exported_and_judged_under_another_city_s_policy() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    let order = callers.open(appeals::enterprise_question("settled")).await?;
    let order = callers.dispatch(&order_id(&order), "", &[]).await?;
    callers.handle(&order).await?;
    given_back(&callers).await?;
    callers.open(appeals::question("never sent")).await?;
    journal::settled(&callers.operator, wait::SOON).await?;

    let file = platform.dir().join("march.csv");
    let path = file.display().to_string();
    let export = [
        "order",
        "export",
        "--from",
        "2026-03-01",
        "--to",
        "2026-04-01",
        "--out",
        &path,
    ];
    let (told, good) = platform.json(&export).await?;
    ensure!(good && told["lines"] == 3, "{told:#}");
    let text = std::fs::read_to_string(&file)?;
    let number = order.facts.clone().context("facts")?.number;
    let line = text
        .lines()
        .find(|line| line.contains(&number))
        .context("the order")?;
    ensure!(
        line.contains(",consult,market.price,320302006,2026-03-02T09:30") && line.contains(",enterprise,"),
        "{text}"
    );
    ensure!(
        text.lines()
            .next()
            .is_some_and(|head| head.ends_with("return_asked_at,bad_answers")),
        "{text}"
    );

    // What is not replied by the end of the month is late by Xuzhou's own limits, and by Yicheng's on other days.
    for (city, article) in [("xuzhou", "12(3)"), ("yicheng", "三(二)2")] {
        let replay = [
            "policy",
            "replay",
            "--city",
            city,
            "--until",
            "2026-03-31T17:30",
            &path,
        ];
        let (judged, good) = platform.json(&replay).await?;
        ensure!(good && judged["orders"] == 3, "{judged:#}");
        let late = judged["verdicts"].as_array().context("verdicts")?;
        let answers = late
            .iter()
            .filter(|one| one["outcome"] == "late" && one["obligation"] == "answer");
        let answers: Vec<_> = answers.collect();
        ensure!(
            answers.len() == 1 && answers[0]["article"] == article && answers[0]["number"] != number.as_str(),
            "{city}: {judged:#}"
        );
        // The configured city is Xuzhou: under its own policy nothing changes.
        let changed = judged["changes"].as_array().map_or(0, Vec::len);
        ensure!((changed > 0) == (city == "yicheng"), "{city}: {judged:#}");
    }

    let again = platform.command(&export).await?;
    ensure!(!again.status.success(), "a file that is there was replaced");
    ensure!(
        String::from_utf8_lossy(&again.stderr).contains("--force"),
        "{again:?}"
    );
    let forced = platform.command(&[&export[..], &["--force"]].concat()).await?;
    ensure!(forced.status.success(), "{forced:?}");
    let empty = platform.dir().join("may.csv").display().to_string();
    let may = [
        "order",
        "export",
        "--from",
        "2026-05-01",
        "--to",
        "2026-06-01",
        "--out",
        &empty,
    ];
    let (told, good) = platform.json(&may).await?;
    ensure!(good && told["lines"] == 0, "{told:#}");
    let backwards = [
        "order",
        "export",
        "--from",
        "2026-05-01",
        "--to",
        "2026-04-01",
        "--out",
        "x.csv",
    ];
    ensure!(
        !platform.command(&backwards).await?.status.success(),
        "a span that ends before it begins"
    );
    Ok(())
}

#[tokio::test]
async fn the_ledger_is_exported_as_a_spreadsheet_and_replaces_nothing_by_itself() -> Result<()> {
    let (platform, callers) = on_monday().await?;
    for (unit, title) in [("xz-water", "=1+1"), ("xz-tax", "办理迟缓")] {
        let open = OpenCaseRequest {
            idempotency_key: format!("case of {unit}"),
            city: "xuzhou".into(),
            unit_id: unit.into(),
            class: "overdue".into(),
            title: title.into(),
            reason: "逾期未办结".into(),
            ..Default::default()
        };
        callers.supervisor.supervision().open_case(open).await?;
    }
    let all = platform.dir().join("ledger.xlsx");
    let path = all.display().to_string();
    let export = ["supervision", "export", "--out", &path];
    let (told, good) = platform.json(&export).await?;
    let bytes = std::fs::read(&all)?;
    ensure!(
        good && told["bytes"] == bytes.len() && bytes.starts_with(b"PK\x03\x04"),
        "{told:#}"
    );
    let again = platform.command(&export).await?;
    ensure!(
        !again.status.success() && std::fs::read(&all)? == bytes,
        "a file that is there was replaced"
    );
    let one = platform.dir().join("water.xlsx").display().to_string();
    let (told, good) = platform
        .json(&[
            "supervision",
            "export",
            "--out",
            &one,
            "--unit",
            "xz-water",
            "--state",
            "open",
            "--from",
            "2026-03-01",
        ])
        .await?;
    let smaller = told["bytes"]
        .as_u64()
        .is_some_and(|size| size < bytes.len() as u64);
    ensure!(good && smaller, "{told:#}");
    let help = platform.command(&["supervision", "export", "--help"]).await?;
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    ensure!(
        help.contains("--force") && help.contains("--unit") && help.contains("ledger.xlsx"),
        "{help}"
    );
    let bad = platform
        .command(&[
            "supervision",
            "export",
            "--out",
            &one,
            "--force",
            "--from",
            "soon",
        ])
        .await?;
    ensure!(
        String::from_utf8_lossy(&bad.stderr).contains("--from soon"),
        "{bad:?}"
    );
    Ok(())
}
