#!/usr/bin/env bash
# The first path by curl: from sign-up to a reminder, against a running `cargo run`.
#
#   scripts/first_path.sh [http://127.0.0.1:8787]
#
# Leaves the invoice's PDF in the current folder. Needs nothing but bash, curl and sed. It moves the clock of the
# local process 31 days forward, which only the operator's page of this machine can do.
set -euo pipefail

base="${1:-http://127.0.0.1:8787}"
# What makes each run a new one: e-mail and keys are unique.
run="$(date +%s)-$$"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

say() { printf '\n%s\n' "$*"; }

die() {
    printf 'first_path: %s\n' "$*" >&2
    exit 1
}

# field NAME: the first value of this name in the JSON on standard input, without its quotes.
field() {
    sed -E 's/[[:space:]]*:[[:space:]]*/:/g' | tr -d '\n' |
        sed -nE 's/"'"$1"'":("([^"\\]|\\.)*"|[^],}"]+)/\x01\1\x01/; s/^[^\x01]*\x01([^\x01]*)\x01.*/\1/p' |
        sed -E 's/^"(.*)"$/\1/'
}

# call METHOD PATH [JSON]: prints the answer's body; a refusal ends the script with what was said. Each POST has its
# own Idempotency-Key, so that curl may repeat it after a broken connection without doing it twice.
steps=0
call() {
    local method="$1" path="$2" body="${3-}" status
    local arguments=(--silent --show-error --request "$method" --output "$work/answer" --write-out '%{http_code}')
    arguments+=(--header "Authorization: Bearer $token" --retry 3 --retry-connrefused)
    if [ -n "$body" ]; then arguments+=(--header 'Content-Type: application/json' --data "$body"); fi
    if [ "$method" = POST ]; then arguments+=(--header "Idempotency-Key: first-path-$run-$(next_key)"); fi
    status="$(curl "${arguments[@]}" "$base$path")" || die "no answer from $base"
    case "$status" in
    2*) cat "$work/answer" ;;
    *) die "$method $path answered $status: $(cat "$work/answer")" ;;
    esac
}

# A file, because `call` runs in a subshell whose variables are lost.
next_key() {
    echo . >>"$work/keys"
    wc -l <"$work/keys" | tr -d ' '
}

# Amounts are integers in the minor unit.
euros() { printf '%d.%02d €' "$(($1 / 100))" "$(($1 % 100))"; }

say "1. An account with its organization, a session, and a token for programs"
email="camille-$run@atelier.example"
password='correct horse battery staple 42'
curl --fail-with-body --silent --show-error --output /dev/null "$base/api/v1/accounts" \
    --header 'Content-Type: application/json' \
    --data "{\"organization_name\":\"Atelier du Pont\",\"name\":\"Camille Martin\",\"email\":\"$email\",\"password\":\"$password\"}" ||
    die "is ABSERVICE running at $base?"
curl --fail-with-body --silent --show-error --cookie-jar "$work/cookies" "$base/api/v1/sessions" \
    --header 'Content-Type: application/json' --data "{\"email\":\"$email\",\"password\":\"$password\"}"
token="$(curl --fail-with-body --silent --show-error --cookie "$work/cookies" "$base/api/v1/tokens" \
    --header 'Content-Type: application/json' \
    --data '{"name":"first path","scopes":["settings:view","settings:edit","crm:view","crm:create","invoicing:view","invoicing:create","invoicing:edit","invoicing:approve","invoicing:export"]}' |
    field secret)"
[ -n "$token" ] || die "no token in the answer"
echo "   $email has the token ${token:0:12}…"

say "2. The organization's legal identity, bank and colours"
call PUT /api/v1/organization '{
    "name": "Atelier du Pont", "legal_form": "SARL", "capital": "10 000 €",
    "siret": "73282932000074", "vat_number": "FR44732829320", "rcs_city": "Lyon",
    "street": "5 quai de Saône", "postal_code": "69002", "city": "Lyon", "country": "FR",
    "email": "contact@atelier.example", "phone": "04 78 00 00 00",
    "bank_name": "Banque de Lyon", "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP",
    "primary_color": "#1D4ED8", "secondary_color": "#0F172A",
    "currency": "EUR", "time_zone": "Europe/Paris", "vat_regime": "normal", "payment_days": "30"
}' >/dev/null
echo "   done"

