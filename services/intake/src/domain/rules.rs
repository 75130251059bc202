//! What the register needs to know of the city's policy.

use hotline_policy::{
    Channel, Identity, IdentityField, IntakeRules, Policy, RedirectRule, Refusal, RejectRule, Urgency,
};

use super::draft::Draft;
use super::refusals;

/// The parts of a policy that decide over an appeal's way into the register.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Reasons not to accept.
    pub rejects: &'a [RejectRule],
    /// Numbers to transfer to.
    pub redirects: &'a [RedirectRule],
    /// Who must give a name.
    pub identity: &'a Identity,
    /// What is taken on, and by which doors.
    pub intake: &'a IntakeRules,
}

impl<'a> From<&'a Policy> for Rules<'a> {
    fn from(policy: &'a Policy) -> Self {
        Self {
            rejects: policy.rejects(),
            redirects: policy.redirects(),
            identity: policy.identity(),
            intake: policy.intake(),
        }
    }
}

impl<'a> Rules<'a> {
    /// The reason `code` not to accept.
    #[must_use]
    pub fn reject(&self, code: &str) -> Option<&'a RejectRule> {
        self.rejects.iter().find(|rule| rule.code == code)
    }

    /// The entry of the number `target`.
    #[must_use]
    pub fn redirect(&self, target: &str) -> Option<&'a RedirectRule> {
        self.redirects.iter().find(|rule| rule.number == target)
    }

    /// The article that sends emergencies elsewhere (Xuzhou art. 10(5)), where the policy has one.
    #[must_use]
    pub fn emergency_article(&self) -> Option<&'a str> {
        self.rejects
            .iter()
            .find(|rule| rule.hand_over)
            .map(|rule| rule.origin.article.as_str())
    }

    /// Whether an emergency may be accepted: never, it is transferred.
    ///
    /// # Errors
    /// `appeal.emergency`.
    pub fn may_accept(&self, urgency: Urgency) -> Result<(), Refusal> {
        if urgency != Urgency::Emergency {
            return Ok(());
        }
        let refusal = Refusal::new(&refusals::EMERGENCY).field("urgency");
        Err(match self.emergency_article() {
            Some(article) => refusal.article(article),
            None => refusal,
        })
    }

    /// True for a particular that the policy registers on this channel and the draft lacks.
    pub(super) fn is_missing(&self, field: IdentityField, draft: &Draft) -> bool {
        let asked = match field {
            IdentityField::Telephone => self.identity.written_contact || spoken(draft.channel),
            _ => true,
        };
        asked && !given(field, draft)
    }
}

/// Channels on which the caller's number is at hand; elsewhere the appellant may leave it out.
fn spoken(channel: Channel) -> bool {
    matches!(channel, Channel::Telephone | Channel::EnterpriseSeat)
}

/// True for a particular that the draft has.
pub(super) fn given(field: IdentityField, draft: &Draft) -> bool {
    let person = &draft.appellant;
    match field {
        IdentityField::Name => !person.name.is_empty(),
        IdentityField::Telephone => !person.telephone.is_empty(),
        IdentityField::IdNumber => !person.identity_number.is_empty(),
        IdentityField::EnterpriseName => person.enterprise.is_some(),
    }
}

/// The field of a request that holds a particular.
pub(super) fn path(field: IdentityField) -> &'static str {
    match field {
        IdentityField::Name => "appellant.name",
        IdentityField::Telephone => "appellant.telephone",
        IdentityField::IdNumber => "appellant.identity_number",
        IdentityField::EnterpriseName => "appellant.enterprise.name",
    }
}
