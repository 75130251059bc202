//! Administrators: kept apart, never of themselves, never the last.

use hotline_proto::gateway::v1::{
    Account, CreateAccountRequest, CreateAccountResponse, IssueLinkRequest, IssueLinkResponse,
    ListAccountEventsRequest, ListAccountEventsResponse, ListAccountsRequest, ListAccountsResponse,
    LockAccountRequest, LockAccountResponse, OpenFirstAccountRequest, OpenFirstAccountResponse,
    UpdateAccountRequest, UpdateAccountResponse,
};

use crate::stage::Stage;

const ACCOUNTS: &str = "hotline.gateway.v1.AccountService";

fn changed(account: &Account, roles: &[&str]) -> UpdateAccountRequest {
    UpdateAccountRequest {
        account_id: account.id.clone(),
        version: account.version,
        name: account.name.clone(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        unit_id: account.unit_id.clone(),
        ..UpdateAccountRequest::default()
    }
}

#[tokio::test]
async fn no_account_joins_administrators_and_nobody_changes_their_own() {
    let stage = Stage::open().await;
    let (own, mut security) = stage.signed_in("security-a", "security_admin").await;
    let update = format!("{ACCOUNTS}/UpdateAccount");
    for roles in [
        ["security_admin", "system_admin"],
        ["system_admin", "audit_admin"],
        ["agent", "audit_admin"],
    ] {
        let request = CreateAccountRequest {
            username: "both".into(),
            name: "王五".into(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            ..CreateAccountRequest::default()
        };
        let refused: Result<CreateAccountResponse, i32> = security
            .call(&format!("{ACCOUNTS}/CreateAccount"), &request)
            .await;
        assert_eq!(refused, Err(3), "{roles:?}");
    }
    let grown: Result<UpdateAccountResponse, i32> =
        security.call(&update, &changed(&own, &["system_admin"])).await;
    assert_eq!(grown, Err(7), "one's own roles");
    let link = IssueLinkRequest {
        account_id: own.id.clone(),
        reset_second_factor: true,
    };
    let link: Result<IssueLinkResponse, i32> = security.call(&format!("{ACCOUNTS}/IssueLink"), &link).await;
    assert_eq!(link, Err(7), "one's own link");
    let lock = LockAccountRequest {
        account_id: own.id.clone(),
        reason: "x".into(),
    };
    let last = stage
        .accounts()
        .lock_account(lock)
        .await
        .expect_err("the last one");
    assert_eq!(last.code(), tonic::Code::FailedPrecondition);

    let (clerk, mut browser) = stage.signed_in("zhang.san", "agent").await;
    let done: UpdateAccountResponse = security
        .call(&update, &changed(&clerk, &["dispatcher", "reviewer"]))
        .await
        .expect("changes");
    assert_eq!(
        done.account.expect("an account").roles,
        ["dispatcher", "reviewer"]
    );
    assert_eq!(
        browser.get("/account").await.status,
        303,
        "rights changed: sessions end"
    );
    let stale: Result<UpdateAccountResponse, i32> =
        security.call(&update, &changed(&clerk, &["agent"])).await;
    assert_eq!(stale, Err(10));
    let lock = LockAccountRequest {
        account_id: "zhang.san".into(),
        reason: "离岗".into(),
    };
    let locked: LockAccountResponse = security
        .call(&format!("{ACCOUNTS}/LockAccount"), &lock)
        .await
        .expect("locks");
    assert_eq!(locked.account.expect("an account").id, clerk.id);
}

#[tokio::test]
async fn only_administrators_see_accounts_and_only_security_changes_them() {
    let stage = Stage::open().await;
    let list = format!("{ACCOUNTS}/ListAccounts");
    let create = CreateAccountRequest {
        username: "new".into(),
        name: "新".into(),
        roles: vec!["agent".into()],
        ..CreateAccountRequest::default()
    };
    for (username, role, sees) in [
        ("an-agent", "agent", false),
        ("a-system", "system_admin", false),
        ("an-audit", "audit_admin", true),
    ] {
        let (_, mut browser) = stage.signed_in(username, role).await;
        let listed: Result<ListAccountsResponse, i32> =
            browser.call(&list, &ListAccountsRequest::default()).await;
        assert_eq!(listed.is_ok(), sees, "{role}");
        let made: Result<CreateAccountResponse, i32> =
            browser.call(&format!("{ACCOUNTS}/CreateAccount"), &create).await;
        assert_eq!(made, Err(7), "{role}");
        let first: Result<OpenFirstAccountResponse, i32> = browser
            .call(
                &format!("{ACCOUNTS}/OpenFirstAccount"),
                &OpenFirstAccountRequest {},
            )
            .await;
        assert_eq!(first, Err(7), "{role}");
        let events: Result<ListAccountEventsResponse, i32> = browser
            .call(
                &format!("{ACCOUNTS}/ListAccountEvents"),
                &ListAccountEventsRequest::default(),
            )
            .await;
        if let Ok(events) = events {
            let kinds: Vec<_> = events.events.iter().map(|event| event.kind.as_str()).collect();
            assert!(
                kinds.contains(&"signed_in") && kinds.contains(&"account_created"),
                "{kinds:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_list_turns_its_pages_and_keeps_its_filter() {
    let stage = Stage::open().await;
    for name in ["ba", "bb", "bc", "ca"] {
        stage.account(name, "dispatcher").await;
    }
    let mut request = ListAccountsRequest {
        query: "b".into(),
        page_size: 2,
        ..ListAccountsRequest::default()
    };
    let mut seen = Vec::new();
    loop {
        let page = stage
            .accounts()
            .list_accounts(request.clone())
            .await
            .expect("lists");
        let page = page.into_inner();
        seen.extend(page.accounts.into_iter().map(|account| account.username));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(seen, ["ba", "bb", "bc"]);
}
