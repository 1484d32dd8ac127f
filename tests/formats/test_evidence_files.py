import io
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pikepdf
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from stannary.core.evidence import MAX_BYTES
from stannary.core.kernel import RefusalError
from stannary.formats import evidence_files
from stannary.formats.evidence_files import clean_file

PLACE = 0x8825
CAMERA = 0x010F
ORIENTATION = 0x0112


def photo(*, orientation: int = 1) -> bytes:
    """Give a JPEG that says which camera took it, where, and who owns it."""
    picture = Image.new("RGB", (4, 2), (200, 10, 10))
    exif = picture.getexif()
    exif[CAMERA] = "Secret Camera"
    exif[ORIENTATION] = orientation
    exif.get_ifd(PLACE)[1] = "S"
    exif.get_ifd(PLACE)[2] = (23.0, 33.0, 12.0)
    into = io.BytesIO()
    picture.save(into, "JPEG", exif=exif, comment=b"of Ana")
    return into.getvalue()


def screenshot() -> bytes:
    notes = PngInfo()
    notes.add_text("Author", "Ana Secret")
    into = io.BytesIO()
    Image.new("RGBA", (3, 3), (1, 2, 3, 255)).save(into, "PNG", pnginfo=notes)
    return into.getvalue()


def report(*, password: str = "", script: bool = False, pages: int = 1) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(100, 100))
    document.docinfo["/Author"] = "Ana Secret"
    with document.open_metadata() as metadata:
        metadata["dc:creator"] = ["Ana Secret"]
    if script:
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
        )
        document.attachments["hidden.txt"] = b"hidden"
    into = io.BytesIO()
    locked = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(into, encryption=locked)
    return into.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("ore", 0)["A1"] = "tonnes"
    book.properties.creator = "Ana Secret"
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return into.getvalue()


def odt(**more: bytes) -> bytes:
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": b"<office/>",
        "meta.xml": b"<creator>Ana Secret</creator>",
    }
    return archive(parts | more)


def docx(**more: bytes) -> bytes:
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": b"<document/>",
        "docProps/core.xml": b"<creator>Ana Secret</creator>",
    }
    return archive(parts | more)


def codes(content: bytes, name: str) -> list[str]:
    try:
        clean_file(content, name)
    except RefusalError as refusal:
        return [finding.code for finding in refusal.findings]
    return []


def test_a_photo_loses_camera_place_and_comments_and_keeps_its_picture() -> None:
    given = photo()
    clean = clean_file(given, "pit.JPG")

    assert clean.removed == ("camera and time", "place", "comments")
    assert b"Secret" not in clean.content
    assert b"of Ana" not in clean.content
    with Image.open(io.BytesIO(clean.content)) as shown, Image.open(io.BytesIO(given)) as before:
        assert not shown.getexif()
        assert shown.tobytes() == before.tobytes()


def test_a_photo_that_was_held_sideways_is_kept_upright() -> None:
    clean = clean_file(photo(orientation=6), "pit.jpeg")

    with Image.open(io.BytesIO(clean.content)) as shown:
        assert shown.size == (2, 4)


def test_a_screenshot_loses_its_author_and_keeps_its_pixels() -> None:
    clean = clean_file(screenshot(), "a.png")

    assert clean.removed == ("comments",)
    assert b"Secret" not in clean.content
    with Image.open(io.BytesIO(clean.content)) as shown:
        assert shown.getpixel((1, 1)) == (1, 2, 3, 255)


def test_a_pdf_loses_author_scripts_and_files_inside_it() -> None:
    clean = clean_file(report(script=True), "report.pdf")

    assert clean.removed == ("author and properties", "scripts and files inside it")
    with pikepdf.open(io.BytesIO(clean.content)) as document:
        assert not document.docinfo.keys()
        assert "/Metadata" not in document.Root
        assert "/OpenAction" not in document.Root
        assert not document.attachments
        assert len(document.pages) == 1


@pytest.mark.parametrize(
    ("content", "name", "part"),
    [(docx(), "a.docx", "word/document.xml"), (odt(), "a.odt", "content.xml")],
)
def test_a_document_loses_its_author_and_keeps_its_text(
    content: bytes, name: str, part: str
) -> None:
    clean = clean_file(content, name)

    assert clean.removed == ("author and properties",)
    with zipfile.ZipFile(io.BytesIO(clean.content)) as made:
        assert made.namelist() == zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert made.read(part) in (b"<document/>", b"<office/>")
        assert not any(b"Secret" in made.read(name) for name in made.namelist())


