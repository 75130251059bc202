//! Random tokens and what is kept of them, password hashes, and codes of authenticators.
//!
//! Invariant: of a token only its digest is stored, of a password only an argon2id hash.

use std::sync::LazyLock;

use anyhow::Context as _;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hotline_vault::{Field, Vault};
use qrcode::QrCode;
use qrcode::render::svg;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

/// Passwords hashed at once: each takes 19 MiB and a core.
static HASHING: Semaphore = Semaphore::const_new(4);

/// What is verified where there is no password, so that it takes as long.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("a password that nobody has").ok());

/// Recovery codes of an account.
const RECOVERY_CODES: usize = 8;

/// Letters of a recovery code: none that is taken for another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";

/// A random token, 256 bits, and the digest that is stored.
#[derive(Debug)]
pub struct Token {
    /// What the browser or the person gets.
    pub text: String,
    /// What is stored.
    pub hash: Vec<u8>,
}

impl Token {
    /// A fresh one.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn fresh() -> anyhow::Result<Self> {
        let text = URL_SAFE_NO_PAD.encode(random::<32>()?);
        Ok(Self {
            hash: digest(&text),
            text,
        })
    }
}

/// Random bytes.
fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(bytes)
}

/// What is stored of a token.
pub fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Hashes a password: argon2id, 19 MiB, two passes (OWASP's first choice).
///
/// # Errors
/// The operating system gives no random bytes or no thread.
pub async fn hash_password(password: &str) -> anyhow::Result<String> {
    let password = Zeroizing::new(password.to_owned());
    let _place = HASHING.acquire().await?;
    tokio::task::spawn_blocking(move || hash(&password)).await?
}

/// Whether a password fits a hash; without a hash it takes as long and says no.
///
/// # Errors
/// A hash that cannot be read, or no thread.
pub async fn verify_password(password: &str, hash: Option<String>) -> anyhow::Result<bool> {
    let password = Zeroizing::new(password.to_owned());
    let _place = HASHING.acquire().await?;
    tokio::task::spawn_blocking(move || {
        let Some(own) = hash.as_ref().or(NOBODY.as_ref()) else {
            return Ok(false);
        };
        let parsed = PasswordHash::new(own).map_err(|error| anyhow::anyhow!("a stored hash: {error}"))?;
        let fits = Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        Ok(fits && hash.is_some())
    })
    .await?
}

fn hash(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow::anyhow!("hash a password: {error}"))?;
    Ok(hash.to_string())
}

/// The secret of a new authenticator.
///
/// # Errors
/// The operating system gives no random bytes.
pub fn new_factor() -> anyhow::Result<String> {
    Ok(Secret::new(Box::new(random::<20>()?)).to_base32())
}

/// A factor's secret for the table.
pub fn seal_factor(vault: &Vault, account: i64, secret: &str) -> Vec<u8> {
    vault
        .seal(Field::SecondFactor, &account.to_be_bytes(), secret)
        .into_bytes()
}

/// A factor's secret out of the table.
///
/// # Errors
/// It was sealed for another account, or with a key that is gone.
pub fn open_factor(vault: &Vault, account: i64, sealed: &[u8]) -> anyhow::Result<String> {
    let secret = vault
        .open_sealed(Field::SecondFactor, &account.to_be_bytes(), sealed)
        .context("the sealed second factor")?;
    Ok(secret.expose().to_owned())
}

/// The step of time whose code is `code`, one step early or late allowed; `now` in seconds since 1970.
///
/// # Errors
/// A secret that is none.
pub fn step_of(secret: &str, code: &str, now: i64) -> anyhow::Result<Option<i64>> {
    let totp = totp(secret, "", "")?;
    let step = totp.check(code.trim(), u64::try_from(now).unwrap_or_default());
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// The `otpauth` address of a factor.
///
/// # Errors
/// A secret or a name that cannot stand in it.
pub fn factor_url(secret: &str, username: &str, issuer: &str) -> anyhow::Result<String> {
    totp(secret, username, issuer)?
        .to_url()
        .map_err(|error| anyhow::anyhow!("the factor's address: {error}"))
}

/// The picture of an address, for a telephone's camera, as SVG.
///
/// # Errors
/// It is too long for a picture.
pub fn picture(url: &str) -> anyhow::Result<String> {
    let code = QrCode::new(url.as_bytes()).context("too long for a picture")?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(192, 192).build())
}

fn totp(secret: &str, username: &str, issuer: &str) -> anyhow::Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(|error| anyhow::anyhow!("a secret: {error:?}"))?;
    let mut builder = Builder::new().with_secret(secret).with_account_name(username);
    if !issuer.is_empty() {
        builder = builder.with_issuer(Some(issuer));
    }
    builder
        .build()
        .map_err(|error| anyhow::anyhow!("an authenticator: {error:?}"))
}

/// Recovery codes for the person, each good for once.
///
/// # Errors
/// The operating system gives no random bytes.
pub fn recovery_codes() -> anyhow::Result<Vec<String>> {
    (0..RECOVERY_CODES).map(|_| recovery_code()).collect()
}

fn recovery_code() -> anyhow::Result<String> {
    let letters: String = random::<12>()?
        .iter()
        // 31 letters: the dash of the table only divides.
        .map(|byte| char::from(LETTERS[usize::from(*byte) % (LETTERS.len() - 1)]))
        .collect();
    Ok(format!("{}-{}-{}", &letters[..4], &letters[4..8], &letters[8..]))
}

/// What is stored of a recovery code, however it is typed.
pub fn recovery_digest(account: i64, code: &str) -> Vec<u8> {
    let plain: String = code
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    digest(&format!("{account}:{plain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_nobodys_fits_none() {
        let hash = hash_password("correct horse battery").await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let fits = async |password: &str, hash: Option<&String>| {
            verify_password(password, hash.cloned()).await.expect("verifies")
        };
        assert!(fits("correct horse battery", Some(&hash)).await);
        assert!(!fits("correct horse batterz", Some(&hash)).await);
        assert!(!fits("a password that nobody has", None).await);
    }

    #[test]
    fn a_code_is_good_for_its_step_and_the_neighbours() {
        let secret = new_factor().expect("random");
        let now = 1_790_000_010;
        let code = totp(&secret, "", "")
            .expect("builds")
            .generate(1_790_000_010)
            .to_string();
        let step = |at| step_of(&secret, &code, at).expect("reads");
        assert_eq!(step(now), Some(now / 30));
        assert_eq!(step(now + 30), Some(now / 30));
        assert_eq!(step(now + 61), None);
        assert!(
            factor_url(&secret, "zhang.san", "12345")
                .expect("builds")
                .starts_with("otpauth://totp/")
        );
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let codes = recovery_codes().expect("random");
        assert_eq!(codes.len(), RECOVERY_CODES);
        let typed = format!(" {} ", codes[0].to_uppercase().replace('-', " "));
        assert_eq!(recovery_digest(1, &typed), recovery_digest(1, &codes[0]));
        assert_ne!(recovery_digest(2, &codes[0]), recovery_digest(1, &codes[0]));
    }
}
