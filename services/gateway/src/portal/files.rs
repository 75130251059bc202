//! Pictures and papers of a report: taken one after another as they come, put with the appeal once it is registered.

use std::fmt::Display;

use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path};
use hotline_bus::Fault;
use http::StatusCode;
use maud::{Markup, html};
use uuid::Uuid;

use super::check::Problem;
use super::draft::{Attached, Draft, Step};
use super::layout::{back, errors, frame, titled};
use super::stop::{Answer, Stop};
use super::visit::{Fields, TOKEN, Visit};
use crate::files::put_with;
use crate::ops::Upload;

/// Most files of one report.
pub const FILES_MAX: usize = 6;
/// Most characters of a field that is no file.
const FIELD_MAX: usize = 200;

/// Takes the form of the page: files, the wish to remove one, or on to the next page.
pub async fn save(visit: Visit, Path(handle): Path<String>, mut form: Multipart) -> Answer {
    let Some(_place) = visit.portal.door.files.place() else {
        return Err(Stop::busy(5));
    };
    let mut fields = Fields::new();
    let mut problems = Vec::new();
    let mut draft: Option<Draft> = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name != "file" {
            let text = field.text().await.map_err(broken)?;
            fields.insert(name, text.chars().take(FIELD_MAX).collect());
            continue;
        }
        // The token stands first in our form: nothing of a foreign one is read.
        if draft.is_none() {
            visit.check(&fields)?;
            draft = Some(editable(&visit, &handle).await?);
        }
        if let Some(draft) = &mut draft {
            problems.extend(receive(&visit, draft, field).await);
            visit.keep(&handle, draft).await?;
        }
    }
    let mut draft = match draft {
        Some(draft) => draft,
        None => {
            visit.check(&fields)?;
            editable(&visit, &handle).await?
        }
    };
    let remove = fields.get("remove").and_then(|place| place.parse::<usize>().ok());
    if let Some(place) = remove.filter(|place| *place < draft.files.len()) {
        draft.files.remove(place);
        visit.keep(&handle, &draft).await?;
    }
    if problems.is_empty() && fields.contains_key("next") {
        draft.fill(Step::Files);
        visit.keep(&handle, &draft).await?;
        let next = visit.onward(&draft, Step::Files);
        return Ok(visit.go(&format!("/report/{handle}/{next}")));
    }
    if problems.is_empty() {
        return Ok(visit.go(&format!("/report/{handle}/files")));
    }
    let page = page(&visit, &handle, &draft, &problems);
    Ok(visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

fn broken(error: impl Display) -> Stop {
    tracing::debug!(%error, "an upload broke off");
    Stop::broken()
}

/// A draft that may still be changed.
async fn editable(visit: &Visit, handle: &str) -> Result<Draft, Stop> {
    let draft = visit.draft(handle).await?;
    if draft.receipt.is_some() || draft.sent {
        return Err(Stop::absent());
    }
    Ok(draft)
}

/// Takes one file; gives what is wrong with it.
async fn receive(visit: &Visit, draft: &mut Draft, field: Field<'_>) -> Option<Problem> {
    let name = field.file_name().unwrap_or_default().to_owned();
    if name.is_empty() {
        return None;
    }
    let wrong = |text: String| Problem {
        page: Step::Files.path().to_owned(),
        field: "file".to_owned(),
        text,
    };
    if draft.files.len() >= FILES_MAX {
        let words = visit.t("最多上传 6 个文件", "6 files at most");
        return Some(wrong(words.to_owned()));
    }
    let upload = Upload {
        name: name.clone(),
        declared: field.content_type().unwrap_or_default().to_owned(),
        uploaded_by: String::new(),
        from_appellant: true,
    };
    match visit.portal.door.files.receive(upload, Box::pin(field)).await {
        Ok(file) => {
            draft.files.push(Attached {
                id: file.id,
                name: file.name,
                size_bytes: file.size_bytes,
            });
            None
        }
        Err(Fault::Refused(refusal)) => Some(wrong(format!("{name}:{}", refusal.text(visit.lang)))),
        Err(fault) => {
            tracing::warn!(?fault, "a file was not taken");
            let words = visit.t("没有上传成功，请重试", "it was not taken; please try again");
            Some(wrong(format!("{name}:{words}")))
        }
    }
}

/// Puts the files of a draft with its appeal; again where they are there already changes nothing.
pub async fn attach(visit: &Visit, draft: &Draft, appeal: &str) {
    let Ok(appeal) = appeal.parse::<Uuid>() else {
        return;
    };
    for attached in &draft.files {
        let done = async {
            let file = visit.portal.door.files.find(attached.id).await?;
            put_with(&visit.portal.door, &file, appeal).await
        };
        if let Err(fault) = done.await {
            tracing::error!(file = %attached.id, %appeal, ?fault, "a file of an appellant is not with its appeal");
        }
    }
}

/// The page's question.
pub fn title(visit: &Visit) -> &str {
    visit.t("有照片或材料吗？（选填）", "Any pictures or papers? (optional)")
}

/// The page.
pub fn page(visit: &Visit, handle: &str, draft: &Draft, problems: &[Problem]) -> Markup {
    let title = title(visit);
    let here = visit.at(&format!("/report/{handle}/files"));
    let before = draft.before(visit.side, Step::Files).unwrap_or(Step::Place);
    let (place, of) = draft.place(visit.side, Step::Files);
    let wrong = problems.first();
    let full = draft.files.len() >= FILES_MAX;
    let main = html! {
        (back(visit, &format!("/report/{handle}/{}", before.path())))
        (errors(visit, problems))
        p class="step" { (visit.step_words(place, of)) }
        h1 { (title) }
        p { (visit.t("照片能帮助承办单位更快找到问题。", "A picture helps the unit to find the problem.")) }
        form method="post" action=(here) enctype="multipart/form-data" novalidate {
            input type="hidden" name=(TOKEN) value=(visit.token());
            @if !draft.files.is_empty() {
                ul class="cards" aria-label=(visit.t("已上传", "Uploaded")) {
                    @for (place, file) in draft.files.iter().enumerate() {
                        li class="split" {
                            div { (file.name) span class="hint" { " · " (size_words(file.size_bytes)) } }
                            button type="submit" class="link" name="remove" value=(place) {
                                (visit.t("删除", "Remove")) span class="unseen" { " " (file.name) }
                            }
                        }
                    }
                }
            }
            @if !full {
                div class=(if wrong.is_some() { "row wrong" } else { "row" }) {
                    label for="file" { (visit.t("选择文件", "Choose files")) }
                    p class="hint" id="file-hint" {
                        (visit.t("最多 6 个；照片(JPG、PNG、HEIC)、PDF、Word、Excel、录音或视频",
                            "6 at most: pictures, PDF, Word, Excel, sound or video"))
                    }
                    @if let Some(problem) = wrong { p class="error" id="file-error" { (problem.text) } }
                    input type="file" id="file" name="file" multiple aria-describedby="file-hint"
                        accept="image/jpeg,image/png,image/webp,image/heic,application/pdf,.docx,.xlsx,audio/mpeg,audio/wav,video/mp4";
                }
                p { button type="submit" class="second" name="add" value="yes" { (visit.t("上传", "Upload")) } }
            }
            p class="go" { button type="submit" class="button" name="next" value="yes" {
                @if draft.files.is_empty() { (visit.t("没有，下一步", "None, continue")) }
                @else { (visit.t("下一步", "Continue")) }
            } }
        }
    };
    frame(visit, &titled(visit, title, problems), &main)
}

/// 1.2 MB.
fn size_words(bytes: i64) -> String {
    let kilo = bytes / 1_000;
    if kilo < 1_000 {
        format!("{} KB", kilo.max(1))
    } else {
        format!("{}.{} MB", kilo / 1_000, kilo % 1_000 / 100)
    }
}

#[cfg(test)]
mod tests {
    use super::size_words;

    #[test]
    fn a_size_reads_in_the_unit_that_people_know() {
        assert_eq!(
            [10, 345_678, 1_250_000].map(size_words),
            ["1 KB", "345 KB", "1.2 MB"]
        );
    }
}
