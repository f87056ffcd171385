"""Checks the factur-x.xml inside PDF files: XSD, Factur-X EN 16931 schematron, French BR-FR rules.

facturx_check.py FILE.pdf … ; exit code 1 if a file has none or breaks a rule.
"""

import pathlib
import sys
import tempfile

import facturx
import saxonche
from lxml import etree

RULES = pathlib.Path(facturx.__file__).parent / "xsd_and_schematron"
SHEETS = {
    "EN 16931": RULES / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
    "BR-FR": RULES / "cii-schematron-fr-ctc" / "BR-FR-Flux2-Schematron-CII.xslt",
}
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def check(pdf, sheets):
    name, xml = facturx.get_facturx_xml_from_pdf(pdf.read_bytes(), check_xsd=True)
    if not xml:
        print(f"{pdf.name}: no factur-x.xml")
        return False
    valid = name == "factur-x.xml"
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(xml)
        file.flush()
        for title, sheet in sheets.items():
            report = etree.fromstring(sheet.transform_to_string(source_file=file.name).encode())
            fired = len(report.findall(f".//{SVRL}fired-rule"))
            broken = report.findall(f".//{SVRL}failed-assert") + report.findall(f".//{SVRL}successful-report")
            # A sheet that fired nothing checked nothing.
            valid = valid and fired > 0 and not broken
            print(f"{pdf.name} {title}: {fired} rules fired, {len(broken)} broken")
            for rule in broken:
                print("  ", rule.get("id"), " ".join("".join(rule.itertext()).split())[:300])
    return valid


def main():
    with saxonche.PySaxonProcessor(license=False) as saxon:
        sheets = {
            title: saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
            for title, path in SHEETS.items()
        }
        results = [check(pathlib.Path(name), sheets) for name in sys.argv[1:]]
    sys.exit(0 if all(results) else 1)


main()
