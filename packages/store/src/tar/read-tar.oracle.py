"""Archives written by Python's tarfile, packed with gzip, and what tarfile reads back from them.

Run: python3 read-tar.oracle.py > read-tar.oracle.json
"""
import base64
import gzip
import io
import json
import sys
import tarfile

LONG = "/".join(["folder-with-a-name-of-some-length"] * 8) + "/file.txt"


def archive(fmt, members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=fmt) as tar:
        for name, kind, content in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.size = len(content)
            if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                info.linkname = "target"
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def files_of(data):
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return [[m.name, tar.extractfile(m).read().hex()] for m in tar if m.isreg()]


FILE = tarfile.REGTYPE
plain = [
    ("000.jpg", FILE, bytes(range(256)) * 5),
    ("000.txt", FILE, b"a caption"),
    ("folder", tarfile.DIRTYPE, b""),
    ("folder/empty", FILE, b""),
    ("block", FILE, b"x" * 512),
]
unicode_names = plain + [("Grüße/日本.txt", FILE, b"text")]

good = {
    "ustar": archive(tarfile.USTAR_FORMAT, plain),
    "gnu": archive(tarfile.GNU_FORMAT, unicode_names + [(LONG, FILE, b"deep")]),
    "pax": archive(tarfile.PAX_FORMAT, unicode_names + [(LONG, FILE, b"deep")]),
    "contiguous": archive(tarfile.USTAR_FORMAT, [("a", tarfile.CONTTYPE, b"joined")]),
    "empty": archive(tarfile.USTAR_FORMAT, []),
}

bad = {
    "symbolic link": [("link", tarfile.SYMTYPE, b"")],
    "hard link": [("link", tarfile.LNKTYPE, b"")],
    "character device": [("device", tarfile.CHRTYPE, b"")],
    "block device": [("device", tarfile.BLKTYPE, b"")],
    "pipe": [("pipe", tarfile.FIFOTYPE, b"")],
    "parent folder": [("../outside", FILE, b"x")],
    "parent folder inside": [("a/../../outside", FILE, b"x")],
    "parent folder with backslashes": [("a\\..\\..\\outside", FILE, b"x")],
    "absolute name": [("/etc/passwd", FILE, b"x")],
    "absolute name with backslashes": [("\\\\server\\share", FILE, b"x")],
    "drive": [("C:\\file", FILE, b"x")],
    "drive-relative name": [("C:..\\file", FILE, b"x")],
    "control character": [("a\nb", FILE, b"x")],
    "name twice": [("a", FILE, b"x"), ("./a", FILE, b"y")],
    "depth of 2,000": [("d/" * 2000 + "file", FILE, b"x")],
    "name of 5,000": [("n" * 5000, FILE, b"x")],
}

json.dump(
    {
        "python": sys.version.split()[0],
        "good": {
            name: {"archive": base64.b64encode(gzip.compress(data, mtime=0)).decode(), "files": files_of(data)}
            for name, data in good.items()
        },
        "bad": {
            name: base64.b64encode(gzip.compress(archive(tarfile.PAX_FORMAT, members), mtime=0)).decode()
            for name, members in bad.items()
        },
    },
    sys.stdout,
    indent=1,
)
print()
