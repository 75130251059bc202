//! The command line: every command, flag and example.

mod account;
mod args;
mod exports;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use hotline_policy::Lang;
use hotline_runtime::Settings;

pub use account::AccountCommand;
pub use args::{
    AuditCommand, AuditShowArgs, AuditVerifyArgs, CalendarCommand, CallCommand, DemoArgs, DiffArgs,
    EventsCommand, ExplainArgs, ImportArgs, ImportCommand, KeysCommand, OrderCommand, PolicyCommand,
    ReconcileArgs, ReplayArgs, RunArgs, TokenArgs,
};
pub use exports::{LedgerExportArgs, LedgerState, OrderExportArgs, SupervisionCommand};

/// 12345 政务服务便民热线平台 / the platform of a government-service hotline
#[derive(Debug, Parser)]
#[command(name = "hotline", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
示例 / Examples:
  hotline demo --serve                启动平台并演示一遍,之后继续服务 / start, show everything once, keep serving
  hotline run                         启动平台;未配置数据库时自带私有服务器 / start the platform, with private servers
  hotline doctor                      逐项检查并给出办法 / check everything, with cures
  hotline order explain 320300260930010000017  为什么是这个时限 / why it is due when it is";

/// Flags of every command.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "通用 / Global")]
pub struct Global {
    /// 配置文件,默认 ./hotline.toml(如存在)/ configuration file
    #[arg(
        long,
        global = true,
        env = "HOTLINE_CONFIG",
        hide_env_values = true,
        value_name = "FILE"
    )]
    pub config: Option<PathBuf>,
    /// 数据目录,默认 ./.hotline / folder for keys and private servers
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// 覆盖一项配置,可重复,如 grpc.listen=127.0.0.1:0;或补上文件原文缺失的数值,如
    /// nanchang-2022.provincial_limit="15 natural days" / override one setting, or fill in a lost number; repeatable
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// 输出语言 / language of what is printed
    #[arg(long, global = true, value_enum, default_value_t = Language::Zh)]
    pub lang: Language,
    /// 平台的 gRPC 地址,默认取正在运行的平台 / the platform's gRPC address; default: the running one
    #[arg(long, global = true, value_name = "HOST:PORT")]
    pub addr: Option<String>,
    /// 令牌,默认用本机密钥签发 / token; default: issued with this installation's key
    #[arg(
        long,
        global = true,
        env = "HOTLINE_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub token: Option<String>,
    /// 输出 JSON,供程序读取 / print JSON, for programs
    #[arg(long, global = true)]
    pub json: bool,
}

