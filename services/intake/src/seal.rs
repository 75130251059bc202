//! Personal data on its way into the tables and out: sealed, indexed, masked, concealed in free text.
//!
//! Invariant: nothing that a person wrote reaches a table or an event before it went through `conceal`.

use std::fmt;

use hotline_vault::{Field, Vault, VaultError, mask, redact};
use uuid::Uuid;

use crate::domain::{Draft, Person};
use crate::store::SealedPerson;

/// Fewest characters of a name that is concealed in free text: a lone surname would hit ordinary words.
const NAME_MIN: usize = 2;
/// Fewest characters of an address that is concealed in free text: "徐州市" alone tells nothing of anybody.
const ADDRESS_MIN: usize = 5;

/// Where a sealed value stands, so that one can not be moved into the place of another of the same field.
const PLACE: &[u8] = b"incident_place";
const TITLE: &[u8] = b"original_title";
const CONTENT: &[u8] = b"original_content";
const CODE: &[u8] = b"tracking_code";

/// An appellant's opened or masked particulars. Never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Opened {
    /// Name.
    pub name: String,
    /// Telephone.
    pub telephone: String,
    /// Identity number.
    pub identity_number: String,
    /// Address.
    pub address: String,
    /// Place of the incident.
    pub incident_place: String,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened(***)")
    }
}

/// The row that a value is bound to: the appeal, and the column where several have one field.
fn row(id: Uuid, column: &[u8]) -> Vec<u8> {
    [id.as_bytes(), column].concat()
}

fn seal_some(vault: &Vault, field: Field, row: &[u8], plain: &str) -> Option<Vec<u8>> {
    (!plain.is_empty()).then(|| vault.seal(field, row, plain).into_bytes())
}

fn open_some(
    vault: &Vault,
    field: Field,
    row: &[u8],
    sealed: Option<&Vec<u8>>,
) -> Result<String, VaultError> {
    match sealed {
        Some(sealed) => Ok(vault.open_sealed(field, row, sealed)?.expose().to_owned()),
        None => Ok(String::new()),
    }
}

fn index_some(vault: &Vault, field: Field, plain: &str) -> Option<Vec<u8>> {
    (!plain.is_empty()).then(|| vault.blind_index(field, plain).as_bytes().to_vec())
}

/// Everything of a draft that is personal, sealed for appeal `id`.
#[must_use]
pub fn seal(vault: &Vault, id: Uuid, draft: &Draft, code: &str, originals: Originals<'_>) -> SealedPerson {
    let person = &draft.appellant;
    let own = |field, plain: &str| seal_some(vault, field, id.as_bytes(), plain);
    let original =
        |column, text: Option<&str>| seal_some(vault, Field::Content, &row(id, column), text.unwrap_or(""));
    SealedPerson {
        tracking_code: vault.seal(Field::Content, &row(id, CODE), code).into_bytes(),
        name: own(Field::AppellantName, &person.name),
        telephone: own(Field::Telephone, &person.telephone),
        identity_number: own(Field::IdentityNumber, &person.identity_number),
        address: own(Field::Address, &person.address),
        incident_place: seal_some(vault, Field::Address, &row(id, PLACE), &draft.incident_place),
        original_title: original(TITLE, originals.title),
        original_content: original(CONTENT, originals.content),
        telephone_index: index_some(vault, Field::Telephone, &person.telephone),
        identity_index: index_some(vault, Field::IdentityNumber, &person.identity_number),
    }
}

/// Texts as they were written, where something in them was masked.
#[derive(Clone, Copy, Default)]
pub struct Originals<'a> {
    /// Title.
    pub title: Option<&'a str>,
    /// Content.
    pub content: Option<&'a str>,
}

