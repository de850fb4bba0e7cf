"""Receipts of ten countries, made up: words, figures, taxes, and what misleads.

Each country has the order of rows of its tills, its way to write amounts and days, a
table of taxes or tax on top, discounts, deposits, cash with change; and figures that
look like a total and are none: points and savings.  Same seed, same receipts.
"""

import datetime
import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from tools import receipt_photos

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Country:
    """How receipts of a country look.

    :param code: two letters
    :param decimals: of its currency
    :param marks: between thousands, before decimals
    :param day: of :meth:`datetime.date.strftime`
    :param words: role -> what is printed
    :param rates: taxes in per cent
    :param on_top: whether prices are without them
    :param form: where ``2 x 5.00`` stands: ``above`` the name, ``below`` it, ``row``:
        below and moved in, ``silent``: the same, but never for one piece
    :param number: form of a document's number: ``9`` a figure, ``A`` a letter
    """

    code: str
    decimals: int
    marks: tuple
    day: str
    words: dict
    rates: tuple
    on_top: bool
    form: str
    number: str
    goods: tuple
    shops: tuple
    sign: str = ""
    table: bool = False
    coin: Decimal | None = None


def _words(text):
    return dict(part.strip().split("=", 1) for part in text.split("|"))


COUNTRIES = {
    one.code: one
    for one in (
        Country(
            "MY", 2, (",", "."), "%d/%m/%Y", _words(
                "id=GST Reg No : 000512345678|title=TAX INVOICE|number=Invoice No : {}|"
                "date=Date : {}|cashier=Cashier : AMY|total=Total (Incl. GST) RM|"
                "rounding=Rounding Adj|rounded=TOTAL ROUNDED RM|cash=CASH|"
                "change=CHANGE|"
                "card=VISA CARD|discount=Item Disc|count=TOTAL QTY|"
                "table=GST Summary  Amt(RM)  Tax(RM)|"
                "rate=SR @ {}%|saved=Points earned|end=GOODS SOLD ARE NOT RETURNABLE"
            ), (6,), False, "row", "CS-99999999",
            ("LED BULB 10W E27", "EXT SOCKET 3M", "SUPER GLUE 3G", "WALL PAINT WHITE",
             "PVC TAPE BLACK", "CABLE TIE 200MM", "TOOL BOX 16IN"),
            ("MAJU HARDWARE SDN BHD", "ECO HOME CENTRE", "SYARIKAT ELEKTRIK JAYA"),
            table=True, coin=Decimal("0.05"),
        ),
        Country(
            "ID", 0, (".", ""), "%d-%m-%Y", _words(
                "id=NPWP 01.234.567.8-901.000|number=No. Nota : {}|date=Tgl {}|"
                "cashier=Kasir : SITI|subtotal=Sub Total|total=TOTAL Rp|cash=TUNAI|"
                "change=KEMBALI|"
                "card=DEBIT BCA|discount=Diskon|count=Total Item|tax=PPN {}%|"
                "saved=Anda Hemat|"
                "end=TERIMA KASIH"
            ), (11,), False, "below", "9999/AAA/99",
            ("LAMPU LED 12W", "STOP KONTAK", "CAT TEMBOK 5KG", "KABEL 10M", "OBENG SET",
             "LEM KUNING"),
            ("TOKO BANGUNAN MAKMUR", "PT SUMBER LISTRIK", "CV ANEKA JAYA"),
        ),
        Country(
            "US", 2, (",", "."), "%m/%d/%Y", _words(
                "number=RECEIPT #: {}|date={}|cashier=CASHIER: DAVE|subtotal=SUBTOTAL|"
                "tax=SALES TAX {}%|total=TOTAL|cash=CASH|change=CHANGE DUE|"
                "card=VISA DEBIT|"
                "discount=COUPON|count=ITEMS SOLD|saved=YOUR SAVINGS|"
                "end=THANK YOU FOR SHOPPING"
            ), (Decimal("7.25"), Decimal("8.875")), True, "row", "9999-9999-9999",
            ("LED BULB 60W EQ", "DRYWALL SCREWS", "PAINTERS TAPE", "EXT CORD 25FT",
             "WOOD GLUE 8OZ", "UTILITY KNIFE"),
            ("HANDY HOME SUPPLY", "MAIN STREET HARDWARE", "BUILDERS DEPOT"),
        ),
        Country(
            "DE", 2, (".", ","), "%d.%m.%Y", _words(
                "id=USt-IdNr. DE123456789|number=Beleg-Nr. {}|date=Datum {}|"
                "cashier=Es bediente Sie Frau Kurz|total=SUMME EUR|cash=Bar|"
                "change=Rückgeld|"
                "card=Girocard|discount=Rabatt|deposit=Pfand|"
                "table=MWST%   Netto   MwSt   Brutto|"
                "rate={}%|saved=PAYBACK Punkte|end=Vielen Dank für Ihren Einkauf"
            ), (19, 7), False, "silent", "99999999",
            ("LED Lampe 10W", "Schrauben 4x40", "Wandfarbe weiß", "Kabelbinder",
             "Dübel Set", "Klebeband"),
            ("Baumarkt Müller GmbH", "Elektro Schneider", "Heimwerker Huber"),
            table=True,
        ),
        Country(
            "FR", 2, (" ", ","), "%d/%m/%Y", _words(
                "id=SIRET 123 456 789 00012|number=Ticket n° {}|date=Le {}|"
                "cashier=Vous avez été servi par Luc|total=TOTAL TTC|cash=Espèces|"
                "change=Rendu|"
                "card=Carte bancaire|discount=Remise|table=Taux   HT   TVA   TTC|"
                "rate={}%|"
                "count=Nombre d'articles|saved=Vos points|end=Merci de votre visite"
            ), (20, Decimal("5.5")), False, "row", "999999",
            ("Ampoule LED 10W", "Vis bois 4x40", "Peinture blanche", "Ruban adhésif",
             "Colle forte", "Rallonge 5m"),
            ("BRICO MAISON SARL", "ELECTRO DUPONT", "LA QUINCAILLERIE"),
            table=True,
        ),
        Country(
            "PL", 2, (" ", ","), "%d-%m-%Y", _words(
                "id=NIP 123-456-32-18|title=PARAGON FISKALNY|number=nr wydr. {}|"
                "date={}|"
                "cashier=Kasjer Anna|total=SUMA PLN|cash=Gotówka|change=Reszta|"
                "card=Karta|"
                "discount=Rabat|tax=PTU A {}%|saved=Zebrane punkty|"
                "end=Zapraszamy ponownie"
            ), (23,), False, "below", "999999",
            ("Zarowka LED 10W", "Wkrety 4x40", "Farba biala 5L", "Tasma izolacyjna",
             "Kolki rozporowe", "Klej montazowy"),
            ("BUDMAX SP. Z O.O.", "ELEKTRO-HURT", "DOM I OGROD"),
        ),
        Country(
            "ES", 2, (".", ","), "%d/%m/%Y", _words(
                "id=NIF B12345678|title=FACTURA SIMPLIFICADA|"
                "number=Factura simplificada nº: {}|"
                "date=Fecha {}|cashier=Le atendió: Marta|total=TOTAL A PAGAR|"
                "cash=Efectivo|"
                "change=Cambio|card=Tarjeta|discount=Dto|table=IVA%   Base   Cuota|"
                "rate={}%|"
                "saved=Puntos acumulados|end=Gracias por su visita"
            ), (21, 10), False, "silent", "F9-999999",
            ("Bombilla LED 10W", "Tornillos 4x40", "Pintura blanca", "Cinta aislante",
             "Pegamento", "Alargador 5m"),
            ("FERRETERIA LOPEZ S.L.", "ELECTRO SUR", "BRICOCASA"),
            table=True,
        ),
        Country(
            "TR", 2, (".", ","), "%d.%m.%Y", _words(
                "id=VKN 1234567890|number=FİŞ NO: {}|date=TARİH {}|"
                "cashier=KASİYER: AYŞE|"
                "tax=KDV %{}|total=TOPLAM|cash=NAKİT|change=PARA ÜSTÜ|card=KREDİ KARTI|"
                "discount=İNDİRİM|saved=KAZANILAN PUAN|end=TEŞEKKÜR EDERİZ"
            ), (20,), False, "above", "0999",
            ("LED AMPUL 10W", "VIDA 4x40", "BEYAZ BOYA", "IZOLE BANT", "DUBEL SETI",
             "UZATMA KABLO"),
            ("YAPI MARKET LTD", "ELEKTRIK DUNYASI", "USTA HIRDAVAT"), sign="*",
        ),
        Country(
            "BR", 2, (".", ","), "%d/%m/%Y", _words(
                "id=CNPJ 11.222.333/0001-81|number=NFC-e nº {}|date=Emissão {}|"
                "cashier=Operador: JOAO|count=Qtd. total de itens|total=Valor total R$|"
                "cash=Dinheiro|change=Troco R$|card=Cartão de Débito|discount=Desconto|"
                "tax=Tributos aprox {}%|saved=Pontos do cliente|"
                "end=Obrigado volte sempre"
            ), (18,), False, "below", "999999999",
            ("LAMPADA LED 10W", "PARAFUSO 4X40", "TINTA BRANCA", "FITA ISOLANTE",
             "COLA INSTANTANEA", "EXTENSAO 5M"),
            ("CASA DO CONSTRUTOR LTDA", "ELETRICA SILVA", "FERRAGENS UNIAO"),
        ),
        Country(
            "KZ", 2, (" ", ","), "%d.%m.%Y", _words(
                "id=БИН 123456789012|number=Чек № {}|date=Дата {}|"
                "cashier=Кассир Айгуль|"
                "total=ИТОГО|cash=Наличные|change=Сдача|card=Банковская карта|"
                "discount=Скидка|tax=в т.ч. НДС {}%|saved=Начислено бонусов|"
                "end=Спасибо за покупку"
            ), (12,), False, "above", "99999",
            ("Лампа LED 10Вт", "Шурупы 4х40", "Краска белая", "Изолента", "Дюбели",
             "Удлинитель 5м"),
            ("ТОО СТРОЙМАРКЕТ", "ЭЛЕКТРОМИР", "ТОО ХОЗТОВАРЫ"),
        ),
    )
}  # fmt: skip


