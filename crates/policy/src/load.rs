//! Reads the folders of the cities from disk: the only input of this crate.

use std::fs;
use std::io;
use std::path::Path;

use crate::fill::Fill;
use crate::library::{Library, SourceFile};
use crate::problem::{At, Problems};

/// The files that a city's folder may hold, besides others that are none of our business.
fn is_ours(name: &str) -> bool {
    name.starts_with("policy") && name.ends_with(".toml")
        || matches!(name, "units.toml" | "catalogue.toml" | "divisions.csv")
}

impl Library {
    /// Loads every city below `dir` (`deploy/cities`).
    ///
    /// # Errors
    /// Everything that is wrong with any of the files, with file and line; files that cannot be read
    /// or are not UTF-8 among them.
    pub fn load(dir: &Path) -> Result<Self, Problems> {
        Self::load_with(dir, &[])
    }

    /// As [`Self::load`], with values for lost numbers besides those of `policy.local.toml` files.
    ///
    /// # Errors
    /// Everything that is wrong with any of the files or values.
    pub fn load_with(dir: &Path, set: &[Fill]) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut files = Vec::new();
        for city in entries(dir, &mut problems)
            .into_iter()
            .filter(|path| path.is_dir())
        {
            for path in entries(&city, &mut problems)
                .into_iter()
                .filter(|path| path.is_file())
            {
                let (city, name) = (file_name(&city), file_name(&path));
                if !is_ours(&name) {
                    continue;
                }
                match fs::read_to_string(&path) {
                    Ok(text) => files.push(SourceFile {
                        city,
                        name,
                        path: path.display().to_string(),
                        text,
                    }),
                    Err(error) => unreadable(&path, &error, &mut problems),
                }
            }
        }
        if files.is_empty() && problems.is_empty() {
            problems.add(place(dir), "no city is here: expected folders with a policy.toml");
        }
        let library = Self::with(&files, set);
        match library {
            Ok(library) => problems.verdict().map(|()| library),
            Err(others) => {
                problems.extend(others.iter().cloned());
                problems.verdict().map(|()| Self::default())
            }
        }
    }
}

fn entries(dir: &Path, problems: &mut Problems) -> Vec<std::path::PathBuf> {
    let paths = fs::read_dir(dir).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<_> = paths.unwrap_or_else(|error: io::Error| {
        unreadable(dir, &error, problems);
        Vec::new()
    });
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn unreadable(path: &Path, error: &io::Error, problems: &mut Problems) {
    problems.add(place(path), format!("cannot be read: {error}"));
}

fn place(path: &Path) -> At {
    At {
        file: path.display().to_string().into(),
        line: 1,
    }
}
