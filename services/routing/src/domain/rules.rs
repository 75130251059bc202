//! What the policy, the calendar and the city say about one order: the only door to them from the domain.

use chrono::{DateTime, Months, Utc};
use hotline_policy::{
    City, CloseEvent, Delegation, ExtensionRule, Level, Obligation, Origin, Policy, RaiseTo, RedoRule,
    Refusal, ReturnRule, Review, Source, WhistleRule,
};
use hotline_worktime::{Convention, Limit, WorkClock};

use crate::domain::leg::Basis;
use crate::domain::refusals::{CATALOGUE_SILENT, LEVEL_TOO_LOW, UNIT_UNKNOWN};
use crate::domain::{Due, Order, UnitId};

/// The rules under which an order is handled.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The policy that the order was opened under.
    pub policy: &'a Policy,
    /// Working time by that policy.
    pub hours: &'a WorkClock,
    /// Version of the calendar that those hours stand on.
    pub calendar: i32,
    /// Units and catalogue.
    pub city: &'a City,
}

/// Where the catalogue would send an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Lead unit.
    pub lead: UnitId,
    /// Co-handlers.
    pub co_handlers: Vec<UnitId>,
    /// The row, in words.
    pub basis: String,
}

/// Where a matter is raised to.
pub(super) enum Raised {
    /// To the unit above its lead.
    Above,
    /// To the unit that had it.
    SameUnit,
    /// To this unit.
    To(UnitId),
}

impl<'a> Rules<'a> {
    /// Where the catalogue would send the order.
    ///
    /// # Errors
    /// `dispatch.no_catalogue_row`.
    pub fn suggestion(&self, order: &Order) -> Result<Suggestion, Refusal> {
        let found = self.city.dispatch(&order.facts.matter(order.round));
        let found = found.ok_or_else(|| Refusal::new(&CATALOGUE_SILENT).field("lead_unit_id"))?;
        Ok(Suggestion {
            lead: UnitId::new(&found.lead.id),
            co_handlers: found
                .co_handlers
                .iter()
                .map(|unit| UnitId::new(&unit.id))
                .collect(),
            basis: format!("{} ({})", found.row.reason, found.row.at),
        })
    }

    /// Refuses a unit that the city does not have.
    pub(super) fn require_unit(&self, unit: &UnitId, field: &str) -> Result<(), Refusal> {
        match self.city.units.get(unit.as_str()) {
            Some(_) => Ok(()),
            None => Err(Refusal::new(&UNIT_UNKNOWN).field(field).detail(unit.as_str())),
        }
    }

    /// Whether `unit` is supervised by `above`, directly or through others.
    pub(super) fn is_below(&self, unit: &UnitId, above: &UnitId) -> bool {
        let parent = |id: &str| self.city.units.get(id).and_then(|unit| unit.parent.as_deref());
        std::iter::successors(parent(unit.as_str()), |id| parent(id)).any(|id| id == above.as_str())
    }

    /// Refuses a unit below the level to which the platform sends (Nanchang art. 14(2)).
    pub(super) fn require_level(&self, unit: &UnitId, field: &str) -> Result<(), Refusal> {
        let rule = self.policy.dispatch_rule();
        let Some((rule, lowest)) = rule.and_then(|rule| Some((rule, rule.lowest?))) else {
            return Ok(());
        };
        let level = self.city.units.get(unit.as_str()).map(|unit| unit.level);
        if level.is_none_or(|level| level <= lowest) {
            return Ok(());
        }
        let refusal = Refusal::new(&LEVEL_TOO_LOW).field(field).detail(unit.as_str());
        Err(cited(refusal, &rule.origin))
    }

    /// Whether the unit may be asked whose duty a matter is.
    pub(super) fn decides_duty(&self, unit: &UnitId) -> bool {
        let unit = self.city.units.get(unit.as_str());
        unit.is_some_and(|unit| unit.decides_duty)
    }

    /// Whether `above` guides `below`: it supervises it, or stands above it in the line of business.
    pub(super) fn guides(&self, above: &UnitId, below: &UnitId) -> bool {
        let below = below.as_str();
        let units = self.city.units.subordinates(above.as_str());
        units.iter().any(|unit| unit.id == below)
    }

