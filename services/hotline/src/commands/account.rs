//! `hotline account`: people's accounts, by whoever may read the installation's key.

use std::process::ExitCode;

use hotline_proto::gateway::v1::{
    Account, AccountState, CreateAccountRequest, GetAccountRequest, IssueLinkRequest, ListAccountsRequest,
    ListRolesRequest, LockAccountRequest, OneTimeLink, UnlockAccountRequest, UpdateAccountRequest,
};
use serde_json::json;

use crate::cli::{AccountCommand, Global};
use crate::client::{Client, told};
use crate::render;

/// Accounts of one page.
const PAGE: i32 = 200;

/// Runs one of the commands.
///
/// # Errors
/// A rule that says no, or a platform that does not answer.
pub async fn run(global: &Global, command: &AccountCommand) -> anyhow::Result<ExitCode> {
    let client = Client::connect(global, &["security_admin"]).await?;
    match command {
        AccountCommand::Create { .. } => create(global, &client, command).await?,
        AccountCommand::List { query, role } => list(global, &client, query, role).await?,
        AccountCommand::Link {
            account,
            reset_second_factor,
        } => {
            let request = IssueLinkRequest {
                account_id: account.clone(),
                reset_second_factor: *reset_second_factor,
            };
            let link = client.accounts().issue_link(request).await.map_err(told)?;
            print_link(global, account, link.into_inner().link)?;
        }
        AccountCommand::Lock { account, reason } => {
            let request = LockAccountRequest {
                account_id: account.clone(),
                reason: reason.clone(),
            };
            let locked = client.accounts().lock_account(request).await.map_err(told)?;
            print(global, locked.into_inner().account)?;
        }
        AccountCommand::Unlock { account } => {
            let request = UnlockAccountRequest {
                account_id: account.clone(),
            };
            let unlocked = client.accounts().unlock_account(request).await.map_err(told)?;
            print(global, unlocked.into_inner().account)?;
        }
        AccountCommand::Roles { account, roles } if roles.is_empty() => {
            anyhow::ensure!(
                account.is_empty(),
                "请用 --role 给出角色 / give the roles with --role"
            );
            list_roles(global, &client).await?;
        }
        AccountCommand::Roles { account, roles } => change_roles(global, &client, account, roles).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(global: &Global, client: &Client, command: &AccountCommand) -> anyhow::Result<()> {
    let AccountCommand::Create {
        username,
        name,
        roles,
        unit,
        division,
        oidc_subject,
    } = command
    else {
        return Ok(());
    };
    let request = CreateAccountRequest {
        username: username.clone(),
        name: name.clone(),
        roles: roles.clone(),
        unit_id: unit.clone(),
        division: division.clone(),
        oidc_subject: oidc_subject.clone(),
    };
    let made = client.accounts().create_account(request).await.map_err(told)?;
    let made = made.into_inner();
    let username = made.account.map(|account| account.username).unwrap_or_default();
    print_link(global, &username, made.link)
}

async fn list(global: &Global, client: &Client, query: &str, role: &str) -> anyhow::Result<()> {
    let mut found: Vec<Account> = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListAccountsRequest {
            query: query.to_owned(),
            role: role.to_owned(),
            page_size: PAGE,
            page_token,
            ..ListAccountsRequest::default()
        };
        let page = client.accounts().list_accounts(request).await.map_err(told)?;
        let page = page.into_inner();
        found.extend(page.accounts);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    if global.json {
        render::out_json(&found.iter().map(as_json).collect())?;
        return Ok(());
    }
    let rows: Vec<Vec<String>> = found.iter().map(|account| row(global, account)).collect();
    render::out(render::table(&header(global), rows.iter().map(Vec::as_slice)))?;
    Ok(())
}

async fn list_roles(global: &Global, client: &Client) -> anyhow::Result<()> {
    let answer = client.accounts().list_roles(ListRolesRequest {}).await;
    let roles = answer.map_err(told)?.into_inner().roles;
    if global.json {
        let told = roles
            .iter()
            .map(|role| {
                json!({
                    "id": role.id, "name_zh": role.name_zh, "name_en": role.name_en,
                    "administrator": role.administrator, "needs_unit": role.needs_unit,
                })
            })
            .collect();
        render::out_json(&told)?;
        return Ok(());
    }
    for role in roles {
        let name = global.say(&role.name_zh, &role.name_en);
        render::out(format_args!("{:<16} {name}", role.id))?;
    }
    Ok(())
}

async fn change_roles(global: &Global, client: &Client, named: &str, roles: &[String]) -> anyhow::Result<()> {
    let request = GetAccountRequest {
        account_id: named.to_owned(),
    };
    let found = client.accounts().get_account(request).await.map_err(told)?;
    let found = found.into_inner().account.unwrap_or_default();
    let request = UpdateAccountRequest {
        account_id: found.id,
        version: found.version,
        name: found.name,
        roles: roles.to_vec(),
        unit_id: found.unit_id,
        division: found.division,
        oidc_subject: found.oidc_subject,
    };
    let changed = client.accounts().update_account(request).await.map_err(told)?;
    print(global, changed.into_inner().account)
}

fn print(global: &Global, account: Option<Account>) -> anyhow::Result<()> {
    let account = account.unwrap_or_default();
    if global.json {
        render::out_json(&as_json(&account))?;
    } else {
        let row = row(global, &account);
        render::out(render::table(&header(global), [row.as_slice()]))?;
    }
    Ok(())
}

fn print_link(global: &Global, username: &str, link: Option<OneTimeLink>) -> anyhow::Result<()> {
    let link = link.unwrap_or_default();
    let until = render::when(link.expires_at.as_ref());
    if global.json {
        render::out_json(&json!({"username": username, "url": link.url, "expires_at": until}))?;
        return Ok(());
    }
    render::out(format_args!(
        "{username}  {}\n  {}\n  {}",
        global.say(
            "一次性链接(打开即设置密码并登录):",
            "one-time link (sets a password and signs in):"
        ),
        link.url,
        global
            .say("有效期至 {until}", "good until {until}")
            .replace("{until}", &until)
    ))?;
    Ok(())
}

fn header(global: &Global) -> [&'static str; 6] {
    match global.lang {
        crate::cli::Language::Zh => ["账号", "用户名", "姓名", "角色", "单位", "状态"],
        crate::cli::Language::En => ["id", "username", "name", "roles", "unit", "state"],
    }
}

fn row(global: &Global, account: &Account) -> Vec<String> {
    let state = match account.state() {
        AccountState::Locked => global.say("已锁定", "locked"),
        _ if account.last_sign_in_at.is_none() => global.say("未登录过", "never signed in"),
        _ => global.say("可用", "open"),
    };
    vec![
        account.id.clone(),
        account.username.clone(),
        account.name.clone(),
        account.roles.join(","),
        account.unit_id.clone(),
        state.to_owned(),
    ]
}

fn as_json(account: &Account) -> serde_json::Value {
    json!({
        "id": account.id, "username": account.username, "name": account.name, "roles": account.roles,
        "unit": account.unit_id, "division": account.division,
        "locked": account.state() == AccountState::Locked,
        "has_password": account.has_password, "has_second_factor": account.has_second_factor,
        "last_sign_in_at": account.last_sign_in_at.as_ref().map(|at| render::when(Some(at))),
    })
}
