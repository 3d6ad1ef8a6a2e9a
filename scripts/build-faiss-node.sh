#!/usr/bin/env bash
# Builds the binary of faiss-node, which its package does not carry, against Debian's or Ubuntu's
# libfaiss-dev: in seconds, where its own install script would fetch and compile all of faiss. Needs
# g++ and the headers of Node; takes libfaiss-dev and libopenblas-dev from apt where they are missing
# and it may. Does nothing where the binary is there and loads. Writes only into node_modules.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
  echo "build-faiss-node: $1" >&2
  exit 1
}

link=packages/vector-index/node_modules/faiss-node
[ -d "$link" ] || fail "faiss-node is not installed: run npm run setup first"
package=$(cd "$link" && pwd -P)
binary=$package/build/Release/faiss-node.node
loads() { node -e 'require(process.argv[1])' "$package" 2>/dev/null; }

if [ -f "$binary" ] && loads; then
  echo "faiss-node is built: $binary"
  exit 0
fi

if [ ! -f /usr/include/faiss/Index.h ]; then
  command -v apt-get >/dev/null || fail "libfaiss-dev is missing, and there is no apt-get to install it"
  [ "$(id -u)" = 0 ] || fail "libfaiss-dev is missing: sudo apt-get install libfaiss-dev libopenblas-dev"
  apt-get install -y -qq --no-install-recommends libfaiss-dev libopenblas-dev >/dev/null ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends libfaiss-dev libopenblas-dev >/dev/null; } ||
    fail "apt-get cannot install libfaiss-dev and libopenblas-dev"
fi
command -v g++ >/dev/null || fail "g++ is missing: apt-get install g++"

headers=
for folder in /usr/include/node "$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node"; do
  [ -f "$folder/node_api.h" ] && headers=$folder && break
done
[ -n "$headers" ] || fail "the headers of Node (node_api.h) are missing"
# node-addon-api lies beside faiss-node, as any dependency of it does.
addon=$(node -p 'require.resolve("node-addon-api/package.json", { paths: [process.argv[1]] })' "$package")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# faiss-node is written for faiss 1.7.4; in Debian's 1.7.3 the index type still lives in the class.
if ! grep -q 'using idx_t = int64_t' /usr/include/faiss/MetricType.h; then
  shim='namespace faiss { using idx_t = Index::idx_t; }'
fi
printf '#include <faiss/Index.h>\n%s\n' "${shim:-}" >"$work/shim.h"

libraries=/usr/lib/$(g++ -print-multiarch)
g++ -O2 -shared -fPIC -std=c++17 -include "$work/shim.h" \
  -DNAPI_VERSION=6 -DNODE_GYP_MODULE_NAME=faiss_node -DNAPI_DISABLE_CPP_EXCEPTIONS \
  -I"$headers" -I"$(dirname "$addon")" \
  "$package/src/faiss.cc" -o "$work/faiss-node.node" \
  "$libraries/libfaiss.a" -lopenblas -fopenmp
mkdir -p "$(dirname "$binary")"
mv "$work/faiss-node.node" "$binary"
loads || fail "the binary was built but does not load: node -e 'require(\"$package\")' says why"
echo "faiss-node is built: $binary"
