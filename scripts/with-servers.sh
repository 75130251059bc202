#!/usr/bin/env bash
# Runs a command beside a private PostgreSQL and nats-server that its tests share, both thrown away afterwards:
#   scripts/with-servers.sh cargo nextest run
# The servers are started by the product's own code (crates/runtime/src/private), which stops them when this script
# ends, however it ends: it holds a pipe, and the pipe's end is their end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ $# -gt 0 ] || { echo "usage: scripts/with-servers.sh COMMAND [ARGUMENT ...]" >&2; exit 2; }

# Of the whole workspace, as every build of the tests: one package alone would choose other features of the libraries, and
# build most of them again.
cargo build --locked --quiet --workspace --example test_servers
coproc SERVERS { exec target/debug/examples/test_servers; }
servers_pid=$SERVERS_PID
stop() {
  exec {SERVERS[1]}>&- || true
  wait "$servers_pid" 2>/dev/null || true
}
trap stop EXIT

# Three lines: the database, the broker, the broker's administrator.
for _ in 1 2 3; do
  read -r -t 120 line <&"${SERVERS[0]}" || { echo "the tests' servers did not start" >&2; exit 1; }
  eval "$line"
done

"$@"
