"""Makes general English and Russian prose, and aligned sentences, from the documentation and games of Debian.

    mkdir packages && cd packages && apt-get download $(python ../training/general_text.py --packages)
    python training/general_text.py packages OUT [--check DATA]

A sentence encoder that has read only laws and labels knows little of the rest of the world. Dictionaries, handbooks,
stories of games and collections of sayings are free, versioned and fetched by package name. OUT receives
`general_en.txt` and `general_ru.txt`, a paragraph of 40 to 900 characters a line, and `general.tsv`, whose columns
uz, ru, en hold texts that translate each other: by the same message of a catalogue, the same key of a table, or the
same place in two pages of equally many paragraphs and equal numbers. --check leaves out whatever shares a run of eight
words with the texts of DATA that models are measured on (check_overlap.py). No package gives more than `CAP`
characters a language. The same packages give the same files. Licences are those of each package's copyright file;
none of the text is part of this project.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import tarfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from check_overlap import CORPUS, measured_files, runs, runs_of
from package_readers import READERS, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKAGES = (
    "wordnet-base dict-gcide dict-foldoc dict-jargon dict-devil anarchism fortunes fortunes-min fortunes-ru",
    "debian-history debian-handbook libreoffice-help-en-us libreoffice-help-ru manpages manpages-dev",
    "manpages-ru manpages-ru-dev installation-guide-amd64 debian-faq debian-faq-ru debian-reference-en",
    "developers-reference developers-reference-ru maint-guide maint-guide-ru debian-policy harden-doc",
    "aptitude-doc-en aptitude-doc-ru apt-doc git-doc postgresql-doc-15 python3.11-doc",
    "ubuntu-packaging-guide-html-ru gimp-help-en gimp-help-ru kicad-doc-en kicad-doc-ru doublecmd-help-ru",
    "mplayer-doc solfege-doc bibletime-data gnucash-docs gnome-user-docs gnome-devel-docs mate-user-guide",
    "aisleriot evolution-common genius-common gnome-chess gnome-sudoku gbrainy mate-applets-common",
    "evince-common gedit-common gnote seahorse eog zenity-common caja-actions-common gnome-terminal-data",
    "dasher-data kalzium-data kgeography-data kmymoney kmymoney-common marble-data kstars-data step okular",
    "konqueror kpat plasma-desktop-data plasma-workspace-data kwin-data kio kio-extras-data khelpcenter",
    "kdenlive-data umbrello-data kmail kget kate5-data kolourpaint ksirk knights kigo kbruch kturtle rocs",
    "iso-codes libreoffice-l10n-uz libreoffice-l10n-ru gramps freeciv-data lincity-ng-data fillets-ng-data",
    "freeorion-data ufoai-misc unknown-horizons endless-sky-data warzone2100-data wesnoth-1.16-data",
    "crawl-common",
    "wesnoth-1.16-did wesnoth-1.16-dm wesnoth-1.16-dw wesnoth-1.16-ei wesnoth-1.16-httt wesnoth-1.16-l",
    "wesnoth-1.16-low wesnoth-1.16-nr wesnoth-1.16-sof wesnoth-1.16-sota wesnoth-1.16-sotbe wesnoth-1.16-thot",
    "wesnoth-1.16-trow wesnoth-1.16-tsg wesnoth-1.16-ttb wesnoth-1.16-utbs",
)

SEED = 42
CAP = 2_500_000
"""Characters that one package may give to one language."""
SHORTEST, LONGEST, LONGEST_PAIR = 40, 900, 600
LEAST_LETTERS = 0.86
"""Share of letters and spaces in a line of prose."""
UNFIT = re.compile(r"[\\%$<>{}=|^\ufffd@_]|https?:|--|\w/\w+/\w")
"""Marks of code, of addresses and of places to fill in."""
ENGLISH = re.compile(r"\b(?:the|of|and|to|is|with|that|for|you|it|be|this|are|from|by|or|as|not|an|was|who)\b", re.I)


def files_of(package: Path) -> Iterator[tuple[str, bytes, Reader]]:
    """Yield the files of a Debian package that some reader reads. Raises tarfile.TarError on a damaged package."""
    command = ["dpkg-deb", "--fsys-tarfile", str(package)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as unpacking,
        tarfile.open(fileobj=unpacking.stdout, mode="r|") as archive,
    ):
        for member in archive:
            reader = next((read for pattern, read in READERS if re.search(pattern, member.name)), None)
            content = archive.extractfile(member) if reader and member.isfile() else None
            if content and reader:
                yield member.name, content.read(), reader


def in_language(text: str, language: str) -> bool:
    """Tell whether a text is of the language: by alphabet, and for long English by one of its commonest words."""
    letters = [letter for letter in text if letter.isalpha()]
    cyrillic = sum("а" <= letter.lower() <= "ё" for letter in letters)
    if language == "ru":
        return cyrillic > 0.7 * len(letters)
    foreign = sum(not letter.isascii() for letter in letters)
    return 50 * foreign <= len(letters) and (len(text) < SHORTEST or bool(ENGLISH.search(text)))


def is_prose(text: str, language: str) -> bool:
    """Tell whether a line reads as running text: of fit length, mostly letters, six words or more, no marks of code."""
    plain = sum(letter.isalpha() or letter == " " for letter in text)
    return (
        SHORTEST <= len(text) <= LONGEST
        and plain >= LEAST_LETTERS * len(text)
        and text.count(" ") >= 5
        and text.count("[") == text.count("]")
        and not UNFIT.search(text)
        and in_language(text, language)
    )


def pieces(text: str) -> list[str]:
    """Split what is longer than a line may be at the ends of sentences."""
    lines = [""]
    for sentence in re.split(r"(?<=[.!?…]) (?=[A-ZА-ЯЁ«\"])", text):
        if lines[-1] and len(lines[-1]) + len(sentence) >= LONGEST:
            lines.append("")
        lines[-1] = f"{lines[-1]} {sentence}".strip()
    return lines


def translate(sides: dict[str, str]) -> bool:
    """Tell whether texts at the same place look like translations: like lengths, equal numbers, nothing to fill in."""
    numbers = {tuple(sorted(re.findall(r"\d+", text))) for text in sides.values()}
    longest, least = max(map(len, sides.values())), min(map(len, sides.values()))
    return (
        len(sides) > 1
        and len(numbers) == 1
        and len(set(sides.values())) == len(sides)
        and longest <= min(LONGEST_PAIR, 2 * least + 12)
        and all(in_language(text, language) for language, text in sides.items() if language != "uz")
        and not any(UNFIT.search(text) for text in sides.values())
        and all(re.search(r"[^\W\d_]{3}", text) for text in sides.values())
    )


@dataclass
class Collection:
    """What has been read: lines of prose and pages or messages by key, each with the package it came from."""

    prose: dict[str, dict[str, str]] = field(default_factory=lambda: {"en": {}, "ru": {}})
    pages: dict[tuple[Reader, str], dict[str, list[str]]] = field(default_factory=dict)
    package: dict[tuple[Reader, str], str] = field(default_factory=dict)


def collect(folder: Path) -> Collection:
    """Read every package of the folder, in the order of their names."""
    found = Collection()
    for package in sorted(folder.glob("*.deb")):
        name = package.name.split("_")[0]
        new: dict[str, dict[str, str]] = {"en": {}, "ru": {}}
        for path, data, reader in files_of(package):
            for language, key, parts in reader(path, data):
                texts = [re.sub(r" (?=[,.;:!?](?: |$))", "", " ".join(part.split())) for part in parts]
                if key:
                    found.pages.setdefault((reader, key), {})[language] = texts
                    found.package[reader, key] = name
                if language in new:
                    lines = (line for text in texts for line in pieces(text))
                    new[language].update((line, name) for line in lines if is_prose(line, language))
        for language, fit in new.items():
            shuffled = [line for line in fit if line not in found.prose[language]]
            random.Random(SEED).shuffle(shuffled)
            taken = 0
            for line in shuffled:
                taken += len(line)
                if taken <= CAP:
                    found.prose[language][line] = name
        print(f"{name:32}{len(new['en']):8} en{len(new['ru']):8} ru", flush=True)
    return found


def aligned(found: Collection) -> dict[tuple[str, str, str], str]:
    """Return unique rows (uz, ru, en) with their package; Uzbek is taken in Latin where both spellings exist."""
    rows: dict[tuple[str, str, str], str] = {}
    for key, versions in found.pages.items():
        uzbek = [versions[name] for name in sorted(versions) if name.startswith("uz")]
        columns = {"uz": uzbek[0] if uzbek else [], "ru": versions.get("ru", []), "en": versions.get("en", [])}
        kept = {name: texts for name, texts in columns.items() if texts}
        if len(kept) > 1 and len({len(texts) for texts in kept.values()}) == 1:
            for texts in zip(*kept.values(), strict=True):
                sides = dict(zip(kept, texts, strict=True))
                if translate(sides):
                    rows.setdefault((sides.get("uz", ""), sides.get("ru", ""), sides.get("en", "")), found.package[key])
    return rows


def write(path: Path, lines: Iterable[str], packages: Iterable[str]) -> None:
    """Write the lines and print how many came from which package."""
    content = "\n".join(lines) + "\n"
    path.write_text(content, encoding="utf-8")
    print(f"\n{path.name}: {content.count(chr(10))} lines, {len(content.encode()) / 1e6:.1f} MB")
    print(*(f"  {name} {count}" for name, count in Counter(packages).most_common()), sep="\n")


def main() -> None:
    """Write the three files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--check", type=Path, metavar="DATA", help="folder whose eval/ models are measured on")
    parser.add_argument("--packages", action="store_true", help="print the names of the packages and stop")
    options = parser.parse_args()
    if options.packages or not (options.folder and options.out):
        print(*PACKAGES)
        return
    found = collect(options.folder)
    known = runs_of(measured_files(options.check, CORPUS)) if options.check else {}
    options.out.mkdir(parents=True, exist_ok=True)
    for language, lines in found.prose.items():
        kept = [line for line in lines if not any(run in known for run in runs(line))]
        print(f"{len(lines) - len(kept)} lines left out for sharing a run with a measured text")
        random.Random(SEED).shuffle(kept)
        write(options.out / f"general_{language}.txt", kept, [lines[line] for line in kept])
    rows = aligned(found)
    chosen = [row for row in rows if not any(run in known for text in row for run in runs(text))]
    write(options.out / "general.tsv", ["uz\tru\ten", *map("\t".join, chosen)], [rows[row] for row in chosen])


if __name__ == "__main__":
    main()
