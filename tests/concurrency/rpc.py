"""A client of Odoo's remote procedure calls that tells refusals from silence."""

import requests


class Refused(Exception):
    """The server understood and said no."""


class Unanswered(Exception):
    """Nobody knows whether the call took effect."""


# what the server says when the database went away under a call
_BROKEN = ("psycopg2.", "odoo.sql_db.", "odoo.exceptions.ConcurrencyError")
# Odoo's search with junk: the database refused it, or it was never sent
_UNDERSTOOD = ("psycopg2.errors.InvalidTextRepresentation", "psycopg2.ProgrammingError")


class Client:
    """A browser-like session of one user.

    :param url: of the server, without a slash at the end
    """

    def __init__(self, url, database, login=None, password=None):
        self.url, self.database = url, database
        self._credentials = {"login": login, "password": password}
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy on the way to ourselves

    def authenticate(self):
        """Log in.

        :return: id of the user
        """
        answer = self._post(
            "/web/session/authenticate", db=self.database, **self._credentials
        )
        return answer["uid"]

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does."""
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )

    def _post(self, path, **params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        try:
            response = self._session.post(self.url + path, json=body, timeout=60)
            if response.status_code >= 500:
                raise Unanswered(f"HTTP {response.status_code}")
            answer = response.json()
        except (requests.RequestException, ValueError) as error:
            raise Unanswered(str(error)) from None
        if "error" not in answer:
            return answer.get("result")
        data = answer["error"].get("data", {})
        raise _told(data.get("name", ""), data.get("message", answer))


class Direct:
    """The door of remote calls without HTTP before it, in this process.

    It is `odoo.service.model.execute_cr`, which XML-RPC and JSON-RPC end in. It asks
    for no password; the rest is what a client meets: private methods, rights, a
    transaction of its own that is committed when the call is answered.
    """

    def __init__(self, database, login):
        from odoo.modules.registry import Registry

        self._registry = Registry(database)
        with self._registry.cursor() as cursor:
            cursor.execute("SELECT id FROM res_users WHERE login = %s", [login])
            [self._uid] = cursor.fetchone()

    def call(self, model, method, *args, **kwargs):
        """Call a method as a remote program does."""
        from odoo.service.model import execute_cr

        try:
            with self._registry.cursor() as cursor:
                return execute_cr(cursor, self._uid, model, method, args, kwargs)
        except Exception as error:
            kind = type(error)
            raise _told(f"{kind.__module__}.{kind.__qualname__}", error) from None


def _told(name, message):
    """Return the exception for what a server said.

    :param name: of the server's exception, with its module
    """
    lost = name.startswith(_BROKEN) and name not in _UNDERSTOOD
    return (Unanswered if lost else Refused)(f"{name}: {message}")


class KeyClient:
    """Calls of /json/2 with an API key."""

    def __init__(self, url, database, key):
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(
            {"Authorization": f"bearer {key}", "X-Odoo-Database": database}
        )

    def call(self, model, method, **body):
        """Call a method.

        :return: (HTTP status, what was said)
        """
        response = self._session.post(
            f"{self.url}/json/2/{model}/{method}", json=body, timeout=60
        )
        return response.status_code, response.text
