//! Flags of the commands that write files: the supervision ledger, and past orders.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// What to do with the supervision ledger.
#[derive(Debug, Subcommand)]
pub enum SupervisionCommand {
    /// 把督办台账导出为 Excel 文件 / export the ledger as a spreadsheet
    #[command(after_help = LEDGER_EXPORT)]
    Export(LedgerExportArgs),
}

const LEDGER_EXPORT: &str = "\
示例 / Examples:
  hotline supervision export --out ledger.xlsx
  hotline supervision export --out water.xlsx --unit xz-water --state open --from 2026-03-01 --to 2026-04-01 --force";

/// Flags of `supervision export`.
#[derive(Clone, Debug, Args)]
pub struct LedgerExportArgs {
    /// 写入的文件 / file to write
    #[arg(long, value_name = "FILE.xlsx")]
    pub out: PathBuf,
    /// 文件已存在时覆盖 / replace a file that is there
    #[arg(long)]
    pub force: bool,
    /// 只要一个单位的 / one unit only
    #[arg(long, default_value = "", hide_default_value = true)]
    pub unit: String,
    /// 只要一类事项的 / one class of matter only
    #[arg(long, default_value = "", hide_default_value = true)]
    pub class: String,
    /// 只要一种状态的 / one state only
    #[arg(long, value_enum)]
    pub state: Option<LedgerState>,
    /// 立项不早于(北京时间)/ opened at this time or later, Beijing time
    #[arg(long, value_name = "2026-03-01")]
    pub from: Option<String>,
    /// 立项早于(北京时间)/ opened before this time
    #[arg(long, value_name = "2026-04-01")]
    pub to: Option<String>,
}

/// A state of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LedgerState {
    /// 督办中 / open.
    Open,
    /// 挂牌督办 / listed.
    Listed,
    /// 已办结 / closed.
    Closed,
}

/// Examples of `order export`.
pub(super) const ORDER_EXPORT: &str = "\
一行是一次主办派单(首轮):签收、联系、答复、办结、退回申请的时间和不满意次数
a line is one sending to a lead unit in the first round: when it signed, contacted, replied, settled, asked to give it back
示例 / Examples:
  hotline order export --from 2026-03-01 --to 2026-04-01 --out march.csv
  hotline policy replay --city nanchang --set nanchang-2022.provincial_limit=\"15 natural days\" march.csv";

/// Flags of `order export`.
#[derive(Clone, Debug, Args)]
pub struct OrderExportArgs {
    /// 派出不早于(北京时间)/ sent at this time or later, Beijing time
    #[arg(long, value_name = "2026-03-01")]
    pub from: String,
    /// 派出早于(北京时间)/ sent before this time
    #[arg(long, value_name = "2026-04-01")]
    pub to: String,
    /// 写入的文件 / file to write
    #[arg(long, value_name = "FILE.csv")]
    pub out: PathBuf,
    /// 文件已存在时覆盖 / replace a file that is there
    #[arg(long)]
    pub force: bool,
}
