//! The figures: printed as they come, and written into the performance page between its markers.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use hotline_runtime::Clock;

use crate::Plan;
use crate::usage::Usage;
use crate::world::{CommitTimes, World};

/// The figures stand between these lines of the page.
const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

/// What a figure should be.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// At most so much.
    AtMost(f64),
    /// At least so much.
    AtLeast(f64),
    /// At most so many times its floor.
    TimesFloor(f64),
    /// Shown for what it explains.
    None,
}

/// One figure.
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
    /// The least that it could have been, measured in the same run.
    pub floor: Option<f64>,
    /// What it should be.
    pub target: Target,
}

impl Figure {
    /// A figure without floor or target.
    pub fn plain(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            value,
            unit,
            floor: None,
            target: Target::None,
        }
    }

    /// The same with a floor.
    #[must_use]
    pub fn beside(self, floor: f64) -> Self {
        Self {
            floor: Some(floor),
            ..self
        }
    }

    /// The same with a target.
    #[must_use]
    pub fn target(self, target: Target) -> Self {
        Self { target, ..self }
    }

    fn ratio(&self) -> Option<f64> {
        self.floor
            .filter(|floor| *floor > 0.0)
            .map(|floor| self.value / floor)
    }

    fn verdict(&self) -> &'static str {
        let met = match self.target {
            Target::AtMost(most) => Some(self.value <= most),
            Target::AtLeast(least) => Some(self.value >= least),
            Target::TimesFloor(times) => self.ratio().map(|ratio| ratio <= times),
            Target::None => None,
        };
        match met {
            Some(true) => "met",
            Some(false) => "**missed**",
            None => "",
        }
    }

    fn target_text(&self) -> String {
        match self.target {
            Target::AtMost(most) => format!("at most {}", short(most)),
            Target::AtLeast(least) => format!("at least {}", short(least)),
            Target::TimesFloor(times) => format!("at most {} × floor", short(times)),
            Target::None => String::new(),
        }
    }

    fn row(&self) -> String {
        let or_dash = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), short);
        format!(
            "| {} | {} {} | {} | {} | {} | {} |",
            self.what,
            short(self.value),
            self.unit,
            or_dash(self.floor),
            or_dash(self.ratio()),
            self.target_text(),
            self.verdict()
        )
    }
}

/// All figures of a run.
pub struct Report {
    divisor: u64,
    figures: Vec<String>,
    costs: Vec<String>,
    tables: Vec<String>,
    notes: Vec<String>,
    machine: Vec<String>,
}

impl Report {
    /// An empty report.
    pub fn new(divisor: u64) -> Self {
        Self {
            divisor,
            figures: Vec::new(),
            costs: Vec::new(),
            tables: Vec::new(),
            notes: Vec::new(),
            machine: Vec::new(),
        }
    }

    /// Adds a figure.
    pub fn add(&mut self, figure: &Figure) {
        let row = figure.row();
        say(&row);
        self.figures.push(row);
    }

    /// Adds who used how much CPU for each of `count` things.
    pub fn cost(&mut self, what: &str, count: f64, used: &Usage) {
        let each = |seconds: f64| short(seconds * 1_000.0 / count);
        let row = format!(
            "| {what} | {} | {} | {} | {} | {} | {} % |",
            each(used.hotline),
            each(used.postgres),
            each(used.nats),
            each(used.in_all()),
            each(used.own()),
            short(used.neighbours() * 100.0)
        );
        say(&row);
        self.costs.push(row);
    }

    /// Adds a table of its own form.
    pub fn table(&mut self, table: String) {
        say(&table);
        self.tables.push(table);
    }

