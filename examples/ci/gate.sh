#!/bin/sh
# Check every folder of results before it is published: red (exit 8) as soon as something in one must not leave.
# usage: gate.sh FOLDER...      DISCREET: the command, default: discreet
set -u
worst=0
for folder in "$@"; do
  echo "== $folder"
  ${DISCREET:-discreet} share gate "$folder" --no-listen
  code=$?
  [ "$code" -le "$worst" ] || worst=$code
done
exit "$worst"
