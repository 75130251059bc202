//! The installation's audit key: signs the heads of the audit chains; whoever has its public half can check them elsewhere.

use std::path::Path;

use anyhow::Context;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::secret_file;

/// File of the signing key in the keys folder.
const KEY_FILE: &str = "audit.ed25519.pem";

/// File of its public half, for whoever keeps heads elsewhere.
const PUBLIC_FILE: &str = "audit.ed25519.pub.pem";

/// Bytes of a public key's digest that name it.
const ID_BYTES: usize = 8;

/// Signs heads.
pub struct AuditKey {
    signing: SigningKey,
    id: String,
}

/// Checks signatures of heads.
#[derive(Clone, Debug)]
pub struct AuditVerifier {
    key: VerifyingKey,
    id: String,
}

impl AuditKey {
    /// Opens the key in `keys_dir`; makes it, and writes its public half beside it, where it is absent.
    ///
    /// # Errors
    /// The folder cannot be written, or the file holds no Ed25519 key.
    pub fn open(keys_dir: &Path) -> anyhow::Result<Self> {
        let path = keys_dir.join(KEY_FILE);
        let pem = secret_file::read_or_make(&path, || {
            let mut seed = [0_u8; 32];
            getrandom::fill(&mut seed).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
            let key = SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF)?;
            Ok(key.as_str().to_owned())
        })?;
        let signing = SigningKey::from_pkcs8_pem(&pem)
            .with_context(|| format!("{} holds no Ed25519 key in PKCS#8 PEM", path.display()))?;
        let public = signing.verifying_key().to_public_key_pem(LineEnding::LF)?;
        secret_file::read_or_make(&keys_dir.join(PUBLIC_FILE), || Ok(public))?;
        let id = id_of(&signing.verifying_key());
        Ok(Self { signing, id })
    }

    /// Names the key: a digest of its public half.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Signs a message.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.signing.sign(message).to_bytes().to_vec()
    }

    /// What checks its signatures.
    pub fn verifier(&self) -> AuditVerifier {
        AuditVerifier {
            key: self.signing.verifying_key(),
            id: self.id.clone(),
        }
    }
}

impl AuditVerifier {
    /// Reads the public half in `file`.
    ///
    /// # Errors
    /// No such file, or no Ed25519 key in PEM.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let pem = std::fs::read_to_string(file)
            .with_context(|| format!("read the audit key {}", file.display()))?;
        let key = VerifyingKey::from_public_key_pem(&pem)
            .with_context(|| format!("{} holds no public Ed25519 key in PEM", file.display()))?;
        let id = id_of(&key);
        Ok(Self { key, id })
    }

    /// Reads the public half in the keys folder.
    ///
    /// # Errors
    /// As [`AuditVerifier::read`].
    pub fn of_installation(keys_dir: &Path) -> anyhow::Result<Self> {
        Self::read(&keys_dir.join(PUBLIC_FILE))
    }

    /// Names the key.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether `signature` of `message` is this key's.
    pub fn accepts(&self, message: &[u8], signature: &[u8]) -> bool {
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

fn id_of(key: &VerifyingKey) -> String {
    let digest = Sha256::digest(key.as_bytes());
    secret_file::hex(digest.get(..ID_BYTES).unwrap_or(&digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_accepted_by_its_own_key_and_message_alone() {
        let (dir, other) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        let key = AuditKey::open(dir.path()).expect("opens");
        let signature = key.sign(b"head");
        let public = AuditVerifier::of_installation(dir.path()).expect("reads");
        assert!(public.accepts(b"head", &signature) && public.id() == key.id());
        assert!(!public.accepts(b"heads", &signature) && !public.accepts(b"head", &[0; 64]));
        let foreign = AuditKey::open(other.path()).expect("opens").verifier();
        assert!(!foreign.accepts(b"head", &signature) && foreign.id() != key.id());
        assert_eq!(AuditKey::open(dir.path()).expect("opens").id(), key.id());
    }
}
