#!/usr/bin/env bash
# Runs a command beside a private PostgreSQL and a private nats-server, both fresh and thrown away afterwards.
#
#   scripts/with-servers.sh [--durable] COMMAND [ARGUMENT ...]
#
# The command finds them by these variables:
#   HOTLINE_TEST_DATABASE_URL  postgres://user:password@127.0.0.1:port/postgres, a superuser
#   HOTLINE_TEST_NATS_URL      nats://127.0.0.1:port, JetStream on
#   HOTLINE_NATS_SERVER        path of the nats-server program, for tests that start and kill their own
#   HOTLINE_POSTGRES_BIN       folder of PostgreSQL's server programs, for the same purpose
# When both addresses are set already, those servers are used and nothing is started.
#
# Tests throw their databases away, so fsync is off; --durable leaves it on, as measurements must have it.
# The exit code is the command's. Both servers are stopped by their process ids, however the command ends.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# A server answers well within this, also on a busy machine.
START_SECONDS=60
# Many tests at once, each with pools of its own.
CONNECTIONS_MAX=500
# Free ports are guessed and may be taken between the guess and the start.
START_TRIES=5

durable=no
if [ "${1:-}" = --durable ]; then
  durable=yes
  shift
fi
[ $# -gt 0 ] || die "no command given" "usage: scripts/with-servers.sh [--durable] COMMAND [ARGUMENT ...]"

pg="$(postgres_bin)"
nats="$(nats_server)"
[ -n "$pg" ] || die "no PostgreSQL $POSTGRES_MIN or newer" "cure: scripts/install.sh"
[ -n "$nats" ] || die "no nats-server $NATS_MIN or newer" "cure: scripts/install.sh"
export HOTLINE_NATS_SERVER="$nats" HOTLINE_POSTGRES_BIN="$pg"
if [ -n "${HOTLINE_TEST_DATABASE_URL:-}" ] && [ -n "${HOTLINE_TEST_NATS_URL:-}" ]; then
  exec "$@"
fi

dir="$(mktemp -d)"
pg_pid="" nats_pid="" command_pid=""

# Ends process $2 by signal $1 and waits for it.
stop() {
  [ -n "$2" ] || return 0
  kill "-$1" "$2" 2>/dev/null || true
  wait "$2" 2>/dev/null || true
}

clean_up() {
  local code=$?
  trap '' INT TERM HUP
  stop TERM "$nats_pid"
  stop INT "$pg_pid"
  rm -rf "$dir"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# PostgreSQL refuses root: as root, it runs as Debian's own user for it.
as_user=()
if [ "$(id -u)" -eq 0 ]; then
  user=postgres
  id "$user" >/dev/null 2>&1 || user=nobody
  as_user=("--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
  chmod 711 "$dir"
fi

# Prints a loopback port on which nothing listens, below the range that the kernel gives to outgoing connections.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  printf '%s' "$port"
}

# Starts a server away from the terminal's signals; it gets signal $1 when this script dies, even by SIGKILL.
# Arguments: the signal, the log, options of setpriv, --, the command. $! is the server itself, since neither
# setsid nor setpriv leaves a process of its own here.
in_background() { setsid setpriv --pdeathsig "$1" "${@:3}" </dev/null >"$2" 2>&1 & }

# Waits until log $2 says $3; false when process $1 ends before, or in the end.
says() {
  local tries=$((START_SECONDS * 20))
  while [ "$tries" -gt 0 ]; do
    if grep -qs "$3" "$2"; then return 0; fi
    kill -0 "$1" 2>/dev/null || return 1
    sleep 0.05
    tries=$((tries - 1))
  done
  return 1
}

# Prints the end of log file $2 of server $1, and ends.
gave_up() {
  tail -n 20 "$2" >&2 || true
  die "$1 does not start; the end of its log stands above"
}

start_postgres() {
  local data="$dir/pg/data" log="$dir/postgres.log" password port options=()
  password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  mkdir "$dir/pg"
  printf '%s' "$password" >"$dir/pg/password"
  [ ${#as_user[@]} -eq 0 ] || chown -R "$user" "$dir/pg"
  [ "$durable" = yes ] || options=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off)
  (cd "$dir/pg" && setpriv "${as_user[@]}" -- "$pg/initdb" --pgdata="$data" --username=hotline --pwfile="$dir/pg/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync) >"$log" 2>&1 || gave_up initdb "$log"
  for _ in $(seq "$START_TRIES"); do
    port="$(free_port)"
    in_background INT "$log" "${as_user[@]}" -- "$pg/postgres" -D "$data" -p "$port" \
      -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections="$CONNECTIONS_MAX" "${options[@]}"
    pg_pid=$!
    if says "$pg_pid" "$log" 'ready to accept connections'; then
      export HOTLINE_TEST_DATABASE_URL="postgres://hotline:$password@127.0.0.1:$port/postgres"
      return
    fi
    stop INT "$pg_pid"
  done
  gave_up PostgreSQL "$log"
}

start_nats() {
  local log="$dir/nats.log" port
  for _ in $(seq "$START_TRIES"); do
    port="$(free_port)"
    in_background TERM "$log" -- "$nats" --addr 127.0.0.1 --port "$port" --jetstream --store_dir "$dir/nats"
    nats_pid=$!
    if says "$nats_pid" "$log" 'Server is ready'; then
      export HOTLINE_TEST_NATS_URL="nats://127.0.0.1:$port"
      return
    fi
    stop TERM "$nats_pid"
  done
  gave_up nats-server "$log"
}

start_postgres
start_nats

# In the background, so that a signal to this script is heard at once; with its input and with SIGINT as usual.
env --default-signal=INT,QUIT "$@" <&0 &
command_pid=$!
trap 'kill -TERM "$command_pid" 2>/dev/null || true' TERM HUP
trap ':' INT # the terminal sends it to the command too, which decides
code=0
while :; do
  code=0
  wait "$command_pid" || code=$?
  kill -0 "$command_pid" 2>/dev/null || break
done
exit "$code"
