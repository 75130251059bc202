//! A finished draft as a registration.

use hotline_policy::{AppealType, Channel, Policy};
use hotline_proto::common::v1 as common;
use hotline_proto::intake::v1::{Appellant, RegisterAppealRequest};
use prost_types::Timestamp;

use super::check::day_of;
use super::demand;
use super::draft::Draft;
use super::visit::Side;

/// The registration that a draft asks for; the same draft always asks for the same.
pub fn request(draft: &Draft, policy: &Policy, side: Side) -> RegisterAppealRequest {
    let kind = draft.kind.parse::<AppealType>().ok();
    let channel = demand::channel(policy, side);
    RegisterAppealRequest {
        idempotency_key: draft.key.clone(),
        r#type: kind.map_or(0, |kind| place(AppealType::ALL, kind)),
        channel: channel.map_or(0, |channel| place(Channel::ALL, channel)),
        category: draft.category.clone(),
        division: draft.division().to_owned(),
        title: draft.title.clone(),
        content: draft.content.clone(),
        incident_place: incident_place(draft),
        incident_time: day_of(draft).map(|at| Timestamp {
            seconds: at.timestamp(),
            nanos: 0,
        }),
        labels: labels(draft),
        appellant: Some(appellant(draft, side)),
        ..RegisterAppealRequest::default()
    }
}

/// The contract counts the words of a list from 1.
fn place<T: PartialEq>(all: &[T], word: T) -> i32 {
    let place = all.iter().position(|other| *other == word);
    place.and_then(|place| i32::try_from(place + 1).ok()).unwrap_or(0)
}

fn incident_place(draft: &Draft) -> String {
    if draft.spot.is_empty() {
        return draft.place.clone();
    }
    let spot = format!("坐标(WGS84) {}", draft.spot);
    if draft.place.is_empty() {
        spot
    } else {
        format!("{} {spot}", draft.place)
    }
}

fn labels(draft: &Draft) -> Vec<String> {
    let size = draft.enterprise.size.clone();
    Some(size).filter(|size| !size.is_empty()).into_iter().collect()
}

fn appellant(draft: &Draft, side: Side) -> Appellant {
    let own = &draft.enterprise;
    Appellant {
        name: draft.name.clone(),
        telephone: draft.telephone.clone(),
        identity_number: draft.identity_number.clone(),
        address: String::new(),
        enterprise: (side == Side::Enterprise).then(|| common::Enterprise {
            name: own.name.clone(),
            credit_code: own.credit_code.clone(),
        }),
        anonymous: draft.anonymous,
        confidential: draft.confidential,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_carries_its_coordinates_in_words() {
        let draft = Draft {
            place: "淮海路 1 号".into(),
            spot: "34.26100,117.18500".into(),
            ..Draft::default()
        };
        assert_eq!(
            incident_place(&draft),
            "淮海路 1 号 坐标(WGS84) 34.26100,117.18500"
        );
    }

    #[test]
    fn the_contract_counts_kinds_from_one() {
        assert_eq!(
            place(AppealType::ALL, AppealType::Consult),
            i32::from(common::AppealType::Consult)
        );
        assert_eq!(
            place(AppealType::ALL, AppealType::Praise),
            i32::from(common::AppealType::Praise)
        );
        let seat = common::Channel::EnterpriseSeat;
        assert_eq!(place(Channel::ALL, Channel::EnterpriseSeat), i32::from(seat));
    }
}
