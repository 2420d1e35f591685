"""Rule 7 at each door: what protection makes is refused where it must not go.

A door is a way by which something leaves. Each is opened as people open it, and what comes out is
given to every command that takes a file. The control of each is the same file without the mark:
nothing refuses that for its origin, so the refusal is the mark's.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow.csv as pc
import pyarrow.parquet as pq
import pyrage
import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.agreements.actions import set_age_key
from marfa.apps.agreements.models import Recipient
from marfa.apps.list_files.models import NamedFileRequest
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.administration import by_command
from marfa.apps.privacy.access import AccessReport, answer_access
from marfa.apps.privacy.access_text import as_html, as_text
from marfa.apps.referrals.actions.referrals import pack_referral
from marfa.apps.referrals.exchange.file_export import export_cases
from marfa.apps.referrals.exchange.file_import import cases_in
from marfa.apps.screening.models import ScreeningFact
from marfa.cli.inputs import InputFile
from marfa.cli.main import marfa
from marfa.crypto.agefiles import new_phrase
from marfa.domain import handling
from marfa.domain.codelists import codelist
from marfa.domain.doors import BODIES, body_of_recipient, may_send
from marfa.domain.handling import HandlingMark, check_marks, marks_of_stream
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.facts import kinds
from marfa.platform.facts.parquet_export import export_facts
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.loader import all_policies
from marfa.safeguards.words import Role
from tests.apps.referrals.referrers import Desk
from tests.cli.test_inputs import FILES
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db

STAYING = {"indication", "rule", "earlier", "urgency"}


@pytest.fixture
def desk(operation: Operation) -> Iterator[Desk]:
    with every_organisation():
        yield Desk(operation)


# -- the doors ----------------------------------------------------------------------------------


def cases_json(desk: Desk) -> bytes:
    return _cases(desk, "json")


def cases_csv(desk: Desk) -> bytes:
    return _cases(desk, "csv")


def _cases(desk: Desk, form: str) -> bytes:
    made = io.BytesIO()
    export_cases(actor=desk.supervisor, site=desk.case.site, form=form, stream=made)
    return made.getvalue()


def package(desk: Desk) -> bytes:
    """As its recipient has it before them, with all that is in it."""
    theirs = pyrage.x25519.Identity.generate()
    set_age_key(actor=by_command(), recipient=desk.clinic, key=str(theirs.to_public()))
    row = desk.sent(desk.clinic)
    made = pack_referral(actor=desk.worker, referral=row, language="ar")
    return bytes(pyrage.decrypt(made, [theirs]))


def page_of_the_package(desk: Desk) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package(desk))) as archive:
        return archive.read("referral.html")


def data_of_the_package(desk: Desk) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package(desk))) as archive:
        return archive.read("referral.json")


def page_that_opens_once(desk: Desk) -> bytes:
    sent = desk.send(desk.clinic, way="page")
    assert sent.page is not None
    address = reverse("cases:once", args=[sent.page.secret])
    return Client().post(address, {"code": sent.page.code, "do": "open"}).content


def page_of_a_person(desk: Desk) -> bytes:
    """What somebody prints or saves from the browser."""
    address = reverse("people:person", args=[desk.case.person.reference])
    return signed_in(desk.operation.supervisor).get(address, follow=True).content


def copy_as_page(desk: Desk) -> bytes:
    return as_html(_copy(desk)).encode()


def copy_as_text(desk: Desk) -> bytes:
    return as_text(_copy(desk)).encode()


def copy_as_json(desk: Desk) -> bytes:
    return json.dumps(_copy(desk).as_json()).encode()


def _copy(desk: Desk) -> AccessReport:
    return answer_access(actor=by_command(), subject=desk.case.person_id, language="ar")


def list_csv(desk: Desk) -> bytes:
    return _list(desk, form="csv")


def list_workbook(desk: Desk) -> bytes:
    return _list(desk, form="xlsx")


def list_on_paper(desk: Desk) -> bytes:
    """Read in the browser, as every page of a list is."""
    return _list(desk, form="print")


def list_with_names(desk: Desk) -> bytes:
    """As whoever knows its words has it before them."""
    other = create_user(username="second", display_name="Second")
    grant_role(user=other, role=Role.SUPERVISOR, organisation=desk.operation.controller)
    asked = {"what": "names", "columns": ["name"], "purpose": "assistance"}
    _list(desk, **asked, reason="The buses leave tomorrow")
    request = NamedFileRequest.objects.get()
    page = reverse("list_files:request", args=[request.reference])
    signed_in(other).post(page, {"do": "approve"})
    words = new_phrase()
    made = _list(desk, take=request.reference, phrase=words, form="csv")
    return bytes(pyrage.passphrase.decrypt(made, words))


def _list(desk: Desk, **sent: object) -> bytes:
    there = reverse("caseload:concern", args=["open"])
    whole = {"do": "file", "sure": "1", "every": "1"}
    answer = signed_in(desk.operation.supervisor).post(there, {**whole, **sent})
    return answer.getvalue() if answer.streaming else answer.content


DOORS: dict[str, tuple[Callable[[Desk], bytes], str]] = {
    each.__name__: (each, contents)
    for each, contents in (
        (cases_json, "cases"),
        (cases_csv, "cases"),
        (package, "referral"),
        (page_of_the_package, "referral"),
        (data_of_the_package, "referral"),
        (page_that_opens_once, "referral"),
        (page_of_a_person, "record"),
        (copy_as_page, "copy"),
        (copy_as_text, "copy"),
        (copy_as_json, "copy"),
        (list_csv, "cases"),
        (list_workbook, "cases"),
        (list_on_paper, "record"),
        (list_with_names, "names"),
    )
}


def without(content: bytes) -> bytes:
    """The same file of which somebody cut the mark out."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.replace(handling.NAME.encode(), b"remark")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, without(old.read(entry)))
    return out.getvalue()


