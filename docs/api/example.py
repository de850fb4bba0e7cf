"""Record a sale, then read the customer's balance.

python example.py https://your-odoo.example YOUR_KEY +380671234567
"""

import sys
import uuid

import requests

url, key, phone = sys.argv[1:4]
api = requests.Session()
api.headers["Authorization"] = f"Bearer {key}"

sale = {"reference": "R-2026-000481", "member": {"phone": phone}, "amount": 250.40}
once = {"Idempotency-Key": str(uuid.uuid4())}  # keep it for repetitions of this call
answer = api.post(f"{url}/loyalty/api/v1/sales", json=sale, headers=once, timeout=30)
if not answer.ok:
    sys.exit(answer.json()["error"]["message"])
for row in answer.json()["results"]:
    print(f"{row['points']:g} {row['unit']} now, {row['points_pending']:g} later")

answer = api.post(f"{url}/loyalty/api/v1/balance", json={"phone": phone}, timeout=30)
for membership in answer.json()["memberships"]:
    for balance in membership["balances"]:
        print(f"{membership['role']}: {balance['available']:g} {balance['unit']}")
