//! Signed tokens: the installation's Ed25519 key issues them and every process verifies them.
//!
//! Tokens belong to the real world: their times are the machine's even where a scenario runs on a virtual clock, because
//! people's tokens come from outside it.
//!
//! Invariant: only EdDSA is accepted, whatever algorithm a token claims.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::caller::Caller;
use crate::clock::wall_now;
use crate::secret_file;

/// Issuer and audience: tokens of an installation are for the installation.
const HOTLINE: &str = "hotline";

/// File of the signing key in the keys folder.
const KEY_FILE: &str = "token.ed25519.pem";

/// Difference between machines' clocks that is forgiven, seconds.
const LEEWAY_S: u64 = 5;

/// Life of a token for in-house calls.
const SERVICE_TTL: Duration = Duration::from_secs(15 * 60);

/// An in-house token with less life than this is renewed, seconds.
const SERVICE_RENEW_S: i64 = 5 * 60;

/// Verified tokens remembered, so that a signature is checked once (50 us) and not at each call.
const KNOWN_MAX: usize = 4_096;

/// Longest token that is looked at, bytes: a header may not cost more than that to refuse.
const TOKEN_MAX_BYTES: usize = 4_096;

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Not a token of this installation, or altered.
    #[error("the token is not valid here")]
    Invalid,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    #[serde(flatten)]
    caller: Caller,
}

/// A verified token's caller and the second its life ends.
struct Known {
    caller: Arc<Caller>,
    exp: i64,
}

/// Issues and verifies the tokens of one installation.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    known: Mutex<HashMap<String, Known>>,
    own: Mutex<Option<(String, i64)>>,
}

impl Tokens {
    /// Opens the signing key in `keys_dir`, and makes it if it is absent.
    ///
    /// # Errors
    /// The folder cannot be written, or the file holds no Ed25519 key.
    pub fn open(keys_dir: &Path) -> anyhow::Result<Self> {
        let path = keys_dir.join(KEY_FILE);
        let pem = secret_file::read_or_make(&path, new_key_pem)?;
        let key = SigningKey::from_pkcs8_pem(&pem)
            .with_context(|| format!("{} holds no Ed25519 key in PKCS#8 PEM", path.display()))?;
        let public = key.verifying_key().to_public_key_pem(LineEnding::LF)?;
        Ok(Self {
            encoding: EncodingKey::from_ed_pem(pem.as_bytes())?,
            decoding: DecodingKey::from_ed_pem(public.as_bytes())?,
            validation: validation(),
            known: Mutex::default(),
            own: Mutex::default(),
        })
    }

    /// A token that says `caller` for `ttl` from now.
    ///
    /// # Errors
    /// The claims cannot be encoded.
    pub fn issue(&self, caller: &Caller, ttl: Duration) -> anyhow::Result<String> {
        let now = wall_now().timestamp();
        let claims = Claims {
            iss: HOTLINE.to_owned(),
            aud: HOTLINE.to_owned(),
            iat: now,
            nbf: now,
            exp: now.saturating_add(i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX)),
            caller: caller.clone(),
        };
        Ok(encode(&Header::new(Algorithm::EdDSA), &claims, &self.encoding)?)
    }

    /// The caller that `token` names.
    ///
    /// # Errors
    /// Expired, or not of this installation.
    pub fn verify(&self, token: &str) -> Result<Arc<Caller>, TokenError> {
        if token.len() > TOKEN_MAX_BYTES {
            return Err(TokenError::Invalid);
        }
        let now = wall_now().timestamp();
        if let Some(known) = lock(&self.known).get(token) {
            return if still_valid(known.exp, now) {
                Ok(known.caller.clone())
            } else {
                Err(TokenError::Expired)
            };
        }
        let claims =
            decode::<Claims>(token, &self.decoding, &self.validation).map_err(|error| {
                match error.kind() {
                    ErrorKind::ExpiredSignature => TokenError::Expired,
                    _ => TokenError::Invalid,
                }
            })?;
        let caller = Arc::new(claims.claims.caller);
        if caller.is_anonymous() {
            return Err(TokenError::Invalid);
        }
        self.remember(
            token,
            Known {
                caller: caller.clone(),
                exp: claims.claims.exp,
            },
            now,
        );
        Ok(caller)
    }

    /// A token for a call from one process of the installation to another, renewed when it grows old.
    ///
    /// # Errors
    /// As [`Tokens::issue`].
    pub fn service_token(&self) -> anyhow::Result<String> {
        let now = wall_now().timestamp();
        let mut own = lock(&self.own);
        if let Some((token, exp)) = &*own
            && exp - now > SERVICE_RENEW_S
        {
            return Ok(token.clone());
        }
        let token = self.issue(&Caller::service(), SERVICE_TTL)?;
        let life = i64::try_from(SERVICE_TTL.as_secs()).unwrap_or(i64::MAX);
        *own = Some((token.clone(), now.saturating_add(life)));
        Ok(token)
    }

    fn remember(&self, token: &str, entry: Known, now: i64) {
        let mut known = lock(&self.known);
        if known.len() >= KNOWN_MAX {
            known.retain(|_, old| still_valid(old.exp, now));
        }
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(token.to_owned(), entry);
    }
}

