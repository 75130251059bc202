//! Resident identity numbers after GB 11643.

use super::compact;

/// Weights of the first 17 digits (GB 11643: powers of two modulo 11).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character for each remainder.
const CHECK: [u8; 11] = *b"10X98765432";

/// Why a text is no identity number. Carries nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityRefusal {
    /// Not 18 characters; the numbers of 15 digits are no longer valid.
    #[error("公民身份号码应为18位 (an identity number has 18 characters)")]
    Length,
    /// Something other than digits, or X anywhere but last.
    #[error("公民身份号码含有无法识别的字符 (identity number has a character that none has)")]
    Character,
    /// The digits 7 to 14 are no date.
    #[error("公民身份号码中的出生日期不存在 (the date of birth in the identity number does not exist)")]
    Date,
    /// The check character does not fit: a slip of the pen.
    #[error("公民身份号码校验位不符，请核对 (the check character of the identity number does not fit)")]
    Check,
}

/// Brings an identity number to its 18 characters, half width, X in upper case, and checks date and check character.
///
/// # Errors
/// The first reason that applies.
pub fn identity_number(raw: &str) -> Result<String, IdentityRefusal> {
    let number = compact(raw);
    if number.chars().count() != 18 {
        return Err(IdentityRefusal::Length);
    }
    let bytes = number.as_bytes();
    let well_formed = bytes.len() == 18
        && bytes[..17].iter().all(u8::is_ascii_digit)
        && (bytes[17].is_ascii_digit() || bytes[17] == b'X')
        && bytes[0] != b'0';
    if !well_formed {
        return Err(IdentityRefusal::Character);
    }
    if !has_birth_date(bytes) {
        return Err(IdentityRefusal::Date);
    }
    if check_character(bytes) != bytes[17] {
        return Err(IdentityRefusal::Check);
    }
    Ok(number)
}

/// Whether the digits 7 to 14 are a date of the 19th to the 21st century.
pub(crate) fn has_birth_date(digits: &[u8]) -> bool {
    let number = |range: std::ops::Range<usize>| {
        digits[range]
            .iter()
            .fold(0_i32, |sum, digit| sum * 10 + i32::from(digit.wrapping_sub(b'0')))
    };
    let (year, month, day) = (number(6..10), number(10..12), number(12..14));
    let date = u32::try_from(month).ok().zip(u32::try_from(day).ok());
    (1850..2100).contains(&year)
        && date.is_some_and(|(month, day)| chrono::NaiveDate::from_ymd_opt(year, month, day).is_some())
}

fn check_character(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECK[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    use super::{IdentityRefusal, identity_number};

    #[test]
    fn a_number_with_a_fitting_check_character_passes() {
        // The example of GB 11643, and one that ends with X.
        for (raw, number) in [
            ("11010519491231002X", "11010519491231002X"),
            ("110105 19491231 002x", "11010519491231002X"),
            ("４４０５２４１８８００１０１００１４", "440524188001010014"),
        ] {
            assert_eq!(identity_number(raw).as_deref(), Ok(number), "{raw}");
        }
    }

    #[test]
    fn what_is_no_identity_number_is_refused_with_its_reason() {
        use IdentityRefusal::{Character, Check, Date, Length};
        for (raw, refusal) in [
            ("", Length),
            ("110105491231002", Length),
            ("1101051949123100２XX", Length),
            ("11010519491231O02X", Character),
            ("X1010519491231002X", Character),
            ("11010519491331002X", Date),
            ("11010519490229002X", Date),
            ("110105194912310021", Check),
            ("11010519491231003X", Check),
        ] {
            assert_eq!(identity_number(raw), Err(refusal), "{raw}");
        }
    }
}
