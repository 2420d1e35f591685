"""Compare two names (provisional)."""
from __future__ import annotations
from marfa.methods.names.tokens import parse
from marfa.methods.names.alignment import align
from marfa.methods.names.scoring import score
from marfa.methods.names.similarity import likeness

class Comparer:
    def __init__(self):
        self.cache={}
    def like(self,a,b):
        k=(a.text,b.text,a.script,b.script)
        v=self.cache.get(k)
        if v is None:
            v=self.cache[k]=likeness(a,b)
        return v
    def score(self,a,b):
        a,b=parse(a),parse(b)
        best=None
        for ra in a.readings:
            for rb in b.readings:
                if ra.compounds != rb.compounds and (len([r for r in a.readings if r.script is ra.script])>1 and len([r for r in b.readings if r.script is rb.script])>1):
                    continue
                if ra.compounds!=rb.compounds and (ra.compounds and len([r for r in a.readings if r.script is ra.script])>1 or rb.compounds and len([r for r in b.readings if r.script is rb.script])>1): continue
                if not (ra.compounds and rb.compounds) and ra.script is not rb.script: continue
                al=align(ra.tokens,rb.tokens,self.like)
                s=score(ra,rb,al)
                if best is None or s.value>best[0].value: best=(s,al,ra,rb)
        return best
