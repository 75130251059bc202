//! The settings of the portals, `[services.portal]`: how much one visitor, one telephone and all together may do.

use serde::Deserialize;

/// What the portals admit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PortalSettings {
    /// Pages served at once; more are answered 429. Staff have their own budget. Default 64.
    pub concurrency_max: usize,
    /// Appeals, urges and the like that one address may send at once before it must wait. Default 10.
    pub address_burst: u32,
    /// Seconds after which an address may send one more. Default 20.
    pub address_every_s: u64,
    /// Appeals with one telephone at once. Default 5.
    pub telephone_burst: u32,
    /// Seconds after which one more with that telephone is taken. Default 600.
    pub telephone_every_s: u64,
    /// Attempts to look up an appeal that one address has at once. Default 20.
    pub track_burst: u32,
    /// Seconds after which an address has one more attempt. Default 6.
    pub track_every_s: u64,
    /// Hours that an unsent draft is kept. Default 24.
    pub draft_hours: u32,
    /// Minutes that an opened appeal stays open in a browser. Default 120.
    pub pass_minutes: u32,
}

impl Default for PortalSettings {
    fn default() -> Self {
        Self {
            concurrency_max: 64,
            address_burst: 10,
            address_every_s: 20,
            telephone_burst: 5,
            telephone_every_s: 600,
            track_burst: 20,
            track_every_s: 6,
            draft_hours: 24,
            pass_minutes: 120,
        }
    }
}
