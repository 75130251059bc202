//! One installation under test: PostgreSQL, nats-server and the product, each a process that can be killed and
//! started again on the same data and the same addresses.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use hotline_runtime::Tokens;
use hotline_runtime::private::{Durability, NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::transport::{Channel, Endpoint};

use super::home::Home;
use super::process::{self, Process};
use super::wait::until_within;
use crate::workspace_root;

/// Longest start of the product on a busy machine, migrations included.
const START_MAX: Duration = Duration::from_secs(60);

/// Longest answer to one call.
const CALL_MAX: Duration = Duration::from_secs(10);

/// Longest command that ends by itself.
const COMMAND_MAX: Duration = Duration::from_secs(180);

/// Bytes of a log that a failure shows.
const LOG_TAIL_BYTES: usize = 4_000;

/// How an installation is started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where the product's clock stands, RFC 3339; absent: the machine's clock.
    pub clock: Option<String>,
    /// More settings, `HOTLINE_*`.
    pub settings: Vec<(String, String)>,
}

impl Options {
    /// An installation whose clock stands at `start`.
    pub fn standing_at(start: &str) -> Self {
        Self {
            clock: Some(start.to_owned()),
            ..Self::default()
        }
    }

    /// The same with one more setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A running installation; all of it goes with this value.
pub struct Platform {
    options: Options,
    process: Option<Process>,
    postgres: Option<PrivatePostgres>,
    nats: Option<PrivateNats>,
    database_url: String,
    nats_url: String,
    nats_admin_url: String,
    grpc: SocketAddr,
    http: SocketAddr,
    channel: Channel,
    tokens: Tokens,
    home: Home,
}

impl Platform {
    /// Starts fresh servers and the product on them, and waits until it is ready.
    ///
    /// # Errors
    /// A server or the product does not start; the end of its log is shown.
    pub async fn start(options: Options) -> Result<Self> {
        let mut platform = Self::servers(options).await?;
        platform.run().await?;
        Ok(platform)
    }

    /// Starts fresh servers, without the product.
    ///
    /// # Errors
    /// A server does not start.
    pub async fn servers(options: Options) -> Result<Self> {
        let home = Home::make()?;
        let (grpc, http) = (free_address()?, free_address()?);
        let (postgres, nats) = (home.path().join("postgres"), home.path().join("nats"));
        let (postgres_options, nats_options) = (postgres_options(None), nats_options(None));
        let (postgres, nats) = tokio::try_join!(
            PrivatePostgres::start(&postgres, &postgres_options),
            PrivateNats::start(&nats, &nats_options)
        )?;
        let tokens = Tokens::open(&home.path().join("data/keys"))?;
        Ok(Self {
            options,
            process: None,
            database_url: postgres.url().to_owned(),
            nats_url: nats.url().to_owned(),
            nats_admin_url: nats.admin_url().to_owned(),
            postgres: Some(postgres),
            nats: Some(nats),
            grpc,
            http,
            channel: endpoint(grpc)?.connect_lazy(),
            tokens,
            home,
        })
    }

    /// Runs the product and waits until it is ready.
    ///
    /// # Errors
    /// It ends, or is not ready in time; the end of its log is shown.
    pub async fn run(&mut self) -> Result<()> {
        self.spawn().await?;
        self.until_ready().await
    }

    /// Runs the product and does not wait.
    ///
    /// # Errors
    /// It cannot be started.
    pub async fn spawn(&mut self) -> Result<()> {
        let data = self.data_dir().display().to_string();
        let args = ["run", "--json", "--data-dir", data.as_str()];
        self.process = Some(Process::spawn(&args, &self.settings(), &self.log()).await?);
        Ok(())
    }

