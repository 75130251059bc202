//! Reads the folder of yearly arrangements, and joins them into the calendar in force.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use hotline_worktime::{Calendar, CalendarError, CalendarFault, YearArrangement};

/// A year's file, read.
pub struct YearFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What it arranges.
    pub year: YearArrangement,
}

/// What is in a folder of calendar files.
#[derive(Default)]
pub struct Folder {
    /// The files that read.
    pub years: Vec<YearFile>,
    /// What is wrong with the others.
    pub errors: Vec<(PathBuf, CalendarError)>,
}

impl Folder {
    /// Reads every `*.toml` in `dir`, in order of name.
    ///
    /// # Errors
    /// A folder or a file that cannot be read.
    pub fn read(dir: &Path) -> anyhow::Result<Self> {
        let entries =
            fs::read_dir(dir).with_context(|| format!("无法读取 {0} / cannot read {0}", dir.display()))?;
        let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
        let mut paths = paths?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        let mut folder = Self::default();
        for path in paths {
            let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
            match YearArrangement::parse(&text) {
                Ok(year) => folder.years.push(YearFile { path, year }),
                Err(error) => folder.errors.push((path, error)),
            }
        }
        Ok(folder)
    }

    /// The arrangements that read.
    pub fn arrangements(&self) -> Vec<YearArrangement> {
        self.years.iter().map(|file| file.year.clone()).collect()
    }

    /// Everything that is wrong, as `file:line: what`.
    pub fn problems(&self) -> Vec<String> {
        let form = self.errors.iter().map(|(path, error)| told(path, error));
        let content = Calendar::new(self.arrangements()).err().unwrap_or_default();
        let content = content.iter().map(|error| self.told_of(error));
        form.chain(content).collect()
    }

    /// What contradicts, with the file that it stands in; of two for one year, with the other as well.
    fn told_of(&self, error: &CalendarError) -> String {
        let Some(file) = error.place.and_then(|place| self.years.get(place)) else {
            return error.to_string();
        };
        let text = told(&file.path, error);
        match error.fault {
            CalendarFault::DuplicateYear(year) => {
                let first = self.years.iter().find(|file| file.year.year == year);
                let first = first.map(|first| format!("; {}", at(&first.path, first.year.line)));
                text + &first.unwrap_or_default()
            }
            _ => text,
        }
    }
}

fn told(path: &Path, error: &CalendarError) -> String {
    format!("{}: {error}", at(path, error.line))
}

/// A place as policies' files tell theirs; what belongs to no line belongs to the first.
fn at(path: &Path, line: Option<usize>) -> String {
    format!("{}:{}", path.display(), line.unwrap_or(1))
}

/// The calendar of all files in `dir`.
///
/// # Errors
/// Everything that is wrong with any of them, at once.
pub fn load(dir: &Path) -> anyhow::Result<Calendar> {
    let folder = Folder::read(dir)?;
    let problems = folder.problems();
    match Calendar::new(folder.arrangements()) {
        Ok(calendar) if problems.is_empty() => Ok(calendar),
        _ => bail!(
            "放假安排有误 / the calendars are wrong:\n  {}",
            problems.join("\n  ")
        ),
    }
}
