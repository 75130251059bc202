//! A database that goes silent without closing its connections: the liveness probe notices, and notices its return.

use std::time::Duration;

use hotline_runtime::private::{Durability, PostgresOptions, PrivatePostgres};
use hotline_runtime::{Runtime, serve, testing};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::lifecycle::get;
use crate::private_servers::{children_of, folder};

fn signal_all(server: &PrivatePostgres, signal: Signal) {
    let postmaster = server.pid().expect("runs");
    for pid in children_of(postmaster).into_iter().chain([postmaster]) {
        let _ = kill(Pid::from_raw(i32::try_from(pid).expect("a pid")), signal);
    }
}

#[tokio::test]
async fn a_silent_database_fails_the_liveness_probe_until_it_speaks_again() {
    let dir = folder();
    let options = PostgresOptions {
        durability: Durability::Scratch,
        ..PostgresOptions::default()
    };
    let server = PrivatePostgres::start(&dir.path().join("postgres"), &options)
        .await
        .expect("starts");
    let mut settings = testing::offline_settings(&dir.path().join("own"));
    settings.database.url = server.url().to_owned();
    settings.database.pool_max = 2;
    settings.http.probe_timeout_ms = 300;
    let rt = Runtime::build(settings).expect("builds");
    rt.database("intake", &[]).await.expect("opens");
    let serving = serve(&rt, Vec::new()).await.expect("serves");
    assert!(
        get(serving.http_addr, "/healthz")
            .await
            .starts_with("HTTP/1.1 200")
    );
    signal_all(&server, Signal::SIGSTOP);
    for _ in 0..5 {
        assert!(
            get(serving.http_addr, "/healthz")
                .await
                .starts_with("HTTP/1.1 503")
        );
    }
    signal_all(&server, Signal::SIGCONT);
    let recovered = async {
        while !get(serving.http_addr, "/healthz")
            .await
            .starts_with("HTTP/1.1 200")
        {}
    };
    tokio::time::timeout(Duration::from_secs(30), recovered)
        .await
        .expect("recovers");
    server.stop().await.expect("stops");
}
