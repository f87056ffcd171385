#!/usr/bin/env bash
# Fails where what a program printed shows a secret: the hash of a password, a token, a session, a seed.
#   scripts/no_secrets.sh FILE…
set -euo pipefail
ulid='[0-9A-HJKMNP-TV-Z]{26}'
if grep -nE "\\\$argon2id\\\$v=|abs_${ulid}_${ulid}_|${ulid}\.${ulid}\.[A-Za-z0-9_-]{43}|otpauth://" "$@"; then
    echo "a secret was printed" >&2
    exit 1
fi
