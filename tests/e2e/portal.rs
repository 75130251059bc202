//! The portals from outside, by a browser without script: a report to its evaluation, wrong codes, hostile texts.

mod flood;
mod visitor;

use anyhow::{Context, Result, ensure};
use hotline_proto::callback::v1::CallbackState;
use hotline_proto::common::v1::{Channel, Satisfaction};
use hotline_proto::intake::v1::{AppealState, ListAppealsRequest};
use hotline_tests::support::{Browser, Page, appeals, until};
use tonic::codegen::http::StatusCode;

use visitor::{filled, on_a_quiet_monday, receipt, registered, settled, track};

/// Words of somebody else's appeal ([`appeals::alone`]).
const LIVES_ELSEWHERE: &str = "商场停车场公示每小时三元";

/// The smallest paper that a reader opens.
const PAPER: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
    xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n\
    trailer<</Size 3/Root 1 0 R>>\nstartxref\n101\n%%EOF\n";

/// Texts that would run, were they not escaped.
const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'; DROP TABLE appeal; --",
    "</textarea><svg/onload=alert(1)>",
    "{{7*7}}&lt;b&gt;&#x6a;avascript:alert(1)",
];

#[tokio::test]
async fn a_resident_reports_follows_presses_and_rates_without_any_script() -> Result<()> {
    let (platform, callers) = on_a_quiet_monday().await?;
    let browser = Browser::at(&platform)?;
    browser.get("/portal/").await?.has("我要反映")?;
    let check = filled(&browser, "/portal", &[]).await?;
    check
        .has("徐州市鼓楼区环城街道")?
        .has("154 0516 0001")?
        .has("2026-03-01")?;

    // A picture goes with it; a programme that calls itself one does not.
    let files = browser.get(&check.path.replace("/check", "/files")).await?;
    let sham = browser
        .attach(&files, "lamp.png", "MZ this is a programme")
        .await?;
    ensure!(
        sham.status == StatusCode::UNPROCESSABLE_ENTITY,
        "a sham picture: {}",
        sham.status
    );
    browser
        .attach(&files, "公示牌.pdf", PAPER)
        .await?
        .has("公示牌.pdf")?;

    // Pressed twice in one moment: one appeal.
    let send = || browser.post(&check, "", &[]);
    let (one, two) = tokio::join!(send(), send());
    let (one, two) = (receipt(&one?)?, receipt(&two?)?);
    ensure!(one == two, "two receipts: {one:?} {two:?}");
    let (number, code) = one;
    let appeal = registered(&callers, &number).await?;
    ensure!(
        appeal.channel() == Channel::Web && appeal.registered_by == "portal",
        "{appeal:?}"
    );
    ensure!(
        appeal.state() == AppealState::Registered && appeal.division == "320302006",
        "{appeal:?}"
    );
    ensure!(
        appeal.files.len() == 1 && appeal.files[0].from_appellant,
        "{:?}",
        appeal.files
    );
    let again = browser.post(&check, "", &[]).await?;
    ensure!(
        receipt(&again)?.0 == number,
        "a late press shows the same receipt"
    );

    // Another browser needs the code; a wrong one and a wrong number read the same.
    let other = browser.another();
    let closed = other.get(&format!("/portal/track/{number}")).await?;
    ensure!(
        closed.path == "/portal/track",
        "a page without its code: {}",
        closed.path
    );
    let wrong_code = track(&other, "/portal", &number, "00000000").await?;
    let wrong_number = track(&other, "/portal", "320300260302030000000", "00000000").await?;
    ensure!(
        wrong_code.status == StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        wrong_code.status
    );
    let plain = |page: &Page, number: &str| page.html.replace(number, "");
    ensure!(
        (wrong_code.status, plain(&wrong_code, &number))
            == (wrong_number.status, plain(&wrong_number, "320300260302030000000")),
        "a wrong code is told from a wrong number"
    );
    let page = track(&other, "/portal", &number, &format!(" {} ", code.to_lowercase())).await?;
    page.has("停车场收费标准与公示不一致")?
        .has("等待受理")?
        .has("12345 热线平台")?;

    // What is added and pressed reaches the timeline, once, however often it is sent.
    let adds = other.get(&format!("/portal/track/{number}/supplement")).await?;
    let key = adds.value("key").context("a key")?;
    let words = [("key", key.as_str()), ("text", "地点在 B2 层，电话 15405160009")];
    for _ in 0..2 {
        other.post(&adds, "", &words).await?.has("已收到您的补充说明")?;
    }
    let urge = other.get(&format!("/portal/track/{number}/urge")).await?;
    let key = urge.value("key").context("a key")?;
    for _ in 0..2 {
        other
            .post(&urge, "", &[("key", &key), ("note", "请尽快")])
            .await?
            .has("已记录您的催办")?;
    }
    let appeal = registered(&callers, &number).await?;
    ensure!(appeal.urge_count == 1, "pressed once: {}", appeal.urge_count);
    let empty = other.post(&adds, "", &[("key", "k2"), ("text", " ")]).await?;
    ensure!(
        empty.status == StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        empty.status
    );
    empty.has("href=\"#text\"")?;

    settled(&callers, &appeal.appeal_id).await?;
    let page = until("the answer is shown", || async {
        let page = other.get(&format!("/portal/track/{number}")).await?;
        Ok(page.html.contains("评价办理结果").then_some(page))
    })
    .await?;
    page.has("已答复")?;
    let rate = other.get(&format!("/portal/track/{number}/evaluate")).await?;
    let bare = other
        .post(&rate, "", &[("solved", "yes"), ("contacted", "yes")])
        .await?;
    bare.has("请选择满意程度")?;
    let silent = [("satisfaction", "4"), ("solved", "no"), ("contacted", "yes")];
    let silent = other.post(&rate, "", &silent).await?;
    ensure!(
        silent.status == StatusCode::UNPROCESSABLE_ENTITY,
        "a bad rating needs its reason"
    );
    silent.has("依据第 12(5) 条")?;
    let good = [("satisfaction", "2"), ("solved", "yes"), ("contacted", "yes")];
    other.post(&rate, "", &good).await?.has("感谢您的评价")?;
    let rated = callers
        .wait_callback(&appeal.appeal_id, 1, CallbackState::Completed)
        .await?;
    ensure!(rated.satisfaction() == Satisfaction::Satisfied, "{rated:?}");
    Ok(())
}