/// The appellant in clear.
///
/// # Errors
/// A value that no key of the ring opens, or that belongs elsewhere.
pub fn open(vault: &Vault, id: Uuid, sealed: &SealedPerson) -> Result<Opened, VaultError> {
    let own = |field, value: &Option<Vec<u8>>| open_some(vault, field, id.as_bytes(), value.as_ref());
    Ok(Opened {
        name: own(Field::AppellantName, &sealed.name)?,
        telephone: own(Field::Telephone, &sealed.telephone)?,
        identity_number: own(Field::IdentityNumber, &sealed.identity_number)?,
        address: own(Field::Address, &sealed.address)?,
        incident_place: open_some(
            vault,
            Field::Address,
            &row(id, PLACE),
            sealed.incident_place.as_ref(),
        )?,
    })
}

/// The tracking code in clear.
///
/// # Errors
/// As [`open`].
pub fn open_code(vault: &Vault, id: Uuid, sealed: &SealedPerson) -> Result<String, VaultError> {
    open_some(vault, Field::Content, &row(id, CODE), Some(&sealed.tracking_code))
}

/// The same appellant under the active keys; what is under them already stays as it is.
///
/// # Errors
/// As [`open`].
pub fn reseal(vault: &Vault, id: Uuid, old: &SealedPerson) -> Result<SealedPerson, VaultError> {
    let again = |field, row: &[u8], value: &Option<Vec<u8>>| -> Result<Option<Vec<u8>>, VaultError> {
        let Some(sealed) = value else { return Ok(None) };
        let plain = vault.open_sealed(field, row, sealed)?;
        if !vault.reseal_needed(sealed) {
            return Ok(Some(sealed.clone()));
        }
        Ok(Some(vault.seal(field, row, plain.expose()).into_bytes()))
    };
    let opened = open(vault, id, old)?;
    let code = again(Field::Content, &row(id, CODE), &Some(old.tracking_code.clone()))?;
    Ok(SealedPerson {
        tracking_code: code.unwrap_or_default(),
        name: again(Field::AppellantName, id.as_bytes(), &old.name)?,
        telephone: again(Field::Telephone, id.as_bytes(), &old.telephone)?,
        identity_number: again(Field::IdentityNumber, id.as_bytes(), &old.identity_number)?,
        address: again(Field::Address, id.as_bytes(), &old.address)?,
        incident_place: again(Field::Address, &row(id, PLACE), &old.incident_place)?,
        original_title: again(Field::Content, &row(id, TITLE), &old.original_title)?,
        original_content: again(Field::Content, &row(id, CONTENT), &old.original_content)?,
        telephone_index: index_some(vault, Field::Telephone, &opened.telephone),
        identity_index: index_some(vault, Field::IdentityNumber, &opened.identity_number),
    })
}

/// The forms in which people see the appellant.
#[must_use]
pub fn masked(clear: &Opened) -> Opened {
    let hide = |text: &str, mask: fn(&str) -> String| {
        if text.is_empty() {
            String::new()
        } else {
            mask(text)
        }
    };
    Opened {
        name: hide(&clear.name, mask::name),
        telephone: hide(&clear.telephone, mask::telephone),
        identity_number: hide(&clear.identity_number, mask::identity),
        address: hide(&clear.address, mask::address),
        incident_place: hide(&clear.incident_place, mask::address),
    }
}

/// A digest of a request under the vault's index key: equal requests have equal digests, and nobody without the
/// key can test a guess of the telephone in it. `kind` keeps the requests of two methods apart.
#[must_use]
pub fn digest(vault: &Vault, kind: &str, request: &[u8]) -> Vec<u8> {
    vault
        .blind_index(Field::Content, &spelt(kind, request))
        .as_bytes()
        .to_vec()
}

/// Whether `digest` is that of the request, under whichever index key.
#[must_use]
pub fn is_digest(vault: &Vault, digest: &[u8], kind: &str, request: &[u8]) -> bool {
    vault
        .blind_indexes(Field::Content, &spelt(kind, request))
        .iter()
        .any(|index| index.as_bytes() == digest)
}

