//! What else a policy answers about a matter: scope, names, special ways, fresh limits, measures.

use crate::matter::Matter;
use crate::policy::Policy;
use crate::rules::{
    AcceptRule, ClockRule, Delegation, DispatchRule, ExclusionRule, FlowRule, MetricRule, RaiseRule,
    RealNameRule, RefusedReply, ReportRule, Row, WhistleRule,
};
use crate::vocabulary::Level;

impl Policy {
    /// The fresh limit of a reply of `matter` that was sent back; `None` when the running clock goes on.
    #[must_use]
    pub fn send_back_clock(&self, matter: &Matter) -> Option<&ClockRule> {
        if self.review.refused == RefusedReply::KeepClock {
            return None;
        }
        let row = Row::first(&self.send_backs, matter).map(|rule| &rule.clock);
        row.or(self.review.new_within.as_ref())
    }

    /// The reason `code` for which an answer may be left out of the figures.
    #[must_use]
    pub fn exclusion(&self, code: &str) -> Option<&ExclusionRule> {
        self.exclusions.iter().find(|rule| rule.code == code)
    }

    /// Every class of matters that is taken on; empty when the policy only says what is not.
    pub fn accepts(&self) -> impl Iterator<Item = &AcceptRule> {
        self.intake.accepts.iter().map(|(_, rule)| rule)
    }

    /// Every rule of names.
    pub fn real_names(&self) -> impl Iterator<Item = &RealNameRule> {
        self.intake.real_names.iter().map(|(_, rule)| rule)
    }

    /// The special way of handling `matter`; `None` for the ordinary one.
    #[must_use]
    pub fn flow(&self, matter: &Matter) -> Option<&FlowRule> {
        Row::first(&self.flows, matter)
    }

    /// Where a matter on the duty list of a unit of `level` goes when it is raised; `None`: to the unit above.
    #[must_use]
    pub fn raise_rule(&self, level: Level) -> Option<&RaiseRule> {
        self.raises
            .iter()
            .find(|rule| rule.from.is_none_or(|from| from == level))
    }

    /// What is measured, each code once.
    #[must_use]
    pub fn metrics(&self) -> &[MetricRule] {
        &self.metrics
    }

    /// What is reported, each code once.
    #[must_use]
    pub fn reports(&self) -> &[ReportRule] {
        &self.reports
    }

    /// How much earlier delegated legs are due; `None`: any earlier time.
    #[must_use]
    pub fn delegation(&self) -> Option<&Delegation> {
        self.delegation.as_ref()
    }

    /// How orders are sent out, where the policy says anything of it.
    #[must_use]
    pub fn dispatch_rule(&self) -> Option<&DispatchRule> {
        self.dispatch.as_ref()
    }

    /// The whistle, where the policy has one.
    #[must_use]
    pub fn whistle(&self) -> Option<&WhistleRule> {
        self.whistle.as_ref()
    }

    /// Whether the policy says where matters are raised; else they go to the unit above.
    #[must_use]
    pub fn has_raises(&self) -> bool {
        !self.raises.is_empty()
    }
}
