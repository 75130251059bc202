//! The number of an appeal, which people read to each other over the telephone.
//!
//! adcode (6) + date yymmdd (6) + channel (2) + sequence (at least 6) + check digit (1), digits only.
//! The check digit is that of ISO/IEC 7064, MOD 11,10: one decimal digit that finds every single wrong digit
//! and nearly every swap of neighbours. Rejected: MOD 37,2 (its check character may be a letter or a star,
//! which a telephone keypad has not) and Luhn (misses 09/90).

use chrono::{Datelike, NaiveDate};
use hotline_policy::Channel;

/// Digits before the sequence.
const HEAD_LEN: usize = 14;
/// Fewest digits of a sequence.
const SEQUENCE_MIN_LEN: usize = 6;
/// Most digits of a number: a sequence of 64 bits has at most 19.
const NUMBER_MAX_LEN: usize = HEAD_LEN + 19 + 1;

/// The number of an appeal.
#[must_use]
pub fn compose(adcode: &str, date: NaiveDate, channel: Channel, sequence: i64) -> String {
    let body = format!(
        "{adcode:0<6.6}{:02}{:02}{:02}{:02}{sequence:06}",
        date.year().rem_euclid(100),
        date.month(),
        date.day(),
        code_of(channel)
    );
    let check = check_digit(&body);
    format!("{body}{check}")
}

/// The two digits of a channel: its place in the contract's list, from 01.
fn code_of(channel: Channel) -> usize {
    Channel::ALL
        .iter()
        .position(|other| *other == channel)
        .map_or(0, |place| place + 1)
}

/// The check digit of a text of decimal digits (ISO/IEC 7064, MOD 11,10).
#[must_use]
pub fn check_digit(digits: &str) -> u32 {
    let product = digits.bytes().fold(10, |product, digit| {
        let sum = (u32::from(digit.wrapping_sub(b'0')) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

/// Whether a text has the shape of a number and its check digit fits.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let shaped = (HEAD_LEN + SEQUENCE_MIN_LEN + 1..=NUMBER_MAX_LEN).contains(&text.len());
    if !shaped || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let (body, check) = text.split_at(text.len() - 1);
    check
        .bytes()
        .map(|digit| u32::from(digit - b'0'))
        .eq([check_digit(body)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, 30).expect("a date")
    }

    #[test]
    fn the_check_digit_is_that_of_the_standard() {
        // ISO/IEC 7064, 8.2, and the familiar example of a German tax number's rule.
        assert_eq!(check_digit("0794"), 5);
        assert_eq!(check_digit("8609574271"), 9);
    }

    #[test]
    fn a_number_reads_place_date_channel_and_sequence() {
        let number = compose("320300", date(), Channel::EnterpriseSeat, 42);
        assert_eq!(&number[..20], "32030026093002000042");
        assert!(is_number(&number));
        assert!(is_number(&compose(
            "320300",
            date(),
            Channel::LeaderBoard,
            i64::MAX
        )));
    }

    #[test]
    fn what_is_no_number_is_known_at_sight() {
        for bad in [
            "",
            "320300",
            "32030026093002000042",
            "3203002609300200004２5",
            "abc",
            &"1".repeat(50),
        ] {
            assert!(!is_number(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_single_wrong_digit_is_found(sequence in 0..9_999_999_i64, place in 0..21_usize, by in 1..10_u8) {
            let number = compose("320300", date(), Channel::Telephone, sequence);
            let mut digits = number.clone().into_bytes();
            let place = place.min(digits.len() - 1);
            digits[place] = b'0' + (digits[place] - b'0' + by) % 10;
            let wrong = String::from_utf8(digits).expect("digits");
            prop_assert!(is_number(&number) && !is_number(&wrong), "{number} {wrong}");
        }
    }

    #[test]
    fn nearly_every_swap_of_neighbours_is_found() {
        let (mut swaps, mut missed) = (0_u32, 0_u32);
        for sequence in 0..5_000 {
            let number =
                compose("320300", date(), Channel::Telephone, sequence * 7919 % 1_000_000).into_bytes();
            for place in 0..number.len() - 1 {
                if number[place] == number[place + 1] {
                    continue;
                }
                let mut swapped = number.clone();
                swapped.swap(place, place + 1);
                swaps += 1;
                missed += u32::from(is_number(&String::from_utf8(swapped).expect("digits")));
            }
        }
        assert!(missed * 40 < swaps, "{missed} of {swaps} swaps missed");
    }
}
