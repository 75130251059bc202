//! An answer that ends with its session, or with the process, whatever the service behind it still has to say.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderMap;
use http_body::Frame;
use tonic::Status;
use tonic::body::Body;
use uuid::Uuid;

use crate::Door;

/// A body that ends with a status when `over` is ready.
pub struct Until {
    body: Body,
    over: Pin<Box<dyn Future<Output = Status> + Send>>,
    done: bool,
}

impl Until {
    /// `body`, until the session ends or a stop is asked for.
    pub fn new(body: Body, door: Arc<Door>, session: Option<Uuid>) -> Self {
        let over = async move {
            let stop = door.runtime.shutdown.clone();
            let Some(session) = session else {
                stop.cancelled().await;
                return stopping();
            };
            tokio::select! {
                () = stop.cancelled() => stopping(),
                () = door.people.over(session) => Status::unauthenticated("会话已结束 / the session has ended"),
            }
        };
        Self {
            body,
            over: Box::pin(over),
            done: false,
        }
    }
}

fn stopping() -> Status {
    Status::unavailable("平台正在停止,请稍后重连 / the platform stops; connect again later")
}

impl http_body::Body for Until {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.done {
            return Poll::Ready(None);
        }
        // What the service said before the end still goes out: a unary answer is never cut.
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(frame)) => return Poll::Ready(Some(frame)),
            Poll::Ready(None) => {
                self.done = true;
                return Poll::Ready(None);
            }
            Poll::Pending => {}
        }
        let status = ready!(self.over.as_mut().poll(context));
        self.done = true;
        let mut trailers = HeaderMap::new();
        status.add_header(&mut trailers)?;
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.done || self.body.is_end_stream()
    }
}