#[tokio::test]
async fn an_enterprise_reports_under_its_checked_code_and_follows_both_lanes() -> Result<()> {
    let (platform, callers) = on_a_quiet_monday().await?;
    let browser = Browser::at(&platform)?;
    let wrong: &[(&str, &str)] = &[
        ("enterprise", "徐州示例机械有限公司"),
        ("credit_code", "91320301MADEM0011X"),
        ("size", "小型企业"),
    ];
    let refused = filled(&browser, "/enterprise", &[("enterprise", wrong)]).await;
    ensure!(
        format!("{:?}", refused.err()).contains("校验位"),
        "a wrong check digit is told"
    );
    let right: &[(&str, &str)] = &[wrong[0], ("credit_code", "91320301MADEM0011C"), wrong[2]];
    let consult: &[(&str, &str)] = &[("kind", "consult")];
    let check = filled(
        &browser,
        "/enterprise",
        &[("enterprise", right), ("kind", consult)],
    )
    .await?;
    let (number, _) = receipt(&browser.post(&check, "", &[]).await?)?;
    let appeal = registered(&callers, &number).await?;
    ensure!(appeal.channel() == Channel::EnterpriseSeat, "{appeal:?}");
    ensure!(
        appeal.labels.contains(&"enterprise".to_owned()),
        "{:?}",
        appeal.labels
    );
    settled(&callers, &appeal.appeal_id).await?;
    until("both lanes are shown", || async {
        let page = browser.get(&format!("/enterprise/track/{number}")).await?;
        let both = page.html.contains("平台收到") && page.html.contains("答复已审核通过");
        Ok((both && page.html.contains("评价办理结果")).then_some(page))
    })
    .await?;
    let rate = browser
        .get(&format!("/enterprise/track/{number}/evaluate"))
        .await?;
    let good = [("satisfaction", "1"), ("solved", "yes"), ("contacted", "yes")];
    browser.post(&rate, "", &good).await?.has("感谢您的评价")?;
    until("the platform keeps the rating", || async {
        let request = hotline_proto::enterprise::v1::GetEnterpriseLegRequest {
            order_id: appeal.appeal_id.clone(),
        };
        let leg = callers
            .enterprise
            .enterprise()
            .get_enterprise_leg(request)
            .await?
            .into_inner()
            .leg;
        Ok(leg.filter(|leg| leg.satisfaction() == Satisfaction::VerySatisfied))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn hostile_texts_are_shown_as_they_were_typed_and_what_cannot_be_right_is_told_at_its_field()
-> Result<()> {
    let (platform, callers) = on_a_quiet_monday().await?;
    let browser = Browser::at(&platform)?;
    for text in HOSTILE {
        let words: &[(&str, &str)] = &[("title", text), ("content", text)];
        let place: &[(&str, &str)] = &[("area", "320302"), ("place", text)];
        let contact: &[(&str, &str)] = &[("name", text), ("telephone", "15405160001")];
        let own = [("words", words), ("place", place), ("contact", contact)];
        let check = filled(&browser.another(), "/portal", &own).await?;
        let escaped = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        check.has(&escaped.replace('"', "&quot;"))?;
        for raw in ["<script>alert", "<img src=x", "<svg/onload"] {
            ensure!(!check.html.contains(raw), "{raw} stands in the page");
        }
        let policy = check
            .headers
            .get("content-security-policy")
            .context("a policy")?
            .to_str()?;
        ensure!(
            policy.contains("script-src 'self'") && !policy.contains("unsafe"),
            "{policy}"
        );
    }
    let start = browser.get("/portal/report").await?;
    let first = browser.post(&start, "/portal/report", &[]).await?;
    let words = first.path.replace("/kind", "/words");
    let too_long = "长".repeat(5_001);
    let cases: [(&str, &[_], &str); 4] = [
        (
            "a text turned round",
            &[("title", "a\u{202e}b"), ("content", "c")],
            "看不见的控制字符",
        ),
        (
            "a bell",
            &[("title", "a\u{7}b"), ("content", "c")],
            "看不见的控制字符",
        ),
        ("nothing", &[("title", ""), ("content", "")], "请填写标题"),
        (
            "too much",
            &[("title", "a"), ("content", &too_long)],
            "最多 5000 个字",
        ),
    ];
    for (name, fields, told) in cases {
        let page = browser.post(&first, &words, fields).await?;
        ensure!(
            page.status == StatusCode::UNPROCESSABLE_ENTITY,
            "{name}: {}",
            page.status
        );
        page.has(told)?
            .has("role=\"alert\"")?
            .has("aria-invalid=\"true\"")?;
    }
    let huge = "x".repeat(400_000);
    let page = browser
        .post(&first, &words, &[("title", "a"), ("content", &huge)])
        .await?;
    ensure!(
        page.status == StatusCode::PAYLOAD_TOO_LARGE,
        "a huge form: {}",
        page.status
    );
    // A foreign form, a foreign origin, a draft of somebody else, a machine.
    let stranger = browser.another();
    stranger.get("/portal/").await?;
    let foreign = stranger
        .post(&first, &words, &[("title", "a"), ("content", "b")])
        .await?;
    ensure!(
        foreign.status == StatusCode::FORBIDDEN,
        "a foreign token: {}",
        foreign.status
    );
    let theirs = stranger.get(&words).await?;
    ensure!(
        theirs.status == StatusCode::NOT_FOUND,
        "a foreign draft: {}",
        theirs.status
    );
    let mut evil = browser.another();
    evil.always.push(("sec-fetch-site", "cross-site".to_owned()));
    let start = evil.get("/portal/report").await?;
    let cross = evil.post(&start, "/portal/report", &[]).await?;
    ensure!(
        cross.status == StatusCode::FORBIDDEN,
        "another site's form: {}",
        cross.status
    );
    let machine = browser
        .post(
            &first,
            &words,
            &[("title", "a"), ("content", "b"), ("website", "x")],
        )
        .await?;
    ensure!(
        machine.status == StatusCode::TOO_MANY_REQUESTS,
        "a machine: {}",
        machine.status
    );
    let all = callers
        .agent
        .intake()
        .list_appeals(ListAppealsRequest::default())
        .await?;
    ensure!(all.into_inner().appeals.is_empty(), "nothing was registered");
    Ok(())
}

#[tokio::test]
async fn who_finds_a_similar_matter_nearby_follows_it_under_a_number_of_their_own() -> Result<()> {
    let (platform, callers) = on_a_quiet_monday().await?;
    let first = callers.open(appeals::alone("first")).await?;
    let id = first.facts.context("facts")?.order_id;
    let browser = Browser::at(&platform)?;
    let follow: &[(&str, &str)] = &[("follow", "0")];
    let check = filled(&browser, "/portal", &[("similar", follow)]).await?;
    let offered = browser.get(&check.path.replace("/check", "/similar")).await?;
    offered.has("市场监管 / 价格收费")?.has("徐州市鼓楼区环城街道")?;
    for written in [LIVES_ELSEWHERE, id.as_str()] {
        ensure!(
            !offered.html.contains(written),
            "{written} of somebody else is shown"
        );
    }
    let page = browser.post(&check, "", &[]).await?;
    page.has("一并办理")?;
    let (number, _) = receipt(&page)?;
    let joined = registered(&callers, &number).await?;
    ensure!(joined.merged_into == id, "{joined:?}");
    let page = browser.get(&format!("/portal/track/{number}")).await?;
    page.has("同一件事")?.has("办理中")?;
    ensure!(
        !page.html.contains("停车场停车"),
        "nothing that others wrote is shown"
    );
    Ok(())
}
