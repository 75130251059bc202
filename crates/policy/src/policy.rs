//! A resolved policy: frozen, versioned by its content, and asked by matter.
//!
//! Invariant: the first row that matches wins, the policy's own rows before its parent's.
//! Invariant: two policies with the same version answer every question alike.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hotline_worktime::{Calendar, Convention, Limit, OfficeHours, WorkClock};

use crate::matter::Matter;
use crate::refusal::{Code, Kind, Refusal};
use crate::reminders;
use crate::rules::{
    CallbackRule, ClockRow, ClockRule, Close, Delegation, DispatchRule, EscalateRule, ExclusionRule,
    ExtensionRule, FlowRule, Identity, IntakeRules, Lost, MetricRule, RaiseRule, RedirectRule, RedoRule,
    RejectRule, ReportRule, Retention, ReturnRule, Review, Row, Run, SendBackRule, Step, WhistleRule,
};
use crate::supervision::Supervision;
use crate::vocabulary::Obligation;

/// A policy with a limit whose number is lost cannot be put in force.
pub static LOST_LIMIT: Code = Code {
    id: "policy.lost_limit",
    kind: Kind::Precondition,
    zh: "政策文本要求的时限数值缺失,不能启用",
    en: "the policy lacks the number of a limit that its document demands, and cannot be activated",
    remedy_zh: "请查阅原文,在该城市目录的 policy.local.toml 中写 [政策编号] 和 名称 = \"15 natural days\",或用 --set 政策编号.名称=\"15 natural days\"",
    remedy_en: "look it up in the original document and write [policy] and name = \"15 natural days\" into policy.local.toml beside the policy, or give --set policy.name=\"15 natural days\"",
};

/// Every code that this crate refuses with.
pub static CODES: &[&Code] = &[&LOST_LIMIT];

/// A regulation as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Its name (`xuzhou-2020`).
    pub id: String,
    /// `id@hash` of the resolved content; an order keeps the version it was opened under.
    pub version: String,
    /// The title of the document.
    pub title: String,
    /// The number of the document.
    pub document: String,
    /// Adcode of the division that it holds for.
    pub division: String,
    /// The first day that it is in force.
    pub effective_from: NaiveDate,
    /// The parents, nearest first.
    pub parents: Vec<String>,
    /// The documents above that it rests on, where they are not policies here.
    pub rests_on: Vec<String>,
    /// How days are counted, unless a clock says otherwise.
    pub convention: Convention,
    pub(crate) office_hours: OfficeHours,
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
    pub(crate) flows: Vec<Row<FlowRule>>,
    pub(crate) raises: Vec<RaiseRule>,
    pub(crate) metrics: Vec<MetricRule>,
    pub(crate) reports: Vec<ReportRule>,
    pub(crate) delegation: Option<Delegation>,
    pub(crate) dispatch: Option<DispatchRule>,
    pub(crate) whistle: Option<WhistleRule>,
    pub(crate) supervision: Supervision,
    pub(crate) review: Review,
    pub(crate) close: Close,
    pub(crate) identity: Identity,
    pub(crate) intake: IntakeRules,
    pub(crate) retention: Retention,
}

impl Policy {
    /// The clock of `obligation` for `matter`; `None` when the policy sets none (or its number is
    /// lost, which `activate` refuses).
    ///
    /// `ExtensionWindow` has no clock of its own: it closes with the due time that it would move.
    #[must_use]
    pub fn clock(&self, obligation: Obligation, matter: &Matter) -> Option<&ClockRule> {
        match obligation {
            Obligation::ReturnWindow => self.return_rule(matter).map(|rule| &rule.window),
            Obligation::ReturnDecision => self.return_rule(matter).map(|rule| &rule.decision),
            Obligation::ExtensionDecision => self.extension_rule(matter).map(|rule| &rule.decision),
            Obligation::ExtensionWindow => None,
            Obligation::Redo => self.redo_rule(matter).map(|rule| &rule.clock),
            Obligation::RedoDispatch => self.redo_rule(matter)?.send_back.as_ref(),
            Obligation::Callback => self.callback_rule(matter).map(|rule| &rule.within),
            _ => {
                let rows = self.clocks.get(&obligation)?;
                rows.iter().find(|row| row.matches(matter))?.rule()
            }
        }
    }

    /// The limit that an answer to `matter` is measured against, extended by and judged by: that of the redo in a
    /// later round; that of the settling where the policy sets it apart from the answer (Yicheng: answered in two
    /// working days, solved in seven); else that of the answer.
    #[must_use]
    pub fn handling_clock(&self, matter: &Matter) -> Option<&ClockRule> {
        let redo = || self.clock(Obligation::Redo, matter).filter(|_| matter.round > 1);
        redo()
            .or_else(|| self.settling_apart(matter))
            .or_else(|| self.clock(Obligation::Answer, matter))
    }

    /// The limit of the settling, where it is another than that of the answer; a redo has its own and only one.
    #[must_use]
    pub fn settling_apart(&self, matter: &Matter) -> Option<&ClockRule> {
        let settle = self
            .clock(Obligation::Settle, matter)
            .filter(|_| matter.round == 1)?;
        let answer = self.clock(Obligation::Answer, matter);
        answer
            .is_none_or(|answer| answer.within != settle.within)
            .then_some(settle)
    }

