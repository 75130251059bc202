//! The key file: made once, kept private, replaced whole, refused with a line and without its content.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    thread,
};

use chrono::{DateTime, Utc};
use hotline_vault::{FILE_NAME, Field, Keyring, Suite, Vault, VaultError};
use tempfile::TempDir;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn rewrite(keys_dir: &Path, change: impl FnOnce(String) -> String) {
    let path = keys_dir.join(FILE_NAME);
    let text = fs::read_to_string(&path).expect("the key file");
    fs::write(&path, change(text)).expect("the key file");
}

#[test]
fn the_first_start_makes_a_private_file_and_the_next_reads_it() {
    let folder = folder();
    let keys_dir = folder.path().join("keys");
    let sealed = Vault::open(&keys_dir)
        .expect("made")
        .seal(Field::Telephone, b"row", "text");
    let mode = |path: &Path| fs::metadata(path).expect("it is there").mode() & 0o777;
    assert_eq!(mode(&keys_dir), 0o700);
    assert_eq!(mode(&keys_dir.join(FILE_NAME)), 0o600);
    assert_eq!(
        fs::read_dir(&keys_dir).expect("the folder").count(),
        1,
        "no draft is left"
    );
    let vault = Vault::open(&keys_dir).expect("read");
    assert_eq!(
        vault
            .open_sealed(Field::Telephone, b"row", sealed.as_bytes())
            .expect("same key")
            .expose(),
        "text"
    );
}

#[test]
fn several_first_starts_at_once_end_with_the_same_keys() {
    let folder = folder();
    let keys_dir = folder.path().join("keys");
    let start = || {
        Vault::open(&keys_dir)
            .expect("opened")
            .blind_index(Field::Telephone, "1")
    };
    let indexes: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    assert!(indexes.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_rotated_ring_is_the_same_after_saving_and_loading() {
    let folder = folder();
    let mut keyring = Keyring::load_or_create(folder.path()).expect("made");
    keyring.rotate(Suite::Sm4Gcm, DateTime::<Utc>::UNIX_EPOCH);
    keyring.rotate(Suite::Aes256Gcm, DateTime::<Utc>::UNIX_EPOCH);
    keyring.save(folder.path()).expect("saved");
    let loaded = Keyring::load(folder.path()).expect("loaded");
    let keys =
        |keyring: &Keyring| -> Vec<_> { keyring.data().keys().map(|key| (key.id(), key.suite())).collect() };
    assert_eq!(
        keys(&loaded),
        [(3, Suite::Aes256Gcm), (2, Suite::Sm4Gcm), (1, Suite::Aes256Gcm)]
    );
    let sealed = Vault::from_keyring(keyring).seal(Field::Address, b"row", "text");
    assert!(
        Vault::from_keyring(loaded)
            .open_sealed(Field::Address, b"row", sealed.as_bytes())
            .is_ok()
    );
}

#[test]
fn a_file_that_others_may_read_is_refused() {
    let folder = folder();
    drop(Vault::open(folder.path()).expect("made"));
    let path = folder.path().join(FILE_NAME);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("its owner may");
    assert!(matches!(
        Vault::open(folder.path()),
        Err(VaultError::OpenToOthers { mode: 0o640, .. })
    ));
}

#[test]
fn a_malformed_file_is_refused_by_line_without_a_word_of_it() {
    let folder = folder();
    drop(Vault::open(folder.path()).expect("made"));
    rewrite(folder.path(), |text| {
        text.replacen("secret = \"", "secret = \"!canary", 1)
    });
    let error = Vault::open(folder.path()).expect_err("not base64");
    let printed = format!("{error} {error:?}");
    assert!(
        matches!(error, VaultError::Malformed { line: 8, .. }),
        "{printed}"
    );
    assert!(!printed.contains("canary"), "{printed}");
}

#[test]
fn a_file_that_makes_no_ring_is_refused_with_the_rule() {
    for (from, to) in [
        ("state = \"active\"", "state = \"readable\""),
        ("format = 1", "format = 2"),
        ("format = 1", "format = 1\nnote = 1"),
        ("aes-256-gcm", "rot13"),
    ] {
        let folder = folder();
        drop(Vault::open(folder.path()).expect("made"));
        rewrite(folder.path(), |text| {
            assert!(text.contains(from), "{text}");
            text.replacen(from, to, 1)
        });
        let error = Vault::open(folder.path()).expect_err(to);
        assert!(
            matches!(
                error,
                VaultError::Inconsistent { .. } | VaultError::Malformed { .. }
            ),
            "{error}"
        );
    }
    let folder = folder();
    drop(Vault::open(folder.path()).expect("made"));
    rewrite(folder.path(), |text| {
        let (head, index) = text.split_once("[[index_key]]").expect("there is an index key");
        format!(
            "{head}[[index_key]]{index}\n[[index_key]]{}",
            index.replace("active", "readable")
        )
    });
    let error = Vault::open(folder.path()).expect_err("an id twice");
    assert!(error.to_string().ends_with("an id is given twice"), "{error}");
}
