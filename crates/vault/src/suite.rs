//! The cipher suites behind one interface: AES-256-GCM with HMAC-SHA-256, SM4-GCM with HMAC-SM3.

use aes_gcm::{
    AeadInOut, Aes256Gcm, AesGcm, KeyInit as _, Nonce, Tag,
    aead::{consts::U12, inout::InOutBuf},
};
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sm3::Sm3;
use zeroize::Zeroizing;

/// Bytes of a nonce. It is random, so one field key must not seal more than 2^32 values
/// (NIST SP 800-38D, 8.3); rotate long before.
pub(crate) const NONCE_LEN: usize = 12;
/// Bytes of an authentication tag.
pub(crate) const TAG_LEN: usize = 16;
/// Bytes of a root secret, of either suite.
pub(crate) const SECRET_LEN: usize = 32;
/// Bytes of the key of SM4 (GB/T 32907).
const SM4_KEY_LEN: usize = 16;

/// SM4 in Galois/counter mode as RFC 8998 defines it: 96-bit nonce, 128-bit tag.
type Sm4Gcm = AesGcm<sm4::Sm4, U12>;

/// A suite that seals fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Suite {
    /// AES-256-GCM (NIST SP 800-38D).
    #[serde(rename = "aes-256-gcm")]
    Aes256Gcm,
    /// SM4-GCM (GB/T 32907 with RFC 8998), where an assessment after GB/T 39786 asks for national algorithms.
    #[serde(rename = "sm4-gcm")]
    Sm4Gcm,
}

impl Suite {
    /// The byte that names the suite in a sealed value.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Aes256Gcm => 1,
            Self::Sm4Gcm => 2,
        }
    }

    /// The suite of a byte.
    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Aes256Gcm),
            2 => Some(Self::Sm4Gcm),
            _ => None,
        }
    }

    /// The index suite of the same family.
    #[must_use]
    pub const fn index_suite(self) -> IndexSuite {
        match self {
            Self::Aes256Gcm => IndexSuite::HmacSha256,
            Self::Sm4Gcm => IndexSuite::HmacSm3,
        }
    }

    /// Derives the cipher for one use of a root secret; equal labels give equal ciphers.
    pub(crate) fn cipher(self, secret: &[u8; SECRET_LEN], label: &[u8]) -> Cipher {
        let derived = self.index_suite().mac(secret, label);
        match self {
            Self::Aes256Gcm => Cipher::aes_256(&derived),
            Self::Sm4Gcm => {
                let mut short = Zeroizing::new([0; SM4_KEY_LEN]);
                short.copy_from_slice(&derived[..SM4_KEY_LEN]);
                Cipher::sm4(&short)
            }
        }
    }
}

/// A suite that makes blind indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IndexSuite {
    /// HMAC with SHA-256 (RFC 2104, FIPS 180-4).
    #[serde(rename = "hmac-sha-256")]
    HmacSha256,
    /// HMAC with SM3 (GB/T 32905).
    #[serde(rename = "hmac-sm3")]
    HmacSm3,
}

impl IndexSuite {
    /// The keyed digest of a message, 32 bytes in both suites.
    pub(crate) fn mac(self, key: &[u8; SECRET_LEN], message: &[u8]) -> Zeroizing<[u8; SECRET_LEN]> {
        let digest: [u8; SECRET_LEN] = match self {
            Self::HmacSha256 => Hmac::<Sha256>::new_from_slice(key)
                .expect("HMAC takes a key of any length")
                .chain_update(message)
                .finalize()
                .into_bytes()
                .into(),
            Self::HmacSm3 => Hmac::<Sm3>::new_from_slice(key)
                .expect("HMAC takes a key of any length")
                .chain_update(message)
                .finalize()
                .into_bytes()
                .into(),
        };
        Zeroizing::new(digest)
    }
}

/// A keyed cipher of one of the suites; it wipes its key when dropped.
pub(crate) enum Cipher {
    /// AES-256-GCM.
    Aes(Box<Aes256Gcm>),
    /// SM4-GCM.
    Sm4(Box<Sm4Gcm>),
}

impl Cipher {
    fn aes_256(key: &[u8; SECRET_LEN]) -> Self {
        Self::Aes(Box::new(Aes256Gcm::new(key.into())))
    }

    fn sm4(key: &[u8; SM4_KEY_LEN]) -> Self {
        Self::Sm4(Box::new(Sm4Gcm::new(key.into())))
    }

    /// Encrypts in place and returns the tag.
    pub(crate) fn seal(&self, nonce: &[u8; NONCE_LEN], associated: &[u8], text: &mut [u8]) -> [u8; TAG_LEN] {
        let nonce: &Nonce<U12> = nonce.into();
        let text = InOutBuf::from(text);
        let tag = match self {
            Self::Aes(cipher) => cipher.encrypt_inout_detached(nonce, associated, text),
            Self::Sm4(cipher) => cipher.encrypt_inout_detached(nonce, associated, text),
        };
        tag.expect("a field is far shorter than the 64 GiB limit of the mode")
            .into()
    }

    /// Verifies and decrypts in place; `None` leaves the text as it was.
    pub(crate) fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        text: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Option<()> {
        let nonce: &Nonce<U12> = nonce.into();
        let tag: &Tag = tag.into();
        let text = InOutBuf::from(text);
        match self {
            Self::Aes(cipher) => cipher.decrypt_inout_detached(nonce, associated, text, tag),
            Self::Sm4(cipher) => cipher.decrypt_inout_detached(nonce, associated, text, tag),
        }
        .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Cipher, IndexSuite, SECRET_LEN};

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("the vectors are hexadecimal"))
            .collect()
    }

    fn array<const N: usize>(hex: &str) -> [u8; N] {
        bytes(hex).try_into().expect("the vector has this length")
    }

    fn check(cipher: &Cipher, nonce: &str, associated: &str, plain: &str, sealed: &str, tag: &str) {
        let (nonce, associated) = (array(nonce), bytes(associated));
        let mut text = bytes(plain);
        assert_eq!(cipher.seal(&nonce, &associated, &mut text), array(tag));
        assert_eq!(text, bytes(sealed));
        assert!(cipher.open(&nonce, &associated, &mut text, &[0; 16]).is_none());
        assert!(cipher.open(&nonce, &associated, &mut text, &array(tag)).is_some());
        assert_eq!(text, bytes(plain));
    }

    #[test]
    fn sm4_gcm_gives_the_vector_of_rfc_8998_appendix_a_1() {
        check(
            &Cipher::sm4(&array("0123456789abcdeffedcba9876543210")),
            "00001234567800000000abcd",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
             eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
             d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d",
            "83de3541e4c2b58177e065a9bf7b62ec",
        );
    }

    #[test]
    fn aes_256_gcm_gives_test_case_16_of_the_mode_s_specification() {
        check(
            &Cipher::aes_256(&array(
                "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
            )),
            "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
             1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b",
        );
    }

    #[test]
    fn hmac_sha_256_gives_test_case_2_of_rfc_4231() {
        // A key shorter than a block is padded with zeroes, so the padded key is the same key.
        let mut key = [0; SECRET_LEN];
        key[..4].copy_from_slice(b"Jefe");
        let expected: [u8; 32] = array("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert_eq!(
            *IndexSuite::HmacSha256.mac(&key, b"what do ya want for nothing?"),
            expected
        );
        assert_ne!(
            *IndexSuite::HmacSm3.mac(&key, b"what do ya want for nothing?"),
            expected
        );
    }
}
