#!/usr/bin/env bash
# Makes all captures again, and then expected.json. The packages are installed in the folder that is
# given, or in a temporary one, never in the repository.
set -euo pipefail
cd "$(dirname "$0")"
work=$(realpath "${1:-$(mktemp -d)}")
export PYTHONDONTWRITEBYTECODE=1 NODE_PATH=$work/node_modules MITMDUMP=$work/python/bin/mitmdump
npm install --prefix "$work" --no-audit --no-fund --ignore-scripts \
    pino@10.4.0 pino-pretty@13.2.0 winston@3.19.0 bunyan@2.0.5 smee-client@5.0.0 playwright-core@1.65.1 ws eventsource
python3 -m venv "$work/python"
"$work/python/bin/pip" install -q mitmproxy==11.0.2 'moto[logs,sqs,sns,kinesis,firehose,s3]==5.2.5' \
    structlog==26.1.0 python-json-logger==4.2.0 zstandard
node loggers.js
node browser.js
node smee.js
for script in loggers cloud documented; do "$work/python/bin/python" $script.py; done
for script in proxy nginx wire databases; do bash $script.sh; done
"$work/python/bin/python" expect.py
