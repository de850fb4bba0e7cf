"""Who bought, and who gets the goods: as it was kept, else as the document says.

What was kept (``b2b2c.document.buyer``) is read once for a batch of documents, when
somebody asks first; see :func:`reading`.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from odoo import models


class Parties(NamedTuple):
    """Who bought a document and who gets its goods, ``res.partner`` records.

    :ivar buyer: the contact that is named as who bought, possibly empty
    :ivar buyer_company: the company it bought for, itself for a private person
    :ivar receiver: the contact or address that gets the goods
    :ivar receiver_company: the company that one belonged to
    """

    buyer: models.BaseModel
    buyer_company: models.BaseModel
    receiver: models.BaseModel
    receiver_company: models.BaseModel

    @classmethod
    def of(cls, buyer, receiver):
        """Return the parties as they are related now."""
        return cls(
            buyer, buyer.commercial_partner_id,
            receiver, receiver.commercial_partner_id,
        )  # fmt: skip

    @property
    def ids(self):
        """The ids of the partners, ``None`` where there is none."""
        return tuple(partner.id or None for partner in self)

    @property
    def buyers(self):
        """Who bought: the contact and its company."""
        return self.buyer | self.buyer_company

    @property
    def receivers(self):
        """Who gets the goods: the contact and its company."""
        return self.receiver | self.receiver_company


class _Batch:
    """What is kept of a batch of documents, read when it is asked for first."""

    def __init__(self, env, model, ids):
        self.env = env
        self.model = model
        self.ids = frozenset(ids)
        self._rows = None

    def covers(self, env, model, ids):
        """Tell whether these documents are among those of the batch."""
        is_same = self.env.cr is env.cr and self.model == model
        return is_same and self.ids.issuperset(ids)

    def get(self, document_id):
        """Return the row of a document, ``None`` without one."""
        if self._rows is None:
            self._rows = self.env["b2b2c.document.buyer"]._read(self.model, self.ids)
        return self._rows.get(document_id)


_batch = ContextVar("b2b2c_parties", default=None)


@contextmanager
def reading(env, model, document_ids):
    """Read what is kept of documents at most once, for all questions inside.

    :param str model: of the documents
    :param document_ids: ids; those of documents that have no row yet are no matter
    """
    known = _batch.get()
    ids = [document_id for document_id in document_ids if document_id]
    if known and known.covers(env, model, ids):
        yield
        return
    token = _batch.set(_Batch(env, model, ids))
    try:
        yield
    finally:
        _batch.reset(token)


def get_kept(document):
    """Return the parties that were kept of a document, ``None`` if there are none.

    Of what is imagined of a stored document they are the stored one's.
    """
    document_id = document.id or document._origin.id
    if not document_id:
        return None
    env, model = document.env, document._name
    batch = _batch.get()
    if not (batch and batch.covers(env, model, [document_id])):
        batch = _Batch(env, model, [document_id])
    row = batch.get(document_id)
    if row is None:
        return None
    partners = env["res.partner"]
    return Parties(*(partners.browse(partner_id) for partner_id in row))
