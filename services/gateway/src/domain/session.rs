//! How long a session lasts, and where it leads after sign-in.

use chrono::{DateTime, TimeDelta, Utc};

/// Limits of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest time without a call.
    pub idle: TimeDelta,
    /// Longest time at all.
    pub most: TimeDelta,
}

impl Limits {
    /// Limits from the settings.
    pub fn new(idle_min: u32, max_h: u32) -> Self {
        Self {
            idle: TimeDelta::minutes(i64::from(idle_min)),
            most: TimeDelta::hours(i64::from(max_h)),
        }
    }

    /// When a session that was last seen at `seen` and may last until `end` ends if nothing more is heard.
    pub fn ends(&self, seen: DateTime<Utc>, end: DateTime<Utc>) -> DateTime<Utc> {
        end.min(seen + self.idle)
    }
}

/// Where to go after sign-in: a path of this site, or the desks.
pub fn next_page(asked: &str) -> &str {
    let inside = asked.starts_with('/')
        && !asked.starts_with("//")
        && asked
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'"');
    let known = ["/desk", "/screen", "/account", "/papers"];
    let ours = known.iter().any(|page| {
        asked
            .strip_prefix(page)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    });
    if inside && ours { asked } else { "/desk/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_after_idleness_or_at_its_end() {
        let limits = Limits::new(30, 12);
        let start = DateTime::from_timestamp(1_790_000_000, 0).expect("an instant");
        let end = start + limits.most;
        assert_eq!(limits.ends(start, end), start + TimeDelta::minutes(30));
        assert_eq!(limits.ends(end - TimeDelta::minutes(5), end), end);
    }

    #[test]
    fn sign_in_leads_nowhere_else() {
        assert_eq!(next_page("/desk/order/1?tab=2"), "/desk/order/1?tab=2");
        assert_eq!(next_page("/screen"), "/screen");
        for foreign in [
            "",
            "https://evil.example",
            "//evil.example/desk",
            "/\\evil.example",
            "/desk\r\nset-cookie: x",
            "/deskevil",
            "/sign-out",
            "javascript:alert(1)",
        ] {
            assert_eq!(next_page(foreign), "/desk/", "{foreign}");
        }
    }
}
