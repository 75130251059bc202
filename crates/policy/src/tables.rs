//! The tables of rows of a policy: read, given their reminders, and checked as tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::file::File;
use crate::lint::{Candidate, Coverage, check};
use crate::problem::{At, Problem};
use crate::read::{Layered, Table};
use crate::reminders::Reminders;
use crate::rules::{
    AcceptRule, CallbackRule, ClockRow, EscalateRule, ExclusionRule, ExtensionRule, FlowRule, MetricRule,
    RaiseRule, RealNameRule, RedirectRule, RedoRule, RefusedReply, RejectRule, ReportRule, ReturnRule,
    Review, Row, Run, SendBackRule, Step, clock_owner,
};
use crate::supervision::Supervision;
use crate::vocabulary::Obligation;

/// Every table of rows.
pub(crate) struct Rows {
    pub(crate) clocks: BTreeMap<Obligation, Vec<ClockRow>>,
    pub(crate) returns: Vec<Row<ReturnRule>>,
    pub(crate) extensions: Vec<Row<ExtensionRule>>,
    pub(crate) callbacks: Vec<Row<CallbackRule>>,
    pub(crate) exclusions: Vec<ExclusionRule>,
    pub(crate) redos: Vec<Row<RedoRule>>,
    pub(crate) ladder: Vec<Row<EscalateRule>>,
    pub(crate) rejects: Vec<RejectRule>,
    pub(crate) redirects: Vec<RedirectRule>,
    pub(crate) send_backs: Vec<Row<SendBackRule>>,
    pub(crate) accepts: Vec<Row<AcceptRule>>,
    pub(crate) real_names: Vec<Row<RealNameRule>>,
    pub(crate) flows: Vec<Row<FlowRule>>,
    pub(crate) raises: Vec<RaiseRule>,
    pub(crate) metrics: Vec<MetricRule>,
    pub(crate) reports: Vec<ReportRule>,
    pub(crate) supervision: Supervision,
}

impl Rows {
    /// Reads the rows of all layers; a working day has `day_minutes`.
    pub(crate) fn read(root: &Table<'_, '_>, day_minutes: u32) -> Self {
        let ladder = Row::read_all(root, "escalate", EscalateRule::read);
        let reminders = Reminders {
            ladder: &ladder,
            day_minutes,
        };
        let clocks = read_clocks(root, &reminders);
        let mut returns = Row::read_all(root, "return", ReturnRule::read);
        let mut extensions = Row::read_all(root, "extension", ExtensionRule::read);
        let mut callbacks = Row::read_all(root, "callback", CallbackRule::read);
        let mut redos = Row::read_all(root, "redo", RedoRule::read);
        let mut send_backs = Row::read_all(root, "send_back", SendBackRule::read);
        reminders.fill_rows(&mut returns, &mut extensions, &mut callbacks, &mut redos);
        send_backs
            .iter_mut()
            .for_each(|row| reminders.fill(&mut row.rule.clock));
        let rejects = named(root, "reject", RejectRule::read, |rule| &rule.code);
        let redirects = named(root, "redirect", RedirectRule::read, |rule| &rule.number);
        Self {
            clocks,
            returns,
            extensions,
            callbacks,
            exclusions: named(root, "exclusion", ExclusionRule::read, |rule| &rule.code),
            redos,
            ladder,
            rejects,
            redirects,
            send_backs,
            accepts: nearest(Row::read_all(root, "accept", AcceptRule::read)),
            real_names: nearest(Row::read_all(root, "real_name", RealNameRule::read)),
            flows: Row::read_all(root, "flow", FlowRule::read),
            raises: nearest(Row::read_all(root, "raise", RaiseRule::read))
                .into_iter()
                .map(|row| row.rule)
                .collect(),
            metrics: named(root, "metric", MetricRule::read, |rule| &rule.code),
            reports: named(root, "report", ReportRule::read, |rule| &rule.code),
            supervision: Supervision::read(root),
        }
    }

