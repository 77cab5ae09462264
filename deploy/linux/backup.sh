#!/usr/bin/env bash
# Writes one dated backup into FOLDER and takes away those older than KEEP_DAYS; beside a running server too.
# The new one is there under its name only when it is whole, and the old ones go only after that.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${FOLDER:-/var/backups/mot-cua}
keep=${KEEP_DAYS:-30}
config=${CONFIG:-/etc/mot-cua}
data=${DATA:-/var/lib/mot-cua}

[ -d "$folder" ] || { echo "backup: there is no folder $folder" >&2; exit 1; }
name=$folder/mot-cua-$(date +%Y-%m-%d-%H%M).backup
trap 'rm -f "$name.part"' EXIT

.venv/bin/python server.py --config "$config" --data "$data" backup "$name.part"
[ -s "$name.part" ] || { echo "backup: nothing was written" >&2; exit 1; }
mv "$name.part" "$name"
find "$folder" -maxdepth 1 -name 'mot-cua-*.backup' -mtime "+$keep" -delete
echo "backup: $name"
