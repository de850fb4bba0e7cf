from . import api, api_spends, api_supply, codes, export, vouchers
