//! The flags of each command.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use super::exports::{ORDER_EXPORT, OrderExportArgs};
use super::parse_duration;

/// Flags of `run`.
#[derive(Clone, Debug, Default, Args)]
pub struct RunArgs {
    /// 只启动这些服务,以逗号分隔 / only these services
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    pub services: Vec<String>,
    /// 只检查,不监听也不连接 / check only, bind and connect nothing
    #[arg(long)]
    pub check: bool,
    /// 不管理消息流(其他副本在管)/ leave the stream to another replica
    #[arg(long)]
    pub no_topology: bool,
}

/// Flags of `token`.
#[derive(Clone, Debug, Args)]
pub struct TokenArgs {
    /// 角色,以逗号分隔 / roles
    #[arg(long = "role", value_delimiter = ',', required = true, value_name = "ROLE,…")]
    pub roles: Vec<String>,
    /// 账号,不得用电话或证件号 / account; never a telephone or identity number
    #[arg(long, value_name = "ID")]
    pub subject: String,
    /// 所属单位 / unit that the person works for
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    /// 所辖区划 / division that the person is bound to
    #[arg(long, value_name = "CODE")]
    pub division: Option<String>,
    /// 有效期,如 30m、8h、7d / life
    #[arg(long, default_value = "8h", value_parser = parse_duration, value_name = "TIME")]
    pub ttl: Duration,
}

/// What to do with the keys of personal data.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum KeysCommand {
    /// 列出密钥,不显示密钥本身 / list the keys, never their secrets
    #[command(after_help = "示例 / Example:\n  hotline keys list --json")]
    List,
    /// 启用新的加密密钥与索引密钥,旧密钥仍可读 / put new keys in place; the old ones stay readable
    #[command(after_help = "示例 / Examples:\n  hotline keys rotate\n  hotline keys rotate --suite sm4-gcm")]
    Rotate {
        /// 算法,默认与现用的相同 / suite; default: that of the active key
        #[arg(long, value_enum, value_name = "SUITE")]
        suite: Option<SealingSuite>,
    },
}

/// A family of algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SealingSuite {
    /// AES-256-GCM, HMAC-SHA-256.
    #[value(name = "aes-256-gcm")]
    Aes256Gcm,
    /// 国密 SM4-GCM、HMAC-SM3.
    #[value(name = "sm4-gcm")]
    Sm4Gcm,
}

impl From<SealingSuite> for hotline_vault::Suite {
    fn from(suite: SealingSuite) -> Self {
        match suite {
            SealingSuite::Aes256Gcm => Self::Aes256Gcm,
            SealingSuite::Sm4Gcm => Self::Sm4Gcm,
        }
    }
}

/// What to do with policies.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// 检查政策、单位、目录、区划文件;有错以 1 退出 / check the files of the cities
    #[command(
        after_help = "示例 / Examples:\n  hotline policy check\n  hotline policy check deploy/cities/xuzhou/policy.toml"
    )]
    Check {
        /// 目录或单个政策文件,默认 deploy/cities / folder of cities, or one policy file
        path: Option<PathBuf>,
    },
    /// 某件诉求有哪些时限、何时到期、依据哪一条 / which limits a matter has, and why
    #[command(
        after_help = "示例 / Example:\n  hotline policy explain --city xuzhou --type consult --desk enterprise --at 2026-09-30T16:50"
    )]
    Explain(ExplainArgs),
    /// 两个城市(或两份政策)的规定并排比较 / two policies side by side
    #[command(
        after_help = "示例 / Examples:\n  hotline policy diff xuzhou nanchang\n  hotline policy diff xuzhou-2020 yicheng-2021 --json"
    )]
    Diff(DiffArgs),
    /// 用另一份政策重判过去的工单:哪些会逾期、退回超期、提级、亮牌 / judge past orders under another policy
    #[command(after_help = REPLAY)]
    Replay(ReplayArgs),
    /// 列出政策 / list the policies
    #[command(after_help = "示例 / Example:\n  hotline policy list --json")]
    List,
}

const REPLAY: &str = "\
CSV(UTF-8),首行为列名,时间为北京时间 2026-03-02 09:30 / CSV with a header, Beijing times:
  必有 / needed    number type category division dispatched_at
  可有 / optional  desk channel urgency labels source signed_at contacted_at replied_at settled_at
                   return_asked_at bad_answers
  labels 以空格分隔;空的时间是还没有发生 / labels apart by spaces; an empty time has not happened
