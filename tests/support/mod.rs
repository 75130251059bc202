//! The running product as a test holds it: the real program on real servers that can be killed one by one, its
//! callers by role, and a driver that takes appeals through life.

pub mod appeals;
pub mod browser;
pub mod callers;
pub mod clocks;
pub mod driver;
pub mod ending;
pub mod home;
pub mod journal;
pub mod platform;
pub mod process;
pub mod refused;
pub mod steps;
pub mod telling;
pub mod wait;

pub use browser::{Browser, Page};
pub use callers::{Callers, Person};
pub use platform::{Options, Platform};
pub use telling::tell;
pub use wait::until;
