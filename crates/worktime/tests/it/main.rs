//! Working time against tables, an independent oracle, known cases and the calendars shipped.

mod calendars;
mod cases;
mod explanations;
mod oracle;
mod properties;
mod support;
mod tables;