示例 / Examples:
  hotline policy replay --city nanchang --set nanchang-2022.provincial_limit=\"15 natural days\" deploy/demo/orders.csv
  hotline policy replay --city yicheng --against xuzhou deploy/demo/orders.csv
  hotline policy replay --city yicheng deploy/demo/orders.csv --json";

/// Flags of `policy diff`.
#[derive(Clone, Debug, Args)]
pub struct DiffArgs {
    /// 城市或政策 / city or policy
    #[arg(value_name = "A")]
    pub left: String,
    /// 另一个城市或政策 / another one
    #[arg(value_name = "B")]
    pub right: String,
}

/// Flags of `policy replay`.
#[derive(Clone, Debug, Args)]
pub struct ReplayArgs {
    /// 按哪个城市或哪份政策判 / city or policy to judge by; default: the configured city
    #[arg(long)]
    pub city: Option<String>,
    /// 与哪个城市或哪份政策比 / city or policy to compare with; default: the configured city
    #[arg(long, value_name = "CITY")]
    pub against: Option<String>,
    /// 判到何时(北京时间),默认现在 / open orders are judged up to this time; default: now
    #[arg(long, value_name = "2026-03-31T17:30")]
    pub until: Option<String>,
    /// 工单文件 / file of orders
    pub file: PathBuf,
}

/// Flags of `policy explain`.
#[derive(Clone, Debug, Args)]
pub struct ExplainArgs {
    /// 城市,默认取配置 / city; default: the configured one
    #[arg(long)]
    pub city: Option<String>,
    /// 诉求类型 / kind of appeal: consult, help, complaint, report, suggestion, praise
    #[arg(long = "type", default_value = "help", value_name = "TYPE")]
    pub appeal_type: String,
    /// 派单方 / hotline or enterprise
    #[arg(long, default_value = "hotline")]
    pub desk: String,
    /// 渠道 / channel
    #[arg(long, default_value = "telephone")]
    pub channel: String,
    /// 紧急程度 / normal, urgent, emergency
    #[arg(long, default_value = "normal")]
    pub urgency: String,
    /// 事项分类 / category code
    #[arg(long, default_value = "other")]
    pub category: String,
    /// 区划,默认全市 / division code; default: the city's own
    #[arg(long)]
    pub division: Option<String>,
    /// 标签,可重复 / label, repeatable
    #[arg(long = "label")]
    pub labels: Vec<String>,
    /// 起算时间(北京时间),默认现在 / start of every clock, Beijing time; default: now
    #[arg(long, value_name = "2026-09-30T16:50")]
    pub at: Option<String>,
}

/// What to do with calendars.
#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// 核对案例文件,列出不符的案例;不符以 1 退出 / run a case file, print what differs
    #[command(after_help = "示例 / Example:\n  hotline calendar check worktime-cases.json")]
    Check {
        /// 案例文件(JSON)/ case file
        file: PathBuf,
    },
    /// 检查放假安排文件 / look over calendar files
    #[command(after_help = "示例 / Example:\n  hotline calendar lint deploy/calendars")]
    Lint {
        /// 目录,默认 deploy/calendars / folder
        dir: Option<PathBuf>,
    },
    /// 把一年的放假安排送入正在运行的平台,并重算在途时限 / send a year to the running platform
    #[command(after_help = "示例 / Example:\n  hotline calendar import deploy/calendars/2027.toml")]
    Import {
        /// 放假安排文件(TOML)/ calendar file
        file: PathBuf,
    },
}

/// What to import.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// 从 CSV 导入诉求;可中断,重跑即续 / import appeals from a CSV file; run again to resume
    #[command(after_help = IMPORT)]
    Appeals(Box<ImportArgs>),
}

const IMPORT: &str = "\
--map 把诉求的项目对应到文件的列;未列出的项目取默认值。项目 / --map says which column holds which item. Items:
  title content time type channel category division urgency place labels source_reference
  name telephone identity_number address enterprise credit_code anonymous confidential
退出码 / Exit codes: 0 全部导入 / all in; 1 有行被拒,见 FILE.rej.csv / some lines rejected; 130 中断 / interrupted

