//! The fields that are personal data, by the names that bind a sealed value to its place.

use std::fmt;

/// A field whose content is sealed. Its name is part of the associated data of every sealed value and of
/// the derivation of its keys, so a name never changes once data exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The name of the person or of the enterprise's representative.
    AppellantName,
    /// The telephone number, in E.164 form before it is indexed.
    Telephone,
    /// The resident identity number (GB 11643).
    IdentityNumber,
    /// The address of the appellant, not the place of the incident.
    Address,
    /// Free text of an appeal that must not stand in clear, such as a confidential report.
    Content,
    /// The person whom a unit spoke to, where this is not the appellant.
    ContactName,
    /// The secret of an account's authenticator: no personal data, and as worth hiding.
    SecondFactor,
}

impl Field {
    /// Every field, in the order of the declaration.
    pub const ALL: [Self; 7] = [
        Self::AppellantName,
        Self::Telephone,
        Self::IdentityNumber,
        Self::Address,
        Self::Content,
        Self::ContactName,
        Self::SecondFactor,
    ];

    /// The stable name of the field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AppellantName => "appellant_name",
            Self::Telephone => "telephone",
            Self::IdentityNumber => "identity_number",
            Self::Address => "address",
            Self::Content => "content",
            Self::ContactName => "contact_name",
            Self::SecondFactor => "second_factor",
        }
    }

    /// The place of the field in [`Field::ALL`].
    pub(crate) const fn position(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn a_field_stands_at_its_position_and_has_a_name_of_its_own() {
        for (position, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(field.position(), position);
            let same = Field::ALL
                .iter()
                .filter(|other| other.name() == field.name())
                .count();
            assert_eq!(same, 1, "{field}");
        }
    }
}