@dataclass
class Receipt:
    """What is printed: the truth the bench compares with.

    :param lines: ``(name, gtin, quantity, price, discount)``, in units of money
    """

    country: Country
    seller: str
    number: str
    date: object
    time: str
    lines: list
    deposit: Decimal
    with_card: bool
    misleading: Decimal | None
    fiscal: None = None
    with_qr: bool = False
    payable: Decimal = Decimal(0)
    rows: list = field(default_factory=list)

    @property
    def day(self):
        """The day of the sale."""
        return self.date.isoformat()

    @property
    def total(self):
        """What was to be paid."""
        return str(self.payable)


def money(value, country):
    """Return an amount as a country writes it."""
    group, point = country.marks
    text = f"{abs(value):,.{country.decimals}f}"
    text = text.replace(",", "_").replace(".", point).replace("_", group)
    return ("-" if value < 0 else "") + country.sign + text


def random_receipt(rng, code):
    """Return a receipt nobody has seen, of a country."""
    country = COUNTRIES[code]
    unit = Decimal(1).scaleb(-country.decimals)
    least, most = (990, 60000) if country.decimals else (50, 9000)
    lines = []
    for name in rng.sample(country.goods, rng.randrange(2, 6)):
        price = rng.randrange(least, most) * unit * (1 if country.decimals else 100)
        quantity = rng.choice([1, 1, 1, 2, 3])
        lowered = rng.random() < 0.15
        discount = (price * quantity / 10).quantize(unit) if lowered else Decimal(0)
        lines.append((name, "", quantity, price, discount))
    if lines[-1][4]:
        lines[-1] = (*lines[-1][:4], Decimal(0))
    number = "".join(
        rng.choice("123456789" if mark == "9" else "ABCDEFGHKMNPRSTUVWXY")
        if mark in "9A"
        else mark
        for mark in country.number
    )
    has_deposit = "deposit" in country.words and rng.random() < 0.5
    receipt = Receipt(
        country=country,
        seller=rng.choice(country.shops),
        number=number,
        date=datetime.date(2026, rng.randrange(1, 13), rng.randrange(1, 29)),
        time=f"{rng.randrange(8, 21):02}:{rng.randrange(60):02}",
        lines=lines,
        deposit=Decimal("0.25") if has_deposit else Decimal(0),
        with_card=rng.random() < 0.5,
        misleading=rng.randrange(least, most) * unit if rng.random() < 0.5 else None,
    )
    receipt.rows = _rows(receipt, rng)
    return receipt