def test_a_workbook_can_be_opened_afterwards() -> None:
    clean = clean_file(workbook(), "a.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(clean.content))
    assert book["ore"]["A1"].value == "tonnes"
    assert book.properties.creator != "Ana Secret"


def test_text_is_kept_as_it_is() -> None:
    text = "Wasser, água, 水\n".encode()
    clean = clean_file(text, "notes.csv")

    assert (clean.content, clean.kind, clean.removed) == (text, "txt", ())
    assert clean.sha256 == clean.sha256_as_given
    assert clean.media_type == "text/plain"


@pytest.mark.parametrize(
    ("content", "name"),
    [(photo(), "a.jpg"), (report(), "a.pdf"), (docx(), "a.docx"), (screenshot(), "a.png")],
)
def test_the_same_file_is_kept_as_the_same_bytes(content: bytes, name: str) -> None:
    once, again = clean_file(content, name), clean_file(content, name)

    assert once == again
    assert once.sha256 != once.sha256_as_given


@pytest.mark.parametrize("name", ["a.exe", "a", "a.html", "a.svg", ".pdf", "../../a.sh"])
def test_another_type_is_evidence_001(name: str) -> None:
    assert codes(b"text", name) == ["EVIDENCE-001"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "a.pdf"),
        (report(), "a.jpg"),
        (b"\x00\x01binary", "a.txt"),
        (b"\xff\xfeutf-16", "a.txt"),
        (archive({"a.txt": b"a"}), "a.docx"),
        (archive({"mimetype": b"application/epub+zip"}), "a.odt"),
        (b"PK\x03\x04 and nothing more", "a.xlsx"),
        (b"%PDF-1.7 and nothing more", "a.pdf"),
        (report(pages=0), "a.pdf"),
        (photo()[:60], "a.jpg"),
        (screenshot()[:60], "a.png"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_evidence_002(content: bytes, name: str) -> None:
    assert codes(content, name) == ["EVIDENCE-002"]


def test_an_empty_or_too_large_file_is_evidence_003() -> None:
    assert codes(b"", "a.txt") == ["EVIDENCE-003"]
    assert codes(b"a", "a.txt") == []
    assert codes(b"a" * MAX_BYTES, "a.txt") == []
    assert codes(b"a" * (MAX_BYTES + 1), "a.txt") == ["EVIDENCE-003"]


def test_a_bomb_in_an_archive_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_files, "MAX_UNPACKED_BYTES", 100_000)
    bomb = docx(**{"word/media/a.bin": b"\0" * 200_000})

    assert codes(bomb, "a.docx") == ["EVIDENCE-003"]
    assert codes(docx(**{"word/media/a.bin": b"\0" * 90_000}), "a.docx") == []


def test_an_archive_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_files, "MAX_MEMBERS", 3)

    assert codes(docx(), "a.docx") == []
    assert codes(docx(one=b"more"), "a.docx") == ["EVIDENCE-003"]


