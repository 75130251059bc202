//! The guide: the lists of the city's policy that registration obeys, as the contract writes them.

use hotline_policy::{
    AppealType, Channel, City, Condition, Desk, IdentityField, LimitRow, Obligation, Policy, Post,
    TransferWay, Urgency,
};
use hotline_proto::intake::v1 as proto;

use super::value_of;

/// The limits that a caller asks about, in the order in which they are met.
const TOLD: [Obligation; 5] = [
    Obligation::Contact,
    Obligation::Answer,
    Obligation::Settle,
    Obligation::Callback,
    Obligation::Redo,
];

/// The guide of `city` under `policy`, the one in force.
#[must_use]
pub fn guide(city: &City, policy: &Policy) -> proto::GetIntakeGuideResponse {
    let rules = policy.intake();
    let levels = rules.referral.as_ref().map_or(&[][..], |rule| &rule.levels);
    let days = rules.caller_control.as_ref().map_or(0, |rule| rule.days);
    proto::GetIntakeGuideResponse {
        policy_id: policy.id.clone(),
        title: policy.title.clone(),
        accepts: rules.accepts.iter().map(accept).collect(),
        rejects: policy.rejects().iter().map(reject).collect(),
        redirects: policy.redirects().iter().map(redirect).collect(),
        channels: rules.channels.iter().map(channel).collect(),
        platforms: rules.platforms.iter().map(platform).collect(),
        lines: rules.lines.iter().map(line).collect(),
        seats: rules.seats.iter().map(seat).collect(),
        real_names: rules.real_names.iter().map(real_name).collect(),
        identity: Some(identity(policy.identity())),
        referral_levels: levels.iter().map(|post| post.as_str().to_owned()).collect(),
        specialist: word(rules.specialist.as_ref().map(|rule| rule.post)),
        caller_mark_days: i32::try_from(days).unwrap_or(i32::MAX),
        categories: city.catalogue.categories().map(category).collect(),
        document: policy.document.clone(),
        effective_from: policy.effective_from.to_string(),
        rests_on: policy.rests_on.clone(),
        parents: policy.parents.clone(),
        policy_version: policy.version.clone(),
        divisions: city.divisions.iter().map(division).collect(),
        limits: TOLD
            .iter()
            .flat_map(|owed| policy.limits(*owed))
            .map(limit)
            .collect(),
    }
}

fn word(post: Option<Post>) -> String {
    post.map_or(String::new(), |post| post.as_str().to_owned())
}

fn types(all: &[AppealType]) -> Vec<i32> {
    all.iter().map(|word| value_of(AppealType::ALL, word)).collect()
}

fn channels(all: &[Channel]) -> Vec<i32> {
    all.iter().map(|word| value_of(Channel::ALL, word)).collect()
}

fn fields(all: &[IdentityField]) -> Vec<String> {
    all.iter().map(|field| field.as_str().to_owned()).collect()
}

fn accept((when, rule): &(Condition, hotline_policy::AcceptRule)) -> proto::AcceptItem {
    proto::AcceptItem {
        code: rule.code.clone(),
        name: rule.name.clone(),
        types: types(&when.types),
        categories: when.categories.clone(),
        channels: channels(&when.channels),
        labels: when.labels.clone(),
        article: rule.origin.article.clone(),
    }
}

fn reject(rule: &hotline_policy::RejectRule) -> proto::RejectItem {
    proto::RejectItem {
        code: rule.code.clone(),
        name: rule.name.clone(),
        words: rule.words.clone(),
        go: rule.go.clone(),
        hand_over: rule.hand_over,
        repeat: rule.repeat,
        article: rule.origin.article.clone(),
    }
}

