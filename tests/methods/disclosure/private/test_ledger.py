"""The ledger: one file with the register, an overdraft refused, nothing lost when power fails."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.disclosure.private import Account, make_release, mixture, open_folder, spend
from marfa.methods.disclosure.private import write_release as write
from marfa.methods.disclosure.private.accounting import add_sizes, delta_of, mu_of
from marfa.methods.disclosure.private.ledger import total_epsilon
from marfa.methods.disclosure.private.measurement import Promise
from marfa.methods.disclosure.private.noise import FEWEST_UNITS, MOST_ANSWERS
from marfa.methods.disclosure.releases import FileRegister, open_register
from marfa.methods.disclosure.releases.budget import Budget, Spending
from tests.methods.disclosure.private.made import SeededNoise, random_rows, records_of
from tests.methods.disclosure.releases.people import draft_of, made_up_people

DELTA = 1e-6


def spending(epsilon: float, delta: float = DELTA) -> Spending:
    slack = 1e-15
    size = mu_of(epsilon, delta - slack)
    return Spending("2026-01-01T00:00:00+00:00", "ab", size, slack, epsilon, delta)


def code_of(raised: pytest.ExceptionInfo[InputError]) -> str:
    return raised.value.problems[0].message.code.partition(":")[2]


def test_what_is_spent_adds_up_and_an_overdraft_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    account = Account("victims", "2024", epsilon=2.0)
    for count in range(1, 4):
        with open_register(path) as register:
            budget = spend(register, account, spending(1.0))
        assert len(budget.spent) == count
        total = total_epsilon(budget)
        assert total is not None
        # Three of epsilon 1 come to less than 3, since their noise is independent.
        assert 1 - 1e-6 <= total <= min(count + 1e-6, 2.0)
    before = path.read_bytes()
    with open_register(path) as register, pytest.raises(InputError) as raised:
        spend(register, account, spending(1.5))
    assert code_of(raised) == "overdraft"
    assert path.read_bytes() == before
    with open_register(path) as register:
        spend(register, Account("victims", "2025"), spending(1.5))
        budgets = {each.period: each for each in register.budgets("victims")}
    assert {name: len(each.spent) for name, each in budgets.items()} == {"2024": 3, "2025": 1}
    assert oct(path.stat().st_mode)[-3:] == "600"


def test_noise_in_whole_units_is_paid_for_by_all_releases_together() -> None:
    """By the formulas of ``accounting`` and ``noise``: what the distance to exact noise takes of
    delta grows with the epsilon of all releases, not with that of each."""
    delta = 1.1e-12
    one = Promise(1.0, delta)
    each = Spending("2026-01-01T00:00:00+00:00", "ab", one.size, one.slack, 1.0, delta)
    distance = MOST_ANSWERS / (5 * FEWEST_UNITS**2)
    for count in range(1, 11):
        total = total_epsilon(Budget("", 12.0, delta, (each,) * count))
        assert total is not None
        size = add_sizes([one.size] * count)
        whole_units = (1 + math.exp(total)) * count * distance
        assert delta_of(total, size) + whole_units <= delta * (1 + 1e-9)
    # Here the distance alone would take more than all of delta.
    assert total_epsilon(Budget("", 12.0, delta, (each,) * 60)) is None


def test_a_budget_is_set_once(tmp_path: Path) -> None:
    with open_register(tmp_path / "r.json") as register:
        spend(register, Account("p", " 2024 ", epsilon=3.0), spending(1.0))
        with pytest.raises(InputError) as raised:
            spend(register, Account("p", "2024", epsilon=30.0), spending(1.0))
    assert code_of(raised) == "budget-set"


def test_a_larger_delta_than_the_budget_has_is_an_overdraft(tmp_path: Path) -> None:
    with open_register(tmp_path / "r.json") as register:
        spend(register, Account("p", epsilon=1.0), spending(1.0, 1e-9))
        with pytest.raises(InputError) as raised:
            spend(register, Account("p"), spending(0.1, 1e-3))
    assert code_of(raised) == "overdraft"


def test_tables_and_private_releases_of_the_same_people(tmp_path: Path) -> None:
    """Each asks for the other to be confirmed, and neither loses what the other wrote."""
    from marfa.methods.disclosure.releases import protect_set

    path = tmp_path / "r.json"
    drafts = [draft_of(made_up_people(94, 1), ("sex", "form"), "v")]
    with open_register(path) as register:
        register.add("p", protect_set(drafts, [], coarser=True))
        assert json.loads(path.read_text())["version"] == 1
        with pytest.raises(InputError) as raised:
            spend(register, Account("p"), spending(1.0))
        assert code_of(raised) == "tables-out"
        spend(register, Account("p", mixed=True), spending(1.0))
        spend(register, Account("p"), spending(1.0))
        tables = register.releases("p")
        register.add("p", tables)
    again = FileRegister(path)
    assert len(again.releases("p")) == 2
    assert len(again.budgets("p")[0].spent) == 2
    assert json.loads(path.read_text())["version"] == 2, "an older program would lose budgets"


def test_a_link_to_a_ledger_is_the_ledger(tmp_path: Path) -> None:
    """Otherwise the first entry made by the link would leave two ledgers, each with a budget."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = tmp_path / "r.json"
    link.symlink_to(folder / "kept.json")
    for path in (link, folder / "kept.json", link):
        with open_register(path) as register:
            spend(register, Account("p"), spending(1.0))
    assert link.is_symlink()
    assert len(FileRegister(folder / "kept.json").budgets("p")[0].spent) == 3


