"""The same invoice through WeasyPrint, for the bench beside it.

    python3 with_weasyprint.py COUNT < data.json

Reads what the template reads, renders it COUNT times as PDF/A-3, and prints one JSON object: the median and the 95th
percentile in milliseconds, and the most memory that the process held, in MB.
"""

import json
import pathlib
import resource
import statistics
import sys
import time
from html import escape

import weasyprint
from weasyprint.text.fonts import FontConfiguration

FONTS = pathlib.Path(__file__).resolve().parent.parent / "fonts"

CSS = """
@font-face { font-family: Inter; font-weight: 400; src: url(file://%(fonts)s/Inter-Regular.otf) }
@font-face { font-family: Inter; font-weight: 500; src: url(file://%(fonts)s/Inter-Medium.otf) }
@font-face { font-family: Inter; font-weight: 600; src: url(file://%(fonts)s/Inter-SemiBold.otf) }
@page { size: A4; margin: 20mm 18mm 27mm;
  @bottom-left { content: string(footer); font: 6.8pt Inter; width: 85%% }
  @bottom-right { content: "Page " counter(page) " / " counter(pages); font: 6.8pt Inter } }
body { font: 9pt/1.4 Inter; color: #14181f; margin: 0 }
.footer { string-set: footer content(); height: 0; overflow: hidden; font-size: 0 }
h1 { font-size: 25pt; font-weight: 600; color: #24476b; margin: 0 }
.head, .who { display: flex; justify-content: space-between; gap: 10mm; margin-bottom: 8mm }
.buyer { background: #eef3f8; border: .5pt solid #c5d3e2; border-radius: 3pt; padding: 4mm 5mm; width: 45%% }
dl { display: grid; grid-template-columns: auto auto; gap: 1mm 6mm; margin: 0 } dd { margin: 0; text-align: right }
table { width: 100%%; border-collapse: collapse; margin: 4mm 0 }
thead { display: table-header-group } th { background: #24476b; color: #fff; text-align: left; font-weight: 500 }
th, td { padding: 2mm; vertical-align: top } td { border-bottom: .5pt solid #e3e7ed }
tr { break-inside: avoid } .num { text-align: right; font-variant-numeric: tabular-nums } small { color: #5c6575 }
.totals { width: 45%%; margin-left: auto; break-inside: avoid } .due { font-weight: 600; font-size: 11pt }
svg { width: 25mm; height: 25mm }
""" % {"fonts": FONTS}


def pairs(rows):
    return "".join(f"<dt>{escape(row['label'])}</dt><dd>{escape(row['value'])}</dd>" for row in rows)


def lines_of(texts):
    return "<br>".join(escape(text) for text in texts)


def html(data):
    rows = "".join(
        "<tr><td><b>{}</b><br><small>{}</small></td><td class=num>{} {}</td><td class=num>{}</td><td class=num>{}</td>"
        "<td class=num>{}</td></tr>".format(
            *(escape(line[name]) for name in ("name", "details", "quantity", "unit", "unit_price", "vat", "net"))
        )
        for line in data["lines"]
    )
    vat = "".join(
        f"<tr><td>{escape(row['rate'])}</td><td class=num>{escape(row['base'])}</td><td class=num>{escape(row['tax'])}</td></tr>"
        for row in data["vat"]
    )
    payment = data.get("payment") or {"title": "", "rows": [], "terms": None, "qr_svg": None}
    clauses = "".join(f"<p><b>{escape(one['label'])}</b> {escape(one['value'])}</p>" for one in data["clauses"])
    return f"""<!doctype html><html lang=fr><title>{escape(data['title'])}</title><body>
<div class=footer>{escape(data['footer'])}</div>
<div class=head><div><b>{escape(data['seller']['name'])}</b><br>{lines_of(data['seller']['address'])}<br>
<small>{lines_of(data['seller']['contact'])}</small></div><div><h1>{escape(data['kind'])}</h1>N° {escape(data['number'])}</div></div>
<div class=who><dl>{pairs(data['facts'])}</dl><div class=buyer><small>{escape(data['buyer']['label'])}</small><br>
<b>{escape(data['buyer']['name'])}</b><br>{lines_of(data['buyer']['address'])}<br>{lines_of(data['buyer']['identifiers'])}</div></div>
<p>{escape(data['subject'] or '')}</p><p>{escape(data['introduction'] or '')}</p>
<table><thead><tr><th>Désignation<th>Quantité<th>Prix unitaire HT<th>TVA<th>Total HT</tr></thead><tbody>{rows}</tbody></table>
<table class=totals><tbody>{vat}</tbody></table>
<div class=totals><dl>{pairs(data['totals'])}</dl><dl class=due>{pairs([data['due']])}</dl></div>
<p><b>{escape(payment['title'])}</b></p><dl>{pairs(payment['rows'])}</dl>{payment['qr_svg'] or ''}<p>{escape(payment['terms'] or '')}</p>
<p>{escape(data['conditions'] or '')}</p>{clauses}<p>{'<br>'.join(escape(mention) for mention in data['mentions'])}</p>
</body></html>"""


def main():
    count = int(sys.argv[1])
    page = html(json.load(sys.stdin))
    fonts = FontConfiguration()
    style = weasyprint.CSS(string=CSS, font_config=fonts)
    times = []
    for _ in range(count):
        start = time.perf_counter()
        pdf = weasyprint.HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-3b")
        times.append((time.perf_counter() - start) * 1000)
        assert pdf.startswith(b"%PDF")
    times.sort()
    print(
        json.dumps(
            {
                "median_ms": statistics.median(times),
                "p95_ms": times[int(len(times) * 0.95) - 1] if len(times) > 1 else times[0],
                "most_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


main()
