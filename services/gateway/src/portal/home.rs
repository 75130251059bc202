//! The first page of each portal, the page of what is taken on, the privacy notice, and the switches.

use axum::extract::Query;
use axum::response::{IntoResponse as _, Response};
use hotline_policy::Channel;
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderValue, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;

use super::layout::{city_name, frame, wide};
use super::stop::Answer;
use super::visit::{Side, Visit};

/// Life of the choice of language and size, seconds: a year.
const VIEW_AGE_S: u32 = 31_536_000;

/// Sends `/portal` on to `/portal/`.
pub async fn to_home(visit: Visit) -> Response {
    visit.go("/")
}

/// Channels that people themselves can use; the others are other platforms'.
const OPEN: [Channel; 8] = [
    Channel::Telephone,
    Channel::Web,
    Channel::App,
    Channel::Wechat,
    Channel::MiniProgram,
    Channel::Weibo,
    Channel::Mailbox,
    Channel::Counter,
];

/// A choice of language or size.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    lang: String,
    size: String,
    back: String,
}

/// Keeps the choice, and goes back.
pub async fn view(visit: Visit, Query(wish): Query<Wish>) -> Response {
    let lang = match wish.lang.as_str() {
        "zh" | "en" => wish.lang.as_str(),
        _ => visit.t("zh", "en"),
    };
    let size = match wish.size.as_str() {
        "large" | "normal" => wish.size.as_str(),
        _ if visit.large => "large",
        _ => "normal",
    };
    let cookie = format!("portal_view={lang}-{size}; Path=/; SameSite=Lax; HttpOnly; Max-Age={VIEW_AGE_S}");
    let home = visit.at("/");
    let back = Some(wish.back.as_str())
        .filter(|path| is_page(path))
        .unwrap_or(&home);
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let (Ok(cookie), Ok(back)) = (HeaderValue::try_from(cookie), HeaderValue::try_from(back)) {
        headers.insert(SET_COOKIE, cookie);
        headers.insert(LOCATION, back);
    }
    response
}

/// True for a path of the portals: nobody is sent elsewhere by a link.
fn is_page(path: &str) -> bool {
    let ours = Side::ALL.iter().any(|side| {
        path.strip_prefix(side.base())
            .is_some_and(|rest| rest.starts_with('/'))
    });
    ours && path
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || "/-_".contains(character))
}

/// The first page.
pub async fn home(visit: Visit) -> Answer {
    let page = match visit.side {
        Side::Public => public(&visit),
        Side::Enterprise => enterprise(&visit),
    };
    Ok(visit.page(StatusCode::OK, &page))
}

fn card(
    visit: &Visit,
    path: &str,
    [zh, en]: [&str; 2],
    [more_zh, more_en]: [&str; 2],
    first: bool,
) -> Markup {
    html! {
        a class=(if first { "tile first" } else { "tile" }) href=(visit.at(path)) {
            strong { (visit.t(zh, en)) }
            span { (visit.t(more_zh, more_en)) }
        }
    }
}

fn public(visit: &Visit) -> Markup {
    let title = visit.t("您的事，我们来办", "Tell us, we see to it");
    let main = html! {
        div class="hero" {
            h1 { (title) }
            p class="lead" { (city_name(visit)) (visit.t("政务服务便民热线，受理咨询、求助、投诉、举报、建议和表扬。",
                " public service hotline: questions, help, complaints, reports, ideas, praise.")) }
        }
        div class="tiles" {
            (card(visit, "/report", ["我要反映", "Report a matter"], ["不用注册，约 3 分钟", "No account, about 3 minutes"], true))
            (card(visit, "/track", ["查询进度", "Track"], ["催办、补充、评价也在这里", "Also to urge, add and rate"], false))
            (card(visit, "/guide", ["受理范围", "What we take on"], ["哪些事不归这里管、该去哪里", "What belongs elsewhere, and where"], false))
        }
        section class="plain" {
            h2 { (visit.t("办理一件诉求分五步", "A matter goes in five steps")) }
            ol class="five" {
                li { strong { (visit.t("登记", "Registered")) } span { (visit.t("得到编号和查询码", "number and code")) } }
                li { strong { (visit.t("受理", "Accepted")) } span { (visit.t("核实内容和范围", "content and scope checked")) } }
                li { strong { (visit.t("办理", "Handled")) } span { (visit.t("承办单位签收、联系您", "the unit contacts you")) } }
                li { strong { (visit.t("答复", "Answered")) } span { (visit.t("告知处理结果", "you hear the result")) } }
                li { strong { (visit.t("评价", "Rated")) } span { (visit.t("满意才算办好", "your word counts")) } }
            }
        }
    };
    wide(visit, visit.t("首页", "Home"), &main)
}

