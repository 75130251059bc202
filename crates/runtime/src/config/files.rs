//! Settings of uploaded files: where their bytes are kept, and how large one may be.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

/// Uploaded files, `[gateway.files]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    /// Folder; unused with a bucket. Default `<data_dir>/files`.
    pub dir: Option<PathBuf>,
    /// Largest file, MiB. Default 20.
    pub max_mib: u32,
    /// Uploads at once; more are told to come again. Default 32.
    pub uploads_max: usize,
    /// A bucket of an S3 store instead of a folder.
    pub s3: S3,
}

/// A bucket; without its name files are kept in a folder.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct S3 {
    /// Name of the bucket; empty: none. Default empty.
    pub bucket: String,
    /// Address of the store, `https://s3.example.gov.cn`. Default empty.
    pub endpoint: String,
    /// Region. Default empty: `us-east-1`, which most stores of one's own expect.
    pub region: String,
    /// Access key. Default empty.
    pub access_key: String,
    /// File with the secret key. Default absent.
    pub secret_key_file: Option<PathBuf>,
    /// The bucket's name is part of the host name. Default false.
    pub virtual_host: bool,
}

impl Files {
    /// The folder of files without a bucket.
    pub fn folder(&self, data_dir: &Path) -> PathBuf {
        self.dir.clone().unwrap_or_else(|| data_dir.join("files"))
    }

    /// Largest file, bytes.
    pub fn max_bytes(&self) -> u64 {
        u64::from(self.max_mib) * 1024 * 1024
    }

    /// Tells `demand` of everything that is wrong.
    pub(super) fn check(&self, demand: &mut impl FnMut(bool, &'static str, &'static str, &'static str)) {
        demand(
            (1..=1_024).contains(&self.max_mib),
            "gateway.files.max_mib",
            "应在 1 到 1024 之间",
            "must be 1 to 1024",
        );
        demand(
            self.uploads_max > 0,
            "gateway.files.uploads_max",
            "须大于 0",
            "must be above 0",
        );
        let s3 = &self.s3;
        let complete = !s3.endpoint.is_empty() && !s3.access_key.is_empty() && s3.secret_key_file.is_some();
        demand(
            s3.bucket.is_empty() || complete,
            "gateway.files.s3.bucket",
            "须同时给出 endpoint、access_key 与 secret_key_file",
            "needs endpoint, access_key and secret_key_file",
        );
    }
}

impl Default for Files {
    fn default() -> Self {
        Self {
            dir: None,
            max_mib: 20,
            uploads_max: 32,
            s3: S3::default(),
        }
    }
}

impl S3 {
    /// The secret key.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn secret_key(&self) -> anyhow::Result<String> {
        let Some(file) = &self.secret_key_file else {
            return Ok(String::new());
        };
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("gateway.files.s3.secret_key_file = {}", file.display()))?;
        Ok(text.trim().to_owned())
    }
}