# === ROWS === #


def _rows(receipt, rng):
    country, words = receipt.country, receipt.country.words
    rows = [("center", receipt.seller), ("center", f"{rng.randrange(1, 99)}, 81100")]
    rows += [("center", words[name]) for name in ("id", "title") if name in words]
    rows.append(("left", words["number"].format(receipt.number)))
    rows.append(("left", words["date"].format(receipt.date.strftime(country.day)) + " "
                 + receipt.time))  # fmt: skip
    rows += [("left", words["cashier"]), ("rule",)]
    for line in receipt.lines:
        rows += _line(country, *line)
    if receipt.deposit:
        rows.append(("both", words["deposit"], money(receipt.deposit, country)))
    rows.append(("rule",))
    rows += _closing(receipt, rng)
    rows.append(("center", words["end"]))
    return rows


def _line(country, name, _gtin, quantity, price, discount):
    amount, each = money(quantity * price, country), money(price, country)
    times = f"{quantity} x {each}"
    rows = {
        "row": [("left", name), ("both", f"   {times}", amount)],
        "above": [("left", times), ("both", name, amount)],
        "below": [("left", name), ("both", times, amount)],
        "silent": [("left", name), ("both", f" {times}", amount)],
    }[country.form]
    if country.form == "silent" and quantity == 1:
        rows = [("both", name, amount)]
    if discount:
        rows.append(("both", country.words["discount"], money(-discount, country)))
    return rows


