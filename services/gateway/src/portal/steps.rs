//! The pages of a report: one question each.

mod contact;
mod review;

use hotline_policy::AppealType;
use hotline_proto::intake::v1::SimilarMatter;
use hotline_worktime::local_time;
use maud::{Markup, html};

use super::check::{CONTENT_MAX, ENTERPRISE_MAX, PLACE_MAX, Problem, SIZES, TITLE_MAX};
use super::draft::{Draft, Step};
use super::field::{Choice, Group, Heading, Line, Row, TEXT, form, next};
use super::files;
use super::layout::{back, errors, frame, titled};
use super::matter::{instant, state_words};
use super::places;
use super::visit::{Side, Visit};

/// Kinds in both languages, each with what it means.
pub const KINDS: [(AppealType, [&str; 2], [&str; 2]); 6] = [
    (
        AppealType::Help,
        ["求助", "Ask for help"],
        [
            "遇到困难，希望有关部门帮助解决",
            "Something needs to be fixed or solved",
        ],
    ),
    (
        AppealType::Complaint,
        ["投诉", "Complain"],
        [
            "对服务、办事效率或侵害权益的行为不满",
            "A service, a delay or a violated right",
        ],
    ),
    (
        AppealType::Consult,
        ["咨询", "Ask a question"],
        [
            "想了解政策、办事流程或公共服务",
            "Policies, procedures, public services",
        ],
    ),
    (
        AppealType::Report,
        ["举报", "Report misconduct"],
        [
            "反映违法违规行为，我们为您保密",
            "A breach of law; your name is protected",
        ],
    ),
    (
        AppealType::Suggestion,
        ["建议", "Suggest"],
        ["对城市管理和服务提出意见", "An idea for the city"],
    ),
    (
        AppealType::Praise,
        ["表扬", "Praise"],
        ["感谢为您办实事的单位或个人", "Thank somebody who helped"],
    ),
];

/// The name of a kind.
pub fn kind_name(visit: &Visit, kind: &str) -> String {
    let found = KINDS.iter().find(|(known, _, _)| known.as_str() == kind);
    found.map_or(String::new(), |(_, [zh, en], _)| visit.t(zh, en).to_owned())
}

/// Before the first question.
pub fn start(visit: &Visit, drafts: &[(String, Draft)]) -> Markup {
    let title = match visit.side {
        Side::Public => visit.t("反映诉求", "Report a matter"),
        Side::Enterprise => visit.t("企业提交诉求", "Submit an enterprise's matter"),
    };
    let main = html! {
        h1 { (title) }
        p class="lead" { (visit.t("大约需要 3 分钟。", "It takes about 3 minutes.")) }
        ul {
            li { (visit.t("逐页填写，每页一个问题，可随时返回修改；", "One question a page; you can always go back.")) }
            li { (visit.t("填写内容加密保存 24 小时，可稍后继续；", "What you fill in is kept encrypted for 24 hours.")) }
            li { (visit.t("提交后得到编号和查询码，可随时查询、催办、评价。",
                "You get a number and a code to track, urge and rate.")) }
        }
        div class="note" {
            p { strong { (visit.t("危及人身、财产安全的紧急情况，请立即拨打 110、119、120。",
                "If life or property is in danger, call 110, 119 or 120 at once.")) } }
        }
        (form(visit, "/report", &next(visit, "开始填写", "Start")))
        @if !drafts.is_empty() {
            h2 { (visit.t("未完成和最近提交的", "Unfinished and recently sent")) }
            ul class="cards" { @for (handle, draft) in drafts { (waiting(visit, handle, draft)) } }
        }
    };
    frame(visit, title, &main)
}

fn waiting(visit: &Visit, handle: &str, draft: &Draft) -> Markup {
    if let Some(receipt) = &draft.receipt {
        return html! {
            li { a href=(visit.at(&format!("/report/{handle}/done"))) {
                (visit.t("已提交 ", "Sent ")) span class="num" { (receipt.number) }
            } }
        };
    }
    let name = if draft.title.is_empty() {
        visit.t("未命名草稿", "Draft without a title")
    } else {
        &draft.title
    };
    let open = draft.open(visit.side).path();
    let away = html! { button type="submit" class="link" { (visit.t("删除", "Delete")) } };
    html! {
        li class="split" {
            a href=(visit.at(&format!("/report/{handle}/{open}"))) { (visit.t("继续：", "Go on: ")) (name) }
            (form(visit, &format!("/report/{handle}/discard"), &away))
        }
    }
}

