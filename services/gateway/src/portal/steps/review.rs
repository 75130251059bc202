//! Everything once more, with a way to change each of it, and the button that sends it.

use maud::{Markup, html};

use crate::portal::draft::{Draft, Step};
use crate::portal::field::next;
use crate::portal::places;
use crate::portal::visit::{Side, Visit};

/// The page's list.
pub fn inner(visit: &Visit, handle: &str, draft: &Draft) -> Markup {
    let city = &visit.portal.city;
    let root = &city.policy.division;
    let own = &draft.enterprise;
    let division = if draft.division().is_empty() {
        root
    } else {
        draft.division()
    };
    let line = |step: Step, zh: &str, en: &str, text: &str| {
        let change = visit.at(&format!("/report/{handle}/{}", step.path()));
        html! {
            @if !text.is_empty() {
                div {
                    dt { (visit.t(zh, en)) }
                    dd class="text" { (text) }
                    dd class="change" {
                        @if !draft.sent {
                            a href=(change) { (visit.t("修改", "Change")) span class="unseen" { " " (visit.t(zh, en)) } }
                        }
                    }
                }
            }
        }
    };
    let names: Vec<&str> = draft.files.iter().map(|file| file.name.as_str()).collect();
    let yes = |held: bool| if held { visit.t("是", "yes") } else { "" };
    html! {
        h1 { (super::title(visit, Step::Check)) }
        @if draft.sent {
            div class="note" { p { (visit.t("上次提交没有得到确认。请再次提交，不会重复登记。",
                "We could not confirm the last attempt. Send it again: it is registered once only.")) } }
        }
        dl class="answers" {
            @if visit.side == Side::Enterprise {
                (line(Step::Enterprise, "企业名称", "Enterprise", &own.name))
                (line(Step::Enterprise, "统一社会信用代码", "Credit code", &own.credit_code))
                (line(Step::Enterprise, "企业规模", "Size", &own.size))
            }
            (line(Step::Kind, "事项类型", "Kind", &super::kind_name(visit, &draft.kind)))
            (line(Step::Group, "事项分类", "Category", &places::category_name(city, &draft.category)))
            (line(Step::Words, "标题", "Title", &draft.title))
            (line(Step::Words, "具体情况", "What happened", &draft.content))
            (line(Step::Words, "发生日期", "Day", &draft.day))
            (line(Step::Place, "所在地区", "District", &city.divisions.full_name(division)))
            (line(Step::Place, "详细地点", "Address", &draft.place))
            (line(Step::Place, "位置坐标", "Coordinates", &draft.spot))
            (line(Step::Similar, "跟进类似事项", "Follows a similar matter", yes(!draft.follow.is_empty())))
            (line(Step::Files, "照片和材料", "Pictures and papers", &names.join("\n")))
            (line(Step::Contact, "姓名", "Name", &draft.name))
            (line(Step::Contact, "联系电话", "Telephone", &draft.telephone))
            (line(Step::Contact, "身份证号码", "Identity number", &draft.identity_number))
            (line(Step::Contact, "匿名", "Anonymous", yes(draft.anonymous)))
            (line(Step::Contact, "对承办单位保密", "Kept from the unit", yes(draft.confidential)))
        }
        p { (visit.t("点击提交，即表示您反映的情况属实，并同意我们按", "By sending you confirm that this is true and agree to our "))
            a href=(visit.at("/privacy")) { (visit.t("个人信息保护说明", "privacy notice")) }
            (visit.t("处理您的信息。", ".")) }
        (next(visit, "确认提交", "Send"))
    }
}
