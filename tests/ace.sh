#!/bin/sh
# Installs Ace by DAISY (npm) in a folder, and runs it on the EPUB of the tests: sh tests/ace.sh [FOLDER]
# Needs node, npm and Chromium (apt-get install chromium, or CHROMIUM=/path). About 100 MB; downloads no browser.
set -eu
folder=${1:-build/ace}
python=${PYTHON:-python3}
PUPPETEER_EXECUTABLE_PATH=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)} || {
  echo "Ace was not run: there is no Chromium here; install it, or name it in CHROMIUM." >&2
  exit 2
}
export PUPPETEER_EXECUTABLE_PATH
if [ ! -x "$folder/node_modules/.bin/ace-puppeteer" ]; then
  mkdir -p "$folder"
  echo "Installing Ace in $folder: about 100 MB, this once." >&2
  # Without the packages' own scripts: they would download Electron and a second browser.
  PUPPETEER_SKIP_DOWNLOAD=1 npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent '@daisy/ace@^1.4'
fi
ACE="$(cd "$folder" && pwd)/node_modules/.bin/ace-puppeteer" "$python" -m pytest -q tests/test_publications_rules.py -k ace
