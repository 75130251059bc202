//! Telephone numbers of mainland China in E.164 form.

use super::{half_width, is_separator};

/// The area code of Xuzhou, as people dial it within China.
pub const DEFAULT_AREA_CODE: &str = "0516";

/// Why a text is no telephone number that can be called back. Carries nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TelephoneRefusal {
    /// There are no digits.
    #[error("电话号码为空 (telephone is empty)")]
    Empty,
    /// Something other than digits, separators, brackets and a leading plus.
    #[error("电话号码含有无法识别的字符 (telephone has a character that no number has)")]
    Character,
    /// An extension follows the number.
    #[error(
        "电话号码带有分机号，请填写不带分机的号码 (telephone has an extension; give the number without it)"
    )]
    Extension,
    /// The number belongs to another country or region.
    #[error("暂不支持境外电话号码 (telephone is outside mainland China)")]
    Foreign,
    /// Too many or too few digits for its kind.
    #[error("电话号码位数不对 (telephone has the wrong number of digits)")]
    Length,
    /// The digits do not begin as any mobile, landline or 400/800 number does.
    #[error("电话号码号段不存在 (telephone is in no assigned range)")]
    Range,
}

/// Brings a telephone number to E.164: `138 1234 5678` to `+8613812345678`, `8371-2345` with the area code
/// 0516 to `+8651683712345`, `400-123-4567` to `+864001234567`. Full-width digits, separators, brackets and
/// the prefixes +86, 0086 and 86 are understood.
///
/// `area_code` completes a landline given without one; it is written as dialled, with its zero.
///
/// # Errors
/// The first reason that applies.
pub fn telephone(raw: &str, area_code: &str) -> Result<String, TelephoneRefusal> {
    let digits = national(&digits(raw)?)?;
    let national = match digits.as_bytes() {
        [b'1', ..] => mobile(&digits)?,
        [b'4' | b'8', b'0', b'0', ..] if digits.len() == 10 => digits,
        [b'0', ..] => landline(&digits)?,
        [b'2'..=b'8', ..] if matches!(digits.len(), 7 | 8) => landline(&format!("{area_code}{digits}"))?,
        [b'2'..=b'8', ..] => return Err(TelephoneRefusal::Length),
        _ => return Err(TelephoneRefusal::Range),
    };
    Ok(format!("+86{national}"))
}

/// The digits, with a leading `+` kept.
fn digits(raw: &str) -> Result<String, TelephoneRefusal> {
    let mut digits = String::new();
    for character in raw.trim().chars().map(half_width) {
        match character {
            '0'..='9' => digits.push(character),
            '+' if digits.is_empty() => digits.push(character),
            '(' | ')' => {}
            '转' | '#' | 'x' | 'X' | ',' if !digits.is_empty() => return Err(TelephoneRefusal::Extension),
            _ if is_separator(character) => {}
            _ => return Err(TelephoneRefusal::Character),
        }
    }
    if digits.is_empty() || digits == "+" {
        Err(TelephoneRefusal::Empty)
    } else {
        Ok(digits)
    }
}

/// Takes the country code off; what remains begins as one dials it within the country.
fn national(digits: &str) -> Result<String, TelephoneRefusal> {
    let international = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00"));
    let rest = match international {
        Some(number) => number.strip_prefix("86").ok_or(TelephoneRefusal::Foreign)?,
        None => match digits.strip_prefix("86") {
            Some(mobile) if mobile.len() == 11 && mobile.starts_with('1') => mobile,
            _ => return Ok(digits.to_owned()),
        },
    };
    let complete = rest.starts_with(['0', '1'])
        || (rest.len() == 10 && (rest.starts_with("400") || rest.starts_with("800")));
    if rest.is_empty() {
        return Err(TelephoneRefusal::Length);
    }
    // After +86 an area code stands without its zero; 10 is Beijing, not a mobile.
    let beijing = rest.starts_with("10") && rest.len() == 10;
    Ok(if complete && !beijing {
        rest.to_owned()
    } else {
        format!("0{rest}")
    })
}

fn mobile(digits: &str) -> Result<String, TelephoneRefusal> {
    match digits.as_bytes() {
        [b'1', b'3'..=b'9', ..] if digits.len() == 11 => Ok(digits.to_owned()),
        [b'1', b'3'..=b'9', ..] => Err(TelephoneRefusal::Length),
        _ => Err(TelephoneRefusal::Range),
    }
}

/// Checks area code and subscriber number and drops the zero.
fn landline(digits: &str) -> Result<String, TelephoneRefusal> {
    let (area_len, subscriber_lens) = match digits.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', b'0'..=b'9', ..] => (3, 8..=8),
        [b'0', b'3'..=b'9', ..] => (4, 7..=8),
        _ => return Err(TelephoneRefusal::Range),
    };
    let subscriber = digits.get(area_len..).unwrap_or_default();
    if !subscriber_lens.contains(&subscriber.len()) {
        return Err(TelephoneRefusal::Length);
    }
    if !subscriber.starts_with(['2', '3', '4', '5', '6', '7', '8']) {
        return Err(TelephoneRefusal::Range);
    }
    Ok(digits[1..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_AREA_CODE, TelephoneRefusal, telephone};

    #[test]
    fn every_way_of_writing_a_number_gives_one_form() {
        for (raw, e164) in [
            ("13812345678", "+8613812345678"),
            (" 138-1234-5678 ", "+8613812345678"),
            ("１３８　１２３４　５６７８", "+8613812345678"),
            ("+86 138 1234 5678", "+8613812345678"),
            ("008613812345678", "+8613812345678"),
            ("8613812345678", "+8613812345678"),
            ("83712345", "+8651683712345"),
            ("（0516）8371-2345", "+8651683712345"),
            ("+86 516 8371 2345", "+8651683712345"),
            ("+86 (0516) 83712345", "+8651683712345"),
            ("025-83712345", "+862583712345"),
            ("010 6371 2345", "+861063712345"),
            ("+861063712345", "+861063712345"),
            ("0527-8371234", "+865278371234"),
            ("400-123-4567", "+864001234567"),
            ("+86 400 123 4567", "+864001234567"),
            ("19912345678", "+8619912345678"),
        ] {
            assert_eq!(telephone(raw, DEFAULT_AREA_CODE).as_deref(), Ok(e164), "{raw}");
        }
    }

    #[test]
    fn the_area_code_is_that_of_the_city() {
        assert_eq!(telephone("63712345", "021").as_deref(), Ok("+862163712345"));
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_reason() {
        use TelephoneRefusal::{Character, Empty, Extension, Foreign, Length, Range};
        for (raw, refusal) in [
            ("", Empty),
            (" - ", Empty),
            ("+", Empty),
            ("没有电话", Character),
            ("1381234567a", Character),
            ("0516-83712345转801", Extension),
            ("+852 2345 6789", Foreign),
            ("001 212 555 0123", Foreign),
            ("1381234567", Length),
            ("138123456789", Length),
            ("12345", Range),
            ("11012345678", Range),
            ("110", Range),
            ("0516-8371", Length),
            ("0516-12345678", Range),
            ("00860", Range),
            ("+86", Length),
            ("99999999", Range),
            ("2345", Length),
        ] {
            assert_eq!(telephone(raw, DEFAULT_AREA_CODE), Err(refusal), "{raw}");
        }
    }
}
