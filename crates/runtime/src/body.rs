//! The body of a request as it comes in: bounded in size, remembered for the audit, and held to the contract.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes, BytesMut};
use hotline_policy::refusal::{Lang, Refusal};
use http_body::{Body as HttpBody, Frame};
use tonic::Status;
use tonic::body::Body;

use crate::audit::Seen;
use crate::refusals::REQUEST_MALFORMED;
use crate::status::refuse;
use crate::wire::{Form, Wire};

/// Bytes before a gRPC message: a flag, and its length.
const FRAME_HEAD: usize = 5;

/// A request body that ends with an error once it passes its limit, or says what the contract does not know.
pub(crate) struct Incoming {
    pub(crate) body: Body,
    /// Bytes that may still come.
    pub(crate) left: usize,
    /// What has come in so far, where the audit wants to know.
    pub(crate) seen: Option<Seen>,
    /// The contract, where the caller is held to it.
    pub(crate) held: Option<Held>,
}

/// What a request's messages are held to, and what of one has come so far.
pub(crate) struct Held {
    wire: Arc<Wire>,
    form: Form,
    lang: Lang,
    part: BytesMut,
}

impl Held {
    pub(crate) fn new(wire: Arc<Wire>, form: Form, lang: Lang) -> Self {
        Self {
            wire,
            form,
            lang,
            part: BytesMut::new(),
        }
    }

    /// Holds every message that ends in `data` to the contract.
    fn take(&mut self, data: &Bytes) -> Result<(), Status> {
        self.messages(data).map_err(|refusal| refuse(&refusal, self.lang))
    }

    fn messages(&mut self, data: &[u8]) -> Result<(), Refusal> {
        // Nearly every request comes whole and is looked at where it lies.
        if self.part.is_empty() {
            let read = whole_ones(&self.wire, self.form, data)?;
            self.part.extend_from_slice(data.get(read..).unwrap_or_default());
        } else {
            self.part.extend_from_slice(data);
            let read = whole_ones(&self.wire, self.form, &self.part)?;
            self.part.advance(read);
        }
        Ok(())
    }
}

/// Holds the whole messages at the beginning of `bytes` to the contract; how many bytes they are.
fn whole_ones(wire: &Wire, form: Form, bytes: &[u8]) -> Result<usize, Refusal> {
    let mut left = bytes;
    while let Some((head, rest)) = left.split_first_chunk::<FRAME_HEAD>() {
        let [packed, length @ ..] = *head;
        // No service takes compressed requests; what could not be looked at must not pass.
        if packed != 0 {
            return Err(Refusal::new(&REQUEST_MALFORMED).detail("compressed"));
        }
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        let Some((message, rest)) = rest.split_at_checked(length) else {
            break;
        };
        wire.hold(form, message)?;
        left = rest;
    }
    Ok(bytes.len() - left.len())
}

impl HttpBody for Incoming {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        let Poll::Ready(Some(Ok(frame))) = &polled else {
            return polled;
        };
        let Some(data) = frame.data_ref() else {
            return polled;
        };
        if let Some(seen) = &self.seen {
            seen.push(data);
        }
        let Some(left) = self.left.checked_sub(data.len()) else {
            return Poll::Ready(Some(Err(too_large())));
        };
        self.left = left;
        // The part in which a message ends is handed on only after the whole message was looked at.
        match self.held.as_mut().map_or(Ok(()), |held| held.take(data)) {
            Ok(()) => polled,
            Err(status) => Poll::Ready(Some(Err(status))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

fn too_large() -> Status {
    Status::out_of_range("请求过大 / the request is larger than grpc.message_max_bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_in_many_parts_is_held_as_a_whole_one() {
        let contract = hotline_proto::FILE_DESCRIPTOR_SET;
        let wire = Arc::new(Wire::from_descriptor_set(contract).expect("the contract"));
        let form = wire
            .form("/hotline.intake.v1.IntakeService/GetAppeal")
            .expect("a method");
        // Two messages: the first known (`appeal = "x"`), the second with field 15.
        let stream = [0, 0, 0, 0, 3, 10, 1, b'x', 0, 0, 0, 0, 2, 15 << 3, 1];
        for size in 1..=stream.len() {
            let mut held = Held::new(wire.clone(), form, Lang::En);
            let answers: Vec<_> = stream
                .chunks(size)
                .map(|part| held.take(&Bytes::copy_from_slice(part)))
                .collect();
            let (last, earlier) = answers.split_last().expect("at least one part");
            assert!(earlier.iter().all(Result::is_ok), "in parts of {size}");
            let status = last.as_ref().expect_err("the second message is refused");
            assert_eq!(status.code(), tonic::Code::InvalidArgument);
            assert!(
                status.message().starts_with("request.field_unknown"),
                "{status:?}"
            );
        }
        let mut held = Held::new(wire, form, Lang::En);
        let packed = held.take(&Bytes::from_static(&[1, 0, 0, 0, 0]));
        assert!(packed.is_err(), "what cannot be looked at does not pass");
    }
}
