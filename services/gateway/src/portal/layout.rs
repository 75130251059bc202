//! The frame of every page: skip link, name of the city's hotline, switches of language and size, main part, foot.

use hotline_policy::Lang;
use maud::{DOCTYPE, Markup, html};

use super::assets;
use super::check::Problem;
use super::visit::{Side, Visit};

/// A whole page. `title` is its first heading's text, too.
pub fn frame(visit: &Visit, title: &str, main: &Markup) -> Markup {
    whole(visit, title, "page", main)
}

/// A whole page with a wider main part.
pub fn wide(visit: &Visit, title: &str, main: &Markup) -> Markup {
    whole(visit, title, "page wide", main)
}

fn whole(visit: &Visit, title: &str, class: &str, main: &Markup) -> Markup {
    let city = city_name(visit);
    let name = match visit.side {
        Side::Public => visit.t("12345 政务服务便民热线", "12345 Public Service Hotline"),
        Side::Enterprise => visit.t("企业服务平台", "Enterprise Service Platform"),
    };
    let size = if visit.large { Some("large") } else { None };
    html! {
        (DOCTYPE)
        html lang=(visit.t("zh-CN", "en")) class=[size] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (city) " " (name) }
                link rel="stylesheet" href=(assets::css());
                link rel="icon" href=(assets::icon());
                script src=(assets::js()) defer {}
            }
            body class=(match visit.side { Side::Public => "public", Side::Enterprise => "enterprise" }) {
                a class="skip" href="#main" { (visit.t("跳到正文", "Skip to content")) }
                header class="top" {
                    div class="bar" {
                        a class="brand" href=(visit.at("/")) {
                            span class="city" { (city) }
                            span class="name" { (name) }
                        }
                        (switches(visit))
                    }
                }
                main id="main" class=(class) tabindex="-1" { (main) }
                (foot(visit))
            }
        }
    }
}

fn switches(visit: &Visit) -> Markup {
    let here = visit.path.as_str();
    let to = |query: &str| format!("{}?{query}&back={here}", visit.at("/view"));
    html! {
        nav class="switches" aria-label=(visit.t("显示设置", "Display settings")) {
            @if visit.large {
                button type="button" class="link read" hidden data-stop=(visit.t("停止朗读", "Stop reading")) {
                    (visit.t("朗读本页", "Read aloud"))
                }
                a href=(to("size=normal")) { (visit.t("标准版", "Normal type")) }
            } @else {
                a href=(to("size=large")) { (visit.t("长辈版", "Large type")) }
            }
            @match visit.lang {
                Lang::Zh => a href=(to("lang=en")) lang="en" { "English" },
                Lang::En => a href=(to("lang=zh")) lang="zh-CN" { "中文" },
            }
        }
    }
}

fn foot(visit: &Visit) -> Markup {
    html! {
        footer class="foot" {
            div class="bar" {
                nav aria-label=(visit.t("更多", "More")) {
                    a href=(visit.at("/track")) { (visit.t("查询进度", "Track")) }
                    a href=(visit.at("/guide")) { (visit.t("受理范围", "What we take on")) }
                    a href=(visit.at("/privacy")) { (visit.t("个人信息保护", "Privacy")) }
                    @match visit.side {
                        Side::Public => a href="/enterprise/" { (visit.t("企业入口", "For enterprises")) },
                        Side::Enterprise => a href="/portal/" { (visit.t("群众入口", "For residents")) },
                    }
                }
                p {
                    (visit.t("24 小时热线 ", "Call us day and night: "))
                    strong { "12345" }
                    (visit.t("。紧急情况请拨打 110、119、120。", ". In an emergency call 110, 119 or 120."))
                }
            }
        }
    }
}

/// The city's own name.
pub fn city_name(visit: &Visit) -> &str {
    let city = &visit.portal.city;
    let root = city.divisions.get(&city.policy.division);
    root.map_or(city.id.as_str(), |division| division.name.as_str())
}

/// The heading of a page, with the summary of what is wrong above it: the first that a reader hears.
pub fn errors(visit: &Visit, problems: &[Problem]) -> Markup {
    html! {
        @if !problems.is_empty() {
            div class="errors" role="alert" aria-labelledby="errors-title" tabindex="-1" autofocus {
                h2 id="errors-title" { (visit.t("请先改正以下内容", "Please correct the following")) }
                ul {
                    @for problem in problems {
                        li {
                            @if problem.field.is_empty() { (problem.text) }
                            @else { a href={ "#" (problem.field) } { (problem.text) } }
                        }
                    }
                }
            }
        }
    }
}

/// The title of a page whose form was refused says so first.
pub fn titled(visit: &Visit, title: &str, problems: &[Problem]) -> String {
    if problems.is_empty() {
        title.to_owned()
    } else {
        format!("{}{title}", visit.t("有误：", "Error: "))
    }
}

/// A link back.
pub fn back(visit: &Visit, path: &str) -> Markup {
    html! { a class="back" href=(visit.at(path)) { (visit.t("返回上一步", "Back")) } }
}
