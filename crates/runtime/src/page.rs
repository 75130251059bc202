//! Opaque page tokens for keyset paging: the sort key of the last row shown, bound to the filter of its list.
//!
//! A token is no secret and grants nothing: it holds a position, and the query applies the caller's rights anew.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hotline_policy::refusal::{Code, Refusal};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::refusals::{PAGE_IDS_INVALID, PAGE_SIZE_INVALID, PAGE_TOKEN_INVALID};

/// Rows of a page when the caller asks for none.
pub const SIZE_DEFAULT: usize = 25;

/// Most rows of a page; more are cut to it without a word, as the contract says.
pub const SIZE_MAX: usize = 200;

/// Most identifiers for which one call asks.
pub const IDS_MAX: usize = 100;

/// Longest token that is decoded, bytes: a sort key is a few values.
const TOKEN_MAX_BYTES: usize = 1_024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Token<K> {
    /// Fingerprint of the filter.
    f: String,
    /// Sort key of the last row.
    k: K,
}

/// The token after a row with sort key `key`, in the list that `filter` describes.
pub fn encode<K: Serialize>(key: &K, filter: &impl Serialize) -> String {
    let token = Token {
        f: fingerprint(filter),
        k: key,
    };
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&token).unwrap_or_default())
}

/// The sort key in `token`, or nothing for the first page (an empty token).
///
/// # Errors
/// A token that is none, or that belongs to another filter.
pub fn decode<K: DeserializeOwned>(token: &str, filter: &impl Serialize) -> Result<Option<K>, Refusal> {
    if token.is_empty() {
        return Ok(None);
    }
    let refused = || Refusal::new(&PAGE_TOKEN_INVALID).field("page_token");
    if token.len() > TOKEN_MAX_BYTES {
        return Err(refused());
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| refused())?;
    let token: Token<K> = serde_json::from_slice(&bytes).map_err(|_| refused())?;
    if token.f != fingerprint(filter) {
        return Err(refused().detail("made for another filter"));
    }
    Ok(Some(token.k))
}

/// Rows of a page when the caller asks for `requested`: 0 is the default, more than the most is the most.
///
/// # Errors
/// A negative number.
pub fn size(requested: i32) -> Result<usize, Refusal> {
    match usize::try_from(requested) {
        Ok(0) => Ok(SIZE_DEFAULT),
        Ok(rows) => Ok(rows.min(SIZE_MAX)),
        Err(_) => Err(Refusal::new(&PAGE_SIZE_INVALID).field("page_size")),
    }
}

/// The identifiers of a page of things, each once: at least one, [`IDS_MAX`] at most.
///
/// # Errors
/// None or too many; `invalid` for one that is none.
pub fn ids(field: &str, given: &[String], invalid: &'static Code) -> Result<Vec<Uuid>, Refusal> {
    if given.is_empty() || given.len() > IDS_MAX {
        return Err(Refusal::new(&PAGE_IDS_INVALID).field(field));
    }
    let read = |text: &String| Uuid::parse_str(text).map_err(|_| Refusal::new(invalid).field(field));
    let mut ids = given.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// First 8 bytes of the filter's SHA-256, enough to notice a changed filter.
fn fingerprint(filter: &impl Serialize) -> String {
    let text = serde_json::to_vec(filter).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    type Key = (i64, String);

    #[test]
    fn a_token_comes_back_as_its_key() {
        let key: Key = (1_790_000_000_000_000, "a".into());
        let token = encode(&key, &"unit=1");
        assert_eq!(decode::<Key>(&token, &"unit=1"), Ok(Some(key)));
        assert_eq!(decode::<Key>("", &"unit=1"), Ok(None));
    }

    #[test]
    fn a_bad_token_is_refused_by_its_field() {
        let good = encode(&(1, "a"), &"unit=1");
        let other_shape = encode(&"text", &"unit=1");
        for bad in ["%%%", "bm90IGpzb24", &good[1..], &"A".repeat(2_000), &other_shape] {
            let refusal = decode::<Key>(bad, &"unit=1").expect_err(bad);
            assert_eq!(
                (refusal.code.id, refusal.field.as_deref()),
                ("page.token_invalid", Some("page_token"))
            );
        }
        assert!(decode::<Key>(&good, &"unit=2").is_err());
    }

    #[test]
    fn identifiers_are_read_once_each_and_are_few() {
        let one = Uuid::from_u128(7).to_string();
        let given = vec![one.clone(), one.clone()];
        assert_eq!(
            ids("ids", &given, &PAGE_IDS_INVALID),
            Ok(vec![Uuid::from_u128(7)])
        );
        for bad in [vec![], vec![one; IDS_MAX + 1], vec!["x".to_owned()]] {
            assert_eq!(
                ids("ids", &bad, &PAGE_IDS_INVALID)
                    .expect_err("refused")
                    .field
                    .as_deref(),
                Some("ids")
            );
        }
    }

    #[test]
    fn a_page_has_a_default_and_a_most() {
        assert_eq!(
            (size(0), size(7), size(9_999)),
            (Ok(SIZE_DEFAULT), Ok(7), Ok(SIZE_MAX))
        );
        assert_eq!(size(-1).expect_err("refused").code.id, "page.size_invalid");
    }
}