示例 / Examples:
  hotline import appeals old.csv --map title=标题,content=内容,time=时间 --type help
  hotline import appeals gbk.csv --encoding gbk --map title=主题,content=详情,telephone=电话,name=姓名";

/// Flags of `import appeals`.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// CSV 文件,首行为列名 / CSV file with a header
    pub file: PathBuf,
    /// 项目=列名,以逗号分隔 / item=column, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "ITEM=COLUMN,…")]
    pub map: Vec<String>,
    /// 默认诉求类型 / kind of appeal where no column says
    #[arg(long = "type", default_value = "help", value_name = "TYPE")]
    pub appeal_type: String,
    /// 默认渠道 / channel where no column says
    #[arg(long, default_value = "web")]
    pub channel: String,
    /// 默认分类 / category where no column says
    #[arg(long, default_value = "other")]
    pub category: String,
    /// 默认区划,缺省为全市 / division where no column says; default: the city's own
    #[arg(long, default_value = "")]
    pub division: String,
    /// 来源平台名,默认取文件名 / name of the source platform; default: the file's name
    #[arg(long)]
    pub source: Option<String>,
    /// 文件编码:utf-8、gbk / encoding of the file
    #[arg(long, default_value = "utf-8")]
    pub encoding: String,
    /// 只登记,不受理 / register only, do not accept
    #[arg(long)]
    pub register_only: bool,
    /// 同时提交的请求数 / requests at once
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub concurrency: u16,
}

/// What to do with orders.
#[derive(Debug, Subcommand)]
pub enum OrderCommand {
    /// 查看一张工单和它的各路派送 / show an order with its legs
    #[command(after_help = "示例 / Example:\n  hotline order show 320300260930010000017")]
    Show {
        /// 工单号或标识 / number or identifier
        order: String,
    },
    /// 解释一张工单的每个时限,并列出经过 / explain every clock of an order, and its timeline
    #[command(after_help = "示例 / Example:\n  hotline order explain 320300260930010000017 --lang en")]
    Explain {
        /// 工单号或标识 / number or identifier
        order: String,
    },
    /// 导出一段时间派出的工单,供 policy replay 用另一份政策重判 / export orders, for policy replay
    #[command(after_help = ORDER_EXPORT)]
    Export(OrderExportArgs),
}

/// What a telephone exchange does.
#[derive(Debug, Subcommand)]
pub enum CallCommand {
    /// 让一个座席振铃 / let a call ring at a seat
    #[command(after_help = "示例 / Example:\n  hotline call ring --seat 8001 --phone 13998765432")]
    Ring {
        /// 座席号 / number of the seat
        #[arg(long, value_name = "SEAT")]
        seat: String,
        /// 主叫号码 / number of the caller
        #[arg(long, value_name = "NUMBER")]
        phone: String,
        /// 话务员账号,默认为坐在该座席的人 / account of the agent; default: whoever sits there
        #[arg(long, value_name = "ID")]
        agent: Option<String>,
        /// 拨打的热线号码,默认 12345 / hotline number that was dialled
        #[arg(long, value_name = "NUMBER")]
        line: Option<String>,
    },
    /// 座席接听 / the seat answers
    #[command(after_help = "示例 / Example:\n  hotline call answer --seat 8001 0199f7a0-…")]
    Answer {
        /// 座席号 / number of the seat
        #[arg(long, value_name = "SEAT")]
        seat: String,
        /// 振铃时给出的引用号 / reference that `ring` printed
        reference: String,
    },
    /// 通话结束 / the call ends
    #[command(after_help = "示例 / Example:\n  hotline call end --seat 8001 0199f7a0-…")]
    End {
        /// 座席号 / number of the seat
        #[arg(long, value_name = "SEAT")]
        seat: String,
        /// 振铃时给出的引用号 / reference that `ring` printed
        reference: String,
    },
}

