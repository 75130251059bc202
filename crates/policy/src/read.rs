//! Reads TOML by hand, so that every mistake is found at once and each has its line.
//!
//! A table may have layers: a child file over its parents. A single value comes from the first layer
//! that has it; arrays of tables are joined, the child's first. Invariant: `finish` reports every key
//! that nobody asked for, so a misspelt key is never silently ignored.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDate;
use hotline_worktime::{Convention, OfficeHours};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::file::File;
use crate::named::Named;
use crate::problem::At;

#[derive(Clone, Copy)]
struct Layer<'r, 'a> {
    file: &'r File<'a>,
    entries: &'r DeTable<'a>,
    start: usize,
}

/// A table being read: what was asked for is remembered.
pub(crate) struct Table<'r, 'a> {
    name: String,
    layers: Vec<Layer<'r, 'a>>,
    asked: RefCell<BTreeSet<&'static str>>,
}

/// A value with the layer and the place that it was found at.
struct Found<'r, 'a> {
    layer: Layer<'r, 'a>,
    start: usize,
    value: &'r DeValue<'a>,
}

impl<'r, 'a> Table<'r, 'a> {
    fn layered(name: &str, layers: Vec<Layer<'r, 'a>>) -> Self {
        Self {
            name: name.to_owned(),
            layers,
            asked: RefCell::default(),
        }
    }

    /// A whole file.
    pub(crate) fn of(file: &'r File<'a>) -> Self {
        Self::stacked(&[file])
    }

    /// The files one over another, the child first.
    pub(crate) fn stacked(files: &[&'r File<'a>]) -> Self {
        let layer = |file: &&'r File<'a>| Layer {
            file,
            entries: &file.root,
            start: 0,
        };
        Self::layered("the file", files.iter().map(layer).collect())
    }

    /// Where the table begins (in the child, where it has one).
    pub(crate) fn at(&self) -> At {
        let layer = self.layers[0];
        layer.file.at(layer.start)
    }

    /// Notes a problem with the table as a whole.
    pub(crate) fn problem(&self, text: impl Into<String>) {
        let layer = self.layers[0];
        layer.file.problem(layer.start, text);
    }

    /// Notes a problem with the value of `key`, or with the table when it has none.
    pub(crate) fn problem_at(&self, key: &'static str, text: impl Into<String>) {
        match self.find(key) {
            Some(found) => found.layer.file.problem(found.start, text),
            None => self.problem(text),
        }
    }

