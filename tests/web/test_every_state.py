"""Every page in every state: none fails, no link leads nowhere, and of whom somebody may not know
there is as much as of nobody."""

from __future__ import annotations

from collections import Counter

import pytest

from marfa.apps.manifest import Desk
from marfa.demo.build import build_demo
from marfa.demo.operation import Scale
from marfa.domain.codes import format_code
from marfa.platform.rowsecurity.context import every_organisation
from tests.web.every_state import Crawl, alike, everybody, of_nobody, records, routes

pytestmark = pytest.mark.django_db
SMALL = Scale(people=60, screenings=20, cases=8, seed=7)


@pytest.mark.slow
def test_x():
    import time
    t=time.process_time()
    build_demo()
    print("demo", time.process_time()-t); t=time.process_time()
    crawl = Crawl(records())
    print(len(crawl.known), len({(r.kind,r.state) for r in crawl.known.values()}))
    who = everybody()
    for v in who:
        crawl.follow(v)
        print(v.name, len(crawl.opened[v.name]), time.process_time()-t)
    print("FAILED", crawl.failed)
    print("DEAD"); print("\n".join(crawl.dead))
    known=routes()
    print("UNLEARNT", sorted(set(known)-set(crawl.kinds)))
    urls=set(crawl.addresses(known))
    print("URLS", len(urls), Counter(n for n in (str(crawl.key(u)[0]) for u in urls)).most_common(30))
    print(Counter(r.kind for r in {(x.kind,x.state):x for x in crawl.known.values()}.values()))
