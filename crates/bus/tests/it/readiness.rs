//! A process says that it is ready only when the broker has the stream.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hotline_bus::{Bus, Handlers, Topology};
use hotline_runtime::{Clock, Parts, serve, testing};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest wait for the stream.
const SOON: Duration = Duration::from_secs(30);

/// The whole answer of `/readyz`.
async fn readyz(addr: SocketAddr) -> String {
    let mut stream = TcpStream::connect(addr).await.expect("connects");
    let request = "GET /readyz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("asks");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answers");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_is_not_ready_before_the_broker_has_the_stream() {
    let test = testing::runtime(Clock::system()).await;
    let runtime = test.runtime.clone();
    let pool = runtime
        .database("alpha", &[Bus::migrator()])
        .await
        .expect("a schema");
    let bus = Bus::open(&runtime, "alpha", pool).await.expect("a bus");
    let jobs = bus.jobs(Handlers::new(Arc::new(())));
    let serving = serve(&runtime, vec![Parts::new("alpha").jobs(jobs)])
        .await
        .expect("serves");
    let addr = serving.http_addr;
    let before = readyz(addr).await;
    assert!(
        before.starts_with("HTTP/1.1 503") && before.contains("broker.alpha"),
        "{before}"
    );
    let topology = tokio::spawn(Topology::new(&runtime).run());
    let ready = tokio::time::timeout(SOON, async {
        while !readyz(addr).await.starts_with("HTTP/1.1 200") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    ready.await.expect("it is ready once the stream is there");
    runtime.shutdown.cancel();
    topology.await.expect("it ends").expect("in order");
    serving.wait().await.expect("in order");
}
