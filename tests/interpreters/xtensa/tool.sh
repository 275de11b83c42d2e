#!/bin/sh
# SPDX-License-Identifier: MIT
# Is every xtensa-esp32-elf-TOOL: Debian's tool of that name for the ESP8266, told about a core with register windows.
here=$(dirname "$(readlink -f "$0")")
tool=${0##*-}
export XTENSA_GNU_CONFIG="$here/../lib/core.so" # set for nothing else: it breaks plain xtensa-lx106-elf tools
case $tool in
gcc | g++) exec "xtensa-lx106-elf-$tool" -mabi=windowed -B "$here/../lib/windowed" "$@" ;;
*) exec "xtensa-lx106-elf-$tool" "$@" ;;
esac
