//! `hotline demo`: starts the platform as `run` does, plays a batch of appeals on it, and says where to look.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use hotline_runtime::config::SecondFactor;
use hotline_runtime::{Caller, Serving, Settings, telemetry};

use crate::cli::{DemoArgs, Global};
use crate::client::{Client, Credentials, channel};
use crate::demo::{Played, play};
use crate::platform::{Controller, Platform};
use crate::reconcile::{Report, reconcile};
use crate::run_file::dialled;
use crate::{people, render, services};

/// Logs while people watch: what needs a look, and nothing else.
const LOG_FILTER: &str = "warn,sqlx=error,async_nats=error";

/// Longest wait until nothing is in flight any more.
const QUIET_MAX: Duration = Duration::from_secs(30);

/// Life of the token for the base client.
const TOKEN_TTL: Duration = Duration::from_secs(3_600);

/// Runs the demo; the exit code says whether every appeal kept to its script and the reconciliation agrees.
///
/// # Errors
/// The platform does not start, or the batch cannot be played.
pub async fn run(global: &Global, args: &DemoArgs) -> anyhow::Result<ExitCode> {
    let mut settings = global.settings()?;
    if settings.telemetry.log_filter == Settings::default().telemetry.log_filter {
        settings.telemetry.log_filter = LOG_FILTER.to_owned();
    }
    // Demo people have no telephones.
    settings.gateway.second_factor = SecondFactor::Optional;
    let _telemetry = telemetry::init(&settings.telemetry)?;
    render::note(global.say("启动平台 …", "starting the platform …"));
    let platform = Platform::build(settings).await?;
    let ended = match platform.spawn(&services::select(&[])?, Controller::Here).await {
        Ok(serving) => Box::pin(show(global, args, &platform, serving)).await,
        Err(error) => Err(error),
    };
    platform.finish().await;
    ended
}

/// Plays while the platform serves; a stop that is asked for ends it.
async fn show(
    global: &Global,
    args: &DemoArgs,
    platform: &Platform,
    serving: Serving,
) -> anyhow::Result<ExitCode> {
    let (grpc, http) = (dialled(serving.grpc_addr), dialled(serving.http_addr));
    let door = serving.own_addrs.get(hotline_gateway::NAME).copied();
    let shutdown = platform.runtime.shutdown.clone();
    let mut serving = std::pin::pin!(platform.wait(serving));
    let playing = async {
        let code = perform(global, args, platform, (grpc, http)).await?;
        let door = door.map(|addr| platform.runtime.settings.gateway.url(dialled(addr)));
        if let (true, Some(door)) = (args.serve, door) {
            doors(global, platform, grpc, &door).await?;
        }
        if args.serve {
            render::out(global.say("继续服务,按 Ctrl-C 停止", "serving on; Ctrl-C stops it"))?;
            shutdown.cancelled().await;
        }
        anyhow::Ok(code)
    };
    let played = tokio::select! {
        ended = &mut serving => return ended.map(|()| ExitCode::FAILURE),
        played = playing => played,
    };
    shutdown.cancel();
    serving.await?;
    played
}

async fn perform(
    global: &Global,
    args: &DemoArgs,
    platform: &Platform,
    (grpc, http): (SocketAddr, SocketAddr),
) -> anyhow::Result<ExitCode> {
    let settings = &platform.runtime.settings;
    let tokens = &platform.runtime.tokens;
    let dir = args
        .from
        .clone()
        .unwrap_or_else(|| settings.deploy_dir.join("demo"));
    let token = tokens.issue(&Caller::new("demo-operator", &["operator"]), TOKEN_TTL)?;
    let wire = channel(&grpc.to_string())?.connect().await?;
    let client = Client::new(wire, settings, Credentials::new(&token, global.lang())?)?;
    render::note(format_args!(
        "{} {}",
        global.say("登记与办理", "playing"),
        dir.join("appeals.csv").display()
    ));
    let played = play(global, &client, tokens, &dir, args.pace).await?;
    let report = reconcile(&client, QUIET_MAX).await?;
    played.print(global, &client).await?;
    super::reconcile::print(global, &report)?;
    Ok(verdict(global, &played, &report, (grpc, http))?)
}

/// Where people come in, and one of them for each role.
async fn doors(global: &Global, platform: &Platform, grpc: SocketAddr, door: &str) -> anyhow::Result<()> {
    let settings = &platform.runtime.settings;
    let token = platform
        .runtime
        .tokens
        .issue(&Caller::new("demo", &["security_admin", "analyst"]), TOKEN_TTL)?;
    let wire = channel(&grpc.to_string())?.connect().await?;
    let client = Client::new(wire, settings, Credentials::new(&token, global.lang())?)?;
    let city = platform.library().city(&settings.city);
    let cast = people::cast(global, &client, &*city.context("the configured city")?).await?;
    render::out(format_args!(
        "\n{} {door}/desk/\n{} {door}/screen\n{} {door}/portal/\n{} {door}/enterprise/",
        global.say("工作台  ", "desks     "),
        global.say("指挥大屏", "screen    "),
        global.say("市民门户", "public    "),
        global.say("企业门户", "enterprise"),
    ))?;
    render::out(global.say(
        "演示账号,一个角色一个;打开链接即设置密码并登录,24 小时内有效:",
        "Demo people, one a role; a link sets a password and signs in, for 24 hours:",
    ))?;
    for person in cast {
        let told = format!("{}  {}  {}", person.role, person.username, person.unit);
        render::out(format_args!("  {}\n    {}", told.trim_end(), person.url))?;
    }
    render::out(global.say(
        "演示账号不要求动态码(gateway.second_factor = optional);正式运行默认要求。",
        "Demo accounts need no second factor (gateway.second_factor = optional); in production it is required.",
    ))?;
    Ok(())
}

fn verdict(
    global: &Global,
    played: &Played,
    report: &Report,
    (grpc, http): (SocketAddr, SocketAddr),
) -> std::io::Result<ExitCode> {
    for failure in &played.failures {
        render::out(format_args!("✗ {failure}"))?;
    }
    let example = &played.example;
    render::out(format_args!(
        "\n{}\n  hotline order show {example}\n  hotline order explain {example}\n  hotline events tail -f\n  \
         hotline reconcile\n  gRPC    {grpc}   (grpcurl -plaintext -H \"authorization: Bearer $(hotline token --role \
         operator --subject me)\" {grpc} list)\n  HTTP    http://{http}/readyz  http://{http}/metrics",
        global.say("看看(平台运行时):", "look around (while the platform runs):")
    ))?;
    let good = played.failures.is_empty() && report.is_good();
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
