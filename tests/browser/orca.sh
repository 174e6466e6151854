#!/usr/bin/env bash
# Orca reads a page in a real Chromium on a screen that nobody sees, and then keys are pressed.
#   tests/browser/orca.sh URL LOG FOLDER SECONDS KEY…   what it says are LOG's lines SPEECH OUTPUT: '…'; FOLDER is for
# their files, SECONDS of silence follow each key
# Every program that is started here ends with this one.
set -eu
export url=$1 log=$2 folder=$3 seconds=$4
shift 4
export HOME=$folder XDG_RUNTIME_DIR=$folder GTK_MODULES=gail:atk-bridge NO_AT_BRIDGE=0 ACCESSIBILITY_ENABLED=1
exec 3<>"$folder/display"
Xvfb -displayfd 3 -screen 0 1280x900x24 >/dev/null 2>&1 &
screen=$!
trap 'kill $screen' EXIT
for _ in $(seq 50); do [ -s "$folder/display" ] && break; sleep 0.2; done
DISPLAY=:$(cat "$folder/display")
export DISPLAY

dbus-run-session -- bash -eu -c '
  trap "kill \$(jobs -p) 2>/dev/null || true" EXIT
  lines() { grep -c "SPEECH OUTPUT" "$log" || true; }
  # Waits until that many seconds have passed without a word.
  settled() { before=; until [ "$before" = "$(lines)" ]; do before=$(lines); sleep "$seconds"; done; }

  openbox >/dev/null 2>&1 &
  /usr/libexec/at-spi-bus-launcher --launch-immediately --a11y=1 --screen-reader=1 >/dev/null 2>&1 &
  sleep 1
  orca --replace --debug-file="$log" >/dev/null 2>&1 &
  for _ in $(seq 60); do [ -s "$log" ] && break; sleep 0.5; done
  sleep $((3 + seconds)) # the log is written in blocks: the end of the start is not seen in it
  chromium --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --force-renderer-accessibility --user-data-dir="$folder/profile" \
    --window-size=1280,900 "$url" >/dev/null 2>&1 &
  # It reads the whole page when it opens.
  for _ in $(seq 120); do grep -qs "leaving main content" "$log" && break; sleep 0.5; done
  settled
  for key in "$@"; do
    if [ "$key" = quiet ]; then sleep 3; else xdotool key --clearmodifiers "$key"; sleep 0.3; settled; fi
  done
' orca "$@"