/// The language of what is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Global {
    /// Settings of the file, the environment and the flags.
    ///
    /// # Errors
    /// A file that is not there, an unknown key, a value of the wrong type.
    pub fn settings(&self) -> anyhow::Result<Settings> {
        let mut overrides = Vec::new();
        let mut numbers = Vec::new();
        for pair in &self.set {
            let (key, value) = pair.split_once('=').ok_or_else(|| {
                anyhow::anyhow!("--set {pair}: 应为 KEY=VALUE / --set {pair}: write KEY=VALUE")
            })?;
            // `nanchang-2022.provincial_limit`: no setting has a hyphen, every policy's name has.
            if key.split('.').next().is_some_and(|first| first.contains('-')) {
                numbers.push(pair.clone());
            } else {
                overrides.push((key, value));
            }
        }
        let mut settings = Settings::load(self.config.as_deref(), &overrides)?;
        settings.policy_set.extend(numbers);
        if let Some(dir) = &self.data_dir {
            settings.data_dir.clone_from(dir);
        }
        Ok(settings)
    }

    /// The language of what is printed.
    pub fn lang(&self) -> Lang {
        match self.lang {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
        }
    }

    /// One of two texts, by language.
    pub fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 启动平台,直到 Ctrl-C 或 SIGTERM / start the platform
    #[command(after_help = RUN)]
    Run(RunArgs),
    /// 建立各服务的库表与角色后退出 / make schemas and roles, and end
    #[command(after_help = "示例 / Example:\n  DATABASE_URL=postgres://admin:…@db/hotline hotline migrate")]
    Migrate,
    /// 签发令牌 / issue a token
    #[command(after_help = TOKEN)]
    Token(TokenArgs),
    /// 个人信息的密钥:列出、更换 / keys of personal data: list, rotate
    #[command(subcommand)]
    Keys(KeysCommand),
    /// 逐项检查安装并给出办法 / check the installation, with cures
    #[command(
        after_help = "有问题时以 1 退出 / exits with 1 when something is wrong\n示例 / Example:\n  hotline doctor --json"
    )]
    Doctor,
    /// 输出命令行补全脚本 / print a completion script
    #[command(after_help = "示例 / Example:\n  hotline completions bash > /etc/bash_completion.d/hotline")]
    Completions {
        /// Shell.
        shell: clap_complete::Shell,
    },
    /// 生成 docs/errors.md 与 docs/events.md / write the generated pages
    #[command(after_help = "示例 / Example:\n  hotline docs --out docs")]
    Docs {
        /// 输出目录 / folder to write into
        #[arg(long, default_value = "docs", value_name = "DIR")]
        out: PathBuf,
    },
    /// 账号:新建、列出、一次性链接、锁定、角色 / accounts: create, list, link, lock, roles
    #[command(subcommand)]
    Account(AccountCommand),
    /// 政策:检查、解释、列出 / policies: check, explain, list
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// 日历:核对、检查、导入 / calendars: check, lint, import
    #[command(subcommand)]
    Calendar(CalendarCommand),
    /// 导入 / import
    #[command(subcommand)]
    Import(ImportCommand),
    /// 工单:查看、解释时限、导出 / orders: show, explain, export
    #[command(subcommand)]
    Order(OrderCommand),
    /// 督办:导出台账 / supervision: export the ledger
    #[command(subcommand)]
    Supervision(SupervisionCommand),
    /// 来电:模拟振铃、接听、挂断 / calls: simulate what a telephone exchange reports
    #[command(subcommand)]
    Call(CallCommand),
    /// 审计:核对、查看、导出链头 / audit: verify, show, write heads
    #[command(subcommand)]
    Audit(AuditCommand),
    /// 事件:跟踪、死信、重放 / events: tail, dead letters, replay
    #[command(subcommand)]
    Events(EventsCommand),
    /// 核对“一单双送”与事件收发是否一件不差 / prove that nothing was lost or doubled
    #[command(after_help = RECONCILE)]
    Reconcile(ReconcileArgs),
    /// 演示:启动平台,让一批诉求走完全程 / start the platform and take a batch of appeals through it
    #[command(after_help = DEMO)]
    Demo(DemoArgs),
}

const RUN: &str = "\
未设置 database.url / nats.url 时,自行启动私有的 PostgreSQL 与 nats-server(数据在数据目录下)。
Without database.url and nats.url it starts a private PostgreSQL and nats-server, data under the data folder.

示例 / Examples:
  hotline run
  hotline run --check                                只检查配置、政策和日历 / check, bind nothing
  hotline run --services intake,routing --no-topology
  DATABASE_URL=postgres://… NATS_URL=nats://… hotline run";

const TOKEN: &str = "\
示例 / Examples:
  hotline token --role dispatcher --subject u-1024
  hotline token --role unit_clerk --subject u-7 --unit xz-water --ttl 8h
  hotline token --role agent,team_leader --subject u-3 --json";

const RECONCILE: &str = "\
相符以 0 退出,不符以 1 退出 / exits with 0 when everything agrees, with 1 when not
示例 / Examples:
  hotline reconcile
  hotline reconcile --wait 60s --json";

const DEMO: &str = "\
示例 / Examples:
  hotline demo                  演示一遍后停止 / once, then stop
  hotline demo --serve          演示后继续服务,直到 Ctrl-C / keep serving afterwards
  hotline demo --data-dir /tmp/h --pace 200ms";

/// Reads `500ms`, `30s`, `8h`, `7d`.
///
/// # Errors
/// No whole number, or no known unit.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let told = || format!("{text:?}: 应如 500ms、30s、15m、8h、7d / write 500ms, 30s, 15m, 8h or 7d");
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| told())?;
    let seconds = match unit {
        "ms" => return Ok(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(told()),
    };
    number
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .ok_or_else(told)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_contradicts_nothing() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_of_import_names_every_item_and_no_other() {
        let mut cli = Cli::command();
        cli.build();
        let import = cli.find_subcommand("import").expect("a command");
        let appeals = import.find_subcommand("appeals").expect("a command");
        let help = appeals.get_after_help().expect("a help").to_string();
        let (_, items) = help.split_once("Items:\n").expect("a list of items");
        let (items, _) = items.split_once("退出码").expect("what follows the list");
        let items: Vec<_> = items.split_whitespace().collect();
        assert_eq!(items, crate::import::mapping::ITEMS);
    }

    #[test]
    fn a_duration_reads_with_its_unit() {
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("8h"), Ok(Duration::from_secs(28_800)));
        for bad in ["", "5", "h", "1w", "-1s", "99999999999999999999d"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }
}
