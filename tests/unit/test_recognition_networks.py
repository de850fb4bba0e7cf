"""Networks for other letters: which are found, and that what is found reads."""

import random
import shutil

import pytest
from recognition import networks, sandbox
from recognition.errors import ReadingFailed

from tools import receipt_photos, recognition_data

SEED = 5


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A folder for networks that somebody installs."""
    monkeypatch.setenv("RAPIDOCR_MODELS", str(tmp_path))
    for name, value in recognition_data.environment().items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture(scope="module")
def photo():
    """A clean photo of a Ukrainian receipt."""
    truth = receipt_photos.random_receipt(random.Random(SEED), "uk")
    condition = next(iter(receipt_photos.CONDITIONS))
    return receipt_photos.photograph(receipt_photos.draw(truth), condition, SEED)


def put(folder, name):
    (folder / name).write_bytes(b"")
    return folder / name


def test_the_first_language_that_needs_other_letters_says_which(folder):
    assert networks.get_scripts(["pol", "eng", "jpn"]) == []
    assert networks.get_scripts(["eng", "ukr", "ara"]) == ["eslav", "cyrillic"]
    assert networks.get_scripts(["ara", "ukr"]) == ["arabic"]


def test_what_is_not_installed_is_not_found(folder):
    assert networks.find(["ukr"]) is None
    put(folder, "arabic_PP-OCRv5_rec_mobile.onnx")
    put(folder, "cyrillic_PP-OCRv5_det_mobile.onnx")  # finds rows, reads nothing
    assert networks.find(["ukr"]) is None


def test_the_nearest_and_newest_is_taken(folder):
    wide = put(folder, "cyrillic_PP-OCRv3_rec_mobile.onnx")
    assert networks.find(["ukr", "eng"]) == wide
    newer = put(folder, "cyrillic_PP-OCRv5_rec_mobile.onnx")
    assert networks.find(["ukr"]) == newer
    near = put(folder, "eslav_PP-OCRv5_rec_mobile.onnx")
    assert networks.find(["ukr"]) == near
    assert networks.find(["bul"]) == newer, "no East Slavic language"
    assert networks.find(["deu"]) is None, "the package's own reads it"


def test_an_installed_network_reads(folder, photo):
    own = next(networks.get_folders()[-1].glob("*_rec_*.onnx"))
    shutil.copy(own, folder / "eslav_PP-OCRv5_rec_mobile.onnx")
    pages = sandbox.clean(photo)
    with sandbox.Reader(["rapidocr"]) as reader:
        [page] = reader.look(pages, languages=("ukr", "eng"))
    assert sum(map(len, page.texts["rapidocr"])) > 100


def test_control_a_file_that_is_no_network_is_what_would_have_read(folder, photo):
    put(folder, "eslav_PP-OCRv5_rec_mobile.onnx")
    pages = sandbox.clean(photo)
    with sandbox.Reader(["rapidocr"]) as reader:
        with pytest.raises(ReadingFailed):
            reader.look(pages, languages=("ukr", "eng"))
        [page] = reader.look(pages, languages=("eng",))
    assert sum(map(len, page.texts["rapidocr"])) > 100
