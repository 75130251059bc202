//! `hotline run`: settings, build, spawn, wait, drain.

use std::process::ExitCode;

use hotline_proto::gateway::v1::OpenFirstAccountResponse;
use hotline_runtime::{Runtime, Serving, Settings, telemetry};

use crate::cli::{Global, RunArgs};
use crate::platform::{Controller, Platform, load_library};
use crate::run_file::dialled;
use crate::{calendars, people, render, services};

/// Runs the platform until a stop is asked for.
///
/// # Errors
/// Anything that keeps it from starting, or the first part that failed.
pub async fn run(global: &Global, args: &RunArgs) -> anyhow::Result<ExitCode> {
    let settings = global.settings()?;
    let chosen = services::select(&args.services)?;
    if args.check {
        return check(global, &settings);
    }
    let _telemetry = telemetry::init(&settings.telemetry)?;
    let platform = Platform::build(settings).await?;
    let controller = if args.no_topology {
        Controller::Elsewhere
    } else {
        Controller::Here
    };
    let ended = match platform.spawn(&chosen, controller).await {
        Ok(serving) => {
            announce(global, &platform.runtime, &serving).await?;
            platform.wait(serving).await
        }
        Err(error) => Err(error),
    };
    platform.finish().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn announce(global: &Global, runtime: &Runtime, serving: &Serving) -> anyhow::Result<()> {
    let (grpc, http) = (serving.grpc_addr, serving.http_addr);
    let gateway = serving.own_addrs.get(hotline_gateway::NAME);
    let door = gateway.map(|addr| runtime.settings.gateway.url(dialled(*addr)));
    let first = match gateway {
        Some(_) => people::first(runtime).await?,
        None => OpenFirstAccountResponse::default(),
    };
    if global.json {
        let told = serde_json::json!({"grpc": grpc, "http": http, "gateway": gateway, "url": door, "pid": std::process::id(),
            "first_link": first.link.map(|link| link.url)});
        render::out(told)?;
        return Ok(());
    }
    render::out(format_args!(
        "{}  gRPC http://{grpc}  HTTP http://{http}/healthz /readyz /metrics  {}",
        global.say("平台已启动:", "the platform serves:"),
        global.say("(Ctrl-C 停止)", "(Ctrl-C stops it)")
    ))?;
    if let Some(door) = door {
        render::out(format_args!(
            "{}  {door}/desk/  {}  {door}/portal/",
            global.say("工作台", "desks"),
            global.say("市民", "public")
        ))?;
    }
    if let Some(link) = first.link {
        render::out(format_args!(
            "{} {} {}\n  {}",
            global.say(
                "尚无人登录。安全管理员",
                "Nobody ever signed in. The administrator of security,"
            ),
            first.username,
            global.say(
                "的一次性链接(24 小时内有效):",
                "has this one-time link for 24 hours:"
            ),
            link.url
        ))?;
    }
    Ok(())
}

/// Checks settings, policies, calendars and keys without binding or connecting anything.
fn check(global: &Global, settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut problems: Vec<String> = settings.check().iter().map(ToString::to_string).collect();
    problems.extend(load_library(settings).err().map(|error| format!("{error:#}")));
    let calendars = calendars::load(&settings.deploy_dir.join("calendars"));
    problems.extend(calendars.err().map(|error| format!("{error:#}")));
    if global.json {
        render::out_json(&serde_json::json!({"ok": problems.is_empty(), "problems": problems}))?;
    } else if problems.is_empty() {
        let words = global.say(
            "配置、政策与日历均可用",
            "settings, policies and calendars are fit to run with",
        );
        render::out(words)?;
    } else {
        for problem in &problems {
            render::out(problem)?;
        }
    }
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
