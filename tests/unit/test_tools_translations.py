"""Translation files: merging and completeness."""

import polib
import pytest

from tools import translations

MODULE = "loyalty_b2b2c"


@pytest.fixture
def catalogues(tmp_path):
    """Write .pot and uk.po from {msgid: msgstr}; returns the root folder."""

    def write(template, translated):
        (tmp_path / MODULE / "i18n").mkdir(parents=True, exist_ok=True)
        for path, terms in (
            (translations.template_path(MODULE, tmp_path), dict.fromkeys(template, "")),
            (translations.language_path(MODULE, tmp_path), translated),
        ):
            catalogue = polib.POFile()
            catalogue.metadata = {"Content-Type": "text/plain; charset=utf-8"}
            catalogue += [
                polib.POEntry(msgid=term, msgstr=text) for term, text in terms.items()
            ]
            catalogue.save(str(path))
        return tmp_path

    return write


def test_complete(catalogues):
    root = catalogues(["Points"], {"Points": "Бали"})
    assert translations.problems(MODULE, root) == []


@pytest.mark.parametrize("translated", [{}, {"Points": ""}])
def test_missing_translation(catalogues, translated):
    root = catalogues(["Points"], translated)
    assert translations.problems(MODULE, root) == [
        "loyalty_b2b2c: not translated: 'Points'"
    ]


def test_fuzzy_translation(catalogues):
    root = catalogues(["Points"], {"Points": "Бали"})
    path = translations.language_path(MODULE, root)
    catalogue = polib.pofile(str(path))
    catalogue[0].flags.append("fuzzy")
    catalogue.save()
    assert "fuzzy" in translations.problems(MODULE, root)[0]


def test_no_files(tmp_path):
    assert "is missing" in translations.problems(MODULE, tmp_path)[0]


def test_merge_keeps_adds_and_drops(catalogues):
    root = catalogues(["Points", "Shop"], {"Points": "Бали", "Old": "Старе"})
    assert translations.merge(MODULE, root=root) == 1
    merged = polib.pofile(str(translations.language_path(MODULE, root)))
    assert {entry.msgid: entry.msgstr for entry in merged} == {
        "Points": "Бали",
        "Shop": "",
    }


def test_merge_takes_words_that_core_has_translated(catalogues):
    root = catalogues(["Points", "Created by"], {"Points": "Бали"})
    known = {"Created by": "Створено", "Points": "Пункти"}
    assert translations.merge(MODULE, known, root) == 0
    merged = polib.pofile(str(translations.language_path(MODULE, root)))
    assert {entry.msgid: entry.msgstr for entry in merged} == {
        "Points": "Бали",
        "Created by": "Створено",
    }


def test_other_languages_keep_placeholders(catalogues):
    root = catalogues(["Points"], {"Points": "Бали"})
    path = translations.language_path(MODULE, root, "de")
    german = polib.POFile()
    german.append(polib.POEntry(msgid="%(count)s of %s", msgstr="%s von allen"))
    german.save(str(path))
    [problem] = translations.problems(MODULE, root)
    assert problem == f"{MODULE}, de: other placeholders: '%(count)s of %s'"
    german[0].msgstr = "%s von %(count)s"
    german.save(str(path))
    assert not translations.problems(MODULE, root)


def test_a_term_of_another_field_is_another_term(tmp_path, monkeypatch):
    """Its translation would not reach the field."""
    fields = ("field_description:m.field_a__x", "field_description:m.field_b__x")

    def write(path, *places):
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = polib.POFile()
        occurrences = [(f"model:ir.model.fields,{place}", "") for place in places]
        catalogue.append(polib.POEntry(msgid="Points", occurrences=occurrences))
        catalogue.save(str(path))

    path = tmp_path / "module.pot"
    monkeypatch.setattr(translations, "template_path", lambda _module: path)
    monkeypatch.setattr(
        translations, "export", lambda _r, _d, _m, target: write(target, *fields)
    )
    write(path, *fields)
    assert translations.outdated(None, None, MODULE) == []
    write(path, fields[0])
    assert translations.outdated(None, None, MODULE) == [
        "loyalty_b2b2c: not in the template: 'Points' "
        "model:ir.model.fields,field_description:m.field_b__x"
    ]