def readers() -> Iterator[tuple[str, InputFile]]:
    for (command, parameter), each in FILES.items():
        if isinstance(each.type, InputFile):
            yield f"{command} {parameter}", each.type


@pytest.mark.parametrize("door", DOORS)
def test_what_leaves_is_marked_and_each_command_keeps_to_it(
    desk: Desk, tmp_path: Path, door: str
) -> None:
    make, contents = DOORS[door]
    content = make(desk)
    (mark,) = marks_of_stream(io.BytesIO(content))
    assert (mark.sender, mark.contents) == ("help", contents)
    assert mark.at.date() == clock.now().date()
    assert str(desk.worker.id) not in str(mark)
    marked, plain = tmp_path / "renamed.csv", tmp_path / "plain.csv"
    marked.write_bytes(content)
    plain.write_bytes(without(content))
    refused = set()
    for name, kind in readers():
        assert kind.convert(str(plain), None, None) == plain, name
        try:
            kind.convert(str(marked), None, None)
        except InputError:
            refused.add(kind.body)
        else:
            assert may_send("help", contents, kind.body), name
    assert {"sanctions", "investigation"} <= refused | {
        body for body in BODIES if may_send("help", contents, body)
    }
    assert "sanctions" in refused


def test_a_page_in_the_browser_of_who_is_not_signed_in_says_nothing(desk: Desk) -> None:
    assert handling.NAME not in Client().get(reverse("accounts:sign_in")).content.decode()


def test_our_own_file_comes_in_again_and_that_of_others_does_not(desk: Desk) -> None:
    content = cases_json(desk)
    found = cases_in(content, name="cases.json", site=desk.site)
    assert len(found) == len(json.loads(content)["cases"]) == 1
    theirs = HandlingMark("enforcement", "cases", clock.now(), "security", "a1b2")
    (ours,) = marks_of_stream(io.BytesIO(content))
    with pytest.raises(InputError) as raised:
        cases_in(
            content.replace(str(ours).encode(), str(theirs).encode()), name="x", site=desk.site
        )
    assert raised.value.problems[0].message.code == "domain:handling-refused"


