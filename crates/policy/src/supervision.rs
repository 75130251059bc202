//! Everything that a policy says on supervision, read together and checked against itself.

use crate::matter::Matter;
use crate::problem::At;
use crate::read::Table;
use crate::rules::{
    AccountabilityRule, BodyRule, BulletinRule, CardRule, Colour, ExemptionRule, Finding, Happening,
    InstrumentRule, MeasureRule, SuperviseRule, VerificationRule,
};
use crate::tables::named;

/// The rows on supervision; each code once, the child's row in the place of its parent's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Supervision {
    /// `[[supervise]]`: classes of matters, and what opens a case.
    pub classes: Vec<SuperviseRule>,
    /// `[[instrument]]`: documents.
    pub instruments: Vec<InstrumentRule>,
    /// `[[card]]`: what a series of cards leads to.
    pub cards: Vec<CardRule>,
    /// `[[accountability]]`: types of case.
    pub causes: Vec<AccountabilityRule>,
    /// `[[measure]]`: what the accountable bear.
    pub measures: Vec<MeasureRule>,
    /// `[[exemption]]`: what spares them.
    pub exemptions: Vec<ExemptionRule>,
    /// `[[hand_over]]`: who receives material.
    pub recipients: Vec<AccountabilityRule>,
    /// `[[oversight]]`: where a case may come from.
    pub oversight: Vec<AccountabilityRule>,
    /// `[[body]]`: bodies above the platform.
    pub bodies: Vec<BodyRule>,
    /// `[[verification]]`: what a finding leads to.
    pub verifications: Vec<VerificationRule>,
    /// `[[bulletin]]`: regular notices.
    pub bulletins: Vec<BulletinRule>,
}

impl Supervision {
    /// Reads the rows of all layers.
    pub(crate) fn read(root: &Table<'_, '_>) -> Self {
        Self {
            classes: named(root, "supervise", SuperviseRule::read, |rule| &rule.code),
            instruments: named(root, "instrument", InstrumentRule::read, |rule| &rule.code),
            cards: named(root, "card", CardRule::read, |rule| &rule.code),
            causes: named(root, "accountability", AccountabilityRule::read, |rule| {
                &rule.code
            }),
            measures: named(root, "measure", MeasureRule::read, |rule| &rule.code),
            exemptions: named(root, "exemption", ExemptionRule::read, |rule| &rule.code),
            recipients: named(root, "hand_over", AccountabilityRule::read, |rule| &rule.code),
            oversight: named(root, "oversight", AccountabilityRule::read, |rule| &rule.code),
            bodies: named(root, "body", BodyRule::read, |rule| &rule.code),
            verifications: named(root, "verification", VerificationRule::read, |rule| &rule.code),
            bulletins: named(root, "bulletin", BulletinRule::read, |rule| &rule.code),
        }
    }

    /// Names of instruments, accountability types and recipients that rows use and nobody declares; `ladder` are the
    /// instruments that the ladder's rungs name.
    pub(crate) fn unknown(&self, ladder: &[(&str, &At)]) -> Vec<(At, String)> {
        let mut told = Vec::new();
        let mut instrument = |code: &str, at: &At| {
            if self.instrument(code).is_none() {
                told.push((at.clone(), format!("unknown instrument: {code}")));
            }
        };
        ladder.iter().for_each(|(code, at)| instrument(code, at));
        for class in &self.classes {
            class
                .instruments
                .iter()
                .for_each(|code| instrument(code, &class.origin.at));
        }
        for card in &self.cards {
            instrument(&card.instrument, &card.origin.at);
        }
        for rule in &self.verifications {
            rule.instruments
                .iter()
                .for_each(|code| instrument(code, &rule.origin.at));
        }
        let classes = self.classes.iter().map(|rule| (&rule.cause, &rule.origin.at));
        let cards = self.cards.iter().map(|rule| (&rule.cause, &rule.origin.at));
        let findings = self
            .verifications
            .iter()
            .map(|rule| (&rule.cause, &rule.origin.at));
        for (cause, at) in classes.chain(cards).chain(findings) {
            if let Some(cause) = cause.as_ref().filter(|cause| self.cause(cause).is_none()) {
                told.push((at.clone(), format!("unknown accountability type: {cause}")));
            }
        }
        for bulletin in &self.bulletins {
            let to = &bulletin.hand_over;
            if !to.is_empty() && self.recipient(to).is_none() {
                told.push((bulletin.origin.at.clone(), format!("unknown recipient: {to}")));
            }
        }
        told
    }

    /// The class of this code.
    #[must_use]
    pub fn class(&self, code: &str) -> Option<&SuperviseRule> {
        self.classes.iter().find(|rule| rule.code == code)
    }

    /// The classes that a happening about `matter` counts for.
    pub fn triggered<'p>(
        &'p self,
        happening: Happening,
        matter: &'p Matter,
    ) -> impl Iterator<Item = &'p SuperviseRule> {
        self.classes
            .iter()
            .filter(move |rule| rule.concerns(happening, matter))
    }

    /// The instrument of this code.
    #[must_use]
    pub fn instrument(&self, code: &str) -> Option<&InstrumentRule> {
        self.instruments.iter().find(|rule| rule.code == code)
    }

    /// What series of cards of this colour lead to.
    pub fn cards(&self, colour: Colour) -> impl Iterator<Item = &CardRule> {
        self.cards.iter().filter(move |rule| rule.colour == colour)
    }

    /// The accountability type of this code.
    #[must_use]
    pub fn cause(&self, code: &str) -> Option<&AccountabilityRule> {
        self.causes.iter().find(|rule| rule.code == code)
    }

    /// The measure of this code.
    #[must_use]
    pub fn measure(&self, code: &str) -> Option<&MeasureRule> {
        self.measures.iter().find(|rule| rule.code == code)
    }

    /// The exemption of this code.
    #[must_use]
    pub fn exemption(&self, code: &str) -> Option<&ExemptionRule> {
        self.exemptions.iter().find(|rule| rule.code == code)
    }

    /// The recipient of material of this code.
    #[must_use]
    pub fn recipient(&self, code: &str) -> Option<&AccountabilityRule> {
        self.recipients.iter().find(|rule| rule.code == code)
    }

    /// The kind of oversight of this code.
    #[must_use]
    pub fn source(&self, code: &str) -> Option<&AccountabilityRule> {
        self.oversight.iter().find(|rule| rule.code == code)
    }

    /// The body of this code.
    #[must_use]
    pub fn body(&self, code: &str) -> Option<&BodyRule> {
        self.bodies.iter().find(|rule| rule.code == code)
    }

    /// What a finding leads to.
    #[must_use]
    pub fn verification(&self, finding: Finding) -> Option<&VerificationRule> {
        self.verifications.iter().find(|rule| rule.outcome == finding)
    }

    /// The regular notice of this code.
    #[must_use]
    pub fn bulletin(&self, code: &str) -> Option<&BulletinRule> {
        self.bulletins.iter().find(|rule| rule.code == code)
    }
}
