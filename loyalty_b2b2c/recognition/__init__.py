"""Reading photos of receipts and tax stamps: plain Python, no Odoo, no database.

The flow, one direction::

    upload  --sandbox.clean()-----> pages, re-encoded JPEGs without metadata
    pages   --sandbox.Reader------> what machines saw: codes, rows of text, fingerprint
    seen    --understand.receipt()> number, date, total, lines, and how sure that is
    lines   --products.match()----> products of the catalogue

Whatever touches the bytes of a stranger runs in a process of its own (``worker``) with
limits on memory and time; this package itself imports only the standard library.  The
libraries that read pictures are optional: ``sandbox.available()`` tells what is there.
"""
