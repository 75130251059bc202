//! Cases, series of cards and what is refused.
