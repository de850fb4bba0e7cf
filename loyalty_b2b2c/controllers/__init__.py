from . import api, api_supply, codes, export, vouchers
