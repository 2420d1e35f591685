"""Finding a service among thousands, making a leaflet, and how hard its words are to read.

    python benchmarks/directory.py                       5,000 services on SQLite
    python benchmarks/directory.py --postgresql

The numbers to hold, with 5,000 services: finding by need and distance p95 150 ms, the whole
request; a leaflet within 3 s and at most 200 KiB; its code is read at 300 dots an inch after JPEG
of quality 50; English at grade 6 or below (Flesch-Kincaid, J. P. Kincaid et al., Derivation of New
Readability Formulas, Naval Technical Training Command, 1975), Arabic at most 15 words a sentence.
Services are made up. The reference of the same run is one plain query for a service by its key.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

import people  # noqa: E402

SEED = 2388
MIDDLE = (32.887, 13.191)
SPREAD = 4.0
"""Degrees of latitude and longitude around the middle, a large country."""
DOTS = 300
QUALITY = 50
SENTENCE = re.compile(r"[.!?:؟]+\s*")
LATIN = re.compile(r"[A-Za-z']+")
VOWELS = re.compile(r"[aeiouy]+")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--services", type=int, default=5_000)
    asked.add_argument("--requests", type=int, default=100)
    asked.add_argument("--postgresql", action="store_true")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="marfa-directory-") as scratch:
        if given.postgresql and people.ADDRESS not in os.environ:
            from tests.support.postgres import start_cluster

            os.environ[people.ADDRESS] = start_cluster(Path(scratch) / "postgresql", durable=True)
        people.open_installation(Path(scratch) / "data", True)
        from marfa.platform.rowsecurity.context import every_organisation

        with every_organisation():
            fill(given.services)
        find(given)
        leaflets()
        words()


def fill(count: int) -> None:
    """A demonstration with so many services more, most of them called lately."""
    from marfa.apps.accounts.models import User
    from marfa.apps.directory.models import NEEDS, Service
    from marfa.apps.organisations.queries import data_controller
    from marfa.demo.build import build_demo
    from marfa.platform import clock

    build_demo()
    draw, now = random.Random(SEED), clock.now()
    caller = User.objects.get(username="supervisor").pk
    keeper = data_controller()
    rows = []
    for number in range(count):
        low = draw.choice([None, None, 12, 18])
        rows.append(
            Service(
                keeper=keeper,
                name=f"Service {number}",
                need=draw.choice(NEEDS),
                state=draw.choices(["open", "full", "closed"], (8, 1, 1))[0],
                phone=f"+218 21 {number:07}",
                latitude=MIDDLE[0] + draw.uniform(-SPREAD, SPREAD),
                longitude=MIDDLE[1] + draw.uniform(-SPREAD, SPREAD),
                sexes=draw.choices(["all", "female", "male"], (7, 2, 1))[0],
                age_from=low,
                languages=draw.sample(["ar", "en", "fr", "ti", "so"], 2),
                police_report="no",
                called_at=now - timedelta(days=draw.uniform(0, 35)),
                called_by=caller,
            )
        )
    Service.objects.bulk_create(rows, batch_size=500)


def find(given: argparse.Namespace) -> None:
    """The page on which a service is found, for a woman of 30, and the reference."""
    from django.urls import reverse

    from marfa.apps.accounts.models import User
    from marfa.apps.directory.models import NEEDS, Service
    from marfa.apps.organisations.models import Site
    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        keys = list(Service.objects.values_list("pk", flat=True)[: given.requests])
        site = Site.objects.order_by("created_at")[0].reference
        print(f"{Service.objects.count()} services, {people.cores()} cores")

    def row(key: object) -> None:
        with every_organisation():
            assert Service.objects.get(pk=key)

    people.say("one plain query (reference)", people.timed(row, keys), 0)
    officer = people.browser(User.objects.get(username="reception"))
    there = reverse("services:find")
    for name, more in (("any need", False), ("one need", True)):
        each = [
            f"{there}?need={NEEDS[n % len(NEEDS)] if more else ''}&sex=female&age=30&site={site}"
            for n in range(given.requests)
        ]
        spent = people.timed(lambda address: people.get(officer, address), each)
        asked = people.queries(lambda address=each[0]: people.get(officer, address))
        people.say(f"found by distance, {name}", spent, asked)


def leaflets() -> None:
    """Sheets as they are made for a printer: how long, how large, and whether the code is read."""
    import pypdfium2
    import zxingcpp
    from PIL import Image

    from marfa.apps.leaflets.packs import load_leaflets
    from marfa.apps.materials.models import PrintBatch
    from marfa.apps.materials.sheets import sheet_pdf
    from marfa.apps.materials.wording import SET, Number, Wording
    from marfa.domain.addressee import Addressee
    from marfa.domain.codes import new_code

    numbers = [
        Number("Gate", "+218 21 000 0000", "8-16"),
        Number("عيادة المنارة · Lighthouse Clinic", "+218 21 000 0103", "8-16"),
        Number("خط الأمان · Safe Line", "+218 21 000 0105", "8-16"),
    ]
    for material in PrintBatch.Material.values:
        spent, sizes, read = [], [], 0
        for language in ("ar", "en"):
            for manner in PrintBatch.Manner.values:
                batch = PrintBatch(
                    material=material,
                    language=language,
                    manner=manner,
                    tone="discreet",
                    addressee="feminine",
                    code=new_code(),
                    copies=200,
                )
                wording = Wording(load_leaflets(SET)[language], Addressee.FEMININE)
                begun = time.perf_counter()
                pdf = sheet_pdf(batch, wording, numbers)
                spent.append(time.perf_counter() - begun)
                sizes.append(len(pdf))
                kept = io.BytesIO()
                page = pypdfium2.PdfDocument(pdf)[0]
                drawn = page.render(scale=DOTS / 72).to_pil().convert("RGB")
                drawn.save(kept, "JPEG", quality=QUALITY)
                found = {each.text for each in zxingcpp.read_barcodes(Image.open(kept))}
                read += found == {"tel:+218210000000"}
        print(
            f"{material:10} at most {max(spent):.2f} s, at most {max(sizes) / 1024:.0f} KiB,"
            f" code read on {read} of {len(sizes)}"
        )


def words() -> None:
    """How hard the sheets are to read."""
    from marfa.apps.leaflets.packs import load_leaflets
    from marfa.apps.materials.wording import SET
    from marfa.domain.addressee import Addressee

    packs = load_leaflets(SET)
    said = {code: [each.words(Addressee.FEMININE) for each in packs[code].texts.values()]
            for code in ("en", "ar")}  # fmt: skip
    sentences = [each for text in said["en"] for each in SENTENCE.split(text) if each.strip()]
    told = [LATIN.findall(each) for each in sentences]
    count = sum(map(len, told))
    sounds = sum(syllables(word) for sentence in told for word in sentence)
    grade = 0.39 * count / len(told) + 11.8 * sounds / count - 15.59
    lengths = [len(each.split()) for text in said["ar"] for each in SENTENCE.split(text) if each]
    print(f"English: grade {grade:.1f} (Flesch-Kincaid), {count} words in {len(told)} sentences")
    print(f"Arabic: {statistics.mean(lengths):.1f} words a sentence, at most {max(lengths)}")


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end left out."""
    plain = word.lower().strip("'")
    groups = len(VOWELS.findall(plain))
    silent = plain.endswith("e") and not plain.endswith("le") and groups > 1
    return max(groups - silent, 1)


if __name__ == "__main__":
    main()
