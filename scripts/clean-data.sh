#!/usr/bin/env bash
# Removes the data of a local installation (.hotline/), and keeps the programs in .hotline/bin. Refuses while a
# server still runs on that data.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -d "$ROOT/.hotline" ] || exit 0
while IFS= read -r -d '' file; do
  pid="$(head -n 1 "$file")"
  if [ -n "$pid" ] && [ -d "/proc/$pid" ]; then
    die "process $pid still runs on ${file%/*}" "cure: stop hotline first"
  fi
done < <(find "$ROOT/.hotline" -name postmaster.pid -print0)
find "$ROOT/.hotline" -mindepth 1 -maxdepth 1 ! -name bin -exec rm -rf -- {} +
say "removed the data under .hotline"
