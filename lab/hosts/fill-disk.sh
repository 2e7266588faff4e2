#!/bin/sh
# The fault disk-full on a lab host: a real file system of 64 KiB, which is really full.
#
#   fill-disk.sh FOLDER
set -eu
mkdir -p "$1"
mount -t tmpfs -o mode=755,size=64k tmpfs "$1"
# It ends with "No space left on device".
if head -c 1048576 /dev/zero >"$1/full" 2>/dev/null; then exit 1; fi