def huge(width: int, height: int) -> bytes:
    """Give a small PNG that would be a huge picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        size = len(body).to_bytes(4, "big")
        return size + name + body + zlib.crc32(name + body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress(bytes(1_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(10_001, 10_000), (60_000, 60_000)])
def test_a_huge_picture_is_not_opened(width: int, height: int) -> None:
    assert codes(huge(width, height), "a.png") == ["EVIDENCE-003"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (report(password="secret"), "a.pdf"),
        (docx(**{"word/vbaProject.bin": b"macro"}), "a.docx"),
        (odt(**{"Basic/Standard/Module1.xml": b"macro"}), "a.odt"),
        (docx(EncryptedPackage=b"locked"), "a.docx"),
    ],
)
def test_macros_and_passwords_are_evidence_004(content: bytes, name: str) -> None:
    assert codes(content, name) == ["EVIDENCE-004"]


def test_what_the_scanner_finds_is_refused_and_named() -> None:
    with pytest.raises(RefusalError, match="Eicar-Test") as refusal:
        clean_file(b"harmless", "a.txt", scan=lambda content: f"Eicar-Test {len(content)}")

    assert [finding.code for finding in refusal.value.findings] == ["EVIDENCE-004"]
    assert clean_file(b"harmless", "a.txt", scan=lambda _content: None).content == b"harmless"


def test_a_message_names_the_file_without_its_folders() -> None:
    with pytest.raises(RefusalError) as refusal:
        clean_file(b"", "C:\\Users\\Ana\\a.pdf")

    at = refusal.value.findings[0].at
    assert at is not None
    assert at.file == "a.pdf"


def zipped(method: int, **parts: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", method) as made:
        for name, body in {"[Content_Types].xml": b"", "word/document.xml": b"x" * 999}.items():
            made.writestr(name, body)
        for name, body in parts.items():
            made.writestr(name, body)
    return into.getvalue()


def test_compressions_that_no_document_has_are_not_unpacked() -> None:
    assert codes(zipped(zipfile.ZIP_DEFLATED), "a.docx") == []
    assert codes(zipped(zipfile.ZIP_BZIP2), "a.docx") == ["EVIDENCE-002"]
    assert codes(zipped(zipfile.ZIP_LZMA), "a.docx") == ["EVIDENCE-002"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused_for_readers_disagree_which_counts() -> None:
    into = io.BytesIO(docx())
    with zipfile.ZipFile(into, "a") as made:
        made.writestr("word/document.xml", b"other")

    assert codes(into.getvalue(), "a.docx") == ["EVIDENCE-002"]


def test_a_damaged_part_is_refused_wherever_it_is_read() -> None:
    for content, name in ((docx(), "a.docx"), (odt(), "a.odt")):
        for place in range(0, len(content), 7):
            broken = content[:place] + bytes([content[place] ^ 0x5A]) + content[place + 1 :]
            assert set(codes(broken, name)) <= {"EVIDENCE-002", "EVIDENCE-003", "EVIDENCE-004"}


@pytest.mark.parametrize("made", [photo, screenshot, lambda: report(script=True)])
def test_a_damaged_file_is_cleaned_or_refused_and_never_a_bug(made: Callable[[], bytes]) -> None:
    content = made()
    name = {b"\xff\xd8": "a.jpg", b"\x89P": "a.png", b"%P": "a.pdf"}[content[:2]]
    for place in range(0, len(content), 5):
        broken = content[:place] + bytes([content[place] ^ 0x7F]) + content[place + 1 :]
        assert set(codes(broken, name)) <= {"EVIDENCE-002", "EVIDENCE-003", "EVIDENCE-004"}


def test_a_photo_inside_a_document_loses_its_secrets_too() -> None:
    clean = clean_file(docx(**{"word/media/image1.jpeg": photo()}), "a.docx")

    assert clean.removed == ("author and properties", "secrets of pictures inside it")
    with zipfile.ZipFile(io.BytesIO(clean.content)) as made:
        picture = made.read("word/media/image1.jpeg")
    assert b"Secret Camera" not in picture
    assert picture.startswith(b"\xff\xd8\xff")


def test_a_photo_with_another_one_behind_it_stays_a_jpeg() -> None:
    into = io.BytesIO()
    first, second = (Image.new("RGB", (8, 8), (n, n, n)) for n in (10, 200))
    first.save(into, "MPO", save_all=True, append_images=[second])

    clean = clean_file(into.getvalue(), "a.jpg")

    with Image.open(io.BytesIO(clean.content)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (8, 8))


def test_a_picture_keeps_its_colours() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png")):
        into = io.BytesIO()
        Image.new("RGB", (4, 4)).save(into, kind, icc_profile=profile)
        with Image.open(io.BytesIO(clean_file(into.getvalue(), name).content)) as shown:
            assert shown.info["icc_profile"] == profile


def with_active_parts() -> bytes:
    """Give a PDF whose page, annotation and photo carry what a reader would run or learn."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(100, 100))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    start = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("evil.exe"))
    goes = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=pikepdf.Array([page.obj]), Next=script)
    page.obj.AA = pikepdf.Dictionary(O=script)
    annotations = [
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
        for action in (start, goes, pikepdf.Dictionary(S=pikepdf.Name.URI, Next=[script]))
    ]
    page.obj.Annots = pikepdf.Array(annotations)
    page.obj.Metadata = document.make_stream(b"<x>Ana Secret</x>", Type=pikepdf.Name.Metadata)
    picture = document.make_stream(photo())
    picture.Subtype, picture.Filter = pikepdf.Name.Image, pikepdf.Name.DCTDecode
    drawn = document.make_stream(b"", Subtype=pikepdf.Name.Form)
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font)
    page.obj.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im1=picture, EF=drawn), Font=pikepdf.Dictionary(JS=font)
    )
    into = io.BytesIO()
    document.save(into)
    return into.getvalue()


def test_a_pdf_loses_what_is_run_on_its_pages_and_what_its_photos_tell() -> None:
    clean = clean_file(with_active_parts(), "a.pdf")

    assert clean.removed == (
        "author and properties",
        "scripts and files inside it",
        "secrets of pictures inside it",
    )
    assert clean_file(clean.content, "a.pdf").removed == ()
    with pikepdf.open(io.BytesIO(clean.content)) as document:
        page = document.pages[0].obj
        assert "/AA" not in page
        assert "/Metadata" not in page
        assert "/A" not in page.Annots[0]
        assert [one.A.S for one in page.Annots.as_list()[1:]] == ["/GoTo", "/URI"]
        assert not any("/Next" in one.A for one in page.Annots.as_list()[1:])
        raw = page.Resources.XObject.Im1.read_raw_bytes()
        assert {"/Im1", "/EF"} == set(page.Resources.XObject.keys())
        assert "/JS" in page.Resources.Font
    with Image.open(io.BytesIO(raw)) as shown, Image.open(io.BytesIO(photo())) as before:
        assert not shown.getexif()
        assert shown.tobytes() == before.tobytes()


def test_a_photo_in_a_pdf_that_cannot_be_read_is_left_as_it_is() -> None:
    assert evidence_files._bare_jpeg(b"\xff\xd8\xff\xe1\x00\x00rest") == (
        b"\xff\xd8\xff\xe1\x00\x00rest"
    )
