//! The signature of requests to and from a provider: HMAC-SHA256 over what must not change.
//!
//! `signature = hex(HMAC-SHA256(secret, METHOD \n path \n timestamp \n nonce \n hex(SHA-256(body))))`, with the time in whole
//! seconds of the Unix epoch. A request is good for five minutes, and once.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Header of the time.
pub const TIMESTAMP: &str = "x-hotline-timestamp";
/// Header of the nonce.
pub const NONCE: &str = "x-hotline-nonce";
/// Header of the signature.
pub const SIGNATURE: &str = "x-hotline-signature";

/// How far the two clocks may be apart.
pub const LASTS: TimeDelta = TimeDelta::minutes(5);

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// Method, capitals.
    pub method: &'a str,
    /// Path, without query.
    pub path: &'a str,
    /// Seconds of the Unix epoch.
    pub timestamp: i64,
    /// A word that no other request has.
    pub nonce: &'a str,
    /// Body.
    pub body: &'a [u8],
}

impl Signed<'_> {
    fn mac(&self, secret: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        let Self {
            method,
            path,
            timestamp,
            nonce,
            body,
        } = self;
        let digest = hex(&Sha256::digest(body));
        mac.update(format!("{method}\n{path}\n{timestamp}\n{nonce}\n{digest}").as_bytes());
        Some(mac)
    }

    /// The signature, hexadecimal; empty for a secret that is no key.
    #[must_use]
    pub fn sign(&self, secret: &[u8]) -> String {
        self.mac(secret)
            .map_or_else(String::new, |mac| hex(&mac.finalize().into_bytes()))
    }

    /// Whether `signature` is right and the request is of about `now`.
    #[must_use]
    pub fn is_good(&self, secret: &[u8], signature: &str, now: DateTime<Utc>) -> bool {
        let fresh = (now.timestamp() - self.timestamp).abs() <= LASTS.num_seconds();
        let given = unhex(signature);
        let right = self
            .mac(secret)
            .zip(given)
            .is_some_and(|(mac, given)| mac.verify_slice(&given).is_ok());
        fresh && right
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| char::from(c).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    };
    pairs.map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(body: &[u8]) -> Signed<'_> {
        Signed {
            method: "POST",
            path: "/a",
            timestamp: 1_790_000_000,
            nonce: "n",
            body,
        }
    }

    #[test]
    fn a_signature_holds_for_what_was_signed_and_for_five_minutes() {
        let secret = b"0123456789abcdef";
        let at = DateTime::from_timestamp(1_790_000_000, 0).expect("an instant");
        let signature = signed(b"{}").sign(secret);
        assert!(signed(b"{}").is_good(secret, &signature, at + LASTS));
        assert!(!signed(b"{}").is_good(secret, &signature, at + LASTS + TimeDelta::seconds(1)));
        assert!(!signed(b"{ }").is_good(secret, &signature, at));
        assert!(!signed(b"{}").is_good(b"another secret of us", &signature, at));
        assert!(!signed(b"{}").is_good(secret, "zz", at));
    }
}
