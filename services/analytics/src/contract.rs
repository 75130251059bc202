//! Between the contract's messages and the domain: what an event says that is counted, and what a figure is asked by.

mod readers;

use hotline_bus::Fault;
use hotline_proto::analytics::v1 as proto;

use crate::domain::{Dimension, Happening};

/// What an event says that is counted: itself first, then its parts that count each for themselves; of an unknown one,
/// its name alone.
///
/// # Errors
/// Poison: an event of a known type does not decode.
pub fn read(type_name: &str, payload: &[u8]) -> Result<Vec<Happening>, Fault> {
    let event = type_name.rsplit('.').next().unwrap_or(type_name).to_owned();
    let Some(reader) = readers::READERS.get(type_name) else {
        return Ok(vec![Happening {
            event,
            ..Happening::default()
        }]);
    };
    let mut happenings =
        reader(payload).map_err(|error| Fault::poison(format!("{type_name} does not decode: {error}")))?;
    if let Some(itself) = happenings.first_mut() {
        itself.event = event;
    }
    Ok(happenings)
}

/// The dimension with a number of the contract; nothing for none and for an unknown one.
pub fn dimension(number: i32) -> Option<Dimension> {
    match proto::Dimension::try_from(number).ok()? {
        proto::Dimension::Unspecified => None,
        proto::Dimension::All => Some(Dimension::All),
        proto::Dimension::Unit => Some(Dimension::Unit),
        proto::Dimension::Type => Some(Dimension::Type),
        proto::Dimension::Channel => Some(Dimension::Channel),
        proto::Dimension::Division => Some(Dimension::Division),
        proto::Dimension::Category => Some(Dimension::Category),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_has_the_number_of_the_contract() {
        for number in 1..=6 {
            let known = dimension(number).expect("known");
            assert_eq!(i32::from(known.number()), number);
        }
        assert_eq!((dimension(0), dimension(7)), (None, None));
    }

    #[test]
    fn an_unknown_event_is_counted_by_its_name_alone() {
        let happening = read("hotline.novelty.v1.ThingDone", b"\xff\xff").expect("reads");
        assert_eq!(
            happening,
            [Happening {
                event: "ThingDone".to_owned(),
                ..Happening::default()
            }]
        );
    }

    #[test]
    fn a_known_event_that_does_not_decode_is_poison() {
        assert!(matches!(
            read("hotline.routing.v1.LegSigned", b"\xff\xff"),
            Err(Fault::Poison(_))
        ));
    }
}
