"""Pictures made in plain Python: nothing here imports Odoo."""