    /// How orders are passed down.
    pub(super) fn delegation(&self) -> Option<&'a Delegation> {
        self.policy.delegation()
    }

    /// The whistle, where the policy has one.
    pub(super) fn whistle(&self) -> Option<&'a WhistleRule> {
        self.policy.whistle()
    }

    /// Whether the policy raises matters by lists of duties.
    pub(super) fn raises_by_lists(&self) -> bool {
        self.policy.has_raises()
    }

    /// Where the policy raises the order (Nanchang art. 31).
    pub(super) fn raised(&self, order: &Order) -> Raised {
        if !self.policy.has_raises() {
            return Raised::Above;
        }
        let matter = order.facts.matter(order.round);
        let duty = self.city.catalogue.duty(&matter);
        let level = duty.map_or(Level::City, |duty| duty.list);
        let to = match self.policy.raise_rule(level).map(|rule| rule.to) {
            None => return Raised::Above,
            Some(RaiseTo::Same) => return Raised::SameUnit,
            Some(RaiseTo::County) => Level::County,
            Some(RaiseTo::City) => Level::City,
        };
        let unit = duty.and_then(|duty| self.city.raised_to(&matter, &duty.line, to));
        unit.map_or(Raised::SameUnit, |unit| Raised::To(UnitId::new(&unit.id)))
    }

    /// The unit that receives the second send; `None` in a city that sends orders once.
    pub(super) fn enterprise_unit(&self) -> Option<UnitId> {
        let unit = self.city.units.enterprise_platform();
        unit.map(|unit| UnitId::new(&unit.id))
    }

    /// The unit one level above, or the hotline body where nobody is.
    pub(super) fn unit_above(&self, unit: &UnitId) -> Option<UnitId> {
        let parent = self
            .city
            .units
            .get(unit.as_str())
            .and_then(|unit| unit.parent.as_deref());
        let hotline = || self.city.units.hotline().map(|unit| unit.id.as_str());
        parent.or_else(hotline).map(UnitId::new)
    }

    /// When an answer is due that is asked for at `at`: by the limit that the order carries, the redo's in a later
    /// round, the settling's where the policy sets it apart, else the answer's.
    pub(super) fn answer_due(&self, order: &Order, round: u32, at: DateTime<Utc>) -> Due {
        let matter = order.facts.matter(round);
        let Some(rule) = self.policy.handling_clock(&matter) else {
            return Due::Open;
        };
        let own = order.own_limit.as_ref().filter(|_| round == 1);
        let within = own.map_or(rule.within, |own| own.within);
        self.ruled(at, within, self.policy.convention_of(rule), rule.obligation)
    }

    /// The due time of a limit that begins at `from`.
    fn ruled(
        &self,
        from: DateTime<Utc>,
        within: Limit,
        convention: Convention,
        obligation: Obligation,
    ) -> Due {
        let due = self.hours.deadline_with(from, within, convention).at;
        Due::Ruled {
            at: due,
            original: due,
            within,
            obligation,
            basis: Some(Basis {
                from,
                convention,
                more: Vec::new(),
                calendar: self.calendar,
            }),
        }
    }

    /// How the order may be returned.
    pub(super) fn return_rule(&self, order: &Order) -> Option<&'a ReturnRule> {
        self.policy.return_rule(&order.facts.matter(order.round))
    }

    /// When the window for a return closes, of a leg sent at `sent`.
    pub(super) fn return_closes(&self, rule: &ReturnRule, sent: DateTime<Utc>) -> DateTime<Utc> {
        self.hours
            .deadline_with(sent, rule.window.within, self.policy.convention_of(&rule.window))
            .at
    }

    /// How the order may be extended.
    pub(super) fn extension_rule(&self, order: &Order) -> Option<&'a ExtensionRule> {
        self.policy.extension_rule(&order.facts.matter(order.round))
    }

    /// The end of `limit` from `start`, by the policy's convention.
    pub(super) fn deadline(&self, start: DateTime<Utc>, limit: Limit) -> DateTime<Utc> {
        self.hours.deadline(start, limit).at
    }

    /// The instant that lies `limit` before `due`.
    pub(super) fn before(&self, due: DateTime<Utc>, limit: Limit) -> DateTime<Utc> {
        self.hours.before(due, limit)
    }

    /// How replies are reviewed.
    pub(super) fn review(&self) -> &'a Review {
        self.policy.review()
    }

    /// The new due time of a reply sent back at `at`; nothing when the running clock goes on.
    pub(super) fn due_after_send_back(&self, order: &Order, due: &Due, at: DateTime<Utc>) -> Option<Due> {
        let rule = self.policy.send_back_clock(&order.facts.matter(order.round))?;
        let obligation = match due {
            Due::Ruled { obligation, .. } => *obligation,
            Due::Open | Due::Set { .. } => Obligation::Answer,
        };
        Some(self.ruled(at, rule.within, self.policy.convention_of(rule), obligation))
    }

    /// How the order may be handled again.
    pub(super) fn redo_rule(&self, order: &Order) -> Option<&'a RedoRule> {
        self.policy.redo_rule(&order.facts.matter(order.round))
    }

    /// The event that counts as closing an order.
    pub(super) fn close_event(&self) -> CloseEvent {
        self.policy.close().event
    }

    /// Whether the approval of the reply ends the order; its call-back follows all the same and may open it again.
    pub(super) fn closes_with_approval(&self) -> bool {
        self.close_event() == CloseEvent::ReplyApproved
    }

    /// Until when an order archived at `at` is kept.
    pub(super) fn keep_until(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let months = self.policy.retention().order_years.saturating_mul(12);
        at.checked_add_months(Months::new(months))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// Puts the article on a refusal where a document says so.
pub(super) fn cited(refusal: Refusal, origin: &Origin) -> Refusal {
    match origin.source {
        Source::Document => refusal.article(origin.article.clone()),
        Source::Operator => refusal,
    }
}

/// The article of a rule; empty where the operator set it.
pub(super) fn article_of(origin: &Origin) -> String {
    match origin.source {
        Source::Document => origin.article.clone(),
        Source::Operator => String::new(),
    }
}
