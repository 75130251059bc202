//! `hotline import appeals`: reads, maps, sends, writes the reject file, and says how it went.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::cli::{Global, ImportArgs};
use crate::client::Client;
use crate::import::mapping::{Defaults, Mapping};
use crate::import::progress::Progress;
use crate::import::reject;
use crate::import::send::{Outcome, Stopped, send};
use crate::import::sheet::Sheet;
use crate::render;

/// Exit code after Ctrl-C, as a shell reports SIGINT.
const EXIT_INTERRUPTED: u8 = 130;

/// Name of the source platform where the file's name makes none.
const SOURCE: &str = "import";

/// Longest name of a source platform, characters.
const SOURCE_MAX: usize = 32;

/// Imports a file.
///
/// # Errors
/// A file or mapping that cannot be read, or a platform that does not answer.
pub async fn run(global: &Global, args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let sheet = Sheet::read(&args.file, &args.encoding)?;
    let mapping = Mapping::new(&args.map, &sheet, defaults(args)?)?;
    let client = Client::connect(global, &["service"]).await?;
    let mut progress = Progress::start(global, sheet.lines.len());
    let mut outcome = send(
        &client,
        &mapping,
        &sheet.lines,
        usize::from(args.concurrency),
        &mut progress,
    )
    .await;
    progress.finish();
    let rejects = reject::path_of(&args.file);
    reject::write(&rejects, &sheet.header, &mut outcome.rejected)?;
    print(global, &sheet, &outcome, &progress, &rejects)?;
    match outcome.stopped {
        None if outcome.rejected.is_empty() => Ok(ExitCode::SUCCESS),
        None => Ok(ExitCode::FAILURE),
        Some(Stopped::Interrupted) => Ok(ExitCode::from(EXIT_INTERRUPTED)),
        Some(Stopped::Failed(error)) => Err(error),
    }
}

fn defaults(args: &ImportArgs) -> anyhow::Result<Defaults> {
    Ok(Defaults {
        appeal_type: args.appeal_type.parse()?,
        channel: args.channel.parse()?,
        category: args.category.clone(),
        division: args.division.clone(),
        source: args.source.clone().unwrap_or_else(|| source_of(&args.file)),
        accept: !args.register_only,
    })
}

/// The file's name as the name of a platform: lower case, a word.
fn source_of(file: &Path) -> String {
    let stem = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{4e00}'..='\u{9fff}') {
            c
        } else {
            '_'
        }
    };
    let name: String = stem.chars().map(plain).take(SOURCE_MAX).collect();
    if name.is_empty() { SOURCE.to_owned() } else { name }
}

fn print(
    global: &Global,
    sheet: &Sheet,
    outcome: &Outcome,
    progress: &Progress,
    rejects: &Path,
) -> anyhow::Result<()> {
    let (total, rejected) = (sheet.lines.len(), outcome.rejected.len());
    let done = outcome.new + outcome.known + rejected;
    if global.json {
        let file = (rejected > 0).then(|| rejects.display().to_string());
        render::out_json(&json!({
            "lines": total, "new": outcome.new, "known": outcome.known, "rejected": rejected,
            "not_sent": total - done, "seconds": progress.elapsed().as_secs_f64(), "reject_file": file,
        }))?;
        return Ok(());
    }
    render::out(format_args!(
        "{} {total}:{} {},{} {},{} {rejected},{} {};{:.1} s,{:.0} {}",
        global.say("共", "lines"),
        global.say("新登记", "new"),
        outcome.new,
        global.say("早已登记", "known"),
        outcome.known,
        global.say("被拒", "rejected"),
        global.say("未提交", "not sent"),
        total - done,
        progress.elapsed().as_secs_f64(),
        progress.rate(),
        global.say("行/秒", "lines/s"),
    ))?;
    if rejected > 0 {
        let path = rejects.display();
        let words = global.say("被拒的行及原因在", "rejected lines with reasons are in");
        render::out(format_args!("{words} {path}"))?;
        for one in outcome.rejected.iter().take(3) {
            render::out(format_args!("  {}: {}", one.line.number, one.reason))?;
        }
    }
    if outcome.stopped.is_some() {
        let words = "未完成;再次执行同一命令即可续传,已登记的行不会重复";
        render::note(global.say(
            words,
            "not finished; run the same command again to resume, nothing is registered twice",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_plain_word() {
        assert_eq!(source_of(Path::new("/x/Old Appeals (1).csv")), "old_appeals__1_");
        assert_eq!(source_of(Path::new("信访件.csv")), "信访件");
    }
}