    /// The clock of `obligation` for what no row singles out: the last row's.
    #[must_use]
    pub fn default_clock(&self, obligation: Obligation) -> Option<&ClockRule> {
        self.clocks.get(&obligation)?.last()?.rule()
    }

    /// Every clock that the policy sets for `matter`, in the order of [`Obligation::ALL`].
    #[must_use]
    pub fn clocks(&self, matter: &Matter) -> Vec<&ClockRule> {
        Obligation::ALL
            .iter()
            .filter_map(|obligation| self.clock(*obligation, matter))
            .collect()
    }

    /// How a clock counts days.
    #[must_use]
    pub fn convention_of(&self, clock: &ClockRule) -> Convention {
        clock.convention.unwrap_or(self.convention)
    }

    /// How long before the due time of `obligation` the ladder reminds; a clock's own
    /// [`ClockRule::remind_before`] already holds what is right for it.
    #[must_use]
    pub fn reminders(&self, obligation: Obligation) -> &[Limit] {
        reminders::of(&self.ladder, obligation)
    }

    /// What follows when `obligation` is missed, mildest first: the first matching row of each step.
    #[must_use]
    pub fn ladder(&self, obligation: Obligation, matter: &Matter) -> Vec<&EscalateRule> {
        let rung = |step: &Step| {
            let concerns = |row: &&Row<EscalateRule>| {
                row.rule.step == *step && row.rule.concerns(obligation) && row.when.matches(matter)
            };
            self.ladder.iter().find(concerns).map(|row| &row.rule)
        };
        Step::ALL
            .iter()
            .filter(|step| **step != Step::Remind)
            .filter_map(rung)
            .collect()
    }

    /// Every rung of the ladder, in the order of the rows.
    pub fn rungs(&self) -> impl Iterator<Item = &EscalateRule> {
        self.ladder.iter().map(|row| &row.rule)
    }

    /// How `matter` may be returned.
    #[must_use]
    pub fn return_rule(&self, matter: &Matter) -> Option<&ReturnRule> {
        Row::first(&self.returns, matter)
    }

    /// How `matter` may be extended.
    #[must_use]
    pub fn extension_rule(&self, matter: &Matter) -> Option<&ExtensionRule> {
        Row::first(&self.extensions, matter)
    }

    /// How `matter` is called back.
    #[must_use]
    pub fn callback_rule(&self, matter: &Matter) -> Option<&CallbackRule> {
        Row::first(&self.callbacks, matter)
    }

    /// How `matter` is handled again.
    #[must_use]
    pub fn redo_rule(&self, matter: &Matter) -> Option<&RedoRule> {
        Row::first(&self.redos, matter)
    }

    /// The review of replies.
    #[must_use]
    pub fn review(&self) -> &Review {
        &self.review
    }

    /// The event that closes an order.
    #[must_use]
    pub fn close(&self) -> &Close {
        &self.close
    }

    /// The reason `code` not to accept an appeal.
    #[must_use]
    pub fn reject(&self, code: &str) -> Option<&RejectRule> {
        self.rejects.iter().find(|rule| rule.code == code)
    }

    /// Every reason not to accept an appeal, each code once.
    #[must_use]
    pub fn rejects(&self) -> &[RejectRule] {
        &self.rejects
    }

    /// The numbers to transfer to, each once.
    #[must_use]
    pub fn redirects(&self) -> &[RedirectRule] {
        &self.redirects
    }

    /// What is supervised, and how.
    #[must_use]
    pub fn supervision(&self) -> &Supervision {
        &self.supervision
    }

    /// Who must give a name.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What is taken on, and by which doors.
    #[must_use]
    pub fn intake(&self) -> &IntakeRules {
        &self.intake
    }

    /// How long records are kept.
    #[must_use]
    pub fn retention(&self) -> &Retention {
        &self.retention
    }

    /// The shifts of a working day.
    #[must_use]
    pub fn office_hours(&self) -> &OfficeHours {
        &self.office_hours
    }

    /// The working time of this policy on `calendar`.
    #[must_use]
    pub fn work_clock(&self, calendar: &Calendar) -> WorkClock {
        WorkClock::new(calendar, self.office_hours.clone(), self.convention)
    }

    /// The limits whose number is lost and not filled in.
    #[must_use]
    pub fn lost(&self) -> Vec<&Lost> {
        let rows = self.clocks.values().flatten();
        rows.filter_map(|row| match &row.run {
            Run::Lost(lost) => Some(lost),
            Run::Within(_) | Run::Never => None,
        })
        .collect()
    }

    /// Allows the policy to be put in force.
    ///
    /// # Errors
    /// `policy.lost_limit`, naming every row, its article and what to write, when a number that the document
    /// demands is lost and not filled in.
    pub fn activate(&self) -> Result<(), Refusal> {
        let lost = self.lost();
        let Some(first) = lost.first() else { return Ok(()) };
        let rows: Vec<_> = lost
            .iter()
            .map(|lost| {
                let obligation = lost.obligation.zh();
                format!(
                    "{} 第{}条 {obligation} {}.{}",
                    lost.at, lost.article, self.id, lost.name
                )
            })
            .collect();
        Err(Refusal::new(&LOST_LIMIT)
            .field(format!("{}.{}", self.id, first.name))
            .article(first.article.clone())
            .detail(rows.join("; ")))
    }
}
