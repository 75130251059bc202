//! The flags of `account`.

use clap::Subcommand;

/// What to do with people's accounts.
#[derive(Clone, Debug, Subcommand)]
pub enum AccountCommand {
    /// 新建账号,并给出一次性链接 / make an account and its one-time link
    #[command(
        after_help = "示例 / Examples:\n  hotline account create zhang.san --name 张三 --role dispatcher\n  \
                      hotline account create li.si --name 李四 --role unit_clerk --unit xz-water"
    )]
    Create {
        /// 用户名 / name to sign in with
        username: String,
        /// 显示给同事的姓名 / name that colleagues see
        #[arg(long, value_name = "NAME")]
        name: String,
        /// 角色,以逗号分隔 / roles
        #[arg(long = "role", value_delimiter = ',', required = true, value_name = "ROLE,…")]
        roles: Vec<String>,
        /// 所属单位 / unit that the person works for
        #[arg(long, default_value = "", hide_default_value = true, value_name = "UNIT")]
        unit: String,
        /// 所辖区划 / division that the person is bound to
        #[arg(long, default_value = "", hide_default_value = true, value_name = "CODE")]
        division: String,
        /// 统一身份认证中的标识 / subject at the identity provider
        #[arg(long, default_value = "", hide_default_value = true, value_name = "SUBJECT")]
        oidc_subject: String,
    },
    /// 列出账号 / list accounts
    #[command(after_help = "示例 / Example:\n  hotline account list --role dispatcher")]
    List {
        /// 用户名开头或姓名的一部分 / beginning of a username, or part of a name
        #[arg(default_value = "", hide_default_value = true)]
        query: String,
        /// 只列此角色 / only this role
        #[arg(
            long = "role",
            default_value = "",
            hide_default_value = true,
            value_name = "ROLE"
        )]
        role: String,
    },
    /// 给出新的一次性链接,旧链接作废 / give a new one-time link; links of before end
    #[command(
        after_help = "示例 / Examples:\n  hotline account link zhang.san\n  hotline account link zhang.san --reset-second-factor"
    )]
    Link {
        /// 用户名或账号 / username or id
        account: String,
        /// 同时清除动态码验证器(手机丢失)/ forget the authenticator, too
        #[arg(long)]
        reset_second_factor: bool,
    },
    /// 锁定账号,结束其会话 / lock an account and end its sessions
    #[command(after_help = "示例 / Example:\n  hotline account lock zhang.san --reason 离岗")]
    Lock {
        /// 用户名或账号 / username or id
        account: String,
        /// 原因 / why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 解除锁定 / unlock an account
    #[command(after_help = "示例 / Example:\n  hotline account unlock zhang.san")]
    Unlock {
        /// 用户名或账号 / username or id
        account: String,
    },
    /// 更换角色,结束其会话;不给出角色时列出全部角色 / change roles and end sessions; without roles: list them all
    #[command(
        after_help = "示例 / Examples:\n  hotline account roles\n  hotline account roles zhang.san --role dispatcher,reviewer"
    )]
    Roles {
        /// 用户名或账号 / username or id
        #[arg(default_value = "", hide_default_value = true)]
        account: String,
        /// 角色,以逗号分隔 / roles
        #[arg(long = "role", value_delimiter = ',', value_name = "ROLE,…")]
        roles: Vec<String>,
    },
}