    /// Waits until the product says that it is ready.
    ///
    /// # Errors
    /// It ended, or the time is over; the end of its log is shown.
    pub async fn until_ready(&mut self) -> Result<()> {
        let http = self.http;
        let process = self.process.as_mut().context("the product was not started")?;
        let ready = async {
            loop {
                if let Some(status) = process.ended()? {
                    bail!("the product ended at its start: {status}");
                }
                if probe(http, "/readyz").await {
                    return Ok(());
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let ready = tokio::time::timeout(START_MAX, ready).await;
        let ready = ready.unwrap_or_else(|_| Err(anyhow::anyhow!("the product is not ready in time")));
        ready.with_context(|| self.log_tail())
    }

    /// Kills the product without a word.
    ///
    /// # Errors
    /// It does not run.
    pub async fn kill(&mut self) -> Result<()> {
        self.process
            .take()
            .context("the product does not run")?
            .kill()
            .await
    }

    /// Stops the product in order.
    ///
    /// # Errors
    /// It does not run, or ends with an error.
    pub async fn stop(&mut self) -> Result<()> {
        let status = self
            .process
            .take()
            .context("the product does not run")?
            .stop()
            .await?;
        anyhow::ensure!(
            status.success(),
            "the product stopped with {status}\n{}",
            self.log_tail()
        );
        Ok(())
    }

    /// Where the product's clock stands from its next start on.
    pub fn set_clock(&mut self, at: &str) {
        self.options.clock = Some(at.to_owned());
    }

    /// Kills PostgreSQL without a word.
    ///
    /// # Errors
    /// It does not run.
    pub async fn kill_postgres(&mut self) -> Result<()> {
        self.postgres
            .take()
            .context("PostgreSQL does not run")?
            .kill()
            .await
    }

    /// Starts PostgreSQL again on its data and its port.
    ///
    /// # Errors
    /// It does not start in time.
    pub async fn start_postgres(&mut self) -> Result<()> {
        let (dir, options) = (
            self.home.path().join("postgres"),
            postgres_options(Some(port_of(&self.database_url)?)),
        );
        let (dir, options) = (&dir, &options);
        // Its last children let go of the shared memory a moment after a kill.
        let started = until_within(START_MAX, "PostgreSQL starts again", || async move {
            Ok(PrivatePostgres::start(dir, options).await.ok())
        });
        self.postgres = Some(started.await?);
        Ok(())
    }

    /// Kills nats-server without a word.
    ///
    /// # Errors
    /// It does not run.
    pub async fn kill_nats(&mut self) -> Result<()> {
        self.nats.take().context("nats-server does not run")?.kill().await
    }

    /// Removes everything that the dead nats-server had stored.
    ///
    /// # Errors
    /// It runs, or the folder cannot be removed.
    pub fn empty_nats(&self) -> Result<()> {
        anyhow::ensure!(self.nats.is_none(), "nats-server runs");
        let store = self.nats_store();
        std::fs::remove_dir_all(&store).with_context(|| store.display().to_string())
    }

    /// Starts nats-server again on its store and its port.
    ///
    /// # Errors
    /// It does not start in time.
    pub async fn start_nats(&mut self) -> Result<()> {
        let (dir, options) = (
            self.home.path().join("nats"),
            nats_options(Some(port_of(&self.nats_url)?)),
        );
        let (dir, options) = (&dir, &options);
        let started = until_within(START_MAX, "nats-server starts again", || async move {
            Ok(PrivateNats::start(dir, options).await.ok())
        });
        self.nats = Some(started.await?);
        Ok(())
    }

    /// Process id of PostgreSQL's postmaster.
    ///
    /// # Errors
    /// It does not run.
    pub fn postgres_pid(&self) -> Result<u32> {
        self.postgres.as_ref().context("PostgreSQL does not run")?.pid()
    }

    /// Runs a command of the program against this installation, to its end.
    ///
    /// # Errors
    /// It cannot be started, or does not end in time.
    pub async fn command(&self, args: &[&str]) -> Result<Output> {
        let mut command = process::command().await?;
        command
            .args(["--data-dir", &self.data_dir().display().to_string()])
            .args(args);
        command
            .envs(self.settings())
            .current_dir(self.home.path())
            .kill_on_drop(true);
        let output = tokio::time::timeout(COMMAND_MAX, command.output()).await;
        Ok(output.with_context(|| format!("hotline {} does not end", args.join(" ")))??)
    }

    /// Runs a command with `--json`, and gives what it printed and whether it ended well.
    ///
    /// # Errors
    /// As [`Platform::command`]; or what it printed is no JSON, then with everything it printed.
    pub async fn json(&self, args: &[&str]) -> Result<(serde_json::Value, bool)> {
        let mut with_json = args.to_vec();
        with_json.push("--json");
        let output = self.command(&with_json).await?;
        let value = serde_json::from_slice(&output.stdout).with_context(|| {
            let (out, err) = (
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr),
            );
            format!("hotline {} printed no JSON:\n{out}\n{err}", args.join(" "))
        })?;
        Ok((value, output.status.success()))
    }

    /// The channel to the product; it connects anew by itself.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// The installation's tokens.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The administrator's URL of the database.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// The folder that goes with this installation.
    pub fn dir(&self) -> &Path {
        self.home.path()
    }

    /// The folder of the product.
    pub fn data_dir(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// What the product printed since its first start.
    pub fn log(&self) -> PathBuf {
        self.home.path().join("product.log")
    }

    /// The folder of nats-server's store.
    pub fn nats_store(&self) -> PathBuf {
        self.home.path().join("nats/store")
    }

    /// Whether a probe of the HTTP server answers 200.
    pub async fn probe(&self, path: &str) -> bool {
        probe(self.http, path).await
    }

    /// The end of the product's log.
    pub fn log_tail(&self) -> String {
        let text = std::fs::read(self.log()).unwrap_or_default();
        let tail = &text[text.len().saturating_sub(LOG_TAIL_BYTES)..];
        format!("{}:\n{}", self.log().display(), String::from_utf8_lossy(tail))
    }

    /// The product's settings, as its environment.
    fn settings(&self) -> Vec<(String, String)> {
        let mut settings = vec![
            (
                "HOTLINE_DEPLOY_DIR".to_owned(),
                workspace_root().join("deploy").display().to_string(),
            ),
            ("HOTLINE_DATABASE__URL".to_owned(), self.database_url.clone()),
            ("HOTLINE_NATS__URL".to_owned(), self.nats_url.clone()),
            ("HOTLINE_NATS__ADMIN_URL".to_owned(), self.nats_admin_url.clone()),
            ("HOTLINE_GRPC__LISTEN".to_owned(), self.grpc.to_string()),
            ("HOTLINE_HTTP__LISTEN".to_owned(), self.http.to_string()),
            ("HOTLINE_GATEWAY__LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
        ];
        if let Some(clock) = &self.options.clock {
            // The quotes keep it a text: a bare one would be read as something else.
            settings.push(("HOTLINE_CLOCK__START".to_owned(), format!("\"{clock}\"")));
        }
        settings.extend(self.options.settings.iter().cloned());
        settings
    }
}

fn postgres_options(port: Option<u16>) -> PostgresOptions {
    PostgresOptions {
        durability: Durability::Scratch,
        port,
        ..PostgresOptions::default()
    }
}

fn nats_options(port: Option<u16>) -> NatsOptions {
    let programs = vec![workspace_root().join(".hotline/bin/nats-server")];
    NatsOptions {
        port,
        programs,
        ..NatsOptions::default()
    }
}

/// The port at the end of a server's address.
fn port_of(url: &str) -> Result<u16> {
    let address = url.trim_end_matches("/hotline");
    let port = address.rsplit(':').next().context("an address with a port")?;
    port.parse()
        .with_context(|| format!("no port at the end of {address}"))
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn endpoint(address: SocketAddr) -> Result<Endpoint> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
    Ok(endpoint.connect_timeout(Duration::from_secs(2)).timeout(CALL_MAX))
}

/// Whether a GET of `path` is answered with 200.
async fn probe(address: SocketAddr, path: &str) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut head = [0_u8; 12];
        stream.read_exact(&mut head).await?;
        std::io::Result::Ok(&head == b"HTTP/1.1 200")
    };
    tokio::time::timeout(Duration::from_secs(5), asked)
        .await
        .is_ok_and(|asked| asked.unwrap_or(false))
}
