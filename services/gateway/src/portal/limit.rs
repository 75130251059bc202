//! What one address, one telephone and everybody together may ask for: token buckets and a global admission.
//!
//! Invariant: a page that was admitted is answered; what is too much is refused before it costs anything.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::Method;
use tokio::sync::Semaphore;

use super::Portal;
use super::settings::PortalSettings;
use super::stop::Stop;

/// Buckets kept before the full ones are let go.
const BUCKETS_MAX: usize = 50_000;
/// What a visitor is told to wait when the portal is full, seconds.
const FULL_RETRY_S: u64 = 3;

/// Token buckets by key.
pub struct Buckets<K: Hash + Eq + Clone>(DefaultKeyedRateLimiter<K>);

impl<K: Hash + Eq + Clone> Buckets<K> {
    /// `burst` tokens at once, and one more every `every_s` seconds.
    pub fn new(burst: u32, every_s: u64) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let every = Duration::from_secs(every_s.max(1));
        let quota = Quota::with_period(every).unwrap_or_else(|| Quota::per_minute(burst));
        Self(RateLimiter::keyed(quota.allow_burst(burst)))
    }

    /// Takes a token of `key`.
    ///
    /// # Errors
    /// Seconds to wait, where there is none.
    pub fn take(&self, key: &K) -> Result<(), u64> {
        if self.0.len() > BUCKETS_MAX {
            self.0.retain_recent();
        }
        let taken = self.0.check_key(key);
        taken.map_err(|until| until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}

/// All limits of the portals.
pub struct Limits {
    /// What an address sends.
    pub sends: Buckets<IpAddr>,
    /// What an address looks up.
    pub looks: Buckets<IpAddr>,
    /// Appeals by the blind index of a telephone.
    pub telephones: Buckets<Vec<u8>>,
    room: Arc<Semaphore>,
}

impl Limits {
    /// Limits as the settings say.
    pub fn new(settings: &PortalSettings) -> Self {
        Self {
            sends: Buckets::new(settings.address_burst, settings.address_every_s),
            looks: Buckets::new(settings.track_burst, settings.track_every_s),
            telephones: Buckets::new(settings.telephone_burst, settings.telephone_every_s),
            room: Arc::new(Semaphore::new(settings.concurrency_max.max(1))),
        }
    }
}

/// The address that a bucket is kept for: a network of IPv6 is one household or office.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let bits = u128::from(v6) & (u128::MAX << 64);
            IpAddr::V6(bits.into())
        }
    }
}

/// Lets in as many requests as there is room for.
pub async fn admit(State(portal): State<Arc<Portal>>, request: Request, next: Next) -> Response {
    // A slow upload would hold a place for minutes: uploads have places of their own.
    if request.method() == Method::POST && request.uri().path().ends_with("/files") {
        return next.run(request).await;
    }
    match portal.limits.room.clone().try_acquire_owned() {
        Ok(_permit) => next.run(request).await,
        Err(_) => Stop::busy(FULL_RETRY_S).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_says_how_long_to_wait() {
        let buckets = Buckets::new(2, 600);
        assert_eq!((buckets.take(&"a"), buckets.take(&"a")), (Ok(()), Ok(())));
        let wait = buckets.take(&"a").expect_err("empty");
        assert!((590..=601).contains(&wait), "{wait}");
        assert_eq!(buckets.take(&"b"), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_is_one_visitor() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2:3::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("203.0.113.1"), of("203.0.113.2"));
    }
}
