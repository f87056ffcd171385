"""Checks a payment file against the ISO 20022 schema that its namespace names.

pain_check.py < FILE.xml; exit code 1 if the schema refuses it.
"""

import pathlib
import sys

import sepaxml
from lxml import etree

document = etree.fromstring(sys.stdin.buffer.read())
name = etree.QName(document).namespace.rsplit(":", 1)[1]
schema = etree.XMLSchema(file=str(pathlib.Path(sepaxml.__file__).parent / "schemas" / f"{name}.xsd"))
if not schema.validate(document):
    print(name, schema.error_log)
    sys.exit(1)
print(name, "is valid")
