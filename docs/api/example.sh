#!/bin/sh
# Report a shipment with curl: sh example.sh https://your-odoo.example YOUR_KEY
set -eu
curl --silent --show-error --fail-with-body --noproxy 127.0.0.1 \
  "$1/loyalty/api/v1/shipments" \
  --header "Authorization: Bearer $2" \
  --header "Content-Type: application/json" \
  --header "Idempotency-Key: shipment-1001" \
  --data '{
    "reference": "SHIP-1001",
    "partner": {"ref": "SHOP-17"},
    "lines": [{"product": "PAPER-A4", "quantity": 24}]
  }'
