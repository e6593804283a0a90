"""The words of Sixfold in another language: found, merged into the .po, compiled.

`python -m script.messages` freshens locale/zh_Hans/LC_MESSAGES/django.po with the words
that stand in templates and Python, keeps what is translated, drops what is no longer
said, and writes django.mo beside it. GNU gettext is not needed.
"""

import ast
import os
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ROOMS = (
    "accounts",
    "analysis",
    "assessments",
    "config",
    "demo",
    "desk",
    "labs",
    "records",
    "trial",
)
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
MANY = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
HEADER = (
    "Project-Id-Version: Sixfold\n"
    "Language: zh_Hans\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=1; plural=0;\n"
)
CALL = re.compile(r"\b(_|n?p?gettext(?:_lazy|_noop)?)\(")
TEXT = re.compile(r"""\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*([,)])""", re.DOTALL)


class Word(NamedTuple):
    """A text to be translated, with its plural and what tells it from its namesake."""

    text: str
    plural: str = ""
    context: str = ""


def word_of(function: str, texts: list[str]) -> Word | None:
    """The word that a call names, or None where its text is not written there."""
    if function in MANY and len(texts) > 1:
        return Word(texts[0], plural=texts[1])
    if function in IN_CONTEXT and len(texts) > 1:
        return Word(texts[1], context=texts[0])
    if function in ONE and texts:
        return Word(texts[0])
    return None


def words_of_python(source: str) -> Iterator[Word]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
            ]
            word = word_of(node.func.id, texts)
            if word:
                yield word
                if is_plain_percent(word.text):
                    yield Word(word.text.replace("%", "%%"), context=word.context)


def is_plain_percent(text: str) -> bool:
    """A template that translates such a word of Python asks for it with %% for %."""
    return "%" in text and "%(" not in text and "%%" not in text


def words_of_template(source: str) -> Iterator[Word]:
    from django.utils.translation.template import templatize

    said = templatize(source)
    for call in CALL.finditer(said):
        texts, at = [], call.end()
        while text := TEXT.match(said, at):
            texts.append(ast.literal_eval(text[1]))
            at = text.end()
            if text[2] == ")":
                break
        word = word_of(call[1], texts)
        if word:
            yield word


def words_of_project() -> dict[Word, str]:
    """Every word with the first file that says it, in the order of the files."""
    found: dict[Word, str] = {}
    for path in sources():
        source = path.read_text("utf-8")
        read = words_of_python if path.suffix == ".py" else words_of_template
        for word in read(source):
            found.setdefault(word, path.relative_to(ROOT).as_posix())
    return found


def sources() -> Iterator[Path]:
    for room in ROOMS:
        paths = sorted((ROOT / room).rglob("*.py"))
        yield from (path for path in paths if "migrations" not in path.parts)
    templates = (ROOT / "templates").rglob("*")
    yield from sorted(path for path in templates if path.suffix in (".html", ".txt"))


def read_po(text: str) -> tuple[dict[Word, str], set[Word]]:
    """The translations of a .po, and which of them are marked as a guess."""
    translations: dict[Word, str] = {}
    fuzzy = set()
    for block in re.split(r"\n\s*\n", text):
        parts: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            name, _, quoted = line.partition('"')
            key = name.strip() or key
            parts[key] = parts.get(key, "") + ast.literal_eval('"' + quoted)
        if parts.get("msgid"):
            plural = parts.get("msgid_plural", "")
            word = Word(parts["msgid"], plural, parts.get("msgctxt", ""))
            translations[word] = parts.get("msgstr[0]" if plural else "msgstr", "")
            if re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE):
                fuzzy.add(word)
    return translations, fuzzy


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


def write_po(words: dict[Word, str], translations: dict[Word, str]) -> str:
    lines = ['msgid ""', 'msgstr ""']
    lines += [quoted(line) for line in HEADER.splitlines(keepends=True)]
    for word, path in words.items():
        lines += ["", f"#: {path}"]
        if "%(" in word.text:
            lines.append("#, python-format")
        if word.context:
            lines.append(f"msgctxt {quoted(word.context)}")
        lines.append(f"msgid {quoted(word.text)}")
        if word.plural:
            lines.append(f"msgid_plural {quoted(word.plural)}")
        form = "msgstr[0]" if word.plural else "msgstr"
        lines.append(f"{form} {quoted(translations.get(word, ''))}")
    return "\n".join(lines) + "\n"


def compiled(translations: dict[Word, str]) -> bytes:
    """A .mo file: sorted originals and translations with tables of where they stand."""
    sayings = {key_of(word): text for word, text in translations.items()} | {"": HEADER}
    pairs = sorted((key.encode(), text.encode()) for key, text in sayings.items())
    starts_at = 7 * 4
    text_at = starts_at + 16 * len(pairs)
    originals = laid_out((key for key, _ in pairs), text_at)
    end = text_at + sum(len(key) + 1 for key, _ in pairs)
    translated = laid_out((value for _, value in pairs), end)
    middle = starts_at + 8 * len(pairs)
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), starts_at, middle, 0, text_at)
    keys = b"".join(key + b"\0" for key, _ in pairs)
    values = b"".join(value + b"\0" for _, value in pairs)
    return head + originals + translated + keys + values


def key_of(word: Word) -> str:
    context = f"{word.context}\x04" if word.context else ""
    return context + word.text + (f"\0{word.plural}" if word.plural else "")


def laid_out(texts: Iterable[bytes], start: int) -> bytes:
    table = b""
    for text in texts:
        table += struct.pack("<2I", len(text), start)
        start += len(text) + 1
    return table


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    words = words_of_project()
    known, _ = read_po(CATALOGUE.read_text("utf-8"))
    for word in words:
        single = word._replace(text=word.text.replace("%%", "%"))
        if not known.get(word) and known.get(single):
            known[word] = known[single].replace("%", "%%")
    CATALOGUE.write_text(write_po(words, known), "utf-8")
    kept = {word: known[word] for word in words if known.get(word)}
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(kept))
    missing = [word.text for word in words if word not in kept]
    for text in missing:
        print(f"not translated: {text}")
    print(f"{len(kept)} of {len(words)} words are translated.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