    /// True when some layer has `key`.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.find(key).is_some()
    }

    fn find(&self, key: &'static str) -> Option<Found<'r, 'a>> {
        self.asked.borrow_mut().insert(key);
        self.layers.iter().find_map(|layer| {
            let value = layer.entries.get(key)?;
            Some(Found {
                layer: *layer,
                start: value.span().start,
                value: value.get_ref(),
            })
        })
    }

    fn missing(&self, key: &'static str) {
        self.problem(format!("{} needs \"{key}\"", self.name));
    }

    fn wrong(&self, key: &'static str, found: &Found<'_, '_>, wanted: &str) {
        found.layer.file.problem(
            found.start,
            format!("\"{key}\" of {} must be {wanted}", self.name),
        );
    }

    /// A text.
    pub(crate) fn text(&self, key: &'static str) -> Option<String> {
        let found = self.find(key)?;
        let text = found.value.as_str();
        if text.is_none() {
            self.wrong(key, &found, "a text");
        }
        text.map(str::to_owned)
    }

    /// A text that must be there and not be empty.
    pub(crate) fn need_text(&self, key: &'static str) -> Option<String> {
        if !self.has(key) {
            self.missing(key);
            return None;
        }
        let text = self.text(key)?;
        if text.trim().is_empty() {
            self.problem_at(key, format!("\"{key}\" of {} is empty", self.name));
            return None;
        }
        Some(text)
    }

    /// A text that is read by `T`.
    pub(crate) fn word<T: FromStr<Err: ToString>>(&self, key: &'static str) -> Option<T> {
        let text = self.text(key)?;
        self.read_word(key, &text)
    }

    /// A text that is read by `T` and must be there.
    pub(crate) fn need_word<T: FromStr<Err: ToString>>(&self, key: &'static str) -> Option<T> {
        let text = self.need_text(key)?;
        self.read_word(key, &text)
    }

    fn read_word<T: FromStr<Err: ToString>>(&self, key: &'static str, text: &str) -> Option<T> {
        match text.parse() {
            Ok(word) => Some(word),
            Err(error) => {
                let error: T::Err = error;
                self.problem_at(key, format!("\"{key}\" of {}: {}", self.name, error.to_string()));
                None
            }
        }
    }

    /// One text or a list of texts, each read by `T`; empty when the key is absent.
    pub(crate) fn words<T: FromStr<Err: ToString>>(&self, key: &'static str) -> Vec<T> {
        let texts = self.texts(key);
        texts
            .iter()
            .filter_map(|text| self.read_word(key, text))
            .collect()
    }

    /// A list with at least one word.
    pub(crate) fn need_words<T: FromStr<Err: ToString>>(&self, key: &'static str) -> Option<Vec<T>> {
        if !self.has(key) {
            self.missing(key);
            return None;
        }
        let texts = self.texts(key);
        if texts.is_empty() {
            self.problem_at(key, format!("\"{key}\" of {} is empty", self.name));
            return None;
        }
        texts.iter().map(|text| self.read_word(key, text)).collect()
    }

    fn texts(&self, key: &'static str) -> Vec<String> {
        let Some(found) = self.find(key) else {
            return Vec::new();
        };
        match found.value {
            DeValue::String(text) => vec![text.to_string()],
            DeValue::Array(items) if items.iter().all(|item| item.get_ref().is_str()) => items
                .iter()
                .filter_map(|item| item.get_ref().as_str())
                .map(str::to_owned)
                .collect(),
            _ => {
                self.wrong(key, &found, "a text or a list of texts");
                Vec::new()
            }
        }
    }

    /// A whole number from 0.
    pub(crate) fn count(&self, key: &'static str) -> Option<u32> {
        let found = self.find(key)?;
        let number = found
            .value
            .as_integer()
            .and_then(|number| number.to_string().parse().ok());
        if number.is_none() {
            self.wrong(key, &found, "a whole number from 0");
        }
        number
    }

    /// A whole number that must be there.
    pub(crate) fn need_count(&self, key: &'static str) -> Option<u32> {
        if !self.has(key) {
            self.missing(key);
        }
        self.count(key)
    }

    /// `true` or `false`; `false` when absent.
    pub(crate) fn flag(&self, key: &'static str) -> bool {
        let Some(found) = self.find(key) else { return false };
        found.value.as_bool().unwrap_or_else(|| {
            self.wrong(key, &found, "true or false");
            false
        })
    }

    /// How working days are counted: `civil` or `elapsed`.
    pub(crate) fn convention(&self, key: &'static str) -> Option<Convention> {
        let text = self.text(key)?;
        match text.as_str() {
            "civil" => Some(Convention::Civil),
            "elapsed" => Some(Convention::Elapsed),
            _ => {
                self.problem_at(key, format!("\"{text}\" is not a convention: use civil, elapsed"));
                None
            }
        }
    }

    /// Office hours, a list of shifts.
    pub(crate) fn hours(&self, key: &'static str) -> Option<OfficeHours> {
        if !self.has(key) {
            self.missing(key);
            return None;
        }
        let shifts: Vec<String> = self.texts(key);
        OfficeHours::parse(&shifts)
            .map_err(|error| self.problem_at(key, error.to_string()))
            .ok()
    }

    /// A date without a time, which must be there.
    pub(crate) fn need_date(&self, key: &'static str) -> Option<NaiveDate> {
        let Some(found) = self.find(key) else {
            self.missing(key);
            return None;
        };
        let date = match found.value {
            DeValue::Datetime(moment) if moment.time.is_none() => moment.date,
            _ => None,
        };
        let date = date.and_then(|date| {
            NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
        });
        if date.is_none() {
            self.wrong(key, &found, "a date (2020-10-12, no quotes)");
        }
        date
    }

    /// The table under `key`, with as many layers as have it.
    pub(crate) fn table(&self, key: &'static str) -> Option<Table<'r, 'a>> {
        self.asked.borrow_mut().insert(key);
        let mut layers = Vec::new();
        for layer in &self.layers {
            let Some(value) = layer.entries.get(key) else {
                continue;
            };
            match value.get_ref() {
                DeValue::Table(entries) => {
                    layers.push(Layer {
                        file: layer.file,
                        entries,
                        start: value.span().start,
                    });
                }
                _ => layer
                    .file
                    .problem(value.span().start, format!("\"{key}\" must be a table: [{key}]")),
            }
        }
        (!layers.is_empty()).then(|| Self::layered(&format!("[{key}]"), layers))
    }

    /// The rows of `[[key]]` in the order of the layers; each says whether it stands in the first.
    pub(crate) fn rows(&self, key: &'static str) -> Vec<(Table<'r, 'a>, Layered)> {
        self.asked.borrow_mut().insert(key);
        let mut rows = Vec::new();
        for (depth, layer) in self.layers.iter().enumerate() {
            let Some(value) = layer.entries.get(key) else {
                continue;
            };
            let layered = if depth == 0 {
                Layered::Own
            } else {
                Layered::Inherited
            };
            let Some(items) = rows_of(value) else {
                layer
                    .file
                    .problem(value.span().start, format!("\"{key}\" must be rows: [[{key}]]"));
                continue;
            };
            for (start, entries) in items {
                let row = Layer {
                    file: layer.file,
                    entries,
                    start,
                };
                rows.push((Self::layered(&format!("[[{key}]]"), vec![row]), layered));
            }
        }
        rows
    }

    /// The value for the lost number `name`, read by `T`; what is wrong with it is told where it was said.
    pub(crate) fn fill<T: FromStr<Err: ToString>>(&self, name: &str) -> Option<T> {
        let file = self.layers[0].file;
        let fill = file.fill(name)?;
        let read = fill.value.parse().map_err(|error: T::Err| error.to_string());
        read.map_err(|error| file.problem_near(&fill.at, error)).ok()
    }

    /// Notes the categories and divisions that a condition names, to be held to the cities later.
    pub(crate) fn names(&self, categories: &[String], divisions: &[String]) {
        if !categories.is_empty() || !divisions.is_empty() {
            self.layers[0].file.note_named(Named {
                at: self.at(),
                categories: categories.to_vec(),
                divisions: divisions.to_vec(),
            });
        }
    }

    /// The document of the first layer.
    pub(crate) fn document(&self) -> Arc<str> {
        Arc::clone(&self.layers[0].file.document)
    }

    /// The first layer that has one of `keys`, as a table of its own; the whole when none has.
    pub(crate) fn nearest(&self, keys: [&'static str; 2]) -> Self {
        self.asked.borrow_mut().extend(keys);
        let has = |layer: &&Layer<'r, 'a>| keys.iter().any(|key| layer.entries.contains_key(*key));
        let layers = self
            .layers
            .iter()
            .find(has)
            .map_or_else(|| self.layers.clone(), |layer| vec![*layer]);
        Self::layered(&self.name, layers)
    }

    /// True when some layer has a key of this name, which is not thereby asked for.
    pub(crate) fn mentions(&self, key: &str) -> bool {
        self.layers.iter().any(|layer| layer.entries.contains_key(key))
    }

    /// Reports the keys, of any layer, that nobody asked for.
    pub(crate) fn finish(&self) {
        let asked = self.asked.borrow();
        for layer in &self.layers {
            for (key, _) in layer.entries {
                if !asked.contains(key.get_ref().as_ref()) {
                    let known: Vec<_> = asked.iter().copied().collect();
                    let text = format!(
                        "unknown key \"{}\" in {}; it knows {}",
                        key.get_ref(),
                        self.name,
                        known.join(", ")
                    );
                    layer.file.problem(key.span().start, text);
                }
            }
        }
    }
}

/// Whether a row stands in the file itself or comes from a parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layered {
    Own,
    Inherited,
}

fn rows_of<'r, 'a>(value: &'r Spanned<DeValue<'a>>) -> Option<Vec<(usize, &'r DeTable<'a>)>> {
    let DeValue::Array(items) = value.get_ref() else {
        return None;
    };
    let row = |item: &'r Spanned<DeValue<'a>>| match item.get_ref() {
        DeValue::Table(entries) => Some((item.span().start, entries)),
        _ => None,
    };
    items.iter().map(row).collect()
}
