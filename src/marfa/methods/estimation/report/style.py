"""The page's own style sheet; logical properties, so that one serves both directions."""

STYLE = """
:root{color-scheme:light dark;--ink:#16202a;--paper:#fff;--soft:#5b6875;--line:#d3dae0;
--deep:#0b5c7a;--warm:#9c3d00}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf1;--paper:#12181d;--soft:#a6b2bd;
--line:#37424c;--deep:#6fc3e0;--warm:#ffb070}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:52rem;padding:1.5rem;background:var(--paper);color:var(--ink);
font:1rem/1.55 system-ui,"Noto Sans","Noto Naskh Arabic",sans-serif}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-block-start:2.2rem}
.headline{border-inline-start:.4rem solid var(--deep);padding:.8rem 1rem;margin-block:1rem}
.headline p:first-child{font-size:1.3rem;font-weight:600;margin:0}
.undecided,.refused{border-color:var(--warm)}
.note{color:var(--soft);font-size:.92rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;inline-size:100%;font-size:.92rem;margin-block:.8rem}
caption{text-align:start;color:var(--soft);padding-block:.3rem}
th,td{border-block-end:1px solid var(--line);padding:.3rem .5rem;text-align:start;
vertical-align:top;font-weight:400}
thead th{font-weight:600}
td{font-variant-numeric:tabular-nums}
code{direction:ltr;unicode-bidi:isolate;overflow-wrap:anywhere}
figure{margin:.8rem 0}svg{inline-size:100%;block-size:auto;font-size:13px}
svg text{fill:var(--ink)}.grid{stroke:var(--line);stroke-width:1}
.limits{stroke:var(--deep);stroke-width:3;fill:none}.point{fill:var(--deep)}
.soft{fill:var(--deep);fill-opacity:.45;stroke:var(--deep)}
.mark{stroke:var(--warm);stroke-width:2;stroke-dasharray:5 4}
@page{size:A4;margin:18mm 16mm}
@media print{:root{color-scheme:light;--ink:#000;--paper:#fff;--soft:#333;--line:#999;
--deep:#00425c;--warm:#7a2f00}
body{max-width:none;padding:0;font-size:10pt}h2,h3,caption{break-after:avoid}
figure,tr,.headline{break-inside:avoid}thead{display:table-header-group}
.wide{overflow:visible}table{font-size:8.5pt}code{overflow-wrap:anywhere}
svg,.headline{print-color-adjust:exact}}
"""
