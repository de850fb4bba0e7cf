"""Sentences about receipts: why one is refused, what to check, what looks unusual."""

#: Why an upload is refused, code of ``recognition.errors.CODES`` -> sentence.
UPLOADS = {
    "empty": lambda env: env._("The file is empty. Take the photo again."),
    "too_large": lambda env: env._("The file is too large: 25 MB at most."),
    "vector": lambda env: env._("A drawing is no photo. Send a JPEG, PNG or PDF."),
    "not_image": lambda env: env._("This is no photo. Send a JPEG, PNG or PDF."),
    "unsupported": lambda env: env._(
        "This kind of file can not be opened here. Send the photo as JPEG."
    ),
    "damaged": lambda env: env._("The file is damaged. Take the photo again."),
    "too_many_pixels": lambda env: env._(
        "The picture is too large. Send it as JPEG, or smaller."
    ),
    "too_small": lambda env: env._(
        "The picture is too small to read. Take the photo from nearer."
    ),
    "too_many_pages": lambda env: env._("Send 5 pages at most."),
    "locked": lambda env: env._("The PDF asks for a password. Send a photo instead."),
    "day_limit": lambda env: env._(
        "You handed in very many today. Please go on tomorrow."
    ),
}

#: Reason code -> function of environment and parameters that returns the sentence.
WORDS = {
    # refused
    "same_photo": lambda env, p: env._("The same photo was handed in before."),
    "same_receipt": lambda env, p: env._(
        "This receipt was handed in before; each counts once."
    ),
    "same_stamp": lambda env, p: env._(
        "This stamp was handed in before; each counts once."
    ),
    "too_old": lambda env, p: env._("The receipt is too old."),
    "not_readable": lambda env, p: env._(
        "The receipt can not be read. Take the photo again, in good light."
    ),
    "not_receipt": lambda env, p: env._("The photo shows no receipt."),
    "not_ours": lambda env, p: env._("No product of this program is on the receipt."),
    "altered": lambda env, p: env._("The receipt was altered."),
    # to be looked at by a person
    "always": lambda env, p: env._("A person looks at every receipt."),
    "unsure": lambda env, p: env._("Not everything could be read for sure."),
    "amount": lambda env, p: env._("The amount needs two people."),
    "nothing_found": lambda env, p: env._("No product that earns was recognized."),
    "no_reader": lambda env, p: env._("Nothing here can read photos."),
    "no_text_reader": lambda env, p: env._(
        "No code was found, and nothing here can read printed text."
    ),
    # what to check
    "no_number": lambda env, p: env._("The number was not found."),
    "no_date": lambda env, p: env._("The date was not found."),
    "no_total": lambda env, p: env._("The total was not found."),
    "no_lines": lambda env, p: env._("No line of a product was read."),
    "no_serial": lambda env, p: env._("The serial was not found."),
    "total_alone": lambda env, p: env._("Nothing confirms the total."),
    "number_alone": lambda env, p: env._("Nothing confirms the number."),
    "date_alone": lambda env, p: env._("Nothing confirms the date."),
    "serial_alone": lambda env, p: env._("Nothing confirms the serial."),
    "total_differs": lambda env, p: env._("Two different totals were read."),
    "date_differs": lambda env, p: env._("Two different dates were read."),
    "number_differs": lambda env, p: env._("Two different numbers were read."),
    "figures_differ": lambda env, p: env._(
        "A long number was read in two ways: the photo is poor."
    ),
    "several_receipts": lambda env, p: env._("More than one receipt is on it."),
    "code_alone": lambda env, p: env._("Only the QR code was read, not the text."),
    "code_total": lambda env, p: env._(
        "The total is in the QR code; it was not found in the text."
    ),
    "lines_differ": lambda env, p: env._("The lines make another sum than the total."),
    "quantity_differs": lambda env, p: env._(
        "A quantity does not fit its amount, or two different ones were read."
    ),
    "quantity_alone": lambda env, p: env._("Nothing confirms a quantity."),
    "credit_note": lambda env, p: env._("Goods came back: it may be no sale."),
    "duplicate": lambda env, p: env._("It says that it is a duplicate."),
    "card_slip": lambda env, p: env._(
        "It is a slip of a payment by card; the receipt of the sale is missing."
    ),
    # unusual
    "alike": lambda env, p: env._(
        "The photo looks like that of %(name)s.", name=p.get("name", "")
    ),
    "future": lambda env, p: env._("The date is in the future."),
    "shop_rush": lambda env, p: env._(
        "The shop handed in %(count)s within an hour.", count=p.get("count", 0)
    ),
}


def upload_sentence(env, code):
    """Return what a person is told whose upload is refused."""
    return UPLOADS[code](env)
