//! Files of the cities, changed for one scenario, and the platform that runs on them.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use cucumber::gherkin::Step;
use cucumber::{given, then};
use hotline_policy::{Library, SourceFile};
use hotline_tests::support::clocks;
use hotline_tests::workspace_root;

use super::platform::city;
use crate::stage::{FILLED, Stage, calendar};
use crate::world::Rules;

/// How the notes of a scenario name a changed file.
const NOTE: &str = "文件 ";

/// The text of a file of `deploy/cities`, as far as the scenario has changed it.
fn text_of(world: &Rules, path: &str) -> Result<String> {
    if let Some(text) = world.notes.get(&format!("{NOTE}{path}")) {
        return Ok(text.clone());
    }
    let file = workspace_root().join("deploy/cities").join(path);
    std::fs::read_to_string(&file).with_context(|| format!("没有文件“{path}”"))
}

fn change(world: &mut Rules, path: &str, text: String) {
    world.notes.insert(format!("{NOTE}{path}"), text);
}

/// The paragraph under a step, ending in a line break.
fn paragraph(step: &Step) -> Result<String> {
    let text = step.docstring.as_deref().context("这一步要有文字段落")?;
    Ok(format!("{}\n", text.trim_matches('\n')))
}

#[given(regex = r#"^文件"([^"]+)"里「(.+)」改为「(.+)」$"#)]
async fn replaced(world: &mut Rules, path: String, old: String, new: String) -> Result<()> {
    let text = text_of(world, &path)?;
    ensure!(text.contains(&old), "“{path}”里没有「{old}」");
    change(world, &path, text.replace(&old, &new));
    Ok(())
}

#[given(regex = r#"^文件"([^"]+)"在「(.+)」之前加上$"#)]
async fn inserted(world: &mut Rules, path: String, mark: String, step: &Step) -> Result<()> {
    let text = text_of(world, &path)?;
    let (before, after) = text
        .split_once(&mark)
        .with_context(|| format!("“{path}”里没有「{mark}」"))?;
    let amended = format!("{before}{}\n{mark}{after}", paragraph(step)?);
    change(world, &path, amended);
    Ok(())
}

#[given(regex = r#"^新增文件"([^"]+)"$"#)]
async fn added(world: &mut Rules, path: String, step: &Step) -> Result<()> {
    let text = paragraph(step)?;
    change(world, &path, text);
    Ok(())
}

#[given(regex = r#"^"([^"]+)"沿用"([^"]+)"的单位、目录和区划$"#)]
async fn borrowed(world: &mut Rules, to: String, from: String) -> Result<()> {
    for name in ["units.toml", "catalogue.toml", "divisions.csv"] {
        let text = text_of(world, &format!("{from}/{name}"))?;
        change(world, &format!("{to}/{name}"), text);
    }
    Ok(())
}

/// Every file of the cities, the changed ones as they were changed.
fn sources(world: &Rules) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for city in std::fs::read_dir(workspace_root().join("deploy/cities"))? {
        let city = city?.path();
        for file in std::fs::read_dir(&city)? {
            let file = file?.path();
            let path = format!("{}/{}", name_of(&city), name_of(&file));
            files.push(source(&path, text_of(world, &path)?)?);
        }
    }
    for (note, text) in &world.notes {
        let Some(path) = note.strip_prefix(NOTE) else {
            continue;
        };
        if !files.iter().any(|file| file.path == path) {
            files.push(source(path, text.clone())?);
        }
    }
    Ok(files)
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn source(path: &str, text: String) -> Result<SourceFile> {
    let (city, name) = path.split_once('/').context("应如“xuzhou/policy.toml”")?;
    Ok(SourceFile {
        city: city.to_owned(),
        name: name.to_owned(),
        path: path.to_owned(),
        text,
    })
}

#[given(regex = r#"^按改过的文件启动"([^"]+)"平台[,,]现在是 (\d{4}-\d\d-\d\d \d\d:\d\d)$"#)]
async fn an_amended_platform(world: &mut Rules, name: String, now: String) -> Result<()> {
    let set = [FILLED.parse().map_err(|error: String| anyhow::anyhow!(error))?];
    let library = Library::with(&sources(world)?, &set).map_err(|problems| anyhow::anyhow!("{problems}"))?;
    let folder = city(&name).unwrap_or(&name);
    let stage = Stage::open_with(folder, clocks::at(&now)?, Arc::new(library), calendar()?).await?;
    world.take(stage);
    Ok(())
}

#[then(regex = r"^文件有错「(.+)」$")]
async fn files_are_wrong(world: &mut Rules, part: String) -> Result<()> {
    let set = [FILLED.parse().map_err(|error: String| anyhow::anyhow!(error))?];
    let told = match Library::with(&sources(world)?, &set) {
        Ok(_) => String::new(),
        Err(problems) => problems.to_string(),
    };
    ensure!(told.contains(&part), "文件的错误是:{told}");
    Ok(())
}
