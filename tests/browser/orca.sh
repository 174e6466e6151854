#!/usr/bin/env bash
# Orca reads a page in a real Chromium on a screen that nobody sees.
#   tests/browser/orca.sh URL LOG FOLDER   what it says are LOG's lines SPEECH OUTPUT: '…'; FOLDER is for their files
# Every program that is started here ends with this one.
set -eu
url=$1 log=$2 folder=$3
export HOME=$folder XDG_RUNTIME_DIR=$folder GTK_MODULES=gail:atk-bridge NO_AT_BRIDGE=0 ACCESSIBILITY_ENABLED=1
exec 3<>"$folder/display"
Xvfb -displayfd 3 -screen 0 1280x900x24 >/dev/null 2>&1 &
screen=$!
trap 'kill $screen' EXIT
for _ in $(seq 50); do [ -s "$folder/display" ] && break; sleep 0.2; done
DISPLAY=:$(cat "$folder/display")
export DISPLAY url log folder

dbus-run-session -- bash -eu -c '
  trap "kill \$(jobs -p) 2>/dev/null || true" EXIT
  openbox >/dev/null 2>&1 &
  /usr/libexec/at-spi-bus-launcher --launch-immediately --a11y=1 --screen-reader=1 >/dev/null 2>&1 &
  sleep 1
  orca --replace --debug-file="$log" >/dev/null 2>&1 &
  sleep 4
  chromium --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --force-renderer-accessibility --user-data-dir="$folder/profile" \
    --window-size=1280,900 "$url" >/dev/null 2>&1 &
  # Orca reads the whole page when it opens.
  for _ in $(seq 120); do grep -q "16 factors" "$log" 2>/dev/null && break; sleep 0.5; done
  press() { for key in "$@"; do xdotool key --clearmodifiers "$key"; sleep 0.8; done; }
  mark() { echo "MARK $1" >>"$log"; }
  mark buttons
  press Tab Tab Tab Tab Tab Tab
  mark playing
  press space
  sleep 1
  mark quiet
  sleep 3
  mark sentence
  press Tab Tab Tab space
  sleep 1
  mark headings
  press h h h Down Down Down Down Down Down
'
