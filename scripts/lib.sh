# Shared by the scripts here: where the workspace lies, how a step is told, which PostgreSQL and nats-server
# are meant. To be sourced by bash, after `set -euo pipefail`.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
BIN="$ROOT/.hotline/bin"

# The oldest versions that the platform is tested with.
POSTGRES_MIN=15
NATS_MIN=2.12

# Prints one line about a step. Arguments: the line.
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# Prints what is wrong and its cure, and ends the script. Arguments: the lines.
die() {
  printf '%s: error: %s\n' "${0##*/}" "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

# True when version $1 (2.15.1) is at least version $2 (2.12).
at_least() { [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Prints the first dotted number that command "$@" prints, or nothing when it cannot run.
version_of() {
  command -v "$1" >/dev/null || return 0
  { "$@" 2>&1 || true; } | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1 || true
}

# Prints the folder of the newest PostgreSQL server programs, or nothing when none is new enough. Debian keeps
# them out of PATH, a folder a major version.
postgres_bin() {
  local initdb dir version best="" best_version="$POSTGRES_MIN"
  for initdb in /usr/lib/postgresql/*/bin/initdb "$(command -v initdb || true)"; do
    [ -x "$initdb" ] || continue
    dir="$(dirname "$(readlink -f "$initdb")")"
    [ -x "$dir/postgres" ] || continue
    version="$(version_of "$dir/postgres" --version)"
    if at_least "$version" "$best_version"; then
      best="$dir" best_version="$version"
    fi
  done
  printf '%s' "$best"
}

# Prints the path of a nats-server that is new enough, or nothing: the one on PATH, else the pinned one.
nats_server() {
  local candidate
  for candidate in "$(command -v nats-server || true)" "$BIN/nats-server"; do
    [ -x "$candidate" ] || continue
    if at_least "$(version_of "$candidate" --version)" "$NATS_MIN"; then
      printf '%s' "$candidate"
      return
    fi
  done
}
