"""What a scanner typed on a keyboard of another layout, put right again.

A scanner presses the keys of an American keyboard; the computer reads them as its own
layout says, so that ``M:`` becomes ``ЬЖ``.  A text is put right only when it then
begins as it should: a text that was typed by a person is not guessed.
"""


def _keys(typed, scanned):
    return dict(zip(typed, scanned, strict=True))


_CYRILLIC = _keys("ЙЦУКЕНГШЩЗФІВАПРОЛДЯЧСМИТЬЖ", "QWERTYUIOPASDFGHJKLZXCVBNM:")
#: Layout -> a character as it was read -> the character that was scanned.  Case does
#: not matter; what is not named is the same on both.
LAYOUTS = {
    "cyrillic": {**_CYRILLIC, "Ы": "S"},
    "azerty": {
        **_keys("&É\"'(-È_ÇÀ", "1234567890"),
        **_keys("AQZW?M", "QAWZM:"),
        "§": "6",  # Belgium
        "!": "8",
    },
    "qwertz": {"Y": "Z", "Z": "Y", "Ö": ":"},
}


def get_readings(text: str) -> list[str]:
    """Return what may have been scanned, the text itself first, in capitals.

    >>> get_readings("ЬЖ7")[:2]
    ['ЬЖ7', 'M:7']

    :param text: as it arrived
    """
    text = text.upper()
    readings = [text]
    for keys in LAYOUTS.values():
        reading = "".join(keys.get(character, character) for character in text)
        readings.append(reading)
    return readings