fn enterprise(visit: &Visit) -> Markup {
    let main = html! {
        div class="hero" {
            h1 { (visit.t("企业有诉求，一单双送、全程跟踪", "An enterprise's matter: sent twice, followed throughout")) }
            p class="lead" { (visit.t("您的诉求同时送达承办部门和企业服务平台，由平台全程跟踪督促，办结后请您评价。",
                "It goes to the department and to the enterprise platform at once; the platform follows it to the end.")) }
        }
        div class="tiles" {
            (card(visit, "/report", ["提交企业诉求", "Submit a matter"],
                ["凭统一社会信用代码，约 3 分钟", "With your credit code, about 3 minutes"], true))
            (card(visit, "/track", ["查询两条进度", "Track both lanes"], ["部门办理与平台跟踪", "Department and platform"], false))
            (card(visit, "/guide", ["受理范围", "What we take on"], ["哪些事该去哪里", "What belongs where"], false))
        }
    };
    wide(visit, visit.t("首页", "Home"), &main)
}

/// What the city takes on, what it does not and where to go with it, and its other doors.
pub async fn guide(visit: Visit) -> Answer {
    let policy = visit.portal.policy();
    let rules = policy.intake();
    let article = |origin: &hotline_policy::Origin| match origin.article.as_str() {
        "" | "operator" => String::new(),
        article => visit.t("第 {} 条", "article {}").replace("{}", article),
    };
    let main = html! {
        h1 { (visit.t("受理范围", "What we take on")) }
        p { (visit.t("依据：", "By: ")) (policy.title)
            @if !policy.document.is_empty() { " (" (policy.document) ")" } }
        @if !rules.accepts.is_empty() {
            h2 { (visit.t("我们受理", "We take on")) }
            ul { @for (_, rule) in &rules.accepts { li { (rule.name) " " span class="hint" { (article(&rule.origin)) } } } }
        }
        h2 { (visit.t("紧急求助和专业服务，请直接拨打", "In an emergency, and for utilities, call")) }
        ul class="numbers" {
            @for rule in policy.redirects() { li { strong class="num" { (rule.number) } " " (rule.name)
                span class="hint" { " " (rule.use_for) } } }
        }
        h2 { (visit.t("不属于热线受理的事项", "What belongs elsewhere")) }
        dl class="refer" {
            @for rule in policy.rejects().iter().filter(|rule| !rule.hand_over && !rule.explain) {
                div { dt { (rule.name) " " span class="hint" { (article(&rule.origin)) } } dd { (rule.go) } }
            }
        }
        @if !rules.channels.is_empty() {
            h2 { (visit.t("其他受理渠道", "Other ways to reach us")) }
            ul { @for rule in rules.channels.iter().filter(|rule| OPEN.contains(&rule.channel)) { li { (rule.name) @if !rule.hours.is_empty() { " · " (rule.hours) } } } }
        }
    };
    Ok(visit.page(
        StatusCode::OK,
        &frame(&visit, visit.t("受理范围", "What we take on"), &main),
    ))
}

/// The privacy notice.
pub async fn privacy(visit: Visit) -> Answer {
    let title = visit.t("个人信息保护说明", "Privacy notice");
    let points: [[&str; 2]; 7] = [
        [
            "我们只收集办理诉求所必需的信息：姓名、联系电话，规定须实名的事项另需身份证号码。",
            "We ask only for what is needed: name, telephone, and for some matters the identity number.",
        ],
        [
            "这些信息逐项加密保存；工作人员看到的是隐去中间位数的号码，查看完整号码须说明理由并留下记录。",
            "It is kept encrypted. Staff see masked numbers; showing one in full takes a reason and is recorded.",
        ],
        [
            "您选择保密的，承办单位不会知道您是谁；举报事项一律保密。",
            "If you wish, the unit does not learn who you are. Reports of misconduct are always protected.",
        ],
        [
            "草稿加密保存 24 小时后自动删除；提交后，本网站不再保留您填写的内容，只保留回执 24 小时。",
            "Drafts are deleted after 24 hours. Once sent, this site keeps only the receipt, for 24 hours.",
        ],
        [
            "已登记的诉求按办法规定的年限归档保存。",
            "Registered matters are archived as long as the regulation says.",
        ],
        [
            "本网站不使用第三方统计和广告，只使用维持填写所必需的 Cookie。",
            "No third parties, no advertising; only the cookies that forms need.",
        ],
        [
            "如需查询、更正或删除您的信息，请拨打 12345。",
            "To see, correct or delete your data, call 12345.",
        ],
    ];
    let main = html! {
        h1 { (title) }
        ul class="loose" { @for [zh, en] in points { li { (visit.t(zh, en)) } } }
    };
    Ok(visit.page(StatusCode::OK, &frame(&visit, title, &main)))
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for good in ["/portal/", "/portal/report/ab12/kind", "/enterprise/track/320300"] {
            assert!(is_page(good), "{good}");
        }
        for bad in [
            "//evil.example",
            "/desk/",
            "https://evil.example",
            "/portal/../desk",
            "/portalx",
            "/portal/%0d",
            "",
        ] {
            assert!(!is_page(bad), "{bad}");
        }
    }
}
