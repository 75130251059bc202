//! What every service stands on: settings, clock, telemetry, database, servers, tokens, shutdown. It knows no service.
//!
//! Read in the order `main` runs it: [`Settings`] are loaded, [`telemetry::init`] starts logging, [`Runtime::build`]
//! opens keys, each service turns a [`Runtime`] into [`Parts`], and [`serve`](serve::serve) runs them until a stop.

pub mod access;
pub mod audit;
mod body;
pub mod caller;
pub mod clock;
pub mod config;
pub mod database;
mod deadline;
mod gate;
mod metering;
pub mod page;
pub mod parts;
pub mod peers;
pub mod private;
pub mod probes;
pub mod refusals;
pub mod runtime;
mod secret_file;
pub mod serve;
mod shared;
pub mod status;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token;
mod wire;

pub use access::{Access, Openness};
pub use caller::Caller;
pub use clock::{Clock, Stopwatch};
pub use config::Settings;
pub use parts::{Job, Parts};
pub use peers::{PeerChannel, Peers};
pub use probes::{Checks, Probe};
pub use runtime::Runtime;
pub use serve::{Serving, install_signals, serve};
pub use shared::Shared;
pub use token::Tokens;
pub use tokio_util::sync::CancellationToken;
pub use wire::Wire;
