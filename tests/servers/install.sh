#!/usr/bin/env bash
# Installs the third-party servers that tests/servers asks: aimock (npm), the LiteLLM proxy and llama-cpp-python (pip; it
# compiles llama.cpp, about 20 minutes on two cores). Run by hand; the tests only look for what is there.
#
#     bash tests/servers/install.sh [aimock|litellm|llama]...
#     DISSENT_REQUIRE=aimock,litellm,llama cargo test --test servers -- --nocapture
set -euo pipefail
home="${DISSENT_SERVERS:-$HOME/.cache/dissent-test-servers}"
mkdir -p "$home"

install_aimock() { npm install --prefix "$home/npm" --ignore-scripts --no-audit --no-fund '@copilotkit/aimock@1'; }
install_litellm() {
    python3 -m venv "$home/litellm"
    "$home/litellm/bin/pip" install --quiet 'litellm[proxy]>=1.100,<2'
}
install_llama() {
    python3 -m venv "$home/llama"
    nice "$home/llama/bin/pip" install --quiet numpy gguf 'llama-cpp-python[server]>=0.3.16,<0.4'
}

for server in "${@:-aimock litellm llama}"; do
    for name in $server; do
        echo "== $name into $home"
        "install_$name"
    done
done
