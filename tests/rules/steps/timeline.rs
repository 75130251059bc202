//! What staff and the appellant read: the two timelines.

use anyhow::{Result, ensure};
use cucumber::then;
use hotline_proto::intake::v1::{GetTimelineRequest, TimelineEntry, TrackAppealRequest};

use crate::world::Rules;

fn lines(entries: &[TimelineEntry]) -> String {
    let line = |entry: &TimelineEntry| match entry.article.as_str() {
        "" => entry.text.clone(),
        article => format!("{}(依据 {article})", entry.text),
    };
    entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn check(lines: &str, how: &str, text: &str) -> Result<()> {
    ensure!(
        lines.contains(text) == (how == "包含"),
        "应{how}“{text}”,却是:\n{lines}"
    );
    Ok(())
}

#[then(regex = r#"^办理记录(包含|不包含)"([^"]*)"$"#)]
async fn staff_read(world: &mut Rules, how: String, text: String) -> Result<()> {
    let request = GetTimelineRequest { appeal: world.id()? };
    let told = world.callers()?.agent.intake().get_timeline(request).await?;
    check(&lines(&told.into_inner().entries), &how, &text)
}

#[then(regex = r#"^公开进度(包含|不包含)"([^"]*)"$"#)]
async fn appellant_reads(world: &mut Rules, how: String, text: String) -> Result<()> {
    let matter = world.matter()?;
    let request = TrackAppealRequest {
        number: matter.number.clone(),
        tracking_code: matter.tracking_code.clone(),
    };
    let told = world.stage()?.nobody()?.intake().track_appeal(request).await?;
    check(&lines(&told.into_inner().entries), &how, &text)
}
