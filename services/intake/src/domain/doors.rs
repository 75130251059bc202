//! What a new appeal must fit: open channels, listed platforms, lines and seats, matters that are taken on, and names.
//!
//! Invariant: everything that is wrong is told at once, each with its field and its article.

use hotline_policy::{
    IdentityField, IntakeRules, LineMode, Matter, Origin, RealNameRule, Refusal, SeatKind, SeatRule, Urgency,
};

use super::appeal::Case;
use super::draft::Draft;
use super::refusals;
use super::rules::{Rules, given, path};

impl Rules<'_> {
    /// Everything about `draft` that the policy does not admit.
    #[must_use]
    pub fn wrong(&self, draft: &Draft) -> Vec<Refusal> {
        let matter = matter(draft);
        let mut wrong = Vec::new();
        wrong.extend(self.closed_channel(draft));
        wrong.extend(self.unknown_platform(draft));
        wrong.extend(self.not_taken_on(draft, &matter));
        wrong.extend(self.wrong_line(draft));
        wrong.extend(self.wrong_seat(draft, &matter));
        wrong.extend(self.unidentified(draft, &matter));
        wrong
    }

    fn closed_channel(&self, draft: &Draft) -> Option<Refusal> {
        let open = &self.intake.channels;
        let first = open.first()?;
        if open.iter().any(|rule| rule.channel == draft.channel) {
            return None;
        }
        let names = names(open.iter().map(|rule| rule.name.as_str()));
        Some(by(&refusals::CHANNEL_CLOSED, "channel", names, &first.origin))
    }

    /// A channel of other platforms takes appeals from those that the city lists for it.
    fn unknown_platform(&self, draft: &Draft) -> Option<Refusal> {
        let first = self.intake.platforms_of(draft.channel).next()?;
        let source = draft.source.as_ref().map(|source| source.0.as_str());
        let mut listed = self.intake.platforms_of(draft.channel);
        if listed.any(|rule| Some(rule.code.as_str()) == source) {
            return None;
        }
        let codes = names(
            self.intake
                .platforms_of(draft.channel)
                .map(|rule| rule.code.as_str()),
        );
        Some(by(&refusals::PLATFORM, "source", codes, &first.origin))
    }

    /// An emergency waits for no list: it is handed over.
    fn not_taken_on(&self, draft: &Draft, matter: &Matter) -> Option<Refusal> {
        let (_, first) = self.intake.accepts.first()?;
        if draft.urgency == Urgency::Emergency || self.intake.accept(matter).is_some() {
            return None;
        }
        let names = names(self.intake.accepts.iter().map(|(_, rule)| rule.name.as_str()));
        let mut rows = self.intake.accepts.iter();
        let of_type = rows.find(|(when, _)| when.types.contains(&matter.appeal_type));
        // The class of that type says by which article; without one the type itself is not taken on.
        if let Some((_, rule)) = of_type {
            return Some(by(&refusals::NOT_TAKEN_ON, "category", names, &rule.origin));
        }
        let typed = self
            .intake
            .accepts
            .iter()
            .find(|(when, _)| !when.types.is_empty());
        let (field, origin) = match typed {
            Some((_, rule)) => ("type", &rule.origin),
            None => ("category", &first.origin),
        };
        Some(by(&refusals::NOT_TAKEN_ON, field, names, origin))
    }

    fn wrong_line(&self, draft: &Draft) -> Option<Refusal> {
        if draft.line.is_empty() {
            return None;
        }
        let Some(line) = self.intake.line(&draft.line) else {
            let known = names(self.intake.lines.iter().map(|rule| rule.number.as_str()));
            return Some(Refusal::new(&refusals::LINE).field("line").detail(known));
        };
        if line.mode == LineMode::Cancelled {
            return Some(by(
                &refusals::LINE_CANCELLED,
                "line",
                line.go.clone(),
                &line.origin,
            ));
        }
        let serves = |area: &String| hotline_policy::division_within(&draft.division, area);
        let served = line.divisions.is_empty() || line.divisions.iter().any(serves);
        (!served).then(|| {
            let areas = names(line.divisions.iter().map(String::as_str));
            by(&refusals::LINE_DIVISION, "division", areas, &line.origin)
        })
    }

    fn wrong_seat(&self, draft: &Draft, matter: &Matter) -> Option<Refusal> {
        if draft.seat.is_empty() {
            return None;
        }
        let Some(seat) = self.intake.seat(&draft.seat) else {
            let known = names(self.intake.seats.iter().map(|rule| rule.code.as_str()));
            return Some(Refusal::new(&refusals::SEAT).field("seat").detail(known));
        };
        let refused = |code, seat: &SeatRule| Some(by(code, "seat", seat.name.clone(), &seat.origin));
        if seat.kind == SeatKind::Enterprise && draft.appellant.enterprise.is_none() {
            return refused(&refusals::SEAT_ENTERPRISE, seat);
        }
        if seat.when.matches(matter) {
            None
        } else {
            refused(&refusals::SEAT_MATTER, seat)
        }
    }

    /// What the policy registers of the appellant and the draft lacks (Xuzhou art. 12(1), Nanchang art. 13).
    ///
    /// Not asked: an emergency, which waits for nobody's name; and an appeal that another platform passed on,
    /// which registered its appellant by its own rules.
    fn unidentified(&self, draft: &Draft, matter: &Matter) -> Vec<Refusal> {
        if draft.urgency == Urgency::Emergency || draft.source.is_some() {
            return Vec::new();
        }
        if let Some(rule) = self.intake.real_name(matter) {
            return nameless(draft, rule);
        }
        if draft.appellant.anonymous {
            let allowed = self.identity.allows_anonymous(draft.appeal_type);
            let detail = draft.appeal_type.zh().to_owned();
            let refusal = by(
                &refusals::ANONYMITY,
                "appellant.anonymous",
                detail,
                &self.identity.origin,
            );
            return if allowed { Vec::new() } else { vec![refusal] };
        }
        let fields = if draft.appellant.enterprise.is_some() {
            &self.identity.enterprise
        } else {
            &self.identity.person
        };
        let missing = fields.iter().filter(|field| self.is_missing(**field, draft));
        missing
            .map(|field| required(*field, &self.identity.origin))
            .collect()
    }
}

