//! How settings are found: defaults, then a file, then the environment, then flags; the later wins.
//!
//! Invariant: a key that nobody knows is refused, wherever it stands.

mod check;
mod files;
mod gateway;
mod settings;

use std::path::Path;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::Value;

pub use check::Problem;
pub use files::{Files, S3};
pub use gateway::{Gateway, Oidc, SecondFactor};
pub use settings::{ClockSettings, Database, Grpc, Http, Keys, LogFormat, Nats, Settings, Telemetry};

/// Prefix of environment variables; `HOTLINE_DATABASE__POOL_MAX` is `database.pool_max`.
const PREFIX: &str = "HOTLINE_";

/// Environment variables with the prefix that are no settings: switches of the command line and of the tests.
const NOT_SETTINGS: &[&str] = &["config", "nats_server", "token"];

/// The file that is read when none is named.
const DEFAULT_FILE: &str = "hotline.toml";

/// Why settings could not be read; the message names the key and where it stood.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file is not there.
    #[error(
        "找不到配置文件 {0}；请检查 --config 的路径 / configuration file {0} not found; check the path after --config"
    )]
    Missing(String),
    /// A key is unknown, or a value has the wrong type.
    #[error("配置有误 / configuration refused: {0}")]
    Refused(#[source] Box<figment::Error>),
    /// An override has no value of the form `key=value`.
    #[error("参数 {0:?} 无法解析 / cannot read the value of {0:?}")]
    Override(String),
}

impl Settings {
    /// Reads settings from `file` (or `hotline.toml`, if it is there), `DATABASE_URL` and `NATS_URL`, `HOTLINE_*`, and
    /// `overrides` (`("grpc.listen", "0.0.0.0:12345")`), each over those before it.
    ///
    /// # Errors
    /// A named file that is not there; an unknown key; a value of the wrong type.
    pub fn load(file: Option<&Path>, overrides: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        match file {
            Some(path) if !path.is_file() => {
                return Err(ConfigError::Missing(path.display().to_string()));
            }
            Some(path) => figment = figment.merge(Toml::file_exact(path)),
            None if Path::new(DEFAULT_FILE).is_file() => {
                figment = figment.merge(Toml::file_exact(DEFAULT_FILE));
            }
            None => {}
        }
        figment = figment.merge(plain_urls()).merge(prefixed());
        for (key, text) in overrides {
            let value: Value = text
                .parse()
                .map_err(|_| ConfigError::Override((*key).to_owned()))?;
            figment = figment.merge(Serialized::default(key, value));
        }
        figment
            .extract()
            .map_err(|error| ConfigError::Refused(Box::new(error)))
    }
}

/// `DATABASE_URL` and `NATS_URL`, as other tools name them.
fn plain_urls() -> Env {
    Env::raw().only(&["DATABASE_URL", "NATS_URL"]).map(|key| {
        if key == "DATABASE_URL" {
            "database.url".into()
        } else {
            "nats.url".into()
        }
    })
}

/// Every `HOTLINE_*` variable that is a setting.
fn prefixed() -> Env {
    Env::prefixed(PREFIX)
        .filter(|key| {
            let key = key.as_str().to_ascii_lowercase();
            !key.starts_with("test_") && !NOT_SETTINGS.contains(&key.as_str())
        })
        .split("__")
}

#[cfg(test)]
#[expect(clippy::result_large_err, reason = "the closure's type is figment's")]
mod tests {
    use super::*;
    use figment::Jail;

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        Jail::expect_with(|jail| {
            jail.clear_env();
            jail.create_file("hotline.toml", "[database]\npool_maxx = 3\n")?;
            let error = Settings::load(None, &[]).expect_err("refused").to_string();
            assert!(error.contains("pool_maxx"), "{error}");
            Ok(())
        });
    }

    #[test]
    fn an_unknown_variable_is_refused_by_name() {
        Jail::expect_with(|jail| {
            jail.clear_env();
            jail.set_env("HOTLINE_GRPC__LISTEM", "127.0.0.1:1");
            let error = Settings::load(None, &[]).expect_err("refused").to_string();
            assert!(error.contains("listem"), "{error}");
            Ok(())
        });
    }

    #[test]
    fn flags_beat_the_environment_which_beats_the_file() {
        Jail::expect_with(|jail| {
            jail.clear_env();
            jail.create_file(
                "hotline.toml",
                "city = \"a\"\n[database]\nurl = \"postgres://file\"\npool_max = 1\n[nats]\nurl = \"nats://file\"\n",
            )?;
            jail.set_env("DATABASE_URL", "postgres://plain");
            jail.set_env("NATS_URL", "nats://plain");
            jail.set_env("HOTLINE_NATS__URL", "nats://prefixed");
            jail.set_env("HOTLINE_DATABASE__POOL_MAX", "2");
            jail.set_env("HOTLINE_TEST_DATABASE_URL", "not a setting");
            let settings = Settings::load(None, &[("database.pool_max", "3")]).expect("loads");
            assert_eq!(settings.city, "a");
            assert_eq!(settings.database.url, "postgres://plain");
            assert_eq!(settings.nats.url, "nats://prefixed");
            assert_eq!(settings.database.pool_max, 3);
            Ok(())
        });
    }

    #[test]
    fn a_named_file_must_exist() {
        let error = Settings::load(Some(Path::new("/nonexistent.toml")), &[]).expect_err("refused");
        assert!(matches!(error, ConfigError::Missing(_)));
    }

    #[test]
    fn a_service_section_is_read_by_its_owner() {
        #[derive(serde::Deserialize, Default, PartialEq, Debug)]
        #[serde(deny_unknown_fields, default)]
        struct Own {
            batch_max: u32,
        }
        Jail::expect_with(|jail| {
            jail.clear_env();
            jail.create_file(
                "hotline.toml",
                "[services.intake]\nbatch_max = 7\n[services.routing]\nx = 1\n",
            )?;
            let settings = Settings::load(None, &[]).expect("loads");
            assert_eq!(
                settings.service::<Own>("intake").expect("reads"),
                Own { batch_max: 7 }
            );
            assert_eq!(
                settings.service::<Own>("callback").expect("reads"),
                Own::default()
            );
            assert!(settings.service::<Own>("routing").is_err());
            Ok(())
        });
    }
}
