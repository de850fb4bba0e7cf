from ast import literal_eval

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: What compares with records themselves, not with their names.
_BY_ID = ("=", "!=", "in", "not in", "child_of", "parent_of")
_INNER = ("any", "not any")


class B2b2cFilter(models.AbstractModel):
    """Filters that people write: domains, kept as text, judged later without them.

    Later the filter is judged with superuser rights, and whoever sees the points sees
    whether it was true.  So when it is saved it may ask only what its writer may read,
    and only of the catalogue and of contacts: a way that leads to users, companies,
    bank accounts or documents is refused, whatever rights somebody has there, for the
    rows at its end belong to other people and other companies.
    """

    _name = "b2b2c.filter"
    _description = "Filter Written by a Person"

    @api.model
    def _get_open_models(self):
        """Return the models that filters may lead through.

        Add-ons add what they know of products and contacts with ``super()``.

        :return: set of names
        """
        return {
            "product.attribute",
            "product.attribute.value",
            "product.category",
            "product.product",
            "product.tag",
            "product.template",
            "product.template.attribute.value",
            "res.country",
            "res.country.group",
            "res.country.state",
            "res.partner",
            "res.partner.category",
            "res.partner.industry",
            "uom.uom",
        }

    @api.model
    def _read(self, text):
        """Return the domain of a text.

        :raise ValueError: it is no literal domain
        """
        return Domain(literal_eval(text or "[]"))

    @api.model
    def _check(self, model, text):
        """Refuse what the person who writes a filter may not ask.

        :param str model: whose records are filtered
        :param str text: the domain
        :raise UserError: with a sentence that names the field as it was written
        :raise ValueError: it is no domain
        """
        # constraints run with superuser rights: the person's own count here
        model = self.env[model].sudo(False)
        domain = self._read(text)
        self._check_domain(model, domain)
        model.search(domain, limit=1)

    def _check_domain(self, model, domain):
        for condition in domain.iter_conditions():
            self._check_condition(model, condition)

    def _check_condition(self, model, condition):
        """Follow one condition from field to field."""
        path = condition.field_expr
        for name in path.split("."):
            field = model._fields.get(name)
            if not field or not self._may_ask(model, field):
                self._refuse(path)
            if not field.relational:
                return  # what follows is a part of the value, as the month of a date
            model = self.env[field.comodel_name].sudo(False)
            if model._name not in self._get_open_models():
                self._check_by_id(path, name, condition)
                return
        if condition.operator in _INNER:
            self._check_domain(model, Domain(condition.value))
        elif condition.operator.startswith(("any", "not any")):
            self._refuse(path)  # "any!" would look past all rights

    def _check_by_id(self, path, name, condition):
        """Let records of other models be named by their id only, at the end."""
        values = condition.value
        values = values if isinstance(values, list | tuple | set) else [values]
        if (
            path.rpartition(".")[2] != name
            or condition.operator not in _BY_ID
            or not all(isinstance(value, int) or value is None for value in values)
        ):
            self._refuse(path)

    def _may_ask(self, model, field):
        """Tell whether the person may read a field."""
        return model.has_access("read") and model._has_field_access(field, "read")

    def _refuse(self, path):
        raise UserError(
            self.env._(
                "“%s” cannot be asked here. A filter asks what you may read, of "
                "products and contacts only; of anything else it takes one record by "
                "itself.",
                path,
            )
        )
