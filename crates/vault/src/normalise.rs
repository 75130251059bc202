//! The one form in which a number is stored and indexed, and why a text is not such a number.

mod credit_code;
mod identity;
mod telephone;

pub use credit_code::{CreditCodeRefusal, credit_code};
pub(crate) use identity::has_birth_date;
pub use identity::{IdentityRefusal, identity_number};
pub use telephone::{DEFAULT_AREA_CODE, TelephoneRefusal, telephone};

/// The ASCII form of a full-width letter, digit or sign; anything else as it is.
pub(crate) const fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(character as u32 - 0xfee0) {
            Some(ascii) => ascii,
            None => character,
        },
        '\u{3000}' | '\u{a0}' => ' ',
        _ => character,
    }
}

/// Signs that people write between digits and that carry no meaning.
pub(crate) const fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '\t' | '-' | '_' | '.' | '\u{b7}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200d}' | '\u{feff}'
    )
}

/// The characters of a written number, half width, without separators, letters in upper case.
fn compact(raw: &str) -> String {
    let half = raw
        .chars()
        .map(half_width)
        .filter(|character| !is_separator(*character));
    half.map(|character| character.to_ascii_uppercase()).collect()
}