@pytest.mark.parametrize("change", [{"size": -1}, {"size": "x"}, {"epsilon": None}, {"delta": 0}])
def test_a_ledger_that_cannot_be_read_is_none(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "r.json"
    with open_register(path) as register:
        spend(register, Account("p"), spending(1.0))
    data = json.loads(path.read_text())
    data["populations"][0]["budgets"][0]["spent"][0].update(change)
    path.write_text(json.dumps(data))
    with pytest.raises(InputError), open_register(path):
        pass


def test_two_releases_are_not_written_to_one_folder(tmp_path: Path) -> None:
    """The second is refused before it is paid for, and takes nothing of the first away."""
    noise, records = SeededNoise(1), records_of(random_rows(60, 1, (2, 2, 1)))
    out = tmp_path / "out"
    with open_folder(out) as first:
        with pytest.raises(InputError) as raised, open_folder(out):
            pass
        assert code_of(raised) == "folder-busy"
        written = write(make_release(records, Promise(1.0, DELTA), noise, length=1), first)
        assert all(path.is_file() for path in written)
    with pytest.raises(InputError) as raised, open_folder(out):
        pass
    assert code_of(raised) == "folder-taken"
    assert set(out.iterdir()) == set(written)


class Power:
    """Fails at one of the steps that leave a trace: noise drawn, a file put in its place or onto
    the disk."""

    def __init__(self, left: int) -> None:
        self.left = left

    def before(self, step: Callable[..., object]) -> Callable[..., object]:
        def stepped(*arguments: object, **named: object) -> object:
            self.left -= 1
            if self.left == 0:
                os._exit(9)
            return step(*arguments, **named)

        return stepped


def release_with_power_for(steps: int, folder: Path) -> int:
    """A release in a process of its own that is killed before its step of this number."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        power = Power(steps)
        os.fsync = power.before(os.fsync)  # type: ignore[assignment]
        Path.replace = power.before(Path.replace)  # type: ignore[method-assign,assignment]
        noise = SeededNoise(1)
        drawn = noise.draw

        def draw(number: int, scale: float) -> object:
            with (folder / "drawn").open("a") as stream:
                stream.write("x")
            return drawn(number, scale)

        noise.draw = power.before(draw)  # type: ignore[method-assign,assignment]
        mixture.STEPS = 2
        _release(noise, folder)
    except BaseException:
        os._exit(1)
    os._exit(0)


def _release(noise: SeededNoise, folder: Path) -> None:
    def note() -> None:
        with open_register(folder / "r.json") as register:
            spend(register, Account("p"), spending(1.0))

    records = records_of(random_rows(60, 1, (2, 2, 1)))
    with open_folder(folder / "out") as out:
        write(make_release(records, Promise(1.0, DELTA), noise, spend=note), out)


def test_whatever_was_seen_is_in_the_ledger(tmp_path: Path) -> None:
    """Killed before each step in turn: no noise is drawn before the ledger is on the disk, no file
    is there that was not paid for, and the ledger can always be read."""
    ends = []
    for steps in range(1, 100):
        folder = tmp_path / str(steps)
        folder.mkdir()
        ends.append(release_with_power_for(steps, folder))
        spent = [each for b in FileRegister(folder / "r.json").budgets("p") for each in b.spent]
        drawn = (folder / "drawn").exists()
        seen = any((folder / "out").glob("[!.]*")) if (folder / "out").exists() else False
        assert len(spent) <= 1
        assert not (drawn or seen) or len(spent) == 1
        if ends[-1] == 0:
            assert seen
            break
    assert ends[-1] == 0
    assert set(ends[:-1]) == {9}
    assert len(ends) > 10, "the ledger, eight draws and three files were cut off"
