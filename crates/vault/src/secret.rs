//! An opened text that wipes itself and never prints itself.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A plain text from the vault. `Debug` prints `***`; there is no `Display` and no serialisation, so that
/// it reaches a table, an event, a log or a trace only where somebody wrote [`Secret::expose`].
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps a text that has just come in from outside, so that it is wiped and not printed from here on.
    #[must_use]
    pub fn new(plain: String) -> Self {
        Self(Zeroizing::new(plain))
    }

    /// Takes opened bytes over; bytes that are not UTF-8 are wiped and given up.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        match String::from_utf8(bytes) {
            Ok(plain) => Some(Self::new(plain)),
            Err(error) => {
                error.into_bytes().zeroize();
                None
            }
        }
    }

    /// The plain text. Every use is a disclosure: keep it short and out of any formatting.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_prints_stars() {
        assert_eq!(format!("{:?}", Secret::new("张三丰".to_owned())), "***");
        assert_eq!(format!("{:?}", Some(Secret::new(String::new()))), "Some(***)");
    }

    #[test]
    fn bytes_that_are_no_text_are_given_up() {
        assert!(Secret::from_bytes(vec![0xff, 0xfe]).is_none());
    }
}