say "3. A client company and its contact"
# By its address this run's mails are told from those of another.
recipient="compta-$run@client.example"
client="$(call POST /api/v1/companies "{
    \"name\": \"La Poste\", \"siret\": \"35600000000048\", \"email\": \"$recipient\",
    \"street\": \"9 rue du Colonel Pierre Avia\", \"postal_code\": \"75015\", \"city\": \"Paris\"
}" | field id)"
contact="$(call POST /api/v1/contacts "{
    \"company_id\": \"$client\", \"civility\": \"mrs\", \"first_name\": \"Claire\", \"last_name\": \"Petit\",
    \"job_title\": \"Achats\", \"email\": \"claire.petit@client.example\"
}" | field id)"
echo "   $client, $contact"

say "4. A quote of three lines and two VAT rates, sent, accepted, turned into an invoice"
quote="$(call POST /api/v1/quotes "{
    \"client_id\": \"$client\", \"subject\": \"Rénovation des bureaux\",
    \"lines\": [
        {\"description\": \"Conception\\nDeux jours sur place\", \"quantity\": \"2\", \"unit\": \"day\", \"unit_price\": \"450.00\", \"vat_percent\": \"20\"},
        {\"description\": \"Luminaires\", \"quantity\": \"8\", \"unit\": \"piece\", \"unit_price\": \"62.50\", \"discount_percent\": \"10\", \"vat_percent\": \"20\"},
        {\"description\": \"Isolation\", \"quantity\": \"24\", \"unit\": \"square_metre\", \"unit_price\": \"12.50\", \"vat_percent\": \"5.5\"}
    ]
}" | field id)"
echo "   sent as $(call POST "/api/v1/quotes/$quote/send" '{}' | field number)"
echo "   $(call POST "/api/v1/quotes/$quote/accept" '{}' | field status)"
invoice="$(call POST "/api/v1/quotes/$quote/invoice" '{}' | field id)"
echo "   became the draft $invoice"

say "5. The invoice is issued: it gets its number, its PDF is rendered, its mail leaves"
issued="$(call POST "/api/v1/invoices/$invoice/issue" '{}')"
number="$(field number <<<"$issued")"
echo "   $number, $(euros "$(field gross_minor <<<"$issued")") TTC, due on $(field due_on <<<"$issued")"
for ((tries = 1; ; tries++)); do
    ready="$(call GET "/api/v1/invoices/$invoice" | field is_document_ready)"
    if [ "$ready" = true ]; then break; fi
    [ "$tries" -lt 120 ] || die "the document was not rendered within a minute"
    sleep 0.5
done
link="$(call GET "/api/v1/invoices/$invoice/document" | field url)"
curl --fail --silent --show-error --output "$number.pdf" "$link"
[ "$(head -c 5 "$number.pdf")" = '%PDF-' ] || die "$number.pdf is not a PDF"
echo "   ./$number.pdf, $(wc -c <"$number.pdf" | tr -d ' ') bytes, by a signed link"

say "6. The client pays a part"
today="$(curl --fail --silent --show-error "$base/_local/api/clock" | field now)"
paid="$(call POST "/api/v1/invoices/$invoice/payments" \
    "{\"amount\": \"500.00\", \"paid_on\": \"${today%%T*}\", \"reference\": \"VIR 42\"}")"
echo "   $(euros "$(field paid_minor <<<"$paid")") paid, $(euros "$(field balance_minor <<<"$paid")") left"

say "7. 31 days later the invoice is overdue, and the reminder leaves"
curl --fail --silent --show-error --output /dev/null "$base/_local/api/clock" \
    --header 'Content-Type: application/json' --data '{"advance_days": 31}'
curl --fail-with-body --silent --show-error --output /dev/null "$base/_local/api/idle?timeout_seconds=60"
[ "$(call GET "/api/v1/invoices/$invoice" | field is_overdue)" = true ] || die "$number is not overdue"
curl --fail --silent --show-error "$base/_local/api/mails" | tr '{' '\n' | grep -F "$recipient" >"$work/mails" || true
echo "   mails to $recipient, the newest first:"
sed -nE 's/.*"subject":"([^"]*)".*/   - \1/p' "$work/mails"
[ "$(grep -c '"subject":"Rappel' "$work/mails")" = 1 ] || die "not exactly one reminder"

say "8. The ledger, recomputed from its first entry"
ledger="$(call GET /api/v1/ledger/verification)"
echo "   $(field entries <<<"$ledger") entries, intact: $(field is_intact <<<"$ledger")"
