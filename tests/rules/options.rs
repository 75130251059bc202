//! What a run is asked for on its command line.

use cucumber::gherkin::{Feature, Scenario};

/// The words that follow the program's name.
#[derive(Debug, Default)]
pub struct Options {
    /// Only scenarios with one of these tags.
    tags: Vec<String>,
    /// Only scenarios whose name, feature or path contains one of these.
    names: Vec<String>,
    /// Scenarios at once.
    pub at_once: Option<usize>,
    /// Write `docs/regulations.md`.
    pub write: bool,
    lists: bool,
}

impl Options {
    /// Reads the command line: `--tags A,B`, `--at-once N`, `--write`; every other word is part of a name or a path.
    pub fn read() -> Self {
        let mut options = Self::default();
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--tags" => {
                    let tags = words.next().unwrap_or_default();
                    let tag = |tag: &str| tag.trim_start_matches('@').to_owned();
                    options.tags.extend(tags.split(',').map(tag));
                }
                "--at-once" => options.at_once = words.next().and_then(|number| number.parse().ok()),
                "--write" => options.write = true,
                // nextest asks every test program what it holds.
                "--list" => options.lists = true,
                name if !name.starts_with("--") => options.names.push(name.to_owned()),
                _ => {}
            }
        }
        options
    }

    /// Whether the program is only asked what tests it holds: it holds none that another runner could run.
    pub fn lists(&self) -> bool {
        self.lists
    }

    /// Whether every scenario is to run.
    pub fn is_whole(&self) -> bool {
        self.tags.is_empty() && self.names.is_empty()
    }

    /// Which scenarios are to run.
    pub fn filter(self) -> impl Fn(&Feature, &Scenario) -> bool {
        move |feature, scenario| {
            let mut tags = feature.tags.iter().chain(&scenario.tags);
            let tagged = self.tags.is_empty() || tags.any(|tag| self.tags.contains(tag));
            let path = feature
                .path
                .as_ref()
                .map_or_else(String::new, |path| path.display().to_string());
            let texts = [&scenario.name, &feature.name, &path];
            let named = |name: &String| texts.iter().any(|text| text.contains(name.as_str()));
            tagged && (self.names.is_empty() || self.names.iter().any(named))
        }
    }
}
