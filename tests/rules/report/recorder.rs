//! Writes down how every scenario ends, whatever order they end in, and tells each as it ends.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use cucumber::event::{Cucumber, Feature, Hook, Rule, Scenario, Step, StepError};
use cucumber::{Event, Writer, cli, gherkin, parser};
use hotline_tests::support::tell;

use super::run::{Outcome, Run};
use crate::world::Rules;

/// Features and scenarios as the run's events name them.
type Key = (String, usize);

/// The recorder; its copies write into one book.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    running: BTreeMap<Key, (Outcome, Instant)>,
    run: Run,
}

impl Recorder {
    /// What was written down, in the order of files and lines.
    pub fn finish(&self) -> Run {
        let mut run = std::mem::take(&mut self.book().run);
        run.outcomes
            .sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        run
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scenario(
        &self,
        feature: &gherkin::Feature,
        rule: Option<&gherkin::Rule>,
        scenario: &gherkin::Scenario,
        event: Scenario<Rules>,
    ) {
        let file = file_of(feature);
        let key = (file.clone(), scenario.position.line);
        let mut book = self.book();
        match event {
            Scenario::Started => {
                let rule_tags = rule.iter().flat_map(|rule| &rule.tags);
                let tags = feature.tags.iter().chain(rule_tags).chain(&scenario.tags);
                let outcome = Outcome {
                    file,
                    line: scenario.position.line,
                    name: scenario.name.clone(),
                    tags: tags.cloned().collect(),
                    failure: None,
                    millis: 0,
                };
                book.running.insert(key, (outcome, Instant::now()));
            }
            Scenario::Finished => {
                if let Some((mut outcome, since)) = book.running.remove(&key) {
                    outcome.millis = since.elapsed().as_millis();
                    let mark = if outcome.failure.is_none() { '✓' } else { '✗' };
                    tell(format_args!("{mark} {:>6} ms  {}", outcome.millis, outcome.name));
                    book.run.outcomes.push(outcome);
                }
            }
            other => {
                if let (Some(failure), Some((outcome, _))) = (failure(&other), book.running.get_mut(&key)) {
                    outcome.failure.get_or_insert(failure);
                }
            }
        }
    }
}

impl Writer<Rules> for Recorder {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<Cucumber<Rules>>>, _: &Self::Cli) {
        let event = match event {
            Ok(event) => event.into_inner(),
            Err(error) => {
                self.book().run.unread.push(error.to_string());
                return;
            }
        };
        if let Cucumber::Feature(feature, event) = event {
            match event {
                Feature::Scenario(scenario, event) => self.scenario(&feature, None, &scenario, event.event),
                Feature::Rule(rule, Rule::Scenario(scenario, event)) => {
                    self.scenario(&feature, Some(&rule), &scenario, event.event);
                }
                _ => {}
            }
        }
    }
}

/// What of an event is a failure.
fn failure(event: &Scenario<Rules>) -> Option<String> {
    match event {
        Scenario::Background(step, event) | Scenario::Step(step, event) => {
            let wrong = match event {
                Step::Failed(_, _, _, error) => step_error(error),
                Step::Skipped => "没有这样的步骤 / no such step".to_owned(),
                Step::Started | Step::Passed(..) => return None,
            };
            Some(format!(
                "第 {} 行:{}{}\n{wrong}",
                step.position.line, step.keyword, step.value
            ))
        }
        Scenario::Hook(_, Hook::Failed(_, info)) => Some(panic_text(info.as_ref())),
        _ => None,
    }
}

fn step_error(error: &StepError) -> String {
    match error {
        StepError::Panic(info) => panic_text(info.as_ref()),
        other => other.to_string(),
    }
}

fn panic_text(info: &(dyn std::any::Any + Send)) -> String {
    let text = info
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| info.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without words").to_owned()
}

/// Path of a feature, from the folder of features.
fn file_of(feature: &gherkin::Feature) -> String {
    let path = feature
        .path
        .as_ref()
        .map_or_else(String::new, |path| path.display().to_string());
    path.split_once("tests/features/")
        .map_or(path.clone(), |(_, file)| file.to_owned())
}
