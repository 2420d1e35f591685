"""How long a failing sign-in takes for names that exist and that do not; what the limiter costs.

python benchmarks/sign_in.py         under a minute, on SQLite in a folder of its own
python benchmarks/sign_in.py --full  four times as many

The four kinds of attempt take turns. Their reference is the same digest checked by argon2-cffi, the
reference implementation. The limiter's reference is the least that any counter in a database costs:
one UPDATE of one row by its key, in a transaction of its own.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
GOOD = "four olive trees by the wall"
WRONG = "five olive trees by the wall"


def set_up(folder: Path) -> None:
    """An installation with three people: one with a password, one blocked, one without."""
    from marfa.platform.datafolder import InstallationKind, new_folder

    for name in [name for name in os.environ if name.startswith("MARFA_")]:
        del os.environ[name]
    with new_folder(
        folder / "data", kind=InstallationKind.DEMONSTRATION, desks=("reporting", "administration")
    ):
        pass
    os.environ["MARFA_DATA"] = str(folder / "data")
    os.environ["DJANGO_SETTINGS_MODULE"] = "marfa.web.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from marfa.apps.accounts.actions import allow_sign_in, create_user
    from marfa.apps.accounts.passwords import set_password

    create_user(username="without", display_name="")
    set_password(user=create_user(username="amal", display_name=""), password=GOOD)
    blocked = create_user(username="blocked", display_name="")
    set_password(user=blocked, password=GOOD)
    allow_sign_in(user=blocked, allowed=False)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def attempts(rounds: int) -> None:
    """Medians of each kind, and how far the furthest is from the nearest."""
    from argon2 import PasswordHasher

    from marfa.apps.accounts.passwords import user_with_password
    from marfa.crypto.passwords import password_digest, password_fits

    reference, digest = PasswordHasher(), password_digest(GOOD)
    kinds: dict[str, Callable[[], object]] = {
        "name unknown": lambda: user_with_password("nobody", WRONG),
        "password wrong": lambda: user_with_password("amal", WRONG),
        "no password set": lambda: user_with_password("without", WRONG),
        "blocked, password right": lambda: user_with_password("blocked", GOOD),
        "digest alone": lambda: password_fits(digest, GOOD),
        "reference: argon2-cffi": lambda: reference.verify(digest, GOOD),
    }
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, work in kinds.items():
            taken[name].append(seconds(work))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    last = medians["reference: argon2-cffi"]
    for name, median in medians.items():
        print(f"  {name:26} {median * 1000:7.1f} ms   {median / last:5.2f} x the reference")
    four = [medians[name] for name in list(kinds)[:4]]
    print(f"  the slowest of the first four is {max(four) / min(four):.3f} x the fastest")


def limiter(seconds_each: float) -> None:
    """Attempts taken a second, and the plainest counter beside it, in turns."""
    from django.db import transaction

    from marfa.platform.limits.limiter import Limit, spend_attempt
    from marfa.platform.limits.models import Counter

    limit = Limit("benchmark", burst=10**9, interval=timedelta(microseconds=1))
    Counter.objects.create(key="plain", full_at=0)

    def plain() -> None:
        with transaction.atomic():
            Counter.objects.filter(key="plain").update(full_at=1)

    counts = {"limiter": 0, "plain": 0}
    works: dict[str, Callable[[], object]] = {
        "limiter": lambda: spend_attempt(limit, "someone", "192.0.2.1"),
        "plain": plain,
    }
    for _ in range(8):
        for name, work in works.items():
            end = time.perf_counter() + seconds_each / 8
            while time.perf_counter() < end:
                work()
                counts[name] += 1
    rates = {name: count / seconds_each for name, count in counts.items()}
    share = rates["limiter"] / rates["plain"]
    print(f"  limiter {rates['limiter']:7.0f} /s   plain UPDATE {rates['plain']:7.0f} /s")
    print(f"  ratio {share:.2f}")


def main() -> None:
    times = 4 if "--full" in sys.argv[1:] else 1
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        set_up(Path(folder))
        print("one attempt to sign in that fails")
        attempts(12 * times)
        print("attempts counted by the limiter, SQLite with synchronous=FULL")
        limiter(4.0 * times)


if __name__ == "__main__":
    main()
