//! The receipt: number, tracking code, a code to scan, and what happens next; made to be printed.

use axum::extract::Path;
use hotline_worktime::local_time;
use http::StatusCode;
use maud::{Markup, PreEscaped, html};
use qrcode::QrCode;
use qrcode::render::svg;

use super::draft::Receipt;
use super::layout::{city_name, frame};
use super::stop::{Answer, Stop};
use super::track;
use super::visit::Visit;

/// Side of the printed code, pixels at least.
const QR_PX: u32 = 160;

/// The receipt of a sent draft.
pub async fn done(visit: Visit, Path(handle): Path<String>) -> Answer {
    let draft = visit.draft(&handle).await?;
    let Some(receipt) = draft.receipt else {
        return Ok(visit.go(&format!("/report/{handle}/check")));
    };
    if receipt.number.is_empty() {
        return Err(Stop::absent());
    }
    track::allow(&visit, &receipt.number, &receipt.code).await?;
    Ok(visit.page(StatusCode::OK, &page(&visit, &receipt)))
}

/// Where the code leads: the number in the path of the link, the tracking code behind the mark that browsers keep.
fn link(visit: &Visit, receipt: &Receipt) -> String {
    let (number, code) = (&receipt.number, &receipt.code);
    let path = visit.at(&format!("/track?number={number}#{code}"));
    format!("{}{path}", visit.origin)
}

fn qr(text: &str) -> Option<Markup> {
    let code = QrCode::new(text.as_bytes()).ok()?;
    let image = code
        .render::<svg::Color<'_>>()
        .min_dimensions(QR_PX, QR_PX)
        .dark_color(svg::Color("#111"))
        .light_color(svg::Color("#fff"))
        .build();
    let (_, image) = image.split_once("?>")?;
    Some(PreEscaped(image.to_owned()))
}

/// A tracking code in two halves, easier to read aloud.
fn halves(code: &str) -> String {
    let (first, second) = code.split_at_checked(code.len() / 2).unwrap_or((code, ""));
    format!("{first} {second}")
}

fn page(visit: &Visit, receipt: &Receipt) -> Markup {
    let title = visit.t("诉求已登记", "Your matter is registered");
    let image = (!visit.origin.is_empty())
        .then(|| qr(&link(visit, receipt)))
        .flatten();
    let main = html! {
        div class="receipt" {
            div class="banner" {
                h1 { (title) }
                p { (visit.t("请保存编号和查询码", "Keep the number and the code")) }
            }
            div class="codes" {
                dl {
                    div { dt { (visit.t("诉求编号", "Number")) } dd class="num" { (receipt.number) } }
                    div { dt { (visit.t("查询码", "Code")) } dd class="num code" { (halves(&receipt.code)) } }
                    div { dt { (visit.t("登记时间", "Registered")) }
                        dd { (local_time(receipt.at).format("%Y-%m-%d %H:%M")) } }
                }
                @if let Some(image) = image {
                    figure {
                        div role="img" aria-label=(visit.t("查询进度的二维码", "QR code to track")) { (image) }
                        figcaption { (visit.t("扫码查询进度", "Scan to track")) }
                    }
                }
            }
            p class="print-only" { (city_name(visit)) (visit.t(" 12345 政务服务便民热线 · 诉求登记回执", " 12345 hotline, receipt")) }
        }
        @if receipt.joined {
            div class="note" { p { (visit.t("已按您的选择与同一件事一并办理，结果同步告知您。",
                "As you chose, it is handled together with the similar matter.")) } }
        }
        h2 { (visit.t("接下来", "What happens next")) }
        ol {
            li { (visit.t("工作人员核实您反映的内容，属于受理范围的派给承办单位；", "Staff check it and send it to the unit in charge.")) }
            li { (visit.t("承办单位签收、与您联系、办理并答复；", "The unit signs, contacts you, handles it and answers.")) }
            li { (visit.t("办结后请您评价，不满意的依规核实、重办。", "You rate the result; if it is bad it is looked at again.")) }
        }
        nav class="deeds no-print" {
            a class="button" href=(visit.at(&format!("/track/{}", receipt.number))) { (visit.t("查看进度", "Track it")) }
            button type="button" class="second" data-print hidden { (visit.t("打印回执", "Print")) }
            a class="second" href=(visit.at("/report")) { (visit.t("再反映一件", "Report another")) }
        }
    };
    frame(visit, title, &main)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_in_two_halves_and_a_picture_of_it_is_plain_svg() {
        assert_eq!(halves("ABCD1234"), "ABCD 1234");
        assert_eq!(halves(""), " ");
        let image = qr("https://12345.example/portal/track?number=1#A")
            .expect("a picture")
            .into_string();
        assert!(
            image.trim_start().starts_with("<svg") && !image.contains("style="),
            "{image}"
        );
    }
}
