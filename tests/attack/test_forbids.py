"""Each prohibition of the charter is taken away in turn, and a test of an app must notice.

The decision table notices all of them by itself; here it is asked whether the product does. Which
test it was is kept in ``forbids.tsv``, which ``tools/forbid_kills.py`` writes.
"""

from __future__ import annotations

import pytest

from tests.support.named_tests import ROOT, names_in
from tools import forbid_kills

REASONS: dict[str, str] = {
    "OP19.children.doubt-means-child": "an app asks to treat somebody as an adult only when their"
    " age is in doubt no more; a birth date decides nothing before: tests/apps/registry",
    "OP21.children.detention-is-no-permission": "no app asks it yet: the desk for children will",
    "OP29.safety.risk-known": "no app collects evidence yet: the desk for investigations will",
    "OP29.safety.stop-is-total": "no app collects evidence yet: the desk for investigations will",
    "OP29.sealed.with-a-reason": "an empty reason is refused before it is asked:"
    " tests/safeguards/sealed/test_requests.py",
    "OP9.sharing.names-with-a-reason": "an empty reason is refused before it is asked:"
    " tests/apps/cases/test_case_files.py",
    "OP9.sharing.no-protected-in-exports": "an app leaves them out before it asks, and says so:"
    " tests/apps/referrals",
    "OP9.sharing.sealed-stays": "no field that is sealed is offered to be sent: sealed notes"
    " leave by no door (tests/charter/test_doors.py)",
    "PP24.numbers.complete": "no app publishes yet: the desk for reporting will",
    "PP24.numbers.no-score-as-probability": "no app publishes yet: the desk for reporting will",
    "purpose.administration": "apps ask for this work with one purpose, which nobody chooses",
    "purpose.data-protection": "apps ask for this work with one purpose, which nobody chooses",
    "purpose.tier.sealed": "no app asks to read or write what is sealed as a field; two"
    " people open it: tests/safeguards/sealed",
    "record.on-the-record": "what is done and what is logged are one transaction, and apps ask"
    " by no other way: tests/safeguards/audit",
}
"""Prohibitions that no test of an app notices -> why."""


def test_what_is_kept_is_of_these_prohibitions_and_tests() -> None:
    known = forbid_kills.read()
    assert set(known) <= set(forbid_kills.forbids())
    assert set(REASONS) <= set(forbid_kills.forbids())
    for test in known.values():
        file, *_, name = test.partition("[")[0].split("::")
        assert name in names_in(ROOT / file), test


def test_without_a_prohibition_the_charter_is_read_without_it() -> None:
    """What the plug-in takes away is not asked, and nothing else is gone: the control."""
    from marfa.safeguards.charter import loader
    from tests.attack import forbid_plugin

    before, read = {policy.id for policy in loader.whole_charter().policies}, loader._policies
    gone = "OP9.sharing.withdrawn"
    try:
        forbid_plugin._take_away(gone)
        without = {policy.id for policy in loader.whole_charter().policies}
    finally:
        loader._policies = read
        loader.load_charter.cache_clear()
        loader._installed.cache_clear()
    assert before - without == {gone}


@pytest.mark.slow
@pytest.mark.parametrize("policy", forbid_kills.forbids())
def test_an_app_notices(policy: str) -> None:
    """The test that noticed last, else one of those in which it speaks; and it passes with it."""
    test = forbid_kills.read().get(policy)
    tests = [test] if test else forbid_kills.heard_in_all().get(policy, [])
    noticed = forbid_kills.first_that_fails(policy, tests)
    assert (noticed == forbid_kills.NOBODY) == (policy in REASONS), noticed