def _closing(receipt, rng):
    country, words = receipt.country, receipt.country.words
    unit = Decimal(1).scaleb(-country.decimals)
    goods = sum(q * price - less for _n, _g, q, price, less in receipt.lines)
    goods += receipt.deposit
    rate = Decimal(str(rng.choice(country.rates)))
    rows, total = [], goods
    if "count" in words:
        pieces = sum(line[2] for line in receipt.lines)
        rows.append(("both", words["count"], str(pieces)))
    if country.on_top:
        tax = (goods * rate / 100).quantize(unit, ROUND_HALF_UP)
        rows.append(("both", words["subtotal"], money(goods, country)))
        rows.append(("both", words["tax"].format(_rate(rate)), money(tax, country)))
        total = goods + tax
    rows.append(("big", words["total"], money(total, country)))
    if country.coin:
        rounded = (total / country.coin).quantize(Decimal(1), ROUND_HALF_UP)
        rounded *= country.coin
        rows.append(("both", words["rounding"], money(rounded - total, country)))
        rows.append(("both", words["rounded"], money(rounded, country)))
        receipt.payable = rounded.quantize(unit)
    else:
        receipt.payable = total.quantize(unit)
    rows += _payment(receipt, rng)
    rows += _taxes(country, total, rate, unit)
    if receipt.misleading is not None:
        rows.append(("both", words["saved"], money(receipt.misleading, country)))
    return rows


def _payment(receipt, rng):
    country, words, total = receipt.country, receipt.country.words, receipt.payable
    if receipt.with_card:
        return [("both", words["card"], money(total, country))]
    note = Decimal(rng.choice([10, 50, 100]) if country.decimals else 50000)
    handed = (total // note + 1) * note
    return [
        ("both", words["cash"], money(handed, country)),
        ("both", words["change"], money(handed - total, country)),
    ]


def _taxes(country, total, rate, unit):
    """Return the rows of taxes that the total contains."""
    if country.on_top:
        return []
    words, hundred = country.words, Decimal(100)
    if not country.table:
        tax = (total * rate / (hundred + rate)).quantize(unit, ROUND_HALF_UP)
        return [("both", words["tax"].format(_rate(rate)), money(tax, country))]
    rows = [("left", words["table"])]
    shares = [total]
    if len(country.rates) > 1:
        first = (total * Decimal("0.7")).quantize(unit)
        shares = [first, total - first]
    for one, gross in zip(country.rates, shares, strict=False):
        percent = Decimal(str(one))
        net = (gross * hundred / (hundred + percent)).quantize(unit, ROUND_HALF_UP)
        figures = [net, gross - net]
        if country.words["table"].count("  ") > 2:
            figures.append(gross)
        text = "   ".join(money(value, country) for value in figures)
        rows.append(("both", words["rate"].format(_rate(percent)), text))
    return rows


def _rate(rate):
    return f"{rate.normalize():f}"


# === DRAWING === #


def draw(receipt, size=26):
    """Return a receipt as a clean picture, mode L."""
    return receipt_photos.render(receipt.rows, size)


def random_receipts(per_country, seed):
    """Return receipts of every country in turn."""
    rng = random.Random(seed)
    return [
        random_receipt(rng, code) for code in COUNTRIES for _one in range(per_country)
    ]