    /// Reports unreachable and missing rows of every table to `file`.
    pub(crate) fn lint(&self, root: &Table<'_, '_>, file: &File<'_>) {
        let place = root.at();
        let mut problems = self.lint_clocks(&place);
        problems.extend(check_rows("[[return]]", &self.returns, &place));
        problems.extend(check_rows("[[extension]]", &self.extensions, &place));
        problems.extend(check_rows("[[callback]]", &self.callbacks, &place));
        problems.extend(check_rows("[[redo]]", &self.redos, &place));
        problems.extend(check_some("[[accept]]", &self.accepts, &place));
        problems.extend(check_some("[[real_name]]", &self.real_names, &place));
        problems.extend(check_some("[[flow]]", &self.flows, &place));
        problems.extend(self.unknown_metrics());
        problems.extend(self.unknown_exclusions());
        for step in Step::ALL {
            problems.extend(self.lint_step(*step, &place));
        }
        problems.extend(self.lint_supervision());
        file.add_all(problems);
        if !self.rejects.iter().any(|rule| rule.explain) {
            root.problem("missing row of [[reject]]: one with explain = true, for other reasons");
        }
        if self.redirects.is_empty() {
            root.problem("missing rows [[redirect]]");
        }
    }

    /// A reply that is sent back on a new clock needs a limit for every matter, and no limit otherwise.
    pub(crate) fn lint_send_backs(&self, review: &Review, root: &Table<'_, '_>, file: &File<'_>) {
        let rows: Vec<_> = self.send_backs.iter().map(candidate).collect();
        match (review.refused, &review.new_within) {
            (RefusedReply::NewClock, None) if rows.is_empty() => root
                .problem("[review] with refused = \"new_clock\" needs \"new_within\" or rows [[send_back]]"),
            (RefusedReply::NewClock, None) => {
                file.add_all(check("[[send_back]]", &rows, Coverage::Total, &root.at()));
            }
            (RefusedReply::NewClock, Some(_)) => {
                file.add_all(check("[[send_back]]", &rows, Coverage::Partial, &root.at()));
            }
            (RefusedReply::KeepClock, _) if rows.is_empty() => {}
            (RefusedReply::KeepClock, _) => {
                root.problem("rows [[send_back]], but [review] has refused = \"keep_clock\"");
            }
        }
    }

    /// Reports that name a metric which the policy does not have.
    fn unknown_metrics(&self) -> Vec<Problem> {
        let known = |code: &String| self.metrics.iter().any(|metric| metric.code == *code);
        let pairs = self
            .reports
            .iter()
            .flat_map(|report| report.metrics.iter().map(move |code| (report, code)));
        pairs
            .filter(|(_, code)| !known(code))
            .map(|(report, code)| Problem {
                at: report.origin.at.clone(),
                text: format!("report {} names an unknown metric: {code}", report.code),
            })
            .collect()
    }

    /// Rows of `[[callback]]` that name an exclusion which no row of `[[exclusion]]` declares.
    fn unknown_exclusions(&self) -> Vec<Problem> {
        let known = |code: &String| self.exclusions.iter().any(|rule| rule.code == *code);
        let named = self
            .callbacks
            .iter()
            .flat_map(|row| row.rule.exclusions.iter().map(move |code| (row, code)));
        named
            .filter(|(_, code)| !known(code))
            .map(|(row, code)| Problem {
                at: row.at.clone(),
                text: format!("[[callback]] names an unknown exclusion: {code}"),
            })
            .collect()
    }

    /// Names that rows on supervision use and no row declares.
    fn lint_supervision(&self) -> Vec<Problem> {
        let rungs = self.ladder.iter().filter_map(|row| {
            let code = row.rule.instrument.as_deref()?;
            Some((code, &row.at))
        });
        let rungs: Vec<_> = rungs.collect();
        let told = self.supervision.unknown(&rungs);
        told.into_iter().map(|(at, text)| Problem { at, text }).collect()
    }

    fn lint_clocks(&self, place: &At) -> Vec<Problem> {
        let here = Obligation::ALL
            .iter()
            .filter(|obligation| clock_owner(**obligation).is_none());
        here.flat_map(|obligation| {
            let rows = self.clocks.get(obligation).map_or(&[][..], Vec::as_slice);
            let rows: Vec<_> = rows.iter().map(clock_candidate).collect();
            check(&format!("[[clock]] {obligation}"), &rows, Coverage::Total, place)
        })
        .collect()
    }