# -- at the shell, as somebody would try it -----------------------------------------------------


def run(*arguments: object) -> tuple[int, str]:
    """Exit code and what was said, as ``main`` tells it."""
    done = CliRunner().invoke(marfa, [str(each) for each in arguments])
    if isinstance(done.exception, InputError):
        codes = [problem.message.code for problem in done.exception.problems]
        return 1, " ".join(codes)
    return done.exit_code, done.output


REFUSED = "domain:handling-refused"


def test_names_and_networks_refuse_what_a_copied_and_renamed_file_holds(
    desk: Desk, tmp_path: Path
) -> None:
    marked, plain = tmp_path / "list.csv", tmp_path / "plain.csv"
    marked.write_bytes(cases_csv(desk))
    plain.write_bytes(without(marked.read_bytes()))
    tries = (
        ("names", "search", "--query", "Mariam", "--names"),
        ("names", "compare", "--left", "a", "--right", "b", "--out", tmp_path / "o", "--pairs"),
        ("network", "measure"),
    )  # fmt: skip
    for words in tries:
        assert run(*words, marked) == (1, REFUSED), words
        assert run(*words, plain)[1] != REFUSED, words
    assert not (tmp_path / "o").exists()


# -- rule 7 in figures --------------------------------------------------------------------------


def state(count: int = 12) -> None:
    for number in range(count):
        ScreeningFact._base_manager.create(
            organisation=new_id(),
            subject=new_id(),
            valid_from=date(2026, 1, 1) + timedelta(days=number),
            recorded_at=clock.now(),
            age_band="age_25_59",
            sex=("female", "male")[number % 2],
            conflict_link="|fleeing_conflict|",
            indication=("none_seen", "at_risk", "presumed_victim")[number % 3],
            urgency=("routine", "days", "now")[number % 3],
        )


def exported(target: Path, recipient: str | None = None) -> Path:
    with every_organisation():
        export_facts(kinds.kind_named("screenings"), target, recipient=recipient)
    return target


def test_what_screening_found_is_in_no_file_for_others(
    operation: Operation, tmp_path: Path
) -> None:
    state()
    own = pq.read_table(exported(tmp_path / "own.parquet"))
    assert set(own.column_names) >= STAYING
    assert "none_seen" in own["indication"].to_pylist()
    (mark,) = marks_of_stream(io.BytesIO((tmp_path / "own.parquet").read_bytes()))
    assert set(mark.never) == STAYING
    assert own.schema.field("indication").metadata == {b"leaves": b"never"}
    assert own.schema.field("sex").metadata is None
    for name, recipient in (("o.parquet", "statistics"), ("o.csv", None), ("s.csv", "statistics")):
        file = exported(tmp_path / name, recipient)
        table = pq.read_table(file) if file.suffix == ".parquet" else pc.read_csv(file)
        assert not STAYING & set(table.column_names), name
        assert {"sex", "age_band"} <= set(table.column_names)
        assert table.num_rows == 12
        assert b"none_seen" not in file.read_bytes()
        assert marks_of_stream(io.BytesIO(file.read_bytes()))[0].never == ()
    for recipient in ("sanctions", "enforcement", "investigation"):
        with pytest.raises(InputError):
            exported(tmp_path / "no.parquet", recipient)
    assert not (tmp_path / "no.parquet").exists()