/// A lock that a panic elsewhere cannot take away: what it guards is a cache.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn still_valid(exp: i64, now: i64) -> bool {
    now <= exp.saturating_add_unsigned(LEEWAY_S)
}

fn new_key_pem() -> anyhow::Result<String> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(SigningKey::from_bytes(&seed)
        .to_pkcs8_pem(LineEnding::LF)?
        .as_str()
        .to_owned())
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.leeway = LEEWAY_S;
    validation.validate_nbf = true;
    validation.set_audience(&[HOTLINE]);
    validation.set_issuer(&[HOTLINE]);
    validation.required_spec_claims = HashSet::from(["exp", "nbf", "iss", "aud", "sub"].map(str::to_owned));
    validation
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn clerk() -> Caller {
        Caller {
            name: Some("王".into()),
            ..Caller::new("u-1", &["dispatcher"])
                .of_unit("xz-01")
                .of_division("320302")
        }
    }

    fn open() -> (tempfile::TempDir, Tokens) {
        let dir = tempfile::tempdir().expect("a folder");
        let tokens = Tokens::open(dir.path()).expect("opens");
        (dir, tokens)
    }

    /// A token of `tokens`' key with `claims` laid over what is usual.
    fn token_with(tokens: &Tokens, claims: serde_json::Value) -> String {
        let now = wall_now().timestamp();
        let mut all = serde_json::json!({"iss": HOTLINE, "aud": HOTLINE, "sub": "u-1", "nbf": now, "iat": now, "exp": now + 60});
        for (key, value) in claims.as_object().expect("an object") {
            all[key] = value.clone();
        }
        encode(&Header::new(Algorithm::EdDSA), &all, &tokens.encoding).expect("encodes")
    }

    #[test]
    fn a_token_comes_back_as_its_caller() {
        let (_dir, tokens) = open();
        let token = tokens.issue(&clerk(), Duration::from_secs(60)).expect("issues");
        for _ in 0..2 {
            assert_eq!(*tokens.verify(&token).expect("verifies"), clerk());
        }
    }

    #[test]
    fn the_key_is_kept_and_its_owner_alone_can_read_it() {
        let (dir, tokens) = open();
        let token = tokens.issue(&clerk(), Duration::from_secs(60)).expect("issues");
        let again = Tokens::open(dir.path()).expect("opens");
        assert!(again.verify(&token).is_ok());
        let mode = std::fs::metadata(dir.path().join(KEY_FILE))
            .expect("is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn only_live_tokens_of_this_installation_are_accepted() {
        let (_dir, tokens) = open();
        let (_other_dir, other) = open();
        let now = wall_now().timestamp();
        let invalid = [
            other.issue(&clerk(), Duration::from_secs(60)).expect("issues"),
            token_with(&tokens, serde_json::json!({"iss": "elsewhere"})),
            token_with(&tokens, serde_json::json!({"aud": "elsewhere"})),
            token_with(&tokens, serde_json::json!({"nbf": now + 60})),
            token_with(&tokens, serde_json::json!({"sub": ""})),
            "not.a.token".to_owned(),
            "x".repeat(TOKEN_MAX_BYTES + 1),
            String::new(),
        ];
        for token in invalid {
            assert_eq!(tokens.verify(&token), Err(TokenError::Invalid), "{token}");
        }
        let expired = token_with(&tokens, serde_json::json!({"exp": now - 60}));
        assert_eq!(tokens.verify(&expired), Err(TokenError::Expired));
    }

    #[test]
    fn an_altered_token_is_refused() {
        let (_dir, tokens) = open();
        let token = tokens.issue(&clerk(), Duration::from_secs(60)).expect("issues");
        let forged = tokens
            .issue(&Caller::service(), Duration::from_secs(60))
            .expect("issues");
        let (head, rest) = token.split_once('.').expect("three parts");
        let (_, signature) = rest.split_once('.').expect("three parts");
        let body = forged.split('.').nth(1).expect("three parts");
        assert_eq!(
            tokens.verify(&format!("{head}.{body}.{signature}")),
            Err(TokenError::Invalid)
        );
    }

    #[test]
    fn a_remembered_token_still_expires() {
        let (_dir, tokens) = open();
        let known = Known {
            caller: Arc::new(clerk()),
            exp: wall_now().timestamp() - 60,
        };
        tokens.remember("remembered", known, 0);
        assert_eq!(tokens.verify("remembered"), Err(TokenError::Expired));
    }

    #[test]
    fn the_in_house_token_is_reused_while_it_is_fresh() {
        let (_dir, tokens) = open();
        let first = tokens.service_token().expect("issues");
        assert_eq!(first, tokens.service_token().expect("issues"));
        assert!(tokens.verify(&first).expect("verifies").is_service());
        lock(&tokens.own).as_mut().expect("kept").1 = wall_now().timestamp();
        tokens.service_token().expect("renews");
        assert!(lock(&tokens.own).as_ref().expect("kept").1 > wall_now().timestamp() + SERVICE_RENEW_S);
    }
}
