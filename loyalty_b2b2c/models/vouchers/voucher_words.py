"""What people read about voucher codes: why none can be stored, shown or given."""

from ...exceptions import VoucherKeyError

_VAULT = {
    "missing": lambda env: env._(
        "The server has no key for voucher codes. Whoever runs it sets the variable "
        "B2B2C_VOUCHER_KEY, or B2B2C_VOUCHER_KEY_FILE with the path of a file, to the "
        "key and starts it again; a new key is made by: openssl rand -base64 32"
    ),
    "unreadable": lambda env: env._(
        "The file that B2B2C_VOUCHER_KEY_FILE names cannot be read. Whoever runs the "
        "server corrects the path, or lets the server's user read the file."
    ),
    "malformed": lambda env: env._(
        "What B2B2C_VOUCHER_KEY holds is no key: it has 32 bytes, written in base64 or "
        "hexadecimal digits. A new key is made by: openssl rand -base64 32"
    ),
    "foreign": lambda env: env._(
        "The server's key is not the one the codes of this database were encrypted "
        "with. Nothing is lost: with the right key in B2B2C_VOUCHER_KEY everything is "
        "there again."
    ),
    "damaged": lambda env: env._(
        "What is stored of this code was changed and cannot be read. Tell the partner "
        "that gave it; the row in the file is shown with the voucher."
    ),
}

#: Why a row of a file is left out: code -> words; the order of reports.
_LEFT_OUT = {
    "empty": lambda env: env._("Rows without a code"),
    "formula": lambda env: env._("Rows with a formula instead of a text"),
    "shortened": lambda env: env._(
        "Rows with a number that the spreadsheet program cut off; format the column as "
        "text and fill it again"
    ),
    "not_text": lambda env: env._("Rows whose code is a date or a fraction"),
    "unprintable": lambda env: env._("Rows with signs that nobody can type"),
    "short": lambda env: env._("Rows with less than four characters"),
    "long": lambda env: env._("Rows with more than 500 characters"),
    "pin": lambda env: env._("Rows with a PIN that is none"),
    "date": lambda env: env._("Rows with a date that is none"),
    "ambiguous_date": lambda env: env._(
        "Rows with a date that can be two days; choose how dates are written"
    ),
    "over": lambda env: env._("Rows with codes that are over already"),
    "twice": lambda env: env._("Codes that stand twice in the file"),
    "known": lambda env: env._("Codes that were imported before"),
    "alike": lambda env: env._(
        "Codes that look like another one of this partner, as O and 0; ask the "
        "partner, then import the file again with look-alikes"
    ),
}

_FILE = {
    "empty": lambda env: env._("The file is empty."),
    "too_large": lambda env: env._("The file is too large: 100 MB at most."),
    "too_many_rows": lambda env: env._("The file has more than 1,000,000 rows."),
    "unreadable": lambda env: env._(
        "This is not a table. Save it as CSV or XLSX and try again."
    ),
    "no_code": lambda env: env._(
        "The first row names the columns; one of them is “Code”, others may be “PIN” "
        "and “Valid until”."
    ),
    "two_columns": lambda env: env._(
        "Two columns of the file mean the same; rename the one that is not meant."
    ),
}


def refuse(env, code):
    """Return the error with which codes are refused, saying what to do.

    :param str code: of a ``vault.VaultError``
    """
    return VoucherKeyError(code, word_vault(env, code))


def word_vault(env, code):
    """Return why codes cannot be stored or shown, and what to do.

    :param str code: of a ``vault.VaultError``
    """
    return _VAULT[code](env)


def word_file(env, code):
    """Return why a file cannot be read.

    :param str code: of a ``tabular.TableError`` or ``voucher_file.VoucherFileError``
    """
    return _FILE[code](env)


def word_left_out(env, left_out):
    """Return what was left out of an import, a line for each reason.

    No code is named: a report is stored as it is.

    :param dict left_out: reason -> ``{"count": …, "rows": [number, …]}``
    """
    return "\n".join(
        env._(
            "%(what)s: %(count)s (row %(rows)s)",
            what=words(env),
            count=left_out[code]["count"],
            rows=", ".join(map(str, left_out[code]["rows"]))
            + (", …" if left_out[code]["count"] > len(left_out[code]["rows"]) else ""),
        )
        for code, words in _LEFT_OUT.items()
        if code in left_out
    )