/// What to do with the audit.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// 核对审计链与已签链头 / hold the audit chains to their signed heads
    #[command(
        after_help = "完好以 0 退出,被改动以 1 退出 / exits with 0 when they stand, with 1 when not\n示例 / Examples:\n  hotline audit verify\n  hotline audit verify --heads /mnt/worm/heads.jsonl --json"
    )]
    Verify(AuditVerifyArgs),
    /// 查看审计记录 / show audit entries
    #[command(
        after_help = "示例 / Examples:\n  hotline audit show --order 320300260930010000017\n  hotline audit show --subject u-7 --since 7d --refused"
    )]
    Show(AuditShowArgs),
    /// 导出已签链头,供另行保存 / write the signed heads, to be kept elsewhere
    #[command(
        after_help = "只追加,从不改写 / appends, never rewrites\n示例 / Example:\n  hotline audit heads --out /mnt/worm/heads.jsonl"
    )]
    Heads {
        /// 只导出这些服务的,可重复 / of these services only; repeatable
        #[arg(long)]
        service: Vec<String>,
        /// 追加到文件;默认输出到屏幕 / file to append to; default: print
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Flags of `audit verify`.
#[derive(Clone, Debug, Args)]
pub struct AuditVerifyArgs {
    /// 只核对这些服务,可重复 / these services only; repeatable
    #[arg(long)]
    pub service: Vec<String>,
    /// 另行保存的链头,可重复 / heads that were kept elsewhere; repeatable
    #[arg(long, value_name = "FILE")]
    pub heads: Vec<PathBuf>,
    /// 可能签过链头的公钥,可重复;默认本机的 / public keys that may have signed; default: this installation's
    #[arg(long, value_name = "FILE")]
    pub key: Vec<PathBuf>,
}

/// Flags of `audit show`.
#[derive(Clone, Debug, Args)]
pub struct AuditShowArgs {
    /// 只看这些服务,可重复 / these services only; repeatable
    #[arg(long)]
    pub service: Vec<String>,
    /// 某件工单,编号或标识 / one order, by number or identifier
    #[arg(long, value_name = "NO")]
    pub order: Option<String>,
    /// 某个账号 / one account
    #[arg(long)]
    pub subject: Option<String>,
    /// 多久以来,如 7d / since how long ago
    #[arg(long, value_parser = parse_duration, value_name = "TIME")]
    pub since: Option<Duration>,
    /// 只看被拒绝的 / only what was refused
    #[arg(long)]
    pub refused: bool,
    /// 条数 / how many
    #[arg(short = 'n', long, default_value_t = 50)]
    pub count: i64,
}

/// What to do with events.
#[derive(Debug, Subcommand)]
pub enum EventsCommand {
    /// 最近的事件 / the newest events
    #[command(
        after_help = "示例 / Examples:\n  hotline events tail -f\n  hotline events tail --service routing -n 100 --json"
    )]
    Tail {
        /// 只看一个服务 / one service only
        #[arg(long)]
        service: Option<String>,
        /// 条数 / how many
        #[arg(short = 'n', long, default_value_t = 20)]
        count: usize,
        /// 持续跟踪,直到 Ctrl-C / go on until Ctrl-C
        #[arg(short, long)]
        follow: bool,
    },
    /// 未能处理的事件(死信)/ events that could not be applied
    #[command(after_help = "示例 / Example:\n  hotline events dead --service routing")]
    Dead {
        /// 只看一个服务 / one service only
        #[arg(long)]
        service: Option<String>,
    },
    /// 重新处理死信 / apply dead letters again
    #[command(after_help = "示例 / Example:\n  hotline events replay --service routing --root 0199…")]
    Replay {
        /// 哪个服务的死信 / whose dead letters
        #[arg(long)]
        service: String,
        /// 只重放一件诉求的,默认全部 / one appeal only; default: all
        #[arg(long, default_value = "")]
        root: String,
    },
}

/// Flags of `reconcile`.
#[derive(Clone, Debug, Args)]
pub struct ReconcileArgs {
    /// 最多等多久让在途事件处理完 / longest wait until everything in flight is applied
    #[arg(long, default_value = "30s", value_parser = parse_duration, value_name = "TIME")]
    pub wait: Duration,
}

/// Flags of `demo`.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// 演示后继续服务 / keep serving afterwards
    #[arg(long)]
    pub serve: bool,
    /// 每步之间的停顿,便于观看 / pause before each step of an appeal, for watching
    #[arg(long, default_value = "0s", value_parser = parse_duration, value_name = "TIME")]
    pub pace: Duration,
    /// 诉求与答复模板所在目录 / folder with appeals.csv and replies.toml
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
}
