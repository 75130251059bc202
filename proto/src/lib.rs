//! The contract: generated messages, clients and servers of every service, and its descriptors.
//!
//! Invariant: what is not in `proto/hotline` crosses no border of a service.
#![allow(
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::large_futures,
    rust_2018_idioms
)]

/// Every file of the contract with its comments and options, as an encoded `FileDescriptorSet`.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hotline.bin"));

macro_rules! packages {
    ($($name:ident),* $(,)?) => {$(
        pub mod $name {
            pub mod v1 {
                include!(concat!(env!("OUT_DIR"), "/hotline.", stringify!($name), ".v1.rs"));
            }
        }
    )*};
}

packages!(
    auth, audit, common, bus, intake, routing, sla, callback, enterprise, analytics, gateway
);
