//! Checks of what lies on disk: settings, keys, policies, calendars, room.

use chrono::Datelike;
use hotline_runtime::{Clock, Settings, Tokens};
use hotline_vault::Vault;
use hotline_worktime::{Calendar, date_of, local_time};
use nix::sys::statvfs::statvfs;

use super::{Check, Grade};
use crate::{calendars, platform};

/// Less room than this on the data folder's disk is a warning, and a tenth of it is wrong, MiB.
const ROOM_MIN_MIB: u64 = 2_048;

/// From this month on the next year's arrangement is usually published.
const PUBLISHED_FROM_MONTH: u32 = 12;

const SETTINGS: (&str, &str) = ("配置", "settings");
const KEYS: (&str, &str) = ("密钥", "keys");
const POLICIES: (&str, &str) = ("政策", "policies");
const CALENDARS: (&str, &str) = ("日历", "calendars");
const DISK: (&str, &str) = ("磁盘", "disk");

/// Settings that cannot be read: nothing else can be looked at.
pub(super) fn unreadable(error: &anyhow::Error) -> Check {
    Check::bad(
        SETTINGS,
        format!("{error:#}"),
        "更正该配置项 / correct the setting named",
    )
}

pub(super) fn examine(settings: &Settings) -> Vec<Check> {
    vec![
        config(settings),
        keys(settings),
        policies(settings),
        calendar(settings),
        disk(settings),
    ]
}

fn config(settings: &Settings) -> Check {
    let problems: Vec<_> = settings.check().iter().map(ToString::to_string).collect();
    if problems.is_empty() {
        return Check::good(
            SETTINGS,
            format!(
                "city = {}, data_dir = {}",
                settings.city,
                settings.data_dir.display()
            ),
        );
    }
    Check::bad(
        SETTINGS,
        problems.join("; "),
        "更正这些配置项 / correct these settings",
    )
}

fn keys(settings: &Settings) -> Check {
    let dir = settings.keys_dir();
    if !dir.exists() {
        let found = format!(
            "{} 尚不存在,首次启动时生成 / not there yet, made at the first start",
            dir.display()
        );
        return Check::new(KEYS, Grade::Skipped, found, "");
    }
    let opened = Tokens::open(&dir)
        .map(drop)
        .and_then(|()| Vault::open(&dir).map(drop).map_err(Into::into));
    match opened {
        Ok(()) => Check::good(KEYS, dir.display().to_string()),
        Err(error) => Check::bad(
            KEYS,
            format!("{error:#}"),
            "从备份恢复密钥目录;丢失的密钥无法重建 / restore the keys folder from backup; lost keys cannot be remade",
        ),
    }
}

fn policies(settings: &Settings) -> Check {
    match platform::load_library(settings) {
        Ok(library) => {
            let today = date_of(Clock::system().now());
            let in_force = library.cities().map(|city| city.policy_on(today).version.clone());
            let versions: Vec<_> = in_force.collect();
            Check::good(POLICIES, versions.join(", "))
        }
        Err(error) => Check::bad(
            POLICIES,
            format!("{error:#}"),
            "执行 hotline policy check 并更正 / run hotline policy check",
        ),
    }
}

fn calendar(settings: &Settings) -> Check {
    let dir = settings.deploy_dir.join("calendars");
    match calendars::load(&dir) {
        Ok(calendar) => coverage(&calendar),
        Err(error) => Check::bad(
            CALENDARS,
            format!("{error:#}"),
            "执行 hotline calendar lint 并更正 / run hotline calendar lint",
        ),
    }
}

/// This year must be published; the next one by the end of the year.
fn coverage(calendar: &Calendar) -> Check {
    let today = local_time(Clock::system().now());
    let (year, next) = (today.year(), today.year() + 1);
    let years: Vec<_> = calendar.years().map(|year| year.to_string()).collect();
    let years = years.join(" ");
    let cure = |year| {
        format!(
            "国务院公布后写入 deploy/calendars/{year}.toml 并执行 hotline calendar import / write deploy/calendars/{year}.toml once published, then hotline calendar import"
        )
    };
    if !calendar.is_published(year) {
        return Check::bad(
            CALENDARS,
            format!("缺 {year} 年 / {year} is missing ({years})"),
            cure(year),
        );
    }
    if !calendar.is_published(next) {
        let found = format!(
            "{years};{next} 年尚未公布,跨年时限为暂定 / {next} not yet: its deadlines are provisional"
        );
        let late = today.month() >= PUBLISHED_FROM_MONTH;
        let grade = if late { Grade::Warning } else { Grade::Good };
        return Check::new(
            CALENDARS,
            grade,
            found,
            if late { cure(next) } else { String::new() },
        );
    }
    Check::good(CALENDARS, years)
}

fn disk(settings: &Settings) -> Check {
    let dir = if settings.data_dir.exists() {
        settings.data_dir.as_path()
    } else {
        std::path::Path::new(".")
    };
    let free_mib = match statvfs(dir) {
        Ok(stat) => stat.blocks_available() * stat.fragment_size() / (1024 * 1024),
        Err(error) => {
            return Check::warning(DISK, error.to_string(), "检查数据目录 / look at the data folder");
        }
    };
    let found = format!("{} 可用 {free_mib} MiB / free", dir.display());
    let cure = "腾出空间或更换 data_dir / make room, or choose another data_dir";
    match free_mib {
        free if free < ROOM_MIN_MIB / 10 => Check::bad(DISK, found, cure),
        free if free < ROOM_MIN_MIB => Check::warning(DISK, found, cure),
        _ => Check::good(DISK, found),
    }
}
