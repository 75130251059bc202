//! What the register needs to know of the city's policy.

use hotline_policy::{
    AppealType, Channel, Identity, IdentityField, Policy, RedirectRule, Refusal, RejectRule, Urgency,
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
}

impl<'a> From<&'a Policy> for Rules<'a> {
    fn from(policy: &'a Policy) -> Self {
        Self {
            rejects: policy.rejects(),
            redirects: policy.redirects(),
            identity: policy.identity(),
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

    /// Whether the appellant gave what the policy registers (Xuzhou art. 12(1)).
    ///
    /// Not asked: an emergency, which waits for nobody's name; and an appeal that another platform passed on,
    /// which registered its appellant by its own rules.
    ///
    /// # Errors
    /// `appellant.anonymity` and `appellant.identity_required`.
    pub fn identified(&self, draft: &Draft) -> Result<(), Refusal> {
        if draft.urgency == Urgency::Emergency || draft.source.is_some() {
            return Ok(());
        }
        if draft.appellant.anonymous {
            return self.anonymous(draft.appeal_type);
        }
        let enterprise = draft.appellant.enterprise.is_some();
        let fields = if enterprise {
            &self.identity.enterprise
        } else {
            &self.identity.person
        };
        match fields.iter().find(|field| missing(**field, draft)) {
            Some(field) => Err(self
                .by_article(&refusals::IDENTITY_REQUIRED)
                .field(path(*field))
                .detail(field.zh())),
            None => Ok(()),
        }
    }

    fn anonymous(&self, appeal_type: AppealType) -> Result<(), Refusal> {
        if self.identity.allows_anonymous(appeal_type) {
            return Ok(());
        }
        Err(self
            .by_article(&refusals::ANONYMITY)
            .field("appellant.anonymous")
            .detail(appeal_type.zh()))
    }

    fn by_article(&self, code: &'static hotline_policy::Code) -> Refusal {
        Refusal::new(code).article(self.identity.origin.article.clone())
    }
}

/// Channels on which the caller's number is at hand; elsewhere the appellant may leave it out.
fn spoken(channel: Channel) -> bool {
    matches!(channel, Channel::Telephone | Channel::EnterpriseSeat)
}

fn missing(field: IdentityField, draft: &Draft) -> bool {
    let person = &draft.appellant;
    match field {
        IdentityField::Name => person.name.is_empty(),
        IdentityField::Telephone => spoken(draft.channel) && person.telephone.is_empty(),
        IdentityField::IdNumber => person.identity_number.is_empty(),
        IdentityField::EnterpriseName => person.enterprise.is_none(),
    }
}

fn path(field: IdentityField) -> &'static str {
    match field {
        IdentityField::Name => "appellant.name",
        IdentityField::Telephone => "appellant.telephone",
        IdentityField::IdNumber => "appellant.identity_number",
        IdentityField::EnterpriseName => "appellant.enterprise.name",
    }
}
