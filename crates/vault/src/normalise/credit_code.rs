//! Unified social credit codes of enterprises and organisations after GB 32100.

use super::compact;

/// The characters in the order of their values; I, O, S, V and Z are left out (GB 32100, table 1).
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Why a text is no unified social credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeRefusal {
    /// Not 18 characters.
    #[error("统一社会信用代码应为18位 (a unified social credit code has 18 characters)")]
    Length,
    /// A character that the code never has (I, O, S, V, Z among them), or a letter within the division code.
    #[error("统一社会信用代码含有无法识别的字符 (unified social credit code has a character that none has)")]
    Character,
    /// The check character does not fit: a slip of the pen.
    #[error(
        "统一社会信用代码校验位不符，请核对 (the check character of the unified social credit code does not fit)"
    )]
    Check,
}

/// Brings a unified social credit code to its 18 characters, half width, in upper case, and checks its last one.
///
/// # Errors
/// The first reason that applies.
pub fn credit_code(raw: &str) -> Result<String, CreditCodeRefusal> {
    let code = compact(raw);
    if code.chars().count() != 18 {
        return Err(CreditCodeRefusal::Length);
    }
    let values: Option<Vec<usize>> = code.bytes().map(value).collect();
    let values = values.ok_or(CreditCodeRefusal::Character)?;
    if !code.as_bytes()[2..8].iter().all(u8::is_ascii_digit) {
        return Err(CreditCodeRefusal::Character);
    }
    // GB 32100, 4.2.5: weights are the powers of three modulo 31.
    let weights = std::iter::successors(Some(1), |weight| Some(weight * 3 % 31));
    let sum: usize = values[..17]
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum();
    if (31 - sum % 31) % 31 == values[17] {
        Ok(code)
    } else {
        Err(CreditCodeRefusal::Check)
    }
}

fn value(character: u8) -> Option<usize> {
    ALPHABET.iter().position(|candidate| *candidate == character)
}

#[cfg(test)]
mod tests {
    use super::{CreditCodeRefusal, credit_code};

    #[test]
    fn a_code_with_a_fitting_check_character_passes() {
        for raw in [
            "91350100M000100Y43",
            "９１３５０１００Ｍ０００１００Ｙ４３",
            "91350100m000100y43",
        ] {
            assert_eq!(credit_code(raw).as_deref(), Ok("91350100M000100Y43"), "{raw}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused_with_its_reason() {
        use CreditCodeRefusal::{Character, Check, Length};
        for (raw, refusal) in [
            ("", Length),
            ("91350100M000100Y4", Length),
            ("91350100I000100Y43", Character),
            ("9135O100M000100Y43", Character),
            ("913501AAM000100Y43", Character),
            ("91350100M000100Y44", Check),
            ("91350100M000010Y43", Check),
        ] {
            assert_eq!(credit_code(raw), Err(refusal), "{raw}");
        }
    }
}