fn redirect(rule: &hotline_policy::RedirectRule) -> proto::RedirectItem {
    let ways = rule.ways.iter().map(|way| value_of(TransferWay::ALL, way));
    proto::RedirectItem {
        number: rule.number.clone(),
        name: rule.name.clone(),
        kind: rule.kind.as_str().to_owned(),
        use_for: rule.use_for.clone(),
        ways: ways.collect(),
        article: rule.origin.article.clone(),
    }
}

fn channel(rule: &hotline_policy::ChannelRule) -> proto::ChannelItem {
    proto::ChannelItem {
        channel: value_of(Channel::ALL, &rule.channel),
        name: rule.name.clone(),
        hours: rule.hours.clone(),
        article: rule.origin.article.clone(),
    }
}

fn platform(rule: &hotline_policy::PlatformRule) -> proto::PlatformItem {
    proto::PlatformItem {
        code: rule.code.clone(),
        name: rule.name.clone(),
        channel: value_of(Channel::ALL, &rule.channel),
        article: rule.origin.article.clone(),
    }
}

fn line(rule: &hotline_policy::LineRule) -> proto::LineItem {
    proto::LineItem {
        number: rule.number.clone(),
        name: rule.name.clone(),
        mode: rule.mode.as_str().to_owned(),
        go: rule.go.clone(),
        divisions: rule.divisions.clone(),
        article: rule.origin.article.clone(),
    }
}

fn seat(rule: &hotline_policy::SeatRule) -> proto::SeatItem {
    proto::SeatItem {
        code: rule.code.clone(),
        name: rule.name.clone(),
        kind: rule.kind.as_str().to_owned(),
        menu: rule.menu.clone(),
        types: types(&rule.when.types),
        categories: rule.when.categories.clone(),
        article: rule.origin.article.clone(),
    }
}

fn real_name((when, rule): &(Condition, hotline_policy::RealNameRule)) -> proto::RealNameItem {
    proto::RealNameItem {
        name: rule.name.clone(),
        types: types(&when.types),
        categories: when.categories.clone(),
        labels: when.labels.clone(),
        requires: fields(&rule.requires),
        no_secrecy: rule.no_secrecy,
        article: rule.origin.article.clone(),
    }
}

fn identity(rule: &hotline_policy::Identity) -> proto::IdentityItem {
    proto::IdentityItem {
        mode: rule.mode.as_str().to_owned(),
        person: fields(&rule.person),
        enterprise: fields(&rule.enterprise),
        anonymous_types: types(&rule.anonymous_types),
        article: rule.origin.article.clone(),
    }
}

fn category(category: &hotline_policy::Category) -> proto::CategoryItem {
    proto::CategoryItem {
        code: category.code.clone(),
        name: category.name.clone(),
        article: category.article.clone().unwrap_or_default(),
    }
}

fn division(division: &hotline_policy::Division) -> proto::DivisionItem {
    proto::DivisionItem {
        code: division.code.clone(),
        name: division.name.clone(),
        parent: division.parent.clone().unwrap_or_default(),
    }
}

fn limit(row: LimitRow<'_>) -> proto::LimitItem {
    let LimitRow {
        obligation,
        when,
        clock,
    } = row;
    let urgencies = when.urgencies.iter().map(|word| value_of(Urgency::ALL, word));
    proto::LimitItem {
        obligation: obligation.as_str().to_owned(),
        types: types(&when.types),
        desks: when.desks.iter().map(|word| value_of(Desk::ALL, word)).collect(),
        channels: channels(&when.channels),
        urgencies: urgencies.collect(),
        categories: when.categories.clone(),
        divisions: when.divisions.clone(),
        labels: when.labels.clone(),
        sources: when.sources.clone(),
        levels: when
            .levels
            .iter()
            .map(|level| level.as_str().to_owned())
            .collect(),
        round_from: when
            .round_from
            .and_then(|round| i32::try_from(round).ok())
            .unwrap_or(0),
        within: clock.map_or_else(String::new, |clock| clock.within.to_string()),
        article: clock.map_or_else(String::new, |clock| clock.article.clone()),
    }
}
