"""Prints, as JSON, what this Python makes of the encodings that package text has.

tables_test.go turns it into tables.go; run it with "go generate".
"""

import codecs
import encodings.aliases
import json
import pkgutil

MULTIBYTE = "gbk gb2312 gb18030 big5 cp950 shift_jis cp932 euc_jp euc_kr cp949".split()
BY_RULE = "ascii latin_1 hz utf_8 utf_8_sig utf_16 utf_16_le utf_16_be utf_32 utf_32_le utf_32_be".split()
# Python writes the ASCII of these as its right-to-left twins, which no reader expects.
TWO_FACED = "mac_arabic mac_farsi".split()
BMP = "".join(chr(c) for c in range(0x10000) if not 0xD800 <= c <= 0xDFFF)
DISPLAYED = {"latin_1": "latin-1", "utf_8_sig": "utf-8-sig"}


def char(codec, unit):
    """The character that a unit stands for, else 0."""
    try:
        text = unit.decode(codec)
    except UnicodeDecodeError:
        return 0
    return ord(text) if len(text) == 1 else 0


def unit(codec, c):
    """The bytes of a character as a number, else 0; longer forms follow from rules."""
    try:
        data = chr(c).encode(codec)
    except UnicodeEncodeError:
        return 0
    return int.from_bytes(data, "big") if len(data) <= (3 if codec == "euc_jp" else 2) else 0


def starts_unit(codec, byte):
    try:
        bytes([byte]).decode(codec)
    except UnicodeDecodeError as error:
        return error.reason.startswith("incomplete")
    return False


def units(codec):
    high = range(0x80, 0x100)
    yield from (bytes([a]) for a in high)
    yield from (bytes([a, b]) for a in high for b in range(0x100))
    if codec == "euc_jp":
        yield from (bytes([0x8F, a, b]) for a in high for b in range(0x100))


def multibyte(codec):
    return {
        "leads": [b for b in range(0x80, 0x100) if starts_unit(codec, b)],
        "chars": {int.from_bytes(u, "big"): char(codec, u) for u in units(codec)},
        "units": {c: unit(codec, c) for c in range(0x80, 0x10000)},
    }


def is_single_byte(name):
    try:
        codec = codecs.lookup(name)
    except LookupError:
        return False
    if not codec._is_text_encoding or name in BY_RULE + TWO_FACED + ["charmap", "iso8859_1"]:
        return False
    return hasattr(__import__("encodings." + name, fromlist=[name]), "decoding_table")


def single_byte(name):
    """The 256 characters, U+FFFD where a byte has none."""
    chars = bytes(range(256)).decode(name, "replace")
    known = sorted(set(chars) - {"\uFFFD"})
    assert BMP.encode(name, "ignore") == bytes(chars.rindex(c) for c in known), name
    return chars


def names(module):
    displayed = DISPLAYED.get(module, codecs.lookup(module).name)
    found = {module} | {a for a, m in encodings.aliases.aliases.items() if m == module}
    return {"name": displayed, "aliases": sorted(a.lower() for a in found)}


modules = [m.name for m in pkgutil.iter_modules(encodings.__path__)]
single = sorted(m for m in modules if is_single_byte(m))
print(json.dumps({
    "names": [names(m) for m in MULTIBYTE + BY_RULE + single],
    "multibyte": {m: multibyte(m) for m in MULTIBYTE},
    "single": {names(m)["name"]: single_byte(m) for m in single},
}))