fn spelt(kind: &str, request: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(kind.len() + 1 + 2 * request.len());
    text.push_str(kind);
    text.push(' ');
    for byte in request {
        // Writing into a String can not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The particulars of an appellant that must not stand in a text.
#[derive(Clone, Copy)]
pub struct Particulars<'a> {
    name: &'a str,
    telephone: &'a str,
    identity_number: &'a str,
    address: &'a str,
}

impl<'a> From<&'a Person> for Particulars<'a> {
    fn from(person: &'a Person) -> Self {
        let Person {
            name,
            telephone,
            identity_number,
            address,
            ..
        } = person;
        Self {
            name,
            telephone,
            identity_number,
            address,
        }
    }
}

impl<'a> From<&'a Opened> for Particulars<'a> {
    fn from(opened: &'a Opened) -> Self {
        let Opened {
            name,
            telephone,
            identity_number,
            address,
            ..
        } = opened;
        Self {
            name,
            telephone,
            identity_number,
            address,
        }
    }
}

/// Masks the appellant's own particulars in a text of the desk, and leaves the telephones of offices as they are.
#[must_use]
pub fn conceal_own(text: &str, own: Particulars<'_>) -> String {
    let mut text = text.to_owned();
    let mut hide = |part: &str, least: usize, masked: fn(&str) -> String| {
        if part.chars().count() >= least && text.contains(part) {
            text = text.replace(part, &masked(part));
        }
    };
    hide(own.address, ADDRESS_MIN, mask::address);
    hide(own.name, NAME_MIN, mask::name);
    hide(own.identity_number, 1, mask::identity);
    hide(own.telephone, 1, mask::telephone);
    let national = own.telephone.strip_prefix("+86").unwrap_or("");
    hide(national, 1, mask::telephone);
    text
}

/// Masks the appellant's own particulars and every telephone and identity number in a text; tells whether there
/// was one.
#[must_use]
pub fn conceal(text: &str, own: Particulars<'_>) -> (String, bool) {
    let (masked, _) = redact::redact(&conceal_own(text, own));
    let found = masked != text;
    (masked, found)
}

#[cfg(test)]
mod tests {
    use hotline_vault::{Keyring, Suite};

    use super::*;

    fn vault() -> Vault {
        Vault::from_keyring(Keyring::generate(Suite::Aes256Gcm, chrono::DateTime::UNIX_EPOCH))
    }

    fn li() -> Opened {
        Opened {
            name: "李晓明".into(),
            telephone: "+8613812345678".into(),
            identity_number: "11010519491231002X".into(),
            address: "徐州市泉山区绿地小区3号楼501室".into(),
            incident_place: String::new(),
        }
    }

    #[test]
    fn a_person_s_own_particulars_are_concealed_wherever_they_stand() {
        let text = "我是李晓明,住徐州市泉山区绿地小区3号楼501室,电话13812345678,身份证11010519491231002X";
        let (masked, found) = conceal(text, (&li()).into());
        assert!(found);
        for particular in ["李晓明", "绿地小区", "13812345678", "11010519491231002X"] {
            assert!(!masked.contains(particular), "{masked}");
        }
    }

    #[test]
    fn the_telephone_of_an_office_stays_in_an_answer() {
        let answer = "请致电0516-83712345,您的号码13812345678已登记";
        assert_eq!(
            conceal_own(answer, (&li()).into()),
            "请致电0516-83712345,您的号码138****5678已登记"
        );
    }

    #[test]
    fn a_value_opens_in_its_own_column_alone() {
        let (vault, id) = (vault(), Uuid::from_u128(7));
        let sealed = vault.seal(Field::Content, &row(id, TITLE), "x").into_bytes();
        assert!(
            vault
                .open_sealed(Field::Content, &row(id, CODE), &sealed)
                .is_err()
        );
        assert!(
            vault
                .open_sealed(Field::Content, &row(id, TITLE), &sealed)
                .is_ok()
        );
    }

    #[test]
    fn a_digest_belongs_to_its_request() {
        let vault = vault();
        let known = digest(&vault, "register", b"a");
        assert!(is_digest(&vault, &known, "register", b"a"));
        assert!(!is_digest(&vault, &known, "register", b"b") && !is_digest(&vault, &known, "urge", b"a"));
    }
}