/// What a matter that needs a name lacks.
fn nameless(draft: &Draft, rule: &RealNameRule) -> Vec<Refusal> {
    let mut wrong = Vec::new();
    if draft.appellant.anonymous {
        let name = rule.name.clone();
        wrong.push(by(
            &refusals::ANONYMITY,
            "appellant.anonymous",
            name,
            &rule.origin,
        ));
    }
    let missing = rule.requires.iter().filter(|field| !given(**field, draft));
    wrong.extend(missing.map(|field| required(*field, &rule.origin)));
    if rule.no_secrecy && draft.appellant.confidential {
        let name = rule.name.clone();
        wrong.push(by(
            &refusals::SECRECY,
            "appellant.confidential",
            name,
            &rule.origin,
        ));
    }
    wrong
}

fn required(field: IdentityField, origin: &Origin) -> Refusal {
    by(
        &refusals::IDENTITY_REQUIRED,
        path(field),
        field.zh().to_owned(),
        origin,
    )
}

fn by(code: &'static hotline_policy::Code, field: &str, detail: String, origin: &Origin) -> Refusal {
    Refusal::new(code)
        .field(field)
        .detail(detail)
        .article(origin.article.clone())
}

fn names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// The class of matters as which the policy takes a case on; empty where it is in none.
#[must_use]
pub fn scope(case: &Case, rules: &IntakeRules) -> String {
    let matter = Matter {
        channel: case.channel,
        urgency: case.urgency,
        labels: case.labels.clone(),
        source: case.source.as_ref().map(|source| source.0.clone()),
        ..Matter::new(case.appeal_type, case.desk, &case.category, &case.division)
    };
    rules
        .accept(&matter)
        .map_or(String::new(), |rule| rule.code.clone())
}

/// The draft as the rules see it.
fn matter(draft: &Draft) -> Matter {
    Matter {
        channel: draft.channel,
        urgency: draft.urgency,
        labels: draft.labels.clone(),
        source: draft.source.as_ref().map(|source| source.0.clone()),
        ..Matter::new(draft.appeal_type, draft.desk, &draft.category, &draft.division)
    }
}
