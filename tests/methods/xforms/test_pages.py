"""A form as pages: nothing stands beside the answer on which it depends."""

from __future__ import annotations

from datetime import UTC, datetime

from marfa.methods.xforms import Surroundings, evaluate
from marfa.methods.xforms.pages import RepeatScreen, Screen, Stop, stops
from tests.methods.xforms.support import form

AROUND = Surroundings(datetime(2026, 8, 14, 9, 0, tzinfo=UTC))


def names(found: list[Stop]) -> list[tuple[str, list[str]]]:
    return [
        (stop.within, [q.spot.name for q in stop.screen.questions])
        for stop in found
        if isinstance(stop.screen, Screen)
    ]


def asks(*paths: str) -> str:
    return "".join(f'<input ref="{path}"><label>{path}</label></input>' for path in paths)


def test_what_depends_on_an_answer_comes_on_a_later_page() -> None:
    """Also where it depends over a calculation, over what is filled in, or over choices."""
    model = form(
        places="<a/><sum/><b/><c/><d/><e/>",
        binds="""<bind nodeset="/data/sum" calculate="/data/a + 1"/>
        <bind nodeset="/data/b" relevant="/data/sum &gt; 2"/>
        <bind nodeset="/data/d" constraint=". != /data/c"/>""",
        body=asks("/data/a", "/data/b", "/data/c", "/data/d")
        + """<input ref="/data/e"><label>Why <output value="/data/d"/>?</label></input>""",
    )
    assert names(stops(evaluate(model, {"/data/a": "2"}, AROUND))) == [
        ("", ["a"]),
        ("", ["b", "c", "d"]),
        ("", ["e"]),
    ]
    without = stops(evaluate(model, {"/data/a": "1"}, AROUND))
    assert ("", ["b", "c", "d"]) in names(without), "the page stays for what is asked on it"


def test_repeats_have_a_page_of_their_own_and_pages_for_each() -> None:
    model = form(
        places="<g><x/></g><kin jr:template=''><n/><toy jr:template=''><t/></toy></kin>",
        body=f"""<group ref="/data/g"><label>G</label>{asks("/data/g/x")}</group>
        <group ref="/data/kin"><label>Kin</label><repeat nodeset="/data/kin">
        {asks("/data/kin/n")}<group ref="/data/kin/toy"><label>Toy</label>
        <repeat nodeset="/data/kin/toy">{asks("/data/kin/toy/t")}</repeat></group>
        </repeat></group>""",
        binds="""<bind nodeset="/data/kin" relevant="/data/g/x = 'yes'"/>""",
    )
    state = evaluate(
        model,
        {"/data/g/x": "yes", "/data/kin[1]/toy[2]/t": "car", "/data/kin[2]/n": "Amal"},
        AROUND,
    )
    found = stops(state)
    assert len({stop.key for stop in found}) == len(found)
    assert names(found) == [
        ("", ["x"]),
        ("/data/kin[1]", ["n"]),
        ("/data/kin[1]/toy[1]", ["t"]),
        ("/data/kin[1]/toy[2]", ["t"]),
        ("/data/kin[2]", ["n"]),
    ]
    repeats = [stop.repeat_path for stop in found if isinstance(stop.screen, RepeatScreen)]
    assert repeats == ["/data/kin", "/data/kin[1]/toy", "/data/kin[2]/toy"]
    state.set("/data/g/x", "no")
    assert [within for within, _ in names(stops(state))] == [""]
