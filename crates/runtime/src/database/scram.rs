//! The SCRAM-SHA-256 verifier of a password, as PostgreSQL stores it (RFC 5802, RFC 7677).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Rounds of the key derivation, PostgreSQL's own default.
const ROUNDS: u32 = 4_096;

/// Bytes of salt, PostgreSQL's own default.
const SALT_BYTES: usize = 16;

/// A verifier of `password` (printable ASCII) with a random salt.
pub(crate) fn verifier(password: &str) -> anyhow::Result<String> {
    let mut salt = [0_u8; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    verifier_with(password, &salt, ROUNDS)
}

fn verifier_with(password: &str, salt: &[u8], rounds: u32) -> anyhow::Result<String> {
    let salted = salted_password(password.as_bytes(), salt, rounds)?;
    let stored = Sha256::digest(mac(&salted, &[b"Client Key"])?);
    let server = mac(&salted, &[b"Server Key"])?;
    let text = |bytes: &[u8]| STANDARD.encode(bytes);
    Ok(format!(
        "SCRAM-SHA-256${rounds}:{}${}:{}",
        text(salt),
        text(&stored),
        text(&server)
    ))
}

/// `Hi(password, salt, rounds)` of RFC 5802: the first block of PBKDF2.
fn salted_password(password: &[u8], salt: &[u8], rounds: u32) -> anyhow::Result<[u8; 32]> {
    let mut last = mac(password, &[salt, &1_u32.to_be_bytes()])?;
    let mut sum = last;
    for _ in 1..rounds {
        last = mac(password, &[&last])?;
        sum.iter_mut().zip(last).for_each(|(sum, byte)| *sum ^= byte);
    }
    Ok(sum)
}

fn mac(key: &[u8], parts: &[&[u8]]) -> anyhow::Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)?;
    parts.iter().for_each(|part| mac.update(part));
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_salted_password_is_the_one_of_rfc_7677() {
        // Section 3 of RFC 7677: password "pencil", 4096 rounds; its server signature proves the server key.
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").expect("base64");
        let salted = salted_password(b"pencil", &salt, 4_096).expect("computes");
        let server_key = mac(&salted, &[b"Server Key"]).expect("computes");
        let nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let message = format!(
            "n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r={nonce}"
        );
        let signature = mac(&server_key, &[message.as_bytes()]).expect("computes");
        assert_eq!(
            STANDARD.encode(signature),
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        );
    }
}
