//! The vault from outside: sealing, rotation, the key file, redaction.

mod demo_data;
mod keyfile;
mod redaction;
mod sealing;
