//! What a service hands to the process that runs it: its gRPC services and its jobs.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;

use tokio::net::TcpListener;
use tonic::body::Body;
use tonic::server::NamedService;
use tonic::service::Routes;
use tower::Service;

type Mount = Box<dyn FnOnce(Routes) -> Routes + Send>;

/// Work that runs beside the servers until a stop is asked for.
///
/// A job that fails, or panics, ends the process after a drain: it means that a part of the service no longer works,
/// and a fresh start by the supervisor is the one cure that is always right. What may fail for a while (a broker that is
/// gone) is retried inside the job, with backoff. A job that returns `Ok` is done.
pub struct Job {
    /// Name in logs, `<service>.<job>`.
    pub name: String,
    /// The work.
    pub run: Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>>,
}

/// A server of a service's own, beside the gRPC and the HTTP server of the process.
pub struct Listening {
    /// Name in logs and in [`Serving`](crate::Serving).
    pub name: &'static str,
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Serves on the bound listener until a stop is asked for.
    pub serve: Serve,
}

/// What serves a bound listener.
pub type Serve =
    Box<dyn FnOnce(TcpListener) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>> + Send>;

/// One service, ready to run.
pub struct Parts {
    /// The service's name.
    pub name: &'static str,
    /// Full names of its gRPC services, for health and reflection.
    pub services: Vec<&'static str>,
    /// Its jobs.
    pub jobs: Vec<Job>,
    /// Its own servers.
    pub listening: Vec<Listening>,
    mounts: Vec<Mount>,
    /// Routes of its own on the HTTP server: what other systems post to it.
    http: axum::Router,
}

impl Parts {
    /// A service called `name` that does nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            services: Vec::new(),
            jobs: Vec::new(),
            listening: Vec::new(),
            mounts: Vec::new(),
            http: axum::Router::new(),
        }
    }

    /// Adds a generated gRPC server.
    #[must_use]
    pub fn service<S>(mut self, service: S) -> Self
    where
        S: Service<http::Request<Body>, Error = Infallible> + NamedService + Clone + Send + Sync + 'static,
        S::Response: axum::response::IntoResponse,
        S::Future: Send + 'static,
    {
        self.services.push(S::NAME);
        self.mounts
            .push(Box::new(move |routes| routes.add_service(service)));
        self
    }

    /// Adds routes to the HTTP server. Nobody is asked for a token there: the routes themselves verify who calls.
    #[must_use]
    pub fn http(mut self, routes: axum::Router) -> Self {
        self.http = self.http.merge(routes);
        self
    }

    /// Adds a server of its own, bound when the process serves and not before.
    #[must_use]
    pub fn listening<F>(
        mut self,
        listen: SocketAddr,
        serve: impl FnOnce(TcpListener) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.listening.push(Listening {
            name: self.name,
            listen,
            serve: Box::new(move |listener| Box::pin(serve(listener))),
        });
        self
    }

    /// Adds a job called `<service>.<name>`.
    #[must_use]
    pub fn job(
        mut self,
        name: impl fmt::Display,
        run: impl Future<Output = anyhow::Result<()>> + Send + 'static,
    ) -> Self {
        self.jobs.push(Job {
            name: format!("{}.{name}", self.name),
            run: Box::pin(run),
        });
        self
    }

    /// Adds jobs made elsewhere, under their own names.
    #[must_use]
    pub fn jobs(mut self, jobs: impl IntoIterator<Item = Job>) -> Self {
        self.jobs.extend(jobs);
        self
    }

    /// Puts the gRPC services on `routes` and the HTTP routes on `http`, and gives the jobs to run.
    pub(crate) fn mount(self, routes: Routes, http: axum::Router) -> (Routes, axum::Router, Vec<Job>) {
        let mounts = self.mounts.into_iter();
        let routes = mounts.fold(routes, |routes, mount| mount(routes));
        (routes, http.merge(self.http), self.jobs)
    }
}
