"""Pages that are made from the code say what the code says, and are not committed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tools.made_pages import MADE, ROOT, make_pages

from marfa.domain.codelists import list_names
from marfa.safeguards.charter.loader import all_policies
from tools import made_pages


def test_each_page_is_made_anew_where_it_is_missing_or_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, old, young = (tmp_path / name for name in ("missing.md", "old.md", "young.md"))
    for page in (old, young):
        page.write_text("as it was")
    os.utime(old, (0, 0))
    made = dict.fromkeys((missing, old, young), lambda: "made")
    monkeypatch.setattr(made_pages, "MADE", made)
    make_pages()
    assert [page.read_text() for page in made] == ["made", "made", "as it was"]
    assert len(list(tmp_path.iterdir())) == 3, "nothing is left beside them"


def test_the_pages_name_every_policy_list_and_class() -> None:
    charter, lists, retention, sets = (page() for page in MADE.values())
    assert all(f"`{policy.id}`" in charter for policy in all_policies())
    assert all(f"## {name}\n" in lists for name in list_names())
    assert "## Tables" in retention
    assert "| `reception`, `protection` | " in sets


def test_none_of_them_is_committed() -> None:
    names = [str(path.relative_to(ROOT)) for path in MADE]
    if not (ROOT / ".git").exists():
        pytest.skip("not a repository")
    found = subprocess.run(
        ["git", "ls-files", *names], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout == ""