/// A page of the report.
pub fn page(
    visit: &Visit,
    handle: &str,
    step: Step,
    draft: &Draft,
    problems: &[Problem],
    matters: &[SimilarMatter],
) -> Markup {
    let here = format!("/report/{handle}/{}", step.path());
    let title = title(visit, step);
    let inner = match step {
        Step::Kind => kind(visit, draft, problems),
        Step::Group => group(visit, draft, problems),
        Step::Topic => topic(visit, draft, problems),
        Step::Words => words(visit, draft, problems),
        Step::Place => place(visit, draft, problems),
        Step::Files => return files::page(visit, handle, draft, problems),
        Step::Similar => similar(visit, matters),
        Step::Enterprise => enterprise(visit, draft, problems),
        Step::Contact => contact::inner(visit, draft, problems),
        Step::Check => review::inner(visit, handle, draft),
    };
    let before = match draft.before(visit.side, step) {
        Some(before) => format!("/report/{handle}/{}", before.path()),
        None => "/report".to_owned(),
    };
    let (place, of) = draft.place(visit.side, step);
    let linked: Vec<Problem> = problems.to_vec();
    let main = html! {
        @if !draft.sent { (back(visit, &before)) }
        (errors(visit, &linked))
        p class="step" {
            (visit.step_words(place, of))
        }
        (form(visit, &here, &inner))
    };
    frame(visit, &titled(visit, title, problems), &main)
}

fn title(visit: &Visit, step: Step) -> &str {
    match step {
        Step::Kind => visit.t("您要反映哪一类事项？", "What would you like to do?"),
        Step::Group => visit.t("涉及哪个领域？", "Which field is it about?"),
        Step::Topic => visit.t("具体是什么事项？", "Which matter is it?"),
        Step::Words => visit.t("发生了什么？", "What happened?"),
        Step::Place => visit.t("事情发生在哪里？", "Where did it happen?"),
        Step::Files => files::title(visit),
        Step::Similar => visit.t(
            "附近已有人反映类似的事",
            "Somebody nearby reported something like it",
        ),
        Step::Enterprise => visit.t("您代表哪家企业？", "Which enterprise do you speak for?"),
        Step::Contact => visit.t("怎样联系您？", "How can we reach you?"),
        Step::Check => visit.t("请核对后提交", "Check your answers"),
    }
}

fn kind(visit: &Visit, draft: &Draft, problems: &[Problem]) -> Markup {
    let options: Vec<Choice<'_>> = KINDS
        .iter()
        .map(|(kind, [zh, en], [zh_hint, en_hint])| Choice {
            value: kind.as_str(),
            label: visit.t(zh, en),
            hint: visit.t(zh_hint, en_hint),
        })
        .collect();
    let row = Row {
        name: "kind",
        label: title(visit, Step::Kind),
        hint: "",
        value: &draft.kind,
        problems,
    };
    html! { (row.radios(&options, Heading::Page)) (next(visit, "下一步", "Continue")) }
}

fn group(visit: &Visit, draft: &Draft, problems: &[Problem]) -> Markup {
    let mut groups = places::groups(&visit.portal.city);
    if visit.side == Side::Enterprise {
        groups.sort_by_key(|category| category.code != "enterprise");
    }
    groups.sort_by_key(|category| category.code == "other");
    let options: Vec<Choice<'_>> = groups
        .iter()
        .map(|category| Choice {
            value: &category.code,
            label: &category.name,
            hint: if category.code == "other" {
                visit.t("不确定选哪一项时，选这里即可", "Choose this if you are not sure")
            } else {
                ""
            },
        })
        .collect();
    let row = Row {
        name: "group",
        label: title(visit, Step::Group),
        hint: visit.t(
            "选错也没关系，工作人员会为您转到合适的部门。",
            "A wrong choice does no harm; staff will correct it.",
        ),
        value: &draft.group,
        problems,
    };
    html! { div class="columns" { (row.radios(&options, Heading::Page)) } (next(visit, "下一步", "Continue")) }
}

fn topic(visit: &Visit, draft: &Draft, problems: &[Problem]) -> Markup {
    let topics = places::topics(&visit.portal.city, &draft.group);
    let own = |category: &'_ hotline_policy::Category| (category.code.clone(), category.name.clone());
    let pairs: Vec<(String, String)> = topics.into_iter().map(own).collect();
    let mut options: Vec<Choice<'_>> = pairs
        .iter()
        .map(|(code, name)| Choice {
            value: code,
            label: name,
            hint: "",
        })
        .collect();
    options.push(Choice {
        value: &draft.group,
        label: visit.t("都不是，或不确定", "None of these, or not sure"),
        hint: "",
    });
    let row = Row {
        name: "category",
        label: title(visit, Step::Topic),
        hint: "",
        value: &draft.category,
        problems,
    };
    html! { (row.radios(&options, Heading::Page)) (next(visit, "下一步", "Continue")) }
}

fn words(visit: &Visit, draft: &Draft, problems: &[Problem]) -> Markup {
    let row = |name, label, hint, value| Row {
        name,
        label,
        hint,
        value,
        problems,
    };
    let today = visit.rules().today.to_string();
    let day = Line {
        kind: "date",
        class: "short",
        latest: Some(&today),
        ..TEXT
    };
    html! {
        h1 { (title(visit, Step::Words)) }
        (row("title", visit.t("标题", "Title"),
            visit.t("一句话说明，例如：三号楼电梯停运三天", "One sentence: Lift in building 3 out of order for 3 days"),
            &draft.title).line(Line { max: Some(TITLE_MAX), ..TEXT }))
        (row("content", visit.t("具体情况", "What happened"),
            visit.t("请写清时间、经过和您的要求。不要填写他人的身份证号、银行卡号。",
                "When, how, and what you ask for. Leave out identity and bank card numbers of others."),
            &draft.content).lines(8, CONTENT_MAX))
        (row("day", visit.t("发生日期（选填）", "Day (optional)"), "", &draft.day).line(day))
        (next(visit, "下一步", "Continue"))
    }
}

