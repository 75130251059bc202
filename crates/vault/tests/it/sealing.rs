//! What a sealed value promises, for any text, any row and both suites.

use chrono::{DateTime, Utc};
use hotline_vault::{Field, IndexSuite, Keyring, Suite, Vault, VaultError};
use proptest::prelude::*;

fn keyring(suite: Suite) -> Keyring {
    Keyring::generate(suite, DateTime::<Utc>::UNIX_EPOCH)
}

fn suites() -> impl Strategy<Value = Suite> {
    prop_oneof![Just(Suite::Aes256Gcm), Just(Suite::Sm4Gcm)]
}

fn fields() -> impl Strategy<Value = Field> {
    proptest::sample::select(Field::ALL.to_vec())
}

proptest! {
    #[test]
    fn what_is_sealed_opens_to_the_same_text(suite in suites(), field in fields(), row: [u8; 16], plain: String) {
        let vault = Vault::from_keyring(keyring(suite));
        let sealed = vault.seal(field, &row, &plain);
        let opened = vault.open_sealed(field, &row, sealed.as_bytes()).expect("just sealed");
        prop_assert_eq!(opened.expose(), plain.as_str());
        prop_assert!(!vault.reseal_needed(sealed.as_bytes()));
        prop_assert_ne!(vault.seal(field, &row, &plain), sealed);
    }

    #[test]
    fn another_row_or_field_is_refused(
        suite in suites(), field in fields(), other in fields(), row: [u8; 16], other_row: [u8; 16], plain: String,
    ) {
        let vault = Vault::from_keyring(keyring(suite));
        let sealed = vault.seal(field, &row, &plain);
        let opened = vault.open_sealed(other, &other_row, sealed.as_bytes());
        prop_assert_eq!(opened.is_ok(), (field, row) == (other, other_row));
        prop_assert!(vault.open_sealed(field, &row[..15], sealed.as_bytes()).is_err());
    }

    #[test]
    fn a_rotation_keeps_the_old_readable(first in suites(), second in suites(), plain: String) {
        let mut keyring = keyring(first);
        let old = Vault::from_keyring(keyring.clone()).seal(Field::Address, b"row", &plain);
        keyring.rotate(second, DateTime::<Utc>::UNIX_EPOCH);
        let vault = Vault::from_keyring(keyring.clone());
        prop_assert!(vault.reseal_needed(old.as_bytes()));
        let opened = vault.open_sealed(Field::Address, b"row", old.as_bytes()).expect("the old key reads");
        let new = vault.seal(Field::Address, b"row", opened.expose());
        prop_assert!(!vault.reseal_needed(new.as_bytes()));
        keyring.forget(1).expect("key 1 only reads");
        let vault = Vault::from_keyring(keyring);
        prop_assert!(matches!(
            vault.open_sealed(Field::Address, b"row", old.as_bytes()),
            Err(VaultError::UnknownKey(1))
        ));
        let opened = vault.open_sealed(Field::Address, b"row", new.as_bytes()).expect("the new key reads");
        prop_assert_eq!(opened.expose(), plain.as_str());
    }

    #[test]
    fn blind_indexes_are_equal_if_and_only_if_field_and_text_are(
        suite in suites(), a in fields(), b in fields(), x in "[0-9]{1,3}", y in "[0-9]{1,3}",
    ) {
        let vault = Vault::from_keyring(keyring(suite));
        let equal = vault.blind_index(a, &x) == vault.blind_index(b, &y);
        prop_assert_eq!(equal, (a, x) == (b, y));
    }
}

#[test]
fn a_change_of_any_bit_of_any_byte_is_noticed() {
    for suite in [Suite::Aes256Gcm, Suite::Sm4Gcm] {
        let vault = Vault::from_keyring(keyring(suite));
        let sealed = vault
            .seal(Field::Telephone, b"row", "+8613812345678")
            .into_bytes();
        for position in 0..sealed.len() {
            for bit in 0..8 {
                let mut altered = sealed.clone();
                altered[position] ^= 1 << bit;
                assert!(
                    vault.open_sealed(Field::Telephone, b"row", &altered).is_err(),
                    "byte {position}"
                );
            }
            let cut = vault.open_sealed(Field::Telephone, b"row", &sealed[..position]);
            assert!(cut.is_err(), "cut to {position}");
        }
        let mut longer = sealed;
        longer.push(0);
        assert!(vault.open_sealed(Field::Telephone, b"row", &longer).is_err());
    }
}

#[test]
fn a_key_of_the_same_id_from_another_ring_is_refused() {
    let sealed = Vault::from_keyring(keyring(Suite::Aes256Gcm)).seal(Field::Content, b"row", "text");
    for suite in [Suite::Aes256Gcm, Suite::Sm4Gcm] {
        let vault = Vault::from_keyring(keyring(suite));
        let opened = vault.open_sealed(Field::Content, b"row", sealed.as_bytes());
        assert!(matches!(opened, Err(VaultError::Refused)));
    }
}

#[test]
fn a_rotated_index_is_looked_up_under_both_keys() {
    let mut keyring = keyring(Suite::Sm4Gcm);
    let old = Vault::from_keyring(keyring.clone()).blind_index(Field::Telephone, "+8613812345678");
    keyring.rotate_index(IndexSuite::HmacSha256, DateTime::<Utc>::UNIX_EPOCH);
    let vault = Vault::from_keyring(keyring.clone());
    let new = vault.blind_index(Field::Telephone, "+8613812345678");
    assert_ne!(old, new);
    assert_eq!((old.key_id(), new.key_id()), (1, 2));
    assert_eq!(
        vault.blind_indexes(Field::Telephone, "+8613812345678"),
        [new, old]
    );
    keyring.forget_index(1).expect("index key 1 only reads");
    assert!(matches!(
        keyring.forget_index(2),
        Err(VaultError::NotForgettable(2))
    ));
    assert_eq!(
        Vault::from_keyring(keyring).blind_indexes(Field::Telephone, "+8613812345678"),
        [new]
    );
}

#[test]
fn nothing_that_prints_holds_a_secret() {
    let keyring = keyring(Suite::Aes256Gcm);
    let vault = Vault::from_keyring(keyring.clone());
    let sealed = vault.seal(Field::AppellantName, b"row", "张三丰");
    let opened = vault
        .open_sealed(Field::AppellantName, b"row", sealed.as_bytes())
        .expect("just sealed");
    let error = vault
        .open_sealed(Field::AppellantName, b"other", sealed.as_bytes())
        .expect_err("another row");
    let index = vault.blind_index(Field::AppellantName, "张三丰");
    let printed = format!("{keyring:?} {vault:?} {sealed:?} {opened:?} {error:?} {error} {index:?}");
    assert_eq!(
        printed,
        "Keyring { data: Ring { active: key 1 (Aes256Gcm, created 1970-01-01 00:00:00 UTC), readable: [] }, \
         index: Ring { active: key 1 (HmacSha256, created 1970-01-01 00:00:00 UTC), readable: [] } } \
         Vault { active_key: 1, suite: Aes256Gcm, keys: 1, index_keys: 1 } Sealed(43 bytes) *** Refused \
         sealed value does not belong to this row and field, or was altered BlindIndex(key 1)"
    );
}