    /// A rung is unreachable when it is so for every clock that it concerns.
    fn lint_step(&self, step: Step, place: &At) -> Vec<Problem> {
        let rungs: Vec<_> = self.ladder.iter().filter(|row| row.rule.step == step).collect();
        let name = format!("[[escalate]] {step}");
        let mut dead: BTreeMap<At, Vec<Problem>> = BTreeMap::new();
        for obligation in Obligation::ALL {
            let concerned = rungs.iter().filter(|row| row.rule.concerns(*obligation));
            let rows: Vec<_> = concerned.map(|row| candidate(row)).collect();
            for problem in check(&name, &rows, Coverage::Partial, place) {
                dead.entry(problem.at.clone()).or_default().push(problem);
            }
        }
        let concerns = |row: &EscalateRule| Obligation::ALL.iter().filter(|o| row.concerns(**o)).count();
        let wholly = |row: &&Row<EscalateRule>| {
            let told = dead.get(&row.at)?;
            (told.len() == concerns(&row.rule))
                .then(|| told.first().cloned())
                .flatten()
        };
        rungs.iter().filter_map(wholly).collect()
    }
}

fn check_rows<T>(name: &str, rows: &[Row<T>], place: &At) -> Vec<Problem> {
    let rows: Vec<_> = rows.iter().map(candidate).collect();
    check(name, &rows, Coverage::Total, place)
}

fn check_some<T>(name: &str, rows: &[Row<T>], place: &At) -> Vec<Problem> {
    let rows: Vec<_> = rows.iter().map(candidate).collect();
    check(name, &rows, Coverage::Partial, place)
}

/// A list that a child writes anew where it writes any of it.
fn nearest<T>(rows: Vec<Row<T>>) -> Vec<Row<T>> {
    let own = rows.iter().any(|row| row.layered == Layered::Own);
    rows.into_iter()
        .filter(|row| !own || row.layered == Layered::Own)
        .collect()
}

fn candidate<T>(row: &Row<T>) -> Candidate<'_> {
    Candidate {
        when: &row.when,
        at: &row.at,
        layered: row.layered,
        certain: true,
    }
}

fn clock_candidate(row: &ClockRow) -> Candidate<'_> {
    Candidate {
        when: &row.when,
        at: &row.at,
        layered: row.layered,
        certain: true,
    }
}

/// The rows of `[[clock]]` by obligation, with the reminders of the ladder where they name none.
fn read_clocks(root: &Table<'_, '_>, reminders: &Reminders<'_>) -> BTreeMap<Obligation, Vec<ClockRow>> {
    let mut clocks: BTreeMap<Obligation, Vec<ClockRow>> = BTreeMap::new();
    for (table, layered) in root.rows("clock") {
        let Some(mut row) = ClockRow::read(&table, layered) else {
            continue;
        };
        if let Run::Within(rule) = &mut row.run {
            if let Some(before) = reminders.too_long(rule) {
                let text = format!(
                    "a reminder of {before} is not shorter than the limit of {}",
                    rule.within
                );
                table.problem_at("remind_before", text);
            }
            reminders.fill(rule);
        }
        clocks.entry(row.obligation).or_default().push(row);
    }
    clocks
}

/// Rows that are told apart by a name: the first of each name wins, two in one file are a mistake.
pub(crate) fn named<T>(
    root: &Table<'_, '_>,
    key: &'static str,
    read: impl Fn(&Table<'_, '_>) -> Option<T>,
    name: impl Fn(&T) -> &String,
) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    let mut own = BTreeSet::new();
    for (table, layered) in root.rows(key) {
        let rule = read(&table);
        table.finish();
        let Some(rule) = rule else { continue };
        if layered == Layered::Own && !own.insert(name(&rule).clone()) {
            table.problem(format!(
                "unreachable row of [[{key}]]: \"{}\" stands above already",
                name(&rule)
            ));
        }
        if !kept.iter().any(|other| name(other) == name(&rule)) {
            kept.push(rule);
        }
    }
    kept
}
