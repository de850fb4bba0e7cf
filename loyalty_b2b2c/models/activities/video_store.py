"""Large files in Odoo's file store, written piece by piece.

Odoo's attachments are read whole into memory.  Here the file is written beside the
others first, gets its name when its checksum is known, and only then an attachment
points to it.  It is on the list of files to be swept until that is committed, as
Odoo's own are.
"""

import filecmp
import hashlib
import os
import time
import uuid
from pathlib import Path

_FOLDER = "b2b2c_upload"
_STALE = 24 * 3600


def store(env, pieces, **values):
    """Create an attachment out of pieces, one of which is in memory at a time.

    :param pieces: iterable of bytes, in their order
    :param values: of the attachment: ``name``, ``mimetype``, ``res_model``, ``res_id``
    :return: ``(ir.attachment with sudo, its path, SHA-256)``
    """
    # the row first: what it locks keeps the sweeper away from the file
    attachment = env["ir.attachment"].sudo().create({**values, "raw": b""})
    folder = Path(attachment._full_path(_FOLDER))
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / uuid.uuid4().hex
    name, size, digest = _write(draft, pieces)
    try:
        path = _place(attachment, draft, name)
    finally:
        draft.unlink(missing_ok=True)
    attachment.flush_recordset()
    env.cr.execute(
        "UPDATE ir_attachment SET store_fname = %s, checksum = %s, file_size = %s"
        " WHERE id = %s",
        [name, name.split("/")[1], size, attachment.id],
    )
    attachment.invalidate_recordset()
    return attachment, path, digest


def _write(draft, pieces):
    """Write a file; return ``(its name in the store, size, SHA-256)``."""
    name, digest, size = hashlib.sha1(usedforsecurity=False), hashlib.sha256(), 0
    with draft.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            name.update(piece)
            digest.update(piece)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    checksum = name.hexdigest()
    return f"{checksum[:2]}/{checksum}", size, digest.hexdigest()


def _place(attachment, draft, name):
    """Give a file its name in the store; one with the same content is there once.

    :return: its path
    :raise FileExistsError: another file has the name, which nobody does by accident
    """
    path = Path(attachment._full_path(name))
    path.parent.mkdir(exist_ok=True)
    attachment._mark_for_gc(name)
    if not path.exists():
        draft.replace(path)
    elif not filecmp.cmp(draft, path, shallow=False):
        raise FileExistsError(f"{name} is another file")
    return path


def sweep(env):
    """Delete what processes left that died while they wrote."""
    folder = Path(env["ir.attachment"]._full_path(_FOLDER))
    if not folder.is_dir():
        return
    before = time.time() - _STALE
    for draft in folder.iterdir():
        if draft.stat().st_mtime < before:
            draft.unlink(missing_ok=True)
