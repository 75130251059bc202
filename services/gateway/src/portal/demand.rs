//! What the city's rules ask of whoever makes a report, and by which channel it comes in. Pure.

use hotline_policy::{AppealType, Channel, Desk, Identity, IdentityField, Matter, Policy, RealNameRule};

use super::check::Rules;
use super::draft::Draft;
use super::visit::Side;

/// What the city's rules ask of whoever makes this report.
pub struct Demand<'a> {
    identity: &'a Identity,
    real_name: Option<&'a RealNameRule>,
    enterprise: bool,
    spoken: bool,
    /// It may be made without a name.
    pub anonymous: bool,
    /// The unit may be kept from learning who made it.
    pub confidential: bool,
}

impl<'a> Demand<'a> {
    /// The demand of the rules on a draft whose kind and category are known.
    pub fn of(draft: &Draft, rules: &'a Rules<'_>) -> Self {
        let kind = draft.kind.parse().unwrap_or(AppealType::Help);
        let channel = channel(rules.policy, rules.side).unwrap_or(Channel::Web);
        let enterprise = rules.side == Side::Enterprise;
        let desk = if enterprise {
            Desk::Enterprise
        } else {
            Desk::Hotline
        };
        let division = match draft.division() {
            "" => rules.policy.division.as_str(),
            told => told,
        };
        let mut matter = Matter::new(kind, desk, &draft.category, division);
        matter.channel = channel;
        if enterprise {
            matter.labels.insert("enterprise".to_owned());
        }
        let (identity, real_name) = (rules.policy.identity(), rules.policy.intake().real_name(&matter));
        Self {
            identity,
            real_name,
            enterprise,
            spoken: channel == Channel::EnterpriseSeat,
            anonymous: !enterprise && real_name.is_none() && identity.allows_anonymous(kind),
            confidential: real_name.is_none_or(|rule| !rule.no_secrecy),
        }
    }

    /// Whether a particular must be given.
    pub fn needs(&self, field: IdentityField) -> bool {
        match self.real_name {
            Some(rule) => rule.requires.contains(&field),
            None if field == IdentityField::Telephone && !self.identity.written_contact && !self.spoken => {
                false
            }
            None if self.enterprise => self.identity.enterprise.contains(&field),
            None => self.identity.person.contains(&field),
        }
    }

    /// Where the rules say so, in both languages; empty where the operator set it.
    pub fn article(&self) -> [String; 2] {
        let origin = self.real_name.map_or(&self.identity.origin, |rule| &rule.origin);
        match origin.article.as_str() {
            "" | "operator" => Default::default(),
            article => [
                format!("（依据第 {article} 条）"),
                format!(" (article {article})"),
            ],
        }
    }
}

/// The channel of a portal; `None` where the city takes nothing by the web.
pub fn channel(policy: &Policy, side: Side) -> Option<Channel> {
    let open = &policy.intake().channels;
    let is_open = |channel: &Channel| open.is_empty() || open.iter().any(|rule| rule.channel == *channel);
    let wished: &[Channel] = match side {
        Side::Public => &[Channel::Web],
        Side::Enterprise => &[Channel::EnterpriseSeat, Channel::Web],
    };
    wished.iter().copied().find(is_open)
}