    /// Adds a sentence.
    pub fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        say(&text);
        self.notes.push(format!("* {text}"));
    }

    /// Adds what was measured on what.
    ///
    /// # Errors
    /// A server that does not start to tell its version.
    pub async fn describe_machine(&mut self, plan: &Plan) -> anyhow::Result<()> {
        let world = World::start(plan, "versions", CommitTimes::Off).await?;
        let postgres: String = sqlx::query_scalar("SHOW server_version")
            .fetch_one(&world.pool)
            .await?;
        let nats = world.broker().await?.server_info().version;
        world.end().await?;
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            line.and_then(|line| line.split_once(':'))
                .map(|(_, value)| value.trim().to_owned())
                .unwrap_or_default()
        };
        let cpu = field(&read("/proc/cpuinfo"), "model name");
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let memory = field(&read("/proc/meminfo"), "MemTotal");
        let kernel = read("/proc/sys/kernel/osrelease");
        let version = Command::new(&plan.program)
            .arg("--version")
            .output()
            .context("hotline --version")?;
        let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
        self.machine = vec![
            format!(
                "* {}: {cores} cores of {cpu}, {memory} of memory, Linux {}",
                today(),
                kernel.trim()
            ),
            format!(
                "* {version} (release), PostgreSQL {postgres}, nats-server {nats}, all on this one machine"
            ),
        ];
        Ok(())
    }

    /// Prints everything.
    ///
    /// # Errors
    /// The output is closed.
    pub fn print(&self) -> anyhow::Result<()> {
        writeln!(std::io::stdout(), "\n{}", self.text()).context("print the figures")
    }

    /// Replaces what stands between the markers of `page`, and prints everything.
    ///
    /// # Errors
    /// The page has no markers, or cannot be written; a small run, which measures little.
    pub fn write_into(&self, page: &Path) -> anyhow::Result<()> {
        self.print()?;
        anyhow::ensure!(self.divisor == 1, "the figures of a small run are not written");
        let text = fs::read_to_string(page).with_context(|| format!("read {}", page.display()))?;
        let replaced =
            between(&text, &self.text()).with_context(|| format!("{}: no markers", page.display()))?;
        fs::write(page, replaced).with_context(|| format!("write {}", page.display()))
    }

    fn text(&self) -> String {
        let mut parts = vec![self.machine.join("\n")];
        if !self.figures.is_empty() {
            let head = "| what | measured | floor, same run | ratio | target | |\n|---|---|---|---|---|---|";
            parts.push(format!("{head}\n{}", self.figures.join("\n")));
        }
        if !self.costs.is_empty() {
            let head = "| CPU, milliseconds for each | hotline | PostgreSQL | nats-server | in all | (load) | (neighbours) |\
                        \n|---|---|---|---|---|---|---|";
            parts.push(format!("{head}\n{}", self.costs.join("\n")));
        }
        parts.extend(self.tables.iter().cloned());
        if !self.notes.is_empty() {
            parts.push(self.notes.join("\n"));
        }
        parts.join("\n\n")
    }
}

fn today() -> String {
    Clock::system().now().format("%Y-%m-%d").to_string()
}

/// `text` with what is between the markers replaced; nothing without both.
fn between(text: &str, figures: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{figures}\n\n{END}{after}"))
}

/// Three significant digits; thousands set apart.
fn short(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude >= 1_000.0 {
        let digits = format!("{value:.0}");
        let (sign, digits) = digits
            .strip_prefix('-')
            .map_or(("", digits.as_str()), |rest| ("-", rest));
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        return format!("{sign}{grouped}");
    }
    let places = match magnitude {
        m if m >= 100.0 => 0,
        m if m >= 10.0 => 1,
        m if m >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.places$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Tells the person who waits.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Tells which measure begins.
pub fn begin(what: &str) {
    say(&format!("\n{what}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_well() {
        for (value, text) in [
            (0.3456, "0.346"),
            (2.0, "2"),
            (12.34, "12.3"),
            (100.4, "100"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let page = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let new = between(&page, "new").expect("has markers");
        assert_eq!(new, format!("a\n{BEGIN}\n\nnew\n\n{END}\nb\n"));
        assert!(between("no markers", "new").is_none());
    }

    #[test]
    fn a_figure_is_judged_by_its_target() {
        let slow = Figure::plain("p99", 9.0, "ms").beside(2.0);
        assert!(slow.row().contains("| 4.5 |"), "{}", slow.row());
        assert_eq!(slow.target(Target::TimesFloor(3.0)).verdict(), "**missed**");
        assert_eq!(
            Figure::plain("x", 9.0, "s").target(Target::AtMost(9.0)).verdict(),
            "met"
        );
    }
}