@pytest.mark.parametrize("column", sorted(STAYING))
def test_no_table_counts_a_column_that_stays(
    operation: Operation, tmp_path: Path, column: str
) -> None:
    state()
    file = exported(tmp_path / "renamed as anything.parquet")
    stays = (1, "domain:handling-column")
    for options in (
        ("--by", f"{column},sex"),
        ("--by", "sex", "--where", f"{column}=none_seen"),
        ("--by", "sex", "--unit", column),
        ("--by", "sex", "--quality-by", column),
    ):
        assert run("table", file, *options, "--out", tmp_path / "x.json") == stays, options
        assert not (tmp_path / "x.json").exists()
    assert run("anonymity", file, "--by", "sex", "--sensitive", column) == stays
    assert run("anonymity", file, "--by", f"sex,{column}") == stays
    done, told = run("table", file, "--by", "sex,age_band", "--quality", "--json")
    assert done == 0, told
    assert "none_seen" not in told
    assert column not in told


def test_the_control_of_the_columns(operation: Operation, tmp_path: Path) -> None:
    """Without its mark the file is counted by anything: it is the mark that refuses."""
    state()
    own = pq.read_table(exported(tmp_path / "own.parquet")).replace_schema_metadata(None)
    pq.write_table(own, tmp_path / "plain.parquet")
    done, told = run("table", tmp_path / "plain.parquet", "--by", "indication", "--json")
    assert done == 0, told
    assert "none_seen" in told


def test_warning_and_estimate_refuse_such_a_column_too(
    operation: Operation, tmp_path: Path
) -> None:
    mark = HandlingMark("help", "facts", clock.now(), "statistics", "command", ("none",))
    series, lists = tmp_path / "series.csv", tmp_path / "lists.csv"
    for file, columns, count in ((series, "date,none", 40), (lists, "a,b,none", 8)):
        days = (f"{date(2020, 1, 6) + timedelta(weeks=n)},{n}" for n in range(count))
        rows = (
            days if file == series else (f"{n & 1},{n >> 1 & 1},{n >> 2 & 1}" for n in range(count))
        )
        body = "\n".join(f"{row},{mark}" for row in rows)
        file.write_text(f"{columns},{handling.NAME}\n{body}\n")
    for file, words in ((series, ("warn", "detect")), (lists, ("estimate",))):
        done, told = run(*words, file, "--json")
        assert done == 1
        assert "handling-column" in told
    for file, words in ((series, ("warn", "detect")), (lists, ("estimate",))):
        file.write_text(file.read_text().replace("never=none", "never=other"))
        assert "handling-column" not in run(*words, file, "--json")[1]


# -- the table of the doors, and the charter ----------------------------------------------------


def test_the_charter_refuses_to_whom_the_table_gives_nothing() -> None:
    """The firewall names the recipients whom the table gives nothing, and no others."""
    policy = next(each for each in all_policies() if each.id == "OP15.firewall.recipient")
    for kind in codelist("recipient_kinds").codes:
        nothing = not may_send("help", "record", body_of_recipient(kind))
        assert (f'"{kind}"' in json.dumps(policy.body)) == nothing, kind


def test_a_referral_goes_to_who_helps_and_to_nobody_else(desk: Desk) -> None:
    court = desk.clinic
    assert desk.send(desk.clinic).referral.state == "sent"
    for kind in ("justice", "financial_intelligence", "statistics"):
        Recipient.objects.filter(pk=court.pk).update(kind=kind)
        other = Recipient.objects.get(pk=court.pk)
        with pytest.raises(InputError) as raised:
            desk.send(other, support="food_and_essentials")
        assert raised.value.problems[0].message.code == "domain:door-closed"
        assert raised.value.problems[0].place.field == "to"


def test_a_mark_cannot_be_talked_out_of(desk: Desk) -> None:
    """Neither a purpose nor a maker in a mark changes where it may go."""
    (mark,) = marks_of_stream(io.BytesIO(cases_json(desk)))
    for changed in (mark, replace(mark, purpose="sanctions"), replace(mark, by="administrator")):
        for body in ("sanctions", "enforcement", "investigation", "finance"):
            with pytest.raises(InputError):
                check_marks([changed], body)
        check_marks([changed], "help")
