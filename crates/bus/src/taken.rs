//! What the broker gave to a worker that died before it acknowledged.
//!
//! An acknowledgement counts for every message before it: once the next worker acknowledges, the broker sends none of these
//! again. A later event of the same producer would show the gap; whoever has told nothing since would not be missed.

use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::stream::{LastRawMessageErrorKind, Stream};

use crate::Fault;
use crate::envelope::Entry;

/// Events of `subject` that this consumer was given and has not acknowledged, in order; at most as many as the broker lets
/// go unacknowledged.
///
/// # Errors
/// The broker does not answer.
pub(crate) async fn unacknowledged<I>(
    stream: &Stream<I>,
    consumer: &PullConsumer,
    subject: &str,
) -> Result<Vec<Entry>, Fault> {
    let info = consumer.cached_info();
    let last = info.delivered.stream_sequence;
    let mut next = info.ack_floor.stream_sequence + 1;
    let mut entries = Vec::new();
    while next <= last {
        let message = match stream.get_first_raw_message_by_subject(subject, next).await {
            Ok(message) if message.sequence <= last => message,
            Ok(_) => break,
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => break,
            Err(error) => return Err(Fault::retry(format!("broker: {error}"))),
        };
        next = message.sequence + 1;
        match Entry::from_message(Some(&message.headers), &message.payload) {
            Ok(entry) => entries.push(entry),
            // As where it comes by itself: if it hid an event, the gap will show.
            Err(fault) => {
                tracing::error!(error = %fault, subject = %message.subject, "a message is no event")
            }
        }
    }
    Ok(entries)
}
