"""How a country writes days and amounts, for what the receipt itself leaves open."""

from dataclasses import dataclass

#: Countries that write the month first; elsewhere the day is, or the year.
MONTH_FIRST = frozenset(("US", "PH", "FM", "MH", "PW", "PR", "GU", "VI", "AS", "MP"))
#: Countries that write the year first, also where it has two figures.
YEAR_FIRST = frozenset(("CN", "JP", "KR", "TW", "MN", "HU", "LT"))
#: Country -> the calendar that stands on its receipts beside, or instead of, ours.
CALENDARS = {"TH": "buddhist", "SA": "islamic", "TW": "minguo", "JP": "era"}
#: Country -> languages of its receipts, as Tesseract calls them; English is everywhere.
LANGUAGES = {
    "AE": "ara", "AL": "sqi", "AM": "hye", "AR": "spa", "AT": "deu", "AZ": "aze",
    "BA": "hrv srp", "BE": "nld fra deu", "BG": "bul", "BH": "ara", "BO": "spa",
    "BR": "por", "BY": "bel rus", "CH": "deu fra ita", "CL": "spa", "CN": "chi_sim",
    "CO": "spa", "CR": "spa", "CY": "ell tur", "CZ": "ces", "DE": "deu", "DK": "dan",
    "DO": "spa", "DZ": "ara fra", "EC": "spa", "EE": "est", "EG": "ara",
    "ES": "spa cat", "FI": "fin swe",
    "FR": "fra", "GE": "kat", "GR": "ell", "GT": "spa",
    "HK": "chi_tra", "HN": "spa", "HR": "hrv", "HU": "hun", "ID": "ind", "IE": "gle",
    "IL": "heb", "IN": "hin", "IQ": "ara", "IS": "isl", "IT": "ita", "JO": "ara",
    "JP": "jpn", "KG": "kir rus", "KR": "kor", "KW": "ara", "KZ": "kaz rus",
    "LB": "ara fra", "LT": "lit", "LU": "fra deu", "LV": "lav", "LY": "ara",
    "MA": "ara fra", "MD": "ron", "ME": "srp", "MK": "mkd", "MT": "mlt", "MX": "spa",
    "MY": "msa", "NI": "spa", "NL": "nld", "NO": "nor", "OM": "ara", "PA": "spa",
    "PE": "spa", "PL": "pol", "PT": "por", "PY": "spa", "QA": "ara", "RO": "ron",
    "RS": "srp srp_latn", "SA": "ara", "SE": "swe", "SI": "slv", "SK": "slk",
    "SV": "spa", "SY": "ara", "TH": "tha", "TN": "ara fra", "TR": "tur",
    "TW": "chi_tra", "UA": "ukr", "UY": "spa", "UZ": "uzb", "VE": "spa", "VN": "vie",
    "YE": "ara",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habits:
    """What is usual where a receipt comes from.

    :param decimals: of its currency, ``None``: unknown
    :param month_first: whether 3/2 is the second of March
    :param calendar: of :data:`CALENDARS`, ``None``: ours only
    :param year_first: whether 26/3/2 is the second of March
    :param country: two capital letters, for names of months that mean another one there
    """

    decimals: int | None = None
    month_first: bool = False
    calendar: str | None = None
    year_first: bool = False
    country: str | None = None


def of_country(code, decimals=None):
    """Return the :class:`Habits` of a country.

    :param str code: two capital letters, or nothing
    :param decimals: of the currency there
    """
    return Habits(
        decimals=decimals,
        month_first=code in MONTH_FIRST,
        calendar=CALENDARS.get(code),
        year_first=code in YEAR_FIRST,
        country=code or None,
    )


def languages(codes):
    """Return Tesseract's names of the languages of countries, English last."""
    names = [name for code in codes for name in LANGUAGES.get(code, "").split()]
    return list(dict.fromkeys([*names, "eng"]))