fn place(visit: &Visit, draft: &Draft, problems: &[Problem]) -> Markup {
    let city = &visit.portal.city;
    let row = |name, label, hint, value| Row {
        name,
        label,
        hint,
        value,
        problems,
    };
    let root = city.divisions.get(&city.policy.division);
    let mut options = places::pairs(places::areas(city));
    let whole = root.map(|root| {
        format!(
            "{}{}",
            root.name,
            visit.t("（全市或不确定）", " (all of it, or not sure)")
        )
    });
    if let (Some(root), Some(whole)) = (root, &whole) {
        options.push((&root.code, whole));
    }
    let areas = [Group {
        code: "",
        name: "",
        options,
    }];
    let towns = places::towns(city);
    let spot = draft.spot.split_once(',').unwrap_or_default();
    html! {
        h1 { (title(visit, Step::Place)) }
        (row("area", visit.t("所在区县", "District"), "", &draft.area)
            .select(&areas, visit.t("请选择", "Choose")))
        @if !towns.is_empty() {
            (row("town", visit.t("街道或镇（选填）", "Town (optional)"), "", &draft.town)
                .select(&towns, visit.t("不清楚", "Not sure")))
        }
        (row("place", visit.t("详细地点（选填）", "Address (optional)"),
            visit.t("例如：淮海西路 21 号院 3 号楼。写得越准，办得越快。", "The more exact, the sooner it is done."),
            &draft.place).line(Line { max: Some(PLACE_MAX), ..TEXT }))
        div class="locate" hidden {
            button type="button" class="second" data-locate
                data-done=(visit.t("已添加当前位置", "Your position was added"))
                data-failed=(visit.t("无法取得位置，请填写地点", "No position; please write the place")) {
                (visit.t("添加我的当前位置", "Add my position"))
            }
            p class="hint" role="status" { @if !draft.spot.is_empty() { (visit.t("已添加当前位置", "Your position was added")) } }
        }
        input type="hidden" name="lat" value=(spot.0);
        input type="hidden" name="lon" value=(spot.1);
        (next(visit, "下一步", "Continue"))
    }
}

fn similar(visit: &Visit, matters: &[SimilarMatter]) -> Markup {
    let city = &visit.portal.city;
    html! {
        h1 { (title(visit, Step::Similar)) }
        p { (visit.t("如果是同一件事，可以直接跟进：您仍会得到自己的编号和查询码，办理结果同步告知您。",
            "If it is the same matter you can follow it: you get your own number and code and hear of the result.")) }
        ul class="cards" {
            @for (place, matter) in matters.iter().enumerate() {
                li class="split" {
                    div {
                        strong { (places::category_name(city, &matter.category)) }
                        p class="hint" {
                            (city.divisions.full_name(&matter.division)) " · "
                            @if let Some(at) = instant(matter.registered_at.as_ref()) {
                                (local_time(at).format("%Y-%m-%d")) (visit.t("登记", " registered")) " · "
                            }
                            (state_words(visit, matter.state()))
                            @if matter.joined > 0 {
                                " · " (matter.joined) (visit.t(" 人跟进", " followers"))
                            }
                        }
                    }
                    button type="submit" class="second" name="follow" value=(place) {
                        (visit.t("跟进此事", "Follow")) span class="unseen" { " " (place + 1) }
                    }
                }
            }
        }
        p class="go" { button type="submit" class="button" name="follow" value="" {
            (visit.t("不是同一件事，继续填写", "Not the same, continue"))
        } }
    }
}

fn enterprise(visit: &Visit, draft: &Draft, problems: &[Problem]) -> Markup {
    let own = &draft.enterprise;
    let row = |name, label, hint, value| Row {
        name,
        label,
        hint,
        value,
        problems,
    };
    let sizes: Vec<Choice<'_>> = SIZES
        .iter()
        .map(|[zh, en]| Choice {
            value: zh,
            label: visit.t(zh, en),
            hint: "",
        })
        .collect();
    html! {
        h1 { (title(visit, Step::Enterprise)) }
        (row("enterprise", visit.t("企业名称", "Name of the enterprise"),
            visit.t("与营业执照一致", "As on the business licence"), &own.name)
            .line(Line { max: Some(ENTERPRISE_MAX), fills: "organization", ..TEXT }))
        (row("credit_code", visit.t("统一社会信用代码", "Unified social credit code"),
            visit.t("营业执照上的 18 位代码", "18 characters, on the business licence"), &own.credit_code)
            .line(Line { max: Some(24), class: "half", ..TEXT }))
        (row("size", visit.t("企业规模", "Size"), "", &own.size).radios(&sizes, Heading::None))
        (next(visit, "下一步", "Continue"))
    }
}
